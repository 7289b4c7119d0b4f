//! What a visit has seen of the face way, kept beside the walk from events and effects alone: it knows nothing of the
//! machine's inside, so that a law is not held against the machine's own book-keeping.

use screen::{MethodState, PhotoShown, Screen, Target};

use crate::{
    Effect, Event, FaceOutcome, FaceSeen, FaceWay, Opening, PasscodeResult, PhotoResult, Presence, ProvedBy, Session,
    StateName, effect::CodeSource, limits::FACE_TRIES,
};

/// One visit's way so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Ledger {
    touched: bool,
    looking: bool,
    /// A reading is under way; its answer has not come.
    reading: bool,
    /// The worker that reading is for is gone: its answer brings no photo.
    orphan: bool,
    /// The code of a reading did not do.
    code_failed: bool,
    photo: bool,
    spent: u8,
    attacked: bool,
    /// Card, photo or service have closed the way for this visit.
    refused: bool,
    /// Matches nobody has used yet.
    matches: u8,
    /// The passcode was right, and the comparison it opened is not over.
    passcode: bool,
    /// Photo and live picture may stand side by side.
    comparing: bool,
    /// Staff said 「同じ人です」 and nobody has used it yet.
    same: bool,
}

/// How a law of the face way is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    /// Camera or photo before 「顔認証」 was touched in this visit (law 6).
    Untouched,
    /// Another screen while the camera is on (law 6).
    ShownWhileLooking,
    /// Camera or photo after an attack (law 8).
    AfterAttack,
    /// Camera or photo after card, photo or service closed the way for this visit.
    AfterRefusal,
    /// More tries than the limit (law 8, patient-flow 5.1).
    TooManyTries,
    /// Photo beside live picture without the right passcode (law 6).
    WithoutPasscode,
    /// The PIN-less step without an unused match against this visit's authenticated photo (law 1).
    Unmatched,
    /// The PIN-less step while the visit's card is not there (law 4).
    WithoutCard,
    /// A second reading while one is under way: the code would be sent again by itself (law 1).
    ReadTwice,
    /// A scan after a code that did not do: it would be sent again by itself.
    ScannedAgain,
}

impl Ledger {
    /// Notes one step; returns what it broke.
    pub(super) fn note(&mut self, before: &Session, event: &Event, after: &Session, effects: &[Effect]) -> Vec<Breach> {
        self.hear(before, event);
        let mut breaches = Vec::new();
        for effect in effects {
            self.see(effect, after, &mut breaches);
        }
        if before.visit() != after.visit() {
            *self = Self::default();
        }
        if self.attacked || self.refused || self.spent >= FACE_TRIES {
            // Every further look is a breach: what else was seen does not matter any more.
            (self.photo, self.reading, self.orphan, self.code_failed) = (false, false, false, false);
        }
        breaches
    }

    fn hear(&mut self, before: &Session, event: &Event) {
        let mine = before.visit();
        let card = matches!(
            (before.common.presence, before.common.card), (Presence::Card(n), Some(card)) if n == card
        );
        match event {
            Event::Touched(_, Target::Face) => self.touched |= before.view().is_some_and(|v| offers_face(&v.screen)),
            Event::Touched(_, Target::Visual) => self.touched |= before.view().is_some_and(|v| offers_staff(&v.screen)),
            Event::Touched(_, Target::SamePerson) => {
                let seen = |view: &screen::View| match view.screen {
                    Screen::ComparingFaces { photo } => photo != PhotoShown::Coming,
                    _ => false,
                };
                self.same |= self.passcode && before.view().is_some_and(seen);
            }
            Event::Passcode(visit, PasscodeResult::Right) if Some(*visit) == mine => {
                self.passcode |= before.state_name() == StateName::CheckingVisually;
            }
            Event::Photo(visit, result) if Some(*visit) == mine => {
                let answers = std::mem::take(&mut self.reading);
                let awaited = answers && !std::mem::take(&mut self.orphan);
                match result {
                    PhotoResult::Ready => self.photo |= awaited,
                    PhotoResult::NoSurfaceCode | PhotoResult::Implausible | PhotoResult::CodeWrong => {
                        self.code_failed |= answers;
                    }
                    PhotoResult::CodeStopped
                    | PhotoResult::NoPhoto
                    | PhotoResult::Tampered
                    | PhotoResult::Cloned
                    | PhotoResult::UnknownSigner
                    | PhotoResult::Unusable => self.refused |= answers,
                    PhotoResult::Changed | PhotoResult::NotRead => {
                        self.refused |= awaited && before.state_name() == StateName::FacingCamera
                    }
                }
            }
            Event::Face(visit, FaceSeen::Decided(outcome)) if Some(*visit) == mine => {
                if !std::mem::take(&mut self.looking) {
                    return;
                }
                match outcome {
                    FaceOutcome::Match if self.photo && card => self.matches += 1,
                    FaceOutcome::Match | FaceOutcome::NoMatch | FaceOutcome::Unclear(_) => self.spent += 1,
                    FaceOutcome::Attack => self.attacked = true,
                    FaceOutcome::Gone => (self.photo, self.orphan) = (false, self.reading),
                }
            }
            Event::FaceWay(FaceWay::Ready) => self.photo = false,
            Event::FaceWay(FaceWay::Closed(_)) => (self.photo, self.orphan) = (false, self.reading),
            Event::Opened(visit, Opening::Open { pin_less: false, .. }) if Some(*visit) == mine => {
                self.refused |= before.common.opening.is_none();
            }
            // Time that ran out on a try spends it.
            Event::Deadline(_) if self.looking && self.photo => self.spent += 1,
            // Without the photo nobody waits for it any more.
            Event::Deadline(_) if self.looking => self.orphan = self.reading,
            _ => {}
        }
    }

