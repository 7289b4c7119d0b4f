//! The photo and whether it and the chip are authentic: card.md 5.2 to 5.5, E-10, E-11, for every profile.

mod common;

use std::fs;
use std::path::Path;

use apdu_fixtures::{CardOptions, EmulatedCard, KENHOJO_AID, KENKAKU_AID, PhotoError, Profile, RecordSigner, people};
use common::jp2::Jp2;
use common::record::{Verdict, look_at, verify};
use common::{ask, card, card_with, find, options, read_all, select, tlv_at, word};
use proptest::prelude::*;

fn with_photo(photo: Vec<u8>) -> Result<EmulatedCard, PhotoError> {
    let mut options = options();
    options.photo = Some(photo);
    let mut card = EmulatedCard::with_photo(Profile::Standard, &people::by_serial(1001).unwrap(), options)?;
    card.power_on();
    Ok(card)
}

fn refusal(photo: Vec<u8>) -> Option<PhotoError> {
    with_photo(photo).err()
}

#[test]
fn card_5_4_and_5_5_every_profile_gives_a_plain_client_what_it_promises() {
    for profile in Profile::ALL {
        let mut card = card(*profile);
        if !card.has_surface_code() {
            assert_eq!(ask(&mut card, &select(&KENKAKU_AID)).1, 0x6A82, "{profile}");
            continue;
        }
        let verdict = look_at(&mut card);
        let authentic = |birth: &[u8; 8], sex| {
            let Verdict::Authentic { birth: b, sex: s, .. } = &verdict else { return false };
            (&b[..], *s) == (&birth[..], sex)
        };
        let as_promised = match profile {
            Profile::Standard
            | Profile::FaceOnly
            | Profile::PinBlocked
            | Profile::ExpiredCert
            | Profile::ExpiredCard
            | Profile::ResidenceOnCard
            | Profile::NextGenDummy
            | Profile::ForeignResident
            | Profile::NoSignCert
            | Profile::LicenceOnCard => authentic(b"19500401", b'2'),
            Profile::TamperedPhoto => verdict == Verdict::Tampered,
            Profile::Cloned => verdict == Verdict::Cloned,
            Profile::BBlocked => verdict == Verdict::CodeRefused(0x6984),
            Profile::NoPhoto => verdict == Verdict::NoPhoto,
            Profile::TwoCardsInOne => authentic(b"19850712", b'1'),
            Profile::Jukicard
            | Profile::DriverLicence
            | Profile::ResidenceCard
            | Profile::Passport
            | Profile::Hpki
            | Profile::Android
            | Profile::Iphone => false,
        };
        assert!(as_promised, "{profile}: {verdict:?}");
    }
}

#[test]
fn card_5_4_an_unlisted_signer_is_unknown_and_a_forged_one_is_wrong() {
    let with = |signer| {
        let mut options = options();
        options.signer = signer;
        look_at(&mut card_with(Profile::Standard, options))
    };
    assert!(matches!(with(RecordSigner::Listed), Verdict::Authentic { .. }));
    assert_eq!(with(RecordSigner::Unknown), Verdict::UnknownSigner);
    assert_eq!(with(RecordSigner::Forged), Verdict::Tampered);
}

#[test]
fn e_10_a_given_photo_lies_in_the_record_byte_for_byte_and_is_signed() {
    let largest = 16_384;
    for photo in [
        Jp2::default(),
        Jp2 { width: 2048, height: 2048, ..Jp2::default() },
        Jp2 { components: 3, space: 16, ..Jp2::default() },
        Jp2 { filler: Some(4_000), ..Jp2::default() },
        Jp2 { filler: Some(largest), ..Jp2::default() },
    ] {
        let bytes = photo.bytes();
        let verdict = look_at(&mut with_photo(bytes.clone()).unwrap_or_else(|why| panic!("{photo:?}: {why}")));
        assert_eq!(verdict, Verdict::Authentic { photo: bytes, birth: b"19500401".to_vec(), sex: b'2' }, "{photo:?}");
    }
}

#[test]
fn card_5_4_the_tampered_photo_is_the_given_one_so_that_only_the_signature_tells() {
    let photo = Jp2::default().bytes();
    let mut options = options();
    options.photo = Some(photo.clone());
    let mut card = card_with(Profile::TamperedPhoto, options);
    assert_eq!(look_at(&mut card), Verdict::Tampered);
    let face = read_all(&mut card, 0x0002);
    assert_eq!(find(tlv_at(&face, 0).1, 0xDF27).unwrap().0, photo);
}

#[test]
fn card_5_3_the_longest_photo_is_the_one_with_which_the_file_still_holds_the_record() {
    let filled = |filler| Jp2 { filler: Some(filler), ..Jp2::default() }.bytes();
    let length_with = |filler| {
        let mut card = with_photo(filled(filler))?;
        ask(&mut card, &select(&KENKAKU_AID));
        let code = String::from_utf8(card.surface_code().to_vec()).unwrap();
        assert_eq!(verify(&mut card, 0x12, &code), 0x9000);
        Ok::<usize, PhotoError>(read_all(&mut card, 0x0002).len())
    };
    let filler = 20_000 + 0x7FFF - length_with(20_000).unwrap();
    assert_eq!(length_with(filler), Ok(0x7FFF));
    let bytes = filled(filler + 1).len();
    assert_eq!(length_with(filler + 1), Err(PhotoError::TooLong { bytes }));
    assert_eq!(refusal(vec![0; 70_000]), Some(PhotoError::TooLong { bytes: 70_000 }));
}

