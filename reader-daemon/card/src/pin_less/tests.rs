use std::{collections::VecDeque, sync::LazyLock};

use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use proptest::prelude::*;
use rand_core::OsRng;

use super::*;
use crate::{
    ChannelError,
    certificate::tests::{Authority, spki},
    scripted::Scripted,
};

const OK: [u8; 2] = [0x90, 0x00];
const PROBE: [u8; 5] = [0x00, 0xB0, 0x8A, 0x00, 0x40];
const TOKEN: [u8; 5] = [0x00, 0xB0, 0x86, 0x00, 0xA0];
const LEAVE: [u8; 12] = [0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
const SELECT_JPKI: [u8; 15] =
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const MESSAGE: &[u8] = b"statement of a visit";
const CHALLENGE: [u8; 18] = *b"a new challenge.\x90\x00";

struct Holder {
    key: SigningKey,
    emulator: Authority,
    real: Authority,
    /// Below the emulator's anchor.
    emulated: Certificate,
    /// Below another.
    other: Certificate,
}

static HOLDER: LazyLock<Holder> = LazyLock::new(|| {
    let (key, emulator, real) = (SigningKey::random(&mut OsRng), Authority::emulator(), Authority::root());
    let public = spki(key.verifying_key());
    Holder { emulated: emulator.user(1001, &public), other: real.user(1001, &public), key, emulator, real }
});

fn trust(authority: &Authority) -> TrustAnchors {
    TrustAnchors::from_ders(&[authority.der()]).expect("anchors")
}

/// What the service sends when all is well.
fn commands() -> Vec<Vec<u8>> {
    let with = |header: [u8; 7], data: usize| [&header[..], &vec![0x5A; data]].concat();
    vec![
        with([0x80, 0xA2, 0x06, 0xC1, 0x00, 0x01, 0x33], 307),
        with([0x80, 0xA2, 0x00, 0xC1, 0x00, 0x01, 0x05], 261),
        vec![0x00, 0x84, 0x00, 0x00, 0x10],
        with([0x00, 0x82, 0x00, 0x96, 0x00, 0x01, 0x00], 256),
    ]
}

/// The service's side: gives its commands one after the other, keeps what it is told.
struct Service {
    commands: VecDeque<Result<Option<Vec<u8>>, RelayError>>,
    told: Vec<Option<Vec<u8>>>,
}

impl Service {
    fn sending(commands: Vec<Vec<u8>>) -> Self {
        Self { commands: commands.into_iter().map(|command| Ok(Some(command))).collect(), told: Vec::new() }
    }

    fn failing(mut self, error: RelayError) -> Self {
        self.commands.push_back(Err(error));
        self
    }
}

impl Relay for Service {
    fn next(&mut self, response: Option<&[u8]>) -> Result<Option<Vec<u8>>, RelayError> {
        self.told.push(response.map(<[u8]>::to_vec));
        self.commands.pop_front().unwrap_or(Ok(None))
    }
}

fn token(label: &str, manufacturer: &str) -> Vec<u8> {
    let mut token = label.as_bytes().to_vec();
    token.resize(32, b' ');
    token.extend_from_slice(manufacturer.as_bytes());
    token.resize(160, b' ');
    [&token[..], &OK].concat()
}

fn emulated_token() -> Vec<u8> {
    token("JPKIAPICCTOKEN2", "SOFTWARE EMULATED TEST CARD")
}

fn probe_answer(certificate: &Certificate) -> Vec<u8> {
    [&certificate.der()[..64], &OK].concat()
}

/// The script of an emulated card up to the first command of the service.
fn emulated() -> Scripted {
    Scripted::new().answer(&PROBE, &probe_answer(&HOLDER.emulated)).answer(&TOKEN, &emulated_token())
}

/// The card's answer to the command of this number when all is well.
fn good(number: usize) -> &'static [u8] {
    if number == 2 { &CHALLENGE } else { &OK }
}

/// All four commands were taken.
fn allowed() -> Scripted {
    let mut card = emulated();
    for (number, command) in commands().iter().enumerate() {
        card = card.answer(command, good(number));
    }
    card
}

fn sign_command() -> Vec<u8> {
    let hash = HOLDER.emulated.public_key().hash(MESSAGE);
    [&[0x80, 0x2A, 0x00, 0x97, 0x20], &hash[..], &[0x00]].concat()
}

fn signature() -> Vec<u8> {
    let signature: Signature = HOLDER.key.sign(MESSAGE);
    [&signature.to_bytes()[..], &OK].concat()
}

fn sign(card: &mut Scripted, service: &mut Service) -> PinLessOutcome {
    sign_without_pin(card, &HOLDER.emulated, &trust(&HOLDER.emulator), service, MESSAGE)
}

