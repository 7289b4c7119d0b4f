//! What the face way has come to in a visit, and whether it can be chosen now. A closed way is shown grey with its
//! reason, never hidden.

use crate::{
    effect::{CodeSource, Effect, StaffNote},
    event::{FaceWay, Opening, PhotoResult, Presence},
    policy::{FaultCode, Reason},
    session::{Context, Next},
    states::{CardFacts, ChoosingMethod, Doing, FacingCamera, KeyingSurfaceCode, State, StateName},
};

/// Facts of one visit; a new visit knows none of them (law 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct FaceFacts {
    /// Why face cannot be chosen any more in this visit.
    closed: Option<Reason>,
    /// Tries at the camera that came to nothing.
    tries: u8,
    /// The worker has the photo of this visit's card.
    pub(crate) photo: bool,
    reading: Reading,
    /// The scanner's code was no help: from here on the code is keyed in, the card's tries are not spent on another scan.
    keyed: bool,
    /// The photo was refused, by the card or for what it is: it is not read again in this visit.
    refused: bool,
    /// The PIN-less step came to nothing, whatever proved the holder.
    pin_less: Option<Reason>,
}

/// Where the reading of the photo is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Reading {
    #[default]
    None,
    /// Its answer has not come.
    UnderWay,
    /// Its answer has not come, and nobody waits for the photo any more: the worker is gone, or the time was up.
    Orphaned,
}

/// Whom the answer to a reading finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// No reading was under way: the answer counts for nothing.
    No,
    /// The photo is waited for.
    Photo,
    /// Nobody waits for the photo. What the answer says about card and code still counts.
    Facts,
}

impl FaceFacts {
    /// One more try came to nothing.
    pub(crate) fn spend_try(&mut self) {
        self.tries = self.tries.saturating_add(1);
        if self.tries >= crate::limits::FACE_TRIES {
            self.close(Reason::FaceEnded);
        }
    }

    /// Closes face for this visit. Only what a new worker mends may be opened again; nothing hides a final reason.
    pub(crate) fn close(&mut self, reason: Reason) {
        if self.closed.is_none_or(mends) {
            self.closed = Some(reason);
        }
    }

    /// The worker is gone and took the photo with it, or a photo that still comes is of no use any more.
    pub(crate) fn lose_worker(&mut self) {
        self.lose_photo();
        if self.reading == Reading::UnderWay {
            self.reading = Reading::Orphaned;
        }
    }

    /// Whoever had the photo is gone, and with it the count of what it compared: after a try nobody compares again in this
    /// visit. `true`: there was a photo.
    fn lose_photo(&mut self) -> bool {
        let lost = std::mem::take(&mut self.photo);
        if lost && self.tries > 0 {
            self.close(Reason::FaceEnded);
        }
        lost
    }

    /// A reading may begin; `false`: one is under way already, and its answer is the one to wait for.
    pub(crate) fn begin_reading(&mut self) -> bool {
        let begins = self.reading == Reading::None;
        if begins {
            self.reading = Reading::UnderWay;
        }
        begins
    }

    /// A scan may begin, and does: not after a code that did not do, a photo that was refused, or beside another reading.
    pub(crate) fn begin_scan(&mut self) -> bool {
        !self.keyed && !self.refused && self.begin_reading()
    }

    /// The worker has the photo, or will have it when its reading is done.
    pub(crate) fn photo_comes(&self) -> bool {
        self.photo || self.reading == Reading::UnderWay
    }

    /// A look came to nothing in this visit: the way on may be another for a child (patient-flow 5.1).
    pub(crate) fn failed(&self) -> bool {
        self.tries > 0 || self.closed == Some(Reason::FaceEnded)
    }

    /// The card's key cannot be used without PIN, whatever proves the holder.
    pub(crate) fn refuse_pin_less(&mut self, reason: Reason) {
        self.pin_less = Some(reason);
    }

    /// Why that is so.
    pub(crate) fn pin_less_refused(&self) -> Option<Reason> {
        self.pin_less
    }

