//! Checking a signed result against what was proved and asked in its session.

use std::time::Duration;

use qualification::{
    Word,
    ids::{is_id, is_lower_hex},
    limits::MAX_SKEW,
    protocol::{Answer, Ask, By, How, Item, ItemAnswer, Method, ResultClaims, VERSION, WeightsLevel},
    weights,
};

use crate::{
    books::{Proved, Session},
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
    proved.asked.iter().zip(&claims.items).try_for_each(|(item, answer)| check_answer(item, answer))
}

/// Of a terminal whose weights identify nobody, whatever the method was. A result by PIN from before levels were told is of
/// none: there were no such weights then.
pub fn is_demonstration(claims: &ResultClaims) -> bool {
    claims.weights_level == Some(WeightsLevel::Demonstration)
}

fn check_answer(item: &Item, given: &ItemAnswer) -> Result<(), Refusal> {
    let need = |holds: bool, what: &str| need(holds, Word::AnswersMismatch, &format!("{}: {what}", item.id));
    need(is_text(&given.wording_id) && is_text(&given.language), "wording or language")?;
    match item.ask {
        Ask::Yes => {
            need(!given.wording_id.is_empty() && !given.language.is_empty(), "no wording or language")?;
            need(is_lower_hex(&given.wording_hash, 64), "wording_hash")?;
            match given.answer {
                Answer::Agreed | Answer::Declined => need(given.by != By::Nobody, "an answer by nobody")?,
                Answer::NotAnswered => need(given.by == By::Nobody, "no answer, but by somebody")?,
                Answer::NotAsked | Answer::NotAskedGrace => need(false, "it was to be asked")?,
            }
            check_how(item, given, need)
        }
        Ask::Grace => need(given.answer == Answer::NotAskedGrace && is_silent(given), "not to be asked (grace)"),
        Ask::NotApplicable | Ask::Desk => need(given.answer == Answer::NotAsked && is_silent(given), "not to be asked"),
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
mod tests {
    use qualification::protocol::Previous;

    use super::*;
    use crate::books::SessionState;

    fn item(ask: Ask) -> Item {
        let previous = Previous { agreed: true, wording_id: "m-1".into(), wording_hash: "ab".repeat(32), time_ms: 1 };
        Item { id: "medicines".into(), ask, previous: Some(previous) }
    }

    fn answer(answer: Answer, how: How, by: By) -> ItemAnswer {
        ItemAnswer {
            id: "medicines".into(),
            wording_id: "m-1".into(),
            wording_hash: "ab".repeat(32),
            language: "ja".into(),
            answer,
            how,
            by,
        }
    }

    #[test]
    fn every_combination_of_answer_how_and_who_is_judged() {
        use {Answer as A, By as B, How as H};
        let allowed = |ask, answer, how, by| {
            let somebody = matches!(by, B::Patient | B::Companion | B::Staff);
            match ask {
                Ask::Yes if somebody => {
                    matches!((answer, how), (A::Agreed, H::Now | H::CarriedOver) | (A::Declined, H::Now))
                }
                Ask::Yes => (answer, how) == (A::NotAnswered, H::Nothing),
                Ask::Grace => (answer, how) == (A::NotAskedGrace, H::Nothing) && !somebody,
                Ask::NotApplicable | Ask::Desk => (answer, how) == (A::NotAsked, H::Nothing) && !somebody,
            }
        };
        let mut judged = 0;
        for ask in [Ask::Yes, Ask::Grace, Ask::NotApplicable, Ask::Desk] {
            for given in [A::Agreed, A::Declined, A::NotAnswered, A::NotAskedGrace, A::NotAsked] {
                for how in [H::Now, H::CarriedOver, H::Nothing] {
                    for by in [B::Patient, B::Companion, B::Staff, B::Nobody] {
                        let verdict = check_answer(&item(ask), &answer(given, how, by));
                        assert_eq!(verdict.is_ok(), allowed(ask, given, how, by), "{ask:?} {given:?} {how:?} {by:?}");
                        judged += 1;
                    }
                }
            }
        }
        assert_eq!(judged, 240);
    }

    #[test]
    fn an_answer_is_carried_over_only_to_the_same_wording() {
        let mut given = answer(Answer::Agreed, How::CarriedOver, By::Patient);
        assert!(check_answer(&item(Ask::Yes), &given).is_ok());
        given.wording_hash = "cd".repeat(32);
        assert_eq!(check_answer(&item(Ask::Yes), &given).unwrap_err().word, Word::AnswersMismatch);
        let mut first_visit = item(Ask::Yes);
        first_visit.previous = None;
        assert!(check_answer(&first_visit, &answer(Answer::Agreed, How::CarriedOver, By::Patient)).is_err());
    }

    #[test]
    fn each_claim_that_differs_from_the_session_is_a_mismatch() {
        let session = Session { id: "0".repeat(32), opened_ms: 1_000_000, state: SessionState::Proved };
        let proved = Proved {
            method: Method::Pin,
            certificate_sha256: "ef".repeat(32),
            patient: Some(1001),
            asked: vec![item(Ask::Yes)],
            time_ms: 1_010_000,
        };
        let good = ResultClaims {
            protocol: VERSION,
            result_id: "1".repeat(32),
            session_id: session.id.clone(),
            terminal_id: "t".into(),
            certificate_sha256: "ef".repeat(32),
            method: Method::Pin,
            weights: "none".into(),
            weights_level: Some(WeightsLevel::Research),
            time_ms: 1_020_000,
            items: vec![answer(Answer::Agreed, How::Now, By::Patient)],
        };
        let judge = |change: &dyn Fn(&mut ResultClaims)| {
            let mut claims = good.clone();
            change(&mut claims);
            check(&claims, "t", &session, &proved, 1_030_000).map_err(|refusal| refusal.word)
        };
        assert_eq!(judge(&|_| {}), Ok(()));
        let mismatches: [&dyn Fn(&mut ResultClaims); 9] = [
            &|c| c.protocol = 2,
            &|c| c.result_id = "x".into(),
            &|c| c.session_id = "2".repeat(32),
            &|c| c.terminal_id = "other".into(),
            &|c| c.certificate_sha256 = "00".repeat(32),
            &|c| c.method = Method::Face,
            &|c| c.weights = "level-1".into(),
            &|c| c.time_ms = 1_000_000 - 60_001,
            &|c| c.time_ms = 1_030_000 + 60_001,
        ];
        for (n, change) in mismatches.iter().enumerate() {
            assert_eq!(judge(*change), Err(Word::ResultMismatch), "change {n}");
        }
        // By PIN every level fits, and a result from before there were levels; by face the weights are there.
        for level in [WeightsLevel::None, WeightsLevel::Demonstration, WeightsLevel::Research, WeightsLevel::Approved] {
            assert_eq!(judge(&|c| c.weights_level = Some(level)), Ok(()), "{level:?}");
        }
        assert_eq!(judge(&|c| c.weights_level = None), Ok(()));
        // By face: an identity of weights, and no other word.
        let by_face = Proved { method: Method::Face, ..proved.clone() };
        for (weights, fits) in [("sface@0123456789abcdef", true), ("none", false), ("sface", false), ("", false)] {
            let claims = ResultClaims { method: Method::Face, weights: weights.into(), ..good.clone() };
            assert_eq!(check(&claims, "t", &session, &by_face, 1_030_000).is_ok(), fits, "{weights:?}");
        }
        let weights = "sface@0123456789abcdef".to_owned();
        let of = |weights_level| {
            let claims = ResultClaims { method: Method::Face, weights: weights.clone(), weights_level, ..good.clone() };
            check(&claims, "t", &session, &by_face, 1_030_000).map_err(|refusal| refusal.word)
        };
        // By face the level is always told.
        for (level, verdict) in [
            (Some(WeightsLevel::Research), Ok(())),
            (Some(WeightsLevel::None), Err(Word::ResultMismatch)),
            (None, Err(Word::ResultMismatch)),
        ] {
            assert_eq!(of(level), verdict, "{level:?}");
        }
        let answers: [&dyn Fn(&mut ResultClaims); 5] = [
            &|c| c.items.clear(),
            &|c| c.items.push(c.items[0].clone()),
            &|c| c.items[0].id = "operations".into(),
            &|c| c.items[0].wording_id.clear(),
            &|c| c.items[0].wording_hash = "x".into(),
        ];
        for (n, change) in answers.iter().enumerate() {
            assert_eq!(judge(*change), Err(Word::AnswersMismatch), "answers {n}");
        }
    }
}
