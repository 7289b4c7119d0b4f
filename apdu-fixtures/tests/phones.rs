//! Emulated phones at APDU level: card.md 8, E-30; and how they come on readers of their own.

mod common;

use apdu_fixtures::{
    CardOptions, EmulatedCard, EmulatedReader, ISSUER_AID, JUKI_AID, KENHOJO_AID, KENKAKU_AID, Profile, UserKey,
    people, pki,
};
use card::{Certificate, Presence, Reader, TrustAnchors};
use common::{ask, ask_hex, card, card_with, hex, options, read_all, select, word};
use sha2::{Digest, Sha256};

const SELECT: &str = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01";
const QUERY: &str = "00 20 00 98";
const VERIFY: &str = "00 20 00 98 04 31 32 33 34";
const READ: &str = "00 B0 8A 00 04";
const LAST: &str = "80 FC 00 00";
const PHONES: [Profile; 2] = [Profile::Android, Profile::Iphone];

/// The hash as each kind of key takes it, signed; checked with the certificate that can be read now.
fn signs(phone: &mut EmulatedCard, key: UserKey) -> Certificate {
    let certificate = Certificate::from_der(&read_all(phone, 0x000A)).unwrap();
    let hash = Sha256::digest(b"statement");
    let input = match key {
        UserKey::Rsa2048 => [&hex("30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20")[..], &hash].concat(),
        UserKey::P256 | UserKey::P384 => hash.to_vec(),
    };
    let mut command = vec![0x80, 0x2A, 0x00, 0x97, input.len() as u8];
    command.extend(input);
    command.push(0);
    let (signature, word) = ask(phone, &command);
    assert_eq!(word, 0x9000);
    certificate.public_key().verify(b"statement", &signature).unwrap();
    certificate
}

#[test]
fn e_30_a_phone_has_jpki_and_answers_every_other_aid_with_6a82() {
    for profile in PHONES {
        let mut phone = card(profile);
        for aid in [&KENKAKU_AID[..], &KENHOJO_AID, &JUKI_AID, &ISSUER_AID, &[0xA0], &hex("A0000002310600000000")] {
            assert_eq!(ask(&mut phone, &select(aid)).1, 0x6A82, "{profile} {aid:02X?}");
        }
        assert_eq!(word(&mut phone, SELECT), 0x9000);
        assert_eq!(word(&mut phone, "80 A2 06 C1"), 0x6D00, "{profile}: no PIN-less step");
        assert!(!phone.has_surface_code());
    }
}

#[test]
fn e_30_an_android_phone_shows_its_certificate_after_the_pin() {
    for key in [UserKey::Rsa2048, UserKey::P256] {
        let mut phone = card_with(Profile::Android, CardOptions { key: Some(key), ..options() });
        ask_hex(&mut phone, SELECT);
        assert_eq!(word(&mut phone, QUERY), 0x63C3);
        assert_eq!(word(&mut phone, READ), 0x6982);
        assert_eq!(word(&mut phone, "00 20 00 98 04 39 39 39 39"), 0x63C2);
        assert_eq!(word(&mut phone, READ), 0x6982, "a wrong PIN opens nothing");
        assert_eq!(word(&mut phone, VERIFY), 0x9000);
        signs(&mut phone, key);
        assert_eq!(word(&mut phone, LAST), 0x6700, "only an iPhone knows it");
        phone.power_on();
        ask_hex(&mut phone, SELECT);
        assert_eq!(word(&mut phone, READ), 0x6982, "power-off ends it");
    }
}

#[test]
fn e_30_an_iphone_verified_its_holder_itself() {
    for key in [UserKey::Rsa2048, UserKey::P256] {
        let mut phone = card_with(Profile::Iphone, CardOptions { key: Some(key), ..options() });
        ask_hex(&mut phone, SELECT);
        assert_eq!(word(&mut phone, QUERY), 0x9000);
        signs(&mut phone, key);
        assert_eq!(word(&mut phone, LAST), 0x9000);
        for odd in ["80 FC 00 01", "80 FC 01 00"] {
            assert_eq!(word(&mut phone, odd), 0x6A86, "{odd}");
        }
        assert_eq!(phone.counts().verify, 0);
    }
    assert_eq!(word(&mut card(Profile::Standard), LAST), 0x6700, "8.2: a plastic card");
}

#[test]
fn e_30_an_iphone_whose_holder_was_not_verified_gives_no_signature() {
    let mut phone = card_with(Profile::Iphone, CardOptions { verified_on_phone: false, ..options() });
    ask_hex(&mut phone, SELECT);
    assert_eq!(word(&mut phone, QUERY), 0x63C3);
    assert_eq!(word(&mut phone, READ), 0x9000, "the certificate is free");
    assert_eq!(word(&mut phone, &format!("80 2A 00 97 20 {} 00", "5A".repeat(32))), 0x6982);
    assert!(!phone.anything_verified());
}

#[test]
fn card_8_1_a_phones_certificate_is_another_than_the_cards_and_chains_to_a_listed_authority() {
    let trust = TrustAnchors::from_ders(&pki::anchors()).unwrap();
    let of = |profile, key| {
        let mut medium = card_with(profile, CardOptions { key: Some(key), ..options() });
        ask_hex(&mut medium, SELECT);
        ask_hex(&mut medium, VERIFY);
        signs(&mut medium, key)
    };
    for key in [UserKey::Rsa2048, UserKey::P256] {
        let plastic = of(Profile::Standard, key);
        for profile in PHONES {
            let phone = of(profile, key);
            assert_ne!(phone.sha256(), plastic.sha256(), "{profile}");
            assert_eq!(phone.serial(), plastic.serial(), "tests/clinic finds the person by it");
            assert_eq!(phone.not_after_unix(), plastic.not_after_unix(), "it ends with the card's");
            let authority = trust.issuer_of(&phone).expect("listed");
            assert_eq!(trust.check(&phone, authority), Ok(()));
        }
    }
}

#[test]
fn two_readers_in_one_process_know_nothing_of_each_other() {
    let (card_reader, card_hand) = EmulatedReader::new("Emulated reader");
    let (phone_reader, phone_hand) = EmulatedReader::new("Emulated phone reader");
    let hanako = people::by_serial(1001).unwrap();
    phone_hand.insert(EmulatedCard::new(Profile::Iphone, &hanako, options()));
    let limit = std::time::Duration::ZERO;
    assert_eq!(card_reader.wait(Presence::NoReader, limit), Presence::Empty);
    assert!(matches!(phone_reader.wait(Presence::Empty, limit), Presence::Card { .. }));
    card_hand.insert(EmulatedCard::new(Profile::Standard, &hanako, options()));
    let (mut plastic, mut phone) = (card_reader.connect().unwrap(), phone_reader.connect().unwrap());
    assert_eq!(phone.transmit(&hex(SELECT)).unwrap(), [0x90, 0x00]);
    phone_hand.remove();
    assert!(phone.transmit(&hex(QUERY)).is_err());
    assert_eq!(plastic.transmit(&hex(SELECT)).unwrap(), [0x90, 0x00]);
}
