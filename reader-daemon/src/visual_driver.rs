//! The facility's passcode: one thread that compares, because Argon2id takes a tenth of a second and its count is kept on
//! disk, and that says whether the visual check can be chosen.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    time::{Duration, Instant},
};

use qualification::PasscodeCopy;
use session::{PasscodeResult, VisitId, VisualWay};
use zeroize::Zeroizing;

use crate::{
    input::{Driver, Input, Inputs},
    limits::VISUAL_PERIOD,
    passcode::{Guard, Now},
    staff,
};

/// What the event loop hears.
pub(crate) enum VisualNews {
    /// Whether the visual check can be chosen; said when it changes.
    Way(VisualWay),
    /// To [`VisualDriver::check`].
    Passcode(VisitId, PasscodeResult),
}

enum Order {
    Copy(Option<PasscodeCopy>),
    Check(VisitId, Zeroizing<Vec<u8>>),
}

/// Gives orders to the thread, which ends with this value; answers come as inputs.
pub(crate) struct VisualDriver(mpsc::Sender<Order>);

impl VisualDriver {
    /// Starts the thread; the first thing it says is the way. `start` is what [`Now`] counts from.
    pub(crate) fn start(guard: Guard, start: Instant, inputs: Inputs) -> std::io::Result<Self> {
        let (orders, received) = mpsc::channel();
        std::thread::Builder::new().name("passcode".into()).spawn(move || {
            if catch_unwind(AssertUnwindSafe(|| keep(guard, start, &received, &inputs))).is_err() {
                let _ = inputs.blocking_send(Input::Visual(VisualNews::Way(VisualWay::ClosedForDay)));
                let _ = inputs.blocking_send(Input::Broken(Driver::Visual));
            }
        })?;
        Ok(Self(orders))
    }

    /// The service's copy, as its last answer held it.
    pub(crate) fn copy(&self, copy: Option<PasscodeCopy>) {
        let _ = self.0.send(Order::Copy(copy));
    }

    /// Compares what was typed.
    pub(crate) fn check(&self, visit: VisitId, digits: Zeroizing<Vec<u8>>) {
        let _ = self.0.send(Order::Check(visit, digits));
    }
}

/// Until nobody gives orders or hears any more.
fn keep(mut guard: Guard, start: Instant, orders: &mpsc::Receiver<Order>, inputs: &Inputs) {
    let mut told = None;
    loop {
        let now = Now::read(start);
        let way = guard.way(now);
        if told.replace(way) != Some(way) && inputs.blocking_send(Input::Visual(VisualNews::Way(way))).is_err() {
            return;
        }
        // It opens again by itself, or by an order that lies on disk.
        let wait =
            guard.opens_in(now).map_or(VISUAL_PERIOD, |rest| rest.min(VISUAL_PERIOD)).max(Duration::from_millis(50));
        match orders.recv_timeout(wait) {
            Ok(Order::Copy(copy)) => guard.set_copy(copy),
            Ok(Order::Check(visit, digits)) => {
                let result = guard.check(&digits, Now::read(start)).unwrap_or_else(|error| {
                    staff::support(&format!("the passcode's count cannot be stored, so none was compared: {error}"));
                    PasscodeResult::Closed
                });
                if inputs.blocking_send(Input::Visual(VisualNews::Passcode(visit, result))).is_err() {
                    return;
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        }
    }
}
