//! GET DATA of the issuer domain (card.md 2.3). The terminal needs none of it.

use super::{Chip, Command, Status};

impl Chip {
    pub(super) fn get_data(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        let body = command.body()?;
        let (true, Some(le)) = (body.data.is_empty(), body.le) else { return Err(Status::WRONG_LENGTH) };
        let tag = u16::from_be_bytes([command.p1, command.p2]);
        let object = self.application().objects.iter().find(|(known, _)| *known == tag);
        let (_, data) = object.ok_or(Status::NO_SUCH_OBJECT)?;
        if data.len() > le {
            return Err(Status::WRONG_LENGTH);
        }
        Ok(data.clone())
    }
}