/// Commands of the PIN-less step that reached the card.
fn relayed(card: &Scripted) -> usize {
    card.sent().iter().filter(|sent| matches!(sent.get(1), Some(0xA2 | 0x84 | 0x82))).count()
}

fn signed(card: &Scripted) -> usize {
    card.sent().iter().filter(|sent| sent.get(1) == Some(&0x2A)).count()
}

#[test]
fn card_md_11_6_four_commands_pass_then_one_signature_and_the_application_is_left() {
    let mut card = allowed().answer(&sign_command(), &signature()).answer(&LEAVE, &OK);
    let mut service = Service::sending(commands());
    let PinLessOutcome::Signed(signature) = sign(&mut card, &mut service) else { panic!("not signed") };
    assert_eq!(HOLDER.emulated.public_key().verify(MESSAGE, &signature), Ok(()));
    card.finished();
    let ok = Some(OK.to_vec());
    assert_eq!(
        service.told,
        [None, ok.clone(), ok.clone(), Some(CHALLENGE.to_vec()), ok],
        "each answer with its status"
    );
}

#[test]
fn card_md_7_4_the_command_is_never_sent_to_a_card_whose_token_is_not_the_emulators() {
    for answer in [
        token("JPKIAPICCTOKEN2", "00000000000000000000000000000001"),
        token("JPKIAPICCTOKEN2", "SOFTWARE EMULATED TEST CARD 2"),
        token("JPKIAPICCTOKEN2", "SOFTWARE EMULATED TEST CARD\0"),
        token("JPKIAPICCTOKEN2", " SOFTWARE EMULATED TEST CARD"),
        token("JPKIAPICCTOKEN", "SOFTWARE EMULATED TEST CARD"),
        token("", ""),
        [&emulated_token()[..64], &OK].concat(),
        [&emulated_token()[..159], &OK].concat(),
        OK.to_vec(),
        vec![0x6A, 0x82],
    ] {
        let mut card = Scripted::new().answer(&PROBE, &probe_answer(&HOLDER.emulated)).answer(&TOKEN, &answer);
        let mut service = Service::sending(commands());
        assert_eq!(sign(&mut card, &mut service), PinLessOutcome::NotAvailable);
        assert_eq!((card.sent().len(), service.told.len()), (2, 0));
    }
}

#[test]
fn card_md_7_4_nor_to_one_whose_chain_does_not_end_at_an_emulators_anchor() {
    let holder = &*HOLDER;
    let below_other = || Scripted::new().answer(&PROBE, &probe_answer(&holder.other));
    let mut real = below_other();
    let mut service = Service::sending(commands());
    let outcome = sign_without_pin(&mut real, &holder.other, &trust(&holder.real), &mut service, MESSAGE);
    assert_eq!((outcome, real.sent().len()), (PinLessOutcome::NotAvailable, 1), "real anchors: not even asked");
    let mut strange = below_other().answer(&[0x00, 0xB0, 0x8B, 0x00, 0x00], &[0x6A, 0x82]);
    let outcome = sign_without_pin(&mut strange, &holder.other, &trust(&holder.emulator), &mut service, MESSAGE);
    assert_eq!((outcome, relayed(&strange)), (PinLessOutcome::NotAvailable, 0));
    let root = holder.real.certificate();
    let mut strange = below_other();
    for (number, chunk) in (0_u8..).zip(root.der().chunks(256)) {
        let le = u8::try_from(chunk.len() % 256).expect("below 256");
        let command = if number == 0 { [0x00, 0xB0, 0x8B, 0x00, 0x00] } else { [0x00, 0xB0, number, 0x00, le] };
        strange = strange.answer(&command, &[chunk, &OK].concat());
    }
    let outcome = sign_without_pin(&mut strange, &holder.other, &trust(&holder.emulator), &mut service, MESSAGE);
    assert_eq!((outcome, relayed(&strange)), (PinLessOutcome::NotAvailable, 0));
    assert!(service.told.is_empty());
}

#[test]
fn law_4_another_card_gets_none_of_the_commands() {
    let mut card = Scripted::new().answer(&PROBE, &probe_answer(&HOLDER.other));
    let mut service = Service::sending(commands());
    assert_eq!(sign(&mut card, &mut service), PinLessOutcome::Changed);
    assert_eq!((card.sent().len(), service.told.len()), (1, 0));
}

/// Answers like an emulated card that takes whatever comes, after the script.
fn taking_all(script: Scripted) -> Scripted {
    script.always(&OK).always_to(0x84, &CHALLENGE)
}

