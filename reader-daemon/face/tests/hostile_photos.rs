//! Card photos with bytes changed, left out and cut off: an error or a picture, never a panic or a hang.

mod common;

use common::of_the_cast;
use face::{PhotoError, decode_photo};
use proptest::test_runner::{Config, TestRunner};

fn photos() -> Vec<Vec<u8>> {
    of_the_cast("photo.jp2").iter().step_by(2).map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn damaged_photos_are_errors_or_pictures_within_the_limits() {
    let photos = photos();
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let change = (0..photos.len(), proptest::collection::vec((0..400_usize, 0..=255_u8), 1..6), 0..6000_usize);
    let outcome = runner.run(&change, |(which, changes, cut)| {
        let mut bytes = photos[which].clone();
        for (number, (at, byte)) in changes.into_iter().enumerate() {
            // Half in the headers, half anywhere.
            let place = if number % 2 == 0 { at % bytes.len() } else { at * 31 % bytes.len() };
            bytes[place] = byte;
        }
        if cut % 3 == 0 {
            bytes.truncate(cut.min(bytes.len()));
        }
        match decode_photo(&bytes) {
            Ok(frame) => proptest::prop_assert!(frame.width() <= 2048 && frame.height() <= 2048),
            Err(error) => proptest::prop_assert!(matches!(error, PhotoError::NotAPhoto | PhotoError::Damaged)),
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn a_card_photo_is_grey_in_three_channels_and_as_large_as_its_header_says() {
    for bytes in photos() {
        let frame = decode_photo(&bytes).unwrap();
        assert_eq!((frame.width(), frame.height()), (240, 300));
        assert!(frame.rgb().chunks(3).all(|p| p[0] == p[1] && p[1] == p[2]));
        assert!(frame.rgb().iter().any(|v| *v > 150) && frame.rgb().iter().any(|v| *v < 60));
    }
}
