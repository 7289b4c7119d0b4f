//! What an answer must hold beyond its JSON shape before the visit goes on with it (law 9).

use std::collections::BTreeSet;

use super::{ClientError, nonce_of};
use crate::{
    ids::{is_id, is_lower_hex},
    limits::{MAX_ITEMS, MAX_STAFF_LINES, MAX_TEXT},
    protocol::{Authenticated, CertificateState, Facility, Item, Opened, Problem, Receipt, Status, VERSION},
};

pub(super) fn opened(answer: &Opened) -> Result<[u8; 32], ClientError> {
    need(is_id(&answer.session_id), "session id")?;
    facility(&answer.facility)?;
    nonce_of(&answer.nonce).ok_or(ClientError::Malformed("nonce"))
}

pub(super) fn status(answer: &Status) -> Result<(), ClientError> {
    need(answer.protocol == VERSION, "protocol version")?;
    facility(&answer.facility)
}

pub(super) fn authenticated(answer: &Authenticated) -> Result<(), ClientError> {
    need(answer.items.len() <= MAX_ITEMS, "too many items")?;
    let different: BTreeSet<&str> = answer.items.iter().map(|item| item.id.as_str()).collect();
    need(different.len() == answer.items.len(), "an item twice")?;
    answer.items.iter().try_for_each(item)?;
    need(answer.staff.len() <= MAX_STAFF_LINES, "too many staff lines")?;
    need(answer.staff.iter().all(|line| is_text(line)), "staff line")?;
    match &answer.certificate {
        CertificateState::EndsSoon { last_day } | CertificateState::Grace { last_day } => {
            need(is_day(last_day), "last day")
        }
        CertificateState::Valid
        | CertificateState::Expired
        | CertificateState::Suspended
        | CertificateState::Revoked => Ok(()),
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

/// `YYYY-MM-DD` that exists.
fn is_day(text: &str) -> bool {
    let mut parts = text.split('-').map(|part| (part.len(), part.parse::<u16>().ok()));
    let (Some((4, Some(year))), Some((2, Some(month))), Some((2, Some(day))), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    text.bytes().all(|b| b.is_ascii_digit() || b == b'-') && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_exist_or_are_refused() {
        for good in ["2026-11-22", "2028-02-29", "2000-02-29"] {
            assert!(is_day(good), "{good}");
        }
        for bad in [
            "",
            "2026-11-31",
            "2027-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-01",
            "2026-11-22-1",
            "2026-11-+1",
        ] {
            assert!(!is_day(bad), "{bad}");
        }
    }

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

    proptest! {
        #[test]
        fn any_json_answer_is_checked_without_panic(text in ".{0,40}", number: u64) {
            let _ = is_day(&text);
            let facility = Facility { name: text.clone(), institution_code: text.clone() };
            let _ = opened(&Opened { session_id: text.clone(), nonce: text.clone(), service_time_ms: number, facility, pin_less: false });
        }
    }
}
