//! The files of the レセコン, as its vendor sees them: a folder and what lies in it.

mod exchange;
mod faces;
mod rows;

use std::{
    fs,
    path::{Path, PathBuf},
};

use clinic::files::{Encoding, messages::result::ResultFile};

use crate::terminal::{Setting, start_with};

/// A clinic with a folder.
pub(crate) async fn with_files(settings: clinic::Settings) -> Setting {
    start_with(move |options| {
        options.files = Some(options.dir.join("files"));
        options.settings = settings;
    })
    .await
}

/// Every file in a sub-folder that its reader would see, by name.
pub(crate) fn files(setting: &Setting, sub: &str) -> Vec<PathBuf> {
    files_in(&setting.folder.path().join("files").join(sub))
}

pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// The only file in `face/`.
#[track_caller]
pub(crate) fn face(setting: &Setting) -> (String, ResultFile, Encoding) {
    let all = files(setting, "face");
    assert_eq!(all.len(), 1, "{all:?}");
    let (file, encoding) = ResultFile::read(&fs::read(&all[0]).unwrap()).unwrap();
    (all[0].file_name().unwrap().to_str().unwrap().to_owned(), file, encoding)
}
