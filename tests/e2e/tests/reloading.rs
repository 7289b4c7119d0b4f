//! The configuration read anew while the program that ships runs: a wrong file changes nothing, a right one counts at once
//! where no visit runs.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::net::UnixStream,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use e2e::World;

/// The program, and what it says.
struct Program {
    child: Child,
    said: mpsc::Receiver<String>,
}

impl Program {
    fn start(world: &World) -> Self {
        let credentials = world.folder().join("credentials");
        fs::create_dir_all(&credentials).unwrap();
        let key: Vec<u8> = (0..32_u8).map(|n| n.wrapping_mul(37).wrapping_add(11)).collect();
        fs::write(credentials.join("outbox-key"), key).unwrap();
        let here = std::env::current_exe().unwrap();
        let program = here.parent().and_then(|folder| folder.parent()).unwrap().join("reader-daemon");
        let mut child = Command::new(&program)
            .args(["run", "--config"])
            .arg(world.folder().join("reader-daemon.toml"))
            .env("CREDENTIALS_DIRECTORY", credentials)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}. Build it first: cargo build --bins", program.display()));
        let (says, said) = mpsc::channel();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || errors.lines().map_while(Result::ok).try_for_each(|line| says.send(line)));
        Self { child, said }
    }

    fn says(&self, words: &[&str]) -> String {
        let mut heard = Vec::new();
        loop {
            match self.said.recv_timeout(Duration::from_secs(20)) {
                Ok(line) if words.iter().all(|word| line.contains(word)) => return line,
                Ok(line) => heard.push(line),
                Err(_) => panic!("{words:?} was not said, but: {heard:#?}"),
            }
        }
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").arg(name).arg(self.child.id().to_string()).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_keeps_the_old_configuration_running_and_a_right_one_counts_without_a_restart() {
    let world = World::new().await;
    let config = world.config("");
    let right = fs::read_to_string(&config).unwrap();
    let mut program = Program::start(&world);
    program.says(&["ready, kiosk at", "screen.sock"]);

    fs::write(&config, right.replace("[screen]", "[scren]")).unwrap();
    program.signal("-HUP");
    let said = program.says(&["was not taken"]);
    assert!(said.contains("scren"), "{said}");
    assert!(UnixStream::connect(world.folder().join("screen.sock")).is_ok(), "the old one goes on");

    // Right as a file, but it names a folder for the socket that is not there: that shows when it starts.
    fs::write(&config, right.replace("screen.sock", "nowhere/screen.sock")).unwrap();
    program.signal("-HUP");
    program.says(&["was read anew"]);
    program.says(&["does not start", "nowhere"]);
    program.says(&["ready, kiosk at", "screen.sock"]);
    assert!(UnixStream::connect(world.folder().join("screen.sock")).is_ok(), "the old one goes on again");

    fs::write(&config, right.replace("screen.sock", "other.sock")).unwrap();
    program.signal("-HUP");
    program.says(&["was read anew"]);
    program.says(&["ready, kiosk at", "other.sock"]);
    assert!(UnixStream::connect(world.folder().join("other.sock")).is_ok());
    assert!(program.child.try_wait().unwrap().is_none(), "it is the same process");

    program.signal("-TERM");
    assert!(program.child.wait().unwrap().success());
}
