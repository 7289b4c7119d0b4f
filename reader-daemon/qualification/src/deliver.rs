//! Delivery: every stored result is sent, with the same id, until its receipt is stored, it is refused, or it is 24 h old.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, Semaphore, mpsc},
    task::{Id, JoinHandle, JoinSet},
    time::sleep,
};

use crate::{
    client::{Client, ClientError},
    clock,
    limits::{DeliveryLimits, PARALLEL_DELIVERIES},
    outbox::{DeskReason, Entry, Outbox, OutboxError},
    protocol::{Problem, Receipt},
};

/// Who receives signed results: the clinic's service.
pub trait Receiver: Send + Sync + 'static {
    /// Sends one signed result once.
    fn submit(&self, entry: &Entry) -> impl Future<Output = Result<Receipt, ClientError>> + Send;
}

impl Receiver for Client {
    async fn submit(&self, entry: &Entry) -> Result<Receipt, ClientError> {
        self.submit(&entry.session_id, &entry.result_id, &entry.jws).await
    }
}

/// What became of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryReport {
    /// The receipt is stored: 「受付が完了しました」 may be shown.
    Receipt {
        /// Of which result.
        result_id: String,
    },
    /// The service refused it; it is on the desk's list.
    Refused {
        /// Which result.
        result_id: String,
        /// The service's word.
        error: String,
    },
    /// It is 24 h old; it is on the desk's list.
    Aged {
        /// Which result.
        result_id: String,
    },
    /// An attempt failed; the next one follows by itself. Sent after each failed attempt.
    Waiting {
        /// Which result.
        result_id: String,
        /// Why: the link, or the terminal's own disk.
        cause: WaitingFor,
    },
}

/// What a delivery waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitingFor {
    /// The service.
    Service(ClientError),
    /// The terminal's disk: what the service answered could not be stored.
    Disk,
    /// The delivery itself: an attempt panicked.
    Panic,
}

