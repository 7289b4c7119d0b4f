//! A set of three files, what was published of it, and the script that installs it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

pub(crate) fn script() -> PathBuf {
    root().join("scripts/models")
}

pub(crate) fn sha256(data: &[u8]) -> String {
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
pub(crate) fn onnx(published: bool) -> Vec<u8> {
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
pub(crate) fn weights(seed: u8) -> Vec<u8> {
    (0..300_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8 ^ seed).collect()
}

pub(crate) const FILES: [&str; 3] = ["finds.onnx", "compares.onnx", "judges.onnx"];

pub(crate) fn pinned() -> [Vec<u8>; 3] {
    [onnx(false), weights(1), weights(2)]
}

/// A set of three files in a folder of its own: the first is converted, the others are taken as they are.
pub(crate) struct Set {
    pub(crate) folder: TempDir,
}

impl Set {
    pub(crate) fn new(address: &str) -> Self {
        let set = Self { folder: tempfile::tempdir().unwrap() };
        set.write(address, &FILES, &onnx(true), "clean-batch-1");
        set
    }

    pub(crate) fn write(&self, address: &str, names: &[&str; 3], first_published: &[u8], conversion: &str) {
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

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(script());
        command.current_dir(self.folder.path()).stdin(Stdio::null()).env("no_proxy", "127.0.0.1");
        command.arg(words[0]).args(["--manifest", "manifest.toml", "--upstream", "upstream.toml"]).args(&words[1..]);
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    pub(crate) fn install(&self, from: &str) -> Output {
        self.run(&["install", "--accept-terms", "--from", from, "models"])
    }

    pub(crate) fn folder_with(&self, name: &str, files: &[(&str, Vec<u8>)]) {
        fs::create_dir_all(self.path(name)).unwrap();
        for (file, data) in files {
            fs::write(self.path(name).join(file), data).unwrap();
        }
    }

    /// What lies in the models folder, by name.
    pub(crate) fn installed(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("models")) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn assert_complete(&self) {
        assert_eq!(self.installed(), ["compares.onnx", "finds.onnx", "judges.onnx"]);
        for (file, data) in FILES.iter().zip(pinned()) {
            assert!(fs::read(self.path("models").join(file)).unwrap() == data, "{file} is not the pinned file");
        }
    }
}

pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

pub(crate) fn published() -> Vec<(&'static str, Vec<u8>)> {
    vec![("/0.bin", onnx(true)), ("/1.bin", weights(1)), ("/2.bin", weights(2))]
}
