//! The staff password: Argon2id, as a PHC string in a file that only the daemon may read. It is read anew at each use, so a
//! new password counts at once.

use std::{
    fs::File,
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use base64ct::{Base64Unpadded, Encoding as _};
use rand_core::{OsRng, RngCore as _};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use crate::limits::{MAX_PASSWORD, MAX_PASSWORD_FILE, MIN_PASSWORD};

/// 19 MiB, two passes, one lane: the least that OWASP's Password Storage Cheat Sheet names for Argon2id with two passes;
/// the same as for the passcode.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT: usize = 16;
const HASH: usize = 32;
/// What a file may demand at most: a file made elsewhere must not stop the terminal.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
const MOST_PASSES: u32 = 10;
const MOST_LANES: u32 = 4;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too short.
    #[error("the password has fewer than {MIN_PASSWORD} letters; take more")]
    Short,
    /// Too long.
    #[error("the password has more than {MAX_PASSWORD} letters; take fewer")]
    Long,
    /// One letter repeated, or with a letter that cannot be typed.
    #[error("the password is one letter repeated, or holds a control character; take another")]
    Trivial,
    /// No random numbers for the salt.
    #[error("the system gives no random numbers, so nothing was hashed")]
    NoRandomness,
}

/// Why no password can be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// There is no file.
    #[error("no password is set")]
    Missing,
    /// Others may read it.
    #[error("others may read the password's file; mode 0600 is needed")]
    Open,
    /// It holds something else.
    #[error("the password's file holds no Argon2id hash within our bounds")]
    Malformed,
    /// What the system says.
    #[error("the password's file cannot be read: {0}")]
    System(io::Error),
}

/// What the file holds.
pub(crate) struct Stored(Zeroizing<String>);

/// Which password a session was opened with; another one ends it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; 32]);

/// As it is stored: a PHC string with a salt of its own. Letters are counted, not bytes.
///
/// # Errors
/// [`Refused`].
pub fn hash(password: &str) -> Result<String, Refused> {
    let letters = password.chars().count();
    if letters < MIN_PASSWORD {
        return Err(Refused::Short);
    }
    if letters > MAX_PASSWORD {
        return Err(Refused::Long);
    }
    let first = password.chars().next();
    if password.chars().all(|letter| Some(letter) == first) || password.chars().any(char::is_control) {
        return Err(Refused::Trivial);
    }
    let mut salt = [0; SALT];
    OsRng.try_fill_bytes(&mut salt).map_err(|_| Refused::NoRandomness)?;
    let mut out = Zeroizing::new([0; HASH]);
    // The parameters are constants that the test below has computed with.
    Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH))
        .ok()
        .and_then(|params| compute(params, password.as_bytes(), &salt, out.as_mut_slice()))
        .ok_or(Refused::NoRandomness)?;
    let (salt, out) =
        (Base64Unpadded::encode_string(&salt), Zeroizing::new(Base64Unpadded::encode_string(out.as_slice())));
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${}", *out))
}

/// Whether a password is set that can be used. Blocks.
///
/// # Errors
/// Why not, in words.
pub fn look(file: &Path) -> Result<(), String> {
    Stored::read(file).map(drop).map_err(|unusable| unusable.to_string())
}

impl Stored {
    /// Reads and judges the file. Blocks.
    pub(crate) fn read(file: &Path) -> Result<Self, Unusable> {
        let file = File::open(file).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound { Unusable::Missing } else { Unusable::System(error) }
        })?;
        let about = file.metadata().map_err(Unusable::System)?;
        if !about.is_file() {
            return Err(Unusable::Malformed);
        }
        if about.permissions().mode() & 0o077 != 0 {
            return Err(Unusable::Open);
        }
        let mut text = Zeroizing::new(String::with_capacity(MAX_PASSWORD_FILE as usize + 1));
        file.take(MAX_PASSWORD_FILE + 1).read_to_string(&mut text).map_err(Unusable::System)?;
        Self::judge(text.trim_end_matches(['\n', '\r']))
    }

    fn judge(text: &str) -> Result<Self, Unusable> {
        let parsed = PasswordHash::new(text).map_err(|_| Unusable::Malformed)?;
        let params = Params::try_from(&parsed).map_err(|_| Unusable::Malformed)?;
        let fits = parsed.algorithm == Algorithm::Argon2id.ident()
            && parsed.version == Some(Version::V0x13.into())
            && params.m_cost() <= MOST_MEMORY_KIB
            && params.t_cost() <= MOST_PASSES
            && params.p_cost() <= MOST_LANES
            && parsed.salt.is_some()
            && parsed.hash.is_some_and(|hash| hash.len() >= HASH);
        if fits { Ok(Self(Zeroizing::new(text.to_owned()))) } else { Err(Unusable::Malformed) }
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Sha256::digest(self.0.as_bytes()).into())
    }

    /// Whether this is the password; the comparison takes the same time for every difference. Blocks for a tenth of a
    /// second.
    pub(crate) fn is(&self, password: &str) -> bool {
        password.chars().nth(MAX_PASSWORD).is_none() && compare(&self.0, password.as_bytes()).unwrap_or(false)
    }
}

