//! From a view to what is on the glass: every property is set for every view, so nothing of an older one can stay.

use screen::{
    Comfort, ConsentText, FaultText, Language, MethodState, Picture, PinNotice, Progress, Screen, StaffCall,
    SurfaceDigits, View, Way, Wish,
};
use slint::{ComponentHandle, Model, ModelRc, SharedString, VecModel};

use crate::{
    convert,
    generated::{
        Advice, Answerer, Depicted, Era, Field, KioskWindow, Letters, Method, Movement, Notice, PhoneKind, PhoneNotice,
        PhoneWay, PhotoShown, ScreenKind, Shown, Step, Tokens, Weights,
    },
};

/// What one view means on the glass. The default is an empty screen; each screen names only what it shows.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for one element that is there or not")]
struct Drawn {
    kind: ScreenKind,
    phone: PhoneWay,
    weights: Weights,
    wish: Option<Wish>,
    phone_kind: PhoneKind,
    phone_notice: PhoneNotice,
    reading: bool,
    seconds: u8,
    face: MethodView,
    pin: MethodView,
    visual: MethodView,
    of_phone: bool,
    digits: u8,
    notice: Option<PinNotice>,
    in_this_visit: bool,
    staff_number: String,
    again: bool,
    child: bool,
    advice: Advice,
    movement: Movement,
    reached: u8,
    other_way: bool,
    photo: PhotoShown,
    field: Field,
    era: Era,
    typed: SurfaceDigits,
    surface_notice: Notice,
    long: bool,
    grace: bool,
    stay: bool,
    end: String,
    consent: Consent,
    previous: Vec<String>,
    number: u8,
    count: u8,
    back: bool,
    answerer: Answerer,
    staff_may: bool,
    title: String,
    paragraphs: Vec<String>,
    take_card: bool,
    finished: bool,
    fault: Option<FaultText>,
    ways: Vec<Way>,
}

/// A question, its answers, and the Japanese copy; empty where there is none.
#[derive(Default)]
struct Consent {
    text: Option<ConsentText>,
    japanese: Option<ConsentText>,
    not_reviewed: bool,
}

impl Consent {
    fn new(text: ConsentText, japanese: Option<ConsentText>, reviewed: bool) -> Self {
        Self { text: Some(text), japanese, not_reviewed: !reviewed }
    }
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
    // Fails only without bundled translations; a test shows that they are there. Japanese is what the screens hold.
    let key = if view.language.is_binding() { "" } else { view.language.key() };
    if slint::select_bundled_translation(key).is_err() {
        let _ = slint::select_bundled_translation("");
    }
    let Comfort { large, contrast, slow, voice } = view.comfort;
    let tokens = window.global::<Tokens>();
    tokens.set_large(large);
    tokens.set_contrast(contrast);
    window.global::<Letters>().set_tongue(view.language.into());
    let shown = window.global::<Shown>();
    if shown.get_languages().row_count() == 0 {
        shown.set_languages(lines(&Language::ALL.map(|language| language.own_name().to_owned())));
    }
    shown.set_language(convert::place_of(view.language));
    shown.set_contrast(contrast);
    shown.set_slow(slow);
    shown.set_voice(voice);
    shown.set_motion(view.placement.motion.into());
    shown.set_photo_side(view.placement.photo.into());
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
    let revision: SharedString = view.revision.0.to_string().into();
    if shown.get_revision() != revision {
        shown.set_turned(0);
        shown.set_revision(revision);
    }
    set(&shown, drawn(view.screen.clone()));
}

