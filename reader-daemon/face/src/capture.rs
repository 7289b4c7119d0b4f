//! The capture thread: it alone calls the camera, keeps only the latest frame, and can be left behind when a call does not
//! come back. The camera is open from `open` to `close`, never else.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::limits::{CAMERA_CALL, CAMERA_CLOSE, CAMERA_SLICE, FIRST_FRAME_DEADLINE, FRAME_DEADLINE, REOPENINGS};
use crate::{Camera, CameraError, Frame, OpenCamera};

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// The first frame of an opening.
    first: Duration,
    /// Every other.
    frame: Duration,
    /// Closing.
    close: Duration,
    /// Any call into the camera.
    call: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { first: FIRST_FRAME_DEADLINE, frame: FRAME_DEADLINE, close: CAMERA_CLOSE, call: CAMERA_CALL }
    }
}

/// What the capture thread reports, with the number that [`Capture::open`] gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaptureNews {
    /// The camera's light is on.
    On(u64),
    /// It is off, though nobody asked: it is being opened anew.
    Off(u64),
    /// A frame lies ready; at most one such news waits.
    Frame(u64),
    /// There will be none.
    Failed(u64, CameraError),
}

/// Takes news; called on the capture thread, must not wait.
pub(crate) type News = Box<dyn Fn(CaptureNews) + Send + Sync>;
/// Takes frames; called on the capture thread, must not wait.
pub(crate) type Picture = Box<dyn Fn(&Arc<Frame>) + Send + Sync>;

/// The worker's end of the capture thread.
pub(crate) struct Capture {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    news: News,
    /// Gets every frame as it comes, for the live picture.
    picture: Picture,
    deadlines: Deadlines,
}

#[derive(Default)]
struct State {
    /// Which opening is wanted; counts up.
    number: u64,
    wanted: bool,
    /// From before the camera is opened until it is dropped.
    on: bool,
    frame: Option<Arc<Frame>>,
    /// A call into the camera began then and has not come back.
    calling: Option<Instant>,
    ended: bool,
}

impl Capture {
    pub(crate) fn start(cameras: Box<dyn OpenCamera>, news: News, picture: Picture, deadlines: Deadlines) -> Self {
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), news, picture, deadlines });
        let thread = Arc::clone(&shared);
        thread::spawn(move || thread.run(cameras));
        Self { shared }
    }

    /// Begins to open the camera and returns at once.
    pub(crate) fn open(&self) -> u64 {
        let mut state = self.shared.lock();
        state.number += 1;
        state.wanted = true;
        state.frame = None;
        self.shared.changed.notify_all();
        state.number
    }

    /// Closes the camera and waits until it is. `false`: it does not come back; the thread is left behind, and only the
    /// end of this process closes the camera.
    pub(crate) fn close(&self) -> bool {
        let mut state = self.shared.lock();
        state.wanted = false;
        state.frame = None;
        self.shared.changed.notify_all();
        let waited = self.shared.changed.wait_timeout_while(state, self.shared.deadlines.close, |state| state.on);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.frame = None;
        !state.on
    }

    /// The latest frame, once.
    pub(crate) fn take(&self) -> Option<Arc<Frame>> {
        self.shared.lock().frame.take()
    }

    /// A call into the camera does not come back (law 11).
    pub(crate) fn stuck(&self) -> bool {
        let limit = self.shared.deadlines.call;
        self.shared.lock().calling.is_some_and(|since| since.elapsed() > limit)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.wanted = false;
        state.ended = true;
        state.frame = None;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, mut cameras: Box<dyn OpenCamera>) {
        while let Some(number) = self.wait_for_opening() {
            if let Err(error) = self.deliver(cameras.as_mut(), number) {
                self.forget(number);
                (self.news)(CaptureNews::Failed(number, error));
            }
        }
    }

    /// `None`: the worker ends.
    fn wait_for_opening(&self) -> Option<u64> {
        let waited = self.changed.wait_while(self.lock(), |state| !state.wanted && !state.ended);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if state.ended {
            return None;
        }
        state.on = true;
        Some(state.number)
    }

    fn wanted(&self, number: u64) -> bool {
        let state = self.lock();
        state.wanted && state.number == number
    }

    /// Until it is closed (`Ok`) or there is nothing more to get.
    fn deliver(&self, cameras: &mut dyn OpenCamera, number: u64) -> Result<(), CameraError> {
        let mut openings = 0;
        loop {
            openings += 1;
            let stalled = self.open_and_deliver(cameras, number);
            self.off();
            match stalled {
                Ok(()) => return Ok(()),
                Err(CameraError::Stalled) if openings <= REOPENINGS => {
                    (self.news)(CaptureNews::Off(number));
                    if !self.on_again(number) {
                        return Ok(());
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn open_and_deliver(&self, cameras: &mut dyn OpenCamera, number: u64) -> Result<(), CameraError> {
        if !self.wanted(number) {
            return Ok(());
        }
        let mut camera = self.call(|| cameras.open())?;
        (self.news)(CaptureNews::On(number));
        let ended = self.frames(camera.as_mut(), number);
        self.call(|| drop(camera));
        ended
    }

    fn frames(&self, camera: &mut dyn Camera, number: u64) -> Result<(), CameraError> {
        let mut deadline = Instant::now() + self.deadlines.first;
        while self.wanted(number) {
            let began = Instant::now();
            match self.call(|| camera.next(CAMERA_SLICE)) {
                Ok(frame) => {
                    deadline = Instant::now() + self.deadlines.frame;
                    self.put(Arc::new(frame), number);
                }
                // A damaged frame is no frame: a camera that sends nothing else is stalled too.
                Err(CameraError::Stalled | CameraError::Damaged) if Instant::now() < deadline => {
                    // Never a busy loop, however fast a broken camera answers.
                    thread::sleep(Duration::from_millis(2).saturating_sub(began.elapsed()));
                }
                Err(CameraError::Damaged) => return Err(CameraError::Stalled),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn put(&self, frame: Arc<Frame>, number: u64) {
        let mut state = self.lock();
        if !state.wanted || state.number != number {
            return;
        }
        (self.picture)(&frame);
        let told = state.frame.replace(frame).is_some();
        drop(state);
        if !told {
            (self.news)(CaptureNews::Frame(number));
        }
    }

    /// A call that may hang, so that it is seen from outside.
    fn call<T>(&self, what: impl FnOnce() -> T) -> T {
        self.lock().calling = Some(Instant::now());
        let answer = what();
        self.lock().calling = None;
        answer
    }

    /// `false`: it was told to close meanwhile, and stays so.
    fn on_again(&self, number: u64) -> bool {
        let mut state = self.lock();
        state.on = state.wanted && state.number == number;
        state.on
    }

    fn off(&self) {
        let mut state = self.lock();
        state.on = false;
        state.frame = None;
        self.changed.notify_all();
    }

    /// This opening has failed; it is not tried again unasked.
    fn forget(&self, number: u64) {
        let mut state = self.lock();
        if state.number == number {
            state.wanted = false;
        }
    }
}

#[cfg(test)]
mod tests;
