//! Crowds for training: many persons, many pictures of each, with labels.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, anyhow};

use crate::attack::{self, Held, Paper, Shown};
use crate::background::{self, Busy};
use crate::camera_effects::Effects;
use crate::dice::{Dice, Purpose};
use crate::geometry::Turn;
use crate::head::Collar;
use crate::labels::{HEADER, Kind, Label, lines};
use crate::light::Light;
use crate::marks::Expression;
use crate::person::{Person, cloth};
use crate::picture::{Picture, SAMPLES};
use crate::raster::Canvas;
use crate::space::Space;
use crate::stage::{self, Clothes, Model, Pose};
use crate::wear::{Cap, FaceMask};

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// 160×160, one face filling it; picture 0 is the card photo.
    Head,
    /// 320×240, nobody to three people before anything.
    Frame,
    /// 640×480, one person as the terminal's camera sees them.
    Camera,
}

/// What to draw.
#[derive(Clone, Debug)]
pub struct Order {
    /// What a picture shows.
    pub view: View,
    /// First person.
    pub first: u64,
    /// How many persons.
    pub count: u64,
    /// Pictures of each.
    pub each: u64,
    /// Half of the pictures are attacks.
    pub attacks: bool,
    /// Seed of everything.
    pub seed: u64,
    /// Threads at work.
    pub threads: usize,
    /// Folder for pictures and `labels.csv`.
    pub out: PathBuf,
}

/// One finished picture.
pub(crate) struct Drawn {
    pub(crate) picture: Picture,
    pub(crate) labels: Vec<Label>,
    pub(crate) quality: u8,
}

impl Drawn {
    fn grey(&self) -> bool {
        self.labels.iter().any(|label| label.kind == Kind::Photo)
    }
}

