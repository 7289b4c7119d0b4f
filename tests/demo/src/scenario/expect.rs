//! What a file expects, and the comparison with what was seen.

use std::fmt;

use screen::{Language, Target};

use super::{
    names::ScreenName,
    step::ConsentWord,
    world::{Booked, BookedAnswer, BookedHow, BookedItem, Observed, Seen},
};

/// One item of an `expect:` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `accepted`, `desk`, `cancelled`, `fault 902`: what the patient read at the end of the visit that ended last.
    /// Several are alternatives, written with `or`.
    Outcome(Vec<Outcome>),
    /// `received`: the clinic holds a result.
    Received,
    /// `nothing sent`: the clinic holds none.
    NothingSent,
    /// `results 1`: the clinic holds exactly so many.
    Results(u32),
    /// `method pin`, as the last result says.
    Method(&'static str),
    /// `consent medicines yes`, as the last result says.
    Consent {
        /// The item's id.
        item: &'static str,
        /// The answer.
        word: ConsentWord,
        /// `carried over` follows: 「同じにする」 was pressed.
        carried_over: bool,
    },
    /// `language en`: every item of the last result was shown in it.
    Language(Language),
    /// `tries left 2`, as the card put in last knows.
    TriesLeft(u8),
    /// `verify sent 1`: so many PINs reached a card.
    VerifySent(u32),
    /// `screen start`: on the glass now.
    Screen(ScreenName),
    /// `face closed`: the method screen is on the glass and 顔認証 is grey.
    FaceClosed,
    /// `no fault`: the screen on the glass tells of none.
    NoFault,
}

/// How a visit ended for the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 「受付が完了しました」
    Accepted,
    /// 「受付に声をかけてください」
    Desk,
    /// Given up before a result existed, by the patient, by time or by taking the card.
    Cancelled,
    /// A fault with this code, on the help screen or on the start screen.
    Fault(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Desk => f.write_str("desk"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Fault(code) => write!(f, "fault {code}"),
        }
    }
}

/// Where counting begins: everything before the last `card in:` belongs to an earlier expectation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// Views already shown.
    pub seen: usize,
    /// PINs already sent.
    pub verify_sent: u32,
    /// Results already in the books.
    pub books: usize,
}

impl Since {
    /// Counting begins now.
    #[must_use]
    pub fn now(observed: &Observed) -> Self {
        Self { seen: observed.seen.len(), verify_sent: observed.verify_sent, books: observed.books.len() }
    }
}

/// One item that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// As the file could have written it.
    pub expected: String,
    /// What was seen instead.
    pub seen: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, but {}", self.expected, self.seen)
    }
}

/// How the visit that ended last ended; `None` while none has.
#[must_use]
pub fn outcome(seen: &[Seen]) -> Option<Outcome> {
    let mut ended = None;
    // The visit under way: `Some(None)` until a last screen was shown.
    let mut under_way: Option<Option<Outcome>> = None;
    let mut barred = None;
    let mut before = None;
    for view in seen {
        let close = |visit: Option<Outcome>| Some(visit.unwrap_or(Outcome::Cancelled));
        let fault = || Outcome::Fault(view.fault.clone().unwrap_or_else(|| "unknown".to_owned()));
        match view.screen {
            ScreenName::Start => {
                if let Some(visit) = under_way.take() {
                    ended = close(visit);
                }
                barred = view.fault.as_ref().map(|_| fault());
            }
            ScreenName::PlacingCard if before != Some(ScreenName::PlacingCard) => {
                if let Some(visit) = under_way.replace(None) {
                    ended = close(visit);
                }
            }
            ScreenName::Done => under_way = Some(Some(Outcome::Accepted)),
            ScreenName::GoToDesk => under_way = Some(Some(Outcome::Desk)),
            ScreenName::TakeCard => under_way = Some(Some(Outcome::Cancelled)),
            ScreenName::NeedHelp => under_way = Some(Some(fault())),
            ScreenName::WithoutCard | ScreenName::Disconnected => {}
            ScreenName::PlacingCard
            | ScreenName::ChoosingMethod
            | ScreenName::EnteringPin
            | ScreenName::LastTry
            | ScreenName::ConfirmLastTry
            | ScreenName::PinBlocked
            | ScreenName::KeyingSurfaceCode
            | ScreenName::FacingCamera
            | ScreenName::FaceFailed
            | ScreenName::Waiting
            | ScreenName::CertificateNotice
            | ScreenName::ConsentAll
            | ScreenName::ConsentEach
            | ScreenName::ConsentDetail
            | ScreenName::LeavingAfterLookup
            | ScreenName::CardLeft => {
                under_way.get_or_insert(None);
            }
        }
        before = Some(view.screen);
    }
    under_way.flatten().or(ended).or(barred)
}

/// Everything that does not hold. Empty: the expectation is met.
#[must_use]
pub fn compare(expected: &[Expected], observed: &Observed, since: Since) -> Vec<Mismatch> {
    expected.iter().filter_map(|item| compare_one(item, observed, since)).collect()
}

