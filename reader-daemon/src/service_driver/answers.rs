//! The service's answers in the session's words.

use card::RelayError;
use qualification::{
    ClientError, Word,
    bytes::bytes_of,
    limits::MAX_COMMAND,
    protocol::{Ask, Authenticated, By, CertificateState, Method, Qualification, Relayed},
};
use screen::Answerer;
use session::{Answer, CertificateNotice, Item, Lookup, Opening, PreviousAnswer, Refusal};

use super::OpenSession;
use crate::{advice::About, dates, relay::NextCommand};

/// The session of a visit that cannot go on because the clocks disagree: the service should not wait for its proof.
pub(super) fn unwanted(answer: &Result<qualification::Opening, ClientError>) -> Option<String> {
    answer.as_ref().ok().filter(|open| !open.clocks_agree).map(|open| open.opened.session_id.clone())
}

pub(super) fn opening(answer: Result<qualification::Opening, ClientError>) -> (Opening, Option<OpenSession>) {
    match answer {
        Ok(open) if open.clocks_agree => {
            let session = OpenSession { id: open.opened.session_id, nonce: open.nonce };
            let (facility, pin_less) = (open.opened.facility.name, open.opened.pin_less);
            (Opening::Open { facility, pin_less }, Some(session))
        }
        Ok(_) => (Opening::ClockSkew, None),
        Err(ClientError::NotAccepted) => (Opening::Refused, None),
        Err(error @ ClientError::Refused(..)) if error.is_final() => (Opening::Refused, None),
        Err(
            ClientError::Refused(..)
            | ClientError::Unreachable
            | ClientError::TimedOut
            | ClientError::WrongService
            | ClientError::Malformed(_),
        ) => (Opening::Unreachable, None),
    }
}

/// The service's next command. Whether it may go to a card is judged there.
pub(super) fn command(answer: Result<Relayed, ClientError>) -> NextCommand {
    match answer {
        Ok(Relayed { command: None }) => Ok(None),
        Ok(Relayed { command: Some(text) }) => bytes_of(&text, MAX_COMMAND).map(Some).ok_or(RelayError::Unreachable),
        Err(error) => match error.word() {
            Some(Word::MethodNotAvailable | Word::CardRefused) => Err(RelayError::NotAvailable),
            Some(_) | None => Err(RelayError::Unreachable),
        },
    }
}

/// What staff are to read about a patient.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ForStaff {
    /// Lines of the service; none where everything is in order.
    pub(crate) lines: Vec<String>,
    /// What they are about.
    pub(crate) about: Vec<About>,
}

/// What the reference service says of a person in order; whatever else a service says is shown.
const IN_ORDER: &str = "資格：有効";

/// A person in order makes no line: nobody has to read it.
pub(super) fn for_staff(answer: &Result<Authenticated, ClientError>) -> ForStaff {
    let Ok(answer) = answer else { return ForStaff::default() };
    let qualification = match answer.qualification {
        Qualification::Valid | Qualification::NotLookedUp => None,
        Qualification::Invalid => Some(About::Invalid),
        Qualification::InvalidNewExists => Some(About::InvalidNewExists),
        Qualification::NotFound => Some(About::NotFound),
        Qualification::Several => Some(About::Several),
        Qualification::Processing | Qualification::CentreError => Some(About::CentreAway),
        Qualification::NotSignedUp => Some(About::NotSignedUp),
    };
    let certificate = match answer.certificate {
        CertificateState::Valid => None,
        CertificateState::EndsSoon { .. } | CertificateState::Grace { .. } => Some(About::CertificateEnds),
        CertificateState::Expired | CertificateState::Revoked => Some(About::CertificateEnded),
        CertificateState::Suspended => Some(About::CertificateSuspended),
    };
    let about: Vec<_> = qualification.into_iter().chain(certificate).collect();
    let in_order = about.is_empty() && answer.qualification == Qualification::Valid;
    let lines = answer.staff.iter().filter(|line| !(in_order && *line == IN_ORDER));
    ForStaff { lines: lines.cloned().collect(), about }
}

