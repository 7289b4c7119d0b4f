//! Everything the configuration names, read and checked: texts, keys, anchors, the client's configuration.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path, path::PathBuf};

use card::{AnchorError, SignerError, SignerKeys, TrustAnchors};
use face::WeightsLevel;
use p256::{ecdsa::SigningKey, pkcs8::DecodePrivateKey as _};
use qualification::{ClientConfig, limits::RequestLimits};
use zeroize::Zeroizing;

use crate::{
    config::{Config, ConfigError, PhoneReader, Visual, read_bytes, read_file},
    passcode,
    texts::{self, Loaded, TextsError},
    weights::{self, Weights},
};

/// What the daemon needs to start, but for its devices.
pub struct Settings {
    /// The terminal's name at the service.
    pub terminal_id: String,
    /// Where phones are taken.
    pub phone: PhoneReader,
    /// How a card is placed in this reader.
    pub placement: screen::Placement,
    /// The visual check; none where it is not offered.
    pub visual: Option<Visual>,
    /// Where the service is and who we are to it.
    pub client: ClientConfig,
    /// Signs results; wiped on drop.
    pub result_key: SigningKey,
    /// Folder of outbox and journal.
    pub storage: PathBuf,
    /// The kiosk's socket.
    pub socket: PathBuf,
    /// The only user that may connect there.
    pub screen_uid: u32,
    /// Roots of the user certificates.
    pub anchors: TrustAnchors,
    /// Keys above the data signers of photo records; none without a face way.
    pub signers: SignerKeys,
    /// The weights that look at faces; none without a face way.
    pub weights: Option<Weights>,
    /// Wordings.
    pub texts: Loaded,
    /// Durations of a visit.
    pub limits: session::Limits,
    /// The staff console.
    pub console: Option<console::Options>,
    /// One JSON line a visit goes here (`--timeline`).
    pub timeline: Option<PathBuf>,
}

impl Settings {
    /// Reads every file the configuration names. Demonstration weights are an error, and the daemon does not start: a
    /// terminal that went on without its face way would leave the mistake unseen.
    ///
    /// # Errors
    /// [`ConfigError`] for the first thing that is wrong.
    pub fn load(config: &Config) -> Result<Self, ConfigError> {
        Self::load_at_least(config, weights::LEAST)
    }

    /// The same for a program that takes other weights than the one that ships.
    ///
    /// # Errors
    /// [`ConfigError`] for the first thing that is wrong.
    pub fn load_at_least(config: &Config, least: WeightsLevel) -> Result<Self, ConfigError> {
        let weights = weights(config, least)?;
        let anchors = anchors(config)?;
        let signers = signers(config, &anchors)?;
        Ok(Self {
            terminal_id: config.terminal_id.clone(),
            phone: config.phone.clone(),
            placement: config.placement,
            visual: visual(config)?,
            client: client(config)?,
            result_key: result_key(config)?,
            storage: config.storage.clone(),
            socket: config.socket.clone(),
            screen_uid: config.screen_uid.unwrap_or_else(|| rustix::process::getuid().as_raw()),
            anchors,
            signers,
            weights,
            texts: read_texts(config)?,
            limits: config.limits,
            console: config.console.clone(),
            timeline: None,
        })
    }
}

/// Section `[service]`.
pub(crate) fn client(config: &Config) -> Result<ClientConfig, ConfigError> {
    let service = &config.service;
    Ok(ClientConfig {
        url: service.url.clone(),
        issuer_pem: read_bytes(&service.ca, "[service] ca")?,
        certificate_pem: read_bytes(&service.certificate, "[service] certificate")?,
        key_pem: read_key(&service.key, "[service] key")?,
        limits: RequestLimits::default(),
    })
}

