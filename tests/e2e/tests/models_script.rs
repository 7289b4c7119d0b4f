//! `scripts/models` against a place to fetch from on this machine: what is fetched, converted, continued and refused.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn script() -> PathBuf {
    root().join("scripts/models")
}

/// How the place answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Whole,
    /// The first answer ends in the middle.
    Cut,
    /// Ranges are not known.
    NoRange,
}

/// A place to fetch from: its files by path, and the requests it saw as `PATH from FIRST_BYTE`.
struct Place {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Place {
    fn open(files: Vec<(&str, Vec<u8>)>, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let files: Vec<(String, Vec<u8>)> = files.into_iter().map(|(path, data)| (path.to_owned(), data)).collect();
        let log = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &files, manner, &log);
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, files: &[(String, Vec<u8>)], manner: Manner, log: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let range = lines.take_while(|line| !line.is_empty()).find_map(|line| {
        line.to_ascii_lowercase().strip_prefix("range: bytes=").map(|range| range.trim_end_matches('-').to_owned())
    });
    let start: usize = range.map_or(0, |range| range.parse().unwrap());
    let first = {
        let mut log = log.lock().unwrap();
        log.push(format!("{path} from {start}"));
        log.len() == 1
    };
    let Some((_, data)) = files.iter().find(|(name, _)| *name == path) else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        return;
    };
    if start >= data.len() && manner != Manner::NoRange {
        stream
            .write_all(b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .unwrap();
        return;
    }
    let (status, body) = if start > 0 && manner != Manner::NoRange {
        let range = format!("206 Partial Content\r\nContent-Range: bytes {start}-{}/{}", data.len() - 1, data.len());
        (range, &data[start..])
    } else {
        ("200 OK".to_owned(), data.as_slice())
    };
    let sent = if first && manner == Manner::Cut { &body[..body.len() / 2] } else { body };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // The other side may have seen enough.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent));
}

fn sha256(data: &[u8]) -> String {
    let mut child = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(data).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()[..64].to_owned()
}

/// Fields of a protocol buffer: a number, and bytes.
fn field(number: u8, payload: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, u8::try_from(payload.len()).unwrap()], payload].concat()
}

/// An ONNX file of one node with texts, inner shapes and a batch of open size, as upstream might publish it; and the same
/// as it is pinned.
fn onnx(published: bool) -> Vec<u8> {
    let text = |text: &str| if published { field(6, text.as_bytes()) } else { field(6, b"") };
    let node = field(1, &[field(1, b"x"), field(2, b"y"), field(4, b"Relu"), text("why")].concat());
    let batch = if published { field(2, b"batch") } else { vec![1 << 3, 1] };
    let shape = field(2, &[field(1, &batch), field(1, &[1 << 3, 3])].concat());
    let kind = field(2, &field(1, &[vec![1 << 3, 1], shape].concat()));
    let value = |number, name: &[u8]| field(number, &[field(1, name), kind.clone()].concat());
    let inner = if published { value(13, b"inner") } else { Vec::new() };
    let graph = [node, field(2, b"graph"), value(11, b"x"), value(12, b"y"), inner].concat();
    [vec![1 << 3, 6], field(2, b"maker"), text("what"), field(7, &graph), field(8, &[2 << 3, 11])].concat()
}

/// Long enough to be cut in two, and different in every place.
fn weights(seed: u8) -> Vec<u8> {
    (0..300_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8 ^ seed).collect()
}

const FILES: [&str; 3] = ["finds.onnx", "compares.onnx", "judges.onnx"];

fn pinned() -> [Vec<u8>; 3] {
    [onnx(false), weights(1), weights(2)]
}

/// A set of three files in a folder of its own: the first is converted, the others are taken as they are.
struct Set {
    folder: TempDir,
}

impl Set {
    fn new(address: &str) -> Self {
        let set = Self { folder: tempfile::tempdir().unwrap() };
        set.write(address, &FILES, &onnx(true), "clean-batch-1");
        set
    }

