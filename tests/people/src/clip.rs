//! Somebody at the terminal, frame by frame: sitting down, waiting, coming closer, turning the head; and what attackers do.

use crate::attack::{self, Held, Paper, Shown};
use crate::background::{self, Busy};
use crate::camera_effects::Effects;
use crate::dice::{Dice, Purpose};
use crate::geometry::{Turn, Vec3, mix, smooth};
use crate::head::Collar;
use crate::labels::{Kind, Label};
use crate::light::Light;
use crate::marks::Expression;
use crate::picture::{Picture, SAMPLES};
use crate::raster::Canvas;
use crate::stage::{self, Clothes, Model, Pose, Seen};
use crate::wear::{Cap, FaceMask};

/// Size of the cast's frames, pixels.
pub(crate) const WIDTH: usize = 480;
pub(crate) const HEIGHT: usize = 360;
/// Frames a second.
const RATE: usize = 15;
/// Frames of a clip in which the person looks ahead and waits.
pub(crate) const LOOKS_AHEAD: std::ops::Range<usize> = 8..31;
/// Frames of the whole clip.
const LENGTH: usize = 52;
/// Pixels between the eyes while waiting, and nearest.
const EYES: f32 = 53.0;
const EYES_CLOSER: f32 = 76.0;
/// Degrees the head is turned.
const TURNED: f32 = 29.0;
/// Pixels between the eyes times their distance in eye distances: the camera's focal length.
const FOCAL: f32 = 500.0;

/// A frame's file: the milliseconds at which it begins.
pub(crate) fn file_name(frame: usize) -> String {
    format!("{:06}.jpg", frame * 1000 / RATE)
}

/// A member of the cast at the terminal on one day.
pub(crate) struct Sitting<'a> {
    pub(crate) model: &'a Model,
    room: Picture,
    light: Light,
    clothes: Clothes,
    seed: u64,
}

/// One frame with what it shows.
pub(crate) struct Frame {
    pub(crate) picture: Picture,
    /// The member's face first.
    pub(crate) seen: Vec<Seen>,
    pub(crate) turn: Turn,
}

impl Frame {
    /// What is known of the member's face in it.
    pub(crate) fn label(&self, person: u64, kind: Kind, condition: &str) -> Option<Label> {
        let condition = condition.to_owned();
        self.seen.first().map(|seen| Label { person, kind, condition, turn: self.turn, seen: *seen })
    }
}

impl<'a> Sitting<'a> {
    pub(crate) fn of(model: &'a Model) -> Self {
        let dice = &mut Dice::new(model.person.seed, model.person.id, Purpose::Scene, 0);
        let mut light = Light::front();
        light.lamps[0].towards = crate::geometry::unit([dice.range(-0.5, 0.5), -0.5, 0.85]);
        let mut room = background::draw(WIDTH, HEIGHT, Busy::Calm, light.behind, dice);
        background::chair(&mut room, dice);
        let collars = [Collar::Round, Collar::Pointed, Collar::Shirt, Collar::High];
        let clothes = Clothes {
            collar: dice.pick(&collars),
            colour: model.person.cloth,
            stripes: if dice.chance(0.15) { 0.25 } else { 0.0 },
        };
        let seed = model.person.seed ^ model.person.id.rotate_left(17);
        Self { model, room, light, clothes, seed }
    }

    fn pose(&self, eyes: f32, at: [f32; 2], turn: Turn) -> Pose {
        Pose {
            eyes,
            at,
            turn,
            far: FOCAL / eyes,
            expression: Expression { gaze: [-turn.yaw / 60.0, -turn.pitch / 50.0], ..Expression::default() },
            glasses: self.model.person.glasses.clone(),
            mask: None,
            cap: None,
            clothes: self.clothes,
        }
    }

    fn effects(&self, number: u64) -> Effects {
        Effects { noise: 0.3, calm: 1.0, ..Effects::good(&mut Dice::new(self.seed, number, Purpose::Clip, 1)) }
    }

    fn draw(&self, pose: &Pose, light: &Light, number: u64) -> Frame {
        let mut picture = self.room_under(light);
        let seen = crate::crowd::alone(&mut picture, self.model, pose, light);
        self.effects(number).apply(&mut picture);
        Frame { picture, seen: vec![seen], turn: pose.turn }
    }

    fn room_under(&self, light: &Light) -> Picture {
        let mut picture = self.room.clone();
        let gain = [0, 1, 2].map(|c| (light.behind[c] / self.light.behind[c]).powf(0.4545));
        for pixel in &mut picture.pixels {
            *pixel = [pixel[0] * gain[0], pixel[1] * gain[1], pixel[2] * gain[2]];
        }
        picture
    }

