//! What a pulled plug, a full disk, a flipped bit and a second daemon do to the outbox.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
};

use proptest::prelude::*;

use super::*;
use crate::ids::hex;

/// The same key in parent and child processes.
fn key() -> WrappingKey {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, (1..33).collect::<Vec<u8>>()).unwrap();
    WrappingKey::from_file(&path).unwrap()
}

fn id(n: u64) -> String {
    hex(&u128::from(n).to_be_bytes())
}

fn entry(n: u64) -> Entry {
    Entry { result_id: id(n), session_id: id(n + 1_000_000), stored_ms: n, jws: format!("a.{n}.c") }
}

fn receipt(n: u64) -> Receipt {
    Receipt { receipt_id: format!("r{n}"), result_id: id(n), result_sha256: "ab".repeat(32), time_ms: n }
}

fn file(folder: &Path, n: u64, ending: &str) -> PathBuf {
    folder.join(format!("{}.{ending}", id(n)))
}

#[test]
fn a_stored_result_is_there_after_a_restart_and_oldest_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, found) = Outbox::open(folder.path(), key()).unwrap();
    assert!(found.pending.is_empty());
    for n in [3, 1, 2] {
        outbox.store(&entry(n)).unwrap();
    }
    drop(outbox);
    let (_, found) = Outbox::open(folder.path(), key()).unwrap();
    assert_eq!(found.pending, [entry(1), entry(2), entry(3)]);
}

#[test]
fn the_receipt_is_kept_and_the_result_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    outbox.store(&entry(1)).unwrap();
    outbox.delivered(&receipt(1)).unwrap();
    assert!(outbox.pending().unwrap().is_empty());
    assert!(!file(folder.path(), 1, "pending").exists());
    drop(outbox);
    let (outbox, found) = Outbox::open(folder.path(), key()).unwrap();
    assert!(found.pending.is_empty());
    assert_eq!(outbox.receipt(&id(1)).unwrap(), Some(receipt(1)));
    assert!(matches!(outbox.delivered(&receipt(2)), Err(OutboxError::Unknown)));
    assert!(matches!(outbox.store(&entry(1)), Err(OutboxError::Exists)));
}

#[test]
fn a_refused_result_stays_on_the_desks_list_until_staff_settle_it() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    outbox.store(&entry(1)).unwrap();
    let reason = DeskReason::Refused { error: "result_mismatch".into() };
    outbox.to_desk(&entry(1), reason.clone()).unwrap();
    drop(outbox);
    let (outbox, found) = Outbox::open(folder.path(), key()).unwrap();
    assert!(found.pending.is_empty());
    assert_eq!(outbox.desk().unwrap(), [DeskEntry { entry: entry(1), reason }]);
    outbox.settle(&id(1)).unwrap();
    assert!(outbox.desk().unwrap().is_empty());
    assert!(matches!(outbox.settle(&id(1)), Err(OutboxError::Unknown)));
}

#[test]
fn power_lost_between_receipt_and_removal_does_not_send_again() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    for (n, ending) in [(1, "receipt"), (2, "desk")] {
        outbox.store(&entry(n)).unwrap();
        let before = fs::read(file(folder.path(), n, "pending")).unwrap();
        if ending == "receipt" {
            outbox.delivered(&receipt(n)).unwrap();
        } else {
            outbox.to_desk(&entry(n), DeskReason::Aged).unwrap();
        }
        fs::write(file(folder.path(), n, "pending"), before).unwrap();
    }
    drop(outbox);
    let (_, found) = Outbox::open(folder.path(), key()).unwrap();
    assert!(found.pending.is_empty() && found.damaged.is_empty());
    assert!(!file(folder.path(), 1, "pending").exists());
}

#[test]
fn only_one_daemon_may_hold_the_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    assert!(matches!(Outbox::open(folder.path(), key()), Err(OutboxError::InUse(_))));
    drop(outbox);
    assert!(Outbox::open(folder.path(), key()).is_ok());
}

#[test]
fn a_wrong_key_is_refused_before_anything_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    outbox.store(&entry(1)).unwrap();
    drop(outbox);
    let wrong = Outbox::open(folder.path(), WrappingKey::ephemeral().unwrap());
    assert!(matches!(wrong, Err(OutboxError::WrongKey(_))));
    assert_eq!(Outbox::open(folder.path(), key()).unwrap().1.pending, [entry(1)]);
    // A damaged key check alone does not make the key wrong.
    fs::write(folder.path().join(KEY_CHECK), b"x").unwrap();
    assert_eq!(Outbox::open(folder.path(), key()).unwrap().1.pending, [entry(1)]);
}