fn compare_one(item: &Expected, observed: &Observed, since: Since) -> Option<Mismatch> {
    let books = observed.books.get(since.books..).unwrap_or_default();
    let verify_sent = observed.verify_sent.saturating_sub(since.verify_sent);
    let on_glass = observed.seen.last();
    let seen = match item {
        Expected::Outcome(any_of) => {
            let ended = outcome(observed.seen.get(since.seen..).unwrap_or_default());
            if ended.as_ref().is_some_and(|ended| any_of.contains(ended)) {
                return None;
            }
            ended.map_or_else(
                || format!("no visit has ended; {}", shows(on_glass)),
                |ended| format!("the visit ended with {ended}"),
            )
        }
        Expected::Received => (books.is_empty()).then(|| "the clinic has received nothing".to_owned())?,
        Expected::NothingSent => (!books.is_empty()).then(|| format!("the clinic holds {} result(s)", books.len()))?,
        Expected::Results(count) => {
            (books.len() as u64 != u64::from(*count)).then(|| format!("the clinic holds {}", books.len()))?
        }
        Expected::Method(method) => match books.last() {
            Some(booked) if booked.method == *method => return None,
            Some(booked) => format!("the result says {}", booked.method),
            None => "the clinic has received nothing".to_owned(),
        },
        Expected::Consent { item, word, carried_over } => match books.last() {
            Some(booked) => answer_differs(booked, item, *word, *carried_over)?,
            None => "the clinic has received nothing".to_owned(),
        },
        Expected::Language(language) => match books.last() {
            Some(booked) => booked
                .items
                .iter()
                .find(|item| item.language != language.tag())
                .map(|item| format!("{} was shown in {}", item.id, item.language))?,
            None => "the clinic has received nothing".to_owned(),
        },
        Expected::TriesLeft(left) => match observed.tries_left {
            Some(tries) if tries == *left => return None,
            Some(tries) => format!("the card says {tries}"),
            None => "no card was put in".to_owned(),
        },
        Expected::VerifySent(count) => (verify_sent != *count).then(|| format!("{verify_sent} reached the card"))?,
        Expected::Screen(screen) => (on_glass.map(|view| view.screen) != Some(*screen)).then(|| shows(on_glass))?,
        Expected::FaceClosed => match on_glass {
            Some(view) if view.screen != ScreenName::ChoosingMethod => shows(on_glass),
            Some(view) if view.targets.iter().any(|target| target == Target::Face.name()) => {
                "it can be chosen".to_owned()
            }
            Some(_) => return None,
            None => shows(None),
        },
        Expected::NoFault => on_glass.is_none_or(|view| view.fault.is_some()).then(|| shows(on_glass))?,
    };
    Some(Mismatch { expected: item.to_string(), seen })
}

fn shows(view: Option<&Seen>) -> String {
    match view {
        None => "nothing is on the glass".to_owned(),
        Some(Seen { screen, fault: Some(fault), .. }) => format!("the glass shows {screen} with fault {fault}"),
        Some(view) => format!("the glass shows {}", view.screen),
    }
}

fn answer_differs(booked: &Booked, item: &str, word: ConsentWord, carried_over: bool) -> Option<String> {
    let Some(BookedItem { answer, how, .. }) = booked.items.iter().find(|answer| answer.id == item) else {
        return Some("the result does not name it".to_owned());
    };
    let said = match answer {
        BookedAnswer::Agreed => ConsentWord::Yes,
        BookedAnswer::Declined => ConsentWord::No,
        BookedAnswer::NotAnswered => ConsentWord::NotAnswered,
        BookedAnswer::NotAsked | BookedAnswer::NotAskedGrace => ConsentWord::NotAsked,
    };
    let was_carried = *how == BookedHow::CarriedOver;
    (said != word || was_carried != carried_over)
        .then(|| format!("the result says {}{}", said.word(), if was_carried { " carried over" } else { "" }))
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outcome(any_of) => {
                let words: Vec<_> = any_of.iter().map(ToString::to_string).collect();
                f.write_str(&words.join(" or "))
            }
            Self::Received => f.write_str("received"),
            Self::NothingSent => f.write_str("nothing sent"),
            Self::Results(count) => write!(f, "results {count}"),
            Self::Method(method) => write!(f, "method {method}"),
            Self::Consent { item, word, carried_over } => {
                write!(f, "consent {item} {}{}", word.word(), if *carried_over { " carried over" } else { "" })
            }
            Self::Language(language) => write!(f, "language {}", language.tag()),
            Self::TriesLeft(left) => write!(f, "tries left {left}"),
            Self::VerifySent(count) => write!(f, "verify sent {count}"),
            Self::Screen(screen) => write!(f, "screen {screen}"),
            Self::FaceClosed => f.write_str("face closed"),
            Self::NoFault => f.write_str("no fault"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        };
        let observed = Observed {
            seen: seen(&[(ScreenName::NeedHelp, Some("910"))]),
            verify_sent: 2,
            tries_left: Some(1),
            books: vec![Booked { result_id: String::new(), method: "pin".to_owned(), items: vec![item] }],
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
    fn nothing_before_the_mark_counts() {
        let observed = Observed {
            seen: seen(&[(ScreenName::Done, None)]),
            verify_sent: 1,
            tries_left: Some(3),
            books: vec![Booked { result_id: String::new(), method: "pin".to_owned(), items: vec![] }],
        };
        let since = Since::now(&observed);
        let nothing = [Expected::NothingSent, Expected::VerifySent(0), Expected::Results(0)];
        assert_eq!(compare(&nothing, &observed, since), []);
        assert_eq!(compare(&[Expected::Outcome(vec![Outcome::Accepted])], &observed, since).len(), 1);
    }
}