/// Section `[result]`.
pub(crate) fn result_key(config: &Config) -> Result<SigningKey, ConfigError> {
    let name = "[result] key";
    let path = &config.result_key;
    let pem = read_key(path, name)?;
    std::str::from_utf8(&pem).ok().and_then(|pem| SigningKey::from_pkcs8_pem(pem).ok()).ok_or_else(|| {
        ConfigError::new(
            name,
            format!("{} is not a P-256 private key in PKCS#8 PEM form", path.display()),
            "make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out result.key.pem",
        )
    })
}

const NEVER_BOTH: &str = "a terminal serves emulated cards or real ones, never both: remove what is of the other kind";

/// Section `[trust]`.
pub(crate) fn anchors(config: &Config) -> Result<TrustAnchors, ConfigError> {
    TrustAnchors::from_directory(&config.anchors).map_err(|error| {
        let cure = match error {
            AnchorError::Mixed => NEVER_BOTH,
            AnchorError::Unreadable { .. }
            | AnchorError::NotACertificate { .. }
            | AnchorError::NotACa { .. }
            | AnchorError::None
            | AnchorError::TooMany => {
                "put the root certificates of the user certificates there, one .pem or .der file each"
            }
        };
        ConfigError::new("[trust] anchors", format!("{}: {error}", config.anchors.display()), cure)
    })
}

/// Section `[face]`: keys that sign photo records. They and the anchors are all of emulated cards, or none is.
pub(crate) fn signers(config: &Config, anchors: &TrustAnchors) -> Result<SignerKeys, ConfigError> {
    let Some(face) = &config.face else { return Ok(SignerKeys::none()) };
    let name = "[face] signers";
    let folder = face.signers.display();
    let keys = SignerKeys::from_directory(&face.signers).map_err(|error| {
        let cure = match error {
            SignerError::Mixed => NEVER_BOTH,
            SignerError::Unreadable { .. }
            | SignerError::NotAKey { .. }
            | SignerError::Twice { .. }
            | SignerError::None
            | SignerError::TooMany => {
                "put the keys above the data signers there, one .signer file each: lines id, modulus and exponent, in hex"
            }
        };
        ConfigError::new(name, format!("{folder}: {error}"), cure)
    })?;
    if keys.emulated().is_some_and(|emulated| emulated != anchors.emulated()) {
        let (keys, roots) = if anchors.emulated() { ("real", "emulated") } else { ("emulated", "real") };
        return Err(ConfigError::new(
            name,
            format!("{folder}: the keys are of {keys} cards, the roots of [trust] anchors of {roots} ones"),
            NEVER_BOTH,
        ));
    }
    Ok(keys)
}

/// Section `[visual]`. A passcode that is not set yet is no error: the service may have one, and until then the way is
/// closed with its reason.
pub(crate) fn visual(config: &Config) -> Result<Option<Visual>, ConfigError> {
    if let Some(file) = config.visual.as_ref().and_then(|visual| visual.passcode_file.as_ref()) {
        passcode::read_own(file)?;
    }
    Ok(config.visual.clone())
}

/// Section `[face]`: which weights look at faces.
pub(crate) fn weights(config: &Config, least: WeightsLevel) -> Result<Option<Weights>, ConfigError> {
    config.face.as_ref().map(|face| Weights::read(face.manifest.as_deref(), least)).transpose()
}

/// Section `[texts]`, over the built-in files.
pub(crate) fn read_texts(config: &Config) -> Result<Loaded, ConfigError> {
    let refused = |name: &str, path: Option<&Path>, error: TextsError| {
        let file = path.map_or_else(|| "built in".to_owned(), |path| path.display().to_string());
        ConfigError::new(name, format!("{file}: {error}"), error.cure)
    };
    let mut loaded = texts::built_in().map_err(|error| refused("[texts]", None, error))?;
    if let Some(path) = &config.faults {
        let name = "[texts] faults";
        texts::read_faults(&read_file(path, name)?, &mut loaded).map_err(|error| refused(name, Some(path), error))?;
    }
    if let Some(path) = &config.consent {
        let name = "[texts] consent";
        texts::read_consent(&read_file(path, name)?, &mut loaded).map_err(|error| refused(name, Some(path), error))?;
    }
    Ok(loaded)
}

