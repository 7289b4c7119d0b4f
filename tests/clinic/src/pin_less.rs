//! The service's side of the PIN-less step (card.md 7.5, E-21 to E-23): which command follows which response.
//!
//! Four commands, each only after the card's good answer to the one before. Only emulated cards know this form of the
//! step; what real cards want is not public (card.md 7.4).

use apdu_fixtures::pki::Institution;
use qualification::Word;

use crate::refusal::Refusal;

/// Bytes of an institution's certificate, and of its first part (E-21).
const CERTIFICATE: usize = 568;
const FIRST_PART: usize = 307;
/// Asks the card for its challenge (E-22).
const GET_CHALLENGE: [u8; 5] = [0x00, 0x84, 0x00, 0x00, 0x10];
const CHALLENGE: usize = 16;
const GOOD: [u8; 2] = [0x90, 0x00];

/// Where a relay stands: what the card was sent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// First part of the institution's certificate.
    FirstPart,
    /// Second part.
    SecondPart,
    /// The question for a challenge.
    Challenge,
    /// The institution's signature over the challenge.
    Signature,
    /// The card took everything; nothing more is sent.
    Finished,
    /// It failed before the institution's signature was handed out; nothing more is sent and nothing may rest on it.
    Over,
    /// It failed after the institution's signature was handed out: the card may sign without its PIN.
    Spent,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 7] =
        [Self::FirstPart, Self::SecondPart, Self::Challenge, Self::Signature, Self::Finished, Self::Over, Self::Spent];

    /// Where a relay stands that fails here. What has ended stays as it is.
    #[must_use]
    pub const fn failed(self) -> Self {
        match self {
            Self::FirstPart | Self::SecondPart | Self::Challenge | Self::Over => Self::Over,
            Self::Signature | Self::Spent => Self::Spent,
            Self::Finished => Self::Finished,
        }
    }

    /// Whether the card may sign without its PIN: the institution's signature was handed out for it. No signature of
    /// such a session proves that a PIN was known.
    #[must_use]
    pub const fn may_have_opened_the_card(self) -> bool {
        match self {
            Self::FirstPart | Self::SecondPart | Self::Challenge | Self::Over => false,
            Self::Signature | Self::Finished | Self::Spent => true,
        }
    }

    /// As in the books.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstPart => "first_part",
            Self::SecondPart => "second_part",
            Self::Challenge => "challenge",
            Self::Signature => "signature",
            Self::Finished => "finished",
            Self::Over => "over",
            Self::Spent => "spent",
        }
    }
}

/// The institution's certificate in the two parts that the card takes; `None` when it has another size.
fn parts(institution: &Institution) -> Option<(&[u8], &[u8])> {
    (institution.cvc.len() == CERTIFICATE).then(|| institution.cvc.split_at_checked(FIRST_PART)).flatten()
}

/// Whether a credential has the form that E-21 loads.
#[must_use]
pub fn can_be_loaded(institution: &Institution) -> bool {
    parts(institution).is_some()
}

/// The first command.
///
/// # Errors
/// [`Word::Internal`]: the credential has not the form of E-21.
pub fn first(institution: &Institution) -> Result<(Step, Vec<u8>), Refusal> {
    let (first, _) = parts(institution).ok_or_else(unusable)?;
    Ok((Step::FirstPart, command([0x80, 0xA2, 0x06, 0xC1], first)))
}

/// What follows the card's response to the command of `step`; no command: the relay is finished.
///
/// # Errors
/// [`Word::CardRefused`]: the card did not take it. [`Word::RelayOrder`]: this relay expects no response any more.
pub fn next(institution: &Institution, step: Step, response: &[u8]) -> Result<(Step, Option<Vec<u8>>), Refusal> {
    match step {
        Step::FirstPart => {
            taken(step, response, 0)?;
            let (_, second) = parts(institution).ok_or_else(unusable)?;
            Ok((Step::SecondPart, Some(command([0x80, 0xA2, 0x00, 0xC1], second))))
        }
        Step::SecondPart => {
            taken(step, response, 0)?;
            Ok((Step::Challenge, Some(GET_CHALLENGE.to_vec())))
        }
        Step::Challenge => {
            let challenge = taken(step, response, CHALLENGE)?;
            Ok((Step::Signature, Some(command([0x00, 0x82, 0x00, 0x96], &institution.sign(challenge)))))
        }
        Step::Signature => {
            taken(step, response, 0)?;
            Ok((Step::Finished, None))
        }
        Step::Finished | Step::Over | Step::Spent => Err(Refusal::new(Word::RelayOrder, "this relay has ended")),
    }
}

