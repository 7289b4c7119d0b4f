//! One command a line on stdin.

use std::str::FromStr;

use slint::{SharedString, platform::Key};

/// What a line asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// `tap TARGET`: a finger on the middle of the target.
    Tap(String),
    /// `double-tap TARGET`: twice at the same place, before anything else happens.
    DoubleTap(String),
    /// `tap-at X Y`: a finger at this pixel.
    TapAt(f32, f32),
    /// `press KEY`: a key of the keyboard or keypad.
    Press(SharedString),
    /// `targets`: what can be touched now.
    Targets,
    /// `quit`.
    Quit,
}

impl FromStr for Command {
    type Err = &'static str;

    fn from_str(line: &str) -> Result<Self, &'static str> {
        let words: Vec<_> = line.split_whitespace().collect();
        match *words.as_slice() {
            ["tap", target] => Ok(Self::Tap(target.to_owned())),
            ["double-tap", target] => Ok(Self::DoubleTap(target.to_owned())),
            // One digit, so that a typing mistake cannot become a longer PIN.
            ["key", digit] if digit.len() == 1 && digit.as_bytes().iter().all(u8::is_ascii_digit) => {
                Ok(Self::Tap(format!("key {digit}")))
            }
            ["tap-at", x, y] => match (x.parse(), y.parse()) {
                (Ok(x), Ok(y)) => Ok(Self::TapAt(x, y)),
                _ => Err("tap-at takes two numbers"),
            },
            ["press", key] => Ok(Self::Press(keyboard(key).ok_or("press takes a key by its name")?)),
            ["targets"] => Ok(Self::Targets),
            ["quit"] => Ok(Self::Quit),
            _ => Err("commands are: tap TARGET, double-tap TARGET, key DIGIT, press KEY, tap-at X Y, targets, quit"),
        }
    }
}

/// What the keyboard sends for a key.
fn keyboard(name: &str) -> Option<SharedString> {
    let plain = |text: &str| Some(SharedString::from(text));
    match name {
        "tab" => Some(Key::Tab.into()),
        "backtab" => Some(Key::Backtab.into()),
        "enter" => Some(Key::Return.into()),
        "space" => plain(" "),
        "escape" => Some(Key::Escape.into()),
        "backspace" => Some(Key::Backspace.into()),
        "up" => Some(Key::UpArrow.into()),
        "down" => Some(Key::DownArrow.into()),
        "left" => Some(Key::LeftArrow.into()),
        "right" => Some(Key::RightArrow.into()),
        "page-up" => Some(Key::PageUp.into()),
        "page-down" => Some(Key::PageDown.into()),
        "+" | "-" | "*" | "/" => plain(name),
        digit if digit.len() == 1 && digit.as_bytes().iter().all(u8::is_ascii_digit) => plain(digit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_command() {
        assert_eq!("tap call_staff".parse(), Ok(Command::Tap("call_staff".to_owned())));
        assert_eq!("key 7".parse(), Ok(Command::Tap("key 7".to_owned())));
        assert_eq!("press +".parse(), Ok(Command::Press("+".into())));
        assert_eq!("press enter".parse(), Ok(Command::Press("\n".into())));
        assert_eq!("tap-at 10 20.5".parse(), Ok(Command::TapAt(10.0, 20.5)));
    }

    #[test]
    fn anything_else_is_refused() {
        for line in ["", "tap", "key 12", "key x", "tap-at 1", "tap-at a b", "quit now", "press", "press 12", "press x"]
        {
            assert!(line.parse::<Command>().is_err(), "{line}");
        }
    }
}
