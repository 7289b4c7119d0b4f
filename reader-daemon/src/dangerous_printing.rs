//! A reader that prints the header and the status word of every exchange: neither VERIFY data nor anything a card said
//! (law 6). Compiled into debug builds only (law 12).

use std::{sync::Arc, time::Duration};

use card::{Channel, ChannelError, Presence, Reader};
use qualification::ids::hex;

const HEADER: usize = 4;

/// Prints what goes through.
pub(crate) struct PrintingReader(pub(crate) Arc<dyn Reader>);

impl Reader for PrintingReader {
    fn name(&self) -> String {
        self.0.name()
    }

    fn wait(&self, known: Presence, limit: Duration) -> Presence {
        self.0.wait(known, limit)
    }

    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError> {
        Ok(Box::new(PrintingChannel(self.0.connect()?)))
    }
}

struct PrintingChannel(Box<dyn Channel>);

impl Channel for PrintingChannel {
    fn atr(&self) -> &[u8] {
        self.0.atr()
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let answer = self.0.transmit(command);
        eprintln!("{}", line(command, &answer));
        answer
    }
}

fn line(command: &[u8], answer: &Result<Vec<u8>, ChannelError>) -> String {
    let header = hex(command.get(..HEADER).unwrap_or_default());
    match answer {
        Ok(bytes) => {
            let status = bytes.len().checked_sub(2).and_then(|at| bytes.get(at..)).unwrap_or_default();
            format!("exchange {header} +{} -> {} +{}", command.len().saturating_sub(HEADER), hex(status), bytes.len())
        }
        Err(error) => format!("exchange {header} -> {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_6_a_printed_exchange_shows_no_pin() {
        let verify = [0x00, 0x20, 0x00, 0x80, 0x04, b'1', b'2', b'3', b'4'];
        assert_eq!(line(&verify, &Ok(vec![0x63, 0xC2])), "exchange 00200080 +5 -> 63c2 +2");
        assert_eq!(line(&[], &Err(ChannelError::Mute)), "exchange  -> the card does not answer");
    }
}