    fn write(&self, address: &str, names: &[&str; 3], first_published: &[u8], conversion: &str) {
        let tables = ["[detector]", "[embedding]", "[[attack]]\nname = \"a\"\n[[attack.net]]"];
        let mut manifest = "format = 1\nlevel = \"research\"\n".to_owned();
        let mut upstream = "format = 1\n".to_owned();
        for (i, (file, data)) in names.iter().zip(pinned()).enumerate() {
            manifest += &format!(
                "{}\nname = \"net-{i}\"\nfile = \"{file}\"\nsha256 = \"{}\"\nbytes = {}\nlicence = \"Apache-2.0\"\n\
                 training_data = \"pictures for non-commercial research\"\nsource = \"somebody/nets\"\nconversion = \"-\"\n",
                tables[i],
                sha256(&data),
                data.len(),
            );
            let (published, conversion) = if i == 0 { (first_published.to_vec(), conversion) } else { (data, "none") };
            upstream += &format!(
                "[net-{i}]\nurl = \"{address}/{i}.bin\"\nsha256 = \"{}\"\nconversion = \"{conversion}\"\n",
                sha256(&published),
            );
        }
        fs::write(self.path("manifest.toml"), manifest).unwrap();
        fs::write(self.path("upstream.toml"), upstream).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(script());
        command.current_dir(self.folder.path()).stdin(Stdio::null()).env("no_proxy", "127.0.0.1");
        command.arg(words[0]).args(["--manifest", "manifest.toml", "--upstream", "upstream.toml"]).args(&words[1..]);
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn install(&self, from: &str) -> Output {
        self.run(&["install", "--accept-terms", "--from", from, "models"])
    }

    fn folder_with(&self, name: &str, files: &[(&str, Vec<u8>)]) {
        fs::create_dir_all(self.path(name)).unwrap();
        for (file, data) in files {
            fs::write(self.path(name).join(file), data).unwrap();
        }
    }

    /// What lies in the models folder, by name.
    fn installed(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("models")) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn assert_complete(&self) {
        assert_eq!(self.installed(), ["compares.onnx", "finds.onnx", "judges.onnx"]);
        for (file, data) in FILES.iter().zip(pinned()) {
            assert!(fs::read(self.path("models").join(file)).unwrap() == data, "{file} is not the pinned file");
        }
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn published() -> Vec<(&'static str, Vec<u8>)> {
    vec![("/0.bin", onnx(true)), ("/1.bin", weights(1)), ("/2.bin", weights(2))]
}

#[test]
fn all_files_are_fetched_and_converted_and_the_terms_are_said() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    let output = set.install("upstream");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
    assert!(told(&output).contains("pictures for non-commercial research"), "{}", told(&output));
    assert!(!told(&output).contains('\r'), "a progress line without a terminal: {}", told(&output));
    // What is right is not fetched again.
    assert!(set.install("upstream").status.success());
    assert_eq!(place.seen().len(), 3);
}

#[test]
fn a_cut_connection_is_continued_where_it_stopped() {
    let place = Place::open(published(), Manner::Cut);
    let set = Set::new(&place.address);
    set.folder_with("models", &[("finds.onnx", onnx(false))]);
    let output = set.install("upstream");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
    assert_eq!(place.seen(), ["/1.bin from 0", "/1.bin from 150000", "/2.bin from 0"]);
}

#[test]
fn what_an_earlier_run_left_is_continued_also_where_ranges_are_not_known() {
    for manner in [Manner::Whole, Manner::NoRange] {
        let place = Place::open(published(), manner);
        let set = Set::new(&place.address);
        set.folder_with("models", &[("compares.onnx.part", weights(1)[..1000].to_vec())]);
        let output = set.install("upstream");
        assert!(output.status.success(), "{}", told(&output));
        set.assert_complete();
        assert!(place.seen().contains(&"/1.bin from 1000".to_owned()), "{:?}", place.seen());
    }
}

#[test]
fn a_left_part_longer_than_the_file_is_fetched_anew() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    set.folder_with("models", &[("compares.onnx.part", [weights(1), weights(2)].concat())]);
    let output = set.install("upstream");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
}

#[test]
fn a_file_with_another_hash_is_refused_and_removed() {
    let mut changed = weights(1);
    changed[200_000] ^= 1;
    let place = Place::open(vec![("/0.bin", onnx(true)), ("/1.bin", changed), ("/2.bin", weights(2))], Manner::Whole);
    let set = Set::new(&place.address);
    let output = set.install("upstream");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("compares.onnx: NOT installed"), "{}", told(&output));
    assert!(told(&output).contains("refused and was removed"), "{}", told(&output));
    assert_eq!(set.installed(), ["finds.onnx", "judges.onnx"]);
}

