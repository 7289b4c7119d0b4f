//! S4: the PIN pad. The session knows how many digits there are, never which (architecture, "PIN keys").

use screen::{PinNotice, Progress, Screen, Sound, Target};

use super::{
    CheckingPin, CheckingVisually, ChoosingMethod, Doing, Idle, Key, Reply, StateName, TakingCard, WaitsFor,
    placing_card::{CardFacts, opening_fault},
};
use crate::{
    effect::{Effect, Record},
    limits::{PIN_DIGITS, SHOW_TRIES_BELOW},
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EnteringPin {
    card: CardFacts,
    stage: Stage,
    digits: u8,
    wrong: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// One try is left: other ways first.
    Warning,
    /// Keys.
    Typing,
    /// One try is left and the digits are in: the second, explicit confirmation (law 1).
    Confirming,
}

impl EnteringPin {
    /// Before the first key, with the tries the card itself named.
    pub(crate) fn new(card: CardFacts) -> Self {
        let stage = if card.tries_left <= 1 { Stage::Warning } else { Stage::Typing };
        Self { card, stage, digits: 0, wrong: false }
    }

    /// After a wrong entry.
    pub(crate) fn again(card: CardFacts) -> Self {
        Self { wrong: true, ..Self::new(card) }
    }
}

impl Doing for EnteringPin {
    fn name(&self) -> StateName {
        StateName::EnteringPin
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        true
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        match self.stage {
            Stage::Warning => Screen::LastTry { face: at.face_open(&self.card), visual: at.visual_open(&self.card) },
            Stage::Typing => Screen::EnteringPin {
                phone: false,
                digits: self.digits,
                notice: (self.card.tries_left < SHOW_TRIES_BELOW)
                    .then_some(PinNotice { wrong: self.wrong, left: self.card.tries_left }),
                face: at.face_open(&self.card),
            },
            Stage::Confirming => Screen::ConfirmLastTry,
        }
    }

    fn sound(&self) -> Option<Sound> {
        self.wrong.then_some(Sound::Again)
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        at.effects.push(Effect::WipePin);
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, at: &mut Context<'_>) -> Next {
        match (self.stage, target) {
            (Stage::Warning | Stage::Typing, Target::Face) if at.face_open(&self.card) => {
                at.effects.push(Effect::WipePin);
                return Next::Go(at.face(self.card));
            }
            // Who does not know the PIN after all sees every way again.
            (Stage::Typing, Target::Back) => {
                at.effects.push(Effect::WipePin);
                return Next::Go(ChoosingMethod { card: self.card }.into());
            }
            (Stage::Warning, Target::Visual) if at.visual_open(&self.card) => {
                return Next::Go(CheckingVisually::new(self.card).into());
            }
            (Stage::Warning, Target::UseLastTry) => self.stage = Stage::Typing,
            (Stage::Typing, Target::Erase) if self.digits > 0 => {
                at.effects.push(Effect::DropDigit);
                self.digits -= 1;
            }
            (Stage::Typing, Target::Confirm) if self.digits == PIN_DIGITS => {
                if self.card.tries_left > 1 {
                    return Next::Go(CheckingPin::new(self.card).into());
                }
                self.stage = Stage::Confirming;
            }
            (Stage::Confirming, Target::Confirm) => return Next::Go(CheckingPin::new(self.card).into()),
            (Stage::Confirming, Target::Back) => {
                at.effects.push(Effect::WipePin);
                self.digits = 0;
                self.stage = Stage::Typing;
            }
            (Stage::Warning | Stage::Typing | Stage::Confirming, _) => {}
        }
        Next::Stay(self.into())
    }

    fn key(mut self, key: Key, at: &mut Context<'_>) -> Next {
        if key == Key::Pin && self.stage == Stage::Typing && self.digits < PIN_DIGITS {
            at.effects.push(Effect::KeepDigit);
            self.digits += 1;
        }
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    fn card_removed(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(Idle.into())
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, at: &mut Context<'_>) -> Next {
        at.fail(FaultCode::ReaderLost)
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    fn elapsed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None => Next::Stay(self.into()),
            },
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}