    /// An answer came. A code that did not do stays one, and a card that refused has refused, whoever waits for it.
    pub(crate) fn photo_answered(&mut self, result: PhotoResult) -> Awaited {
        let awaited = match std::mem::take(&mut self.reading) {
            Reading::None => return Awaited::No,
            Reading::UnderWay => Awaited::Photo,
            Reading::Orphaned => Awaited::Facts,
        };
        self.refused |= refusal(result).is_some();
        match result {
            PhotoResult::Ready => self.photo = awaited == Awaited::Photo,
            PhotoResult::NoSurfaceCode | PhotoResult::Implausible | PhotoResult::CodeWrong => self.keyed = true,
            PhotoResult::CodeStopped
            | PhotoResult::NoPhoto
            | PhotoResult::Tampered
            | PhotoResult::Cloned
            | PhotoResult::UnknownSigner
            | PhotoResult::Unusable
            | PhotoResult::Changed
            | PhotoResult::NotRead => {}
        }
        awaited
    }
}

/// Why this answer closes face for the visit, and the fault staff are told.
pub(crate) fn refusal(result: PhotoResult) -> Option<(Reason, Option<FaultCode>)> {
    match result {
        PhotoResult::CodeStopped => Some((Reason::SurfaceCode, Some(FaultCode::SurfaceCodeStopped))),
        // A baby's card holds none (patient-flow section 13): no fault.
        PhotoResult::NoPhoto => Some((Reason::NoPhoto, None)),
        PhotoResult::Unusable => Some((Reason::NoPhoto, Some(FaultCode::PhotoUnusable))),
        PhotoResult::Tampered => Some((Reason::PhotoRefused, Some(FaultCode::PhotoTampered))),
        PhotoResult::Cloned => Some((Reason::PhotoRefused, Some(FaultCode::CardCloned))),
        PhotoResult::UnknownSigner => Some((Reason::PhotoRefused, Some(FaultCode::SignerUnknown))),
        PhotoResult::Ready
        | PhotoResult::NoSurfaceCode
        | PhotoResult::Implausible
        | PhotoResult::CodeWrong
        | PhotoResult::Changed
        | PhotoResult::NotRead => None,
    }
}

/// The card may still be used for the identity: another card than the one that was read ends the visit. The PIN and the
/// PIN-less step look for themselves whose card it is.
fn identity_open(state: StateName) -> bool {
    match state {
        StateName::ChoosingMethod
        | StateName::FacingCamera
        | StateName::KeyingSurfaceCode
        | StateName::FaceFailed
        | StateName::CheckingVisually
        | StateName::EnteringPin
        | StateName::PinBlocked => true,
        StateName::Idle
        | StateName::OfferingOtherWays
        | StateName::ChoosingPhone
        | StateName::EnteringPhonePin
        | StateName::HoldingPhone
        | StateName::PlacingCard
        | StateName::PinLessStep
        | StateName::CheckingPin
        | StateName::WaitingForResult
        | StateName::ReadingNotice
        | StateName::SigningUp
        | StateName::GivingConsent
        | StateName::ChoosingExtras
        | StateName::ReadingBack
        | StateName::Leaving
        | StateName::Submitting
        | StateName::TakingCard
        | StateName::CardLeft
        | StateName::NeedingHelp => false,
    }
}

/// A new worker mends it.
const fn mends(reason: Reason) -> bool {
    reason.worker_fault().is_some()
}

