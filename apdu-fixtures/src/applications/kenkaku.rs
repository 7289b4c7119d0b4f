//! Kenkaku: the face of the card, with real signatures under the made-up CVC chain (card.md 3.2, 5, E-05, E-11).

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

use super::picture::{nested_templates, strip_of};
use super::{Filling, KENKAKU_AID, digits, printed_birth};
use crate::chip::{Access, Application, File, Kind, Secret};
use crate::limits::{CODE_TRIES, LONGEST_EF, THREE_HASHES_DIGEST_INFO};
use crate::photo::PhotoError;
use crate::pki::{CvcId, KeyName};
use crate::profile::Profile;
use crate::tlv::{tlv, tlv_long, with_offset_table};

/// 照合番号B in Kenkaku.
pub(crate) const SURFACE_CODE: u16 = 0x0012;
const BIRTH: u16 = 0x0011;
const B: u16 = SURFACE_CODE;
const A: u16 = 0x0013;
const OWN_KEY: u16 = 0x001E;

/// A plain grey JP2, 378 × 472, in the container of card.md 5.3 (E-10).
const PHOTO: &[u8] = include_bytes!("../../photo/plain-grey.jp2");

/// # Errors
/// [`PhotoError::TooLong`] when EF 0002 cannot hold the photo.
pub(crate) fn kenkaku(filling: &Filling<'_>) -> Result<Application, PhotoError> {
    let person = filling.shown;
    let face = if filling.options.faults.deep_tlv { nested_templates(0xFF20) } else { card_face(filling)? };
    let mut code = filling.surface_code();
    if let Some(tries) = filling.options.code_tries {
        code.left = tries.min(CODE_TRIES);
    }
    let files = vec![
        File::bytes(0x0001, Access::Any(&[BIRTH]), age_record(filling)),
        File::bytes(0x0002, Access::Any(&[B, A]), face),
        File::bytes(0x0003, Access::Free, basic_data()),
        File::bytes(0x0004, Access::Free, filling.options.signer.certificate()),
        File::bytes(0x0005, Access::Any(&[A]), number_image(filling)),
        File::bytes(0x0006, Access::Any(&[A, B]), vec![0xFF; 16]),
        File::secret(BIRTH, Secret::new(printed_birth(filling.profile, person), CODE_TRIES)),
        File::secret(B, code),
        File::secret(A, Secret::new(person.impossible_my_number(), CODE_TRIES)),
        File::key(OWN_KEY, Access::Free, chip_keys(filling.profile).answers),
    ];
    let mut application = Application::new(Kind::Kenkaku, &KENKAKU_AID, files);
    application.default_key = Some(OWN_KEY);
    Ok(application)
}

/// The key in the records and the one the chip answers with (card.md 5.5): the same, but for a copy.
struct ChipKeys {
    recorded: KeyName,
    answers: KeyName,
}

fn chip_keys(profile: Profile) -> ChipKeys {
    match profile {
        Profile::Cloned => ChipKeys { recorded: KeyName::KenkakuCard, answers: KeyName::KenkakuCard2 },
        Profile::TwoCardsInOne => ChipKeys { recorded: KeyName::KenkakuCard2, answers: KeyName::KenkakuCard2 },
        Profile::Standard
        | Profile::FaceOnly
        | Profile::PinBlocked
        | Profile::ExpiredCert
        | Profile::ExpiredCard
        | Profile::Jukicard
        | Profile::DriverLicence
        | Profile::ResidenceCard
        | Profile::ResidenceOnCard
        | Profile::Passport
        | Profile::Hpki
        | Profile::NextGenDummy
        | Profile::Android
        | Profile::Iphone
        | Profile::TamperedPhoto
        | Profile::BBlocked
        | Profile::NoPhoto
        | Profile::ForeignResident
        | Profile::NoSignCert
        | Profile::LicenceOnCard => ChipKeys { recorded: KeyName::KenkakuCard, answers: KeyName::KenkakuCard },
    }
}

/// EF 0002 (card.md 5.2); `DF28` signs three hashes, not `DF29` and `DF2A` (card.md 5.4).
fn card_face(filling: &Filling<'_>) -> Result<Vec<u8>, PhotoError> {
    let person = filling.shown;
    let given = filling.options.photo.as_deref().unwrap_or(PHOTO);
    let picture = if filling.profile == Profile::NoPhoto { &[] } else { given };
    let birth = tlv(0xDF22, &digits(person.birth));
    let sex = tlv(0xDF23, &[person.sex.digit()]);
    let key = tlv(0xDF24, &chip_keys(filling.profile).recorded.key().record_form());
    let name = tlv(0xDF25, &strip_of(&person.name, 216));
    let address = tlv(0xDF26, &strip_of(&person.address, 288));
    let photo = tlv(0xDF27, picture);

    let mut signed_photo = photo.clone();
    if filling.profile == Profile::TamperedPhoto
        && let Some(last) = signed_photo.last_mut()
    {
        // What was signed was another picture than the one that is there now.
        *last ^= 0x01;
    }
    let mut signed = THREE_HASHES_DIGEST_INFO.to_vec();
    signed.extend(Sha256::digest([&birth[..], &sex, &key].concat()));
    signed.extend(Sha256::digest([&name[..], &address].concat()));
    signed.extend(Sha256::digest(&signed_photo));
    let signature = KeyName::KenkakuSigner.key().sign_unprefixed(&signed).expect("115 bytes fit 2048 bit");

    let expiry = tlv(0xDF29, &digits(filling.card_expires));
    let code = tlv(0xDF2A, &strip_of(&person.security_code, 24));
    let parts = [birth, sex, key, name, address, photo, tlv(0xDF28, &signature), expiry, code];
    let bytes = picture.len();
    let face = with_offset_table(0xFF20, 0xDF21, &parts);
    if face.len() > LONGEST_EF { Err(PhotoError::TooLong { bytes }) } else { Ok(face) }
}

/// EF 0001 (card.md 5.6).
fn age_record(filling: &Filling<'_>) -> Vec<u8> {
    let mut body = tlv(0xDF11, &digits(filling.shown.birth));
    body.extend(tlv(0xDF12, &chip_keys(filling.profile).recorded.key().record_form()));
    let signature = KeyName::KenkakuSigner.key().sign_record(&body);
    body.extend(tlv(0xDF13, &signature));
    tlv(0xFF10, &body)
}

/// EF 0003 (card.md 5.6); the opaque bytes are fixed noise.
fn basic_data() -> Vec<u8> {
    let mut opaque = vec![0; 256];
    ChaCha20Rng::seed_from_u64(0xDF35).fill_bytes(&mut opaque);
    let mut body = tlv(0xDF31, &[0x06, 0x03, 0x0E, 0x01]);
    body.extend(tlv(0xDF32, &CvcId::KENKAKU_SIGNER.0));
    body.extend(tlv(0xDF33, &[0x01]));
    body.extend(tlv(0xDF34, b"99999"));
    body.extend(tlv_long(0xDF35, &[&CvcId::KENKAKU_CA.0[..], &opaque].concat()));
    tlv_long(0xFF30, &body)
}

/// EF 0005 (card.md 5.6), which nobody may read.
fn number_image(filling: &Filling<'_>) -> Vec<u8> {
    let mut body = tlv(0xDF41, &strip_of(&filling.shown.impossible_my_number(), 72));
    body.extend(tlv(0xDF42, &chip_keys(filling.profile).recorded.key().record_form()));
    let signature = KeyName::KenkakuSigner.key().sign_record(&body);
    body.extend(tlv(0xDF43, &signature));
    tlv(0xFF40, &body)
}
