//! Keeps one worker alive: gives it a visit's orders, watches the clock, kills and replaces it.

mod clock;
mod hearing;

use std::{future::pending, os::fd::OwnedFd, time::Instant};

use card::Photo;
use face::{FromWorker, ToWorker};
use session::{ComparingWith, FaceOutcome, FaceSeen, FaceWay, Pace, Reason, VisitId};
use tokio::sync::mpsc;

use super::{
    FaceNews, FaceWorker, Order, Patience,
    starts::Starts,
    worker::{Lost, Process},
};
use crate::{
    input::{Input, Inputs},
    staff,
    weights::Weights,
};

/// Keeps one worker alive.
pub(super) struct Keeper {
    how: FaceWorker,
    /// What every worker is to run.
    weights: Weights,
    patience: Patience,
    inputs: Inputs,
    worker: Option<Worker>,
    /// The kiosk's newest connection, not yet handed to a worker.
    preview: Option<OwnedFd>,
    starts: Starts,
    /// When the next worker is started, while there is none.
    start_at: Option<Instant>,
    /// The last visit that is over: nothing of it goes to a worker any more (law 4).
    finished: VisitId,
    /// The visit in which a worker saw an attack: final (law 8).
    attacked: Option<VisitId>,
    /// The visit in which a worker was lost that had the photo and had begun a try, stopped or not: it may have compared,
    /// and its count, which keeps the false-match figure a visit's, is gone.
    tries_lost: Option<VisitId>,
    /// The visit whose photo is being read: whichever worker there is will get it.
    coming: Option<VisitId>,
    /// Nobody listens any more.
    ended: bool,
}

/// One running worker.
struct Worker {
    process: Process,
    began: Instant,
    /// Identity of its weights, from when it was ready.
    weights: Option<String>,
    has_preview: bool,
    visit: Option<Using>,
}

/// What a visit has of a worker.
struct Using {
    id: VisitId,
    /// Something of the visit went to the process: it dies with the visit.
    touched: bool,
    photo: PhotoState,
    /// Tries ordered of this worker; the number of the newest.
    tries: u32,
    /// The newest try runs: when it was last heard of.
    looking: Option<Instant>,
    /// How much time that try has.
    pace: Pace,
    /// What runs is staff comparing: nothing is decided, and the worker has nothing more to say.
    staff: bool,
    /// The camera is to be off by then.
    off_by: Option<Instant>,
    camera_on: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PhotoState {
    /// Nobody said that one comes.
    None,
    Coming,
    Given(Instant),
    Usable,
    Unusable,
}

enum Happened {
    Ordered(Option<Order>),
    News(Result<FromWorker, Lost>),
    Preview(Option<OwnedFd>),
    Time,
}

impl Keeper {
    /// The first worker is started as soon as it runs.
    pub(super) fn new(how: FaceWorker, weights: Weights, patience: Patience, inputs: Inputs) -> Self {
        Self {
            how,
            weights,
            patience,
            inputs,
            worker: None,
            preview: None,
            starts: Starts::default(),
            start_at: Some(Instant::now()),
            finished: VisitId(0),
            attacked: None,
            tries_lost: None,
            coming: None,
            ended: false,
        }
    }

    pub(super) async fn run(
        mut self,
        mut orders: mpsc::UnboundedReceiver<Order>,
        mut previews: mpsc::Receiver<OwnedFd>,
    ) {
        let mut previews_end = false;
        while !self.ended {
            let wake = self.wake();
            // Orders come first: what a visit gave up is not answered any more.
            let happened = tokio::select! {
                biased;
                order = orders.recv() => Happened::Ordered(order),
                news = news(self.worker.as_mut()) => Happened::News(news),
                preview = previews.recv(), if !previews_end => Happened::Preview(preview),
                () = until(wake) => Happened::Time,
            };
            match happened {
                Happened::Ordered(Some(order)) => self.ordered(order).await,
                Happened::Ordered(None) => break,
                Happened::News(Ok(news)) => self.heard(news).await,
                Happened::News(Err(lost)) => self.lost(&lost.to_string()).await,
                Happened::Preview(Some(preview)) => self.preview_came(preview),
                Happened::Preview(None) => previews_end = true,
                Happened::Time => {}
            }
            self.look_at_the_clock().await;
        }
        if let Some(worker) = self.worker.take() {
            worker.process.kill();
        }
    }

