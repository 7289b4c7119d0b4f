use std::{fs, os::unix::fs::PermissionsExt as _};

use super::{
    command::{PasscodeError, store},
    hashed::{hash, judge, matches},
    *,
};

/// 2026-11-22 12:00 in Japan.
const NOON: u64 = 1_795_316_400_000;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// Both clocks, moved together or one alone.
#[derive(Clone, Copy)]
struct Clock(Now);

impl Clock {
    fn noon() -> Self {
        Self(Now { wall_ms: NOON, running: Duration::from_secs(1000) })
    }

    fn pass(&mut self, ms: u64) {
        self.0.wall_ms += ms;
        self.0.running += Duration::from_millis(ms);
    }
}

/// Quick to compute; the digits are 246810.
fn quick(digits: &[u8]) -> String {
    use base64ct::{Base64Unpadded, Encoding as _};
    let params = argon2::Params::new(64, 1, 1, Some(32)).unwrap();
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut out = [0; 32];
    argon2.hash_password_into(digits, b"sixteen bytes!!!", &mut out).unwrap();
    let encoded = |bytes: &[u8]| Base64Unpadded::encode_string(bytes);
    format!("$argon2id$v=19$m=64,t=1,p=1${}${}", encoded(b"sixteen bytes!!!"), encoded(&out))
}

const DIGITS: &[u8] = b"270931";

struct Place {
    folder: tempfile::TempDir,
    clock: Clock,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap(), clock: Clock::noon() };
        place.write_own(&quick(DIGITS));
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_own(&self, text: &str) {
        disk::put(self.folder.path(), "passcode", text.as_bytes(), None).unwrap();
    }

    fn guard(&self) -> Guard {
        Guard::new(self.folder.path().to_owned(), Some(self.at("passcode")), self.clock.0)
    }

    fn wrong(&self, guard: &mut Guard) -> PasscodeResult {
        guard.check(b"000000", self.clock.0).unwrap()
    }

    /// Three wrong ones.
    fn close(&self, guard: &mut Guard) -> PasscodeResult {
        assert_eq!(self.wrong(guard), PasscodeResult::Wrong { left: 2 });
        assert_eq!(self.wrong(guard), PasscodeResult::Wrong { left: 1 });
        self.wrong(guard)
    }
}

#[test]
fn the_right_one_is_right_and_sets_the_count_back() {
    let place = Place::new();
    let mut guard = place.guard();
    assert_eq!(guard.way(place.clock.0), VisualWay::Ready);
    place.wrong(&mut guard);
    place.wrong(&mut guard);
    assert_eq!(guard.check(DIGITS, place.clock.0).unwrap(), PasscodeResult::Right);
    assert_eq!(place.wrong(&mut guard), PasscodeResult::Wrong { left: 2 });
}

#[test]
fn three_wrong_ones_close_for_five_minutes_even_to_the_right_one() {
    let mut place = Place::new();
    let mut guard = place.guard();
    assert_eq!(place.close(&mut guard), PasscodeResult::Closed);
    assert_eq!(guard.way(place.clock.0), VisualWay::Closed);
    assert_eq!(guard.opens_in(place.clock.0), Some(CLOSED));
    place.clock.pass(5 * MINUTE - 1);
    assert_eq!(guard.check(DIGITS, place.clock.0).unwrap(), PasscodeResult::Closed);
    place.clock.pass(1);
    assert_eq!(guard.way(place.clock.0), VisualWay::Ready);
    assert_eq!(guard.opens_in(place.clock.0), None);
    assert_eq!(guard.check(DIGITS, place.clock.0).unwrap(), PasscodeResult::Right);
}

