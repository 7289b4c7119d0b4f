//! The emulated way to the surface code, through the terminal's own reading of the photo (card.md 5).

mod common;

use std::time::Duration;

use apdu_fixtures::{EmulatedCard, EmulatedReader, EmulatedScanner, Hand, Profile, people, pki};
use card::{CardReading, PhotoOutcome, Reader, SignerKeys, SurfaceCode, SurfaceScanner, TrustAnchors};
use common::{card, options};

fn scan(scanner: &EmulatedScanner) -> Option<SurfaceCode> {
    scanner.scan(Duration::from_secs(1))
}

/// One reading of the photo of the card that lies there, with this code.
fn read(reader: &EmulatedReader, code: SurfaceCode) -> PhotoOutcome {
    let anchors = TrustAnchors::from_ders(&pki::anchors()).expect("anchors");
    let signers = SignerKeys::from_bytes(&pki::signer_keys()).expect("signer keys");
    let mut channel = reader.connect().expect("connected");
    let reading = card::read_card(&mut *channel, &anchors).expect("read");
    let CardReading::MyNumber { certificate, .. } = reading else { panic!("{reading:?}") };
    card::read_photo(&mut *channel, &certificate, code, &signers, &[0x5A; 16]).expect("the card answers")
}

fn placed(profile: Profile) -> (EmulatedReader, Hand, EmulatedScanner) {
    let (reader, hand) = EmulatedReader::new("Emulated reader");
    hand.insert(card(profile));
    let scanner = hand.scanner();
    (reader, hand, scanner)
}

#[test]
fn the_code_is_the_one_of_the_card_that_lies_there_now() {
    let (reader, hand, scanner) = placed(Profile::Standard);
    assert!(matches!(read(&reader, scan(&scanner).unwrap()), PhotoOutcome::Authentic(_)));
    let code_of_hanako = scan(&scanner).unwrap();
    hand.swap(EmulatedCard::new(Profile::Standard, &people::by_serial(1002).unwrap(), options()));
    assert!(matches!(read(&reader, code_of_hanako), PhotoOutcome::CodeWrong { left: 9 }));
    let PhotoOutcome::Authentic(record) = read(&reader, scan(&scanner).unwrap()) else { panic!("not authentic") };
    assert_eq!(&record.birth_date, b"19850712");
}

#[test]
fn where_nothing_is_printed_or_nothing_lies_nothing_is_read() {
    let (_reader, hand, scanner) = placed(Profile::Standard);
    assert!(scan(&scanner).is_some());
    hand.remove();
    assert!(scan(&scanner).is_none());
    for profile in [Profile::DriverLicence, Profile::Jukicard, Profile::Android] {
        hand.insert(card(profile));
        assert!(scan(&scanner).is_none(), "{profile}");
    }
}

#[test]
fn surface_code_wrong_once_costs_one_try_and_the_next_reading_is_right() {
    let (reader, hand, scanner) = placed(Profile::Standard);
    scanner.clone().reads_wrong_once();
    assert!(matches!(read(&reader, scan(&scanner).unwrap()), PhotoOutcome::CodeWrong { left: 9 }));
    assert!(matches!(read(&reader, scan(&scanner).unwrap()), PhotoOutcome::Authentic(_)));
    let counts = hand.counts().unwrap();
    assert_eq!((counts.codes, counts.code_tries_left), (2, Some(10)), "a right code restores the counter");
}

#[test]
fn a_scanner_that_reads_nothing_does_so_until_it_is_told_otherwise() {
    let (_reader, _hand, scanner) = placed(Profile::Standard);
    scanner.reads_nothing(true);
    assert!(scan(&scanner).is_none());
    assert!(scan(&scanner).is_none());
    scanner.reads_nothing(false);
    assert!(scan(&scanner).is_some());
}

#[test]
fn surface_code_blocked_stops_before_anything_is_sent() {
    let (reader, hand, scanner) = placed(Profile::BBlocked);
    assert!(matches!(read(&reader, scan(&scanner).unwrap()), PhotoOutcome::CodeStopped { left: 0 }));
    assert_eq!(hand.counts().unwrap().codes, 0);
}

#[test]
fn the_photo_profiles_end_as_the_terminal_should_see_them() {
    for (profile, expected) in [
        (Profile::TamperedPhoto, "Tampered"),
        (Profile::Cloned, "Cloned"),
        (Profile::NoPhoto, "NoPhoto"),
        (Profile::TwoCardsInOne, "Authentic"),
    ] {
        let (reader, _hand, scanner) = placed(profile);
        let outcome = format!("{:?}", read(&reader, scan(&scanner).unwrap()));
        assert!(outcome.starts_with(expected), "{profile}: {outcome}");
    }
}
