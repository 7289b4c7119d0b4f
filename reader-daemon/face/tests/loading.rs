//! Real model files, and what happens when one of them is not what the manifest pins.

mod common;

use std::path::Path;

use common::shared;
use face::{Manifest, ModelError, Models};

const TEXT: &str = include_str!("../../../models/MANIFEST.toml");

/// A folder of its own with links to the real files.
fn folder(real: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in Manifest::built_in().unwrap().entries() {
        std::os::unix::fs::symlink(real.join(&entry.file).canonicalize().unwrap(), folder.path().join(&entry.file))
            .unwrap();
    }
    folder
}

#[test]
fn real_models_load_and_pass_their_self_tests() {
    let Some(real) = shared("models") else { return };
    let models = Models::load(&real, &Manifest::built_in().unwrap()).unwrap();
    assert_eq!(models.weights(), "emb-edgeface-xs@aca9e88209820599");
    assert_eq!(models.attack_levels().len(), 2);
}

#[test]
fn one_changed_byte_closes_the_face_way_whichever_file_it_is_in() {
    let Some(real) = shared("models") else { return };
    for entry in Manifest::built_in().unwrap().entries() {
        let folder = folder(&real);
        let file = folder.path().join(&entry.file);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::remove_file(&file).unwrap();
        std::fs::write(&file, bytes).unwrap();
        let error = Models::load(folder.path(), &Manifest::built_in().unwrap()).err().unwrap();
        assert!(matches!(error, ModelError::WrongHash { .. }), "{}: {error}", entry.file);
        assert!(error.to_string().contains(&entry.file), "{error}");
    }
}

#[test]
fn another_answer_to_the_known_input_closes_the_face_way() {
    let Some(real) = shared("models") else { return };
    for (from, to) in [
        ("sum = 1186.0338", "sum = 1187.0338"),
        ("sum = 280.664018", "sum = 281.664018"),
        ("first = [-0.114724", "first = [-0.115724"),
        ("first = [-2.63015", "first = [-2.64015"),
    ] {
        assert!(TEXT.contains(from));
        let manifest = Manifest::parse(&TEXT.replacen(from, to, 1)).unwrap();
        let error = Models::load(&real, &manifest).err().unwrap();
        assert!(matches!(error, ModelError::SelfTest { .. }), "{from}: {error}");
    }
}

#[test]
fn a_judgement_that_is_not_required_is_left_out_when_its_file_is_missing_and_a_required_one_is_not() {
    let Some(real) = shared("models") else { return };
    let manifest = Manifest::built_in().unwrap();
    let place = TEXT.rfind("required = true").unwrap();
    let (before, after) = TEXT.split_at(place);
    let lenient = Manifest::parse(&format!("{before}{}", after.replacen("true", "false", 1))).unwrap();
    let folder = folder(&real);
    std::fs::remove_file(folder.path().join("pad-minifas-celebaspoof-128.onnx")).unwrap();
    assert!(matches!(Models::load(folder.path(), &manifest).err(), Some(ModelError::Missing { .. })));
    assert_eq!(Models::load(folder.path(), &lenient).unwrap().attack_levels().len(), 1);
    std::fs::remove_file(folder.path().join("pad-minifasnet-v2.onnx")).unwrap();
    assert!(matches!(Models::load(folder.path(), &lenient).err(), Some(ModelError::Missing { .. })));
}

#[test]
fn a_file_in_the_place_of_another_is_refused_even_when_the_manifest_pins_it() {
    let Some(real) = shared("models") else { return };
    let manifest = Manifest::built_in().unwrap();
    let other = manifest.attack[0].net[0].entry.clone();
    // The embedding's entry pins an attack net: it loads at no other size or gives another answer.
    let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let entry = &manifest.embedding.entry;
    let text = TEXT
        .replacen("file = \"emb-edgeface-xs.onnx\"", &format!("file = \"{}\"", other.file), 1)
        .replacen(&hex(entry.sha256), &hex(other.sha256), 1)
        .replacen(&format!("bytes = {}", entry.bytes), &format!("bytes = {}", other.bytes), 1);
    let error = Models::load(&real, &Manifest::parse(&text).unwrap()).err().unwrap();
    assert!(matches!(error, ModelError::CannotLoad { .. } | ModelError::SelfTest { .. }), "{error}");
}
