//! S12: the visit is over and wiped; what came of it, and 「カードをお取りください」. The next card starts at once.

use screen::{Progress, Screen, Sound, Target};

use super::{CardLeft, Doing, Idle, Key, Reply, StateName, WaitsFor};
use crate::session::{Context, Next};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TakingCard {
    pub(crate) farewell: Farewell,
}

/// What the patient is told at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Farewell {
    /// 「受付が完了しました」: the receipt is there.
    Done,
    /// The receipt is there and the desk has to talk to the patient (R2).
    Desk,
    /// 「確認は終わりました。受付に声をかけてください」: no receipt yet.
    Undelivered {
        /// The desk has to talk to the patient anyway.
        desk: bool,
    },
    /// The visit was given up.
    Cancelled,
}

impl TakingCard {
    pub(crate) fn cancelled() -> Self {
        Self { farewell: Farewell::Cancelled }
    }
}

impl Doing for TakingCard {
    fn name(&self) -> StateName {
        StateName::TakingCard
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        match self.farewell {
            Farewell::Done | Farewell::Desk | Farewell::Undelivered { .. } => Some(Progress::Done),
            Farewell::Cancelled => None,
        }
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        false
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        let take_card = at.card_present();
        match self.farewell {
            Farewell::Done => Screen::Done { take_card },
            Farewell::Desk => Screen::GoToDesk { finished: false, take_card },
            Farewell::Undelivered { .. } => Screen::GoToDesk { finished: true, take_card },
            Farewell::Cancelled => Screen::TakeCard,
        }
    }

    fn sound(&self) -> Option<Sound> {
        match self.farewell {
            Farewell::Done => Some(Sound::Done),
            Farewell::Desk | Farewell::Undelivered { .. } => Some(Sound::Again),
            Farewell::Cancelled => None,
        }
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        self.presence(at)
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

    fn card_removed(self, at: &mut Context<'_>) -> Next {
        self.presence(at)
    }

    fn presence(self, at: &mut Context<'_>) -> Next {
        if let Some(card) = at.new_card() {
            at.forget_patient();
            return at.begin(card);
        }
        if at.new_phone() {
            at.forget_patient();
            return at.early_phone();
        }
        if at.card_present() {
            at.arm(at.patience(at.policy.limits.card_left));
        } else if self.farewell == Farewell::Cancelled {
            return Next::Go(Idle.into());
        } else {
            at.arm(at.patience(at.policy.limits.farewell));
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

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn elapsed(self, at: &mut Context<'_>) -> Next {
        Next::Go(if at.card_present() { CardLeft::default().into() } else { Idle.into() })
    }

    /// A receipt that comes late still turns the screen, as long as the patient stands there.
    fn answered(self, reply: Reply, _: &mut Context<'_>) -> Next {
        match reply {
            Reply::Receipt => match self.farewell {
                Farewell::Undelivered { desk } => {
                    let farewell = if desk { Farewell::Desk } else { Farewell::Done };
                    Next::Go(Self { farewell }.into())
                }
                Farewell::Done | Farewell::Desk | Farewell::Cancelled => Next::Stay(self.into()),
            },
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
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}
