use std::{cell::Cell, sync::LazyLock};

use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use proptest::prelude::*;
use rand_core::OsRng;

use super::*;
use crate::{
    ChannelError,
    apdu::{INS_VERIFY, StatusWord},
    certificate::tests::{Authority, spki},
    jpki::OtherCard,
    pin::tests::pin,
    scripted::Scripted,
};

const SELECT_JPKI: [u8; 15] =
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const LABEL: [u8; 5] = [0x00, 0xB0, 0x86, 0x00, 0x40];
const QUERY: [u8; 4] = [0x00, 0x20, 0x00, 0x98];
const VERIFY: [u8; 9] = [0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'2', b'3', b'4'];
const LAST: [u8; 4] = [0x80, 0xFC, 0x00, 0x00];
const LEAVE: [u8; 12] = [0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
const OK: [u8; 2] = [0x90, 0x00];
const NOT_THERE: [u8; 2] = [0x6A, 0x82];
const STATEMENT: &[u8] = b"statement of a visit";
const BOTH: [PhoneKind; 2] = [PhoneKind::Android, PhoneKind::Iphone];

struct Holder {
    key: SigningKey,
    certificate: Certificate,
    root: Authority,
}

static HOLDER: LazyLock<Holder> = LazyLock::new(|| {
    let (key, root) = (SigningKey::random(&mut OsRng), Authority::root());
    Holder { certificate: root.user(1001, &spki(key.verifying_key())), key, root }
});

fn token(kind: PhoneKind) -> Vec<u8> {
    let mut info = match kind {
        PhoneKind::Android => b"JPKIAPGPSETOKEN".to_vec(),
        PhoneKind::Iphone => b"JPKIAPIOSTOKEN".to_vec(),
    };
    info.resize(64, b' ');
    [info, OK.to_vec()].concat()
}

fn recognised(kind: PhoneKind) -> Scripted {
    Scripted::new().answer(&SELECT_JPKI, &OK).answer(&LABEL, &token(kind))
}

/// Until the certificate may be read.
fn verified(kind: PhoneKind) -> Scripted {
    match kind {
        PhoneKind::Android => recognised(kind).answer(&QUERY, &[0x63, 0xC3]).answer(&VERIFY, &OK),
        PhoneKind::Iphone => recognised(kind).answer(&QUERY, &OK),
    }
}

fn certificate_read(mut phone: Scripted, certificate: &Certificate) -> Scripted {
    for (number, chunk) in (0_u8..).zip(certificate.der().chunks(256)) {
        let le = u8::try_from(chunk.len() % 256).expect("below 256");
        let command = if number == 0 { [0x00, 0xB0, 0x8A, 0x00, 0x00] } else { [0x00, 0xB0, number, 0x00, le] };
        phone = phone.answer(&command, &[chunk, &OK].concat());
    }
    phone
}

fn sign_command() -> Vec<u8> {
    let hash = HOLDER.certificate.public_key().hash(STATEMENT);
    [&[0x80, 0x2A, 0x00, 0x97, 0x20], &hash[..], &[0x00]].concat()
}

fn signature() -> Vec<u8> {
    let signature: Signature = HOLDER.key.sign(STATEMENT);
    signature.to_bytes().to_vec()
}

/// The script to its end: last command for the iPhone only, then the way out, which a phone need not know.
fn ended(phone: Scripted, kind: PhoneKind) -> Scripted {
    match kind {
        PhoneKind::Android => phone.answer(&LEAVE, &NOT_THERE),
        PhoneKind::Iphone => phone.answer(&LAST, &OK).answer(&LEAVE, &NOT_THERE),
    }
}

fn tapped(phone: &mut Scripted, expected: Option<PhoneKind>, pin: Option<Pin>) -> PhoneOutcome {
    tapped_for(phone, expected, pin, &mut |_| Some(STATEMENT.to_vec()))
}

fn tapped_for(
    phone: &mut Scripted,
    expected: Option<PhoneKind>,
    pin: Option<Pin>,
    statement: &mut dyn FnMut(&Certificate) -> Option<Vec<u8>>,
) -> PhoneOutcome {
    let trust = TrustAnchors::from_ders(&[HOLDER.root.der()]).expect("anchors");
    let mut held = pin;
    let had = held.is_some();
    let outcome = sign_with_phone(phone, PhoneOrder { expected, pin: &mut held, trust: &trust, statement });
    let taken = pins_sent(phone) > 0 || matches!(outcome, PhoneOutcome::LastTry | PhoneOutcome::Blocked);
    assert_eq!(held.is_some(), had && !taken, "the PIN waits for the next tap until it is sent: {outcome:?}");
    outcome
}

/// With the PIN in the order where the phone wants one.
fn chosen(phone: &mut Scripted, kind: PhoneKind) -> PhoneOutcome {
    let pin = (kind == PhoneKind::Android).then(|| pin(b"1234"));
    tapped(phone, Some(kind), pin)
}

fn count(phone: &Scripted, wanted: impl Fn(&[u8]) -> bool) -> usize {
    phone.sent().iter().filter(|sent| wanted(sent)).count()
}

fn pins_sent(phone: &Scripted) -> usize {
    count(phone, |sent| sent.get(1) == Some(&INS_VERIFY) && sent.len() > 5)
}

#[test]
fn card_md_8_3_either_phone_signs_in_one_conversation() {
    for kind in BOTH {
        let phone = certificate_read(verified(kind), &HOLDER.certificate);
        let phone = phone.answer(&sign_command(), &[&signature()[..], &OK].concat());
        let mut phone = ended(phone, kind);
        let asked = Cell::new(None);
        let mut statement = |certificate: &Certificate| {
            asked.set(Some(certificate.sha256()));
            Some(STATEMENT.to_vec())
        };
        let outcome = tapped_for(&mut phone, Some(kind), Some(pin(b"1234")), &mut statement);
        let (certificate, ca) = (Box::new(HOLDER.certificate.clone()), Box::new(HOLDER.root.certificate()));
        assert_eq!(outcome, PhoneOutcome::Signed { kind, certificate, ca, signature: signature() });
        assert_eq!(asked.get(), Some(HOLDER.certificate.sha256()), "the statement holds the certificate's hash");
        phone.finished();
        assert_eq!(pins_sent(&phone), usize::from(kind == PhoneKind::Android));
    }
}

#[test]
fn law_1_with_one_try_or_none_left_nothing_is_sent() {
    for (answer, outcome) in [
        ([0x63, 0xC1], PhoneOutcome::LastTry),
        ([0x63, 0xC0], PhoneOutcome::Blocked),
        ([0x69, 0x83], PhoneOutcome::Blocked),
        ([0x69, 0x84], PhoneOutcome::Blocked),
    ] {
        for held in [true, false] {
            let mut phone = recognised(PhoneKind::Android).answer(&QUERY, &answer);
            assert_eq!(tapped(&mut phone, None, held.then(|| pin(b"1234"))), outcome);
            assert_eq!(pins_sent(&phone), 0);
        }
    }
}

#[test]
fn a_phone_held_too_early_is_understood() {
    for expected in [None, Some(PhoneKind::Android)] {
        let mut phone = recognised(PhoneKind::Android).answer(&QUERY, &[0x63, 0xC2]);
        assert_eq!(tapped(&mut phone, expected, None), PhoneOutcome::PinWanted { tries_left: 2 });
        phone.finished();
    }
}

#[test]
fn the_other_kind_and_what_is_no_phone_get_nothing() {
    for (kind, other) in [(PhoneKind::Android, PhoneKind::Iphone), (PhoneKind::Iphone, PhoneKind::Android)] {
        let mut phone = recognised(other);
        assert_eq!(tapped(&mut phone, Some(kind), Some(pin(b"1234"))), PhoneOutcome::OtherKind(other));
        phone.finished();
    }
    let mut label = b"JPKIAPICCTOKEN2".to_vec();
    label.resize(64, b' ');
    let mut card = Scripted::new().answer(&SELECT_JPKI, &OK).answer(&LABEL, &[label, OK.to_vec()].concat());
    let what = Recognised::MyNumber { emulated: false };
    assert_eq!(chosen(&mut card, PhoneKind::Android), PhoneOutcome::NotAPhone(what));
    let mut nothing = Scripted::new().always(&NOT_THERE);
    let what = Recognised::Other(OtherCard::Unknown);
    assert_eq!(chosen(&mut nothing, PhoneKind::Iphone), PhoneOutcome::NotAPhone(what));
    assert_eq!(pins_sent(&card) + pins_sent(&nothing), 0);
    assert_eq!(count(&nothing, |sent| sent.starts_with(&[0x80])), 0);
}

#[test]
fn law_2_an_iphone_must_say_9000_and_an_android_phone_must_not() {
    for answer in [[0x63, 0xC3], [0x63, 0xC0], [0x69, 0x82], [0x69, 0x83], [0x6D, 0x00], [0x61, 0x00], [0x90, 0x01]] {
        let mut phone = recognised(PhoneKind::Iphone).answer(&QUERY, &answer);
        assert_eq!(tapped(&mut phone, None, Some(pin(b"1234"))), PhoneOutcome::NotVerified, "{answer:02X?}");
        phone.finished();
    }
    let mut left_over = recognised(PhoneKind::Android).answer(&QUERY, &OK);
    assert_eq!(chosen(&mut left_over, PhoneKind::Android), PhoneOutcome::NotSent(CardError::StillVerified));
}

#[test]
fn a_wrong_pin_is_sent_once_and_says_what_is_left() {
    for (answer, outcome) in [
        ([0x63, 0xC2], PhoneOutcome::Wrong { left: 2 }),
        ([0x63, 0xC0], PhoneOutcome::Blocked),
        ([0x69, 0x84], PhoneOutcome::Blocked),
    ] {
        let mut phone = recognised(PhoneKind::Android).answer(&QUERY, &[0x63, 0xC3]).answer(&VERIFY, &answer);
        assert_eq!(chosen(&mut phone, PhoneKind::Android), outcome);
        phone.finished();
    }
}

#[test]
fn without_a_trusted_chain_or_a_statement_nothing_is_signed() {
    for kind in BOTH {
        let stranger = Authority::root();
        let foreign = stranger.user(1001, &spki(HOLDER.key.verifying_key()));
        let phone = certificate_read(verified(kind), &foreign).answer(&[0x00, 0xB0, 0x8B, 0x00, 0x00], &NOT_THERE);
        let mut phone = ended(phone, kind);
        let never = &mut |_: &Certificate| -> Option<Vec<u8>> { panic!("not for a stranger") };
        let outcome = tapped_for(&mut phone, Some(kind), Some(pin(b"1234")), never);
        assert_eq!(outcome, PhoneOutcome::Untrusted(ChainError::NoAuthority));
        phone.finished();

        let mut phone = ended(certificate_read(verified(kind), &HOLDER.certificate), kind);
        let outcome = tapped_for(&mut phone, Some(kind), Some(pin(b"1234")), &mut |_| None);
        assert_eq!(outcome, PhoneOutcome::NoStatement);
        phone.finished();
    }
}

#[test]
fn a_signature_of_another_key_is_refused() {
    let other: Signature = SigningKey::random(&mut OsRng).sign(STATEMENT);
    for (kind, outcome) in [
        (PhoneKind::Android, PhoneOutcome::Lost(CardError::WrongSignature)),
        (PhoneKind::Iphone, PhoneOutcome::NotSent(CardError::WrongSignature)),
    ] {
        let phone = certificate_read(verified(kind), &HOLDER.certificate);
        let phone = phone.answer(&sign_command(), &[&other.to_bytes()[..], &OK].concat());
        let mut phone = ended(phone, kind);
        assert_eq!(chosen(&mut phone, kind), outcome);
        phone.finished();
    }
}

#[test]
fn law_1_what_breaks_before_verify_costs_nothing_and_what_breaks_at_it_may() {
    let removed = ChannelError::Removed;
    let mut before = recognised(PhoneKind::Android).fail(&QUERY, removed);
    assert_eq!(chosen(&mut before, PhoneKind::Android), PhoneOutcome::NotSent(removed.into()));
    let mut at = recognised(PhoneKind::Android).answer(&QUERY, &[0x63, 0xC3]).fail(&VERIFY, removed).then_fail(removed);
    assert_eq!(chosen(&mut at, PhoneKind::Android), PhoneOutcome::Lost(removed.into()));
    assert_eq!(pins_sent(&at), 1);
    let mut odd = recognised(PhoneKind::Android).answer(&QUERY, &[0x63, 0xC3]).answer(&VERIFY, &[0x67, 0x00]);
    odd = odd.answer(&LEAVE, &NOT_THERE);
    let error = CardError::Unexpected { command: "VERIFY", status: StatusWord(0x6700) };
    assert_eq!(chosen(&mut odd, PhoneKind::Android), PhoneOutcome::Lost(error));
    let mut iphone = verified(PhoneKind::Iphone).then_fail(removed);
    assert_eq!(chosen(&mut iphone, PhoneKind::Iphone), PhoneOutcome::NotSent(removed.into()));
}

#[test]
fn the_answer_to_the_last_command_decides_nothing() {
    for answer in [Ok(vec![0x67, 0x00]), Ok(vec![]), Ok(vec![0x61, 0x10]), Err(ChannelError::Removed)] {
        let phone = certificate_read(verified(PhoneKind::Iphone), &HOLDER.certificate);
        let phone = phone.answer(&sign_command(), &[&signature()[..], &OK].concat());
        let mut phone = phone.any_result(answer).any_result(Err(ChannelError::Removed));
        let outcome = chosen(&mut phone, PhoneKind::Iphone);
        assert!(matches!(outcome, PhoneOutcome::Signed { .. }), "{outcome:?}");
        phone.finished();
    }
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
        Just([0x63, 0xC1]),
    ];
    let error = prop_oneof![
        Just(ChannelError::Removed),
        Just(ChannelError::NotTransacted),
        Just(ChannelError::Wedged),
        Just(ChannelError::Malformed),
    ];
    let data = prop_oneof![
        2 => Just(Vec::new()),
        1 => proptest::collection::vec(any::<u8>(), 0..70),
        1 => Just(token(PhoneKind::Android)[..64].to_vec()),
        1 => Just(token(PhoneKind::Iphone)[..64].to_vec()),
        1 => Just(HOLDER.certificate.der().iter().copied().take(256).collect()),
    ];
    prop_oneof![
        6 => (data, status).prop_map(|(data, status)| Ok([&data[..], &status].concat())),
        1 => proptest::collection::vec(any::<u8>(), 0..3).prop_map(Ok),
        1 => error.prop_map(Err),
    ]
}

