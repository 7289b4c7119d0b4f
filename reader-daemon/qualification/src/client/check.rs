//! What an answer must hold beyond its JSON shape before the visit goes on with it (law 9).

use std::collections::BTreeSet;

use super::{ClientError, nonce_of};
use crate::{
    bytes::bytes_of,
    day::is_day,
    ids::{is_id, is_lower_hex},
    limits::{MAX_COMMAND, MAX_ITEMS, MAX_STAFF_LINES, MAX_TEXT},
    passcode::PasscodeCopy,
    protocol::{
        Authenticated, CertificateState, Facility, Item, Opened, Problem, Qualification, Receipt, Relayed, Status,
        VERSION,
    },
};

pub(super) fn opened(answer: &Opened) -> Result<[u8; 32], ClientError> {
    need(is_id(&answer.session_id), "session id")?;
    facility(&answer.facility)?;
    passcode(answer.visual_passcode.as_ref())?;
    nonce_of(&answer.nonce).ok_or(ClientError::Malformed("nonce"))
}

pub(super) fn status(answer: &Status) -> Result<(), ClientError> {
    need(answer.protocol == VERSION, "protocol version")?;
    facility(&answer.facility)?;
    passcode(answer.visual_passcode.as_ref())
}

pub(super) fn authenticated(answer: &Authenticated) -> Result<(), ClientError> {
    need(answer.items.len() <= MAX_ITEMS, "too many items")?;
    let different: BTreeSet<&str> = answer.items.iter().map(|item| item.id.as_str()).collect();
    need(different.len() == answer.items.len(), "an item twice")?;
    answer.items.iter().try_for_each(item)?;
    need(answer.staff.len() <= MAX_STAFF_LINES, "too many staff lines")?;
    need(answer.staff.iter().all(|line| is_text(line)), "staff line")?;
    need(!answer.sign_up || answer.qualification == Qualification::NotSignedUp, "sign-up offered to the wrong person")?;
    match &answer.certificate {
        CertificateState::EndsSoon { last_day, with_stay: _ } | CertificateState::Grace { last_day, with_stay: _ } => {
            need(is_day(last_day), "last day")
        }
        CertificateState::Valid
        | CertificateState::Expired
        | CertificateState::Suspended
        | CertificateState::Revoked => Ok(()),
    }
}

pub(super) fn registered(answer: &Authenticated) -> Result<(), ClientError> {
    need(!answer.sign_up, "sign-up offered again")?;
    authenticated(answer)
}

pub(super) fn relayed(answer: &Relayed) -> Result<(), ClientError> {
    match &answer.command {
        Some(command) => need(bytes_of(command, MAX_COMMAND).is_some_and(|bytes| !bytes.is_empty()), "command"),
        None => Ok(()),
    }
}

pub(super) fn receipt(answer: &Receipt, result_id: &str, result_sha256: &str) -> Result<(), ClientError> {
    need(answer.result_id == result_id, "receipt for another result")?;
    need(answer.result_sha256 == result_sha256, "receipt for other bytes")?;
    need(!answer.receipt_id.is_empty() && is_text(&answer.receipt_id), "receipt id")
}

/// The word goes into reports, so it must be one; the detail is cut, as it is only for support.
pub(super) fn problem(answer: Problem) -> Result<Problem, ClientError> {
    need(is_name(&answer.error), "error word")?;
    let detail = answer.detail.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect();
    Ok(Problem { error: answer.error, detail })
}

fn facility(facility: &Facility) -> Result<(), ClientError> {
    need(is_text(&facility.name), "facility name")?;
    let code = facility.institution_code.as_bytes();
    need(code.len() == 10 && code.iter().all(u8::is_ascii_digit), "institution code")
}

/// A copy that asks for more work than a small board has is none: whoever sends it could stop every visit.
fn passcode(copy: Option<&PasscodeCopy>) -> Result<(), ClientError> {
    need(copy.is_none_or(PasscodeCopy::is_well_formed), "visual passcode")
}

fn item(item: &Item) -> Result<(), ClientError> {
    need(is_name(&item.id), "item id")?;
    let Some(previous) = &item.previous else { return Ok(()) };
    need(!previous.wording_id.is_empty() && is_text(&previous.wording_id), "previous wording id")?;
    need(is_lower_hex(&previous.wording_hash, 64), "previous wording hash")
}

fn need(holds: bool, what: &'static str) -> Result<(), ClientError> {
    if holds { Ok(()) } else { Err(ClientError::Malformed(what)) }
}

/// Item ids and error words: `medicines`, `bad_signature`.
fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

