//! Frames from an open camera: four buffers shared with the kernel, a limit on every wait, and nothing read beyond what the
//! camera delivered.

use std::time::Duration;

use v4l::buffer::{Flags, Metadata, Type};
use v4l::io::mmap::Stream;
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC};

use super::classify;
use crate::limits::{CAMERA_BUFFERS, CAMERA_RATE, CAMERA_SIZE};
use crate::{Camera, CameraError, Frame, decode_mjpeg, monotonic_ns, yuyv};

/// poll(2)'s POLLIN.
const POLLIN: i16 = 1;
/// Timestamps older than this are not of the monotonic clock.
const OLDEST_NS: u64 = 5_000_000_000;

/// How the pixels come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pixels {
    /// Bytes from row to row.
    Yuyv {
        stride: usize,
    },
    Mjpeg,
}

pub(super) struct Delivery {
    // Before the device: its buffers are given back first.
    stream: Stream<'static>,
    device: Device,
    pixels: Pixels,
}

impl Delivery {
    pub(super) fn start(device: Device) -> Result<Self, CameraError> {
        let pixels = agree(&device)?;
        // Not every driver can be told; a slower camera still works, a lost one is noticed at the next call.
        let _ = device.set_params(&Parameters::with_fps(CAMERA_RATE));
        let stream = Stream::with_buffers(&device, Type::VideoCapture, CAMERA_BUFFERS);
        let mut stream = stream.map_err(|error| classify(&error))?;
        // All but the first, which `next` hands over itself; then `poll` can wait before `next` is called.
        for index in 1..CAMERA_BUFFERS as usize {
            if CaptureStream::queue(&mut stream, index).is_err() {
                break;
            }
        }
        stream.start().map_err(|error| classify(&error))?;
        Ok(Self { stream, device, pixels })
    }
}

/// YUYV first: nothing is lost in it and it costs no decoder. 640×480 exactly; the driver answers with what it can do.
fn agree(device: &Device) -> Result<Pixels, CameraError> {
    let (width, height) = CAMERA_SIZE;
    for name in [*b"YUYV", *b"MJPG"] {
        let fourcc = FourCC::new(&name);
        let got = match device.set_format(&Format::new(width, height, fourcc)).map_err(|error| classify(&error)) {
            Ok(got) => got,
            // A driver that refuses a format it does not have.
            Err(CameraError::Stalled) => continue,
            Err(error) => return Err(error),
        };
        if (got.width, got.height, got.fourcc) == (width, height, fourcc) {
            let stride = usize::try_from(got.stride).unwrap_or_default();
            return Ok(if name == *b"YUYV" { Pixels::Yuyv { stride } } else { Pixels::Mjpeg });
        }
    }
    Err(CameraError::NoFormat)
}

impl Camera for Delivery {
    fn next(&mut self, limit: Duration) -> Result<Frame, CameraError> {
        let limit = limit.min(Duration::from_secs(60));
        let milliseconds = i32::try_from(limit.as_millis()).unwrap_or(i32::MAX);
        let ready = self.device.handle().poll(POLLIN, milliseconds).map_err(|error| classify(&error))?;
        if ready == 0 {
            return Err(CameraError::Stalled);
        }
        // A buffer is ready, or the device is in error: neither waits.
        self.stream.set_timeout(limit);
        let (buffer, meta) = CaptureStream::next(&mut self.stream).map_err(|error| classify(&error))?;
        read(self.pixels, buffer, meta)
    }
}

/// One buffer to a frame.
fn read(pixels: Pixels, buffer: &[u8], meta: &Metadata) -> Result<Frame, CameraError> {
    let used = usize::try_from(meta.bytesused).map_err(|_| CameraError::Damaged)?;
    let delivered = buffer.get(..used).ok_or(CameraError::Damaged)?;
    if meta.flags.contains(Flags::ERROR) || delivered.is_empty() {
        return Err(CameraError::Damaged);
    }
    let now = monotonic_ns();
    let taken = taken_ns(meta).filter(|taken| *taken <= now && now - taken < OLDEST_NS).unwrap_or(now);
    let (width, height) = (CAMERA_SIZE.0 as usize, CAMERA_SIZE.1 as usize);
    match pixels {
        Pixels::Yuyv { stride } => {
            let mut rgb = yuyv::to_rgb(width, height, stride, delivered)?;
            Frame::from_rgb(width, height, std::mem::take(&mut *rgb), taken).ok_or(CameraError::Damaged)
        }
        Pixels::Mjpeg => {
            let frame = decode_mjpeg(delivered, taken)?;
            // What the JPEG says of itself need not be what was agreed.
            if (frame.width(), frame.height()) == (width, height) { Ok(frame) } else { Err(CameraError::Damaged) }
        }
    }
}

