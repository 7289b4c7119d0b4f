//! The face worker: one process, one visit. It loads the models, says ready, and serves orders until the daemon closes the
//! socket or kills it. Everything it has seen ends with it (law 6).

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;

use rand_core::RngCore;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use screen::Advice;
use zeroize::Zeroizing;

use crate::capture::{Capture, CaptureNews, Deadlines};
use crate::limits::{MAX_DATA, MAX_DETAIL, NEWS_DEADLINE, PREVIEW_DEADLINE, WORKER_TICK};
use crate::link::{LinkError, encode_news, read_order, read_photo};
use crate::preview::Preview;
use crate::{
    ClosedBecause, FaceOutcome, Frame, FromWorker, Judge, Manifest, Measured, Models, Observation, OpenCamera, Pace,
    Pipeline, Shown, Sight, ToWorker, Wanted, WeightsLevel, caught, decode_photo,
};

mod eyes;

use eyes::Eyes;

/// What the program was told at its start.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Folder of the model files.
    pub models: PathBuf,
    /// Another manifest than the built-in one.
    pub manifest: Option<PathBuf>,
    /// Weights below this level are refused. Set in the code of the program, never on its command line.
    pub at_least: WeightsLevel,
}

/// Runs as the whole process: control socket is standard input, the live picture goes to standard output when that is a
/// socket, messages go to standard error. A panic ends the process.
pub fn run_worker(settings: WorkerSettings, cameras: Box<dyn OpenCamera>, random: Box<dyn RngCore + Send>) -> ExitCode {
    std::panic::set_hook(Box::new(caught::panicked));
    let most = |resource, bytes| setrlimit(resource, Rlimit { current: Some(bytes), maximum: Some(bytes) });
    let hardened = most(Resource::Core, 0)
        .and_then(|()| set_dumpable_behavior(DumpableBehavior::NotDumpable))
        .and_then(|()| most(Resource::Data, MAX_DATA));
    if let Err(error) = hardened {
        eprintln!("face worker: core dumps cannot be switched off or memory not be limited: {error}");
        return ExitCode::FAILURE;
    }
    let link = match socket(std::io::stdin().as_fd()) {
        Some(link) => link,
        None => {
            eprintln!("face worker: standard input is no socket; the daemon starts this program");
            return ExitCode::FAILURE;
        }
    };
    let preview = socket(std::io::stdout().as_fd())
        .map_or_else(Preview::nowhere, |kiosk| Preview::start(kiosk, PREVIEW_DEADLINE));
    let load = || {
        let models = load(&settings)?;
        let judge = Judge::new(models.thresholds(), models.attack_levels());
        let (weights, level) = (models.weights().to_owned(), models.level());
        Ok(Loaded { judge, weights, level, eyes: Box::new(Pipeline::new(models)) })
    };
    match serve(link, preview, load, cameras, random) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("face worker: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A duplicate of a descriptor that is a socket, blocking.
fn socket(descriptor: std::os::fd::BorrowedFd<'_>) -> Option<UnixStream> {
    let stat = rustix::fs::fstat(descriptor).ok()?;
    if rustix::fs::FileType::from_raw_mode(stat.st_mode) != rustix::fs::FileType::Socket {
        return None;
    }
    let stream = UnixStream::from(descriptor.try_clone_to_owned().ok()?);
    stream.set_nonblocking(false).ok()?;
    Some(stream)
}

fn load(settings: &WorkerSettings) -> Result<Models, String> {
    let file = settings.manifest.as_deref();
    let manifest = Manifest::of(file).map_err(|error| match file {
        Some(path) => format!("{}: {error}", path.display()),
        None => error.to_string(),
    })?;
    manifest.at_least(settings.at_least).map_err(|error| error.to_string())?;
    Models::load(&settings.models, &manifest).map_err(|error| error.to_string())
}

/// What comes of the models.
struct Loaded {
    judge: Judge,
    weights: String,
    level: WeightsLevel,
    eyes: Box<dyn Eyes>,
}

/// Why a worker ends before it is told to.
#[derive(Debug, thiserror::Error)]
enum Ended {
    /// The daemon cannot be understood, or does not take news.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A call into the camera does not come back: only the end of the process closes it.
    #[error("the camera hangs")]
    CameraHangs,
}

/// Whatever the worker waits for, in one queue.
enum Input {
    Order(ToWorker),
    Photo(Zeroizing<Vec<u8>>),
    /// The daemon has closed the socket.
    End,
    Broken(LinkError),
    Capture(CaptureNews),
}

fn serve(
    mut link: UnixStream,
    preview: Preview,
    load: impl FnOnce() -> Result<Loaded, String>,
    mut cameras: Box<dyn OpenCamera>,
    random: Box<dyn RngCore + Send>,
) -> Result<(), Ended> {
    link.set_write_timeout(Some(NEWS_DEADLINE)).map_err(LinkError::from)?;
    let closed = |link: &mut UnixStream, why, detail: String| {
        let detail = detail.chars().take(MAX_DETAIL).collect();
        send(link, &FromWorker::Closed { why, detail })
    };
    let loaded = match load() {
        Ok(loaded) => loaded,
        Err(detail) => return closed(&mut link, ClosedBecause::Models, detail),
    };
    if let Err(error) = cameras.find() {
        let detail = format!("{error}: {}", cameras.describe());
        return closed(&mut link, ClosedBecause::Camera, detail);
    }
    let camera = cameras.describe().chars().take(MAX_DETAIL).collect();
    let (sender, inputs) = mpsc::channel();
    let news = sender.clone();
    let picture = preview.clone();
    let capture = Capture::start(
        cameras,
        Box::new(move |one| {
            // Nobody listens any more: the worker ends.
            let _ = news.send(Input::Capture(one));
        }),
        Box::new(move |frame: &Arc<Frame>| picture.offer(frame)),
        Deadlines::default(),
    );
    let from = link.try_clone().map_err(LinkError::from)?;
    thread::spawn(move || listen(from, &sender));
    let Loaded { judge, weights, level, eyes } = loaded;
    send(&mut link, &FromWorker::Ready { weights, level, camera })?;
    let worker = Worker { link, preview, capture, judge, eyes, random, photo: None, looking: None };
    worker.work(&inputs)
}

fn send(link: &mut UnixStream, news: &FromWorker) -> Result<(), Ended> {
    Ok(link.write_all(&encode_news(news)).map_err(LinkError::from)?)
}

/// Reads orders until the end.
fn listen(mut link: UnixStream, to: &Sender<Input>) {
    loop {
        let input = match read_order(&mut link) {
            Ok(Some(ToWorker::Photo { bytes })) => match read_photo(&mut link, bytes) {
                Ok(photo) => Input::Photo(photo),
                Err(error) => Input::Broken(error),
            },
            Ok(Some(order)) => Input::Order(order),
            Ok(None) => Input::End,
            Err(error) => Input::Broken(error),
        };
        let last = matches!(input, Input::End | Input::Broken(_));
        if to.send(input).is_err() || last {
            return;
        }
    }
}

struct Worker {
    link: UnixStream,
    preview: Preview,
    capture: Capture,
    judge: Judge,
    eyes: Box<dyn Eyes>,
    random: Box<dyn RngCore + Send>,
    /// As the card gave it, for staff who may compare; it ends with this process.
    photo: Option<Zeroizing<Vec<u8>>>,
    looking: Option<Looking>,
}

/// A try or a comparison under way.
struct Looking {
    /// Staff compare: nothing is judged.
    staff: bool,
    /// Of the daemon's order.
    number: u32,
    /// Of the camera's opening.
    opening: u64,
    /// The daemon believes the light to be on.
    light: bool,
    shown: Option<Shown>,
}

impl Worker {
    fn work(mut self, inputs: &Receiver<Input>) -> Result<(), Ended> {
        loop {
            match inputs.recv_timeout(WORKER_TICK) {
                Ok(Input::Order(ToWorker::Look { number, pace })) => self.look(number, pace)?,
                Ok(Input::Order(ToWorker::Compare { number })) => self.compare(number)?,
                Ok(Input::Order(ToWorker::Stop)) => self.stop()?,
                // Its bytes have come with `Input::Photo`.
                Ok(Input::Order(ToWorker::Photo { .. })) => {}
                Ok(Input::Photo(photo)) => self.take_photo(photo)?,
                Ok(Input::Capture(news)) => self.captured(news)?,
                Ok(Input::Broken(error)) => return Err(error.into()),
                Ok(Input::End) | Err(RecvTimeoutError::Disconnected) => {
                    self.capture.close();
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.capture.stuck() {
                return self.hangs();
            }
        }
    }

    fn look(&mut self, number: u32, pace: Pace) -> Result<(), Ended> {
        if self.looking.is_some() {
            self.stop()?;
        }
        self.judge.set_pace(pace);
        if let Some(outcome) = self.judge.begin() {
            return self.say(&FromWorker::Decided { number, outcome });
        }
        let opening = self.capture.open();
        self.eyes.forget();
        let shown = Shown { advice: Some(Advice::Wait), ..Shown::default() };
        self.looking = Some(Looking { staff: false, number, opening, light: false, shown: Some(shown) });
        self.say_looking(number, shown)
    }

    /// The judge hears nothing of it: neither a try nor a verdict.
    fn compare(&mut self, number: u32) -> Result<(), Ended> {
        if self.looking.is_some() {
            self.stop()?;
        }
        let opening = self.capture.open();
        self.eyes.forget();
        self.looking = Some(Looking { staff: true, number, opening, light: false, shown: None });
        self.show_photo(number)
    }

    /// The photo beside the live picture.
    fn show_photo(&mut self, number: u32) -> Result<(), Ended> {
        let decoded = self.photo.as_ref().and_then(|photo| decode_photo(photo).ok());
        let photo = decoded.is_some_and(|frame| self.preview.photo(frame));
        self.say(&FromWorker::Comparing { number, photo })
    }

    fn stop(&mut self) -> Result<(), Ended> {
        if self.looking.as_ref().is_none_or(|looking| !looking.staff) {
            self.judge.give_up();
        }
        self.camera_off()
    }

    fn take_photo(&mut self, photo: Zeroizing<Vec<u8>>) -> Result<(), Ended> {
        // Decoded here while the capture thread opens the camera.
        let vector = self.eyes.photo(&photo);
        self.photo = Some(photo);
        let usable = vector.is_some();
        if let Some(vector) = vector {
            self.judge.set_photo(vector);
        }
        self.say(&FromWorker::Photo { usable })?;
        match self.looking {
            Some(Looking { staff: true, number, .. }) => self.show_photo(number),
            Some(Looking { staff: false, .. }) | None => Ok(()),
        }
    }

    fn captured(&mut self, news: CaptureNews) -> Result<(), Ended> {
        let Some(looking) = &mut self.looking else { return Ok(()) };
        let number = looking.number;
        match news {
            CaptureNews::On(opening) if opening == looking.opening => {
                looking.light = true;
                self.say(&FromWorker::Camera { number, on: true })
            }
            CaptureNews::Off(opening) if opening == looking.opening => {
                looking.light = false;
                self.preview.clear();
                self.say(&FromWorker::Camera { number, on: false })
            }
            CaptureNews::Frame(opening) if opening == looking.opening => match self.capture.take() {
                // The capture thread has shown it; nobody judges it.
                Some(_) if looking.staff => Ok(()),
                Some(frame) => self.see(&frame),
                None => Ok(()),
            },
            CaptureNews::Failed(opening, error) if opening == looking.opening => {
                eprintln!("face worker: {error}");
                self.stop()?;
                self.say(&FromWorker::Decided { number, outcome: FaceOutcome::Gone })
            }
            // Of an opening that was given up.
            CaptureNews::On(_) | CaptureNews::Off(_) | CaptureNews::Frame(_) | CaptureNews::Failed(..) => Ok(()),
        }
    }

    fn see(&mut self, frame: &Frame) -> Result<(), Ended> {
        // A net that fails sees no face; the try then ends by its time.
        let seen =
            self.eyes.look(frame).unwrap_or(Observation { advice: Some(Advice::NoFace), ..Observation::default() });
        let face = seen.face().copied();
        self.preview.face(face.map(|face| face.place));
        let sight = Sight { at_ns: frame.taken_ns(), face: face.as_ref(), advice: seen.advice };
        let mut measured = Measured::default();
        if let Some(face) = &face {
            match self.judge.wanted(&sight) {
                Wanted::Nothing => {}
                Wanted::Vector => measured.vector = self.eyes.embed(frame, face),
                Wanted::VectorAndScores => {
                    measured.vector = self.eyes.embed(frame, face);
                    measured.scores = self.eyes.attack(frame, face);
                }
            }
        }
        let (shown, outcome) = self.judge.observe(&sight, measured, &mut *self.random);
        let Some(looking) = &mut self.looking else { return Ok(()) };
        let number = looking.number;
        if let Some(outcome) = outcome {
            // The light first; then it is said.
            self.camera_off()?;
            return self.say(&FromWorker::Decided { number, outcome });
        }
        if looking.shown == Some(shown) {
            return Ok(());
        }
        looking.shown = Some(shown);
        self.say_looking(number, shown)
    }

    fn camera_off(&mut self) -> Result<(), Ended> {
        let closed = self.capture.close();
        self.preview.clear();
        self.eyes.forget();
        if !closed {
            return self.hangs();
        }
        match self.looking.take() {
            Some(Looking { number, light: true, .. }) => self.say(&FromWorker::Camera { number, on: false }),
            Some(_) | None => Ok(()),
        }
    }

    /// The worker ends, and with it the camera's light.
    fn hangs(&mut self) -> Result<(), Ended> {
        if let Some(Looking { number, .. }) = self.looking {
            self.say(&FromWorker::Decided { number, outcome: FaceOutcome::Gone })?;
        }
        Err(Ended::CameraHangs)
    }

    fn say_looking(&mut self, number: u32, shown: Shown) -> Result<(), Ended> {
        let Shown { advice, movement, progress } = shown;
        self.say(&FromWorker::Looking { number, advice, movement, progress })
    }

    fn say(&mut self, news: &FromWorker) -> Result<(), Ended> {
        send(&mut self.link, news)
    }
}

#[cfg(test)]
mod tests;
