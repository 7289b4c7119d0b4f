//! The visual check: staff compare.

use screen::{PhotoShown, Progress, Screen};

use super::Add;

pub(super) fn staff(add: &mut Add<'_>) {
    let at = Some(Progress::Identity);
    add("awaiting_staff", at, true, Screen::AwaitingStaff);
    let passcode = |digits, wrong| Screen::EnteringPasscode { digits, wrong };
    add("entering_passcode", at, true, passcode(3, None));
    add("entering_passcode-long", at, true, passcode(12, None));
    add("entering_passcode-two_left", at, true, passcode(0, Some(2)));
    add("entering_passcode-one_left", at, true, passcode(0, Some(1)));
    add("comparing_faces", at, true, Screen::ComparingFaces { photo: PhotoShown::Here });
    add("comparing_faces-coming", at, true, Screen::ComparingFaces { photo: PhotoShown::Coming });
    add("comparing_faces-none", at, true, Screen::ComparingFaces { photo: PhotoShown::None });
    add("entering_staff_number", at, true, Screen::EnteringStaffNumber { typed: "12".to_owned() });
    add("entering_staff_number-long", at, true, Screen::EnteringStaffNumber { typed: "12345678".to_owned() });
}
