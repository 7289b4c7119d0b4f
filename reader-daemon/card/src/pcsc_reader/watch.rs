//! Presence from the reader's events (law 3). A thread of its own asks PC/SC, because even that call may not return.
//!
//! After any failure of the service the context is thrown away: an old one answers NoService for ever although pcscd is
//! back (lab finding 6). A reader that was plugged in anew has another name (finding 7), so the list is read each time.

use std::{
    ffi::CString,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};

use crate::{Presence, limits};

use super::{contact::readers, pattern::Pattern, watched::Stuck};

struct Question {
    known: Presence,
    limit: Duration,
}

/// The asking side.
pub(super) struct Watch {
    pattern: Pattern,
    stuck: Arc<Stuck>,
    questions: Sender<Question>,
    answers: Receiver<Presence>,
    /// A question whose answer was not waited for any longer.
    late: bool,
}

impl Watch {
    pub(super) fn start(pattern: Pattern, stuck: Arc<Stuck>) -> Self {
        let (questions, asked) = channel::<Question>();
        let (answer, answers) = channel();
        let mut eye = Eye::new(pattern.clone(), Arc::clone(&stuck));
        let run = move || {
            for question in asked {
                if answer.send(eye.until(question.known, Instant::now() + question.limit)).is_err() {
                    break;
                }
            }
        };
        // Without a thread every question finds the line broken: no reader.
        let _ = thread::Builder::new().name("card-presence".to_owned()).spawn(run);
        Self { pattern, stuck, questions, answers, late: false }
    }

    pub(super) fn wait(&mut self, known: Presence, limit: Duration) -> Presence {
        let began = Instant::now();
        if self.late {
            match self.answers.recv_timeout(limit) {
                Ok(_) => self.late = false,
                Err(RecvTimeoutError::Timeout) => return Presence::NoReader,
                Err(RecvTimeoutError::Disconnected) => return self.restart(limit),
            }
        }
        let limit = limit.saturating_sub(began.elapsed());
        if self.questions.send(Question { known, limit }).is_err() {
            return self.restart(limit);
        }
        match self.answers.recv_timeout(limit + limits::CALL_WATCHDOG) {
            Ok(presence) => presence,
            Err(RecvTimeoutError::Timeout) => {
                self.late = true;
                Presence::NoReader
            }
            Err(RecvTimeoutError::Disconnected) => self.restart(limit),
        }
    }

    /// The thread panicked (the `pcsc` crate does on error codes it does not know).
    fn restart(&mut self, limit: Duration) -> Presence {
        thread::sleep(limits::SERVICE_PAUSE.min(limit));
        *self = Self::start(self.pattern.clone(), Arc::clone(&self.stuck));
        Presence::NoReader
    }
}

/// The looking side.
struct Eye {
    pattern: Pattern,
    stuck: Arc<Stuck>,
    context: Option<Context>,
    names: Vec<CString>,
    /// The fitting readers in the order of `names`, then the notice of readers that come and go.
    states: Vec<ReaderState>,
    /// What the last answer said.
    current: Presence,
    /// What lies where, as last counted.
    seen: Option<(CString, u32)>,
    /// Our own number of `seen`; unlike the reader's it rises when readers or service change, too.
    insertion: u32,
}

impl Eye {
    fn new(pattern: Pattern, stuck: Arc<Stuck>) -> Self {
        Self {
            pattern,
            stuck,
            context: None,
            names: Vec::new(),
            states: Vec::new(),
            current: Presence::NoReader,
            seen: None,
            insertion: 0,
        }
    }

    /// Looks until something else than `known` is there, or the time is over.
    fn until(&mut self, known: Presence, end: Instant) -> Presence {
        let mut patience = Duration::ZERO;
        loop {
            let presence = self.look(patience);
            let left = end.saturating_duration_since(Instant::now());
            if presence != known || left.is_zero() {
                return presence;
            }
            patience = left.min(limits::WAIT_SLICE);
            if self.context.is_none() || self.stuck.any() {
                thread::sleep(patience.min(limits::SERVICE_PAUSE));
                patience = Duration::ZERO;
            }
        }
    }

    /// Waits so long for a change, then says what is there.
    fn look(&mut self, patience: Duration) -> Presence {
        if self.stuck.any() {
            return Presence::NoReader;
        }
        match self.ask(patience) {
            Ok(()) => self.current,
            Err(_) => {
                self.context = None;
                self.forget_readers();
                Presence::NoReader
            }
        }
    }

    fn ask(&mut self, patience: Duration) -> Result<(), Error> {
        let context = match &self.context {
            Some(context) => context.clone(),
            None => self.context.insert(Context::establish(Scope::System)?).clone(),
        };
        let names = readers(&context, &self.pattern)?;
        let mut patience = patience;
        if self.states.is_empty() || names != self.names {
            let unaware = |name: CString| ReaderState::new(name, State::UNAWARE);
            self.forget_readers();
            self.states = names.iter().cloned().chain([PNP_NOTIFICATION().to_owned()]).map(unaware).collect();
            self.names = names;
            patience = Duration::ZERO;
        }
        match context.get_status_change(patience, &mut self.states) {
            Ok(()) => {
                self.states.iter_mut().for_each(ReaderState::sync_current_state);
                self.current = self.presence();
            }
            Err(Error::Timeout) => {}
            // Unplugged between the list and the question: the next look lists anew.
            Err(Error::UnknownReader) => self.forget_readers(),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn forget_readers(&mut self) {
        self.names.clear();
        self.states.clear();
        self.seen = None;
        self.current = Presence::NoReader;
    }

    fn presence(&mut self) -> Presence {
        let fitting = || self.states.iter().take(self.names.len());
        let gone = State::UNKNOWN | State::UNAVAILABLE | State::IGNORE;
        let there = |state: &&ReaderState| !state.current_state().intersects(gone);
        let card = |state: &&ReaderState| state.current_state().contains(State::PRESENT);
        let answers = |state: &&ReaderState| !state.current_state().contains(State::MUTE);
        let here = || fitting().filter(there);
        let chosen = here().filter(card).find(answers).or_else(|| here().find(card));
        let Some(state) = chosen else {
            let presence = if here().next().is_some() { Presence::Empty } else { Presence::NoReader };
            self.seen = None;
            return presence;
        };
        let mute = !answers(&state);
        let seen = Some((state.name().to_owned(), state.event_count()));
        if self.seen != seen {
            self.seen = seen;
            self.insertion = self.insertion.wrapping_add(1);
        }
        let insertion = self.insertion;
        if mute { Presence::Mute { insertion } } else { Presence::Card { insertion } }
    }
}
