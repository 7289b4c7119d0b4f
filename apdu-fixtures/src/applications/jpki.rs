//! JPKI: certificates, keys and PINs (card.md 3.1, 4, E-07, E-13, E-30).

use super::{Filling, JPKI_AID, NEXT_GENERATION_AID};
use crate::chip::{AUTHENTICATION_KEY, AUTHORITY, Access, Application, Content, File, Kind, Secret};
use crate::limits;
use crate::pki::{Authority, CvcId, KeyName, signature_certificate, user_certificate};
use crate::profile::Profile;

/// The authentication PIN.
pub(crate) const PIN: u16 = 0x0018;
const PASSWORD: u16 = 0x001B;

pub(crate) fn jpki(filling: &Filling<'_>) -> Application {
    let Filling { profile, person, options, certificate, .. } = filling;
    let key = options.user_key(*profile);
    let sign_certificate = profile.has_sign_certificate();
    let mut pin = if profile.pin_is_blocked() {
        Secret::blocked(limits::PIN_TRIES)
    } else {
        Secret::new(options.pin.as_bytes(), limits::PIN_TRIES)
    };
    if let Some(tries) = options.tries {
        pin.left = tries.min(limits::PIN_TRIES);
    }
    let certificate_access = if *profile == Profile::Android { Access::Any(&[PIN]) } else { Access::Free };
    let certificate = if options.faults.deep_tlv {
        super::picture::nested_templates(0x30)
    } else {
        user_certificate(person, key, options.issuer, *certificate)
    };

    let mut files = vec![
        File::bytes(0x0006, Access::Free, token_info(*profile, person.serial)),
        File::bytes(0x0008, Access::Free, vec![if sign_certificate { 0x8F } else { 0x00 }, 0x8F, 0x00]),
        File::bytes(0x000A, certificate_access, certificate),
        File::bytes(0x000B, Access::Free, key.authority_certificate(options.issuer)),
        File {
            id: AUTHORITY,
            access: Access::Never,
            content: Content::Authority(CvcId::INSTITUTION_CA, KeyName::InstitutionCa),
        },
        File::key(AUTHENTICATION_KEY, Access::Any(&[PIN]), key.of(person)),
        File::secret(PIN, pin),
    ];
    if sign_certificate {
        let validity = filling.certificate;
        files.extend([
            File::bytes(0x0001, Access::Any(&[PASSWORD]), signature_certificate(person, validity)),
            File::bytes(0x0002, Access::Free, Authority::Sign.certificate_der()),
            File::key(0x001A, Access::Any(&[PASSWORD]), KeyName::SignUser),
            File::secret(PASSWORD, Secret::new(options.sign_password.as_bytes(), limits::PASSWORD_TRIES)),
        ]);
    } else {
        files.push(File::bytes(0x0002, Access::Free, Authority::Sign.certificate_der()));
        files.push(File::secret(PASSWORD, Secret::blocked(limits::PASSWORD_TRIES)));
    }
    let aid = if *profile == Profile::NextGenDummy { NEXT_GENERATION_AID } else { JPKI_AID };
    Application::new(Kind::Jpki, &aid, files)
}

/// The PKCS #11 token information of card.md 4.1 with the values of E-07, 160 bytes.
fn token_info(profile: Profile, serial: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(160);
    // The predecessor's label was seen padded with zero bytes (card.md 1.3).
    let padding = if profile == Profile::Jukicard { 0x00 } else { b' ' };
    out.extend(padded(profile.token_label(), 32, padding));
    out.extend(padded("SOFTWARE EMULATED TEST CARD", 32, b' '));
    out.extend(padded("EMU", 16, b' '));
    out.extend(padded(&format!("{serial:016}"), 16, b' '));
    for number in [0x0000_040D_u32, 1, 0, 1, 0, 16, 6] {
        out.extend(number.to_be_bytes());
    }
    out.extend([0xFF; 16]);
    out.extend(*b"0301");
    out.extend([b'9'; 16]);
    out
}

fn padded(text: &str, length: usize, with: u8) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(length, with);
    bytes
}
