//! What `doctor` and `desk` say about keys and names: the credential of systemd, and the name in a certificate.

use std::path::Path;

use der::Decode as _;

/// How to make the key, where no outbox was begun.
pub(crate) const MAKE_KEY: &str = "make 32 random bytes with `head -c 32 /dev/urandom | systemd-creds encrypt --name=outbox-key - \
     /etc/credstore.encrypted/outbox-key`, and name it in the unit: LoadCredentialEncrypted=outbox-key";

/// Where that line puts it.
pub(crate) const KEY_FILE: &str = "/etc/credstore.encrypted/outbox-key";

/// The line that runs a command of this program with the daemon's credential.
pub(crate) fn by_systemd(command: &str, config: &Path) -> String {
    let config = std::path::absolute(config).unwrap_or_else(|_| config.to_path_buf());
    format!(
        "systemd did not start this, so the key is not at hand: systemd-run --pipe --wait \
         -p LoadCredentialEncrypted=outbox-key:/etc/credstore.encrypted/outbox-key -p User=reader-daemon \
         reader-daemon {command} --config {} (with the daemon's own user after User=)",
        config.display()
    )
}

/// The one common name of the first certificate of a PEM file.
pub(crate) fn common_name(pem: &[u8]) -> Option<String> {
    const END: &str = "-----END CERTIFICATE-----";
    let text = std::str::from_utf8(pem).ok()?;
    let begin = text.find("-----BEGIN CERTIFICATE-----")?;
    let block = text.get(begin..)?;
    let block = block.get(..block.find(END)? + END.len())?;
    let (_, der) = der::pem::decode_vec(block.as_bytes()).ok()?;
    let certificate = x509_cert::Certificate::from_der(&der).ok()?;
    let parts = certificate.tbs_certificate.subject.0.iter().flat_map(|part| part.0.iter());
    let mut names = parts.filter(|part| part.oid == const_oid::db::rfc4519::CN);
    let (name, None) = (names.next()?, names.next()) else { return None };
    std::str::from_utf8(name.value.value()).ok().map(str::to_owned)
}
