//! Law 9: whatever a card says, no panic, no second code and nothing that is called authentic.

use proptest::prelude::*;

use super::{HOLDERS, chip, chip::App, face, name, read};
use crate::{ChannelError, PhotoOutcome, scripted::Scripted};

proptest! {
    #[test]
    fn law_9_no_file_of_a_hostile_card_is_ever_authentic(
        face in proptest::collection::vec(any::<u8>(), 0..600), signer in proptest::collection::vec(any::<u8>(), 0..600),
        framed in any::<bool>(), real_signer in any::<bool>(),
    ) {
        let mut chip = chip();
        let frame = |tag: u16, body: &[u8]| if framed { face::tlv(tag, body, false) } else { body.to_vec() };
        chip.face = frame(0xFF20, &face);
        if !real_signer {
            chip.signer = frame(0x7F21, &signer);
        }
        let outcome = read(&mut chip);
        prop_assert!(!matches!(outcome, Ok(PhotoOutcome::Authentic(_) | PhotoOutcome::NoPhoto)));
        prop_assert!(chip.verifies() <= usize::from(real_signer));
        prop_assert_eq!(chip.app, App::Jpki);
    }

    #[test]
    fn law_9_a_record_with_any_byte_changed_before_the_expiry_date_is_not_authentic(
        at in any::<proptest::sample::Index>(), change in 1_u8..=255,
    ) {
        let mut chip = chip();
        let end = chip.place(0x29) - 3;
        chip.face[at.index(end)] ^= change;
        let outcome = read(&mut chip);
        prop_assert!(!matches!(outcome, Ok(PhotoOutcome::Authentic(_) | PhotoOutcome::NoPhoto)), "{}", name(&outcome));
    }

    #[test]
    fn law_9_a_signers_certificate_with_any_byte_changed_spends_no_try(
        at in any::<proptest::sample::Index>(), change in 1_u8..=255,
    ) {
        let mut chip = chip();
        let end = chip.signer.len();
        chip.signer[at.index(end)] ^= change;
        let outcome = read(&mut chip);
        prop_assert!(!matches!(outcome, Ok(PhotoOutcome::Authentic(_))), "{}", name(&outcome));
        prop_assert_eq!(chip.verifies(), 0);
    }

    #[test]
    fn law_1_whatever_the_card_answers_the_surface_code_is_sent_once_at_most(
        answers in proptest::collection::vec(
            (proptest::collection::vec(any::<u8>(), 0..40), prop_oneof![Just([0x90, 0x00]), Just([0x63, 0xCA]), any::<[u8; 2]>()]),
            0..14,
        ),
    ) {
        let probe = [&HOLDERS.holder.der()[..64], &[0x90, 0x00]].concat();
        let mut card = Scripted::new().anything(&probe).anything(&[0x90, 0x00]).anything(&[0x63, 0xCA]);
        for (data, status) in answers {
            card = card.anything(&[&data[..], &status].concat());
        }
        let mut card = card.then_fail(ChannelError::Removed);
        let outcome = read(&mut card);
        prop_assert!(!matches!(outcome, Ok(PhotoOutcome::Authentic(_))));
        prop_assert!(card.sent().iter().filter(|sent| sent.get(1) == Some(&0x20) && sent.len() > 5).count() <= 1);
    }
}
