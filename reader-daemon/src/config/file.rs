//! The configuration file's sections, as they stand there.

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;
use session::Limits;

use super::ConfigError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigFile {
    pub(super) terminal: TerminalSection,
    pub(super) reader: ReaderSection,
    pub(super) service: ServiceSection,
    pub(super) result: ResultSection,
    pub(super) storage: StorageSection,
    pub(super) screen: ScreenSection,
    pub(super) trust: TrustSection,
    pub(super) face: Option<FaceSection>,
    pub(super) visual: Option<VisualSection>,
    pub(super) console: Option<ConsoleSection>,
    #[serde(default)]
    pub(super) texts: TextsSection,
    #[serde(default)]
    pub(super) limits: LimitsSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TerminalSection {
    pub(super) id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReaderSection {
    pub(super) pattern: String,
    pub(super) phone: Option<String>,
    #[serde(default)]
    pub(super) placement: PlacementKeys,
}

/// Both are read as words first: an unknown one gets the list of those that are known.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlacementKeys {
    pub(super) motion: Option<String>,
    pub(super) photo: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VisualSection {
    pub(super) enabled: bool,
    pub(super) passcode_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsoleSection {
    pub(super) listen: String,
    #[serde(default)]
    pub(super) names: Vec<String>,
    pub(super) password_file: PathBuf,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceSection {
    pub(super) url: String,
    pub(super) ca: PathBuf,
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultSection {
    pub(super) key: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StorageSection {
    pub(super) directory: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreenSection {
    pub(super) socket: PathBuf,
    pub(super) uid: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrustSection {
    pub(super) anchors: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaceSection {
    pub(super) models: PathBuf,
    pub(super) manifest: Option<PathBuf>,
    pub(super) camera: Option<String>,
    pub(super) signers: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextsSection {
    pub(super) faults: Option<PathBuf>,
    pub(super) consent: Option<PathBuf>,
}

/// Seconds, fractions allowed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsSection {
    inactivity: Option<f64>,
    countdown: Option<f64>,
    card_read: Option<f64>,
    verify: Option<f64>,
    open: Option<f64>,
    lookup_soft: Option<f64>,
    lookup_hard: Option<f64>,
    notice: Option<f64>,
    receipt: Option<f64>,
    farewell: Option<f64>,
    card_left: Option<f64>,
    card_left_louder: Option<f64>,
    card_left_staff: Option<f64>,
    fault: Option<f64>,
    mute: Option<f64>,
    photo: Option<f64>,
    face_try: Option<f64>,
    phone: Option<f64>,
    phone_tap: Option<f64>,
    staff_comes: Option<f64>,
    comparing: Option<f64>,
    speech: Option<f64>,
    pin_less: Option<f64>,
}

impl LimitsSection {
    pub(super) fn over(self, limits: &mut Limits) -> Result<(), ConfigError> {
        // Destructured so that a new limit cannot be forgotten here.
        let Limits {
            inactivity,
            countdown,
            card_read,
            verify,
            open,
            lookup_soft,
            lookup_hard,
            notice,
            receipt,
            farewell,
            card_left,
            card_left_louder,
            card_left_staff,
            fault,
            mute,
            photo,
            face_try,
            phone,
            phone_tap,
            staff_comes,
            comparing,
            speech,
            pin_less,
        } = limits;
        for (name, given, limit) in [
            ("inactivity", self.inactivity, inactivity),
            ("countdown", self.countdown, countdown),
            ("card_read", self.card_read, card_read),
            ("verify", self.verify, verify),
            ("open", self.open, open),
            ("lookup_soft", self.lookup_soft, lookup_soft),
            ("lookup_hard", self.lookup_hard, lookup_hard),
            ("notice", self.notice, notice),
            ("receipt", self.receipt, receipt),
            ("farewell", self.farewell, farewell),
            ("card_left", self.card_left, card_left),
            ("card_left_louder", self.card_left_louder, card_left_louder),
            ("card_left_staff", self.card_left_staff, card_left_staff),
            ("fault", self.fault, fault),
            ("mute", self.mute, mute),
            ("photo", self.photo, photo),
            ("face_try", self.face_try, face_try),
            ("phone", self.phone, phone),
            ("phone_tap", self.phone_tap, phone_tap),
            ("staff_comes", self.staff_comes, staff_comes),
            ("comparing", self.comparing, comparing),
            ("speech", self.speech, speech),
            ("pin_less", self.pin_less, pin_less),
        ] {
            let Some(seconds) = given else { continue };
            if !(0.05..=600.0).contains(&seconds) {
                return Err(ConfigError::new(
                    format!("[limits] {name}"),
                    format!("{seconds} is not a number of seconds from 0.05 to 600"),
                    "give seconds, or remove the line to keep the default",
                ));
            }
            *limit = Duration::from_secs_f64(seconds);
        }
        Ok(())
    }
}
