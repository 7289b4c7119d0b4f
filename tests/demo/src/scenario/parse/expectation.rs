//! The items of an `expect:` line.

use screen::Language;

use super::{
    devices::staff_note,
    error::{Cause, unknown, value},
    values::{ITEMS, screen, times, tries},
};
use crate::scenario::{
    expect::{Expected, Outcome, by_word},
    step::ConsentWord,
    world::BookedBy,
};

/// How each item is written, for messages and the README.
pub const ITEMS_OF_EXPECT: [&str; 25] = [
    "accepted",
    "desk",
    "cancelled",
    "fault 910",
    "received",
    "nothing sent",
    "results 1",
    "method pin",
    "consent medicines yes",
    "language en",
    "tries left 2",
    "verify sent 1",
    "screen start",
    "face closed",
    "visual closed",
    "phone closed",
    "only the desk",
    "no fault",
    "by companion",
    "confirmed by 12",
    "staff told visual check",
    "staff called for wheelchair",
    "lookups none",
    "signed up",
    "nobody signed up",
];

pub(super) fn expected(text: &str) -> Result<Vec<Expected>, Cause> {
    let mut items = Vec::new();
    for item in text.split(',').map(str::trim) {
        let parsed = one(item)?;
        if items.contains(&parsed) {
            return Err(Cause::Twice { word: parsed.to_string() });
        }
        items.push(parsed);
    }
    Ok(items)
}

fn one(item: &str) -> Result<Expected, Cause> {
    let lower = item.to_lowercase();
    let words: Vec<&str> = lower.split(' ').collect();
    Ok(match words.as_slice() {
        ["received"] => Expected::Received,
        ["nothing", "sent"] => Expected::NothingSent,
        ["face", "closed"] => Expected::FaceClosed,
        ["visual", "closed"] => Expected::VisualClosed,
        ["phone", "closed"] => Expected::PhoneClosed,
        ["only", "the", "desk"] => Expected::OnlyTheDesk,
        ["no", "fault"] => Expected::NoFault,
        ["results", count] => Expected::Results(times(count)?),
        ["verify", "sent", count] => Expected::VerifySent(times(count)?),
        ["tries", "left", left] => Expected::TriesLeft(tries(left)?),
        ["method", name] => Expected::Method(method(name)?),
        ["language", name] => {
            let language = Language::ALL.into_iter().find(|language| language.tag().to_lowercase() == *name);
            Expected::Language(language.ok_or_else(|| unknown("a language", name, &Language::ALL.map(Language::tag)))?)
        }
        ["by", who] => Expected::By(by(who)?),
        ["confirmed", "by", "nobody"] => Expected::ConfirmedBy(None),
        ["confirmed", "by", number] if number.len() <= 8 && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Expected::ConfirmedBy(Some((*number).to_owned()))
        }
        ["staff", note @ ..] => Expected::Staff(staff_note(note)?),
        ["lookups", "none"] => Expected::Lookups(0),
        ["lookups", count] => Expected::Lookups(times(count)?),
        ["signed", "up"] => Expected::SignedUp,
        ["nobody", "signed", "up"] => Expected::NobodySignedUp,
        ["consent", item, answer @ ..] => consent(item, answer)?,
        ["screen", name @ ..] => Expected::Screen(screen(&name.join(" "))?),
        _ => Expected::Outcome(lower.split(" or ").map(outcome).collect::<Result<_, _>>()?),
    })
}

fn outcome(text: &str) -> Result<Outcome, Cause> {
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        ["accepted"] => Ok(Outcome::Accepted),
        ["desk"] => Ok(Outcome::Desk),
        ["cancelled"] => Ok(Outcome::Cancelled),
        ["fault", code] if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Outcome::Fault((*code).to_owned()))
        }
        ["fault", code] => Err(value("a fault code", code, "three digits, for example \"fault 006\"")),
        _ => Err(unknown("something to expect", text, &ITEMS_OF_EXPECT)),
    }
}

fn method(name: &str) -> Result<&'static str, Cause> {
    const METHODS: [&str; 4] = ["pin", "face", "visual", "phone"];
    METHODS.into_iter().find(|method| *method == name).ok_or_else(|| unknown("a method", name, &METHODS))
}

fn by(who: &str) -> Result<BookedBy, Cause> {
    const WHO: [BookedBy; 3] = [BookedBy::Patient, BookedBy::Companion, BookedBy::Staff];
    WHO.into_iter().find(|by| by_word(*by) == who).ok_or_else(|| unknown("anyone who answers", who, &WHO.map(by_word)))
}

fn consent(item: &str, answer: &[&str]) -> Result<Expected, Cause> {
    let item = ITEMS.into_iter().find(|known| *known == item).ok_or_else(|| unknown("a consent item", item, &ITEMS))?;
    let (answer, carried_over) = match answer {
        [answer @ .., "carried", "over"] => (answer, true),
        answer => (answer, false),
    };
    let answer = answer.join(" ");
    let word = ConsentWord::ALL.into_iter().find(|word| word.word() == answer);
    let word = word.ok_or_else(|| unknown("an answer", &answer, &ConsentWord::ALL.map(ConsentWord::word)))?;
    Ok(Expected::Consent { item, word, carried_over })
}
