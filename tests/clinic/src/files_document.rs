//! `FILES.md`, made from the code and held against it: interfaces, elements, code tables, and which test shows which clause.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use crate::{
    compose::conventions,
    files::{
        codes::tables,
        layout::Record,
        messages::{assistance, bulk, facility, fetch, registration, request, result},
        names::Interface,
    },
};

mod clauses;

type Elements = Vec<(&'static str, String, &'static str)>;

/// Every record: where it stands, and its elements.
fn records() -> Vec<(&'static str, Elements)> {
    vec![
        ("資格確認: `MessageHeader` of every request", request::RequestHeader::elements()),
        ("001 要求: `MessageBody`", request::RequestBody::elements()),
        ("001 要求: `QualificationConfirmSearchInfo`", request::SearchInfo::elements()),
        ("002 結果: `MessageHeader`", result::ResultHeader::elements()),
        ("002 結果: `MessageBody`", result::ResultBody::elements()),
        ("002 結果: `ResultList`", result::ResultList::elements()),
        ("002 結果: `ResultOfQualificationConfirmation`", result::ResultItem::elements()),
        ("002 結果: `ElderlyRecipientCertificateInfo`", result::ElderlyRecipientCertificateInfo::elements()),
        (
            "002 結果: `LimitApplicationCertificateRelatedInfo`",
            result::LimitApplicationCertificateRelatedInfo::elements(),
        ),
        ("002 結果: `SpecificDiseasesCertificateList`", result::SpecificDiseasesCertificateList::elements()),
        ("002 結果: `SpecificDiseasesCertificateInfo`", result::SpecificDiseasesCertificateInfo::elements()),
        ("002 結果: `PublicExpenseResultList`", assistance::PublicExpenseResultList::elements()),
        ("002 結果: `MedicalTicketInfo`", assistance::MedicalTicketInfo::elements()),
        ("003・009 登録要求: `MessageBody`", registration::RegistrationBody::elements()),
        (
            "003・009 登録要求: `ReferenceNumberRegistrationInfo`",
            registration::ReferenceNumberRegistrationInfo::elements(),
        ),
        ("004 登録結果: `MessageBody`", registration::RegisteredBody::elements()),
        ("005 一括照会: `MessageBody`", bulk::BulkRequestBody::elements()),
        ("006・010 受付: `MessageBody`", bulk::UploadedBody::elements()),
        ("007・011 結果要求: `MessageBody`", bulk::DownloadBody::elements()),
        ("008・012 一括結果: `MessageHeader`", bulk::BulkResultHeader::elements()),
        ("008・012 一括結果: `MessageBody`", bulk::BulkResultBody::elements()),
        ("008・012 一括結果: `BulkConfirmUnit`", bulk::BulkConfirmUnit::elements()),
        ("薬剤・健診 要求: `MessageHeader`", fetch::FetchHeader::elements()),
        ("薬剤・健診 要求: `MessageBody`", fetch::FetchBody::elements()),
        ("薬剤・健診 結果: `MessageHeader`", fetch::FetchedHeader::elements()),
        ("薬剤・健診 結果: `MessageBody`", fetch::FetchedBody::elements()),
        ("041・043 環境設定（独自）: `MessageBody`", facility::EnvironmentBody::elements()),
        ("042・044 環境設定（独自）: `MessageBody`", facility::EnvironmentAnswerBody::elements()),
        ("環境設定（独自）: `MedicalInstitutionEnvironmentInfo`", facility::EnvironmentInfo::elements()),
        ("050 パスコード（独自）: `MessageBody`", facility::PasscodeAnswerBody::elements()),
    ]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every element name of a golden file: what this service writes at a visit.
fn in_golden_files() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(root().join("golden")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".utf-8.xml") {
            let text = fs::read_to_string(path).unwrap();
            names.extend(text.split('<').skip(1).filter_map(|rest| rest.split(['>', '/']).next()).map(str::to_owned));
        }
    }
    names
}

