//! The PIN-less step of emulated cards: E-20 to E-25 of card.md 7.5, and the exchange of 11.6.

mod common;

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use apdu_fixtures::pki::{self, Institution};
use apdu_fixtures::{EmulatedCard, JPKI_AID, KENKAKU_AID, Profile};
use common::{ask, ask_hex, card, card_with, hex, options, read_all, select, word};
use der::{Decode, Encode};
use proptest::prelude::*;
use rsa::RsaPublicKey;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::DecodePublicKey;
use x509_cert::Certificate;

const DIGEST_INFO: &str = "30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20";
const CHALLENGE: &str = "00 84 00 00 10";

/// Class, instruction, P1, P2 with extended Lc and no Le.
fn extended(head: &str, data: &[u8]) -> Vec<u8> {
    let mut command = hex(head);
    command.push(0);
    command.extend((data.len() as u16).to_be_bytes());
    command.extend(data);
    command
}

fn first(cvc: &[u8]) -> Vec<u8> {
    extended("80 A2 06 C1", &cvc[..307])
}

fn second(cvc: &[u8]) -> Vec<u8> {
    extended("80 A2 00 C1", &cvc[307..])
}

fn authenticate(signature: &[u8]) -> Vec<u8> {
    extended("00 82 00 96", signature)
}

fn sign_with(key: u8) -> Vec<u8> {
    hex(&format!("80 2A 00 {key:02X} 33 {DIGEST_INFO} {} 00", "5A".repeat(32)))
}

fn said(card: &mut EmulatedCard, command: &[u8]) -> u16 {
    ask(card, command).1
}

/// A card with JPKI selected.
fn selected(profile: Profile) -> EmulatedCard {
    let mut card = card(profile);
    said(&mut card, &select(&JPKI_AID));
    card
}

fn load(card: &mut EmulatedCard, institution: &Institution) {
    assert_eq!(said(card, &first(&institution.cvc)), 0x9000);
    assert_eq!(said(card, &second(&institution.cvc)), 0x9000);
}

/// E-21 to E-23.
fn granted(profile: Profile) -> EmulatedCard {
    let mut card = selected(profile);
    grant(&mut card);
    card
}

fn grant(card: &mut EmulatedCard) {
    let institution = pki::institution();
    load(card, &institution);
    let (challenge, word) = ask_hex(card, CHALLENGE);
    assert_eq!((challenge.len(), word), (16, 0x9000));
    assert_eq!(said(card, &authenticate(&institution.sign(&challenge))), 0x9000);
}

#[test]
fn e_20_the_institutions_credential_has_the_format_of_the_record_signers() {
    let institution = pki::institution();
    assert_eq!(institution.cvc.len(), 568);
    assert_eq!(institution.cvc[..10], hex("7F21 82 0233 5F4E 82 0129"));
    assert_eq!(institution.cvc[10..26], hex("39303030303136 0805 303030 00000000"), "issuer id 9000016");
    assert_eq!(institution.cvc[307..312], hex("5F37 82 0100"));
    assert_eq!(institution, pki::institution(), "always the same bytes");
    assert_ne!(institution.cvc, pki::forged_institution().cvc);
}

#[test]
fn card_11_6_the_key_signs_once_without_pin() {
    let mut card = granted(Profile::Standard);
    let (signature, word_) = ask(&mut card, &sign_with(0x97));
    assert_eq!(word_, 0x9000);
    let certificate = Certificate::from_der(&read_all(&mut card, 0x000A)).unwrap();
    let spki = certificate.tbs_certificate.subject_public_key_info.to_der().unwrap();
    let key = RsaPublicKey::from_public_key_der(&spki).unwrap();
    key.verify(Pkcs1v15Sign::new::<sha2::Sha256>(), &[0x5A; 32], &signature).unwrap();
    assert_eq!(said(&mut card, &sign_with(0x97)), 0x6982, "the right is used up");
    let counts = card.counts();
    assert_eq!((counts.verify, counts.tries_left, counts.signatures), (0, Some(3), 1), "the PIN is untouched");
}

