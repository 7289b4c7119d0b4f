//! How much room a text needs, measured by the toolkit outside of any screen. It has a thread of its own: a thread has one
//! window.

use std::{
    collections::HashMap,
    rc::Rc,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use slint::{
    PlatformError,
    platform::{
        Platform, WindowAdapter,
        software_renderer::{MinimalSoftwareWindow, RepaintBufferType},
    },
};

#[allow(missing_docs, clippy::all, clippy::pedantic, clippy::todo, clippy::wildcard_enum_match_arm)]
mod drawn {
    slint::slint! {
        export component Ruler inherits Window {
            in property <string> words;
            in property <string> family;
            in property <float> size;
            in property <int> weight;
            in property <float> factor;
            in property <length> across;
            out property <length> high: folded.preferred-height;
            out property <length> longest: folded.min-width;
            out property <length> wide: straight.preferred-width;
            folded := Text {
                width: root.across;
                text: root.words;
                font-family: root.family;
                font-size: root.size * 1px;
                font-weight: root.weight;
                line-height-factor: root.factor;
                wrap: word-wrap;
            }
            straight := Text {
                text: root.words;
                font-family: root.family;
                font-size: root.size * 1px;
                font-weight: root.weight;
                line-height-factor: root.factor;
                wrap: no-wrap;
            }
        }
    }
}

/// A text as it is set on a screen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Setting {
    /// With its word joiners.
    pub(crate) text: String,
    pub(crate) family: &'static str,
    /// Size, weight, line height factor and whether it is one line, as the element says.
    pub(crate) how: String,
    pub(crate) across: u32,
}

/// Height at this width, and the least width.
pub(crate) type Needs = [f32; 2];

struct OneWindow(Rc<MinimalSoftwareWindow>);

impl Platform for OneWindow {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.0.clone())
    }
}

pub(crate) struct Ruler {
    ask: Sender<Setting>,
    answers: Receiver<Needs>,
    known: HashMap<Setting, Needs>,
}

impl Ruler {
    pub(crate) fn new() -> Self {
        let (ask, asked) = channel::<Setting>();
        let (answer, answers) = channel();
        thread::spawn(move || {
            let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
            slint::platform::set_platform(Box::new(OneWindow(window))).unwrap();
            let ruler = drawn::Ruler::new().unwrap();
            for setting in asked {
                answer.send(measure(&ruler, &setting)).unwrap();
            }
        });
        Self { ask, answers, known: HashMap::new() }
    }

    pub(crate) fn needs(&mut self, setting: Setting) -> Needs {
        if let Some(needs) = self.known.get(&setting) {
            return *needs;
        }
        self.ask.send(setting.clone()).unwrap();
        let needs = self.answers.recv().unwrap();
        self.known.insert(setting, needs);
        needs
    }
}

fn measure(ruler: &drawn::Ruler, setting: &Setting) -> Needs {
    // Numbers are written as the language of the screen writes them.
    let how = setting.how.replace(',', ".");
    let how: Vec<&str> = how.split(' ').collect();
    let [size, weight, factor, one_line] = how[..] else { panic!("{setting:?}") };
    ruler.set_words(setting.text.as_str().into());
    ruler.set_family(setting.family.into());
    ruler.set_size(size.parse().unwrap());
    ruler.set_weight(weight.parse().unwrap());
    ruler.set_factor(factor.parse().unwrap());
    ruler.set_across(setting.across as f32);
    if one_line == "1" { [0.0, ruler.get_wide()] } else { [ruler.get_high(), ruler.get_longest()] }
}
