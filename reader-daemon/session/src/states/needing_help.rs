//! Every error ends here: what happened, what to do next, and staff are told. The visit is finished on entering.

use screen::{FaultText, PhoneWay, Picture, Progress, Screen, Sound, Target, Way};

use super::{CardLeft, Doing, Farewell, Idle, Key, Reply, StateName, TakingCard, WaitsFor};
use crate::{
    effect::{Effect, Record, StaffNote},
    event::{CardReading, OtherCard, Presence, Storing},
    limits::UNREADABLE_IN_A_ROW,
    policy::{FaultCode, Reason},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NeedingHelp {
    pub(crate) fault: FaultCode,
    /// What lies there instead of a My Number card.
    pub(crate) kind: Option<OtherCard>,
    /// It was on the glass: its time runs from then, whatever lies over it later.
    pub(crate) seen: bool,
}

impl NeedingHelp {
    /// Ways that are still open from here (patient-flow section 12). Where only the desk can help there is none.
    fn ways(&self, at: &Context<'_>) -> Vec<Way> {
        let retryable = at.policy.texts.retryable.contains(&self.fault) && !self.twice(at);
        let again = retryable && Again::now(at).is_some();
        again.then_some(Way::Again).into_iter().chain(self.other_ways(at)).collect()
    }

    /// The text had its time: a card that still lies there is cued.
    fn leave(self, at: &mut Context<'_>) -> Next {
        Next::Go(if at.card_present() { CardLeft::after_a_fault().into() } else { Idle.into() })
    }

    /// Its text is being scrolled or listened to again: it has its time anew.
    pub(crate) fn read_again(self, at: &mut Context<'_>) -> Self {
        at.arm(at.patience(at.policy.limits.fault));
        self
    }

    /// E1: the second card in a row of this patient that could not be read. Only the desk helps now.
    fn twice(&self, at: &Context<'_>) -> bool {
        self.fault == FaultCode::CardUnreadable && at.common.unreadable >= UNREADABLE_IN_A_ROW
    }

    fn other_ways(&self, at: &Context<'_>) -> Vec<Way> {
        let phone = at.phone_way() != PhoneWay::No;
        match self.fault {
            FaultCode::CardUnreadable | FaultCode::OtherCard | FaultCode::ReaderLost if phone => vec![Way::Phone],
            // Held too early and too short at a reader for both it may have been a phone.
            FaultCode::CardRemoved if at.phone_way() == PhoneWay::SameReader => vec![Way::Phone],
            FaultCode::PhoneUnreadable
            | FaultCode::NotAPhone
            | FaultCode::PhonePinBlocked
            | FaultCode::PhoneLastTry
            | FaultCode::PhoneCertificateGone
            | FaultCode::PhoneReaderLost => vec![Way::Card],
            FaultCode::CertificateUntrusted | FaultCode::PinAnswerLost if at.common.by_phone => vec![Way::Card],
            FaultCode::CardUnreadable
            | FaultCode::OtherCard
            | FaultCode::CertificateGone
            | FaultCode::CertificateUntrusted
            | FaultCode::CertificateSuspended
            | FaultCode::CardRemoved
            | FaultCode::CardChanged
            | FaultCode::PinAnswerLost
            | FaultCode::ReaderLost
            | FaultCode::ServiceUnreachable
            | FaultCode::ClockSkew
            | FaultCode::ServiceRefused
            | FaultCode::ProofRejected
            | FaultCode::CentreError
            | FaultCode::NotSignedUp
            | FaultCode::SignUpFailed
            | FaultCode::StorageFailed
            | FaultCode::ResultRefused
            | FaultCode::CameraLost
            | FaultCode::FaceModels
            | FaultCode::PhotoTampered
            | FaultCode::CardCloned
            | FaultCode::SignerUnknown
            | FaultCode::SurfaceCodeStopped
            | FaultCode::PhotoUnusable
            | FaultCode::PinLessRefused
            | FaultCode::PersonDiffers
            | FaultCode::VisualCheckFailed
            | FaultCode::PasscodeClosed
            | FaultCode::ScreenAlone => Vec::new(),
        }
    }
}

/// What 「もう一度」 begins: the visit from its start, by the same medium.
enum Again {
    /// With the card that lies there; one that was taken out begins it by being set again.
    Card(u32),
    /// A phone that is no longer held is chosen anew.
    Phone,
}

impl Again {
    fn now(at: &Context<'_>) -> Option<Self> {
        if at.common.by_phone {
            return (at.phone_way() != PhoneWay::No).then_some(Self::Phone);
        }
        match at.common.presence {
            Presence::Card(card) => Some(Self::Card(card)),
            Presence::Empty | Presence::Mute | Presence::NoReader => None,
        }
    }
}

impl Doing for NeedingHelp {
    fn name(&self) -> StateName {
        StateName::NeedingHelp
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    /// Only what lies over it: what staff are called for, a language, the switches.
    fn asks(&self, at: &Context<'_>) -> bool {
        at.common.overlay.is_some()
    }

    fn progress(&self) -> Option<Progress> {
        None
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        false
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        let mut fault = at.fault_text(self.fault);
        let sentence = self.kind.and_then(|kind| at.policy.texts.other_cards.get(&(kind, at.common.language)));
        if let Some(sentence) = sentence {
            fault.headline.clone_from(sentence);
        }
        let twice = at.policy.texts.twice.get(&(self.fault, at.common.language)).filter(|_| self.twice(at));
        if let Some(next) = twice {
            fault.next.clone_from(next);
            fault.picture = Picture::Desk;
        }
        let lies = matches!(at.common.presence, Presence::Card(_) | Presence::Mute);
        // A phone is in its holder's hand.
        let take_card = lies && !(at.common.by_phone && at.policy.phone == PhoneWay::SameReader);
        Screen::NeedHelp { fault, take_card, ways: self.ways(at) }
    }

    /// What the patient can do again, or what somebody else has to do.
    fn sound(&self) -> Option<Sound> {
        let again = matches!(
            self.fault,
            FaultCode::CardUnreadable
                | FaultCode::OtherCard
                | FaultCode::CardRemoved
                | FaultCode::CardChanged
                | FaultCode::PhoneUnreadable
                | FaultCode::NotAPhone
        );
        Some(if again { Sound::Again } else { Sound::Failed })
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Fault(self.fault));
        at.effects.push(Effect::TellStaff(StaffNote::Fault(self.fault)));
        if let Some(card) = at.new_card() {
            // Set again, or the next patient's: reading it says more than the fault of a card that is gone.
            return begin_again(card, at);
        }
        let unreadable = self.fault == FaultCode::CardUnreadable;
        let before = if unreadable { at.common.unreadable } else { 0 };
        at.common.unreadable = (before + u8::from(unreadable)).min(UNREADABLE_IN_A_ROW);
        let limits = &at.policy.limits;
        at.arm(if at.card_present() { at.patience(limits.card_left_staff) } else { at.patience(limits.fault) });
        Next::Stay(self.into())
    }

    /// From now on the text can be read; after that a card that still lies there is cued.
    fn shown(mut self, at: &mut Context<'_>) -> Next {
        if !std::mem::replace(&mut self.seen, true) && at.card_present() {
            at.arm(at.patience(at.policy.limits.fault));
        }
        Next::Stay(self.into())
    }

    /// A way that is still open begins from here.
    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        let ways = self.ways(at);
        if target == Target::Again && ways.contains(&Way::Again) {
            return match Again::now(at) {
                Some(Again::Card(card)) => begin_again(card, at),
                Some(Again::Phone) => {
                    at.forget_call();
                    at.choose_phone()
                }
                None => Next::Stay(self.into()),
            };
        }
        if target == Target::Phone && ways.contains(&Way::Phone) {
            at.forget_call();
            return at.choose_phone();
        }
        if target == Target::Card && ways.contains(&Way::Card) {
            return at.card_after_all();
        }
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn card_removed(self, at: &mut Context<'_>) -> Next {
        self.presence(at)
    }

    /// A new card is a new visit, and so is a phone; a card taken out leaves the text a little longer.
    fn presence(self, at: &mut Context<'_>) -> Next {
        if let Some(card) = at.new_card() {
            return begin_again(card, at);
        }
        if at.new_phone() {
            at.forget_patient();
            return at.early_phone();
        }
        if !at.card_present() {
            // The same card set again is a new visit too.
            at.common.card = None;
            at.arm(at.patience(at.policy.limits.fault));
        }
        Next::Stay(self.into())
    }

    fn device_lost(self, at: &mut Context<'_>) -> Next {
        self.presence(at)
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// Nobody is at what lies over it either.
    fn timed_out(self, at: &mut Context<'_>) -> Next {
        self.leave(at)
    }

    /// Whoever is about to say what staff are called for is not done with it: that has its own time.
    fn elapsed(self, at: &mut Context<'_>) -> Next {
        if at.common.overlay.is_some() {
            at.arm(at.patience(at.policy.limits.fault));
            return Next::Stay(self.into());
        }
        self.leave(at)
    }

    /// A disk that was only slow: the result is durable after all and is on its way, so the screen takes back that it
    /// is not (law 7).
    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Stored(Storing::Durable) if self.fault == FaultCode::StorageFailed => {
                at.effects.push(Effect::TellStaff(StaffNote::Undelivered));
                Next::Go(TakingCard { farewell: Farewell::Undelivered { desk: false } }.into())
            }
            // It was a phone that was held too early and too short: understood all the same.
            Reply::CardRead(CardReading::Phone(phone))
                if self.fault == FaultCode::CardRemoved && at.phone_way() != PhoneWay::No =>
            {
                at.early_phone_of(phone)
            }
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::Opened(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}

/// The screen itself asks to set the card again: language and type size stay as they were chosen, until the card is read.
/// One that was not the same all the time may be the next patient's.
fn begin_again(card: u32, at: &mut Context<'_>) -> Next {
    at.common.doubted |= at.common.card != Some(card);
    at.forget_call();
    at.begin(card)
}

impl Context<'_> {
    /// The patient's text of a fault; the code alone should the table lack it (a test keeps it complete).
    pub(crate) fn fault_text(&self, code: FaultCode) -> FaultText {
        let text = self.policy.texts.faults.get(&(code, self.common.language)).cloned();
        FaultText {
            code: code.number(),
            ..text.unwrap_or(FaultText {
                code: String::new(),
                headline: String::new(),
                next: String::new(),
                picture: Picture::Desk,
            })
        }
    }

    /// Why a method is closed.
    pub(crate) fn reason(&self, reason: Reason) -> String {
        self.policy.texts.reasons.get(&(reason, self.common.language)).cloned().unwrap_or_default()
    }
}
