//! The level of the weights in use at a terminal: what a service takes that was started for demonstrations, and what one
//! that was not.

use clinic::{Clinic, ClinicOptions};
use qualification::{
    Word,
    protocol::{Answer, ResultClaims, WeightsLevel},
};

use crate::{
    face_card::FaceCard,
    terminal::{Card, Setting, Terminal, anchors, answered, start, start_with, word},
};

const LEVELS: [WeightsLevel; 4] =
    [WeightsLevel::None, WeightsLevel::Demonstration, WeightsLevel::Research, WeightsLevel::Approved];

#[tokio::test]
async fn law_12_a_result_of_demonstration_weights_is_refused_even_by_pin_and_the_desk_reads_why() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let (opening, found) = terminal.by_face(&mut card).await;
    let by_face = terminal.face_claims(&opening, &card, &found.items, |item| answered(item, Answer::Agreed));
    let by_pin = terminal.visit(&Card::of(1002), Answer::Agreed).await;
    for claims in [by_face, by_pin] {
        let demonstration = ResultClaims { weights_level: Some(WeightsLevel::Demonstration), ..claims.clone() };
        assert_eq!(word(terminal.submit(&demonstration).await), Word::DemonstrationResult);
        // Final for the session: the terminal cannot say another level afterwards.
        assert_eq!(word(terminal.submit(&claims).await), Word::SessionClosed);
    }
    assert!(clinic.books().unwrap().is_empty());
    assert_eq!(clinic.session_counts().unwrap().turned_away, 2);
    let notes = clinic.desk().unwrap();
    assert_eq!(notes.len(), 2, "one for each visit, however often it is sent");
    for note in notes {
        assert_eq!(note.note, "demonstration_result");
        assert!(note.text.contains("見本用") && note.text.contains("[face] manifest"), "{}", note.text);
    }
}

#[tokio::test]
async fn every_other_level_is_taken_and_booked_and_so_is_a_result_from_before_there_were_levels() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let taken = LEVELS.into_iter().filter(|level| *level != WeightsLevel::Demonstration);
    for level in taken {
        let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
        let claims = ResultClaims { weights_level: Some(level), ..claims };
        terminal.submit(&claims).await.unwrap();
        assert_eq!(clinic.books().unwrap().last().unwrap().weights_level, Some(level));
    }
    let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    let old = ResultClaims { weights_level: None, ..claims };
    terminal.client.submit(&old.session_id, &old.result_id, &terminal.sign_as_before(&old)).await.unwrap();
    assert_eq!(clinic.books().unwrap().last().unwrap().weights_level, None);
}

#[tokio::test]
async fn a_service_for_demonstrations_takes_every_level_and_books_it() {
    let Setting { clinic, terminal, folder: _folder } = start_with(|options| options.demo = true).await;
    for level in LEVELS {
        let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
        terminal.submit(&ResultClaims { weights_level: Some(level), ..claims }).await.unwrap();
        assert_eq!(clinic.books().unwrap().last().unwrap().weights_level, Some(level));
    }
}

#[tokio::test]
async fn answers_given_for_a_demonstration_are_carried_over_there_and_never_to_the_books_of_care() {
    let Setting { clinic, terminal, folder } = start_with(|options| options.demo = true).await;
    let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    terminal.submit(&ResultClaims { weights_level: Some(WeightsLevel::Demonstration), ..claims }).await.unwrap();
    clinic.stop().await;
    let options = |demo| ClinicOptions { demo, ..ClinicOptions::new(folder.path(), anchors()) };
    let cause = Clinic::start(options(false)).await.err().unwrap().to_string();
    assert!(cause.contains("begun with --demo") && cause.contains("another --dir"), "{cause}");
    let again = Clinic::start(options(true)).await.unwrap();
    let terminal = Terminal::of(again.terminal());
    let opening = terminal.open().await;
    let found = terminal.authenticate(&opening, &Card::of(1001)).await.unwrap();
    assert!(found.items.iter().any(|item| item.previous.is_some()), "a demonstration shows what is carried over");
}

#[tokio::test]
async fn books_of_care_are_not_opened_for_a_demonstration() {
    let Setting { clinic, terminal: _, folder } = start().await;
    clinic.stop().await;
    let options = |demo| ClinicOptions { demo, ..ClinicOptions::new(folder.path(), anchors()) };
    let cause = Clinic::start(options(true)).await.err().unwrap().to_string();
    assert!(cause.contains("begun without --demo") && cause.contains("another --dir"), "{cause}");
    Clinic::start(options(false)).await.unwrap();
}
