//! Every message comes back from its bytes, in both encodings; and no bytes from outside break the reader.

use proptest::prelude::*;

use super::{
    Encoding, FileError,
    codes::{CharacterCode, Code},
    layout::{Message, Record, Value},
    limits::{MAX_DEPTH, MAX_ELEMENTS, MAX_FILE},
    messages::{
        bulk::{BulkRequestFile, BulkResultFile, DownloadFile, UploadedFile},
        facility::{EnvironmentAnswerFile, EnvironmentFile, PasscodeAnswerFile, PasscodeFile},
        fetch::{FetchFile, FetchedFile},
        registration::{RegisteredFile, RegistrationFile},
        request::RequestFile,
        result::{ResultFile, ResultHeader},
    },
    strategies::{Sample, text},
    xml,
};

/// Writing says the encoding where the header has a place for it.
fn says(header: &mut ResultHeader, encoding: Encoding) {
    says_in(&mut header.character_code_identifier, encoding);
}

fn says_in(told: &mut Option<Value<CharacterCode>>, encoding: Encoding) {
    if told.is_some() {
        *told = CharacterCode::from_code(encoding.code()).map(Into::into);
    }
}

fn comes_back<H: Record, B: Record>(
    mut message: Message<H, B>,
    mut says: impl FnMut(&mut H, Encoding),
) -> Result<(), TestCaseError> {
    for encoding in Encoding::ALL {
        says(&mut message.header, encoding);
        let bytes = message.write(encoding);
        let (read, from) = Message::read(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&read, &message);
        prop_assert_eq!(from, encoding);
        prop_assert_eq!(read.write(encoding), bytes);
    }
    Ok(())
}

