use jiff::civil::date;

use super::*;

/// 2026-11-22, noon in Japan.
const NOW: i64 = 1_795_316_400;
const YEAR: i64 = 365 * 86_400;

fn card(serial: u64, not_after_unix: i64) -> Presented {
    Presented { serial: Some(serial), not_after_unix, on: Medium::Card, signed_up: false }
}

fn look_up(serial: u64) -> Found {
    look_up_with(&card(serial, NOW + YEAR), &Settings::plain())
}

fn look_up_with(presented: &Presented, settings: &Settings) -> Found {
    Centre::parse(INVENTED).unwrap().look_up(presented, NOW, settings)
}

fn asked(found: &Found) -> Vec<(&'static str, Ask)> {
    found.items.clone()
}

#[test]
fn the_moment_of_these_tests_is_the_one_they_name() {
    assert_eq!(crate::dates::day_in_japan(NOW), Some(date(2026, 11, 22)));
}

#[test]
fn every_row_of_section_8_has_an_invented_patient() {
    use Qualification as Q;
    let rows = [
        (1001, Q::Valid),
        (1002, Q::Valid),
        (1003, Q::Valid),
        (1004, Q::Invalid),
        (1005, Q::InvalidNewExists),
        (1006, Q::NotFound),
        (1007, Q::Several),
        (1008, Q::Processing),
        (1009, Q::CentreError),
        (1010, Q::NotSignedUp),
        (1011, Q::Valid),
        (1012, Q::Valid),
        (1013, Q::Valid),
        (1014, Q::NotLookedUp),
        (1015, Q::NotLookedUp),
    ];
    for (serial, qualification) in rows {
        assert_eq!(look_up(serial).qualification, qualification, "{serial}");
    }
    for serial in [1017, 1018] {
        assert_eq!(look_up(serial).qualification, Q::NotSignedUp, "{serial}");
    }
    assert_eq!(look_up(9999).qualification, Q::NotFound);
    assert_eq!(look_up(9999).patient, None);
}

#[test]
fn revoked_and_suspended_certificates_look_nobody_up() {
    let revoked = look_up(1014);
    assert_eq!((revoked.certificate.clone(), revoked.patient), (CertificateState::Revoked, None));
    let held = look_up(1015);
    assert_eq!((held.certificate.clone(), held.patient), (CertificateState::Suspended, None));
    assert!(!revoked.can_be_received() && !held.can_be_received());
    assert!(!held.staff.iter().any(|line| line.contains("006")), "a suspended one is never called expired");
}

#[test]
fn an_expired_certificate_looks_nobody_up_but_one_in_grace_does() {
    let at = |not_after| look_up_with(&card(1001, not_after), &Settings::plain());
    let grace = at(NOW - 30 * 86_400);
    assert!(matches!(grace.certificate, CertificateState::Grace { .. }));
    assert_eq!(grace.qualification, Qualification::Valid);
    assert!(grace.items.iter().all(|(_, ask)| *ask == Ask::Grace));
    let gone = at(NOW - 200 * 86_400);
    assert_eq!((gone.certificate.clone(), gone.qualification), (CertificateState::Expired, Qualification::NotLookedUp));
    assert!(!gone.can_be_received());
}

#[test]
fn items_come_in_their_order_and_checkups_only_from_forty() {
    assert_eq!(look_up(1001).items, [("medicines", Ask::Yes), ("checkups", Ask::Yes), ("operations", Ask::Yes)]);
    assert_eq!(
        look_up(1013).items,
        [("medicines", Ask::Yes), ("checkups", Ask::NotApplicable), ("operations", Ask::Yes)]
    );
    assert!(look_up(1004).items.iter().all(|(_, ask)| *ask == Ask::Desk));
}

