//! A card in one line, as `emulated-card` and scenarios write it: `1001 profile=cloned photo=face.jp2 tries=1`.

use std::path::PathBuf;
use std::{fs, io};

use jiff::civil::Date;

use crate::emulated::EmulatedCard;
use crate::options::{Atr, CardOptions, Delays};
use crate::people::{self, Person};
use crate::photo::PhotoError;
use crate::pki::{Issuer, RecordSigner, UserKey};
use crate::profile::Profile;

/// Whose card of what kind with which options.
#[derive(Clone, Debug)]
pub struct CardOrder {
    /// Its holder.
    pub person: Person,
    /// Its kind.
    pub profile: Profile,
    /// Everything else.
    pub options: CardOptions,
}

/// A line that orders no card.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// No serial number.
    #[error("whose card?")]
    Nobody,
    /// Not a serial number of [`people::everybody`].
    #[error("nobody has the serial number {0:?}")]
    Unknown(String),
    /// Neither `name=value` nor a name that is known.
    #[error("no setting is written {0:?}")]
    Setting(String),
    /// A value that the setting cannot have.
    #[error("{name} cannot be {value:?}")]
    Value {
        /// The setting.
        name: String,
        /// What was written.
        value: String,
    },
    /// The photo cannot be read.
    #[error("the photo {}: {cause}", .file.display())]
    File {
        /// Where it should be.
        file: PathBuf,
        /// Why not.
        cause: io::Error,
    },
}

impl CardOrder {
    /// Reads the line; a photo is read from its file now.
    ///
    /// # Errors
    /// [`OrderError`].
    pub fn parse(line: &str, today: Date) -> Result<Self, OrderError> {
        let mut words = line.split_whitespace();
        let serial = words.next().ok_or(OrderError::Nobody)?;
        let person = serial.parse().ok().and_then(people::by_serial);
        let person = person.ok_or_else(|| OrderError::Unknown(serial.to_owned()))?;
        let mut order = CardOrder { person, profile: Profile::Standard, options: CardOptions::on(today) };
        for word in words {
            let (name, value) = word.split_once('=').ok_or_else(|| OrderError::Setting(word.to_owned()))?;
            if name == "photo" {
                let photo = fs::read(value).map_err(|cause| OrderError::File { file: value.into(), cause })?;
                order.options.photo = Some(photo);
                continue;
            }
            match order.set(name, value) {
                Some(true) => {}
                Some(false) => return Err(OrderError::Setting(word.to_owned())),
                None => return Err(OrderError::Value { name: name.to_owned(), value: value.to_owned() }),
            }
        }
        Ok(order)
    }

    /// Makes the card.
    ///
    /// # Errors
    /// [`PhotoError`]: the photo is not one for a card.
    pub fn card(self) -> Result<EmulatedCard, PhotoError> {
        EmulatedCard::with_photo(self.profile, &self.person, self.options)
    }

    /// `Some(false)`: no such setting. `None`: no such value.
    fn set(&mut self, name: &str, value: &str) -> Option<bool> {
        let options = &mut self.options;
        match name {
            "profile" => self.profile = value.parse().ok()?,
            "pin" => value.clone_into(&mut options.pin),
            "tries" => options.tries = Some(value.parse().ok()?),
            "code-tries" => options.code_tries = Some(value.parse().ok()?),
            "certificate-ends" => options.certificate_ends = Some(value.parse().ok()?),
            "fault" => options.faults = value.parse().ok()?,
            "seed" => options.seed = value.parse().ok()?,
            "pin-less" => options.pin_less = one_of(value, &[("on", true), ("off", false)])?,
            "verified" => options.verified_on_phone = one_of(value, &[("on", true), ("off", false)])?,
            "delays" => options.delays = one_of(value, &[("none", Delays::None), ("realistic", Delays::Realistic)])?,
            "atr" => options.atr = one_of(value, &[("emulated", Atr::Emulated), ("real", Atr::AsReal)])?,
            "issuer" => {
                let issuers = [
                    ("listed", Issuer::Listed),
                    ("previous", Issuer::Previous),
                    ("unlisted", Issuer::Unlisted),
                    ("forged", Issuer::Forged),
                ];
                options.issuer = one_of(value, &issuers)?;
            }
            "signer" => {
                let signers = [
                    ("listed", RecordSigner::Listed),
                    ("unknown", RecordSigner::Unknown),
                    ("forged", RecordSigner::Forged),
                ];
                options.signer = one_of(value, &signers)?;
            }
            "key" => {
                let keys = [("rsa", UserKey::Rsa2048), ("p256", UserKey::P256), ("p384", UserKey::P384)];
                options.key = Some(one_of(value, &keys)?);
            }
            _ => return Some(false),
        }
        Some(true)
    }
}

fn one_of<T: Copy>(value: &str, known: &[(&str, T)]) -> Option<T> {
    known.iter().find(|(name, _)| *name == value).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn parse(line: &str) -> Result<CardOrder, OrderError> {
        CardOrder::parse(line, date(2026, 11, 22))
    }

    #[test]
    fn every_setting_is_read() {
        let order = parse(
            "1002 profile=cloned pin=9876 tries=1 code-tries=4 certificate-ends=2027-01-02 fault=6cxx seed=7 pin-less=off \
             verified=off delays=realistic atr=real issuer=previous signer=unknown key=p384",
        )
        .unwrap();
        let CardOrder { person, profile, options } = order;
        assert_eq!((person.serial, profile), (1002, Profile::Cloned));
        assert_eq!((options.pin.as_str(), options.tries, options.code_tries), ("9876", Some(1), Some(4)));
        assert_eq!((options.certificate_ends, options.seed), (Some(date(2027, 1, 2)), 7));
        assert!(options.faults.wrong_le && !options.pin_less && !options.verified_on_phone);
        assert_eq!((options.delays, options.atr), (Delays::Realistic, Atr::AsReal));
        assert_eq!((options.issuer, options.signer), (Issuer::Previous, RecordSigner::Unknown));
        assert_eq!(options.key, Some(UserKey::P384));
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        let wrong = |line: &str| parse(line).unwrap_err().to_string();
        assert_eq!(wrong(" "), "whose card?");
        assert_eq!(wrong("9"), "nobody has the serial number \"9\"");
        assert_eq!(wrong("1001 quick"), "no setting is written \"quick\"");
        assert_eq!(wrong("1001 speed=3"), "no setting is written \"speed=3\"");
        assert_eq!(wrong("1001 signer=me"), "signer cannot be \"me\"");
        assert!(wrong("1001 photo=/nowhere/a.jp2").starts_with("the photo /nowhere/a.jp2: "));
    }
}
