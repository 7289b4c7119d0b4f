//! JPKI at APDU level: card.md 1.3, 2, 3.1, 3.5, 4, 7.3, 9, 11.1, 11.4, 11.5.

mod common;

use apdu_fixtures::{Atr, Issuer, JPKI_AID, NEXT_GENERATION_AID, Profile, UserKey, people, pki};
use common::{ask, ask_hex, card, card_with, hex, options, read_all, select, word};
use der::{Decode, Encode};
use jiff::civil::date;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::DecodePublicKey;
use rsa::{Pss, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384};
use signature::hazmat::PrehashVerifier;
use x509_cert::Certificate;

const SELECT: &str = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01";
const DIGEST_INFO: &str = "30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20";

fn certificate(card: &mut apdu_fixtures::EmulatedCard) -> Certificate {
    Certificate::from_der(&read_all(card, 0x000A)).unwrap()
}

fn rsa_key(certificate: &Certificate) -> RsaPublicKey {
    let spki = certificate.tbs_certificate.subject_public_key_info.to_der().unwrap();
    RsaPublicKey::from_public_key_der(&spki).unwrap()
}

#[test]
fn card_11_1_detect_certificate_pin_signature() {
    let mut card = card(Profile::Standard);
    assert_eq!(word(&mut card, SELECT), 0x9000);
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 06"), 0x9000);
    let (label, word_) = ask_hex(&mut card, "00 B0 00 00 20");
    assert_eq!((label, word_), (b"JPKIAPICCTOKEN2                 ".to_vec(), 0x9000));

    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 0A"), 0x9000);
    let (head, _) = ask_hex(&mut card, "00 B0 00 00 04");
    let total = usize::from(u16::from_be_bytes([head[2], head[3]])) + 4;
    assert_eq!(head[..2], [0x30, 0x82]);
    let whole = read_all(&mut card, 0x000A);
    assert_eq!(whole.len(), total, "read to the end of the file");
    let certificate = Certificate::from_der(&whole).unwrap();

    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 18"), 0x9000);
    assert_eq!(word(&mut card, "00 20 00 80"), 0x63C3);
    assert_eq!(word(&mut card, "00 20 00 80 04 31 32 33 34"), 0x9000);
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 17"), 0x9000);
    let hash = Sha256::digest(b"emulator challenge 0001");
    let mut command = hex(&format!("80 2A 00 80 33 {DIGEST_INFO}"));
    command.extend(hash);
    command.push(0);
    let (signature, word_) = ask(&mut card, &command);
    assert_eq!((signature.len(), word_), (256, 0x9000));
    rsa_key(&certificate).verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &signature).unwrap();

    assert!(card.anything_verified());
    assert_eq!(word(&mut card, "00 A4 04 0C 07 A0 00 00 01 51 00 00"), 0x9000);
    assert!(!card.anything_verified());
    assert_eq!(card.counts().verify, 1);
}

#[test]
fn card_11_1_short_form_by_short_file_ids() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    assert_eq!(ask_hex(&mut card, "00 B0 8A 00 04").0[..2], [0x30, 0x82]);
    assert_eq!(word(&mut card, "00 20 00 98"), 0x63C3);
    assert_eq!(word(&mut card, "00 20 00 98 04 31 32 33 34"), 0x9000);
    let command = format!("80 2A 00 97 33 {DIGEST_INFO} {} 00", "5A".repeat(32));
    let (signature, word_) = ask_hex(&mut card, &command);
    assert_eq!(word_, 0x9000);
    let key = rsa_key(&certificate(&mut card));
    key.verify(Pkcs1v15Sign::new::<Sha256>(), &[0x5A; 32], &signature).unwrap();
}

#[test]
fn card_11_4_wrong_values_and_blocked_card() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    ask_hex(&mut card, "00 A4 02 0C 02 00 18");
    for expected in [0x63C2, 0x63C1, 0x63C0] {
        assert_eq!(word(&mut card, "00 20 00 80 04 39 39 39 39"), expected);
    }
    assert_eq!(word(&mut card, "00 20 00 80 04 31 32 33 34"), 0x6984, "even the right value is refused");
    assert_eq!(word(&mut card, "00 20 00 80"), 0x63C0);
    assert_eq!(word(&mut card, &format!("80 2A 00 97 33 {DIGEST_INFO} {} 00", "00".repeat(32))), 0x6982);
    assert_eq!(card.counts().tries_left, Some(0));
}

