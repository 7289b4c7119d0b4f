//! What the terminal has lost, and what is back: staff hear of each once, also between visits, with its code and since when.
//! What is away for a moment only, and what a visit's fault has told them of already, is not told.

use std::{collections::BTreeMap, time::Instant};

use session::FaultCode;

use crate::limits::LOST_IS_TOLD;

/// What can be lost (patient-flow section 12, F1 to F4, and the disk).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Device {
    /// For cards.
    CardReader,
    /// For phones, beside it.
    PhoneReader,
    /// Camera, models or the worker that uses both.
    Face,
    /// To the qualification service.
    Link,
    /// Outbox and journal.
    Storage,
}

/// What staff are told of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeviceNote {
    /// Which.
    pub(crate) device: Device,
    /// Of the fault that its loss is.
    pub(crate) code: FaultCode,
    /// What happened.
    pub(crate) change: Change,
    /// When it was lost, milliseconds since 1970.
    pub(crate) since_ms: u64,
}

/// Lost or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is away.
    Lost,
    /// It can be used again.
    Back,
}

/// Everything that is away now.
#[derive(Default)]
pub(super) struct Devices(BTreeMap<Device, Away>);

struct Away {
    code: FaultCode,
    since: Instant,
    since_ms: u64,
    told: bool,
}

impl Devices {
    /// It is away; said again, it still is, perhaps for another reason.
    pub(super) fn lost(&mut self, device: Device, code: FaultCode, now: Instant, now_ms: u64) {
        let away = self.0.entry(device).or_insert(Away { code, since: now, since_ms: now_ms, told: false });
        away.told &= away.code == code;
        away.code = code;
    }

    /// It is there. Staff hear of it who heard that it was not.
    pub(super) fn here(&mut self, device: Device) -> Option<DeviceNote> {
        let away = self.0.remove(&device).filter(|away| away.told)?;
        Some(DeviceNote { device, code: away.code, change: Change::Back, since_ms: away.since_ms })
    }

    /// A visit ended with this fault, which staff were told.
    pub(super) fn told(&mut self, code: FaultCode) {
        self.0.values_mut().filter(|away| away.code == code).for_each(|away| away.told = true);
    }

    /// What has been away long enough now.
    pub(super) fn due(&mut self, now: Instant) -> Vec<DeviceNote> {
        let due = self.0.iter_mut().filter(|(_, away)| !away.told && now >= away.since + LOST_IS_TOLD);
        due.map(|(device, away)| {
            away.told = true;
            DeviceNote { device: *device, code: away.code, change: Change::Lost, since_ms: away.since_ms }
        })
        .collect()
    }

    /// When the next is.
    pub(super) fn wake(&self) -> Option<Instant> {
        self.0.values().filter(|away| !away.told).map(|away| away.since + LOST_IS_TOLD).min()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(1);

    fn note(device: Device, code: FaultCode, change: Change, since_ms: u64) -> DeviceNote {
        DeviceNote { device, code, change, since_ms }
    }

    #[test]
    fn each_loss_and_each_return_is_told_once_with_its_code_and_since_when() {
        for (device, code) in [
            (Device::CardReader, FaultCode::ReaderLost),
            (Device::PhoneReader, FaultCode::PhoneReaderLost),
            (Device::Face, FaultCode::CameraLost),
            (Device::Link, FaultCode::ServiceUnreachable),
            (Device::Storage, FaultCode::StorageFailed),
        ] {
            let (mut devices, begin) = (Devices::default(), Instant::now());
            assert_eq!((devices.wake(), devices.here(device)), (None, None), "it was never away");
            devices.lost(device, code, begin, 1000);
            assert_eq!(devices.due(begin + LOST_IS_TOLD - MOMENT), []);
            assert_eq!(devices.wake(), Some(begin + LOST_IS_TOLD));
            // A health check says so every few seconds.
            devices.lost(device, code, begin + MOMENT, 2000);
            assert_eq!(devices.due(begin + LOST_IS_TOLD), [note(device, code, Change::Lost, 1000)]);
            devices.lost(device, code, begin + LOST_IS_TOLD, 3000);
            assert_eq!(devices.due(begin + LOST_IS_TOLD * 9), []);
            assert_eq!(devices.wake(), None);
            assert_eq!(devices.here(device), Some(note(device, code, Change::Back, 1000)));
            assert_eq!(devices.here(device), None);
        }
    }

    #[test]
    fn a_moment_is_told_to_nobody_and_a_visits_fault_is_not_told_twice() {
        let (mut devices, begin) = (Devices::default(), Instant::now());
        devices.lost(Device::CardReader, FaultCode::ReaderLost, begin, 1);
        assert_eq!(devices.here(Device::CardReader), None);
        assert_eq!(devices.due(begin + LOST_IS_TOLD), []);
        devices.lost(Device::CardReader, FaultCode::ReaderLost, begin, 2);
        devices.lost(Device::Link, FaultCode::ServiceUnreachable, begin, 3);
        devices.told(FaultCode::ReaderLost);
        let link = note(Device::Link, FaultCode::ServiceUnreachable, Change::Lost, 3);
        assert_eq!(devices.due(begin + LOST_IS_TOLD), [link]);
        let back = note(Device::CardReader, FaultCode::ReaderLost, Change::Back, 2);
        assert_eq!(devices.here(Device::CardReader), Some(back), "its return is told all the same");
    }

    #[test]
    fn another_reason_is_another_loss() {
        let (mut devices, begin) = (Devices::default(), Instant::now());
        devices.lost(Device::Face, FaultCode::CameraLost, begin, 1);
        assert_eq!(devices.due(begin + LOST_IS_TOLD).len(), 1);
        devices.lost(Device::Face, FaultCode::FaceModels, begin + LOST_IS_TOLD, 2);
        let models = note(Device::Face, FaultCode::FaceModels, Change::Lost, 1);
        assert_eq!(devices.due(begin + LOST_IS_TOLD), [models]);
    }
}