#[test]
fn only_the_four_commands_in_their_order_reach_the_card_and_each_once() {
    let good = commands();
    let changed = |number: usize, change: &dyn Fn(&mut Vec<u8>)| {
        let mut all = good.clone();
        change(&mut all[number]);
        all
    };
    let mut forbidden: Vec<(usize, Vec<Vec<u8>>)> = vec![
        (0, vec![]),
        (0, vec![vec![]]),
        (0, vec![good[1].clone()]),
        (0, vec![good[2].clone()]),
        (0, vec![good[3].clone()]),
        (0, vec![vec![0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'2', b'3', b'4']]),
        (0, vec![sign_command()]),
        (0, vec![SELECT_JPKI.to_vec()]),
        (1, vec![good[0].clone(), good[0].clone()]),
        (1, vec![good[0].clone(), good[2].clone()]),
        (1, vec![good[0].clone()]),
        (2, vec![good[0].clone(), good[1].clone(), good[1].clone()]),
        (2, vec![good[0].clone(), good[1].clone(), vec![0x00, 0x84, 0x00, 0x00, 0x08]]),
        (2, vec![good[0].clone(), good[1].clone(), vec![0x00, 0x84, 0x00, 0x00]]),
        (3, good[..3].to_vec()),
        (3, [&good[..3], &good[2..3]].concat()),
        (4, [&good[..], &good[3..]].concat()),
        (4, [&good[..], &[sign_command()]].concat()),
    ];
    for number in 0..4 {
        // Bytes behind the data, a byte too few, and each byte of the header.
        for longer in [1, 2, 16] {
            // Two bytes are an extended Le, sixteen are data behind the length of the challenge.
            forbidden.push((number, changed(number, &|command| command.extend(vec![0; longer]))));
        }
        forbidden.push((number, changed(number, &|command| command.truncate(command.len() - 1))));
        for place in 0..5 {
            forbidden.push((number, changed(number, &|command| command[place] ^= 0x01)));
        }
    }
    // The same data with a short length cannot be written; an extended one for the challenge can.
    forbidden.push((2, changed(2, &|command| *command = vec![0x00, 0x84, 0x00, 0x00, 0x00, 0x00, 0x10])));
    for (passing, sent) in forbidden {
        let mut card = taking_all(emulated());
        let mut service = Service::sending(sent.clone());
        assert_eq!(sign(&mut card, &mut service), PinLessOutcome::Forbidden, "{sent:02X?}");
        assert_eq!((relayed(&card), signed(&card)), (passing, 0), "{sent:02X?}");
        let end: Vec<_> = card.sent().iter().rev().take(2).cloned().collect();
        assert_eq!(end, [SELECT_JPKI.to_vec(), LEAVE.to_vec()], "no right stays, and the PIN way is open");
    }
}

#[test]
fn a_card_that_refuses_ends_the_step_and_one_that_does_not_know_it_says_so() {
    for refusing in 0..4 {
        for status in [[0x6D, 0x00], [0x6A, 0x88], [0x6A, 0x80], [0x67, 0x00], [0x63, 0x00], [0x69, 0x85], [0x62, 0x82]]
        {
            let mut card = emulated();
            for (number, command) in commands()[..refusing].iter().enumerate() {
                card = card.answer(command, good(number));
            }
            let mut card = taking_all(card.answer(&commands()[refusing], &status));
            let mut service = Service::sending(commands());
            let expected = match (refusing, status) {
                (0, [0x6D, 0x00]) => PinLessOutcome::NotAvailable,
                _ => PinLessOutcome::Refused,
            };
            assert_eq!(sign(&mut card, &mut service), expected, "{refusing} {status:02X?}");
            assert_eq!((relayed(&card), signed(&card), service.told.len()), (refusing + 1, 0, refusing + 1));
        }
    }
}

#[test]
fn an_answer_of_another_length_is_refused_and_none_is_continued() {
    let long = [&[0x5A; 300][..], &OK].concat();
    let short = [&[0x5A; 15][..], &OK].concat();
    let longer = [&[0x5A; 17][..], &OK].concat();
    for at in 0..4 {
        let other = if at == 2 { &OK[..] } else { &CHALLENGE };
        for bad in
            [other, &[0x5A, 0x90, 0x00], &short, &longer, &long, &[0x61, 0x10], &[0x5A, 0x61, 0x00], &[0x6C, 0x10]]
        {
            let mut card = emulated();
            for (number, command) in commands()[..at].iter().enumerate() {
                card = card.answer(command, good(number));
            }
            let mut card = taking_all(card.answer(&commands()[at], bad));
            let mut service = Service::sending(commands());
            assert_eq!(sign(&mut card, &mut service), PinLessOutcome::Refused, "{at} {bad:02X?}");
            // Nor does the service hear of it.
            assert_eq!((relayed(&card), signed(&card), service.told.len()), (at + 1, 0, at + 1), "{at} {bad:02X?}");
            assert!(card.sent().iter().all(|sent| sent.get(1) != Some(&0xC0)), "no GET RESPONSE");
        }
    }
}

