//! VERIFY and the query of tries left (card.md 3.5). What was sent is compared and forgotten.

use super::{Chip, Command, Content, Status};

impl Chip {
    pub(super) fn verify(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if command.p1 != 0 || command.p2 & 0xE0 != 0x80 {
            return Err(Status::WRONG_P1P2);
        }
        let body = command.body()?;
        if body.le.is_some() || body.data.len() > 16 {
            return Err(Status::WRONG_LENGTH);
        }
        let id = self.named_file(command.p2)?;
        let on_device = self.habits.verified_on_device == Some(id);
        let application = &mut self.applications[self.current];
        let file = application.file_mut(id).ok_or(Status::NOT_FOUND)?;
        let Content::Secret(secret) = &mut file.content else { return Err(Status::WRONG_FILE_TYPE) };
        self.current_file = Some(id);
        if body.data.is_empty() {
            return if on_device { Ok(Vec::new()) } else { Err(Status::tries(secret.left)) };
        }
        if secret.left == 0 {
            return Err(Status::BLOCKED);
        }
        if secret.is(body.data) {
            secret.left = secret.most;
            self.verified.insert(id);
            return Ok(Vec::new());
        }
        secret.left -= 1;
        let left = secret.left;
        self.verified.remove(&id);
        Err(Status::tries(left))
    }
}