    async fn tell(&mut self, news: FaceNews) {
        self.ended |= self.inputs.send(Input::Face(news)).await.is_err();
    }

    async fn tell_gone(&mut self, visit: VisitId) {
        self.tell(FaceNews::Seen(visit, FaceSeen::Decided(FaceOutcome::Gone))).await;
    }

    async fn ordered(&mut self, order: Order) {
        match order {
            Order::PhotoComes(visit) => {
                self.coming = Some(visit);
                if let Some(using) = self.using(visit) {
                    using.photo = PhotoState::Coming;
                }
            }
            Order::Photo(visit, photo) => self.give_photo(visit, photo).await,
            Order::Look(visit, pace) => self.begin_look(visit, pace).await,
            Order::Compare(visit) => self.begin_comparing(visit).await,
            Order::Stop(visit) => self.stop_look(visit).await,
            Order::Finish(visit) => {
                self.finished = self.finished.max(visit);
                let used = |worker: &mut Worker| worker.visit.take().is_some_and(|using| using.touched);
                if self.worker.as_mut().is_some_and(used) {
                    self.replace();
                }
            }
        }
    }

    /// The worker for this visit, started on the spot if need be. `None`: the visit is over, or there is no worker.
    fn using(&mut self, visit: VisitId) -> Option<&mut Using> {
        if visit <= self.finished {
            return None;
        }
        let of_another = |worker: &Worker| worker.visit.as_ref().is_some_and(|using| using.id != visit);
        if self.worker.as_ref().is_some_and(of_another) {
            // Every visit is finished before the next begins; two are never mixed all the same (law 4).
            self.replace();
        }
        // The wait for the kiosk's connection is for between visits; pauses after failures are not cut short.
        if self.worker.is_none() && self.start_at.is_some_and(|at| at <= Instant::now() + self.patience.preview) {
            self.start();
        }
        let photo = if self.coming == Some(visit) { PhotoState::Coming } else { PhotoState::None };
        let using = self.worker.as_mut()?.visit.get_or_insert(Using {
            id: visit,
            touched: false,
            photo,
            tries: 0,
            looking: None,
            pace: Pace::Usual,
            staff: false,
            off_by: None,
            camera_on: false,
        });
        Some(using)
    }

    /// Sends an order of a visit; `false`: the worker is lost, which is told already.
    async fn send(&mut self, order: ToWorker, photo: &[u8]) -> bool {
        let Some(worker) = &mut self.worker else { return false };
        if let Some(using) = &mut worker.visit {
            using.touched = true;
        }
        match worker.process.order(order, photo).await {
            Ok(()) => true,
            Err(lost) => {
                self.lost(&lost.to_string()).await;
                false
            }
        }
    }

    async fn give_photo(&mut self, visit: VisitId, photo: Photo) {
        self.coming = None;
        if visit <= self.finished {
            return;
        }
        let Some(using) = self.using(visit) else {
            self.tell_gone(visit).await;
            return self.tell(FaceNews::PhotoLost(visit)).await;
        };
        let bytes = photo.bytes();
        match u32::try_from(bytes.len()) {
            Ok(count) if bytes.len() <= face::limits::MAX_PHOTO => {
                using.photo = PhotoState::Given(Instant::now());
                self.send(ToWorker::Photo { bytes: count }, bytes).await;
            }
            Ok(_) | Err(_) => {
                using.photo = PhotoState::Unusable;
                self.tell(FaceNews::Photo(visit, false)).await;
            }
        }
    }

    async fn begin_look(&mut self, visit: VisitId, pace: Pace) {
        if visit <= self.finished {
            return;
        }
        if self.attacked == Some(visit) {
            return self.tell(FaceNews::Seen(visit, FaceSeen::Decided(FaceOutcome::Attack))).await;
        }
        if self.tries_lost == Some(visit) {
            // A new worker would compare as if nothing had been tried: no more comparisons in this visit.
            return self.tell(FaceNews::Seen(visit, FaceSeen::Decided(FaceOutcome::Unclear(None)))).await;
        }
        let Some(using) = self.using(visit) else { return self.tell_gone(visit).await };
        if using.looking.replace(Instant::now()).is_none() {
            using.off_by = None;
            using.staff = false;
            using.tries = using.tries.saturating_add(1);
            using.pace = pace;
            let number = using.tries;
            self.send(ToWorker::Look { number, pace: of_worker(pace) }, &[]).await;
        }
    }