#[test]
fn card_11_5_other_cards_are_told_by_their_applications() {
    for (profile, aid) in [
        (Profile::DriverLicence, "A0000002310100000000000000000000"),
        (Profile::DriverLicence, "A0000002310200000000000000000000"),
        (Profile::ResidenceCard, "D392F0004F0200000000000000000000"),
        (Profile::Passport, "A0000002471001"),
        (Profile::Hpki, "E828BD080FA000000391000000000001"),
    ] {
        let mut card = card(profile);
        assert_eq!(ask(&mut card, &select(&JPKI_AID)).1, 0x6A82, "{profile}");
        assert_eq!(ask(&mut card, &select(&hex(aid))).1, 0x9000, "{profile}");
    }
    let mut both = card(Profile::ResidenceOnCard);
    assert_eq!(word(&mut both, SELECT), 0x9000, "JPKI is there and wins");
    assert_eq!(ask(&mut both, &select(&hex("D392F0004F0200000000000000000000"))).1, 0x9000);
    assert_eq!(ask(&mut card(Profile::Standard), &select(&hex("A0000002310100000000000000000000"))).1, 0x6A82);
}

#[test]
fn card_1_3_token_labels_tell_the_device() {
    for (profile, label) in [
        (Profile::Standard, &b"JPKIAPICCTOKEN2 "[..]),
        (Profile::Jukicard, b"JPKIAPICCTOKEN\0\0"),
        (Profile::Android, b"JPKIAPGPSETOKEN "),
        (Profile::Iphone, b"JPKIAPIOSTOKEN  "),
    ] {
        let mut card = card(profile);
        ask_hex(&mut card, SELECT);
        assert_eq!(ask_hex(&mut card, "00 B0 86 00 10").0, label, "{profile}");
    }
}

#[test]
fn e_07_the_token_says_that_it_is_emulated_and_has_the_published_layout() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    let token = read_all(&mut card, 0x0006);
    assert_eq!(token.len(), 160);
    assert_eq!(&token[32..64], b"SOFTWARE EMULATED TEST CARD     ");
    assert_eq!(&token[64..96], b"EMU             0000000000001001");
    assert_eq!(token[96..124], hex("0000040D 00000001 00000000 00000001 00000000 00000010 00000006"));
    assert_eq!(token[124..140], [0xFF; 16]);
    assert_eq!(&token[140..], b"03019999999999999999");
}

#[test]
fn e_01_the_answers_to_reset_are_the_published_ones_with_their_check_byte() {
    for (atr, bytes) in
        [(Atr::Emulated, "3B888001 00454D55 B381A100 C7"), (Atr::AsReal, "3B888001 000041E0 B381A100 3B")]
    {
        assert_eq!(atr.bytes(), hex(bytes));
        assert_eq!(atr.bytes()[1..].iter().fold(0, |sum, byte| sum ^ byte), 0);
    }
}

#[test]
fn card_2_2_a_successful_verify_outlives_everything_but_another_application_and_power_off() {
    // E-04: the pessimistic reading.
    let mut card = card(Profile::Standard);
    let verify = |card: &mut apdu_fixtures::EmulatedCard| {
        ask_hex(card, SELECT);
        assert_eq!(word(card, "00 20 00 98 04 31 32 33 34"), 0x9000);
    };
    verify(&mut card);
    ask_hex(&mut card, SELECT);
    assert!(card.anything_verified(), "the same application again keeps it");
    card.warm_reset();
    assert!(card.anything_verified(), "a warm reset keeps it");
    assert_eq!(word(&mut card, &format!("80 2A 00 97 33 {DIGEST_INFO} {} 00", "00".repeat(32))), 0x9000);
    ask_hex(&mut card, "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 02");
    assert!(!card.anything_verified(), "another application ends it");
    verify(&mut card);
    card.power_off();
    assert!(!card.anything_verified(), "power-off ends it");
}

