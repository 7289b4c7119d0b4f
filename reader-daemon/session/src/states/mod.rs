//! The states, one file each. A state says what the patient is doing; [`Doing`] has no default for anything that can
//! end a visit, so each state declares what cancel, card removed, time-out, device lost and link lost mean there.

mod card_left;
mod checking_pin;
mod checking_visually;
mod choosing_extras;
mod choosing_method;
mod choosing_phone;
mod entering_phone_pin;
mod entering_pin;
mod face_failed;
mod facing_camera;
mod giving_consent;
mod holding_phone;
mod idle;
mod keying_surface_code;
mod leaving;
mod needing_help;
mod offering_other_ways;
mod over;
mod pin_blocked;
mod pin_less_step;
mod placing_card;
mod reading_back;
mod reading_notice;
mod reception;
mod signing_up;
mod submitting;
mod taking_card;
mod waiting_for_result;

pub(crate) use card_left::CardLeft;
pub(crate) use checking_pin::CheckingPin;
pub(crate) use checking_visually::CheckingVisually;
pub(crate) use choosing_extras::ChoosingExtras;
pub(crate) use choosing_method::ChoosingMethod;
pub(crate) use choosing_phone::ChoosingPhone;
pub(crate) use entering_phone_pin::EnteringPhonePin;
pub(crate) use entering_pin::EnteringPin;
pub(crate) use face_failed::FaceFailed;
pub(crate) use facing_camera::FacingCamera;
pub(crate) use giving_consent::GivingConsent;
pub(crate) use holding_phone::HoldingPhone;
pub(crate) use idle::Idle;
pub(crate) use keying_surface_code::KeyingSurfaceCode;
pub(crate) use leaving::Leaving;
pub(crate) use needing_help::NeedingHelp;
pub(crate) use offering_other_ways::OfferingOtherWays;
pub(crate) use over::Over;
pub(crate) use pin_blocked::PinBlocked;
pub(crate) use pin_less_step::PinLessStep;
pub(crate) use placing_card::{CardFacts, PlacingCard};
pub(crate) use reading_back::ReadingBack;
pub(crate) use reading_notice::ReadingNotice;
pub(crate) use reception::Reception;
use screen::{Progress, Screen, Sound, Target};
pub(crate) use signing_up::SigningUp;
pub(crate) use submitting::Submitting;
pub(crate) use taking_card::{Farewell, TakingCard};
pub(crate) use waiting_for_result::WaitingForResult;

use crate::{
    event::{
        CardReading, ComparingWith, FaceSeen, Lookup, Opening, PasscodeResult, PhoneResult, PhotoResult, PinLessResult,
        PinResult, Storing, SurfaceDigit,
    },
    session::{Context, Next},
};

/// An answer to an effect of this visit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time travels, by value; the end of a certificate is the large one"
)]
pub(crate) enum Reply {
    CardRead(CardReading),
    Pin(PinResult),
    Photo(PhotoResult),
    Phone(PhoneResult),
    Passcode(PasscodeResult),
    Comparing(ComparingWith),
    Face(FaceSeen),
    PinLess(PinLessResult),
    Opened(Opening),
    LookedUp(Lookup),
    Stored(Storing),
    Receipt,
    Refused,
}

/// A key of a number pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// Of the PIN; the driver holds the digit.
    Pin,
    /// Of the surface code.
    Surface(SurfaceDigit),
    /// Of the staff number.
    Staff(u8),
}

/// Whom a state waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitsFor {
    /// The patient's fingers or eyes.
    Patient,
    /// The card's answers.
    Card,
    /// The clinic's service.
    Service,
    /// Staff, at the terminal or on their way to it.
    Staff,
    /// Nobody: between visits.
    Nobody,
}

