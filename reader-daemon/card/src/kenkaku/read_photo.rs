//! From the surface code to an authentic photo: nothing is returned before passive and active authentication hold
//! (card.md 5.4, 5.5). The signer's certificate is free to read, so it is checked before a try is risked.

use zeroize::Zeroizing;

use crate::{
    CardError, Certificate, Channel, SurfaceCode,
    apdu::StatusWord,
    commands::{
        compute_signature, read_binary,
        select::{self, Selected},
        verify::{self, PinOutcome},
    },
    conversation::Conversation,
    jpki::Jpki,
    limits,
};

use super::{
    Photo, PhotoOutcome, PhotoRecord, SignerKeys,
    certificate::{NoSigner, signer_key},
    record::CardFace,
};

/// 券面事項確認AP, whole: the card would accept a beginning of it.
const AID: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];

/// Short identifiers of the EFs in use (card.md 3.2). The My Number (0005) and its image are never touched.
mod ef {
    /// The face of the card.
    pub(super) const CARD_FACE: u8 = 0x02;
    /// Certificate of its signer.
    pub(super) const SIGNER: u8 = 0x04;
    /// 照合番号B.
    pub(super) const SURFACE_CODE: u8 = 0x12;
}

/// P2 of a signature by the application's own key (card.md 5.5).
const OWN_KEY: u8 = 0x00;

/// Reads the photo with the surface code, which is handed to the card once at most and not at all with three or fewer
/// tries left, and checks that record and chip are authentic. `challenge`: 16 random bytes, new for each call.
/// Follows [`crate::read_card`] on the same channel and leaves JPKI selected, whatever happens: nothing stays verified
/// in Kenkaku and [`crate::verify_and_sign`] can follow.
///
/// # Errors
/// [`CardError`]. After an error at or behind VERIFY a try may be spent; nothing is repeated.
pub fn read_photo(
    channel: &mut dyn Channel,
    certificate: &Certificate,
    code: SurfaceCode,
    signers: &SignerKeys,
    challenge: &[u8; 16],
) -> Result<PhotoOutcome, CardError> {
    if !Jpki::selected(channel).still_holds(certificate)? {
        return Ok(PhotoOutcome::Changed);
    }
    let outcome = read(&mut Conversation::resumed(channel), code, signers, challenge);
    match (outcome, Jpki::selected(channel).select_again()) {
        // With the code still verified in the card and JPKI out of reach the visit cannot go on by face.
        (Ok(PhotoOutcome::Authentic(_)), Err(error)) => Err(error),
        (outcome, _) => outcome,
    }
}

fn read(
    card: &mut Conversation<'_>,
    code: SurfaceCode,
    signers: &SignerKeys,
    challenge: &[u8; 16],
) -> Result<PhotoOutcome, CardError> {
    match select::application(card, &AID)? {
        Selected::Yes => {}
        Selected::NotThere => return Err(select::unexpected(StatusWord::NOT_FOUND)),
        Selected::Refused(status) => return Err(select::unexpected(status)),
    }
    let left = verify::tries_left(card, ef::SURFACE_CODE)?;
    if left <= limits::SURFACE_CODE_STOP {
        return Ok(PhotoOutcome::CodeStopped { left });
    }
    let signer = match read_binary::object(card, ef::SIGNER, &[0x7F, 0x21], limits::MAX_CARD_CERTIFICATE)? {
        Some(certificate) => signer_key(&certificate, signers),
        None => Err(NoSigner::Wrong),
    };
    let signer = match signer {
        Ok(signer) => signer,
        Err(NoSigner::Unknown) => return Ok(PhotoOutcome::UnknownSigner),
        Err(NoSigner::Wrong) => return Ok(PhotoOutcome::Tampered),
    };
    match verify::verify_surface_code(card, ef::SURFACE_CODE, code)? {
        PinOutcome::Accepted => {}
        PinOutcome::Wrong { left } if left > limits::SURFACE_CODE_STOP => return Ok(PhotoOutcome::CodeWrong { left }),
        PinOutcome::Wrong { left } => return Ok(PhotoOutcome::CodeStopped { left }),
        PinOutcome::Blocked => return Ok(PhotoOutcome::CodeStopped { left: 0 }),
    }
    let file: Option<Zeroizing<_>> = read_binary::object(card, ef::CARD_FACE, &[0xFF, 0x20], limits::MAX_CARD_FACE)?;
    let face = file.as_deref().and_then(|file| CardFace::parse(file));
    let Some(authenticated) = face.and_then(|face| face.authenticated(&signer)) else {
        return Ok(PhotoOutcome::Tampered);
    };
    match compute_signature::sign(card, OWN_KEY, &authenticated.chip_key, challenge) {
        Ok(_) => {}
        // `6F00` may be the reader's; whatever else a chip answers to the challenge, it is not the key's signature.
        Err(CardError::Unexpected { status, .. }) if status != StatusWord::INTERNAL => return Ok(PhotoOutcome::Cloned),
        Err(CardError::WrongSignature) => return Ok(PhotoOutcome::Cloned),
        Err(error) => return Err(error),
    }
    if authenticated.photo.is_empty() {
        return Ok(PhotoOutcome::NoPhoto);
    }
    Ok(PhotoOutcome::Authentic(Box::new(PhotoRecord {
        photo: Photo::from(authenticated.photo.to_vec()),
        birth_date: authenticated.birth_date,
        sex: authenticated.sex,
    })))
}
