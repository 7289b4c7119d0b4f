//! What a terminal keeps of the visual check: the passcode, and how often it was wrong today.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use qualification::PasscodeCopy;
use reader_daemon::passcode::{Guard, Now};
use session::PasscodeResult;

use crate::scenario::{PASSCODE, PASSCODE_HASHED};

/// Whatever the passcode is, this is another one.
const WRONG: &str = "000000";

/// The hashed passcode as `reader-daemon passcode` leaves it.
pub(crate) fn write_passcode(file: &Path) -> Result<()> {
    std::fs::write(file, PASSCODE_HASHED)?;
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// Counts six wrong passcodes of today as the daemon would have: it closed twice, and is open again.
pub(crate) fn close_twice(storage: &Path) -> Result<()> {
    let start = Instant::now();
    // The wall's clock names the day and stands still; by the other one each closing has its time.
    let at = |minutes: u64| Now { running: Duration::from_secs(60 * minutes), ..Now::read(start) };
    let mut guard = Guard::new(storage.to_owned(), None, at(0));
    guard.set_copy(Some(PasscodeCopy { argon2id: PASSCODE_HASHED.to_owned() }));
    for minutes in [0, 0, 0, 6, 6, 6] {
        guard.check(WRONG.as_bytes(), at(minutes))?;
    }
    let right = guard.check(PASSCODE.as_bytes(), at(12))?;
    ensure!(right == PasscodeResult::Right, "the visual check should be open again, and is not: {right:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use session::VisualWay;

    use super::*;

    #[test]
    fn after_two_closings_it_is_open_and_the_next_one_only_staff_open_again() {
        for (closed_before, third) in [(false, PasscodeResult::Closed), (true, PasscodeResult::ClosedForDay)] {
            let storage = tempfile::tempdir().unwrap();
            if closed_before {
                close_twice(storage.path()).unwrap();
            }
            let now = Now::read(Instant::now());
            let mut guard = Guard::new(storage.path().to_owned(), None, now);
            guard.set_copy(Some(PasscodeCopy { argon2id: PASSCODE_HASHED.to_owned() }));
            assert_eq!(guard.way(now), VisualWay::Ready);
            let wrong = [(); 3].map(|()| guard.check(WRONG.as_bytes(), now).unwrap());
            assert_eq!(wrong[2], third);
        }
    }
}
