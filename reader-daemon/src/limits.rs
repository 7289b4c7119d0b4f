//! Durations and sizes of the daemon's drivers, each with its reason. Those of a visit are in `session::limits`.

use std::time::Duration;

/// Longest text file read at start (configuration, texts, keys). The built-in consent file has 7 KiB.
pub const MAX_FILE: u64 = 1024 * 1024;

/// One call to the card returns within this time or the reader counts as wedged (law 11): a second more than the longest
/// watchdog of the PC/SC channel, which knows more and goes first.
pub const CARD_CALL: Duration = card::limits::CONNECT_WATCHDOG.saturating_add(Duration::from_secs(1));
/// How often the watchdog looks while a call runs; it sleeps between calls.
pub const WATCHDOG_STEP: Duration = Duration::from_millis(250);
/// The presence thread looks up this often to see whether the daemon stops. Changes come at once.
pub const PRESENCE_WAIT: Duration = Duration::from_secs(2);
/// Pause of the presence thread when the reader answered at once without a change: never a busy loop.
pub const PRESENCE_PAUSE: Duration = Duration::from_millis(100);

/// Between visits the service is asked for its status this often; a failed link is noticed before the next patient.
pub const HEALTH_PERIOD: Duration = Duration::from_secs(5);
/// Whether the next result could be stored is asked this often; a full disk is noticed within half a minute.
pub const STORAGE_PERIOD: Duration = Duration::from_secs(30);

/// The kiosk says hello within this time or is dropped.
pub const SCREEN_HELLO: Duration = Duration::from_secs(2);
/// The kiosk takes a view within this time or is dropped; a view is at most 64 KiB.
pub const SCREEN_WRITE: Duration = Duration::from_secs(2);
/// Views waiting for a slow kiosk; more, and it is dropped and starts again with the current view.
pub const SCREEN_QUEUE: usize = 32;
/// Bytes read from the kiosk at once; its messages have under 80.
pub const SCREEN_READ: usize = 512;

/// Less free room than this on the disk and `doctor` says so: a month of journal lines and results of a busy desk.
pub const FREE_BYTES: u64 = 32 * 1024 * 1024;

/// Kiosks turned away make one journal line in this time, with their number.
pub const TURNED_AWAY_PERIOD: Duration = Duration::from_secs(60);

/// Inputs waiting for the event loop. Drivers wait when it is full, so a flood of touches slows only the kiosk.
pub const INPUT_QUEUE: usize = 64;
/// Longest journal line; the longest the daemon writes has about 3 KiB (a timeline of 40 steps).
pub const MAX_JOURNAL_LINE: usize = 64 * 1024;
/// Journal lines waiting for a slow disk; more, and lines that are about no visit are counted instead. A minute of a
/// hanging disk with every device coming and going ten times a second.
pub const JOURNAL_QUEUE: usize = 600;
/// After a driver broke, the visit gets so long to end before the daemon stops and is started again.
pub const BROKEN_GRACE: Duration = Duration::from_secs(60);
/// At the end deliveries and cancellations under way get so long.
pub const STOP_GRACE: Duration = Duration::from_secs(2);
