//! S13: the card was left behind. The visit's data are already wiped; the cue grows louder, then staff are told, again
//! and again until someone takes the card.

use screen::{Progress, Screen, Sound, Target};

use super::{Doing, Idle, Key, Reply, StateName, WaitsFor};
use crate::{
    effect::{Effect, StaffNote},
    session::{Context, Next},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CardLeft {
    stage: Stage,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Stage {
    #[default]
    Cue,
    Louder,
    Staff,
}

impl CardLeft {
    /// The text of a fault was on the glass as long as the first cue waits elsewhere, and longer.
    pub(crate) fn after_a_fault() -> Self {
        Self { stage: Stage::Louder }
    }
}

impl Doing for CardLeft {
    fn name(&self) -> StateName {
        StateName::CardLeft
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        None
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        false
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::CardLeft
    }

    fn sound(&self) -> Option<Sound> {
        let loudness = match self.stage {
            Stage::Cue => 1,
            Stage::Louder => 2,
            Stage::Staff => 3,
        };
        Some(Sound::TakeCard { loudness })
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        if !at.card_present() {
            return Next::Go(Idle.into());
        }
        let limits = &at.policy.limits;
        let after = match self.stage {
            Stage::Cue => limits.card_left_louder.saturating_sub(limits.card_left),
            Stage::Louder => limits.card_left_staff.saturating_sub(limits.card_left_louder),
            Stage::Staff => limits.card_left_staff,
        };
        at.arm(at.patience(after));
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, _: Target, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn card_removed(self, _: &mut Context<'_>) -> Next {
        Next::Go(Idle.into())
    }

    fn presence(self, at: &mut Context<'_>) -> Next {
        // Only at the phones' reader something changed.
        if at.card_present() {
            return Next::Stay(self.into());
        }
        Next::Go(Idle.into())
    }

    fn device_lost(self, _: &mut Context<'_>) -> Next {
        Next::Go(Idle.into())
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn elapsed(self, at: &mut Context<'_>) -> Next {
        let stage = match self.stage {
            Stage::Cue => Stage::Louder,
            Stage::Louder | Stage::Staff => {
                at.effects.push(Effect::TellStaff(StaffNote::CardLeft));
                Stage::Staff
            }
        };
        Next::Go(Self { stage }.into())
    }

    fn answered(self, reply: Reply, _: &mut Context<'_>) -> Next {
        match reply {
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