    /// Staff compare: also after an attack or a worker that was lost, because nothing is judged.
    async fn begin_comparing(&mut self, visit: VisitId) {
        if visit <= self.finished {
            return;
        }
        let Some(using) = self.using(visit) else {
            return self.tell(FaceNews::Comparing(visit, ComparingWith::Nothing)).await;
        };
        using.looking = Some(Instant::now());
        using.off_by = None;
        using.staff = true;
        using.tries = using.tries.saturating_add(1);
        let number = using.tries;
        self.send(ToWorker::Compare { number }, &[]).await;
    }

    async fn stop_look(&mut self, visit: VisitId) {
        let off_by = Instant::now() + self.patience.stop;
        let using = self.worker.as_mut().and_then(|worker| worker.visit.as_mut());
        let Some(using) = using.filter(|using| using.id == visit && using.looking.is_some()) else { return };
        using.looking = None;
        using.off_by = Some(off_by);
        self.send(ToWorker::Stop, &[]).await;
    }

    /// The worker died, hangs or talks nonsense.
    async fn lost(&mut self, why: &str) {
        staff::support(&format!("a face worker is lost: {why}"));
        let came_up = self.worker.as_ref().is_some_and(|worker| worker.weights.is_some());
        self.give_up_worker().await;
        if !came_up {
            self.failed(Reason::Camera).await;
        }
    }

    /// Kills the worker; a visit that counted on it hears so.
    async fn give_up_worker(&mut self) {
        let using = self.worker.as_mut().and_then(|worker| worker.visit.take());
        self.replace();
        let Some(using) = using else { return };
        // Without a photo nothing can have been compared.
        let had_photo = matches!(using.photo, PhotoState::Given(_) | PhotoState::Usable);
        if using.tries > 0 && had_photo {
            self.tries_lost = Some(using.id);
        }
        if using.staff && using.looking.is_some() {
            return self.tell(FaceNews::Comparing(using.id, ComparingWith::Nothing)).await;
        }
        let pending = matches!(using.photo, PhotoState::Given(_));
        if using.looking.is_some() || pending {
            self.tell_gone(using.id).await;
        }
        if pending {
            self.tell(FaceNews::PhotoLost(using.id)).await;
        }
    }

    async fn failed(&mut self, reason: Reason) {
        self.start_at = Some(Instant::now() + self.starts.failed());
        self.tell(FaceNews::Way(FaceWay::Closed(reason))).await;
    }

    /// Kills the worker and plans its successor: at once, or after the kiosk had time to connect again.
    fn replace(&mut self) {
        let Some(worker) = self.worker.take() else { return };
        let wait = worker.has_preview && self.preview.is_none();
        worker.process.kill();
        let now = Instant::now();
        self.start_at = Some(if wait { now + self.patience.preview } else { now });
    }

    fn preview_came(&mut self, preview: OwnedFd) {
        self.preview = Some(preview);
        match &self.worker {
            // A worker that nobody uses is started again with the picture's connection; a kiosk that connects in a loop
            // cannot use up the starts that visits need.
            Some(worker) if worker.visit.is_none() && self.starts.to_spare(Instant::now()) => self.replace(),
            Some(_) => {}
            None => {
                // This is what the successor waited for.
                let now = Instant::now();
                if self.start_at.is_some_and(|at| at <= now + self.patience.preview) {
                    self.start_at = Some(now);
                }
            }
        }
    }

    fn start(&mut self) {
        let now = Instant::now();
        let earliest = self.starts.earliest(now);
        if earliest > now {
            self.start_at = Some(earliest);
            return;
        }
        self.starts.started(now);
        self.start_at = None;
        let preview = self.preview.take();
        let has_preview = preview.is_some();
        match Process::start(&self.how, preview) {
            Ok(process) => {
                self.worker = Some(Worker { process, began: now, weights: None, has_preview, visit: None });
            }
            Err(error) => {
                staff::support(&format!("a face worker cannot be started: {error}"));
                self.start_at = Some(now);
            }
        }
    }
}

const fn of_worker(pace: Pace) -> face::Pace {
    match pace {
        Pace::Usual => face::Pace::Usual,
        Pace::Slow => face::Pace::Slow,
    }
}

async fn news(worker: Option<&mut Worker>) -> Result<FromWorker, Lost> {
    match worker {
        Some(worker) => worker.process.news().await,
        None => pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => pending().await,
    }
}
