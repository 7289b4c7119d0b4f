//! Waits for cards: one thread in the reader's own wait, so that presence comes from its events (law 3).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use card::{Presence, Reader};

use crate::{
    input::{Driver, Input, Inputs, Slot},
    limits::{PRESENCE_PAUSE, PRESENCE_WAIT},
};

/// Tells the thread to end; it is in a wait of at most [`PRESENCE_WAIT`] and is not waited for.
pub(crate) struct PresenceDriver(Arc<AtomicBool>);

impl Drop for PresenceDriver {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl PresenceDriver {
    pub(crate) fn start(reader: Arc<dyn Reader>, slot: Slot, inputs: Inputs) -> std::io::Result<Self> {
        let ends = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&ends);
        std::thread::Builder::new().name("presence".into()).spawn(move || {
            if catch_unwind(AssertUnwindSafe(|| watch(&*reader, slot, &inputs, &told))).is_err() {
                let _ = inputs.blocking_send(Input::Presence(slot, Presence::NoReader));
                let _ = inputs.blocking_send(Input::Broken(Driver::Presence));
            }
        })?;
        Ok(Self(ends))
    }
}

fn watch(reader: &dyn Reader, slot: Slot, inputs: &Inputs, ends: &AtomicBool) {
    let mut known = Presence::NoReader;
    while !ends.load(Ordering::Relaxed) {
        let asked = Instant::now();
        let now = reader.wait(known, PRESENCE_WAIT);
        if now != known {
            known = now;
            if inputs.blocking_send(Input::Presence(slot, now)).is_err() {
                return;
            }
        } else if asked.elapsed() < PRESENCE_PAUSE {
            // Back at once without news: never a busy loop, whatever the reader does.
            std::thread::sleep(PRESENCE_PAUSE);
        }
    }
}
