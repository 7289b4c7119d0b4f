//! The photo of the emulated card: every profile that has something to do with it, with real keys.

use apdu_fixtures::{
    CardOptions, EmulatedCard, EmulatedReader, Faults, Hand, Moment, Profile, RecordSigner, Spoilt, UserKey,
};
use card::{
    CardError, Certificate, Channel, ChannelError, Era, PhotoOutcome, Reader, SignOutcome, SignerKeys, SurfaceCode,
    read_photo, verify_and_sign,
};

use super::{STATEMENT, card_with, counts, people, pin, pki, placed, read, verified};

const CHALLENGE: [u8; 16] = [0x5A; 16];

fn signers() -> SignerKeys {
    SignerKeys::from_bytes(&pki::signer_keys()).expect("keys")
}

fn printed(hand: &Hand) -> SurfaceCode {
    let digits = hand.with_card(|card| card.surface_code()).expect("a card");
    SurfaceCode::from_digits(&digits).expect("plausible")
}

fn photo(channel: &mut dyn Channel, certificate: &Certificate, code: SurfaceCode) -> Result<PhotoOutcome, CardError> {
    read_photo(channel, certificate, code, &signers(), &CHALLENGE)
}

/// Reads card and photo with the printed code.
fn looked_at(
    reader: &EmulatedReader,
    hand: &Hand,
) -> (Box<dyn Channel>, Box<Certificate>, Result<PhotoOutcome, CardError>) {
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    let outcome = photo(&mut *channel, &certificate, printed(hand));
    (channel, certificate, outcome)
}

fn name(outcome: &Result<PhotoOutcome, CardError>) -> &'static str {
    match outcome {
        Ok(PhotoOutcome::Authentic(_)) => "authentic",
        Ok(PhotoOutcome::CodeWrong { .. }) => "code wrong",
        Ok(PhotoOutcome::CodeStopped { .. }) => "code stopped",
        Ok(PhotoOutcome::NoPhoto) => "no photo",
        Ok(PhotoOutcome::Tampered) => "tampered",
        Ok(PhotoOutcome::Cloned) => "cloned",
        Ok(PhotoOutcome::UnknownSigner) => "unknown signer",
        Ok(PhotoOutcome::Changed) => "changed",
        Err(_) => "error",
    }
}

#[test]
fn card_md_5_the_photo_of_a_card_in_order_is_authentic_and_its_holders() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let (_channel, _, outcome) = looked_at(&reader, &hand);
    let Ok(PhotoOutcome::Authentic(record)) = outcome else { panic!("{outcome:?}") };
    assert!(record.photo.bytes().starts_with(&[0, 0, 0, 12, b'j', b'P']), "a JP2 file");
    assert_eq!((&record.birth_date, record.sex), (b"19500401", b'2'), "見本 花子");
    let counts = counts(&hand);
    assert_eq!((counts.verify, counts.codes, counts.code_tries_left, counts.tries_left), (1, 1, Some(10), Some(3)));
    assert!(!verified(&hand), "law 2: nothing stays verified in Kenkaku");
}

#[test]
fn every_profile_has_its_own_outcome_and_the_pin_way_stays_open_behind_it() {
    for (profile, expected, codes) in [
        (Profile::Standard, "authentic", 1),
        (Profile::FaceOnly, "authentic", 1),
        (Profile::PinBlocked, "authentic", 1),
        (Profile::ExpiredCert, "authentic", 1),
        (Profile::ExpiredCard, "authentic", 1),
        (Profile::ResidenceOnCard, "authentic", 1),
        (Profile::ForeignResident, "authentic", 1),
        (Profile::NoSignCert, "authentic", 1),
        (Profile::LicenceOnCard, "authentic", 1),
        (Profile::TwoCardsInOne, "authentic", 1),
        (Profile::TamperedPhoto, "tampered", 1),
        (Profile::Cloned, "cloned", 1),
        (Profile::NoPhoto, "no photo", 1),
        (Profile::BBlocked, "code stopped", 0),
    ] {
        let (reader, hand) = placed(profile, |_| {});
        let (mut channel, certificate, outcome) = looked_at(&reader, &hand);
        assert_eq!(name(&outcome), expected, "{profile}");
        assert_eq!(counts(&hand).codes, codes, "{profile}");
        assert!(!verified(&hand), "{profile}");
        let tries = counts(&hand).tries_left.expect("a PIN");
        let signed = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
        assert_eq!(matches!(signed, SignOutcome::Signed(_)), tries > 0, "{profile}: {signed:?}");
    }
}