#[test]
fn the_third_closing_of_a_day_opens_only_by_staff() {
    let mut place = Place::new();
    let mut guard = place.guard();
    for _ in 0..2 {
        assert_eq!(place.close(&mut guard), PasscodeResult::Closed);
        // A right one in between forgives no closing.
        place.clock.pass(5 * MINUTE);
        assert_eq!(guard.check(DIGITS, place.clock.0).unwrap(), PasscodeResult::Right);
    }
    assert_eq!(place.close(&mut guard), PasscodeResult::ClosedForDay);
    for _ in 0..3 {
        assert_eq!(guard.check(DIGITS, place.clock.0).unwrap(), PasscodeResult::ClosedForDay);
        assert_eq!(guard.opens_in(place.clock.0), None);
        place.clock.pass(24 * HOUR);
        guard = place.guard();
    }
    guard.open_again(place.clock.0).unwrap();
    assert_eq!(guard.way(place.clock.0), VisualWay::Ready);
    assert_eq!(place.close(&mut guard), PasscodeResult::Closed);
}

#[test]
fn closings_are_counted_by_the_day_in_japan() {
    let mut place = Place::new();
    // 23:40 in Japan: two closings before midnight, then one after it, all on one day in UTC.
    place.clock.pass(11 * HOUR + 40 * MINUTE);
    let mut guard = place.guard();
    place.close(&mut guard);
    place.clock.pass(5 * MINUTE);
    place.close(&mut guard);
    place.clock.pass(20 * MINUTE);
    assert_eq!(place.close(&mut guard), PasscodeResult::Closed);
}

#[test]
fn an_order_on_disk_opens_it_once() {
    let place = Place::new();
    let mut guard = place.guard();
    place.close(&mut guard);
    fs::write(place.at(ORDER), "").unwrap();
    assert_eq!(guard.way(place.clock.0), VisualWay::Ready);
    assert!(!place.at(ORDER).exists());
    place.close(&mut guard);
    assert_eq!(guard.way(place.clock.0), VisualWay::Closed);
}

#[test]
fn a_restart_forgives_nothing() {
    let mut place = Place::new();
    place.wrong(&mut place.guard());
    assert_eq!(place.wrong(&mut place.guard()), PasscodeResult::Wrong { left: 1 });
    assert_eq!(place.wrong(&mut place.guard()), PasscodeResult::Closed);
    // The other program counts its running time from another moment.
    place.clock.0.running = Duration::from_secs(3);
    place.clock.pass(MINUTE);
    let mut guard = place.guard();
    assert_eq!(guard.way(place.clock.0), VisualWay::Closed);
    assert_eq!(guard.opens_in(place.clock.0), Some(Duration::from_secs(4 * 60)));
    place.clock.pass(4 * MINUTE);
    assert_eq!(guard.way(place.clock.0), VisualWay::Ready);
}

#[test]
fn a_try_is_counted_before_it_is_made() {
    let place = Place::new();
    let mut guard = place.guard();
    // As if the plug were pulled while it compares: nothing can be stored any more, so nothing is compared.
    fs::remove_dir_all(place.folder.path()).unwrap();
    guard.copy = Some(PasscodeCopy { argon2id: quick(DIGITS) });
    assert!(guard.check(DIGITS, place.clock.0).is_err());
}

#[test]
fn a_clock_set_back_neither_opens_nor_closes_for_ever() {
    let mut place = Place::new();
    let mut guard = place.guard();
    place.close(&mut guard);
    // While the daemon runs, the clock that never jumps decides.
    place.clock.0.wall_ms -= 400 * 24 * HOUR;
    assert_eq!(guard.opens_in(place.clock.0), Some(CLOSED));
    // After a restart: the whole five minutes again, and no longer.
    guard = place.guard();
    assert_eq!(guard.opens_in(place.clock.0), Some(CLOSED));
    place.clock.pass(5 * MINUTE);
    // The day's closing is still counted.
    assert_eq!(place.close(&mut guard), PasscodeResult::Closed);
    place.clock.pass(5 * MINUTE);
    assert_eq!(place.close(&mut guard), PasscodeResult::ClosedForDay);
}

#[test]
fn a_clock_set_forward_opens_nothing_while_the_daemon_runs() {
    let mut place = Place::new();
    let mut guard = place.guard();
    place.close(&mut guard);
    place.clock.0.wall_ms += 3 * HOUR;
    assert_eq!(guard.way(place.clock.0), VisualWay::Closed);
}

