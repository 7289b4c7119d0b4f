//! Calls into libraries that may panic on hostile bytes. The worker's panic hook ends the process (law 6), but not for what
//! is caught here: that becomes an error of the photo or the net.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs `call`. `None`: it panicked; whatever it was working on is not to be used any more.
pub(crate) fn caught<T>(call: impl FnOnce() -> T) -> Option<T> {
    DEPTH.set(DEPTH.get().saturating_add(1));
    let result = catch_unwind(AssertUnwindSafe(call));
    DEPTH.set(DEPTH.get().saturating_sub(1));
    result.ok()
}

/// Whether a panic on this thread is caught, so that the process goes on.
fn being_caught() -> bool {
    DEPTH.get() > 0
}

/// The worker's panic hook. Whichever thread panics, the daemon sees the worker gone, except inside [`caught`]. The message
/// is left out: it may hold what was seen.
pub(crate) fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    eprintln!("face worker: panic at {place}");
    if !being_caught() {
        std::process::exit(101);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_caught_comes_back_under_the_hook_of_the_worker_and_all_else_ends_the_process() {
        // Without the guard the hook ends this very process, and the test with it.
        std::panic::set_hook(Box::new(panicked));
        assert_eq!(caught(|| -> u8 { panic!("what was seen") }), None);
        assert_eq!(caught(|| caught(|| -> u8 { panic!("what was seen") }).unwrap_or(7)), Some(7));
        let within = caught(|| {
            let inner = caught(|| -> u8 { panic!("what was seen") });
            (inner, being_caught())
        });
        drop(std::panic::take_hook());
        assert_eq!(within, Some((None, true)));
        assert!(!being_caught(), "outside the guard the hook ends the process");
        assert!(!caught(|| std::thread::spawn(being_caught).join().unwrap()).unwrap(), "nor on another thread");
    }
}