/// Only what the service said about the proof is "rejected"; everything else is "could not ask" (law 10).
pub(super) fn lookup(answer: Result<Authenticated, ClientError>, method: Method) -> Lookup {
    let error = match answer {
        Ok(answer) => return found(answer, method),
        Err(error) => error,
    };
    match error.word() {
        Some(
            Word::BadCertificate | Word::UntrustedCertificate | Word::BadPolicy | Word::BadSignature | Word::NonceUsed,
        ) => Lookup::Refused(Refusal::ProofRejected),
        Some(Word::PersonDiffers) => Lookup::Refused(Refusal::PersonDiffers),
        Some(Word::SignUpFailed | Word::SignUpNotOffered) => Lookup::Refused(Refusal::SignUpFailed),
        Some(
            Word::BadRequest
            | Word::TooLarge
            | Word::VersionNotSupported
            | Word::NotFound
            | Word::MethodNotAllowed
            | Word::UnknownTerminal
            | Word::UnknownSession
            | Word::ForeignSession
            | Word::SessionExpired
            | Word::SessionClosed
            | Word::NotAuthenticated
            | Word::MethodNotAvailable
            | Word::RelayOrder
            | Word::CardRefused
            | Word::BadResultSignature
            | Word::ResultMismatch
            | Word::AnswersMismatch
            | Word::AnotherResult
            | Word::ResultRefused
            | Word::DemonstrationResult
            | Word::Internal,
        )
        | None => Lookup::Unreachable,
    }
}

fn found(answer: Authenticated, method: Method) -> Lookup {
    let certificate = match &answer.certificate {
        CertificateState::Valid => CertificateNotice::None,
        // `Client` has checked that the day exists.
        CertificateState::EndsSoon { last_day, with_stay } => match dates::certificate_end(last_day, *with_stay) {
            Some(end) => CertificateNotice::EndsSoon(end),
            None => return Lookup::Unreachable,
        },
        CertificateState::Grace { last_day, with_stay } => match dates::certificate_end(last_day, *with_stay) {
            Some(end) => CertificateNotice::Grace(end),
            None => return Lookup::Unreachable,
        },
        CertificateState::Expired | CertificateState::Revoked if method == Method::Phone => {
            return Lookup::Refused(Refusal::PhoneCertificateGone);
        }
        CertificateState::Expired | CertificateState::Revoked => return Lookup::Refused(Refusal::CertificateGone),
        CertificateState::Suspended => return Lookup::Refused(Refusal::CertificateSuspended),
    };
    let desk = match answer.qualification {
        Qualification::Valid => false,
        Qualification::Invalid | Qualification::InvalidNewExists | Qualification::NotFound | Qualification::Several => {
            true
        }
        Qualification::Processing | Qualification::CentreError => return Lookup::Refused(Refusal::CentreError),
        Qualification::NotSignedUp if answer.sign_up => return Lookup::SignUpOffered,
        Qualification::NotSignedUp => return Lookup::Refused(Refusal::NotSignedUp),
        // With a certificate in order the service contradicts itself: nothing is known.
        Qualification::NotLookedUp => return Lookup::Unreachable,
    };
    Lookup::Found { certificate, items: answer.items.into_iter().map(item).collect(), desk }
}

/// Who pressed, in the service's words.
pub(crate) fn by(answerer: Answerer) -> By {
    match answerer {
        Answerer::Patient => By::Patient,
        Answerer::Companion => By::Companion,
        Answerer::Staff => By::Staff,
    }
}

fn item(item: qualification::protocol::Item) -> Item {
    Item {
        id: item.id,
        withheld: match item.ask {
            Ask::Yes => None,
            Ask::Grace => Some(Answer::NotAskedGrace),
            Ask::NotApplicable | Ask::Desk => Some(Answer::NotAsked),
        },
        previous: item.previous.map(|previous| PreviousAnswer {
            agreed: previous.agreed,
            wording_id: previous.wording_id,
            wording_hash: previous.wording_hash,
        }),
    }
}

#[cfg(test)]
mod tests {
    use qualification::{
        bytes::text_of,
        protocol::{Item as AskedItem, Previous, Problem},
    };

    use super::*;

