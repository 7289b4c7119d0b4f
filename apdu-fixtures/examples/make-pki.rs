//! Writes the certificates of the made-up PKI again: `cargo run -p apdu-fixtures --example make-pki`. With
//! `-- --new-keys` it makes new keys first; run it once more then, because keys are compiled in.

use std::path::Path;
use std::{env, fs, io};

use apdu_fixtures::pki::{Authority, KeyName, NOT_REAL, certificate_pem, write_anchors, write_signer_keys};
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use rand_core::OsRng;

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pki");
    if env::args().any(|argument| argument == "--new-keys") {
        for (name, file) in KeyName::ALL {
            let pem = match name.is_elliptic() {
                Some(256) => p256::SecretKey::random(&mut OsRng).to_pkcs8_pem(LineEnding::LF),
                Some(_) => p384::SecretKey::random(&mut OsRng).to_pkcs8_pem(LineEnding::LF),
                None => {
                    rsa::RsaPrivateKey::new(&mut OsRng, 2048).map_err(io::Error::other)?.to_pkcs8_pem(LineEnding::LF)
                }
            };
            let pem = pem.map_err(io::Error::other)?;
            fs::write(folder.join("keys").join(file), format!("{NOT_REAL}\n{}", *pem))?;
        }
        println!("new keys: run this once more without --new-keys, then make-recordings");
        return Ok(());
    }
    write_signer_keys(&folder.join("signers"))?;
    write_anchors(&folder.join("anchors"))?;
    for authority in Authority::ALL.into_iter().filter(|authority| !Authority::LISTED.contains(authority)) {
        let file = folder.join(format!("{}.pem", authority.file_stem()));
        fs::write(&file, certificate_pem(&authority.certificate()))?;
    }
    println!("written: {}", folder.display());
    Ok(())
}