/// The data of a good response of exactly this length.
fn taken(step: Step, response: &[u8], length: usize) -> Result<&[u8], Refusal> {
    match response.split_last_chunk::<2>() {
        Some((data, status)) if *status == GOOD && data.len() == length => Ok(data),
        Some((_, [sw1, sw2])) => {
            let detail = format!("the card answered {sw1:02X}{sw2:02X} at {}", step.name());
            Err(Refusal::new(Word::CardRefused, detail))
        }
        None => Err(Refusal::new(Word::CardRefused, format!("no status word at {}", step.name()))),
    }
}

/// A command with extended length and no answer data.
fn command(header: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let mut apdu = header.to_vec();
    apdu.push(0x00);
    apdu.extend(length.to_be_bytes());
    apdu.extend(data);
    apdu
}

fn unusable() -> Refusal {
    Refusal::new(Word::Internal, "the institution's credential has not the form of the PIN-less step")
}

#[cfg(test)]
mod tests {
    use apdu_fixtures::pki::institution;
    use proptest::prelude::*;

    use super::*;

    const CHALLENGE_ANSWER: [u8; 18] = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0x90, 0x00];

    fn good(step: Step) -> &'static [u8] {
        if step == Step::Challenge { &CHALLENGE_ANSWER } else { &GOOD }
    }

    #[test]
    fn the_commands_are_the_four_of_the_architecture_in_their_order() {
        let institution = institution();
        let (mut step, mut sent) = first(&institution).unwrap();
        let mut commands = Vec::new();
        loop {
            commands.push(sent);
            let (following, command) = next(&institution, step, good(step)).unwrap();
            step = following;
            let Some(command) = command else { break };
            sent = command;
        }
        assert_eq!(step, Step::Finished);
        assert_eq!(commands.len(), 4);
        assert_eq!(commands[0], [&[0x80, 0xA2, 0x06, 0xC1, 0x00, 0x01, 0x33], &institution.cvc[..307]].concat());
        assert_eq!(commands[1], [&[0x80, 0xA2, 0x00, 0xC1, 0x00, 0x01, 0x05], &institution.cvc[307..]].concat());
        assert_eq!(commands[2], [0x00, 0x84, 0x00, 0x00, 0x10]);
        assert_eq!(commands[3][..7], [0x00, 0x82, 0x00, 0x96, 0x00, 0x01, 0x00]);
        assert_eq!(commands[3][7..], institution.sign(&[7; 16]));
        assert!(commands.iter().all(|command| command.len() <= qualification::limits::MAX_COMMAND));
    }

    #[test]
    fn anything_but_the_good_answer_is_a_refusal_by_the_card() {
        for step in [Step::FirstPart, Step::SecondPart, Step::Challenge, Step::Signature] {
            let more = [&[0], good(step)].concat();
            let less = &good(step)[1..];
            let bad: [&[u8]; 8] =
                [&[], &[0x90], &[0x6A, 0x80], &[0x6D, 0x00], &[0x63, 0x00], &[0x90, 0x01], &more, less];
            for response in bad {
                let refusal = next(&institution(), step, response).unwrap_err();
                assert_eq!(refusal.word, Word::CardRefused, "{step:?} {response:02X?}");
            }
        }
    }

    #[test]
    fn an_ended_relay_takes_no_response() {
        for step in [Step::Finished, Step::Over, Step::Spent] {
            assert_eq!(step.failed(), step);
            assert_eq!(next(&institution(), step, &GOOD).unwrap_err().word, Word::RelayOrder, "{step:?}");
        }
    }

    #[test]
    fn a_credential_of_another_size_is_never_sent() {
        for length in [0, 306, 567, 569] {
            let mut odd = institution();
            odd.cvc.resize(length, 0);
            assert!(!can_be_loaded(&odd));
            assert_eq!(first(&odd).unwrap_err().word, Word::Internal);
            assert_eq!(next(&odd, Step::FirstPart, &GOOD).unwrap_err().word, Word::Internal);
        }
        assert!(can_be_loaded(&institution()));
    }

    proptest! {
        #[test]
        fn only_the_good_answer_leads_on(response in proptest::collection::vec(any::<u8>(), 0..40), at in 0..Step::ALL.len()) {
            let step = Step::ALL[at];
            let is_good = matches!(step, Step::FirstPart | Step::SecondPart | Step::Signature) && response == GOOD
                || step == Step::Challenge && response.len() == 18 && response.ends_with(&GOOD);
            prop_assert_eq!(next(&institution(), step, &response).is_ok(), is_good);
        }
    }
}
