//! The card or phone of the visit: one thread a reader that connects, reads, verifies, signs, and powers down.
//!
//! A call to a card cannot be cancelled. When one does not return, the watchdog answers in the thread's place and the
//! reader counts as wedged until the call returns (law 11). A panic ends the visit, never the card's power-down (law 2).

mod surface;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use card::{
    CardError, Certificate, PhoneOutcome, PhotoOutcome, PhotoRecord, Pin, PinLessOutcome, Reader, RelayError,
    SignOutcome, SignerKeys, SurfaceCode, SurfaceScanner, TrustAnchors, read_card, read_photo, sign_with_phone,
    sign_without_pin, verify_and_sign,
};
use rand_core::{OsRng, RngCore as _};
use session::{
    CardReading, OtherCard, PhoneOrder, PhoneResult, PhotoOrder, PhotoResult, PinLessOrder, PinLessResult, PinResult,
    VerifyOrder, VisitId,
};

use crate::{
    input::{Driver, Input, Inputs, Slot},
    limits::{CARD_CALL, WATCHDOG_STEP},
    relay::ServiceRelay,
    watched_channel::{Look, Request, Seen, Watch, WatchedChannel},
};
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
        let mut hand = Hand { reader, slot, trust, watch: Arc::clone(&watch), held: None };
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

/// The thread's own things.
struct Hand {
    reader: Arc<dyn Reader>,
    slot: Slot,
    trust: Arc<Trust>,
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
            send(Input::Card(CardAnswer::Returned(self.slot)))?;
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
            Order::ReadPhoto { visit, identity, code } => Done::Photo(self.read_photo(visit, &identity, code)),
            Order::SignWithoutPin { order, mut relay, message } => {
                let (result, signature) = self.sign_without_pin(order, &mut relay, &message);
                Done::PinLess(result, signature)
            }
            Order::UsePhone { order, mut pin, mut statement } => {
                // Law 2: nothing of an earlier connection counts.
                self.held = None;
                let (result, proof) = self.use_phone(order, &mut pin, &mut *statement);
                Done::Phone(result, proof, pin)
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
        Ok(match read_card(&mut held.channel, &self.trust.anchors)? {
            card::CardReading::MyNumber { certificate, ca, tries_left, pin_less } => {
                let reading = CardReading::MyNumber { identity: certificate.sha256(), tries_left, pin_less };
                held.user = Some(certificate.clone());
                (reading, Some(Certificates { user: certificate, ca }))
            }
            card::CardReading::Untrusted(_) => (CardReading::Untrusted, None),
            card::CardReading::Phone(kind) => {
                // What follows is a conversation of its own, from a cold connect.
                self.held = None;
                (CardReading::Phone(shown(kind)), None)
            }
            card::CardReading::Other(kind) => (CardReading::Other(other(kind)), None),
        })
    }

    fn use_phone(
        &mut self,
        order: PhoneOrder,
        pin: &mut Option<Pin>,
        statement: &mut dyn FnMut(&Certificate) -> Option<Vec<u8>>,
    ) -> (PhoneResult, Option<PhoneProof>) {
        if self.watch.is_finished(order.visit) {
            return (PhoneResult::NotRead, None);
        }
        let Ok(mut channel) = WatchedChannel::connect(&*self.reader, &self.watch, order.visit) else {
            return (PhoneResult::NotRead, None);
        };
        let expected = order.expected.map(|kind| match kind {
            screen::PhoneKind::Android => card::PhoneKind::Android,
            screen::PhoneKind::Iphone => card::PhoneKind::Iphone,
        });
        let tap = card::PhoneOrder { expected, pin, trust: &self.trust.anchors, statement };
        let result = match sign_with_phone(&mut channel, tap) {
            PhoneOutcome::Signed { kind: _, certificate, ca, signature } => {
                let identity = certificate.sha256();
                let certificates = Certificates { user: certificate, ca };
                return (PhoneResult::Signed { identity }, Some(PhoneProof { certificates, signature }));
            }
            PhoneOutcome::PinWanted { tries_left } => PhoneResult::PinWanted { tries_left },
            PhoneOutcome::OtherKind(kind) => PhoneResult::OtherKind(shown(kind)),
            PhoneOutcome::NotAPhone(_) => PhoneResult::NotAPhone,
            PhoneOutcome::NotVerified => PhoneResult::NotVerified,
            PhoneOutcome::LastTry => PhoneResult::LastTry,
            PhoneOutcome::Wrong { left } => PhoneResult::Wrong { left },
            PhoneOutcome::Blocked => PhoneResult::Blocked,
            PhoneOutcome::Untrusted(_) => PhoneResult::Untrusted,
            // The session at the service is gone: what was sent is spent.
            PhoneOutcome::NoStatement => PhoneResult::Lost,
            PhoneOutcome::NotSent(_) => PhoneResult::NotRead,
            PhoneOutcome::Lost(_) => PhoneResult::Lost,
        };
        (result, None)
    }

    /// The card of this visit, while it is the one that was read and the visit goes on; and what it is held against.
    fn held(
        &mut self,
        visit: VisitId,
        identity: &[u8; 32],
    ) -> Result<(&mut WatchedChannel, &Certificate, &Trust), NotHeld> {
        let over = self.watch.is_finished(visit);
        let held = self.held.as_mut().filter(|held| held.visit == visit && !over).ok_or(NotHeld::Nothing)?;
        match held.user.as_deref().filter(|user| user.sha256() == *identity) {
            Some(user) => Ok((&mut held.channel, user, &*self.trust)),
            None => Err(NotHeld::Another),
        }
    }

