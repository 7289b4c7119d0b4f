//! Everything a session can ask its drivers to do.

use std::time::Duration;

use screen::{Answerer, Era, Language, PhoneKind, SurfaceDigits, View, Wish};

use crate::{
    event::{Answer, DeadlineId, VisitId},
    policy::FaultCode,
    states::StateName,
};

/// What to do next. Drivers carry effects out in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Put this on the glass.
    Show(Box<View>),
    /// Report [`crate::Event::Deadline`] with this id after this time.
    Arm(DeadlineId, Duration),
    /// A visit begins: connect to the card (cold) and read token label, tries left and certificates.
    ReadCard(VisitId),
    /// Ask the service for a session; nonce and id stay in the driver.
    OpenSession(VisitId),
    /// Keep the digit of the event being handled.
    KeepDigit,
    /// Forget the last digit.
    DropDigit,
    /// Forget all digits and wipe them.
    WipePin,
    /// Check identity and tries again, send VERIFY once with the held digits, sign the statement, wipe the digits.
    VerifyAndSign(VerifyOrder),
    /// The one conversation with a phone: cold connect, recognise, with a PIN held VERIFY once, certificate, signature,
    /// power down. Ordered when a phone lies on its reader and the service's session is open.
    UsePhone(PhoneOrder),
    /// Compare the held digits with the facility's passcode and wipe them.
    CheckPasscode(VisitId),
    /// Staff compare: photo (as soon as it is there) beside the live picture, until [`Effect::StopLooking`].
    Compare(VisitId),
    /// Sign the card up as insurance card (S7); the answer is [`crate::Event::LookedUp`].
    Register(SignUp),
    /// Read the photo, authenticate it and hand it to the face worker (card.md 5).
    ReadPhoto(PhotoOrder),
    /// The worker opens its camera and begins a try as soon as it has the photo, with so much time for it.
    LookAtFace(VisitId, Pace),
    /// The try is given up: camera off.
    StopLooking(VisitId),
    /// Carry the service's commands of the PIN-less step to the card, then sign the statement (architecture: `relay`).
    SignWithoutPin(PinLessOrder),
    /// Send certificate and signature to the service.
    Authenticate(VisitId),
    /// Build the signed result, make it durable, deliver it until the receipt is there.
    Submit(Submission),
    /// The visit is given up before a result exists: tell the service, best effort.
    CancelSession(VisitId),
    /// The one way out of every visit: wipe secrets, power the card down, write the journal line.
    Finish(VisitId, Record),
    /// Tell staff something, or take it back.
    TellStaff(StaffNote),
}

/// How much time a patient has at the camera; the worker, who asks for movements, has times of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pace {
    /// As for everybody.
    #[default]
    Usual,
    /// ゆっくりモード, or the voice is on: three times as long.
    Slow,
}

/// One confirmed entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VerifyOrder {
    /// The visit.
    pub visit: VisitId,
    /// The card must still be this one.
    pub identity: [u8; 32],
    /// The card must still have so many tries; on any difference nothing is sent.
    pub tries_left: u8,
}

/// One reading of the photo.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhotoOrder {
    /// The visit.
    pub visit: VisitId,
    /// The card must still be this one.
    pub identity: [u8; 32],
    /// Where the surface code comes from.
    pub code: CodeSource,
}

/// Where the surface code comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CodeSource {
    /// Read it from the card's surface.
    Scanner,
    /// As keyed in; its plausibility is not yet checked.
    Keyed {
        /// How the birth date is printed.
        era: Era,
        /// YYMMDD, or YYYYMMDD for [`Era::Western`].
        birth_date: SurfaceDigits,
        /// YYYY.
        expiry_year: SurfaceDigits,
        /// Four digits.
        security_code: SurfaceDigits,
    },
}

/// One use of the card's key without PIN, after a face match or a visual check.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PinLessOrder {
    /// The visit.
    pub visit: VisitId,
    /// The card must still be this one.
    pub identity: [u8; 32],
    /// What proved the holder.
    pub by: ProvedBy,
}

/// What proved the holder before the PIN-less step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProvedBy {
    /// The worker's match; the driver holds it.
    Face,
    /// Staff compared and said 「同じ人です」.
    Staff {
        /// The number they gave, if any: 1 to 8 digits.
        number: Option<String>,
    },
}

/// One tap of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PhoneOrder {
    /// The visit.
    pub visit: VisitId,
    /// Which kind was chosen; `None`: held before anything was touched.
    pub expected: Option<PhoneKind>,
    /// Where it lies.
    pub at: PhonePlace,
}

/// At which reader a phone lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhonePlace {
    /// The phones' own.
    OwnReader,
    /// The card's.
    CardReader,
}

/// 「登録する」, answered twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignUp {
    /// The visit.
    pub visit: VisitId,
    /// Wording id.
    pub wording_id: String,
    /// Wording hash in the language shown.
    pub wording_hash: String,
    /// Language shown.
    pub language: Language,
    /// Who answered.
    pub by: Answerer,
}

/// What the patient answered, ready to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Submission {
    /// The visit.
    pub visit: VisitId,
    /// Every item the service named, in its order.
    pub items: Vec<ItemAnswer>,
}

/// One item's answer with the wording it was given to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemAnswer {
    /// The item.
    pub id: String,
    /// Wording id.
    pub wording_id: String,
    /// Wording hash in the language shown.
    pub wording_hash: String,
    /// Language shown.
    pub language: Language,
    /// The answer.
    pub answer: Answer,
    /// 「同じにする」 was pressed.
    pub carried_over: bool,
    /// Who pressed; of no meaning where nothing was pressed.
    pub by: Answerer,
}

/// How a visit ended, for the journal. No personal data, and not what was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// With the clinic's receipt.
    Received,
    /// The result is durable, the receipt not there yet.
    Undelivered,
    /// Given up before a result existed.
    Cancelled(StateName),
    /// Ended by a fault.
    Fault(FaultCode),
}

/// What staff are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StaffNote {
    /// The patient calls; a second note follows when they say what for.
    Called(Option<Wish>),
    /// A patient waits for the visual check.
    VisualCheck,
    /// The passcode was wrong three times: closed for five minutes, or until the console opens it.
    PasscodeClosed {
        /// Until the console opens it.
        for_day: bool,
    },
    /// Staff said 「ちがう人です」.
    OtherPerson,
    /// The face way is closed for this visit after its tries: the patient may need another way (S3f, E4).
    FaceUsedUp,
    /// The PIN was blocked in this visit (E5).
    PinBlocked,
    /// The certificate ends soon or has ended: told to the desk as to the patient.
    CertificateEnds,
    /// A fault needs them.
    Fault(FaultCode),
    /// The card was left in the reader.
    CardLeft,
    /// A finished visit has no receipt yet: look at the list of undelivered results.
    Undelivered,
    /// The desk must talk to this patient (R2).
    Desk,
}
