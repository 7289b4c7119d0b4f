//! A whole visit without a terminal: the shipped client over real TLS with a card of the made-up PKI, by PIN. For vendors who
//! want to see files, not patients.

use anyhow::{Context, Result, anyhow, ensure};
use apdu_fixtures::{
    Issuer, Person, UserKey,
    pki::{self, PrivateKey, Validity},
};
use base64ct::{Base64, Encoding};
use jiff::civil::date;
use p256::ecdsa::{DerSignature, signature::Signer};
use qualification::{
    Bundle, Client, clock, ids,
    protocol::{
        Answer, Ask, Authenticate, Authenticated, By, How, Item, ItemAnswer, Method, Qualification, ResultClaims,
        VERSION, WeightsLevel,
    },
    result, statement,
};
use rand_core::OsRng;
use sha2::{Digest, Sha256};

use crate::{Clinic, items::Kind, patients::Sex};

/// What the patient of such a visit presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presses {
    /// 同意する, and the electronic prescription.
    Agree,
    /// 同意しない, and the paper prescription.
    Decline,
}

impl Clinic {
    /// A visit of an invented person with the first terminal's bundle. `None`: the person was turned away.
    ///
    /// # Errors
    /// Nobody has this serial, or the service refuses the visit.
    pub async fn visit(&self, serial: u32, presses: Presses) -> Result<(Qualification, Option<String>)> {
        let known = self.service.centre.person(serial.into()).with_context(|| format!("serial {serial} is nobody"))?;
        let sex = match known.sex {
            Sex::Male => apdu_fixtures::Sex::Male,
            Sex::Female => apdu_fixtures::Sex::Female,
        };
        let person = Person::new(serial, &known.name, known.born, sex);
        let validity = Validity { issued: date(2022, 1, 1), ends: date(2099, 12, 31) };
        let certificate = pki::user_certificate(&person, UserKey::P256, Issuer::Listed, validity);
        let sha256: [u8; 32] = Sha256::digest(&certificate).into();
        let PrivateKey::P256(key) = UserKey::P256.of(&person).key() else {
            return Err(anyhow!("the card's key is of another kind"));
        };

        let bundle = Bundle::load(self.terminal())?;
        let (terminal, result_key) = (bundle.terminal_id, bundle.result_key);
        let client = Client::new(bundle.client)?;
        let opening = client.open(env!("CARGO_PKG_VERSION")).await?;
        ensure!(opening.clocks_agree, "the service's clock is off by more than a minute: no visit goes on");
        let session = &opening.opened.session_id;
        let signature: DerSignature = key.sign(&statement(&terminal, session, &opening.nonce, Method::Pin, &sha256));
        let proof = Authenticate {
            method: Method::Pin,
            certificate: Base64::encode_string(&certificate),
            ca_certificate: Base64::encode_string(&pki::Authority::AuthP256.certificate_der()),
            signature: Base64::encode_string(signature.as_bytes()),
            photo_record: None,
        };
        let found = client.authenticate(session, &proof).await?;
        if !can_be_received(&found) {
            return Ok((found.qualification, None));
        }
        let time_ms = clock::now_ms();
        let claims = ResultClaims {
            protocol: VERSION,
            result_id: ids::fresh(&mut OsRng).map_err(|_| anyhow!("no random bytes"))?,
            session_id: session.clone(),
            terminal_id: terminal,
            certificate_sha256: ids::hex(&sha256),
            method: Method::Pin,
            weights: "none".into(),
            weights_level: Some(WeightsLevel::None),
            time_ms,
            valid_until_ms: result::valid_until(time_ms),
            confirmed_by: None,
            items: found.items.iter().map(|item| answer(item, presses)).collect(),
        };
        let jws = result::sign(&result_key, &claims)?;
        let receipt = client.submit(session, &claims.result_id, &jws).await?;
        Ok((found.qualification, Some(receipt.receipt_id)))
    }
}

const fn can_be_received(found: &Authenticated) -> bool {
    match found.qualification {
        Qualification::Valid
        | Qualification::Invalid
        | Qualification::InvalidNewExists
        | Qualification::NotFound
        | Qualification::Several => true,
        Qualification::Processing
        | Qualification::CentreError
        | Qualification::NotSignedUp
        | Qualification::NotLookedUp => false,
    }
}

fn answer(item: &Item, presses: Presses) -> ItemAnswer {
    let pressed = match (Kind::of(&item.id), presses) {
        (Some(Kind::Prescription), Presses::Agree) => Answer::Electronic,
        (Some(Kind::Prescription), Presses::Decline) => Answer::Paper,
        (Some(Kind::Health | Kind::OtherCertificates) | None, Presses::Agree) => Answer::Agreed,
        (Some(Kind::Health | Kind::OtherCertificates) | None, Presses::Decline) => Answer::Declined,
    };
    let (answer, how, by) = match item.ask {
        Ask::Yes => (pressed, How::Now, By::Patient),
        Ask::Grace => (Answer::NotAskedGrace, How::Nothing, By::Nobody),
        Ask::NotApplicable | Ask::Desk => (Answer::NotAsked, How::Nothing, By::Nobody),
    };
    ItemAnswer {
        id: item.id.clone(),
        wording_id: format!("{}-trial", item.id),
        wording_hash: ids::hex(&Sha256::digest(item.id.as_bytes())),
        language: "ja".into(),
        answer,
        how,
        by,
    }
}