fn compare(hashed: &str, password: &[u8]) -> Option<bool> {
    let parsed = PasswordHash::new(hashed).ok()?;
    let expected = parsed.hash?;
    let mut salt = [0; 64];
    let salt = parsed.salt?.decode_b64(&mut salt).ok()?;
    let mut out = Zeroizing::new([0; 64]);
    let out = out.get_mut(..expected.len())?;
    compute(Params::try_from(&parsed).ok()?, password, salt, out)?;
    // `Output` compares in constant time.
    Some(argon2::password_hash::Output::new(out).ok()? == expected)
}

/// With memory of our own, because it has to be wiped.
fn compute(params: Params, password: &[u8], salt: &[u8], out: &mut [u8]) -> Option<()> {
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = argon2.hash_password_into_with_memory(password, salt, out, &mut memory);
    memory.zeroize();
    done.ok()
}

/// For tests that need two passwords and no hash.
#[cfg(test)]
pub(crate) const fn tests_fingerprint(number: u8) -> Fingerprint {
    Fingerprint([number; 32])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file_with(text: &str, mode: u32) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("console.password");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        (folder, file)
    }

    #[test]
    fn what_was_hashed_is_the_password_and_nothing_else_is() {
        let (_folder, file) = file_with(&(hash("ひらけごま、と言う。").unwrap() + "\n"), 0o600);
        let stored = Stored::read(&file).unwrap();
        assert!(stored.is("ひらけごま、と言う。"));
        for wrong in ["", "ひらけごま、と言う", "ひらけごま、と言う。 ", &"x".repeat(200)] {
            assert!(!stored.is(wrong), "{wrong}");
        }
        assert_ne!(hash("0123456789a").unwrap(), hash("0123456789a").unwrap(), "each has a salt of its own");
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert_eq!(hash("123456789"), Err(Refused::Short));
        assert_eq!(hash("あいうえおかきくけ"), Err(Refused::Short), "letters count, not bytes");
        assert_eq!(hash(&"ab".repeat(65)), Err(Refused::Long));
        assert_eq!(hash("aaaaaaaaaaaa"), Err(Refused::Trivial));
        assert_eq!(hash("abcdefghij\n"), Err(Refused::Trivial));
        assert!(hash("abcdefghij").is_ok() && hash(&"ab".repeat(64)).is_ok());
    }

    #[test]
    fn only_a_private_file_with_a_bounded_argon2id_hash_is_used() {
        let good = hash("abcdefghij").unwrap();
        for mode in [0o640, 0o604, 0o660, 0o644, 0o777] {
            let (_folder, file) = file_with(&good, mode);
            assert!(matches!(Stored::read(&file), Err(Unusable::Open)), "{mode:o}");
        }
        let greedy = good.replace("m=19456", "m=4194304");
        let slow = good.replace("t=2", "t=4000000000");
        let other = good.replace("argon2id", "argon2i");
        for text in ["", "abcdefghij", &greedy, &slow, &other, &"x".repeat(5000)] {
            let (_folder, file) = file_with(text, 0o600);
            assert!(matches!(Stored::read(&file), Err(Unusable::Malformed)), "{text}");
        }
        let (folder, _file) = file_with(&good, 0o600);
        assert!(matches!(Stored::read(&folder.path().join("other")), Err(Unusable::Missing)));
        assert!(Stored::read(folder.path()).is_err());
    }

    #[test]
    fn another_password_has_another_fingerprint() {
        let fingerprint = |password| Stored::judge(&hash(password).unwrap()).unwrap().fingerprint();
        assert!(
            fingerprint("abcdefghij") != fingerprint("abcdefghij"),
            "the same password, set again, ends sessions too"
        );
    }
}