#[test]
fn card_3_1_access_rules_of_the_files() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    assert_eq!(read_all(&mut card, 0x0006).len(), 160);
    assert_eq!(read_all(&mut card, 0x0008), [0x8F, 0x8F, 0x00]);
    Certificate::from_der(&read_all(&mut card, 0x000B)).unwrap();
    Certificate::from_der(&read_all(&mut card, 0x0002)).unwrap();
    assert_eq!(word(&mut card, "00 B0 81 00 04"), 0x6982, "the signature certificate wants its password");
    assert_eq!(word(&mut card, "00 B0 97 00 04"), 0x6981, "a key is not read");
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 09"), 0x6A82);
    assert_eq!(word(&mut card, "00 20 00 9B 06 41 42 43 31 32 33"), 0x9000);
    Certificate::from_der(&read_all(&mut card, 0x0001)).unwrap();
    assert_eq!(word(&mut card, "00 88 00 00 01 00 00"), 0x6982, "4.3: INTERNAL AUTHENTICATE is refused");
    assert_eq!(word(&mut card, "80 AE 00 00 01 00"), 0x66F1, "E-12");
    assert_eq!(word(&mut card, "80 FC 00 00"), 0x6700, "8.2: a plastic card");
}

#[test]
fn card_3_5_a_right_value_restores_the_counter_and_counters_outlive_power_and_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("counters.json");
    let with_file = || {
        let mut options = options();
        options.counters_file = Some(file.clone());
        card_with(Profile::Standard, options)
    };
    let mut card = with_file();
    ask_hex(&mut card, SELECT);
    assert_eq!(word(&mut card, "00 20 00 98 04 30 30 30 30"), 0x63C2);
    card.power_off();
    card.power_on();
    ask_hex(&mut card, SELECT);
    assert_eq!(word(&mut card, "00 20 00 98"), 0x63C2, "power-off keeps it");
    let mut later = with_file();
    ask_hex(&mut later, SELECT);
    assert_eq!(word(&mut later, "00 20 00 98"), 0x63C2, "so does a new process");
    assert_eq!(word(&mut later, "00 20 00 98 04 31 32 33 34"), 0x9000);
    assert_eq!(word(&mut later, "00 20 00 98"), 0x63C3);
    assert_eq!(word(&mut later, "00 20 00 9B"), 0x63C5, "sign password");
}

#[test]
fn card_3_5_verify_takes_one_to_sixteen_bytes_without_folding_letters() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    assert_eq!(word(&mut card, &format!("00 20 00 98 11 {}", "31".repeat(17))), 0x6700);
    assert_eq!(word(&mut card, "00 20 00 98 04 31 32 33 34 00"), 0x6700, "no Le");
    assert_eq!(word(&mut card, "00 20 01 98"), 0x6A86);
    assert_eq!(word(&mut card, "00 20 00 00"), 0x6A86);
    assert_eq!(card.counts().tries_left, Some(3), "none of them cost a try");
    assert_eq!(word(&mut card, "00 20 00 9B 06 61 62 63 31 32 33"), 0x63C4);
}

#[test]
fn card_4_3_all_six_schemes_verify_with_the_certificates_key() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    ask_hex(&mut card, "00 20 00 98 04 31 32 33 34");
    let key = rsa_key(&certificate(&mut card));
    let message = b"one statement of the terminal";
    let hash = Sha256::digest(message);
    let mut sign = |p1: u8, data: &[u8]| {
        let mut command = vec![0x80, 0x2A, p1, 0x97, data.len() as u8];
        command.extend(data);
        command.push(0);
        let (signature, word) = ask(&mut card, &command);
        assert_eq!(word, 0x9000, "P1 {p1:02X}");
        signature
    };
    let info = [&hex(DIGEST_INFO)[..], &hash].concat();
    let with_info = Pkcs1v15Sign::new::<Sha256>;
    key.verify(with_info(), &hash, &sign(0x00, &info)).unwrap();
    key.verify(Pkcs1v15Sign::new_unprefixed(), &hash, &sign(0x01, message)).unwrap();
    key.verify(with_info(), &hash, &sign(0x02, &hash)).unwrap();
    key.verify(with_info(), &hash, &sign(0x03, message)).unwrap();
    key.verify(Pss::new::<Sha256>(), &hash, &sign(0x04, &hash)).unwrap();
    key.verify(Pss::new::<Sha256>(), &hash, &sign(0x05, message)).unwrap();
    assert_eq!(word(&mut card, "80 2A 06 97 01 00 00"), 0x6A86);
    assert_eq!(word(&mut card, "80 2A 02 97 01 00 00"), 0x6985, "a hash has 32 bytes");
    assert_eq!(word(&mut card, &format!("80 2A 00 97 F6 {} 00", "00".repeat(246))), 0x6700);
    assert_eq!(word(&mut card, "80 2A 00 00 01 00 00"), 0x6A86, "JPKI has no default key");
}

