//! A console whose terminal is made of invented, moving data: to look at, and for the browser tests.
//!
//! `cargo run -p console --example console [--steered] [PORT]`
//!
//! Without `--steered` things happen by themselves. With it nothing moves until a line comes on standard input: `step entering_pin`,
//! `note`, `away`, `back`, `close`, `practice`, `fill`, `clear`, `stop`. Each line is answered with `done`.

mod invented;

use std::{
    env,
    io::{self, BufRead as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    sync::Arc,
    thread,
    time::Duration,
};

use console::{Options, password, serve};
use invented::Invented;

/// Known to everyone who reads this: the terminal behind it is invented.
const PASSWORD: &str = "invented-data";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let steered = arguments.iter().any(|argument| argument == "--steered");
    let port = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(0);
    let folder = tempfile::tempdir()?;
    let password_file = folder.path().join("password");
    std::fs::write(&password_file, password::hash(PASSWORD)?)?;
    std::fs::set_permissions(&password_file, std::fs::Permissions::from_mode(0o600))?;
    let terminal = Arc::new(Invented::new());
    let listen = ([127, 0, 0, 1], port).into();
    let running = serve(Options { listen, names: Vec::new(), password_file, tls: None }, terminal.clone())?;
    println!("http://{}/ password {PASSWORD}", running.address());
    io::stdout().flush()?;
    if steered {
        for line in io::stdin().lock().lines() {
            if !terminal.steer(&line?) {
                break;
            }
            println!("done");
            io::stdout().flush()?;
        }
    } else {
        for scene in invented::SCENES.iter().cycle() {
            terminal.steer(scene);
            thread::sleep(Duration::from_secs(4));
        }
    }
    Ok(())
}
