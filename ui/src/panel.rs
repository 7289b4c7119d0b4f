//! The panel the kiosk is drawn on.

use std::{fmt, str::FromStr};

use crate::limits;

/// Size and diagonal of the panel; every size on it follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Diagonal of the glass, inches.
    pub inches: f32,
}

impl Panel {
    /// A panel of the usual 10.1 inches.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height, inches: limits::DIAGONAL_INCHES }
    }

    /// Dots per inch.
    #[must_use]
    pub fn dpi(self) -> f32 {
        // Sides are at most 4096: exact in f32.
        (self.width as f32).hypot(self.height as f32) / self.inches
    }

    /// Wider than high.
    #[must_use]
    pub const fn landscape(self) -> bool {
        self.width >= self.height
    }
}

impl Default for Panel {
    fn default() -> Self {
        Self::new(1280, 800)
    }
}

impl fmt::Display for Panel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl FromStr for Panel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |text: &str| text.parse::<u32>().ok().filter(|side| limits::PANEL_SIDE.contains(side));
        match text.split_once('x').map(|(width, height)| (side(width), side(height))) {
            Some((Some(width), Some(height))) => Ok(Self::new(width, height)),
            Some(_) | None => Err(format!(
                "a size is WIDTHxHEIGHT in pixels, each {} to {}, like 1280x800",
                limits::PANEL_SIDE.start(),
                limits::PANEL_SIDE.end()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_panel_has_149_dots_per_inch() {
        assert_eq!(Panel::default().dpi().round(), 149.0);
        assert_eq!(Panel::new(800, 1280).dpi(), Panel::default().dpi());
    }

    #[test]
    fn a_size_is_two_sides_within_limits() {
        assert_eq!("800x1280".parse(), Ok(Panel::new(800, 1280)));
        for wrong in ["", "1280", "1280x", "x800", "1280x800x1", "-1x5", "99999x800", "100x100"] {
            assert!(wrong.parse::<Panel>().is_err(), "{wrong}");
        }
    }
}