fn document() -> String {
    let mut out = String::from(
        "# The files of the レセコン\n\nMade by a test from the code (`UPDATE_FILES=1 cargo nextest run -p clinic the_document`); \
         do not edit. How to try it: [README.md](README.md).\n\n## Interfaces\n\n\
         Answers have `res_` for `req_` and keep what follows. A request of any other name goes back.\n\n\
         | interface | file begins with | whose convention the name is |\n|---|---|---|\n",
    );
    for interface in Interface::ALL {
        let (ids, whose) = interface.ids();
        writeln!(out, "| {ids} | `{}req_` | {whose} |", interface.prefix()).unwrap();
    }
    out.push_str(
        "| from the card reader | `OQSsiquc01res_face_` | public |\n\n## Codes and messages of our own\n\n\
         Real 処理結果コード are not public; these are ours, to be shown and never branched on.\n\n| code | message |\n|---|---|\n",
    );
    for notice in conventions::ALL {
        writeln!(out, "| `{}` | {} |", notice.code, notice.message).unwrap();
    }
    out.push_str(
        "\n## Elements\n\nRead by name, in any order; empty is absent; written in the order below. What is not listed is kept and \
         written back behind the rest. `face`: stands in a [golden file](golden) of a visit at the card reader.\n",
    );
    let face = in_golden_files();
    for (place, elements) in records() {
        writeln!(out, "\n### {place}\n\n| element | form | what it is | face |\n|---|---|---|---|").unwrap();
        for (name, form, what) in elements {
            let written = if place.starts_with("002") && face.contains(name) { "✓" } else { "" };
            writeln!(out, "| `{name}` | {form} | {} | {written} |", what.trim()).unwrap();
        }
    }
    out.push_str("\n## Code tables\n\nA code that is not in its table is kept as it came.\n");
    for table in tables() {
        writeln!(out, "\n### {} {}\n\n`{}`\n\n| code | meaning |\n|---|---|", table.id, table.name, table.type_name)
            .unwrap();
        for (code, meaning) in (table.rows)() {
            writeln!(out, "| {code} | {meaning} |").unwrap();
        }
    }
    out.push_str(
        "\n## Which test shows which clause\n\nSections and rows of the specification of the clinic's side, \
         rebuilt from public sources (`qualification.md`).\n\n| section | row | shown by |\n|---|---|---|\n",
    );
    for (section, row, tests) in clauses::CLAUSES {
        let named: Vec<_> = tests.iter().map(|test| format!("`{test}`")).collect();
        writeln!(out, "| {section} | {row} | {} |", named.join(", ")).unwrap();
    }
    out.push_str("\n### Not shown by a test\n\n| section | row | why |\n|---|---|---|\n");
    for (section, row, why) in clauses::NOT_SHOWN {
        writeln!(out, "| {section} | {row} | {why} |").unwrap();
    }
    out
}

#[test]
fn the_document_of_the_files_is_fresh() {
    let path = root().join("FILES.md");
    let fresh = document();
    if std::env::var_os("UPDATE_FILES").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == fresh, "FILES.md is stale: UPDATE_FILES=1 cargo nextest run -p clinic the_document");
}

fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_test_that_is_said_to_show_a_clause_exists() {
    let mut code = String::new();
    for folder in ["src", "tests"] {
        sources(&root().join(folder), &mut code);
    }
    for (section, row, tests) in clauses::CLAUSES {
        assert!(!tests.is_empty(), "{section}, {row}");
        for test in *tests {
            let declared = code.split(&format!("fn {test}(")).collect::<Vec<_>>();
            let is_test =
                declared.len() == 2 && declared[0].trim_end().trim_end_matches("async").trim_end().ends_with("test]");
            assert!(is_test, "{section}, {row}: no test, or more than one, is called {test}");
        }
    }
    for (section, row, why) in clauses::NOT_SHOWN {
        assert!(why.split_whitespace().count() > 3, "{section}, {row}: this is no reason");
    }
}

#[test]
fn every_section_that_concerns_the_files_has_its_rows() {
    let count = |section: &str| {
        let shown = clauses::CLAUSES.iter().filter(|(of, ..)| *of == section).count();
        shown + clauses::NOT_SHOWN.iter().filter(|(of, ..)| *of == section).count()
    };
    // As many as the specification has rows or points there.
    for (section, rows) in [("3.3", 7), ("4", 8), ("5", 12), ("6", 9), ("7", 3), ("8", 11), ("9", 4), ("13", 7)] {
        assert!(count(section) >= rows, "section {section}: {} of {rows} rows", count(section));
    }
}
