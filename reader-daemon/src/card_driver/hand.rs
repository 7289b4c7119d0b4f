//! The thread's own hand: carries one order after the other out, and powers the card down whatever happens.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use card::{
    CardError, Certificate, PhoneOutcome, PhotoOutcome, Pin, PinLessOutcome, Reader, RelayError, SignOutcome,
    SurfaceCode, read_card, read_photo, sign_with_phone, sign_without_pin, verify_and_sign,
};
use rand_core::{OsRng, RngCore as _};
use session::{
    CardReading, OtherCard, PhoneOrder, PhoneResult, PhotoResult, PinLessOrder, PinLessResult, PinResult, VerifyOrder,
    VisitId,
};

use super::{CardAnswer, Certificates, Order, PhoneProof, PhotoRead, Trust, failure};
use crate::{
    input::{Driver, Input, Inputs, Slot},
    relay::ServiceRelay,
    watched_channel::{Seen, Watch, WatchedChannel},
};

/// The thread's own things.
pub(super) struct Hand {
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
    /// Nothing is connected yet.
    pub(super) fn new(reader: Arc<dyn Reader>, slot: Slot, trust: Arc<Trust>, watch: Arc<Watch>) -> Self {
        Self { reader, slot, trust, watch, held: None }
    }

    /// `Err`: nobody listens any more.
    pub(super) fn carry_out(&mut self, order: Order, answers: &Inputs) -> Result<(), ()> {
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
