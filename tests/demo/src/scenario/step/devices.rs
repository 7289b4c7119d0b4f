//! What can lie on a reader, sit before the camera, or be printed on a card, as files name it.

use screen::PhoneKind;

use crate::scenario::people::Person;

/// A card and how it behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSetup {
    /// What lies in the reader.
    pub lies: Lies,
    /// Its PIN, four ASCII digits. Not a secret: nobody owns this card.
    pub pin: String,
    /// Tries left when it is put in; `None`: as the card was left, three on first use.
    pub tries: Option<u8>,
    /// When its user certificate ends; `None`: in some years.
    pub certificate: Option<CertificateEnd>,
    /// It has no PIN (顔認証マイナンバーカード).
    pub face_only: bool,
    /// What is wrong with it, or missing in it (card.md 5); `None`: nothing.
    pub profile: Option<CardProfile>,
    /// Every exchange takes as long as the slowest real cards (card.md E-41).
    pub slow: bool,
}

/// What can be wrong with a My Number card where its photo is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardProfile {
    /// A byte of the photo was changed.
    TamperedPhoto,
    /// The records of another chip, without its key.
    Cloned,
    /// 照合番号B has no tries left.
    BBlocked,
    /// A card without photo (a baby's).
    NoPhoto,
    /// Photo, birth date and sex are another person's than the certificate.
    TwoCardsInOne,
    /// The user certificate is signed by nobody the terminal trusts.
    UnknownIssuer,
    /// Whoever signed the photo is unknown to the terminal.
    UnknownSigner,
    /// The photo is authentic and shows no face.
    PhotoOfNobody,
    /// The chip answers, and what it answers cannot be understood.
    Unreadable,
}

impl CardProfile {
    /// Every profile.
    pub const ALL: [Self; 9] = [
        Self::TamperedPhoto,
        Self::Cloned,
        Self::BBlocked,
        Self::NoPhoto,
        Self::TwoCardsInOne,
        Self::UnknownIssuer,
        Self::UnknownSigner,
        Self::PhotoOfNobody,
        Self::Unreadable,
    ];

    /// As scenario files write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TamperedPhoto => "tampered-photo",
            Self::Cloned => "cloned",
            Self::BBlocked => "b-blocked",
            Self::NoPhoto => "no-photo",
            Self::TwoCardsInOne => "two-cards-in-one",
            Self::UnknownIssuer => "unknown-issuer",
            Self::UnknownSigner => "unknown-signer",
            Self::PhotoOfNobody => "photo-of-nobody",
            Self::Unreadable => "unreadable",
        }
    }

    /// As `emulated-card` writes it; a photo of nobody is what every card has that is given no other.
    #[must_use]
    pub const fn order(self) -> &'static str {
        match self {
            Self::TamperedPhoto => " profile=tampered-photo",
            Self::Cloned => " profile=cloned",
            Self::BBlocked => " profile=b-blocked",
            Self::NoPhoto => " profile=no-photo",
            Self::TwoCardsInOne => " profile=two-cards-in-one",
            Self::UnknownIssuer => " issuer=unlisted",
            Self::UnknownSigner => " signer=unknown",
            Self::PhotoOfNobody => "",
            Self::Unreadable => " fault=deep-tlv",
        }
    }
}

