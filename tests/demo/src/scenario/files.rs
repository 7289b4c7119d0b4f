//! The list of scenario files, for tests that carry each of them out under its own name. A test compares it with the
//! folder, so that none is lost silently.

/// Hands every file to the macro `$with` as `test_name = "file-name",`.
#[macro_export]
macro_rules! every_scenario {
    ($with:ident) => {
        $with! {
            back_then_pulled = "back-then-pulled",
            cancel_at_consent = "cancel-at-consent",
            cancel_at_method = "cancel-at-method",
            card_left_behind = "card-left-behind",
            card_pulled_at_consent = "card-pulled-at-consent",
            card_pulled_at_lookup = "card-pulled-at-lookup",
            card_pulled_at_method = "card-pulled-at-method",
            card_pulled_at_verify = "card-pulled-at-verify",
            card_pulled_while_reading = "card-pulled-while-reading",
            card_pulled_while_typing = "card-pulled-while-typing",
            card_swapped_before_verify = "card-swapped-before-verify",
            centre_error = "centre-error",
            cert_gone = "cert-gone",
            cert_grace = "cert-grace",
            cert_revoked = "cert-revoked",
            cert_soon = "cert-soon",
            consent_carried_over = "consent-carried-over",
            consent_carried_over_in_english = "consent-carried-over-in-english",
            daemon_killed_at_submit = "daemon-killed-at-submit",
            daemon_killed_before_delivery = "daemon-killed-before-delivery",
            double_tap = "double-tap",
            link_down_at_submit = "link-down-at-submit",
            link_down_before = "link-down-before",
            no_answer_timeout = "no-answer-timeout",
            no_chip = "no-chip",
            other_language = "other-language",
            pin_agree_all = "pin-agree-all",
            pin_blocked = "pin-blocked",
            pin_decline_all = "pin-decline-all",
            pin_each = "pin-each",
            pin_last_try = "pin-last-try",
            pin_wrong_then_right = "pin-wrong-then-right",
            reader_unplugged = "reader-unplugged",
            receipt_lost = "receipt-lost",
            reception_stopped = "reception-stopped",
            result_refused = "result-refused",
            service_silent = "service-silent",
            slow_card = "slow-card",
            slow_service = "slow-service",
            staff_called = "staff-called",
            to_the_desk = "to-the-desk",
            walked_away = "walked-away",
            wrong_card = "wrong-card",
            young_patient = "young-patient",
        }
    };
}
