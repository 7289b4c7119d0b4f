//! The items of an `expect:` line.

use super::{
    error::{Cause, unknown, value},
    values::{ITEMS, screen, times, tries},
};
use crate::scenario::{
    expect::{Expected, Outcome},
    step::{ConsentWord, LANGUAGES},
};

/// How each item is written, for messages and the README.
pub const ITEMS_OF_EXPECT: [&str; 15] = [
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
    "no fault",
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
        ["no", "fault"] => Expected::NoFault,
        ["results", count] => Expected::Results(times(count)?),
        ["verify", "sent", count] => Expected::VerifySent(times(count)?),
        ["tries", "left", left] => Expected::TriesLeft(tries(left)?),
        ["method", name] => Expected::Method(method(name)?),
        ["language", name] => {
            let language = LANGUAGES.into_iter().find(|(tag, _)| tag == name);
            Expected::Language(language.ok_or_else(|| unknown("a language", name, &LANGUAGES.map(|(tag, _)| tag)))?.1)
        }
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
