//! The command set beside the applications: card.md 2.1, 2.3, E-02, E-03, E-08, E-40, and garbage.

mod common;

use apdu_fixtures::{Faults, Profile};
use common::{ask, ask_hex, card, card_with, hex, options, word};
use proptest::prelude::*;

const SELECT: &str = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01";

#[test]
fn card_2_1_select_forms() {
    let mut card = card(Profile::Standard);
    assert_eq!(word(&mut card, "00 A4 00 00"), 0x6A86, "after a cold reset");
    assert_eq!(word(&mut card, SELECT), 0x9000);
    assert_eq!(word(&mut card, "00 A4 00 00"), 0x9000);
    assert_eq!(word(&mut card, "00 A4 00 00 02 3F 00"), 0x6A82);
    assert_eq!(word(&mut card, "00 A4 09 0C 02 00 06"), 0x6A86, "no selection by path");
    assert_eq!(word(&mut card, "00 A4 04 0C 05 D3 92 F0 00 26"), 0x9000, "a truncated AID");
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 7F"), 0x6A82);
    assert_eq!(word(&mut card, "01 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01"), 0x6881);
}

#[test]
fn e_02_control_information_names_the_application() {
    let mut card = card(Profile::Standard);
    let (data, word) = ask_hex(&mut card, "00 A4 04 00 0A D3 92 F0 00 26 01 00 00 00 01 00");
    assert_eq!((data, word), (hex("6F 0C 84 0A D3 92 F0 00 26 01 00 00 00 01"), 0x9000));
}

#[test]
fn e_03_with_nothing_selected_files_are_not_found_and_there_is_no_current_one() {
    let mut card = card(Profile::Standard);
    assert_eq!(word(&mut card, "00 A4 02 0C 02 00 06"), 0x6A82);
    assert_eq!(word(&mut card, "00 B0 00 00 00"), 0x6986);
    assert_eq!(word(&mut card, "00 20 00 80"), 0x6986);
    assert_eq!(word(&mut card, "80 2A 00 80 01 00 00"), 0x6986);
}

#[test]
fn card_2_3_objects_of_the_issuer_domain_and_challenges() {
    let mut card = card(Profile::Standard);
    assert_eq!(ask_hex(&mut card, "00 CA 00 F0 00"), (b"99999".to_vec(), 0x9000));
    assert_eq!(word(&mut card, "00 CA 00 99 00"), 0x6A88);
    assert_eq!(word(&mut card, "00 CA 7F 21 00"), 0x6700, "568 bytes want an extended Le");
    assert_eq!(ask_hex(&mut card, "00 CA 7F 21 00 00 00").0.len(), 568);
    assert_eq!(ask_hex(&mut card, "00 84 00 00 10").0.len(), 16);
    assert_ne!(ask_hex(&mut card, "00 84 00 00 10").0, ask_hex(&mut card, "00 84 00 00 10").0);
    assert_eq!(word(&mut card, "00 84 00 00 00 00 10"), 0x6985);
}

#[test]
fn card_3_4_the_common_record() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 01 00");
    let (record, word_) = ask_hex(&mut card, "00 B2 01 0C 00");
    assert_eq!((record.len(), word_), (30, 0x9000));
    assert_eq!(record[..2], [0x01, 0x1C]);
    assert_eq!(word(&mut card, "00 B2 02 0C 00"), 0x6A83);
}

#[test]
fn card_4_2_reading_past_the_end() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    assert_eq!(ask_hex(&mut card, "00 B0 88 00 00"), (vec![0x8F, 0x8F, 0x00], 0x9000), "what is left");
    assert_eq!(word(&mut card, "00 B0 00 03 00"), 0x6B00);
    assert_eq!(word(&mut card, "00 B0 7F FF 00"), 0x6B00);
    assert_eq!(word(&mut card, "00 B0 00 00"), 0x6700, "no Le");
}

#[test]
fn e_08_extended_lengths_are_taken_or_refused() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    let (whole, word_) = ask_hex(&mut card, "00 B0 8A 00 00 00 00");
    assert!(whole.len() > 1000 && word_ == 0x9000);
    card.set_faults("extended-refused".parse().unwrap());
    assert_eq!(word(&mut card, "00 B0 8A 00 00 00 00"), 0x6700);
    assert_eq!(word(&mut card, "00 B0 8A 00 00"), 0x9000);
}

#[test]
fn e_40_order_of_checks() {
    let mut card = card(Profile::Standard);
    ask_hex(&mut card, SELECT);
    assert_eq!(word(&mut card, "FF FF 00 00"), 0x6E00, "class before instruction");
    assert_eq!(word(&mut card, "00 FF 00 00 05 00"), 0x6D00, "instruction before lengths");
    assert_eq!(word(&mut card, "00 20 01 98 05 00"), 0x6A86, "P1P2 before lengths");
    assert_eq!(word(&mut card, "00 20 00 9D 05 00"), 0x6700, "lengths before the file");
    assert_eq!(word(&mut card, "00 B0 81 00"), 0x6700, "6700 beats 6982");
    assert_eq!(word(&mut card, "80 2A 00 9D 01 00 00"), 0x6A82, "an unknown EF beats a missing PIN");
    for _ in 0..3 {
        ask_hex(&mut card, "00 20 00 98 04 30 30 30 30");
    }
    assert_eq!(word(&mut card, "00 20 00 98 04 30 30 30 30"), 0x6984, "blocked before data");
    assert_eq!(word(&mut card, "00 B0 81 7F 04"), 0x6982, "access before the offset");
}

fn faults() -> impl Strategy<Value = Faults> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(a, b, c, d, e)| Faults {
        first_6f00: a,
        answers_as_61: b,
        wrong_le: c,
        short_answers: d,
        extended_refused: e,
        ..Faults::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn garbage_commands_get_two_bytes_at_least(
        faults in faults(),
        commands in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 1..20),
    ) {
        let mut options = options();
        options.faults = faults;
        let mut card = card_with(Profile::Standard, options);
        for command in commands {
            ask(&mut card, &command);
        }
    }

    #[test]
    fn commands_near_real_ones_get_two_bytes_at_least_and_no_data_without_success(
        commands in prop::collection::vec(
            (prop::sample::select(vec![0u8, 0x80]), prop::sample::select(vec![0xA4u8, 0xB0, 0xB2, 0x20, 0x2A, 0x84, 0xC0, 0xCA]),
             any::<u8>(), any::<u8>(), prop::collection::vec(any::<u8>(), 0..24)), 1..20),
    ) {
        let mut card = card(Profile::Standard);
        ask_hex(&mut card, SELECT);
        for (cla, ins, p1, p2, body) in commands {
            let mut command = vec![cla, ins, p1, p2];
            command.extend(body);
            let (data, word) = ask(&mut card, &command);
            prop_assert!(data.is_empty() || word == 0x9000);
        }
    }
}
