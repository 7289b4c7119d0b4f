//! A clinic, a terminal with its bundle, and cards that sign.

use std::path::Path;

use apdu_fixtures::{
    Issuer, Person, Sex, UserKey, people,
    pki::{self, PrivateKey, Validity},
};
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use card::TrustAnchors;
use clinic::{Clinic, ClinicOptions};
use jiff::{
    ToSpan, Zoned,
    civil::{Date, date},
};
use p256::ecdsa::SigningKey;
use qualification::{
    Bundle, Client, ClientError, Opening, Word, clock, ids,
    protocol::{
        Answer, Ask, Authenticate, Authenticated, By, How, Item, ItemAnswer, Method, Receipt, ResultClaims, VERSION,
        WeightsLevel,
    },
    result, statement,
};
use rand_core::OsRng;
use rsa::signature::{SignatureEncoding, Signer};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub(crate) struct Setting {
    pub(crate) clinic: Clinic,
    pub(crate) terminal: Terminal,
    pub(crate) folder: TempDir,
}

pub(crate) fn anchors() -> TrustAnchors {
    TrustAnchors::from_ders(&pki::anchors()).unwrap()
}

pub(crate) async fn start() -> Setting {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut ClinicOptions)) -> Setting {
    let folder = tempfile::tempdir().unwrap();
    let mut options = ClinicOptions::new(folder.path(), anchors());
    change(&mut options);
    let clinic = Clinic::start(options).await.unwrap();
    let terminal = Terminal::of(clinic.terminal());
    Setting { clinic, terminal, folder }
}

pub(crate) struct Terminal {
    pub(crate) id: String,
    pub(crate) client: Client,
    pub(crate) key: SigningKey,
}

impl Terminal {
    pub(crate) fn of(bundle: &Path) -> Self {
        Self::changed(bundle, |_| {})
    }

    pub(crate) fn changed(bundle: &Path, change: impl FnOnce(&mut Bundle)) -> Self {
        let mut bundle = Bundle::load(bundle).unwrap();
        change(&mut bundle);
        Self { id: bundle.terminal_id, client: Client::new(bundle.client).unwrap(), key: bundle.result_key }
    }

    pub(crate) async fn open(&self) -> Opening {
        self.client.open("test").await.unwrap()
    }

    pub(crate) fn proof(&self, opening: &Opening, card: &Card) -> Authenticate {
        let (session, nonce) = (&opening.opened.session_id, &opening.nonce);
        card.prove(&statement(&self.id, session, nonce, Method::Pin, &card.sha256()))
    }

    /// The proof of a phone with this certificate.
    pub(crate) async fn by_phone(&self, opening: &Opening, card: &Card) -> Result<Authenticated, ClientError> {
        let (session, nonce) = (&opening.opened.session_id, &opening.nonce);
        let message = statement(&self.id, session, nonce, Method::Phone, &card.sha256());
        self.client.authenticate(session, &card.prove_by(Method::Phone, &message)).await
    }

    pub(crate) async fn authenticate(&self, opening: &Opening, card: &Card) -> Result<Authenticated, ClientError> {
        self.client.authenticate(&opening.opened.session_id, &self.proof(opening, card)).await
    }

    pub(crate) fn claims(&self, opening: &Opening, card: &Card, items: Vec<ItemAnswer>) -> ResultClaims {
        self.claims_for(opening, &card.sha256(), items)
    }

    /// Claims by PIN about the certificate with this SHA-256.
    pub(crate) fn claims_for(&self, opening: &Opening, sha256: &[u8; 32], items: Vec<ItemAnswer>) -> ResultClaims {
        let time_ms = clock::now_ms();
        ResultClaims {
            protocol: VERSION,
            result_id: ids::fresh(&mut OsRng).unwrap(),
            session_id: opening.opened.session_id.clone(),
            terminal_id: self.id.clone(),
            certificate_sha256: ids::hex(sha256),
            method: Method::Pin,
            weights: "none".into(),
            weights_level: Some(WeightsLevel::Research),
            time_ms,
            valid_until_ms: result::valid_until(time_ms),
            confirmed_by: None,
            items,
        }
    }

    pub(crate) fn sign(&self, claims: &ResultClaims) -> String {
        result::sign(&self.key, claims).unwrap()
    }