#[test]
fn a_conversion_that_gives_other_bytes_is_refused() {
    let other = [onnx(true), vec![5 << 3, 1]].concat();
    let place =
        Place::open(vec![("/0.bin", other.clone()), ("/1.bin", weights(1)), ("/2.bin", weights(2))], Manner::Whole);
    let set = Set::new(&place.address);
    set.write(&place.address, &FILES, &other, "clean-batch-1");
    let output = set.install("upstream");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("gave another file than the pinned one"), "{}", told(&output));
    assert!(!set.installed().contains(&"finds.onnx".to_owned()));
}

#[test]
fn a_file_that_is_no_onnx_file_is_not_converted() {
    let place = Place::open(vec![("/0.bin", vec![0xff; 40])], Manner::Whole);
    let set = Set::new(&place.address);
    set.write(&place.address, &FILES, &[0xff; 40], "clean");
    let output = set.install("upstream");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("finds.onnx: NOT installed: it is no ONNX file"), "{}", told(&output));
    assert!(told(&output).contains("answers 404"), "{}", told(&output));
}

#[test]
fn without_accepted_terms_nothing_is_installed_or_fetched() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    let output = set.run(&["install", "--from", "upstream", "models"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("nothing was installed"), "{}", told(&output));
    for typed in ["no\n", "YES PLEASE\n", "\n"] {
        let (success, text) = at_a_terminal(&set, typed);
        assert!(!success && text.contains("nothing was installed"), "{typed:?}: {text}");
    }
    assert!(set.installed().is_empty() && place.seen().is_empty());
    let (success, text) = at_a_terminal(&set, "yes\n");
    assert!(success, "{text}");
    assert!(text.contains("Type yes to accept") && text.contains("100 % of 0.3 MB"), "{text}");
    set.assert_complete();
}

/// Installs from upstream with a terminal at which this is typed.
fn at_a_terminal(set: &Set, typed: &str) -> (bool, String) {
    let line = format!(
        "'{}' install --manifest manifest.toml --upstream upstream.toml --from upstream models",
        script().display()
    );
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(set.folder.path())
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open: what is typed ends with its line, not with the terminal.
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(typed.as_bytes()).unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    let success = child.wait().unwrap().success();
    drop(keyboard);
    (success, text)
}

#[test]
fn a_folder_is_enough_with_the_files_or_with_what_upstream_publishes() {
    let set = Set::new("http://127.0.0.1:9");
    let [_, compares, judges] = pinned();
    set.folder_with("stick", &[("0.bin", onnx(true)), ("compares.onnx", compares), ("judges.onnx", judges)]);
    let output = set.install("stick");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
}

#[test]
fn a_folder_with_a_wrong_file_installs_the_others_and_replaces_nothing_that_is_right() {
    let set = Set::new("http://127.0.0.1:9");
    let [finds, compares, _] = pinned();
    set.folder_with("models", &[("finds.onnx", finds)]);
    set.folder_with("stick", &[("finds.onnx", vec![0; 9]), ("compares.onnx", compares), ("judges.onnx", weights(7))]);
    let output = set.install("stick");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("judges.onnx was changed"), "{}", told(&output));
    assert_eq!(set.installed(), ["compares.onnx", "finds.onnx"]);
    assert!(fs::read(set.path("models/finds.onnx")).unwrap() == onnx(false));
}

