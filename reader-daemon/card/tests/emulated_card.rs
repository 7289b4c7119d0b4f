//! The whole card room against the emulated card in process: every profile, every fault, with real keys.

use apdu_fixtures::{
    CardOptions, EmulatedCard, EmulatedReader, Faults, Hand, Issuer, Moment, NEXT_GENERATION_AID, Profile, Spoilt,
    UserKey, people, pki,
};
use card::{
    CardError, CardReading, Certificate, ChainError, Channel, ChannelError, OtherCard, PhoneKind, Pin, PinEntry,
    Reader, SignOutcome, TrustAnchors, jpki, read_card, verify_and_sign,
};

#[path = "emulated_card/phone.rs"]
mod phone;
#[path = "emulated_card/photo.rs"]
mod photo;
#[path = "emulated_card/pin_less.rs"]
mod pin_less;

const STATEMENT: &[u8] = b"statement of a visit";

fn pin(digits: &[u8; 4]) -> Pin {
    let mut entry = PinEntry::new();
    assert!(digits.iter().all(|digit| entry.push(*digit)));
    entry.take().expect("four digits")
}

fn anchors() -> TrustAnchors {
    TrustAnchors::from_ders(&pki::anchors()).expect("anchors")
}

fn card_with(profile: Profile, options: CardOptions) -> EmulatedCard {
    EmulatedCard::new(profile, &people::by_serial(1001).expect("見本 花子"), options)
}

fn placed(profile: Profile, change: impl FnOnce(&mut CardOptions)) -> (EmulatedReader, Hand) {
    let mut options = CardOptions::today();
    change(&mut options);
    let (reader, hand) = EmulatedReader::new("emulated");
    assert!(hand.insert(card_with(profile, options)).is_none());
    (reader, hand)
}

fn read(channel: &mut dyn Channel) -> (Box<Certificate>, u8) {
    match read_card(channel, &anchors()) {
        Ok(CardReading::MyNumber { certificate, tries_left, .. }) => (certificate, tries_left),
        other => panic!("{other:?}"),
    }
}

fn verified(hand: &Hand) -> bool {
    hand.with_card(|card| card.anything_verified()).expect("a card")
}

fn counts(hand: &Hand) -> apdu_fixtures::Counts {
    hand.counts().expect("a card")
}

#[test]
fn a_visit_takes_fifteen_exchanges_and_leaves_nothing_verified() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, tries) = read(&mut *channel);
    assert_eq!((certificate.serial_u64(), tries), (Some(1001), 3));
    assert_eq!(certificate.policy_oids(), ["1.2.392.200149.8.5.1.0.30"]);
    let chunks = u32::try_from(certificate.der().len().div_ceil(256)).expect("few");
    assert_eq!(counts(&hand).commands, 3 + chunks);
    let outcome = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
    let SignOutcome::Signed(signature) = outcome else { panic!("{outcome:?}") };
    assert_eq!(certificate.public_key().verify(STATEMENT, &signature), Ok(()));
    assert!(!verified(&hand), "law 2: left at once, not only at the end of the visit");
    let counts = counts(&hand);
    assert_eq!((counts.commands, counts.verify, counts.signatures), (3 + chunks + 5, 1, 1));
}

#[test]
fn every_algorithm_is_taken_from_the_certificate() {
    for key in [UserKey::Rsa2048, UserKey::P256, UserKey::P384] {
        let (reader, _hand) = placed(Profile::Standard, |options| options.key = Some(key));
        let mut channel = reader.connect().expect("connected");
        let (certificate, tries) = read(&mut *channel);
        let outcome = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
        assert!(matches!(outcome, SignOutcome::Signed(_)), "{key:?}: {outcome:?}");
    }
}

#[test]
fn the_next_generation_needs_only_another_line_of_data() {
    let (reader, _hand) = placed(Profile::NextGenDummy, |_| {});
    let mut channel = reader.connect().expect("connected");
    assert_eq!(read_card(&mut *channel, &anchors()), Ok(CardReading::Other(OtherCard::Unknown)));
    let next = jpki::Profile { aid: &NEXT_GENERATION_AID, label: "EMUNEXTGENTOKEN" };
    let profiles = [jpki::MY_NUMBER_CARD, next];
    let reading = jpki::read_card_as(&mut *channel, &anchors(), &profiles).expect("read");
    let CardReading::MyNumber { certificate, tries_left, .. } = reading else { panic!("{reading:?}") };
    let outcome = verify_and_sign(&mut *channel, &certificate, tries_left, pin(b"1234"), STATEMENT);
    assert!(matches!(outcome, SignOutcome::Signed(_)), "{outcome:?}");
}

