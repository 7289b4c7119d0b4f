//! Kinds of cards (card.md appendix A).

use std::fmt;
use std::str::FromStr;

use crate::people::{Person, everybody};

macro_rules! profiles {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What kind of card is emulated.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Profile { $($(#[$doc])* $name),* }

        impl Profile {
            /// All of them.
            pub const ALL: &'static [Profile] = &[$(Profile::$name),*];

            /// The name on command lines and in recordings.
            pub fn name(self) -> &'static str {
                match self { $(Profile::$name => $text),* }
            }
        }

        impl FromStr for Profile {
            type Err = UnknownProfile;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($text => Ok(Profile::$name),)* _ => Err(UnknownProfile(text.to_owned())) }
            }
        }
    };
}

profiles! {
    /// A My Number card in order.
    Standard = "standard";
    /// 顔認証マイナンバーカード: no PIN, no signature certificate (card.md 7.3, E-13).
    FaceOnly = "face-only";
    /// The authentication PIN has no tries left.
    PinBlocked = "pin-blocked";
    /// The user certificate ended yesterday.
    ExpiredCert = "expired-cert";
    /// The card itself, and with it the certificate, ended yesterday.
    ExpiredCard = "expired-card";
    /// 住基カード, the predecessor: other token label.
    Jukicard = "jukicard";
    /// A driver's licence: no JPKI.
    DriverLicence = "driver-licence";
    /// A residence card 在留カード: no JPKI.
    ResidenceCard = "residence-card";
    /// 特定在留カード: residence card and My Number card in one.
    ResidenceOnCard = "residence-on-card";
    /// A passport: no JPKI.
    Passport = "passport";
    /// A doctor's card: no JPKI.
    Hpki = "hpki";
    /// P-384 under a made-up AID, only for algorithm agility (card.md 9).
    NextGenDummy = "next-gen-dummy";
    /// An Android phone: JPKI only, the certificate wants the PIN (E-30).
    Android = "android";
    /// An iPhone: JPKI only, verified on the device (E-30).
    Iphone = "iphone";
    /// The photo was put in after the record was signed; everything else is right (card.md 5.4).
    TamperedPhoto = "tampered-photo";
    /// A copy: the record is right, active authentication is answered with another key (card.md 5.5).
    Cloned = "cloned";
    /// 照合番号B has no tries left, in Kenkaku and Kenhojo (card.md 3.5).
    BBlocked = "b-blocked";
    /// No photo, and validly signed so, as a card issued to somebody under one year has it.
    NoPhoto = "no-photo";
    /// Two chips in one card: the record of the photo is another person's than the certificate's, both validly signed.
    TwoCardsInOne = "two-cards-in-one";
    /// Of a foreign resident: the birth date is printed western, certificate and card end with the period of stay.
    ForeignResident = "foreign-resident";
    /// A card without signature certificate (署名用), as children have it; its PINs work.
    NoSignCert = "no-sign-cert";
    /// マイナ免許証: the driver's licence is an application of the My Number card (card.md 1.3).
    LicenceOnCard = "licence-on-card";
}

/// No profile has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no card profile is called {0:?}")]
pub struct UnknownProfile(String);

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Profile {
    /// Whether the JPKI application is there, under whatever AID.
    pub(crate) fn has_jpki(self) -> bool {
        match self {
            Profile::DriverLicence | Profile::ResidenceCard | Profile::Passport | Profile::Hpki => false,
            Profile::Standard
            | Profile::FaceOnly
            | Profile::PinBlocked
            | Profile::ExpiredCert
            | Profile::ExpiredCard
            | Profile::Jukicard
            | Profile::ResidenceOnCard
            | Profile::NextGenDummy
            | Profile::Android
            | Profile::Iphone
            | Profile::TamperedPhoto
            | Profile::Cloned
            | Profile::BBlocked
            | Profile::NoPhoto
            | Profile::TwoCardsInOne
            | Profile::ForeignResident
            | Profile::NoSignCert
            | Profile::LicenceOnCard => true,
        }
    }

    /// Whether it is the plastic card with Kenkaku, Kenhojo, Juki and Common.
    pub(crate) fn is_my_number_card(self) -> bool {
        self.has_jpki() && !self.is_phone() && self != Profile::Jukicard
    }

    /// A phone, not a card: it belongs on the reader for phones where there is one.
    pub fn is_phone(self) -> bool {
        matches!(self, Profile::Android | Profile::Iphone)
    }

    pub(crate) fn pin_is_blocked(self) -> bool {
        matches!(self, Profile::PinBlocked) || self.has_no_pins()
    }

    /// E-13: no PIN of the holder works, on any application.
    pub(crate) fn has_no_pins(self) -> bool {
        self == Profile::FaceOnly
    }

    pub(crate) fn has_sign_certificate(self) -> bool {
        !matches!(self, Profile::FaceOnly | Profile::NoSignCert)
    }

    /// The holder is a foreign resident; of a 特定在留カード always (card.md 4.7, 5.1).
    pub(crate) fn is_foreign_residents(self) -> bool {
        matches!(self, Profile::ForeignResident | Profile::ResidenceOnCard)
    }

    pub(crate) fn surface_code_is_blocked(self) -> bool {
        self == Profile::BBlocked
    }

    /// Whose photo, birth date and sex the card holds, when they are not the certificate's person's.
    pub(crate) fn other_person(self, person: &Person) -> Option<Person> {
        (self == Profile::TwoCardsInOne)
            .then(|| everybody().into_iter().find(|other| other.sex != person.sex && other.birth != person.birth))
            .flatten()
    }

    /// Token label (card.md 1.3; the made-up one of the next generation is ours).
    pub(crate) fn token_label(self) -> &'static str {
        match self {
            Profile::Jukicard => "JPKIAPICCTOKEN",
            Profile::Android => "JPKIAPGPSETOKEN",
            Profile::Iphone => "JPKIAPIOSTOKEN",
            Profile::NextGenDummy => "EMUNEXTGENTOKEN",
            Profile::Standard
            | Profile::FaceOnly
            | Profile::PinBlocked
            | Profile::ExpiredCert
            | Profile::ExpiredCard
            | Profile::DriverLicence
            | Profile::ResidenceCard
            | Profile::ResidenceOnCard
            | Profile::Passport
            | Profile::Hpki
            | Profile::TamperedPhoto
            | Profile::Cloned
            | Profile::BBlocked
            | Profile::NoPhoto
            | Profile::TwoCardsInOne
            | Profile::ForeignResident
            | Profile::NoSignCert
            | Profile::LicenceOnCard => "JPKIAPICCTOKEN2",
        }
    }
}
