//! One view of every kind of screen, and the states of it that look different. Wording as in the daemon's data files.

mod face;

use screen::{
    Advice, ConsentText, FaultText, Language, MethodState, PinNotice, Progress, Revision, Screen, StaffCall, View,
    WeightsLevel,
};

/// A view with a name for its picture.
pub struct Sample {
    /// File name without ending.
    pub name: &'static str,
    /// The view.
    pub view: View,
    /// Somebody is in front of the camera.
    pub live: bool,
}

/// Every sample in one language.
#[must_use]
pub fn samples(language: Language, large: bool) -> Vec<Sample> {
    let words = Words { language };
    let mut samples = Vec::new();
    let mut add = |name: &'static str, progress: Option<Progress>, cancel: bool, screen: Screen| {
        let view = View {
            revision: Revision(samples.len() as u64 + 1),
            language,
            large,
            facility: "見本クリニック".to_owned(),
            progress,
            cancel,
            staff: StaffCall::Offered,
            countdown: None,
            screen,
            sound: None,
        };
        let live = matches!(view.screen, Screen::FacingCamera { advice, .. } if advice != Some(Advice::Wait));
        samples.push(Sample { name, view, live });
    };
    outside_a_visit(&words, &mut add);
    identity(&words, &mut add);
    face::face(&mut add);
    consent(&words, &mut add);
    ends(&words, &mut add);
    let mut extra = Vec::new();
    for sample in &samples {
        match sample.name {
            "entering_pin" => {
                let view = View { countdown: Some(7), ..sample.view.clone() };
                extra.push(Sample { name: "entering_pin-countdown", view, live: false });
            }
            "choosing_method" => {
                let view = View { staff: StaffCall::Called, ..sample.view.clone() };
                extra.push(Sample { name: "choosing_method-staff_called", view, live: false });
            }
            _ => {}
        }
    }
    samples.extend(extra);
    samples
}

struct Words {
    language: Language,
}

impl Words {
    fn pick(&self, ja: &str, en: &str) -> String {
        match self.language {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        }
    }

    /// A question in this language, and its Japanese copy where that is another one.
    fn consent(&self, ja: [&str; 2], en: [&str; 2]) -> (ConsentText, Option<ConsentText>) {
        let text = |[question, rights]: [&str; 2]| ConsentText { question: question.into(), rights: rights.into() };
        match self.language {
            Language::Ja => (text(ja), None),
            Language::En => (text(en), Some(text(ja))),
        }
    }
}

type Add<'a> = dyn FnMut(&'static str, Option<Progress>, bool, Screen) + 'a;

fn outside_a_visit(words: &Words, add: &mut Add<'_>) {
    let start = |phone, weights| Screen::Start { phone, weights, fault: None };
    add("start", None, false, start(true, None));
    add("start-no_phone", None, false, start(false, None));
    add("start-demonstration", None, false, start(false, Some(WeightsLevel::Demonstration)));
    add("start-research", None, false, start(false, Some(WeightsLevel::Research)));
    add("start-approved", None, false, start(false, Some(WeightsLevel::Approved)));
    add("start-phone_demonstration", None, false, start(true, Some(WeightsLevel::Demonstration)));
    let fault = FaultText {
        code: "920".into(),
        headline: words.pick("ただいま受付の結果を保存できません", "The result cannot be stored right now"),
        next: words.pick(
            "受付は終わっていません。カードを持って、受付に声をかけてください。",
            "You are not checked in yet. Please take your card to the desk.",
        ),
    };
    add("start-fault", None, false, Screen::Start { phone: false, weights: None, fault: Some(fault) });
    add("without_card", None, false, Screen::WithoutCard);
    add("disconnected", None, false, Screen::Disconnected);
}

