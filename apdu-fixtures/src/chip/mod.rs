//! The chip: applications, what is selected and verified, one file per command. Power-off clears all but the counters.

mod apdu;
mod challenge;
mod file;
mod get_data;
mod pin_less;
mod read;
mod select;
mod sign;
mod status;
mod verify;

use std::collections::BTreeSet;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

pub(crate) use apdu::Command;
pub(crate) use file::{AUTHENTICATION_KEY, AUTHORITY, Access, Application, Content, File, Kind, Secret};
pub(crate) use status::Status;

use pin_less::PinLess;

/// How much of the ISO command set the chip takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Habits {
    /// E-08: extended lengths answer `6700`.
    pub(crate) refuses_extended: bool,
    /// An iPhone: `80 FC 00 00` ends the talk with `9000` (card.md 8.2).
    pub(crate) knows_last_command: bool,
    /// E-30: the holder was verified on the device itself before it was held to the reader.
    pub(crate) verified_on_device: Option<u16>,
    /// E-25: whether JPKI knows `80 A2` and `00 82`.
    pub(crate) pin_less: bool,
}

/// The chip without its transport.
#[derive(Debug)]
pub(crate) struct Chip {
    applications: Vec<Application>,
    habits: Habits,
    random: ChaCha20Rng,
    /// Index of the current application; the issuer domain at power-up.
    current: usize,
    current_file: Option<u16>,
    verified: BTreeSet<u16>,
    pin_less: PinLess,
    /// An application was selected since power-up (card.md 2.1, `00 A4 00 00`).
    selected_once: bool,
}

impl Chip {
    /// The first application is the issuer domain.
    pub(crate) fn new(applications: Vec<Application>, habits: Habits, seed: u64) -> Self {
        let random = ChaCha20Rng::seed_from_u64(seed);
        let mut chip = Chip {
            applications,
            habits,
            random,
            current: 0,
            current_file: None,
            verified: BTreeSet::new(),
            pin_less: PinLess::default(),
            selected_once: false,
        };
        chip.power_off();
        chip
    }

    /// Clears all but the counters (E-04).
    pub(crate) fn power_off(&mut self) {
        self.current = 0;
        self.current_file = None;
        self.verified.clear();
        self.pin_less = PinLess::default();
        self.selected_once = false;
    }

    /// A warm reset keeps what was verified and selected (E-04, the pessimistic reading).
    pub(crate) fn warm_reset(&mut self) {
        self.current_file = None;
    }

    /// The answer: data and status word, never fewer than two bytes.
    pub(crate) fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
        let outcome = match Command::parse(bytes) {
            Some(command) => self.dispatch(&command),
            None => Err(Status::WRONG_LENGTH),
        };
        match outcome {
            Ok(mut data) => {
                data.extend([0x90, 0x00]);
                data
            }
            Err(Status(word)) => word.to_be_bytes().to_vec(),
        }
    }

    /// E-40: class, instruction, then each command checks P1P2, lengths, file, blocked, access, data.
    fn dispatch(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        match command.cla {
            0x00 | 0x80 => {}
            0x01..=0x03 | 0x81..=0x83 | 0x40..=0x7F | 0xC0..=0xFE => return Err(Status::NO_LOGICAL_CHANNEL),
            0x04..=0x0F | 0x84..=0x8F => return Err(Status::NO_SECURE_MESSAGING),
            0x10..=0x3F | 0x90..=0xBF | 0xFF => return Err(Status::UNKNOWN_CLASS),
        }
        if let Ok(body) = command.body()
            && body.extended
            && self.habits.refuses_extended
        {
            return Err(Status::WRONG_LENGTH);
        }
        match (command.cla, command.ins) {
            (0x00, 0xA4) => self.select(command),
            (0x00, 0xB0) => self.read_binary(command),
            (0x00, 0xB2) => self.read_record(command),
            (0x00, 0x20) => self.verify(command),
            (0x00, 0x84) => self.get_challenge(command),
            (0x00, 0x88) => self.internal_authenticate(),
            (0x00, 0xCA) => self.get_data(command),
            (0x80, 0x2A) => self.compute_signature(command),
            (0x80, 0xA2) if self.knows_pin_less() => self.load_institution(command),
            (0x00, 0x82) if self.knows_pin_less() => self.external_authenticate(command),
            (0x80, 0xAE) => Err(Status::NO_SESSION_KEY),
            (0x80, 0xFC) => self.last_command(command),
            _ => Err(Status::UNKNOWN_INSTRUCTION),
        }
    }

    /// `00 88` is refused everywhere the terminal goes (card.md 4.3, 5.5).
    fn internal_authenticate(&self) -> Result<Vec<u8>, Status> {
        match self.application().kind {
            Kind::Jpki => Err(Status::ACCESS_CONDITION),
            Kind::Kenkaku | Kind::Kenhojo => Err(Status::CONDITIONS_OF_USE),
            Kind::Issuer | Kind::Juki | Kind::Common | Kind::Foreign => Err(Status::NO_CURRENT_FILE),
        }
    }

    /// Everything but an iPhone answers `6700` (card.md 8.2, E-30).
    fn last_command(&self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if !self.habits.knows_last_command {
            return Err(Status::WRONG_LENGTH);
        }
        if (command.p1, command.p2) != (0x00, 0x00) {
            return Err(Status::WRONG_P1P2);
        }
        let body = command.body()?;
        if body.data.is_empty() && body.le.is_none() { Ok(Vec::new()) } else { Err(Status::WRONG_LENGTH) }
    }

    pub(crate) fn set_refuses_extended(&mut self, refuses: bool) {
        self.habits.refuses_extended = refuses;
    }

    pub(crate) fn applications(&self) -> &[Application] {
        &self.applications
    }

    pub(crate) fn applications_mut(&mut self) -> &mut [Application] {
        &mut self.applications
    }

    /// Whether anything is verified now, or the key may be used without PIN; for tests of law 2.
    pub(crate) fn anything_verified(&self) -> bool {
        !self.verified.is_empty() || self.pin_less.may_sign
    }

    /// Which application is selected.
    pub(crate) fn current_kind(&self) -> Kind {
        self.application().kind
    }

    fn application(&self) -> &Application {
        &self.applications[self.current]
    }

    /// The EF a command names in its P2: `80` the current one, `80|id` by short identifier.
    fn named_file(&self, p2: u8) -> Result<u16, Status> {
        match p2 & 0x1F {
            0 => self.current_file.ok_or(Status::NO_CURRENT_FILE),
            short => self.application().file(short.into()).map(|file| file.id).ok_or(Status::NOT_FOUND),
        }
    }

    fn permits(&self, access: Access) -> bool {
        match access {
            Access::Free => true,
            Access::Any(secrets) => secrets.iter().any(|secret| self.verified.contains(secret)),
            Access::Never => false,
        }
    }
}
