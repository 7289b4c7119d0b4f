//! What every page shares.

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    sync::{Semaphore, watch},
    task::spawn_blocking,
    time::timeout,
};

use crate::{
    Terminal,
    language::Language,
    limits::{LOGIN_TURN, MAX_LIVE, MAX_WORK, WORK_TIME},
    pages::health::Looks,
    password::{Stored, Unusable},
    pause::Pauses,
    session::{Sessions, Token},
};

/// One console.
pub(crate) struct App {
    pub(crate) terminal: Arc<dyn Terminal>,
    pub(crate) password_file: PathBuf,
    /// Names it answers to, in lower case.
    pub(crate) names: Vec<String>,
    pub(crate) port: u16,
    /// With TLS.
    pub(crate) secure: bool,
    pub(crate) looks: Mutex<Looks>,
    /// Places of live pages.
    pub(crate) live: Arc<Semaphore>,
    /// `true`: the console ends.
    pub(crate) ends: watch::Receiver<bool>,
    sessions: Mutex<Sessions>,
    pauses: Mutex<Pauses>,
    login: Arc<Semaphore>,
    work: Arc<Semaphore>,
}

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    pub(crate) remote: IpAddr,
    pub(crate) local: IpAddr,
}

/// Who asks, as far as it is known.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    /// Logged in.
    pub(crate) session: Option<Token>,
    /// What each form carries.
    pub(crate) form: String,
    /// Path and query that were asked for.
    pub(crate) asked: String,
}

/// What became of a login.
pub(crate) enum Login {
    /// The session's token.
    In(Token),
    /// It was not the password.
    Wrong,
    /// Not looked at: so long to wait.
    Pause(Duration),
    /// There is nothing to compare with.
    Unusable(Unusable),
    /// Too many at once, or no random numbers.
    Busy,
}

impl App {
    pub(crate) fn new(
        terminal: Arc<dyn Terminal>,
        password_file: PathBuf,
        names: Vec<String>,
        port: u16,
        secure: bool,
        ends: watch::Receiver<bool>,
    ) -> Self {
        Self {
            terminal,
            password_file,
            names,
            port,
            secure,
            looks: Mutex::default(),
            live: Arc::new(Semaphore::new(MAX_LIVE)),
            ends,
            sessions: Mutex::default(),
            pauses: Mutex::default(),
            login: Arc::new(Semaphore::new(1)),
            work: Arc::new(Semaphore::new(MAX_WORK)),
        }
    }

    /// The session's cookie. `__Host-` makes browsers refuse it from anywhere but this host, with TLS.
    pub(crate) const fn session_cookie(&self) -> &'static str {
        if self.secure { "__Host-session" } else { "session" }
    }

    /// The cookie of a browser that is not logged in: the login form is bound to it.
    pub(crate) const fn login_cookie(&self) -> &'static str {
        if self.secure { "__Host-login" } else { "login" }
    }

    /// A cookie as it is set; an empty value removes it.
    pub(crate) fn cookie(&self, name: &str, value: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let remove = if value.is_empty() { "; Max-Age=0" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{remove}")
    }

    /// Whether this token is logged in under the password that counts now. Using it keeps the session.
    pub(crate) async fn is_logged_in(self: &Arc<Self>, token: &Token) -> bool {
        let file = self.password_file.clone();
        let stored = spawn_blocking(move || Stored::read(&file).ok().map(|stored| stored.fingerprint())).await;
        lock(&self.sessions).uses(token, stored.ok().flatten(), Instant::now())
    }

    pub(crate) fn log_out(&self, token: &Token) {
        lock(&self.sessions).close(token);
    }

    /// How long this address has to wait before a password is looked at.
    pub(crate) fn pause(&self, address: IpAddr) -> Duration {
        lock(&self.pauses).left(address, Instant::now())
    }

    /// One password at a time, so that a pause counts for those that came at once too.
    pub(crate) async fn log_in(self: &Arc<Self>, address: IpAddr, password: zeroize::Zeroizing<String>) -> Login {
        let Ok(Ok(turn)) = timeout(LOGIN_TURN, Arc::clone(&self.login).acquire_owned()).await else {
            return Login::Busy;
        };
        let app = Arc::clone(self);
        let compared = spawn_blocking(move || {
            let _turn = turn;
            let pause = app.pause(address);
            if pause > Duration::ZERO {
                return Login::Pause(pause);
            }
            let stored = match Stored::read(&app.password_file) {
                Ok(stored) => stored,
                Err(unusable) => return Login::Unusable(unusable),
            };
            let right = stored.is(&password);
            app.terminal.sign_in(right);
            if right {
                lock(&app.pauses).right(address);
                let token = lock(&app.sessions).open(stored.fingerprint(), Instant::now());
                token.map_or(Login::Busy, Login::In)
            } else {
                lock(&app.pauses).wrong(address, Instant::now());
                Login::Wrong
            }
        });
        compared.await.unwrap_or(Login::Busy)
    }

    /// Asks the terminal what blocks. `None`: it did not answer in time; the place is held until it does.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&dyn Terminal) -> T + Send + 'static,
    ) -> Option<T> {
        let asked = async {
            let place = Arc::clone(&self.work).acquire_owned().await.ok()?;
            let terminal = Arc::clone(&self.terminal);
            let answer = spawn_blocking(move || {
                let _place = place;
                question(&*terminal)
            });
            answer.await.ok()
        };
        timeout(WORK_TIME, asked).await.ok().flatten()
    }
}

/// Waits until the console ends.
pub(crate) async fn end(ends: &mut watch::Receiver<bool>) {
    // Without its sender it has ended too.
    let _ = ends.wait_for(|ends| *ends).await;
}

/// A panic while it was held left nothing half done: every change is one call.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