    /// As a terminal signed that did not tell the level of its weights yet.
    pub(crate) fn sign_as_before(&self, claims: &ResultClaims) -> String {
        let part = |json: &serde_json::Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
        let kid = result::key_id(self.key.verifying_key());
        let head = serde_json::json!({"alg": "ES256", "typ": "reader-daemon-result+jws", "kid": kid});
        let signed = format!("{}.{}", part(&head), part(&serde_json::to_value(claims).unwrap()));
        let signature: p256::ecdsa::Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()))
    }

    pub(crate) async fn submit(&self, claims: &ResultClaims) -> Result<Receipt, ClientError> {
        self.client.submit(&claims.session_id, &claims.result_id, &self.sign(claims)).await
    }

    /// Everything up to the signed claims, with one answer to all questions.
    pub(crate) async fn visit(&self, card: &Card, answer: Answer) -> ResultClaims {
        let opening = self.open().await;
        let found = self.authenticate(&opening, card).await.unwrap();
        self.claims(&opening, card, found.items.iter().map(|item| answered(item, answer)).collect())
    }
}

/// The answer as a terminal would give it: items that are not to be asked stay silent.
pub(crate) fn answered(item: &Item, answer: Answer) -> ItemAnswer {
    let silent = |answer| (answer, How::Nothing, By::Nobody);
    let answer = match (item.id.as_str(), answer) {
        ("prescription", Answer::Agreed) => Answer::Electronic,
        ("prescription", Answer::Declined) => Answer::Paper,
        (_, answer) => answer,
    };
    let (answer, how, by) = match item.ask {
        Ask::Yes if answer == Answer::NotAnswered => silent(answer),
        Ask::Yes => (answer, How::Now, By::Patient),
        Ask::Grace => silent(Answer::NotAskedGrace),
        Ask::NotApplicable | Ask::Desk => silent(Answer::NotAsked),
    };
    ItemAnswer {
        id: item.id.clone(),
        wording_id: format!("{}-1", item.id),
        wording_hash: ids::hex(&Sha256::digest(item.id.as_bytes())),
        language: "ja".into(),
        answer,
        how,
        by,
    }
}

/// Somebody of the clinic's table: with an emulated card, or made up here where none is.
pub(crate) fn person(serial: u32) -> Person {
    let other = || match serial {
        1017 => Person::new(1017, "見本 登", date(1982, 6, 6), Sex::Male),
        1018 => Person::new(1018, "見本 戻", date(1964, 2, 29), Sex::Male),
        other => panic!("{other} is nobody"),
    };
    people::by_serial(serial).unwrap_or_else(other)
}

/// A card after its PIN was accepted: certificate, CA, key.
pub(crate) struct Card {
    pub(crate) der: Vec<u8>,
    pub(crate) ca: Vec<u8>,
    key: &'static PrivateKey,
}

impl Card {
    pub(crate) fn of(serial: u32) -> Self {
        Self::made(serial, UserKey::Rsa2048, Issuer::Listed, 700)
    }

    /// `ends`: days from today to the last valid day.
    pub(crate) fn made(serial: u32, key: UserKey, issuer: Issuer, ends: i32) -> Self {
        let ends = Zoned::now().date().checked_add(ends.days()).unwrap();
        Self::ending(serial, key, issuer, ends)
    }

    /// `ends`: the last valid day.
    pub(crate) fn ending(serial: u32, key: UserKey, issuer: Issuer, ends: Date) -> Self {
        let person = person(serial);
        let validity = Validity { issued: date(2022, 1, 1), ends };
        let authority = match (issuer, key) {
            (Issuer::Unlisted, _) => pki::Authority::Unlisted,
            (Issuer::Previous, _) => pki::Authority::Auth1,
            (Issuer::Listed | Issuer::Forged, UserKey::Rsa2048) => pki::Authority::Auth2,
            (Issuer::Listed | Issuer::Forged, UserKey::P256) => pki::Authority::AuthP256,
            (Issuer::Listed | Issuer::Forged, UserKey::P384) => pki::Authority::AuthP384,
        };
        Self {
            der: pki::user_certificate(&person, key, issuer, validity),
            ca: authority.certificate_der(),
            key: key.of(&person).key(),
        }
    }

    pub(crate) fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self.key {
            PrivateKey::Rsa(key) => rsa::pkcs1v15::SigningKey::<Sha256>::new((**key).clone()).sign(message).to_vec(),
            PrivateKey::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
            PrivateKey::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
        }
    }

    pub(crate) fn prove(&self, statement: &[u8]) -> Authenticate {
        self.prove_by(Method::Pin, statement)
    }

    pub(crate) fn prove_by(&self, method: Method, statement: &[u8]) -> Authenticate {
        Authenticate {
            method,
            certificate: Base64::encode_string(&self.der),
            ca_certificate: Base64::encode_string(&self.ca),
            signature: Base64::encode_string(&self.sign(statement)),
            photo_record: None,
        }
    }
}

/// The stable word of a refusal; anything else fails the test.
#[track_caller]
pub(crate) fn word<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> Word {
    match answer {
        Err(ClientError::Refused(problem, status)) => {
            let word = Word::of(&problem.error).expect("a word of the protocol");
            assert_eq!(status, word.status());
            word
        }
        other => panic!("a refusal was expected, not {other:?}"),
    }
}
