//! Sign-up, consent and the other questions.

use screen::{Answerer, Progress, Screen};

use super::{
    Add,
    words::{Asked, Words},
};

const AT: Option<Progress> = Some(Progress::Consent);
const RIGHTS: [&str; 2] = ["同意しなくても、診察は受けられます。", "You can see the doctor either way."];
const ANSWERS: [[&str; 2]; 2] = [["同意する", "同意しない"], ["Agree", "Decline"]];

pub(super) fn consent(words: &Words, add: &mut Add<'_>) {
    sign_up(words, add);
    all(words, add);
    each(words, add);
    extras(words, add);
    detail(words, add);
    add("choosing_answerer", AT, true, Screen::ChoosingAnswerer { staff: false });
    add("choosing_answerer-staff", AT, true, Screen::ChoosingAnswerer { staff: true });
    let line = |ja: &str, en: &str| words.pick(ja, en);
    let lines = vec![
        line("診療・お薬：同意する", "Care and medicines: yes"),
        line("健診：同意しない", "Checkups: no"),
        line("手術：同意する", "Operations: yes"),
        line("感染症：同意しない", "Infections: no"),
    ];
    add("reading_back", AT, true, Screen::ReadingBack { lines: lines.clone() });
    let more = [
        line("ほかの受給者証：使いません", "Other certificates: not used"),
        line("処方箋：紙の処方箋", "Prescription: paper"),
    ];
    add("reading_back-long", AT, true, Screen::ReadingBack { lines: lines.into_iter().chain(more).collect() });
    add("leaving_after_lookup", AT, false, Screen::LeavingAfterLookup);
}

fn sign_up(words: &Words, add: &mut Add<'_>) {
    let answers = [["登録する", "登録しない"], ["Sign up", "Do not sign up"]];
    let mut show = |name, confirm, [ja, en]: [[&str; 2]; 2]| {
        let (text, japanese) = words.consent(asked(ja, answers[0]), asked(en, answers[1]));
        let (by, staff, reviewed) = (Answerer::Patient, false, words.reviewed());
        add(name, Some(Progress::Identity), true, Screen::SigningUp { confirm, text, japanese, by, staff, reviewed });
    };
    let first = [
        ["健康保険証として使う登録をしますか。", "登録しなくても、資格確認書で受診できます。あとで解除できます。"],
        [
            "Sign up to use this card as your health insurance card?",
            "Without it you can use an eligibility certificate. You can undo it later.",
        ],
    ];
    show("signing_up", false, first);
    let second = [
        ["登録すると、このカードが保険証になります。登録しますか。", "登録しなくても、資格確認書で受診できます。"],
        [
            "This card becomes your health insurance card. Sign up?",
            "Without it you can use an eligibility certificate.",
        ],
    ];
    show("signing_up-confirm", true, second);
}

fn asked<'a>([question, rights]: [&'a str; 2], [yes, no]: [&'a str; 2]) -> Asked<'a> {
    [question, rights, yes, no]
}

fn all(words: &Words, add: &mut Add<'_>) {
    let (text, japanese) = words.consent(
        ["過去の医療情報を、この医療機関に提供することに同意しますか。", RIGHTS[0], "", ""],
        ["Share your past medical information with this clinic?", RIGHTS[1], "", ""],
    );
    let mut show = |name, previous, by, staff| {
        let (text, japanese) = (text.clone(), japanese.clone());
        add(name, AT, true, Screen::ConsentAll { text, japanese, previous, by, staff, reviewed: words.reviewed() });
    };
    show("consent_all", vec![], Answerer::Patient, false);
    show("consent_all-companion", vec![], Answerer::Companion, false);
    let line = |ja: &str, en: &str| words.pick(ja, en);
    let previous = vec![
        line("診療・お薬：同意しない", "Medicines: yes"),
        line("健診：同意しない", "Checkups: no"),
        line("手術：同意する", "Operations: yes"),
    ];
    show("consent_all-previous", previous, Answerer::Patient, false);
}

fn each(words: &Words, add: &mut Add<'_>) {
    let mut show = |name, [ja, en]: [&str; 2], place: (u8, u8, bool), by, staff| {
        let (text, japanese) = words.consent(asked([ja, RIGHTS[0]], ANSWERS[0]), asked([en, RIGHTS[1]], ANSWERS[1]));
        let (number, count, back) = place;
        let reviewed = words.reviewed();
        let screen = Screen::ConsentEach { text, japanese, number, count, back, by, staff, reviewed };
        add(name, AT, true, screen);
    };
    let medicines =
        ["過去の診療・お薬の情報を提供することに同意しますか。", "Share your past treatment and medicines?"];
    show("consent_each", medicines, (1, 3, false), Answerer::Patient, false);
    show("consent_each-staff", medicines, (1, 3, false), Answerer::Staff, true);
    let operations = ["過去の手術の情報を提供することに同意しますか。", "Share your past operations?"];
    show("consent_each-back", operations, (3, 3, true), Answerer::Patient, false);
    show("consent_each-companion", operations, (3, 3, true), Answerer::Companion, false);
    let infections = ["過去の感染症の情報を提供することに同意しますか。", "Share your past infections?"];
    show("consent_each-infections", infections, (4, 4, true), Answerer::Patient, false);
}

fn extras(words: &Words, add: &mut Add<'_>) {
    let reviewed = words.reviewed();
    let (text, japanese) = words.consent(
        ["ほかの受給者証も使いますか。", "使わなくても、診察は受けられます。", "使います", "使いません"],
        ["Use other benefit certificates too?", "You can see the doctor either way.", "Use them", "Do not use"],
    );
    let (number, count, back, by, staff) = (1, 1, true, Answerer::Patient, false);
    let other = Screen::ConsentEach { text, japanese, number, count, back, by, staff, reviewed };
    add("consent_each-other_certificates", AT, true, other);
    let (text, japanese) = words.consent(
        ["処方箋は、どちらにしますか。", "どちらでも、お薬は受け取れます。", "電子処方箋", "紙の処方箋"],
        ["Which kind of prescription?", "You get your medicines either way.", "Electronic", "On paper"],
    );
    for (name, back) in [("choosing_prescription", false), ("choosing_prescription-back", true)] {
        let (text, japanese) = (text.clone(), japanese.clone());
        add(name, AT, true, Screen::ChoosingPrescription { text, japanese, back, reviewed });
    }
}

fn detail(words: &Words, add: &mut Add<'_>) {
    let paragraphs = [
        ("提供する情報：これまでに受けた手術の情報です。", "What is shared: operations you have had."),
        (
            "見る人：この医療機関の、資格のある職員（医師・歯科医師・薬剤師など）だけです。",
            "Who sees it: only qualified staff of this clinic (doctors, dentists, pharmacists).",
        ),
        ("目的：これまでの手術をふまえて診察するためです。", "Why: to treat you with your past operations in mind."),
        (
            "期間：同意してから24時間です。提供の記録は、マイナポータルで見られます。",
            "How long: 24 hours from your answer. You can see the record of what was shared on Mynaportal.",
        ),
    ];
    let detail = Screen::ConsentDetail {
        title: words.pick("手術", "Operations"),
        paragraphs: paragraphs.map(|(ja, en)| words.pick(ja, en)).into(),
    };
    add("consent_detail", AT, true, detail);
}
