mod sources;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use proptest::prelude::*;
use rand_core::OsRng;

use super::*;
use crate::{
    ChainError, ChannelError, TrustAnchors,
    apdu::{INS_VERIFY, StatusWord},
    certificate::tests::{Authority, spki},
    pin::tests::pin,
    scripted::Scripted,
};

const SELECT_JPKI: [u8; 15] =
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const LABEL: [u8; 5] = [0x00, 0xB0, 0x86, 0x00, 0x40];
const TRIES: [u8; 4] = [0x00, 0x20, 0x00, 0x98];
const PROBE: [u8; 5] = [0x00, 0xB0, 0x8A, 0x00, 0x40];
const VERIFY: [u8; 9] = [0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'2', b'3', b'4'];
const LEAVE: [u8; 12] = [0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
const OK: [u8; 2] = [0x90, 0x00];
const STATEMENT: &[u8] = b"statement of a visit";

struct Holder {
    key: SigningKey,
    certificate: Certificate,
    root: Authority,
}

static HOLDER: LazyLock<Holder> = LazyLock::new(|| {
    let (key, root) = (SigningKey::random(&mut OsRng), Authority::root());
    Holder { certificate: root.user(1001, &spki(key.verifying_key())), key, root }
});

impl Holder {
    fn first_bytes(&self) -> Vec<u8> {
        [&self.certificate.der()[..64], &OK].concat()
    }

    fn sign_command(&self) -> Vec<u8> {
        let hash = self.certificate.public_key().hash(STATEMENT);
        [&[0x80, 0x2A, 0x00, 0x97, 0x20], &hash[..], &[0x00]].concat()
    }

    fn signature(&self) -> Vec<u8> {
        let signature: Signature = self.key.sign(STATEMENT);
        signature.to_bytes().to_vec()
    }
}

fn confirm(card: &mut dyn Channel) -> SignOutcome {
    verify_and_sign(card, &HOLDER.certificate, 3, pin(b"1234"), STATEMENT)
}

/// The script up to VERIFY.
fn unchanged() -> Scripted {
    Scripted::new().answer(&PROBE, &HOLDER.first_bytes()).answer(&TRIES, &[0x63, 0xC3])
}

fn pins_sent(card: &Scripted) -> usize {
    card.sent().iter().filter(|sent| sent.get(1) == Some(&INS_VERIFY) && sent.len() > 5).count()
}

fn label(text: &str, padding: u8) -> Vec<u8> {
    made_by(text, "00000000000000000000000000000001", padding)
}

fn made_by(text: &str, manufacturer: &str, padding: u8) -> Vec<u8> {
    let mut token = text.as_bytes().to_vec();
    token.resize(32, padding);
    token.extend_from_slice(manufacturer.as_bytes());
    token.resize(64, b' ');
    [token, OK.to_vec()].concat()
}

fn file_answers(mut card: Scripted, sfi: u8, file: &[u8]) -> Scripted {
    for (number, chunk) in (0_u8..).zip(file.chunks(256)) {
        let le = u8::try_from(chunk.len() % 256).expect("below 256");
        let command = match number {
            0 => [0x00, 0xB0, 0x80 | sfi, 0x00, 0x00],
            _ => [0x00, 0xB0, number, 0x00, le],
        };
        card = card.answer(&command, &[chunk, &OK].concat());
    }
    card
}

#[test]
fn a_my_number_card_is_read_with_as_few_exchanges_as_its_certificate_needs() {
    let holder = &*HOLDER;
    let card = Scripted::new()
        .answer(&SELECT_JPKI, &OK)
        .answer(&LABEL, &label("JPKIAPICCTOKEN2", b' '))
        .answer(&TRIES, &[0x63, 0xC2]);
    let mut card = file_answers(card, 0x0A, holder.certificate.der());
    let anchors = TrustAnchors::from_ders(&[holder.root.der()]).expect("anchors");
    let reading = read_card(&mut card, &anchors).expect("read");
    let CardReading::MyNumber { certificate, ca, tries_left, pin_less } = reading else { panic!("{reading:?}") };
    assert_eq!((&*certificate, &*ca, tries_left), (&holder.certificate, &holder.root.certificate(), 2));
    assert!(!pin_less);
    card.finished();
}

#[test]
fn card_md_7_5_the_pin_less_step_needs_an_emulated_token_and_an_emulators_anchor() {
    const EMULATED: &str = "SOFTWARE EMULATED TEST CARD";
    let (real, emulator) = (Authority::root(), Authority::emulator());
    for (authority, manufacturer, expected) in [
        (&emulator, EMULATED, true),
        (&real, EMULATED, false),
        (&emulator, "00000000000000000000000000000001", false),
        (&emulator, "SOFTWARE EMULATED TEST CARD 2", false),
        (&emulator, "SOFTWARE EMULATED TEST", false),
        (&emulator, "", false),
    ] {
        let user = authority.user(1001, &spki(HOLDER.key.verifying_key()));
        let card = Scripted::new()
            .answer(&SELECT_JPKI, &OK)
            .answer(&LABEL, &made_by("JPKIAPICCTOKEN2", manufacturer, b' '))
            .answer(&TRIES, &[0x63, 0xC3]);
        let mut card = file_answers(card, 0x0A, user.der());
        let anchors = TrustAnchors::from_ders(&[authority.der()]).expect("anchors");
        let reading = read_card(&mut card, &anchors).expect("read");
        let CardReading::MyNumber { pin_less, .. } = reading else { panic!("{reading:?}") };
        assert_eq!(pin_less, expected, "{manufacturer}");
        card.finished();
    }
}

#[test]
fn a_card_whose_authority_is_no_anchor_ends_before_the_pin() {
    let holder = &*HOLDER;
    let stranger = Authority::root();
    let anchors = TrustAnchors::from_ders(&[stranger.der()]).expect("anchors");
    let until_ca = || {
        let card = Scripted::new()
            .answer(&SELECT_JPKI, &OK)
            .answer(&LABEL, &label("JPKIAPICCTOKEN2", b' '))
            .answer(&TRIES, &[0x63, 0xC3]);
        file_answers(card, 0x0A, holder.certificate.der())
    };
    let mut card = file_answers(until_ca(), 0x0B, holder.root.der());
    assert_eq!(read_card(&mut card, &anchors), Ok(CardReading::Untrusted(ChainError::UnknownAnchor)));
    card.finished();
    let mut without = until_ca().answer(&[0x00, 0xB0, 0x8B, 0x00, 0x00], &[0x6A, 0x82]);
    assert_eq!(read_card(&mut without, &anchors), Ok(CardReading::Untrusted(ChainError::NoAuthority)));
    let mut junk = until_ca().answer(&[0x00, 0xB0, 0x8B, 0x00, 0x00], &[0x30, 0x00, 0x90, 0x00]);
    assert_eq!(read_card(&mut junk, &anchors), Ok(CardReading::Untrusted(ChainError::NoAuthority)));
}

#[test]
fn card_md_1_3_the_token_label_tells_phones_and_old_cards_apart() {
    for (text, kind) in [
        ("JPKIAPICCTOKEN", Recognised::Other(OtherCard::JukiCard)),
        ("JPKIAPGPSETOKEN", Recognised::Phone(PhoneKind::Android)),
        ("JPKIAPIOSTOKEN", Recognised::Phone(PhoneKind::Iphone)),
        ("JPKIAPICCTOKEN3", Recognised::Other(OtherCard::Unknown)),
        ("", Recognised::Other(OtherCard::Unknown)),
    ] {
        for padding in [b' ', 0] {
            let mut card = Scripted::new().answer(&SELECT_JPKI, &OK).answer(&LABEL, &label(text, padding));
            assert_eq!(recognise(&mut card, &[MY_NUMBER_CARD]), Ok(kind), "{text}");
        }
    }
    let mut zeros = Scripted::new().answer(&SELECT_JPKI, &OK).answer(&LABEL, &label("JPKIAPICCTOKEN2", 0));
    assert_eq!(recognise(&mut zeros, &[MY_NUMBER_CARD]), Ok(Recognised::MyNumber { emulated: false }));
}

#[test]
fn card_md_1_3_other_cards_are_named_by_their_applications() {
    let not_found = &[0x6A, 0x82];
    let tried_before = [
        (OtherCard::DriversLicence, 0),
        (OtherCard::DriversLicence, 1),
        (OtherCard::ResidenceCard, 2),
        (OtherCard::ResidenceCard, 4),
        (OtherCard::Passport, 5),
        (OtherCard::Hpki, 6),
    ];
    for (kind, before) in tried_before {
        let mut card = Scripted::new().answer(&SELECT_JPKI, not_found);
        for _ in 0..before {
            card = card.anything(not_found);
        }
        let mut card = card.anything(&OK);
        assert_eq!(recognise(&mut card, &[MY_NUMBER_CARD]), Ok(Recognised::Other(kind)));
        card.finished();
    }
    let mut nothing = Scripted::new().always(not_found);
    assert_eq!(recognise(&mut nothing, &[MY_NUMBER_CARD]), Ok(Recognised::Other(OtherCard::Unknown)));
}

#[test]
fn a_select_that_is_refused_is_tried_once_more_and_a_locked_application_is_no_other_card() {
    let mut odd =
        Scripted::new().answer(&SELECT_JPKI, &[0x6D, 0x00]).answer(&SELECT_JPKI, &[0x6D, 0x00]).always(&[0x6D, 0x00]);
    assert_eq!(recognise(&mut odd, &[MY_NUMBER_CARD]), Ok(Recognised::Other(OtherCard::Unknown)));
    let mut locked = Scripted::new().always(&[0x62, 0x83]);
    let error = CardError::Unexpected { command: "SELECT", status: StatusWord(0x6283) };
    assert_eq!(recognise(&mut locked, &[MY_NUMBER_CARD]), Err(error));
}

#[test]
fn a_right_pin_is_followed_by_the_signature_and_the_application_is_left() {
    let holder = &*HOLDER;
    let mut card = unchanged()
        .answer(&VERIFY, &OK)
        .answer(&holder.sign_command(), &[&holder.signature()[..], &OK].concat())
        .answer(&LEAVE, &OK);
    let SignOutcome::Signed(signature) = confirm(&mut card) else { panic!("not signed") };
    assert_eq!(holder.certificate.public_key().verify(STATEMENT, &signature), Ok(()));
    card.finished();
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left_and_nothing_follows() {
    for (answer, outcome) in [
        ([0x63, 0xC2], SignOutcome::Wrong { left: 2 }),
        ([0x63, 0xC0], SignOutcome::Blocked),
        ([0x69, 0x83], SignOutcome::Blocked),
        ([0x69, 0x84], SignOutcome::Blocked),
    ] {
        let mut card = unchanged().answer(&VERIFY, &answer);
        assert_eq!(confirm(&mut card), outcome);
        card.finished();
    }
    let mut no_number = unchanged().answer(&VERIFY, &[0x63, 0x00]).answer(&TRIES, &[0x63, 0xC1]);
    assert_eq!(confirm(&mut no_number), SignOutcome::Wrong { left: 1 });
}

#[test]
fn law_1_another_certificate_or_other_tries_send_nothing() {
    let mut swapped = HOLDER.first_bytes();
    swapped[20] ^= 1;
    let mut card = Scripted::new().answer(&PROBE, &swapped);
    assert_eq!(confirm(&mut card), SignOutcome::Changed);
    let mut gone = Scripted::new().answer(&PROBE, &[0x6A, 0x82]);
    assert_eq!(confirm(&mut gone), SignOutcome::Changed);
    let mut short = Scripted::new().answer(&PROBE, &HOLDER.first_bytes()[2..]);
    assert_eq!(confirm(&mut short), SignOutcome::Changed);
    for tries in [0xC0, 0xC1, 0xC2, 0xC4] {
        let mut card = Scripted::new().answer(&PROBE, &HOLDER.first_bytes()).answer(&TRIES, &[0x63, tries]);
        assert_eq!(confirm(&mut card), SignOutcome::Changed);
        assert_eq!(pins_sent(&card), 0);
    }
}

#[test]
fn a_blocked_pin_is_never_sent() {
    let mut card = Scripted::new();
    let outcome = verify_and_sign(&mut card, &HOLDER.certificate, 0, pin(b"1234"), STATEMENT);
    assert_eq!((outcome, card.sent().len()), (SignOutcome::Blocked, 0));
}

#[test]
fn law_2_a_left_over_verified_state_is_never_accepted() {
    let mut card = Scripted::new().answer(&PROBE, &HOLDER.first_bytes()).answer(&TRIES, &OK);
    assert_eq!(confirm(&mut card), SignOutcome::NotSent(CardError::StillVerified));
    let mut card =
        Scripted::new().answer(&SELECT_JPKI, &OK).answer(&LABEL, &label("JPKIAPICCTOKEN2", b' ')).answer(&TRIES, &OK);
    let anchors = TrustAnchors::from_ders(&[HOLDER.root.der()]).expect("anchors");
    assert_eq!(read_card(&mut card, &anchors), Err(CardError::StillVerified));
}

#[test]
fn a_failure_before_verify_costs_nothing_and_one_at_or_after_it_is_lost() {
    let removed = ChannelError::Removed;
    let mut before = Scripted::new().fail(&PROBE, removed);
    assert_eq!(confirm(&mut before), SignOutcome::NotSent(removed.into()));
    let mut at = unchanged().fail(&VERIFY, removed).then_fail(removed);
    assert_eq!(confirm(&mut at), SignOutcome::Lost(removed.into()));
    assert_eq!(pins_sent(&at), 1);
    let mut after = unchanged().answer(&VERIFY, &OK).fail(&HOLDER.sign_command(), removed).then_fail(removed);
    assert_eq!(confirm(&mut after), SignOutcome::Lost(removed.into()));
    let mut odd = unchanged().answer(&VERIFY, &[0x67, 0x00]).answer(&LEAVE, &OK);
    let error = CardError::Unexpected { command: "VERIFY", status: StatusWord(0x6700) };
    assert_eq!(confirm(&mut odd), SignOutcome::Lost(error));
}

#[test]
fn a_signature_of_another_key_is_refused_and_the_application_left() {
    let holder = &*HOLDER;
    let other: Signature = SigningKey::random(&mut OsRng).sign(STATEMENT);
    let mut card = unchanged()
        .answer(&VERIFY, &OK)
        .answer(&holder.sign_command(), &[&other.to_bytes()[..], &OK].concat())
        .answer(&LEAVE, &OK);
    assert_eq!(confirm(&mut card), SignOutcome::Lost(CardError::WrongSignature));
    card.finished();
}

/// A card that powers down when its channel goes, and panics at a chosen command.
struct Panicking {
    powered: Arc<AtomicBool>,
    at: u8,
}

impl Channel for Panicking {
    fn atr(&self) -> &[u8] {
        &[]
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        assert_ne!(command[1], self.at, "the panic of this test");
        Ok(match command {
            _ if command == PROBE => HOLDER.first_bytes(),
            _ if command == TRIES => vec![0x63, 0xC3],
            _ => OK.to_vec(),
        })
    }
}

impl Drop for Panicking {
    fn drop(&mut self) {
        self.powered.store(false, Ordering::SeqCst);
    }
}

#[test]
fn law_2_a_panic_between_verify_and_signature_closes_the_channel() {
    let powered = Arc::new(AtomicBool::new(true));
    let channel: Box<dyn Channel> = Box::new(Panicking { powered: Arc::clone(&powered), at: 0x2A });
    let visit = catch_unwind(AssertUnwindSafe(move || {
        let mut channel = channel;
        confirm(&mut *channel)
    }));
    assert!(visit.is_err());
    assert!(!powered.load(Ordering::SeqCst));
}

fn any_answer() -> impl Strategy<Value = Result<Vec<u8>, ChannelError>> {
    let status = prop_oneof![
        any::<[u8; 2]>(),
        Just([0x90, 0x00]),
        Just([0x61, 0x10]),
        Just([0x6C, 0x10]),
        Just([0x6F, 0x00]),
        Just([0x63, 0x00]),
        Just([0x63, 0xC3]),
        Just([0x63, 0xC2]),
    ];
    let error = prop_oneof![
        Just(ChannelError::Removed),
        Just(ChannelError::NotTransacted),
        Just(ChannelError::Wedged),
        Just(ChannelError::ReaderGone),
    ];
    prop_oneof![
        4 => (proptest::collection::vec(any::<u8>(), 0..70), status).prop_map(|(data, status)| Ok([&data[..], &status].concat())),
        4 => status_only(),
        1 => proptest::collection::vec(any::<u8>(), 0..3).prop_map(Ok),
        1 => error.prop_map(Err),
    ]
}

fn status_only() -> impl Strategy<Value = Result<Vec<u8>, ChannelError>> {
    prop_oneof![Just([0x90, 0x00]), Just([0x63, 0xC3]), Just([0x63, 0x00]), any::<[u8; 2]>()]
        .prop_map(|status| Ok(status.to_vec()))
}

proptest! {
    #[test]
    fn law_1_whatever_the_card_answers_verify_is_sent_once_at_most(
        answers in proptest::collection::vec(any_answer(), 0..12),
        unchanged_until_verify in any::<bool>(),
    ) {
        let mut card = if unchanged_until_verify { unchanged() } else { Scripted::new() };
        for answer in answers {
            card = card.any_result(answer);
        }
        let mut card = card.then_fail(ChannelError::Removed);
        let outcome = confirm(&mut card);
        let sent = pins_sent(&card);
        prop_assert!(sent <= 1);
        match outcome {
            SignOutcome::Changed | SignOutcome::NotSent(_) => prop_assert_eq!(sent, 0),
            SignOutcome::Wrong { left } => prop_assert!(sent == 1 && left > 0),
            SignOutcome::Blocked | SignOutcome::Lost(_) => prop_assert_eq!(sent, 1),
            SignOutcome::Signed(_) => prop_assert!(false, "nobody signed"),
        }
    }

    #[test]
    fn whatever_lies_on_the_reader_reading_ends_without_a_panic_and_without_a_pin(
        answers in proptest::collection::vec(any_answer(), 0..40),
        recognised in any::<bool>(),
    ) {
        let mut card = Scripted::new();
        if recognised {
            card = card.answer(&SELECT_JPKI, &OK).answer(&LABEL, &label("JPKIAPICCTOKEN2", b' ')).answer(&TRIES, &[0x63, 0xC3]);
        }
        for answer in answers {
            card = card.any_result(answer);
        }
        let mut card = card.then_fail(ChannelError::Removed);
        let anchors = TrustAnchors::from_ders(&[HOLDER.root.der()]).expect("anchors");
        let _ = read_card(&mut card, &anchors);
        prop_assert_eq!(pins_sent(&card), 0);
    }
}
