//! Visits by phone: its own certificate, no PIN-less step, no months of grace (patient-flow section 11).

use std::collections::BTreeSet;

use apdu_fixtures::{Issuer, UserKey, pki};
use card::TrustAnchors;
use clinic::Roots;
use qualification::{
    Word,
    protocol::{Answer, CertificateState, Method, Qualification, Relay, ResultClaims},
    statement,
};

use crate::{
    face_card::FaceCard,
    terminal::{Card, Setting, answered, start, start_with, word},
};

#[tokio::test]
async fn a_visit_by_phone_is_a_method_of_its_own_with_keys_of_either_kind() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for key in [UserKey::Rsa2048, UserKey::P256] {
        let phone = Card::made(1001, key, Issuer::Listed, 700);
        let opening = terminal.open().await;
        let found = terminal.by_phone(&opening, &phone).await.unwrap();
        assert_eq!((found.qualification, &found.certificate), (Qualification::Valid, &CertificateState::Valid));
        let items = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
        let claims = terminal.claims(&opening, &phone, items);
        assert_eq!(word(terminal.submit(&claims).await), Word::ResultMismatch, "proved by phone, not by PIN");
        terminal.submit(&ResultClaims { method: Method::Phone, ..claims }).await.unwrap();
        let books = clinic.books().unwrap();
        let booked = books.last().unwrap();
        assert_eq!((booked.method, booked.weights.as_str(), booked.patient), (Method::Phone, "none", Some(1001)));
    }
}

#[tokio::test]
async fn a_phone_has_no_grace_where_a_card_of_the_same_day_has() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for (ends, on_card, on_phone) in
        [(-1, "grace", "expired"), (-30, "grace", "expired"), (-200, "expired", "expired"), (30, "soon", "soon")]
    {
        let medium = Card::made(1001, UserKey::Rsa2048, Issuer::Listed, ends);
        let card = terminal.authenticate(&terminal.open().await, &medium).await.unwrap();
        assert_eq!(name(&card.certificate), on_card, "{ends}");
        let opening = terminal.open().await;
        let phone = terminal.by_phone(&opening, &medium).await.unwrap();
        assert_eq!(name(&phone.certificate), on_phone, "{ends}");
        if on_phone == "expired" {
            assert_eq!(phone.qualification, Qualification::NotLookedUp);
            let claims = ResultClaims { method: Method::Phone, ..terminal.claims(&opening, &medium, vec![]) };
            assert_eq!(word(terminal.submit(&claims).await), Word::SessionClosed);
        }
    }
    // The card behind the phone ended: the phone is refused at once, though its own certificate is good.
    let found = terminal.by_phone(&terminal.open().await, &Card::of(1012)).await.unwrap();
    assert_eq!(found.certificate, CertificateState::Expired);
    for (serial, state) in [(1014, CertificateState::Revoked), (1015, CertificateState::Suspended)] {
        let found = terminal.by_phone(&terminal.open().await, &Card::of(serial)).await.unwrap();
        assert_eq!(found.certificate, state);
    }
    assert!(clinic.books().unwrap().is_empty());
}

fn name(state: &CertificateState) -> &'static str {
    match state {
        CertificateState::Valid => "valid",
        CertificateState::EndsSoon { .. } => "soon",
        CertificateState::Grace { .. } => "grace",
        CertificateState::Expired => "expired",
        CertificateState::Suspended => "suspended",
        CertificateState::Revoked => "revoked",
    }
}

#[tokio::test]
async fn no_relay_leads_to_a_proof_by_phone() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let opening = terminal.open().await;
    let question = Relay::new(Method::Phone, &card.sha256(), None);
    assert_eq!(word(terminal.client.relay(&opening.opened.session_id, &question).await), Word::BadRequest);
    // A card that was opened by its relay signs without PIN: such a signature is no phone's.
    terminal.relay(&opening, &mut card).await.unwrap();
    let proof = terminal.proof_by(Method::Phone, &opening, &mut card);
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::RelayOrder);
}

#[tokio::test]
async fn a_signature_over_another_methods_statement_is_no_proof_by_phone_and_the_other_way_round() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let phone = Card::of(1001);
    for (signed, said) in [(Method::Pin, Method::Phone), (Method::Phone, Method::Pin)] {
        let opening = terminal.open().await;
        let session = &opening.opened.session_id;
        let message = statement(&terminal.id, session, &opening.nonce, signed, &phone.sha256());
        let answer = terminal.client.authenticate(session, &phone.prove_by(said, &message)).await;
        assert_eq!(word(answer), Word::BadSignature, "{signed:?} {said:?}");
    }
}

#[tokio::test]
async fn phones_with_anchors_and_policies_of_their_own_are_taken_as_phones_only() {
    let p256 = || TrustAnchors::from_ders(&[pki::Authority::AuthP256.certificate_der()]).unwrap();
    let rsa = || TrustAnchors::from_ders(&[pki::Authority::Auth2.certificate_der()]).unwrap();
    let policies = || BTreeSet::from([clinic::TEST_POLICY.to_owned()]);
    let Setting { clinic: _clinic, terminal, folder: _folder } = start_with(|options| {
        options.anchors = rsa();
        options.phones = Some(Roots { anchors: p256(), policies: policies() });
    })
    .await;
    let card = Card::of(1001);
    let phone = Card::made(1001, UserKey::P256, Issuer::Listed, 700);
    assert!(terminal.authenticate(&terminal.open().await, &card).await.is_ok());
    assert!(terminal.by_phone(&terminal.open().await, &phone).await.is_ok());
    let swapped = terminal.authenticate(&terminal.open().await, &phone).await;
    assert_eq!(word(swapped), Word::UntrustedCertificate, "no months of grace by calling a phone a card");
    let swapped = terminal.by_phone(&terminal.open().await, &card).await;
    assert_eq!(word(swapped), Word::UntrustedCertificate);

    let other = BTreeSet::from(["1.2.392.200149.8.5.1.3.30".to_owned()]);
    let Setting { clinic: _clinic, terminal, folder: _folder } = start_with(|options| {
        options.phones = Some(Roots { anchors: options.anchors.clone(), policies: other });
    })
    .await;
    assert_eq!(word(terminal.by_phone(&terminal.open().await, &card).await), Word::BadPolicy);
    assert!(terminal.authenticate(&terminal.open().await, &card).await.is_ok());
}
