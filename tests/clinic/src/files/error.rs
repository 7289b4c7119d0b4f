//! Why a file cannot be read. Names elements and places, says what to mend, and never repeats what stands in the file.

use super::encoding::Encoding;

/// Why a file is not a message. Nothing of a person is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Longer than [`super::limits::MAX_FILE`].
    #[error("the file has more than {most} bytes. Send fewer people in one file")]
    TooLarge {
        /// Bytes that are read.
        most: usize,
    },
    /// The declaration names an encoding that is neither.
    #[error("the XML declaration names an encoding that is not read. Write UTF-8 or Shift_JIS")]
    UnknownEncoding,
    /// The bytes are not text of their encoding.
    #[error("the bytes are not {} text. Write the file in the encoding that its XML declaration names", .0.label())]
    Bytes(Encoding),
    /// `CharacterCodeIdentifier` says something else than the declaration.
    #[error(
        "CharacterCodeIdentifier contradicts the XML declaration, by which the file was read ({}). Write the identifier {} \
         beside it, or declare the other encoding",
        .0.label(), .0.code()
    )]
    Contradiction(Encoding),
    /// Not well-formed XML.
    #[error("not well-formed XML near byte {near}. Check that every element is closed and that & and < are escaped")]
    NotXml {
        /// How far it was read.
        near: u64,
    },
    /// A document type declaration.
    #[error("the file has a DOCTYPE. Leave it out: none is read")]
    DocumentType,
    /// An entity beyond the five of XML itself, or a character that XML does not know.
    #[error("the file has an entity or character reference that is not read. Write the character itself")]
    Entity,
    /// Deeper, more elements, or more attributes than any message has.
    #[error("the file has {what} beyond any message. Write only the elements of the interface")]
    TooMuch {
        /// Of what there is too much.
        what: &'static str,
    },
    /// Another root element.
    #[error("the root element is not {expected}. Write the message of the interface that the file name says")]
    Root {
        /// What it should be.
        expected: &'static str,
    },
    /// An element that must be there is not, or is empty.
    #[error("{element} is missing or empty. Write it")]
    Missing {
        /// Its name.
        element: &'static str,
    },
    /// An element stands there more than once.
    #[error("{element} stands more than once in the same place. Write it once")]
    Repeated {
        /// Its name.
        element: &'static str,
    },
    /// Text where elements belong, or elements where text belongs.
    #[error("{element} holds {found} where there should be {expected}. Write it as the interface has it")]
    Shape {
        /// Its name.
        element: &'static str,
        /// What it holds.
        found: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// The text is not what the element takes.
    #[error("{element} is not {expected}. Write it so")]
    Form {
        /// Its name.
        element: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}
