//! The card of the visit: one thread that connects, reads, verifies and signs, and powers down.
//!
//! A call to a card cannot be cancelled. When one does not return, the watchdog answers in the thread's place and the
//! reader counts as wedged until the call returns (law 11). A panic ends the visit, never the card's power-down (law 2).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use card::{CardError, Certificate, Pin, Reader, SignOutcome, TrustAnchors, read_card, verify_and_sign};
use session::{CardReading, OtherCard, PinResult, VerifyOrder, VisitId};

use crate::{
    input::{Driver, Input, Inputs},
    limits::{CARD_CALL, WATCHDOG_STEP},
    watched_channel::{Look, Request, Seen, Watch, WatchedChannel},
};

/// What the card said.
pub(crate) enum CardAnswer {
    /// To a reading.
    Read(VisitId, CardReading, Option<Certificates>, u32),
    /// To a confirmed PIN; with the signature when there is one.
    Pin(VisitId, PinResult, Option<Vec<u8>>, u32),
    /// A call did not return in time.
    Wedged,
    /// It returned after all.
    Returned,
}

/// User certificate and that of its CA.
pub(crate) struct Certificates {
    pub(crate) user: Box<Certificate>,
    pub(crate) ca: Box<Certificate>,
}

enum Order {
    Read(VisitId),
    Verify { order: VerifyOrder, pin: Pin, message: Vec<u8> },
    PowerDown(VisitId),
}

impl Order {
    fn request(&self) -> Request {
        match self {
            Self::Read(visit) => Request::Read(*visit),
            Self::Verify { order, .. } => Request::Verify(order.visit),
            Self::PowerDown(visit) => Request::PowerDown(*visit),
        }
    }
}

/// Gives orders to the thread; answers come as inputs.
pub(crate) struct CardDriver {
    orders: Option<mpsc::Sender<Order>>,
    watch: Arc<Watch>,
    thread: Option<JoinHandle<()>>,
    ended: mpsc::Receiver<()>,
}

impl CardDriver {
    /// Starts the thread and its watchdog, which gives a call `limit`. Inside a tokio runtime.
    pub(crate) fn start(
        reader: Arc<dyn Reader>,
        anchors: TrustAnchors,
        limit: Duration,
        inputs: Inputs,
    ) -> std::io::Result<Self> {
        let (orders, received) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let watch = Arc::new(Watch::default());
        let mut hand = Hand { reader, anchors, watch: Arc::clone(&watch), held: None };
        let answers = inputs.clone();
        let thread = std::thread::Builder::new().name("card".into()).spawn(move || {
            for order in received {
                if hand.carry_out(order, &answers).is_err() {
                    break;
                }
            }
            drop(hand);
            let _ = end.send(());
        })?;
        tokio::spawn(watchdog(Arc::clone(&watch), limit, inputs));
        Ok(Self { orders: Some(orders), watch, thread: Some(thread), ended })
    }

    /// Connect cold and read. A second reading in a visit connects again.
    pub(crate) fn read(&self, visit: VisitId) {
        self.give(Order::Read(visit));
    }

    /// VERIFY once with `pin`, sign `message`.
    pub(crate) fn verify(&self, order: VerifyOrder, pin: Pin, message: Vec<u8>) {
        self.give(Order::Verify { order, pin, message });
    }

    /// The visit is over: whatever it still does with the card is given up, and the card is powered down.
    pub(crate) fn finish(&self, visit: VisitId) {
        self.watch.finish(visit);
        self.give(Order::PowerDown(visit));
    }

    fn give(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The thread ends only when this value is dropped or nobody listens to its answers.
            let _ = orders.send(order);
        }
    }
}