#[test]
fn two_chips_in_one_card_are_authentic_each_so_the_record_tells_whose_the_photo_is() {
    let (reader, hand) = placed(Profile::TwoCardsInOne, |_| {});
    let (_channel, _, outcome) = looked_at(&reader, &hand);
    let Ok(PhotoOutcome::Authentic(record)) = outcome else { panic!("{outcome:?}") };
    let (holder, shown) = hand.with_card(|card| (card.person().clone(), card.shown_person().clone())).expect("a card");
    let written = |birth: &dyn std::fmt::Display| birth.to_string().replace('-', "").into_bytes();
    assert_eq!((record.birth_date.to_vec(), record.sex), (written(&shown.birth), shown.sex.digit()));
    assert!(record.birth_date.to_vec() != written(&holder.birth) && record.sex != holder.sex.digit());
}

#[test]
fn card_md_5_4_a_card_of_another_signer_gets_no_code() {
    for (signer, expected) in [(RecordSigner::Unknown, "unknown signer"), (RecordSigner::Forged, "tampered")] {
        let (reader, hand) = placed(Profile::Standard, |options| options.signer = signer);
        let (_channel, _, outcome) = looked_at(&reader, &hand);
        assert_eq!((name(&outcome), counts(&hand).codes), (expected, 0));
    }
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    let outcome = read_photo(&mut *channel, &certificate, printed(&hand), &SignerKeys::none(), &CHALLENGE);
    assert_eq!((name(&outcome), counts(&hand).codes), ("unknown signer", 0));
}

#[test]
fn card_md_e_11_the_published_key_files_are_the_emulators_and_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    pki::write_signer_keys(folder.path()).expect("written");
    let keys = SignerKeys::from_directory(folder.path()).expect("keys");
    assert_eq!((keys.len(), keys.emulated()), (1, Some(true)));
    assert!(super::anchors().emulated());
}

#[test]
fn card_md_3_5_a_code_read_wrongly_costs_one_try_and_a_new_reading_may_follow() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let scanner = hand.scanner();
    scanner.reads_wrong_once();
    let scan = || card::SurfaceScanner::scan(&scanner, std::time::Duration::ZERO).expect("read");
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    let wrong = photo(&mut *channel, &certificate, scan());
    assert!(matches!(wrong, Ok(PhotoOutcome::CodeWrong { left: 9 })), "{wrong:?}");
    let right = photo(&mut *channel, &certificate, scan());
    assert_eq!((name(&right), counts(&hand).codes, counts(&hand).code_tries_left), ("authentic", 2, Some(10)));
}

#[test]
fn card_md_3_5_with_three_tries_left_even_the_right_code_is_not_sent() {
    for (tries, expected, codes) in [(0, "code stopped", 0), (3, "code stopped", 0), (4, "authentic", 1)] {
        let (reader, hand) = placed(Profile::Standard, |options| options.code_tries = Some(tries));
        let (_channel, _, outcome) = looked_at(&reader, &hand);
        assert_eq!((name(&outcome), counts(&hand).codes), (expected, codes), "{tries}");
    }
}

#[test]
fn cards_that_answer_in_their_own_way_show_their_photo_all_the_same() {
    for faults in ["61xx", "6cxx", "short-answers", "extended-refused", "first-6f00,61xx,6cxx,short-answers"] {
        let (reader, hand) = placed(Profile::Standard, |options| {
            options.faults = faults.parse().expect("faults");
            options.key = Some(UserKey::P384);
        });
        let (_channel, _, outcome) = looked_at(&reader, &hand);
        assert_eq!((name(&outcome), counts(&hand).codes), ("authentic", 1), "{faults}");
    }
}

/// Reads a card in order, then sets faults that count from there.
fn with_faults_after_reading(faults: Faults) -> (Result<PhotoOutcome, CardError>, Hand) {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    hand.with_card(|card| card.set_faults(faults)).expect("a card");
    let code = printed(&hand);
    (photo(&mut *channel, &certificate, code), hand)
}

fn exchanges() -> u32 {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    let before = counts(&hand).commands;
    assert_eq!(name(&photo(&mut *channel, &certificate, printed(&hand))), "authentic");
    counts(&hand).commands - before
}

