//! An emulated card on a reader, driven by hand: what the terminal does after a face was found to be the photo's.

use apdu_fixtures::{CardOptions, EmulatedCard, EmulatedReader, Hand, Person, Profile, people};
use base64ct::{Base64, Encoding};
use card::{Channel, Reader};
use qualification::{
    ClientError, Opening,
    protocol::{Authenticate, Authenticated, Item, ItemAnswer, Method, PhotoRecord, Relay, ResultClaims},
    statement,
};
use sha2::{Digest, Sha256};

use crate::terminal::Terminal;

/// Identity of the weights in these tests' results.
pub(crate) const WEIGHTS: &str = "sface@0123456789abcdef";

/// DigestInfo of SHA-256 without the hash (card.md 4.3).
const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

pub(crate) struct FaceCard {
    pub(crate) hand: Hand,
    pub(crate) person: Person,
    /// User certificate, and that of its CA.
    pub(crate) der: Vec<u8>,
    pub(crate) ca: Vec<u8>,
    channel: Box<dyn Channel>,
}

impl FaceCard {
    pub(crate) fn of(serial: u32) -> Self {
        Self::made(serial, |_| {})
    }

    pub(crate) fn made(serial: u32, change: impl FnOnce(&mut CardOptions)) -> Self {
        let person = people::by_serial(serial).unwrap();
        let mut options = CardOptions::today();
        change(&mut options);
        let (reader, hand) = EmulatedReader::new("reader");
        hand.insert(EmulatedCard::new(Profile::Standard, &person, options));
        let channel = reader.connect().unwrap();
        let mut card = Self { hand, person, der: Vec::new(), ca: Vec::new(), channel };
        card.good(&[0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]);
        card.der = card.file(0x0A);
        card.ca = card.file(0x0B);
        card
    }

    pub(crate) fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.channel.transmit(command).unwrap()
    }

    fn good(&mut self, command: &[u8]) -> Vec<u8> {
        let mut response = self.transmit(command);
        assert!(response.ends_with(&[0x90, 0x00]), "{command:02X?}: {response:02X?}");
        response.truncate(response.len() - 2);
        response
    }

    /// One DER file of the application, cut to its length.
    fn file(&mut self, id: u8) -> Vec<u8> {
        self.good(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, id]);
        let head = self.good(&[0x00, 0xB0, 0x00, 0x00, 0x04]);
        assert_eq!(head[..2], [0x30, 0x82]);
        let length = 4 + usize::from(u16::from_be_bytes([head[2], head[3]]));
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let at = u16::try_from(bytes.len()).unwrap().to_be_bytes();
            let want = (length - bytes.len()).min(200);
            bytes.extend(self.good(&[0x00, 0xB0, at[0], at[1], u8::try_from(want).unwrap()]));
        }
        bytes
    }

    pub(crate) fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// The one `80 2A` that the terminal sends itself: the card's whole response.
    pub(crate) fn sign(&mut self, message: &[u8]) -> Vec<u8> {
        let hash: [u8; 32] = Sha256::digest(message).into();
        let command = [&[0x80, 0x2A, 0x00, 0x97, 0x33], &DIGEST_INFO[..], &hash, &[0x00]].concat();
        self.transmit(&command)
    }

    /// What the authenticated photo record says about the card's own person.
    pub(crate) fn record(&self) -> PhotoRecord {
        let sex = char::from(self.person.sex.digit()).to_string();
        PhotoRecord { birth_date: self.person.birth.to_string(), sex }
    }

    pub(crate) fn authenticate_with(&self, signature: &[u8], method: Method) -> Authenticate {
        Authenticate {
            method,
            certificate: Base64::encode_string(&self.der),
            ca_certificate: Base64::encode_string(&self.ca),
            signature: Base64::encode_string(signature),
            photo_record: matches!(method, Method::Face | Method::Visual).then(|| self.record()),
        }
    }
}

impl Terminal {
    /// One request of the relay by face for this card.
    pub(crate) async fn ask(
        &self,
        opening: &Opening,
        card: &FaceCard,
        response: Option<&[u8]>,
    ) -> Result<Option<Vec<u8>>, ClientError> {
        self.ask_by(Method::Face, opening, card, response).await
    }

    pub(crate) async fn ask_by(
        &self,
        method: Method,
        opening: &Opening,
        card: &FaceCard,
        response: Option<&[u8]>,
    ) -> Result<Option<Vec<u8>>, ClientError> {
        let question = Relay::new(method, &card.sha256(), response);
        self.client.relay(&opening.opened.session_id, &question).await.map(|answer| answer.bytes())
    }

    /// The whole relay; returns the commands as they came.
    pub(crate) async fn relay(&self, opening: &Opening, card: &mut FaceCard) -> Result<Vec<Vec<u8>>, ClientError> {
        self.relay_by(Method::Face, opening, card).await
    }

    pub(crate) async fn relay_by(
        &self,
        method: Method,
        opening: &Opening,
        card: &mut FaceCard,
    ) -> Result<Vec<Vec<u8>>, ClientError> {
        let mut commands = Vec::new();
        let mut response = None;
        while let Some(command) = self.ask_by(method, opening, card, response.as_deref()).await? {
            response = Some(card.transmit(&command));
            commands.push(command);
        }
        Ok(commands)
    }

    /// The proof by face; the card must be ready to sign.
    pub(crate) fn face_proof(&self, opening: &Opening, card: &mut FaceCard) -> Authenticate {
        self.proof_by(Method::Face, opening, card)
    }

    pub(crate) fn proof_by(&self, method: Method, opening: &Opening, card: &mut FaceCard) -> Authenticate {
        let (session, nonce) = (&opening.opened.session_id, &opening.nonce);
        let mut signature = card.sign(&statement(&self.id, session, nonce, method, &card.sha256()));
        assert_eq!(signature.len(), 258, "{signature:02X?}");
        signature.truncate(256);
        card.authenticate_with(&signature, method)
    }

    pub(crate) async fn send_proof(
        &self,
        opening: &Opening,
        proof: &Authenticate,
    ) -> Result<Authenticated, ClientError> {
        self.client.authenticate(&opening.opened.session_id, proof).await
    }

    /// Relay and proof of one card in a new session.
    pub(crate) async fn by_face(&self, card: &mut FaceCard) -> (Opening, Authenticated) {
        let opening = self.open().await;
        self.relay(&opening, card).await.unwrap();
        let proof = self.face_proof(&opening, card);
        let found = self.send_proof(&opening, &proof).await.unwrap();
        (opening, found)
    }

    pub(crate) fn face_claims(
        &self,
        opening: &Opening,
        card: &FaceCard,
        items: &[Item],
        answer: impl Fn(&Item) -> ItemAnswer,
    ) -> ResultClaims {
        let claims = self.claims_for(opening, &card.sha256(), items.iter().map(answer).collect());
        ResultClaims { method: Method::Face, weights: WEIGHTS.into(), ..claims }
    }
}
