//! Every bound of the scenario language and its runner, with its reason.

use std::time::Duration;

/// Largest scenario file in bytes. The longest of ours has 2 KiB.
pub const MAX_FILE: usize = 64 * 1024;
/// Most lines in a file; keeps a report readable.
pub const MAX_LINES: usize = 500;
/// Longest time a step waits for its screen: the slowest card (10 s) and the hard limit of the lookup (20 s) fit in.
pub const SCREEN: Duration = Duration::from_secs(45);
/// Longest time a touch has to change the view; a busy machine that runs everything at once needs half a second.
pub const TOUCH: Duration = Duration::from_secs(5);
/// Longest time an expectation waits to come true: delivery of a result after the link came back.
pub const EXPECTATION: Duration = Duration::from_secs(60);
/// Longest `wait:` a file may ask for.
pub const MAX_WAIT: Duration = Duration::from_secs(600);
/// Largest number of receipts a file may have dropped, and of results or tries it may expect.
pub const MAX_COUNT: u64 = 1000;
