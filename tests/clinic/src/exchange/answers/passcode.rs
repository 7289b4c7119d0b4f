//! 目視確認用パスコード取得, OQS-IF-049/050: new digits for staff, once; their hash for terminals from the next session on.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, SaltString},
};
use qualification::PasscodeCopy;
use rand_core::{OsRng, RngCore};

use super::{Trouble, header};
use crate::{
    files::{
        Encoding,
        codes::ProcessingResultStatus,
        messages::facility::{Passcode, PasscodeAnswerBody, PasscodeAnswerFile, PasscodeFile},
    },
    service::Service,
};

pub(super) fn answer(service: &Service, bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, Trouble> {
    let (request, _) = PasscodeFile::read(bytes)?;
    let header = header(service, &request.header, encoding)?;
    let (passcode, copy) = fresh().ok_or_else(|| Trouble::Failed("no passcode could be made".to_owned()))?;
    let body = PasscodeAnswerBody {
        processing_result_status: Some(ProcessingResultStatus::Done.into()),
        passcode: Some(passcode.into()),
        ..PasscodeAnswerBody::default()
    };
    service.controls.set_passcode(Some(copy));
    Ok(PasscodeAnswerFile::new(header, body).write(encoding))
}

/// Six digits, each as likely as any other, and their hash.
fn fresh() -> Option<(Passcode, PasscodeCopy)> {
    const BELOW: u32 = 1_000_000;
    let number = loop {
        let mut bytes = [0; 4];
        OsRng.try_fill_bytes(&mut bytes).ok()?;
        let number = u32::from_le_bytes(bytes);
        // The uneven rest of the range would make low numbers likelier.
        if number < u32::MAX - u32::MAX % BELOW {
            break number % BELOW;
        }
    };
    let passcode = Passcode::new(&format!("{number:06}"))?;
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(passcode.digits().as_bytes(), &salt).ok()?;
    Some((passcode, PasscodeCopy { argon2id: hash.to_string() }))
}
