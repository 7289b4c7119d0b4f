//! Checking a signed result against what was proved and asked in its session.

use std::time::Duration;

use qualification::{
    Word,
    ids::{is_id, is_lower_hex},
    limits::{MAX_LANGUAGE, MAX_SKEW},
    protocol::{Answer, Ask, By, How, Item, ItemAnswer, Method, ResultClaims, VERSION, WeightsLevel},
    result, weights,
};

use crate::{
    books::{Proved, Session},
    items::Kind,
    limits::MAX_TEXT,
    refusal::Refusal,
};

/// Checks every claim.
///
/// # Errors
/// [`Word::ResultMismatch`] or [`Word::AnswersMismatch`], saying which claim.
pub fn check(
    claims: &ResultClaims,
    terminal: &str,
    session: &Session,
    proved: &Proved,
    now_ms: u64,
) -> Result<(), Refusal> {
    let need = |holds: bool, what: &str| need(holds, Word::ResultMismatch, what);
    need(claims.protocol == VERSION, "protocol")?;
    need(is_id(&claims.result_id), "result_id")?;
    need(claims.session_id == session.id, "session_id")?;
    need(claims.terminal_id == terminal, "terminal_id")?;
    need(claims.certificate_sha256 == proved.certificate_sha256, "certificate_sha256")?;
    need(claims.method == proved.method, "method")?;
    need(weights::fit(claims), "weights")?;
    need(result::confirmation_fits(claims), "confirmed_by")?;
    need(claims.valid_until_ms == result::valid_until(claims.time_ms), "valid_until_ms")?;
    // What a terminal signed before levels were told may still wait there, but none of those was by face.
    need(claims.method != Method::Face || claims.weights_level.is_some(), "weights_level")?;
    let skew = millis(MAX_SKEW);
    let earliest = session.opened_ms.saturating_sub(skew);
    need((earliest..=now_ms.saturating_add(skew)).contains(&claims.time_ms), "time_ms")?;

    let same = |(item, answer): (&Item, &ItemAnswer)| item.id == answer.id;
    let in_order = proved.asked.len() == claims.items.len() && proved.asked.iter().zip(&claims.items).all(same);
    if !in_order {
        return Err(Refusal::new(Word::AnswersMismatch, "items are not those that were asked, in their order"));
    }
    proved.asked.iter().zip(&claims.items).try_for_each(|(item, answer)| check_answer(item, answer, claims.method))
}

/// Of a terminal whose weights identify nobody, whatever the method was. A result by PIN from before levels were told is of
/// none: there were no such weights then.
pub fn is_demonstration(claims: &ResultClaims) -> bool {
    claims.weights_level == Some(WeightsLevel::Demonstration)
}

fn check_answer(item: &Item, given: &ItemAnswer, method: Method) -> Result<(), Refusal> {
    let need = |holds: bool, what: &str| need(holds, Word::AnswersMismatch, &format!("{}: {what}", item.id));
    let is_language = is_text(&given.language) && given.language.len() <= MAX_LANGUAGE;
    need(is_text(&given.wording_id) && is_language, "wording or language")?;
    // Staff press for a patient whom they checked themselves, and for nobody else (patient-flow 4.2 rule 8).
    need(given.by != By::Staff || method == Method::Visual, "by staff without a visual check")?;
    match item.ask {
        Ask::Yes => {
            need(!given.wording_id.is_empty() && !given.language.is_empty(), "no wording or language")?;
            need(is_lower_hex(&given.wording_hash, 64), "wording_hash")?;
            match given.answer {
                Answer::Agreed | Answer::Declined | Answer::Electronic | Answer::Paper => {
                    need(given.by != By::Nobody, "an answer by nobody")?;
                    need(belongs(given.answer, &item.id), "an answer to another question")?;
                }
                Answer::NotAnswered => need(given.by == By::Nobody, "no answer, but by somebody")?,
                Answer::NotAsked | Answer::NotAskedGrace => need(false, "it was to be asked")?,
            }
            check_how(item, given, need)
        }
        Ask::Grace => need(given.answer == Answer::NotAskedGrace && is_silent(given), "not to be asked (grace)"),
        Ask::NotApplicable | Ask::Desk => need(given.answer == Answer::NotAsked && is_silent(given), "not to be asked"),
    }
}

/// A form for the prescription, yes or no for everything else.
fn belongs(answer: Answer, item: &str) -> bool {
    let of_prescription = Kind::of(item) == Some(Kind::Prescription);
    match answer {
        Answer::Electronic | Answer::Paper => of_prescription,
        Answer::Agreed | Answer::Declined => !of_prescription,
        Answer::NotAnswered | Answer::NotAskedGrace | Answer::NotAsked => true,
    }
}

/// Carried over is only what the patient said before, to the same wording (patient-flow 4.2 rule 4).
fn check_how(item: &Item, given: &ItemAnswer, need: impl Fn(bool, &str) -> Result<(), Refusal>) -> Result<(), Refusal> {
    match given.how {
        How::Now => need(given.answer != Answer::NotAnswered, "answered now, but not answered"),
        How::Nothing => need(given.answer == Answer::NotAnswered, "nothing pressed, but answered"),
        How::CarriedOver => {
            let fits = item.previous.as_ref().is_some_and(|previous| {
                let answer = if previous.agreed { Answer::Agreed } else { Answer::Declined };
                answer == given.answer && previous.wording_hash == given.wording_hash
            });
            need(fits, "carried over, but not from the previous answer to this wording")
        }
    }
}

fn is_silent(given: &ItemAnswer) -> bool {
    given.how == How::Nothing
        && given.by == By::Nobody
        && (given.wording_hash.is_empty() || is_lower_hex(&given.wording_hash, 64))
}

fn is_text(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control)
}

fn need(holds: bool, word: Word, what: &str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::new(word, what)) }
}

/// Milliseconds of a duration.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "results_tests.rs"]
mod tests;
