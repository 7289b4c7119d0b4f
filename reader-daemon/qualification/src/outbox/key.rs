//! The key the outbox is wrapped with, and the wrapping: XChaCha20-Poly1305, a fresh nonce per file.

use std::{
    env, fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand_core::{OsRng, RngCore};
use zeroize::{Zeroize, Zeroizing};

/// First bytes of every file: what it is, and the version of the format.
const MAGIC: &[u8; 8] = b"RDOUTBX1";
const NONCE: usize = 24;
/// Name of the credential.
const CREDENTIAL: &str = "outbox-key";

/// 32 bytes the operating system keeps for us (TPM or systemd credentials). Wiped on drop, silent in Debug.
pub struct WrappingKey([u8; 32]);

impl Drop for WrappingKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrappingKey")
    }
}

/// Why there is no wrapping key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// `CREDENTIALS_DIRECTORY` is not set.
    #[error("CREDENTIALS_DIRECTORY is not set: start by systemd with LoadCredentialEncrypted={CREDENTIAL}:…")]
    NoCredentials,
    /// The credential is missing or unreadable.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The credential.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The credential is not a key.
    #[error("{0} must hold exactly 32 random bytes")]
    Length(PathBuf),
    /// All bytes are the same: somebody's placeholder.
    #[error("{0} is not random")]
    NotRandom(PathBuf),
    /// No randomness for a throw-away key.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

impl WrappingKey {
    /// Reads `$CREDENTIALS_DIRECTORY/outbox-key`, the way systemd hands credentials to a service.
    ///
    /// # Errors
    /// [`KeyError`]; without a key nothing can be stored and no visit starts.
    pub fn from_credentials_directory() -> Result<Self, KeyError> {
        let directory = env::var_os("CREDENTIALS_DIRECTORY").ok_or(KeyError::NoCredentials)?;
        Self::from_file(&Path::new(&directory).join(CREDENTIAL))
    }

    /// Reads a file of exactly 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let fail = |source| KeyError::Read { path: path.to_owned(), source };
        let mut bytes = Zeroizing::new(Vec::with_capacity(33));
        fs::File::open(path).map_err(fail)?.take(33).read_to_end(&mut bytes).map_err(fail)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Length(path.to_owned()))?;
        let key = Self(key);
        if key.0.iter().all(|byte| Some(byte) == key.0.first()) {
            return Err(KeyError::NotRandom(path.to_owned()));
        }
        Ok(key)
    }

    /// A throw-away key: what it wrapped cannot be read after a restart. For the demo only.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn ephemeral() -> Result<Self, KeyError> {
        let mut key = Self([0; 32]);
        OsRng.try_fill_bytes(&mut key.0).map_err(|_| KeyError::NoRandomness)?;
        Ok(key)
    }

    /// Wraps `plain` so that it opens only as `name`.
    pub(super) fn seal(&self, name: &str, plain: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE];
        OsRng.try_fill_bytes(&mut nonce).ok()?;
        let payload = Payload { msg: plain, aad: &bound_to(name) };
        let sealed = self.cipher().encrypt(XNonce::from_slice(&nonce), payload).ok()?;
        Some([MAGIC.as_slice(), &nonce, &sealed].concat())
    }

    /// Opens what [`Self::seal`] made for the same `name`; `None` for anything else.
    pub(super) fn open(&self, name: &str, file: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = file.strip_prefix(MAGIC)?.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: &bound_to(name) };
        self.cipher().decrypt(XNonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

/// The file's name is bound in, so that a file copied over another is found out.
fn bound_to(name: &str) -> Vec<u8> {
    [b"reader-daemon outbox 1\0", name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_credential_is_exactly_thirty_two_random_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outbox-key");
        assert!(matches!(WrappingKey::from_file(&path), Err(KeyError::Read { .. })));
        fs::write(&path, [1; 31]).unwrap();
        assert!(matches!(WrappingKey::from_file(&path), Err(KeyError::Length(_))));
        fs::write(&path, [1; 33]).unwrap();
        assert!(matches!(WrappingKey::from_file(&path), Err(KeyError::Length(_))));
        fs::write(&path, [0; 32]).unwrap();
        assert!(matches!(WrappingKey::from_file(&path), Err(KeyError::NotRandom(_))));
        fs::write(&path, (0..32).collect::<Vec<u8>>()).unwrap();
        assert_eq!(format!("{:?}", WrappingKey::from_file(&path).unwrap()), "WrappingKey");
    }

    #[test]
    fn what_is_sealed_opens_under_its_own_name_and_key_only() {
        let (key, other) = (WrappingKey::ephemeral().unwrap(), WrappingKey::ephemeral().unwrap());
        let file = key.seal("a.pending", b"result").unwrap();
        assert_eq!(key.open("a.pending", &file).unwrap().as_slice(), b"result");
        assert!(key.open("b.pending", &file).is_none());
        assert!(key.open("a.receipt", &file).is_none());
        assert!(other.open("a.pending", &file).is_none());
        assert!(!file.windows(6).any(|w| w == b"result"));
    }

    proptest! {
        #[test]
        fn garbage_never_opens_and_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let key = WrappingKey(std::array::from_fn(|i| i as u8));
            prop_assert!(key.open("a", &bytes).is_none());
            prop_assert!(key.open("a", &[MAGIC.as_slice(), &bytes].concat()).is_none());
        }
    }
}
