//! The face workers: one process a visit, started warm before it, killed at its end (law 6). A task of its own gives
//! orders, hears news, and kills what is silent: a stalled camera is never waited for (law 11).

mod keeper;
mod probe;
mod starts;
mod worker;

use std::{os::fd::OwnedFd, time::Duration};

use card::Photo;
use face::limits::SLOW;
use session::{ComparingWith, FaceSeen, FaceWay, Pace, Reason, VisitId};
use tokio::sync::mpsc;

use crate::{
    input::{Driver, Input, Inputs},
    limits::{FACE_ORDERED, FACE_PHOTO, FACE_READY, FACE_SILENCE, FACE_STOP, PREVIEW_WAIT},
    weights::Weights,
};
use keeper::Keeper;
pub use probe::{Probed, probe};
pub use worker::FaceWorker;

/// What the event loop hears of faces.
#[derive(Debug)]
pub(crate) enum FaceNews {
    /// Whether there is a face way.
    Way(FaceWay),
    /// The worker has looked at the photo: it can be used, or not.
    Photo(VisitId, bool),
    /// The photo is lost with its worker.
    PhotoLost(VisitId),
    /// What staff compare with: the photo stands beside the live picture, or nothing can be shown.
    Comparing(VisitId, ComparingWith),
    /// What it sees and decides.
    Seen(VisitId, FaceSeen),
    /// The holder, alive; with the identity of the weights that decided.
    Match(VisitId, String),
}

/// How long is waited for what; each is the limit of the same name.
#[derive(Clone, Copy, Debug)]
struct Patience {
    ready: Duration,
    photo: Duration,
    silence: Duration,
    stop: Duration,
    ordered: Duration,
    preview: Duration,
}

impl Patience {
    /// News come only when something changes: silence lasts as long as a try may.
    fn silence(&self, pace: Pace) -> Duration {
        match pace {
            Pace::Usual => self.silence,
            Pace::Slow => self.silence.saturating_mul(SLOW),
        }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            ready: FACE_READY,
            photo: FACE_PHOTO,
            silence: FACE_SILENCE,
            stop: FACE_STOP,
            ordered: FACE_ORDERED,
            preview: PREVIEW_WAIT,
        }
    }
}

enum Order {
    PhotoComes(VisitId),
    Photo(VisitId, Photo),
    Look(VisitId, Pace),
    Compare(VisitId),
    Stop(VisitId),
    Finish(VisitId),
}

/// Gives orders; news come as inputs. Without a worker nothing is ever ordered: the way is closed.
#[derive(Clone)]
pub(crate) struct FaceDriver(Option<mpsc::UnboundedSender<Order>>);

impl FaceDriver {
    /// This terminal does not look at faces.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Starts the first worker, which is to run these weights. `previews` are the kiosk's connections for the live picture. Inside a tokio runtime.
    pub(crate) fn start(
        worker: FaceWorker,
        weights: Weights,
        previews: mpsc::Receiver<OwnedFd>,
        inputs: Inputs,
    ) -> Self {
        Self::patient(worker, weights, previews, inputs, Patience::default())
    }

    fn patient(
        how: FaceWorker,
        weights: Weights,
        previews: mpsc::Receiver<OwnedFd>,
        inputs: Inputs,
        patience: Patience,
    ) -> Self {
        let (orders, received) = mpsc::unbounded_channel();
        let keeper = Keeper::new(how, weights, patience, inputs.clone());
        tokio::spawn(async move {
            // A panic drops the worker, which kills it.
            let task = tokio::spawn(keeper.run(received, previews));
            if task.await.is_err_and(|error| error.is_panic()) {
                let _ = inputs.send(Input::Face(FaceNews::Way(FaceWay::Closed(Reason::Camera)))).await;
                let _ = inputs.send(Input::Broken(Driver::Face)).await;
            }
        });
        Self(Some(orders))
    }

    fn give(&self, order: Order) {
        if let Some(orders) = &self.0 {
            // The task ends only with this value, or after it told that it broke.
            let _ = orders.send(order);
        }
    }

    /// The card's photo is being read.
    pub(crate) fn photo_comes(&self, visit: VisitId) {
        self.give(Order::PhotoComes(visit));
    }

    /// Hands the photo over; no copy is kept.
    pub(crate) fn photo(&self, visit: VisitId, photo: Photo) {
        self.give(Order::Photo(visit, photo));
    }

    /// Camera on; a try begins with the photo and has so much time.
    pub(crate) fn look(&self, visit: VisitId, pace: Pace) {
        self.give(Order::Look(visit, pace));
    }

    /// Staff compare: camera on, the photo beside it as soon as it is there. `false`: there is no worker to show either.
    pub(crate) fn compare(&self, visit: VisitId) -> bool {
        self.give(Order::Compare(visit));
        self.0.is_some()
    }

    /// The try or the comparison is given up: camera off.
    pub(crate) fn stop(&self, visit: VisitId) {
        self.give(Order::Stop(visit));
    }

    /// The visit is over: a worker that had anything of it is killed.
    pub(crate) fn finish(&self, visit: VisitId) {
        self.give(Order::Finish(visit));
    }
}

#[cfg(test)]
mod tests;