#[test]
fn a_relay_that_ends_is_told_apart_and_nothing_is_signed() {
    for error in [RelayError::Unreachable, RelayError::NotAvailable] {
        for after in 0..=4 {
            let mut card = taking_all(emulated());
            let mut service = Service::sending(commands()[..after].to_vec()).failing(error);
            assert_eq!(sign(&mut card, &mut service), PinLessOutcome::Relay(error));
            assert_eq!((relayed(&card), signed(&card)), (after, 0));
        }
    }
}

#[test]
fn a_signature_is_asked_for_once_and_must_fit_the_certificate() {
    let other: Signature = SigningKey::random(&mut OsRng).sign(MESSAGE);
    let foreign = [&other.to_bytes()[..], &OK].concat();
    for answer in [foreign, vec![0x69, 0x82], vec![0x6F, 0x00], OK.to_vec(), vec![0x6C, 0x40]] {
        let mut card = allowed().answer(&sign_command(), &answer).answer(&LEAVE, &OK).answer(&SELECT_JPKI, &OK);
        let outcome = sign(&mut card, &mut Service::sending(commands()));
        assert!(matches!(outcome, PinLessOutcome::Failed(_)), "{outcome:?}");
        card.finished();
    }
}

#[test]
fn a_card_that_breaks_at_any_command_signs_nothing_more() {
    for after in 0..7 {
        let answers = [probe_answer(&HOLDER.emulated), emulated_token()];
        let mut card = Scripted::new();
        for answer in answers.iter().map(Vec::as_slice).chain([0, 1, 2, 3, 4].map(good)).take(after) {
            card = card.anything(answer);
        }
        let mut card = card.then_fail(ChannelError::Removed);
        let outcome = sign(&mut card, &mut Service::sending(commands()));
        assert_eq!(outcome, PinLessOutcome::Failed(ChannelError::Removed.into()), "{after}");
        assert_eq!(signed(&card), usize::from(after == 6), "the seventh is the signature");
    }
}

proptest! {
    #[test]
    fn card_md_7_4_law_whatever_token_a_card_shows_only_the_emulators_is_sent_the_step(
        label in prop_oneof![Just("JPKIAPICCTOKEN2".to_owned()), "[A-Z0-9]{0,20}"],
        manufacturer in prop_oneof![Just("SOFTWARE EMULATED TEST CARD".to_owned()), "[ -~]{0,32}"],
        length in prop_oneof![Just(160_usize), 0_usize..300], status in prop_oneof![Just(OK), any::<[u8; 2]>()],
    ) {
        let mut info = token(&label, &manufacturer);
        info.truncate(160);
        info.resize(length, b' ');
        let genuine = info.len() == 160
            && info[..32] == *b"JPKIAPICCTOKEN2                 "
            && info[32..64] == *b"SOFTWARE EMULATED TEST CARD     ";
        let mut card = Scripted::new().answer(&PROBE, &probe_answer(&HOLDER.emulated)).anything(&[&info[..], &status].concat());
        card = card.always(&[0x6D, 0x00]);
        let _ = sign(&mut card, &mut Service::sending(commands()));
        prop_assert!(genuine || relayed(&card) == 0);
    }

    #[test]
    fn law_9_no_command_of_a_hostile_service_reaches_the_card(
        sent in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..330),
                (0_usize..4, any::<proptest::sample::Index>(), any::<u8>()).prop_map(|(number, at, change)| {
                    let mut command = commands().swap_remove(number);
                    let at = at.index(7.min(command.len()));
                    command[at] ^= change;
                    command
                }),
                (0_usize..4).prop_map(|number| commands().swap_remove(number)),
            ],
            0..7,
        ),
    ) {
        let mut card = taking_all(emulated());
        let outcome = sign(&mut card, &mut Service::sending(sent.clone()));
        // What reached the card is a beginning of the list, to the byte (data is free).
        let reached: Vec<_> = card.sent().iter().filter(|sent| matches!(sent.get(1), Some(0xA2 | 0x84 | 0x82))).collect();
        for (reached, good) in reached.iter().zip(commands()) {
            prop_assert_eq!(reached.len(), good.len());
            prop_assert_eq!(&reached[..7.min(good.len())], &good[..7.min(good.len())]);
        }
        prop_assert!(reached.len() <= 4);
        let all: Vec<Vec<u8>> = card.sent().to_vec();
        let ours = [PROBE.to_vec(), TOKEN.to_vec(), LEAVE.to_vec(), SELECT_JPKI.to_vec(), sign_command()];
        prop_assert!(all.iter().all(|sent| ours.contains(sent) || reached.contains(&sent)));
        let complete = sent.len() == 4 && reached.len() == 4;
        prop_assert_eq!(signed(&card), usize::from(complete));
        prop_assert!(complete || outcome == PinLessOutcome::Forbidden, "{:?}", outcome);
    }
}