/// `None`: not of the monotonic clock.
fn taken_ns(meta: &Metadata) -> Option<u64> {
    let monotonic = meta.flags.bits() & Flags::TIMESTAMP_MASK.bits() == Flags::TIMESTAMP_MONOTONIC.bits();
    let seconds = u64::try_from(meta.timestamp.sec).ok()?;
    let microseconds = u64::try_from(meta.timestamp.usec).ok()?;
    monotonic.then(|| seconds.checked_mul(1_000_000_000)?.checked_add(microseconds.checked_mul(1000)?)).flatten()
}

#[cfg(test)]
mod tests {
    use v4l::timestamp::Timestamp;

    use super::*;

    const YUYV: Pixels = Pixels::Yuyv { stride: 1280 };
    const WHOLE: usize = 640 * 480 * 2;

    fn meta(used: usize, flags: Flags) -> Metadata {
        let now = monotonic_ns() - 3_000_000;
        let timestamp = Timestamp::new((now / 1_000_000_000) as i64, (now % 1_000_000_000 / 1000) as i64);
        Metadata { bytesused: used as u32, flags, timestamp, ..Metadata::default() }
    }

    #[test]
    fn a_whole_frame_has_the_time_the_camera_gave_it() {
        let frame = read(YUYV, &vec![128; WHOLE], &meta(WHOLE, Flags::TIMESTAMP_MONOTONIC)).unwrap();
        assert_eq!((frame.width(), frame.height()), (640, 480));
        assert!(monotonic_ns() - frame.taken_ns() >= 3_000_000);
        // Another clock's time is not taken.
        let before = monotonic_ns();
        let frame = read(YUYV, &vec![128; WHOLE], &meta(WHOLE, Flags::empty())).unwrap();
        assert!(frame.taken_ns() >= before);
    }

    #[test]
    fn only_what_was_delivered_is_read() {
        // The buffer is full of an earlier picture, the camera delivered half of a new one (lab finding 2).
        let buffer = vec![128; WHOLE];
        assert_eq!(read(YUYV, &buffer, &meta(WHOLE / 2, Flags::empty())).unwrap_err(), CameraError::Damaged);
        assert_eq!(read(YUYV, &buffer, &meta(0, Flags::empty())).unwrap_err(), CameraError::Damaged);
        assert_eq!(read(YUYV, &buffer, &meta(WHOLE + 1, Flags::empty())).unwrap_err(), CameraError::Damaged);
        assert_eq!(read(Pixels::Mjpeg, &buffer, &meta(WHOLE, Flags::empty())).unwrap_err(), CameraError::Damaged);
    }

    #[test]
    fn only_a_picture_of_the_agreed_size_is_a_frame() {
        let jpeg = |width: u32, height: u32| {
            let mut bytes = Vec::new();
            let grey = vec![128; (width * height) as usize];
            let encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
            { encoder }.encode(&grey, width, height, image::ExtendedColorType::L8).unwrap();
            bytes
        };
        let all = |bytes: &[u8]| read(Pixels::Mjpeg, bytes, &meta(bytes.len(), Flags::empty()));
        assert!(all(&jpeg(640, 480)).is_ok());
        for (width, height) in [(320, 240), (480, 640), (641, 480), (1280, 720)] {
            assert_eq!(all(&jpeg(width, height)).unwrap_err(), CameraError::Damaged, "{width}x{height}");
        }
    }

    #[test]
    fn a_frame_the_kernel_calls_damaged_is_damaged() {
        let buffer = vec![128; WHOLE];
        assert_eq!(read(YUYV, &buffer, &meta(WHOLE, Flags::ERROR)).unwrap_err(), CameraError::Damaged);
    }
}
