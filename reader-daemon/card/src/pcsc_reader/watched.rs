//! A channel whose calls are watched. A call into PC/SC cannot be cancelled (law 11), so each connection lives in a
//! thread of its own: when a call does not return in time the thread is left alone and the reader counts as wedged
//! until it ends. The thread owns the power-down, so the card loses power on every way out, panic included (law 2).

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SendError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use zeroize::{Zeroize, Zeroizing};

use crate::{Channel, ChannelError};

/// One powered card, used by one thread.
pub(super) trait Contact {
    /// Answer to reset.
    fn atr(&self) -> Vec<u8>;
    /// One exchange.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError>;
    /// Takes the power away. Called once, at last.
    fn power_down(&mut self);
}

/// Powers down when it goes, however it goes.
struct Powered<C: Contact>(C);

impl<C: Contact> Drop for Powered<C> {
    fn drop(&mut self) {
        self.0.power_down();
    }
}

/// Threads whose call did not return in time.
#[derive(Default)]
pub(super) struct Stuck(Mutex<Vec<JoinHandle<()>>>);

impl Stuck {
    /// At least one of them has not returned yet.
    pub(super) fn any(&self) -> bool {
        let mut threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        !threads.is_empty()
    }

    fn add(&self, thread: Option<JoinHandle<()>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(thread);
    }
}

struct Job {
    command: Zeroizing<Vec<u8>>,
    answer: Sender<Result<Vec<u8>, ChannelError>>,
}

/// The watched connection.
pub(super) struct Watched {
    atr: Vec<u8>,
    /// `None`: the connection is over; the thread ends as soon as it can.
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Never carries anything: it breaks when the thread has powered the card down.
    ended: Receiver<Infallible>,
    stuck: Arc<Stuck>,
    call_limit: Duration,
    /// The first error is the last: a wedged reader takes 3 s for each further exchange (lab finding 9), and a card that
    /// was removed stays so until it is connected anew (finding 8).
    broken: Option<ChannelError>,
}

impl Watched {
    /// Runs `opening` in the connection's own thread.
    pub(super) fn open<C: Contact>(
        opening: impl FnOnce() -> Result<C, ChannelError> + Send + 'static,
        stuck: &Arc<Stuck>,
        open_limit: Duration,
        call_limit: Duration,
    ) -> Result<Self, ChannelError> {
        if stuck.any() {
            return Err(ChannelError::Wedged);
        }
        let (jobs, work) = channel();
        let (alive, ended) = channel::<Infallible>();
        let (opened, opening_done) = channel();
        let run = move || {
            // Bound first, so dropped last: after the card's power.
            let _alive = alive;
            let card = match opening() {
                Ok(contact) => Powered(contact),
                Err(error) => return drop(opened.send(Err(error))),
            };
            if opened.send(Ok(card.0.atr())).is_ok() {
                serve(card, &work);
            }
        };
        let thread = thread::Builder::new().name("card".to_owned()).spawn(run).map_err(|_| ChannelError::ReaderGone)?;
        match opening_done.recv_timeout(open_limit) {
            Ok(Ok(atr)) => Ok(Self {
                atr,
                jobs: Some(jobs),
                thread: Some(thread),
                ended,
                stuck: Arc::clone(stuck),
                call_limit,
                broken: None,
            }),
            Ok(Err(error)) => Err(error),
            // The thread is gone without a word: it panicked.
            Err(RecvTimeoutError::Disconnected) => Err(ChannelError::ReaderGone),
            Err(RecvTimeoutError::Timeout) => {
                stuck.add(Some(thread));
                Err(ChannelError::Wedged)
            }
        }
    }

    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let (answer, answered) = channel();
        let job = Job { command: Zeroizing::new(command.to_vec()), answer };
        let jobs = self.jobs.as_ref().ok_or(ChannelError::ReaderGone)?;
        jobs.send(job).map_err(|_| ChannelError::ReaderGone)?;
        match answered.recv_timeout(self.call_limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Disconnected) => Err(ChannelError::ReaderGone),
            Err(RecvTimeoutError::Timeout) => {
                self.stuck.add(self.thread.take());
                Err(ChannelError::Wedged)
            }
        }
    }
}

/// Carries jobs out until nobody can give any more, then powers down.
fn serve<C: Contact>(mut card: Powered<C>, work: &Receiver<Job>) {
    for Job { command, answer } in work {
        // Nobody listening any more: the watchdog was quicker, and the queue is closed as well.
        if let Err(SendError(Ok(mut unheard))) = answer.send(card.0.transmit(&command)) {
            unheard.zeroize();
        }
    }
}

impl Channel for Watched {
    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let answer = self.exchange(command);
        if let Err(error) = answer {
            self.broken = Some(error);
            self.jobs = None;
        }
        answer
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.jobs = None;
        // Waits until the card is without power, so that the next connection finds it cold and free.
        if let Some(thread) = self.thread.take() {
            match self.ended.recv_timeout(self.call_limit) {
                Err(RecvTimeoutError::Disconnected) => drop(thread.join()),
                Err(RecvTimeoutError::Timeout) => self.stuck.add(Some(thread)),
                Ok(never) => match never {},
            }
        }
    }
}

#[cfg(test)]
mod tests;
