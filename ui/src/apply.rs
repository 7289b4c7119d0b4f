//! From a view to what is on the glass: every property is set for every view, so nothing of an older one can stay.

use screen::{
    ConsentText, FaultText, Language, MethodState, PinNotice, Progress, Screen, StaffCall, SurfaceDigits, View,
};
use slint::{ComponentHandle, Model, ModelRc, SharedString, VecModel};

use crate::{
    convert,
    generated::{Advice, Era, Field, KioskWindow, Method, Movement, Notice, ScreenKind, Shown, Step, Tokens, Weights},
};

/// What one view means on the glass. The default is an empty screen; each screen names only what it shows.
#[derive(Default)]
struct Drawn {
    kind: ScreenKind,
    phone: bool,
    weights: Weights,
    face: MethodView,
    pin: MethodView,
    visual: MethodView,
    digits: u8,
    notice: Option<PinNotice>,
    in_this_visit: bool,
    again: bool,
    advice: Advice,
    movement: Movement,
    reached: u8,
    field: Field,
    era: Era,
    typed: SurfaceDigits,
    surface_notice: Notice,
    long: bool,
    grace: bool,
    end: String,
    question: String,
    rights: String,
    japanese: String,
    previous: Vec<String>,
    number: u8,
    count: u8,
    back: bool,
    title: String,
    paragraphs: Vec<String>,
    take_card: bool,
    finished: bool,
    fault: Option<FaultText>,
}

#[derive(Default)]
struct MethodView {
    state: Method,
    reason: String,
}

impl From<MethodState> for MethodView {
    fn from(state: MethodState) -> Self {
        match state {
            MethodState::Open => Self { state: Method::Open, reason: String::new() },
            MethodState::Closed { reason } => Self { state: Method::Closed, reason },
            MethodState::Hidden => Self::default(),
        }
    }
}

/// Offered or not there.
fn offered(yes: bool) -> MethodView {
    if yes { MethodState::Open.into() } else { MethodState::Hidden.into() }
}

/// Puts a view on the glass. The language of fixed labels changes with it.
pub(crate) fn apply(window: &KioskWindow, view: &View) {
    let language = match view.language {
        Language::Ja => "",
        Language::En => "en",
    };
    // Fails only without bundled translations; a test shows that they are there.
    let _ = slint::select_bundled_translation(language);

    window.global::<Tokens>().set_large(view.large);
    let shown = window.global::<Shown>();
    shown.set_facility(view.facility.as_str().into());
    shown.set_step(match view.progress {
        None => Step::None,
        Some(Progress::Identity) => Step::Identity,
        Some(Progress::Consent) => Step::Consent,
        Some(Progress::Done) => Step::Done,
    });
    shown.set_cancel(view.cancel);
    shown.set_staff_called(match view.staff {
        StaffCall::Offered => false,
        StaffCall::Called => true,
    });
    shown.set_countdown(view.countdown.map_or(-1, i32::from));
    set(&shown, drawn(view.screen.clone()));
}

fn set(shown: &Shown<'_>, drawn: Drawn) {
    let text = |text: &str| SharedString::from(text);
    let lines = |lines: &[String]| ModelRc::new(lines.iter().map(|line| text(line)).collect::<VecModel<_>>());
    shown.set_phone(drawn.phone);
    shown.set_weights(drawn.weights);
    shown.set_face(drawn.face.state);
    shown.set_face_reason(text(&drawn.face.reason));
    shown.set_pin(drawn.pin.state);
    shown.set_pin_reason(text(&drawn.pin.reason));
    shown.set_visual(drawn.visual.state);
    shown.set_visual_reason(text(&drawn.visual.reason));
    shown.set_digits(i32::from(drawn.digits.min(4)));
    shown.set_wrong(drawn.notice.is_some_and(|notice| notice.wrong));
    shown.set_left(drawn.notice.map_or(-1, |notice| i32::from(notice.left)));
    shown.set_in_this_visit(drawn.in_this_visit);
    shown.set_again(drawn.again);
    shown.set_advice(drawn.advice);
    shown.set_movement(drawn.movement);
    shown.set_reached(i32::from(drawn.reached.min(100)));
    shown.set_field(drawn.field);
    shown.set_era(drawn.era);
    set_typed(shown, &drawn.typed);
    shown.set_surface_notice(drawn.surface_notice);
    shown.set_long(drawn.long);
    shown.set_grace(drawn.grace);
    shown.set_end(text(&drawn.end));
    shown.set_question(text(&drawn.question));
    shown.set_rights(text(&drawn.rights));
    shown.set_japanese(text(&drawn.japanese));
    shown.set_previous(lines(&drawn.previous));
    shown.set_number(drawn.number.into());
    shown.set_count(drawn.count.into());
    shown.set_back(drawn.back);
    shown.set_title(text(&drawn.title));
    shown.set_paragraphs(lines(&drawn.paragraphs));
    shown.set_take_card(drawn.take_card);
    shown.set_finished(drawn.finished);
    shown.set_has_fault(drawn.fault.is_some());
    let fault = drawn.fault.unwrap_or(FaultText { code: String::new(), headline: String::new(), next: String::new() });
    shown.set_fault_code(fault.code.into());
    shown.set_fault_headline(text(&fault.headline));
    shown.set_fault_next(text(&fault.next));
    // Last: the new screen is built when everything it shows is there.
    shown.set_screen(drawn.kind);
}

