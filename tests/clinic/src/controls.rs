//! What a test or a scenario can make the service do: the cable, lost receipts, refusals, terminals it does not know, the
//! PIN-less step, signing up, slowness, its clock; and what is set without a restart: the facility's settings and passcode.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use qualification::{PasscodeCopy, clock};
use tokio::sync::watch;

use crate::settings::Settings;

/// Shared between handle, server and service.
pub(crate) struct Controls {
    link_wanted: watch::Sender<bool>,
    link: watch::Sender<bool>,
    drop_receipts: AtomicU32,
    refuse_results: AtomicBool,
    pin_less: AtomicBool,
    sign_up_fails: AtomicBool,
    refuse_terminals: AtomicBool,
    settings: Mutex<Settings>,
    passcode: Mutex<Option<PasscodeCopy>>,
    latency_ms: AtomicU64,
    clock_offset_ms: AtomicI64,
}

impl Controls {
    pub(crate) fn new(clock_offset_ms: i64, settings: Settings, passcode: Option<PasscodeCopy>) -> Self {
        Self {
            link_wanted: watch::Sender::new(true),
            link: watch::Sender::new(true),
            drop_receipts: AtomicU32::new(0),
            refuse_results: AtomicBool::new(false),
            pin_less: AtomicBool::new(true),
            sign_up_fails: AtomicBool::new(false),
            refuse_terminals: AtomicBool::new(false),
            settings: Mutex::new(settings),
            passcode: Mutex::new(passcode),
            latency_ms: AtomicU64::new(0),
            clock_offset_ms: AtomicI64::new(clock_offset_ms),
        }
    }

    /// Pulls or plugs the cable and returns when it is so.
    pub(crate) async fn set_link(&self, up: bool) {
        self.link_wanted.send_replace(up);
        // The server lives as long as the sender beside it; an error means that it is gone, and with it the link.
        let _ = self.link.subscribe().wait_for(|is_up| *is_up == up).await;
    }

    pub(crate) fn link_wanted(&self) -> watch::Receiver<bool> {
        self.link_wanted.subscribe()
    }

    pub(crate) fn link_is(&self, up: bool) {
        self.link.send_replace(up);
    }

    pub(crate) fn set_drop_receipts(&self, count: u32) {
        self.drop_receipts.store(count, Ordering::SeqCst);
    }

    /// Takes one of the receipts that are to be lost.
    pub(crate) fn loses_receipt(&self) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        self.drop_receipts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok()
    }

    pub(crate) fn set_refuse_results(&self, refuse: bool) {
        self.refuse_results.store(refuse, Ordering::SeqCst);
    }

    pub(crate) fn refuses_results(&self) -> bool {
        self.refuse_results.load(Ordering::SeqCst)
    }

    pub(crate) fn set_pin_less(&self, on: bool) {
        self.pin_less.store(on, Ordering::SeqCst);
    }

    pub(crate) fn does_pin_less(&self) -> bool {
        self.pin_less.load(Ordering::SeqCst)
    }

    pub(crate) fn set_sign_up_fails(&self, fails: bool) {
        self.sign_up_fails.store(fails, Ordering::SeqCst);
    }

    pub(crate) fn sign_up_fails(&self) -> bool {
        self.sign_up_fails.load(Ordering::SeqCst)
    }

    pub(crate) fn set_refuse_terminals(&self, refuse: bool) {
        self.refuse_terminals.store(refuse, Ordering::SeqCst);
    }

    pub(crate) fn refuses_terminals(&self) -> bool {
        self.refuse_terminals.load(Ordering::SeqCst)
    }

    pub(crate) fn set_settings(&self, settings: Settings) {
        *held(&self.settings) = settings;
    }

    pub(crate) fn settings(&self) -> Settings {
        *held(&self.settings)
    }

    pub(crate) fn set_passcode(&self, passcode: Option<PasscodeCopy>) {
        *held(&self.passcode) = passcode;
    }

    pub(crate) fn passcode(&self) -> Option<PasscodeCopy> {
        held(&self.passcode).clone()
    }

    pub(crate) fn set_latency(&self, latency: Duration) {
        self.latency_ms.store(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    pub(crate) fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms.load(Ordering::SeqCst))
    }

    pub(crate) fn set_clock_offset(&self, offset_ms: i64) {
        self.clock_offset_ms.store(offset_ms, Ordering::SeqCst);
    }

    /// The service's clock: the machine's, moved by the offset.
    pub(crate) fn now_ms(&self) -> u64 {
        clock::now_ms().saturating_add_signed(self.clock_offset_ms.load(Ordering::SeqCst))
    }
}

/// Whole values only: a thread that broke while it held the lock left none half.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
