//! The test data a terminal is configured with, as files: trust anchors and the data signer's CA key.

use std::path::Path;
use std::{fs, io};

use super::authority::Authority;
use super::cvc::CvcId;
use super::keys::{KeyName, certificate_pem};

/// The trust anchors a test terminal or test clinic lists, DER. They share one distinguished name (card.md 4.6).
pub fn anchors() -> Vec<Vec<u8>> {
    Authority::LISTED.iter().map(|authority| authority.certificate_der()).collect()
}

/// The keys above the data signers of photos that a test terminal lists (card.md 5.4, E-11): the contents of `.signer`
/// files for [`card::SignerKeys::from_bytes`].
pub fn signer_keys() -> Vec<Vec<u8>> {
    SIGNERS.iter().map(|(_, id, key)| signer_file(*id, *key).into_bytes()).collect()
}

/// Writes [`anchors`] into an existing folder, PEM.
///
/// # Errors
/// A file cannot be written.
pub fn write_anchors(folder: &Path) -> io::Result<()> {
    Authority::LISTED.iter().try_for_each(|authority| {
        let file = folder.join(format!("{}.pem", authority.file_stem()));
        fs::write(file, certificate_pem(&authority.certificate()))
    })
}

/// Writes [`signer_keys`] into an existing folder, for [`card::SignerKeys::from_directory`].
///
/// # Errors
/// A file cannot be written.
pub fn write_signer_keys(folder: &Path) -> io::Result<()> {
    SIGNERS.iter().try_for_each(|(name, id, key)| fs::write(folder.join(name), signer_file(*id, *key)))
}

const SIGNERS: [(&str, CvcId, KeyName); 1] = [("kenkaku-ca.signer", CvcId::KENKAKU_CA, KeyName::KenkakuCa)];

/// Three lines: id, modulus, exponent in hexadecimal.
fn signer_file(id: CvcId, key: KeyName) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    let (modulus, exponent) = key.key().rsa_parts();
    let (id, modulus, exponent) = (hex(&id.0), hex(&modulus), hex(&exponent));
    format!("# {}\nid = {id}\nmodulus = {modulus}\nexponent = {exponent}\n", super::NOT_REAL)
}