#[test]
fn in_grace_medical_information_is_not_asked_and_the_extras_are() {
    let everything = Settings::everything();
    let grace = look_up_with(&card(1001, NOW - 30 * 86_400), &everything);
    let expected = [
        ("medicines", Ask::Grace),
        ("checkups", Ask::Grace),
        ("operations", Ask::Grace),
        ("infections", Ask::Grace),
        ("other_certificates", Ask::Yes),
        ("prescription", Ask::Yes),
    ];
    assert_eq!(asked(&grace), expected);
    // Under forty nothing is said of checkups, in grace or not.
    let young = look_up_with(&card(1013, NOW - 30 * 86_400), &everything);
    assert_eq!(young.items[1], ("checkups", Ask::NotApplicable));
}

#[test]
fn whoever_cannot_be_received_is_asked_nothing_at_all() {
    for serial in (1004..=1010).chain([1014, 1015, 1017, 1018, 9999]) {
        let found = look_up_with(&card(serial, NOW + YEAR), &Settings::everything());
        assert_eq!(found.items.len(), 6);
        assert!(found.items.iter().all(|(_, ask)| *ask == Ask::Desk), "{serial}");
    }
}

#[test]
fn checkups_are_asked_by_the_age_at_the_end_of_the_fiscal_year_and_the_extras_of_every_age() {
    let born = |day: &str| {
        let table = format!(
            "[[patient]]\nserial = 1\nname = \"a\"\nkana = \"a\"\nborn = \"{day}\"\nsex = \"male\"\noutcome = \"valid\""
        );
        let found = Centre::parse(&table).unwrap().look_up(&card(1, NOW + YEAR), NOW, &Settings::everything());
        asked(&found)
    };
    for (day, checkups) in [
        ("1987-03-31", Ask::Yes),
        ("1987-04-01", Ask::Yes),
        ("1987-04-02", Ask::NotApplicable),
        ("2026-11-01", Ask::NotApplicable),
        ("1926-01-01", Ask::Yes),
    ] {
        let items = born(day);
        assert_eq!(items[1], ("checkups", checkups), "{day}");
        let others = items.iter().filter(|(id, _)| *id != "checkups");
        assert!(others.map(|(_, ask)| *ask).all(|ask| ask == Ask::Yes), "{day}");
    }
}

#[test]
fn a_phone_has_no_months_of_grace_and_ends_with_the_card_behind_it() {
    let settings = Settings::plain();
    let on = |serial, not_after, on| look_up_with(&Presented { on, ..card(serial, not_after) }, &settings).certificate;
    assert!(matches!(on(1001, NOW - 1, Medium::Card), CertificateState::Grace { .. }));
    assert_eq!(on(1001, NOW - 1, Medium::Phone), CertificateState::Expired);
    assert!(matches!(on(1001, NOW, Medium::Phone), CertificateState::EndsSoon { .. }));
    assert_eq!(on(1001, NOW + YEAR, Medium::Phone), CertificateState::Valid);
    // 1012: the phone's own certificate is good, the card behind it ended on 31 October 2026.
    assert_eq!(on(1012, NOW + YEAR, Medium::Phone), CertificateState::Expired);
    assert_eq!(on(1012, NOW + YEAR, Medium::Card), CertificateState::Valid);
    let centre = Centre::parse(INVENTED).unwrap();
    let last_second = 1_793_458_799; // 2026-10-31T23:59:59+09:00
    let phone = Presented { on: Medium::Phone, ..card(1012, NOW + YEAR) };
    assert_eq!(centre.look_up(&phone, last_second, &settings).certificate, CertificateState::Valid);
    assert_eq!(centre.look_up(&phone, last_second + 1, &settings).certificate, CertificateState::Expired);
    // On the list before any date: never called expired.
    assert_eq!(on(1015, NOW - YEAR, Medium::Phone), CertificateState::Suspended);
    assert_eq!(on(1014, NOW - YEAR, Medium::Card), CertificateState::Revoked);
}

