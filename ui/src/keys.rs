//! A keyboard or a USB keypad instead of a finger, on every screen, by what the targets say of themselves. Order: the
//! screen from left to right and from above to below, then the bar below, then the bar above. A new view has no ring:
//! the first key that moves leads to its first target, so that no answer is ever as if chosen.

use std::cell::{Cell, RefCell};

use slint::platform::Key as Named;

use crate::generated::{Spot, Touch};

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Key {
    /// Tab, `+`: the next target.
    Next,
    /// Shift and Tab, `-`: the one before.
    Previous,
    /// An arrow: the nearest target that way.
    Arrow(Way),
    /// Enter, space: choose the target within the ring.
    Choose,
    /// 0 to 9: straight to the key on the glass; where there is none and the voice says numbers, to the choice of that
    /// number.
    Digit(PadKey),
    /// Backspace, delete.
    Erase,
    /// Escape.
    Cancel,
    /// `*`.
    CallStaff,
    /// `/`: say it again.
    Repeat,
    /// Page up and page down.
    Page(Way),
}

/// Which key of a number pad, -1 for what is none. It may be a digit of a PIN: `Debug` says nothing of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PadKey(pub(crate) i32);

impl std::fmt::Debug for PadKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PadKey")
    }
}

/// Which way an arrow points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Down,
    Left,
    Right,
}

impl Key {
    /// `None`: the key means nothing here.
    pub(crate) fn read(text: &str, shift: bool) -> Option<Self> {
        let mut characters = text.chars();
        let (character, None) = (characters.next()?, characters.next()) else { return None };
        let named = |key: Named| char::from(key) == character;
        if let Some(digit) = character.to_digit(10) {
            return i32::try_from(digit).ok().map(|digit| Self::Digit(PadKey(digit)));
        }
        let plain = match character {
            '+' => Some(Self::Next),
            '-' => Some(Self::Previous),
            ' ' => Some(Self::Choose),
            '*' => Some(Self::CallStaff),
            '/' => Some(Self::Repeat),
            _ => None,
        };
        plain.or_else(|| {
            let keys = [
                (Named::Tab, if shift { Self::Previous } else { Self::Next }),
                (Named::Backtab, Self::Previous),
                (Named::Return, Self::Choose),
                (Named::Backspace, Self::Erase),
                (Named::Delete, Self::Erase),
                (Named::Escape, Self::Cancel),
                (Named::UpArrow, Self::Arrow(Way::Up)),
                (Named::DownArrow, Self::Arrow(Way::Down)),
                (Named::LeftArrow, Self::Arrow(Way::Left)),
                (Named::RightArrow, Self::Arrow(Way::Right)),
                (Named::PageUp, Self::Page(Way::Up)),
                (Named::PageDown, Self::Page(Way::Down)),
            ];
            keys.into_iter().find(|(key, _)| named(*key)).map(|(_, meaning)| meaning)
        })
    }

    /// A key held down moves on; it never chooses or types twice.
    pub(crate) const fn may_repeat(self) -> bool {
        match self {
            Self::Next | Self::Previous | Self::Arrow(_) | Self::Page(_) => true,
            Self::Choose | Self::Digit(_) | Self::Erase | Self::Cancel | Self::CallStaff | Self::Repeat => false,
        }
    }
}

/// Something a key can choose, and where its shape is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) spot: Spot,
    pub(crate) touch: Touch,
    pub(crate) digit: PadKey,
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) corner: f32,
}

impl Place {
    /// The same thing, wherever it is now.
    fn is(&self, other: &Self) -> bool {
        (self.spot, self.touch, self.digit) == (other.spot, other.touch, other.digit)
    }

    fn centre(&self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// The bars above and below the screen: where they end and begin, pixels from above.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bars {
    pub(crate) header: f32,
    pub(crate) footer: f32,
}

/// Which targets have a number that the voice says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// None: there is no voice.
    #[default]
    Off,
    /// Those of the screen.
    Screen,
    /// Language and comfort too: before a visit.
    All,
}

impl Numbers {
    /// Cancel and staff call have keys of their own.
    fn includes(self, touch: Touch) -> bool {
        match (self, touch) {
            (Self::Off, _) | (_, Touch::Cancel | Touch::CallStaff | Touch::Key) => false,
            (numbers, Touch::Language | Touch::Comfort) => numbers == Self::All,
            (Self::Screen | Self::All, _) => true,
        }
    }
}

