//! Phones against the emulated ones of E-30: real keys, faults at every command, the checked-in recordings.

use apdu_fixtures::{
    CardOptions, Counts, EmulatedCard, EmulatedReader, Faults, Hand, Issuer, JPKI_AID, Moment, Profile, Spoilt,
    UserKey, people,
    recording::{Recording, Replay},
};
use card::{
    CardError, CardReading, Certificate, ChainError, Channel, ChannelError, OtherCard, PhoneKind, PhoneOrder,
    PhoneOutcome, Pin, Reader, Recognised, SignOutcome, read_card, sign_with_phone, verify_and_sign,
};

use super::{STATEMENT, anchors, counts, pin, placed, verified};

const KINDS: [(PhoneKind, Profile); 2] = [(PhoneKind::Android, Profile::Android), (PhoneKind::Iphone, Profile::Iphone)];

/// Hands every command on and keeps its first four bytes.
struct Overheard {
    channel: Box<dyn Channel>,
    headers: Vec<[u8; 4]>,
}

impl Channel for Overheard {
    fn atr(&self) -> &[u8] {
        self.channel.atr()
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        self.headers.push(*command.first_chunk().expect("a header"));
        self.channel.transmit(command)
    }
}

/// One tap: cold connect, conversation, power-down.
fn tap_for(
    reader: &dyn Reader,
    expected: Option<PhoneKind>,
    held: &mut Option<Pin>,
    statement: &mut dyn FnMut(&Certificate) -> Option<Vec<u8>>,
) -> PhoneOutcome {
    let mut channel = Overheard { channel: reader.connect().expect("connected"), headers: Vec::new() };
    let outcome = sign_with_phone(&mut channel, PhoneOrder { expected, pin: held, trust: &anchors(), statement });
    let count = |wanted: [u8; 2]| channel.headers.iter().filter(|header| header.starts_with(&wanted)).count();
    assert_eq!(count([0x80, 0xA2]), 0, "the PIN-less step is never tried on a phone");
    let is_iphone = matches!(&outcome, PhoneOutcome::Signed { kind: PhoneKind::Iphone, .. });
    assert!(count([0x80, 0xFC]) <= 1 && (!is_iphone || count([0x80, 0xFC]) == 1), "the last command, once");
    outcome
}

fn tap(reader: &dyn Reader, expected: Option<PhoneKind>, held: &mut Option<Pin>) -> PhoneOutcome {
    tap_for(reader, expected, held, &mut |_| Some(STATEMENT.to_vec()))
}

/// A tap with the PIN that was typed where the phone wants one.
fn tap_typed(reader: &dyn Reader, kind: PhoneKind, digits: &[u8; 4]) -> PhoneOutcome {
    tap(reader, Some(kind), &mut (kind == PhoneKind::Android).then(|| pin(digits)))
}

fn spent(hand: &Hand) -> (u32, Option<u8>) {
    let Counts { verify, tries_left, .. } = counts(hand);
    (verify, tries_left)
}

#[test]
fn e_30_either_phone_signs_with_rsa_and_with_p_256() {
    for (kind, profile) in KINDS {
        for key in [UserKey::Rsa2048, UserKey::P256] {
            let (reader, hand) = placed(profile, |options| options.key = Some(key));
            let mut hash = None;
            let mut held = (kind == PhoneKind::Android).then(|| pin(b"1234"));
            let outcome = tap_for(&reader, Some(kind), &mut held, &mut |certificate| {
                hash = Some(certificate.sha256());
                Some([STATEMENT, &certificate.sha256()].concat())
            });
            let PhoneOutcome::Signed { kind: signed, certificate, ca, signature } = outcome else {
                panic!("{kind:?} {key:?}: {outcome:?}")
            };
            assert_eq!((signed, certificate.serial_u64(), hash), (kind, Some(1001), Some(certificate.sha256())));
            assert_eq!(anchors().check(&certificate, &ca), Ok(()));
            let statement = [STATEMENT, &certificate.sha256()].concat();
            assert_eq!(certificate.public_key().verify(&statement, &signature), Ok(()));
            let counts = counts(&hand);
            assert_eq!((counts.verify, counts.signatures), (u32::from(kind == PhoneKind::Android), 1));
            assert!(!verified(&hand), "law 2: powered down with the channel");
            let chunks = u32::try_from(certificate.der().len().div_ceil(256)).expect("few");
            assert_eq!(counts.commands, 6 + chunks, "a tap takes a second or two: {kind:?} {key:?}");
        }
    }
}