/// The running delivery. Dropping it stops the attempts; what is pending stays in the outbox.
#[derive(Debug)]
pub struct Delivery {
    outbox: Arc<Outbox>,
    entries: mpsc::UnboundedSender<Entry>,
    wake: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Delivery {
    /// Starts with what was found pending at [`Outbox::open`]. Must be called inside a tokio runtime.
    pub fn start(
        outbox: Arc<Outbox>,
        service: Arc<impl Receiver>,
        found: Vec<Entry>,
        limits: DeliveryLimits,
        reports: mpsc::UnboundedSender<DeliveryReport>,
    ) -> Self {
        let wake = Arc::new(Notify::new());
        let (entries, incoming) = mpsc::unbounded_channel();
        let courier = Courier {
            outbox: Arc::clone(&outbox),
            service,
            limits,
            reports,
            wake: Arc::clone(&wake),
            places: Arc::new(Semaphore::new(PARALLEL_DELIVERIES)),
        };
        let task = tokio::spawn(run(courier, found, incoming));
        Self { outbox, entries, wake, task }
    }

    /// Makes the result durable and sends it at once. `Ok` means durable: delivery repeats until the receipt is there.
    ///
    /// # Errors
    /// [`OutboxError`]: nothing was stored, nothing may be claimed.
    pub async fn submit(&self, entry: Entry) -> Result<(), OutboxError> {
        let outbox = Arc::clone(&self.outbox);
        let stored = tokio::task::spawn_blocking(move || outbox.store(&entry).map(|()| entry)).await;
        let entry = stored.map_err(|_| OutboxError::Unfit("the storing task broke"))??;
        // Without the loop (the runtime is ending) it is still durable and found at the next start.
        let _ = self.entries.send(entry);
        Ok(())
    }

    /// The link is back: every waiting result is tried now.
    pub fn link_is_up(&self) {
        self.wake.notify_waiters();
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Courier<R> {
    outbox: Arc<Outbox>,
    service: Arc<R>,
    limits: DeliveryLimits,
    reports: mpsc::UnboundedSender<DeliveryReport>,
    wake: Arc<Notify>,
    places: Arc<Semaphore>,
}

impl<R> Clone for Courier<R> {
    fn clone(&self) -> Self {
        Self {
            outbox: Arc::clone(&self.outbox),
            service: Arc::clone(&self.service),
            limits: self.limits,
            reports: self.reports.clone(),
            wake: Arc::clone(&self.wake),
            places: Arc::clone(&self.places),
        }
    }
}

async fn run<R: Receiver>(courier: Courier<R>, found: Vec<Entry>, mut incoming: mpsc::UnboundedReceiver<Entry>) {
    let mut deliveries = JoinSet::new();
    // What runs, so that a delivery that panicked is begun again.
    let mut running: HashMap<Id, Entry> = HashMap::new();
    for entry in found {
        let task = deliveries.spawn(courier.clone().deliver(entry.clone(), Urgency::Old));
        running.insert(task.id(), entry);
    }
    loop {
        tokio::select! {
            entry = incoming.recv() => match entry {
                Some(entry) => {
                    let task = deliveries.spawn(courier.clone().deliver(entry.clone(), Urgency::New));
                    running.insert(task.id(), entry);
                }
                None => break,
            },
            Some(done) = deliveries.join_next_with_id() => match done {
                Ok((id, ())) => drop(running.remove(&id)),
                Err(error) => {
                    let Some(entry) = running.remove(&error.id()) else { continue };
                    courier.report(DeliveryReport::Waiting {
                        result_id: entry.result_id.clone(),
                        cause: WaitingFor::Panic,
                    });
                    let (courier, again) = (courier.clone(), entry.clone());
                    let task = deliveries.spawn(async move {
                        sleep(courier.limits.longest_pause).await;
                        courier.deliver(again, Urgency::Old).await;
                    });
                    running.insert(task.id(), entry);
                }
            }
        }
    }
}

/// A patient waits for the first attempt of a new result; it does not queue behind old ones.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Urgency {
    New,
    Old,
}

impl<R: Receiver> Courier<R> {
    async fn deliver(self, entry: Entry, mut urgency: Urgency) {
        let mut pause = self.limits.first_pause;
        loop {
            let woken = self.wake.notified();
            tokio::pin!(woken);
            woken.as_mut().enable();

            let Some(cause) = self.attempt(&entry, urgency).await else { return };
            self.report(DeliveryReport::Waiting { result_id: entry.result_id.clone(), cause });
            urgency = Urgency::Old;
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(self.limits.longest_pause),
                () = woken => pause = self.limits.first_pause,
            }
        }
    }

    /// One attempt. `None`: delivery of this result has ended.
    async fn attempt(&self, entry: &Entry, urgency: Urgency) -> Option<WaitingFor> {
        let id = || entry.result_id.clone();
        if Duration::from_millis(clock::now_ms().saturating_sub(entry.stored_ms)) > self.limits.max_age {
            return self.end(entry, DeskReason::Aged, DeliveryReport::Aged { result_id: id() }).await;
        }
        let answer = {
            let _place = match urgency {
                Urgency::New => None,
                Urgency::Old => self.places.acquire().await.ok(),
            };
            self.service.submit(entry).await
        };
        match answer {
            Ok(receipt) => {
                let stored = self.on_disk(move |outbox| outbox.delivered(&receipt)).await;
                if stored.is_err() {
                    return Some(WaitingFor::Disk);
                }
                self.report(DeliveryReport::Receipt { result_id: id() });
                // The link works: whoever pauses tries now.
                self.wake.notify_waiters();
                None
            }
            Err(refusal @ ClientError::Refused(..)) if refusal.ends_delivery() => {
                let ClientError::Refused(Problem { error, .. }, _) = refusal else { return None };
                let report = DeliveryReport::Refused { result_id: id(), error: error.clone() };
                self.end(entry, DeskReason::Refused { error }, report).await
            }
            Err(error) => Some(WaitingFor::Service(error)),
        }
    }

    async fn end(&self, entry: &Entry, reason: DeskReason, report: DeliveryReport) -> Option<WaitingFor> {
        let entry = entry.clone();
        match self.on_disk(move |outbox| outbox.to_desk(&entry, reason)).await {
            Ok(()) => {
                self.report(report);
                None
            }
            Err(_) => Some(WaitingFor::Disk),
        }
    }

    async fn on_disk(
        &self,
        work: impl FnOnce(&Outbox) -> Result<(), OutboxError> + Send + 'static,
    ) -> Result<(), OutboxError> {
        let outbox = Arc::clone(&self.outbox);
        let done = tokio::task::spawn_blocking(move || work(&outbox)).await;
        done.map_err(|_| OutboxError::Unfit("the storing task broke"))?
    }

    fn report(&self, report: DeliveryReport) {
        // Nobody listens any more: the daemon is ending, and the outbox keeps what counts.
        let _ = self.reports.send(report);
    }
}

#[cfg(test)]
#[path = "deliver_tests.rs"]
mod tests;
