use proptest::prelude::*;

use super::*;

const THIS_YEAR: u16 = 2026;

fn printed(era: Era, birth: &str, expiry: &str, code: &str) -> Result<Vec<u8>, Implausible> {
    SurfaceCode::from_printed(era, birth, expiry, code, THIS_YEAR).map(|code| code.digits().to_vec())
}

fn is_day(era: Era, birth: &str) -> bool {
    printed(era, birth, "2030", "1234").is_ok()
}

#[test]
fn card_md_5_1_the_code_of_the_published_test_card_comes_out_of_what_is_printed_on_it() {
    assert_eq!(printed(Era::Showa, "550217", "2035", "2285"), Ok(b"55021720352285".to_vec()));
    assert_eq!(printed(Era::Heisei, "020401", "2033", "1234"), Ok(b"02040120331234".to_vec()), "card.md 11");
    assert_eq!(SurfaceCode::from_digits(b"55021720352285").expect("14 digits").digits().as_slice(), b"55021720352285");
}

#[test]
fn card_md_5_1_an_era_begins_and_ends_on_its_day() {
    for (era, first, before_it, last, after_it) in [
        (Era::Taisho, "010730", "010729", "151224", "151225"),
        (Era::Showa, "011225", "011224", "640107", "640108"),
        (Era::Heisei, "010108", "010107", "310430", "310501"),
        (Era::Reiwa, "010501", "010430", "081231", "090101"),
    ] {
        assert!(is_day(era, first) && is_day(era, last), "{era:?}");
        assert!(!is_day(era, before_it) && !is_day(era, after_it), "{era:?}");
        assert!(!is_day(era, "000615"), "{era:?}: the first year is 01");
    }
}

#[test]
fn card_md_5_1_of_a_western_year_the_last_two_digits_count() {
    assert_eq!(printed(Era::Western, "19800217", "2035", "2285"), Ok(b"80021720352285".to_vec()));
    assert_eq!(printed(Era::Western, "20000229", "2035", "0000"), Ok(b"00022920350000".to_vec()));
    for impossible in ["800217", "19000229", "18951231", "20270101", "1980217", "19801301", "19800230"] {
        assert!(!is_day(Era::Western, impossible), "{impossible}");
    }
}

#[test]
fn only_real_days_of_the_past_are_plausible() {
    for impossible in ["540229", "550230", "551301", "550001", "550100", "55021", "5502170", "55 217", "", "５５０２"]
    {
        assert!(!is_day(Era::Showa, impossible), "{impossible}");
    }
    assert!(is_day(Era::Showa, "550228") && is_day(Era::Showa, "510229"), "昭和51 is 1976, a leap year");
    assert!(is_day(Era::Reiwa, "081231") && !is_day(Era::Reiwa, "090101"), "令和9 is 2027");
}

#[test]
fn expiry_year_and_security_code_have_four_digits_and_the_year_is_one_of_a_card() {
    let sound = |expiry, code| printed(Era::Showa, "550217", expiry, code).is_ok();
    assert!(sound("2025", "0000") && sound("2026", "9999") && sound("2036", "1234"));
    for (expiry, code) in
        [("2024", "1234"), ("2037", "1234"), ("203", "1234"), ("02030", "1234"), ("2030", "123"), ("2030", "12a4")]
    {
        assert!(!sound(expiry, code), "{expiry} {code}");
    }
}

#[test]
fn fourteen_digits_in_a_row_need_a_month_a_day_and_the_expiry_year_of_a_card() {
    for plausible in [&b"00022920350000"[..], b"99123120169999", b"01010120990000"] {
        assert!(SurfaceCode::from_digits(plausible).is_some());
    }
    for impossible in [
        &b"55021720352285 "[..],
        b"5502172035228",
        b"",
        b"55001720352285",
        b"55131720352285",
        b"55023020352285",
        b"55020020352285",
        b"55021720152285",
        b"55021721002285",
        b"5502172035228a",
        b"-5021720352285",
    ] {
        assert!(SurfaceCode::from_digits(impossible).is_none(), "{}", String::from_utf8_lossy(impossible));
    }
}

#[test]
fn law_6_debug_prints_no_digit_of_the_code() {
    let printed = format!("{:?}", SurfaceCode::from_digits(b"55021720352285"));
    assert!(!printed.contains(|character: char| character.is_ascii_digit()), "{printed}");
}

#[test]
fn a_day_of_the_record_is_eight_digits_of_the_calendar() {
    for real in [b"19800217", b"20000229", b"00010101"] {
        assert!(is_real_day(real));
    }
    for unreal in [b"19000229", b"20250431", b"00000101", b"1980021a", b"19801300", b"19800200"] {
        assert!(!is_real_day(unreal));
    }
}

fn any_era() -> impl Strategy<Value = Era> {
    prop_oneof![Just(Era::Taisho), Just(Era::Showa), Just(Era::Heisei), Just(Era::Reiwa), Just(Era::Western)]
}

proptest! {
    #[test]
    fn whatever_is_keyed_in_a_code_has_fourteen_digits_and_reads_back(
        era in any_era(), birth in ".{0,9}|[0-9]{6}|[0-9]{8}", expiry in ".{0,5}|20[0-9]{2}", code in ".{0,5}|[0-9]{4}",
        this_year in any::<u16>(),
    ) {
        if let Ok(made) = SurfaceCode::from_printed(era, &birth, &expiry, &code, this_year) {
            let digits = made.digits();
            prop_assert!(digits.iter().all(u8::is_ascii_digit));
            prop_assert_eq!(&digits[..6], &birth.as_bytes()[birth.len() - 6..]);
            prop_assert_eq!(digits[6..].to_vec(), format!("{expiry}{code}").into_bytes());
        }
    }

    #[test]
    fn whatever_is_scanned_is_a_code_or_none(digits in proptest::collection::vec(any::<u8>(), 0..20)) {
        if let Some(code) = SurfaceCode::from_digits(&digits) {
            prop_assert_eq!(code.digits().to_vec(), digits);
        }
    }

    #[test]
    fn every_plausible_printing_in_the_years_of_cards_is_plausible_in_a_row(
        era in any_era(), birth in "[0-6][0-9][01][0-9][0-3][0-9]", expiry in "20[23][0-9]", code in "[0-9]{4}",
    ) {
        if let Ok(digits) = printed(era, &birth, &expiry, &code) {
            prop_assert!(SurfaceCode::from_digits(&digits).is_some());
        }
    }
}
