use proptest::prelude::*;

use super::*;

/// A folder that holds one file, and an entry that pins it.
fn pinned(bytes: &[u8]) -> (tempfile::TempDir, Entry) {
    let folder = tempfile::tempdir().unwrap();
    let mut entry = Manifest::built_in().unwrap().embedding.entry;
    std::fs::write(folder.path().join(&entry.file), bytes).unwrap();
    entry.bytes = bytes.len() as u64;
    entry.sha256 = Sha256::digest(bytes).into();
    (folder, entry)
}

fn attempt(folder: &Path, entry: &Entry) -> Option<ModelError> {
    load(
        folder,
        &Wanted { entry, side: side(entry), layout: Layout::Pixels, self_test: &entry.self_test, outputs: None },
    )
    .err()
}

#[test]
fn an_empty_folder_names_the_missing_file_and_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let error = Models::load(folder.path(), &Manifest::built_in().unwrap()).err().unwrap();
    assert!(matches!(error, ModelError::Missing { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("emb-edgeface-xs.onnx") && text.contains("models/README.md"), "{text}");
}

#[test]
fn other_bytes_than_pinned_are_refused_before_they_are_parsed() {
    let (folder, entry) = pinned(b"as pinned");
    let file = folder.path().join(&entry.file);
    assert_eq!(read(&file, &entry).unwrap(), b"as pinned");
    for other in [&b"as pinnee"[..], b"as pinne", b"as pinned and more", b""] {
        std::fs::write(&file, other).unwrap();
        assert!(matches!(attempt(folder.path(), &entry), Some(ModelError::WrongHash { .. })));
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_an_error() {
    let (folder, entry) = pinned(b"x");
    let file = folder.path().join(&entry.file);
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert!(matches!(attempt(folder.path(), &entry), Some(ModelError::Unreadable { .. })));
}

#[test]
fn a_self_test_fails_when_a_number_or_the_sum_differs() {
    let expected = SelfTest { first: vec![1.0, -2.0], sum: 100.0 };
    assert_eq!(compare(&[1.0, -2.0, 101.0], &expected), Ok(()));
    assert_eq!(compare(&[1.000_05, -2.0, 101.0], &expected), Ok(()));
    for wrong in [&[1.001, -2.0, 100.999][..], &[1.0, -2.0, 101.1], &[1.0], &[], &[f32::NAN, -2.0, 101.0]] {
        assert!(compare(wrong, &expected).is_err(), "{wrong:?}");
    }
}

#[test]
fn garbage_that_the_manifest_pins_is_an_error_and_no_panic() {
    let samples: [&[u8]; 4] = [b"", b"garbage", &[0x08, 0x07, 0x3A, 0x00], &[0xFF; 64]];
    for bytes in samples {
        let (folder, entry) = pinned(bytes);
        assert!(matches!(attempt(folder.path(), &entry), Some(ModelError::CannotLoad { .. })), "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_as_a_model_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let entry = Manifest::built_in().unwrap().embedding.entry;
        prop_assert!(Net::load(&entry, 112, Layout::Planes, &bytes).is_err());
    }
}