#[test]
fn e_21_status_words_of_the_load() {
    let good = pki::institution().cvc;
    for (p1p2, expected) in
        [("00 00", 0x6A86), ("00 AE", 0x6A86), ("80 00", 0x6A86), ("00 B6", 0x6A86), ("06 C0", 0x6A86)]
    {
        let mut card = selected(Profile::Standard);
        assert_eq!(said(&mut card, &extended(&format!("80 A2 {p1p2}"), &good[..307])), expected, "{p1p2}");
    }
    let mut card = selected(Profile::Standard);
    assert_eq!(said(&mut card, &second(&good)), 0x6700, "the second part first");
    assert_eq!(said(&mut card, &extended("80 A2 00 C1", &[0; 256])), 0x6700, "7.2: a zero block");
    for length in [1, 255, 306, 308] {
        assert_eq!(said(&mut card, &extended("80 A2 06 C1", &good[..length])), 0x6700, "{length} bytes");
    }
    let mut with_le = first(&good);
    with_le.extend([0, 0]);
    assert_eq!(said(&mut card, &with_le), 0x6700, "nothing is answered, so no Le");
    assert_eq!(word(&mut card, "80 A2 06 C1"), 0x6700);
    assert_eq!(said(&mut card, &second(&good)), 0x6700, "none of these was a first part");

    assert_eq!(said(&mut card, &first(&good)), 0x9000);
    assert_eq!(said(&mut card, &extended("80 A2 00 C1", &good[307..567])), 0x6700);
    assert_eq!(said(&mut card, &extended("80 A2 00 C1", &[&good[307..], &[0]].concat())), 0x6700);
    assert_eq!(said(&mut card, &second(&good)), 0x9000, "a wrong length loads nothing and spoils nothing");
    assert_eq!(said(&mut card, &second(&good)), 0x6700, "a part is taken once");

    assert_eq!(said(&mut card, &first(&pki::foreign_institution().cvc)), 0x6A88, "unknown issuer id");
    assert_eq!(said(&mut card, &second(&pki::foreign_institution().cvc)), 0x6700);
    let forged = pki::forged_institution().cvc;
    assert_eq!(said(&mut card, &first(&forged)), 0x9000);
    assert_eq!(said(&mut card, &second(&forged)), 0x6A80, "bad signature");
    assert_eq!(said(&mut card, &second(&good)), 0x6700, "and it starts over");
    for at in [0, 9] {
        let mut malformed = first(&good);
        malformed[7 + at] ^= 0x01;
        assert_eq!(said(&mut card, &malformed), 0x6A80, "header byte {at}");
    }
    for at in [26, 50, 306] {
        let mut spoilt = good.clone();
        spoilt[at] ^= 0x01;
        assert_eq!(said(&mut card, &first(&spoilt)), 0x9000);
        assert_eq!(said(&mut card, &second(&spoilt)), 0x6A80, "signed byte {at}");
    }
    let mut spoilt = second(&good);
    spoilt[7] ^= 0x01;
    assert_eq!(said(&mut card, &first(&good)), 0x9000);
    assert_eq!(said(&mut card, &spoilt), 0x6A80, "header of the signature");
}

#[test]
fn e_22_a_challenge_has_one_use_and_only_the_last_counts() {
    let mut card = selected(Profile::Standard);
    let institution = pki::institution();
    load(&mut card, &institution);
    let (earlier, _) = ask_hex(&mut card, CHALLENGE);
    let (later, _) = ask_hex(&mut card, CHALLENGE);
    assert_ne!(earlier, later);
    assert_eq!(said(&mut card, &authenticate(&institution.sign(&earlier))), 0x6300);
    assert_eq!(said(&mut card, &authenticate(&institution.sign(&later))), 0x6985, "used up by the wrong answer");
    let (challenge, _) = ask_hex(&mut card, CHALLENGE);
    let answer = authenticate(&institution.sign(&challenge));
    assert_eq!(said(&mut card, &answer), 0x9000);
    assert_eq!(said(&mut card, &answer), 0x6985, "used up by the right one");
    let (short, _) = ask_hex(&mut card, "00 84 00 00 08");
    assert_eq!(said(&mut card, &authenticate(&institution.sign(&short))), 0x6985, "16 bytes or none");
}