    fn verify(&mut self, order: VerifyOrder, pin: Pin, message: &[u8]) -> (PinResult, Option<Vec<u8>>) {
        let (channel, user, _) = match self.held(order.visit, &order.identity) {
            Ok(held) => held,
            Err(NotHeld::Nothing) => return (PinResult::NotSent, None),
            Err(NotHeld::Another) => return (PinResult::Changed, None),
        };
        match verify_and_sign(channel, user, order.tries_left, pin, message) {
            SignOutcome::Signed(signature) => (PinResult::Signed, Some(signature)),
            SignOutcome::Wrong { left } => (PinResult::Wrong { left }, None),
            SignOutcome::Blocked => (PinResult::Blocked, None),
            SignOutcome::Changed => (PinResult::Changed, None),
            SignOutcome::NotSent(_) => (PinResult::NotSent, None),
            SignOutcome::Lost(_) => (PinResult::Lost, None),
        }
    }

    fn read_photo(&mut self, visit: VisitId, identity: &[u8; 32], code: SurfaceCode) -> PhotoRead {
        let (channel, user, trust) = match self.held(visit, identity) {
            Ok(held) => held,
            Err(NotHeld::Nothing) => return PhotoRead::Not(PhotoResult::NotRead),
            Err(NotHeld::Another) => return PhotoRead::Not(PhotoResult::Changed),
        };
        let mut challenge = [0; 16];
        if OsRng.try_fill_bytes(&mut challenge).is_err() {
            return PhotoRead::Not(PhotoResult::NotRead);
        }
        PhotoRead::Not(match read_photo(channel, user, code, &trust.signers, &challenge) {
            Ok(PhotoOutcome::Authentic(record)) => return PhotoRead::Authentic(record),
            Ok(PhotoOutcome::CodeWrong { .. }) => PhotoResult::CodeWrong,
            Ok(PhotoOutcome::CodeStopped { .. }) => PhotoResult::CodeStopped,
            Ok(PhotoOutcome::NoPhoto) => PhotoResult::NoPhoto,
            Ok(PhotoOutcome::Tampered) => PhotoResult::Tampered,
            Ok(PhotoOutcome::Cloned) => PhotoResult::Cloned,
            Ok(PhotoOutcome::UnknownSigner) => PhotoResult::UnknownSigner,
            Ok(PhotoOutcome::Changed) => PhotoResult::Changed,
            Err(_) => PhotoResult::NotRead,
        })
    }

    fn sign_without_pin(
        &mut self,
        order: PinLessOrder,
        relay: &mut ServiceRelay,
        message: &[u8],
    ) -> (PinLessResult, Option<Vec<u8>>) {
        let (channel, user, trust) = match self.held(order.visit, &order.identity) {
            Ok(held) => held,
            Err(NotHeld::Nothing) => return (PinLessResult::NotSigned, None),
            Err(NotHeld::Another) => return (PinLessResult::Changed, None),
        };
        match sign_without_pin(channel, user, &trust.anchors, relay, message) {
            PinLessOutcome::Signed(signature) => (PinLessResult::Signed, Some(signature)),
            PinLessOutcome::NotAvailable | PinLessOutcome::Relay(RelayError::NotAvailable) => {
                (PinLessResult::NotAvailable, None)
            }
            PinLessOutcome::Forbidden | PinLessOutcome::Refused => (PinLessResult::Refused, None),
            PinLessOutcome::Changed => (PinLessResult::Changed, None),
            PinLessOutcome::Relay(RelayError::Unreachable) => (PinLessResult::Unreachable, None),
            PinLessOutcome::Failed(_) => (PinLessResult::NotSigned, None),
        }
    }
}

/// Which phone, in the session's words.
fn shown(kind: card::PhoneKind) -> screen::PhoneKind {
    match kind {
        card::PhoneKind::Android => screen::PhoneKind::Android,
        card::PhoneKind::Iphone => screen::PhoneKind::Iphone,
    }
}

/// Why a request finds no card it may talk to.
enum NotHeld {
    /// None is connected, or the visit is over.
    Nothing,
    /// Another one than the request is for.
    Another,
}

enum Done {
    Read(CardReading, Option<Certificates>),
    Pin(PinResult, Option<Vec<u8>>),
    Photo(PhotoRead),
    PinLess(PinLessResult, Option<Vec<u8>>),
    Phone(PhoneResult, Option<PhoneProof>, Option<Pin>),
    PoweredDown,
}

impl Done {
    fn answer(self, visit: VisitId, seen: Seen) -> Option<CardAnswer> {
        match self {
            Self::Read(reading, certificates) => Some(CardAnswer::Read(visit, reading, certificates, seen.exchanges)),
            Self::Pin(result, signature) => Some(CardAnswer::Pin(visit, result, signature, seen.exchanges)),
            Self::Photo(read) => Some(CardAnswer::Photo(visit, read, seen.exchanges)),
            Self::PinLess(result, signature) => Some(CardAnswer::PinLess(visit, result, signature, seen.exchanges)),
            Self::Phone(result, proof, pin) => Some(CardAnswer::Phone(visit, result, proof, pin, seen.exchanges)),
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
        card::OtherCard::Unknown => OtherCard::Unknown,
    }
}

#[cfg(test)]
#[path = "card_driver_tests.rs"]
mod tests;
