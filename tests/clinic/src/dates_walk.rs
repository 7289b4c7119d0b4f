//! One certificate a day at a time through all its states, by both rules, against a second statement of the calendar
//! that knows nothing of this program's date library.

use qualification::protocol::CertificateState;

use super::{GraceRule, state};

/// Year, month, day.
type Day = (i64, u32, u32);

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in((year, month): (i64, u32)) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn tomorrow((year, month, day): Day) -> Day {
    if day < days_in((year, month)) {
        (year, month, day + 1)
    } else if month < 12 {
        (year, month + 1, 1)
    } else {
        (year + 1, 1, 1)
    }
}

/// The same day so many months on (or back); the month's last where it has no such day.
fn months_on((year, month, day): Day, months: i64) -> Day {
    let count = year * 12 + i64::from(month) - 1 + months;
    let (year, month) = (count.div_euclid(12), u32::try_from(count.rem_euclid(12)).unwrap() + 1);
    (year, month, day.min(days_in((year, month))))
}

/// 23:59:59 in Japan on that day, seconds since 1970.
fn end_of(day: Day) -> i64 {
    let (mut days, mut at) = (0, (1970, 1, 1));
    while at != day {
        at = tomorrow(at);
        days += 1;
    }
    days * 86_400 + 86_399 - 9 * 3_600
}

fn written((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// What the state must be on this day.
fn expected(today: Day, last_day: Day, rule: Option<GraceRule>, with_stay: bool) -> CertificateState {
    let told = written(last_day);
    if today <= last_day {
        return if today < months_on(last_day, -3) {
            CertificateState::Valid
        } else {
            CertificateState::EndsSoon { last_day: told, with_stay }
        };
    }
    let same_day = months_on(last_day, 3);
    let in_grace = match rule {
        None => false,
        Some(GraceRule::OnTheDay) => today <= same_day,
        Some(GraceRule::EndOfMonth) => (today.0, today.1) <= (same_day.0, same_day.1),
    };
    if in_grace { CertificateState::Grace { last_day: told, with_stay } } else { CertificateState::Expired }
}

/// Last days that meet month ends and leap days, as the end itself, before it and after it.
const LAST_DAYS: [Day; 12] = [
    (2027, 2, 17),
    (2027, 2, 28),
    (2028, 2, 28),
    (2028, 2, 29), // ends on a leap day
    (2027, 11, 29),
    (2027, 11, 30), // grace ends on a leap day
    (2028, 5, 29),  // the notice begins on a leap day
    (2028, 5, 31),
    (2026, 11, 30),
    (2027, 5, 31),
    (2027, 8, 31),
    (2027, 12, 31),
];

#[test]
fn section_8_every_day_of_a_certificate_has_its_state_by_both_rules_and_on_a_phone() {
    let mut days = 0;
    for last_day in LAST_DAYS {
        let not_after = end_of(last_day);
        for rule in [None, Some(GraceRule::OnTheDay), Some(GraceRule::EndOfMonth)] {
            let mut seen = Vec::new();
            let mut today = months_on(last_day, -4);
            while today <= months_on(last_day, 5) {
                let must = expected(today, last_day, rule, true);
                // The first second of the day in Japan, noon, and the last one.
                for second in [86_399, 43_200, 0] {
                    let is = state(not_after, end_of(today) - second, rule, true);
                    assert_eq!(is, must, "{} ends {}, {rule:?}", written(today), written(last_day));
                }
                if seen.last() != Some(&must) {
                    seen.push(must);
                }
                today = tomorrow(today);
                days += 1;
            }
            // Each state once, in its order: none is left out and none comes back.
            assert_eq!(seen.len(), if rule.is_some() { 4 } else { 3 }, "{last_day:?} {rule:?}: {seen:?}");
        }
    }
    assert!(days > 12 * 3 * 270, "{days} days were looked at");
}

#[test]
fn the_rules_differ_exactly_from_the_same_day_to_the_end_of_its_month() {
    for last_day in LAST_DAYS {
        let not_after = end_of(last_day);
        let same_day = months_on(last_day, 3);
        let mut today = last_day;
        let mut differ = 0;
        while today <= months_on(last_day, 5) {
            let at = |rule| state(not_after, end_of(today), Some(rule), false);
            if at(GraceRule::OnTheDay) != at(GraceRule::EndOfMonth) {
                assert_eq!(at(GraceRule::OnTheDay), CertificateState::Expired, "never the longer one");
                assert!(today > same_day && (today.0, today.1) == (same_day.0, same_day.1), "{today:?}");
                differ += 1;
            }
            today = tomorrow(today);
        }
        assert_eq!(differ, days_in((same_day.0, same_day.1)) - same_day.2, "{last_day:?}");
    }
}