#[test]
fn e_23_status_words_of_the_institutions_answer() {
    let institution = pki::institution();
    let mut card = selected(Profile::Standard);
    let answer = institution.sign(&[0; 16]);
    for p1p2 in ["00 00", "00 80", "01 96", "00 97"] {
        assert_eq!(said(&mut card, &extended(&format!("00 82 {p1p2}"), &answer)), 0x6A86, "{p1p2}");
    }
    assert_eq!(said(&mut card, &authenticate(&answer[..255])), 0x6700);
    assert_eq!(word(&mut card, "00 82 00 96"), 0x6700);
    let (challenge, _) = ask_hex(&mut card, CHALLENGE);
    assert_eq!(said(&mut card, &authenticate(&institution.sign(&challenge))), 0x6985, "no certificate loaded");
    let mut card = selected(Profile::Standard);
    load(&mut card, &institution);
    assert_eq!(said(&mut card, &authenticate(&answer)), 0x6985, "no challenge");
    let (challenge, _) = ask_hex(&mut card, CHALLENGE);
    let foreign = pki::foreign_institution();
    assert_eq!(said(&mut card, &authenticate(&foreign.sign(&challenge))), 0x6300, "another key");
    assert_eq!(said(&mut card, &sign_with(0x97)), 0x6982);
}

#[test]
fn e_24_the_right_is_lost_by_use_another_application_a_wrong_answer_and_power_off() {
    type Event = fn(&mut EmulatedCard);
    let ends: [(&str, Event); 6] = [
        ("use", |card| drop(ask(card, &sign_with(0x97)))),
        ("use that fails", |card| drop(ask_hex(card, "80 2A 02 97 01 00 00"))),
        ("another application", |card| drop(ask(card, &select(&KENKAKU_AID)))),
        ("the issuer domain", |card| drop(ask_hex(card, "00 A4 04 0C 07 A0 00 00 01 51 00 00"))),
        ("a wrong answer", |card| {
            ask_hex(card, CHALLENGE);
            assert_eq!(said(card, &authenticate(&[7; 256])), 0x6300);
        }),
        ("power-off", EmulatedCard::power_off),
    ];
    for (name, event) in ends {
        let mut card = granted(Profile::Standard);
        assert!(card.anything_verified(), "law 2 sees the right");
        event(&mut card);
        assert!(!card.anything_verified(), "{name}");
        said(&mut card, &select(&JPKI_AID));
        assert_eq!(said(&mut card, &sign_with(0x97)), 0x6982, "{name}");
        assert_eq!(card.counts().tries_left, Some(3), "{name}");
    }
    let keeps: [(&str, Event); 5] = [
        ("the same application", |card| drop(ask(card, &select(&JPKI_AID)))),
        ("a warm reset", EmulatedCard::warm_reset),
        ("a refused command", |card| drop(ask_hex(card, "80 2A 06 97 01 00 00"))),
        ("reading", |card| drop(ask_hex(card, "00 B0 8A 00 04"))),
        ("the sign key", |card| assert_eq!(said(card, &sign_with(0x9A)), 0x6982)),
    ];
    for (name, event) in keeps {
        let mut card = granted(Profile::Standard);
        event(&mut card);
        assert_eq!(said(&mut card, &sign_with(0x97)), 0x9000, "{name}");
        assert_eq!(said(&mut card, &sign_with(0x97)), 0x6982, "{name}");
    }
}