fn identity(words: &Words, add: &mut Add<'_>) {
    let at = Some(Progress::Identity);
    add("placing_card", at, true, Screen::PlacingCard);
    let open = || MethodState::Open;
    add("choosing_method", at, true, Screen::ChoosingMethod { face: open(), pin: open(), visual: open() });
    let closed = |ja: &str, en: &str| MethodState::Closed { reason: words.pick(ja, en) };
    add(
        "choosing_method-closed",
        at,
        true,
        Screen::ChoosingMethod {
            face: closed("この機械では使えません", "Not possible at this terminal"),
            pin: open(),
            visual: MethodState::Hidden,
        },
    );
    add(
        "choosing_method-no_pin",
        at,
        true,
        Screen::ChoosingMethod {
            face: open(),
            pin: closed("このカードでは使えません", "Not possible with this card"),
            visual: open(),
        },
    );
    add("entering_pin", at, true, Screen::EnteringPin { digits: 2, notice: None, face: true });
    let notice = |wrong, left| Some(PinNotice { wrong, left });
    add("entering_pin-wrong", at, true, Screen::EnteringPin { digits: 0, notice: notice(true, 2), face: true });
    add("entering_pin-two_left", at, true, Screen::EnteringPin { digits: 1, notice: notice(false, 2), face: false });
    add("entering_pin-last", at, true, Screen::EnteringPin { digits: 3, notice: notice(true, 1), face: true });
    add("last_try", at, true, Screen::LastTry { face: true, visual: true });
    add("last_try-visual", at, true, Screen::LastTry { face: false, visual: true });
    add("confirm_last_try", at, true, Screen::ConfirmLastTry);
    add("pin_blocked", at, true, Screen::PinBlocked { in_this_visit: true, face: true, visual: true });
    add("pin_blocked-before", at, true, Screen::PinBlocked { in_this_visit: false, face: false, visual: true });
    add("waiting", at, false, Screen::Waiting { long: false });
    add("waiting-long", at, false, Screen::Waiting { long: true });
    let end = words.pick("2027年（令和9年）2月17日", "17 February 2027");
    add("certificate_notice", at, true, Screen::CertificateNotice { grace: false, end: end.clone() });
    add("certificate_notice-grace", at, true, Screen::CertificateNotice { grace: true, end });
}

fn consent(words: &Words, add: &mut Add<'_>) {
    let at = Some(Progress::Consent);
    let rights = ["同意しなくても、診察は受けられます。", "You can see the doctor either way."];
    let (text, japanese) = words.consent(
        ["過去の医療情報を、この医療機関に提供することに同意しますか。", rights[0]],
        ["Share your past medical information with this clinic?", rights[1]],
    );
    let all = |previous| Screen::ConsentAll { text: text.clone(), japanese: japanese.clone(), previous };
    add("consent_all", at, true, all(vec![]));
    let line = |ja: &str, en: &str| words.pick(ja, en);
    let previous = vec![
        line("診療・お薬：同意しない", "Medicines: yes"),
        line("健診：同意しない", "Checkups: no"),
        line("手術：同意する", "Operations: yes"),
    ];
    add("consent_all-previous", at, true, all(previous));
    let (text, japanese) = words.consent(
        ["過去の診療・お薬の情報を提供することに同意しますか。", rights[0]],
        ["Share your past treatment and medicines?", rights[1]],
    );
    add("consent_each", at, true, Screen::ConsentEach { text, japanese, number: 1, count: 3, back: false });
    let (text, japanese) = words.consent(
        ["過去の手術の情報を提供することに同意しますか。", rights[0]],
        ["Share your past operations?", rights[1]],
    );
    add("consent_each-back", at, true, Screen::ConsentEach { text, japanese, number: 3, count: 3, back: true });
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
    add("consent_detail", at, true, detail);
    add("leaving_after_lookup", at, false, Screen::LeavingAfterLookup);
}

fn ends(words: &Words, add: &mut Add<'_>) {
    let at = Some(Progress::Done);
    add("done", at, false, Screen::Done { take_card: true });
    add("done-card_taken", at, false, Screen::Done { take_card: false });
    add("go_to_desk", at, false, Screen::GoToDesk { finished: true, take_card: true });
    add("go_to_desk-result", at, false, Screen::GoToDesk { finished: false, take_card: false });
    add("take_card", None, false, Screen::TakeCard);
    add("card_left", None, false, Screen::CardLeft);
    let fault = FaultText {
        code: "002".into(),
        headline: words.pick("マイナンバーカードではありません", "This is not a My Number card"),
        next: words.pick(
            "マイナンバーカードを差し込んでください。お持ちでない方は、受付に声をかけてください。",
            "Please insert your My Number card. If you do not have one, please speak to the desk.",
        ),
    };
    add("need_help", None, false, Screen::NeedHelp { fault, take_card: true });
}