#[test]
fn patient_flow_11_a_phone_held_too_early_is_understood_and_held_again() {
    let (reader, hand) = placed(Profile::Android, |_| {});
    let mut held = None;
    assert_eq!(tap(&reader, None, &mut held), PhoneOutcome::PinWanted { tries_left: 3 });
    assert_eq!(spent(&hand), (0, Some(3)));
    held = Some(pin(b"1234"));
    let outcome = tap(&reader, Some(PhoneKind::Android), &mut held);
    assert!(matches!(outcome, PhoneOutcome::Signed { kind: PhoneKind::Android, .. }), "{outcome:?}");
    assert!(held.is_none(), "law 1: a PIN is sent once");

    let (reader, hand) = placed(Profile::Iphone, |_| {});
    let outcome = tap(&reader, None, &mut None);
    assert!(matches!(outcome, PhoneOutcome::Signed { kind: PhoneKind::Iphone, .. }), "goes on at once: {outcome:?}");
    assert_eq!(spent(&hand).0, 0);
}

#[test]
fn law_1_with_one_try_left_nothing_is_sent_and_with_none_it_is_blocked() {
    for (tries, expected) in [(1, PhoneOutcome::LastTry), (0, PhoneOutcome::Blocked)] {
        let (reader, hand) = placed(Profile::Android, |options| options.tries = Some(tries));
        assert_eq!(tap(&reader, None, &mut None), expected);
        let mut held = Some(pin(b"1234"));
        assert_eq!(tap(&reader, Some(PhoneKind::Android), &mut held), expected);
        assert_eq!(spent(&hand), (0, Some(tries)));
        assert!(held.is_none(), "of no use any more");
    }
}

#[test]
fn a_wrong_pin_costs_one_try_until_the_last_that_is_left_alone() {
    let (reader, hand) = placed(Profile::Android, |_| {});
    assert_eq!(tap_typed(&reader, PhoneKind::Android, b"9999"), PhoneOutcome::Wrong { left: 2 });
    assert_eq!(tap_typed(&reader, PhoneKind::Android, b"9999"), PhoneOutcome::Wrong { left: 1 });
    assert_eq!(tap_typed(&reader, PhoneKind::Android, b"1234"), PhoneOutcome::LastTry);
    assert_eq!(spent(&hand), (2, Some(1)));
    let outcome = {
        let (reader, _hand) = placed(Profile::Android, |options| options.tries = Some(2));
        tap_typed(&reader, PhoneKind::Android, b"1234")
    };
    assert!(matches!(outcome, PhoneOutcome::Signed { .. }), "{outcome:?}");
}

#[test]
fn an_iphone_that_did_not_verify_its_holder_is_asked_for_nothing() {
    let (reader, hand) = placed(Profile::Iphone, |options| options.verified_on_phone = false);
    let mut held = Some(pin(b"1234"));
    assert_eq!(tap(&reader, None, &mut held), PhoneOutcome::NotVerified);
    assert_eq!((spent(&hand).0, counts(&hand).signatures), (0, 0));
    assert!(held.is_some(), "a PIN never goes to an iPhone");
}

#[test]
fn the_other_kind_and_a_card_get_nothing_and_the_pin_still_waits() {
    for (wanted, lying, kind) in [
        (PhoneKind::Android, Profile::Iphone, PhoneKind::Iphone),
        (PhoneKind::Iphone, Profile::Android, PhoneKind::Android),
    ] {
        let (reader, hand) = placed(lying, |_| {});
        let mut held = Some(pin(b"1234"));
        assert_eq!(tap(&reader, Some(wanted), &mut held), PhoneOutcome::OtherKind(kind));
        assert_eq!((counts(&hand).commands, spent(&hand).0), (2, 0));
        assert!(held.is_some());
    }
    for (profile, what) in [
        (Profile::Standard, Recognised::MyNumber { emulated: true }),
        (Profile::LicenceOnCard, Recognised::MyNumber { emulated: true }),
        (Profile::DriverLicence, Recognised::Other(OtherCard::DriversLicence)),
        (Profile::Jukicard, Recognised::Other(OtherCard::JukiCard)),
    ] {
        let (reader, hand) = placed(profile, |_| {});
        let mut held = Some(pin(b"1234"));
        assert_eq!(tap(&reader, Some(PhoneKind::Android), &mut held), PhoneOutcome::NotAPhone(what), "{profile}");
        assert_eq!((spent(&hand).0, held.is_some()), (0, true), "{profile}");
    }
}

