//! What is known of each drawn face, as lines of `labels.csv`.

use std::fmt::Write as _;

use crate::geometry::Turn;
use crate::stage::Seen;

/// First line of `labels.csv`.
pub(crate) const HEADER: &str = "file,person,kind,condition,yaw,pitch,roll,x,y,w,h,lx,ly,rx,ry,nx,ny,mlx,mly,mrx,mry";

/// What a face in a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A living person.
    Live,
    /// The photo of a card.
    Photo,
    /// A printed photo held before the camera.
    Print,
    /// A photo on a phone's screen.
    Screen,
    /// A printed face cut out and worn.
    CutOut,
}

impl Kind {
    /// Its word in `labels.csv`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Live => "live",
            Kind::Photo => "photo",
            Kind::Print => "print",
            Kind::Screen => "screen",
            Kind::CutOut => "cut_out",
        }
    }
}

/// A face in a picture.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) person: u64,
    pub(crate) kind: Kind,
    pub(crate) condition: String,
    pub(crate) turn: Turn,
    pub(crate) seen: Seen,
}

/// Lines for one file.
pub(crate) fn lines(file: &str, labels: &[Label]) -> String {
    let mut out = String::new();
    if labels.is_empty() {
        out = format!("{file},,nobody,,,,,,,,,,,,,,,,,,\n");
    }
    for label in labels {
        let Turn { yaw, pitch, roll } = label.turn;
        out +=
            &format!("{file},{},{},{},{yaw:.1},{pitch:.1},{roll:.1}", label.person, label.kind.word(), label.condition);
        let numbers = label.seen.place.iter().chain(label.seen.points.iter().flatten());
        for number in numbers {
            let _ = write!(out, ",{number:.2}");
        }
        out.push('\n');
    }
    out
}
