//! Limits of the worker: messages, times, the decision.

use std::time::Duration;

/// Longest photo, bytes: an EF of the card ends at 32,767 (card.md 5.3).
pub const MAX_PHOTO: usize = 32_767;
/// Longest order, bytes. The longest in use has 54.
pub const MAX_ORDER: usize = 256;
/// Most data memory of the worker's process, bytes; beyond it the process ends, and not the terminal. It uses 210 MB; the
/// allocator of the programs reserves 1 GiB ahead, which the kernel counts whether it is used or not.
pub const MAX_DATA: u64 = 1536 * 1024 * 1024;
/// Longest text in news, characters: one line for staff.
pub const MAX_DETAIL: usize = 500;
/// The daemon takes news within this time or the worker ends: nobody listens.
pub const NEWS_DEADLINE: Duration = Duration::from_secs(2);

/// The kiosk takes a part of the live picture within this time or gets no more of it from this worker: what it leaves in the
/// socket is a frame that nobody wipes. It draws one in 30 ms.
pub const PREVIEW_DEADLINE: Duration = Duration::from_millis(200);

/// A frame comes within this time or the camera counts as stalled. Cameras asked for 30 frames a second drop to 5 in the
/// dark.
pub const FRAME_DEADLINE: Duration = Duration::from_secs(1);
/// The first frame after opening may take longer: exposure and USB bandwidth are being set up.
pub const FIRST_FRAME_DEADLINE: Duration = Duration::from_secs(2);
/// A camera is asked for a frame in slices of this length; between two it can be told to close, so that its light is off
/// well within 150 ms.
pub const CAMERA_SLICE: Duration = Duration::from_millis(50);
/// A camera that stalls is opened anew so many times a try before it counts as gone.
pub const REOPENINGS: u32 = 2;
/// A call into the camera that does not come back within this time is left behind and the worker ends, which closes the
/// camera (law 11). A healthy one opens in 20 ms; USB gives up on a control transfer after 5 s.
pub const CAMERA_CALL: Duration = Duration::from_secs(6);

/// The camera is off within this time after it was told so, or the worker ends. Told between two slices it takes 60 ms.
pub const CAMERA_CLOSE: Duration = Duration::from_secs(1);

/// Largest width and height of a picture in MJPEG, pixels: 640×480 is asked for.
pub const MAX_JPEG_SIDE: usize = 1280;
/// Longest frame in MJPEG, bytes: as long as the same picture in YUYV would be at twice the width and height.
pub const MAX_JPEG: usize = 640 * 480 * 2 * 4;
/// How often the worker looks for a camera call that hangs, while it waits.
pub const WORKER_TICK: Duration = Duration::from_millis(250);
/// The size that is asked for, pixels. Faces at arm's length have 100 and more between the eyes.
pub const CAMERA_SIZE: (u32, u32) = (640, 480);
/// The rate that is asked for, frames a second (lab finding 4: unasked, a camera may choose one).
pub const CAMERA_RATE: u32 = 30;
/// Buffers shared with the kernel: one being read, the others being filled.
pub const CAMERA_BUFFERS: u32 = 4;

/// Frames whose vectors are averaged before a face is compared, and so many more when it is looked at again. One frame's
/// miss of 5 % becomes rare with five (models/README.md, "Thresholds"); at 25 frames a second it takes 0.2 s.
pub const GOOD_FRAMES: usize = 5;
/// Good frames after the movement: the face that moved is the face that was seen before.
pub const FRAMES_AFTER: usize = 2;
/// One try, from the photo being ready. The session's own deadline is 2 s longer.
pub const TRY_TIME: Duration = Duration::from_secs(18);
/// A movement is finished within this time; turning the head takes 1 s, understanding the request 2 s.
pub const MOVEMENT_TIME: Duration = Duration::from_secs(7);
/// [`TRY_TIME`] and [`MOVEMENT_TIME`] are so many times as long in ゆっくり and with the voice, as the session's own times are.
/// What an attack could use more time for is bounded apart: [`MOVEMENTS_A_TRY`], [`COMPARISONS_A_TRY`].
pub const SLOW: u32 = 3;
/// Nobody answers a request faster than this (eye to hand takes 200 ms, the screen 50 ms): what moves sooner moves by itself.
pub const REACTION: Duration = Duration::from_millis(250);
/// Movements asked for in one try; whoever loses the track more often is unclear. Bounds how often luck is tried.
pub const MOVEMENTS_A_TRY: u32 = 2;
/// A movement counts when so many frames in a row show it: one may be a detector's slip.
pub const MOVEMENT_FRAMES: u32 = 2;
/// Degrees from where the head pointed before that are a turned head. The five points are good to about 5°, and turning
/// a flat picture does not change what they say.
pub const TURN: f32 = 18.0;
/// Growth of the face that is coming closer: from 60 to 50 cm.
pub const CLOSER: f32 = 1.2;
/// Share of a movement that may be there at once when it is asked for; more, and it was under way before.
pub const UNDER_WAY: f32 = 0.6;
/// A face that is not seen for longer has left: what follows is another track.
pub const TRACK_GAP: Duration = Duration::from_millis(600);
/// Boxes of one track overlap at least so much from frame to frame (shared area by joint area). A face moving by a third of
/// its width between two frames still has 0.5.
pub const TRACK_OVERLAP: f32 = 0.3;
/// Cosine of a frame's vector with the mean of its track, at least, looking ahead. One person in one sitting has 0.86 and
/// more in 95 of 100 frames, two people below 0.4 (models/README.md).
pub const SAME_PERSON: f32 = 0.5;
/// The same while the head is turned by 20° or near: models know turned heads less well.
pub const SAME_PERSON_MOVING: f32 = 0.3;
/// The accept level rises by this with every comparison made earlier in the visit on another track, so that all together stay
/// below 1e-4 in the worst-served group: 0.40, 0.44, 0.48 give 0.9e-4, 0.1e-4, 0.01e-4 there (models/README.md, "Thresholds";
/// a factor of ten in 0.043), counted as if the tries knew nothing of each other.
pub const ACCEPT_STEP: f32 = 0.04;
/// Tries with a comparison in one visit; the session offers as many (patient-flow 5.1). Further ones see nothing.
pub const COMPARED_TRIES: usize = 3;
/// Comparisons in one try: the first, and one when it is looked at again.
pub const COMPARISONS_A_TRY: u32 = 2;