#[test]
fn the_end_of_a_stay_is_told_to_terminal_and_desk() {
    for (serial, stay) in [(1001, false), (1013, true)] {
        for not_after in [NOW + 30 * 86_400, NOW - 30 * 86_400] {
            let found = look_up_with(&card(serial, not_after), &Settings::plain());
            let told = match &found.certificate {
                CertificateState::EndsSoon { with_stay, .. } | CertificateState::Grace { with_stay, .. } => *with_stay,
                other @ (CertificateState::Valid
                | CertificateState::Expired
                | CertificateState::Suspended
                | CertificateState::Revoked) => panic!("{other:?}"),
            };
            assert_eq!(told, stay, "{serial}");
            assert_eq!(found.staff.iter().any(|line| line.contains("在留期間")), stay, "{serial}");
        }
    }
}

#[test]
fn signing_up_is_offered_with_a_good_certificate_only_and_makes_the_card_valid() {
    for (serial, offered) in [(1001, false), (1010, false), (1017, true), (1018, true)] {
        assert_eq!(look_up(serial).sign_up, offered, "{serial}");
        assert!(!look_up_with(&card(serial, NOW - 86_400), &Settings::plain()).sign_up, "{serial} in grace");
    }
    let found = look_up_with(&Presented { signed_up: true, ..card(1017, NOW + YEAR) }, &Settings::plain());
    assert_eq!((found.qualification, found.sign_up), (Qualification::Valid, false));
    // Being signed up mends nothing else.
    let invalid = look_up_with(&Presented { signed_up: true, ..card(1004, NOW + YEAR) }, &Settings::plain());
    assert_eq!(invalid.qualification, Qualification::Invalid);
    let centre = Centre::parse(INVENTED).unwrap();
    assert!(centre.signs_up(1017) && !centre.signs_up(1018) && !centre.signs_up(1010) && !centre.signs_up(1001));
}

#[test]
fn invented_patients_hold_other_certificates_or_none_and_one_cannot_be_asked_for() {
    let centre = Centre::parse(INVENTED).unwrap();
    for (serial, specific_disease, public_expense) in [
        (1001, OtherAnswer::Held, OtherAnswer::NotHeld),
        (1002, OtherAnswer::NotHeld, OtherAnswer::Held),
        (1003, OtherAnswer::Held, OtherAnswer::Failed),
        (1011, OtherAnswer::NotHeld, OtherAnswer::NotHeld),
    ] {
        assert_eq!(centre.other_certificate(serial, OtherCertificate::SpecificDisease), specific_disease, "{serial}");
        assert_eq!(centre.other_certificate(serial, OtherCertificate::PublicExpense), public_expense, "{serial}");
    }
    let failed = desk::of_other(OtherCertificate::PublicExpense, OtherAnswer::Failed);
    assert!(failed.contains("紙の受給者証"), "{failed}");
}

#[test]
fn staff_are_told_about_contradictions_and_the_black_dot_and_no_line_has_a_name() {
    assert!(look_up(1011).staff.iter().any(|line| line.contains("5-1")));
    assert!(look_up(1012).staff.iter().any(|line| line.contains("5-2")));
    assert!(look_up(1003).staff.iter().any(|line| line.contains('●')));
    assert_eq!(look_up(1001).staff, ["資格：有効"]);
    for serial in (1001..=1015).chain([1017, 1018]) {
        assert!(look_up(serial).staff.iter().all(|line| !line.contains("見本") && !line.contains("試験")));
    }
}

#[test]
fn a_table_with_a_serial_twice_or_an_unknown_member_is_refused() {
    let one = r#"
        [[patient]]
        serial = 1
        name = "a"
        kana = "a"
        born = "2000-01-01"
        sex = "male"
        outcome = "valid"
    "#;
    assert!(Centre::parse(one).is_ok());
    assert!(Centre::parse(&format!("{one}{one}")).unwrap_err().contains("twice"));
    assert!(Centre::parse(&format!("{one}\nage = 3")).is_err());
    let held = "[[other_certificate]]\nserial = 1\nkind = \"public_expense\"\n";
    assert!(Centre::parse(&format!("{one}\n{held}")).is_ok());
    assert!(Centre::parse(&format!("{one}\n{held}\n{held}")).unwrap_err().contains("twice"));
    assert!(Centre::parse(&format!("{one}\n{}", held.replace("public_expense", "gold"))).is_err());
}
