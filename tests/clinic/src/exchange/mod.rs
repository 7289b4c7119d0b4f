//! The exchange of files with the レセコン: the folder, what is written into it, what is taken from it.

mod folder;
mod outgoing;

use anyhow::Result;
pub(crate) use folder::Folder;
use outgoing::Outgoing;
use qualification::{Word, ids};
use rand_core::OsRng;

use crate::{
    books::{Books, OwedFile, Sub},
    compose::face::Visit,
    files::{Encoding, names},
    refusal::Refusal,
};

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
