//! What the tests of this crate share.
#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod jp2;
pub mod record;

use apdu_fixtures::{CardOptions, EmulatedCard, EmulatedReader, Hand, Outcome, Profile, people};
use card::{Channel, Reader};
use jiff::civil::{Date, date};

/// The day on which the cards of these tests are looked at.
pub fn today() -> Date {
    date(2026, 11, 22)
}

pub fn options() -> CardOptions {
    CardOptions::on(today())
}

pub fn card(profile: Profile) -> EmulatedCard {
    card_with(profile, options())
}

pub fn card_with(profile: Profile, options: CardOptions) -> EmulatedCard {
    let mut card = EmulatedCard::new(profile, &people::by_serial(1001).unwrap(), options);
    card.power_on();
    card
}

pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// One command; panics when the card was lifted.
pub fn ask(card: &mut EmulatedCard, command: &[u8]) -> (Vec<u8>, u16) {
    match card.exchange(command).outcome {
        Outcome::Answer(answer) => split(&answer),
        Outcome::Lifted => panic!("lifted at {command:02X?}"),
        Outcome::NotTransacted => panic!("not transacted: {command:02X?}"),
    }
}

pub fn ask_hex(card: &mut EmulatedCard, command: &str) -> (Vec<u8>, u16) {
    ask(card, &hex(command))
}

/// Only the status word.
pub fn word(card: &mut EmulatedCard, command: &str) -> u16 {
    ask_hex(card, command).1
}

pub fn split(answer: &[u8]) -> (Vec<u8>, u16) {
    let (data, word) = answer.split_last_chunk::<2>().expect("two bytes at least");
    (data.to_vec(), u16::from_be_bytes(*word))
}

pub fn select(aid: &[u8]) -> Vec<u8> {
    let mut command = vec![0x00, 0xA4, 0x04, 0x0C, aid.len() as u8];
    command.extend(aid);
    command
}

/// Selects an application and reads a whole EF in 256-byte parts.
pub fn read_all(card: &mut EmulatedCard, id: u16) -> Vec<u8> {
    let [hi, lo] = id.to_be_bytes();
    assert_eq!(ask(card, &[0, 0xA4, 2, 0x0C, 2, hi, lo]).1, 0x9000, "EF {id:04X}");
    let mut out = Vec::new();
    loop {
        let [hi, lo] = (out.len() as u16).to_be_bytes();
        match ask(card, &[0, 0xB0, hi, lo, 0]) {
            (data, 0x9000) => out.extend(data),
            (_, 0x6B00) => return out,
            (_, word) => panic!("EF {id:04X} answers {word:04X}"),
        }
    }
}

/// Value of the first TLV with this two-byte tag directly inside `content`, and the whole TLV.
pub fn find(content: &[u8], tag: u16) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut at = 0;
    while at < content.len() {
        let (this, value, end) = tlv_at(content, at);
        if this == tag {
            return Some((value.to_vec(), content[at..end].to_vec()));
        }
        at = end;
    }
    None
}

/// Tag, value and end of the TLV at a place. Tags `xF yy` have two bytes.
pub fn tlv_at(bytes: &[u8], at: usize) -> (u16, &[u8], usize) {
    let (tag, next) = if bytes[at] & 0x1F == 0x1F {
        (u16::from_be_bytes([bytes[at], bytes[at + 1]]), at + 2)
    } else {
        (bytes[at].into(), at + 1)
    };
    let (length, start) = match bytes[next] {
        0x81 => (usize::from(bytes[next + 1]), next + 2),
        0x82 => (usize::from(bytes[next + 1]) << 8 | usize::from(bytes[next + 2]), next + 3),
        short => (usize::from(short), next + 1),
    };
    (tag, &bytes[start..start + length], start + length)
}

/// A reader with this card on it, and the connection.
pub fn connected(card: EmulatedCard) -> (Box<dyn Channel>, EmulatedReader, Hand) {
    let (reader, hand) = EmulatedReader::new("Emulated reader");
    hand.insert(card);
    let channel = reader.connect().expect("a card lies there");
    (channel, reader, hand)
}