fn is_text(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_receipt_for_another_result_or_other_bytes_is_none() {
        let good = Receipt { receipt_id: "r".into(), result_id: "a".into(), result_sha256: "b".into(), time_ms: 0 };
        assert_eq!(receipt(&good, "a", "b"), Ok(()));
        assert_eq!(receipt(&good, "x", "b"), Err(ClientError::Malformed("receipt for another result")));
        assert_eq!(receipt(&good, "a", "x"), Err(ClientError::Malformed("receipt for other bytes")));
    }

    #[test]
    fn an_error_word_that_is_no_word_is_malformed_and_details_are_cut() {
        let problem_of = |error: &str, detail: &str| problem(Problem { error: error.into(), detail: detail.into() });
        assert!(problem_of("Bad word\n", "").is_err());
        let long = problem_of("bad_signature", &"x\n".repeat(10_000)).unwrap();
        assert_eq!(long.detail.len(), MAX_TEXT);
        assert!(!long.detail.contains('\n'));
    }

    fn answer(qualification: Qualification, sign_up: bool) -> Authenticated {
        let (certificate, items, staff) = (CertificateState::Valid, Vec::new(), Vec::new());
        Authenticated { qualification, certificate, items, staff, sign_up }
    }

    #[test]
    fn signing_up_is_offered_to_nobody_but_who_is_not_signed_up_and_only_once() {
        assert_eq!(authenticated(&answer(Qualification::NotSignedUp, true)), Ok(()));
        for qualification in [Qualification::Valid, Qualification::NotFound, Qualification::CentreError] {
            assert!(authenticated(&answer(qualification, true)).is_err(), "{qualification:?}");
            assert_eq!(registered(&answer(qualification, false)), Ok(()));
        }
        assert_eq!(
            registered(&answer(Qualification::NotSignedUp, true)),
            Err(ClientError::Malformed("sign-up offered again"))
        );
    }

    #[test]
    fn a_last_day_exists_whether_or_not_it_is_that_of_the_stay() {
        for with_stay in [false, true] {
            for (day, exists) in [("2028-02-29", true), ("2027-02-29", false), ("", false)] {
                let last_day = || day.to_owned();
                for certificate in [
                    CertificateState::EndsSoon { last_day: last_day(), with_stay },
                    CertificateState::Grace { last_day: last_day(), with_stay },
                ] {
                    let answer = Authenticated { certificate, ..answer(Qualification::Valid, false) };
                    assert_eq!(authenticated(&answer).is_ok(), exists, "{day:?}");
                }
            }
        }
    }

    #[test]
    fn a_passcode_that_asks_for_too_much_work_is_malformed() {
        let of = |memory: u32| {
            let argon2id =
                format!("$argon2id$v=19$m={memory},t=2,p=1$c2FsdHNhbHRzYWx0c2E$QUJDREVGR0hJSktMTU5PUFFSU1RVVg");
            let facility = Facility { name: "n".into(), institution_code: "1310000000".into() };
            let visual_passcode = Some(PasscodeCopy { argon2id });
            status(&Status { protocol: VERSION, service_time_ms: 1, facility, centre: true, visual_passcode })
        };
        assert_eq!(of(19_456), Ok(()));
        assert_eq!(of(4_000_000), Err(ClientError::Malformed("visual passcode")));
    }

    #[test]
    fn a_command_is_at_most_six_hundred_bytes_and_never_nothing() {
        let of = |command: Option<&str>| relayed(&Relayed { command: command.map(str::to_owned) });
        let bytes = |count: usize| crate::bytes::text_of(&vec![0x80; count]);
        assert_eq!(of(None), Ok(()));
        assert_eq!(of(Some(&bytes(1))), Ok(()));
        assert_eq!(of(Some(&bytes(MAX_COMMAND))), Ok(()));
        for bad in ["", "not base64!", "gKIGwQ", &bytes(MAX_COMMAND + 1), &bytes(100_000)] {
            assert_eq!(of(Some(bad)), Err(ClientError::Malformed("command")), "{} characters", bad.len());
        }
    }

    proptest! {
        #[test]
        fn any_relayed_command_is_checked_without_panic_and_bounded(command in ".{0,900}") {
            let answer = Relayed { command: Some(command) };
            let bytes = answer.bytes();
            if relayed(&answer).is_ok() {
                prop_assert!((1..=MAX_COMMAND).contains(&bytes.unwrap().len()));
            }
        }

        #[test]
        fn any_json_answer_is_checked_without_panic(text in ".{0,40}", number: u64) {
            let _ = is_day(&text);
            let facility = Facility { name: text.clone(), institution_code: text.clone() };
            let visual_passcode = Some(PasscodeCopy { argon2id: text.clone() });
            let answer = Opened { session_id: text.clone(), nonce: text.clone(), service_time_ms: number, facility, pin_less: false, visual_passcode };
            prop_assert!(opened(&answer).is_err());
        }
    }
}
