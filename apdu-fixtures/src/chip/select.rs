//! SELECT (card.md 2.1, E-02, E-03).

use super::pin_less::PinLess;
use super::{Chip, Command, Status};
use crate::tlv::tlv;

impl Chip {
    pub(super) fn select(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        match (command.p1, command.p2) {
            (0x04, 0x00 | 0x0C) => {
                let body = command.body()?;
                if body.data.is_empty() || body.data.len() > 16 {
                    return Err(Status::WRONG_LENGTH);
                }
                self.select_application(body.data)?;
                Ok(if command.p2 == 0x00 && body.le.is_some() { self.control_information() } else { Vec::new() })
            }
            (0x02, 0x0C) => match *command.body()?.data {
                [high, low] => self.select_file(u16::from_be_bytes([high, low])),
                _ => Err(Status::WRONG_LENGTH),
            },
            // There is no MF to go back to (card.md 2.1).
            (0x00, 0x00 | 0x0C) if self.selected_once => match command.body()?.data {
                [] => Ok(Vec::new()),
                _ => Err(Status::NOT_FOUND),
            },
            _ => Err(Status::WRONG_P1P2),
        }
    }

    /// A truncated AID finds the first application it begins (card.md 2.1).
    fn select_application(&mut self, name: &[u8]) -> Result<(), Status> {
        let found = self.applications().iter().position(|application| application.aid.starts_with(name));
        let index = found.ok_or(Status::NOT_FOUND)?;
        let leaves_another = index != self.current || !self.selected_once;
        self.current = index;
        self.current_file = None;
        self.selected_once = true;
        if leaves_another {
            self.verified.clear();
            self.pin_less = PinLess::default();
            self.verified.extend(self.habits.verified_on_device);
        }
        Ok(())
    }

    fn select_file(&mut self, id: u16) -> Result<Vec<u8>, Status> {
        let file = self.application().file(id).ok_or(Status::NOT_FOUND)?;
        self.current_file = Some(file.id);
        Ok(Vec::new())
    }

    /// E-02.
    fn control_information(&self) -> Vec<u8> {
        tlv(0x6F, &tlv(0x84, &self.application().aid))
    }
}
