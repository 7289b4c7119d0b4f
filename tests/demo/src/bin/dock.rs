//! The dock: inserts, removes and swaps emulated cards, puts people before the emulated camera and pulls cables. Prints one
//! control line per click; `demo` reads them. Its own program, so that nothing of it is ever in the shipped screen.

use std::io::Write as _;

use apdu_fixtures::people;
use demo::faces::Faces;
use slint::{ComponentHandle as _, Image, ModelRc, Rgba8Pixel, SharedPixelBuffer, VecModel};

#[allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::todo,
    clippy::wildcard_enum_match_arm,
    reason = "generated"
)]
mod window {
    slint::include_modules!();
}
use window::{Choice, Dock};

/// What can be put in: words for people, and the rest of the control line.
const CARDS: [(&str, &str, &str); 16] = [
    ("見本 花子", "1950, all items", "1001"),
    ("見本 太郎", "1985", "1002"),
    ("見本 若葉", "2001: no checkups", "1013"),
    ("試験 高子", "● in the insurer's name", "1003"),
    ("花子・残り1回", "one PIN try left", "1001 tries=1"),
    ("花子・暗証番号なし", "顔認証マイナンバーカード", "1001 profile=face-only"),
    ("太郎・まもなく期限", "certificate ends in 40 days", "1002 ends=+40"),
    ("太郎・期限切れ20日", "three months of grace", "1002 ends=-20"),
    ("太郎・期限切れ半年", "renewal needed (006)", "1002 ends=-190"),
    ("見本 次郎", "無効: please go to the desk", "1004"),
    ("運転免許証", "another card (002)", "1001 profile=driver-licence"),
    ("見本 花子（ゆっくり）", "a slow card", "1001 delays=realistic"),
    ("花子・写真なし", "no photo in the chip", "1001 profile=no-photo"),
    ("花子・写真改ざん", "the photo was changed (932)", "1001 profile=tampered-photo"),
    ("花子・複製", "a copied chip (933)", "1001 profile=cloned"),
    ("花子・二つのチップ", "somebody else's certificate (938)", "1001 profile=two-cards-in-one"),
];

/// What can be before the emulated camera, besides a certain person.
const SITTERS: [(&str, &str, &str); 8] = [
    ("本人", "the holder", "holder"),
    ("写真", "printed photo", "print"),
    ("スマホ", "phone", "screen"),
    ("お面", "cut-out mask", "cut-out"),
    ("二人", "two people", "two"),
    ("暗い", "in the dark", "dark"),
    ("だれも", "nobody", "nobody"),
    ("抜く", "unplug", "unplugged"),
];

/// Side of a picture, pixels: twice its size on the dock.
const PICTURE: u32 = 96;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dock = Dock::new()?;
    let faces = Faces::find()?;
    let choice = |(label, detail, line): &(&str, &str, &str)| Choice {
        label: (*label).into(),
        detail: (*detail).into(),
        line: (*line).into(),
        picture: picture(&faces, line.split(' ').next()),
    };
    let models = |words: &[(&str, &str, &str)]| ModelRc::new(VecModel::from_iter(words.iter().map(choice)));
    dock.set_cards(models(&CARDS));
    dock.set_sitters(models(&SITTERS));
    let person = |serial: &u32| {
        let holder = people::by_serial(*serial);
        let name = holder.map_or_else(|| "だれのカードでもない人".to_owned(), |person| person.name);
        let (label, line) = (name.into(), serial.to_string());
        Choice { label, detail: "".into(), picture: picture(&faces, Some(&line)), line: line.into() }
    };
    dock.set_people(ModelRc::new(VecModel::from_iter(faces.serials().iter().map(person))));
    dock.on_say(|line| {
        // The other end is gone when the demo has ended: nothing is left to do here.
        if writeln!(std::io::stdout(), "{line}").and_then(|()| std::io::stdout().flush()).is_err() {
            let _ = slint::quit_event_loop();
        }
    });
    // Beside the kiosk; a window manager may know better.
    dock.window().set_position(slint::LogicalPosition::new(1300.0, 20.0));
    Ok(dock.run()?)
}

/// The face of a person of the cast; empty for everything else.
fn picture(faces: &Faces, serial: Option<&str>) -> Image {
    let Some(frame) = serial.and_then(|serial| image::open(faces.portrait(serial.parse().ok()?)).ok()) else {
        return Image::default();
    };
    // They sit in the middle of the frame; a square of its height without the edges is the head.
    let side = frame.height() * 7 / 10;
    let (left, top) = ((frame.width() - side) / 2, frame.height() / 10);
    let head = frame.crop_imm(left, top, side, side).thumbnail_exact(PICTURE, PICTURE).to_rgba8();
    Image::from_rgba8(SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(head.as_raw(), PICTURE, PICTURE))
}