#[test]
fn a_damaged_count_stays_closed_until_staff_open_it() {
    for bad in [
        "",
        "{",
        "null",
        "{\"version\":1}",
        "{\"version\":2,\"wrong\":0,\"day\":1,\"closings\":0,\"until_opened\":false}",
    ] {
        let place = Place::new();
        fs::write(place.at(MEMORY), bad).unwrap();
        let mut guard = place.guard();
        assert_eq!(guard.check(DIGITS, place.clock.0).unwrap(), PasscodeResult::ClosedForDay, "{bad}");
        guard.open_again(place.clock.0).unwrap();
        assert_eq!(place.guard().way(place.clock.0), VisualWay::Ready, "{bad}");
    }
    let place = Place::new();
    place.wrong(&mut place.guard());
    let stored = fs::read_to_string(place.at(MEMORY)).unwrap();
    assert!(stored.contains("\"wrong\":1"), "{stored}");
    for (from, to) in [("\"wrong\":1", "\"wrong\":3"), ("\"closings\":0", "\"closings\":9"), ("{", "{\"x\":1,")] {
        fs::write(place.at(MEMORY), stored.replacen(from, to, 1)).unwrap();
        assert_eq!(place.guard().way(place.clock.0), VisualWay::ClosedForDay, "{to}");
    }
    fs::write(place.at(MEMORY), vec![b' '; MAX_FILE + 1]).unwrap();
    assert_eq!(place.guard().way(place.clock.0), VisualWay::ClosedForDay);
}

#[test]
fn the_services_copy_counts_while_it_is_there() {
    let place = Place::new();
    let now = place.clock.0;
    let mut guard = place.guard();
    guard.set_copy(Some(PasscodeCopy { argon2id: quick(b"4711") }));
    assert_eq!(guard.check(b"4711", now).unwrap(), PasscodeResult::Right);
    assert_eq!(guard.check(DIGITS, now).unwrap(), PasscodeResult::Wrong { left: 2 });
    guard.set_copy(None);
    assert_eq!(guard.check(b"4711", now).unwrap(), PasscodeResult::Wrong { left: 1 });
    assert_eq!(guard.check(DIGITS, now).unwrap(), PasscodeResult::Right);
    // One that cannot be used closes the way; ours is no substitute.
    guard.set_copy(Some(PasscodeCopy { argon2id: "4711".into() }));
    assert_eq!(guard.way(now), VisualWay::NoPasscode);
    assert_eq!(guard.check(DIGITS, now).unwrap(), PasscodeResult::Closed);
}

#[test]
fn without_a_passcode_there_is_no_way_and_a_new_one_is_taken_at_once() {
    let place = Place::new();
    let now = place.clock.0;
    fs::remove_file(place.at("passcode")).unwrap();
    let mut guard = place.guard();
    assert_eq!(guard.way(now), VisualWay::NoPasscode);
    store(&place.at("passcode"), b"9182736", None).unwrap();
    assert_eq!(guard.way(now), VisualWay::Ready);
    assert_eq!(guard.check(b"9182736", now).unwrap(), PasscodeResult::Right);
    let mut copyless = Guard::new(place.folder.path().to_owned(), None, now);
    assert_eq!(copyless.way(now), VisualWay::NoPasscode);
}

#[test]
fn a_stored_passcode_is_its_owners_salted_and_shows_no_digit() {
    let place = Place::new();
    let path = place.at("passcode");
    store(&path, DIGITS, None).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let first = fs::read_to_string(&path).unwrap();
    assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !first.contains("270931"), "{first}");
    store(&path, DIGITS, None).unwrap();
    assert_ne!(fs::read_to_string(&path).unwrap(), first);
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 1, "nothing is left aside");
    assert!(matches(&first, DIGITS) && !matches(&first, b"270932") && !matches(&first, b""));
    // Another program's reading of the same string agrees.
    let parsed = argon2::PasswordHash::new(&first).unwrap();
    assert!(parsed.verify_password(&[&argon2::Argon2::default()], DIGITS).is_ok());
}