#[test]
fn law_1_a_card_pulled_at_any_command_shows_no_photo_and_got_the_code_once_at_most() {
    let whole = exchanges();
    for after in 0..whole {
        let (outcome, hand) = with_faults_after_reading(Faults { removed_after: Some(after), ..Faults::default() });
        assert_eq!(outcome.expect_err("removed"), CardError::Channel(ChannelError::Removed), "{after}");
        assert!(counts(&hand).codes <= 1);
    }
}

#[test]
fn law_1_a_lost_answer_to_the_code_is_never_repeated() {
    let (outcome, hand) = with_faults_after_reading(Faults { answer_lost: Some(Moment::Verify), ..Faults::default() });
    assert_eq!((name(&outcome), counts(&hand).codes), ("error", 1));
    for command in 1..=exchanges() {
        let (outcome, hand) = with_faults_after_reading(Faults { not_transacted: Some(command), ..Faults::default() });
        assert!(counts(&hand).codes <= 1, "{command}");
        assert_eq!(name(&outcome) == "authentic", command == exchanges(), "only the SELECT at the end may be repeated");
    }
}

#[test]
fn law_9_spoilt_answers_never_make_another_photo() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let (_channel, _, right) = looked_at(&reader, &hand);
    let Ok(PhotoOutcome::Authentic(right)) = right else { panic!("{right:?}") };
    for spoilt in [Spoilt::Garbage, Spoilt::Truncated, Spoilt::Stump, Spoilt::Oversized] {
        for command in 1..=exchanges() {
            let (outcome, hand) =
                with_faults_after_reading(Faults { spoilt: Some((command, spoilt)), ..Faults::default() });
            assert!(counts(&hand).codes <= 1);
            if let Ok(PhotoOutcome::Authentic(record)) = outcome {
                assert_eq!(record.photo.bytes(), right.photo.bytes(), "{spoilt:?} {command}");
            }
        }
    }
}

#[test]
fn law_4_a_card_swapped_before_the_photo_gets_no_code() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    let other = people::by_serial(1002).expect("見本 太郎");
    hand.swap(EmulatedCard::new(Profile::Standard, &other, CardOptions::today()));
    assert_eq!(name(&photo(&mut *channel, &certificate, printed(&hand))), "error");
    drop(channel);
    let mut channel = reader.connect().expect("connected");
    let _ = read(&mut *channel);
    assert_eq!(name(&photo(&mut *channel, &certificate, printed(&hand))), "changed");
    assert_eq!(counts(&hand).codes, 0);
}

#[test]
fn card_md_5_1_the_printed_code_is_what_a_person_would_key_in() {
    let card = card_with(Profile::Standard, CardOptions::today());
    let (expiry, code) = (card.card_expires().year().to_string(), card.person().security_code.clone());
    let keyed = |era, year| {
        let keyed = SurfaceCode::from_printed(era, "250401", &expiry, &code, year).expect("plausible");
        let (reader, hand) = placed(Profile::Standard, |_| {});
        let mut channel = reader.connect().expect("connected");
        let (certificate, _) = read(&mut *channel);
        (photo(&mut *channel, &certificate, keyed), hand)
    };
    let this_year = u16::try_from(card.card_expires().year()).expect("a year") - 5;
    assert_eq!(name(&keyed(card::Era::Showa, this_year).0), "authentic", "1950 is 昭和25");
    // The digits are the same: the code does not hold the era.
    assert_eq!(name(&keyed(card::Era::Heisei, this_year).0), "authentic");
}

#[test]
fn card_md_5_1_a_western_date_keyed_in_opens_a_foreign_residents_record_and_the_era_does_not() {
    for (era, birth, opens) in [(Era::Western, "19500401", true), (Era::Showa, "250401", false)] {
        let (reader, hand) = placed(Profile::ForeignResident, |_| {});
        let expiry = hand.with_card(|card| card.card_expires().year().to_string()).expect("a card");
        let this_year = apdu_fixtures::today_in_japan().year().unsigned_abs();
        let code = SurfaceCode::from_printed(era, birth, &expiry, "1001", this_year).expect("plausible");
        let mut channel = reader.connect().expect("connected");
        let (certificate, _) = read(&mut *channel);
        let outcome = photo(&mut *channel, &certificate, code);
        assert_eq!(matches!(outcome, Ok(PhotoOutcome::Authentic(_))), opens, "{}", name(&outcome));
        assert_eq!(counts(&hand).code_tries_left, Some(if opens { 10 } else { 9 }));
    }
}
