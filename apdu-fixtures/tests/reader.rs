//! The reader in this process and its hand: presence, exclusiveness, power (laws 2 and 3).

mod common;

use std::thread;
use std::time::Duration;

use apdu_fixtures::{EmulatedCard, EmulatedReader, Profile, people};
use card::{Channel, ChannelError, Presence, Reader};
use common::{card, card_with, connected, hex, options, split};

const SELECT: &str = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01";
const VERIFY: &str = "00 20 00 98 04 31 32 33 34";
const LONG: Duration = Duration::from_secs(60);

fn send(channel: &mut dyn Channel, command: &str) -> Result<u16, ChannelError> {
    channel.transmit(&hex(command)).map(|answer| split(&answer).1)
}

#[test]
fn insertion_and_removal_are_events_with_a_rising_counter() {
    let (reader, hand) = EmulatedReader::new("Emulated reader");
    assert_eq!(reader.wait(Presence::NoReader, LONG), Presence::Empty);
    hand.insert(card(Profile::Standard));
    let first = reader.wait(Presence::Empty, LONG);
    assert_eq!(first, Presence::Card { insertion: 1 });
    assert!(hand.remove().is_some());
    assert_eq!(reader.wait(first, LONG), Presence::Empty);
    hand.insert(card(Profile::Standard));
    assert_eq!(reader.wait(Presence::Empty, LONG), Presence::Card { insertion: 3 });
}

#[test]
fn a_swap_nobody_saw_is_another_insertion_and_ends_the_connection() {
    let (mut channel, reader, hand) = connected(card(Profile::Standard));
    let before = reader.wait(Presence::Empty, LONG);
    let other = EmulatedCard::new(Profile::Standard, &people::by_serial(1002).unwrap(), options());
    let taken = hand.swap(other).unwrap();
    assert_eq!(taken.person().serial, 1001);
    assert_eq!(reader.wait(before, LONG), Presence::Card { insertion: 3 });
    assert_eq!(send(&mut *channel, SELECT), Err(ChannelError::Removed));
    drop(channel);
    let mut channel = reader.connect().unwrap();
    assert_eq!(send(&mut *channel, SELECT), Ok(0x9000));
}

#[test]
fn waiting_ends_when_the_hand_moves() {
    let (reader, hand) = EmulatedReader::new("Emulated reader");
    let waiting = thread::spawn(move || reader.wait(Presence::Empty, LONG));
    hand.insert(card(Profile::Standard));
    assert_eq!(waiting.join().unwrap(), Presence::Card { insertion: 1 });
}

#[test]
fn waiting_ends_at_its_limit() {
    let (reader, _hand) = EmulatedReader::new("Emulated reader");
    assert_eq!(reader.wait(Presence::Empty, Duration::from_millis(1)), Presence::Empty);
}

#[test]
fn a_connection_is_exclusive_until_it_is_dropped() {
    let (channel, reader, hand) = connected(card(Profile::Standard));
    assert_eq!(reader.connect().err(), Some(ChannelError::Shared));
    drop(channel);
    assert!(reader.connect().is_ok());
    hand.hold_elsewhere(true);
    assert_eq!(reader.connect().err(), Some(ChannelError::Shared));
}

#[test]
fn card_2_2_dropping_the_connection_powers_the_card_down() {
    let (mut channel, _reader, hand) = connected(card(Profile::Standard));
    send(&mut *channel, SELECT).unwrap();
    assert_eq!(send(&mut *channel, VERIFY), Ok(0x9000));
    assert_eq!(hand.with_card(|card| card.anything_verified()), Some(true));
    drop(channel);
    assert_eq!(hand.with_card(|card| card.anything_verified()), Some(false));
}

#[test]
fn a_panic_while_connected_powers_the_card_down() {
    let (mut channel, reader, hand) = connected(card(Profile::Standard));
    let panicked = thread::spawn(move || {
        send(&mut *channel, SELECT).unwrap();
        send(&mut *channel, VERIFY).unwrap();
        panic!("on purpose");
    });
    assert!(panicked.join().is_err());
    assert_eq!(hand.with_card(|card| card.anything_verified()), Some(false));
    assert!(reader.connect().is_ok());
}

#[test]
fn a_card_lifted_while_it_works_has_done_the_work_and_its_answer_is_lost() {
    let mut options = options();
    options.faults = "delay:2:60000".parse().unwrap();
    let (mut channel, _reader, hand) = connected(card_with(Profile::Standard, options));
    send(&mut *channel, SELECT).unwrap();
    let talking = thread::spawn(move || send(&mut *channel, "00 20 00 98 04 39 39 39 39"));
    while hand.counts().unwrap().verify == 0 {
        thread::yield_now();
    }
    let taken = hand.remove().unwrap();
    assert_eq!(talking.join().unwrap(), Err(ChannelError::Removed));
    assert_eq!(taken.counts().tries_left, Some(2), "the try is spent all the same");
}

#[test]
fn an_unplugged_reader_is_gone_and_its_card_without_power() {
    let (mut channel, reader, hand) = connected(card(Profile::Standard));
    send(&mut *channel, SELECT).unwrap();
    send(&mut *channel, VERIFY).unwrap();
    hand.unplug();
    assert_eq!(reader.wait(Presence::Empty, LONG), Presence::NoReader);
    assert_eq!(send(&mut *channel, SELECT), Err(ChannelError::ReaderGone));
    assert_eq!(reader.connect().err(), Some(ChannelError::ReaderGone));
    assert_eq!(hand.with_card(|card| card.anything_verified()), Some(false));
    hand.plug();
    assert!(matches!(reader.wait(Presence::NoReader, LONG), Presence::Card { .. }));
    assert_eq!(send(&mut *channel, SELECT), Err(ChannelError::Removed), "the old connection stays dead");
    assert!(reader.connect().is_ok());
}

#[test]
fn nothing_or_a_mute_thing_cannot_be_connected() {
    let (reader, hand) = EmulatedReader::new("Emulated reader");
    assert_eq!(reader.connect().err(), Some(ChannelError::Removed));
    hand.insert_mute();
    assert_eq!(reader.wait(Presence::Empty, LONG), Presence::Mute { insertion: 1 });
    assert_eq!(reader.connect().err(), Some(ChannelError::Mute));
}
