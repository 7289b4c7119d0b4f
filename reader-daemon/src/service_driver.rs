//! Asks the clinic's qualification service, and turns its answers into the session's words.
//!
//! Each request is a task of its own; its answer carries the visit it belongs to (law 4). Nothing is repeated: challenge
//! and signature are single use (law 7).

mod answers;

use std::{future::Future, sync::Arc};

use qualification::{
    Client, PasscodeCopy,
    bytes::text_of,
    protocol::{Authenticate, Method, Register, Relay, Status},
};
use session::{Lookup, Opening, SignUp, VisitId};
use tokio::{sync::watch, time::sleep};

use crate::{
    input::{Driver, Input, Inputs},
    limits::{HEALTH_PERIOD, RELAY_ANSWER, STOP_GRACE},
    relay::ServiceRelay,
};
pub(crate) use answers::{ForStaff, by};
use answers::{command, for_staff, lookup, opening, unwanted};

/// What the service answered.
pub(crate) enum ServiceAnswer {
    /// To `open`; with the session when there is one, and the service's copy of the passcode.
    Opened(VisitId, Opening, Option<OpenSession>, Option<PasscodeCopy>),
    /// To `authenticate` and `register`, with what the service says to staff.
    LookedUp(VisitId, Box<Lookup>, ForStaff),
    /// To `status`, between visits. `None`: no answer.
    Health(Option<Health>),
}

/// A session at the service.
pub(crate) struct OpenSession {
    pub(crate) id: String,
    /// Part of the statement the card signs. Single use.
    pub(crate) nonce: [u8; 32],
}

/// What the health check saw.
pub(crate) struct Health {
    /// For the screen, above left.
    pub(crate) facility: String,
    /// The service's copy of the passcode, if it has one.
    pub(crate) passcode: Option<PasscodeCopy>,
    /// The service reaches the centre behind it.
    pub(crate) centre: bool,
}

/// Sends requests; answers come as inputs.
pub(crate) struct ServiceDriver {
    client: Arc<Client>,
    inputs: Inputs,
    /// Whether nobody is at the terminal: the health check asks only then.
    idle: watch::Sender<bool>,
}

impl ServiceDriver {
    /// Starts the health check. Inside a tokio runtime.
    pub(crate) fn start(client: Arc<Client>, inputs: Inputs) -> Self {
        let (idle, watched) = watch::channel(true);
        supervised(&inputs, None, watch_health(Arc::clone(&client), inputs.clone(), watched));
        Self { client, inputs, idle }
    }

    /// Tells whether a visit runs. When it ends the link is looked at at once.
    pub(crate) fn visit_runs(&self, runs: bool) {
        self.idle.send_if_modified(|idle| std::mem::replace(idle, !runs) == runs);
    }

    /// `open`.
    pub(crate) fn open(&self, visit: VisitId) {
        let (client, inputs) = (Arc::clone(&self.client), self.inputs.clone());
        let broken = ServiceAnswer::Opened(visit, Opening::Unreachable, None, None);
        supervised(&self.inputs, Some(broken), async move {
            let answer = client.open(env!("CARGO_PKG_VERSION")).await;
            let unwanted = unwanted(&answer);
            let passcode = answer.as_ref().ok().and_then(|open| open.opened.visual_passcode.clone());
            let (opening, session) = opening(answer);
            let answer = ServiceAnswer::Opened(visit, opening, session, passcode);
            let _ = inputs.send(Input::Service(answer)).await;
            if let Some(session_id) = unwanted {
                let _ = client.cancel(&session_id).await;
            }
        });
    }

    /// `authenticate`.
    pub(crate) fn authenticate(&self, visit: VisitId, session_id: String, proof: Authenticate) {
        let (client, inputs) = (Arc::clone(&self.client), self.inputs.clone());
        let broken = ServiceAnswer::LookedUp(visit, Box::new(Lookup::Unreachable), ForStaff::default());
        supervised(&self.inputs, Some(broken), async move {
            let answer = client.authenticate(&session_id, &proof).await;
            let staff = for_staff(&answer);
            let lookup = lookup(answer, proof.method);
            let _ = inputs.send(Input::Service(ServiceAnswer::LookedUp(visit, Box::new(lookup), staff))).await;
        });
    }

    /// `register`: the sign-up that was answered twice.
    pub(crate) fn register(&self, order: SignUp, method: Method, session_id: String) {
        let visit = order.visit;
        let (client, inputs) = (Arc::clone(&self.client), self.inputs.clone());
        let broken = ServiceAnswer::LookedUp(visit, Box::new(Lookup::Unreachable), ForStaff::default());
        let register = Register {
            wording_id: order.wording_id,
            wording_hash: order.wording_hash,
            language: order.language.tag().to_owned(),
            by: by(order.by),
        };
        supervised(&self.inputs, Some(broken), async move {
            let answer = client.register(&session_id, &register).await;
            let staff = for_staff(&answer);
            let lookup = lookup(answer, method);
            let _ = inputs.send(Input::Service(ServiceAnswer::LookedUp(visit, Box::new(lookup), staff))).await;
        });
    }

    /// `relay`: the commands of the PIN-less step, one request each, as the card asks for them.
    pub(crate) fn relay(&self, method: Method, session_id: String, certificate_sha256: String) -> ServiceRelay {
        let client = Arc::clone(&self.client);
        let (relay, mut questions) = ServiceRelay::new(RELAY_ANSWER);
        supervised(&self.inputs, None, async move {
            while let Some(question) = questions.recv().await {
                let response = question.response.as_deref().map(text_of);
                let certificate_sha256 = certificate_sha256.clone();
                let asked = Relay { method, certificate_sha256, response };
                // The thread of the card may have given up.
                let _ = question.answer.send(command(client.relay(&session_id, &asked).await));
            }
        });
        relay
    }

    /// `cancel`, best effort.
    pub(crate) fn cancel(&self, session_id: String) {
        let client = Arc::clone(&self.client);
        supervised(&self.inputs, None, async move {
            let _ = client.cancel(&session_id).await;
        });
    }

    /// `cancel` when the daemon ends: waits a moment for it.
    pub(crate) async fn cancel_at_end(&self, session_id: &str) {
        let _ = tokio::time::timeout(STOP_GRACE, self.client.cancel(session_id)).await;
    }
}

/// Runs a request; if it panics, the visit hears that there is no answer and the daemon that its driver broke.
fn supervised(inputs: &Inputs, broken: Option<ServiceAnswer>, work: impl Future<Output = ()> + Send + 'static) {
    let inputs = inputs.clone();
    tokio::spawn(async move {
        let Err(error) = tokio::spawn(work).await else { return };
        if error.is_panic() {
            if let Some(answer) = broken {
                let _ = inputs.send(Input::Service(answer)).await;
            }
            let _ = inputs.send(Input::Broken(Driver::Service)).await;
        }
    });
}

async fn watch_health(client: Arc<Client>, inputs: Inputs, mut idle: watch::Receiver<bool>) {
    loop {
        if idle.wait_for(|idle| *idle).await.is_err() {
            return;
        }
        let health =
            client.status().await.ok().map(|Status { facility, visual_passcode: passcode, centre, .. }| Health {
                facility: facility.name,
                passcode,
                centre,
            });
        // A visit that began meanwhile finds out by itself.
        if *idle.borrow_and_update() && inputs.send(Input::Service(ServiceAnswer::Health(health))).await.is_err() {
            return;
        }
        tokio::select! {
            () = sleep(HEALTH_PERIOD) => {}
            changed = idle.changed() => if changed.is_err() { return },
        }
    }
}
