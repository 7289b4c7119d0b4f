//! What a plain client does with the record of the photo, by hand: card.md 5.4 and 5.5.

use apdu_fixtures::{EmulatedCard, KENKAKU_AID, pki};
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};
use sha2::{Digest, Sha256};

use super::{ask, find, hex, read_all, select, tlv_at};

/// What the plain client concludes.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Authentic { photo: Vec<u8>, birth: Vec<u8>, sex: u8 },
    NoPhoto,
    CodeRefused(u16),
    UnknownSigner,
    Tampered,
    Cloned,
}

/// Code, record, 5.4, 5.5, in this order. No look at the picture.
pub fn look_at(card: &mut EmulatedCard) -> Verdict {
    assert_eq!(ask(card, &select(&KENKAKU_AID)).1, 0x9000);
    let code = String::from_utf8(card.surface_code().to_vec()).unwrap();
    match verify(card, 0x12, &code) {
        0x9000 => {}
        word => return Verdict::CodeRefused(word),
    }
    let face = read_all(card, 0x0002);
    let certificate = read_all(card, 0x0004);
    let (_, content, end) = tlv_at(&face, 0);
    assert_eq!(end, face.len(), "EF 0002 is as long as its TLV says");
    let part = |tag| find(content, tag).unwrap();
    let (table, _) = part(0xDF21);
    for (offset, tag) in table.chunks(2).zip(0xDF22u16..) {
        let at = usize::from(u16::from_be_bytes([offset[0], offset[1]]));
        assert_eq!(tlv_at(&face, at).0, tag, "the offset table points at {tag:04X}");
    }
    let (_, inside, _) = tlv_at(&certificate, 0);
    let (body, _) = find(inside, 0x5F4E).unwrap();
    if body[..16] != pki::CvcId::KENKAKU_CA.0 {
        return Verdict::UnknownSigner;
    }
    let (signature, _) = find(inside, 0x5F37).unwrap();
    let pki::PrivateKey::Rsa(ca) = pki::KeyName::KenkakuCa.key() else { panic!("an RSA key") };
    if ca.to_public_key().verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&body), &signature).is_err() {
        return Verdict::Tampered;
    }
    let mut expected = hex("30 71 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 60");
    expected.extend(Sha256::digest([part(0xDF22).1, part(0xDF23).1, part(0xDF24).1].concat()));
    expected.extend(Sha256::digest([part(0xDF25).1, part(0xDF26).1].concat()));
    expected.extend(Sha256::digest(part(0xDF27).1));
    if unpadded(&public_key(&body[32..]), &part(0xDF28).0) != expected {
        return Verdict::Tampered;
    }
    let hash = Sha256::digest(b"sixteen random b");
    let mut command = hex("80 2A 00 00 33 30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20");
    command.extend(hash);
    command.push(0);
    let (signature, word) = ask(card, &command);
    assert_eq!(word, 0x9000, "5.5 needs no code");
    if public_key(&part(0xDF24).0).verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &signature).is_err() {
        return Verdict::Cloned;
    }
    let (photo, birth, sex) = (part(0xDF27).0, part(0xDF22).0, part(0xDF23).0[0]);
    if photo.is_empty() { Verdict::NoPhoto } else { Verdict::Authentic { photo, birth, sex } }
}

pub fn public_key(record_form: &[u8]) -> RsaPublicKey {
    let (e, _) = find(record_form, 0x90).unwrap();
    let (n, _) = find(record_form, 0x91).unwrap();
    RsaPublicKey::new(BigUint::from_bytes_be(&n), BigUint::from_bytes_be(&e)).unwrap()
}

/// The signer's key, after its certificate was checked with the CA key of E-11.
pub fn signer(certificate: &[u8], ca: pki::KeyName, id: &[u8; 7]) -> RsaPublicKey {
    assert_eq!(certificate.len(), 568);
    let (tag, content, _) = tlv_at(certificate, 0);
    assert_eq!(tag, 0x7F21);
    let (body, _) = find(content, 0x5F4E).unwrap();
    let (signature, _) = find(content, 0x5F37).unwrap();
    assert_eq!((body.len(), signature.len()), (297, 256));
    assert_eq!(&body[..7], id, "issuer id");
    assert_eq!(&body[16..23], id, "subject id");
    let pki::PrivateKey::Rsa(ca) = ca.key() else { panic!("an RSA key") };
    ca.to_public_key().verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&body), &signature).unwrap();
    public_key(&body[32..])
}

pub fn verify(card: &mut EmulatedCard, file: u8, value: &str) -> u16 {
    let mut command = vec![0, 0x20, 0, 0x80 | file, value.len() as u8];
    command.extend(value.bytes());
    ask(card, &command).1
}

/// RSA with type 1 padding taken off by hand: standard calls refuse 96 bytes under SHA-256 (card.md 5.4).
pub fn unpadded(key: &RsaPublicKey, signature: &[u8]) -> Vec<u8> {
    let block = BigUint::from_bytes_be(signature).modpow(key.e(), key.n()).to_bytes_be();
    assert_eq!(block[0], 0x01);
    let end = block.iter().skip(1).position(|byte| *byte != 0xFF).unwrap() + 1;
    assert_eq!(block[end], 0x00);
    block[end + 1..].to_vec()
}
