//! What lies on the reader (card.md 1.3): by SELECT and token label, never by ATR. JPKI is tried first and wins.

use crate::{
    CardError, Channel,
    apdu::StatusWord,
    commands::{
        read_binary::{self, Read},
        select::{self, Selected},
    },
    conversation::Conversation,
};

use super::{ef, token};

/// One kind of card with a JPKI application. Data, because the next generation will have another (card.md 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Identifier of the application, whole: the card would accept a beginning of it.
    pub aid: &'static [u8],
    /// Token label without padding.
    pub label: &'static str,
}

/// The card of today.
pub const MY_NUMBER_CARD: Profile =
    Profile { aid: &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01], label: "JPKIAPICCTOKEN2" };

/// What it is. Leaves the JPKI application selected where it is a My Number card or a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// A My Number card (or a residence card that is one as well).
    MyNumber {
        /// Its token says that it is an emulated one (card.md E-07).
        emulated: bool,
    },
    /// A phone (card.md 8): [`crate::sign_with_phone`] works with it, on a connection of its own.
    Phone(PhoneKind),
    /// Another card.
    Other(OtherCard),
}

/// Which phone, by its token label: their rules for the PIN differ (card.md 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhoneKind {
    /// Wants the PIN of its own user certificate, typed on the terminal.
    Android,
    /// Verifies its holder itself, before it is held to the reader.
    Iphone,
}

/// What lies there instead of a My Number card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OtherCard {
    /// 運転免許証
    DriversLicence,
    /// 在留カード
    ResidenceCard,
    /// 旅券
    Passport,
    /// HPKI (doctor's card)
    Hpki,
    /// 住基カード, no longer issued
    JukiCard,
    /// Anything else
    Unknown,
}

/// Labels of JPKI tokens that are no My Number card.
const OTHER_TOKENS: [(&str, Recognised); 3] = [
    ("JPKIAPICCTOKEN", Recognised::Other(OtherCard::JukiCard)),
    ("JPKIAPGPSETOKEN", Recognised::Phone(PhoneKind::Android)),
    ("JPKIAPIOSTOKEN", Recognised::Phone(PhoneKind::Iphone)),
];

/// Applications of other cards, tried one after the other where there is no JPKI.
const OTHER_APPLICATIONS: [(&[u8], OtherCard); 8] = [
    (&licence(0x01), OtherCard::DriversLicence),
    (&licence(0x02), OtherCard::DriversLicence),
    (&residence(0x02), OtherCard::ResidenceCard),
    (&residence(0x03), OtherCard::ResidenceCard),
    (&residence(0x04), OtherCard::ResidenceCard),
    (&[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01], OtherCard::Passport),
    (&hpki(0x01), OtherCard::Hpki),
    (&hpki(0x02), OtherCard::Hpki),
];

const fn licence(number: u8) -> [u8; 16] {
    [0xA0, 0x00, 0x00, 0x02, 0x31, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
}

const fn residence(number: u8) -> [u8; 16] {
    [0xD3, 0x92, 0xF0, 0x00, 0x4F, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
}

const fn hpki(number: u8) -> [u8; 16] {
    [0xE8, 0x28, 0xBD, 0x08, 0x0F, 0xA0, 0x00, 0x00, 0x03, 0x91, 0, 0, 0, 0, 0, number]
}

/// `6283`: the application is locked for good. The card is a My Number card, but one for the municipality.
const LOCKED: StatusWord = StatusWord(0x6283);

/// Says what lies on the reader. The channel was connected for this and nothing else was sent.
///
/// # Errors
/// [`CardError`]; a card that merely is another one is no error.
pub fn recognise(channel: &mut dyn Channel, profiles: &[Profile]) -> Result<Recognised, CardError> {
    let mut card = Conversation::fresh(channel);
    for profile in profiles {
        let mut selected = select::application(&mut card, profile.aid)?;
        if let Selected::Refused(_) = selected {
            selected = select::application(&mut card, profile.aid)?;
        }
        match selected {
            Selected::Yes => return token(&mut card, profile),
            Selected::Refused(LOCKED) => return Err(select::unexpected(LOCKED)),
            Selected::NotThere | Selected::Refused(_) => {}
        }
    }
    for (aid, kind) in OTHER_APPLICATIONS {
        if select::application(&mut card, aid)? == Selected::Yes {
            return Ok(Recognised::Other(kind));
        }
    }
    Ok(Recognised::Other(OtherCard::Unknown))
}

fn token(card: &mut Conversation<'_>, profile: &Profile) -> Result<Recognised, CardError> {
    let Read::Data(info) = read_binary::start_of(card, ef::TOKEN, token::LABEL_AND_MANUFACTURER)? else {
        return Ok(Recognised::Other(OtherCard::Unknown));
    };
    let label = token::label(&info);
    if profile.label.as_bytes() == label {
        return Ok(Recognised::MyNumber { emulated: token::is_emulated(&info) });
    }
    let other = OTHER_TOKENS.iter().find(|(known, _)| known.as_bytes() == label);
    Ok(other.map_or(Recognised::Other(OtherCard::Unknown), |(_, what)| *what))
}
