//! What the process gives up before it reads a key: core dumps, being traced, files for others (law 6).

use rustix::{
    fs::Mode,
    io::Errno,
    process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit, umask},
};

/// Applies all of it.
///
/// # Errors
/// What the operating system refuses; the program must not go on then.
pub fn apply() -> Result<(), Errno> {
    umask(Mode::from_raw_mode(0o077));
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}