#[test]
fn every_profile_is_recognised_for_what_it_is() {
    for profile in Profile::ALL {
        let (reader, hand) = placed(*profile, |_| {});
        let mut channel = reader.connect().expect("connected");
        let reading = read_card(&mut *channel, &anchors());
        let expected = match profile {
            Profile::Standard
            | Profile::ExpiredCert
            | Profile::ExpiredCard
            | Profile::ResidenceOnCard
            | Profile::TamperedPhoto
            | Profile::Cloned
            | Profile::BBlocked
            | Profile::NoPhoto
            | Profile::TwoCardsInOne
            | Profile::ForeignResident
            | Profile::NoSignCert
            | Profile::LicenceOnCard => Ok(Some(3)),
            Profile::FaceOnly | Profile::PinBlocked => Ok(Some(0)),
            Profile::Jukicard => Err(OtherCard::JukiCard),
            Profile::DriverLicence => Err(OtherCard::DriversLicence),
            Profile::ResidenceCard => Err(OtherCard::ResidenceCard),
            Profile::Passport => Err(OtherCard::Passport),
            Profile::Hpki => Err(OtherCard::Hpki),
            Profile::NextGenDummy => Err(OtherCard::Unknown),
            Profile::Android | Profile::Iphone => Ok(None),
        };
        match (reading, expected) {
            (Ok(CardReading::Phone(kind)), Ok(None)) => {
                assert_eq!(kind == PhoneKind::Iphone, *profile == Profile::Iphone);
            }
            (Ok(CardReading::MyNumber { tries_left, pin_less, .. }), Ok(Some(tries))) => {
                assert_eq!((tries_left, pin_less), (tries, true), "{profile}");
            }
            (Ok(CardReading::Other(kind)), Err(other)) => assert_eq!(kind, other, "{profile}"),
            (reading, _) => panic!("{profile}: {reading:?}"),
        }
        assert_eq!(counts(&hand).verify, 0);
    }
}

#[test]
fn card_md_4_6_an_older_root_of_the_same_name_is_found_and_strange_ones_are_not_trusted() {
    for (issuer, expected) in [
        (Issuer::Previous, None),
        (Issuer::Unlisted, Some(ChainError::UnknownAnchor)),
        (Issuer::Forged, Some(ChainError::Signature)),
    ] {
        let (reader, _hand) = placed(Profile::Standard, |options| options.issuer = issuer);
        let mut channel = reader.connect().expect("connected");
        match (read_card(&mut *channel, &anchors()).expect("read"), expected) {
            (CardReading::MyNumber { .. }, None) => {}
            (CardReading::Untrusted(error), Some(expected)) => assert_eq!(error, expected, "{issuer:?}"),
            (reading, _) => panic!("{issuer:?}: {reading:?}"),
        }
    }
}

#[test]
fn card_md_11_4_wrong_values_count_down_to_the_block() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    let mut enter = |tries, digits| verify_and_sign(&mut *channel, &certificate, tries, pin(digits), STATEMENT);
    assert_eq!(enter(3, b"9999"), SignOutcome::Wrong { left: 2 });
    assert_eq!(enter(3, b"9999"), SignOutcome::Changed, "the screen still said three");
    assert_eq!(enter(2, b"9999"), SignOutcome::Wrong { left: 1 });
    assert_eq!(enter(1, b"9999"), SignOutcome::Blocked);
    assert_eq!(enter(0, b"1234"), SignOutcome::Blocked);
    assert_eq!((counts(&hand).verify, counts(&hand).tries_left), (3, Some(0)));
}

#[test]
fn a_right_entry_after_a_wrong_one_signs_and_restores_the_tries() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, tries) = read(&mut *channel);
    let wrong = verify_and_sign(&mut *channel, &certificate, tries, pin(b"0000"), STATEMENT);
    assert_eq!(wrong, SignOutcome::Wrong { left: 2 });
    let right = verify_and_sign(&mut *channel, &certificate, 2, pin(b"1234"), STATEMENT);
    assert!(matches!(right, SignOutcome::Signed(_)), "{right:?}");
    assert_eq!(counts(&hand).tries_left, Some(3));
}

#[test]
fn cards_that_answer_in_their_own_way_are_read_all_the_same() {
    for faults in
        ["first-6f00", "61xx", "6cxx", "short-answers", "extended-refused", "first-6f00,61xx,6cxx,short-answers"]
    {
        for key in [UserKey::Rsa2048, UserKey::P384] {
            let (reader, hand) = placed(Profile::Standard, |options| {
                options.faults = faults.parse().expect("faults");
                options.key = Some(key);
            });
            let mut channel = reader.connect().expect("connected");
            let (certificate, tries) = read(&mut *channel);
            let outcome = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
            assert!(matches!(outcome, SignOutcome::Signed(_)), "{faults} {key:?}: {outcome:?}");
            assert_eq!(counts(&hand).verify, 1, "{faults}");
        }
    }
}

