//! Letters as they are drawn: each region's own shapes, marks that stack, lines as high as they have to be and broken
//! where the language breaks them. The pictures go to `letters-LANGUAGE.png` in the folder cargo gives tests.

mod common;

use std::{fs::File, path::Path, rc::Rc};

use common::{Bench, sample};
use i_slint_backend_testing::ElementQuery;
use screen::{Language, Screen, View};
use slint::{
    ComponentHandle, PhysicalSize, PlatformError, Rgb8Pixel,
    platform::{
        Platform, WindowAdapter,
        software_renderer::{MinimalSoftwareWindow, RepaintBufferType},
    },
};
use ui::{Letters, Panel, Tokens};

/// A sentence about placing a card and one about one's rights, with whatever stacks highest and lowest in that script.
fn words(language: Language) -> &'static str {
    match language {
        Language::Ja => "カードを機械に入れてください。同意しなくても、診察は受けられます。直骨令海",
        Language::JaEasy => "カードを機械（きかい）に入れてください。「いいえ」でも、診察（しんさつ）を受けられます。",
        Language::En => "Please put your card into the machine. You can see the doctor either way. (gjpqy)",
        Language::ZhHans => "请把卡片放进机器。不同意也可以看医生。直骨令海",
        Language::ZhHant => "請把卡片放進機器。不同意也可以看醫生。直骨令海",
        Language::Ko => "카드를 기계에 넣어 주세요. 동의하지 않아도 진료를 받을 수 있습니다.",
        Language::Vi => "Vui lòng đưa thẻ vào máy. Dù không đồng ý, bạn vẫn được khám. ỄỘẰẨỮ ễộằẩữ ợựạ",
        Language::Pt => "Coloque o cartão na máquina. Você pode ser atendido sem autorizar. ÇÃÕÂÊÔÁ",
        Language::Fil => "Ipasok ang card sa makina. Maaari kang magpatingin kahit hindi ka pumayag. Ñg",
        Language::Ne => "कार्ड मेसिनमा राख्नुहोस्। सहमति नदिए पनि डाक्टरलाई देखाउन सक्नुहुन्छ। र्ऐं द्ध्र्यू क्ष त्र ज्ञ ट्ठू",
        Language::Id => "Masukkan kartu ke mesin. Anda tetap dapat berobat tanpa menyetujui.",
        Language::My => "ကတ်ကို စက်ထဲသို့ ထည့်ပါ။ သဘောမတူသော်လည်းဆရာဝန်နှင့်တွေ့နိုင်ပါသည်။ ကြွေ့ ဂ္ဂိုဠ် မြွှို့ သ္ဘင်္ဃိံ",
    }
}

fn page(language: Language, title: &str, paragraph: &str) -> View {
    let screen = Screen::ConsentDetail { title: title.to_owned(), paragraphs: vec![paragraph.to_owned()] };
    View { language, screen, ..sample("consent_detail") }
}

/// Left, upper, width and height of the first text of a kind.
fn place(bench: &Bench, kind: &str) -> [f32; 4] {
    let element = ElementQuery::from_root(bench.canvas.glass().window()).match_inherits(kind).find_first().unwrap();
    let (position, size) = (element.absolute_position(), element.size());
    [position.x, position.y, size.width, size.height]
}

/// The pixels of a part of the glass.
fn part(bench: &Bench, [x, y, width, height]: [f32; 4]) -> Vec<u8> {
    let (rgb, wide) = (bench.canvas.rgb(), bench.canvas.panel().width as usize);
    let [x, y, width, height] = [x, y, width, height].map(|edge| edge.round() as usize);
    (y..y + height).flat_map(|line| rgb[(line * wide + x) * 3..(line * wide + x + width) * 3].to_vec()).collect()
}