#[test]
fn a_strange_authority_ends_the_tap_before_anything_is_signed() {
    for (kind, profile) in KINDS {
        for (issuer, error) in [(Issuer::Unlisted, ChainError::UnknownAnchor), (Issuer::Forged, ChainError::Signature)]
        {
            let (reader, hand) = placed(profile, |options| options.issuer = issuer);
            assert_eq!(tap_typed(&reader, kind, b"1234"), PhoneOutcome::Untrusted(error), "{kind:?} {issuer:?}");
            assert_eq!(counts(&hand).signatures, 0);
        }
        let (reader, hand) = placed(profile, |_| {});
        let mut held = Some(pin(b"1234"));
        assert_eq!(tap_for(&reader, Some(kind), &mut held, &mut |_| None), PhoneOutcome::NoStatement);
        assert_eq!(counts(&hand).signatures, 0);
    }
}

#[test]
fn law_1_a_phone_taken_away_at_any_command_spends_at_most_the_confirmed_try_and_can_be_held_again() {
    for (kind, profile) in KINDS {
        for after in 0..14 {
            let (reader, hand) = placed(profile, |options| options.faults.removed_after = Some(after));
            let mut held = (kind == PhoneKind::Android).then(|| pin(b"1234"));
            let outcome = tap(&reader, Some(kind), &mut held);
            let (sent, _) = spent(&hand);
            assert!(sent <= 1, "{kind:?} after {after}");
            let removed = CardError::Channel(ChannelError::Removed);
            match (&outcome, kind) {
                // SELECT, label and tries come before VERIFY, the fourth command.
                (PhoneOutcome::NotSent(error), PhoneKind::Android) => {
                    assert!(*error == removed && sent == 0 && held.is_some() && after < 3, "after {after}");
                }
                (PhoneOutcome::Lost(error), PhoneKind::Android) => {
                    assert!(*error == removed && held.is_none() && after >= 3, "after {after}");
                }
                (PhoneOutcome::NotSent(error), PhoneKind::Iphone) => assert_eq!((*error, sent), (removed, 0)),
                (PhoneOutcome::Signed { certificate, .. }, _) => {
                    let chunks = u32::try_from(certificate.der().len().div_ceil(256)).expect("few");
                    let signature = 3 + u32::from(kind == PhoneKind::Android) + chunks + 1;
                    assert!(after >= signature, "{kind:?} after {after}: the signature is command {signature}");
                }
                (other, _) => panic!("{kind:?} after {after}: {other:?}"),
            }
            // Held again, with the PIN that still waits or one that was typed again.
            let mut phone = hand.remove().expect("it lies in the hand");
            phone.set_faults(Faults::default());
            hand.insert(phone);
            let again = tap_typed(&reader, kind, b"1234");
            assert!(matches!(again, PhoneOutcome::Signed { .. }), "{kind:?} after {after}: {again:?}");
            assert!(!verified(&hand));
        }
    }
}

#[test]
fn law_1_a_lost_answer_to_verify_is_never_repeated() {
    let (reader, hand) = placed(Profile::Android, |options| options.faults.answer_lost = Some(Moment::Verify));
    let outcome = tap_typed(&reader, PhoneKind::Android, b"9999");
    assert_eq!(outcome, PhoneOutcome::Lost(ChannelError::Removed.into()));
    assert_eq!(spent(&hand), (1, Some(2)));
}

#[test]
fn phones_that_answer_in_their_own_way_are_read_all_the_same() {
    for (kind, profile) in KINDS {
        for faults in ["first-6f00", "61xx", "6cxx", "short-answers", "extended-refused"] {
            let (reader, hand) = placed(profile, |options| options.faults = faults.parse().expect("faults"));
            let outcome = tap_typed(&reader, kind, b"1234");
            assert!(matches!(outcome, PhoneOutcome::Signed { .. }), "{kind:?} {faults}: {outcome:?}");
            assert_eq!(spent(&hand).0, u32::from(kind == PhoneKind::Android), "{faults}");
        }
    }
}

