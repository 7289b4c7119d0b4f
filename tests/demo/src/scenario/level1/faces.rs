//! Camera and face worker as the session meets them: who sits there decides what is seen, and nothing is decided before
//! the worker has the photo.

use std::time::Duration;

use screen::Advice;
use session::{
    Event, FaceOutcome, FaceSeen, FaceWay, PhotoOrder, PhotoResult, PinLessOrder, PinLessResult, ProvedBy, Reason,
    VisitId,
};

use super::{
    Due, PureWorld,
    clinic::{Proof, Way},
};
use crate::scenario::{
    people::Person,
    step::{Sitter, SurfaceControl},
};

/// Reading, authenticating and decoding the photo, the scan included.
const PHOTO: Duration = Duration::from_millis(900);
/// From the photo being there to the decision: frames, movement, comparison.
const DECISION: Duration = Duration::from_millis(1800);
/// A camera that gives no whole frame is given up after this, reopenings included.
const GIVEN_UP: Duration = Duration::from_millis(2500);
/// A new worker is warm.
const NEW_WORKER: Duration = Duration::from_millis(500);

/// Everything of the face way that is not on the card.
#[derive(Default)]
pub(super) struct Faces {
    /// This terminal has the face way.
    there: bool,
    pub(super) sitter: Sitter,
    pub(super) surface: SurfaceControl,
    /// 「顔認証」 was touched in this visit.
    pub(super) touched: bool,
    /// The try under way; each has its own number.
    looking: Option<(VisitId, u32)>,
    tries: u32,
    /// Whose photo the worker has.
    photo: Option<(VisitId, &'static Person)>,
    /// A false face was seen in this visit.
    attacked: bool,
    /// A match nobody has used yet.
    matched: Option<VisitId>,
    /// Staff compare: the camera is on and decides nothing.
    comparing: Option<VisitId>,
}

impl Faces {
    pub(super) fn new(there: bool) -> Self {
        Self { there, ..Self::default() }
    }

    /// What `finish` kills with the worker; the camera and who sits there stay.
    pub(super) fn forget_visit(&mut self) {
        (self.touched, self.attacked) = (false, false);
        (self.looking, self.photo, self.matched, self.comparing) = (None, None, None, None);
    }

    pub(super) fn looks(&self) -> bool {
        self.looking.is_some() || self.comparing.is_some()
    }

    pub(super) fn has_photo(&self, visit: VisitId) -> bool {
        self.photo.is_some_and(|(whose, _)| whose == visit)
    }

    pub(super) fn compares(&mut self, visit: VisitId) {
        self.comparing = Some(visit);
    }

    pub(super) fn way(&self) -> FaceWay {
        match (self.there, self.sitter) {
            (false, _) => FaceWay::Closed(Reason::NotAvailable),
            (true, Sitter::Unplugged) => FaceWay::Closed(Reason::Camera),
            (true, _) => FaceWay::Ready,
        }
    }
}

impl PureWorld {
    pub(super) fn read_photo(&mut self, order: &PhotoOrder) {
        self.asks_for_faces(order.visit);
        let surface = std::mem::take(&mut self.faces.surface);
        if surface == SurfaceControl::ReadsNothing {
            self.faces.surface = surface;
        }
        let (result, shown) = self.reader.photo(order, surface);
        let insertion = self.reader.insertion().unwrap_or_default();
        self.after(PHOTO + self.reader.reading_time(), Due::Photo { visit: order.visit, insertion, result, shown });
    }

    pub(super) fn photo_read(
        &mut self,
        visit: VisitId,
        insertion: u32,
        result: PhotoResult,
        shown: Option<&'static Person>,
    ) {
        let result = if self.reader.insertion() == Some(insertion) { result } else { PhotoResult::NotRead };
        if let (PhotoResult::Ready, Some(shown), true) = (result, shown, self.open == Some(visit)) {
            self.faces.photo = Some((visit, shown));
            self.begin_try();
        }
        self.tell(Event::Photo(visit, result));
    }

    pub(super) fn look_at_face(&mut self, visit: VisitId) {
        self.asks_for_faces(visit);
        self.faces.tries += 1;
        self.faces.looking = Some((visit, self.faces.tries));
        self.begin_try();
    }

    pub(super) fn stop_looking(&mut self) {
        (self.faces.looking, self.faces.comparing) = (None, None);
    }