/// Digit by digit into the one model there is, so that the toolkit never holds them as a text.
fn set_typed(shown: &Shown<'_>, typed: &SurfaceDigits) {
    let places = shown.get_typed();
    let mut digits = typed.0.bytes().filter(u8::is_ascii_digit);
    let mut count = 0;
    for place in 0..places.row_count() {
        let digit = digits.next();
        count += i32::from(digit.is_some());
        places.set_row_data(place, digit.map_or(-1, |digit| i32::from(digit - b'0')));
    }
    shown.set_typed_count(count);
}

fn drawn(screen: Screen) -> Drawn {
    let empty = Drawn::default();
    match screen {
        Screen::Start { phone, weights, fault } => {
            Drawn { kind: ScreenKind::Start, phone, weights: weights.into(), fault, ..empty }
        }
        Screen::WithoutCard => Drawn { kind: ScreenKind::WithoutCard, ..empty },
        Screen::PlacingCard => Drawn { kind: ScreenKind::PlacingCard, ..empty },
        Screen::ChoosingMethod { face, pin, visual } => {
            let (face, pin, visual) = (face.into(), pin.into(), visual.into());
            Drawn { kind: ScreenKind::ChoosingMethod, face, pin, visual, ..empty }
        }
        Screen::EnteringPin { digits, notice, face } => {
            Drawn { kind: ScreenKind::EnteringPin, digits, notice, face: offered(face), ..empty }
        }
        Screen::LastTry { face, visual } => {
            Drawn { kind: ScreenKind::LastTry, face: offered(face), visual: offered(visual), ..empty }
        }
        Screen::ConfirmLastTry => Drawn { kind: ScreenKind::ConfirmLastTry, digits: 4, ..empty },
        Screen::PinBlocked { in_this_visit, face, visual } => {
            let (face, visual) = (offered(face), offered(visual));
            Drawn { kind: ScreenKind::PinBlocked, in_this_visit, face, visual, ..empty }
        }
        Screen::KeyingSurfaceCode { field, typed, notice } => {
            let (field, era) = convert::field(field);
            let kind = ScreenKind::KeyingSurfaceCode;
            Drawn { kind, field, era, typed, surface_notice: notice.into(), back: true, ..empty }
        }
        Screen::FacingCamera { advice, movement, progress } => {
            let (advice, movement) = (advice.into(), movement.into());
            Drawn { kind: ScreenKind::FacingCamera, advice, movement, reached: progress, ..empty }
        }
        Screen::FaceFailed { again, pin, visual, advice } => {
            let (pin, visual, advice) = (offered(pin), offered(visual), advice.into());
            Drawn { kind: ScreenKind::FaceFailed, again, pin, visual, advice, ..empty }
        }
        Screen::Waiting { long } => Drawn { kind: ScreenKind::Waiting, long, ..empty },
        Screen::CertificateNotice { grace, end } => Drawn { kind: ScreenKind::CertificateNotice, grace, end, ..empty },
        Screen::ConsentAll { text, japanese, previous } if !previous.is_empty() => {
            // The page is about the earlier answers: the short question of the kiosk stands for the long one, which
            // 「変える」 leads to. What is said in Japanese too is the line about one's rights.
            let japanese = japanese.map(|text| text.rights).unwrap_or_default();
            Drawn { kind: ScreenKind::ConsentAll, previous, rights: text.rights, japanese, ..empty }
        }
        Screen::ConsentAll { text, japanese, .. } => {
            with_text(text, japanese, Drawn { kind: ScreenKind::ConsentAll, ..empty })
        }
        Screen::ConsentEach { text, japanese, number, count, back } => {
            with_text(text, japanese, Drawn { kind: ScreenKind::ConsentEach, number, count, back, ..empty })
        }
        Screen::ConsentDetail { title, paragraphs } => {
            Drawn { kind: ScreenKind::ConsentDetail, title, paragraphs, ..empty }
        }
        Screen::LeavingAfterLookup => Drawn { kind: ScreenKind::LeavingAfterLookup, ..empty },
        Screen::Done { take_card } => Drawn { kind: ScreenKind::Done, take_card, ..empty },
        Screen::GoToDesk { finished, take_card } => Drawn { kind: ScreenKind::GoToDesk, finished, take_card, ..empty },
        Screen::TakeCard => Drawn { kind: ScreenKind::TakeCard, take_card: true, ..empty },
        Screen::CardLeft => Drawn { kind: ScreenKind::CardLeft, take_card: true, ..empty },
        Screen::NeedHelp { fault, take_card } => {
            Drawn { kind: ScreenKind::NeedHelp, fault: Some(fault), take_card, ..empty }
        }
        Screen::Disconnected => Drawn { kind: ScreenKind::Disconnected, ..empty },
    }
}

/// Question and rights; the Japanese copy follows in one run, so that both fit one screen.
fn with_text(text: ConsentText, japanese: Option<ConsentText>, drawn: Drawn) -> Drawn {
    let japanese = japanese.map(|text| {
        let closed = text.question.ends_with(['。', '？', '?']);
        format!("{}{}{}", text.question, if closed { "" } else { "。" }, text.rights)
    });
    Drawn { question: text.question, rights: text.rights, japanese: japanese.unwrap_or_default(), ..drawn }
}