#[test]
fn card_4_4_the_user_certificate_has_the_published_profile() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    let certificate = certificate(&mut card);
    let tbs = &certificate.tbs_certificate;
    assert_eq!(tbs.serial_number.as_bytes(), [0x03, 0xE9], "1001");
    let subject = tbs.subject.to_string();
    let common = subject.split("CN=").nth(1).unwrap().split(',').next().unwrap();
    assert_eq!(common.len(), 23);
    assert!(!subject.contains("見本"), "no name of the holder");
    let ends = tbs.validity.not_after.to_date_time();
    assert_eq!((ends.hour(), ends.minutes(), ends.seconds()), (14, 59, 59));
    assert_eq!((ends.year(), ends.month(), ends.day()), (2030, 4, 1), "fifth birthday after issue");
    let critical: Vec<_> = tbs
        .extensions
        .iter()
        .flatten()
        .filter(|extension| extension.critical)
        .map(|extension| extension.extn_id.to_string())
        .collect();
    assert_eq!(critical, ["2.5.29.15", "2.5.29.32"], "key usage and policies");
    assert_eq!(certificate.signature_algorithm.oid.to_string(), "1.2.840.113549.1.1.11");
}

/// The listed anchor whose key signed this certificate (card.md 4.6: choose by key, not by name).
fn anchor_of(certificate: &Certificate) -> Option<usize> {
    let tbs = certificate.tbs_certificate.to_der().unwrap();
    let signature = certificate.signature.as_bytes().unwrap();
    pki::anchors().iter().position(|anchor| {
        let anchor = Certificate::from_der(anchor).unwrap();
        let spki = anchor.tbs_certificate.subject_public_key_info.to_der().unwrap();
        if let Ok(key) = RsaPublicKey::from_public_key_der(&spki) {
            return key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&tbs), signature).is_ok();
        }
        if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(&spki) {
            let signature = p256::ecdsa::DerSignature::from_bytes(signature);
            return signature.is_ok_and(|signature| key.verify_prehash(&Sha256::digest(&tbs), &signature).is_ok());
        }
        let key = p384::ecdsa::VerifyingKey::from_public_key_der(&spki).unwrap();
        let signature = p384::ecdsa::DerSignature::from_bytes(signature);
        signature.is_ok_and(|signature| key.verify_prehash(&Sha384::digest(&tbs), &signature).is_ok())
    })
}

#[test]
fn card_4_6_the_chain_ends_at_one_listed_key_or_at_none() {
    for (issuer, key, expected) in [
        (Issuer::Listed, None, Some(1)),
        (Issuer::Previous, None, Some(0)),
        (Issuer::Listed, Some(UserKey::P256), Some(2)),
        (Issuer::Listed, Some(UserKey::P384), Some(3)),
        (Issuer::Unlisted, None, None),
        (Issuer::Forged, None, None),
    ] {
        let mut options = options();
        options.issuer = issuer;
        options.key = key;
        let mut card = card_with(Profile::Standard, options);
        ask_hex(&mut card, SELECT);
        let certificate = certificate(&mut card);
        assert_eq!(anchor_of(&certificate), expected, "{issuer:?} {key:?}");
        let listed = Certificate::from_der(&pki::anchors()[0]).unwrap().tbs_certificate.subject;
        assert_eq!(certificate.tbs_certificate.issuer == listed, issuer != Issuer::Unlisted);
    }
}

