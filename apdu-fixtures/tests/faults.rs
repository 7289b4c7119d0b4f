//! Faults on demand and delays: card.md appendix A, E-41.

mod common;

use std::time::Duration;

use apdu_fixtures::{CardOptions, Delays, EmulatedCard, Outcome, Profile};
use card::{ChannelError, Presence, Reader};
use common::{ask, ask_hex, card, card_with, connected, hex, options, read_all, split, word};

const SELECT: &str = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01";

fn with_faults(list: &str) -> CardOptions {
    let mut options = options();
    options.faults = list.parse().unwrap();
    options
}

fn faulty(list: &str) -> EmulatedCard {
    card_with(Profile::Standard, with_faults(list))
}

#[test]
fn the_card_is_removed_after_command_n_and_works_when_put_on_again() {
    let (mut channel, reader, hand) = connected(faulty("removed-after:2"));
    for _ in 0..2 {
        channel.transmit(&hex(SELECT)).unwrap();
    }
    assert_eq!(channel.transmit(&hex(SELECT)), Err(ChannelError::Removed));
    assert_eq!(reader.wait(Presence::NoReader, Duration::ZERO), Presence::Empty);
    let lifted = hand.remove().expect("the hand holds it");
    assert_eq!(lifted.counts().commands, 2);
    hand.insert(lifted);
    let mut channel = reader.connect().unwrap();
    for _ in 0..4 {
        channel.transmit(&hex(SELECT)).unwrap();
    }
}

#[test]
fn removed_before_the_first_command_and_put_on_again_it_works_too() {
    let (mut channel, reader, hand) = connected(faulty("removed-after:0"));
    assert_eq!(channel.transmit(&hex(SELECT)), Err(ChannelError::Removed));
    hand.insert(hand.remove().unwrap());
    assert!(reader.connect().unwrap().transmit(&hex(SELECT)).is_ok());
}

#[test]
fn card_10_a_verify_whose_answer_was_lost_has_cost_a_try() {
    let (mut channel, _reader, hand) = connected(faulty("answer-lost:verify"));
    channel.transmit(&hex(SELECT)).unwrap();
    channel.transmit(&hex("00 20 00 98")).unwrap();
    assert_eq!(channel.transmit(&hex("00 20 00 98 04 39 39 39 39")), Err(ChannelError::Removed));
    assert_eq!(hand.counts().unwrap().tries_left, Some(2));
}

#[test]
fn an_exchange_that_was_not_transacted_never_reached_the_card() {
    let (mut channel, _reader, hand) = connected(faulty("not-transacted:2"));
    channel.transmit(&hex(SELECT)).unwrap();
    assert_eq!(channel.transmit(&hex("00 20 00 98 04 39 39 39 39")), Err(ChannelError::NotTransacted));
    assert_eq!(hand.counts().unwrap().tries_left, Some(3));
    assert!(channel.transmit(&hex("00 20 00 98")).is_ok(), "the card is still there");
}

#[test]
fn card_2_1_the_first_command_after_power_up_fails() {
    let mut card = faulty("first-6f00");
    assert_eq!(word(&mut card, SELECT), 0x6F00);
    assert_eq!(word(&mut card, SELECT), 0x9000);
    card.power_off();
    card.power_on();
    assert_eq!(word(&mut card, SELECT), 0x6F00);
}

#[test]
fn every_answer_comes_as_61xx_and_get_response() {
    let mut card = faulty("61xx");
    assert_eq!(word(&mut card, SELECT), 0x9000, "no data, nothing to fetch");
    assert_eq!(ask_hex(&mut card, "00 B0 86 00 20"), (Vec::new(), 0x6120));
    let (label, done) = ask_hex(&mut card, "00 C0 00 00 20");
    assert_eq!((&label[..15], done), (&b"JPKIAPICCTOKEN2"[..], 0x9000));
    assert_eq!(word(&mut card, "00 C0 00 00 20"), 0x6985, "nothing waits any more");
    ask_hex(&mut card, "00 20 00 98 04 31 32 33 34");
    assert_eq!(word(&mut card, &format!("80 2A 00 97 20 {} 00", "11".repeat(32))), 0x6100);
    assert_eq!(ask_hex(&mut card, "00 C0 00 00 C0").1, 0x6140);
    assert_eq!(ask_hex(&mut card, "00 C0 00 00 40").0.len(), 64);
}

