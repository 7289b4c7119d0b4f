//! Durations and sizes of the daemon's drivers, each with its reason. Those of a visit are in `session::limits`.

use std::time::Duration;

/// Longest text file read at start (configuration, texts, keys). The built-in consent file has about 100 KiB.
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

/// What is away for less is told to nobody: a plug that is seated anew, a service that is started again. At the start of the
/// daemon every device has as long to be found.
pub const LOST_IS_TOLD: Duration = Duration::from_secs(3);

/// Kiosks turned away make one journal line in this time, with their number.
pub const TURNED_AWAY_PERIOD: Duration = Duration::from_secs(60);

/// Inputs waiting for the event loop. Drivers wait when it is full, so a flood of touches slows only the kiosk.
pub const INPUT_QUEUE: usize = 64;
/// Longest journal line; the longest the daemon writes has about 3 KiB (a timeline of 40 steps).
pub const MAX_JOURNAL_LINE: usize = 64 * 1024;
/// From this hour on, in Japan, the opening check of the day is due: before the first clinics open their doors.
pub const OPENING_HOUR: u64 = 6;
/// So often it is seen whether it is due, and whether nobody is there.
pub const OPENING_PERIOD: Duration = Duration::from_secs(60);
/// Lines of the journal that the console gets at once, the newest: some weeks of a busy desk.
pub const JOURNAL_PAGE: usize = 20_000;
/// Notes for staff that wait on the console, the newest: nobody works off more.
pub const NOTES: usize = 50;
/// Days of the journal that are kept: five years, as the clinic keeps its patients' records (医師法24条).
pub const JOURNAL_DAYS: i32 = 1827;
/// After a longer pause than this no day is removed: the clock may be wrong.
pub const JOURNAL_PAUSE: i32 = 31;
/// Most days that are removed at once, on any one day.
pub const JOURNAL_REMOVED: u64 = 31;
/// Journal lines waiting for a slow disk; more, and lines that are about no visit are counted instead. A minute of a
/// hanging disk with every device coming and going ten times a second.
pub const JOURNAL_QUEUE: usize = 600;
/// After a driver broke, the visit gets so long to end before the daemon stops and is started again.
pub const BROKEN_GRACE: Duration = Duration::from_secs(60);
/// At the end deliveries and cancellations under way get so long.
pub const STOP_GRACE: Duration = Duration::from_secs(2);

/// A face worker says that it is ready within this time or is started anew: loading and self-testing the models takes
/// half a second on a desktop, some seconds on a small board.
pub const FACE_READY: Duration = Duration::from_secs(20);
/// The worker says what came of a photo within this time; decoding and one pass of the nets take under 0.1 s.
pub const FACE_PHOTO: Duration = Duration::from_secs(5);
/// A worker that looks says something at least this often, or it hangs. A little over one whole try (session `face_try`)
/// behind a slow photo (`photo`), because news come only when something changes; three times as long where a try is.
pub const FACE_SILENCE: Duration = Duration::from_secs(40);
/// A try begins with its photo at hand or on its way: the order to read it comes in the same step of the session.
pub const FACE_ORDERED: Duration = Duration::from_millis(500);
/// After a try was given up the camera is off within this time (aim: 150 ms), or the worker is killed, which puts it off.
pub const FACE_STOP: Duration = Duration::from_secs(1);
/// An order and a photo of 32 KiB are taken within this time: they fit into the socket's buffer.
pub const FACE_WRITE: Duration = Duration::from_millis(500);
/// Pause before a worker is started again after one did not come up; it doubles.
pub const FACE_FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest such pause: a camera that is plugged in again is noticed within half a minute.
pub const FACE_LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// At most so many workers are started in [`FACE_STARTS_PERIOD`]; one visit needs one, and takes ten seconds and more.
pub const FACE_STARTS: usize = 20;
/// See [`FACE_STARTS`].
pub const FACE_STARTS_PERIOD: Duration = Duration::from_secs(60);
/// A killed process is gone within this time; if not, a driver of the system holds it, and support is told.
pub const FACE_REAP: Duration = Duration::from_secs(2);
/// Bytes of news read at once; most have under 100.
pub const FACE_READ: usize = 1024;
/// Lines of one worker's standard error that are passed on, and characters of each.
pub const FACE_LINES: usize = 50;
/// See [`FACE_LINES`].
pub const FACE_LINE: usize = 300;

/// After a worker was killed its successor waits so long for the kiosk's new connection, which comes within 100 ms.
pub const PREVIEW_WAIT: Duration = Duration::from_millis(300);
/// Connections of the kiosk for the live picture on their way to the face driver. Only the newest counts.
pub const PREVIEW_QUEUE: usize = 4;

/// Reading the card's surface, below the session's `photo` with room for the card's own answers.
pub const SURFACE_SCAN: Duration = Duration::from_secs(6);
/// The scanner gets so much longer than it was told before it counts as hanging.
pub const SURFACE_GRACE: Duration = Duration::from_secs(1);
/// The thread of the card waits so long for one command of the PIN-less step: a second more than the request itself.
pub const RELAY_ANSWER: Duration = Duration::from_secs(5);
/// It looks up this often to see whether the visit is over.
pub const RELAY_STEP: Duration = Duration::from_millis(50);
/// The visual check is asked so often whether it can be chosen: a passcode set or an order to open it counts that soon.
pub const VISUAL_PERIOD: Duration = Duration::from_secs(5);
