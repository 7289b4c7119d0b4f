//! One view of every kind of screen, and the states of it that look different. Wording as in the daemon's data files.

mod consent;
mod ends;
mod every;
mod face;
mod identity;
mod outside;
mod phones;
mod staff;
mod words;

use screen::{Advice, Comfort, Language, PhotoShown, Placement, Progress, Revision, Screen, StaffCall, View};

use words::Words;

/// A view with a name for its picture.
pub struct Sample {
    /// File name without ending.
    pub name: &'static str,
    /// The view.
    pub view: View,
    /// Somebody is in front of the camera.
    pub live: bool,
}

/// Every sample in one language.
#[must_use]
pub fn samples(language: Language, large: bool) -> Vec<Sample> {
    let mut samples = collect(language, large, |words, add| {
        outside::outside(words, add);
        phones::phones(add);
        identity::identity(words, add);
        face::face(add);
        staff::staff(add);
        consent::consent(words, add);
        ends::ends(words, add);
    });
    let extra: Vec<Sample> = samples.iter().flat_map(beside).collect();
    samples.extend(extra);
    samples
}

/// Every text of the daemon's data files in one language, each on its screen; several have one name.
#[must_use]
pub fn every_text(language: Language, large: bool) -> Vec<Sample> {
    collect(language, large, every::every)
}

fn collect(language: Language, large: bool, all: impl FnOnce(&Words, &mut Add<'_>)) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut add = |name: &'static str, progress: Option<Progress>, cancel: bool, screen: Screen| {
        let view = View {
            revision: Revision(samples.len() as u64 + 1),
            language,
            comfort: Comfort { large, ..Comfort::default() },
            placement: Placement::default(),
            facility: "見本クリニック".to_owned(),
            progress,
            cancel,
            staff: StaffCall::Offered,
            countdown: None,
            screen,
            sound: None,
        };
        let camera = matches!(view.screen, Screen::FacingCamera { advice, .. } if advice != Some(Advice::Wait));
        let live = camera || matches!(view.screen, Screen::ComparingFaces { photo: PhotoShown::Here });
        samples.push(Sample { name, view, live });
    };
    all(&Words { language }, &mut add);
    samples
}

/// What differs in something other than the screen.
fn beside(sample: &Sample) -> Vec<Sample> {
    let view = || sample.view.clone();
    let one = |name, view| Sample { name, view, live: false };
    let placed = |motion, photo| View { placement: Placement { motion, photo }, ..view() };
    match sample.name {
        "start" => vec![
            one("start-down", placed(screen::Motion::Insert, screen::PhotoSide::Down)),
            one("start-device", placed(screen::Motion::Insert, screen::PhotoSide::Device)),
            one("start-patient", placed(screen::Motion::Insert, screen::PhotoSide::Patient)),
            one("start-lay", placed(screen::Motion::Lay, screen::PhotoSide::Up)),
            one("start-lay_down", placed(screen::Motion::Lay, screen::PhotoSide::Down)),
        ],
        "placing_card" => vec![one("placing_card-lay", placed(screen::Motion::Lay, screen::PhotoSide::Up))],
        "card_left" => vec![one("card_left-lay", placed(screen::Motion::Lay, screen::PhotoSide::Up))],
        "choosing_comfort" => {
            let comfort = Comfort { contrast: true, slow: true, voice: true, ..sample.view.comfort };
            vec![one("choosing_comfort-on", View { comfort, ..view() })]
        }
        "entering_pin" => vec![one("entering_pin-countdown", View { countdown: Some(7), ..view() })],
        "choosing_method" => vec![one("choosing_method-staff_called", View { staff: StaffCall::Called, ..view() })],
        _ => vec![],
    }
}

type Add<'a> = dyn FnMut(&'static str, Option<Progress>, bool, Screen) + 'a;
