//! Laws that are seen in the code itself: what no file of this crate may say.

/// The crate's own code, file by file, without its tests.
fn sources() -> Vec<(String, String)> {
    fn collect(directory: &std::path::Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(directory).expect("sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "tests") {
                    collect(&path, found);
                }
            } else if path.file_name().is_some_and(|name| name != "tests.rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                found.push((path.file_name().expect("a name").to_string_lossy().into_owned(), code));
            }
        }
    }
    let mut found = Vec::new();
    collect(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn law_1_no_other_part_of_this_crate_sends_verify() {
    let found = sources();
    let uses: Vec<_> =
        found.iter().flat_map(|(file, code)| code.matches("INS_VERIFY").map(move |_| file.as_str())).collect();
    let count = |file| uses.iter().filter(|used| **used == file).count();
    // apdu.rs names it, conversation.rs keeps it from being repeated, verify.rs imports it, asks with it and sends it.
    assert_eq!((count("apdu.rs"), count("conversation.rs"), count("verify.rs"), uses.len()), (1, 2, 3, 6));
    let raw = found.iter().filter(|(_, code)| code.contains("0x00, 0x20,")).count();
    assert_eq!(raw, 0, "VERIFY written as bytes");
    let calling = |call: &str| -> Vec<_> {
        let mut files: Vec<_> =
            found.iter().filter(|(_, code)| code.contains(call)).map(|(file, _)| file.as_str()).collect();
        files.sort_unstable();
        files
    };
    assert_eq!(calling(".verify(pin)"), ["phone.rs", "verify_and_sign.rs"], "they alone hand a PIN over");
    assert_eq!(calling("verify::verify_surface_code("), ["read_photo.rs"], "it alone hands a surface code over");
}

#[test]
fn card_md_7_4_no_other_part_of_this_crate_knows_the_command_of_the_pin_less_step() {
    let found = sources();
    let knowing: Vec<_> =
        found.iter().filter(|(_, code)| code.contains("0xA2")).map(|(file, _)| file.as_str()).collect();
    assert_eq!(knowing, ["pin_less.rs"]);
}

#[test]
fn card_md_8_2_only_the_way_of_the_iphone_sends_the_last_command() {
    let found = sources();
    let knowing = |word: &str| -> Vec<_> {
        found.iter().filter(|(_, code)| code.contains(word)).map(|(file, _)| file.as_str()).collect()
    };
    assert_eq!(knowing("0xFC"), ["last_command.rs"]);
    assert_eq!(knowing("last_command::send("), ["jpki.rs"]);
    assert_eq!(knowing(".end_with_iphone()"), ["phone.rs"]);
}

#[test]
fn law_3_no_transaction_is_ever_begun() {
    let found = sources();
    assert!(found.iter().any(|(_, code)| code.contains("pcsc::")), "the search looks at the PC/SC code");
    for (file, code) in found {
        for word in [".transaction(", ".transaction2(", "Transaction"] {
            assert!(!code.contains(word), "{file} begins a transaction: {word}");
        }
    }
}