#[test]
fn law_9_spoilt_answers_are_errors_and_send_verify_once_at_most() {
    for (kind, profile) in KINDS {
        for spoilt in [Spoilt::Garbage, Spoilt::Truncated, Spoilt::Stump, Spoilt::Oversized] {
            for command in 1..=14 {
                let faults = Faults { spoilt: Some((command, spoilt)), ..Faults::default() };
                let (reader, hand) = placed(profile, |options| options.faults = faults);
                let outcome = tap_typed(&reader, kind, b"1234");
                let (sent, _) = spent(&hand);
                assert!(sent <= 1);
                if matches!(outcome, PhoneOutcome::NotSent(_) | PhoneOutcome::NotVerified | PhoneOutcome::NotAPhone(_))
                {
                    assert_eq!(sent, 0, "{kind:?} {spoilt:?} {command}: {outcome:?}");
                }
            }
        }
        let (reader, _hand) = placed(profile, |options| options.faults.deep_tlv = true);
        let outcome = tap_typed(&reader, kind, b"1234");
        assert!(matches!(outcome, PhoneOutcome::Lost(_) | PhoneOutcome::NotSent(_)), "{outcome:?}");
    }
}

#[test]
fn law_2_a_verified_state_of_an_earlier_connection_is_gone_after_the_cold_connect() {
    let (reader, hand) = placed(Profile::Android, |_| {});
    let mut channel = reader.connect().expect("connected");
    for command in [[&[0x00, 0xA4, 0x04, 0x0C, 10][..], &JPKI_AID].concat(), b"\x00\x20\x00\x98\x041234".to_vec()] {
        assert_eq!(channel.transmit(&command), Ok(vec![0x90, 0x00]));
    }
    assert!(verified(&hand));
    drop(channel);
    assert_eq!(tap(&reader, None, &mut None), PhoneOutcome::PinWanted { tries_left: 3 });
}

#[test]
fn one_reader_for_both_the_label_decides_and_a_second_cold_connect_follows() {
    for (kind, profile) in KINDS {
        let (reader, hand) = placed(profile, |_| {});
        let mut channel = reader.connect().expect("connected");
        assert_eq!(read_card(&mut *channel, &anchors()), Ok(CardReading::Phone(kind)));
        assert_eq!(counts(&hand).commands, 2, "only the label");
        drop(channel);
        let outcome = tap_typed(&reader, kind, b"1234");
        assert!(matches!(outcome, PhoneOutcome::Signed { .. }), "{outcome:?}");
        assert_eq!(counts(&hand).power_ups, 2);
    }
}

#[test]
fn two_readers_serve_a_card_and_a_phone_at_once() {
    let (card_reader, _card_hand) = placed(Profile::Standard, |_| {});
    let (phone_reader, phone_hand) = EmulatedReader::new("emulated, for phones");
    let taro = people::by_serial(1002).expect("見本 太郎");
    phone_hand.insert(EmulatedCard::new(Profile::Iphone, &taro, CardOptions::today()));
    let mut channel = card_reader.connect().expect("connected");
    let (certificate, tries) = super::read(&mut *channel);
    let outcome = tap(&phone_reader, None, &mut None);
    assert!(
        matches!(&outcome, PhoneOutcome::Signed { certificate, .. } if certificate.serial_u64() == Some(1002)),
        "{outcome:?}"
    );
    phone_hand.remove();
    let outcome = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
    assert!(matches!(outcome, SignOutcome::Signed(_)), "{outcome:?}");
}

#[test]
fn the_checked_in_recordings_of_phones_are_what_this_code_says_exactly() {
    for (kind, text) in [
        (PhoneKind::Android, include_str!("../../../../apdu-fixtures/recordings/phone-android.jsonl")),
        (PhoneKind::Iphone, include_str!("../../../../apdu-fixtures/recordings/phone-iphone.jsonl")),
    ] {
        let (reader, replay) = Replay::start(Recording::parse(text).expect("a recording"));
        let mut held = (kind == PhoneKind::Android).then(|| pin(b"1234"));
        let statement = &mut |_: &Certificate| Some(b"emulator challenge 0001".to_vec());
        let outcome = tap_for(&reader, Some(kind), &mut held, statement);
        replay.verdict().unwrap_or_else(|difference| panic!("{kind:?}: {difference}"));
        assert!(matches!(outcome, PhoneOutcome::Signed { .. }), "{kind:?}: {outcome:?}");
    }
}
