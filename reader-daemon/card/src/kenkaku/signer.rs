//! The configured keys of the CAs above the data signers (card.md 5.4 step 2). Nobody publishes them officially, so they
//! are configuration: one text file a key, `*.signer`, with three lines in any order and `#` before comments:
//! `id = ` the key id as 32 hex digits, `modulus = ` and `exponent = ` big-endian hex.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

use crate::{PublicKey, limits};

/// Name of a key in a card-verifiable certificate: 7 digits, `08 05`, 3 digits, 4 zero bytes (card.md 5.4).
pub(super) type KeyId = [u8; 16];

/// The end of the files' names.
const EXTENSION: &str = "signer";

/// Why keys could not be loaded. Names files, never their content.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The directory or a file in it cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Not the three lines, or not an RSA key of 2048 to 4096 bits.
    #[error("{path} does not hold id, modulus and exponent of an RSA key")]
    NotAKey {
        /// Which.
        path: String,
    },
    /// Two files with one key id.
    #[error("{path} holds a key id that another file holds too")]
    Twice {
        /// The later one.
        path: String,
    },
    /// Keys of emulated cards (ids that begin with 9, card.md E-11) beside others.
    #[error("keys of emulated cards and of real ones may not be configured together")]
    Mixed,
    /// A directory without a key; none at all is [`SignerKeys::none`].
    #[error("no key of a data signer's CA found")]
    None,
    /// More than [`limits::MAX_SIGNERS`].
    #[error("too many keys of data signers")]
    TooMany,
}

/// The configured keys of the CAs above the data signers.
#[derive(Clone, Debug)]
pub struct SignerKeys(Vec<(KeyId, PublicKey)>);

impl SignerKeys {
    /// No key: every card's signer is unknown.
    #[must_use]
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// From the contents of key files.
    ///
    /// # Errors
    /// [`SignerError`]; an empty list is one.
    pub fn from_bytes<B: AsRef<[u8]>>(files: &[B]) -> Result<Self, SignerError> {
        Self::collect(files.iter().enumerate().map(|(index, file)| (format!("key {index}"), file.as_ref())))
    }

    /// From every `.signer` file of a directory (not of those below it).
    ///
    /// # Errors
    /// [`SignerError`]; one bad file refuses all, so that a key is never missing silently.
    pub fn from_directory(directory: &Path) -> Result<Self, SignerError> {
        let unreadable = |path: &Path| {
            let path = path.display().to_string();
            move |source| SignerError::Unreadable { path, source }
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
            let path = entry.map_err(unreadable(directory))?.path();
            if path.extension().is_some_and(|extension| extension == EXTENSION) {
                paths.push(path);
            }
        }
        paths.sort();
        let mut files = Vec::new();
        for path in paths {
            let mut content = Vec::new();
            File::open(&path)
                .and_then(|file| file.take(limits::MAX_SIGNER_FILE + 1).read_to_end(&mut content))
                .map_err(unreadable(&path))?;
            files.push((path.display().to_string(), content));
        }
        Self::collect(files)
    }

    fn collect<B: AsRef<[u8]>>(files: impl IntoIterator<Item = (String, B)>) -> Result<Self, SignerError> {
        let mut keys: Vec<(KeyId, PublicKey)> = Vec::new();
        for (path, content) in files {
            let Some((id, key)) = parse(content.as_ref()) else { return Err(SignerError::NotAKey { path }) };
            if keys.iter().any(|(known, _)| *known == id) {
                return Err(SignerError::Twice { path });
            }
            if keys.len() == limits::MAX_SIGNERS {
                return Err(SignerError::TooMany);
            }
            keys.push((id, key));
        }
        let emulated = keys.iter().filter(|(id, _)| is_emulated(id)).count();
        if keys.is_empty() {
            Err(SignerError::None)
        } else if emulated != 0 && emulated != keys.len() {
            Err(SignerError::Mixed)
        } else {
            Ok(Self(keys))
        }
    }

    /// Whether these are the keys of emulated cards (E-11); `None` without any key.
    #[must_use]
    pub fn emulated(&self) -> Option<bool> {
        self.0.first().map(|(id, _)| is_emulated(id))
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key with this id.
    pub(super) fn key(&self, id: &KeyId) -> Option<&PublicKey> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, key)| key)
    }
}

/// E-11: ids of the emulator begin with the digit 9.
fn is_emulated(id: &KeyId) -> bool {
    id.first() == Some(&b'9')
}

