//! Who is logged in. The browser holds a random token; here lies only what SHA-256 makes of it.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, header};
use rand_core::{OsRng, RngCore as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    limits::{MAX_SESSIONS, SESSION_IDLE, SESSION_LIFE, TOKEN},
    password::Fingerprint,
};

/// What the browser holds in a cookie.
#[derive(Clone)]
pub(crate) struct Token(Zeroizing<[u8; TOKEN]>);

impl Token {
    /// `None`: the system gives no random numbers.
    pub(crate) fn new() -> Option<Self> {
        let mut bytes = Zeroizing::new([0; TOKEN]);
        OsRng.try_fill_bytes(bytes.as_mut_slice()).ok()?;
        Some(Self(bytes))
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; TOKEN]);
        let mut digits = text.chars().map(|digit| digit.to_digit(16).filter(|_| !digit.is_ascii_uppercase()));
        for byte in bytes.iter_mut() {
            *byte = u8::try_from(digits.next()?? * 16 + digits.next()??).ok()?;
        }
        digits.next().is_none().then_some(Self(bytes))
    }

    pub(crate) fn text(&self) -> String {
        hex(self.0.as_slice())
    }

    /// What forms of this browser carry: whoever does not hold the cookie cannot know it.
    pub(crate) fn for_forms(&self) -> String {
        hex(&Sha256::new().chain_update(b"form\0").chain_update(self.0.as_slice()).finalize())
    }

    fn key(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"session\0").chain_update(self.0.as_slice()).finalize().into()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Everyone who is logged in.
#[derive(Default)]
pub(crate) struct Sessions(Vec<Session>);

struct Session {
    key: [u8; 32],
    began: Instant,
    used: Instant,
    password: Fingerprint,
}

impl Sessions {
    /// Whether this token is logged in; if it is, it has been used now. `password`: the one that counts now; sessions of
    /// another end here.
    pub(crate) fn uses(&mut self, token: &Token, password: Option<Fingerprint>, now: Instant) -> bool {
        self.0.retain(|session| session.left(now) > Duration::ZERO && Some(session.password) == password);
        let key = token.key();
        let found = self.0.iter_mut().find(|session| session.key == key);
        found.map(|session| session.used = now).is_some()
    }

    /// Logs in: a new token each time.
    pub(crate) fn open(&mut self, password: Fingerprint, now: Instant) -> Option<Token> {
        let token = Token::new()?;
        self.0.retain(|session| session.left(now) > Duration::ZERO);
        if self.0.len() >= MAX_SESSIONS {
            let oldest = self.0.iter().enumerate().min_by_key(|(_, session)| session.used).map(|(at, _)| at);
            oldest.map(|at| self.0.remove(at));
        }
        self.0.push(Session { key: token.key(), began: now, used: now, password });
        Some(token)
    }

    /// Logs out.
    pub(crate) fn close(&mut self, token: &Token) {
        let key = token.key();
        self.0.retain(|session| session.key != key);
    }
}

impl Session {
    fn left(&self, now: Instant) -> Duration {
        let life = SESSION_LIFE.saturating_sub(now.saturating_duration_since(self.began));
        life.min(SESSION_IDLE.saturating_sub(now.saturating_duration_since(self.used)))
    }
}

/// The first cookie of this name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password() -> Fingerprint {
        crate::password::tests_fingerprint(1)
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_session_ends_after_half_an_hour_without_use() {
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let token = sessions.open(password(), start).unwrap();
        assert!(sessions.uses(&token, Some(password()), start + 29 * MINUTE));
        assert!(sessions.uses(&token, Some(password()), start + 58 * MINUTE), "each use counts anew");
        assert!(!sessions.uses(&token, Some(password()), start + 88 * MINUTE));
        assert!(!sessions.uses(&token, Some(password()), start + 59 * MINUTE), "what ended stays ended");
    }

    #[test]
    fn a_session_ends_after_twelve_hours_used_or_not() {
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let token = sessions.open(password(), start).unwrap();
        for minutes in (10..720).step_by(10) {
            assert!(sessions.uses(&token, Some(password()), start + minutes * MINUTE), "{minutes}");
        }
        assert!(!sessions.uses(&token, Some(password()), start + 720 * MINUTE));
    }

    #[test]
    fn the_seventeenth_takes_the_place_of_the_one_used_least_lately() {
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let at = |second| start + Duration::from_secs(second);
        let tokens: Vec<_> = (0..16).map(|second| sessions.open(password(), at(second)).unwrap()).collect();
        assert!(sessions.uses(&tokens[0], Some(password()), at(20)));
        let newest = sessions.open(password(), at(21)).unwrap();
        assert!(
            sessions.uses(&tokens[0], Some(password()), at(22)) && sessions.uses(&newest, Some(password()), at(22))
        );
        assert!(!sessions.uses(&tokens[1], Some(password()), at(22)));
        assert_eq!(sessions.0.len(), 16);
    }

    #[test]
    fn another_password_or_none_ends_every_session() {
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let one = sessions.open(password(), start).unwrap();
        let two = sessions.open(password(), start).unwrap();
        assert!(!sessions.uses(&one, Some(crate::password::tests_fingerprint(2)), start));
        assert!(!sessions.uses(&two, Some(password()), start), "it does not come back with the old password");
        let three = sessions.open(password(), start).unwrap();
        assert!(!sessions.uses(&three, None, start));
    }

    #[test]
    fn logging_out_ends_one_session_and_tokens_are_read_strictly() {
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let token = sessions.open(password(), start).unwrap();
        let other = sessions.open(password(), start).unwrap();
        let read = Token::parse(&token.text()).unwrap();
        assert!(sessions.uses(&read, Some(password()), start));
        sessions.close(&read);
        assert!(!sessions.uses(&token, Some(password()), start) && sessions.uses(&other, Some(password()), start));
        let text = token.text();
        for wrong in ["", "00", &text[1..], &format!("{text}0"), &text.to_uppercase().replace(char::is_numeric, "A")] {
            assert!(Token::parse(wrong).is_none(), "{wrong}");
        }
        assert_ne!(token.text(), token.for_forms());
        assert_ne!(token.for_forms(), other.for_forms());
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "xsession=1; session=2;language=en".parse().unwrap());
        headers.append(header::COOKIE, "other=4".parse().unwrap());
        assert_eq!(cookie(&headers, "session"), Some("2"));
        assert_eq!(cookie(&headers, "language"), Some("en"));
        assert_eq!(cookie(&headers, "other"), Some("4"));
        assert_eq!(cookie(&headers, "sessio"), None);
    }
}
