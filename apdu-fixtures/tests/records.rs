//! Kenkaku and Kenhojo: card.md 3.2, 3.3, 5, 6, 11.2, 11.3, E-05, E-06, E-10, E-11.

mod common;

use apdu_fixtures::{EmulatedCard, KENHOJO_AID, KENKAKU_AID, Person, Profile, Sex, people, pki};
use common::record::{public_key, signer, unpadded, verify};
use common::{ask, ask_hex, card, find, hex, options, read_all, select, tlv_at, word};
use jiff::civil::date;
use rsa::pkcs1v15::Pkcs1v15Sign;
use sha2::{Digest, Sha256};

fn printed(card: &EmulatedCard) -> String {
    String::from_utf8(card.surface_code().to_vec()).unwrap()
}

#[test]
fn card_11_2_surface_code_card_face_authenticity() {
    let mut card = card(Profile::Standard);
    assert_eq!(ask(&mut card, &select(&KENKAKU_AID)).1, 0x9000);
    ask_hex(&mut card, "00 A4 02 0C 02 00 12");
    assert_eq!(word(&mut card, "00 20 00 80"), 0x63CA);
    assert_eq!(word(&mut card, "00 B0 82 00 05"), 0x6982);
    let code = printed(&card);
    assert_eq!(code, "25040120351001", "昭和25, card valid to 2035");
    assert_eq!(verify(&mut card, 0x12, &code), 0x9000);

    let face = read_all(&mut card, 0x0002);
    let (tag, content, end) = tlv_at(&face, 0);
    assert_eq!((tag, end), (0xFF20, face.len()));
    let (table, _) = find(content, 0xDF21).unwrap();
    for (offset, tag) in table.chunks(2).zip(0xDF22u16..) {
        let at = usize::from(u16::from_be_bytes([offset[0], offset[1]]));
        assert_eq!(tlv_at(&face, at).0, tag, "the offset table points at {tag:04X}");
    }
    let part = |tag| find(content, tag).unwrap();
    assert_eq!(part(0xDF22).0, b"19500401");
    assert_eq!(part(0xDF23).0, b"2");
    assert_eq!(part(0xDF29).0, b"20350401");
    for png in [0xDF25, 0xDF26, 0xDF2A] {
        assert_eq!(&part(png).0[..8], b"\x89PNG\r\n\x1a\n");
    }
    let photo = part(0xDF27).0;
    assert_eq!(&photo[4..12], b"jP  \r\n\x87\n", "E-10: a JP2");

    let signer = signer(&read_all(&mut card, 0x0004), pki::KeyName::KenkakuCa, b"9000023");
    let mut expected = hex("30 71 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 60");
    expected.extend(Sha256::digest([part(0xDF22).1, part(0xDF23).1, part(0xDF24).1].concat()));
    expected.extend(Sha256::digest([part(0xDF25).1, part(0xDF26).1].concat()));
    expected.extend(Sha256::digest(part(0xDF27).1));
    assert_eq!(unpadded(&signer, &part(0xDF28).0), expected, "5.4");

    let challenge = [0x5A; 16];
    let mut command = hex("80 2A 00 00 33 30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20");
    command.extend(Sha256::digest(challenge));
    command.push(0);
    let (signature, word_) = ask(&mut card, &command);
    assert_eq!(word_, 0x9000, "5.5 needs no code");
    let chip = public_key(&part(0xDF24).0);
    chip.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(challenge), &signature).unwrap();
    assert_eq!(word(&mut card, "00 88 00 00 01 00 00"), 0x6985);
}