#[test]
fn a_larger_le_than_there_is_data_answers_6cxx() {
    let mut card = faulty("6cxx");
    ask_hex(&mut card, SELECT);
    assert_eq!(word(&mut card, "00 B0 88 00 00"), 0x6C03);
    assert_eq!(ask_hex(&mut card, "00 B0 88 00 03"), (vec![0x8F, 0x8F, 0x00], 0x9000));
    assert_eq!(word(&mut card, "00 B0 8A 00 04"), 0x9000, "a smaller one is fine");
}

#[test]
fn no_answer_carries_more_than_240_bytes() {
    let mut card = faulty("short-answers");
    ask_hex(&mut card, SELECT);
    assert_eq!(ask_hex(&mut card, "00 B0 8A 00 00").0.len(), 240);
    let mut whole = card_with(Profile::Standard, options());
    ask_hex(&mut whole, SELECT);
    assert_ne!(read_all(&mut whole, 0x000A).len() % 240, 0);
    ask_hex(&mut card, "00 20 00 98 04 31 32 33 34");
    let (first, more) = ask_hex(&mut card, &format!("80 2A 00 97 20 {} 00", "11".repeat(32)));
    assert_eq!((first.len(), more), (240, 0x6110));
    assert_eq!(ask_hex(&mut card, "00 C0 00 00 10").0.len(), 16);
}

#[test]
fn answers_are_spoilt_only_at_command_n() {
    let second = |list: &str| {
        let mut card = faulty(list);
        ask_hex(&mut card, SELECT);
        let Outcome::Answer(answer) = card.exchange(&hex("00 B0 86 00 20")).outcome else { panic!("an answer") };
        assert_eq!(word(&mut card, "00 B0 86 00 20"), 0x9000, "the next one is as always");
        answer
    };
    let (noise, claimed) = split(&second("garbage:2"));
    assert_eq!((noise.len(), claimed), (64, 0x9000));
    assert!(!noise.starts_with(b"JPKI"));
    assert_eq!(split(&second("truncated:2")), (b"JPKIAPICCTOKEN2 ".to_vec(), 0x9000));
    assert_eq!(second("stump:2"), b"J");
    assert_eq!(second("oversized:2").len(), 70_002);
}

#[test]
fn deep_tlv_fills_the_certificate_and_the_card_face_with_templates() {
    let mut card = faulty("deep-tlv");
    ask_hex(&mut card, SELECT);
    let certificate = read_all(&mut card, 0x000A);
    assert_eq!(certificate.len(), 32_764);
    assert_eq!(certificate[..8], hex("30 82 7F F8 30 82 7F F4"));
    ask_hex(&mut card, "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 02");
    let mut verify = hex("00 20 00 92 0E");
    verify.extend(card.surface_code());
    assert_eq!(ask(&mut card, &verify).1, 0x9000);
    assert_eq!(ask_hex(&mut card, "00 B0 82 00 0A").0, hex("FF 20 82 7F F7 FF 20 82 7F F2"));
}

#[test]
fn e_41_delays_are_none_by_default_and_realistic_on_request() {
    let delay = |card: &mut EmulatedCard, command: &str| card.exchange(&hex(command)).delay;
    let mut quick = card(Profile::Standard);
    assert_eq!(delay(&mut quick, SELECT), Duration::ZERO);
    let mut options = options();
    options.delays = Delays::Realistic;
    let mut card = card_with(Profile::Standard, options);
    let bytes = |n: u64| Duration::from_micros(8_000 + 40 * n);
    assert_eq!(delay(&mut card, SELECT), bytes(15 + 2) + Duration::from_millis(5));
    assert_eq!(delay(&mut card, "00 B0 86 00 20"), bytes(5 + 34));
    assert_eq!(delay(&mut card, "00 20 00 98"), bytes(4 + 2), "a query compares nothing");
    assert_eq!(delay(&mut card, "00 20 00 98 04 31 32 33 34"), bytes(9 + 2) + Duration::from_millis(40));
    let sign = format!("80 2A 00 97 20 {} 00", "11".repeat(32));
    assert_eq!(delay(&mut card, &sign), bytes(38 + 258) + Duration::from_millis(400));
    card.set_faults("delay:2:500,delay-each:7".parse().unwrap());
    assert_eq!(delay(&mut card, "00 20 00 98"), bytes(6) + Duration::from_millis(7));
    assert_eq!(delay(&mut card, "00 20 00 98"), bytes(6) + Duration::from_millis(507));
}
