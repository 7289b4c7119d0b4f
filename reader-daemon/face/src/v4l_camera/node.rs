//! Which of the nodes under /dev is the camera that is meant.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use nokhwa::utils::{ApiBackend, CameraIndex};
use v4l::Device;

use super::caps;

/// V4L2_CAP_VIDEO_CAPTURE and V4L2_CAP_STREAMING.
const CAPTURES: u32 = 0x0000_0001 | 0x0400_0000;
/// Most nodes looked at: the kernel's own limit is 256 minors.
const MAX_NODES: usize = 256;

/// One /dev/videoN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) number: u32,
    pub(super) name: String,
    /// Physical path; empty when it may not be opened.
    pub(super) bus: String,
    /// Vendor and product id of a USB device.
    pub(super) usb: Option<(u16, u16)>,
    /// `device_caps`; `None`: it may not be opened.
    pub(super) flags: Option<u32>,
}

/// What a pattern leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice<'a> {
    /// This one.
    One(&'a Node),
    /// None fits.
    None,
    /// Several devices fit.
    Several,
}

impl Node {
    pub(super) fn path(&self) -> PathBuf {
        format!("/dev/video{}", self.number).into()
    }

    /// A UVC camera has a node for metadata too, other devices put pictures out (lab finding 3).
    pub(super) fn captures(&self) -> bool {
        self.flags.is_some_and(|flags| flags & CAPTURES == CAPTURES)
    }

    pub(super) fn forbidden(&self) -> bool {
        self.flags.is_none()
    }

    fn fits(&self, pattern: &str) -> bool {
        let id =
            self.usb.is_some_and(|(vendor, product)| format!("{vendor:04x}:{product:04x}") == pattern.to_lowercase());
        id || self.bus == pattern || self.name.to_lowercase().contains(&pattern.to_lowercase())
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some((vendor, product)) = self.usb {
            write!(f, " {vendor:04x}:{product:04x}")?;
        }
        let bus = if self.bus.is_empty() { "not allowed to be opened" } else { &self.bus };
        write!(f, " ({bus})")
    }
}

/// The capture node that fits. One device may have several: the first is its colour camera.
pub(super) fn choose<'a>(nodes: &'a [Node], pattern: Option<&str>) -> Choice<'a> {
    let pattern = pattern.map(str::trim).filter(|pattern| !pattern.is_empty());
    let mut fitting: Vec<&Node> =
        nodes.iter().filter(|node| node.captures() && pattern.is_none_or(|pattern| node.fits(pattern))).collect();
    fitting.sort_by_key(|node| node.number);
    match fitting.as_slice() {
        [] => Choice::None,
        [first, rest @ ..] if rest.iter().all(|other| other.bus == first.bus) => Choice::One(first),
        [..] => Choice::Several,
    }
}

/// For people: every device once.
pub(super) fn list(nodes: &[Node]) -> String {
    let mut names: Vec<String> =
        nodes.iter().filter(|node| node.captures() || node.forbidden()).map(ToString::to_string).collect();
    names.sort();
    names.dedup();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// Every node there is now.
pub(super) fn all() -> Vec<Node> {
    named().into_iter().take(MAX_NODES).map(|(number, name)| described(number, name)).collect()
}

/// Number and product name, from nokhwa. It takes every name under /dev that begins with "video" for a node and panics
/// when one has no number, which a udev rule may well have made; then the kernel's own list is read.
fn named() -> Vec<(u32, String)> {
    let safe = names("/dev").iter().filter(|name| name.starts_with("video")).all(|name| number(name).is_some());
    if !safe {
        return names("/sys/class/video4linux")
            .iter()
            .filter_map(|name| {
                Some((number(name)?, read(&sysfs(number(name)?).join("name")).unwrap_or_else(|| name.clone())))
            })
            .collect();
    }
    let found = nokhwa::query(ApiBackend::Video4Linux).unwrap_or_default();
    found
        .into_iter()
        .filter_map(|camera| match camera.index() {
            CameraIndex::Index(number) => Some((*number, camera.human_name())),
            CameraIndex::String(_) => None,
        })
        .collect()
}

/// What cannot be read as text counts as a name without number.
fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().into_string().unwrap_or_else(|_| "video".into())).collect()
}