#[test]
fn card_5_3_what_is_no_grey_or_rgb_jp2_of_a_fitting_size_is_refused_with_its_reason() {
    let with = |change: fn(&mut Jp2)| {
        let mut photo = Jp2::default();
        change(&mut photo);
        refusal(photo.bytes())
    };
    assert_eq!(with(|_| {}), None);
    assert_eq!(refusal(Vec::new()), Some(PhotoError::NotJp2));
    assert_eq!(refusal(vec![0xFF, 0xD8, 0xFF, 0xE0]), Some(PhotoError::NotJp2), "a JPEG");
    assert_eq!(refusal(vec![0xFF, 0x4F, 0xFF, 0x51]), Some(PhotoError::NotJp2), "a bare codestream");
    assert_eq!(with(|photo| photo.components = 2), Some(PhotoError::Colours { components: 2, space: 17 }));
    assert_eq!(with(|photo| photo.components = 3), Some(PhotoError::Colours { components: 3, space: 17 }));
    assert_eq!(with(|photo| photo.space = 18), Some(PhotoError::Colours { components: 1, space: 18 }));
    assert_eq!(with(|photo| photo.depth = 15), Some(PhotoError::Depth));
    assert_eq!(with(|photo| photo.width = 2049), Some(PhotoError::Size { width: 2049, height: 300 }));
    assert_eq!(with(|photo| photo.height = 0), Some(PhotoError::Size { width: 240, height: 0 }));
    assert_eq!(with(|photo| photo.height = u32::MAX), Some(PhotoError::Size { width: 240, height: u32::MAX }));

    let good = Jp2::default().bytes();
    let mut other_width = good.clone();
    let at = good.windows(4).rposition(|window| window == 240u32.to_be_bytes()).unwrap();
    other_width[at - 24 + 3] += 1;
    assert_eq!(refusal(other_width), Some(PhotoError::Codestream), "the header says another width");
    for length in 0..good.len() {
        assert!(refusal(good[..length].to_vec()).is_some(), "cut after {length} bytes");
    }
}

#[test]
fn card_3_5_tries_of_the_surface_code_can_be_chosen_and_counted() {
    let mut chosen = options();
    chosen.code_tries = Some(4);
    let mut card = card_with(Profile::Standard, chosen);
    assert_eq!(card.counts().code_tries_left, Some(4));
    ask(&mut card, &select(&KENKAKU_AID));
    assert_eq!(verify(&mut card, 0x12, "00000000000000"), 0x63C3);
    let counts = card.counts();
    assert_eq!((counts.verify, counts.codes, counts.code_tries_left, counts.tries_left), (1, 1, Some(3), Some(3)));
    let kept = card.counters();
    let mut later = common::card(Profile::Standard);
    later.restore_counters(&kept);
    assert_eq!(later.counts().code_tries_left, Some(3));
}

#[test]
fn card_3_5_b_blocked_says_so_before_anything_is_sent_in_both_applications() {
    let mut card = card(Profile::BBlocked);
    ask(&mut card, &select(&KENKAKU_AID));
    assert_eq!(word(&mut card, "00 20 00 92"), 0x63C0);
    ask(&mut card, &select(&KENHOJO_AID));
    assert_eq!(word(&mut card, "00 20 00 95"), 0x63C0);
    assert_eq!(card.counts().tries_left, Some(3), "the PIN is as always");
}

#[test]
fn two_cards_in_one_carries_the_surface_and_the_record_of_one_person_and_the_certificate_of_another() {
    for person in people::everybody() {
        let mut card = EmulatedCard::new(Profile::TwoCardsInOne, &person, options());
        card.power_on();
        let shown = card.shown_person().clone();
        assert!(shown.serial != person.serial && shown.sex != person.sex && shown.birth != person.birth);
        assert_eq!(card.person().serial, person.serial);
        assert!(matches!(look_at(&mut card), Verdict::Authentic { .. }), "{}", person.name);
    }
    assert_eq!(card(Profile::Standard).shown_person().serial, 1001);
}

#[test]
fn the_photos_of_the_invented_people_are_photos_for_a_card() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/people/cast");
    let photo = |serial: u32| folder.join(serial.to_string()).join("photo.jp2");
    // Whoever is only signed up here has no face. Making a card takes a dozen signatures: one photo in four.
    let everybody = people::everybody();
    let with_a_face: Vec<_> = everybody.iter().filter(|person| photo(person.serial).exists()).collect();
    assert_eq!(with_a_face.len(), 15);
    for person in with_a_face.into_iter().step_by(4) {
        let file = photo(person.serial);
        let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let checked = with_photo(bytes);
        assert!(checked.is_ok(), "{}: {:?}", file.display(), checked.err());
    }
}

#[test]
fn options_never_show_the_photo() {
    let mut options = CardOptions::on(common::today());
    options.photo = Some(b"QQQQ".to_vec());
    assert!(!format!("{options:?}").contains("81, 81"));
}

proptest! {
    #[test]
    fn no_bytes_make_the_check_of_a_photo_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let good = Jp2::default().bytes();
        let _ = refusal(bytes.clone());
        let _ = refusal([&good[..32], &bytes].concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_spoilt_photo_is_refused_or_still_a_fitting_one(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = Jp2::default().bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(mut card) = with_photo(bytes.clone()) {
            let Verdict::Authentic { photo, .. } = look_at(&mut card) else { panic!("not authentic") };
            prop_assert_eq!(photo, bytes);
        }
    }
}
