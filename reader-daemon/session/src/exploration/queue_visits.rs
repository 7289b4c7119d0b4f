//! The queue in the morning (patient-flow section 13): the next card begins its visit in the moment it lies there.

use std::collections::BTreeSet;

use super::{policy, visit::Visit, walk, world};
use crate::{Effect, Event, Presence, Record, StaffNote, StateName, Storing, step};

/// From wherever a visit was when its card was taken out, and in the same moment: nothing has to elapse first. Only what
/// still has an answer to come that concerns the card or the result keeps the place.
#[test]
fn a_card_taken_out_leaves_the_terminal_to_the_next_one_at_once() {
    let policy = policy();
    let mut kept = BTreeSet::new();
    let mut begun = 0;
    walk(|_, _, after, _| {
        let common = after.common();
        if !matches!(common.presence, Presence::Card(_)) || !common.storage || common.by_phone {
            return;
        }
        let (gone, _) = step(after.clone(), Event::Presence(Presence::Empty), &policy);
        let (next, _) = step(gone, Event::Presence(Presence::Card(77)), &policy);
        if next.state_name() == StateName::PlacingCard && next.common().card == Some(77) {
            begun += 1;
            assert!(next.visit().is_some() && next.visit() != after.visit());
        } else {
            kept.insert(after.state_name());
        }
    });
    assert!(begun > 1000, "{begun}");
    let may = [
        StateName::CheckingPin,
        StateName::PinLessStep,
        StateName::WaitingForResult,
        StateName::ReadingNotice,
        StateName::GivingConsent,
        StateName::ChoosingExtras,
        StateName::ReadingBack,
        StateName::Leaving,
        StateName::Submitting,
    ];
    let others: Vec<_> = kept.iter().filter(|state| !may.contains(state)).collect();
    assert!(others.is_empty(), "{others:?}");
}

/// Taken out with the last answer, the card leaves the place as soon as the result is durable; the receipt may take longer.
#[test]
fn nobody_waits_for_the_receipt_of_somebody_who_has_gone() {
    let policy = policy();
    for early in [false, true] {
        let mut visit = Visit::on_card(&policy, 3, true);
        visit.prove_by_pin();
        visit.look_up(world::lookups().swap_remove(0));
        let first = visit.id();
        visit.hear(Event::Presence(Presence::Empty));
        assert_eq!(visit.state(), StateName::Submitting, "the reception stands");
        if early {
            visit.hear(Event::Presence(Presence::Card(2)));
            assert_eq!(visit.state(), StateName::Submitting, "not before it is durable (law 7)");
            visit.hear(Event::Stored(first, Storing::Durable));
        } else {
            visit.hear(Event::Stored(first, Storing::Durable));
            visit.hear(Event::Presence(Presence::Card(2)));
        }
        assert_eq!(visit.state(), StateName::PlacingCard);
        assert!(visit.effects.contains(&Effect::Finish(first, Record::Undelivered)));
        assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::Undelivered)));
        assert!(!visit.did(|effect| matches!(effect, Effect::CancelSession(_))), "delivery goes on");
        let second = visit.id();
        visit.hear(Event::Receipt(first));
        assert_eq!((visit.state(), visit.id(), &visit.effects), (StateName::PlacingCard, second, &vec![]));
    }
}