#[test]
fn verify_says_which_file_is_missing_cut_short_or_changed() {
    let set = Set::new("http://127.0.0.1:9");
    let [finds, compares, judges] = pinned();
    let mut changed = judges.clone();
    changed[7] ^= 0x80;
    set.folder_with("models", &[("compares.onnx", compares[..1234].to_vec()), ("judges.onnx", changed)]);
    let output = set.run(&["verify", "models"]);
    assert_eq!(output.status.code(), Some(1));
    let text = told(&output);
    assert!(text.contains("finds.onnx is missing"), "{text}");
    assert!(text.contains("compares.onnx is cut short: 1234 of 300000 bytes"), "{text}");
    assert!(text.contains("judges.onnx was changed"), "{text}");
    assert!(text.contains("3 of 3 files"), "{text}");
    set.folder_with("models", &[("finds.onnx", finds), ("compares.onnx", compares), ("judges.onnx", judges)]);
    let output = set.run(&["verify", "models"]);
    assert!(output.status.success(), "{}", told(&output));
}

#[test]
fn a_manifest_whose_file_leaves_the_folder_is_refused() {
    for name in ["../escaped.onnx", "/tmp/escaped.onnx", "..", "a/b", "finds.onnx"] {
        let set = Set::new("http://127.0.0.1:9");
        set.write("http://127.0.0.1:9", &[name, "finds.onnx", "judges.onnx"], &onnx(true), "clean");
        for words in [&["verify", "models"][..], &["install", "--accept-terms", "--from", ".", "models"]] {
            let output = set.run(words);
            assert_eq!(output.status.code(), Some(1), "{name}: {}", told(&output));
            assert!(told(&output).contains("manifest.toml"), "{name}: {}", told(&output));
        }
        assert!(set.installed().is_empty());
    }
}

#[test]
fn an_address_that_is_not_https_is_refused() {
    for address in ["http://example.org", "ftp://example.org", "file:///etc", "http://127.0.0.1.example.org"] {
        let set = Set::new(address);
        let output = set.install("upstream");
        assert_eq!(output.status.code(), Some(1));
        assert!(told(&output).contains("https, or http to this machine itself"), "{address}: {}", told(&output));
    }
}

#[test]
fn the_research_set_is_listed_with_its_terms_and_addresses() {
    let output = Command::new(script()).args(["list", "--set", "research"]).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let manifest = fs::read_to_string(root().join("models/MANIFEST.toml")).unwrap();
    let text = told(&output);
    let mut facts = 0;
    for line in manifest.lines() {
        for key in ["file = ", "licence = ", "training_data = "] {
            let Some(fact) = line.strip_prefix(key) else { continue };
            facts += 1;
            assert!(text.contains(fact.trim_matches('"')), "{fact} is not said: {text}");
        }
    }
    assert_eq!(facts, 15);
    assert_eq!(text.matches("from a folder, or https://").count(), 5, "{text}");
}

#[test]
fn the_own_set_is_installed_from_the_repository_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let output = Command::new(script()).args(words).args(["--set", "own"]).arg(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        told(&output)
    };
    let text = run(&["install", "--accept-terms"]);
    assert!(text.contains("level demonstration"), "{text}");
    run(&["verify"]);
}

#[test]
fn without_the_environment_that_converts_checkpoints_nothing_is_fetched_and_the_cure_is_said() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    set.write(&place.address, &FILES, &onnx(true), "minifasnet-v2");
    let output = set
        .command(&["install", "--accept-terms", "--from", "upstream", "models"])
        .env("READER_DAEMON_CONVERTER", set.path("nowhere/bin/python"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains("python3 -m venv") && told(&output).contains("requirements.txt"),
        "{}",
        told(&output)
    );
    assert!(!place.seen().iter().any(|request| request.starts_with("/0.bin")), "{:?}", place.seen());
}