#[test]
fn card_4_7_expired_profiles_end_yesterday_and_a_given_day_wins() {
    let ends = |profile, day| {
        let mut options = options();
        options.certificate_ends = day;
        let card = card_with(profile, options);
        (card.certificate_ends(), card.card_expires())
    };
    assert_eq!(ends(Profile::ExpiredCert, None), (date(2026, 11, 21), date(2035, 4, 1)));
    assert_eq!(ends(Profile::ExpiredCard, None), (date(2026, 11, 21), date(2026, 11, 21)));
    assert_eq!(ends(Profile::Standard, Some(date(2026, 12, 1))), (date(2026, 12, 1), date(2035, 4, 1)));
}

#[test]
fn e_13_a_face_only_card_has_no_pin_and_no_signature_certificate() {
    let mut card = card(Profile::FaceOnly);
    ask_hex(&mut card, SELECT);
    assert_eq!(word(&mut card, "00 20 00 98"), 0x63C0);
    assert_eq!(word(&mut card, "00 20 00 98 04 31 32 33 34"), 0x6984);
    assert_eq!(read_all(&mut card, 0x0008), [0x00, 0x8F, 0x00]);
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 01"), 0x6A82);
    ask_hex(&mut card, "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 08");
    assert_eq!(word(&mut card, "00 20 00 91"), 0x63C0);
    ask_hex(&mut card, "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 02");
    let code = card.surface_code();
    let mut verify = vec![0, 0x20, 0, 0x92, 14];
    verify.extend(code);
    assert_eq!(ask(&mut card, &verify).1, 0x9000, "Kenkaku is as always");
}

#[test]
fn card_9_elliptic_keys_sign_with_their_own_hash_and_length() {
    let mut next = card(Profile::NextGenDummy);
    assert_eq!(word(&mut next, SELECT), 0x6A82, "today's AID is not there");
    assert_eq!(ask(&mut next, &select(&NEXT_GENERATION_AID)).1, 0x9000);
    ask_hex(&mut next, "00 20 00 98 04 31 32 33 34");
    let hash = Sha384::digest(b"statement");
    let mut command = vec![0x80, 0x2A, 0x00, 0x97, 48];
    command.extend(hash);
    command.push(0);
    let (signature, word_) = ask(&mut next, &command);
    assert_eq!(word_, 0x9000);
    let spki = certificate(&mut next).tbs_certificate.subject_public_key_info.to_der().unwrap();
    let key = p384::ecdsa::VerifyingKey::from_public_key_der(&spki).unwrap();
    let signature = p384::ecdsa::DerSignature::from_bytes(signature.as_slice()).unwrap();
    key.verify_prehash(&hash, &signature).unwrap();

    let mut options = options();
    options.key = Some(UserKey::P256);
    let mut p256 = card_with(Profile::Standard, options);
    ask_hex(&mut p256, SELECT);
    ask_hex(&mut p256, "00 20 00 98 04 31 32 33 34");
    let (signature, _) = ask_hex(&mut p256, &format!("80 2A 00 97 33 {DIGEST_INFO} {} 00", "5A".repeat(32)));
    let spki = certificate(&mut p256).tbs_certificate.subject_public_key_info.to_der().unwrap();
    let key = p256::ecdsa::VerifyingKey::from_public_key_der(&spki).unwrap();
    let signature = p256::ecdsa::DerSignature::from_bytes(signature.as_slice()).unwrap();
    key.verify_prehash(&[0x5A; 32], &signature).unwrap();
    assert_eq!(word(&mut p256, &format!("80 2A 00 97 30 {} 00", "5A".repeat(48))), 0x6985);
}

#[test]
fn everybodys_card_carries_their_own_serial_number() {
    for person in people::everybody() {
        let mut card = apdu_fixtures::EmulatedCard::new(Profile::Standard, &person, options());
        card.power_on();
        ask_hex(&mut card, SELECT);
        let serial = certificate(&mut card).tbs_certificate.serial_number;
        assert_eq!(serial.as_bytes(), (person.serial as u16).to_be_bytes(), "{}", person.name);
    }
}