    fn answer(qualification: Qualification, certificate: CertificateState) -> Authenticated {
        let previous = Previous { agreed: true, wording_id: "w".into(), wording_hash: "h".into(), time_ms: 1 };
        let items = vec![
            AskedItem { id: "medicines".into(), ask: Ask::Yes, previous: Some(previous) },
            AskedItem { id: "checkups".into(), ask: Ask::NotApplicable, previous: None },
            AskedItem { id: "operations".into(), ask: Ask::Grace, previous: None },
        ];
        Authenticated { qualification, certificate, items, staff: vec!["見本".into()], sign_up: false }
    }

    #[test]
    fn staff_read_what_is_not_in_order_and_nothing_of_who_is() {
        let of = |qualification, certificate| for_staff(&Ok(answer(qualification, certificate)));
        let in_order =
            Authenticated { staff: vec![IN_ORDER.into()], ..answer(Qualification::Valid, CertificateState::Valid) };
        assert_eq!(for_staff(&Ok(in_order)), ForStaff::default());
        assert_eq!(of(Qualification::Valid, CertificateState::Valid).lines, ["見本"], "another service's only line");
        let incomplete = Authenticated {
            staff: vec!["資格：有効".into(), "氏名に●".into()],
            ..answer(Qualification::Valid, CertificateState::Valid)
        };
        assert_eq!(for_staff(&Ok(incomplete)).lines, ["氏名に●"]);
        let invalid = of(Qualification::Invalid, CertificateState::Valid);
        assert_eq!((invalid.lines.len(), invalid.about), (1, vec![About::Invalid]));
        assert_eq!(of(Qualification::NotLookedUp, CertificateState::Suspended).about, [About::CertificateSuspended]);
        assert_eq!(for_staff(&Err(ClientError::Unreachable)), ForStaff::default());
    }

    fn looked_up(answer: Result<Authenticated, ClientError>) -> Lookup {
        lookup(answer, Method::Pin)
    }

    #[test]
    fn on_phones_there_is_no_grace_and_no_word_about_the_card() {
        for state in [CertificateState::Expired, CertificateState::Revoked] {
            let found = lookup(Ok(answer(Qualification::NotLookedUp, state)), Method::Phone);
            assert_eq!(found, Lookup::Refused(Refusal::PhoneCertificateGone));
        }
    }

    #[test]
    fn a_sign_up_is_offered_only_where_the_service_offers_it_and_its_failure_is_its_own_fault() {
        let offers = Authenticated { sign_up: true, ..answer(Qualification::NotSignedUp, CertificateState::Valid) };
        assert_eq!(looked_up(Ok(offers)), Lookup::SignUpOffered);
        let plain = answer(Qualification::NotSignedUp, CertificateState::Valid);
        assert_eq!(looked_up(Ok(plain)), Lookup::Refused(Refusal::NotSignedUp));
        assert_eq!(looked_up(Err(refused(Word::SignUpFailed))), Lookup::Refused(Refusal::SignUpFailed));
    }

    #[test]
    fn a_valid_person_is_found_with_items_in_their_order() {
        let Lookup::Found { certificate, items, desk } =
            looked_up(Ok(answer(Qualification::Valid, CertificateState::Valid)))
        else {
            panic!("not found")
        };
        assert_eq!((certificate, desk), (CertificateNotice::None, false));
        let asked: Vec<_> = items.iter().map(|item| (item.id.as_str(), item.withheld)).collect();
        assert_eq!(
            asked,
            [("medicines", None), ("checkups", Some(Answer::NotAsked)), ("operations", Some(Answer::NotAskedGrace))]
        );
        assert!(items[0].previous.as_ref().unwrap().agreed);
    }

    #[test]
    fn what_the_desk_must_say_is_a_found_person_without_a_reason() {
        for qualification in
            [Qualification::Invalid, Qualification::InvalidNewExists, Qualification::NotFound, Qualification::Several]
        {
            let found = looked_up(Ok(answer(qualification, CertificateState::Valid)));
            assert!(matches!(found, Lookup::Found { desk: true, .. }), "{qualification:?}");
        }
    }

