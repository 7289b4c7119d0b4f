//! The dock: inserts, removes and swaps emulated cards and pulls cables. Prints one control line per click; `demo` reads
//! them. Its own program, so that nothing of it is ever in the shipped screen.

use std::io::Write as _;

use slint::{ComponentHandle as _, ModelRc, VecModel};

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

/// Who can sit before the emulated camera.
const SITTERS: [(&str, &str, &str); 8] = [
    ("本人", "holder", "holder"),
    ("別の人", "other", "other"),
    ("写真", "print", "print"),
    ("スマホ", "phone", "screen"),
    ("二人", "two", "two"),
    ("暗い", "dark", "dark"),
    ("だれも", "nobody", "nobody"),
    ("抜く", "unplug", "unplugged"),
];

fn main() -> Result<(), slint::PlatformError> {
    let dock = Dock::new()?;
    let choices = |words: &[(&str, &str, &str)]| {
        let choice = |(label, detail, line): &(&str, &str, &str)| Choice {
            label: (*label).into(),
            detail: (*detail).into(),
            line: (*line).into(),
        };
        ModelRc::new(VecModel::from(words.iter().map(choice).collect::<Vec<_>>()))
    };
    dock.set_cards(choices(&CARDS));
    dock.set_sitters(choices(&SITTERS));
    dock.on_say(|line| {
        // The other end is gone when the demo has ended: nothing is left to do here.
        if writeln!(std::io::stdout(), "{line}").and_then(|()| std::io::stdout().flush()).is_err() {
            let _ = slint::quit_event_loop();
        }
    });
    // Beside the kiosk; a window manager may know better.
    dock.window().set_position(slint::LogicalPosition::new(1300.0, 20.0));
    dock.run()
}
