//! A channel whose calls are watched: how long the current one takes, how many exchanges there were, whether a PIN was
//! handed over. It refuses every exchange of a visit that is over.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use card::{Channel, ChannelError, Reader};
use session::VisitId;
use tokio::sync::Notify;

/// VERIFY (card.md 3.5); with data behind its header it carries a PIN.
const INS_VERIFY: u8 = 0x20;
const HEADER: usize = 4;

/// What the thread of the card is doing, as its watchdog sees it.
#[derive(Default)]
pub(crate) struct Watch {
    state: Mutex<State>,
    began: Notify,
}

#[derive(Default)]
struct State {
    /// The request being handled.
    request: Option<Request>,
    /// When the current call into the reader began.
    call: Option<Instant>,
    exchanges: u32,
    pin_sent: bool,
    /// The watchdog has answered in the thread's place.
    given_up: bool,
    /// The last visit that is over.
    finished: VisitId,
}

/// A request to the thread of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Connect and read.
    Read(VisitId),
    /// VERIFY and sign.
    Verify(VisitId),
    /// Read and authenticate the photo.
    ReadPhoto(VisitId),
    /// The PIN-less step and the signature behind it.
    SignWithoutPin(VisitId),
    /// The one conversation with a phone.
    UsePhone(VisitId),
    /// Power down.
    PowerDown(VisitId),
}

impl Request {
    pub(crate) fn visit(self) -> VisitId {
        match self {
            Self::Read(visit)
            | Self::Verify(visit)
            | Self::ReadPhoto(visit)
            | Self::SignWithoutPin(visit)
            | Self::UsePhone(visit)
            | Self::PowerDown(visit) => visit,
        }
    }
}

/// How a request went, as far as the watch can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) exchanges: u32,
    pub(crate) pin_sent: bool,
    /// The watchdog has answered already: the thread's own answer is to be dropped.
    pub(crate) given_up: bool,
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        // Single assignments only: a panic between two leaves it usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread begins with a request.
    pub(crate) fn begin(&self, request: Request) {
        let mut state = self.state();
        *state = State { request: Some(request), finished: state.finished, ..State::default() };
        drop(state);
        self.began.notify_one();
    }

    /// The thread is done with it.
    pub(crate) fn end(&self) -> Seen {
        let mut state = self.state();
        state.request = None;
        state.call = None;
        Seen { exchanges: state.exchanges, pin_sent: state.pin_sent, given_up: state.given_up }
    }

    /// A visit is over: none of its exchanges goes out any more.
    pub(crate) fn finish(&self, visit: VisitId) {
        let mut state = self.state();
        state.finished = state.finished.max(visit);
    }

    /// Whether a visit is over.
    pub(crate) fn is_finished(&self, visit: VisitId) -> bool {
        self.state().finished >= visit
    }

    /// A call into the reader that must return.
    pub(crate) fn call<T>(&self, call: impl FnOnce() -> T) -> T {
        self.state().call = Some(Instant::now());
        let result = call();
        self.state().call = None;
        result
    }

    /// Waits until a request begins.
    pub(crate) async fn started(&self) {
        self.began.notified().await;
    }

    /// What the watchdog finds: nothing to watch, a request under way, or one whose call does not return.
    pub(crate) fn look(&self, limit: Duration) -> Look {
        let mut state = self.state();
        let Some(request) = state.request else { return Look::Nothing };
        match state.call {
            Some(began) if !state.given_up && began.elapsed() >= limit => {
                state.given_up = true;
                Look::Wedged(request, state.pin_sent)
            }
            Some(_) | None => Look::UnderWay,
        }
    }
}

/// See [`Watch::look`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Nothing,
    UnderWay,
    /// The request, and whether a PIN had been handed over in it.
    Wedged(Request, bool),
}