fn set(shown: &Shown<'_>, drawn: Drawn) {
    let text = |text: &str| SharedString::from(text);
    shown.set_phone(drawn.phone);
    shown.set_weights(drawn.weights);
    shown.set_wish(convert::place_of_wish(drawn.wish));
    shown.set_phone_kind(drawn.phone_kind);
    shown.set_phone_notice(drawn.phone_notice);
    shown.set_reading(drawn.reading);
    shown.set_seconds(drawn.seconds.into());
    shown.set_face(drawn.face.state);
    shown.set_face_reason(text(&drawn.face.reason));
    shown.set_pin(drawn.pin.state);
    shown.set_pin_reason(text(&drawn.pin.reason));
    shown.set_visual(drawn.visual.state);
    shown.set_visual_reason(text(&drawn.visual.reason));
    shown.set_of_phone(drawn.of_phone);
    shown.set_digits(i32::from(drawn.digits));
    shown.set_wrong(drawn.notice.is_some_and(|notice| notice.wrong));
    shown.set_left(drawn.notice.map_or(-1, |notice| i32::from(notice.left)));
    shown.set_in_this_visit(drawn.in_this_visit);
    shown.set_staff_number(text(&drawn.staff_number));
    shown.set_again(drawn.again);
    shown.set_child(drawn.child);
    shown.set_advice(drawn.advice);
    shown.set_movement(drawn.movement);
    shown.set_reached(i32::from(drawn.reached.min(100)));
    shown.set_other_way(drawn.other_way);
    shown.set_photo(drawn.photo);
    shown.set_field(drawn.field);
    shown.set_era(drawn.era);
    set_typed(shown, &drawn.typed);
    shown.set_surface_notice(drawn.surface_notice);
    shown.set_long(drawn.long);
    shown.set_grace(drawn.grace);
    shown.set_stay(drawn.stay);
    shown.set_end(text(&drawn.end));
    set_consent(shown, drawn.consent);
    shown.set_previous(lines(&drawn.previous));
    shown.set_number(drawn.number.into());
    shown.set_count(drawn.count.into());
    shown.set_back(drawn.back);
    shown.set_answerer(drawn.answerer);
    shown.set_staff_may(drawn.staff_may);
    shown.set_title(text(&drawn.title));
    shown.set_paragraphs(lines(&drawn.paragraphs));
    shown.set_take_card(drawn.take_card);
    shown.set_finished(drawn.finished);
    shown.set_has_fault(drawn.fault.is_some());
    let fault = drawn.fault.as_ref();
    shown.set_fault_code(fault.map(|fault| text(&fault.code)).unwrap_or_default());
    shown.set_fault_headline(fault.map(|fault| text(&fault.headline)).unwrap_or_default());
    shown.set_fault_next(fault.map(|fault| text(&fault.next)).unwrap_or_default());
    shown.set_fault_picture(fault.map_or(Depicted::Desk, |fault| fault.picture.into()));
    shown.set_way_again(drawn.ways.contains(&Way::Again));
    shown.set_way_card(drawn.ways.contains(&Way::Card));
    shown.set_way_phone(drawn.ways.contains(&Way::Phone));
    // Last: the new screen is built when everything it shows is there.
    shown.set_screen(drawn.kind);
}

fn lines(lines: &[String]) -> ModelRc<SharedString> {
    ModelRc::new(lines.iter().map(|line| SharedString::from(line.as_str())).collect::<VecModel<_>>())
}

