//! Faults on demand (card.md appendix A). Commands are counted from 1, from the moment the faults were set.

use std::str::FromStr;
use std::time::Duration;

/// Which command a fault waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The command with this number.
    Command(u32),
    /// The next VERIFY that carries a value.
    Verify,
}

/// How an answer is spoilt. The command itself was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// Random bytes that claim success.
    Garbage,
    /// Half of the data, with the status word.
    Truncated,
    /// One byte: not even a status word.
    Stump,
    /// Longer than any answer APDU.
    Oversized,
}

/// What goes wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The card is lifted after this many answered commands; 0: before the first.
    pub removed_after: Option<u32>,
    /// The command is carried out, then the card is lifted and the answer is lost.
    pub answer_lost: Option<Moment>,
    /// The reader fails to deliver this command; the card stays and never saw it.
    pub not_transacted: Option<u32>,
    /// The first command after each power-up answers `6F00`.
    pub first_6f00: bool,
    /// Every answer with data comes as `61xx` and GET RESPONSE.
    pub answers_as_61: bool,
    /// Reading with a larger Le than there is data answers `6Cxx`.
    pub wrong_le: bool,
    /// No answer carries more than 240 bytes.
    pub short_answers: bool,
    /// Extended lengths answer `6700`.
    pub extended_refused: bool,
    /// The answer to the command with this number is spoilt.
    pub spoilt: Option<(u32, Spoilt)>,
    /// User certificate and card face are templates nested as deep as an EF is long. Only when the card is made.
    pub deep_tlv: bool,
    /// The command with this number takes this much longer.
    pub delay: Option<(u32, Duration)>,
    /// Every command takes this much longer.
    pub delay_each: Option<Duration>,
}

/// A fault that nobody knows, or with a number that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no fault is written {0:?}; see apdu-fixtures/README.md")]
pub struct UnknownFault(String);

impl FromStr for Faults {
    type Err = UnknownFault;

    /// Faults separated by commas, e.g. `first-6f00,answer-lost:verify,delay:3:500`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut faults = Faults::default();
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            faults.add(one).ok_or_else(|| UnknownFault(one.to_owned()))?;
        }
        Ok(faults)
    }
}

impl Faults {
    fn add(&mut self, one: &str) -> Option<()> {
        let parts: Vec<&str> = one.split(':').collect();
        let number = |text: &str| text.parse::<u32>().ok();
        let millis = |text: &str| text.parse().ok().map(Duration::from_millis);
        match *parts.as_slice() {
            ["none"] => {}
            ["removed-after", n] => self.removed_after = Some(number(n)?),
            ["answer-lost", "verify"] => self.answer_lost = Some(Moment::Verify),
            ["answer-lost", n] => self.answer_lost = Some(Moment::Command(number(n)?)),
            ["not-transacted", n] => self.not_transacted = Some(number(n)?),
            ["first-6f00"] => self.first_6f00 = true,
            ["61xx"] => self.answers_as_61 = true,
            ["6cxx"] => self.wrong_le = true,
            ["short-answers"] => self.short_answers = true,
            ["extended-refused"] => self.extended_refused = true,
            ["garbage", n] => self.spoilt = Some((number(n)?, Spoilt::Garbage)),
            ["truncated", n] => self.spoilt = Some((number(n)?, Spoilt::Truncated)),
            ["stump", n] => self.spoilt = Some((number(n)?, Spoilt::Stump)),
            ["oversized", n] => self.spoilt = Some((number(n)?, Spoilt::Oversized)),
            ["deep-tlv"] => self.deep_tlv = true,
            ["delay", n, ms] => self.delay = Some((number(n)?, millis(ms)?)),
            ["delay-each", ms] => self.delay_each = Some(millis(ms)?),
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_faults_is_read() {
        let faults: Faults = "first-6f00, answer-lost:verify,delay:3:500".parse().unwrap();
        assert!(faults.first_6f00);
        assert_eq!(faults.answer_lost, Some(Moment::Verify));
        assert_eq!(faults.delay, Some((3, Duration::from_millis(500))));
    }

    #[test]
    fn an_unknown_fault_is_named() {
        assert_eq!("61xx,dust".parse::<Faults>(), Err(UnknownFault("dust".to_owned())));
        assert!("delay:3".parse::<Faults>().is_err());
    }
}
