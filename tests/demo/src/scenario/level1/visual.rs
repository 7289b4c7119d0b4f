//! The passcode and the comparison by staff as the session meets them.

use std::time::Duration;

use screen::Target;
use session::{ComparingWith, Event, PasscodeResult, VisitId, VisualWay};

use super::{Due, PureWorld};
use crate::scenario::step::PASSCODE;

/// Wrong ones in a row that close the check (patient-flow section 7).
const TRIES: u8 = 3;
/// The closing of a day that time does not open again.
const CLOSINGS: u8 = 3;
/// Argon2id takes so long.
const HASH: Duration = Duration::from_millis(120);
/// It stays closed for so long.
const CLOSED: Duration = Duration::from_secs(300);
/// The photo is on the glass so soon.
const PHOTO: Duration = Duration::from_millis(50);

/// Everything of the visual check that is not on the glass.
#[derive(Default)]
pub(super) struct VisualCheck {
    set: bool,
    wrong: u8,
    closed: bool,
    /// How often it closed today; the third time only staff open it again.
    closings: u8,
    /// 「決定」 was touched on the pad of the passcode.
    confirmed: bool,
    /// The passcode of this visit was right.
    open: bool,
    /// Staff said in this visit that it is the same person.
    same: bool,
}

impl VisualCheck {
    pub(super) fn new(set: bool, closed_twice: bool) -> Self {
        Self { set, closings: if closed_twice { CLOSINGS - 1 } else { 0 }, ..Self::default() }
    }

    pub(super) fn way(&self) -> VisualWay {
        match (self.set, self.closed) {
            (false, _) => VisualWay::NoPasscode,
            (true, true) if self.closings == CLOSINGS => VisualWay::ClosedForDay,
            (true, true) => VisualWay::Closed,
            (true, false) => VisualWay::Ready,
        }
    }

    /// Staff opened it: the day's closings are forgotten.
    pub(super) fn open_again(&mut self) {
        (self.wrong, self.closed, self.closings) = (0, false, 0);
    }

    /// The time of a closing is over; after the third of a day time opens nothing.
    pub(super) fn time_is_over(&mut self) {
        self.closed &= self.closings == CLOSINGS;
    }

    pub(super) fn forget_visit(&mut self) {
        (self.confirmed, self.open, self.same) = (false, false, false);
    }

    pub(super) fn touched(&mut self, target: Option<Target>) {
        self.confirmed = target == Some(Target::Confirm);
        self.same |= target == Some(Target::SamePerson) && self.open;
    }

    /// Staff said so; used once.
    pub(super) fn take_same(&mut self) -> bool {
        std::mem::take(&mut self.same)
    }
}

impl PureWorld {
    pub(super) fn check_passcode(&mut self, visit: VisitId) {
        let digits = std::mem::take(&mut self.digits);
        // The last touch of the glass was 「決定」 on the passcode's pad, not on the PIN's.
        if !std::mem::take(&mut self.visual.confirmed) {
            self.break_law("a passcode that nobody confirmed (law 1)");
        }
        if self.open != Some(visit) {
            self.break_law("a passcode for another visit (law 4)");
        }
        let right = PASSCODE.bytes().eq(digits.iter().map(screen::Digit::ascii));
        let result = if right {
            self.visual.wrong = 0;
            PasscodeResult::Right
        } else {
            self.visual.wrong += 1;
            match TRIES.saturating_sub(self.visual.wrong) {
                0 if self.visual.closings + 1 >= CLOSINGS => PasscodeResult::ClosedForDay,
                0 => PasscodeResult::Closed,
                left => PasscodeResult::Wrong { left },
            }
        };
        self.after(HASH, Due::Passcode(visit, result));
    }

    pub(super) fn passcode_checked(&mut self, visit: VisitId, result: PasscodeResult) {
        self.visual.open = result == PasscodeResult::Right;
        if matches!(result, PasscodeResult::Closed | PasscodeResult::ClosedForDay) {
            (self.visual.closed, self.visual.wrong) = (true, 0);
            self.visual.closings = (self.visual.closings + 1).min(CLOSINGS);
            // Time runs after the third closing too: it must open nothing.
            self.after(CLOSED, Due::VisualTime);
        }
        self.tell(Event::Passcode(visit, result));
    }

    /// Photo and live picture, for staff who have opened the check (law 6).
    pub(super) fn compare(&mut self, visit: VisitId) {
        if !self.visual.open {
            self.break_law("photo and live picture before the right passcode (law 6)");
        }
        if self.open != Some(visit) {
            self.break_law("a comparison for another visit (law 4)");
        }
        let with = if self.faces.has_photo(visit) { ComparingWith::Photo } else { ComparingWith::Nothing };
        self.faces.compares(visit);
        self.after(PHOTO, Due::Tell(Event::Comparing(visit, with)));
    }
}
