//! Kenhojo: the text data (card.md 3.3, 6, E-05, E-06, E-11).

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

use super::{Filling, KENHOJO_AID, digits};
use crate::chip::{Access, Application, File, Kind, Secret};
use crate::limits::{CODE_TRIES, PIN_TRIES};
use crate::people::Person;
use crate::pki::{CvcId, KeyName, cvc};
use crate::tlv::{tlv, tlv_long, with_offset_table};

const PIN: u16 = 0x0011;
const OWN_KEY: u16 = 0x0013;
const A: u16 = 0x0014;
const B: u16 = 0x0015;

pub(crate) fn kenhojo(filling: &Filling<'_>) -> Application {
    let person = filling.shown;
    let pin = if filling.profile.has_no_pins() {
        Secret::blocked(PIN_TRIES)
    } else {
        Secret::new(filling.options.pin.as_bytes(), PIN_TRIES)
    };
    let any = Access::Any(&[PIN, A, B]);
    let number = my_number(person);
    let parts = four_attributes(person);
    let certificate = cvc(CvcId::KENHOJO_CA, KeyName::KenhojoCa, CvcId::KENHOJO_SIGNER, KeyName::KenhojoSigner);
    let files = vec![
        File::bytes(0x0002, Access::Any(&[PIN, B]), with_offset_table(0xFF20, 0xDF21, &parts)),
        File::bytes(0x0003, any, digests(&number, &parts)),
        File::bytes(0x0001, Access::Any(&[PIN, A]), number),
        File::bytes(0x0004, Access::Free, certificate),
        File::bytes(0x0005, Access::Free, basic_data()),
        File::bytes(0x0006, any, tlv(0xA1, &KeyName::KenhojoSession.key().record_form())),
        File::bytes(0x0007, any, own_public_key()),
        File::bytes(0x0008, any, vec![0xFF; 16]),
        File::secret(PIN, pin),
        File::secret(0x0012, Secret::blocked(PIN_TRIES)),
        File::key(OWN_KEY, Access::Free, KeyName::KenhojoCard),
        File::secret(A, Secret::new(person.impossible_my_number(), CODE_TRIES)),
        File::secret(B, filling.surface_code()),
    ];
    let mut application = Application::new(Kind::Kenhojo, &KENHOJO_AID, files);
    application.default_key = Some(OWN_KEY);
    application
}

/// EF 0001 with its filler, 17 bytes (card.md 6). The number is impossible on purpose.
fn my_number(person: &Person) -> Vec<u8> {
    let mut bytes = tlv(0xFF10, person.impossible_my_number().as_bytes());
    bytes.extend([0xFF, 0xFF]);
    bytes
}

/// Name, address, birth date, sex: the parts of EF 0002.
fn four_attributes(person: &Person) -> Vec<Vec<u8>> {
    vec![
        tlv(0xDF22, person.name.as_bytes()),
        tlv(0xDF23, person.address.as_bytes()),
        tlv(0xDF24, &digits(person.birth)),
        tlv(0xDF25, &[person.sex.digit()]),
    ]
}

/// EF 0003: `DF31` over the physical bytes of 0001, `DF32` over the four TLVs, `DF33` over both TLVs.
fn digests(number: &[u8], parts: &[Vec<u8>]) -> Vec<u8> {
    let mut body = tlv(0xDF31, &Sha256::digest(number));
    body.extend(tlv(0xDF32, &Sha256::digest(parts.concat())));
    let signature = KeyName::KenhojoSigner.key().sign_record(&body);
    body.extend(tlv(0xDF33, &signature));
    tlv(0xFF30, &body)
}

/// EF 0005: 164 bytes, lengths in the longer BER form as the published size tells.
fn basic_data() -> Vec<u8> {
    let mut opaque = vec![0; 128];
    ChaCha20Rng::seed_from_u64(0xDF43).fill_bytes(&mut opaque);
    let mut body = tlv(0xDF41, &[0x01, 0x03, 0x0E, 0x01]);
    body.extend(tlv(0xDF42, &CvcId::KENHOJO_SIGNER.0));
    body.extend(tlv_long(0xDF43, &opaque));
    tlv_long(0xFF40, &body)
}

/// EF 0007: the public half of the application's own key, signed.
fn own_public_key() -> Vec<u8> {
    let mut body = tlv(0xDF51, &KeyName::KenhojoCard.key().record_form());
    let signature = KeyName::KenhojoSigner.key().sign_record(&body);
    body.extend(tlv(0xDF52, &signature));
    tlv(0xFF50, &body)
}
