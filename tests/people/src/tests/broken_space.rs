//! A face space is a file: whatever its bytes are, it is read or refused.

use proptest::prelude::*;

use crate::space::{Space, SpaceError};

/// A small but whole header over the checked-in arrays.
fn whole() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/space.bin")).unwrap()
}

#[test]
fn the_checked_in_space_is_whole() {
    let space = Space::parse(&whole()).unwrap();
    assert!(space.texture_y.count() >= 8 && space.shape.count() >= 4);
    for name in ["female", "age", "dark_skin"] {
        assert!(space.directions.contains_key(name), "{name}");
    }
    assert!(space.rows.brow < space.rows.nose_base && space.rows.nose_base < space.rows.lips);
}

#[test]
fn a_file_that_is_something_else_is_told_apart() {
    assert!(matches!(Space::parse(b""), Err(SpaceError::NoMagic)));
    assert!(matches!(Space::parse(b"\x89PNG\r\n\x1a\n and so on"), Err(SpaceError::NoMagic)));
    assert!(matches!(Space::parse(b"RDPEOPLE\x01"), Err(SpaceError::NoMagic)));
}

#[test]
fn a_header_longer_than_the_file_is_refused() {
    assert!(matches!(Space::parse(b"RDPEOPLE\xff\xff\xff\xff{}"), Err(SpaceError::HeaderLength(u32::MAX))));
    assert!(matches!(Space::parse(b"RDPEOPLE\x09\x00\x00\x00{}"), Err(SpaceError::HeaderLength(9))));
}

#[test]
fn a_header_that_is_no_json_is_refused() {
    assert!(matches!(Space::parse(b"RDPEOPLE\x02\x00\x00\x00{]"), Err(SpaceError::Header(_))));
}

#[test]
fn arrays_that_overflow_or_reach_beyond_the_file_are_refused() {
    for shape in ["[18446744073709551615, 2]", "[9, 9]", "[4294967295, 4294967295, 4294967295]"] {
        let header = format!(r#"{{"arrays":[{{"name":"mean_y","type":"f32","shape":{shape}}}]}}"#);
        let mut bytes = b"RDPEOPLE".to_vec();
        bytes.extend(u32::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.as_bytes());
        assert!(matches!(Space::parse(&bytes), Err(SpaceError::Array(..))), "{shape}");
    }
}

#[test]
fn a_space_cut_off_anywhere_is_refused() {
    let bytes = whole();
    for share in 0..40 {
        let length = bytes.len() * share / 40;
        assert!(Space::parse(&bytes[..length]).is_err(), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_changed_header_is_read_or_refused_but_stops_nothing(at in 8_usize..4000, byte in any::<u8>()) {
        let mut bytes = whole();
        bytes[at] = byte;
        let _either = Space::parse(&bytes);
    }
}
