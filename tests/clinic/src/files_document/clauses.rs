//! Which test shows which clause of the specification: section, row, tests.

/// A row and the tests that show it.
type Clause = (&'static str, &'static str, &'static [&'static str]);

const CONSENTS: &str = "a_visit_leaves_one_file_with_its_consents_and_times";
const DECLINED: &str = "what_was_declined_has_flag_0_and_no_time_and_what_was_not_asked_says_nothing";
const GOLDEN: &str = "every_row_of_section_8_has_its_golden_file_in_both_encodings";
const PATIENTS: &str = "every_invented_patient_leaves_the_file_of_their_row_or_none";
const NUMBERS: &str = "numbers_are_found_not_found_several_lost_replaced_processing_or_broken";
const BULK: &str = "bulk_requests_get_a_reception_number_and_their_results_with_it";
const BACK: &str = "a_bad_request_goes_back_with_cause_and_cure_and_is_read_again_only_when_the_complaint_is_gone";
const ONCE: &str = "a_file_that_was_owed_when_the_program_ended_is_written_at_the_next_start_and_not_twice";
const CODES: &str = "unknown_codes_and_days_are_kept_as_they_came";
const SETTINGS: &str = "the_facility_settings_are_told_and_changed_and_decide_the_next_session";
const FETCH: &str = "medicines_and_checkups_are_given_only_within_24_hours_of_a_yes";
const SYNTHETIC: &str = "the_synthetic_file_of_the_spec_is_matched_field_by_field";

