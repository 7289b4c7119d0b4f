//! The PIN-less step against the emulated card: E-20 to E-25 with real keys.

use apdu_fixtures::{CardOptions, Faults, Hand, Issuer, Profile, UserKey};
use card::{
    CardReading, Certificate, Channel, ChannelError, PhotoOutcome, PinLessOutcome, Reader, Relay, RelayError,
    SignOutcome, SignerKeys, SurfaceCode, TrustAnchors, read_card, read_photo, sign_without_pin, verify_and_sign,
};

use super::{STATEMENT, anchors, counts, pin, pki, placed, read, verified};

/// The clinic's service: it holds the institution's credential and gives one command after the other.
struct Service {
    institution: pki::Institution,
    given: usize,
    /// Signs another challenge than the card's.
    lies: bool,
    /// Cannot be reached any more after so many commands.
    breaks_after: Option<usize>,
}

impl Service {
    fn new(institution: pki::Institution) -> Self {
        Self { institution, given: 0, lies: false, breaks_after: None }
    }
}

fn extended(header: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short").to_be_bytes();
    [&header[..], &[0x00], &length, data].concat()
}

impl Relay for Service {
    fn next(&mut self, response: Option<&[u8]>) -> Result<Option<Vec<u8>>, RelayError> {
        if self.breaks_after == Some(self.given) {
            return Err(RelayError::Unreachable);
        }
        assert_eq!(response.is_none(), self.given == 0);
        let data = response.map(|response| response.strip_suffix(&[0x90, 0x00]).expect("only good answers come back"));
        self.given += 1;
        let (first, second) = self.institution.cvc.split_at(307);
        Ok(match self.given {
            1 => Some(extended([0x80, 0xA2, 0x06, 0xC1], first)),
            2 => Some(extended([0x80, 0xA2, 0x00, 0xC1], second)),
            3 => Some(vec![0x00, 0x84, 0x00, 0x00, 0x10]),
            4 => {
                let challenge = data.filter(|data| data.len() == 16).expect("the card's challenge");
                let signed: &[u8] = if self.lies { b"another challenge" } else { challenge };
                Some(extended([0x00, 0x82, 0x00, 0x96], &self.institution.sign(signed)))
            }
            _ => None,
        })
    }
}

fn sign(channel: &mut dyn Channel, certificate: &Certificate, service: &mut Service) -> PinLessOutcome {
    sign_without_pin(channel, certificate, &anchors(), service, STATEMENT)
}

fn is_signed(outcome: &PinLessOutcome, certificate: &Certificate) -> bool {
    match outcome {
        PinLessOutcome::Signed(signature) => certificate.public_key().verify(STATEMENT, signature).is_ok(),
        PinLessOutcome::NotAvailable
        | PinLessOutcome::Forbidden
        | PinLessOutcome::Refused
        | PinLessOutcome::Changed
        | PinLessOutcome::Relay(_)
        | PinLessOutcome::Failed(_) => false,
    }
}

#[test]
fn card_md_11_6_a_whole_face_visit_signs_without_a_pin_and_leaves_nothing_behind() {
    for profile in [Profile::Standard, Profile::FaceOnly, Profile::PinBlocked] {
        let (reader, hand) = placed(profile, |_| {});
        let mut channel = reader.connect().expect("connected");
        let (certificate, tries) = read(&mut *channel);
        let code = SurfaceCode::from_digits(&hand.with_card(|card| card.surface_code()).expect("a card"));
        let signers = SignerKeys::from_bytes(&pki::signer_keys()).expect("keys");
        let photo = read_photo(&mut *channel, &certificate, code.expect("plausible"), &signers, &[1; 16]);
        assert!(matches!(photo, Ok(PhotoOutcome::Authentic(_))), "{photo:?}");
        let before = counts(&hand);
        let outcome = sign(&mut *channel, &certificate, &mut Service::new(pki::institution()));
        assert!(is_signed(&outcome, &certificate), "{profile}: {outcome:?}");
        let after = counts(&hand);
        assert_eq!((after.commands - before.commands, after.signatures - before.signatures), (8, 1));
        assert_eq!((after.verify, after.codes, after.tries_left), (1, 1, Some(tries)), "no PIN try is touched");
        assert!(!verified(&hand), "law 2");
    }
}

#[test]
fn every_algorithm_and_every_way_of_answering_signs_without_a_pin() {
    for key in [UserKey::Rsa2048, UserKey::P256, UserKey::P384] {
        for faults in ["none", "6cxx", "short-answers", "first-6f00"] {
            let (reader, _hand) = placed(Profile::Standard, |options| {
                options.key = Some(key);
                options.faults = faults.parse().expect("faults");
            });
            let mut channel = reader.connect().expect("connected");
            let (certificate, _) = read(&mut *channel);
            let outcome = sign(&mut *channel, &certificate, &mut Service::new(pki::institution()));
            assert!(is_signed(&outcome, &certificate), "{key:?} {faults}: {outcome:?}");
        }
    }
}