/// How far a phone behaves before it becomes hostile.
fn any_start() -> impl Strategy<Value = (&'static str, Option<PhoneKind>)> {
    prop_oneof![
        Just(("nothing", None)),
        Just(("label", Some(PhoneKind::Android))),
        Just(("label", Some(PhoneKind::Iphone))),
        Just(("tries", Some(PhoneKind::Android))),
        Just(("verified", Some(PhoneKind::Android))),
        Just(("verified", Some(PhoneKind::Iphone))),
        Just(("certificate", Some(PhoneKind::Android))),
        Just(("certificate", Some(PhoneKind::Iphone))),
    ]
}

fn started(start: (&str, Option<PhoneKind>)) -> Scripted {
    match start {
        ("label", Some(kind)) => recognised(kind),
        ("tries", Some(kind)) => recognised(kind).answer(&QUERY, &[0x63, 0xC3]),
        ("verified", Some(kind)) => verified(kind),
        ("certificate", Some(kind)) => certificate_read(verified(kind), &HOLDER.certificate),
        _ => Scripted::new(),
    }
}

proptest! {
    #[test]
    fn laws_1_and_9_whatever_a_phone_answers_verify_is_sent_once_at_most_and_the_tap_ends(
        start in any_start(),
        answers in proptest::collection::vec(any_answer(), 0..30),
        held in any::<bool>(),
        chooses in any::<bool>(),
    ) {
        let mut phone = started(start);
        for answer in answers {
            phone = phone.any_result(answer);
        }
        let mut phone = phone.then_fail(ChannelError::Removed);
        // The script of a verified Android phone needs the PIN that was verified.
        let held = held || matches!(start, ("verified" | "certificate", _));
        let outcome = tapped(&mut phone, start.1.filter(|_| chooses), held.then(|| pin(b"1234")));
        let (sent, last) = (pins_sent(&phone), count(&phone, |sent| sent == LAST));
        prop_assert!(sent <= usize::from(held) && last <= 1 && sent + last <= 1, "{sent} PINs, {last} last commands");
        prop_assert_eq!(count(&phone, |sent| sent.starts_with(&[0x80, 0xA2])), 0);
        match outcome {
            PhoneOutcome::PinWanted { tries_left } => prop_assert!(!held && sent == 0 && tries_left > 1),
            PhoneOutcome::OtherKind(_)
            | PhoneOutcome::NotAPhone(_)
            | PhoneOutcome::NotVerified
            | PhoneOutcome::LastTry
            | PhoneOutcome::NotSent(_) => prop_assert_eq!(sent, 0),
            PhoneOutcome::Wrong { left } => prop_assert!(sent == 1 && left > 0),
            PhoneOutcome::Lost(_) => prop_assert_eq!(sent, 1),
            PhoneOutcome::Blocked | PhoneOutcome::Untrusted(_) => {}
            PhoneOutcome::NoStatement | PhoneOutcome::Signed { .. } => prop_assert!(false, "nobody signed"),
        }
    }
}
