//! Law 1 for phones, held against every way through a visit: the walk remembers what was typed and confirmed, from
//! events and effects alone.

use screen::{PhoneKind, Screen, Target};

use super::walk_remembering;
use crate::{Effect, Event, Opening, PhoneResult, Presence, Session, StateName};

/// What a driver holds, and what is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Held {
    /// A digit lies in the driver.
    digits: bool,
    /// The digits were confirmed on the pad of the phone's PIN, and no tap has used them.
    confirmed: bool,
    /// A tap is under way, with the PIN or without.
    tap: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breach {
    /// A tap with a PIN that nobody confirmed, or that a tap before may have spent.
    Unconfirmed,
    /// A PIN lies in the driver while another kind of phone is used.
    PinHeld,
    /// A second tap while one is under way.
    Twice,
    /// A tap without the service's session, or while nothing lies there.
    Early,
}

impl Held {
    fn note(&mut self, before: &Session, event: &Event, effects: &[Effect]) -> Vec<Breach> {
        let mine = before.visit();
        match event {
            Event::Touched(_, Target::Confirm) => {
                let pad = before.view().map(|view| &view.screen);
                self.confirmed |= matches!(pad, Some(Screen::EnteringPin { phone: true, digits: 4, .. }));
            }
            Event::Phone(visit, result) if Some(*visit) == mine && before.state_name() == StateName::HoldingPhone => {
                let unspent = matches!(result, PhoneResult::NotRead | PhoneResult::OtherKind(_));
                self.confirmed |= self.tap.take() == Some(true) && unspent;
            }
            _ => {}
        }
        let mut breaches = Vec::new();
        for effect in effects {
            match effect {
                Effect::KeepDigit => self.digits = true,
                Effect::WipePin => (self.digits, self.confirmed) = (false, false),
                Effect::Finish(..) => self.tap = None,
                Effect::UsePhone(order) => {
                    let mut broken = |breach, broken: bool| breaches.extend(broken.then_some(breach));
                    let android = order.expected == Some(PhoneKind::Android);
                    broken(Breach::Unconfirmed, android && !(self.confirmed && self.digits));
                    broken(Breach::PinHeld, !android && self.digits);
                    broken(Breach::Twice, self.tap.is_some());
                    let opened = matches!(before.common.opening, Some(Opening::Open { .. }))
                        || matches!(event, Event::Opened(_, Opening::Open { .. }));
                    let there = matches!(before.common.phone_presence, Presence::Card(_))
                        || matches!(event, Event::PhonePresence(Presence::Card(_)));
                    broken(Breach::Early, !opened || !there);
                    (self.tap, self.confirmed) = (Some(android), false);
                }
                _ => {}
            }
        }
        breaches
    }
}

#[test]
fn law_1_a_phones_pin_is_used_once_for_one_confirmed_entry() {
    let mut taps = 0;
    let follow = |session: &Session| {
        let open = session.common.by_phone && session.visit().is_some();
        open || session.state_name() == StateName::Idle
    };
    walk_remembering(follow, |mut held: Held, before, event, after, effects| {
        let breaches = held.note(before, event, effects);
        assert_eq!(breaches, [], "{event:?} in {}: {effects:?}", before.state_name().word());
        taps += effects.iter().filter(|effect| matches!(effect, Effect::UsePhone(_))).count();
        if after.visit().is_none() {
            held = Held::default();
        }
        held
    });
    assert!(taps > 0);
}

/// Nothing of a phone's visit sends a card's PIN, and a card's visit never uses a phone.
#[test]
fn law_4_card_and_phone_are_never_mixed() {
    let mut seen = 0;
    super::walk(|before, event, after, effects| {
        for effect in effects {
            match effect {
                Effect::UsePhone(order) => {
                    seen += 1;
                    assert!(after.common.by_phone && Some(order.visit) == after.visit(), "{event:?}");
                }
                Effect::VerifyAndSign(_) | Effect::SignWithoutPin(_) | Effect::ReadPhoto(_) => {
                    assert!(!after.common.by_phone, "{event:?} in {}", before.state_name().word());
                }
                _ => {}
            }
        }
        if let (Event::PhonePresence(Presence::Empty), Some(visit)) = (event, before.visit()) {
            assert_eq!(after.visit(), Some(visit), "a phone taken away ended {}", before.state_name().word());
        }
    });
    assert!(seen > 0);
}

/// The memory itself must find what it looks for.
#[test]
fn the_memory_finds_planted_breaches() {
    let policy = super::policy();
    let session = super::ways::all(&policy);
    let quiet = Event::ScreenLost;
    let order = |expected| {
        let visit = crate::VisitId(1);
        Effect::UsePhone(crate::PhoneOrder { visit, expected, at: crate::PhonePlace::OwnReader })
    };
    let note = |effects: &[Effect]| Held::default().note(&session, &quiet, effects);
    assert_eq!(note(&[order(Some(PhoneKind::Android))]), [Breach::Unconfirmed, Breach::Early]);
    assert_eq!(note(&[Effect::KeepDigit, order(None)]), [Breach::PinHeld, Breach::Early]);
    assert!(note(&[order(None), order(None)]).contains(&Breach::Twice));
}