/// Rows that tests show.
pub(super) const CLAUSES: &[Clause] = &[
    ("3.3", "限度額: no question, the flag is returned", &[DECLINED, SYNTHETIC]),
    ("3.3", "特定疾病療養受療証", &[CONSENTS, DECLINED]),
    ("3.3", "特定健診", &[CONSENTS, DECLINED]),
    ("3.3", "薬剤", &[CONSENTS, DECLINED]),
    ("3.3", "診療", &[CONSENTS, DECLINED]),
    ("3.3", "手術", &[CONSENTS, DECLINED]),
    ("3.3", "処方箋形式", &[CONSENTS, DECLINED]),
    (
        "3.3",
        "carried over, grace, what has no element",
        &[
            "carried_over_is_a_yes_of_this_visit_and_grace_and_infections_leave_no_flag",
            "the_neutral_question_stands_for_a_certificate_only_where_the_facility_takes_it",
        ],
    ),
    ("3.3", "AvailableTime is ConsTime and 24 hours", &[CONSENTS, SYNTHETIC]),
    ("4", "prefix pattern", &["every_interface_is_known_by_its_name"]),
    ("4", "001/002", &[NUMBERS, PATIENTS]),
    ("4", "003/004", &["a_registered_number_stands_in_the_next_face_file"]),
    ("4", "005–008", &[BULK]),
    ("4", "009–012", &[BULK]),
    ("4", "041–044", &[SETTINGS]),
    ("4", "049/050", &["a_passcode_is_told_once_and_terminals_get_its_hash"]),
    ("4", "YZK, TKK", &[FETCH]),
    ("4", "every other interface goes back", &[BACK, "odd_names_are_told_from_unknown_ones"]),
    ("5", "req, res, face below one folder", &[CONSENTS, NUMBERS]),
    ("5", "req: the file is taken within seconds", &[NUMBERS]),
    ("5", "answer: res for req, free part kept", &["answers_have_res_for_req_and_keep_the_free_part", NUMBERS]),
    ("5", "face: institution, 20 hex digits, time", &["a_face_file_has_the_observed_shape", CONSENTS]),
    (
        "5",
        "bad request back beside .err",
        &[
            BACK,
            "every_refusal_has_a_cause_and_a_cure_in_one_line",
            "a_request_that_goes_back_never_overwrites_a_new_one",
        ],
    ),
    (
        "5",
        "encodings by declaration and CharacterCodeIdentifier",
        &[
            "the_declaration_decides_and_a_contradicting_identifier_is_an_error_with_a_cure",
            "shift_jis_files_say_so_and_are_read_by_page_932",
        ],
    ),
    ("5", "writers write elsewhere and rename", &[ONCE, "wherever_the_plug_is_pulled_the_file_is_there_exactly_once"]),
    ("5", "readers poll and wait for whole files", &["a_file_that_is_still_written_is_left_alone"]),
    (
        "5",
        "a request that was taken is answered also after a restart",
        &["a_request_that_was_taken_when_the_program_ended_is_answered_at_the_next_start"],
    ),
    (
        "5",
        "a demonstration and care never share a folder",
        &[
            "a_folder_is_of_one_clinic_and_never_shared_between_demonstrations_and_care",
            "a_demonstration_writes_files_into_its_own_folder",
        ],
    ),
    ("6", "order is arbitrary, parse by name", &["elements_are_read_by_name_in_any_order_and_empty_ones_are_absent"]),
    ("6", "dates and times without zone", &["days_and_moments_are_digits_without_zone_and_nothing_else"]),
    ("6", "6.1 request", &[NUMBERS, "any_request_comes_back_in_both_encodings"]),
    (
        "6",
        "6.1 insurer numbers: spaces written, zeros read",
        &["insurer_numbers_are_written_with_spaces_and_read_with_spaces_or_zeros", NUMBERS],
    ),
    ("6", "6.2 result, 医療扶助 included", &["any_result_comes_back_in_both_encodings", GOLDEN]),
    ("6", "6.2 bulk headers and units", &["any_bulk_message_comes_back_in_both_encodings", BULK]),
    ("6", "6.3 照会番号", &["a_registered_number_stands_in_the_next_face_file", BULK]),
    ("6", "6.4 within 24 hours of consent", &[FETCH, "any_other_message_comes_back_in_both_encodings"]),
    ("6", "6.5 the synthetic face file", &[SYNTHETIC]),
    ("6", "absent means no value; refused is flag 0 without time", &[DECLINED, SYNTHETIC]),
    ("7", "every table: its codes, and no other guessed", &[CODES]),
    ("7", "016, 017 by what the patient pressed", &[CONSENTS, DECLINED]),
    ("7", "037–039 decide the questions", &[SETTINGS]),
    ("8", "valid", &[GOLDEN, PATIENTS]),
    ("8", "無効 with card", &[GOLDEN, PATIENTS]),
    ("8", "該当資格なし", &[GOLDEN, PATIENTS, NUMBERS]),
    ("8", "無効（新しい資格あり）", &[GOLDEN, PATIENTS, NUMBERS]),
    ("8", "複数該当", &[GOLDEN, PATIENTS, NUMBERS]),
    ("8", "処理中 / 異常終了", &[GOLDEN, PATIENTS, NUMBERS]),
    ("8", "success + notice", &[GOLDEN, "a_certificate_that_ends_soon_stands_as_notice_beside_the_success"]),
    ("8", "● in Name", &[GOLDEN, PATIENTS]),
    ("8", "Case 5-1", &[GOLDEN, "what_the_desk_is_told_of_a_contradiction_is_what_the_file_says"]),
    ("8", "Case 5-2", &[GOLDEN, "what_the_desk_is_told_of_a_contradiction_is_what_the_file_says"]),
    (
        "8",
        "registered but not signed up card",
        &[
            PATIENTS,
            "no_file_tells_of_somebody_who_was_not_looked_up_or_not_signed_up",
            "whoever_signs_up_leaves_the_file_of_a_valid_qualification",
        ],
    ),
    (
        "9",
        "● is kept; what page 932 lacks becomes ●",
        &[
            "what_page_932_lacks_becomes_the_mark_and_everything_else_comes_back",
            "an_unmappable_name_has_the_mark_in_page_932_and_is_whole_in_utf_8",
        ],
    ),
    (
        "9",
        "half-width kana, compared after NFKC",
        &["kana_is_written_in_half_width_and_compared_in_any", "full_width_kana_of_the_table_is_written_in_half_width"],
    ),
    ("9", "Shift_JIS is code page 932", &["one_ideograph_has_two_bytes_of_page_932"]),
    ("12", "consent is explicit and younger than 24 hours", &[FETCH]),
    ("12", "目視 is recorded for that patient", &["a_visual_check_stands_in_the_books_beside_the_patient_of_its_file"]),
    (
        "13",
        "1 parser",
        &[
            "elements_are_read_by_name_in_any_order_and_empty_ones_are_absent",
            "any_result_comes_back_in_both_encodings",
            "what_is_no_message_is_refused_by_name_of_element_and_never_quotes",
            "size_depth_elements_attributes_and_entities_are_bounded",
            "any_bytes_are_read_or_refused",
            "garbled_files_are_read_or_refused",
        ],
    ),
    ("13", "2 writer", &[ONCE, "a_face_file_has_the_observed_shape", "no_text_breaks_out_of_its_element"]),
    ("13", "3 consent times from one clock read", &[CONSENTS, DECLINED]),
    (
        "13",
        "4 certificate notice beside the success",
        &["a_certificate_that_ends_soon_stands_as_notice_beside_the_success"],
    ),
    ("13", "5 every row of section 8", &[PATIENTS, NUMBERS]),
    ("13", "6 facility settings without restart", &[SETTINGS]),
];

/// Rows that no test shows, and why.
pub(super) const NOT_SHOWN: &[(&str, &str, &str)] = &[
    ("5", "request free part of one vendor's tool", "any free part of letters, digits, _ - . is taken"),
    ("5", "bulk answers as .zip", "one source only; plain XML is written here"),
    ("5", "direction rule between レセコン and PC", "a matter of the clinic's network, not of the files"),
    ("9", "matching patients by ReferenceNumber first", "the レセコン does that; this service is at the other end"),
    ("13", "7 own conventions are versioned", "they stand in this document and change with it"),
];
