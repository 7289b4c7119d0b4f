//! The photo of a chip made for the test: a small one that answers what these commands ask, with published keys.

mod chip;
mod face;
mod hostile;

use std::sync::LazyLock;

use p256::ecdsa::SigningKey;
use rand_core::OsRng;

use super::*;
use crate::{
    CardError, Certificate, Channel, ChannelError, SurfaceCode,
    apdu::StatusWord,
    certificate::tests::{Authority, spki},
    limits,
};
use chip::{App, Chip, VERIFY};
use face::{CA_ID, Face, key, signed_block};

pub(super) const CODE: &[u8; 14] = b"55021720352285";
const CHALLENGE: [u8; 16] = *b"a new challenge.";

struct Holders {
    holder: Certificate,
    other: Certificate,
}

static HOLDERS: LazyLock<Holders> = LazyLock::new(|| {
    let root = Authority::root();
    let user = |serial| root.user(serial, &spki(SigningKey::random(&mut OsRng).verifying_key()));
    Holders { holder: user(1001), other: user(1002) }
});

fn chip() -> Chip {
    static CHIP: LazyLock<Chip> = LazyLock::new(|| Chip::new(HOLDERS.holder.der(), &Face::default()));
    CHIP.clone()
}

fn with(change: impl FnOnce(&mut Face)) -> Chip {
    let mut face = Face::default();
    change(&mut face);
    Chip::new(HOLDERS.holder.der(), &face)
}

fn signers() -> SignerKeys {
    static SIGNERS: LazyLock<SignerKeys> =
        LazyLock::new(|| SignerKeys::from_bytes(&[face::signer_file(CA_ID, "ca")]).expect("one key"));
    SIGNERS.clone()
}

fn read_with(chip: &mut dyn Channel, code: &[u8; 14], signers: &SignerKeys) -> Result<PhotoOutcome, CardError> {
    read_photo(chip, &HOLDERS.holder, SurfaceCode::from_digits(code).expect("plausible"), signers, &CHALLENGE)
}

fn read(chip: &mut dyn Channel) -> Result<PhotoOutcome, CardError> {
    read_with(chip, CODE, &signers())
}