fn set_consent(shown: &Shown<'_>, consent: Consent) {
    let nothing =
        || ConsentText { question: String::new(), rights: String::new(), yes: String::new(), no: String::new() };
    let text = consent.text.unwrap_or_else(nothing);
    let japanese = consent.japanese.unwrap_or_else(nothing);
    shown.set_question(text.question.into());
    shown.set_rights(text.rights.into());
    shown.set_yes(text.yes.into());
    shown.set_no(text.no.into());
    shown.set_japanese_question(japanese.question.into());
    shown.set_japanese_rights(japanese.rights.into());
    shown.set_reviewed(!consent.not_reviewed);
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
            Drawn { kind: ScreenKind::Start, phone: phone.into(), weights: weights.into(), fault, ..empty }
        }
        Screen::WithoutCard { phone } => Drawn { kind: ScreenKind::WithoutCard, phone: phone.into(), ..empty },
        Screen::ChoosingLanguage => Drawn { kind: ScreenKind::ChoosingLanguage, ..empty },
        Screen::ChoosingComfort => Drawn { kind: ScreenKind::ChoosingComfort, ..empty },
        Screen::CallingStaff { wish } => Drawn { kind: ScreenKind::CallingStaff, wish, ..empty },
        Screen::ChoosingPhone => Drawn { kind: ScreenKind::ChoosingPhone, ..empty },
        Screen::HoldingPhone { phone, notice, reading, seconds } => {
            let (phone_kind, phone_notice) = (phone.into(), notice.into());
            Drawn { kind: ScreenKind::HoldingPhone, phone_kind, phone_notice, reading, seconds, ..empty }
        }
        Screen::PlacingCard => Drawn { kind: ScreenKind::PlacingCard, ..empty },
        Screen::ChoosingMethod { face, pin, visual } => {
            let (face, pin, visual) = (face.into(), pin.into(), visual.into());
            Drawn { kind: ScreenKind::ChoosingMethod, face, pin, visual, ..empty }
        }
        Screen::EnteringPin { phone, digits, notice, face } => {
            let (of_phone, digits) = (phone, digits.min(4));
            Drawn { kind: ScreenKind::EnteringPin, of_phone, digits, notice, face: offered(face), ..empty }
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
        Screen::FacingCamera { advice, movement, progress, other_way } => {
            let (advice, movement) = (advice.into(), movement.into());
            Drawn { kind: ScreenKind::FacingCamera, advice, movement, reached: progress, other_way, ..empty }
        }
        Screen::FaceFailed { again, pin, visual, advice, child } => {
            let (pin, visual, advice) = (offered(pin), offered(visual), advice.into());
            Drawn { kind: ScreenKind::FaceFailed, again, pin, visual, advice, child, ..empty }
        }
        Screen::AwaitingStaff => Drawn { kind: ScreenKind::AwaitingStaff, ..empty },
        Screen::EnteringPasscode { digits, wrong } => {
            let notice = wrong.map(|left| PinNotice { wrong: true, left });
            Drawn { kind: ScreenKind::EnteringPasscode, digits, notice, ..empty }
        }
        Screen::ComparingFaces { photo } => Drawn { kind: ScreenKind::ComparingFaces, photo: photo.into(), ..empty },
        Screen::EnteringStaffNumber { typed } => {
            Drawn { kind: ScreenKind::EnteringStaffNumber, staff_number: typed, ..empty }
        }
        Screen::SigningUp { confirm, text, japanese, by, staff, reviewed } => {
            let consent = Consent::new(text, japanese, reviewed);
            let (answerer, staff_may, number) = (by.into(), staff, if confirm { 2 } else { 1 });
            Drawn { kind: ScreenKind::SigningUp, consent, number, count: 2, answerer, staff_may, ..empty }
        }
        Screen::Waiting { long } => Drawn { kind: ScreenKind::Waiting, long, ..empty },
        Screen::CertificateNotice { phone, grace, stay, end, day: _ } => {
            Drawn { kind: ScreenKind::CertificateNotice, of_phone: phone, grace, stay, end, ..empty }
        }
        Screen::ConsentAll { text, japanese, previous, by, staff, reviewed } => {
            let consent = Consent::new(text, japanese, reviewed);
            let (answerer, staff_may) = (by.into(), staff);
            Drawn { kind: ScreenKind::ConsentAll, consent, previous, answerer, staff_may, ..empty }
        }
        Screen::ConsentEach { text, japanese, number, count, back, by, staff, reviewed } => {
            let consent = Consent::new(text, japanese, reviewed);
            let (answerer, staff_may) = (by.into(), staff);
            Drawn { kind: ScreenKind::ConsentEach, consent, number, count, back, answerer, staff_may, ..empty }
        }
        Screen::ChoosingPrescription { text, japanese, back, reviewed } => {
            let consent = Consent::new(text, japanese, reviewed);
            Drawn { kind: ScreenKind::ChoosingPrescription, consent, back, ..empty }
        }
        Screen::ChoosingAnswerer { staff } => {
            Drawn { kind: ScreenKind::ChoosingAnswerer, staff_may: staff, back: true, ..empty }
        }
        Screen::ReadingBack { lines } => Drawn { kind: ScreenKind::ReadingBack, previous: lines, ..empty },
        Screen::ConsentDetail { title, paragraphs } => {
            Drawn { kind: ScreenKind::ConsentDetail, title, paragraphs, ..empty }
        }
        Screen::LeavingAfterLookup => Drawn { kind: ScreenKind::LeavingAfterLookup, ..empty },
        Screen::Done { take_card } => Drawn { kind: ScreenKind::Done, take_card, ..empty },
        Screen::GoToDesk { finished, take_card } => Drawn { kind: ScreenKind::GoToDesk, finished, take_card, ..empty },
        Screen::TakeCard => Drawn { kind: ScreenKind::TakeCard, take_card: true, ..empty },
        Screen::CardLeft => Drawn { kind: ScreenKind::CardLeft, take_card: true, ..empty },
        Screen::NeedHelp { fault, take_card, ways } => {
            Drawn { kind: ScreenKind::NeedHelp, fault: Some(fault), take_card, ways, ..empty }
        }
        // Its words are labels; the number staff and the list of faults know it by comes from nobody else.
        Screen::Disconnected => {
            let (headline, next) = (String::new(), String::new());
            let fault = Some(FaultText { code: "960".to_owned(), headline, next, picture: Picture::Desk });
            Drawn { kind: ScreenKind::Disconnected, fault, ..empty }
        }
    }
}
