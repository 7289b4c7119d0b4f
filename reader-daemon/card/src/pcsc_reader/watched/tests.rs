use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicUsize, Ordering},
};

use super::*;

/// Long: must not pass in a test. Short: must pass.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(5);

/// Records what is done to it; blocks, breaks or panics on command.
struct Recording {
    exchanges: Arc<AtomicUsize>,
    powered_down: Arc<AtomicUsize>,
    block_until: Option<Receiver<()>>,
}

#[derive(Default)]
struct Records {
    exchanges: Arc<AtomicUsize>,
    powered_down: Arc<AtomicUsize>,
}

impl Records {
    fn contact(&self, block_until: Option<Receiver<()>>) -> Recording {
        Recording { exchanges: Arc::clone(&self.exchanges), powered_down: Arc::clone(&self.powered_down), block_until }
    }

    fn powered_down(&self) -> usize {
        self.powered_down.load(Ordering::SeqCst)
    }
}

impl Contact for Recording {
    fn atr(&self) -> Vec<u8> {
        vec![0x3B]
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        self.exchanges.fetch_add(1, Ordering::SeqCst);
        match command {
            b"block" => drop(self.block_until.take().map(|release| release.recv())),
            b"break" => return Err(ChannelError::NotTransacted),
            b"panic" => panic!("as an unknown PC/SC error code would"),
            _ => {}
        }
        Ok(command.to_vec())
    }

    fn power_down(&mut self) {
        self.powered_down.fetch_add(1, Ordering::SeqCst);
    }
}

fn open(records: &Records, stuck: &Arc<Stuck>) -> Watched {
    let contact = records.contact(None);
    Watched::open(move || Ok(contact), stuck, LONG, LONG).expect("opened")
}

#[test]
fn exchanges_pass_and_closing_powers_down_once() {
    let (records, stuck) = (Records::default(), Arc::default());
    let mut channel = open(&records, &stuck);
    assert_eq!(channel.transmit(b"hello"), Ok(b"hello".to_vec()));
    assert_eq!(channel.atr(), [0x3B]);
    assert_eq!(records.powered_down(), 0);
    drop(channel);
    assert_eq!(records.powered_down(), 1);
}

#[test]
fn law_2_a_panic_while_connected_powers_the_card_down() {
    let (records, stuck) = (Records::default(), Arc::default());
    let channel = open(&records, &stuck);
    let visit = catch_unwind(AssertUnwindSafe(move || {
        let _channel = channel;
        panic!("in the middle of a visit");
    }));
    assert!(visit.is_err());
    assert_eq!(records.powered_down(), 1);
}

#[test]
fn law_2_a_panic_inside_a_call_powers_the_card_down() {
    let (records, stuck) = (Records::default(), Arc::default());
    let mut channel = open(&records, &stuck);
    assert_eq!(channel.transmit(b"panic"), Err(ChannelError::ReaderGone));
    drop(channel);
    assert_eq!(records.powered_down(), 1);
    assert!(!stuck.any());
}

#[test]
fn finding_9_the_first_failure_ends_the_connection() {
    let (records, stuck) = (Records::default(), Arc::default());
    let mut channel = open(&records, &stuck);
    assert_eq!(channel.transmit(b"break"), Err(ChannelError::NotTransacted));
    assert_eq!(channel.transmit(b"hello"), Err(ChannelError::NotTransacted));
    assert_eq!(records.exchanges.load(Ordering::SeqCst), 1);
}

#[test]
fn law_11_a_call_that_does_not_return_wedges_the_reader_until_it_does() {
    let (records, stuck): (_, Arc<Stuck>) = (Records::default(), Arc::default());
    let (release, block_until) = channel();
    let contact = records.contact(Some(block_until));
    let mut wedged = Watched::open(move || Ok(contact), &stuck, LONG, SHORT).expect("opened");
    assert_eq!(wedged.transmit(b"block"), Err(ChannelError::Wedged));
    assert_eq!(wedged.transmit(b"hello"), Err(ChannelError::Wedged));
    drop(wedged);
    let again = records.contact(None);
    assert_eq!(Watched::open(move || Ok(again), &stuck, LONG, LONG).err(), Some(ChannelError::Wedged));
    assert_eq!(records.powered_down(), 0, "it cannot be, while the call lasts");

    release.send(()).expect("the call still waits");
    while stuck.any() {
        thread::yield_now();
    }
    assert_eq!((records.exchanges.load(Ordering::SeqCst), records.powered_down()), (1, 1));
    drop(open(&records, &stuck));
}

#[test]
fn law_11_an_opening_that_does_not_return_wedges_the_reader_and_powers_down_when_it_does() {
    let (records, stuck): (_, Arc<Stuck>) = (Records::default(), Arc::default());
    let (release, block_until) = channel::<()>();
    let contact = records.contact(None);
    let opening = move || {
        let _ = block_until.recv();
        Ok(contact)
    };
    assert_eq!(Watched::open(opening, &stuck, SHORT, LONG).err(), Some(ChannelError::Wedged));
    assert!(stuck.any());
    drop(release);
    while stuck.any() {
        thread::yield_now();
    }
    assert_eq!(records.powered_down(), 1);
}

#[test]
fn a_card_that_cannot_be_opened_says_why() {
    let stuck = Arc::default();
    let opening = || Err::<Recording, _>(ChannelError::Mute);
    assert_eq!(Watched::open(opening, &stuck, LONG, LONG).err(), Some(ChannelError::Mute));
    assert!(!stuck.any());
}
