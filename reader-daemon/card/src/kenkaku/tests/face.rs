//! EF 0002 and EF 0004 with everything a test may want to be wrong, signed with published keys.

use rsa::{
    BigUint, Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::DecodePrivateKey,
    traits::{PrivateKeyParts, PublicKeyParts},
};
use sha2::{Digest, Sha256};

/// Id of the CA above the signer.
pub(super) const CA_ID: [u8; 16] = *b"9000023\x08\x05000\0\0\0\0";
const SIGNER_ID: [u8; 16] = *b"9000023\x08\x05001\0\0\0\0";

/// A published key of the made-up PKI.
pub(super) fn key(name: &str) -> RsaPrivateKey {
    let pem = match name {
        "ca" => include_str!("../../../../../apdu-fixtures/pki/keys/kenkaku-ca.pem"),
        "signer" => include_str!("../../../../../apdu-fixtures/pki/keys/kenkaku-signer.pem"),
        _ => include_str!("../../../../../apdu-fixtures/pki/keys/kenkaku-card.pem"),
    };
    RsaPrivateKey::from_pkcs8_pem(pem).expect("a key")
}

pub(super) fn tlv(tag: u16, body: &[u8], longest_form: bool) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("short").to_be_bytes();
    let needed = length.iter().skip_while(|byte| **byte == 0).count().max(1);
    let count = if longest_form { 4 } else { needed };
    let written = match body.len() {
        short @ 0..0x80 if !longest_form => vec![u8::try_from(short).expect("short")],
        _ => [&[0x80 | u8::try_from(count).expect("at most 4")][..], &length[4 - count..]].concat(),
    };
    let tag: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    [&tag[..], &written, body].concat()
}

fn number(value: &BigUint, bytes: usize) -> Vec<u8> {
    let written = value.to_bytes_be();
    [vec![0; bytes - written.len()], written].concat()
}

/// `90 03 <e> 91 82 0100 <n>`
fn record_form(key: &RsaPrivateKey) -> Vec<u8> {
    [tlv(0x90, &number(key.e(), 3), false), tlv(0x91, &number(key.n(), 256), false)].concat()
}

/// The file of a configured key.
pub(super) fn signer_file(id: [u8; 16], name: &str) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let key = key(name);
    let (modulus, exponent) = (hex(&number(key.n(), 256)), hex(&number(key.e(), 3)));
    format!("# not a real key\nid = {}\nmodulus = {modulus}\nexponent = {exponent}\n", hex(&id))
}

/// PKCS#1 v1.5 with SHA-256.
pub(super) fn signed_block(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)).expect("a signature")
}

/// What a card does with the DigestInfo it is given.
pub(super) fn signed_digest_info(key: &RsaPrivateKey, digest_info: &[u8]) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new_unprefixed(), digest_info).expect("a signature")
}

/// The raw operation, whatever the block holds.
fn raw(key: &RsaPrivateKey, block: &[u8]) -> Vec<u8> {
    number(&BigUint::from_bytes_be(block).modpow(key.d(), key.n()), 256)
}

pub(super) fn signer_certificate() -> Vec<u8> {
    let body = [&CA_ID[..], &SIGNER_ID, &record_form(&key("signer"))].concat();
    let signature = signed_block(&key("ca"), &body);
    tlv(0x7F21, &[tlv(0x5F4E, &body, false), tlv(0x5F37, &signature, false)].concat(), false)
}

pub(super) struct Face {
    pub(super) birth: Vec<u8>,
    pub(super) sex: Vec<u8>,
    /// Instead of the chip's.
    pub(super) key: Option<Vec<u8>>,
    pub(super) photo: Option<Vec<u8>>,
    /// What the table says where there is no photo; `None`: nothing.
    pub(super) hole: Option<u16>,
    /// Instead of the right one.
    pub(super) signature: Option<Vec<u8>>,
    /// Instead of the right one: signed as it is.
    pub(super) block: Option<Vec<u8>>,
    pub(super) long_lengths: bool,
    pub(super) table_cut: bool,
    /// The expiry date comes twice.
    pub(super) twice: bool,
    /// Sex before birth date.
    pub(super) swapped: bool,
}

impl Default for Face {
    fn default() -> Self {
        Self {
            birth: b"19800217".to_vec(),
            sex: b"1".to_vec(),
            key: None,
            photo: Some((0..=255).cycle().take(2000).collect()),
            hole: None,
            signature: None,
            block: None,
            long_lengths: false,
            table_cut: false,
            twice: false,
            swapped: false,
        }
    }
}

impl Face {
    fn tlv(&self, tag: u16, body: &[u8]) -> Vec<u8> {
        tlv(tag, body, self.long_lengths)
    }

    /// DF22 to DF27.
    fn signed_objects(&self) -> [Vec<u8>; 6] {
        let key = self.key.clone().unwrap_or_else(|| record_form(&key("card")));
        [
            self.tlv(0xDF22, &self.birth),
            self.tlv(0xDF23, &self.sex),
            self.tlv(0xDF24, &key),
            self.tlv(0xDF25, b"a picture of a name"),
            self.tlv(0xDF26, b"a picture of an address"),
            self.photo.as_deref().map(|photo| self.tlv(0xDF27, photo)).unwrap_or_default(),
        ]
    }

    /// What the signature hides: a DigestInfo with three hashes.
    pub(super) fn signed(&self) -> Vec<u8> {
        let [birth, sex, key, name, address, photo] = self.signed_objects();
        let mut info = vec![0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01];
        info.extend([0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x60]);
        info.extend(Sha256::digest([birth, sex, key].concat()));
        info.extend(Sha256::digest([name, address].concat()));
        info.extend(Sha256::digest(photo));
        info
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let key = key("signer");
        let signature = match (&self.signature, &self.block) {
            (Some(signature), _) => signature.clone(),
            (None, Some(block)) => raw(&key, block),
            (None, None) => signed_digest_info(&key, &self.signed()),
        };
        let mut objects = self.signed_objects().to_vec();
        objects.push(self.tlv(0xDF28, &signature));
        objects.push(self.tlv(0xDF29, b"20350217"));
        objects.push(self.tlv(0xDF2A, b"a picture of a code"));
        if self.swapped {
            objects.swap(0, 1);
        }
        if self.twice {
            objects.push(self.tlv(0xDF29, b"20350217"));
        }
        let entries = objects.len() - usize::from(self.photo.is_none() && self.hole.is_none());
        let header = if self.long_lengths { 7 } else { 3 };
        let mut at = 5 + header + 2 * entries;
        let mut table = Vec::new();
        for object in &objects {
            match (object.is_empty(), self.hole) {
                (false, _) => table.extend(u16::try_from(at).expect("short").to_be_bytes()),
                (true, Some(hole)) => table.extend(hole.to_be_bytes()),
                (true, None) => {}
            }
            at += object.len();
        }
        if self.table_cut {
            table.truncate(table.len() - 2);
        }
        let body = [self.tlv(0xDF21, &table), objects.concat()].concat();
        let length = u16::try_from(body.len()).expect("short").to_be_bytes();
        [&[0xFF, 0x20, 0x82][..], &length, &body].concat()
    }
}
