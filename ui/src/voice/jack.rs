//! Whether headphones are plugged into the sound card that speaks. What is not known is a loudspeaker.

use alsa::{HCtl, ctl::ElemIface, hctl::Elem};

/// Where sound is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeadphoneState {
    /// In headphones only.
    Plugged,
    /// In the room; also where nobody can tell.
    #[default]
    Loudspeaker,
}

/// Asks whether headphones are plugged into a sound card.
pub type Jack = Box<dyn FnMut(Option<u32>) -> HeadphoneState + Send>;

/// Asks ALSA's jack controls of the card.
pub(crate) fn alsa() -> Jack {
    Box::new(|card| match card.map(plugged) {
        Some(Ok(true)) => HeadphoneState::Plugged,
        Some(Ok(false) | Err(_)) | None => HeadphoneState::Loudspeaker,
    })
}

fn plugged(card: u32) -> alsa::Result<bool> {
    let _quiet = alsa::Output::local_error_handler();
    let controls = HCtl::new(&format!("hw:{card}"), true)?;
    controls.load()?;
    let mut found = false;
    for control in controls.elem_iter() {
        let id = control.get_id()?;
        let name = id.get_name()?;
        if id.get_interface() == ElemIface::Card && is_headphone_jack(name) {
            found |= control.read()?.get_boolean(0) == Some(true);
        }
        // With automatic muting off, the loudspeaker goes on speaking beside the headphones.
        if id.get_interface() == ElemIface::Mixer && name == "Auto-Mute Mode" && is_off(&control)? {
            return Ok(false);
        }
    }
    Ok(found)
}

fn is_off(control: &Elem<'_>) -> alsa::Result<bool> {
    Ok(control.read()?.get_enumerated(0).is_none_or(|choice| choice == 0))
}

/// The kernel's names: `Headphone Jack`, `Front Headphone Jack`, `Headset Jack`; never `Headphone Jack Phantom`,
/// which cannot tell.
fn is_headphone_jack(name: &str) -> bool {
    name.ends_with(" Jack") && (name.contains("Headphone") || name.contains("Headset")) && !name.contains("Mic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jacks_are_known_by_the_kernels_names() {
        for name in ["Headphone Jack", "Front Headphone Jack", "Headset Jack", "Headphone,1 Jack"] {
            assert!(is_headphone_jack(name), "{name}");
        }
        for name in ["Headphone Phantom Jack Phantom", "Mic Jack", "Headset Mic Jack", "Speaker Jack", "Line Out Jack"]
        {
            assert!(!is_headphone_jack(name), "{name}");
        }
    }

    #[test]
    fn what_is_not_known_is_a_loudspeaker() {
        let mut jack = alsa();
        assert_eq!(jack(None), HeadphoneState::Loudspeaker);
        assert_eq!(jack(Some(31)), HeadphoneState::Loudspeaker, "no such card");
    }
}