impl Drop for CardDriver {
    /// Waits until the card is powered down, but not for a wedged reader.
    fn drop(&mut self) {
        self.orders = None;
        self.watch.finish(VisitId(u64::MAX));
        if self.ended.recv_timeout(CARD_CALL).is_ok()
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

async fn watchdog(watch: Arc<Watch>, limit: Duration, inputs: Inputs) {
    loop {
        watch.started().await;
        loop {
            tokio::time::sleep(WATCHDOG_STEP).await;
            let (request, pin_sent) = match watch.look(limit) {
                Look::Nothing => break,
                Look::UnderWay => continue,
                Look::Wedged(request, pin_sent) => (request, pin_sent),
            };
            let seen = Seen { exchanges: 0, pin_sent, given_up: true };
            for input in failure(request, seen, CardReading::Wedged).into_iter().chain([CardAnswer::Wedged]) {
                if inputs.send(Input::Card(input)).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// What the visit hears of a request that came to nothing. Whether a try may be spent depends on VERIFY alone.
fn failure(request: Request, seen: Seen, reading: CardReading) -> Option<CardAnswer> {
    match request {
        Request::Read(visit) => Some(CardAnswer::Read(visit, reading, None, seen.exchanges)),
        Request::Verify(visit) => {
            let result = if seen.pin_sent { PinResult::Lost } else { PinResult::NotSent };
            Some(CardAnswer::Pin(visit, result, None, seen.exchanges))
        }
        Request::PowerDown(_) => None,
    }
}

/// The thread's own things.
struct Hand {
    reader: Arc<dyn Reader>,
    anchors: TrustAnchors,
    watch: Arc<Watch>,
    held: Option<Held>,
}

/// The card of one visit. Dropping it powers the card down.
struct Held {
    visit: VisitId,
    channel: WatchedChannel,
    user: Option<Box<Certificate>>,
}

impl Hand {
    /// `Err`: nobody listens any more.
    fn carry_out(&mut self, order: Order, answers: &Inputs) -> Result<(), ()> {
        let request = order.request();
        self.watch.begin(request);
        let done = catch_unwind(AssertUnwindSafe(|| self.do_it(order)));
        if done.is_err() {
            // The channel goes first: whatever state the card is in, it is powered down.
            let held = self.held.take();
            let _ = catch_unwind(AssertUnwindSafe(|| drop(held)));
        }
        let seen = self.watch.end();
        let send = |input| answers.blocking_send(input).map_err(drop);
        if seen.given_up {
            self.held = None;
            send(Input::Card(CardAnswer::Returned))?;
        } else {
            match done {
                Ok(done) => {
                    if let Some(answer) = done.answer(request.visit(), seen) {
                        send(Input::Card(answer))?;
                    }
                }
                Err(_) => {
                    if let Some(answer) = failure(request, seen, CardReading::Unreadable) {
                        send(Input::Card(answer))?;
                    }
                    send(Input::Broken(Driver::Card))?;
                }
            }
        }
        Ok(())
    }

    fn do_it(&mut self, order: Order) -> Done {
        match order {
            Order::Read(visit) => {
                self.held = None;
                if self.watch.is_finished(visit) {
                    return Done::Read(CardReading::Unreadable, None);
                }
                match self.read(visit) {
                    Ok((reading, certificates)) => Done::Read(reading, certificates),
                    Err(error) => {
                        self.held = None;
                        Done::Read(unread(error), None)
                    }
                }
            }
            Order::Verify { order, pin, message } => {
                let (result, signature) = self.verify(order, pin, &message);
                Done::Pin(result, signature)
            }
            Order::PowerDown(_) => {
                self.held = None;
                Done::PoweredDown
            }
        }
    }

    fn read(&mut self, visit: VisitId) -> Result<(CardReading, Option<Certificates>), CardError> {
        let channel = WatchedChannel::connect(&*self.reader, &self.watch, visit)?;
        let held = self.held.insert(Held { visit, channel, user: None });
        Ok(match read_card(&mut held.channel, &self.anchors)? {
            card::CardReading::MyNumber { certificate, ca, tries_left } => {
                let reading = CardReading::MyNumber { identity: certificate.sha256(), tries_left };
                held.user = Some(certificate.clone());
                (reading, Some(Certificates { user: certificate, ca }))
            }
            card::CardReading::Untrusted(_) => (CardReading::Untrusted, None),
            card::CardReading::Other(kind) => (CardReading::Other(other(kind)), None),
        })
    }

    fn verify(&mut self, order: VerifyOrder, pin: Pin, message: &[u8]) -> (PinResult, Option<Vec<u8>>) {
        let held = self.held.as_mut().filter(|held| held.visit == order.visit && !self.watch.is_finished(order.visit));
        let Some(held) = held else { return (PinResult::NotSent, None) };
        let Some(user) = held.user.as_deref().filter(|user| user.sha256() == order.identity) else {
            return (PinResult::Changed, None);
        };
        match verify_and_sign(&mut held.channel, user, order.tries_left, pin, message) {
            SignOutcome::Signed(signature) => (PinResult::Signed, Some(signature)),
            SignOutcome::Wrong { left } => (PinResult::Wrong { left }, None),
            SignOutcome::Blocked => (PinResult::Blocked, None),
            SignOutcome::Changed => (PinResult::Changed, None),
            SignOutcome::NotSent(_) => (PinResult::NotSent, None),
            SignOutcome::Lost(_) => (PinResult::Lost, None),
        }
    }
}

enum Done {
    Read(CardReading, Option<Certificates>),
    Pin(PinResult, Option<Vec<u8>>),
    PoweredDown,
}

impl Done {
    fn answer(self, visit: VisitId, seen: Seen) -> Option<CardAnswer> {
        match self {
            Self::Read(reading, certificates) => Some(CardAnswer::Read(visit, reading, certificates, seen.exchanges)),
            Self::Pin(result, signature) => Some(CardAnswer::Pin(visit, result, signature, seen.exchanges)),
            Self::PoweredDown => None,
        }
    }
}

/// A card that another program holds is the reader's trouble as well: cleaning the chip would not help.
fn unread(error: CardError) -> CardReading {
    let of_reader = [card::ChannelError::Wedged, card::ChannelError::Shared].map(CardError::Channel);
    if of_reader.contains(&error) { CardReading::Wedged } else { CardReading::Unreadable }
}

fn other(kind: card::OtherCard) -> OtherCard {
    match kind {
        card::OtherCard::DriversLicence => OtherCard::DriversLicence,
        card::OtherCard::ResidenceCard => OtherCard::ResidenceCard,
        card::OtherCard::Passport => OtherCard::Passport,
        card::OtherCard::Hpki => OtherCard::Hpki,
        card::OtherCard::JukiCard => OtherCard::JukiCard,
        card::OtherCard::Phone => OtherCard::Phone,
        card::OtherCard::Unknown => OtherCard::Unknown,
    }
}

#[cfg(test)]
#[path = "card_driver_tests.rs"]
mod tests;
