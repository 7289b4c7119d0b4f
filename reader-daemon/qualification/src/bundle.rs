//! The folder a clinic hands to a terminal: who it is, where the service is, and its keys.
//!
//! `terminal.toml` (`id`, `url`), `service-ca.pem`, `client.pem`, `client.key`, `result.key`.

use std::{
    fs,
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use p256::{ecdsa::SigningKey, pkcs8::DecodePrivateKey};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    client::ClientConfig,
    limits::{MAX_FILE, RequestLimits},
};

/// Longest terminal id in characters.
const MAX_TERMINAL_ID: usize = 64;

/// A terminal's bundle, read.
pub struct Bundle {
    /// The terminal's name, as in the subject of its client certificate.
    pub terminal_id: String,
    /// For [`crate::Client::new`].
    pub client: ClientConfig,
    /// Signs results; wiped on drop.
    pub result_key: SigningKey,
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle").field("terminal_id", &self.terminal_id).finish_non_exhaustive()
    }
}

/// Why a bundle cannot be used. The text names the file and what to mend.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file is missing or cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is larger than any honest one.
    #[error("{0} is too large")]
    TooLarge(PathBuf),
    /// Other accounts on this machine, its group among them, can read a key.
    #[error("{0} can be read by other accounts of this machine: chmod 600 it")]
    Exposed(PathBuf),
    /// `terminal.toml` is not as it should be.
    #[error("{path} must hold id and url: {reason}")]
    Terminal {
        /// The file.
        path: PathBuf,
        /// Why, with line and column.
        reason: String,
    },
    /// `result.key` is not a P-256 key.
    #[error("{0} is not a P-256 private key (PKCS#8 PEM)")]
    ResultKey(PathBuf),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terminal {
    id: String,
    url: String,
}

impl Bundle {
    /// Reads the folder.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn load(folder: &Path) -> Result<Self, BundleError> {
        let path = folder.join("terminal.toml");
        let text = String::from_utf8(read(&path)?.to_vec()).map_err(|e| e.to_string());
        let terminal = text
            .and_then(|text| toml::from_str::<Terminal>(&text).map_err(|e| e.to_string()))
            .and_then(|terminal| {
                let fits = is_terminal_id(&terminal.id);
                fits.then_some(terminal).ok_or_else(|| "id takes 1 to 64 letters, digits, '-', '_' and '.'".to_owned())
            })
            .map_err(|reason| BundleError::Terminal { path, reason })?;

        let path = folder.join("result.key");
        let pem = Zeroizing::new(String::from_utf8_lossy(&key(&path)?).into_owned());
        let result_key = SigningKey::from_pkcs8_pem(&pem).map_err(|_| BundleError::ResultKey(path))?;
        Ok(Self {
            terminal_id: terminal.id,
            client: ClientConfig {
                url: terminal.url,
                issuer_pem: read(&folder.join("service-ca.pem"))?.to_vec(),
                certificate_pem: read(&folder.join("client.pem"))?.to_vec(),
                key_pem: key(&folder.join("client.key"))?,
                limits: RequestLimits::default(),
            },
            result_key,
        })
    }
}

/// Whether `text` can name a terminal.
#[must_use]
pub fn is_terminal_id(text: &str) -> bool {
    (1..=MAX_TERMINAL_ID).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    let fail = |source| BundleError::Read { path: path.to_owned(), source };
    let mut bytes = Zeroizing::new(Vec::new());
    let limit = u64::try_from(MAX_FILE).unwrap_or(u64::MAX);
    fs::File::open(path).map_err(fail)?.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() > MAX_FILE {
        return Err(BundleError::TooLarge(path.to_owned()));
    }
    Ok(bytes)
}

fn key(path: &Path) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    let mode = fs::metadata(path).map_err(|source| BundleError::Read { path: path.to_owned(), source })?.mode();
    if mode & 0o077 != 0 {
        return Err(BundleError::Exposed(path.to_owned()));
    }
    read(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use p256::pkcs8::{EncodePrivateKey, LineEnding};

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).unwrap();
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
        };
        write("terminal.toml", "id = \"terminal-1\"\nurl = \"https://127.0.0.1:1\"\n");
        for name in ["service-ca.pem", "client.pem", "client.key"] {
            write(name, "x");
        }
        let key = p256::SecretKey::from_slice(&[7; 32]).unwrap();
        write("result.key", &key.to_pkcs8_pem(LineEnding::LF).unwrap());
        folder
    }

    #[test]
    fn a_whole_bundle_is_read() {
        let folder = folder();
        let bundle = Bundle::load(folder.path()).unwrap();
        assert_eq!(bundle.terminal_id, "terminal-1");
        assert_eq!(bundle.client.url, "https://127.0.0.1:1");
        assert!(!format!("{bundle:?}").contains("key"));
    }

    #[test]
    fn a_missing_file_a_bad_id_and_an_exposed_key_are_named() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::set_permissions(path("client.key"), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Bundle::load(folder.path()), Err(BundleError::Exposed(p)) if p == path("client.key")));
        fs::remove_file(path("client.pem")).unwrap();
        assert!(
            matches!(Bundle::load(folder.path()), Err(BundleError::Read { path: p, .. }) if p == path("client.pem"))
        );
        fs::write(path("result.key"), "x").unwrap();
        assert!(matches!(Bundle::load(folder.path()), Err(BundleError::ResultKey(_))));
        fs::write(path("terminal.toml"), "id = \"a b\"\nurl = \"x\"\n").unwrap();
        assert!(matches!(Bundle::load(folder.path()), Err(BundleError::Terminal { .. })));
        fs::write(path("terminal.toml"), vec![b'#'; MAX_FILE + 1]).unwrap();
        assert!(matches!(Bundle::load(folder.path()), Err(BundleError::TooLarge(_))));
    }
}
