//! Emulated My Number cards for tests and the demo, and what records, replays and serves card conversations.
//!
//! The cards do the real work (real keys, real signatures, real TLV); only the plastic is missing. Everybody is
//! invented and nothing chains to a production root. `README.md` is the specification; clauses are of `card.md`.

mod applications;
mod chip;
mod emulated;
mod faults;
mod limits;
mod options;
mod order;
pub mod people;
mod photo;
pub mod pki;
mod profile;
mod reader;
pub mod recording;
mod scanner;
mod tlv;
pub mod vpcd;

pub use applications::{COMMON_AID, ISSUER_AID, JPKI_AID, JUKI_AID, KENHOJO_AID, KENKAKU_AID, NEXT_GENERATION_AID};
pub use emulated::{CounterError, Counters, Counts, EmulatedCard, Exchange, Outcome};
pub use faults::{Faults, Moment, Spoilt, UnknownFault};
pub use options::{Atr, CardOptions, Delays, today_in_japan};
pub use order::{CardOrder, OrderError};
pub use people::{Person, Sex};
pub use photo::PhotoError;
pub use pki::{Issuer, RecordSigner, UserKey};
pub use profile::{Profile, UnknownProfile};
pub use reader::{EmulatedReader, Hand};
pub use scanner::EmulatedScanner;
