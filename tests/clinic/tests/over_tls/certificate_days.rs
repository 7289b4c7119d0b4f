//! One card through all states of its certificate, a day at a time by the service's clock, over the wire (patient-flow
//! section 8). `src/dates_walk.rs` looks at every second that matters; this shows that the terminal is told the same.

use apdu_fixtures::{Issuer, UserKey};
use clinic::{Settings, dates::GraceRule};
use jiff::{ToSpan, civil::Date, civil::date, tz};
use qualification::{
    clock,
    protocol::{Ask, CertificateState, Qualification},
};

use crate::terminal::{Card, Setting, Terminal, start, word};

/// So many milliseconds must the clock be moved for noon of that day in Japan.
fn until_noon(day: Date) -> i64 {
    let noon = day.at(12, 0, 0, 0).to_zoned(tz::TimeZone::fixed(tz::offset(9))).unwrap();
    noon.timestamp().as_millisecond() - i64::try_from(clock::now_ms()).unwrap()
}

async fn on(setting: &Setting, card: &Card, day: Date) -> (&'static str, Option<String>, Qualification, Ask) {
    setting.clinic.set_clock_offset(until_noon(day));
    let found = setting.terminal.authenticate(&setting.terminal.open().await, card).await.unwrap();
    let (name, last_day) = match found.certificate {
        CertificateState::Valid => ("valid", None),
        CertificateState::EndsSoon { last_day, .. } => ("soon", Some(last_day)),
        CertificateState::Grace { last_day, .. } => ("grace", Some(last_day)),
        CertificateState::Expired => ("expired", None),
        CertificateState::Suspended => ("suspended", None),
        CertificateState::Revoked => ("revoked", None),
    };
    (name, last_day, found.qualification, found.items[0].ask)
}

/// Walks from `from` to `to` and returns each state with its first day.
async fn walk(setting: &Setting, card: &Card, last_day: Date, from: Date, to: Date) -> Vec<(&'static str, Date)> {
    let mut seen: Vec<(&'static str, Date)> = Vec::new();
    let mut day = from;
    while day <= to {
        let (name, told, qualification, ask) = on(setting, card, day).await;
        assert!(told.is_none_or(|told| told == last_day.to_string()), "{day}");
        let expected = match name {
            "valid" | "soon" => (Qualification::Valid, Ask::Yes),
            "grace" => (Qualification::Valid, Ask::Grace),
            _ => (Qualification::NotLookedUp, Ask::Desk),
        };
        assert_eq!((qualification, ask), expected, "{day}");
        if seen.last().is_none_or(|(last, _)| *last != name) {
            seen.push((name, day));
        }
        day = day.tomorrow().unwrap();
    }
    seen
}

#[tokio::test]
async fn one_card_goes_through_all_its_states_day_by_day_by_both_rules() {
    let setting = start().await;
    // An ordinary day; the end on a leap day; grace to a leap day; the notice from one on.
    for (last_day, soon, grace_ends) in [
        (date(2027, 2, 17), date(2026, 11, 17), [date(2027, 5, 17), date(2027, 5, 31)]),
        (date(2028, 2, 29), date(2027, 11, 29), [date(2028, 5, 29), date(2028, 5, 31)]),
        (date(2027, 11, 30), date(2027, 8, 30), [date(2028, 2, 29), date(2028, 2, 29)]),
        (date(2028, 5, 31), date(2028, 2, 29), [date(2028, 8, 31), date(2028, 8, 31)]),
    ] {
        let card = Card::ending(1001, UserKey::P256, Issuer::Listed, last_day);
        for (rule, ends) in [GraceRule::OnTheDay, GraceRule::EndOfMonth].into_iter().zip(grace_ends) {
            setting.clinic.set_settings(Settings { grace: rule, ..Settings::plain() });
            let from = soon.checked_sub(3.days()).unwrap();
            let to = grace_ends[1].checked_add(3.days()).unwrap();
            let seen = walk(&setting, &card, last_day, from, to).await;
            let expected = [
                ("valid", from),
                ("soon", soon),
                ("grace", last_day.tomorrow().unwrap()),
                ("expired", ends.tomorrow().unwrap()),
            ];
            assert_eq!(seen, expected, "{last_day} {rule:?}");
        }
    }
}

#[tokio::test]
async fn the_centres_answer_wins_over_the_dates_that_a_terminal_can_read() {
    let setting = start().await;
    let Setting { clinic, terminal, folder: _ } = &setting;
    let state = async |serial, ends| {
        let card = Card::made(serial, UserKey::P256, Issuer::Listed, ends);
        terminal.authenticate(&terminal.open().await, &card).await.unwrap().certificate
    };
    // By its dates good, or ended long ago: what the list says counts, and a suspended one is never called expired.
    for ends in [700, 30, -30, -200] {
        assert_eq!(state(1014, ends).await, CertificateState::Revoked, "{ends}");
        assert_eq!(state(1015, ends).await, CertificateState::Suspended, "{ends}");
    }
    // By the same dates and the same clock of the terminal: grace or not is the centre's rule.
    clinic.set_clock_offset(until_noon(date(2027, 5, 20)));
    let card = Card::ending(1001, UserKey::P256, Issuer::Listed, date(2027, 2, 17));
    let mut told = Vec::new();
    for grace in [GraceRule::OnTheDay, GraceRule::EndOfMonth] {
        clinic.set_settings(Settings { grace, ..Settings::plain() });
        told.push(terminal.authenticate(&terminal.open().await, &card).await.unwrap().certificate);
    }
    let grace = CertificateState::Grace { last_day: "2027-02-17".into(), with_stay: false };
    assert_eq!(told, [CertificateState::Expired, grace]);
}

#[tokio::test]
async fn the_end_of_a_stay_reaches_the_terminal_with_its_day() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    for (serial, stay) in [(1013, true), (1001, false)] {
        for ends in [30, -30] {
            let card = Card::made(serial, UserKey::P256, Issuer::Listed, ends);
            let found = terminal.authenticate(&terminal.open().await, &card).await.unwrap();
            let told = match found.certificate {
                CertificateState::EndsSoon { with_stay, .. } => (true, with_stay),
                CertificateState::Grace { with_stay, .. } => (false, with_stay),
                other @ (CertificateState::Valid
                | CertificateState::Expired
                | CertificateState::Suspended
                | CertificateState::Revoked) => panic!("{other:?}"),
            };
            assert_eq!(told, (ends > 0, stay), "{serial} {ends}");
        }
    }
}

#[tokio::test]
async fn the_proof_of_a_day_is_worth_nothing_on_the_next() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    let opening = terminal.open().await;
    clinic.set_clock_offset(24 * 60 * 60 * 1000);
    let answer = Terminal::authenticate(&terminal, &opening, &card).await;
    assert_eq!(word(answer), qualification::Word::SessionExpired);
}