/// Reads a card in order, then sets faults that count from there.
fn with_faults_after_reading(faults: Faults) -> (SignOutcome, Hand) {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, tries) = read(&mut *channel);
    hand.with_card(|card| card.set_faults(faults)).expect("a card");
    (verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT), hand)
}

#[test]
fn law_1_a_card_pulled_at_any_command_spends_at_most_the_confirmed_try() {
    for after in 0..5 {
        let faults = Faults { removed_after: Some(after), ..Faults::default() };
        let (outcome, hand) = with_faults_after_reading(faults);
        let removed = CardError::Channel(ChannelError::Removed);
        let expected = match after {
            0 | 1 => SignOutcome::NotSent(removed),
            2 | 3 => SignOutcome::Lost(removed),
            _ => outcome.clone(),
        };
        assert_eq!(outcome, expected, "removed after {after}");
        assert_eq!(counts(&hand).verify, u32::from(after > 2), "removed after {after}");
        assert_eq!(matches!(outcome, SignOutcome::Signed(_)), after == 4);
    }
}

#[test]
fn law_1_a_lost_answer_to_verify_is_never_repeated() {
    let faults = Faults { answer_lost: Some(Moment::Verify), ..Faults::default() };
    let (outcome, hand) = with_faults_after_reading(faults);
    assert_eq!(outcome, SignOutcome::Lost(ChannelError::Removed.into()));
    assert_eq!(counts(&hand).verify, 1);
    for command in 1..=5 {
        let faults = Faults { not_transacted: Some(command), ..Faults::default() };
        let (outcome, hand) = with_faults_after_reading(faults);
        let broken = CardError::Channel(ChannelError::NotTransacted);
        match command {
            1 | 2 => assert_eq!(outcome, SignOutcome::NotSent(broken)),
            3 | 4 => assert_eq!(outcome, SignOutcome::Lost(broken)),
            _ => assert!(matches!(outcome, SignOutcome::Signed(_))),
        }
        assert_eq!(counts(&hand).verify, u32::from(command > 3));
    }
}

#[test]
fn law_9_spoilt_answers_are_errors_and_spend_no_unconfirmed_try() {
    for spoilt in [Spoilt::Garbage, Spoilt::Truncated, Spoilt::Stump, Spoilt::Oversized] {
        for command in 1..=12 {
            let (reader, hand) = placed(Profile::Standard, |options| options.faults.spoilt = Some((command, spoilt)));
            let mut channel = reader.connect().expect("connected");
            let _ = read_card(&mut *channel, &anchors());
            assert_eq!(counts(&hand).verify, 0);
        }
        for command in 1..=4 {
            let (outcome, hand) =
                with_faults_after_reading(Faults { spoilt: Some((command, spoilt)), ..Faults::default() });
            assert!(counts(&hand).verify <= 1);
            assert_eq!(
                counts(&hand).verify == 0,
                matches!(outcome, SignOutcome::Changed | SignOutcome::NotSent(_)),
                "{spoilt:?} {command}: {outcome:?}"
            );
        }
    }
}

#[test]
fn law_9_a_certificate_nested_as_deep_as_it_is_long_is_an_error() {
    let (reader, _hand) = placed(Profile::Standard, |options| options.faults.deep_tlv = true);
    let mut channel = reader.connect().expect("connected");
    assert!(read_card(&mut *channel, &anchors()).is_err());
}

#[test]
fn law_1_a_card_swapped_before_verify_gets_no_pin() {
    let (reader, hand) = placed(Profile::Standard, |_| {});
    let mut channel = reader.connect().expect("connected");
    let (certificate, tries) = read(&mut *channel);
    let other = people::by_serial(1002).expect("見本 太郎");
    hand.swap(EmulatedCard::new(Profile::Standard, &other, CardOptions::today()));
    let outcome = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
    assert_eq!(outcome, SignOutcome::NotSent(ChannelError::Removed.into()));
    drop(channel);
    // Even a program that connects anew and reads again does not send it with the certificate of before.
    let mut channel = reader.connect().expect("connected");
    let _ = read(&mut *channel);
    let outcome = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
    assert_eq!(outcome, SignOutcome::Changed);
    assert_eq!(counts(&hand).verify, 0);
}
