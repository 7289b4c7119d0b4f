//! Why a request goes back: what stands in its `.err`. Nothing of a person, nothing quoted from the file.

use serde_json::json;

use crate::files::FileError;

/// Why a request is not answered but put back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// What is in it cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The name has characters, a length or an ending that no request has.
    #[error(
        "the file name is not one of a request. Use letters, digits, _ - . and the ending .xml, at most 160 characters"
    )]
    OddName,
    /// No interface of this service.
    #[error("the file name belongs to no interface that is answered here. See FILES.md for those that are")]
    UnknownName,
    /// A link, a folder, a pipe.
    #[error("it is no plain file. Put the file itself here, not a link to it")]
    NotAFile,
    /// Of an account whose files this service may not read.
    #[error("this service may not read it. Give it to the group of the folder, mode 0640")]
    NotReadable,
    /// Of another facility.
    #[error("MedicalInstitutionCode is not this facility's. Write the code that this service was started with")]
    OtherInstitution,
    /// The answer of an earlier request of that name was not taken yet.
    #[error("an answer of this name still lies in res. Take it first, or choose another free part")]
    AnswerStillThere,
    /// An upload that is not known, or not any more.
    #[error("ReceptionNumber is not of an upload of the last seven days. Upload again")]
    UnknownReception,
    /// More people than one file may name.
    #[error("the file names more than {most} people. Send it in parts")]
    TooMany {
        /// What is taken.
        most: usize,
    },
}

impl Refused {
    /// One line of JSON for `.err`.
    pub(crate) fn line(&self, file: &str) -> String {
        let text = self.to_string();
        let (cause, cure) = text.split_once(". ").unwrap_or((text.as_str(), ""));
        format!("{}\n", json!({"file": file, "cause": cause, "cure": cure}))
    }
}

/// Why a request was neither answered nor put back: it is tried again at the next look.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The request is bad.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Books or folder failed.
    #[error("{0}")]
    Failed(String),
}

impl From<FileError> for Trouble {
    fn from(error: FileError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(format!("books: {error}"))
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(format!("folder: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Encoding;

    #[test]
    fn every_refusal_has_a_cause_and_a_cure_in_one_line() {
        let all = [
            Refused::File(FileError::TooLarge { most: 1 }),
            Refused::File(FileError::UnknownEncoding),
            Refused::File(FileError::Bytes(Encoding::ShiftJis)),
            Refused::File(FileError::Contradiction(Encoding::Utf8)),
            Refused::File(FileError::NotXml { near: 1 }),
            Refused::File(FileError::DocumentType),
            Refused::File(FileError::Entity),
            Refused::File(FileError::TooMuch { what: "depth" }),
            Refused::File(FileError::Root { expected: "XmlMsg" }),
            Refused::File(FileError::Missing { element: "Birthdate" }),
            Refused::File(FileError::Repeated { element: "Birthdate" }),
            Refused::File(FileError::Shape { element: "Birthdate", found: "elements", expected: "text" }),
            Refused::File(FileError::Form { element: "Birthdate", expected: "YYYYMMDD" }),
            Refused::OddName,
            Refused::UnknownName,
            Refused::NotAFile,
            Refused::NotReadable,
            Refused::OtherInstitution,
            Refused::AnswerStillThere,
            Refused::UnknownReception,
            Refused::TooMany { most: 1 },
        ];
        for refused in all {
            let line = refused.line("a.xml");
            let read: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert!(line.ends_with("}\n") && line.lines().count() == 1);
            assert_eq!(read["file"], "a.xml");
            assert!(
                !read["cause"].as_str().unwrap().is_empty() && !read["cure"].as_str().unwrap().is_empty(),
                "{line}"
            );
        }
    }
}
