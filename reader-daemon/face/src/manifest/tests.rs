use proptest::prelude::*;

use super::*;

const TEXT: &str = include_str!("../../../../models/MANIFEST.toml");

#[test]
fn the_built_in_manifest_is_accepted_and_names_its_weights() {
    let manifest = Manifest::built_in().unwrap();
    assert_eq!(manifest.entries().count(), 5);
    assert_eq!(manifest.level, WeightsLevel::Research);
    assert_eq!(manifest.identity(), "emb-edgeface-xs@aca9e88209820599");
    assert_eq!(manifest.embedding.thresholds, Thresholds { accept: 0.40, again: 0.32 });
    assert_eq!(manifest.detector.entry.sha256[..3], [0xff, 0xf0, 0xcb]);
    assert!(manifest.attack.iter().all(|attack| attack.required));
}

#[test]
fn what_cannot_be_right_is_refused() {
    let changes = [
        ("format = 1", "format = 2"),
        ("level = \"research\"", ""),
        ("level = \"research\"", "level = \"Research\""),
        ("level = \"research\"", "level = \"none\""),
        ("level = \"research\"", "level = \"research\"\nlevel = \"approved\""),
        ("accept = 0.40", "accept = 1.40"),
        ("accept = 0.40", "accept = nan"),
        ("again = 0.32", "again = 0.41"),
        ("again = 0.32", "again = 0.0"),
        ("again = 0.32", "again = 0.32, surprise = 1"),
        ("live = 0.70", "live = 0.30"),
        ("live = 0.70", "live = 0.0"),
        ("live_class = 1", "live_class = 3"),
        ("factor = 2.7", "factor = nan"),
        ("factor = 2.7", "factor = 9.0"),
        ("file = \"emb-edgeface-xs.onnx\"", "file = \"../emb-edgeface-xs.onnx\""),
        ("file = \"emb-edgeface-xs.onnx\"", "file = \"..\""),
        ("file = \"emb-edgeface-xs.onnx\"", "file = \"\""),
        ("sha256 = \"aca9", "sha256 = \"ACA9"),
        ("sha256 = \"aca9", "sha256 = \"ca9"),
        ("bytes = 9164639", "bytes = 0"),
        ("bytes = 9164639", "bytes = 91646390000"),
        ("input = [1, 3, 320, 320]", "input = [1, 3, 160, 160]"),
        ("input = [1, 3, 80, 80]", "input = [1, 3, 80, 8000000]"),
        ("outputs = [[1, 512]]", "outputs = [[1, 128]]"),
        ("channels = \"rgb\"", "channels = \"grey\""),
        ("range = \"-1..1\"", "range = \"0..2\""),
        ("side = 160", "side = 320"),
        ("side = 160", "side = 100"),
        ("side = 160", "side = 160, edge = 1"),
        ("sum = 280.664018", "sum = nan"),
        ("sum = 1.9657", "sum = inf"),
        ("first = [-0.114724", "first = [], firsts = [-0.114724"),
        ("licence = \"BSD-3-Clause\"", ""),
        ("[detector]", "[detektor]"),
    ];
    for (from, to) in changes {
        assert!(TEXT.contains(from), "{from} is not in the manifest");
        let changed = TEXT.replacen(from, to, 1);
        assert!(Manifest::parse(&changed).is_err(), "{from} → {to}");
    }
}

#[test]
fn a_manifest_that_requires_no_judgement_is_refused_and_one_is_enough() {
    assert!(Manifest::parse(&TEXT.replacen("required = true", "required = false", 1)).is_ok());
    assert!(Manifest::parse(&TEXT.replace("required = true", "required = false")).is_err());
}

#[test]
fn every_level_is_read_and_only_a_configured_manifest_is_approved() {
    for level in WeightsLevel::ALL {
        let text = TEXT.replacen("\"research\"", &format!("\"{level}\""), 1);
        let manifest = Manifest::parse(&text).unwrap();
        assert_eq!(manifest.level, level);
        assert_eq!(manifest.without_approval().is_ok(), level < WeightsLevel::Approved, "{level}");
    }
}

#[test]
fn a_set_below_what_a_program_takes_is_refused_with_its_name() {
    let of = |level| Manifest { level, ..Manifest::built_in().unwrap() };
    for level in WeightsLevel::ALL {
        for least in WeightsLevel::ALL {
            assert_eq!(of(level).at_least(least).is_ok(), level >= least, "{level} for {least}");
        }
    }
    let error = of(WeightsLevel::Demonstration).at_least(WeightsLevel::Research).unwrap_err().to_string();
    assert!(error.contains("emb-edgeface-xs@aca9e88209820599") && error.contains("level demonstration"), "{error}");
}

#[test]
fn our_own_weights_are_for_demonstration_whatever_a_manifest_calls_them() {
    let own = Manifest::parse(OWN).unwrap();
    assert_eq!(own.level, WeightsLevel::Demonstration);
    for level in ["research", "approved"] {
        let renamed = OWN.replacen("\"demonstration\"", &format!("\"{level}\""), 1);
        let error = Manifest::parse(&renamed).unwrap_err().to_string();
        assert!(error.contains("level demonstration and of no other"), "{error}");
    }
}

#[test]
fn a_manifest_is_read_from_its_file_and_without_one_the_built_in_one_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("MANIFEST.toml");
    assert!(matches!(Manifest::of(Some(&path)), Err(ManifestError::File(_))));
    std::fs::write(&path, TEXT.replacen("\"research\"", "\"approved\"", 1)).unwrap();
    assert_eq!(Manifest::of(Some(&path)).unwrap().level, WeightsLevel::Approved);
    std::fs::write(&path, TEXT.to_owned() + &"#".repeat(MAX_MANIFEST)).unwrap();
    assert_eq!(Manifest::read(&path), Err(ManifestError::TooLong));
    assert_eq!(Manifest::of(None), Manifest::built_in());
}

#[test]
fn an_unknown_key_is_refused_in_every_table() {
    for place in ["format = 1", "licence = \"BSD-3-Clause\"", "required = true", "live_class = 1"] {
        let changed = TEXT.replacen(place, &format!("{place}\nunknown_key = 1"), 1);
        assert!(Manifest::parse(&changed).is_err(), "after {place}");
    }
}

#[test]
fn a_manifest_has_an_end() {
    let long = format!("{TEXT}#{}", "x".repeat(MAX_MANIFEST));
    assert_eq!(Manifest::parse(&long), Err(ManifestError::TooLong));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,400}") {
        let _ = Manifest::parse(&text);
    }

    #[test]
    fn any_change_of_one_byte_is_read_or_refused(at in 0..TEXT.len(), byte in 0x20..0x7F_u8) {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(text) = std::str::from_utf8(&bytes)
            && let Ok(manifest) = Manifest::parse(text)
        {
            prop_assert!(manifest.embedding.thresholds.accept > 0.0);
            prop_assert!(manifest.entries().all(|entry| !entry.file.contains('/')));
        }
    }
}