/// A private key: only its owner may read it.
fn read_key(path: &Path, name: &str) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    if fs::metadata(path).is_ok_and(|data| data.mode() & 0o077 != 0) {
        return Err(ConfigError::new(
            name,
            format!("{} can be read by other accounts of this machine", path.display()),
            format!("chmod 600 {}", path.display()),
        ));
    }
    read_bytes(path, name).map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const EXAMPLE: &str = include_str!("../data/reader-daemon.example.toml");

    fn config(folder: &Path) -> Config {
        Config::parse(EXAMPLE, folder).unwrap()
    }

    #[test]
    fn a_missing_key_file_names_key_and_path() {
        let folder = tempfile::tempdir().unwrap();
        let Err(error) = result_key(&config(folder.path())) else { panic!("a key out of nothing") };
        assert_eq!(error.key, "[result] key");
        assert!(error.cause.contains("result.key.pem"), "{error}");
    }

    #[test]
    fn a_key_that_others_can_read_is_refused_with_its_cure() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.key.pem");
        fs::write(&path, "not a key").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let Err(error) = result_key(&config(folder.path())) else { panic!("an exposed key was taken") };
        assert!(error.cure.starts_with("chmod 600"), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let Err(error) = result_key(&config(folder.path())) else { panic!("text was taken as a key") };
        assert!(error.cause.contains("P-256"), "{error}");
        assert!(!error.to_string().contains("not a key"), "contents of a key file never show: {error}");
    }

    #[test]
    fn no_anchors_is_an_error_that_names_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("anchors")).unwrap();
        let error = anchors(&config(folder.path())).unwrap_err();
        assert_eq!(error.key, "[trust] anchors");
    }

    #[test]
    fn signers_are_read_only_for_a_face_way_and_a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = TrustAnchors::from_ders(&[der::pem::decode_vec(include_bytes!("test-anchor.pem")).unwrap().1]);
        let (anchors, mut config) = (anchors.unwrap(), config(folder.path()));
        assert!(signers(&config, &anchors).unwrap().is_empty());
        let at = |name: &str| folder.path().join(name);
        config.face =
            Some(crate::config::Face { models: at("m"), manifest: None, camera: None, signers: at("signers") });
        let error = signers(&config, &anchors).unwrap_err();
        assert_eq!(error.key, "[face] signers");
        assert!(error.cause.contains("signers"), "{error}");
        fs::create_dir(at("signers")).unwrap();
        // The anchor of this test is one of emulated cards, whose keys have ids that begin with the digit 9.
        for (id, taken) in [("39303030303233080530303000000000", true), ("35303030303233080530303000000000", false)] {
            let key = format!("id = {id}\nmodulus = {}\nexponent = 010001\n", "F1".repeat(256));
            fs::write(at("signers").join("one.signer"), key).unwrap();
            match signers(&config, &anchors) {
                Ok(keys) => assert!(taken && keys.len() == 1, "{id}"),
                Err(error) => assert!(!taken && error.cure == NEVER_BOTH, "{id}: {error}"),
            }
        }
    }

    #[test]
    fn own_wordings_take_the_place_of_the_built_in_ones() {
        let folder = tempfile::tempdir().unwrap();
        let own = crate::texts::CONSENT.replace("medicines-2", "medicines-clinic-7");
        fs::write(folder.path().join("own.toml"), own).unwrap();
        let mut config = config(folder.path());
        config.consent = Some(folder.path().join("own.toml"));
        let loaded = read_texts(&config).unwrap();
        assert_eq!(loaded.session.items[&("medicines".into(), screen::Language::Ja)].id, "medicines-clinic-7");
        fs::write(folder.path().join("own.toml"), "[lines]").unwrap();
        let error = read_texts(&config).unwrap_err();
        assert_eq!(error.key, "[texts] consent");
        assert!(error.cause.contains("own.toml"), "{error}");
    }
}
