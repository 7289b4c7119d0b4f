//! Every limit of the kiosk program, with its reason.

use std::time::Duration;

/// Pause between attempts to reach the daemon. A restart of the daemon is over in about a second.
pub(crate) const RECONNECT: Duration = Duration::from_millis(200);

/// Pause after a daemon of another version refused us: only an update helps.
pub(crate) const RECONNECT_AFTER_REFUSAL: Duration = Duration::from_secs(5);

/// Longest a touch may block on the socket. The daemon reads at once; one that does not is gone for us.
pub(crate) const WRITE: Duration = Duration::from_millis(250);

/// Bytes read from the socket at a time; a usual view fits.
pub(crate) const READ_CHUNK: usize = 8 * 1024;

/// Longest the thread of the live picture waits for bytes before it looks whether pictures are still wanted.
pub(crate) const PREVIEW_LOOK: Duration = Duration::from_millis(200);

/// Oldest live picture on the glass, nanoseconds: an older one shows nobody who is there.
pub(crate) const PICTURE_AGE_NS: u64 = 1_000_000_000;

/// Longest a photo waits for its screen: it and the view come on two connections, in either order.
pub(crate) const PHOTO_WAITS: Duration = Duration::from_secs(2);

/// Frames drawn after the live picture has gone. Displays draw in turn into at most three buffers.
pub(crate) const FRAMES_AFTER_PICTURE: u8 = 3;

/// Most digits in one field of the surface code: a birth date printed western, YYYYMMDD.
pub(crate) const SURFACE_DIGITS: usize = 8;

/// Views waiting to be drawn. The reader thread then waits too, so that a flood from the socket cannot fill memory.
pub(crate) const VIEWS_WAITING: usize = 16;

/// Headless: longest sleep of the loop, so that timers of the toolkit never wait longer.
pub(crate) const LOOP_SLEEP: Duration = Duration::from_millis(500);

/// Headless: pictures written per revision. Four dots and ten seconds of countdown fit; a flood does not fill a disk.
pub(crate) const PICTURES_PER_REVISION: usize = 24;

/// Narrowest and widest panel side, pixels.
pub(crate) const PANEL_SIDE: std::ops::RangeInclusive<u32> = 480..=4096;

/// Diagonal of the panel when nothing else is said, inches (kiosk.md: 10.1", 1280 × 800, 149 dpi).
pub(crate) const DIAGONAL_INCHES: f32 = 10.1;

/// Volume and speed of the voice as everybody hears it, of 1 to 5.
pub(crate) const USUAL_STEP: i32 = 3;

/// Colours of a contact sheet. Two of them fit a byte; letters need no more, and what means something is kept.
pub(crate) const PALETTE: usize = 16;

/// A face whose middle is nearer than this to the side of the picture, in parts of its width, is told which way to move.
pub(crate) const FACE_LEFT: f32 = 0.4;

/// What has been on the glass for less than this has been read by nobody: a finger that comes down now is the second tap
/// of one that meant the view, or the page, before it. Only near the place of the first: elsewhere somebody goes on.
pub(crate) const UNREAD: Duration = Duration::from_millis(500);

/// Between two reports that somebody is there: the daemon counts in minutes, and must not count keys.
pub(crate) const ACTIVE: Duration = Duration::from_secs(1);

/// Between two looks whether headphones were plugged in.
pub(crate) const HEADPHONES: Duration = Duration::from_millis(500);
