//! The clinic's own test PKI in its folder: one CA, the service's certificate, and a bundle per terminal.
//!
//! Not for production: the CA's key lies beside everything else. A clinic brings its own PKI.

use std::{
    fs,
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use der::Decode;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use p256::{
    ecdsa::SigningKey,
    pkcs8::{EncodePrivateKey, LineEnding},
};
use qualification::bundle::is_terminal_id;
use rand_core::OsRng;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};

const CA_NAME: &str = "Clinic test CA - NOT FOR PRODUCTION";

/// The CA of one clinic folder.
pub struct Pki {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    ca_pem: String,
}

/// What the service shows on TLS.
pub struct ServiceCertificate {
    /// Its chain.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its key.
    pub key: PrivateKeyDer<'static>,
    /// The one issuer of client certificates.
    pub client_issuer: CertificateDer<'static>,
}

impl Pki {
    /// Reads the CA in `folder`, or makes one.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn open(folder: &Path) -> Result<Self> {
        make_folder(folder)?;
        let (key_path, pem_path) = (folder.join("ca.key"), folder.join("ca.pem"));
        let (key, ca_pem) = if key_path.exists() {
            let key = fs::read_to_string(&key_path).with_context(|| key_path.display().to_string())?;
            let pem = fs::read_to_string(&pem_path).with_context(|| pem_path.display().to_string())?;
            (KeyPair::from_pem(&key).with_context(|| key_path.display().to_string())?, pem)
        } else {
            let key = KeyPair::generate()?;
            let pem = ca_params()?.self_signed(&key)?.pem();
            write_private(&pem_path, &pem)?;
            // The key comes last: its presence says that both are there.
            write_private(&key_path, &key.serialize_pem())?;
            (key, pem)
        };
        Ok(Self { folder: folder.to_owned(), issuer: Issuer::new(ca_params()?, key), ca_pem })
    }

    /// A fresh certificate for the service, for loopback only.
    ///
    /// # Errors
    /// The certificate cannot be made.
    pub fn service_certificate(&self) -> Result<ServiceCertificate> {
        let key = KeyPair::generate()?;
        let mut params = leaf_params("clinic", ExtendedKeyUsagePurpose::ServerAuth)?;
        params.subject_alt_names = vec![
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
            SanType::DnsName("localhost".try_into()?),
        ];
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(ServiceCertificate {
            chain: vec![certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            client_issuer: CertificateDer::from_pem_slice(self.ca_pem.as_bytes())?,
        })
    }

    /// Writes the bundle of a terminal into `bundle` and returns the public key of its signed results, SEC 1.
    /// Keys that are already there stay; the address is written anew.
    ///
    /// # Errors
    /// Files that cannot be read or written; a name that is none.
    pub fn terminal(&self, id: &str, bundle: &Path, url: &str) -> Result<Vec<u8>> {
        ensure!(is_terminal_id(id), "{id:?} cannot name a terminal: 1 to 64 letters, digits, '-', '_' and '.'");
        make_folder(bundle)?;
        let path = |name: &str| bundle.join(name);
        write_private(&path("service-ca.pem"), &self.ca_pem)?;
        if !path("client.key").exists() {
            let key = KeyPair::generate()?;
            let certificate = leaf_params(id, ExtendedKeyUsagePurpose::ClientAuth)?.signed_by(&key, &self.issuer)?;
            write_private(&path("client.pem"), &certificate.pem())?;
            write_private(&path("client.key"), &key.serialize_pem())?;
        }
        if !path("result.key").exists() {
            let key = SigningKey::random(&mut OsRng);
            write_private(&path("result.key"), &key.to_pkcs8_pem(LineEnding::LF).context("result key")?)?;
        }
        write_private(&path("terminal.toml"), &format!("id = \"{id}\"\nurl = \"{url}\"\n"))?;
        make_folder(&path("storage"))?;
        make_folder(&path("anchors"))?;
        write_private(&path("reader-daemon.toml"), &configuration(id, url))?;
        let bundle = qualification::Bundle::load(bundle)?;
        Ok(bundle.result_key.verifying_key().to_encoded_point(false).as_bytes().to_vec())
    }

    /// The folder of this CA.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// A whole configuration of the daemon; its paths start at the bundle's folder.
fn configuration(id: &str, url: &str) -> String {
    format!(
        "# Written by the clinic at every start: copy it before you change it.\n\n\
         [terminal]\nid = \"{id}\"\n\n\
         [reader]\n# A part of the PC/SC reader's name, as `pcsc_scan -r` shows it.\npattern = \"Reader\"\n\n\
         [service]\nurl = \"{url}\"\nca = \"service-ca.pem\"\ncertificate = \"client.pem\"\nkey = \"client.key\"\n\n\
         [result]\nkey = \"result.key\"\n\n\
         [storage]\ndirectory = \"storage\"\n\n\
         [screen]\nsocket = \"screen.sock\"\n\n\
         [trust]\nanchors = \"anchors\"\n"
    )
}

/// The terminal's name in its client certificate: the one common name of the subject.
#[must_use]
pub fn terminal_of(certificate: &[u8]) -> Option<String> {
    let parsed = x509_cert::Certificate::from_der(certificate).ok()?;
    let parts = parsed.tbs_certificate.subject.0.iter().flat_map(|part| part.0.iter());
    let mut names = parts.filter(|part| part.oid == const_oid::db::rfc4519::CN);
    let (name, None) = (names.next()?, names.next()) else { return None };
    let text = std::str::from_utf8(name.value.value()).ok()?;
    is_terminal_id(text).then(|| text.to_owned())
}

fn ca_params() -> Result<CertificateParams> {
    let mut params = params(CA_NAME, 10)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn leaf_params(name: &str, usage: ExtendedKeyUsagePurpose) -> Result<CertificateParams> {
    let mut params = params(name, 2)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn params(name: &str, years: i16) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let day = |date: Date| date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    params.not_before = day(today.checked_sub(1.day())?);
    params.not_after = day(today.checked_add(years.years())?);
    Ok(params)
}

/// Makes `to` hold the certificates of `from` and no others.
pub(crate) fn copy_anchors(from: &Path, to: &Path) -> Result<()> {
    let files = |folder: &Path| -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        entries.map(|entry| Ok(entry.with_context(|| folder.display().to_string())?.path())).collect()
    };
    // Read first: nothing is taken away when the new ones cannot be read, or are the same folder.
    let mut found = Vec::new();
    for path in files(from)? {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if ["pem", "crt", "cer", "der"].contains(&ending) {
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            found.push((to.join(path.file_name().unwrap_or_default()), bytes));
        }
    }
    for old in files(to)? {
        fs::remove_file(&old).with_context(|| old.display().to_string())?;
    }
    for (path, bytes) in found {
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| path.display().to_string())
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())
    };
    write().with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_named_by_the_one_common_name_of_its_certificate() {
        let key = KeyPair::generate().unwrap();
        let named = |names: &[&str]| {
            let mut params = params("x", 1).unwrap();
            params.distinguished_name = DistinguishedName::new();
            for (n, name) in names.iter().enumerate() {
                // Another kind of attribute first: only the common name counts.
                let kind = if n == 0 { DnType::CommonName } else { DnType::OrganizationName };
                params.distinguished_name.push(kind, *name);
            }
            terminal_of(params.self_signed(&key).unwrap().der())
        };
        assert_eq!(named(&["terminal-1"]).as_deref(), Some("terminal-1"));
        assert_eq!(named(&["terminal-1", "Clinic"]).as_deref(), Some("terminal-1"));
        assert_eq!(named(&["terminal 1"]), None);
        assert_eq!(named(&[]), None);
        assert_eq!(terminal_of(b"garbage"), None);
    }

    #[test]
    fn the_same_folder_keeps_its_ca_and_its_terminals_keys() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("terminal");
        let first = Pki::open(folder.path()).unwrap();
        let key = first.terminal("t-1", &bundle, "https://127.0.0.1:1").unwrap();
        let again = Pki::open(folder.path()).unwrap();
        assert_eq!(first.ca_pem, again.ca_pem);
        assert_eq!(again.terminal("t-1", &bundle, "https://127.0.0.1:2").unwrap(), key);
        assert_eq!(qualification::Bundle::load(&bundle).unwrap().client.url, "https://127.0.0.1:2");
        assert!(again.terminal("no name", &bundle, "https://127.0.0.1:2").is_err());
    }
}
