//! Lamps and what they do to a surface.

use crate::dice::Dice;
use crate::geometry::{Vec3, add, dot, times, unit};

/// A lamp far away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lamp {
    /// From the face to the lamp.
    pub(crate) towards: Vec3,
    pub(crate) colour: Vec3,
}

/// All light of a scene; 1 on a surface shows its own colour.
#[derive(Clone, Debug)]
pub(crate) struct Light {
    pub(crate) above: Vec3,
    pub(crate) below: Vec3,
    pub(crate) lamps: Vec<Lamp>,
    /// Brightness of what stands behind the person.
    pub(crate) behind: Vec3,
    pub(crate) name: &'static str,
}

impl Light {
    /// Light on a surface, as a factor on sRGB values, and the shine in the camera's direction.
    pub(crate) fn on(&self, normal: Vec3, glossy: f32) -> (Vec3, f32) {
        let up = 0.5 - 0.5 * normal[1];
        let mut sum = [0, 1, 2].map(|c| self.below[c] + (self.above[c] - self.below[c]) * up);
        let mut shine = 0.0;
        for lamp in &self.lamps {
            let wrapped = ((dot(normal, lamp.towards) + 0.2) / 1.2).max(0.0);
            sum = add(sum, times(lamp.colour, wrapped));
            let half = unit(add(lamp.towards, [0.0, 0.0, 1.0]));
            let s = dot(normal, half).max(0.0);
            let s2 = s * s;
            let s4 = s2 * s2;
            let s8 = s4 * s4;
            shine += s8 * s8 * s4 * lamp.colour[1];
        }
        (sum.map(|n| n.max(0.0).powf(0.4545)), shine * glossy)
    }

    pub(crate) fn scaled(mut self, by: Vec3) -> Self {
        let k = |a: Vec3| [a[0] * by[0], a[1] * by[1], a[2] * by[2]];
        self.above = k(self.above);
        self.below = k(self.below);
        self.behind = k(self.behind);
        self.lamps.iter_mut().for_each(|lamp| lamp.colour = k(lamp.colour));
        self
    }

    /// Even light from in front and above.
    pub(crate) fn front() -> Self {
        Self {
            above: [0.58; 3],
            below: [0.4; 3],
            lamps: vec![
                Lamp { towards: unit([-0.35, -0.5, 0.9]), colour: [0.38; 3] },
                Lamp { towards: unit([0.6, -0.2, 0.7]), colour: [0.18; 3] },
            ],
            behind: [0.9; 3],
            name: "front",
        }
    }

    /// One strong lamp from a side: −1 left to 1 right.
    pub(crate) fn side(side: f32, strong: f32) -> Self {
        Self {
            above: [0.34 - 0.16 * strong; 3],
            below: [0.24 - 0.1 * strong; 3],
            lamps: vec![Lamp { towards: unit([side, -0.25, 0.45 - 0.2 * strong]), colour: [0.85 + 0.25 * strong; 3] }],
            behind: [0.6; 3],
            name: "side",
        }
    }

    pub(crate) fn dim(level: f32) -> Self {
        let light = Self::front().scaled([level; 3]);
        Self { name: "dim", ..light }
    }

    pub(crate) fn back(strong: f32) -> Self {
        Self {
            above: [0.26; 3],
            below: [0.2; 3],
            lamps: vec![
                Lamp { towards: unit([0.8, -0.5, -0.5]), colour: [0.7 * strong; 3] },
                Lamp { towards: unit([-0.8, -0.5, -0.5]), colour: [0.55 * strong; 3] },
                Lamp { towards: unit([0.1, -0.3, 1.0]), colour: [0.1; 3] },
            ],
            behind: [1.9 * strong; 3],
            name: "back",
        }
    }

    pub(crate) fn top() -> Self {
        Self {
            above: [0.5; 3],
            below: [0.22; 3],
            lamps: vec![Lamp { towards: unit([0.1, -1.0, 0.35]), colour: [0.75; 3] }],
            behind: [0.8; 3],
            name: "top",
        }
    }

    /// Any light a kiosk may see.
    pub(crate) fn any(dice: &mut Dice) -> Self {
        let kind = dice.unit();
        let (side, strong) = (dice.sign(), dice.unit());
        let light = match kind {
            k if k < 0.5 => {
                let mut light = Self::front();
                for lamp in &mut light.lamps {
                    lamp.towards = unit([dice.range(-0.8, 0.8), dice.range(-0.9, 0.1), dice.range(0.4, 1.0)]);
                    lamp.colour = [dice.range(0.1, 0.5); 3];
                }
                light
            }
            k if k < 0.7 => Self::side(side * dice.range(0.6, 1.2), strong),
            k if k < 0.82 => Self::dim(dice.range(0.1, 0.35)),
            k if k < 0.91 => Self::back(dice.range(0.5, 1.0)),
            _ => Self::top(),
        };
        let warm = dice.about(0.0, 0.07);
        let exposure = dice.about(1.0, 0.13).clamp(0.65, 1.4);
        light.scaled([exposure * (1.0 + warm), exposure, exposure * (1.0 - warm)])
    }
}