/// Draws a whole order.
///
/// # Errors
/// When a file cannot be written.
pub fn crowd(space: &Space, order: &Order) -> anyhow::Result<()> {
    std::fs::create_dir_all(&order.out).with_context(|| format!("cannot make {}", order.out.display()))?;
    let next = AtomicU64::new(0);
    let work = || -> anyhow::Result<Vec<(u64, String)>> {
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= order.count {
                return Ok(done);
            }
            let id = order.first + n;
            done.push((id, one(space, order, id)?));
        }
    };
    let mut all = Vec::new();
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let workers: Vec<_> = (0..order.threads.max(1)).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow!("a drawing thread stopped"))??);
        }
        Ok(())
    })?;
    all.sort_by_key(|(id, _)| *id);
    let text: String = std::iter::once(format!("{HEADER}\n")).chain(all.into_iter().map(|(_, text)| text)).collect();
    write(&order.out.join("labels.csv"), text.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn one(space: &Space, order: &Order, id: u64) -> anyhow::Result<String> {
    let folder = order.out.join(id.to_string());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let model = Model::of(space, Person::draw(space, order.seed, id));
    let mut text = String::new();
    for number in 0..order.each {
        let drawn = picture(space, order, &model, number);
        let file = format!("{id}/{number:02}.jpg");
        let jpeg =
            if drawn.grey() { drawn.picture.grey_jpeg(drawn.quality)? } else { drawn.picture.jpeg(drawn.quality)? };
        write(&order.out.join(&file), &jpeg)?;
        text += &lines(&file, &drawn.labels);
    }
    Ok(text)
}

/// One picture of a person.
pub(crate) fn picture(space: &Space, order: &Order, model: &Model, number: u64) -> Drawn {
    let dice = &mut Dice::new(order.seed, model.person.id, Purpose::Shot, number * 4 + order.view as u64);
    match order.view {
        View::Head if number == 0 => photo(model, dice, 160, 57.0),
        View::Head => head(model, dice),
        View::Frame => frame(space, order.seed, model, dice),
        View::Camera if order.attacks && number % 2 == 1 => attack_before_camera(space, order.seed, model, dice),
        View::Camera => camera(model, dice),
    }
}

/// What somebody wears in one picture.
pub(crate) fn clothes(dice: &mut Dice, usual: [f32; 3]) -> Clothes {
    let (own, stripes) = (dice.chance(0.3), dice.range(0.1, 0.6));
    let new = cloth(dice);
    Clothes {
        collar: dice.pick(&[Collar::Round, Collar::Round, Collar::Pointed, Collar::Shirt, Collar::High]),
        colour: if own { usual } else { new },
        stripes: if dice.chance(0.2) { stripes } else { 0.0 },
    }
}

/// Somebody in any pose the terminal accepts, and the word for it.
fn somehow(model: &Model, dice: &mut Dice, light: &Light) -> (Pose, String) {
    let person = &model.person;
    let calm = dice.chance(0.35);
    let wide = if calm { 0.25 } else { 1.0 };
    let turn = Turn {
        yaw: dice.about(0.0, 14.0).clamp(-30.0, 30.0) * wide,
        pitch: dice.about(0.0, 6.5).clamp(-15.0, 15.0) * wide,
        roll: dice.about(0.0, 5.5).clamp(-15.0, 15.0) * wide,
    };
    let mut words = vec![light.name];
    let mut expression = Expression {
        gaze: [dice.about(-turn.yaw / 45.0, 0.15), dice.about(-turn.pitch / 40.0, 0.12)],
        ..Expression::default()
    };
    expression.gaze = expression.gaze.map(|n| n.clamp(-0.8, 0.8));
    let (kind, strong) = (dice.unit(), dice.range(0.35, 1.0));
    if kind < 0.25 {
        expression.smile = strong;
        expression.open = if strong > 0.75 { 0.25 } else { 0.0 };
        words.push("smile");
    } else if kind < 0.35 {
        expression.open = strong * 0.8;
        words.push("open");
    } else if kind < 0.45 {
        expression.brows = strong;
    } else if kind < 0.52 {
        expression.shut = if strong > 0.7 { 1.0 } else { strong * 0.8 };
        words.push("blink");
    }
    let mask = dice.chance(0.06).then(|| FaceMask::any(dice));
    let cap = dice.chance(0.06).then(|| Cap::any(dice));
    let glasses = person.glasses.clone().filter(|_| dice.chance(0.85));
    if mask.is_some() {
        words.push("mask");
    }
    if cap.is_some() {
        words.push("cap");
    }
    if glasses.is_some() {
        words.push("glasses");
    }
    let pose = Pose {
        eyes: 60.0,
        at: [0.0; 2],
        turn,
        far: dice.range(6.5, 16.0),
        expression,
        glasses,
        mask,
        cap,
        clothes: clothes(dice, person.cloth),
    };
    (pose, words.join("+"))
}

/// The card photo: looks ahead, even light, plain wall, grey.
pub(crate) fn photo(model: &Model, dice: &mut Dice, side: usize, eyes: f32) -> Drawn {
    let mut picture = background::draw(side, side, Busy::Plain, [0.95; 3], dice);
    let pose = photo_pose(model, dice, eyes, [side as f32 * 0.5, side as f32 * 0.46]);
    let light = Light::front();
    let seen = alone(&mut picture, model, &pose, &light);
    let effects = Effects { noise: 1.0, contrast: 1.0, seed: dice.number(), blur: 0.5, ..Effects::default() };
    effects.apply(&mut picture);
    picture.grey();
    let label =
        Label { person: model.person.id, kind: Kind::Photo, condition: "photo".to_owned(), turn: pose.turn, seen };
    Drawn { picture, labels: vec![label], quality: 88 }
}

pub(crate) fn photo_pose(model: &Model, dice: &mut Dice, eyes: f32, at: [f32; 2]) -> Pose {
    let turn = Turn { yaw: dice.about(0.0, 1.5), pitch: dice.about(0.0, 1.5), roll: dice.about(0.0, 1.0) };
    Pose {
        eyes,
        at,
        turn,
        far: 20.0,
        expression: Expression::default(),
        glasses: model.person.glasses.clone().filter(|_| dice.chance(0.4)),
        mask: None,
        cap: None,
        clothes: Clothes {
            collar: dice.pick(&[Collar::Shirt, Collar::Round, Collar::Pointed]),
            ..clothes(dice, model.person.cloth)
        },
    }
}

/// Draws one person over a picture.
pub(crate) fn alone(picture: &mut Picture, model: &Model, pose: &Pose, light: &Light) -> stage::Seen {
    let mut canvas = Canvas::new(picture.width * SAMPLES, picture.height * SAMPLES);
    let seen = stage::draw(&mut canvas, model, pose, light, None);
    picture.lay(&canvas);
    seen
}

fn head(model: &Model, dice: &mut Dice) -> Drawn {
    let light = Light::any(dice);
    let busy = dice.pick(&[Busy::Calm, Busy::Calm, Busy::Cluttered]);
    let mut picture = background::draw(160, 160, busy, light.behind, dice);
    let (mut pose, condition) = somehow(model, dice, &light);
    pose.eyes = dice.range(50.0, 64.0);
    pose.at = [80.0 + dice.about(0.0, 4.0), 72.0 + dice.about(0.0, 4.0)];
    let seen = alone(&mut picture, model, &pose, &light);
    let effects = Effects::any(dice, light.name == "dim");
    effects.apply(&mut picture);
    let label = Label { person: model.person.id, kind: Kind::Live, condition, turn: pose.turn, seen };
    Drawn { picture, labels: vec![label], quality: effects.quality }
}

fn camera(model: &Model, dice: &mut Dice) -> Drawn {
    let light = Light::any(dice);
    let busy = dice.pick(&[Busy::Calm, Busy::Calm, Busy::Cluttered]);
    let mut picture = background::draw(640, 480, busy, light.behind, dice);
    let (mut pose, condition) = somehow(model, dice, &light);
    pose.eyes = dice.range(45.0, 110.0);
    pose.far = 64.0 / pose.eyes * dice.range(7.0, 10.0);
    pose.at = [320.0 + dice.about(0.0, 45.0), 215.0 + dice.about(0.0, 28.0)];
    let seen = alone(&mut picture, model, &pose, &light);
    let effects = Effects::any(dice, light.name == "dim");
    effects.apply(&mut picture);
    let label = Label { person: model.person.id, kind: Kind::Live, condition, turn: pose.turn, seen };
    Drawn { picture, labels: vec![label], quality: effects.quality }
}

/// Somebody else: from beyond every usual id, so that no person of the order is drawn twice.
fn bystander(space: &Space, seed: u64, dice: &mut Dice) -> Model {
    Model::of(space, Person::draw(space, seed, (1 << 40) + u64::from(dice.number() % 4096)))
}

/// A print, a phone or a cut-out of this person.
fn attack_before_camera(space: &Space, seed: u64, model: &Model, dice: &mut Dice) -> Drawn {
    let kind = dice.pick(&[Kind::Print, Kind::Screen, Kind::CutOut]);
    let light = Light::any(dice);
    let busy = dice.pick(&[Busy::Calm, Busy::Calm, Busy::Cluttered]);
    let mut picture = background::draw(640, 480, busy, light.behind, dice);
    let eyes = dice.range(45.0, 110.0);
    let at = [320.0 + dice.about(0.0, 45.0), 225.0 + dice.about(0.0, 28.0)];
    let (seen, turn) = if kind == Kind::CutOut {
        let own = bystander(space, seed, dice);
        cut_out(&mut picture, model, &own, eyes, at, &light, dice)
    } else {
        let behind = dice.chance(0.4).then(|| bystander(space, seed, dice));
        let share = if dice.chance(0.2) { dice.range(0.11, 0.16) } else { dice.range(0.17, 0.3) };
        held(&mut picture, model, kind, share, (eyes, at), &light, behind.as_ref(), dice)
    };
    let effects = attack::steady(Effects::any(dice, light.name == "dim"));
    effects.apply(&mut picture);
    let label = Label { person: model.person.id, kind, condition: light.name.to_owned(), turn, seen };
    Drawn { picture, labels: vec![label], quality: effects.quality }
}

fn cut_out(
    picture: &mut Picture,
    model: &Model,
    own: &Model,
    eyes: f32,
    at: [f32; 2],
    light: &Light,
    dice: &mut Dice,
) -> (stage::Seen, Turn) {
    let glasses = model.person.glasses.clone().filter(|_| dice.chance(0.3));
    let clothes = clothes(dice, model.person.cloth);
    let shown = Shown::of(model, 0.28, glasses, clothes, dice);
    let (mut pose, _) = somehow(own, dice, light);
    pose.turn = pose.turn.part(0.6);
    (pose.eyes, pose.at, pose.far) = (eyes, at, 64.0 / eyes * dice.range(7.0, 10.0));
    (pose.glasses, pose.mask) = (None, None);
    let paper = Paper {
        shown: &shown,
        holes: dice.chance(0.7),
        rest: if dice.chance(0.5) { dice.range(1.0, 8.0) } else { 0.0 },
        seed: dice.number(),
        off: [dice.about(0.0, 2.5), dice.about(1.0, 2.5)],
    };
    let mut canvas = Canvas::new(picture.width * SAMPLES, picture.height * SAMPLES);
    let seen = stage::draw(&mut canvas, own, &pose, light, Some(&paper));
    picture.lay(&canvas);
    (seen, pose.turn)
}

#[expect(clippy::too_many_arguments, reason = "the scene, what is held and who holds it")]
fn held(
    picture: &mut Picture,
    model: &Model,
    kind: Kind,
    share: f32,
    (eyes, at): (f32, [f32; 2]),
    light: &Light,
    behind: Option<&Model>,
    dice: &mut Dice,
) -> (stage::Seen, Turn) {
    let glasses = model.person.glasses.clone().filter(|_| dice.chance(0.6));
    let own_clothes = clothes(dice, model.person.cloth);
    let shown = Shown::of(model, share, glasses, own_clothes, dice);
    let skin = behind.map_or_else(
        || [dice.range(170.0, 225.0), dice.range(130.0, 168.0), dice.range(105.0, 140.0)],
        |b| b.person.skin,
    );
    let held = Held::any(kind, eyes, at, skin, dice);
    // Whoever holds it is hidden by it: smaller, and in the same place.
    let pose = behind.map(|own| {
        let (mut pose, _) = somehow(own, dice, light);
        pose.eyes = (eyes * 0.6).min(eyes * 0.19 / share);
        pose.far = 64.0 / pose.eyes * 8.0;
        pose.at = [at[0] + eyes * dice.range(-0.2, 0.2), at[1] + eyes * 0.2];
        pose.turn = pose.turn.part(0.3);
        pose
    });
    let lit = attack::with_glare(light, dice);
    let seen = attack::held_picture(picture, &shown, &held, &lit, behind.zip(pose.as_ref()));
    (seen, held.turn)
}

/// Nobody to three people, the farther ones first.
fn frame(space: &Space, seed: u64, model: &Model, dice: &mut Dice) -> Drawn {
    let light = Light::any(dice);
    let busy = dice.pick(&[Busy::Calm, Busy::Cluttered, Busy::Cluttered, Busy::Cluttered]);
    let mut picture = background::draw(320, 240, busy, light.behind, dice);
    let count = dice.pick(&[0, 1, 1, 1, 1, 1, 2, 2, 3]);
    let mut sizes: Vec<f32> = (0..count).map(|_| 10.0 * 6.0_f32.powf(dice.unit())).collect();
    sizes.sort_by(f32::total_cmp);
    let mut labels: Vec<Label> = Vec::new();
    let own = dice.below(count.max(1));
    for (n, eyes) in sizes.into_iter().enumerate() {
        let other;
        let shown = if n == own {
            model
        } else {
            other = bystander(space, seed, dice);
            &other
        };
        // Now and then what is seen is only a picture of them.
        if n + 1 == count && eyes > 18.0 && dice.chance(0.15) {
            let kind = dice.pick(&[Kind::Print, Kind::Screen]);
            let at = [dice.range(0.2, 0.8) * 320.0, dice.range(0.25, 0.7) * 240.0];
            let mut with = picture.clone();
            let (seen, turn) = held(&mut with, shown, kind, 0.2, (eyes, at), &light, None, dice);
            if !labels.iter().any(|label| hides(&label.seen, &seen)) {
                picture = with;
                labels.push(Label { person: shown.person.id, kind, condition: light.name.to_owned(), turn, seen });
            }
            continue;
        }
        let (mut pose, condition) = somehow(shown, dice, &light);
        pose.eyes = eyes;
        pose.far = 64.0 / eyes * dice.range(4.0, 6.0);
        pose.at = [dice.range(0.08, 0.92) * 320.0, dice.range(0.14, 0.75) * 240.0];
        let mut canvas = Canvas::new(picture.width * SAMPLES, picture.height * SAMPLES);
        let seen = stage::draw(&mut canvas, shown, &pose, &light, None);
        // Who would hide a face drawn before is not drawn.
        if labels.iter().any(|label| hides(&label.seen, &seen)) {
            continue;
        }
        picture.lay(&canvas);
        labels.push(Label { person: shown.person.id, kind: Kind::Live, condition, turn: pose.turn, seen });
    }
    let effects = Effects::any(dice, light.name == "dim");
    effects.apply(&mut picture);
    Drawn { picture, labels, quality: effects.quality }
}

/// Whether somebody drawn later would lie over a face drawn before, with shoulders and hair.
fn hides(before: &stage::Seen, later: &stage::Seen) -> bool {
    let middle = |s: &stage::Seen| [s.place[0] + s.place[2] * 0.5, s.place[1] + s.place[3] * 0.5];
    let (a, b) = (middle(before), middle(later));
    (a[0] - b[0]).abs() < before.place[2] * 0.5 + later.place[2] * 1.4 && b[1] < a[1] + before.place[3] + later.place[3]
}