/// What a state is and does.
pub(crate) trait Doing: Sized {
    /// Its name in timeline and diagram.
    fn name(&self) -> StateName;
    /// Whom it waits for.
    fn waits_for(&self) -> WaitsFor;
    /// Whether it asks the patient something: inactivity is watched then.
    fn asks(&self, at: &Context<'_>) -> bool;
    /// Where the visit is.
    fn progress(&self) -> Option<Progress>;
    /// Whether 「やめる」 is on the screen.
    fn offers_cancel(&self, at: &Context<'_>) -> bool;
    /// What is shown.
    fn screen(&self, at: &Context<'_>) -> Screen;
    /// Played when it is first shown.
    fn sound(&self) -> Option<Sound>;

    /// Begins its work, or leads on at once.
    fn enter(self, at: &mut Context<'_>) -> Next;
    /// Its view is on the glass.
    fn shown(self, at: &mut Context<'_>) -> Next;
    /// One of its targets was touched; a target it does not offer changes nothing.
    fn touched(self, target: Target, at: &mut Context<'_>) -> Next;
    /// A key of a number pad was touched.
    fn key(self, key: Key, at: &mut Context<'_>) -> Next;
    /// 「やめる」
    fn cancelled(self, at: &mut Context<'_>) -> Next;
    /// The visit's card was taken out, or another lies there now.
    fn card_removed(self, at: &mut Context<'_>) -> Next;
    /// Presence changed in another way: a new card, a reader back or gone while no card of the visit was in it.
    fn presence(self, at: &mut Context<'_>) -> Next;
    /// The reader is gone, with the visit's card in it.
    fn device_lost(self, at: &mut Context<'_>) -> Next;
    /// The health check lost the service. Requests under way have their own answers.
    fn link_lost(self, at: &mut Context<'_>) -> Next;
    /// The face way is closed (camera, worker or models), or the worker that had the photo was replaced.
    fn face_closed(self, at: &mut Context<'_>) -> Next;
    /// Nobody touched anything for so long.
    fn timed_out(self, at: &mut Context<'_>) -> Next;
    /// Its own deadline passed.
    fn elapsed(self, at: &mut Context<'_>) -> Next;
    /// A driver answered.
    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next;
}

macro_rules! states {
    ($($(#[$doc:meta])* $state:ident = $word:literal,)+) => {
        /// What the patient is doing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StateName {
            $($(#[$doc])* $state,)+
        }

        impl StateName {
            /// Every state, in the order of a visit.
            pub const ALL: &[Self] = &[$(Self::$state,)+];

            /// As in the diagram: `entering_pin`.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$state => $word,)+ }
            }
        }

        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum State {
            $($state($state),)+
        }

        $(impl From<$state> for State {
            fn from(state: $state) -> Self {
                Self::$state(state)
            }
        })+

        impl Doing for State {
            fn name(&self) -> StateName { match self { $(Self::$state(s) => s.name(),)+ } }
            fn waits_for(&self) -> WaitsFor { match self { $(Self::$state(s) => s.waits_for(),)+ } }
            fn asks(&self, at: &Context<'_>) -> bool { match self { $(Self::$state(s) => s.asks(at),)+ } }
            fn progress(&self) -> Option<Progress> { match self { $(Self::$state(s) => s.progress(),)+ } }
            fn offers_cancel(&self, at: &Context<'_>) -> bool { match self { $(Self::$state(s) => s.offers_cancel(at),)+ } }
            fn screen(&self, at: &Context<'_>) -> Screen { match self { $(Self::$state(s) => s.screen(at),)+ } }
            fn sound(&self) -> Option<Sound> { match self { $(Self::$state(s) => s.sound(),)+ } }
            fn enter(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.enter(at),)+ } }
            fn shown(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.shown(at),)+ } }
            fn touched(self, target: Target, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.touched(target, at),)+ } }
            fn key(self, key: Key, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.key(key, at),)+ } }
            fn cancelled(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.cancelled(at),)+ } }
            fn card_removed(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.card_removed(at),)+ } }
            fn presence(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.presence(at),)+ } }
            fn device_lost(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.device_lost(at),)+ } }
            fn link_lost(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.link_lost(at),)+ } }
            fn face_closed(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.face_closed(at),)+ } }
            fn timed_out(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.timed_out(at),)+ } }
            fn elapsed(self, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.elapsed(at),)+ } }
            fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next { match self { $(Self::$state(s) => s.answered(reply, at),)+ } }
        }
    };
}

states! {
    /// Nobody is there.
    Idle = "idle",
    /// 「カードがない方」 was touched.
    OfferingOtherWays = "offering_other_ways",
    /// iPhone or Android.
    ChoosingPhone = "choosing_phone",
    /// The PIN of an Android phone's certificate.
    EnteringPhonePin = "entering_phone_pin",
    /// The phone is held to its reader.
    HoldingPhone = "holding_phone",
    /// The card is being read.
    PlacingCard = "placing_card",
    /// Face, PIN or staff.
    ChoosingMethod = "choosing_method",
    /// The patient looks into the camera.
    FacingCamera = "facing_camera",
    /// The surface code is keyed in.
    KeyingSurfaceCode = "keying_surface_code",
    /// The camera step came to nothing.
    FaceFailed = "face_failed",
    /// Staff compare holder and photo.
    CheckingVisually = "checking_visually",
    /// The card's key is used without PIN.
    PinLessStep = "pin_less_step",
    /// Keys are being touched.
    EnteringPin = "entering_pin",
    /// VERIFY and signature.
    CheckingPin = "checking_pin",
    /// The PIN cannot be used.
    PinBlocked = "pin_blocked",
    /// The service looks the person up.
    WaitingForResult = "waiting_for_result",
    /// The certificate ends soon or has ended.
    ReadingNotice = "reading_notice",
    /// Not signed up yet: whether to do it now.
    SigningUp = "signing_up",
    /// 同意する / 同意しない
    GivingConsent = "giving_consent",
    /// Other certificates, and the form of the prescription.
    ChoosingExtras = "choosing_extras",
    /// The answers are read back before they are sent.
    ReadingBack = "reading_back",
    /// 「やめる」 after the lookup.
    Leaving = "leaving",
    /// The result is stored and delivered.
    Submitting = "submitting",
    /// The visit is over; the card is to be taken.
    TakingCard = "taking_card",
    /// The card was left behind.
    CardLeft = "card_left",
    /// A fault, and what to do.
    NeedingHelp = "needing_help",
}
