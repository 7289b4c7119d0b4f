//! Limits of the pipeline: files, pictures, faces. Pixels are those of a 640×480 frame unless said.

/// Largest width and height of a photo, pixels (card.md 5.3).
pub const MAX_PHOTO_SIDE: u32 = 2048;
/// Most tiles of a photo. Real ones have one; each tile costs the decoder work.
pub const MAX_PHOTO_TILES: u32 = 256;
/// Most quality layers of a photo. Real ones have one; the decoder keeps something for every layer of every code block.
pub const MAX_PHOTO_LAYERS: u16 = 16;
/// Most decomposition levels of a photo. Real ones have five.
pub const MAX_PHOTO_LEVELS: u8 = 8;
/// Most code blocks of a photo, precincts aside. Real ones have 64×64 samples each: 3,072 in the largest photo. Blocks of
/// 16×16 are just taken in it, smaller ones in smaller photos.
pub const MAX_CODE_BLOCKS: u64 = 50_000;
/// Most packets of a photo: precincts × layers × components. Real ones have six; 2048×2048 in precincts of one sample would
/// cost the decoder 4 GB for a kilobyte of photo.
pub const MAX_PHOTO_PACKETS: u64 = 20_000;
/// Smallest eye distance in a photo, pixels: below it the face vector is worth little. A card photo has 50 and more.
pub const MIN_PHOTO_EYES: f32 = 20.0;
/// Largest width and height of a frame, pixels: the cameras are asked for 640×480.
pub const MAX_FRAME_SIDE: usize = 4096;

/// Longest manifest, bytes. Ours has 6,000.
pub const MAX_MANIFEST: usize = 64 * 1024;
/// Longest model file, bytes. The largest in use has 9.2 million.
pub const MAX_MODEL: u64 = 64 * 1024 * 1024;
/// Largest relative difference between a self-test's answer and the recorded one (tract agrees with onnxruntime to 1e-5).
pub const SELF_TEST_TOLERANCE: f64 = 1e-4;
/// Most attack judgements in a manifest, and most nets in one: each costs its time on every frame.
pub const MAX_ATTACK_NETS: usize = 4;

/// A face found in a frame has at least this score (models/README.md, "Pipeline").
pub const FACE_SCORE: f32 = 0.6;
/// The same for a photo in which nothing was found at first: it has a face for certain, small or pale.
pub const PHOTO_SCORE: f32 = 0.2;
/// Boxes that overlap more than this share are one face.
pub const SAME_FACE: f32 = 0.3;
/// Most candidates that are compared with each other: a hostile picture must not cost quadratic time.
pub const MAX_CANDIDATES: usize = 256;
/// Most faces reported of one frame.
pub const MAX_FACES: usize = 16;

/// A frame is searched as a whole at least every so many frames, otherwise near the last face: at 30 frames a second
/// somebody who steps up beside the patient is seen within a third of a second.
pub const WHOLE_EVERY: u32 = 10;
/// Where the next face is looked for: the last box grown so many times about its centre.
pub const TRACK_GROW: f32 = 2.0;
/// Up to so many frame pixels for each pixel of the 112×112 face a single bilinear reading is enough: an eye distance of
/// 80 pixels (models/README.md, "Pipeline").
pub const ALIAS_FREE: f64 = 2.3;
/// Another face counts when its box is at least so high, pixels, and so many times as high as the nearest one's: who
/// queues behind the patient (twice as far away) is not asked to step back, who stands beside is.
pub const OTHER_HEIGHT: f32 = 48.0;
/// See [`OTHER_HEIGHT`].
pub const OTHER_FACE: f32 = 0.5;

/// How far the tip of the nose stands before the plane of eyes and mouth, in eye distances (about 25 of 63 mm).
pub const NOSE_LENGTH: f32 = 0.42;
/// Where the detector puts it from the eyes' line (0) to the mouth's (1) in a face that looks ahead: median 0.60 of 500
/// official portraits, 5 % to 95 % 0.55 to 0.65.
pub const NOSE_HEIGHT: f32 = 0.60;
/// Eye distance by the height from eyes to mouth, as the detector puts them: median 0.96 of the same portraits.
pub const EYES_BY_HEIGHT: f32 = 0.96;

/// Smallest eye distance of a usable face, pixels: 35 fill the 112×112 face, below them detail is missing.
pub const MIN_SIZE: f32 = 40.0;
/// Largest: beyond it the face reaches over the frame's edge at the next movement.
pub const MAX_SIZE: f32 = 130.0;
/// Largest part of the face outside the frame.
pub const MAX_OUTSIDE: f32 = 0.08;

// The following were chosen on 63 portraits laid into camera frames and made worse; the cosine is that with the same
// person's card photo. `tests/advice.rs` makes the same pictures.

/// Darkest usable face. At a quarter of the light the portraits have 26 to 45 (cosine 0.93, but a real camera adds noise),
/// at 0.4 of it 41 to 72.
pub const MIN_BRIGHTNESS: f32 = 45.0;
/// Brightest usable face: overexposed 2.2 times they have a median of 238, and the cosine falls to 0.16 in the worst case.
pub const MAX_BRIGHTNESS: f32 = 230.0;
/// Smallest usable contrast: with the light washed out to an eighth 3 to 7 (cosine 0.85), otherwise 21 and more.
pub const MIN_CONTRAST: f32 = 7.0;
/// A face darker than this …
pub const BACK_LIT_FACE: f32 = 80.0;
/// … before surroundings brighter by this is lit from behind.
pub const BACK_LIGHT: f32 = 70.0;
/// Furthest turned face that makes a good vector, degrees: portraits reach 22 at 95 %.
pub const MAX_YAW: f32 = 25.0;
/// Furthest nodded: portraits reach 13, and a terminal's camera looks from above or below.
pub const MAX_PITCH: f32 = 22.0;
/// Furthest tilted; alignment takes the tilt out.
pub const MAX_ROLL: f32 = 25.0;
/// Least fine detail: sharp 0.12 to 0.31; blurred over 5 pixels 0.06 (cosine 0.94), over 7 0.04 (0.90), over 9 0.03 (0.83).
pub const MIN_SHARPNESS: f32 = 0.035;
/// Fastest face, eye distances a second: at 1/30 s of exposure 1.5 smear it over a twentieth of the eye distance.
pub const MAX_SPEED: f32 = 1.5;
/// Most that mouth and chin may differ from skin: without a mask at most 0.15 (0.17 overexposed); median with a mask: white
/// 0.42, blue 0.55, black 0.38, grey 0.33, pink 0.23, skin-coloured 0.18. A missed mask costs nothing but certainty.
pub const MAX_COVERED: f32 = 0.20;