/// `video7` → 7.
fn number(name: &str) -> Option<u32> {
    name.strip_prefix("video").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

fn described(number: u32, name: String) -> Node {
    let mut node = Node { number, name, bus: String::new(), usb: usb(&sysfs(number)), flags: None };
    let caps = Device::with_path(node.path()).and_then(|device| caps::query(&device));
    if let Ok(caps) = caps {
        if node.name.is_empty() || node.name.starts_with("/dev/") {
            node.name = caps.card;
        }
        node.bus = caps.bus;
        node.flags = Some(caps.flags);
    }
    node
}

fn sysfs(number: u32) -> PathBuf {
    format!("/sys/class/video4linux/video{number}").into()
}

/// The node's device is a USB interface; its parent has the ids.
fn usb(node: &Path) -> Option<(u16, u16)> {
    let id = |name: &str| u16::from_str_radix(&read(&node.join("device/..").join(name))?, 16).ok();
    Some((id("idVendor")?, id("idProduct")?))
}

fn read(path: &Path) -> Option<String> {
    Some(fs::read_to_string(path).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTURE: u32 = 0x0420_0001;
    const METADATA: u32 = 0x04A0_0000;
    const OUTPUT: u32 = 0x0420_0002;

    fn node(number: u32, name: &str, bus: &str, usb: Option<(u16, u16)>, flags: u32) -> Node {
        Node { number, name: name.into(), bus: bus.into(), usb, flags: Some(flags) }
    }

    /// What was seen in the device lab: a USB camera with its metadata node and vivid's three, in the order /dev gave them.
    fn lab() -> Vec<Node> {
        let vivid = |number, flags| node(number, "vivid", "platform:vivid-000", None, flags);
        let usb =
            |number, flags| node(number, "Lab Camera: Lab Camera", "usb-vhci_hcd.0-1", Some((0x1d6b, 0x0102)), flags);
        vec![
            vivid(3, METADATA),
            usb(5, METADATA),
            vivid(1, OUTPUT),
            usb(4, CAPTURE),
            vivid(0, CAPTURE),
            vivid(2, METADATA),
        ]
    }

    #[test]
    fn a_camera_is_chosen_by_name_id_or_place() {
        let nodes = lab();
        for pattern in ["lab camera", "1d6b:0102", "1D6B:0102", "usb-vhci_hcd.0-1", "  Lab "] {
            assert_eq!(choose(&nodes, Some(pattern)), Choice::One(&nodes[3]), "{pattern}");
        }
        assert_eq!(choose(&nodes, Some("vivid")), Choice::One(&nodes[4]));
        assert_eq!(choose(&nodes, Some("1d6b:0103")), Choice::None);
        assert_eq!(choose(&nodes, Some("usb-vhci")), Choice::None, "part of a place is no place");
    }

    #[test]
    fn without_pattern_there_must_be_one_device() {
        let nodes = lab();
        assert_eq!(choose(&nodes, None), Choice::Several);
        assert_eq!(choose(&nodes, Some(" ")), Choice::Several);
        assert_eq!(choose(&nodes[1..2], None), Choice::None, "metadata alone is no camera");
        assert_eq!(choose(&nodes[3..4], None), Choice::One(&nodes[3]));
    }

    #[test]
    fn two_capture_nodes_of_one_device_are_one_camera() {
        let infrared = node(7, "Lab Camera: IR", "usb-1", None, CAPTURE);
        let colour = node(6, "Lab Camera: RGB", "usb-1", None, CAPTURE);
        let nodes = [infrared, colour];
        assert_eq!(choose(&nodes, None), Choice::One(&nodes[1]));
        assert_eq!(choose(&nodes, Some("ir")), Choice::One(&nodes[0]));
    }

    #[test]
    fn people_read_which_cameras_there_are() {
        assert_eq!(list(&lab()), "Lab Camera: Lab Camera 1d6b:0102 (usb-vhci_hcd.0-1), vivid (platform:vivid-000)");
        let shut = Node { flags: None, bus: String::new(), ..node(0, "Cam", "", None, 0) };
        assert_eq!(list(&[shut]), "Cam (not allowed to be opened)");
        assert_eq!(list(&[]), "none");
    }

    #[test]
    fn only_video_and_a_number_is_a_node() {
        assert_eq!(number("video12"), Some(12));
        for name in ["video", "video-front", "video1a", "v4l-subdev0", "video99999999999"] {
            assert_eq!(number(name), None, "{name}");
        }
    }
}
