//! S3: the patient looks into the camera while the photo is read, authenticated and handed to the face worker. Camera
//! and photo start together, because neither needs the other (architecture, "Nothing waits for what it does not need").

use screen::{Advice, Movement, Progress, Screen, Sound, SurfaceNotice, Target};

use super::{
    CardFacts, ChoosingMethod, Doing, FaceFailed, Idle, Key, KeyingSurfaceCode, PinLessStep, Reply, StateName,
    TakingCard, WaitsFor, placing_card::opening_fault,
};
use crate::{
    effect::{CodeSource, Effect, PhotoOrder, ProvedBy, Record, StaffNote},
    event::{FaceOutcome, FaceSeen, PhotoResult},
    face_facts::refusal,
    policy::{FaultCode, Reason},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FacingCamera {
    card: CardFacts,
    /// For the reading that begins with this state; given away with it.
    code: Option<CodeSource>,
    advice: Option<Advice>,
    movement: Option<Movement>,
    progress: u8,
    /// The view was on the glass: the time of a try runs from there.
    seen: bool,
}

impl FacingCamera {
    pub(crate) fn new(card: CardFacts, code: CodeSource) -> Self {
        Self { card, code: Some(code), advice: Some(Advice::Wait), movement: None, progress: 0, seen: false }
    }

    /// The try is given up: camera off before anything else is shown.
    fn stop(&self, at: &mut Context<'_>) {
        at.effects.push(Effect::StopLooking(at.visit()));
    }

    /// Given up before a verdict: no try is counted, and the ways on are shown.
    pub(crate) fn give_up(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        Next::Go(FaceFailed { card: self.card, advice: None }.into())
    }

    /// Back to the other ways; the method screen says why face is closed.
    fn choose_again(self) -> Next {
        Next::Go(ChoosingMethod { card: self.card }.into())
    }

    /// A code that did not do is never sent again by itself: the patient keys it in.
    fn key_in(self, notice: Option<SurfaceNotice>, at: &mut Context<'_>) -> Next {
        self.stop(at);
        Next::Go(KeyingSurfaceCode::new(self.card, notice).into())
    }

    /// Card, code or photo close face for the visit.
    fn refuse_photo(self, result: PhotoResult, at: &mut Context<'_>) -> Next {
        self.stop(at);
        match refusal(result) {
            Some((reason, Some(fault))) => at.leave_face(self.card, reason, fault),
            Some((reason, None)) => {
                at.common.face.close(reason);
                self.choose_again()
            }
            None => self.choose_again(),
        }
    }

    fn photo(self, result: PhotoResult, at: &mut Context<'_>) -> Next {
        match result {
            PhotoResult::Ready => {
                at.arm(at.patience(at.policy.limits.face_try));
                Next::Stay(self.into())
            }
            PhotoResult::NoSurfaceCode => self.key_in(None, at),
            PhotoResult::Implausible => self.key_in(Some(SurfaceNotice::Implausible), at),
            PhotoResult::CodeWrong => self.key_in(Some(SurfaceNotice::Wrong), at),
            PhotoResult::CodeStopped
            | PhotoResult::NoPhoto
            | PhotoResult::Unusable
            | PhotoResult::Tampered
            | PhotoResult::Cloned
            | PhotoResult::UnknownSigner => self.refuse_photo(result, at),
            PhotoResult::Changed => at.fail(FaultCode::CardChanged),
            PhotoResult::NotRead => at.fail(at.card_failure()),
        }
    }

    /// The camera is off with every decision; a false face is final for the visit (law 8).
    fn decided(self, outcome: FaceOutcome, at: &mut Context<'_>) -> Next {
        match outcome {
            FaceOutcome::Match if !at.card_present() => at.fail(FaultCode::CardRemoved),
            FaceOutcome::Match if at.common.face.photo => Next::Go(PinLessStep::new(self.card, ProvedBy::Face).into()),
            // A match before the photo was authenticated compares with nothing that is known to be the holder's.
            FaceOutcome::Match | FaceOutcome::NoMatch => self.failed(None, at),
            FaceOutcome::Unclear(advice) => self.failed(advice, at),
            FaceOutcome::Attack => {
                at.common.face.close(Reason::FaceEnded);
                Next::Go(FaceFailed { card: self.card, advice: None }.into())
            }
            // It may have compared, and its count is gone with it: no other worker begins a try in this visit (law 8).
            FaceOutcome::Gone if at.common.face.photo => {
                at.common.face.lose_worker();
                at.leave_face(self.card, Reason::FaceEnded, FaultCode::CameraLost)
            }
            FaceOutcome::Gone => {
                at.common.face.lose_worker();
                at.common.face.close(Reason::Camera);
                at.effects.push(Effect::TellStaff(StaffNote::Fault(FaultCode::CameraLost)));
                self.choose_again()
            }
        }
    }

    fn failed(self, advice: Option<Advice>, at: &mut Context<'_>) -> Next {
        at.common.face.spend_try();
        // "Wait" is no advice for the next try.
        let advice = advice.filter(|advice| *advice != Advice::Wait);
        Next::Go(FaceFailed { card: self.card, advice }.into())
    }
}

impl Doing for FacingCamera {
    fn name(&self) -> StateName {
        StateName::FacingCamera
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    /// Its own deadlines rule; nobody touches anything here.
    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::FacingCamera { advice: self.advice, movement: self.movement, progress: self.progress, other_way: true }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(mut self, at: &mut Context<'_>) -> Next {
        let visit = at.visit();
        let look = Effect::LookAtFace(visit, at.pace());
        let code = self.code.take().filter(|_| !at.common.face.photo);
        match code.filter(|_| at.common.face.begin_reading()) {
            None => at.effects.push(look),
            Some(code) => {
                let keyed = matches!(code, CodeSource::Keyed { .. });
                let read = Effect::ReadPhoto(PhotoOrder { visit, identity: self.card.identity, code });
                // The card begins with a code that is there; a scan takes its time, so the camera goes first.
                at.effects.extend(if keyed { [read, look] } else { [look, read] });
            }
        }
        let limits = &at.policy.limits;
        // The card takes as long as it takes; who stands there has the time that was told to the worker.
        at.arm(if at.common.face.photo { at.patience(limits.face_try) } else { limits.photo });
        Next::Stay(self.into())
    }

    fn shown(mut self, at: &mut Context<'_>) -> Next {
        if !std::mem::replace(&mut self.seen, true) && at.common.face.photo {
            at.arm(at.patience(at.policy.limits.face_try));
        }
        Next::Stay(self.into())
    }

    /// 「顔を動かせない方」: no verdict, and no try is counted.
    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::CannotMove {
            return self.give_up(at);
        }
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    /// Before the lookup taking the card is cancelling; no match counts without the card it was made for (law 4).
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

    fn face_closed(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        self.choose_again()
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// With the photo the try was unclear. Without it nobody knows whether card, scanner or worker is slow: face is closed,
    /// the other ways stay, and a photo that still comes is not used.
    fn elapsed(self, at: &mut Context<'_>) -> Next {
        self.stop(at);
        if !at.common.face.photo {
            at.common.face.lose_worker();
            return at.leave_face(self.card, Reason::Camera, FaultCode::CameraLost);
        }
        let advice = self.advice;
        self.failed(advice, at)
    }

    fn answered(mut self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Photo(result) => self.photo(result, at),
            Reply::Face(FaceSeen::Looking { advice, movement, progress }) => {
                (self.advice, self.movement, self.progress) = (advice, movement, progress.min(100));
                Next::Stay(self.into())
            }
            Reply::Face(FaceSeen::Decided(outcome)) => self.decided(outcome, at),
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None if at.face_open(&self.card) => Next::Stay(self.into()),
                None => {
                    self.stop(at);
                    self.choose_again()
                }
            },
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::PinLess(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}
