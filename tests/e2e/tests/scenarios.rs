//! Every scenario file at level 2 (the daemon with emulated devices) and at level 3 (the programs that ship, pcscd, TLS and
//! a screen). Level 1 runs with the unit tests of `tests/demo`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use demo::{
    faces::Material,
    in_process::InProcess,
    scenario::{Level, closing_line, left_out, read, run, step_line},
};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn file(name: &str) -> PathBuf {
    root().join("tests/scenarios").join(name).with_extension("scenario")
}

/// `true` when the file says why this level cannot express it; the reason is printed.
fn skipped(name: &str, level: Level) -> bool {
    let scenario = read(&file(name)).unwrap_or_else(|cause| panic!("{cause}"));
    if let Some(reason) = left_out(&scenario, level) {
        println!("{name} is not carried out at level {}: {reason}", level.number());
        return true;
    }
    false
}

fn level_2(name: &str) {
    if skipped(name, Level::Daemon) {
        return;
    }
    let scenario = read(&file(name)).unwrap_or_else(|cause| panic!("{cause}"));
    let material = scenario.needs_faces().then(Material::find).transpose().unwrap_or_else(|cause| panic!("{cause:#}"));
    let mut world = InProcess::start(&scenario, material).unwrap_or_else(|cause| panic!("{cause:#}"));
    let report = run(&scenario, &mut world, &mut |step| println!("{}", step_line(step)));
    assert_eq!(report.failure, None, "{}", closing_line(&report));
}

fn level_3(name: &str) {
    if skipped(name, Level::Processes) {
        return;
    }
    let out = tempfile::Builder::new().prefix("visit-").tempdir().unwrap();
    let test = std::env::current_exe().unwrap();
    let demo = test.parent().and_then(Path::parent).unwrap().join("demo");
    assert!(demo.exists(), "{} is missing: cargo build --workspace --bins", demo.display());
    let output = Command::new(root().join("scripts/private-namespace"))
        .arg(demo)
        .arg("--scenario")
        .arg(file(name))
        .arg("--out")
        .arg(out.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        // What the programs said themselves, for whoever has to find out why.
        for program in ["reader-daemon.txt", "kiosk.txt", "clinic.txt", "emulated-card.txt", "pcscd.txt"] {
            println!("== {program}\n{}", std::fs::read_to_string(out.path().join(program)).unwrap_or_default());
        }
        panic!("{name} did not go as its file says");
    }
    let pictures = std::fs::read_dir(out.path()).unwrap().filter(|entry| {
        entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|extension| extension == "png"))
    });
    assert!(pictures.count() > 1, "every screen leaves a picture");
    let visit = std::fs::read_to_string(out.path().join("visit.json")).unwrap();
    let visit: Value = serde_json::from_str(&visit).unwrap();
    // Every signed result says which level of weights is in use, whoever proved themselves how.
    let faces = read(&file(name)).unwrap_or_else(|cause| panic!("{cause}")).needs_faces();
    let level = if faces { Material::find().unwrap().weights().unwrap().level().word() } else { "none" };
    for result in visit["told"]["clinic"]["results"].as_array().unwrap() {
        assert_eq!(result["weights_level"], level, "{result}");
    }
}

macro_rules! scenarios {
    ($($name:ident = $file:literal,)+) => {
        mod at_level_2 {
            $(#[test] fn $name() { super::level_2($file); })+
        }

        mod at_level_3 {
            $(#[test] fn $name() { super::level_3($file); })+
        }
    };
}

demo::every_scenario!(scenarios);
