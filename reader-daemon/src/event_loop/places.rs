//! What the session and staff are told of readers, link and disk.

use std::time::Instant;

use qualification::clock::now_ms;
use session::{Event, FaultCode, Presence};

use super::{Device, DeviceNote, EventLoop, Place};
use crate::{input::Slot, journal::Entry, staff};

impl EventLoop {
    pub(super) fn place(&mut self, slot: Slot) -> &mut Place {
        match slot {
            Slot::Card => &mut self.card_place,
            Slot::Phone => &mut self.phone_place,
        }
    }

    pub(super) fn tell_presence(&mut self, slot: Slot) {
        let place = *self.place(slot);
        let presence = match place.presence {
            _ if place.wedged => Presence::NoReader,
            card::Presence::NoReader => Presence::NoReader,
            card::Presence::Empty => Presence::Empty,
            card::Presence::Card { insertion } => Presence::Card(insertion),
            card::Presence::Mute { .. } => Presence::Mute,
        };
        let (device, code) = match slot {
            Slot::Card => (Device::CardReader, FaultCode::ReaderLost),
            Slot::Phone => (Device::PhoneReader, FaultCode::PhoneReaderLost),
        };
        self.device(device, (presence == Presence::NoReader).then_some(code));
        self.event(match slot {
            Slot::Card => Event::Presence(presence),
            Slot::Phone => Event::PhonePresence(presence),
        });
    }

    pub(super) fn tell_storage(&mut self) {
        let storage = self.outbox_stores && self.journal_writes;
        if storage != self.storage {
            self.storage = storage;
            self.note(Entry::Storage { ok: storage });
        }
        self.device(Device::Storage, (!storage).then_some(FaultCode::StorageFailed));
        self.event(Event::Storage(storage));
    }

    /// It is away, and by which fault, or it is there.
    pub(super) fn device(&mut self, device: Device, lost: Option<FaultCode>) {
        self.drivers.desk.device(device, lost);
        match lost {
            Some(code) => self.devices.lost(device, code, Instant::now(), now_ms()),
            None => {
                if let Some(note) = self.devices.here(device) {
                    self.tell_device(note);
                }
            }
        }
    }

    pub(super) fn tell_device(&self, note: DeviceNote) {
        self.note(note.into());
        staff::device(note, &self.texts.desk);
    }
}