/// What the glass has to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Act {
    /// As if a finger had touched it.
    Touch(Place),
    /// The ring is here now.
    Ring(Place),
    /// Text moves by a page.
    Page(Way),
    /// Say it again.
    Repeat,
    /// Nothing that this key could mean is on the glass.
    Nothing,
}

/// Where the ring is.
#[derive(Default)]
pub(crate) struct Focus {
    at: Cell<Option<Place>>,
    /// What the targets answered last, in the order of the screen's tree.
    survey: RefCell<Vec<Place>>,
}

impl Focus {
    /// A new question: nothing is within the ring.
    pub(crate) fn clear(&self) {
        self.at.set(None);
    }

    /// The ring, if there is one.
    pub(crate) fn at(&self) -> Option<Place> {
        self.at.get()
    }

    /// A survey begins.
    pub(crate) fn ask(&self) {
        self.survey.borrow_mut().clear();
    }

    /// A target answered it.
    pub(crate) fn here(&self, place: Place) {
        self.survey.borrow_mut().push(place);
    }

    /// After a survey of the same question: the ring goes where its target is now, or away with it.
    pub(crate) fn follow(&self) -> Option<Place> {
        let at = self.at.get()?;
        let now = self.survey.borrow().iter().find(|place| place.is(&at)).copied();
        self.at.set(now);
        now
    }

    /// What has a number after a survey, from 1. A number pad keeps the digits to itself.
    pub(crate) fn numbered(&self, bars: Bars, numbers: Numbers) -> Vec<Place> {
        let places = in_order(&self.survey.borrow(), bars);
        if places.iter().any(|place| place.spot == Spot::Target && place.touch == Touch::Key) {
            return vec![];
        }
        places.into_iter().filter(|place| place.spot == Spot::Target && numbers.includes(place.touch)).collect()
    }

    /// What a key means after a survey.
    pub(crate) fn key(&self, key: Key, bars: Bars, numbers: Numbers) -> Act {
        let places = in_order(&self.survey.borrow(), bars);
        let find =
            |touch: Touch| places.iter().find(|place| place.spot == Spot::Target && place.touch == touch).copied();
        let on_pad = find(Touch::Key).is_some();
        let at = self.follow();
        let act = |place: Option<Place>| place.map_or(Act::Nothing, Act::Touch);
        match key {
            Key::Next => self.ring(step(&places, at, 1)),
            Key::Previous => self.ring(step(&places, at, -1)),
            Key::Arrow(way) => match at {
                None => self.ring(places.first().copied()),
                Some(at) => match nearest(&places, &at, way) {
                    Some(place) => self.ring(Some(place)),
                    None if matches!(way, Way::Up | Way::Down) => Act::Page(way),
                    None => Act::Nothing,
                },
            },
            Key::Choose => match at {
                Some(place) if place.spot == Spot::Up => Act::Page(Way::Up),
                Some(place) if place.spot == Spot::Down => Act::Page(Way::Down),
                Some(place) => Act::Touch(place),
                // Enter on a number pad is its 「決定」.
                None if on_pad => act(find(Touch::Confirm)),
                None => Act::Nothing,
            },
            Key::Digit(digit) if !on_pad => {
                let at = usize::try_from(digit.0).ok().and_then(|number| number.checked_sub(1));
                match at.and_then(|at| self.numbered(bars, numbers).get(at).copied()) {
                    Some(place) => self.ring(Some(place)),
                    None => Act::Nothing,
                }
            }
            Key::Digit(digit) => {
                let key = places.iter().find(|place| place.touch == Touch::Key && place.digit == digit).copied();
                if key.is_some() {
                    self.clear();
                }
                act(key)
            }
            Key::Erase => act(find(Touch::Erase)),
            Key::Cancel => act(find(Touch::Cancel)),
            Key::CallStaff => act(find(Touch::CallStaff)),
            Key::Repeat => Act::Repeat,
            Key::Page(way) => Act::Page(way),
        }
    }

    fn ring(&self, place: Option<Place>) -> Act {
        self.at.set(place);
        place.map_or(Act::Nothing, Act::Ring)
    }
}