/// Only the part with letters on it.
fn trimmed(rgb: &[u8], width: usize) -> Vec<u8> {
    let ground = rgb[..3].to_vec();
    let lines: Vec<&[u8]> = rgb.chunks_exact(width * 3).collect();
    let inked = |line: &&[u8], column: usize| line[column * 3..column * 3 + 3] != ground[..];
    let columns: Vec<usize> = (0..width).filter(|column| lines.iter().any(|line| inked(line, *column))).collect();
    let (first, last) = (columns[0], columns[columns.len() - 1]);
    let rows = lines.iter().filter(|line| (first..=last).any(|column| inked(line, column)));
    rows.flat_map(|line| line[first * 3..(last + 1) * 3].to_vec()).collect()
}

#[test]
fn one_character_has_the_shape_of_each_region() {
    let bench = Bench::new(Panel::default());
    let drawn: Vec<(Language, Vec<u8>)> = [Language::Ja, Language::ZhHans, Language::ZhHant, Language::Ko]
        .into_iter()
        .map(|language| {
            bench.show(&page(language, "直骨令海", "1"));
            let [x, y, width, _] = place(&bench, "Headline");
            // The same height for all: families place their line differently within it.
            (language, part(&bench, [x, y, width, 60.0]))
        })
        .collect();
    for (number, (language, pixels)) in drawn.iter().enumerate() {
        for (other, others) in &drawn[number + 1..] {
            assert!(pixels != others, "{} looks like {}", language.tag(), other.tag());
        }
    }
}

#[test]
fn a_language_calls_itself_in_its_own_letters_on_every_screen() {
    let bench = Bench::new(Panel::default());
    let names = |language: Language| {
        bench.show(&View { language, ..sample("choosing_language") });
        let of_one = |name: &str| {
            let places = bench.canvas.places();
            let place = places.into_iter().find(|place| place.name == name).unwrap_or_else(|| panic!("no {name}"));
            // Inside the border; where in the target the letters stand depends on the line height of the screen's language.
            let inside = [place.x + 20.0, place.y + 12.0, place.width - 40.0, place.height - 24.0];
            trimmed(&part(&bench, inside), inside[2].round() as usize)
        };
        let keys = ["zh_hant", "ko", "ne", "my"];
        keys.map(|key| of_one(&format!("speak_{key}")))
    };
    let japanese = names(Language::Ja);
    for other in [Language::En, Language::Vi, Language::ZhHans] {
        assert!(names(other) == japanese, "{}", other.tag());
    }
}

#[test]
fn lines_are_as_high_as_the_table_says() {
    let bench = Bench::new(Panel::default());
    let tokens = bench.canvas.glass().window().global::<Tokens>();
    for language in Language::ALL {
        bench.show(&page(language, "1", "1"));
        let [_, _, _, height] = place(&bench, "Headline");
        let (size, leading) = (tokens.get_headline(), tokens.get_headline_leading());
        // Heights of a letter, marks included; stated a second time.
        let (stretch, least): (f32, f32) = match language {
            Language::Ne => (1.08, 1.42),
            Language::My => (1.3, 1.65),
            Language::Vi => (1.0, 1.33),
            Language::Ja | Language::JaEasy | Language::En | Language::Pt | Language::Fil | Language::Id => (1.0, 1.0),
            Language::ZhHans | Language::ZhHant | Language::Ko => (1.0, 1.3),
        };
        let expected = size * (leading * stretch).max(least);
        assert!((height - expected).abs() < 1.5, "{}: {height}, expected {expected}", language.tag());
    }
}

#[allow(missing_docs, clippy::all, clippy::pedantic, clippy::todo, clippy::wildcard_enum_match_arm)]
mod drawn {
    slint::slint! {
        export component Sheet inherits Window {
            in property <string> words;
            in property <string> family;
            in property <float> size;
            in property <int> weight;
            in property <float> factor;
            in property <length> spare;
            background: white;
            probe := Text {
                visible: false;
                width: root.width;
                text: root.words;
                font-family: root.family;
                font-size: root.size * 1px;
                font-weight: root.weight;
                line-height-factor: root.factor;
                wrap: word-wrap;
            }
            Text {
                x: 0px;
                y: 40px - root.spare;
                width: root.width;
                height: probe.preferred-height + 2 * root.spare;
                text: root.words;
                font-family: root.family;
                font-size: root.size * 1px;
                font-weight: root.weight;
                line-height-factor: root.factor;
                wrap: word-wrap;
                vertical-alignment: center;
                color: black;
            }
        }
    }
}

