//! The movement that is asked for, told from the five points over time. A movement counts when it was asked for before it
//! began; a flat picture that is turned shows none.

use screen::Movement;

use crate::geometry::Face;
use crate::limits::{CLOSER, MOVEMENT_FRAMES, REACTION, TURN, UNDER_WAY};
use crate::pose::Pose;

/// How a face stood before it was asked to move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stance {
    /// Degrees, positive to the patient's own left.
    yaw: f32,
    /// Eye distance looking ahead, pixels.
    size: f32,
}

impl Stance {
    /// `None`: points that are no numbers.
    pub(super) fn of(face: &Face) -> Option<Self> {
        let stance = Self { yaw: Pose::of(face).yaw, size: face.size() };
        (stance.yaw.is_finite() && stance.size.is_finite() && stance.size > 1.0).then_some(stance)
    }

    /// The middle of several; one slip of the detector does not move it.
    pub(super) fn middle(stances: &[Self]) -> Option<Self> {
        let middle = |number: fn(&Self) -> f32| {
            let mut numbers: Vec<f32> = stances.iter().map(number).collect();
            numbers.sort_by(f32::total_cmp);
            numbers.get(numbers.len() / 2).copied()
        };
        Some(Self { yaw: middle(|stance| stance.yaw)?, size: middle(|stance| stance.size)? })
    }
}

/// What a frame says about the movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// Not yet.
    NotYet,
    /// Done, in time, after it was asked for.
    Done,
    /// It was under way before a person could have seen the request.
    TooEarly,
    /// Another movement came first.
    Other,
    /// Not done in time.
    TooLate,
}

/// One request and what came of it.
pub(super) struct Watch {
    pub(super) movement: Movement,
    asked_ns: u64,
    /// It is done by then.
    until_ns: u64,
    before: Stance,
    /// The face was seen at rest after the request.
    rested: bool,
    done_in_row: u32,
    other_in_row: u32,
    furthest: f32,
}

impl Watch {
    pub(super) fn new(movement: Movement, asked_ns: u64, until_ns: u64, before: Stance) -> Self {
        let (done_in_row, other_in_row, furthest) = (0, 0, 0.0);
        Self { movement, asked_ns, until_ns, before, rested: false, done_in_row, other_in_row, furthest }
    }

    /// Whether this face, seen next, would complete the movement.
    pub(super) fn would_complete(&self, face: &Face) -> bool {
        self.rested && self.done_in_row + 1 >= MOVEMENT_FRAMES && self.share(face) >= 1.0
    }

    /// How much of the movement was seen so far, 0 to 1.
    pub(super) fn furthest(&self) -> f32 {
        self.furthest.clamp(0.0, 1.0)
    }

    pub(super) fn late(&self, at_ns: u64) -> bool {
        at_ns > self.until_ns
    }

    /// Takes one frame of the same track. `seen`: its face vector is of the same person.
    pub(super) fn see(&mut self, at_ns: u64, face: &Face, seen: bool) -> Moved {
        if self.late(at_ns) {
            return Moved::TooLate;
        }
        let share = self.share(face);
        let at_once = since(self.asked_ns, at_ns) < nanoseconds(REACTION);
        if share > UNDER_WAY && (!self.rested || (at_once && share >= 1.0)) {
            return Moved::TooEarly;
        }
        self.rested = true;
        self.furthest = self.furthest.max(share);
        self.other_in_row = if self.other(face) { self.other_in_row + 1 } else { 0 };
        if self.other_in_row >= MOVEMENT_FRAMES {
            return Moved::Other;
        }
        // The frame that completes it must also show the same person.
        let complete = self.done_in_row + 1 >= MOVEMENT_FRAMES;
        if share < 1.0 {
            self.done_in_row = 0;
        } else if !complete {
            self.done_in_row += 1;
        } else if seen {
            return Moved::Done;
        }
        Moved::NotYet
    }

    /// How much of the movement a face shows; 1 is all of it, negative is the other way.
    fn share(&self, face: &Face) -> f32 {
        let Some(now) = Stance::of(face) else { return 0.0 };
        let turned = (now.yaw - self.before.yaw) / TURN;
        match self.movement {
            Movement::TurnLeft => turned,
            Movement::TurnRight => -turned,
            Movement::ComeCloser => (now.size / self.before.size - 1.0) / (CLOSER - 1.0),
        }
    }

    /// Whether a face shows another movement than the one asked for. Who turns the head may well lean forward.
    fn other(&self, face: &Face) -> bool {
        match self.movement {
            Movement::TurnLeft | Movement::TurnRight => self.share(face) <= -1.0,
            Movement::ComeCloser => Stance::of(face).is_some_and(|now| (now.yaw - self.before.yaw).abs() >= TURN),
        }
    }
}

pub(super) fn since(from_ns: u64, to_ns: u64) -> u64 {
    to_ns.saturating_sub(from_ns)
}

pub(super) fn nanoseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
