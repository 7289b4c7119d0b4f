//! VIDIOC_QUERYCAP. The v4l crate asks it too, but panics when a product name ends in half a character: the kernel cuts
//! names at 31 bytes, and a Japanese one is likely to be cut there.
#![allow(unsafe_code)]

use std::io;

use v4l::{Device, v4l_sys::v4l2_capability, v4l2};

/// What a node says of itself.
pub(super) struct Caps {
    /// Product name, at most 31 bytes; half a character at its end is replaced.
    pub(super) card: String,
    /// Where it is plugged in: `usb-0000:00:14.0-2`.
    pub(super) bus: String,
    /// `device_caps`: what this node does, not its siblings.
    pub(super) flags: u32,
}

pub(super) fn query(device: &Device) -> io::Result<Caps> {
    let mut raw = v4l2_capability {
        driver: [0; 16],
        card: [0; 32],
        bus_info: [0; 32],
        version: 0,
        capabilities: 0,
        device_caps: 0,
        reserved: [0; 3],
    };
    let handle = device.handle();
    // SAFETY: VIDIOC_QUERYCAP writes one `v4l2_capability` behind the pointer, which is valid for the call, and the
    // descriptor stays open as long as `handle` lives.
    unsafe { v4l2::ioctl(handle.fd(), v4l2::vidioc::VIDIOC_QUERYCAP, (&raw mut raw).cast()) }?;
    Ok(Caps { card: text(&raw.card), bus: text(&raw.bus_info), flags: raw.device_caps })
}

/// Up to the first zero.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cut_in_half_a_character_is_still_a_name() {
        let mut name = [0; 32];
        let cut = "カメラカメラカメラカメラ".as_bytes();
        name[..31].copy_from_slice(&cut[..31]);
        assert!(text(&name).starts_with("カメラカメラカメラ"));
        assert_eq!(text(b"Lab Camera\0rest"), "Lab Camera");
        assert_eq!(text(&[0xFF; 4]).chars().count(), 4);
    }
}
