//! The issuer domain, Juki and Common: as little as card.md 2.3 and 3.4 ask for.

use super::{COMMON_AID, Filling, ISSUER_AID, JUKI_AID, digits};
use crate::chip::{Access, Application, Content, File, Kind, Secret};
use crate::limits::PIN_TRIES;
use crate::pki::{CvcId, KeyName, cvc};

pub(crate) fn issuer(filling: &Filling<'_>) -> Application {
    // E-30: a phone answers every AID but JPKI's with 6A82. Nothing selects an application without a name.
    let aid = if filling.profile.is_phone() { &[][..] } else { &ISSUER_AID };
    let mut application = Application::new(Kind::Issuer, aid, Vec::new());
    if !filling.profile.is_my_number_card() {
        return application;
    }
    let certificate = cvc(CvcId::KENKAKU_CA, KeyName::KenkakuCa, CvcId::KENKAKU_SIGNER, KeyName::KenkakuSigner);
    application.objects = vec![
        (0x0042, b"EMULATED ISSUER.".to_vec()),
        (0x0045, format!("EMULATED{:08}", filling.person.serial).into_bytes()),
        (0x0066, vec![0x73, 0x06, 0x06, 0x04, 0x2A, 0x03, 0x04, 0x05]),
        (0x00F0, b"99999".to_vec()),
        (0x00F2, digits(filling.card_expires)),
        (0x00F7, CvcId::KENKAKU_CA.0.to_vec()),
        (0x7F21, certificate),
    ];
    application
}

pub(crate) fn juki(filling: &Filling<'_>) -> Application {
    let files = vec![
        File { id: 0x0002, access: Access::Free, content: Content::Records(vec![vec![0x00, 0x1C]]) },
        File::secret(0x001C, pin(filling)),
    ];
    Application::new(Kind::Juki, &JUKI_AID, files)
}

pub(crate) fn common(filling: &Filling<'_>) -> Application {
    let mut record = vec![0x01, 0x1C];
    record.extend(format!("{:015}99999", filling.person.serial).into_bytes());
    record.extend(digits(filling.card_expires));
    let files = vec![
        File { id: 0x0001, access: Access::Free, content: Content::Records(vec![record]) },
        File { id: 0x0002, access: Access::Free, content: Content::Records(vec![vec![0x00, 0x1C]]) },
        File { id: 0x0019, access: Access::Never, content: Content::OtherKey },
        File::secret(0x001C, pin(filling)),
    ];
    Application::new(Kind::Common, &COMMON_AID, files)
}

fn pin(filling: &Filling<'_>) -> Secret {
    if filling.profile.has_no_pins() {
        Secret::blocked(PIN_TRIES)
    } else {
        Secret::new(filling.options.pin.as_bytes(), PIN_TRIES)
    }
}
