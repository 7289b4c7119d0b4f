//! Deadlines: the state's own, and the one for nobody touching anything.

use std::time::Duration;

use super::{Context, State};
use crate::{
    effect::{Effect, Pace},
    event::DeadlineId,
    limits::{CALL_AGAIN, SLOW},
    states::Doing,
};

/// A deadline passed; one that was disarmed or armed again since changes nothing.
pub(super) fn deadline(state: State, id: DeadlineId, at: &mut Context<'_>) -> (State, bool) {
    let next = if at.common.step == Some(id) {
        at.common.step = None;
        state.elapsed(at)
    } else if at.common.inactivity == Some(id) {
        at.common.inactivity = None;
        match at.common.countdown {
            None => {
                let seconds = u8::try_from(at.patience(at.policy.limits.countdown).as_secs()).unwrap_or(u8::MAX);
                at.common.countdown = Some(seconds);
                at.arm_tick();
                return (state, false);
            }
            Some(seconds) if seconds > 1 => {
                at.common.countdown = Some(seconds - 1);
                at.arm_tick();
                return (state, false);
            }
            Some(_) => {
                at.common.countdown = None;
                state.timed_out(at)
            }
        }
    } else {
        if at.common.call == Some(id) {
            at.common.call = None;
        }
        return (state, false);
    };
    next.parts()
}

impl Context<'_> {
    pub(super) fn touched(&mut self, state: &State) {
        self.common.countdown = None;
        // What asked may have been an overlay that is closed now.
        self.common.inactivity = None;
        if state.asks(self) {
            self.arm_inactivity();
        }
    }

    /// So long in ゆっくりモード, and three times shorter otherwise.
    pub(crate) fn slowly(&self, time: Duration) -> Duration {
        if self.common.comfort.slow { time.saturating_mul(SLOW) } else { time }
    }

    /// So long in ゆっくりモード and with the voice, which takes its time to say what others see at once; three times
    /// shorter otherwise.
    pub(crate) fn patience(&self, time: Duration) -> Duration {
        match self.pace() {
            Pace::Slow => time.saturating_mul(SLOW),
            Pace::Usual => time,
        }
    }

    /// The same for whoever keeps the time elsewhere.
    pub(crate) fn pace(&self) -> Pace {
        let comfort = self.common.comfort;
        if comfort.slow || comfort.voice { Pace::Slow } else { Pace::Usual }
    }

    fn next_deadline(&mut self, after: Duration) -> DeadlineId {
        self.common.deadline += 1;
        let id = DeadlineId(self.common.deadline);
        self.effects.push(Effect::Arm(id, after));
        id
    }

    pub(super) fn arm_inactivity(&mut self) {
        self.common.inactivity = Some(self.next_deadline(self.patience(self.policy.limits.inactivity)));
    }

    fn arm_tick(&mut self) {
        self.common.inactivity = Some(self.next_deadline(Duration::from_secs(1)));
    }

    /// Staff were called; so long a further touch is the same call.
    pub(super) fn arm_call(&mut self) {
        self.common.call = Some(self.next_deadline(CALL_AGAIN));
    }

    /// Arms the state's own deadline; one armed before no longer counts.
    pub(crate) fn arm(&mut self, after: Duration) {
        self.common.step = Some(self.next_deadline(after));
    }
}
