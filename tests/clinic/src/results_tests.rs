use qualification::protocol::Previous;

use super::*;
use crate::books::SessionState;

const METHODS: [Method; 4] = [Method::Pin, Method::Face, Method::Visual, Method::Phone];

fn item(ask: Ask) -> Item {
    let previous = Previous { agreed: true, wording_id: "m-1".into(), wording_hash: "ab".repeat(32), time_ms: 1 };
    Item { id: "medicines".into(), ask, previous: Some(previous) }
}

/// An extra: no earlier answer is ever told of it.
fn extra(id: &str, ask: Ask) -> Item {
    Item { id: id.into(), ask, previous: None }
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
fn every_combination_of_item_answer_how_who_and_method_is_judged() {
    use {Answer as A, By as B, How as H};
    let allowed = |id: &str, ask, answer, how, by, method| {
        let somebody = match by {
            B::Patient | B::Companion => true,
            B::Staff => method == Method::Visual,
            B::Nobody => false,
        };
        match ask {
            Ask::Yes if somebody => match id {
                "medicines" => matches!((answer, how), (A::Agreed, H::Now | H::CarriedOver) | (A::Declined, H::Now)),
                "other_certificates" => matches!((answer, how), (A::Agreed | A::Declined, H::Now)),
                _ => matches!((answer, how), (A::Electronic | A::Paper, H::Now)),
            },
            Ask::Yes => (answer, how, by) == (A::NotAnswered, H::Nothing, B::Nobody),
            Ask::Grace => (answer, how, by) == (A::NotAskedGrace, H::Nothing, B::Nobody),
            Ask::NotApplicable | Ask::Desk => (answer, how, by) == (A::NotAsked, H::Nothing, B::Nobody),
        }
    };
    let answers = [A::Agreed, A::Declined, A::Electronic, A::Paper, A::NotAnswered, A::NotAskedGrace, A::NotAsked];
    let mut judged = 0;
    for ask in [Ask::Yes, Ask::Grace, Ask::NotApplicable, Ask::Desk] {
        for item in [item(ask), extra("other_certificates", ask), extra("prescription", ask)] {
            for (given, how) in answers.iter().flat_map(|a| [H::Now, H::CarriedOver, H::Nothing].map(|how| (*a, how))) {
                for (by, method) in
                    [B::Patient, B::Companion, B::Staff, B::Nobody].iter().flat_map(|by| METHODS.map(|m| (*by, m)))
                {
                    let answer = ItemAnswer { id: item.id.clone(), ..answer(given, how, by) };
                    let verdict = check_answer(&item, &answer, method).is_ok();
                    let right = allowed(&item.id, ask, given, how, by, method);
                    assert_eq!(verdict, right, "{} {ask:?} {given:?} {how:?} {by:?} {method:?}", item.id);
                    judged += 1;
                }
            }
        }
    }
    assert_eq!(judged, 4 * 3 * 7 * 3 * 4 * 4);
}

#[test]
fn an_answer_is_carried_over_only_to_the_same_wording() {
    let mut given = answer(Answer::Agreed, How::CarriedOver, By::Patient);
    assert!(check_answer(&item(Ask::Yes), &given, Method::Pin).is_ok());
    given.wording_hash = "cd".repeat(32);
    assert_eq!(check_answer(&item(Ask::Yes), &given, Method::Pin).unwrap_err().word, Word::AnswersMismatch);
    let mut first_visit = item(Ask::Yes);
    first_visit.previous = None;
    assert!(check_answer(&first_visit, &answer(Answer::Agreed, How::CarriedOver, By::Patient), Method::Pin).is_err());
}

#[test]
fn each_claim_that_differs_from_the_session_is_a_mismatch() {
    let session = Session { id: "0".repeat(32), opened_ms: 1_000_000, state: SessionState::Proved };
    let proved = Proved {
        method: Method::Pin,
        certificate_sha256: "ef".repeat(32),
        patient: Some(1001),
        asked: vec![item(Ask::Yes)],
        told: None,
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
        valid_until_ms: 87_420_000,
        confirmed_by: None,
        items: vec![answer(Answer::Agreed, How::Now, By::Patient)],
    };
    let judge = |change: &dyn Fn(&mut ResultClaims)| {
        let mut claims = good.clone();
        change(&mut claims);
        check(&claims, "t", &session, &proved, 1_030_000).map_err(|refusal| refusal.word)
    };
    assert_eq!(judge(&|_| {}), Ok(()));
    let at = |c: &mut ResultClaims, time_ms| (c.time_ms, c.valid_until_ms) = (time_ms, time_ms + 86_400_000);
    assert_eq!(judge(&|c| at(c, 1_000_000 - 60_000)), Ok(()));
    assert_eq!(judge(&|c| at(c, 1_030_000 + 60_000)), Ok(()));
    let mismatches: [&dyn Fn(&mut ResultClaims); 13] = [
        &|c| c.protocol = 2,
        &|c| c.result_id = "x".into(),
        &|c| c.session_id = "2".repeat(32),
        &|c| c.terminal_id = "other".into(),
        &|c| c.certificate_sha256 = "00".repeat(32),
        &|c| c.method = Method::Face,
        &|c| c.weights = "level-1".into(),
        &|c| at(c, 1_000_000 - 60_001),
        &|c| at(c, 1_030_000 + 60_001),
        &|c| c.valid_until_ms += 1,
        &|c| c.valid_until_ms -= 1,
        &|c| c.valid_until_ms = c.time_ms,
        &|c| c.confirmed_by = Some("7".into()),
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
    // By visual check: perhaps who confirmed, as a number, and staff may have pressed.
    let by_eye = Proved { method: Method::Visual, ..proved.clone() };
    for (number, fits) in [(None, true), (Some("1"), true), (Some("12345678"), true), (Some("123456789"), false)] {
        let confirmed_by = number.map(Into::into);
        let mut claims = ResultClaims { method: Method::Visual, confirmed_by, ..good.clone() };
        claims.items[0].by = By::Staff;
        assert_eq!(check(&claims, "t", &session, &by_eye, 1_030_000).is_ok(), fits, "{number:?}");
    }
    let answers: [&dyn Fn(&mut ResultClaims); 8] = [
        &|c| c.items.clear(),
        &|c| c.items.push(c.items[0].clone()),
        &|c| c.items[0].id = "operations".into(),
        &|c| c.items[0].by = By::Staff,
        &|c| c.items[0].answer = Answer::Electronic,
        &|c| c.items[0].language = "x".repeat(36),
        &|c| c.items[0].wording_id.clear(),
        &|c| c.items[0].wording_hash = "x".into(),
    ];
    for (n, change) in answers.iter().enumerate() {
        assert_eq!(judge(*change), Err(Word::AnswersMismatch), "answers {n}");
    }
}
