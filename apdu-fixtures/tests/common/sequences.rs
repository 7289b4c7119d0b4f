//! The command sequences of the checked-in recordings: card.md 11.1 in short form, 11.4, 11.5, and the taps of 8.3.

use apdu_fixtures::{CardOptions, EmulatedCard, EmulatedReader, Profile, people};
use card::{Channel, Reader};
use jiff::civil::date;
use sha2::{Digest, Sha256};

const SELECT_JPKI: &[u8] = &[0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const SELECT_ISSUER: &[u8] = &[0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];
const TRIES: &[u8] = &[0x00, 0x20, 0x00, 0x98];
const LAST_COMMAND: &[u8] = &[0x80, 0xFC, 0x00, 0x00];

/// A checked-in recording: file stem, card, what is done with it.
pub struct Sequence {
    pub file: &'static str,
    pub profile: Profile,
    pub run: fn(&mut dyn Channel),
}

pub const ALL: [Sequence; 5] = [
    Sequence { file: "pin-accepted", profile: Profile::Standard, run: pin_accepted },
    Sequence { file: "pin-wrong", profile: Profile::Standard, run: pin_wrong },
    Sequence { file: "wrong-card", profile: Profile::DriverLicence, run: wrong_card },
    Sequence { file: "phone-android", profile: Profile::Android, run: phone_android },
    Sequence { file: "phone-iphone", profile: Profile::Iphone, run: phone_iphone },
];

/// The connection to a fresh card of 見本 花子 on the day the recordings were made.
pub fn fresh(profile: Profile) -> Box<dyn Channel> {
    let (reader, hand) = EmulatedReader::new("Emulated reader");
    let person = people::by_serial(1001).expect("she is in the list");
    hand.insert(EmulatedCard::new(profile, &person, CardOptions::on(date(2026, 11, 22))));
    reader.connect().expect("a card lies there")
}

fn pin_accepted(channel: &mut dyn Channel) {
    recognise(channel);
    send(channel, TRIES);
    verify(channel, b"1234");
    sign(channel);
    send(channel, SELECT_ISSUER);
}

fn sign(channel: &mut dyn Channel) {
    let mut command = vec![0x80, 0x2A, 0x00, 0x97, 0x33];
    command.extend([0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05]);
    command.extend([0x00, 0x04, 0x20]);
    command.extend(Sha256::digest(b"emulator challenge 0001"));
    command.push(0x00);
    send(channel, &command);
}

fn pin_wrong(channel: &mut dyn Channel) {
    recognise(channel);
    send(channel, TRIES);
    verify(channel, b"9999");
    send(channel, TRIES);
    send(channel, SELECT_ISSUER);
}

fn wrong_card(channel: &mut dyn Channel) {
    send(channel, SELECT_JPKI);
    let mut licence = vec![0x00, 0xA4, 0x04, 0x0C, 0x10, 0xA0, 0x00, 0x00, 0x02, 0x31, 0x01];
    licence.extend([0x00; 10]);
    send(channel, &licence);
}

/// Tries, PIN, and only then the certificate.
fn phone_android(channel: &mut dyn Channel) {
    label_of_phone(channel);
    send(channel, TRIES);
    verify(channel, b"1234");
    certificate_at_once(channel);
    sign(channel);
    send(channel, SELECT_ISSUER);
}

/// The holder was verified on the phone: no PIN.
fn phone_iphone(channel: &mut dyn Channel) {
    label_of_phone(channel);
    send(channel, TRIES);
    certificate_at_once(channel);
    sign(channel);
    send(channel, LAST_COMMAND);
    send(channel, SELECT_ISSUER);
}

/// JPKI, token label and manufacturer.
fn label_of_phone(channel: &mut dyn Channel) {
    send(channel, SELECT_JPKI);
    send(channel, &[0x00, 0xB0, 0x86, 0x00, 0x40]);
}

/// A phone is held for a second or two: no exchange only for the length.
fn certificate_at_once(channel: &mut dyn Channel) {
    let first = send(channel, &[0x00, 0xB0, 0x8A, 0x00, 0x00]);
    let total = usize::from(u16::from_be_bytes([first[2], first[3]])) + 4;
    let mut at = first.len() - 2;
    while at < total {
        let [high, low] = (at as u16).to_be_bytes();
        at += send(channel, &[0x00, 0xB0, high, low, ((total - at).min(256) % 256) as u8]).len() - 2;
    }
}

/// JPKI, token label, user certificate.
fn recognise(channel: &mut dyn Channel) {
    send(channel, SELECT_JPKI);
    send(channel, &[0x00, 0xB0, 0x86, 0x00, 0x20]);
    let head = send(channel, &[0x00, 0xB0, 0x8A, 0x00, 0x04]);
    let total = usize::from(u16::from_be_bytes([head[2], head[3]])) + 4;
    let mut at = 0;
    while at < total {
        let [high, low] = (at as u16).to_be_bytes();
        let length = (total - at).min(256);
        send(channel, &[0x00, 0xB0, high, low, (length % 256) as u8]);
        at += length;
    }
}

fn verify(channel: &mut dyn Channel, pin: &[u8; 4]) {
    let mut command = vec![0x00, 0x20, 0x00, 0x98, 0x04];
    command.extend(pin);
    send(channel, &command);
}

fn send(channel: &mut dyn Channel, command: &[u8]) -> Vec<u8> {
    channel.transmit(command).expect("an answer")
}