#[test]
fn e_24_another_application_ends_what_was_loaded_and_asked_too() {
    let institution = pki::institution();
    let mut card = selected(Profile::Standard);
    load(&mut card, &institution);
    said(&mut card, &select(&KENKAKU_AID));
    said(&mut card, &select(&JPKI_AID));
    let (challenge, _) = ask_hex(&mut card, CHALLENGE);
    assert_eq!(said(&mut card, &authenticate(&institution.sign(&challenge))), 0x6985);
    let mut card = selected(Profile::Standard);
    said(&mut card, &select(&KENKAKU_AID));
    let (elsewhere, _) = ask_hex(&mut card, CHALLENGE);
    said(&mut card, &select(&JPKI_AID));
    load(&mut card, &institution);
    assert_eq!(said(&mut card, &authenticate(&institution.sign(&elsewhere))), 0x6985, "a challenge of elsewhere");
}

#[test]
fn e_24_the_right_opens_nothing_but_the_authentication_key() {
    let mut card = granted(Profile::Standard);
    assert_eq!(said(&mut card, &sign_with(0x9A)), 0x6982, "never the sign key");
    assert_eq!(word(&mut card, "00 B0 81 00 04"), 0x6982, "nor the signature certificate");
    assert_eq!(word(&mut card, "00 20 00 98"), 0x63C3);
    assert_eq!(word(&mut card, "00 20 00 98 04 31 32 33 34"), 0x9000);
    assert_eq!(said(&mut card, &sign_with(0x9A)), 0x6982, "not with the PIN either");
}

#[test]
fn card_7_3_a_card_without_usable_pins_signs_after_the_step_and_the_pin_stays_blocked() {
    for profile in [Profile::FaceOnly, Profile::PinBlocked] {
        let mut card = granted(profile);
        assert_eq!(said(&mut card, &sign_with(0x97)), 0x9000, "{profile}");
        assert_eq!(card.counts().tries_left, Some(0), "{profile}");
        assert_eq!(said(&mut card, &sign_with(0x97)), 0x6982, "{profile}");
    }
}

#[test]
fn e_25_where_it_is_switched_off_and_outside_jpki_the_commands_are_unknown() {
    let cvc = pki::institution().cvc;
    let mut off = options();
    off.pin_less = false;
    let mut off = card_with(Profile::Standard, off);
    said(&mut off, &select(&JPKI_AID));
    let mut cards = vec![("switched off", off)];
    cards.push(("nothing selected", card(Profile::Standard)));
    let mut kenkaku = card(Profile::Standard);
    said(&mut kenkaku, &select(&KENKAKU_AID));
    cards.push(("Kenkaku", kenkaku));
    for profile in [Profile::Jukicard, Profile::Android, Profile::Iphone] {
        cards.push((profile.name(), selected(profile)));
    }
    for (name, mut card) in cards {
        assert_eq!(said(&mut card, &first(&cvc)), 0x6D00, "{name}");
        assert_eq!(said(&mut card, &second(&cvc)), 0x6D00, "{name}");
        assert_eq!(said(&mut card, &authenticate(&[0; 256])), 0x6D00, "{name}");
        assert_eq!(word(&mut card, CHALLENGE), 0x9000, "{name}: a challenge is there as before");
    }
}

#[test]
fn e_25_every_plastic_my_number_card_does_it_by_default() {
    for profile in Profile::ALL.iter().filter(|profile| **profile != Profile::NextGenDummy) {
        let mut card = card(*profile);
        let plastic = card.has_surface_code();
        said(&mut card, &select(&JPKI_AID));
        let word = said(&mut card, &first(&pki::institution().cvc));
        assert_eq!(word == 0x9000, plastic, "{profile}: {word:04X}");
    }
}

/// One card for all cases: making one takes a dozen signatures, and power-off clears all but the counters.
fn again() -> MutexGuard<'static, EmulatedCard> {
    static CARD: LazyLock<Mutex<EmulatedCard>> = LazyLock::new(|| Mutex::new(card(Profile::Standard)));
    let mut card = CARD.lock().unwrap_or_else(PoisonError::into_inner);
    card.power_on();
    said(&mut card, &select(&JPKI_AID));
    card
}

