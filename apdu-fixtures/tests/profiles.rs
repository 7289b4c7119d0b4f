//! The profiles of card.md appendix A that differ in dates, codes and what else lies on the card.

mod common;

use apdu_fixtures::{JPKI_AID, KENKAKU_AID, Profile};
use card::Certificate;
use common::{ask, card, find, hex, options, read_all, select, tlv_at, today, word};
use jiff::Span;

const LICENCE_ON_CARD: &str = "A0000002310600000000000000000000";

#[test]
fn card_5_1_a_foreign_residents_code_has_the_western_date() {
    // 見本 花子, born 1950-04-01: 昭和25 elsewhere.
    for (profile, birth) in
        [(Profile::Standard, "250401"), (Profile::ForeignResident, "500401"), (Profile::ResidenceOnCard, "500401")]
    {
        let mut card = card(profile);
        let code = String::from_utf8(card.surface_code().to_vec()).unwrap();
        assert!(code.starts_with(birth), "{profile}: {code}");
        assert_eq!(ask(&mut card, &select(&KENKAKU_AID)).1, 0x9000);
        let mut verify = hex("00 20 00 91 06");
        verify.extend(birth.bytes());
        assert_eq!(ask(&mut card, &verify).1, 0x9000, "{profile}: the date-of-birth key is what is printed");
        let mut verify = hex("00 20 00 92 0E");
        verify.extend(code.bytes());
        assert_eq!(ask(&mut card, &verify).1, 0x9000, "{profile}");
        let face = read_all(&mut card, 0x0002);
        let (_, content, _) = tlv_at(&face, 0);
        assert_eq!(find(content, 0xDF22).unwrap().0, b"19500401", "{profile}: the record is western for everybody");
    }
}

#[test]
fn card_4_7_a_foreign_residents_certificate_and_card_end_with_the_period_of_stay() {
    for profile in [Profile::ForeignResident, Profile::ResidenceOnCard] {
        let mut card = card(profile);
        let stay = today() + Span::new().days(200);
        assert_eq!((card.certificate_ends(), card.card_expires()), (stay, stay), "{profile}");
        ask(&mut card, &select(&JPKI_AID));
        let certificate = Certificate::from_der(&read_all(&mut card, 0x000A)).unwrap();
        let last = jiff::Timestamp::from_second(certificate.not_after_unix()).unwrap();
        assert_eq!(jiff::tz::Offset::constant(9).to_datetime(last).date(), stay, "{profile}");
    }
    let mut options = options();
    options.certificate_ends = Some(today() + Span::new().days(3));
    let named = common::card_with(Profile::ForeignResident, options);
    assert_eq!(named.certificate_ends(), today() + Span::new().days(3), "a named end wins");
}

#[test]
fn card_3_1_a_card_without_signature_certificate_has_a_pin_that_works() {
    let mut card = card(Profile::NoSignCert);
    ask(&mut card, &select(&JPKI_AID));
    assert_eq!(read_all(&mut card, 0x0008), [0x00, 0x8F, 0x00]);
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 01"), 0x6A82);
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 1A"), 0x6A82);
    assert_eq!(word(&mut card, "00 20 00 9B"), 0x63C0, "no password either");
    assert_eq!(word(&mut card, "00 20 00 98 04 31 32 33 34"), 0x9000);
    assert_eq!(word(&mut card, &format!("80 2A 00 97 20 {} 00", "5A".repeat(32))), 0x9000);
}

#[test]
fn card_1_3_a_licence_on_the_card_is_one_application_more() {
    let mut card = card(Profile::LicenceOnCard);
    assert_eq!(ask(&mut card, &select(&hex(LICENCE_ON_CARD))).1, 0x9000);
    assert_eq!(word(&mut card, "00 20 00 86"), 0x63CA, "its PIN has ten tries");
    assert_eq!(ask(&mut card, &select(&hex("A0000002310100000000000000000000"))).1, 0x6A82, "no licence of its own");
    assert_eq!(ask(&mut card, &select(&JPKI_AID)).1, 0x9000);
    assert_eq!(word(&mut card, "00 20 00 98"), 0x63C3);
    let mut plain = common::card(Profile::Standard);
    assert_eq!(ask(&mut plain, &select(&hex(LICENCE_ON_CARD))).1, 0x6A82);
}