/// The screen first, then the bar below, then the bar above; each from above to below and from left to right.
fn in_order(survey: &[Place], bars: Bars) -> Vec<Place> {
    let part = |place: &Place| match place.centre().1 {
        y if y < bars.header => 2,
        y if y > bars.footer => 1,
        _ => 0,
    };
    let mut places = survey.to_vec();
    places.sort_by(|one, other| part(one).cmp(&part(other)).then(one.y.total_cmp(&other.y)));
    // What overlaps in height is one row.
    let mut rows: Vec<Vec<Place>> = Vec::new();
    for place in places {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| part(first) == part(&place) && beside(first, &place)) => {
                row.push(place);
            }
            Some(_) | None => rows.push(vec![place]),
        }
    }
    for row in &mut rows {
        row.sort_by(|one, other| one.x.total_cmp(&other.x));
    }
    rows.concat()
}

fn beside(first: &Place, place: &Place) -> bool {
    let (_, middle) = place.centre();
    middle > first.y && middle < first.y + first.height
}

/// Round and round. Without a ring: the first, or the last.
fn step(places: &[Place], at: Option<Place>, by: isize) -> Option<Place> {
    let now = at.and_then(|at| places.iter().position(|place| place.is(&at)));
    let next = match now {
        Some(now) => now.checked_add_signed(by).unwrap_or(places.len().wrapping_sub(1)),
        None if by > 0 => 0,
        None => places.len().wrapping_sub(1),
    };
    places.get(next).or(places.first()).copied()
}

