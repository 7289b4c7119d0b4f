//! The recorder, the strict replayer and the recordings that are checked in.

mod common;
#[path = "common/sequences.rs"]
#[allow(missing_docs, unreachable_pub)]
mod sequences;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use apdu_fixtures::recording::{Difference, Header, RecordedReader, Recorder, Recording, RecordingError, Replay};
use apdu_fixtures::{EmulatedReader, Profile};
use card::{Channel, ChannelError, Presence, Reader};
use common::{card, hex};
use proptest::prelude::*;

fn text_of(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(format!("{file}.jsonl"));
    fs::read_to_string(path).unwrap()
}

fn record(profile: Profile, run: impl FnOnce(&mut dyn Channel)) -> String {
    let channel = sequences::fresh(profile);
    let mut recorder = Recorder::new(channel, Header::new("Emulated reader", &[]), Vec::new());
    run(&mut recorder);
    String::from_utf8(recorder.finish().unwrap()).unwrap()
}

#[test]
fn the_checked_in_recordings_replay_strictly() {
    for sequence in sequences::ALL {
        let (reader, replay) = Replay::start(Recording::parse(&text_of(sequence.file)).unwrap());
        let mut channel = reader.connect().unwrap();
        (sequence.run)(&mut *channel);
        replay.verdict().unwrap_or_else(|difference| panic!("{}: {difference}", sequence.file));
    }
}

#[test]
fn the_checked_in_recordings_are_what_the_emulated_card_still_says() {
    for sequence in sequences::ALL {
        let then = Recording::parse(&text_of(sequence.file)).unwrap();
        let now = Recording::parse(&record(sequence.profile, sequence.run)).unwrap();
        assert_eq!(then.header.profile.as_deref(), Some(sequence.profile.name()));
        assert_eq!(then.header.atr, now.header.atr);
        let said = |recording: Recording| -> Vec<_> {
            recording.exchanges.into_iter().map(|exchange| (exchange.command, exchange.response)).collect()
        };
        assert_eq!(said(then), said(now), "{}: run the example make-recordings if this is meant", sequence.file);
    }
}

#[test]
fn no_recording_holds_what_verify_carried() {
    for sequence in sequences::ALL {
        for text in [text_of(sequence.file), record(sequence.profile, sequence.run)] {
            for line in text.lines().filter(|line| line.contains("\"00200098")) {
                assert!(
                    line.contains("\"00200098\"") || line.contains("\"0020009804********\""),
                    "{}: {line}",
                    sequence.file
                );
            }
            assert!(text.contains("\"redactions\":[\"verify\",\"photo\"]"));
        }
    }
}

#[test]
fn the_recorder_replaces_secrets_under_every_class_and_length() {
    for command in [
        "00 20 00 98 04 37 37 37 37",
        "08 20 00 98 04 37 37 37 37",
        "00 20 00 98 00 00 04 37 37 37 37",
        "00 24 01 98 04 37 37 37 37",
        "80 32 00 80 04 37 37 37 37",
        "00 20 00 92 0E 37 37 37 37 37 37 37 37 37 37 37 37 37 37",
        "00 20 00 80 00 00 0E 37 37 37 37 37 37 37 37 37 37 37 37 37 37",
        "00 20 00 98 09 37 37 37 37",
    ] {
        let text = record(Profile::Standard, |channel| {
            channel.transmit(&hex(command)).unwrap();
        });
        assert!(!text.contains("37373737"), "{command}");
    }
}

/// Kenkaku with the right code, EF 0002 in parts, active authentication.
fn read_photo(channel: &mut dyn Channel) -> Vec<u8> {
    channel.transmit(&common::select(&apdu_fixtures::KENKAKU_AID)).unwrap();
    let mut verify = hex("00 20 00 92 0E");
    verify.extend(common::card(Profile::Standard).surface_code());
    assert_eq!(channel.transmit(&verify).unwrap(), [0x90, 0x00]);
    let mut face = Vec::new();
    loop {
        let [high, low] = (face.len() as u16).to_be_bytes();
        let p1 = if face.is_empty() { 0x82 } else { high };
        let mut part = channel.transmit(&[0, 0xB0, p1, low, 0]).unwrap();
        while let [.., 0x61, left] = *part.as_slice() {
            part.truncate(part.len() - 2);
            part.extend(channel.transmit(&[0, 0xC0, 0, 0, left]).unwrap());
        }
        if part == [0x6B, 0x00] {
            break;
        }
        face.extend_from_slice(&part[..part.len() - 2]);
    }
    let sign =
        format!("80 2A 00 00 33 30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20 {} 00", "5A".repeat(32));
    channel.transmit(&hex(&sign)).unwrap();
    face
}

