//! What a card or a phone answers.

use screen::PhoneKind;

/// What the card said about itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CardReading {
    /// A My Number card whose certificate chains to a configured anchor.
    MyNumber {
        /// SHA-256 of the user certificate: the identity this visit is bound to.
        identity: [u8; 32],
        /// PIN tries left, read from the card.
        tries_left: u8,
        /// This card's key can be used without PIN by this program (card.md 7.4, 7.5): an emulated card only.
        pin_less: bool,
    },
    /// A My Number card whose certificate chain is broken or ends at an anchor that is not configured.
    Untrusted,
    /// A phone, at a reader that takes both: the token label decides (card.md 1.3). Nothing but the label was read.
    Phone(PhoneKind),
    /// Another card.
    Other(OtherCard),
    /// The chip could not be read.
    Unreadable,
    /// The reader's call did not return in time.
    Wedged,
}

/// What lies there instead of a My Number card (card.md 1.3).
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
    /// An Android phone or an iPhone, where no phone is taken
    Phone,
    /// Anything else
    Unknown,
}

/// What came of one confirmed PIN entry. VERIFY was sent at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PinResult {
    /// Accepted, and the statement is signed; the driver holds the signature.
    Signed,
    /// Wrong; so many tries are left (at least one).
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Wrong, and that was the last try; or blocked before.
    Blocked,
    /// Identity or tries differ from what was read before the first key: nothing was sent.
    Changed,
    /// The card or the reader failed before VERIFY was sent: no try was spent.
    NotSent,
    /// The answer to VERIFY, or what follows it, was lost. A try may be spent; nothing is repeated.
    Lost,
}

/// What came of one tap of a phone. VERIFY was sent at most once in it, and only after a confirmed PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneResult {
    /// The phone's certificate is read and the statement signed; the driver holds both.
    Signed {
        /// SHA-256 of the user certificate: the identity this visit is bound to from here on.
        identity: [u8; 32],
    },
    /// An Android phone was held and no PIN is there yet: nothing was sent. So many tries are left.
    PinWanted {
        /// Tries left.
        tries_left: u8,
    },
    /// The other kind of phone; nothing was sent.
    OtherKind(PhoneKind),
    /// The iPhone has not checked its holder.
    NotVerified,
    /// Wrong; so many tries are left (at least one).
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// One try is left: nothing is sent from a terminal (law 1).
    LastTry,
    /// No tries left, or the last one was wrong.
    Blocked,
    /// A card or something else, not a phone.
    NotAPhone,
    /// Its certificate does not end at a configured anchor.
    Untrusted,
    /// It moved away before VERIFY, or there was no session yet: nothing is spent, the PIN is still held.
    NotRead,
    /// The answer to VERIFY, or what follows it, was lost: the PIN is wiped, nothing is repeated by itself.
    Lost,
}
