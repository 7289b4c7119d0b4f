//! Applications and the elementary files in them.

use crate::pki::{CvcId, KeyName};

/// JPKI: the CA key that checks an institution (card.md 3.1).
pub(crate) const AUTHORITY: u16 = 0x0016;
/// JPKI: the authentication key (card.md 3.1).
pub(crate) const AUTHENTICATION_KEY: u16 = 0x0017;

/// What must have been verified before a file opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Free,
    /// One of these secrets of the same application.
    Any(&'static [u16]),
    Never,
}

/// A secret that VERIFY compares.
#[derive(Clone)]
pub(crate) struct Secret {
    value: Vec<u8>,
    /// Tries after a correct value.
    pub(crate) most: u8,
    /// Tries left now.
    pub(crate) left: u8,
}

impl Secret {
    pub(crate) fn new(value: impl Into<Vec<u8>>, tries: u8) -> Self {
        Secret { value: value.into(), most: tries, left: tries }
    }

    /// Issued blocked: nothing opens it.
    pub(crate) fn blocked(tries: u8) -> Self {
        Secret { value: Vec::new(), most: tries, left: 0 }
    }

    pub(crate) fn is(&self, value: &[u8]) -> bool {
        !self.value.is_empty() && self.value == value
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({} of {} left)", self.left, self.most)
    }
}

/// What an EF is.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Bytes for READ BINARY.
    Bytes(Vec<u8>),
    /// Records for READ RECORD.
    Records(Vec<Vec<u8>>),
    /// A PIN, password or code.
    Secret(Secret),
    /// A private key for COMPUTE DIGITAL SIGNATURE.
    Key(KeyName),
    /// The CA key that checks an institution's certificate (E-21), and its id.
    Authority(CvcId, KeyName),
    /// A key that no command of the terminal uses.
    OtherKey,
}

/// An elementary file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) id: u16,
    pub(crate) access: Access,
    pub(crate) content: Content,
}

impl File {
    pub(crate) fn bytes(id: u16, access: Access, bytes: Vec<u8>) -> Self {
        File { id, access, content: Content::Bytes(bytes) }
    }

    pub(crate) fn secret(id: u16, secret: Secret) -> Self {
        File { id, access: Access::Free, content: Content::Secret(secret) }
    }

    pub(crate) fn key(id: u16, access: Access, key: KeyName) -> Self {
        File { id, access, content: Content::Key(key) }
    }
}

/// Which application it is, for what differs beyond its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Issuer,
    Jpki,
    Kenkaku,
    Kenhojo,
    Juki,
    Common,
    /// Of another card: it can be selected and holds nothing we know.
    Foreign,
}

/// An application (card.md 2).
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) kind: Kind,
    pub(crate) aid: Vec<u8>,
    pub(crate) files: Vec<File>,
    /// The key that P2 = 00 means (card.md 5.5).
    pub(crate) default_key: Option<u16>,
    /// Objects for GET DATA (card.md 2.3).
    pub(crate) objects: Vec<(u16, Vec<u8>)>,
}

impl Application {
    pub(crate) fn new(kind: Kind, aid: &[u8], files: Vec<File>) -> Self {
        Application { kind, aid: aid.to_vec(), files, default_key: None, objects: Vec::new() }
    }

    pub(crate) fn file(&self, id: u16) -> Option<&File> {
        self.files.iter().find(|file| file.id == id)
    }

    pub(crate) fn file_mut(&mut self, id: u16) -> Option<&mut File> {
        self.files.iter_mut().find(|file| file.id == id)
    }
}
