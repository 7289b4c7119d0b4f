//! The real reader: PC/SC through pcscd. Found by pattern each time, because its full name holds the USB port (lab
//! finding 7); taken exclusively and cold; no transaction is ever begun (law 3).

mod contact;
mod pattern;
mod watch;
mod watched;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{Channel, ChannelError, Presence, Reader, limits};

use contact::PcscContact;
use pattern::Pattern;
use watch::Watch;
use watched::{Stuck, Watched};

/// A reader of the PC/SC service, or the place where one will be plugged in.
pub struct PcscReader {
    pattern: Pattern,
    watch: Mutex<Watch>,
    stuck: Arc<Stuck>,
}

impl PcscReader {
    /// `pattern` is a part of the reader's name, or a whole name with `*` for any characters; letter case does not
    /// matter. Where several readers fit, the one with a card counts (two-slot readers), else the first by name.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        let (pattern, stuck) = (Pattern::new(pattern), Arc::new(Stuck::default()));
        Self { watch: Mutex::new(Watch::start(pattern.clone(), Arc::clone(&stuck))), pattern, stuck }
    }

    /// A call into the reader has not returned since its watchdog (law 11): no visit can start.
    #[must_use]
    pub fn is_wedged(&self) -> bool {
        self.stuck.any()
    }
}

impl Reader for PcscReader {
    fn name(&self) -> String {
        self.pattern.to_string()
    }

    fn wait(&self, known: Presence, limit: Duration) -> Presence {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner).wait(known, limit)
    }

    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError> {
        let pattern = self.pattern.clone();
        let opening = move || PcscContact::power_up(&pattern);
        let channel = Watched::open(opening, &self.stuck, limits::CONNECT_WATCHDOG, limits::CALL_WATCHDOG)?;
        Ok(Box::new(channel))
    }
}
