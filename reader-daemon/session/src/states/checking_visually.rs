//! M1 to M3: staff compare holder and photo (patient-flow section 7). Photo and live picture stand side by side only
//! after the right passcode, and no longer than staff compare; whatever leads away turns the camera off first (law 6).

mod stage;

use screen::{PhotoShown, Progress, Screen, Sound, Target};

use self::stage::Stage;
use super::{
    CardFacts, ChoosingMethod, Doing, Idle, Key, PinLessStep, Reply, StateName, TakingCard, WaitsFor,
    placing_card::opening_fault,
};
use crate::{
    effect::{Effect, ProvedBy, Record, StaffNote},
    event::{ComparingWith, PasscodeResult, PhotoResult, VisualWay},
    face_facts::refusal,
    limits::{PASSCODE_DIGITS, PASSCODE_LEAST_DIGITS, STAFF_NUMBER_DIGITS},
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CheckingVisually {
    card: CardFacts,
    stage: Stage,
}

impl CheckingVisually {
    pub(crate) fn new(card: CardFacts) -> Self {
        Self { card, stage: Stage::Awaiting { told: false } }
    }

    fn to(self, stage: Stage) -> Next {
        Next::Go(Self { stage, ..self }.into())
    }

    /// Camera off and digits wiped, before anything else is shown.
    fn stop(&self, at: &mut Context<'_>) {
        match self.stage {
            Stage::Comparing(PhotoShown::Coming | PhotoShown::Here) => {
                at.effects.push(Effect::StopLooking(at.visit()));
            }
            Stage::Passcode { .. } => at.effects.push(Effect::WipePin),
            Stage::Awaiting { .. } | Stage::Checking | Stage::Comparing(PhotoShown::None) | Stage::Number { .. } => {}
        }
    }

    /// Back to the other ways; the method screen says why this one is closed, if it is.
    fn choose_again(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        Next::Go(ChoosingMethod { card: self.card }.into())
    }

    fn give_up(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    /// An overlay lies over it now: nobody compares unseen. Staff begin with the passcode again.
    pub(crate) fn covered(self, at: &mut Context<'_>) -> Next {
        if matches!(self.stage, Stage::Comparing(_)) {
            self.stop(at);
            return self.to(Stage::Awaiting { told: true });
        }
        Next::Stay(self.into())
    }

    /// There is no photo to compare with, and the live picture goes with it: staff compare another document.
    fn without_photo(self, at: &mut Context<'_>) -> Next {
        match self.stage {
            Stage::Comparing(PhotoShown::Coming | PhotoShown::Here) => {
                self.stop(at);
                self.to(Stage::Comparing(PhotoShown::None))
            }
            Stage::Awaiting { .. }
            | Stage::Passcode { .. }
            | Stage::Checking
            | Stage::Comparing(PhotoShown::None)
            | Stage::Number { .. } => Next::Stay(self.into()),
        }
    }

    fn photo(self, result: PhotoResult, at: &mut Context<'_>) -> Next {
        match result {
            PhotoResult::Ready => return Next::Stay(self.into()),
            PhotoResult::Changed => return at.fail(FaultCode::CardChanged),
            PhotoResult::NoSurfaceCode
            | PhotoResult::Implausible
            | PhotoResult::CodeWrong
            | PhotoResult::CodeStopped
            | PhotoResult::NoPhoto
            | PhotoResult::Tampered
            | PhotoResult::Cloned
            | PhotoResult::UnknownSigner
            | PhotoResult::Unusable
            | PhotoResult::NotRead => {}
        }
        if let Some((reason, fault)) = refusal(result) {
            at.common.face.close(reason);
            at.effects.extend(fault.map(|fault| Effect::TellStaff(StaffNote::Fault(fault))));
        }
        self.without_photo(at)
    }

    fn passcode(self, result: PasscodeResult, at: &mut Context<'_>) -> Next {
        let for_day = match result {
            PasscodeResult::Right => {
                let photo = if at.photo_comes() { PhotoShown::Coming } else { PhotoShown::None };
                return self.to(Stage::Comparing(photo));
            }
            PasscodeResult::Wrong { left } => return self.to(Stage::Passcode { digits: 0, wrong: Some(left) }),
            PasscodeResult::Closed => false,
            PasscodeResult::ClosedForDay => true,
        };
        at.common.visual_way = if for_day { VisualWay::ClosedForDay } else { VisualWay::Closed };
        at.effects.push(Effect::TellStaff(StaffNote::PasscodeClosed { for_day }));
        if self.card.tries_left == 0 && !at.face_open(&self.card) {
            return at.fail(FaultCode::PasscodeClosed);
        }
        self.choose_again(at)
    }

    fn same_person(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        self.to(Stage::Number { typed: String::new() })
    }

    fn confirmed(self, number: Option<String>) -> Next {
        Next::Go(PinLessStep::new(self.card, ProvedBy::Staff { number }).into())
    }
}

impl Doing for CheckingVisually {
    fn name(&self) -> StateName {
        StateName::CheckingVisually
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Staff
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        self.stage.asks()
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        self.stage.screen()
    }

    fn sound(&self) -> Option<Sound> {
        self.stage.sound()
    }

    fn enter(mut self, at: &mut Context<'_>) -> Next {
        let limits = at.policy.limits;
        match &mut self.stage {
            Stage::Awaiting { told } => {
                if !std::mem::replace(told, true) {
                    at.effects.push(Effect::TellStaff(StaffNote::VisualCheck));
                    at.want_photo(&self.card);
                }
                at.arm(at.patience(limits.staff_comes));
            }
            Stage::Passcode { .. } => at.effects.push(Effect::WipePin),
            Stage::Checking => {
                at.effects.push(Effect::CheckPasscode(at.visit()));
                at.arm(limits.verify);
            }
            Stage::Comparing(photo) => {
                if *photo == PhotoShown::Coming {
                    at.effects.push(Effect::Compare(at.visit()));
                }
                at.arm(if *photo == PhotoShown::Coming { limits.photo } else { limits.comparing });
            }
            Stage::Number { .. } => {}
        }
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, at: &mut Context<'_>) -> Next {
        match (&mut self.stage, target) {
            (Stage::Awaiting { .. }, Target::StaffHere) if at.visual_open(&self.card) => {
                return self.to(Stage::Passcode { digits: 0, wrong: None });
            }
            (Stage::Awaiting { .. }, Target::StaffHere | Target::Back) | (Stage::Passcode { .. }, Target::Back) => {
                return self.choose_again(at);
            }
            (Stage::Passcode { digits, .. }, Target::Erase) if *digits > 0 => {
                at.effects.push(Effect::DropDigit);
                *digits -= 1;
            }
            (Stage::Passcode { digits, .. }, Target::Confirm) if *digits >= PASSCODE_LEAST_DIGITS => {
                return self.to(Stage::Checking);
            }
            // Staff say so only once they see what they compare with.
            (Stage::Comparing(PhotoShown::Here | PhotoShown::None), Target::SamePerson) => return self.same_person(at),
            (Stage::Comparing(_), Target::OtherPerson) => {
                self.stop(at);
                at.effects.push(Effect::TellStaff(StaffNote::OtherPerson));
                return at.fail(FaultCode::VisualCheckFailed);
            }
            (Stage::Number { typed }, Target::Erase) => {
                typed.pop();
            }
            (Stage::Number { typed }, Target::Confirm) if !typed.is_empty() => {
                let number = std::mem::take(typed);
                return self.confirmed(Some(number));
            }
            (Stage::Number { .. }, Target::WithoutNumber) => return self.confirmed(None),
            (
                Stage::Awaiting { .. }
                | Stage::Passcode { .. }
                | Stage::Checking
                | Stage::Comparing(_)
                | Stage::Number { .. },
                _,
            ) => {}
        }
        Next::Stay(self.into())
    }

    fn key(mut self, key: Key, at: &mut Context<'_>) -> Next {
        match (&mut self.stage, key) {
            (Stage::Passcode { digits, .. }, Key::Pin) if *digits < PASSCODE_DIGITS => {
                at.effects.push(Effect::KeepDigit);
                *digits += 1;
            }
            (Stage::Number { typed }, Key::Staff(digit @ 0..=9)) if typed.len() < STAFF_NUMBER_DIGITS => {
                typed.push(char::from(b'0' + digit));
            }
            (
                Stage::Awaiting { .. }
                | Stage::Passcode { .. }
                | Stage::Checking
                | Stage::Comparing(_)
                | Stage::Number { .. },
                Key::Pin | Key::Surface(_) | Key::Staff(_),
            ) => {}
        }
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        self.give_up(at)
    }

    /// The PIN-less step needs the card that was compared (law 4).
    fn card_removed(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        at.finish(Record::Cancelled(self.name()));
        Next::Go(Idle.into())
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        at.fail(FaultCode::ReaderLost)
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// Camera or worker are gone, and the photo with them; staff go on with another document.
    fn face_closed(self, at: &mut Context<'_>) -> Next {
        self.without_photo(at)
    }

    /// Staff went away before they compared: the other ways. After 「同じ人です」 only the number is left out.
    fn timed_out(self, at: &mut Context<'_>) -> Next {
        if matches!(self.stage, Stage::Number { .. }) { self.confirmed(None) } else { self.choose_again(at) }
    }

    /// Staff did not come, the passcode was not answered, a photo did not come in time, or nobody said who it is.
    fn elapsed(self, at: &mut Context<'_>) -> Next {
        if matches!(self.stage, Stage::Comparing(PhotoShown::Coming)) {
            return self.without_photo(at);
        }
        self.choose_again(at)
    }

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Photo(result) => self.photo(result, at),
            Reply::Passcode(result) if self.stage == Stage::Checking => self.passcode(result, at),
            Reply::Comparing(ComparingWith::Photo) if self.stage == Stage::Comparing(PhotoShown::Coming) => {
                self.to(Stage::Comparing(PhotoShown::Here))
            }
            Reply::Comparing(ComparingWith::Nothing) => self.without_photo(at),
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => {
                    self.stop(at);
                    at.fail(fault)
                }
                None if at.visual_open(&self.card) => Next::Stay(self.into()),
                None => self.choose_again(at),
            },
            Reply::Passcode(_)
            | Reply::Comparing(ComparingWith::Photo)
            | Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Phone(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}
