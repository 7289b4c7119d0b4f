//! Finds the exchanges that read the photo (card.md 5.2): READ BINARY while Kenkaku may be selected, with what follows.

use crate::applications::KENKAKU_AID;

/// What goes through one connection, as far as the photo needs it. When in doubt, it is the photo.
#[derive(Debug, Default)]
pub(super) struct PhotoWatch {
    in_kenkaku: bool,
    /// The exchange before read in Kenkaku: GET RESPONSE carries more of it.
    reading: bool,
}

impl PhotoWatch {
    /// Whether this exchange reads in Kenkaku. `response` is `None` when none came.
    pub(super) fn reads(&mut self, command: &[u8], response: Option<&[u8]>) -> bool {
        match *command {
            // By name, under any class; a truncated name may mean Kenkaku (card.md 2.1).
            [_, 0xA4, 0x04, _, ref rest @ ..] => {
                let name = name_of(rest);
                if KENKAKU_AID.starts_with(name) {
                    self.in_kenkaku = true;
                } else if response.is_some_and(|response| matches!(response, [.., 0x90, 0x00] | [.., 0x61, _])) {
                    self.in_kenkaku = false;
                }
                self.reading = false;
            }
            // READ BINARY and READ RECORD in all their forms.
            [_, 0xB0..=0xB3, ..] => self.reading = self.in_kenkaku,
            [_, 0xC0, ..] => {}
            _ => self.reading = false,
        }
        self.reading
    }
}

/// The data of a SELECT, in short or extended form.
fn name_of(rest: &[u8]) -> &[u8] {
    let (length, data) = match rest {
        [0, high, low, data @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), data),
        [length, data @ ..] => (usize::from(*length), data),
        [] => return &[],
    };
    data.get(..length).unwrap_or(data)
}
