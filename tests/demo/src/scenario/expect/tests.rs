use super::*;
use crate::scenario::world::{Booked, BookedAnswer, BookedHow, BookedItem};

fn seen(screens: &[(ScreenName, Option<&str>)]) -> Vec<Seen> {
    let view = |(number, (screen, fault)): (usize, &(ScreenName, Option<&str>))| Seen {
        at_ms: 0,
        revision: number as u64,
        screen: *screen,
        fault: fault.map(str::to_owned),
        targets: vec![],
    };
    screens.iter().enumerate().map(view).collect()
}

#[test]
fn the_last_screen_of_a_visit_is_its_outcome() {
    use ScreenName::{CardLeft, Done, GoToDesk, NeedHelp, PlacingCard, Start};
    let outcome = |screens: &[_]| super::outcome(&seen(screens));
    assert_eq!(outcome(&[(Start, None)]), None);
    assert_eq!(outcome(&[(Start, None), (PlacingCard, None)]), None);
    assert_eq!(outcome(&[(PlacingCard, None), (Start, None)]), Some(Outcome::Cancelled));
    assert_eq!(outcome(&[(PlacingCard, None), (Done, None), (CardLeft, None)]), Some(Outcome::Accepted));
    assert_eq!(outcome(&[(Done, None), (Start, Some("910"))]), Some(Outcome::Accepted));
    assert_eq!(outcome(&[(GoToDesk, None), (Done, None)]), Some(Outcome::Accepted));
    assert_eq!(outcome(&[(NeedHelp, Some("902"))]), Some(Outcome::Fault("902".to_owned())));
    assert_eq!(outcome(&[(Start, Some("910"))]), Some(Outcome::Fault("910".to_owned())));
    assert_eq!(outcome(&[(Start, Some("910")), (Start, None)]), None);
}

#[test]
fn another_card_ends_the_visit_before_it() {
    use ScreenName::{ChoosingMethod, EnteringPin, PlacingCard, Start};
    let swapped =
        [(Start, None), (PlacingCard, None), (EnteringPin, None), (PlacingCard, None), (ChoosingMethod, None)];
    assert_eq!(outcome(&seen(&swapped)), Some(Outcome::Cancelled));
}

#[test]
fn every_item_says_what_was_seen_instead() {
    let item = BookedItem {
        id: "medicines".to_owned(),
        language: "ja".to_owned(),
        answer: BookedAnswer::Declined,
        how: BookedHow::Now,
        by: BookedBy::Patient,
    };
    let observed = Observed {
        seen: seen(&[(ScreenName::NeedHelp, Some("910"))]),
        verify_sent: 2,
        tries_left: Some(1),
        books: vec![Booked {
            result_id: String::new(),
            method: "pin".to_owned(),
            confirmed_by: None,
            items: vec![item],
        }],
        ..Observed::default()
    };
    let consent = |word, carried_over| Expected::Consent { item: "medicines", word, carried_over };
    let wrong = [
        Expected::Outcome(vec![Outcome::Accepted, Outcome::Desk]),
        Expected::NothingSent,
        Expected::Results(2),
        Expected::Method("face"),
        consent(ConsentWord::Yes, false),
        consent(ConsentWord::No, true),
        Expected::Consent { item: "checkups", word: ConsentWord::No, carried_over: false },
        Expected::Language(Language::En),
        Expected::TriesLeft(3),
        Expected::VerifySent(1),
        Expected::Screen(ScreenName::Start),
        Expected::FaceClosed,
        Expected::PhoneClosed,
        Expected::NoFault,
    ];
    for item in &wrong {
        let mismatch = compare(std::slice::from_ref(item), &observed, Since::default());
        assert_eq!(mismatch.len(), 1, "{item} should not hold");
    }
    let right = [
        Expected::Outcome(vec![Outcome::Accepted, Outcome::Fault("910".to_owned())]),
        Expected::Received,
        Expected::Results(1),
        Expected::Method("pin"),
        consent(ConsentWord::No, false),
        Expected::Language(Language::Ja),
        Expected::TriesLeft(1),
        Expected::VerifySent(2),
        Expected::Screen(ScreenName::NeedHelp),
        Expected::OnlyTheDesk,
    ];
    assert_eq!(compare(&right, &observed, Since::default()), []);
}

#[test]
fn face_is_closed_only_on_the_method_screen_that_does_not_offer_it() {
    let on_glass = |targets: &[&str]| {
        let mut seen = seen(&[(ScreenName::ChoosingMethod, None)]);
        seen[0].targets = targets.iter().map(|target| (*target).to_owned()).collect();
        Observed { seen, ..Observed::default() }
    };
    let closed = |observed: &Observed| compare(&[Expected::FaceClosed], observed, Since::default()).is_empty();
    assert!(closed(&on_glass(&["pin"])));
    assert!(!closed(&on_glass(&["face", "pin"])));
    assert!(!closed(&Observed::default()));
}

#[test]
fn a_way_is_closed_only_on_the_screens_that_could_offer_it() {
    let on_glass = |screen, targets: &[&str]| {
        let mut seen = seen(&[(screen, None)]);
        seen[0].targets = targets.iter().map(|target| (*target).to_owned()).collect();
        Observed { seen, ..Observed::default() }
    };
    let holds = |item: Expected, observed: &Observed| compare(&[item], observed, Since::default()).is_empty();
    let (start, help) = (ScreenName::Start, ScreenName::NeedHelp);
    assert!(holds(Expected::PhoneClosed, &on_glass(start, &["without_card"])));
    assert!(!holds(Expected::PhoneClosed, &on_glass(start, &["phone"])));
    assert!(!holds(Expected::PhoneClosed, &on_glass(help, &[])));
    assert!(holds(Expected::OnlyTheDesk, &on_glass(help, &["call_staff", "language"])));
    for way in ["again", "card", "phone"] {
        assert!(!holds(Expected::OnlyTheDesk, &on_glass(help, &["call_staff", way])), "{way}");
    }
    assert!(!holds(Expected::OnlyTheDesk, &on_glass(start, &[])));
}

#[test]
fn nothing_before_the_mark_counts() {
    let observed = Observed {
        seen: seen(&[(ScreenName::Done, None)]),
        verify_sent: 1,
        tries_left: Some(3),
        books: vec![Booked { result_id: String::new(), method: "pin".to_owned(), confirmed_by: None, items: vec![] }],
        ..Observed::default()
    };
    let since = Since::now(&observed);
    let nothing = [Expected::NothingSent, Expected::VerifySent(0), Expected::Results(0)];
    assert_eq!(compare(&nothing, &observed, since), []);
    assert_eq!(compare(&[Expected::Outcome(vec![Outcome::Accepted])], &observed, since).len(), 1);
}
