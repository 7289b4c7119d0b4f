//! One whole sample of every message, and every word of every enum.

use qualification::{PasscodeCopy, protocol::*, words::Word};

pub(crate) const METHODS: [Method; 4] = [Method::Pin, Method::Face, Method::Visual, Method::Phone];
pub(crate) const QUALIFICATIONS: [Qualification; 9] = [
    Qualification::Valid,
    Qualification::Invalid,
    Qualification::InvalidNewExists,
    Qualification::NotFound,
    Qualification::Several,
    Qualification::Processing,
    Qualification::CentreError,
    Qualification::NotSignedUp,
    Qualification::NotLookedUp,
];
pub(crate) const ASKS: [Ask; 4] = [Ask::Yes, Ask::Grace, Ask::NotApplicable, Ask::Desk];
pub(crate) const ANSWERS: [Answer; 7] = [
    Answer::Agreed,
    Answer::Declined,
    Answer::Electronic,
    Answer::Paper,
    Answer::NotAnswered,
    Answer::NotAskedGrace,
    Answer::NotAsked,
];
pub(crate) const LEVELS: [WeightsLevel; 4] =
    [WeightsLevel::None, WeightsLevel::Demonstration, WeightsLevel::Research, WeightsLevel::Approved];
pub(crate) const HOWS: [How; 3] = [How::Now, How::CarriedOver, How::Nothing];
pub(crate) const BYS: [By; 4] = [By::Patient, By::Companion, By::Staff, By::Nobody];

/// A word added to an enum stops this from compiling until the lists above have it.
#[allow(dead_code)]
fn complete(q: Qualification, a: Ask, w: Answer, h: How, b: By, l: WeightsLevel, c: &CertificateState) {
    match l {
        WeightsLevel::None | WeightsLevel::Demonstration | WeightsLevel::Research | WeightsLevel::Approved => {}
    }
    match q {
        Qualification::Valid
        | Qualification::Invalid
        | Qualification::InvalidNewExists
        | Qualification::NotFound
        | Qualification::Several
        | Qualification::Processing
        | Qualification::CentreError
        | Qualification::NotSignedUp
        | Qualification::NotLookedUp => {}
    }
    match a {
        Ask::Yes | Ask::Grace | Ask::NotApplicable | Ask::Desk => {}
    }
    match w {
        Answer::Agreed
        | Answer::Declined
        | Answer::Electronic
        | Answer::Paper
        | Answer::NotAnswered
        | Answer::NotAskedGrace
        | Answer::NotAsked => {}
    }
    match h {
        How::Now | How::CarriedOver | How::Nothing => {}
    }
    match b {
        By::Patient | By::Companion | By::Staff | By::Nobody => {}
    }
    match c {
        CertificateState::Valid
        | CertificateState::EndsSoon { .. }
        | CertificateState::Grace { .. }
        | CertificateState::Expired
        | CertificateState::Suspended
        | CertificateState::Revoked => {}
    }
}

pub(crate) fn certificate_states() -> [CertificateState; 6] {
    let last_day = || "2026-11-22".to_owned();
    [
        CertificateState::Valid,
        CertificateState::EndsSoon { last_day: last_day(), with_stay: false },
        CertificateState::Grace { last_day: last_day(), with_stay: true },
        CertificateState::Expired,
        CertificateState::Suspended,
        CertificateState::Revoked,
    ]
}

fn id() -> String {
    "0123456789abcdef".repeat(2)
}

pub(crate) fn open() -> Open {
    Open { protocol: VERSION, terminal_version: "0.1.0".into() }
}

pub(crate) fn facility() -> Facility {
    Facility { name: "みほん診療所".into(), institution_code: "1310000000".into() }
}

pub(crate) fn opened() -> Opened {
    let nonce = format!("{}=", "A".repeat(43));
    let visual_passcode = Some(passcode_copy());
    Opened { session_id: id(), nonce, service_time_ms: 1, facility: facility(), pin_less: false, visual_passcode }
}

pub(crate) fn passcode_copy() -> PasscodeCopy {
    let argon2id = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU";
    PasscodeCopy { argon2id: argon2id.into() }
}

pub(crate) fn register() -> Register {
    let (wording_id, wording_hash) = ("sign-up-1".into(), "ab".repeat(32));
    Register { wording_id, wording_hash, language: "ja".into(), by: By::Companion }
}

pub(crate) fn authenticate() -> Authenticate {
    Authenticate {
        method: Method::Visual,
        certificate: "AA==".into(),
        ca_certificate: "AA==".into(),
        signature: "AA==".into(),
        photo_record: Some(photo_record()),
    }
}

pub(crate) fn photo_record() -> PhotoRecord {
    PhotoRecord { birth_date: "1950-04-01".into(), sex: "2".into() }
}

pub(crate) fn relay() -> Relay {
    Relay::new(Method::Face, &[0xab; 32], Some(&[0x90, 0x00]))
}

pub(crate) fn relayed() -> [Relayed; 2] {
    [Relayed { command: Some("AIQAABA=".into()) }, Relayed { command: None }]
}

pub(crate) fn previous() -> Previous {
    Previous { agreed: true, wording_id: "medicines-1".into(), wording_hash: "ab".repeat(32), time_ms: 1 }
}

pub(crate) fn items() -> [Item; 2] {
    let item = |previous| Item { id: "medicines".into(), ask: Ask::Yes, previous };
    [item(None), item(Some(previous()))]
}

pub(crate) fn authenticated() -> Authenticated {
    Authenticated {
        qualification: Qualification::Valid,
        certificate: CertificateState::Valid,
        items: items()[..1].to_vec(),
        staff: vec!["資格：有効".into()],
        sign_up: false,
    }
}

pub(crate) fn item_answer() -> ItemAnswer {
    ItemAnswer {
        id: "medicines".into(),
        wording_id: "medicines-1".into(),
        wording_hash: "ab".repeat(32),
        language: "ja".into(),
        answer: Answer::Agreed,
        how: How::Now,
        by: By::Patient,
    }
}

pub(crate) fn claims() -> ResultClaims {
    ResultClaims {
        protocol: VERSION,
        result_id: id(),
        session_id: id(),
        terminal_id: "terminal-1".into(),
        certificate_sha256: "ab".repeat(32),
        method: Method::Pin,
        weights: "none".into(),
        weights_level: Some(WeightsLevel::Research),
        time_ms: 1,
        valid_until_ms: 86_400_001,
        confirmed_by: None,
        items: vec![item_answer()],
    }
}

pub(crate) fn face_claims() -> ResultClaims {
    ResultClaims { method: Method::Face, weights: "sface@0123456789abcdef".into(), ..claims() }
}

pub(crate) fn visual_claims() -> ResultClaims {
    ResultClaims { method: Method::Visual, confirmed_by: Some("0042".into()), ..claims() }
}

pub(crate) fn receipt() -> Receipt {
    Receipt { receipt_id: "r1".into(), result_id: id(), result_sha256: "ab".repeat(32), time_ms: 1 }
}

pub(crate) fn status() -> Status {
    let visual_passcode = Some(passcode_copy());
    Status { protocol: VERSION, service_time_ms: 1, facility: facility(), centre: true, visual_passcode }
}

pub(crate) fn problem() -> Problem {
    Problem { error: Word::BadSignature.text().into(), detail: "d".into() }
}
