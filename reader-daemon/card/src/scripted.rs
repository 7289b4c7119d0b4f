//! A channel for unit tests: plays a list of expected commands and their answers. (The emulated card is elsewhere.)

use crate::{Channel, ChannelError};

type Step = (Option<Vec<u8>>, Result<Vec<u8>, ChannelError>);

/// Panics on a command it does not expect; that is what makes the tests strict.
#[derive(Default)]
pub(crate) struct Scripted {
    steps: std::collections::VecDeque<Step>,
    always: Option<Result<Vec<u8>, ChannelError>>,
    always_to: Option<(u8, Vec<u8>)>,
    sent: Vec<Vec<u8>>,
}

impl Scripted {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Expects this command next.
    pub(crate) fn answer(mut self, command: &[u8], answer: &[u8]) -> Self {
        self.steps.push_back((Some(command.to_vec()), Ok(answer.to_vec())));
        self
    }

    /// Answers whatever comes next.
    pub(crate) fn anything(self, answer: &[u8]) -> Self {
        self.any_result(Ok(answer.to_vec()))
    }

    /// Answers or breaks whatever comes next.
    pub(crate) fn any_result(mut self, result: Result<Vec<u8>, ChannelError>) -> Self {
        self.steps.push_back((None, result));
        self
    }

    /// Expects this command next and breaks.
    pub(crate) fn fail(mut self, command: &[u8], error: ChannelError) -> Self {
        self.steps.push_back((Some(command.to_vec()), Err(error)));
        self
    }

    /// Answers whatever comes after the list.
    pub(crate) fn always(mut self, answer: &[u8]) -> Self {
        self.always = Some(Ok(answer.to_vec()));
        self
    }

    /// Answers every command of this instruction that comes after the list.
    pub(crate) fn always_to(mut self, ins: u8, answer: &[u8]) -> Self {
        self.always_to = Some((ins, answer.to_vec()));
        self
    }

    /// Breaks on whatever comes after the list.
    pub(crate) fn then_fail(mut self, error: ChannelError) -> Self {
        self.always = Some(Err(error));
        self
    }

    /// Every command sent.
    pub(crate) fn sent(&self) -> &[Vec<u8>] {
        &self.sent
    }

    /// The list was played to its end.
    pub(crate) fn finished(&self) {
        assert!(self.steps.is_empty(), "{} expected commands were not sent", self.steps.len());
    }
}

impl Channel for Scripted {
    fn atr(&self) -> &[u8] {
        &[0x3B, 0x80, 0x80, 0x01, 0x01]
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        self.sent.push(command.to_vec());
        match (self.steps.pop_front(), &self.always) {
            (Some((expected, answer)), _) => {
                if let Some(expected) = expected {
                    assert_eq!(command, expected, "exchange {}: {command:02X?}", self.sent.len());
                }
                answer
            }
            (None, always) => match (&self.always_to, always) {
                (Some((ins, answer)), _) if command.get(1) == Some(ins) => Ok(answer.clone()),
                (_, Some(answer)) => answer.clone(),
                (_, None) => panic!("not in the script: {command:02X?}"),
            },
        }
    }
}