fn nothing<H>(_: &mut H, _: Encoding) {}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_result_comes_back_in_both_encodings(message in ResultFile::any()) {
        comes_back(message, says)?;
    }

    #[test]
    fn any_request_comes_back_in_both_encodings(
        numbers in RequestFile::any(), registration in RegistrationFile::any(), registered in RegisteredFile::any(),
    ) {
        comes_back(numbers, nothing)?;
        comes_back(registration, nothing)?;
        comes_back(registered, says)?;
    }

    #[test]
    fn any_bulk_message_comes_back_in_both_encodings(
        request in BulkRequestFile::any(), uploaded in UploadedFile::any(), download in DownloadFile::any(),
        result in BulkResultFile::any(),
    ) {
        comes_back(request, nothing)?;
        comes_back(uploaded, says)?;
        comes_back(download, nothing)?;
        comes_back(result, |header, encoding| says_in(&mut header.character_code_identifier, encoding))?;
    }

    #[test]
    fn any_other_message_comes_back_in_both_encodings(
        fetch in FetchFile::any(), fetched in FetchedFile::any(), environment in EnvironmentFile::any(),
        answer in EnvironmentAnswerFile::any(), passcode in PasscodeFile::any(), told in PasscodeAnswerFile::any(),
    ) {
        comes_back(fetch, nothing)?;
        comes_back(fetched, |header, encoding| says_in(&mut header.character_code_identifier, encoding))?;
        comes_back(environment, nothing)?;
        comes_back(answer, says)?;
        comes_back(passcode, nothing)?;
        comes_back(told, says)?;
    }

    #[test]
    fn no_text_breaks_out_of_its_element(text in text(), wild in "\\PC{0,40}") {
        for text in [text, wild] {
            let element = xml::Element {
                name: "Name".into(),
                attributes: vec![("a".into(), text.clone())],
                nodes: xml::Element::with_text("", &text).nodes,
            };
            for encoding in Encoding::ALL {
                let (read, _) = xml::read(&xml::write(&element, encoding)).unwrap();
                prop_assert_eq!(read.text(), encoding.holds(&text));
                prop_assert_eq!(&read.attributes[0].1, &encoding.holds(&text));
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = xml::read(&bytes);
        let mut more = b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><XmlMsg><MessageHeader>".to_vec();
        more.extend(&bytes);
        let _ = ResultFile::read(&more);
    }

    #[test]
    fn garbled_files_are_read_or_refused(
        message in ResultFile::any(), at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<proptest::sample::Index>(),
    ) {
        for encoding in Encoding::ALL {
            let whole = message.write(encoding);
            let mut garbled = whole.clone();
            let place = at.index(garbled.len());
            garbled[place] = byte;
            let _ = ResultFile::read(&garbled);
            // Nothing that was cut short passes for whole: only the line end after the root may be missing.
            let end = cut.index(whole.len() - 1);
            prop_assert!(ResultFile::read(&whole[..end]).is_err());
        }
    }
}

fn file(declaration: &str, inner: &str) -> Vec<u8> {
    format!("{declaration}<XmlMsg>{inner}</XmlMsg>").into_bytes()
}

#[test]
fn the_declaration_decides_and_a_contradicting_identifier_is_an_error_with_a_cure() {
    let said = |code: &str| {
        let header =
            format!("<MessageHeader><CharacterCodeIdentifier>{code}</CharacterCodeIdentifier></MessageHeader>");
        (
            file("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", &header),
            file("<?xml version='1.0' encoding='shift_jis' ?>", &header),
            file("", &header),
        )
    };
    let (utf8, sjis, silent) = said("0");
    assert_eq!(ResultFile::read(&utf8).unwrap().1, Encoding::Utf8);
    assert_eq!(ResultFile::read(&sjis), Err(FileError::Contradiction(Encoding::ShiftJis)));
    assert_eq!(ResultFile::read(&silent).unwrap().1, Encoding::Utf8);
    let (utf8, sjis, silent) = said("1");
    let error = ResultFile::read(&utf8).unwrap_err();
    assert!(error.to_string().contains("Write the identifier 0"), "{error}");
    assert_eq!(ResultFile::read(&sjis).unwrap().1, Encoding::ShiftJis);
    // Nothing declared: the identifier says it.
    assert_eq!(ResultFile::read(&silent).unwrap().1, Encoding::ShiftJis);
    let other = file("<?xml version=\"1.0\" encoding=\"EUC-JP\"?>", "");
    assert_eq!(ResultFile::read(&other), Err(FileError::UnknownEncoding));
    assert_eq!(ResultFile::read(b"\xFF\xFE<\0"), Err(FileError::UnknownEncoding));
    let marked = [b"\xEF\xBB\xBF".to_vec(), said("0").0].concat();
    assert_eq!(ResultFile::read(&marked).unwrap().1, Encoding::Utf8);
}

#[test]
fn elements_are_read_by_name_in_any_order_and_empty_ones_are_absent() {
    let bytes = file(
        "",
        "<MessageBody><QualificationValidity>1</QualificationValidity><ResultList/>\
         <ProcessingResultCode> \n </ProcessingResultCode></MessageBody>\
         <MessageHeader><ErrorCode></ErrorCode><SegmentOfResult> 1 </SegmentOfResult></MessageHeader>",
    );
    let (file, _) = ResultFile::read(&bytes).unwrap();
    assert_eq!(file.header.segment_of_result, Some(Value::Known(super::codes::SegmentOfResult::Done)));
    assert_eq!(file.header.error_code, None);
    assert_eq!((file.body.result_list, file.body.processing_result_code), (None, None));
    assert!(file.body.qualification_validity.is_some());
}

#[test]
fn unknown_codes_and_days_are_kept_as_they_came() {
    let header = "<MessageHeader><SegmentOfResult>7</SegmentOfResult>\
                  <QualificationConfirmationDate>00000000</QualificationConfirmationDate></MessageHeader>";
    let (read, _) = ResultFile::read(&file("", header)).unwrap();
    assert_eq!(read.header.segment_of_result, Some(Value::Other("7".into())));
    let written = String::from_utf8(read.write(Encoding::Utf8)).unwrap();
    assert!(written.contains(">7<") && written.contains(">00000000<"));
}

#[test]
fn what_is_no_message_is_refused_by_name_of_element_and_never_quotes() {
    let header = "<MessageHeader><MedicalInstitutionCode>1</MedicalInstitutionCode></MessageHeader>";
    let search = |inner: &str| {
        file(
            "",
            &format!(
                "{header}<MessageBody><QualificationConfirmSearchInfo>{inner}</QualificationConfirmSearchInfo></MessageBody>"
            ),
        )
    };
    let cases = [
        (b"<Other/>".to_vec(), FileError::Root { expected: "XmlMsg" }),
        (file("", ""), FileError::Missing { element: "MessageHeader" }),
        (file("", &header.repeat(2)), FileError::Repeated { element: "MessageHeader" }),
        (search("<Birthdate>1</Birthdate><Birthdate>2</Birthdate>"), FileError::Repeated { element: "Birthdate" }),
        (
            search("<Birthdate><Year>secret</Year></Birthdate>"),
            FileError::Shape { element: "Birthdate", found: "elements", expected: "text" },
        ),
        (
            search("secret"),
            FileError::Shape { element: "QualificationConfirmSearchInfo", found: "text", expected: "elements" },
        ),
        (file("<!DOCTYPE XmlMsg>", header), FileError::DocumentType),
        (search("<Name>&secret;</Name>"), FileError::Entity),
        (search("<Name>&#0;</Name>"), FileError::Entity),
        (search("<Name>&#xFFFE;</Name>"), FileError::Entity),
    ];
    for (bytes, error) in cases {
        let got = RequestFile::read(&bytes).unwrap_err();
        assert_eq!(got, error, "{}", String::from_utf8_lossy(&bytes));
        assert!(!got.to_string().contains("secret"));
    }
    for broken in
        ["<XmlMsg>", "<XmlMsg></Other>", "<XmlMsg/><XmlMsg/>", "text<XmlMsg/>", "", "<XmlMsg a='1' a='2'/>", "<1/>"]
    {
        assert!(matches!(xml::read(broken.as_bytes()), Err(FileError::NotXml { .. })), "{broken}");
    }
}

#[test]
fn size_depth_elements_attributes_and_entities_are_bounded() {
    let deep = "<a>".repeat(MAX_DEPTH + 1) + &"</a>".repeat(MAX_DEPTH + 1);
    assert_eq!(xml::read(deep.as_bytes()), Err(FileError::TooMuch { what: "depth" }));
    let most = "<a>".repeat(MAX_DEPTH) + &"</a>".repeat(MAX_DEPTH);
    assert!(xml::read(most.as_bytes()).is_ok());
    let wide = format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS));
    assert_eq!(xml::read(wide.as_bytes()), Err(FileError::TooMuch { what: "elements" }));
    let attributes: String = (0..17).map(|n| format!(" a{n}=''")).collect();
    assert_eq!(xml::read(format!("<a{attributes}/>").as_bytes()), Err(FileError::TooMuch { what: "attributes" }));
    assert_eq!(xml::read(&vec![b' '; MAX_FILE + 1]), Err(FileError::TooLarge { most: MAX_FILE }));
    let laughs = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
    assert_eq!(xml::read(laughs.as_bytes()), Err(FileError::DocumentType));
}
