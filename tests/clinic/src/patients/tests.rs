use jiff::civil::date;

use super::*;

/// 2026-11-22, noon in Japan.
const NOW: i64 = 1_795_316_400;
const YEAR: i64 = 365 * 86_400;

fn look_up(serial: u64) -> Found {
    Centre::parse(INVENTED).unwrap().look_up(Some(serial), NOW + YEAR, NOW)
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
    let centre = Centre::parse(INVENTED).unwrap();
    let grace = centre.look_up(Some(1001), NOW - 30 * 86_400, NOW);
    assert!(matches!(grace.certificate, CertificateState::Grace { .. }));
    assert_eq!(grace.qualification, Qualification::Valid);
    assert!(grace.items.iter().all(|(_, ask)| *ask == Ask::Grace));
    let gone = centre.look_up(Some(1001), NOW - 200 * 86_400, NOW);
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
fn staff_are_told_about_contradictions_and_the_black_dot_and_no_line_has_a_name() {
    assert!(look_up(1011).staff.iter().any(|line| line.contains("5-1")));
    assert!(look_up(1012).staff.iter().any(|line| line.contains("5-2")));
    assert!(look_up(1003).staff.iter().any(|line| line.contains('●')));
    assert_eq!(look_up(1001).staff, ["資格：有効"]);
    for serial in 1001..=1015 {
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
}