/// A card that did not sign without PIN: the right is gone, and the PIN way works on the same channel.
fn refused(change: impl FnOnce(&mut CardOptions), service: &mut Service) -> (PinLessOutcome, Hand) {
    let (reader, hand) = placed(Profile::Standard, change);
    let mut channel = reader.connect().expect("connected");
    let (certificate, tries) = read(&mut *channel);
    let outcome = sign(&mut *channel, &certificate, service);
    assert!(!verified(&hand), "{outcome:?}");
    assert_eq!(counts(&hand).signatures, 0, "{outcome:?}");
    let signed = verify_and_sign(&mut *channel, &certificate, tries, pin(b"1234"), STATEMENT);
    assert!(matches!(signed, SignOutcome::Signed(_)), "{outcome:?}, then {signed:?}");
    (outcome, hand)
}

#[test]
fn card_md_e_21_and_e_23_a_credential_that_the_card_does_not_take_is_refused() {
    for (institution, given) in [(pki::foreign_institution(), 1), (pki::forged_institution(), 2)] {
        let mut service = Service::new(institution);
        assert_eq!(refused(|_| {}, &mut service).0, PinLessOutcome::Refused);
        assert_eq!(service.given, given);
    }
    let mut lying = Service { lies: true, ..Service::new(pki::institution()) };
    assert_eq!(refused(|_| {}, &mut lying).0, PinLessOutcome::Refused);
    assert_eq!(lying.given, 4);
}

#[test]
fn an_answer_that_would_have_to_be_fetched_is_no_answer_to_the_four_commands() {
    let mut service = Service::new(pki::institution());
    let (outcome, _hand) = refused(|options| options.faults = "61xx".parse().expect("faults"), &mut service);
    assert_eq!(outcome, PinLessOutcome::Refused);
}

#[test]
fn card_md_e_25_a_card_that_does_not_do_it_says_so() {
    let mut service = Service::new(pki::institution());
    let (outcome, _hand) = refused(|options| options.pin_less = false, &mut service);
    assert_eq!((outcome, service.given), (PinLessOutcome::NotAvailable, 1));
}

#[test]
fn card_md_e_24_a_right_that_was_not_used_does_not_stay() {
    for after in 0..=4 {
        let mut service = Service { breaks_after: Some(after), ..Service::new(pki::institution()) };
        assert_eq!(refused(|_| {}, &mut service).0, PinLessOutcome::Relay(RelayError::Unreachable));
    }
}

#[test]
fn card_md_7_4_a_card_below_an_older_root_of_the_emulator_may_and_one_below_a_foreign_root_may_not() {
    let (reader, _hand) = placed(Profile::Standard, |options| options.issuer = Issuer::Previous);
    let mut channel = reader.connect().expect("connected");
    let (certificate, _) = read(&mut *channel);
    let outcome = sign(&mut *channel, &certificate, &mut Service::new(pki::institution()));
    assert!(is_signed(&outcome, &certificate), "{outcome:?}");

    let (reader, _hand) = placed(Profile::Standard, |options| options.issuer = Issuer::Unlisted);
    let mut channel = reader.connect().expect("connected");
    let foreign = TrustAnchors::from_ders(&[pki::Authority::Unlisted.certificate_der()]).expect("an anchor");
    let reading = read_card(&mut *channel, &foreign).expect("read");
    let CardReading::MyNumber { certificate, pin_less, .. } = reading else { panic!("{reading:?}") };
    assert!(!pin_less, "its organisation is not the emulator's");
    let mut service = Service::new(pki::institution());
    for trust in [foreign, anchors()] {
        let outcome = sign_without_pin(&mut *channel, &certificate, &trust, &mut service, STATEMENT);
        assert_eq!((outcome, service.given), (PinLessOutcome::NotAvailable, 0));
    }
}

#[test]
fn a_card_pulled_at_any_command_ends_the_step() {
    for after in 0..7 {
        let (reader, hand) = placed(Profile::Standard, |_| {});
        let mut channel = reader.connect().expect("connected");
        let (certificate, _) = read(&mut *channel);
        let faults = Faults { removed_after: Some(after), ..Faults::default() };
        hand.with_card(|card| card.set_faults(faults)).expect("a card");
        let outcome = sign(&mut *channel, &certificate, &mut Service::new(pki::institution()));
        assert_eq!(outcome, PinLessOutcome::Failed(ChannelError::Removed.into()), "{after}");
        assert_eq!((counts(&hand).verify, counts(&hand).signatures), (0, 0));
    }
}