    /// Law 6 and law 8, whoever asks.
    fn asks_for_faces(&mut self, visit: VisitId) {
        if !self.faces.touched {
            self.break_law("camera or photo before 顔認証 was touched (law 6)");
        }
        if self.faces.attacked {
            self.break_law("camera or photo after an attack (law 8)");
        }
        if self.open != Some(visit) {
            self.break_law("camera or photo for another visit (law 4)");
        }
    }

    /// A camera that fails does so at once; a decision needs the photo.
    fn begin_try(&mut self) {
        let Some((visit, number)) = self.faces.looking else { return };
        let fails = matches!(self.faces.sitter, Sitter::Unplugged | Sitter::Stalled | Sitter::HalfJpeg);
        let has_photo = self.faces.photo.is_some_and(|(whose, _)| whose == visit);
        if fails {
            self.after(GIVEN_UP, Due::Look(number));
        } else if has_photo {
            self.after(DECISION, Due::Look(number));
        }
    }

    pub(super) fn looked(&mut self, number: u32) {
        let Some((visit, now)) = self.faces.looking else { return };
        if now != number {
            return;
        }
        let seen = self.seen_now();
        if let FaceSeen::Decided(outcome) = seen {
            self.faces.looking = None;
            self.faces.attacked |= outcome == FaceOutcome::Attack;
            self.faces.matched = (outcome == FaceOutcome::Match).then_some(visit);
            if outcome == FaceOutcome::Gone {
                self.faces.photo = None;
                let way = self.faces.way();
                self.after(NEW_WORKER, Due::Tell(Event::FaceWay(way)));
            }
        }
        self.tell(Event::Face(visit, seen));
    }

    /// What the worker makes of who sits there. Guidance decides nothing: the session's own time ends the try.
    fn seen_now(&self) -> FaceSeen {
        let advice = |advice| FaceSeen::Looking { advice: Some(advice), movement: None, progress: 0 };
        match self.faces.sitter {
            Sitter::Holder => FaceSeen::Decided(FaceOutcome::Match),
            Sitter::Person(person) => {
                let same = self.faces.photo.is_some_and(|(_, shown)| shown == person);
                FaceSeen::Decided(if same { FaceOutcome::Match } else { FaceOutcome::NoMatch })
            }
            Sitter::Other => FaceSeen::Decided(FaceOutcome::NoMatch),
            Sitter::PrintedPhoto(_) | Sitter::OnScreen(_) | Sitter::CutOutMask(_) => {
                FaceSeen::Decided(FaceOutcome::Attack)
            }
            Sitter::Nobody => advice(Advice::NoFace),
            Sitter::TwoPeople => advice(Advice::SeveralFaces),
            Sitter::TooDark => advice(Advice::Dark),
            Sitter::Moving => advice(Advice::Moving),
            Sitter::Unplugged | Sitter::Stalled | Sitter::HalfJpeg => FaceSeen::Decided(FaceOutcome::Gone),
        }
    }

    pub(super) fn sign_without_pin(&mut self, order: PinLessOrder) {
        let (proved, way) = match &order.by {
            ProvedBy::Face => (self.faces.matched.take() == Some(order.visit), Way::Face),
            ProvedBy::Staff { number } => (self.visual.take_same(), Way::Visual { number: number.clone() }),
        };
        if !proved {
            self.break_law("the card is used without PIN and nobody was matched (law 1)");
        }
        let result = match (self.clinic.pin_less(), self.reader.holder_of(order.identity)) {
            (_, None) => PinLessResult::Changed,
            (false, Some(_)) => PinLessResult::NotAvailable,
            (true, Some((person, days))) => {
                let shown = self.faces.photo.map(|(_, shown)| shown);
                self.clinic.proved(order.visit, Proof { person, days, shown, way });
                PinLessResult::Signed
            }
        };
        let insertion = self.reader.insertion().unwrap_or_default();
        // Four questions to the service, one signature.
        let time = self.clinic.latency() * 4 + self.reader.signing_time();
        self.after(time, Due::PinLess { visit: order.visit, insertion, result });
    }

    pub(super) fn signed_without_pin(&mut self, visit: VisitId, insertion: u32, result: PinLessResult) {
        let result = if self.reader.insertion() != Some(insertion) && result != PinLessResult::Changed {
            PinLessResult::NotSigned
        } else if self.clinic.link() == session::Link::Down {
            PinLessResult::Unreachable
        } else {
            result
        };
        self.tell(Event::PinLess(visit, result));
    }
}