fn parse(content: &[u8]) -> Option<(KeyId, PublicKey)> {
    if u64::try_from(content.len()).ok()? > limits::MAX_SIGNER_FILE {
        return None;
    }
    let [mut id, mut modulus, mut exponent] = [None, None, None];
    for line in std::str::from_utf8(content).ok()?.lines() {
        let line = line.split_once('#').map_or(line, |(before, _)| before).trim();
        if line.is_empty() {
            continue;
        }
        let (name, value) = line.split_once('=')?;
        let place = match name.trim() {
            "id" => &mut id,
            "modulus" => &mut modulus,
            "exponent" => &mut exponent,
            _ => return None,
        };
        if place.replace(hex(value.trim())?).is_some() {
            return None;
        }
    }
    Some((id?.try_into().ok()?, PublicKey::from_rsa_parts(&modulus?, &exponent?)?))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EMULATED: &str = "39303030303233080530303000000000";
    const REAL: &str = "35303030303233080530303000000000";

    /// Odd and of 2048 bits, which is all that is asked of a modulus here; the last digit tells keys apart.
    fn file(id: &str, last: char) -> String {
        format!("id = {id}\nmodulus = F{}{last}\nexponent = 010001\n", "0".repeat(510))
    }

    fn load(files: &[String]) -> Result<SignerKeys, SignerError> {
        SignerKeys::from_bytes(files)
    }

    #[test]
    fn a_key_is_found_by_its_id_and_by_nothing_else() {
        let keys = load(&[file(EMULATED, '1'), file(&EMULATED.replace("3233", "3333"), '3')]).expect("two keys");
        assert_eq!((keys.len(), keys.is_empty(), keys.emulated()), (2, false, Some(true)));
        let first = keys.key(b"9000023\x08\x05000\0\0\0\0").expect("known");
        assert_ne!(Some(first), keys.key(b"9000033\x08\x05000\0\0\0\0"));
        assert_eq!(keys.key(b"9000023\x08\x05001\0\0\0\0"), None);
        assert_eq!(format!("{:?}", SignerKeys::none()), "SignerKeys([])");
    }

    #[test]
    fn order_comments_and_spaces_do_not_matter() {
        let text = format!("# J-LIS\n\n exponent=010001 # as always\nmodulus =F{}1\r\nid= {REAL}", "0".repeat(510));
        assert_eq!(load(&[text]).expect("a key").emulated(), Some(false));
    }

    #[test]
    fn card_md_e_11_keys_of_emulated_cards_are_never_configured_beside_others() {
        for mixed in [[EMULATED, REAL], [REAL, EMULATED]] {
            assert!(matches!(load(&mixed.map(|id| file(id, '1'))), Err(SignerError::Mixed)));
        }
        assert_eq!((SignerKeys::none().emulated(), SignerKeys::none().len()), (None, 0));
    }

    #[test]
    fn what_is_not_exactly_one_sound_key_is_refused() {
        let good = file(REAL, '1');
        assert!(load(std::slice::from_ref(&good)).is_ok());
        for bad in [
            String::new(),
            good.replace("id = ", "name = "),
            good.replace("id = 35", "id = "),
            good.replace("id = 35", "id = 3"),
            good.replace("id = 35", "id = xx"),
            good.replace("exponent = 010001", ""),
            good.replace("exponent = 010001", "exponent = 01"),
            good.replace("exponent = 010001", "exponent = 010000"),
            good.replace("exponent = 010001", "exponent = 0100000001"),
            good.replace("modulus = F0", "modulus = 00"),
            file(REAL, '2'),
            format!("{good}{good}"),
            format!("{good}{}", "#".repeat(8 * 1024)),
        ] {
            assert!(matches!(load(&[bad]), Err(SignerError::NotAKey { path }) if path == "key 0"));
        }
        assert!(matches!(load(&[good.clone(), file(REAL, '3')]), Err(SignerError::Twice { .. })));
        assert!(matches!(load(&[]), Err(SignerError::None)));
        let many: Vec<_> = (10..27).map(|number| file(&REAL.replace("3233", &format!("32{number}")), '1')).collect();
        assert!(load(&many[..16]).is_ok());
        assert!(matches!(load(&many), Err(SignerError::TooMany)));
    }

    #[test]
    fn keys_are_read_from_a_directory_and_a_bad_file_refuses_all() {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, content: &str| std::fs::write(directory.path().join(name), content).expect("written");
        assert!(matches!(SignerKeys::from_directory(directory.path()), Err(SignerError::None)));
        write("README", "not looked at");
        write("one.signer", &file(EMULATED, '1'));
        assert_eq!(SignerKeys::from_directory(directory.path()).expect("one").len(), 1);
        write("two.signer", "junk");
        let error = SignerKeys::from_directory(directory.path()).expect_err("junk");
        assert!(error.to_string().ends_with("two.signer does not hold id, modulus and exponent of an RSA key"));
        let nowhere = SignerKeys::from_directory(&directory.path().join("none"));
        assert!(matches!(nowhere, Err(SignerError::Unreadable { .. })));
    }

    proptest! {
        #[test]
        fn law_9_whatever_a_key_file_holds_it_is_a_key_or_an_error(
            content in proptest::collection::vec(any::<u8>(), 0..300), lines in "((id|modulus|exponent)=[0-9a-fA-F]{0,40}\n){0,4}",
        ) {
            prop_assert!(SignerKeys::from_bytes(&[content]).is_err());
            prop_assert!(SignerKeys::from_bytes(&[lines]).is_err());
        }
    }
}
