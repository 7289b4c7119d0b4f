//! The passcode of the visual check: whether one is set, whose counts, and whether wrong ones have closed it.

use std::path::Path;

use super::{Trouble, trouble};
use crate::{
    config,
    passcode::{self, Look, Now, Shut, Whose},
};

/// What the service said of its copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copy {
    /// It has one.
    There,
    /// It has none.
    None,
    /// It does not answer.
    Unknown,
}

/// One line of the table.
pub(super) fn visual_check(
    visual: Option<&config::Visual>,
    storage: &Path,
    config: &Path,
    copy: Copy,
    now: Now,
) -> Result<String, Trouble> {
    let Some(visual) = visual else {
        return Ok("not offered: there is no section [visual] that enables it".to_owned());
    };
    let file = visual.passcode_file.as_deref();
    let Look { whose, shut } = passcode::look(storage, file, copy == Copy::There, now)?;
    let config = config.display();
    let Some(whose) = whose else {
        let cause = match copy {
            Copy::There | Copy::None => "enabled, and no passcode is set: it stays closed",
            Copy::Unknown => "enabled, and no passcode is set here; whether the service has one is not known",
        };
        let set = format!("reader-daemon passcode --config {config}");
        let cure = if file.is_some() { set } else { format!("name [visual] passcode_file, then {set}") };
        return Err(trouble(cause, cure));
    };
    let whose = match whose {
        Whose::Service => "the service's passcode counts",
        Whose::Own => "the passcode set here counts",
    };
    match shut {
        None => Ok(whose.to_owned()),
        Some(Shut::For(rest)) => {
            Ok(format!("{whose}; closed after wrong ones, it opens by itself in {} s", rest.as_secs()))
        }
        Some(Shut::UntilOpened) => Err(trouble(
            format!("{whose}; closed after wrong ones until it is opened from the console"),
            format!("find out who tried, then: reader-daemon passcode --open --config {config}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _, time::Instant};

    use session::PasscodeResult;

    use super::*;
    use crate::passcode::Guard;

    /// Well-formed; nobody knows its digits.
    const HASHED: &str =
        "$argon2id$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyEhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    struct Place(tempfile::TempDir, Now);

    impl Place {
        fn new(passcode: bool) -> Self {
            let place = Self(tempfile::tempdir().unwrap(), Now::read(Instant::now()));
            if passcode {
                fs::write(place.file(), HASHED).unwrap();
                fs::set_permissions(place.file(), fs::Permissions::from_mode(0o600)).unwrap();
            }
            place
        }

        fn file(&self) -> std::path::PathBuf {
            self.0.path().join("passcode")
        }

        fn look(&self, file: bool, copy: Copy) -> Result<String, Trouble> {
            let visual = config::Visual { passcode_file: file.then(|| self.file()) };
            visual_check(Some(&visual), self.0.path(), Path::new("/etc/terminal.toml"), copy, self.1)
        }

        fn close(&self, times: u8) {
            let now =
                |closing: u8| Now { running: self.1.running + 2 * passcode::CLOSED * u32::from(closing), ..self.1 };
            let mut guard = Guard::new(self.0.path().to_owned(), Some(self.file()), self.1);
            for closing in 0..times {
                let results: Vec<_> = (0..3).map(|_| guard.check(b"000000", now(closing)).unwrap()).collect();
                assert_ne!(results.last(), Some(&PasscodeResult::Right));
            }
        }
    }

    #[test]
    fn no_passcode_is_trouble_with_its_cure_and_the_services_copy_is_one() {
        let place = Place::new(false);
        let missing = place.look(true, Copy::None).unwrap_err();
        assert_eq!(missing.cure, "reader-daemon passcode --config /etc/terminal.toml");
        let nowhere = place.look(false, Copy::None).unwrap_err();
        assert!(nowhere.cure.starts_with("name [visual] passcode_file"), "{nowhere:?}");
        assert!(place.look(true, Copy::Unknown).unwrap_err().cause.contains("not known"));
        for file in [true, false] {
            assert_eq!(place.look(file, Copy::There).unwrap(), "the service's passcode counts");
        }
        let place = Place::new(true);
        assert_eq!(place.look(true, Copy::None).unwrap(), "the passcode set here counts");
        assert_eq!(place.look(true, Copy::Unknown).unwrap(), "the passcode set here counts");
        assert_eq!(place.look(true, Copy::There).unwrap(), "the service's passcode counts", "it wins over ours");
        fs::write(place.file(), "270931").unwrap();
        assert!(place.look(true, Copy::None).unwrap_err().cure.contains("reader-daemon passcode"));
        assert!(place.look(true, Copy::There).is_ok(), "ours does not count then");
        assert!(
            visual_check(None, place.0.path(), Path::new("x"), Copy::None, place.1).unwrap().contains("not offered")
        );
    }

    #[test]
    fn what_wrong_passcodes_closed_is_said_and_left_as_it_is() {
        let place = Place::new(true);
        place.close(1);
        let shut = place.look(true, Copy::None).unwrap();
        assert!(shut.contains("opens by itself in 300 s"), "{shut}");
        let place = Place::new(true);
        place.close(3);
        let files = || fs::read_dir(place.0.path()).unwrap().count();
        let before = files();
        let shut = place.look(true, Copy::None).unwrap_err();
        assert!(shut.cause.contains("until it is opened"), "{shut:?}");
        assert!(shut.cure.contains("passcode --open --config /etc/terminal.toml"), "{shut:?}");
        assert_eq!(files(), before);
        fs::write(place.0.path().join("visual-check.open"), "").unwrap();
        assert!(place.look(true, Copy::None).is_ok(), "ordered already");
        assert_eq!(files(), before + 1);
    }
}
