//! Other cards, as far as the helpful message of card.md 1.3 needs them: their applications can be selected.

use super::Filling;
use crate::chip::{Application, File, Kind, Secret};
use crate::limits::LICENCE_TRIES;
use crate::profile::Profile;

const LICENCE: [&[u8]; 2] = [
    &[0xA0, 0x00, 0x00, 0x02, 0x31, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    &[0xA0, 0x00, 0x00, 0x02, 0x31, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];
const RESIDENCE: [&[u8]; 3] = [
    &[0xD3, 0x92, 0xF0, 0x00, 0x4F, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    &[0xD3, 0x92, 0xF0, 0x00, 0x4F, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    &[0xD3, 0x92, 0xF0, 0x00, 0x4F, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];
const PASSPORT: [&[u8]; 1] = [&[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]];
const HPKI: [&[u8]; 2] = [
    &[0xE8, 0x28, 0xBD, 0x08, 0x0F, 0xA0, 0, 0, 0x03, 0x91, 0, 0, 0, 0, 0, 0x01],
    &[0xE8, 0x28, 0xBD, 0x08, 0x0F, 0xA0, 0, 0, 0x03, 0x91, 0, 0, 0, 0, 0, 0x02],
];

/// The driver's licence on a My Number card, and its PIN (card.md 1.3).
const LICENCE_ON_CARD: &[u8] = &[0xA0, 0x00, 0x00, 0x02, 0x31, 0x06, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const LICENCE_PIN: u16 = 0x0006;

/// The applications of another card that a profile carries.
pub(crate) fn foreign(filling: &Filling<'_>) -> Vec<Application> {
    let aids: &[&[u8]] = match filling.profile {
        Profile::LicenceOnCard => {
            let pin = Secret::new(filling.options.pin.as_bytes(), LICENCE_TRIES);
            return vec![Application::new(Kind::Foreign, LICENCE_ON_CARD, vec![File::secret(LICENCE_PIN, pin)])];
        }
        Profile::DriverLicence => &LICENCE,
        Profile::ResidenceCard | Profile::ResidenceOnCard => &RESIDENCE,
        Profile::Passport => &PASSPORT,
        Profile::Hpki => &HPKI,
        Profile::Standard
        | Profile::FaceOnly
        | Profile::PinBlocked
        | Profile::ExpiredCert
        | Profile::ExpiredCard
        | Profile::Jukicard
        | Profile::NextGenDummy
        | Profile::Android
        | Profile::Iphone
        | Profile::TamperedPhoto
        | Profile::Cloned
        | Profile::BBlocked
        | Profile::NoPhoto
        | Profile::TwoCardsInOne
        | Profile::ForeignResident
        | Profile::NoSignCert => &[],
    };
    aids.iter().map(|aid| Application::new(Kind::Foreign, aid, Vec::new())).collect()
}
