//! The applications of a card and the files in them, built for one person (card.md 2, 3).

mod foreign;
mod issuer;
mod jpki;
mod kenhojo;
mod kenkaku;
mod picture;

pub(crate) use foreign::foreign;
pub(crate) use issuer::{common, issuer, juki};
pub(crate) use jpki::{PIN, jpki};
pub(crate) use kenhojo::kenhojo;
pub(crate) use kenkaku::{SURFACE_CODE, kenkaku};

use jiff::civil::Date;

use crate::chip::Secret;
use crate::limits::CODE_TRIES;
use crate::options::CardOptions;
use crate::people::{self, Person, birth_code, western_birth_code};
use crate::pki::Validity;
use crate::profile::Profile;

/// 公的個人認証AP (card.md 2).
pub const JPKI_AID: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/// 券面事項確認AP.
pub const KENKAKU_AID: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
/// 券面事項入力補助AP.
pub const KENHOJO_AID: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];
/// 住基AP.
pub const JUKI_AID: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01];
/// 共通カードAP.
pub const COMMON_AID: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00];
/// The GlobalPlatform issuer domain, current at power-up.
pub const ISSUER_AID: [u8; 7] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
/// Made up (proprietary range, "EMUJPKI" 02): the authentication application of `next-gen-dummy`.
pub const NEXT_GENERATION_AID: [u8; 10] = [0xF0, 0x45, 0x4D, 0x55, 0x4A, 0x50, 0x4B, 0x49, 0x00, 0x02];

/// What the files are filled with.
pub(crate) struct Filling<'a> {
    pub(crate) profile: Profile,
    /// Whose user certificate it is.
    pub(crate) person: &'a Person,
    /// Who is printed on the card and stands in its records: the same, but for two cards in one.
    pub(crate) shown: &'a Person,
    pub(crate) options: &'a CardOptions,
    pub(crate) certificate: Validity,
    pub(crate) card_expires: Date,
}

impl Filling<'_> {
    /// 照合番号B of an application.
    pub(crate) fn surface_code(&self) -> Secret {
        if self.profile.surface_code_is_blocked() {
            Secret::blocked(CODE_TRIES)
        } else {
            Secret::new(printed_code(self.profile, self.shown, self.card_expires), CODE_TRIES)
        }
    }
}

/// The birth date as it is printed on this card: the first six digits of 照合番号B (card.md 5.1).
pub(crate) fn printed_birth(profile: Profile, person: &Person) -> String {
    if profile.is_foreign_residents() { western_birth_code(person.birth) } else { birth_code(person.birth) }
}

/// 照合番号B as it is printed on this card.
pub(crate) fn printed_code(profile: Profile, person: &Person, card_expires: Date) -> String {
    people::printed_code(&printed_birth(profile, person), person, card_expires)
}

/// Eight digits.
pub(crate) fn digits(date: Date) -> Vec<u8> {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day()).into_bytes()
}
