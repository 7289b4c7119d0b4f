//! What stands between the chip's answer and the reader: GET RESPONSE and the faults that change answers.

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

use super::EmulatedCard;
use crate::chip::{Command, Status};
use crate::faults::{Faults, Spoilt};
use crate::limits::{OVERSIZED_ANSWER, SHORT_ANSWER};

const DONE: [u8; 2] = [0x90, 0x00];

impl EmulatedCard {
    pub(super) fn answer(&mut self, command: &[u8], faults: &Faults, n: u32) -> Vec<u8> {
        let first = std::mem::replace(&mut self.fresh, false);
        if first && faults.first_6f00 {
            return Status::INTERNAL.0.to_be_bytes().to_vec();
        }
        let honest = match command {
            [0x00, 0xC0, 0x00, 0x00, le] => self.get_response(*le),
            _ => {
                self.waiting.clear();
                let answer = self.chip.answer(command);
                self.counts.signatures += u32::from(matches!(command, [0x80, 0x2A, ..]) && answer.len() > 2);
                self.shaped(command, answer, faults)
            }
        };
        match faults.spoilt {
            Some((at, how)) if at == n => spoilt(how, honest, self.options.seed),
            _ => honest,
        }
    }

    /// The next part of what waits, then `61xx` or `9000`.
    fn get_response(&mut self, le: u8) -> Vec<u8> {
        if self.waiting.is_empty() {
            return Status::CONDITIONS_OF_USE.0.to_be_bytes().to_vec();
        }
        let wanted = if le == 0 { 256 } else { usize::from(le) };
        let rest = self.waiting.split_off(wanted.min(self.waiting.len()));
        let mut answer = std::mem::replace(&mut self.waiting, rest);
        answer.extend(if self.waiting.is_empty() { DONE } else { more(self.waiting.len()) });
        answer
    }

    /// `6Cxx`, short answers, `61xx`.
    fn shaped(&mut self, command: &[u8], answer: Vec<u8>, faults: &Faults) -> Vec<u8> {
        let Some(data) = answer.strip_suffix(&DONE).filter(|data| !data.is_empty()) else { return answer };
        let reads = matches!(command, [0x00, 0xB0 | 0xB2 | 0xCA, ..]);
        let le = Command::parse(command).and_then(|command| command.body().ok()).and_then(|body| body.le);
        if faults.wrong_le && reads && data.len() < 256 && le.is_some_and(|le| le > data.len()) {
            return vec![0x6C, data.len() as u8];
        }
        let mut data = data.to_vec();
        if faults.short_answers && reads {
            data.truncate(SHORT_ANSWER);
        }
        let now = match (faults.answers_as_61, faults.short_answers) {
            (true, _) => 0,
            (false, true) => SHORT_ANSWER.min(data.len()),
            (false, false) => data.len(),
        };
        self.waiting = data.split_off(now);
        data.extend(if self.waiting.is_empty() { DONE } else { more(self.waiting.len()) });
        data
    }
}

/// `61xx`; `00` says 256 or more.
fn more(waiting: usize) -> [u8; 2] {
    [0x61, u8::try_from(waiting).unwrap_or(0)]
}

fn spoilt(how: Spoilt, mut answer: Vec<u8>, seed: u64) -> Vec<u8> {
    match how {
        Spoilt::Garbage => {
            let mut noise = vec![0; 64];
            ChaCha20Rng::seed_from_u64(seed).fill_bytes(&mut noise);
            noise.extend(DONE);
            noise
        }
        Spoilt::Truncated => {
            let word = answer.split_off(answer.len().saturating_sub(2));
            answer.truncate(answer.len() / 2);
            answer.extend(word);
            answer
        }
        Spoilt::Stump => {
            answer.truncate(1);
            answer
        }
        Spoilt::Oversized => {
            let mut long = vec![0xA5; OVERSIZED_ANSWER];
            long.extend(DONE);
            long
        }
    }
}