/// The channel of one visit. Dropping it powers the card down, watched as well.
pub(crate) struct WatchedChannel {
    channel: Option<Box<dyn Channel>>,
    watch: Arc<Watch>,
    visit: VisitId,
}

impl WatchedChannel {
    /// Connects, cold.
    pub(crate) fn connect(reader: &dyn Reader, watch: &Arc<Watch>, visit: VisitId) -> Result<Self, ChannelError> {
        let channel = watch.call(|| reader.connect())?;
        Ok(Self { channel: Some(channel), watch: Arc::clone(watch), visit })
    }
}

impl Channel for WatchedChannel {
    fn atr(&self) -> &[u8] {
        self.channel.as_ref().map_or(&[], |channel| channel.atr())
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let Some(channel) = &mut self.channel else { return Err(ChannelError::NotTransacted) };
        {
            let mut state = self.watch.state();
            // Nobody waits for this visit any more; above all, no PIN of it is sent.
            if state.finished >= self.visit {
                return Err(ChannelError::NotTransacted);
            }
            state.exchanges += 1;
            state.pin_sent |= carries_pin(command);
        }
        self.watch.call(|| channel.transmit(command))
    }
}

impl Drop for WatchedChannel {
    fn drop(&mut self) {
        let channel = self.channel.take();
        self.watch.call(|| drop(channel));
    }
}

fn carries_pin(command: &[u8]) -> bool {
    command.get(1) == Some(&INS_VERIFY) && command.len() > HEADER
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;
    impl Channel for Silent {
        fn atr(&self) -> &[u8] {
            &[]
        }
        fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, ChannelError> {
            Ok(vec![0x90, 0x00])
        }
    }

    fn channel(watch: &Arc<Watch>, visit: u64) -> WatchedChannel {
        WatchedChannel { channel: Some(Box::new(Silent)), watch: Arc::clone(watch), visit: VisitId(visit) }
    }

    const VERIFY: [u8; 9] = [0x00, 0x20, 0x00, 0x80, 0x04, b'1', b'2', b'3', b'4'];

    #[test]
    fn no_exchange_of_a_finished_visit_goes_out() {
        let watch = Arc::new(Watch::default());
        let (mut old, mut new) = (channel(&watch, 1), channel(&watch, 2));
        watch.finish(VisitId(1));
        assert_eq!(old.transmit(&VERIFY), Err(ChannelError::NotTransacted));
        assert_eq!(new.transmit(&[0, 0xA4, 4, 0]), Ok(vec![0x90, 0x00]));
        assert_eq!(watch.end(), Seen { exchanges: 1, pin_sent: false, given_up: false });
    }

    #[test]
    fn the_query_of_tries_left_is_no_pin_and_verify_is() {
        let watch = Arc::new(Watch::default());
        let mut channel = channel(&watch, 1);
        watch.begin(Request::Verify(VisitId(1)));
        channel.transmit(&[0x00, 0x20, 0x00, 0x80]).unwrap();
        assert!(!watch.end().pin_sent);
        watch.begin(Request::Verify(VisitId(1)));
        channel.transmit(&VERIFY).unwrap();
        assert!(watch.end().pin_sent);
    }

    #[test]
    fn a_call_that_does_not_return_is_found_once_and_only_while_it_runs() {
        let watch = Watch::default();
        assert_eq!(watch.look(Duration::ZERO), Look::Nothing);
        let request = Request::Read(VisitId(4));
        watch.begin(request);
        assert_eq!(watch.look(Duration::ZERO), Look::UnderWay, "the thread computes, the card is not waited for");
        watch.call(|| {
            assert_eq!(watch.look(Duration::from_secs(60)), Look::UnderWay);
            assert_eq!(watch.look(Duration::ZERO), Look::Wedged(request, false));
            assert_eq!(watch.look(Duration::ZERO), Look::UnderWay, "said once");
        });
        assert!(watch.end().given_up);
        assert_eq!(watch.look(Duration::ZERO), Look::Nothing);
    }
}
