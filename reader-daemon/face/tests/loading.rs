//! Real model files, the repository's own, and what happens when one of them is not what the manifest pins.

mod common;

use std::path::Path;

use common::{own_manifest, own_models};
use face::{Manifest, ModelError, Models, WeightsLevel};

fn text() -> String {
    std::fs::read_to_string(own_manifest()).unwrap()
}

fn manifest() -> Manifest {
    Manifest::parse(&text()).unwrap()
}

/// A folder of its own with links to the real files.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in manifest().entries() {
        let link = folder.path().join(&entry.file);
        if !link.exists() {
            std::os::unix::fs::symlink(own_models().join(&entry.file), link).unwrap();
        }
    }
    folder
}

fn refusal(folder: &Path, manifest: &Manifest) -> ModelError {
    Models::load(folder, manifest).err().expect("it must be refused")
}

#[test]
fn real_models_load_and_pass_their_self_tests() {
    let models = Models::load(&own_models(), &manifest()).unwrap();
    assert_eq!(models.weights(), manifest().identity());
    assert_eq!(models.level(), WeightsLevel::Demonstration);
    assert_eq!(models.attack_levels().len(), manifest().attack.len());
}

#[test]
fn one_changed_byte_closes_the_face_way_whichever_file_it_is_in() {
    for entry in manifest().entries() {
        let folder = folder();
        let file = folder.path().join(&entry.file);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::remove_file(&file).unwrap();
        std::fs::write(&file, bytes).unwrap();
        let error = refusal(folder.path(), &manifest());
        assert!(matches!(error, ModelError::WrongHash { .. }), "{}: {error}", entry.file);
        assert!(error.to_string().contains(&entry.file), "{error}");
    }
}

#[test]
fn another_answer_to_the_known_input_closes_the_face_way() {
    let mut manifests = Vec::new();
    for (number, _) in manifest().entries().enumerate() {
        manifests.push(changed(number, |test| test.sum = test.sum * 1.01 + 1.0));
        manifests.push(changed(number, |test| test.first[0] += 0.001_f64.max(test.first[0].abs() * 0.01)));
    }
    let mut tracking = manifest();
    tracking.detector.tracking.self_test.sum += 10.0;
    manifests.push(tracking);
    for manifest in manifests {
        let error = refusal(&own_models(), &manifest);
        assert!(matches!(error, ModelError::SelfTest { .. }), "{error}");
    }
}

/// With another self-test of one model, in the order of [`Manifest::entries`].
fn changed(number: usize, change: impl Fn(&mut face::SelfTest)) -> Manifest {
    let mut manifest = manifest();
    let nets = manifest.attack.iter_mut().flat_map(|attack| &mut attack.net).map(|net| &mut net.entry);
    let mut entries = [&mut manifest.detector.entry, &mut manifest.embedding.entry].into_iter().chain(nets);
    change(&mut entries.nth(number).unwrap().self_test);
    drop(entries);
    manifest
}

#[test]
fn a_judgement_that_is_not_required_is_left_out_when_its_file_is_missing_and_a_required_one_is_not() {
    let count = manifest().attack.len();
    let mut strict = manifest();
    let mut another = strict.attack[0].clone();
    another.net[0].entry.file = "missing.onnx".to_owned();
    strict.attack.push(another);
    let mut lenient = strict.clone();
    lenient.attack[count].required = false;
    let folder = folder();
    assert!(matches!(refusal(folder.path(), &strict), ModelError::Missing { .. }));
    assert_eq!(Models::load(folder.path(), &lenient).unwrap().attack_levels().len(), count);
    std::fs::remove_file(folder.path().join(&lenient.attack[0].net[0].entry.file)).unwrap();
    assert!(matches!(refusal(folder.path(), &lenient), ModelError::Missing { .. }));
}

#[test]
fn a_file_in_the_place_of_another_is_refused_even_when_the_manifest_pins_it() {
    // The embedding's entry pins an attack net: it loads at no other size or gives another answer.
    let mut manifest = manifest();
    let other = manifest.attack[0].net[0].entry.clone();
    let entry = &mut manifest.embedding.entry;
    (entry.file, entry.sha256, entry.bytes) = (other.file, other.sha256, other.bytes);
    let error = refusal(&own_models(), &manifest);
    assert!(matches!(error, ModelError::CannotLoad { .. } | ModelError::SelfTest { .. }), "{error}");
}