#[test]
fn card_11_3_text_data_with_the_same_code() {
    let mut card = card(Profile::Standard);
    ask(&mut card, &select(&KENHOJO_AID));
    assert_eq!(word(&mut card, "00 20 00 95"), 0x63CA);
    let code = printed(&card);
    assert_eq!(verify(&mut card, 0x15, &code), 0x9000);
    let text = read_all(&mut card, 0x0002);
    let (_, content, _) = tlv_at(&text, 0);
    assert_eq!(find(content, 0xDF22).unwrap().0, "見本　花子".as_bytes());
    assert_eq!(find(content, 0xDF24).unwrap().0, b"19500401");
    assert_eq!(find(content, 0xDF25).unwrap().0, b"2");
    assert_eq!(word(&mut card, "00 B0 81 00 00"), 0x6982, "B does not open the My Number");

    let signer = signer(&read_all(&mut card, 0x0004), pki::KeyName::KenhojoCa, b"9000033");
    let digests = read_all(&mut card, 0x0003);
    assert_eq!(digests.len(), 336);
    let (_, inside, _) = tlv_at(&digests, 0);
    let (signature, _) = find(inside, 0xDF33).unwrap();
    let (text_digest, text_tlv) = find(inside, 0xDF32).unwrap();
    let (_, number_tlv) = find(inside, 0xDF31).unwrap();
    let four: Vec<u8> = (0xDF22..=0xDF25).flat_map(|tag| find(content, tag).unwrap().1).collect();
    assert_eq!(text_digest, Sha256::digest(four).to_vec());
    let hash = Sha256::digest([number_tlv, text_tlv].concat());
    signer.verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &signature).unwrap();
}

#[test]
fn card_3_2_and_3_3_sizes_that_do_not_depend_on_the_holder_are_the_published_ones() {
    let mut card = card(Profile::Standard);
    ask(&mut card, &select(&KENKAKU_AID));
    assert_eq!(verify(&mut card, 0x11, "250401"), 0x9000);
    assert_eq!(read_all(&mut card, 0x0001).len(), 547);
    assert_eq!(read_all(&mut card, 0x0003).len(), 320);
    assert_eq!(word(&mut card, "00 B0 82 00 05"), 0x6982, "the birth key opens the age record only");
    assert_eq!(word(&mut card, "00 B0 85 00 05"), 0x6982);
    assert_eq!(word(&mut card, "00 20 00 91"), 0x63CA, "E-05");
    assert_eq!(word(&mut card, "00 20 00 93"), 0x63CA, "E-05");

    ask(&mut card, &select(&KENHOJO_AID));
    assert_eq!(verify(&mut card, 0x11, "1234"), 0x9000);
    for (id, size) in [(0x0001, 17), (0x0005, 164), (0x0006, 269), (0x0007, 536), (0x0008, 16)] {
        assert_eq!(read_all(&mut card, id).len(), size, "EF {id:04X}");
    }
    assert_eq!(word(&mut card, "00 20 00 92"), 0x63C0, "issued blocked");
    assert_eq!(verify(&mut card, 0x12, "1234"), 0x6984);
}

#[test]
fn e_06_the_two_counters_of_the_surface_code_are_separate() {
    let mut card = card(Profile::Standard);
    ask(&mut card, &select(&KENKAKU_AID));
    assert_eq!(verify(&mut card, 0x12, "00000000000000"), 0x63C9);
    ask(&mut card, &select(&KENHOJO_AID));
    assert_eq!(word(&mut card, "00 20 00 95"), 0x63CA);
}

#[test]
fn card_5_1_era_years_of_the_surface_code() {
    let expires = date(2033, 4, 1);
    let code = |y, m, d| {
        let mut person = Person::new(1, "見本 一", date(y, m, d), Sex::Male);
        person.security_code = "1234".to_owned();
        people::surface_code(&person, expires)
    };
    assert_eq!(code(1990, 4, 1), "02040120331234", "11: the dummy holder");
    assert_eq!(code(1980, 2, 17), "55021720331234");
    assert_eq!(code(1989, 1, 7), "64010720331234");
    assert_eq!(code(1989, 1, 8), "01010820331234");
    assert_eq!(code(2020, 2, 24), "02022420331234");
    assert_eq!(code(1926, 12, 24), "15122420331234");
    assert_eq!(code(1912, 7, 30), "01073020331234");
}

#[test]
fn faces_of_different_people_differ() {
    let face = |serial| {
        let mut card = EmulatedCard::new(Profile::Standard, &people::by_serial(serial).unwrap(), options());
        card.power_on();
        ask(&mut card, &select(&KENKAKU_AID));
        let code = printed(&card);
        assert_eq!(verify(&mut card, 0x12, &code), 0x9000);
        let face = read_all(&mut card, 0x0002);
        let (_, content, _) = tlv_at(&face, 0);
        find(content, 0xDF25).unwrap().0
    };
    assert_ne!(face(1001), face(1002));
}
