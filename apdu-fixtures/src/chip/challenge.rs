//! GET CHALLENGE (card.md 2.3).

use rand_core::RngCore;

use super::{Chip, Command, Status};

impl Chip {
    pub(super) fn get_challenge(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if (command.p1, command.p2) != (0, 0) {
            return Err(Status::WRONG_P1P2);
        }
        let body = command.body()?;
        let (true, Some(length)) = (body.data.is_empty(), body.le) else { return Err(Status::WRONG_LENGTH) };
        if body.extended {
            return Err(Status::CONDITIONS_OF_USE);
        }
        let mut challenge = vec![0; length];
        self.random.fill_bytes(&mut challenge);
        self.remember_challenge(&challenge);
        Ok(challenge)
    }
}
