//! `req/`: looking, taking, answering, putting back. A request is read once; whatever is cut short is taken up again.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::MetadataExt,
    panic::{AssertUnwindSafe, catch_unwind},
    time::SystemTime,
};

use qualification::ids;
use rand_core::OsRng;

use super::{
    answers,
    refused::{Refused, Trouble},
};
use crate::{
    books::{OwedFile, Sub},
    files::names::{NameFault, RequestName, complaint},
    service::Service,
};

/// Most requests looked at in one go; the rest waits for the next look.
const AT_ONCE: usize = 256;

/// What a file looked like, to tell one that is still being written from a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    length: u64,
    inode: u64,
    changed: Option<SystemTime>,
}

/// Remembers what `req/` looked like.
#[derive(Default)]
pub(crate) struct Incoming {
    seen: BTreeMap<String, Look>,
}

impl Incoming {
    /// One look: takes what has not changed since the last, answers it, and what was taken before and not done.
    ///
    /// # Errors
    /// What failed, for support; the next look tries again.
    pub(crate) fn look(&mut self, service: &Service) -> Result<(), String> {
        let Some(exchange) = &service.exchange else { return Ok(()) };
        let mut first = exchange.write_owed(&service.books);
        for (id, name) in exchange.folder.all_taken().map_err(|error| error.to_string())? {
            first = first.and(finish(service, &id, &name));
        }
        match self.whole(service) {
            Ok(names) => {
                for name in names {
                    first = first.and(take(service, &name));
                }
            }
            Err(error) => first = first.and(Err(error.to_string())),
        }
        first
    }

    /// Names of files that lie there unchanged since the last look, oldest name first.
    fn whole(&mut self, service: &Service) -> io::Result<Vec<String>> {
        let Some(exchange) = &service.exchange else { return Ok(Vec::new()) };
        let mut now = BTreeMap::new();
        let folder = exchange.folder.requests();
        for entry in fs::read_dir(&folder)? {
            // Names that are no text, hidden ones, and all that is not .xml: writers prepare their files so.
            let Some(name) = entry?.file_name().to_str().map(str::to_owned) else { continue };
            if !name.ends_with(".xml") || name.starts_with('.') || name.contains(char::is_control) {
                continue;
            }
            // What went back lies there until its complaint is taken away.
            if fs::symlink_metadata(folder.join(complaint(&name))).is_ok() {
                continue;
            }
            let Ok(metadata) = fs::symlink_metadata(folder.join(&name)) else { continue };
            let look = Look { length: metadata.len(), inode: metadata.ino(), changed: metadata.modified().ok() };
            now.insert(name, look);
        }
        let unchanged = now.iter().filter(|(name, look)| self.seen.get(*name) == Some(look));
        let whole = unchanged.map(|(name, _)| name.clone()).take(AT_ONCE).collect();
        self.seen = now;
        Ok(whole)
    }
}

fn take(service: &Service, name: &str) -> Result<(), String> {
    let Some(exchange) = &service.exchange else { return Ok(()) };
    let folder = &exchange.folder;
    // What cannot be taken stays where it is.
    let stays =
        |refused: Refused| folder.complain(&complaint(name), &refused.line(name)).map_err(|error| error.to_string());
    match RequestName::parse(name) {
        Ok(_) => {}
        Err(NameFault::Odd) => return stays(Refused::OddName),
        Err(NameFault::Unknown) => return stays(Refused::UnknownName),
    }
    match fs::symlink_metadata(folder.requests().join(name)) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return stays(Refused::NotAFile),
        Err(_) => return Ok(()),
    }
    let id = ids::fresh(&mut OsRng).map_err(|_| "no random bytes".to_owned())?;
    match folder.take(name, &id) {
        Ok(()) => finish(service, &id, name),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// From taken to answered or put back. Every step can be done again.
fn finish(service: &Service, id: &str, name: &str) -> Result<(), String> {
    // A request that breaks this program must not keep the others waiting.
    let done = catch_unwind(AssertUnwindSafe(|| answer(service, id, name)));
    match done.unwrap_or_else(|_| Err(Trouble::Failed("the service broke while answering a request".to_owned()))) {
        Ok(()) => Ok(()),
        Err(Trouble::Failed(reason)) => Err(reason),
        Err(Trouble::Refused(refused)) => {
            let Some(exchange) = &service.exchange else { return Ok(()) };
            let told = exchange.folder.complain(&complaint(name), &refused.line(name));
            told.and_then(|()| exchange.folder.put_back(id, name)).map_err(|error| error.to_string())
        }
    }
}

fn answer(service: &Service, id: &str, name: &str) -> Result<(), Trouble> {
    let Some(exchange) = &service.exchange else { return Ok(()) };
    let folder = &exchange.folder;
    let request = RequestName::parse(name).map_err(|_| Refused::OddName)?;
    if !service.books.has_file_for(id)? {
        if folder.holds(Sub::Res, &request.answer()) {
            return Err(Refused::AnswerStillThere.into());
        }
        let bytes = folder.read_taken(id, name).map_err(|error| {
            if error.kind() == io::ErrorKind::InvalidInput {
                Refused::NotAFile.into()
            } else if error.kind() == io::ErrorKind::PermissionDenied {
                Refused::NotReadable.into()
            } else {
                Trouble::from(error)
            }
        })?;
        let bytes = answers::answer(service, request.interface, &bytes, exchange.encoding)?;
        let file = OwedFile { sub: Sub::Res, name: request.answer(), bytes };
        service.books.owe_answer(id, &file, service.controls.now_ms())?;
    }
    exchange.write_owed(&service.books).map_err(Trouble::Failed)?;
    folder.drop_taken(id, name)?;
    Ok(())
}
