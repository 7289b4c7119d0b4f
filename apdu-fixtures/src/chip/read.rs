//! READ BINARY and READ RECORD (card.md 2.1, 3.4, 4.2).

use super::{Chip, Command, Content, Status};

impl Chip {
    pub(super) fn read_binary(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        let (short, offset) = match command.p1 {
            0x00..=0x7F => (0, usize::from(u16::from_be_bytes([command.p1, command.p2]))),
            0x81..=0x9E => (command.p1, usize::from(command.p2)),
            0x80 | 0x9F..=0xFF => return Err(Status::WRONG_P1P2),
        };
        let body = command.body()?;
        let (true, Some(length)) = (body.data.is_empty(), body.le) else { return Err(Status::WRONG_LENGTH) };
        let id = self.named_file(short)?;
        let file = self.application().file(id).ok_or(Status::NOT_FOUND)?;
        let Content::Bytes(bytes) = &file.content else { return Err(Status::WRONG_FILE_TYPE) };
        if !self.permits(file.access) {
            return Err(Status::ACCESS_CONDITION);
        }
        let rest = bytes.get(offset..).filter(|rest| !rest.is_empty()).ok_or(Status::OUTSIDE_FILE)?;
        let data = rest.get(..length).unwrap_or(rest).to_vec();
        self.current_file = Some(id);
        Ok(data)
    }

    pub(super) fn read_record(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        // P2: short identifier in the high five bits, 100 = the record of this number.
        if command.p2 & 0x07 != 0x04 || command.p1 == 0 {
            return Err(Status::WRONG_P1P2);
        }
        let body = command.body()?;
        let (true, Some(length)) = (body.data.is_empty(), body.le) else { return Err(Status::WRONG_LENGTH) };
        let id = self.named_file(command.p2 >> 3)?;
        let file = self.application().file(id).ok_or(Status::NOT_FOUND)?;
        let Content::Records(records) = &file.content else { return Err(Status::WRONG_FILE_TYPE) };
        if !self.permits(file.access) {
            return Err(Status::ACCESS_CONDITION);
        }
        let record = records.get(usize::from(command.p1) - 1).ok_or(Status::NO_RECORD)?;
        let data = record.get(..length).unwrap_or(record).to_vec();
        self.current_file = Some(id);
        Ok(data)
    }
}
