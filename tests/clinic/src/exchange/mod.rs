//! The exchange of files with the レセコン: the folder, what is written into it, what is taken from it.

mod answers;
mod folder;
mod incoming;
mod outgoing;
mod refused;

use anyhow::Result;
pub(crate) use folder::Folder;
use outgoing::Outgoing;
use qualification::{Word, ids};
use rand_core::OsRng;

use std::{sync::Arc, time::Duration};

use incoming::Incoming;

use crate::{
    books::{Books, OwedFile, Sub},
    compose::face::Visit,
    files::{Encoding, names},
    refusal::Refusal,
    service::Service,
};

/// Time between two looks into `req/`: a request is taken at the second, so within two seconds. Nothing is left to events
/// of the file system: shared folders lose them.
const LOOK: Duration = Duration::from_secs(1);

/// Looks into `req/` until the task is aborted.
pub(crate) async fn watch(service: Arc<Service>) {
    let mut incoming = Incoming::default();
    let mut said = Ok(());
    loop {
        let at_work = Arc::clone(&service);
        let looked = tokio::task::spawn_blocking(move || {
            let done = incoming.look(&at_work);
            (incoming, done)
        });
        let (back, done) = looked.await.unwrap_or_else(|_| (Incoming::default(), Err("a look broke".to_owned())));
        incoming = back;
        // Said once, not each second. Names of folders, never of what is in files.
        if done != said
            && let Err(reason) = &done
        {
            eprintln!("clinic: files: {reason}; it is tried again");
        }
        said = done;
        tokio::time::sleep(LOOK).await;
    }
}

/// The exchange of one clinic.
pub(crate) struct Exchange {
    folder: Folder,
    encoding: Encoding,
    outgoing: Outgoing,
}

impl Exchange {
    /// Opens the folder; writes what the books still owe.
    pub(crate) fn open(root: &std::path::Path, encoding: Encoding, books: &Books, demo: bool) -> Result<Self> {
        let identity = books.identity().map_err(|refusal| anyhow::anyhow!(refusal.detail))?;
        let fresh = ids::fresh(&mut OsRng).map_err(|_| anyhow::anyhow!("no random bytes"))?;
        let folder = Folder::open(root, &identity, demo, fresh)?;
        let exchange = Self { folder, encoding, outgoing: Outgoing::default() };
        exchange.write_owed(books).map_err(anyhow::Error::msg)?;
        Ok(exchange)
    }

    /// Where it is.
    pub(crate) fn root(&self) -> &std::path::Path {
        self.folder.root()
    }

    /// Writes everything that is owed.
    pub(crate) fn write_owed(&self, books: &Books) -> Result<(), String> {
        self.outgoing.write_owed(books, &self.folder)
    }

    /// The file of a visit, with its name.
    pub(crate) fn face(&self, visit: &Visit<'_>) -> Result<Option<OwedFile>, Refusal> {
        let fresh = ids::fresh(&mut OsRng).map_err(|_| Refusal::new(Word::Internal, "no random bytes"))?;
        let opaque: String = fresh.chars().take(20).collect();
        let name = names::face(visit.institution, &opaque, visit.now);
        Ok(visit.file().map(|file| OwedFile { sub: Sub::Face, name, bytes: file.write(self.encoding) }))
    }
}
