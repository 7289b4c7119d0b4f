//! Where the clip of a text lies.

use std::path::{Path, PathBuf};

use screen::Language;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Why a text cannot be said.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoClip {
    /// No file of this name. The text itself is not told: it may be private.
    #[error("no clip {language}/{file}; scripts/voice makes it")]
    Missing {
        /// The language's tag.
        language: &'static str,
        /// The file that was looked for.
        file: String,
    },
    /// There is a file, but no speech in it.
    #[error("{file} cannot be played: {reason}")]
    Broken {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// The name of a text's clip: the first 16 hexadecimal digits of the SHA-256 of its UTF-8 bytes.
#[must_use]
pub fn file_name(text: &str) -> String {
    let hash = format!("{:x}", Sha256::digest(text.as_bytes()));
    format!("{}.ogg", hash.chars().take(16).collect::<String>())
}

/// A folder of clips, one folder per language in it.
#[derive(Clone, Debug)]
pub struct Clips {
    folder: PathBuf,
}

impl Clips {
    /// The folder that `scripts/voice` wrote.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// There are clips of this language.
    #[must_use]
    pub fn has(&self, language: Language) -> bool {
        self.folder.join(language.tag()).is_dir()
    }

    /// The clip of a text, as it stands in the translation or data file. やさしい日本語 may use the clip of 日本語
    /// where the words are the same.
    ///
    /// # Errors
    /// There is no such clip.
    pub fn find(&self, language: Language, text: &str) -> Result<PathBuf, NoClip> {
        let file = file_name(text);
        let also = (language == Language::JaEasy).then_some(Language::Ja);
        std::iter::once(language)
            .chain(also)
            .map(|language| self.folder.join(language.tag()).join(&file))
            .find(|path| path.is_file())
            .ok_or(NoClip::Missing { language: language.tag(), file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_beginning_of_the_hash() {
        // printf abc | sha256sum
        assert_eq!(file_name("abc"), "ba7816bf8f01cfea.ogg");
        assert_ne!(file_name("受付"), file_name("受付 "));
    }

    #[test]
    fn a_clip_is_found_by_language_and_text() {
        let folder = tempfile::tempdir().unwrap();
        let clips = Clips::new(folder.path());
        std::fs::create_dir(folder.path().join("ja")).unwrap();
        let path = folder.path().join("ja").join(file_name("受付"));
        assert_eq!(clips.find(Language::Ja, "受付"), Err(NoClip::Missing { language: "ja", file: file_name("受付") }));
        std::fs::write(&path, b"").unwrap();
        assert_eq!(clips.find(Language::Ja, "受付"), Ok(path.clone()));
        assert_eq!(clips.find(Language::JaEasy, "受付"), Ok(path));
        assert!(clips.find(Language::En, "受付").is_err());
        assert!(clips.find(Language::Ja, "../受付").is_err());
    }

    #[test]
    fn what_is_missing_is_told_without_its_words() {
        let error = Clips::new(Path::new("/nowhere")).find(Language::En, "1234").unwrap_err().to_string();
        assert!(!error.contains("1234"), "{error}");
    }
}