    /// The frame of a named condition.
    pub(crate) fn condition(&self, name: &str) -> Frame {
        let number = name.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let dice = &mut Dice::new(self.seed, number, Purpose::Clip, 2);
        let sway = Turn { yaw: dice.about(0.0, 1.5), pitch: dice.about(0.0, 1.5), roll: dice.about(0.0, 1.2) };
        let at = [240.0 + dice.about(0.0, 8.0), 160.0 + dice.about(0.0, 5.0)];
        let mut pose = self.pose(58.0 + dice.about(0.0, 2.0), at, sway);
        let mut light = self.light.clone();
        match name {
            "left" => pose.turn.yaw += 17.0,
            "right" => pose.turn.yaw -= 17.0,
            "nod" => pose.turn.pitch += 11.0,
            "smile" => pose.expression = Expression { smile: 0.9, open: 0.15, ..pose.expression },
            "side-light" => light = Light::side(0.9, 0.35),
            "dim" => light = Light::dim(0.3),
            "back-light" => light = Light::back(0.8),
            "mask" => pose.mask = Some(FaceMask { colour: [232.0, 235.0, 238.0], high: 0.8 }),
            "cap" => pose.cap = Some(Cap { edge: 50.0, ..Cap::any(dice) }),
            _ => {}
        }
        pose.expression.gaze = [-pose.turn.yaw / 60.0, -pose.turn.pitch / 50.0];
        self.draw(&pose, &light, number)
    }

    /// Sits down, waits, comes closer, turns the head to the own left and back.
    pub(crate) fn clip(&self) -> Vec<Frame> {
        (0..LENGTH).map(|n| self.clip_frame(n)).collect()
    }

    fn clip_frame(&self, n: usize) -> Frame {
        let number = 1000 + n as u64;
        if n < 3 {
            let mut picture = self.room.clone();
            self.effects(number).apply(&mut picture);
            return Frame { picture, seen: Vec::new(), turn: Turn::default() };
        }
        let t = n as f32;
        let seated = smooth(1.5, 8.0, t);
        let closer = smooth(30.0, 37.0, t);
        let turned = smooth(38.0, 43.5, t) * smooth(50.5, 45.0, t);
        // A full swing while waiting, so that the wait can be played again and again.
        let swing = (t - 8.0) / 23.0 * std::f32::consts::TAU;
        let eyes = mix(mix(44.0, EYES, seated), EYES_CLOSER, closer);
        let at = [
            mix(330.0, 240.0, seated) + 1.6 * swing.sin(),
            mix(-60.0, 158.0, seated) + 0.9 * (2.0 * swing).sin() + 12.0 * closer,
        ];
        let turn = Turn {
            yaw: 1.4 * (swing + 0.7).sin() + TURNED * turned,
            pitch: 0.9 * (2.0 * swing + 0.4).sin() + 9.0 * (1.0 - seated),
            roll: 0.8 * (swing + 1.9).sin() + 7.0 * (1.0 - seated),
        };
        let mut pose = self.pose(eyes, at, turn);
        pose.expression.shut = if n == 17 { 1.0 } else { 0.0 };
        self.draw(&pose, &self.light, number)
    }

    /// Too dark for a camera.
    pub(crate) fn dark(&self) -> Vec<Frame> {
        let light = Light::front().scaled([0.045, 0.04, 0.036]);
        (0..12).map(|n| self.swaying(n, 12, [240.0, 158.0], &light)).collect()
    }

    fn swaying(&self, n: usize, length: usize, at: [f32; 2], light: &Light) -> Frame {
        let swing = n as f32 / length as f32 * std::f32::consts::TAU;
        let turn = Turn { yaw: 1.3 * swing.sin(), pitch: 0.8 * (2.0 * swing).sin(), roll: 0.7 * (swing + 1.0).sin() };
        let pose = self.pose(EYES, [at[0] + 1.5 * swing.sin(), at[1] + 0.8 * (2.0 * swing).sin()], turn);
        self.draw(&pose, light, 2000 + n as u64)
    }

    /// Somebody who never keeps still: round and round, never slower than 2.5 eye distances a second.
    pub(crate) fn moving(&self) -> Vec<Frame> {
        let length = 14;
        let all = (0..length).map(|n| {
            let swing = n as f32 / length as f32 * std::f32::consts::TAU;
            let (sin, cos) = swing.sin_cos();
            let pose = self.pose(
                EYES,
                [240.0 + 44.0 * cos, 165.0 + 24.0 * sin],
                Turn { yaw: -6.0 * sin, pitch: 3.0 * cos, roll: 6.0 * cos },
            );
            let mut picture = self.room.clone();
            let seen = crate::crowd::alone(&mut picture, self.model, &pose, &self.light);
            // The shutter is open half of the time between two frames.
            let way = std::f32::consts::TAU / length as f32 * 0.5;
            Effects { smear: [-44.0 * sin * way, 24.0 * cos * way], ..self.effects(3000 + n as u64) }
                .apply(&mut picture);
            Frame { picture, seen: vec![seen], turn: pose.turn }
        });
        all.collect()
    }

