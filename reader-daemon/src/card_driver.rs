//! The card or phone of the visit: one thread a reader that connects, reads, verifies, signs, and powers down.
//!
//! A call to a card cannot be cancelled. When one does not return, the watchdog answers in the thread's place and the
//! reader counts as wedged until the call returns (law 11). A panic ends the visit, never the card's power-down (law 2).

mod hand;
mod surface;

use std::{
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use card::{Certificate, PhotoRecord, Pin, Reader, SignerKeys, SurfaceCode, SurfaceScanner, TrustAnchors};
use session::{
    CardReading, PhoneOrder, PhoneResult, PhotoOrder, PhotoResult, PinLessOrder, PinLessResult, PinResult, VerifyOrder,
    VisitId,
};

use crate::{
    input::{Input, Inputs, Slot},
    limits::{CARD_CALL, WATCHDOG_STEP},
    relay::ServiceRelay,
    watched_channel::{Look, Request, Seen, Watch},
};
use hand::Hand;
use surface::Surface;

/// What the card said.
pub(crate) enum CardAnswer {
    /// To a reading.
    Read(VisitId, CardReading, Option<Certificates>, u32),
    /// To a confirmed PIN; with the signature when there is one.
    Pin(VisitId, PinResult, Option<Vec<u8>>, u32),
    /// To a photo order.
    Photo(VisitId, PhotoRead, u32),
    /// To the PIN-less step; with the signature when there is one.
    PinLess(VisitId, PinLessResult, Option<Vec<u8>>, u32),
    /// To a tap of a phone; with what it gave when it signed, and with the PIN when no VERIFY used it up.
    Phone(VisitId, PhoneResult, Option<PhoneProof>, Option<Pin>, u32),
    /// A call did not return in time.
    Wedged(Slot),
    /// It returned after all.
    Returned(Slot),
}

/// What a phone gave in one tap.
pub(crate) struct PhoneProof {
    pub(crate) certificates: Certificates,
    /// Over the statement for that certificate.
    pub(crate) signature: Vec<u8>,
}

/// The statement a phone is to sign, for its user certificate.
pub(crate) type Statement = Box<dyn FnMut(&Certificate) -> Option<Vec<u8>> + Send>;

/// What came of reading the photo.
#[derive(Debug)]
pub(crate) enum PhotoRead {
    /// Authentic; the face worker has still to look at it.
    Authentic(Box<PhotoRecord>),
    /// No photo, and why. Never [`PhotoResult::Ready`].
    Not(PhotoResult),
}

/// What cards are held against.
pub(crate) struct Trust {
    pub(crate) anchors: TrustAnchors,
    /// Keys that sign photo records.
    pub(crate) signers: SignerKeys,
}

/// User certificate and that of its CA.
pub(crate) struct Certificates {
    pub(crate) user: Box<Certificate>,
    pub(crate) ca: Box<Certificate>,
}

enum Order {
    Read(VisitId),
    Verify { order: VerifyOrder, pin: Pin, message: Vec<u8> },
    ReadPhoto { visit: VisitId, identity: [u8; 32], code: SurfaceCode },
    SignWithoutPin { order: PinLessOrder, relay: ServiceRelay, message: Vec<u8> },
    UsePhone { order: PhoneOrder, pin: Option<Pin>, statement: Statement },
    PowerDown(VisitId),
}

impl Order {
    fn request(&self) -> Request {
        match self {
            Self::Read(visit) => Request::Read(*visit),
            Self::Verify { order, .. } => Request::Verify(order.visit),
            Self::ReadPhoto { visit, .. } => Request::ReadPhoto(*visit),
            Self::SignWithoutPin { order, .. } => Request::SignWithoutPin(order.visit),
            Self::UsePhone { order, .. } => Request::UsePhone(order.visit),
            Self::PowerDown(visit) => Request::PowerDown(*visit),
        }
    }
}

/// Gives orders to the thread; answers come as inputs.
pub(crate) struct CardDriver {
    /// The only strong one: the thread ends with this value, whoever else still wants to send.
    orders: Option<Arc<mpsc::Sender<Order>>>,
    watch: Arc<Watch>,
    surface: Surface,
    inputs: Inputs,
    thread: Option<JoinHandle<()>>,
    ended: mpsc::Receiver<()>,
}

impl CardDriver {
    /// Starts the thread and its watchdog, which gives a call `limit`. Inside a tokio runtime.
    pub(crate) fn start(
        reader: Arc<dyn Reader>,
        slot: Slot,
        scanner: Option<Arc<dyn SurfaceScanner>>,
        trust: Arc<Trust>,
        limit: Duration,
        inputs: Inputs,
    ) -> std::io::Result<Self> {
        let (orders, received) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let watch = Arc::new(Watch::default());
        let mut hand = Hand::new(reader, slot, trust, Arc::clone(&watch));
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
        tokio::spawn(watchdog(Arc::clone(&watch), slot, limit, inputs.clone()));
        let surface = Surface::new(scanner);
        Ok(Self { orders: Some(Arc::new(orders)), watch, surface, inputs, thread: Some(thread), ended })
    }

    /// Connect cold and read. A second reading in a visit connects again.
    pub(crate) fn read(&self, visit: VisitId) {
        self.give(Order::Read(visit));
    }

    /// VERIFY once with `pin`, sign `message`.
    pub(crate) fn verify(&self, order: VerifyOrder, pin: Pin, message: Vec<u8>) {
        self.give(Order::Verify { order, pin, message });
    }

    /// Read the photo with the surface code, which is scanned first where the order says so. `Some`: known at once,
    /// nothing was ordered. Inside a tokio runtime.
    pub(crate) fn read_photo(&self, order: PhotoOrder) -> Option<PhotoResult> {
        let PhotoOrder { visit, identity, code } = order;
        match self.surface.code(&code) {
            surface::Code::Known(code) => {
                self.give(Order::ReadPhoto { visit, identity, code });
                None
            }
            surface::Code::Scanning(scan) => {
                // Weak: a scan under way must not keep the thread from ending.
                let orders = self.orders.as_ref().map(Arc::downgrade);
                let inputs = self.inputs.clone();
                tokio::spawn(async move {
                    let code = scan.await;
                    match (code, orders.and_then(|orders| orders.upgrade())) {
                        (Some(code), Some(orders)) => {
                            let _ = orders.send(Order::ReadPhoto { visit, identity, code });
                        }
                        (None, _) | (_, None) => {
                            let answer = CardAnswer::Photo(visit, PhotoRead::Not(PhotoResult::NoSurfaceCode), 0);
                            let _ = inputs.send(Input::Card(answer)).await;
                        }
                    }
                });
                None
            }
            surface::Code::Not(result) => Some(result),
        }
    }

    /// Carry the commands of `relay` to the card, then sign `message`. Only after a face match.
    pub(crate) fn sign_without_pin(&self, order: PinLessOrder, relay: ServiceRelay, message: Vec<u8>) {
        let (watch, visit) = (Arc::clone(&self.watch), order.visit);
        let relay = relay.given_up_when(move || watch.is_finished(visit));
        self.give(Order::SignWithoutPin { order, relay, message });
    }

    /// The one conversation with a phone: cold connect, everything of it, power down (card.md 8).
    pub(crate) fn use_phone(&self, order: PhoneOrder, pin: Option<Pin>, statement: Statement) {
        self.give(Order::UsePhone { order, pin, statement });
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

async fn watchdog(watch: Arc<Watch>, slot: Slot, limit: Duration, inputs: Inputs) {
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
            for input in failure(request, seen, CardReading::Wedged).into_iter().chain([CardAnswer::Wedged(slot)]) {
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
        Request::ReadPhoto(visit) => {
            Some(CardAnswer::Photo(visit, PhotoRead::Not(PhotoResult::NotRead), seen.exchanges))
        }
        Request::SignWithoutPin(visit) => {
            Some(CardAnswer::PinLess(visit, PinLessResult::NotSigned, None, seen.exchanges))
        }
        Request::UsePhone(visit) => {
            let result = if seen.pin_sent { PhoneResult::Lost } else { PhoneResult::NotRead };
            Some(CardAnswer::Phone(visit, result, None, None, seen.exchanges))
        }
        Request::PowerDown(_) => None,
    }
}

#[cfg(test)]
#[path = "card_driver_tests.rs"]
mod tests;
