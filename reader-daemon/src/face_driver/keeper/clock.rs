//! What is due, and when the next thing is.

use std::time::Instant;

use session::Reason;

use super::{Keeper, PhotoState};

impl Keeper {
    /// What is due.
    pub(super) async fn look_at_the_clock(&mut self) {
        let now = Instant::now();
        if self.start_at.is_some_and(|at| at <= now) {
            self.start();
            if self.worker.is_none() {
                // Not even a process, or too many of them: nobody can count on the way.
                let at = self.start_at;
                self.failed(Reason::Camera).await;
                self.start_at = self.start_at.max(at);
            }
        }
        let Some(worker) = &mut self.worker else { return };
        if worker.weights.is_none() {
            if now >= worker.began + self.patience.ready {
                self.lost("it was not ready in time").await;
            }
            return;
        }
        let Some(using) = &mut worker.visit else { return };
        if let PhotoState::Given(at) = using.photo
            && now >= at + self.patience.photo
        {
            return self.lost("it does not say what came of the photo").await;
        }
        if using.off_by.is_some_and(|by| now >= by) {
            using.off_by = None;
            if using.camera_on {
                return self.lost("its camera is not off").await;
            }
        }
        let Some(heard) = using.looking.filter(|_| !using.staff) else { return };
        if using.photo == PhotoState::None && now >= heard + self.patience.ordered {
            // The photo died with an earlier worker, and nobody reads it again.
            return self.lost("it has no photo to compare with").await;
        }
        if now >= heard + self.patience.silence(using.pace) {
            self.lost("it looks and says nothing").await;
        }
    }

    pub(super) fn wake(&self) -> Option<Instant> {
        let mut at: Vec<Instant> = self.start_at.into_iter().collect();
        if let Some(worker) = &self.worker {
            if worker.weights.is_none() {
                at.push(worker.began + self.patience.ready);
            } else if let Some(using) = &worker.visit {
                if let PhotoState::Given(given) = using.photo {
                    at.push(given + self.patience.photo);
                }
                at.extend(using.off_by);
                let looking = using.looking.filter(|_| !using.staff);
                at.extend(looking.map(|heard| heard + self.patience.silence(using.pace)));
                let waits = looking.filter(|_| using.photo == PhotoState::None);
                at.extend(waits.map(|heard| heard + self.patience.ordered));
            }
        }
        at.into_iter().min()
    }
}