    /// Side by side with somebody else.
    pub(crate) fn two(&self, other: &Model) -> Vec<Frame> {
        let all = (0..12).map(|n| {
            let swing = n as f32 / 12.0 * std::f32::consts::TAU;
            let turn = Turn { yaw: 1.3 * swing.sin(), pitch: 0.5, roll: 0.7 * swing.cos() };
            let mut picture = self.room.clone();
            let own = self.pose(50.0, [152.0 + 1.5 * swing.sin(), 165.0], turn);
            let mut beside = self.pose(48.0, [335.0 - 1.2 * swing.cos(), 150.0], turn.part(-1.0));
            beside.glasses.clone_from(&other.person.glasses);
            beside.clothes = Clothes { collar: Collar::Round, colour: other.person.cloth, stripes: 0.0 };
            let seen = vec![
                crate::crowd::alone(&mut picture, self.model, &own, &self.light),
                crate::crowd::alone(&mut picture, other, &beside, &self.light),
            ];
            self.effects(4000 + n).apply(&mut picture);
            Frame { picture, seen, turn }
        });
        all.collect()
    }

    /// The empty chair.
    pub(crate) fn nobody(&self) -> Vec<Frame> {
        let all = (0..3).map(|n| {
            let mut picture = self.room.clone();
            self.effects(5000 + n).apply(&mut picture);
            Frame { picture, seen: Vec::new(), turn: Turn::default() }
        });
        all.collect()
    }

    /// A printed photo or a phone held before the camera, moved a little by the hand.
    pub(crate) fn held(&self, kind: Kind) -> Vec<Frame> {
        let dice = &mut Dice::new(self.seed, kind as u64, Purpose::Attack, 0);
        let shown = self.shown(0.25, dice);
        let skin: Vec3 = [dice.range(190.0, 222.0), dice.range(146.0, 170.0), dice.range(118.0, 142.0)];
        let light = attack::with_glare(&self.light, dice);
        let mut held = Held::any(kind, 58.0, [240.0, 165.0], skin, dice);
        held.turn = Turn { yaw: dice.about(0.0, 5.0), pitch: dice.about(0.0, 5.0), roll: dice.about(0.0, 4.0) };
        held.border = 0.05;
        held.grey = false;
        held.hand = held.hand.or(Some(attack::Hand { side: 1.0, height: 0.2, skin }));
        held.moire = held.moire.max(0.4);
        let all = (0..6).map(|n| {
            let swing = n as f32 / 6.0 * std::f32::consts::TAU;
            let mut now = held.clone();
            now.at = [held.at[0] + 2.5 * swing.sin(), held.at[1] + 2.0 * (swing + 1.0).sin()];
            now.turn.yaw += 1.6 * (swing + 0.5).sin();
            now.turn.pitch += 1.2 * swing.cos();
            now.turn.roll += 0.7 * swing.sin();
            let mut picture = self.room.clone();
            let seen = attack::held_picture(&mut picture, &shown, &now, &light, None);
            self.effects(6000 + n as u64 + 100 * kind as u64).apply(&mut picture);
            Frame { picture, seen: vec![seen], turn: now.turn }
        });
        all.collect()
    }

    fn shown(&self, share: f32, dice: &mut Dice) -> Shown {
        let clothes = Clothes { collar: Collar::Round, colour: crate::person::cloth(dice), stripes: 0.0 };
        Shown::of(self.model, share, self.model.person.glasses.clone().filter(|_| dice.chance(0.5)), clothes, dice)
    }

    /// This person's printed face, cut out and worn by somebody else.
    pub(crate) fn cut_out(&self, wearer: &Model) -> Vec<Frame> {
        let dice = &mut Dice::new(self.seed, Kind::CutOut as u64, Purpose::Attack, 0);
        let shown = self.shown(0.28, dice);
        let paper = Paper {
            shown: &shown,
            holes: true,
            rest: dice.range(0.0, 4.0),
            seed: dice.number(),
            off: [dice.about(0.0, 1.5), dice.about(0.5, 1.5)],
        };
        let all = (0..6).map(|n| {
            let swing = n as f32 / 6.0 * std::f32::consts::TAU;
            let turn = Turn { yaw: 2.0 * swing.sin() + 1.0, pitch: 1.2 * (swing + 1.0).sin(), roll: 1.2 * swing.cos() };
            let mut pose = self.pose(58.0, [240.0 + 2.0 * swing.sin(), 160.0 + 1.0 * swing.cos()], turn);
            pose.glasses = None;
            pose.clothes = Clothes { collar: Collar::Round, colour: wearer.person.cloth, stripes: 0.0 };
            let mut picture = self.room.clone();
            let mut canvas = Canvas::new(WIDTH * SAMPLES, HEIGHT * SAMPLES);
            let seen = stage::draw(&mut canvas, wearer, &pose, &self.light, Some(&paper));
            picture.lay(&canvas);
            self.effects(7000 + n as u64).apply(&mut picture);
            Frame { picture, seen: vec![seen], turn }
        });
        all.collect()
    }
}