struct OneWindow(Rc<MinimalSoftwareWindow>);

impl Platform for OneWindow {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.0.clone())
    }
}

/// A text as a screen sets it.
struct Setting {
    language: Language,
    words: String,
    family: String,
    size: f32,
    weight: i32,
    factor: f32,
}

/// Headline and text of every language, as high as they are on a screen and at the tightest leading there is.
fn settings() -> Vec<Setting> {
    let bench = Bench::new(Panel::default());
    let window = bench.canvas.glass().window();
    let (letters, tokens) = (window.global::<Letters>(), window.global::<Tokens>());
    let mut settings = Vec::new();
    for language in Language::ALL {
        let words = letters.invoke_keep(words(language).into(), language.into()).to_string();
        for (size, weight, leading) in [
            (tokens.get_headline(), 700, tokens.get_headline_leading()),
            (tokens.get_body(), 400, tokens.get_body_leading()),
            (tokens.get_body(), 400, 1.15),
        ] {
            let family = letters.invoke_family(language.into()).to_string();
            let factor = letters.invoke_line(leading, language.into());
            settings.push(Setting { language, words: words.clone(), family, size, weight, factor });
        }
    }
    settings
}

/// The same text in a box of its own height and in one with 20 pixels to spare above and below: no ink may be in the spare.
#[test]
fn whatever_stacks_is_drawn_whole() {
    let settings = std::thread::spawn(settings).join().unwrap();
    let adapter = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
    slint::platform::set_platform(Box::new(OneWindow(adapter.clone()))).unwrap();
    let sheet = drawn::Sheet::new().unwrap();
    let (wide, high) = (1200_usize, 760_usize);
    adapter.set_size(PhysicalSize::new(wide as u32, high as u32));
    sheet.show().unwrap();
    let mut findings = Vec::new();
    for setting in settings {
        sheet.set_words(setting.words.as_str().into());
        sheet.set_family(setting.family.as_str().into());
        sheet.set_size(setting.size);
        sheet.set_weight(setting.weight);
        sheet.set_factor(setting.factor);
        let draw = |spare: f32| {
            sheet.set_spare(spare);
            let mut pixels = vec![Rgb8Pixel::default(); wide * high];
            adapter.request_redraw();
            adapter.draw_if_needed(|renderer| {
                renderer.render(&mut pixels, wide);
            });
            pixels
        };
        let (boxed, spare) = (draw(0.0), draw(20.0));
        assert!(boxed.iter().any(|pixel| pixel.r < 40), "{}: nothing is drawn", setting.language.tag());
        let differ = boxed.iter().zip(&spare).filter(|(one, other)| one.r.abs_diff(other.r) > 40).count();
        if differ > 0 {
            let Setting { language, size, factor, .. } = setting;
            findings.push(format!("{}, {size} px, factor {factor:.3}: {differ} pixels are cut off", language.tag()));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Several lines, all of them on the page; for people to look at.
#[test]
fn lines_end_on_the_page() {
    for panel in [Panel::new(1280, 800), Panel::new(800, 1280)] {
        let checked = std::thread::spawn(move || {
            let bench = Bench::new(panel);
            for language in Language::ALL {
                let words = &format!("{0} {0}", words(language));
                bench.show(&page(language, words.split(['.', '。', '।', '။']).next().unwrap(), words));
                let body = place(&bench, "Body");
                let size = bench.canvas.glass().window().global::<Tokens>().get_body();
                assert!(body[3] >= 2.0 * size, "{}: the text has several lines", language.tag());
                assert!(body[0] + body[2] <= panel.width as f32, "{}", language.tag());
                write(&format!("letters-{}-{panel}.png", language.key()), &bench, &bench.canvas.rgb());
            }
        });
        if let Err(panic) = checked.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

fn write(name: &str, bench: &Bench, rgb: &[u8]) {
    let file = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)).unwrap();
    let mut encoder = png::Encoder::new(file, bench.canvas.panel().width, bench.canvas.panel().height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(rgb).unwrap();
}
