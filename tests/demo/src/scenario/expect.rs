//! What a file expects, and the comparison with what was seen.

use std::fmt;

use screen::{Language, Target};

use super::{
    names::ScreenName,
    step::ConsentWord,
    world::{BookedBy, Observed, Seen},
};
use answers::{answer_differs, pressed_by_another};

mod answers;
mod outcome;
mod words;

pub use outcome::{Outcome, outcome};
pub(in crate::scenario) use words::by_word;

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
    /// `visual closed`: the same of 職員の確認.
    VisualClosed,
    /// `phone closed`: the start screen, or 「カードがない方」, is on the glass and no phone is taken.
    PhoneClosed,
    /// `only the desk`: a fault is on the glass, and no way of going on by oneself.
    OnlyTheDesk,
    /// `no fault`: the screen on the glass tells of none.
    NoFault,
    /// `by companion`: every answer of the last result that was pressed.
    By(BookedBy),
    /// `confirmed by 12`, `confirmed by nobody`, as the last result says.
    ConfirmedBy(Option<String>),
    /// `staff told visual check`, `staff called for wheelchair`: so often or more.
    Staff(&'static str),
    /// `lookups 2`, `lookups none`: so often the clinic asked for another certificate.
    Lookups(u32),
    /// `signed up`: the clinic signed a card up.
    SignedUp,
    /// `nobody signed up`
    NobodySignedUp,
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
    /// What staff were already told.
    pub staff: usize,
    /// Cards already signed up.
    pub sign_ups: u32,
    /// Questions already asked about other certificates.
    pub lookups: u32,
}

impl Since {
    /// Counting begins now.
    #[must_use]
    pub fn now(observed: &Observed) -> Self {
        Self {
            seen: observed.seen.len(),
            verify_sent: observed.verify_sent,
            books: observed.books.len(),
            staff: observed.staff.len(),
            sign_ups: observed.sign_ups,
            lookups: observed.lookups,
        }
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

/// Everything that does not hold. Empty: the expectation is met.
#[must_use]
pub fn compare(expected: &[Expected], observed: &Observed, since: Since) -> Vec<Mismatch> {
    expected.iter().filter_map(|item| compare_one(item, observed, since)).collect()
}

fn compare_one(item: &Expected, observed: &Observed, since: Since) -> Option<Mismatch> {
    let books = observed.books.get(since.books..).unwrap_or_default();
    let verify_sent = observed.verify_sent.saturating_sub(since.verify_sent);
    let on_glass = observed.seen.last();
    let nothing = || "the clinic has received nothing".to_owned();
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
        Expected::Received => (books.is_empty()).then(nothing)?,
        Expected::NothingSent => (!books.is_empty()).then(|| format!("the clinic holds {} result(s)", books.len()))?,
        Expected::Results(count) => {
            (books.len() as u64 != u64::from(*count)).then(|| format!("the clinic holds {}", books.len()))?
        }
        Expected::Method(method) => match books.last() {
            Some(booked) if booked.method == *method => return None,
            Some(booked) => format!("the result says {}", booked.method),
            None => nothing(),
        },
        Expected::Consent { item, word, carried_over } => match books.last() {
            Some(booked) => answer_differs(booked, item, *word, *carried_over)?,
            None => nothing(),
        },
        Expected::Language(language) => match books.last() {
            Some(booked) => booked
                .items
                .iter()
                .find(|item| item.language != language.tag())
                .map(|item| format!("{} was shown in {}", item.id, item.language))?,
            None => nothing(),
        },
        Expected::TriesLeft(left) => match observed.tries_left {
            Some(tries) if tries == *left => return None,
            Some(tries) => format!("the card says {tries}"),
            None => "no card was put in".to_owned(),
        },
        Expected::VerifySent(count) => (verify_sent != *count).then(|| format!("{verify_sent} reached the card"))?,
        Expected::Screen(screen) => (on_glass.map(|view| view.screen) != Some(*screen)).then(|| shows(on_glass))?,
        Expected::FaceClosed => closed(on_glass, &[ScreenName::ChoosingMethod], &[Target::Face])?,
        Expected::VisualClosed => closed(on_glass, &[ScreenName::ChoosingMethod], &[Target::Visual])?,
        Expected::PhoneClosed => closed(on_glass, &[ScreenName::Start, ScreenName::WithoutCard], &[Target::Phone])?,
        Expected::OnlyTheDesk => {
            closed(on_glass, &[ScreenName::NeedHelp], &[Target::Again, Target::Card, Target::Phone])?
        }
        Expected::By(by) => match books.last() {
            Some(booked) => pressed_by_another(booked, *by)?,
            None => nothing(),
        },
        Expected::ConfirmedBy(number) => match books.last() {
            Some(booked) if booked.confirmed_by == *number => return None,
            Some(booked) => format!("the result says {}", booked.confirmed_by.as_deref().unwrap_or("nobody")),
            None => nothing(),
        },
        Expected::Staff(note) => {
            let told = observed.staff.get(since.staff..).unwrap_or_default();
            let told_it = told.iter().any(|told| told == note);
            (!told_it).then(|| format!("staff were told: {}", told.join("; ")))?
        }
        Expected::Lookups(count) => {
            let asked = observed.lookups.saturating_sub(since.lookups);
            (asked != *count).then(|| format!("the clinic asked {asked} time(s)"))?
        }
        Expected::SignedUp => (observed.sign_ups == since.sign_ups).then(|| "nobody was signed up".to_owned())?,
        Expected::NobodySignedUp => {
            (observed.sign_ups != since.sign_ups).then(|| "somebody was signed up".to_owned())?
        }
        Expected::NoFault => on_glass.is_none_or(|view| view.fault.is_some()).then(|| shows(on_glass))?,
    };
    Some(Mismatch { expected: item.to_string(), seen })
}

/// What is there instead of one of these screens on which none of the ways can be chosen.
fn closed(on_glass: Option<&Seen>, screens: &[ScreenName], ways: &[Target]) -> Option<String> {
    let Some(view) = on_glass.filter(|view| screens.contains(&view.screen)) else { return Some(shows(on_glass)) };
    ways.iter().find(|way| view.offers(way.name())).map(|way| format!("{} can be chosen", way.name()))
}

fn shows(view: Option<&Seen>) -> String {
    match view {
        None => "nothing is on the glass".to_owned(),
        Some(Seen { screen, fault: Some(fault), .. }) => format!("the glass shows {screen} with fault {fault}"),
        Some(view) => format!("the glass shows {}", view.screen),
    }
}

#[cfg(test)]
mod tests;