#[test]
fn half_written_and_foreign_files_do_not_disturb() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(format!("{}.pending.aside", id(1))), b"half").unwrap();
    fs::write(folder.path().join("notes.txt"), b"?").unwrap();
    let (outbox, found) = Outbox::open(folder.path(), key()).unwrap();
    assert!(found.pending.is_empty() && found.damaged.is_empty());
    assert!(!folder.path().join(format!("{}.pending.aside", id(1))).exists());
    assert!(folder.path().join("notes.txt").exists());
    assert!(outbox.store(&entry(1)).is_ok());
}

#[test]
fn a_file_under_another_files_name_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    outbox.store(&entry(1)).unwrap();
    drop(outbox);
    fs::copy(file(folder.path(), 1, "pending"), file(folder.path(), 2, "pending")).unwrap();
    let (_, found) = Outbox::open(folder.path(), key()).unwrap();
    assert_eq!(found.pending, [entry(1)]);
    assert_eq!(found.damaged.len(), 1);
}

#[test]
fn nothing_of_a_result_can_be_read_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    let mut secret = entry(1);
    secret.jws = "needle.needle.needle".into();
    outbox.store(&secret).unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(path).unwrap();
            assert!(!bytes.windows(6).any(|w| w == b"needle"));
        }
    }
    assert!(!format!("{secret:?}").contains("needle"));
}

#[test]
fn unfit_results_are_not_stored() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    let mut bad = entry(1);
    bad.result_id = "../../etc/x".into();
    assert!(matches!(outbox.store(&bad), Err(OutboxError::Unfit(_))));
    let mut large = entry(1);
    large.jws = "x".repeat(MAX_RESULT + 1);
    assert!(matches!(outbox.store(&large), Err(OutboxError::Unfit(_))));
}

#[test]
fn receipts_are_bounded_and_the_oldest_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    let count = u64::try_from(MAX_RECEIPTS).unwrap();
    {
        let mut names = outbox.names();
        for n in 0..count {
            outbox.put(&mut names, State::Receipt, &id(n), &receipt(n)).unwrap();
        }
    }
    let old = fs::File::open(file(folder.path(), 7, "receipt")).unwrap();
    old.set_modified(std::time::UNIX_EPOCH).unwrap();
    outbox.store(&entry(count)).unwrap();
    outbox.delivered(&receipt(count)).unwrap();
    assert_eq!(outbox.receipt(&id(7)).unwrap(), None);
    assert_eq!(outbox.receipt(&id(count)).unwrap(), Some(receipt(count)));
    assert_eq!(outbox.names().len(), MAX_RECEIPTS);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_cut_or_flipped_file_is_put_aside_and_the_rest_goes_on(cut in any::<bool>(), at: usize, bit in 0u8..8) {
        let folder = tempfile::tempdir().unwrap();
        let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
        outbox.store(&entry(1)).unwrap();
        outbox.store(&entry(2)).unwrap();
        drop(outbox);
        let path = file(folder.path(), 1, "pending");
        let mut bytes = fs::read(&path).unwrap();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
        fs::write(&path, &bytes).unwrap();
        let (outbox, found) = Outbox::open(folder.path(), key()).unwrap();
        prop_assert_eq!(&found.pending, &[entry(2)]);
        prop_assert_eq!(&found.damaged, &[folder.path().join(DAMAGED).join(path.file_name().unwrap())]);
        prop_assert!(found.damaged[0].exists());
        prop_assert!(outbox.can_store().is_ok());
    }
}

/// Runs one test of this file again in a process of its own, with `OUTBOX_CHILD` set.
fn child(test: &str, folder: &Path, shell_prefix: &str) -> Command {
    let mut command = Command::new("sh");
    let line = format!("{shell_prefix} exec \"$0\" --exact \"outbox::tests::{test}\" --nocapture --test-threads=1");
    command.arg("-c").arg(line).arg(env::current_exe().unwrap()).env("OUTBOX_CHILD", folder);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_full_disk_is_an_error_before_anything_is_claimed() {
    if let Some(folder) = env::var_os("OUTBOX_CHILD") {
        let (outbox, _) = Outbox::open(Path::new(&folder), key()).unwrap();
        let mut large = entry(1);
        large.jws = "x".repeat(20_000);
        assert!(matches!(outbox.store(&large), Err(OutboxError::Disk { doing: "written", .. })));
        assert!(matches!(outbox.can_store(), Err(OutboxError::Disk { doing: "written", .. })));
        assert!(outbox.pending().unwrap().is_empty());
        assert!(outbox.store(&entry(2)).is_ok(), "a small one still fits");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // No file may grow beyond some KiB in the child; writing on is an error (EFBIG), as on a full disk.
    let done = child("a_full_disk_is_an_error_before_anything_is_claimed", folder.path(), "trap '' XFSZ; ulimit -f 8;");
    let done = { done }.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(disk::ASIDE)), "{left:?}");
    let (_, found) = Outbox::open(folder.path(), key()).unwrap();
    assert_eq!(found.pending, [entry(2)]);
}