impl Context<'_> {
    /// Why face cannot be chosen now; `None`: it can. While the service has not answered it counts as able: its answer
    /// closes the way later, and nobody waits for it here.
    pub(crate) fn face_closed(&self, card: &CardFacts) -> Option<Reason> {
        let common = &self.common;
        if let Some(reason) = common.face.closed {
            Some(reason)
        } else if let FaceWay::Closed(reason) = common.face_way {
            Some(reason)
        } else if !card.pin_less {
            Some(Reason::CardCannot)
        } else if self.service_cannot() {
            Some(Reason::ServiceCannot)
        } else if common.face.reading == Reading::Orphaned {
            Some(Reason::Camera)
        } else {
            None
        }
    }

    /// The service has said that it does not do the PIN-less step.
    pub(crate) fn service_cannot(&self) -> bool {
        matches!(self.common.opening, Some(Opening::Open { pin_less: false, .. }))
    }

    /// A worker waits, and this visit has not lost it.
    pub(crate) fn worker_there(&self) -> bool {
        self.common.face_way == FaceWay::Ready && !self.common.face.closed.is_some_and(mends)
    }

    /// Face can be chosen now.
    pub(crate) fn face_open(&self, card: &CardFacts) -> bool {
        self.face_closed(card).is_none()
    }

    /// 「顔認証」 or 「もう一度」 was touched: the camera, or first the surface code where no scanner reads it.
    pub(crate) fn face(&self, card: CardFacts) -> State {
        let facts = &self.common.face;
        if facts.photo || (self.policy.surface_scanner && !facts.keyed) {
            FacingCamera::new(card, CodeSource::Scanner).into()
        } else {
            KeyingSurfaceCode::new(card, None).into()
        }
    }

    /// Face came to nothing for `reason`: staff are told, and the patient goes back to the other ways. Without another
    /// way the fault itself is shown.
    pub(crate) fn leave_face(&mut self, card: CardFacts, reason: Reason, fault: FaultCode) -> Next {
        self.common.face.close(reason);
        if card.tries_left == 0 && !self.visual_open(&card) {
            return self.fail(fault);
        }
        self.effects.push(Effect::TellStaff(StaffNote::Fault(fault)));
        Next::Go(ChoosingMethod { card }.into())
    }

    /// The answer to a reading came when the camera does not wait for it: face is closed for its reason and staff are told,
    /// wherever the patient is by now.
    pub(crate) fn late_photo(&mut self, state: State, result: PhotoResult) -> Next {
        if result == PhotoResult::Changed && identity_open(state.name()) {
            return self.fail(FaultCode::CardChanged);
        }
        let Some((reason, fault)) = refusal(result) else { return Next::Stay(state) };
        self.common.face.close(reason);
        self.effects.extend(fault.map(|fault| Effect::TellStaff(StaffNote::Fault(fault))));
        state.face_closed(self)
    }

    /// Takes in what the face worker's life has come to; `true`: the way was open and is closed now, or the worker that had
    /// the photo was replaced.
    pub(crate) fn face_way_changed(&mut self, way: FaceWay) -> bool {
        let before = std::mem::replace(&mut self.common.face_way, way);
        match way {
            FaceWay::Ready => {
                let face = &mut self.common.face;
                face.closed = face.closed.filter(|reason| !mends(*reason));
                // Each worker says once that it is ready: whoever had the photo is gone.
                face.lose_photo()
            }
            FaceWay::Closed(reason) => {
                self.common.face.lose_worker();
                let told = reason == Reason::Camera && self.common.face.closed == Some(Reason::Camera);
                let fault = reason.worker_fault().filter(|_| !told);
                if let Some(fault) = fault.filter(|_| before != way) {
                    self.effects.push(Effect::TellStaff(StaffNote::Fault(fault)));
                }
                before == FaceWay::Ready
            }
        }
    }

    /// Card or reader failed in the middle of a command: what presence says about it.
    pub(crate) fn card_failure(&self) -> FaultCode {
        match self.common.presence {
            Presence::NoReader => FaultCode::ReaderLost,
            Presence::Card(_) if self.card_present() => FaultCode::CardUnreadable,
            Presence::Card(_) | Presence::Empty | Presence::Mute => FaultCode::CardRemoved,
        }
    }
}

#[cfg(test)]
impl FaceFacts {
    /// Equal for facts that lead to the same: behind a closed door the tries do not matter, nor which hand closed it; the
    /// visual check still asks for the photo.
    pub(crate) fn likeness(self, visual: bool) -> Self {
        let shut = self.closed.is_some_and(|reason| !mends(reason));
        let keyed = self.keyed || self.refused;
        match (shut, visual) {
            (false, _) => self,
            (true, true) => Self { closed: Some(Reason::FaceEnded), tries: 0, keyed, refused: keyed, ..self },
            (true, false) => Self { closed: Some(Reason::FaceEnded), ..Self::default() },
        }
    }

    /// An answer is still to come: it may end the visit even behind a closed door.
    pub(crate) fn answer_to_come(self) -> bool {
        self.reading != Reading::None
    }
}