#[test]
fn what_is_read_in_kenkaku_is_left_out_and_the_surface_code_is_replaced() {
    for faults in ["none", "61xx", "short-answers"] {
        let run = |header: fn(Header) -> Header| {
            let card = card(Profile::Standard);
            let code = card.surface_code();
            let (channel, _reader, hand) = common::connected(card);
            hand.with_card(|card| card.set_faults(faults.parse().unwrap()));
            let mut recorder = Recorder::new(channel, header(Header::new("Emulated reader", &[])), Vec::new());
            let face = read_photo(&mut recorder);
            recorder.transmit(&common::select(&apdu_fixtures::JPKI_AID)).unwrap();
            recorder.transmit(&hex("00 B0 86 00 20")).unwrap();
            recorder.transmit(&hex("00 C0 00 00 20")).unwrap();
            let text = String::from_utf8(recorder.finish().unwrap()).unwrap();
            let hexadecimal: String = code.iter().map(|digit| format!("{digit:02X}")).collect();
            assert!(!text.contains(&hexadecimal), "{faults}: the code");
            (Recording::parse(&text).unwrap(), face)
        };
        let (whole, face) = run(Header::with_photo);
        let (without, _) = run(|header| header);
        let holds = |recording: &Recording, bytes: &[u8]| {
            let said = recording.exchanges.iter().filter_map(|exchange| exchange.response.as_ref()?.bytes());
            said.flatten().collect::<Vec<u8>>().windows(bytes.len()).any(|window| window == bytes)
        };
        // A stretch of the record that lies within one answer.
        let piece = &face[300..420];
        assert!(holds(&whole, piece), "{faults}: the search finds it where it is");
        assert!(!holds(&without, piece), "{faults}");
        assert!(!holds(&without, b"jp2c"), "{faults}");
        assert!(holds(&without, b"JPKIAPICCTOKEN2"), "{faults}: other applications are recorded");
        let signs =
            |exchange: &apdu_fixtures::recording::Recorded| exchange.command.to_string().starts_with("802A0000");
        assert!(without.exchanges.iter().any(signs), "{faults}: so is active authentication");
    }
}

#[test]
fn the_first_difference_is_shown_and_nothing_is_answered_after_it() {
    let (reader, replay) = Replay::start(Recording::parse(&text_of("pin-wrong")).unwrap());
    let mut channel = reader.connect().unwrap();
    channel.transmit(&hex("00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01")).unwrap();
    assert_eq!(channel.transmit(&hex("00 B0 86 00 10")), Err(ChannelError::NotTransacted));
    assert_eq!(channel.transmit(&hex("00 B0 86 00 20")), Err(ChannelError::NotTransacted));
    let shown = replay.verdict().unwrap_err().to_string();
    assert_eq!(shown, "exchange 2 differs at byte 4:\n  recorded 00B0860020\n  sent     00B0860010");
}

#[test]
fn a_difference_in_verify_does_not_show_the_pin() {
    let text = record(Profile::Standard, |channel| {
        channel.transmit(&hex("00 20 00 98 04 31 31 31 31")).unwrap();
    });
    let (reader, replay) = Replay::start(Recording::parse(&text).unwrap());
    let mut channel = reader.connect().unwrap();
    channel.transmit(&hex("00 20 00 98 06 37 37 37 37 37 37")).unwrap_err();
    let difference = replay.verdict().unwrap_err();
    assert!(!difference.to_string().contains("37"), "{difference}");
    assert!(difference.to_string().contains("0020009806************"));
}

#[test]
fn commands_missing_or_too_many_are_differences() {
    let (reader, replay) = Replay::start(Recording::parse(&text_of("wrong-card")).unwrap());
    let mut channel = reader.connect().unwrap();
    assert!(matches!(replay.verdict(), Err(Difference::Unfinished { left: 2, .. })));
    (sequences::ALL[2].run)(&mut *channel);
    replay.verdict().unwrap();
    channel.transmit(&hex("00 84 00 00 08")).unwrap_err();
    assert!(matches!(replay.verdict(), Err(Difference::Beyond { exchanges: 2, .. })));
}

#[test]
fn a_lifted_card_is_recorded_and_replayed_as_one() {
    let (reader, hand) = EmulatedReader::new("Emulated reader");
    let mut lifted = card(Profile::Standard);
    lifted.set_faults("answer-lost:2".parse().unwrap());
    hand.insert(lifted);
    let folder = tempfile::tempdir().unwrap();
    let recorded = RecordedReader::new(reader, PathBuf::from(folder.path()));
    let talk = |reader: &dyn Reader| {
        let mut channel = reader.connect().unwrap();
        channel.transmit(&hex("00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01")).unwrap();
        assert_eq!(channel.transmit(&hex("00 20 00 98")), Err(ChannelError::Removed));
    };
    talk(&recorded);
    assert!(recorded.problem().is_none());
    let text = fs::read_to_string(folder.path().join("001.jsonl")).unwrap();
    assert!(text.contains("\"error\":\"removed\""), "{text}");
    let (reader, replay) = Replay::start(Recording::parse(&text).unwrap());
    let there = Presence::Card { insertion: 1 };
    assert_eq!(reader.wait(Presence::Empty, Duration::ZERO), there);
    talk(&reader);
    assert_eq!(reader.wait(there, Duration::from_secs(60)), Presence::Empty);
    replay.verdict().unwrap();
}

#[test]
fn a_file_that_is_no_recording_is_refused_with_its_line() {
    let good = text_of("wrong-card");
    let header = good.lines().next().unwrap();
    let broken = |line: &str| Recording::parse(&format!("{header}\n{line}\n")).unwrap_err().to_string();
    assert!(matches!(Recording::parse("\n"), Err(RecordingError::Empty)));
    assert!(matches!(
        Recording::parse(&header.replace("\"recording\":1", "\"recording\":2")),
        Err(RecordingError::Version(2))
    ));
    assert!(broken("{\"exchange\":{\"command\":\"0G\",\"response\":\"9000\",\"ms\":1}}").starts_with("line 2: "));
    assert!(broken("{\"exchange\":{\"command\":\"00\",\"ms\":1}}").contains("either a response or an error"));
    assert!(
        broken("{\"exchange\":{\"command\":\"00\",\"response\":\"9000\",\"ms\":1,\"pin\":\"1234\"}}")
            .contains("unknown field")
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,400}", after_header in ".{0,200}") {
        let _ = Recording::parse(&text);
        let good = text_of("wrong-card");
        let _ = Recording::parse(&format!("{}\n{after_header}", good.lines().next().unwrap()));
    }
}