/// The nearest one that way; what lies straight ahead is nearer than what lies aside.
fn nearest(places: &[Place], at: &Place, way: Way) -> Option<Place> {
    let (x, y) = at.centre();
    let distance = |place: &Place| {
        let (px, py) = place.centre();
        let (ahead, aside) = match way {
            Way::Up => (y - py, px - x),
            Way::Down => (py - y, px - x),
            Way::Left => (x - px, py - y),
            Way::Right => (px - x, py - y),
        };
        (ahead > 1.0 && ahead >= aside.abs() / 4.0).then(|| ahead + 2.0 * aside.abs())
    };
    places
        .iter()
        .filter(|place| !place.is(at))
        .filter_map(|place| distance(place).map(|distance| (distance, *place)))
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(touch: Touch, digit: i32, x: f32, y: f32) -> Place {
        Place { spot: Spot::Target, touch, digit: PadKey(digit), x, y, width: 100.0, height: 100.0, corner: 10.0 }
    }

    const BARS: Bars = Bars { header: 126.0, footer: 674.0 };

    /// Two answers side by side, 「くわしく」 above them, a header and a footer; in the order of a tree.
    fn consent() -> Focus {
        let focus = Focus::default();
        for (touch, x, y) in [
            (Touch::Language, 1000.0, 10.0),
            (Touch::Decline, 600.0, 520.0),
            (Touch::Agree, 100.0, 500.0),
            (Touch::Detail, 100.0, 200.0),
            (Touch::Cancel, 40.0, 680.0),
            (Touch::CallStaff, 1100.0, 680.0),
        ] {
            focus.here(place(touch, -1, x, y));
        }
        focus
    }

    fn ring(act: Act) -> Touch {
        let Act::Ring(place) = act else { panic!("{act:?}") };
        place.touch
    }

    #[test]
    fn the_screen_comes_first_then_the_bar_below_then_the_bar_above() {
        let focus = consent();
        let order: Vec<_> = (0..7).map(|_| ring(focus.key(Key::Next, BARS, Numbers::Off))).collect();
        let round = [Touch::Detail, Touch::Agree, Touch::Decline, Touch::Cancel, Touch::CallStaff, Touch::Language];
        assert_eq!(order, [&round[..], &[Touch::Detail]].concat());
        assert_eq!(ring(focus.key(Key::Previous, BARS, Numbers::Off)), Touch::Language);
    }

    #[test]
    fn nothing_is_chosen_before_a_key_has_moved_there() {
        let focus = consent();
        assert_eq!(focus.key(Key::Choose, BARS, Numbers::Off), Act::Nothing);
        assert_eq!(focus.at(), None);
        focus.key(Key::Next, BARS, Numbers::Off);
        let Act::Touch(chosen) = focus.key(Key::Choose, BARS, Numbers::Off) else { panic!() };
        assert_eq!(chosen.touch, Touch::Detail);
        focus.clear();
        assert_eq!(focus.key(Key::Choose, BARS, Numbers::Off), Act::Nothing);
    }

    #[test]
    fn arrows_go_to_the_nearest_and_page_where_nothing_is_left() {
        let focus = consent();
        assert_eq!(ring(focus.key(Key::Arrow(Way::Down), BARS, Numbers::Off)), Touch::Detail);
        assert_eq!(ring(focus.key(Key::Arrow(Way::Down), BARS, Numbers::Off)), Touch::Agree);
        assert_eq!(ring(focus.key(Key::Arrow(Way::Right), BARS, Numbers::Off)), Touch::Decline);
        assert_eq!(ring(focus.key(Key::Arrow(Way::Left), BARS, Numbers::Off)), Touch::Agree);
        assert_eq!(ring(focus.key(Key::Arrow(Way::Down), BARS, Numbers::Off)), Touch::Cancel);
        assert_eq!(focus.key(Key::Arrow(Way::Down), BARS, Numbers::Off), Act::Page(Way::Down));
    }

    #[test]
    fn digits_go_straight_to_the_pad_and_to_nothing_else() {
        let focus = consent();
        assert_eq!(focus.key(Key::Digit(PadKey(1)), BARS, Numbers::Off), Act::Nothing);
        focus.here(place(Touch::Key, 1, 100.0, 300.0));
        focus.here(place(Touch::Confirm, -1, 300.0, 300.0));
        focus.here(place(Touch::Erase, -1, 200.0, 300.0));
        let Act::Touch(key) = focus.key(Key::Digit(PadKey(1)), BARS, Numbers::Off) else { panic!() };
        assert_eq!((key.touch, key.digit), (Touch::Key, PadKey(1)));
        let Act::Touch(confirm) = focus.key(Key::Choose, BARS, Numbers::Off) else { panic!() };
        assert_eq!(confirm.touch, Touch::Confirm);
        let Act::Touch(erase) = focus.key(Key::Erase, BARS, Numbers::Off) else { panic!() };
        assert_eq!(erase.touch, Touch::Erase);
    }

    #[test]
    fn a_spoken_number_leads_to_its_choice_and_chooses_nothing() {
        let focus = consent();
        let digit = |number| focus.key(Key::Digit(PadKey(number)), BARS, Numbers::Screen);
        assert_eq!([1, 2, 3].map(|number| ring(digit(number))), [Touch::Detail, Touch::Agree, Touch::Decline]);
        assert_eq!([0, 4].map(digit), [Act::Nothing; 2]);
        assert_eq!(focus.numbered(BARS, Numbers::All).last().unwrap().touch, Touch::Language);
        assert_eq!(focus.numbered(BARS, Numbers::Off), []);
        focus.here(place(Touch::Key, 1, 100.0, 300.0));
        assert_eq!(focus.numbered(BARS, Numbers::All), [], "a pad keeps the digits");
    }

    #[test]
    fn a_ring_whose_target_has_gone_goes_too() {
        let focus = consent();
        focus.key(Key::Next, BARS, Numbers::Off);
        focus.ask();
        focus.here(place(Touch::Agree, -1, 100.0, 500.0));
        assert_eq!(focus.follow(), None);
    }

    #[test]
    fn no_digit_is_printed() {
        assert_eq!(format!("{:?}", Key::Digit(PadKey(7))), "Digit(PadKey)");
        assert!(!format!("{:?}", Act::Touch(place(Touch::Key, 7, 0.0, 0.0))).contains('7'));
    }

    #[test]
    fn keys_are_read_whatever_comes() {
        assert_eq!(Key::read("7", false), Some(Key::Digit(PadKey(7))));
        assert_eq!(Key::read("+", false), Some(Key::Next));
        assert_eq!(Key::read("\t", true), Some(Key::Previous));
        assert_eq!(Key::read("\n", false), Some(Key::Choose));
        assert_eq!(Key::read("\u{1b}", false), Some(Key::Cancel));
        for nothing in ["", "ab", "a", "12", "\u{F704}"] {
            assert_eq!(Key::read(nothing, false), None, "{nothing:?}");
        }
    }
}
