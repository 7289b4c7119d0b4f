//! The daily signed head: what the chain had come to when a day ended, signed with the journal's own key (ES256). Whoever
//! keeps the public key elsewhere finds a journal that was written anew from the first line.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jiff::civil::Date;
use p256::{
    ecdsa::{Signature, SigningKey, VerifyingKey, signature::Signer as _, signature::Verifier as _},
    pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding},
};
use qualification::ids::hex;
use rand_core::OsRng;
use sha2::{Digest, Sha256};

use crate::{disk, limits::MAX_FILE};

/// The private key, in the folder of [storage], mode 0600.
pub(super) const KEY: &str = "journal.key.pem";
/// Its public half, for whoever checks the journal.
pub(crate) const PUBLIC: &str = "journal.public.pem";
/// So the names of public keys begin whose private halves had to be replaced.
const OLDER: &str = "journal.public-";

/// What is signed: nothing else signed with this key can be taken for it.
fn message(day: Date, number: u64, head: &str) -> String {
    format!("reader-daemon/journal/1\n{day}\n{number}\n{head}")
}

/// Reads the key, or makes it where there is none yet.
pub(super) fn open(folder: &Path) -> io::Result<SigningKey> {
    let path = folder.join(KEY);
    let key = match File::open(&path) {
        Ok(file) => {
            let mut pem = zeroize::Zeroizing::new(String::new());
            file.take(MAX_FILE).read_to_string(&mut pem)?;
            SigningKey::from_pkcs8_pem(&pem).map_err(|_| damaged(&path))?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(folder)?,
        Err(error) => return Err(error),
    };
    let pem = key.verifying_key().to_public_key_pem(LineEnding::LF).map_err(|_| damaged(&path))?;
    let public = folder.join(PUBLIC);
    if std::fs::read_to_string(&public).ok().as_deref() != Some(&pem) {
        if let Ok(Some(before)) = self::public(&public) {
            // Days that have ended were signed with it.
            std::fs::rename(&public, folder.join(format!("{OLDER}{}.pem", name(&before))))?;
        }
        disk::put(folder, PUBLIC, pem.as_bytes(), None)?;
    }
    Ok(key)
}

/// Every public key that lies there: today's, and those of keys that had to be replaced.
///
/// # Errors
/// One of them cannot be read, or is no key.
pub(super) fn publics(folder: &Path) -> io::Result<Vec<VerifyingKey>> {
    let mut keys: Vec<_> = public(&folder.join(PUBLIC))?.into_iter().collect();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(OLDER)) {
            keys.extend(public(&entry.path())?);
        }
    }
    Ok(keys)
}

fn make(folder: &Path) -> io::Result<SigningKey> {
    let key = SigningKey::random(&mut OsRng);
    let path = folder.join(KEY);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| damaged(&path))?;
    disk::put(folder, KEY, pem.as_bytes(), None)?;
    Ok(key)
}

fn damaged(path: &Path) -> io::Error {
    let what = format!(
        "{} is not the journal's key: move it away, and a new one is made; heads signed so far are still checked with \
         {PUBLIC}, which is kept beside it",
        path.display()
    );
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The signature over what the chain came to at the end of this day.
pub(super) fn sign(key: &SigningKey, day: Date, number: u64, head: &str) -> String {
    let signature: Signature = key.sign(message(day, number, head).as_bytes());
    Base64UrlUnpadded::encode_string(&signature.to_bytes())
}

/// Whether this head was signed with the journal's key.
pub(super) fn is_signed(key: &VerifyingKey, day: Date, number: u64, head: &str, signature: &str) -> bool {
    Base64UrlUnpadded::decode_vec(signature)
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok())
        .is_some_and(|signature| key.verify(message(day, number, head).as_bytes(), &signature).is_ok())
}

/// Reads a public key; `None`: there is no such file.
///
/// # Errors
/// It cannot be read, or is no key.
pub(super) fn public(path: &Path) -> io::Result<Option<VerifyingKey>> {
    let mut pem = String::new();
    match File::open(path) {
        Ok(file) => file.take(MAX_FILE).read_to_string(&mut pem)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let what =
        || io::Error::new(io::ErrorKind::InvalidData, format!("{} is no P-256 public key in PEM", path.display()));
    VerifyingKey::from_public_key_pem(&pem).map(Some).map_err(|_| what())
}

/// Sixteen hex digits by which people compare keys.
pub(super) fn name(key: &VerifyingKey) -> String {
    let mut name = hex(&Sha256::digest(key.to_encoded_point(true).as_bytes()));
    name.truncate(16);
    name
}