fn name(outcome: &Result<PhotoOutcome, CardError>) -> String {
    match outcome {
        Ok(PhotoOutcome::Authentic(record)) => format!("authentic, {} bytes", record.photo.bytes().len()),
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn card_md_11_2_the_photo_is_read_and_authenticated_and_jpki_selected_again() {
    let mut chip = chip();
    let Ok(PhotoOutcome::Authentic(record)) = read(&mut chip) else { panic!("not authentic") };
    assert_eq!(record.photo.bytes(), Face::default().photo.expect("a photo"));
    assert_eq!((&record.birth_date, record.sex), (b"19800217", b'1'));
    assert_eq!((chip.app, chip.verified, chip.verifies()), (App::Jpki, false, 1));
    let [identity, select, query, certificate, ..] = chip.sent.as_slice() else { panic!("too few commands") };
    assert_eq!(identity[..], [0x00, 0xB0, 0x8A, 0x00, 0x40]);
    assert_eq!(select[..], chip::SELECT_KENKAKU);
    assert_eq!(query[..], [0x00, 0x20, 0x00, 0x92]);
    assert_eq!(certificate[..], [0x00, 0xB0, 0x84, 0x00, 0x00]);
    let verify = chip.sent.iter().position(|sent| sent.starts_with(&VERIFY)).expect("sent");
    assert_eq!(chip.sent[verify + 1][..], [0x00, 0xB0, 0x82, 0x00, 0x00], "nothing between code and record");
    let mut tail = chip.sent.iter().rev();
    assert_eq!(tail.next().map(Vec::as_slice), Some(&chip::SELECT_JPKI[..]));
    assert_eq!(tail.next().map(|sent| &sent[..5]), Some(&[0x80, 0x2A, 0x00, 0x00, 0x33][..]));
}

#[test]
fn card_md_3_5_nothing_is_sent_with_three_tries_left_or_fewer() {
    for left in 0..=3 {
        let mut chip = chip();
        chip.tries = left;
        let outcome = read(&mut chip);
        assert!(matches!(outcome, Ok(PhotoOutcome::CodeStopped { left: said }) if said == left), "{}", name(&outcome));
        assert_eq!((chip.verifies(), chip.tries, chip.app), (0, left, App::Jpki));
    }
    let mut blocked = chip();
    blocked.query = Some([0x69, 0x84]);
    assert!(matches!(read(&mut blocked), Ok(PhotoOutcome::CodeStopped { left: 0 })));
    assert_eq!(blocked.verifies(), 0);
    let mut four = chip();
    four.tries = 4;
    assert!(matches!(read(&mut four), Ok(PhotoOutcome::Authentic(_))));
}

#[test]
fn card_md_3_5_a_wrong_code_is_sent_once_and_says_what_is_left() {
    for (tries, expected) in
        [(10, "CodeWrong { left: 9 }"), (5, "CodeWrong { left: 4 }"), (4, "CodeStopped { left: 3 }")]
    {
        let mut chip = chip();
        chip.tries = tries;
        let outcome = read_with(&mut chip, b"55021720352286", &signers());
        assert_eq!(name(&outcome), expected);
        assert_eq!((chip.verifies(), chip.app), (1, App::Jpki));
        let read_a_photo = chip.sent.iter().any(|sent| sent[..4] == [0x00, 0xB0, 0x82, 0x00]);
        assert!(!read_a_photo);
    }
}

#[test]
fn law_1_a_lost_answer_to_the_surface_code_is_an_error_and_never_repeated() {
    for error in [ChannelError::Removed, ChannelError::NotTransacted, ChannelError::Wedged] {
        let mut chip = chip();
        chip.verify_breaks = Some(error);
        let outcome = read(&mut chip);
        assert_eq!(outcome.expect_err("lost"), CardError::Channel(error));
        assert_eq!((chip.verifies(), chip.app), (1, App::Jpki), "and Kenkaku is left");
    }
    let mut odd = chip();
    odd.verify_answers = Some([0x67, 0x00]);
    let error = CardError::Unexpected { command: "VERIFY", status: StatusWord(0x6700) };
    assert_eq!(read(&mut odd).expect_err("odd"), error);
    assert_eq!((odd.verifies(), odd.app), (1, App::Jpki));
}

#[test]
fn law_2_a_code_that_somebody_else_presented_is_never_used() {
    let mut chip = chip();
    chip.query = Some([0x90, 0x00]);
    assert_eq!(read(&mut chip).expect_err("left over"), CardError::StillVerified);
    assert_eq!((chip.verifies(), chip.app), (0, App::Jpki));
}

#[test]
fn law_4_another_card_gets_no_code() {
    let mut chip = Chip::new(HOLDERS.other.der(), &Face::default());
    let outcome = read(&mut chip);
    assert!(matches!(outcome, Ok(PhotoOutcome::Changed)), "{}", name(&outcome));
    assert_eq!((chip.sent.len(), chip.verifies()), (1, 0));
}

#[test]
fn card_md_5_4_a_record_changed_anywhere_that_is_signed_is_tampered() {
    for tag in [0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28] {
        let mut chip = chip();
        let place = chip.place(tag) + 10.min(chip.value_length(tag) - 1);
        chip.face[place] ^= 0x01;
        let outcome = read(&mut chip);
        assert!(matches!(outcome, Ok(PhotoOutcome::Tampered)), "DF{tag:02X}: {}", name(&outcome));
        assert_eq!(chip.app, App::Jpki);
        assert!(!chip.sent.iter().any(|sent| sent[1] == 0x2A), "a card that lies about itself is asked nothing more");
    }
    for tag in [0x29, 0x2A] {
        let mut chip = chip();
        let place = chip.place(tag);
        chip.face[place] ^= 0x01;
        assert!(matches!(read(&mut chip), Ok(PhotoOutcome::Authentic(_))), "DF{tag:02X} is not covered");
    }
}

#[test]
fn card_md_5_2_a_table_that_contradicts_the_tags_is_tampered_although_it_is_not_signed() {
    for entry in 0..9 {
        let mut chip = chip();
        let place = chip.place(0x21) + 2 * entry + 1;
        chip.face[place] = chip.face[place].wrapping_add(1);
        assert!(matches!(read(&mut chip), Ok(PhotoOutcome::Tampered)), "entry {entry}");
    }
    for wrong in [
        |face: &mut Face| face.table_cut = true,
        |face: &mut Face| face.twice = true,
        |face: &mut Face| face.swapped = true,
    ] {
        assert!(matches!(read(&mut with(wrong)), Ok(PhotoOutcome::Tampered)));
    }
}

#[test]
fn card_md_5_2_lengths_in_longer_forms_than_needed_are_read() {
    let outcome = read(&mut with(|face| face.long_lengths = true));
    assert!(matches!(outcome, Ok(PhotoOutcome::Authentic(_))), "{}", name(&outcome));
}

#[test]
fn card_md_5_3_a_photo_up_to_the_limit_of_the_file_is_read_and_a_longer_one_is_not() {
    let around = with(|_| {}).face.len() - Face::default().photo.expect("a photo").len();
    let largest = limits::MAX_CARD_FACE - around;
    let mut chip = with(|face| face.photo = Some(vec![0x5A; largest]));
    let outcome = read(&mut chip);
    let Ok(PhotoOutcome::Authentic(record)) = outcome else { panic!("{}", name(&outcome)) };
    assert_eq!(record.photo.bytes(), vec![0x5A; largest]);
    let mut beyond = with(|face| face.photo = Some(vec![0x5A; largest + 1]));
    assert_eq!(read(&mut beyond).expect_err("too long"), CardError::Malformed { command: "READ BINARY" });
    assert_eq!(beyond.app, App::Jpki);
}

#[test]
fn card_md_5_4_the_signed_block_is_compared_whole_so_that_none_can_be_forged() {
    let right = Face::default().signed();
    let standard = [&[0x30, 0x31][..], &right[2..18], &[0x20], &right[19..51]].concat();
    assert_eq!((right.len(), standard.len()), (115, 51));
    let other_hash = [&right[..14], &[0x02], &right[15..]].concat();
    let block = |content: &[u8], kind: u8, padding: usize, behind: usize| {
        [&[0x00, kind][..], &vec![0xFF; padding], &[0x00], content, &vec![0xAB; behind]].concat()
    };
    let full = 256 - 3 - right.len();
    let is = |block: Vec<u8>| {
        assert_eq!(block.len(), 256);
        name(&read(&mut with(|face| face.block = Some(block))))
    };
    assert!(is(block(&right, 1, full, 0)).starts_with("authentic"), "{}", is(block(&right, 1, full, 0)));
    for forged in [
        block(&right, 1, 8, full - 8),
        block(&right, 1, full - 1, 1),
        block(&right, 2, full, 0),
        block(&right, 0, full, 0),
        block(&standard, 1, 256 - 3 - standard.len(), 0),
        block(&other_hash, 1, full, 0),
        block(&right[..right.len() - 1], 1, full + 1, 0),
    ] {
        assert_eq!(is(forged), "Tampered");
    }
    let mut odd_padding = block(&right, 1, full, 0);
    odd_padding[20] = 0xFE;
    assert_eq!(is(odd_padding), "Tampered");
    let mut separator = block(&right, 1, full, 0);
    separator[2 + full] = 0x01;
    assert_eq!(is(separator), "Tampered");
    assert_eq!(name(&read(&mut with(|face| face.signature = Some(vec![0; 256])))), "Tampered");
    assert_eq!(name(&read(&mut with(|face| face.signature = Some(vec![0xFF; 256])))), "Tampered");
    assert_eq!(name(&read(&mut with(|face| face.signature = Some(Vec::new())))), "Tampered");
}

#[test]
fn card_md_5_4_a_signer_that_no_configured_key_vouches_for_closes_the_way_before_the_code_is_sent() {
    let refused = |chip: &mut Chip, signers: &SignerKeys| {
        let outcome = read_with(chip, CODE, signers);
        assert_eq!((chip.verifies(), chip.app), (0, App::Jpki));
        name(&outcome)
    };
    assert_eq!(refused(&mut chip(), &SignerKeys::none()), "UnknownSigner");
    let other_id = SignerKeys::from_bytes(&[face::signer_file(*b"9000024\x08\x05000\0\0\0\0", "ca")]).expect("a key");
    assert_eq!(refused(&mut chip(), &other_id), "UnknownSigner");
    let other_key = SignerKeys::from_bytes(&[face::signer_file(CA_ID, "card")]).expect("a key");
    assert_eq!(refused(&mut chip(), &other_key), "Tampered", "the id is known, the key did not sign");
    // Header 5 and 5, issuer id 16, then what the CA signed; the signature at the end.
    for place in [30, 60, 300, 567] {
        let mut changed = chip();
        changed.signer[place] ^= 0x01;
        assert_eq!(refused(&mut changed, &signers()), "Tampered", "byte {place}");
    }
    let mut none = chip();
    none.signer = Vec::new();
    assert!(refused(&mut none, &signers()).starts_with("error"));
    let mut empty = chip();
    empty.signer = vec![0x7F, 0x21, 0x00];
    assert_eq!(refused(&mut empty, &signers()), "Tampered");
}

#[test]
fn card_md_5_5_a_chip_without_the_key_of_its_record_is_a_clone() {
    let mut other_key = chip();
    other_key.key = key("ca");
    assert_eq!(name(&read(&mut other_key)), "Cloned");
    let mut replaying = chip();
    replaying.signs_always = Some(signed_block(&key("card"), b"an older challenge"));
    assert_eq!(name(&read(&mut replaying)), "Cloned");
    for status in [[0x69, 0x85], [0x69, 0x82], [0x6D, 0x00], [0x6A, 0x86], [0x67, 0x00]] {
        let mut refusing = chip();
        refusing.sign_answers = Some(status);
        assert_eq!(name(&read(&mut refusing)), "Cloned");
        assert_eq!(refusing.app, App::Jpki);
    }
    let mut broken = chip();
    broken.sign_answers = Some([0x6F, 0x00]);
    assert!(name(&read(&mut broken)).starts_with("error"), "a fault is no verdict");
}

#[test]
fn a_record_without_a_photo_is_no_photo_only_when_all_else_holds() {
    let empty = |face: &mut Face| face.photo = Some(Vec::new());
    assert_eq!(name(&read(&mut with(empty))), "NoPhoto");
    for hole in [None, Some(0), Some(0xFFFF)] {
        let without = |face: &mut Face| (face.photo, face.hole) = (None, hole);
        assert_eq!(name(&read(&mut with(without))), "NoPhoto", "{hole:?}");
        let mut tampered = with(without);
        let place = tampered.place(0x22);
        tampered.face[place] = b'2';
        assert_eq!(name(&read(&mut tampered)), "Tampered");
        let mut cloned = with(without);
        cloned.key = key("ca");
        assert_eq!(name(&read(&mut cloned)), "Cloned");
    }
    let elsewhere = |face: &mut Face| (face.photo, face.hole) = (None, Some(0x1234));
    assert_eq!(name(&read(&mut with(elsewhere))), "Tampered");
}

#[test]
fn a_signed_record_of_no_real_day_or_no_known_sex_is_malformed() {
    for birth in [&b"19800230"[..], b"19801301", b"1980021", b"198002170", b"1980021x"] {
        assert_eq!(name(&read(&mut with(|face| face.birth = birth.to_vec()))), "Tampered");
    }
    for sex in [&b"3"[..], b"", b"12", b"x", &[1]] {
        assert_eq!(name(&read(&mut with(|face| face.sex = sex.to_vec()))), "Tampered");
    }
    for sex in [b"0", b"2", b"9"] {
        assert!(name(&read(&mut with(|face| face.sex = sex.to_vec()))).starts_with("authentic"));
    }
    for weak in [vec![0x90, 0x03, 1, 0, 1, 0x91, 0x02, 0x01, 0x01], Vec::new(), vec![0x90, 0x00, 0x91, 0x00]] {
        assert_eq!(name(&read(&mut with(|face| face.key = Some(weak)))), "Tampered");
    }
}

#[test]
fn a_card_that_breaks_at_any_command_gets_the_code_once_at_most_and_shows_no_photo() {
    let whole = {
        let mut chip = chip();
        let _ = read(&mut chip);
        chip.sent.len()
    };
    for after in 0..whole {
        for transient in [false, true] {
            let mut chip = chip();
            chip.breaks_after = Some((after, transient));
            let outcome = read(&mut chip);
            assert!(chip.verifies() <= 1);
            // The last command only brings JPKI back: a SELECT, which may be repeated.
            let repaired = transient && after + 1 == whole;
            assert_eq!(outcome.is_err(), !repaired, "{after}: {}", name(&outcome));
            assert!(!transient || chip.app == App::Jpki, "{after}");
        }
    }
}

#[test]
fn law_6_debug_prints_neither_photo_nor_birth_date() {
    let outcome = read(&mut chip()).expect("read");
    assert_eq!(format!("{outcome:?}"), "Authentic(PhotoRecord { photo: Photo(2000 bytes), .. })");
}

#[test]
fn every_status_of_select_verify_and_reading_ends_without_a_photo() {
    for status in (0..=u16::MAX).step_by(7).filter(|status| *status != 0x9000) {
        let bytes = status.to_be_bytes();
        let mut refusing = chip();
        refusing.verify_answers = Some(bytes);
        let outcome = read(&mut refusing);
        assert!(!matches!(outcome, Ok(PhotoOutcome::Authentic(_) | PhotoOutcome::NoPhoto)), "{status:04X}");
        assert_eq!(refusing.verifies(), 1);
        let mut query = chip();
        query.query = Some(bytes);
        let outcome = read(&mut query);
        assert_eq!(query.verifies(), usize::from(matches!(outcome, Ok(PhotoOutcome::Authentic(_)))), "{status:04X}");
    }
}
