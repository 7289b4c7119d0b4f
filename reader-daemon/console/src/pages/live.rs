//! Live updates: the page's changing part, sent again when something changes (server-sent events).

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{
        IntoResponse as _, Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::sleep,
};

use crate::{
    app::{App, Visitor, end},
    limits::BEAT,
    pages::now,
    session::Token,
    terminal::Now,
};

/// Changes that follow each other are sent together: eyes see no more than a few a second.
const GATHER: Duration = Duration::from_millis(100);

struct Live {
    app: Arc<App>,
    visitor: Visitor,
    session: Token,
    now: watch::Receiver<Now>,
    ends: watch::Receiver<bool>,
    at: At,
    _place: OwnedSemaphorePermit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Begin,
    Between,
    End,
}

/// The stream. An open page is use: its session goes on until the page is closed, at most for a session's life.
pub(crate) async fn events(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let (Ok(place), Some(session)) = (Arc::clone(&app.live).try_acquire_owned(), visitor.session.clone()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (now, ends) = (app.terminal.now(), app.ends.clone());
    let live = Live { app, visitor, session, now, ends, at: At::Begin, _place: place };
    Sse::new(stream::unfold(live, |mut live| async {
        let event = live.next().await?;
        Some((Ok::<_, Infallible>(event), live))
    }))
    .into_response()
}

impl Live {
    async fn next(&mut self) -> Option<Event> {
        match self.at {
            At::Begin => self.at = At::Between,
            At::Between => {
                tokio::select! {
                    changed = self.now.changed() => {
                        // The terminal is gone: the page says so when it cannot connect again.
                        changed.ok()?;
                        sleep(GATHER).await;
                    }
                    () = sleep(BEAT) => {}
                    () = end(&mut self.ends) => return None,
                }
            }
            At::End => return None,
        }
        if !self.app.is_logged_in(&self.session).await {
            self.at = At::End;
            return Some(Event::default().event("ended").data("-"));
        }
        let html = now::fragment(&self.visitor, &self.now.borrow_and_update()).into_string();
        // The format knows no carriage return.
        Some(Event::default().event("now").data(html.replace('\r', " ")))
    }
}