#[test]
fn kill_9_at_any_moment_loses_nothing_that_was_claimed() {
    if let Some(folder) = env::var_os("OUTBOX_CHILD") {
        let (outbox, found) = Outbox::open(Path::new(&folder), key()).unwrap();
        let first = found.pending.last().map_or(1, |last| last.stored_ms + 1);
        for n in first.. {
            outbox.store(&entry(n)).unwrap();
            // What is printed is claimed.
            println!("\nclaimed {n}");
            std::io::stdout().flush().unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut claimed = BTreeSet::new();
    for rounds in 1..=4 {
        let mut running =
            child("kill_9_at_any_moment_loses_nothing_that_was_claimed", folder.path(), "").spawn().unwrap();
        let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
        let mut seen = 0;
        while seen < rounds * 3 {
            let line = lines.next().expect("the child goes on until it is killed").unwrap();
            if let Some(n) = line.strip_prefix("claimed ") {
                claimed.insert(n.parse::<u64>().unwrap());
                seen += 1;
            }
        }
        running.kill().unwrap(); // SIGKILL
        running.wait().unwrap();
        let rest = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("claimed ").map(str::to_owned));
        claimed.extend(rest.filter_map(|n| n.parse::<u64>().ok()));

        let (_, found) = Outbox::open(folder.path(), key()).unwrap();
        assert!(found.damaged.is_empty());
        let there: BTreeSet<u64> = found.pending.iter().map(|entry| entry.stored_ms).collect();
        assert!(claimed.is_subset(&there), "claimed {claimed:?}, there {there:?}");
    }
}

#[test]
fn oversized_files_are_damaged_not_read() {
    let folder = tempfile::tempdir().unwrap();
    drop(Outbox::open(folder.path(), key()).unwrap());
    let mut big = fs::File::create(file(folder.path(), 1, "pending")).unwrap();
    std::io::copy(&mut std::io::repeat(0).take(1 + MAX_FILE as u64), &mut big).unwrap();
    let (_, found) = Outbox::open(folder.path(), key()).unwrap();
    assert_eq!(found.damaged.len(), 1);
}

#[test]
fn looking_in_changes_nothing_and_needs_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    assert!(inspect(&missing, &key()).unwrap().pending.is_empty());
    assert!(!missing.exists(), "nothing is made");
    assert!(!is_begun(&missing).unwrap());

    let place = folder.path().join("outbox");
    let (outbox, _) = Outbox::open(&place, key()).unwrap();
    assert!(is_begun(&place).unwrap());
    for n in 1..=4 {
        outbox.store(&entry(n)).unwrap();
    }
    outbox.to_desk(&entry(2), DeskReason::Aged).unwrap();
    outbox.delivered(&receipt(3)).unwrap();
    fs::write(file(&place, 4, "pending"), b"garbage").unwrap();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&place).unwrap().map(|f| f.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let found = inspect(&place, &key()).unwrap();
    assert_eq!(found.pending, [entry(1)]);
    assert_eq!(found.desk, [DeskEntry { entry: entry(2), reason: DeskReason::Aged }]);
    assert_eq!(found.damaged, [file(&place, 4, "pending")]);
    assert_eq!(names(), before);
    let other = WrappingKey::ephemeral().unwrap();
    assert!(matches!(inspect(&place, &other), Err(OutboxError::WrongKey(_))));
    assert!(matches!(settle(&place, &other, &id(2)), Err(OutboxError::WrongKey(_))));
    drop(outbox);
}

#[test]
fn an_entry_of_the_desks_list_is_settled_beside_the_running_daemon() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    outbox.store(&entry(1)).unwrap();
    outbox.store(&entry(2)).unwrap();
    outbox.to_desk(&entry(1), DeskReason::Aged).unwrap();
    assert!(matches!(settle(folder.path(), &key(), &id(2)), Err(OutboxError::Unknown)), "2 is still delivered");
    assert!(matches!(settle(folder.path(), &key(), "../x"), Err(OutboxError::Unknown)));
    settle(folder.path(), &key(), &id(1)).unwrap();
    assert!(outbox.desk().unwrap().is_empty());
    assert_eq!(outbox.pending().unwrap(), [entry(2)]);
    drop(outbox);
    assert_eq!(Outbox::open(folder.path(), key()).unwrap().1.pending, [entry(2)]);
}

#[test]
fn old_receipts_that_cannot_be_dropped_do_not_hold_up_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), key()).unwrap();
    // A full list whose oldest receipt is a folder: it cannot be removed as a file.
    for n in 1..=MAX_RECEIPTS as u64 {
        outbox.names().insert(Stored::new(State::Receipt, &id(n)));
        fs::create_dir(file(folder.path(), n, "receipt")).unwrap();
    }
    let last = MAX_RECEIPTS as u64 + 1;
    outbox.store(&entry(last)).unwrap();
    outbox.delivered(&receipt(last)).unwrap();
    assert!(outbox.pending().unwrap().is_empty());
}