/// Who sits before the camera, or what is wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sitter {
    /// `holder`: whoever is on the photo of the card that was put in last. So it is unless a file says otherwise.
    #[default]
    Holder,
    /// `見本 太郎`, `1002`
    Person(&'static Person),
    /// `another person`: somebody who is on no card.
    Other,
    /// `nobody`
    Nobody,
    /// `printed photo of 見本 花子`
    PrintedPhoto(&'static Person),
    /// `screen showing 見本 花子`
    OnScreen(&'static Person),
    /// `cut-out mask of 見本 花子`
    CutOutMask(&'static Person),
    /// `two people`
    TwoPeople,
    /// `too dark`
    TooDark,
    /// `moving`
    Moving,
    /// `unplugged`: no camera is there.
    Unplugged,
    /// `stalled`: after a few frames none comes any more.
    Stalled,
    /// `half jpeg`: no frame is whole.
    HalfJpeg,
}

/// What a file can do to the reading of the card's surface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SurfaceControl {
    /// The scanner reads what is printed. So it is unless a file says otherwise.
    #[default]
    ReadsRight,
    /// The next reading is another code; the one after it is right.
    ReadsWrongOnce,
    /// It reads nothing, so that the code has to be keyed in.
    ReadsNothing,
}

/// What is keyed in as surface code. Its digits depend on the day of the run, so a file cannot name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyed {
    /// What is printed on the card in the reader.
    AsPrinted,
    /// The same with another security code: the card refuses it.
    Wrong,
    /// A 13th month: it cannot be, and is never sent.
    Impossible,
}

/// What lies in the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// A person's My Number card.
    MyNumber(&'static Person),
    /// Something else.
    Other(OtherCard),
}

/// What is not a My Number card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherCard {
    /// 運転免許証
    DriversLicence,
    /// 住基カード
    JukiCard,
    /// A case or a card whose chip does not answer.
    NoChip,
}

impl OtherCard {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::DriversLicence, Self::JukiCard, Self::NoChip];

    /// As scenario files write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DriversLicence => "driver's licence",
            Self::JukiCard => "juki card",
            Self::NoChip => "card without chip",
        }
    }
}

/// When a user certificate ends, counted from the day of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateEnd {
    /// `certificate ends in 30 days`: the last valid day.
    In {
        /// Days from today.
        days: u16,
    },
    /// `certificate ended 20 days ago`: the last valid day.
    Ago {
        /// Days before today.
        days: u16,
    },
}

impl CertificateEnd {
    /// Days from today to the last valid day, negative when it is past.
    #[must_use]
    pub fn days(self) -> i32 {
        match self {
            Self::In { days } => i32::from(days),
            Self::Ago { days } => -i32::from(days),
        }
    }
}

/// A phone and how it behaves. Its certificate is its own; the clinic knows the same person behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneSetup {
    /// Whose.
    pub person: &'static Person,
    /// What it is.
    pub held: Held,
    /// PIN of the phone's own certificate, four ASCII digits. Not a secret: nobody owns this phone.
    pub pin: String,
    /// Tries left when it is held; `None`: as the phone was left, three on first use.
    pub tries: Option<u8>,
    /// When its certificate ends; `None`: in some years.
    pub certificate: Option<CertificateEnd>,
    /// Its key is one of P-256 instead of RSA.
    pub p256: bool,
    /// An iPhone that has checked its holder.
    pub verified: bool,
    /// Its certificate is signed by nobody the terminal trusts.
    pub unknown_issuer: bool,
    /// Every exchange takes as long as the slowest real ones.
    pub slow: bool,
}

/// What is held to the reader for phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A phone.
    Phone(PhoneKind),
    /// By mistake the person's My Number card.
    Card,
}

/// Where the terminal of a file takes phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phones {
    /// `none`. So it is unless a file says otherwise.
    #[default]
    Nowhere,
    /// `own reader`
    OwnReader,
    /// `card reader`
    CardReader,
}

/// Who set the passcode of the visual check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasscodeBy {
    /// The clinic's service tells it to its terminals.
    Clinic,
    /// It was set at the terminal.
    Terminal,
    /// The visual check is offered, and nobody has set one.
    Nobody,
}

/// What kind of terminal a file runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Where phones are taken.
    pub phones: Phones,
    /// Who set the passcode; `None`: the visual check is not offered at all.
    pub passcode: Option<PasscodeBy>,
    /// Wrong passcodes closed the visual check twice today; it is open again.
    pub closed_twice: bool,
    /// It has no face way, whatever the file speaks of: no camera, no scanner, no models.
    pub faceless: bool,
}

/// The passcode, wherever one is set. Not a secret: it opens nothing but emulated terminals.
pub const PASSCODE: &str = "135790";
/// The same as clinic and terminal keep it.
pub const PASSCODE_HASHED: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbmJ5dGVzYWx0MQ$mQLDz9Kd2ZzgAzcsczqMAPvIpxp1DBf9nR+uVU9GzOY";
