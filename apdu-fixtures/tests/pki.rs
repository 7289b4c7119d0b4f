//! The checked-in files of the made-up PKI (card.md E-09, E-11).

use std::fs;
use std::path::{Path, PathBuf};

use apdu_fixtures::pki::{self, Authority, KeyName, NOT_REAL};
use der::DecodePem;
use x509_cert::Certificate;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pki")
}

#[test]
fn the_checked_in_anchors_are_the_ones_the_crate_builds() {
    let mut from_files = Vec::new();
    for authority in Authority::LISTED {
        let pem = fs::read_to_string(folder().join("anchors").join(format!("{}.pem", authority.file_stem()))).unwrap();
        assert!(pem.starts_with(NOT_REAL));
        from_files.push(der::Encode::to_der(&Certificate::from_pem(&pem).unwrap()).unwrap());
    }
    assert_eq!(from_files, pki::anchors());
    let files = fs::read_dir(folder().join("anchors")).unwrap().count();
    assert_eq!(files, Authority::LISTED.len(), "nothing else lies among the anchors");
}

#[test]
fn e_11_the_checked_in_signer_keys_are_the_ones_the_crate_builds_and_the_terminal_reads_them() {
    let fresh = tempfile::tempdir().unwrap();
    pki::write_signer_keys(fresh.path()).unwrap();
    let read = |folder: &Path| {
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| (file.file_name().unwrap().to_owned(), fs::read(file).unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(read(&folder().join("signers")), read(fresh.path()));
    let keys = card::SignerKeys::from_directory(fresh.path()).unwrap();
    assert_eq!((keys.len(), keys.emulated()), (pki::signer_keys().len(), Some(true)));
    assert_eq!(card::SignerKeys::from_bytes(&pki::signer_keys()).unwrap().len(), keys.len());
}

#[test]
fn the_written_anchors_are_the_listed_ones() {
    let fresh = tempfile::tempdir().unwrap();
    pki::write_anchors(fresh.path()).unwrap();
    for authority in Authority::LISTED {
        let name = format!("{}.pem", authority.file_stem());
        let written = fs::read(fresh.path().join(&name)).unwrap();
        assert_eq!(written, fs::read(folder().join("anchors").join(&name)).unwrap());
    }
}

#[test]
fn every_key_says_that_it_is_not_real() {
    for (_, file) in KeyName::ALL {
        let pem = fs::read_to_string(folder().join("keys").join(file)).unwrap();
        assert!(pem.starts_with("NOT A REAL CARD, published on purpose"), "{file}");
    }
    let files = fs::read_dir(folder().join("keys")).unwrap().count();
    assert_eq!(files, KeyName::ALL.len(), "every file is a key of the list");
}

#[test]
fn e_09_no_authority_has_a_name_of_the_real_one() {
    for authority in Authority::ALL {
        let name = authority.certificate().tbs_certificate.subject.to_string();
        assert!(name.contains("EMULATOR") && name.contains("NOT A REAL CARD"), "{name}");
        assert!(!name.contains("Japan Agency"), "{name}");
    }
}
