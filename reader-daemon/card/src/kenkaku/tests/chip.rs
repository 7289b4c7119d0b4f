//! A chip with JPKI's certificate and Kenkaku, as far as a reading of the photo asks.

use rsa::RsaPrivateKey;

use super::{
    CODE,
    face::{Face, key, signed_digest_info},
};
use crate::{Channel, ChannelError, tlv::TlvFile};

pub(super) const SELECT_JPKI: [u8; 15] =
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
pub(super) const SELECT_KENKAKU: [u8; 15] =
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
pub(super) const VERIFY: [u8; 5] = [0x00, 0x20, 0x00, 0x92, 0x0E];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum App {
    Issuer,
    Jpki,
    Kenkaku,
}

/// What a test may change is a field.
#[derive(Clone)]
pub(super) struct Chip {
    pub(super) app: App,
    pub(super) verified: bool,
    pub(super) tries: u8,
    pub(super) face: Vec<u8>,
    pub(super) signer: Vec<u8>,
    pub(super) key: RsaPrivateKey,
    pub(super) query: Option<[u8; 2]>,
    pub(super) verify_answers: Option<[u8; 2]>,
    pub(super) verify_breaks: Option<ChannelError>,
    pub(super) sign_answers: Option<[u8; 2]>,
    pub(super) signs_always: Option<Vec<u8>>,
    /// After so many commands the next one breaks; `true`: only that one.
    pub(super) breaks_after: Option<(usize, bool)>,
    pub(super) sent: Vec<Vec<u8>>,
    certificate: Vec<u8>,
    current: Vec<u8>,
}

impl Chip {
    pub(super) fn new(certificate: &[u8], face: &Face) -> Self {
        Self {
            app: App::Jpki,
            verified: false,
            tries: 10,
            face: face.bytes(),
            signer: super::face::signer_certificate(),
            key: key("card"),
            query: None,
            verify_answers: None,
            verify_breaks: None,
            sign_answers: None,
            signs_always: None,
            breaks_after: None,
            sent: Vec::new(),
            certificate: certificate.to_vec(),
            current: Vec::new(),
        }
    }

    /// How often a code was handed over.
    pub(super) fn verifies(&self) -> usize {
        self.sent.iter().filter(|sent| sent.get(1) == Some(&0x20) && sent.len() > 5).count()
    }

    /// Index of the first byte of the value of `DF<tag>` in the record.
    pub(super) fn place(&self, tag: u32) -> usize {
        let file = TlvFile::parse(&self.face).expect("a record");
        let object = file.objects().find(|object| object.tag == 0xDF00 | tag).expect("the object");
        object.start + object.whole.len() - object.value.len()
    }

    pub(super) fn value_length(&self, tag: u32) -> usize {
        TlvFile::parse(&self.face).expect("a record").value(0xDF00 | tag).expect("the object").len()
    }

    fn read(&mut self, p1: u8, p2: u8, le: u8) -> Vec<u8> {
        let (file, from) = match p1 {
            0x8A if self.app == App::Jpki => (self.certificate.clone(), 0),
            0x84 if self.app == App::Kenkaku => (self.signer.clone(), 0),
            0x82 if self.app == App::Kenkaku && self.verified => (self.face.clone(), 0),
            0x82 if self.app == App::Kenkaku => return vec![0x69, 0x82],
            0x00..=0x7F => (self.current.clone(), usize::from(u16::from_be_bytes([p1, p2]))),
            _ => return vec![0x6A, 0x82],
        };
        let Some(rest) = file.get(from..).filter(|rest| !rest.is_empty()) else { return vec![0x6B, 0x00] };
        let le = if le == 0 { 256 } else { usize::from(le) };
        let answer = [&rest[..le.min(rest.len())], &[0x90, 0x00]].concat();
        self.current = file;
        answer
    }

    fn select(&mut self, app: App) -> Vec<u8> {
        self.verified &= self.app == app;
        self.app = app;
        vec![0x90, 0x00]
    }

    fn verify(&mut self, code: &[u8]) -> Vec<u8> {
        self.verified = code == CODE && self.tries > 0;
        if self.verified {
            self.tries = 10;
            return vec![0x90, 0x00];
        }
        self.tries = self.tries.saturating_sub(1);
        vec![0x63, 0xC0 | self.tries]
    }
}

impl Channel for Chip {
    fn atr(&self) -> &[u8] {
        &[]
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let number = self.sent.len();
        self.sent.push(command.to_vec());
        if let Some((after, once)) = self.breaks_after
            && (number == after || (number > after && !once))
        {
            return Err(ChannelError::NotTransacted);
        }
        let status = |status: [u8; 2]| Ok(status.to_vec());
        Ok(match *command {
            _ if command == SELECT_JPKI => self.select(App::Jpki),
            _ if command == SELECT_KENKAKU => self.select(App::Kenkaku),
            [0x00, 0xA4, 0x04, 0x0C, ..] => self.select(App::Issuer),
            [0x00, 0xB0, p1, p2, le] => self.read(p1, p2, le),
            [0x00, 0x20, 0x00, 0x92] if self.app == App::Kenkaku => {
                return status(self.query.unwrap_or([0x63, 0xC0 | self.tries]));
            }
            [0x00, 0x20, 0x00, 0x92, 0x0E, ref code @ ..] if self.app == App::Kenkaku => {
                match (self.verify_breaks, self.verify_answers) {
                    (Some(error), _) => return Err(error),
                    (None, Some(answer)) => return status(answer),
                    (None, None) => self.verify(code),
                }
            }
            [0x80, 0x2A, 0x00, 0x00, 0x33, ref digest_info @ .., 0x00] if self.app == App::Kenkaku => {
                match (self.sign_answers, &self.signs_always) {
                    (Some(answer), _) => return status(answer),
                    (None, Some(signature)) => [&signature[..], &[0x90, 0x00]].concat(),
                    (None, None) => [&signed_digest_info(&self.key, digest_info)[..], &[0x90, 0x00]].concat(),
                }
            }
            _ => vec![0x6D, 0x00],
        })
    }
}
