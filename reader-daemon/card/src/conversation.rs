//! Exchanges with one card: what is repeated or continued without being asked, and how often at most.
//!
//! `61xx` is continued with GET RESPONSE, `6Cxx` repeated with that Le, a first command that fails with `6F00` repeated
//! once (card.md 2.1, 10). Law 1: nothing but SELECT, READ BINARY and GET DATA is ever repeated; VERIFY is one exchange.

use crate::{
    CardError, Channel,
    apdu::{Command, INS_GET_RESPONSE, INS_VERIFY, Response, StatusWord},
    limits, wiped,
};

/// A connection seen as a sequence of exchanges.
pub(crate) struct Conversation<'c> {
    channel: &'c mut dyn Channel,
    first: bool,
}

impl<'c> Conversation<'c> {
    /// Right after power-up: the first command may fail with `6F00`.
    pub(crate) fn fresh(channel: &'c mut dyn Channel) -> Self {
        Self { channel, first: true }
    }

    /// With commands sent before.
    pub(crate) fn resumed(channel: &'c mut dyn Channel) -> Self {
        Self { channel, first: false }
    }

    /// Sends one command and gathers its whole answer. `name` stands for it in errors.
    ///
    /// # Errors
    /// [`CardError::Channel`], and [`CardError::Malformed`] for an answer without end.
    pub(crate) fn exchange(&mut self, name: &'static str, command: &Command) -> Result<Response, CardError> {
        let malformed = CardError::Malformed { command: name };
        let first = std::mem::replace(&mut self.first, false);
        let mut response = self.once(name, command)?;
        if command.ins == INS_VERIFY {
            return Ok(response);
        }
        if first && command.is_repeatable() && response.status == StatusWord::INTERNAL {
            response = self.once(name, command)?;
        }
        if let Some(le) = response.status.right_le().filter(|_| command.is_repeatable()) {
            response = self.once(name, &command.clone().le(le))?;
        }
        let mut left = limits::MAX_AUTOMATIC_EXCHANGES;
        let mut wanted = response.status.more();
        while let Some(le) = wanted {
            left = left.checked_sub(1).ok_or(malformed)?;
            let next = self.once(name, &Command::new(0x00, INS_GET_RESPONSE, 0x00, 0x00).le(le))?;
            // GET RESPONSE only fetches: asking again with the Le the card names repeats nothing.
            wanted = next.status.right_le().or(next.status.more());
            wiped::append(&mut response.data, &next.data);
            response.status = next.status;
            if response.data.len() > limits::MAX_GATHERED {
                return Err(malformed);
            }
        }
        Ok(response)
    }

    /// Sends one command and takes its one answer as it is: nothing is repeated, nothing continued.
    ///
    /// # Errors
    /// [`CardError::Channel`], and [`CardError::Malformed`] for a command that cannot be written.
    pub(crate) fn once(&mut self, name: &'static str, command: &Command) -> Result<Response, CardError> {
        let bytes = command.encode().map_err(|_| CardError::Malformed { command: name })?;
        Ok(Response::parse(self.channel.transmit(&bytes)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::Scripted;

    const READ: [u8; 5] = [0x00, 0xB0, 0x00, 0x00, 0x04];

    fn read() -> Command {
        Command::new(0x00, 0xB0, 0x00, 0x00).le(4)
    }

    #[test]
    fn more_data_is_fetched_until_the_card_has_no_more() {
        let mut card = Scripted::new()
            .answer(&READ, &[1, 0x61, 0x02])
            .answer(&[0x00, 0xC0, 0x00, 0x00, 0x02], &[2, 0x61, 0x00])
            .answer(&[0x00, 0xC0, 0x00, 0x00, 0x00], &[0x6C, 0x01])
            .answer(&[0x00, 0xC0, 0x00, 0x00, 0x01], &[3, 0x90, 0x00]);
        let response = Conversation::resumed(&mut card).exchange("read", &read()).expect("an answer");
        assert_eq!((response.data.as_slice(), response.status), (&[1, 2, 3][..], StatusWord::OK));
        card.finished();
    }

    #[test]
    fn a_wrong_le_is_repeated_once_with_the_right_one() {
        let mut card =
            Scripted::new().answer(&READ, &[0x6C, 0x02]).answer(&[0x00, 0xB0, 0x00, 0x00, 0x02], &[0x6C, 0x03]);
        let response = Conversation::resumed(&mut card).exchange("read", &read()).expect("an answer");
        assert_eq!(response.status, StatusWord(0x6C03));
        card.finished();
    }

    #[test]
    fn only_the_first_command_after_power_up_is_repeated_on_6f00() {
        let mut card =
            Scripted::new().answer(&READ, &[0x6F, 0x00]).answer(&READ, &[7, 0x90, 0x00]).answer(&READ, &[0x6F, 0x00]);
        let mut conversation = Conversation::fresh(&mut card);
        assert_eq!(conversation.exchange("read", &read()).expect("an answer").data.as_slice(), [7]);
        assert_eq!(conversation.exchange("read", &read()).expect("an answer").status, StatusWord::INTERNAL);
        card.finished();
    }

    #[test]
    fn a_card_that_always_has_more_is_given_up() {
        let mut card = Scripted::new().answer(&READ, &[0x61, 0x01]).always(&[0x61, 0x01]);
        let error = Conversation::resumed(&mut card).exchange("read", &read()).expect_err("endless");
        assert_eq!(error, CardError::Malformed { command: "read" });
        assert_eq!(card.sent().len(), 1 + limits::MAX_AUTOMATIC_EXCHANGES);
    }

    #[test]
    fn law_1_neither_verify_nor_a_signature_is_ever_repeated_whatever_the_card_answers() {
        for (cla, ins) in [(0x00, INS_VERIFY), (0x80, INS_VERIFY), (0x80, crate::apdu::INS_SIGN)] {
            for status in 0..=u16::MAX {
                let [sw1, sw2] = status.to_be_bytes();
                let mut card = Scripted::new().always(&[sw1, sw2]);
                let command = Command::new(cla, ins, 0x00, 0x98).data(b"1234");
                let _ = Conversation::fresh(&mut card).exchange("never twice", &command);
                assert_eq!(card.sent().iter().filter(|sent| sent.get(1) == Some(&ins)).count(), 1, "{status:04X}");
            }
        }
    }
}
