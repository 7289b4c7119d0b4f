//! The other side of the ratio: the APDUs of a visit sent as straight as the `pcsc` crate can, from the reader's event on.

use std::{
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use apdu_fixtures::{CardOptions, EmulatedCard, EmulatedReader, Profile, people};
use card::{Channel, ChannelError, PinEntry, Reader as _, TrustAnchors, read_card, verify_and_sign};
use pcsc::{Card, Disposition, Protocols, ShareMode, State};

use super::reader::{Slot, empty};

/// The APDUs of a visit, split where the patient comes in: reading, then VERIFY and signature.
#[derive(Clone)]
pub(crate) struct Apdus {
    reading: Vec<Exchange>,
    signing: Vec<Exchange>,
}

/// A command, and what its answer looked like when the daemon's code sent it.
#[derive(Clone)]
struct Exchange {
    command: Vec<u8>,
    length: usize,
    status: Option<[u8; 2]>,
}

/// Milliseconds of one loop.
#[derive(Clone, Copy)]
pub(crate) struct Loop {
    /// Reader's event → cold connect → last answer of the reading.
    pub(crate) read: f64,
    /// First command of VERIFY and signature → last answer.
    pub(crate) sign: f64,
}

/// Hears what the daemon's own functions send.
struct Listening {
    inner: Box<dyn Channel>,
    heard: Arc<Mutex<Vec<Exchange>>>,
}

impl Channel for Listening {
    fn atr(&self) -> &[u8] {
        self.inner.atr()
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let answer = self.inner.transmit(command)?;
        if let Ok(mut heard) = self.heard.lock() {
            let (length, status) = (answer.len(), answer.last_chunk().copied());
            heard.push(Exchange { command: command.to_vec(), length, status });
        }
        Ok(answer)
    }
}

impl Apdus {
    /// Lets the daemon's own code read and sign with the same emulated card, in process.
    pub(crate) fn of_a_visit(serial: u32, pin: &[u8]) -> Result<Self> {
        let (reader, hand) = EmulatedReader::new("bench");
        let person = people::by_serial(serial).context("the invented person is gone")?;
        hand.insert(EmulatedCard::new(Profile::Standard, &person, CardOptions::today()));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let mut channel = Listening { inner: reader.connect()?, heard: Arc::clone(&heard) };
        let take = || heard.lock().map(|mut heard| std::mem::take(&mut *heard)).unwrap_or_default();
        let anchors = TrustAnchors::from_ders(&apdu_fixtures::pki::anchors())?;
        let card::CardReading::MyNumber { certificate, tries_left, .. } = read_card(&mut channel, &anchors)? else {
            bail!("the emulated card is no My Number card");
        };
        let reading = take();
        let mut entry = PinEntry::new();
        for digit in pin {
            entry.push(*digit);
        }
        let pin = entry.take().context("four digits")?;
        // Another statement than a visit's, of the same length once it is hashed.
        let outcome = verify_and_sign(&mut channel, &certificate, tries_left, pin, b"bench");
        if !matches!(outcome, card::SignOutcome::Signed(_)) {
            bail!("the emulated card did not sign");
        }
        Ok(Self { reading, signing: take() })
    }

    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.reading.len() + self.signing.len()
    }

    /// Waits for a card on a thread of its own, then sends all of them.
    pub(crate) fn start(&self) -> Result<JoinHandle<Result<Loop>>> {
        empty()?;
        let mut slot = Slot::open()?;
        let apdus = self.clone();
        Ok(thread::spawn(move || {
            let began = slot.wait(State::PRESENT)?;
            let mut card = slot.context.connect(&slot.name, ShareMode::Exclusive, Protocols::ANY)?;
            // As the daemon: never a card that somebody else has warmed up.
            card.reconnect(ShareMode::Exclusive, Protocols::ANY, Disposition::UnpowerCard)?;
            let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
            send(&card, &mut buffer, &apdus.reading)?;
            let read = ms(began);
            let began = Instant::now();
            send(&card, &mut buffer, &apdus.signing)?;
            let sign = ms(began);
            card.disconnect(Disposition::UnpowerCard).map_err(|(_, cause)| cause)?;
            Ok(Loop { read, sign })
        }))
    }
}

fn send(card: &Card, buffer: &mut [u8], exchanges: &[Exchange]) -> Result<()> {
    for (number, exchange) in exchanges.iter().enumerate() {
        let answer = card.transmit(&exchange.command, buffer)?;
        // A refusal would be quicker than the real answer.
        if answer.len() != exchange.length || answer.last_chunk().copied() != exchange.status {
            bail!("plain loop: the card answered command {} otherwise than the daemon's own code", number + 1);
        }
    }
    Ok(())
}

/// Milliseconds since then.
pub(crate) fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
