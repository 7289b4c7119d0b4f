//! Durations and sizes of the console, with reasons.

use std::time::Duration;

/// Connections at once. A browser opens six; a clinic has a handful of desks.
pub(crate) const MAX_CONNECTIONS: usize = 64;
/// Of them from one address, so that one PC that runs wild leaves places for the others.
pub(crate) const MAX_PER_ADDRESS: usize = 24;
/// TLS stands within this, or the connection ends (slow peers).
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);
/// The head of a request is there within this, counted from the last answer: so an idle connection ends too.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(15);
/// Largest head of a request; a browser's has 1 to 2 KiB.
pub(crate) const MAX_HEAD: usize = 16 * 1024;
/// A form is there within this.
pub(crate) const FORM_TIME: Duration = Duration::from_secs(10);
/// Largest form: a password of 128 letters, each written as `%E3%81%82`, is 1.2 KiB.
pub(crate) const MAX_FORM: usize = 8 * 1024;
/// Most fields of a form or a query; the largest form has four.
pub(crate) const MAX_FIELDS: usize = 16;
/// Longest query that is looked at.
pub(crate) const MAX_QUERY: usize = 2 * 1024;
/// The peer takes some of what is written within this, or the connection ends.
pub(crate) const WRITE_TIME: Duration = Duration::from_secs(20);
/// How long a request that is being answered may go on when the console ends; the rest of a second is for the thread.
pub(crate) const LEAVE: Duration = Duration::from_millis(600);
/// After an accept that failed (no more file descriptors) the next is tried so much later.
pub(crate) const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// A page waits so long for the terminal (journal, counts); they are read from the disk in well under a second.
pub(crate) const WORK_TIME: Duration = Duration::from_secs(20);
/// The answer to "look now" waits so long; afterwards the page says that the look goes on.
pub(crate) const LOOK_TIME: Duration = Duration::from_secs(25);
/// A look takes seconds; after this the page says that it hangs.
pub(crate) const LOOK_HANGS: Duration = Duration::from_secs(60);
/// Pages that read the journal at once; each holds the lines of its days in memory.
pub(crate) const MAX_WORK: usize = 2;
/// Threads for what blocks: password, work, look, and one to spare for the small files.
pub(crate) const BLOCKING_THREADS: usize = 6;

/// A session ends after this, used or not: a working day with its overtime.
pub(crate) const SESSION_LIFE: Duration = Duration::from_secs(12 * 60 * 60);
/// A session without a request and without an open page that is live ends after this.
pub(crate) const SESSION_IDLE: Duration = Duration::from_secs(30 * 60);
/// Sessions at once; the one that was used least lately makes room.
pub(crate) const MAX_SESSIONS: usize = 16;
/// A browser remembers its language so long.
pub(crate) const LANGUAGE_LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// Random bytes of a session's token.
pub(crate) const TOKEN: usize = 32;

/// Fewest letters of the password.
pub(crate) const MIN_PASSWORD: usize = 10;
/// Most letters of the password: what comes is hashed, and must be bounded.
pub(crate) const MAX_PASSWORD: usize = 128;
/// Largest password file; a PHC string has about 100 bytes.
pub(crate) const MAX_PASSWORD_FILE: u64 = 512;
/// A login waits so long for its turn: passwords are hashed one at a time, each takes under a tenth of a second.
pub(crate) const LOGIN_TURN: Duration = Duration::from_secs(10);

/// Wrong passwords from one address before it has to pause.
pub(crate) const FREE_TRIES: u32 = 3;
/// Wrong passwords from everywhere together before everybody has to pause: many addresses are no way around.
pub(crate) const FREE_TRIES_OVERALL: u32 = 12;
/// The first pause; each further wrong password doubles it.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest: nobody who knows the password is kept out for longer after the last wrong one.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// Wrong passwords are forgotten so long after the last one.
pub(crate) const FORGET: Duration = Duration::from_secs(30 * 60);
/// Addresses whose wrong passwords are remembered.
pub(crate) const MAX_ADDRESSES: usize = 256;

/// A live page hears something at least so often: its minutes go on, and it notices that the terminal is gone.
pub(crate) const BEAT: Duration = Duration::from_secs(15);
/// Live pages at once; each holds a connection.
pub(crate) const MAX_LIVE: usize = 32;
/// Without JavaScript the page is loaded again so often, seconds.
pub(crate) const REFRESH_SECONDS: u32 = 10;
/// While a look goes on its page is loaded again so often, seconds.
pub(crate) const LOOK_REFRESH_SECONDS: u32 = 2;

/// Lines of the journal on one page.
pub(crate) const PAGE_LINES: usize = 200;
/// Longest text searched for, letters.
pub(crate) const MAX_SEARCH: usize = 100;
/// Longest name of a host, from RFC 1035.
pub(crate) const MAX_HOST: usize = 253;