/// One step of somebody who has every part of the credential but the key.
#[derive(Clone, Debug)]
enum Step {
    Raw {
        ins: bool,
        p1: u8,
        p2: u8,
        data: Vec<u8>,
    },
    FirstPart(Option<(usize, u8)>),
    SecondPart(Option<(usize, u8)>),
    Foreign,
    Forged,
    Challenge(u8),
    /// The institution's signature over something else than the last challenge.
    Stale(u8),
    WrongKey,
    Garbage(Vec<u8>),
    SelectAgain,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let spoilt = || proptest::option::of((0..261usize, 1..=255u8));
    let data = |most: usize| proptest::collection::vec(any::<u8>(), 0..most);
    let step = prop_oneof![
        (any::<bool>(), any::<u8>(), any::<u8>(), data(320)).prop_map(|(ins, p1, p2, data)| Step::Raw {
            ins,
            p1,
            p2,
            data
        }),
        spoilt().prop_map(Step::FirstPart),
        spoilt().prop_map(Step::SecondPart),
        Just(Step::Foreign),
        Just(Step::Forged),
        prop_oneof![Just(16u8), any::<u8>()].prop_map(Step::Challenge),
        any::<u8>().prop_map(Step::Stale),
        Just(Step::WrongKey),
        proptest::collection::vec(any::<u8>(), 256).prop_map(Step::Garbage),
        Just(Step::SelectAgain),
    ];
    proptest::collection::vec(step, 0..24)
}

fn carry_out(card: &mut EmulatedCard, step: &Step, last: &mut Vec<u8>) {
    let good = pki::institution();
    let change = |cvc: &[u8], from: usize, change: &Option<(usize, u8)>| {
        let mut cvc = cvc.to_vec();
        if let Some((at, bits)) = change {
            cvc[from + at] ^= bits;
        }
        cvc
    };
    let command = match step {
        Step::Raw { ins, p1, p2, data } => {
            let head = if *ins { [0x80, 0xA2, *p1, *p2] } else { [0x00, 0x82, *p1, *p2] };
            [&head[..], data].concat()
        }
        Step::FirstPart(spoilt) => first(&change(&good.cvc, 0, spoilt)),
        Step::SecondPart(spoilt) => second(&change(&good.cvc, 307, spoilt)),
        Step::Foreign => first(&pki::foreign_institution().cvc),
        Step::Forged => {
            ask(card, &first(&pki::forged_institution().cvc));
            second(&pki::forged_institution().cvc)
        }
        Step::Challenge(length) => {
            *last = ask(card, &[0x00, 0x84, 0x00, 0x00, *length]).0;
            return;
        }
        Step::Stale(salt) => authenticate(&good.sign(&[&last[..], &[*salt]].concat())),
        Step::WrongKey => authenticate(&pki::foreign_institution().sign(last)),
        Step::Garbage(bytes) => authenticate(bytes),
        Step::SelectAgain => select(&JPKI_AID),
    };
    let (data, _) = ask(card, &command);
    assert!(data.is_empty(), "none of these answers data");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn law_9_without_the_institutions_key_no_commands_grant_the_right(steps in steps()) {
        let mut card = again();
        let mut last = Vec::new();
        for step in &steps {
            carry_out(&mut card, step, &mut last);
            prop_assert!(!card.anything_verified(), "{step:?}");
        }
        prop_assert_eq!(said(&mut card, &sign_with(0x97)), 0x6982);
        prop_assert_eq!(card.counts().tries_left, Some(3));
        // And the card is none the worse for it.
        grant(&mut card);
        prop_assert_eq!(said(&mut card, &sign_with(0x97)), 0x9000);
    }

    #[test]
    fn law_9_no_bytes_after_the_header_make_the_card_panic(
        ins in prop_oneof![Just([0x80, 0xA2]), Just([0x00, 0x82])],
        rest in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let mut card = again();
        load(&mut card, &pki::institution());
        ask_hex(&mut card, CHALLENGE);
        ask(&mut card, &[&ins[..], &rest].concat());
        prop_assert_eq!(said(&mut card, &sign_with(0x97)), 0x6982);
    }
}