#[test]
fn an_exposed_or_foreign_passcode_file_is_refused_with_its_cure() {
    let place = Place::new();
    let path = place.at("passcode");
    assert!(read_own(&place.at("none")).unwrap().is_none());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(read_own(&path).unwrap_err().cure.starts_with("chmod 600"));
    assert_eq!(place.guard().way(place.clock.0), VisualWay::NoPasscode);
    for bad in ["", "270931", "$argon2i$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyEhIQ$AAAA"] {
        place.write_own(bad);
        let error = read_own(&path).unwrap_err();
        assert!(error.cure.contains("reader-daemon passcode") && !error.to_string().contains("270931"), "{error}");
    }
    place.write_own(&format!("{}\n", quick(DIGITS)));
    assert!(read_own(&path).unwrap().is_some(), "a line break at its end is none of its business");
}

#[test]
fn trivial_short_and_odd_passcodes_are_refused() {
    for digits in ["12345", "1234567890123", "", "12a456", "１２３４５６", "27 0931"] {
        assert_eq!(judge(digits.as_bytes()), Err(Refused::Form), "{digits}");
    }
    for digits in
        ["000000", "123456", "654321", "012345", "890123", "246802", "121212", "123123", "12341234", "99999999"]
    {
        assert_eq!(judge(digits.as_bytes()), Err(Refused::Trivial), "{digits}");
    }
    for digits in ["270931", "112233", "1234567891", "918273645546"] {
        assert_eq!(judge(digits.as_bytes()), Ok(()), "{digits}");
    }
    let place = Place::new();
    let before = fs::read(place.at("passcode")).unwrap();
    assert!(matches!(store(&place.at("passcode"), b"123456", None), Err(PasscodeError::Refused(Refused::Trivial))));
    assert_eq!(fs::read(place.at("passcode")).unwrap(), before);
}

#[test]
fn hashing_takes_no_longer_than_a_touch_is_waited_for() {
    let start = std::time::Instant::now();
    assert!(hash(DIGITS).is_some());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

proptest::proptest! {
    #[test]
    fn any_count_on_disk_is_read_and_never_opens_more_than_it_says(bytes in proptest::collection::vec(0u8..=255, 0..64)) {
        let now = Clock::noon().0;
        let lock = Lock::read(&bytes, now);
        proptest::prop_assert_eq!(lock.shut(now), Some(Shut::UntilOpened));
    }

    #[test]
    fn no_order_of_tries_gives_more_than_nine_a_day(waits in proptest::collection::vec(0u64..400_000, 1..60)) {
        let mut now = Clock::noon();
        let mut lock = Lock::fresh(now.0);
        let mut compared = 0;
        for wait in waits {
            now.pass(wait % (HOUR / 10));
            if now.0.wall_ms > NOON + 11 * HOUR { break; }
            if lock.shut(now.0).is_none() {
                compared += 1;
                lock = lock.wrong(now.0).0;
            }
            // A restart at any moment changes nothing.
            lock = Lock::read(&lock.bytes(), now.0);
        }
        proptest::prop_assert!(compared <= 9, "{compared}");
    }
}

#[test]
fn a_line_is_digits_up_to_its_end_and_ctrl_c_is_none() {
    let read = |typed: &[u8]| {
        let (reader, mut writer) = io::pipe().unwrap();
        io::Write::write_all(&mut writer, typed).unwrap();
        drop(writer);
        crate::prompt::line(&reader)
    };
    for typed in [b"270931\n".as_slice(), b"270931\r\n", b"270931", b"270931\nmore\n"] {
        assert_eq!(read(typed).unwrap().as_slice(), DIGITS);
    }
    for typed in [b"".as_slice(), b"\n", b"27\x03"] {
        assert!(matches!(read(typed), Err(crate::prompt::PromptError::Nothing)));
    }
    // Too long for a passcode, but never for our memory.
    assert_eq!(judge(&read(&[b'7'; 5000]).unwrap()), Err(Refused::Form));
}