    fn see(&mut self, effect: &Effect, after: &Session, breaches: &mut Vec<Breach>) {
        let mut broken = |breach, holds: bool| {
            if !holds {
                breaches.push(breach);
            }
        };
        match effect {
            Effect::LookAtFace(..) | Effect::ReadPhoto(_) => {
                if let Effect::ReadPhoto(order) = effect {
                    broken(Breach::ScannedAgain, !self.code_failed || order.code != CodeSource::Scanner);
                }
                broken(Breach::Untouched, self.touched);
                // What the worker decided binds the worker, not staff: the photo may be read for them.
                let staff = after.state_name() == StateName::CheckingVisually;
                broken(Breach::AfterAttack, !self.attacked || staff);
                broken(Breach::AfterRefusal, !self.refused || staff);
                broken(Breach::TooManyTries, self.spent < FACE_TRIES || staff);
                if matches!(effect, Effect::LookAtFace(..)) {
                    self.looking = true;
                } else {
                    broken(Breach::ReadTwice, !std::mem::replace(&mut self.reading, true) && !self.photo);
                }
            }
            Effect::StopLooking(_) | Effect::Finish(..) => (self.looking, self.comparing) = (false, false),
            Effect::Compare(_) => {
                broken(Breach::WithoutPasscode, self.passcode);
                self.comparing = true;
            }
            Effect::Show(view) => {
                let live = matches!(view.screen, Screen::FacingCamera { .. });
                broken(Breach::ShownWhileLooking, live == self.looking);
                let beside =
                    matches!(view.screen, Screen::ComparingFaces { photo: PhotoShown::Coming | PhotoShown::Here });
                broken(Breach::ShownWhileLooking, beside == self.comparing);
                // Another screen ends what the passcode has opened.
                self.passcode &= matches!(view.screen, Screen::ComparingFaces { .. });
            }
            Effect::SignWithoutPin(order) => {
                let proved = match order.by {
                    ProvedBy::Face => self.matches > 0,
                    ProvedBy::Staff { .. } => self.same,
                };
                broken(Breach::Unmatched, proved);
                (self.matches, self.same) = (0, false);
                let place = (after.common.presence, after.common.card);
                let there = matches!(place, (Presence::Card(n), Some(card)) if n == card);
                broken(Breach::WithoutCard, there && Some(order.visit) == after.visit());
            }
            _ => {}
        }
    }
}

/// Face is offered on this screen, by what the patient sees of it.
pub(super) fn offers_face(screen: &Screen) -> bool {
    match screen {
        Screen::ChoosingMethod { face, .. } => *face == MethodState::Open,
        Screen::EnteringPin { face, .. } | Screen::LastTry { face, .. } | Screen::PinBlocked { face, .. } => *face,
        _ => false,
    }
}

/// The visual check is offered on this screen.
fn offers_staff(screen: &Screen) -> bool {
    match screen {
        Screen::ChoosingMethod { visual, .. } => *visual == MethodState::Open,
        Screen::FaceFailed { visual, .. } | Screen::LastTry { visual, .. } | Screen::PinBlocked { visual, .. } => {
            *visual
        }
        _ => false,
    }
}
