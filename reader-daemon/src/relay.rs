//! The commands of the PIN-less step on their way from the service to the thread of the card. The thread waits for each
//! with a deadline, and gives up as soon as its visit is over.

use std::{
    sync::mpsc as blocking,
    time::{Duration, Instant},
};

use card::{Relay, RelayError};
use tokio::sync::mpsc;

use crate::limits::RELAY_STEP;

/// What the service says: the next command, or that there is none.
pub(crate) type NextCommand = Result<Option<Vec<u8>>, RelayError>;

/// The card's side.
pub(crate) struct ServiceRelay {
    questions: mpsc::Sender<Question>,
    limit: Duration,
    over: Box<dyn Fn() -> bool + Send>,
}

/// One request, as the service's side gets it.
pub(crate) struct Question {
    /// The card's response to the command before.
    pub(crate) response: Option<Vec<u8>>,
    pub(crate) answer: blocking::SyncSender<NextCommand>,
}

impl ServiceRelay {
    /// Both ends; each answer is waited for `limit`.
    pub(crate) fn new(limit: Duration) -> (Self, mpsc::Receiver<Question>) {
        let (questions, received) = mpsc::channel(1);
        (Self { questions, limit, over: Box::new(|| false) }, received)
    }

    /// Waits no longer once `over` says so.
    pub(crate) fn given_up_when(self, over: impl Fn() -> bool + Send + 'static) -> Self {
        Self { over: Box::new(over), ..self }
    }
}

impl Relay for ServiceRelay {
    fn next(&mut self, response: Option<&[u8]>) -> NextCommand {
        let (answer, heard) = blocking::sync_channel(1);
        let question = Question { response: response.map(<[u8]>::to_vec), answer };
        // One question at a time, so there is room; if not, the other side hangs.
        self.questions.try_send(question).map_err(|_| RelayError::Unreachable)?;
        let until = Instant::now() + self.limit;
        while !(self.over)() && Instant::now() < until {
            match heard.recv_timeout(RELAY_STEP) {
                Ok(command) => return command,
                Err(blocking::RecvTimeoutError::Timeout) => {}
                Err(blocking::RecvTimeoutError::Disconnected) => break,
            }
        }
        Err(RelayError::Unreachable)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn commands_and_responses_go_back_and_forth() {
        let (mut relay, mut questions) = ServiceRelay::new(LONG);
        let service = std::thread::spawn(move || {
            let mut heard = Vec::new();
            for command in [Some(vec![0x80, 0xA2]), None] {
                let question = questions.blocking_recv().unwrap();
                heard.push(question.response);
                question.answer.send(Ok(command)).unwrap();
            }
            heard
        });
        assert_eq!(relay.next(None), Ok(Some(vec![0x80, 0xA2])));
        assert_eq!(relay.next(Some(&[0x90, 0x00])), Ok(None));
        assert_eq!(service.join().unwrap(), [None, Some(vec![0x90, 0x00])]);
    }

    #[test]
    fn law_11_a_service_that_is_silent_or_gone_is_unreachable() {
        let (mut silent, questions) = ServiceRelay::new(Duration::from_millis(1));
        assert_eq!(silent.next(None), Err(RelayError::Unreachable));
        // The question before was never taken.
        assert_eq!(silent.next(None), Err(RelayError::Unreachable));
        drop(questions);
        assert_eq!(silent.next(None), Err(RelayError::Unreachable));
    }

    #[test]
    fn a_visit_that_is_over_waits_for_no_command() {
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let (relay, mut questions) = ServiceRelay::new(LONG);
        let mut relay = relay.given_up_when(move || seen.load(Ordering::Relaxed));
        let waiting = std::thread::spawn(move || relay.next(None));
        let question = questions.blocking_recv().unwrap();
        over.store(true, Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap(), Err(RelayError::Unreachable));
        drop(question);
    }
}