    #[test]
    fn the_centres_word_on_the_certificate_comes_first() {
        let gone = |state| looked_up(Ok(answer(Qualification::NotFound, state)));
        assert_eq!(gone(CertificateState::Expired), Lookup::Refused(Refusal::CertificateGone));
        assert_eq!(gone(CertificateState::Revoked), Lookup::Refused(Refusal::CertificateGone));
        assert_eq!(gone(CertificateState::Suspended), Lookup::Refused(Refusal::CertificateSuspended));
        let soon = CertificateState::EndsSoon { last_day: "2027-02-17".into(), with_stay: false };
        let Lookup::Found { certificate: CertificateNotice::EndsSoon(end), .. } =
            looked_up(Ok(answer(Qualification::Valid, soon)))
        else {
            panic!("no notice")
        };
        assert_eq!(end.written[0], "2027年（令和9年）2月17日");
        assert_eq!(end.day, [2027, 2, 17]);
    }

    #[test]
    fn the_centres_troubles_and_sign_up_are_refusals() {
        let of = |qualification| looked_up(Ok(answer(qualification, CertificateState::Valid)));
        assert_eq!(of(Qualification::Processing), Lookup::Refused(Refusal::CentreError));
        assert_eq!(of(Qualification::CentreError), Lookup::Refused(Refusal::CentreError));
        assert_eq!(of(Qualification::NotSignedUp), Lookup::Refused(Refusal::NotSignedUp));
    }

    fn refused(word: Word) -> ClientError {
        ClientError::Refused(Problem { error: word.text().into(), detail: String::new() }, word.status())
    }

    #[test]
    fn could_not_ask_is_never_an_answer_about_the_person() {
        let errors = [
            ClientError::Unreachable,
            ClientError::TimedOut,
            ClientError::WrongService,
            ClientError::NotAccepted,
            ClientError::Malformed("x"),
        ];
        for error in errors.into_iter().chain([refused(Word::Internal), refused(Word::SessionExpired)]) {
            assert_eq!(looked_up(Err(error.clone())), Lookup::Unreachable, "{error}");
        }
        assert_eq!(looked_up(Ok(answer(Qualification::NotLookedUp, CertificateState::Valid))), Lookup::Unreachable);
        for word in [Word::BadSignature, Word::UntrustedCertificate, Word::NonceUsed] {
            assert_eq!(looked_up(Err(refused(word))), Lookup::Refused(Refusal::ProofRejected));
        }
    }

    #[test]
    fn two_chips_in_one_card_are_told_by_their_own_word() {
        assert_eq!(looked_up(Err(refused(Word::PersonDiffers))), Lookup::Refused(Refusal::PersonDiffers));
    }

    #[test]
    fn the_next_command_is_bytes_or_a_reason() {
        let says = |command: &str| command_of(Some(command));
        assert_eq!(says("gKIGwQA="), Ok(Some(vec![0x80, 0xA2, 0x06, 0xC1, 0x00])));
        assert_eq!(command_of(None), Ok(None));
        assert_eq!(says("not base64"), Err(RelayError::Unreachable));
        assert_eq!(says(&text_of(&[0; MAX_COMMAND + 1])), Err(RelayError::Unreachable));
        assert_eq!(command(Err(refused(Word::MethodNotAvailable))), Err(RelayError::NotAvailable));
        for error in [refused(Word::RelayOrder), refused(Word::Internal), ClientError::TimedOut] {
            assert_eq!(command(Err(error)), Err(RelayError::Unreachable));
        }
    }

    fn command_of(text: Option<&str>) -> NextCommand {
        command(Ok(Relayed { command: text.map(str::to_owned) }))
    }

    #[test]
    fn a_terminal_that_is_not_accepted_is_told_apart_from_a_link_that_is_down() {
        let of = |error| opening(Err(error)).0;
        assert_eq!(of(ClientError::NotAccepted), Opening::Refused);
        assert_eq!(of(refused(Word::UnknownTerminal)), Opening::Refused);
        assert_eq!(of(refused(Word::VersionNotSupported)), Opening::Refused);
        assert_eq!(of(refused(Word::Internal)), Opening::Unreachable);
        assert_eq!(of(ClientError::WrongService), Opening::Unreachable);
    }
}
