//! What the worker says, held against what it was asked.

use std::time::Instant;

use face::{ClosedBecause, FromWorker};
use qualification::weights;
use session::{ComparingWith, FaceOutcome, FaceSeen, FaceWay, Reason};

use super::{Keeper, PhotoState, Using};
use crate::{face_driver::FaceNews, limits::FACE_LINE, staff};

impl Keeper {
    pub(super) async fn heard(&mut self, news: FromWorker) {
        let Some(worker) = &mut self.worker else { return };
        match news {
            FromWorker::Ready { weights, level, camera } => {
                if worker.weights.is_some() {
                    return self.lost("it was ready twice").await;
                }
                if !weights::is_identity(&weights) {
                    return self.closed(ClosedBecause::Models, "its weights have no name that a result can hold").await;
                }
                if !self.weights.are(level, &weights) {
                    // Screen, journal and results say others.
                    let why =
                        "its weights are not those of the manifest as it was at the start: start the daemon again";
                    return self.closed(ClosedBecause::Models, why).await;
                }
                staff::note(&format!(
                    "face worker: ready, weights {} of level {level}, camera {}",
                    plain(&weights),
                    plain(&camera)
                ));
                worker.weights = Some(weights);
                if let Some(using) = &mut worker.visit {
                    // Its time runs from here.
                    let now = Instant::now();
                    using.looking = using.looking.map(|_| now);
                    if let PhotoState::Given(at) = &mut using.photo {
                        *at = now;
                    }
                }
                self.starts.came_up();
                self.tell(FaceNews::Way(FaceWay::Ready)).await;
            }
            FromWorker::Closed { why, detail } => self.closed(why, &detail).await,
            FromWorker::Photo { usable } => {
                let Some(using) = worker.visit.as_mut().filter(|using| matches!(using.photo, PhotoState::Given(_)))
                else {
                    return self.lost("it speaks of a photo that it was not given").await;
                };
                using.photo = if usable { PhotoState::Usable } else { PhotoState::Unusable };
                if using.looking.is_some() {
                    using.looking = Some(Instant::now());
                }
                let visit = using.id;
                self.tell(FaceNews::Photo(visit, usable)).await;
            }
            FromWorker::Camera { number, on } => {
                let Some(using) = worker.visit.as_mut().filter(|using| using.may_have_its_camera_on() || !on) else {
                    // Law 6: camera only after face was touched.
                    if on {
                        self.lost("its camera is on and nobody looks").await;
                    }
                    return;
                };
                if number != using.tries {
                    return;
                }
                using.camera_on = on;
                if !on {
                    using.off_by = None;
                }
            }
            FromWorker::Looking { number, advice, movement, progress } => {
                // Anything else was said before it heard of a stop.
                let Some(using) = worker.visit.as_mut().filter(|using| using.runs(number)) else { return };
                using.looking = Some(Instant::now());
                let seen = FaceSeen::Looking { advice, movement, progress: progress.min(100) };
                let visit = using.id;
                self.tell(FaceNews::Seen(visit, seen)).await;
            }
            FromWorker::Comparing { number, photo } => {
                let Some(using) = worker.visit.as_ref().filter(|using| using.runs(number) && using.staff) else {
                    return;
                };
                // Without one yet, another word may follow; when none comes at all, the card's reading says so.
                let with = if photo { ComparingWith::Photo } else { return };
                let visit = using.id;
                self.tell(FaceNews::Comparing(visit, with)).await;
            }
            FromWorker::Decided { number, outcome } => self.decided(number, outcome).await,
        }
    }

    async fn decided(&mut self, number: u32, outcome: face::FaceOutcome) {
        if outcome == face::FaceOutcome::Attack {
            return self.attack(number).await;
        }
        let Some(worker) = &mut self.worker else { return };
        let Some(using) = worker.visit.as_mut().filter(|using| using.runs(number)) else { return };
        if using.staff {
            // The only thing a comparison can come to by itself: its camera failed.
            return self.lost("the camera is gone while staff compare").await;
        }
        using.looking = None;
        using.camera_on = false;
        let visit = using.id;
        let compared = using.photo == PhotoState::Usable;
        let outcome = match outcome {
            face::FaceOutcome::Match => {
                // Compared with nothing: no way from there to an accept.
                let Some(weights) = worker.weights.clone().filter(|_| compared) else {
                    using.looking = Some(Instant::now());
                    return self.lost("it decided without a photo").await;
                };
                return self.tell(FaceNews::Match(visit, weights)).await;
            }
            face::FaceOutcome::NoMatch => FaceOutcome::NoMatch,
            face::FaceOutcome::Unclear { advice } => FaceOutcome::Unclear(advice),
            face::FaceOutcome::Attack => FaceOutcome::Attack,
            face::FaceOutcome::Gone => {
                using.looking = Some(Instant::now());
                return self.lost("its camera is gone").await;
            }
        };
        self.tell(FaceNews::Seen(visit, FaceSeen::Decided(outcome))).await;
    }

    /// Final for the visit, whichever of its tries it is of, stopped or not (law 8); a try that runs ends with it.
    async fn attack(&mut self, number: u32) {
        let Some(using) = self.worker.as_mut().and_then(|worker| worker.visit.as_mut()) else {
            return self.lost("it decides without a visit").await;
        };
        let visit = using.id;
        self.attacked = Some(visit);
        if using.runs(number) {
            using.looking = None;
            using.camera_on = false;
        } else {
            self.stop_look(visit).await;
        }
        self.tell(FaceNews::Seen(visit, FaceSeen::Decided(FaceOutcome::Attack))).await;
    }

    /// The worker cannot work and says why: the way is closed until one can.
    async fn closed(&mut self, why: ClosedBecause, detail: &str) {
        staff::support(&format!("the face way is closed: {}", plain(detail)));
        let reason = match why {
            ClosedBecause::Models => Reason::FaceModels,
            ClosedBecause::Camera => Reason::Camera,
        };
        self.give_up_worker().await;
        self.failed(reason).await;
    }
}

impl Using {
    /// The try of this number runs now.
    fn runs(&self, number: u32) -> bool {
        self.looking.is_some() && number == self.tries
    }

    /// A try runs, or was stopped just now: the worker may not have heard of it, and has until then to put it off.
    fn may_have_its_camera_on(&self) -> bool {
        self.looking.is_some() || self.off_by.is_some()
    }
}

/// A worker's words for one line of the system's log.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(FACE_LINE).collect()
}
