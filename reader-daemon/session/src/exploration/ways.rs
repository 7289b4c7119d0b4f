//! What can happen to a visit by phone or by visual check, for the walk.

use screen::{PhoneKind, Revision, Screen};

use super::{Policy, ready};
use crate::{
    CardReading, ComparingWith, Event, FaceWay, PasscodeResult, PhoneResult, Presence, Session, StateName, VisitId,
    VisualWay,
    limits::{PASSCODE_DIGITS, PIN_DIGITS},
    step,
};

/// Between visits, with every way open.
pub(super) fn all(policy: &Policy) -> Session {
    let ways = [Event::VisualWay(VisualWay::Ready), Event::PhonePresence(Presence::Empty)];
    ways.into_iter().fold(ready(FaceWay::Ready, policy), |session, event| step(session, event, policy).0)
}

/// Phones and the visual check are walked from a start of their own, each to where the holder is proved. From there on,
/// and where face or PIN come first, they lead nowhere else; single visits tell those ways.
pub(super) fn followed(event: &Event, next: &Session) -> bool {
    if next.common.visual_way == VisualWay::NoPasscode {
        return !matches!(event, Event::PhonePresence(_) | Event::VisualWay(_));
    }
    match event {
        Event::VisualWay(_) | Event::FaceWay(_) | Event::Presence(Presence::NoReader | Presence::Mute) => false,
        Event::PhonePresence(_) if !next.common.by_phone && next.visit().is_some() => false,
        _ => matches!(
            next.state_name(),
            StateName::Idle
                | StateName::ChoosingPhone
                | StateName::EnteringPhonePin
                | StateName::HoldingPhone
                | StateName::PlacingCard
                | StateName::ChoosingMethod
                | StateName::CheckingVisually
                | StateName::PinLessStep
                | StateName::NeedingHelp
        ),
    }
}

/// More of a phone's PIN or of the passcode will be typed: the digits between the first and the last are alike.
pub(super) fn between_digits(screen: &Screen) -> bool {
    match screen {
        Screen::EnteringPin { phone: true, digits, .. } => (1..PIN_DIGITS - 1).contains(digits),
        Screen::EnteringPasscode { digits, .. } => (1..PASSCODE_DIGITS - 1).contains(digits),
        _ => false,
    }
}

pub(super) fn phone_events(visit: VisitId) -> impl Iterator<Item = (String, Event)> {
    let presence = [
        ("phone", Presence::Card(1)),
        ("phone again", Presence::Card(2)),
        ("phone taken away", Presence::Empty),
        ("phone reader gone", Presence::NoReader),
    ];
    let presence = presence.map(|(word, presence)| (word, Event::PhonePresence(presence)));
    let results = [
        ("phone signed", PhoneResult::Signed { identity: [9; 32] }),
        ("PIN wanted", PhoneResult::PinWanted { tries_left: 3 }),
        ("last try", PhoneResult::PinWanted { tries_left: 1 }),
        ("other kind", PhoneResult::OtherKind(PhoneKind::Iphone)),
        ("other kind", PhoneResult::OtherKind(PhoneKind::Android)),
        ("not verified", PhoneResult::NotVerified),
        ("wrong PIN", PhoneResult::Wrong { left: 2 }),
        ("last try", PhoneResult::Wrong { left: 1 }),
        ("last try", PhoneResult::LastTry),
        ("blocked", PhoneResult::Blocked),
        ("no phone", PhoneResult::NotAPhone),
        ("not trusted", PhoneResult::Untrusted),
        ("phone moved", PhoneResult::NotRead),
        ("answer lost", PhoneResult::Lost),
    ];
    let results = results.map(|(word, result)| (word, Event::Phone(visit, result)));
    let labels = [PhoneKind::Iphone, PhoneKind::Android]
        .map(|kind| ("phone at the card's reader", Event::CardRead(visit, CardReading::Phone(kind))));
    presence.into_iter().chain(results).chain(labels).map(|(word, event)| (word.to_owned(), event))
}

pub(super) fn visual_events(visit: VisitId, revision: Revision) -> impl Iterator<Item = (String, Event)> {
    let passcodes = [
        ("passcode right", PasscodeResult::Right),
        ("passcode wrong", PasscodeResult::Wrong { left: 2 }),
        ("visual check closed", PasscodeResult::Closed),
        ("visual check closed", PasscodeResult::ClosedForDay),
    ];
    let passcodes = passcodes.map(|(word, result)| (word, Event::Passcode(visit, result)));
    let others = [
        ("staff number", Event::StaffKey(revision, 1)),
        ("photo shown", Event::Comparing(visit, ComparingWith::Photo)),
        ("no photo to show", Event::Comparing(visit, ComparingWith::Nothing)),
        ("visual check closed", Event::VisualWay(VisualWay::Closed)),
        ("visual check open", Event::VisualWay(VisualWay::Ready)),
    ];
    passcodes.into_iter().chain(others).map(|(word, event)| (word.to_owned(), event))
}
