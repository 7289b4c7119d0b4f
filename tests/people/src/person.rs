//! An invented person: everything that stays the same from picture to picture, drawn from seed and id.

use serde::Deserialize;

use crate::dice::{Dice, Purpose};
use crate::geometry::{Vec3, mix3};
use crate::space::{Direction, PARTS, Space};

/// Sex, as far as it shows in a face.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Shorter hair, beards.
    Male,
    /// Longer hair, thinner brows.
    Female,
}

/// What is asked of a person; everything else is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// Sex.
    pub sex: Option<Sex>,
    /// Age, years.
    pub age: Option<f32>,
    /// Usual range of East Asian skin only.
    pub usual_skin: bool,
}

/// How the hair is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Bald,
    Cropped,
    Short,
    Fringe,
    Bob,
    Long,
    Tied,
}

/// Depth and width of the parts of the head that a flat picture does not say; 1 or 0 is the usual.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    pub(crate) nose_length: f32,
    pub(crate) nose_width: f32,
    pub(crate) nose_bridge: f32,
    pub(crate) brow: f32,
    pub(crate) sockets: f32,
    pub(crate) cheeks: f32,
    pub(crate) lips: f32,
    pub(crate) chin: f32,
    pub(crate) flat: f32,
    pub(crate) wide: f32,
    pub(crate) jaw: f32,
    pub(crate) skull: f32,
    pub(crate) neck: f32,
    pub(crate) ears: f32,
    /// Canonical pixels: longer or shorter lower face, wider or narrower mouth, higher or lower eyes' brows.
    pub(crate) chin_down: f32,
    pub(crate) mouth_wide: f32,
    pub(crate) mouth_down: f32,
    pub(crate) nose_down: f32,
    /// Broader nose (share), fuller lips, eyes farther apart (canonical pixels).
    pub(crate) nose_wings: f32,
    pub(crate) lip_full: f32,
    pub(crate) eye_wide: f32,
}

#[derive(Clone, Debug)]
pub(crate) struct Hair {
    pub(crate) cut: Cut,
    pub(crate) colour: Vec3,
    /// Canonical pixels from the eyes' line up to the hairline.
    pub(crate) line: f32,
    pub(crate) receding: f32,
    pub(crate) thick: f32,
    /// Where it is parted, degrees from the middle.
    pub(crate) part: f32,
    pub(crate) hem: f32,
    pub(crate) wave: f32,
    pub(crate) thin: f32,
    pub(crate) seed: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Eyes {
    pub(crate) iris: Vec3,
    pub(crate) wide: f32,
    pub(crate) open: f32,
    /// Outer corner higher, canonical pixels.
    pub(crate) slant: f32,
    /// Height of the lid's fold over the lid's edge; none for a single lid.
    pub(crate) fold: Option<f32>,
    pub(crate) lash: f32,
    pub(crate) bags: f32,
}

#[derive(Clone, Debug)]
pub(crate) struct Brows {
    pub(crate) dark: f32,
    pub(crate) thick: f32,
    pub(crate) arch: f32,
    pub(crate) slant: f32,
    pub(crate) length: f32,
    pub(crate) height: f32,
}

/// A dark spot on the skin, canonical pixels.
#[derive(Clone, Debug)]
pub(crate) struct Mole {
    pub(crate) at: [f32; 2],
    pub(crate) radius: f32,
    pub(crate) dark: f32,
}

/// What somebody wears on the nose.
#[derive(Clone, Debug)]
pub(crate) struct Glasses {
    pub(crate) round: f32,
    pub(crate) wide: f32,
    pub(crate) high: f32,
    pub(crate) rim: f32,
    pub(crate) colour: Vec3,
    pub(crate) metal: bool,
}

/// A person who never lived.
#[derive(Clone, Debug)]
pub struct Person {
    /// The number the person was drawn from.
    pub id: u64,
    /// Sex.
    pub sex: Sex,
    /// Age, years.
    pub age: f32,
    pub(crate) seed: u64,
    pub(crate) shape: Vec<f32>,
    pub(crate) texture: [Vec<f32>; PARTS],
    pub(crate) build: Build,
    /// Colour the skin tends to, sRGB 0..255.
    pub(crate) skin: Vec3,
    pub(crate) hair: Hair,
    pub(crate) eyes: Eyes,
    pub(crate) brows: Brows,
    pub(crate) moles: Vec<Mole>,
    pub(crate) freckles: f32,
    pub(crate) spots: f32,
    pub(crate) beard: f32,
    pub(crate) moustache: f32,
    pub(crate) lip_tint: f32,
    pub(crate) glasses: Option<Glasses>,
    pub(crate) cloth: Vec3,
}

impl Person {
    /// The person with this id, wholly determined by seed and id.
    #[must_use]
    pub fn draw(space: &Space, seed: u64, id: u64) -> Self {
        Self::wished(space, seed, id, Wish::default())
    }

    /// The same with sex or age given.
    #[must_use]
    pub fn wished(space: &Space, seed: u64, id: u64, wish: Wish) -> Self {
        let dice = &mut Dice::new(seed, id, Purpose::Person, 0);
        let (drawn_sex, drawn_age) = (dice.chance(0.5), age(dice));
        let sex = wish.sex.unwrap_or(if drawn_sex { Sex::Female } else { Sex::Male });
        let age = wish.age.unwrap_or(drawn_age);
        let female = sex == Sex::Female;
        let tone = tone(dice, wish.usual_skin);
        let (shape, texture) = numbers(space, seed, id, female, age, tone);
        Self {
            id,
            sex,
            age,
            seed,
            shape,
            texture,
            build: build(dice, female),
            skin: skin(dice, tone),
            hair: hair(dice, female, age, tone),
            eyes: eyes(dice, female, age, tone),
            brows: brows(dice, female, age),
            moles: moles(dice),
            freckles: if tone < 0.25 && dice.chance(0.15) { dice.range(0.3, 1.0) } else { 0.0 },
            spots: (age - 50.0).max(0.0) / 40.0 * dice.unit(),
            beard: if female { 0.0 } else { beard(dice) },
            moustache: if !female && dice.chance(0.1) { dice.range(0.5, 1.0) } else { 0.0 },
            lip_tint: if female { dice.range(0.1, 0.8) } else { dice.range(0.0, 0.15) },
            glasses: glasses(dice, age),
            cloth: cloth(dice),
        }
    }
}

fn age(dice: &mut Dice) -> f32 {
    let (young, old) = (dice.range(16.0, 50.0), dice.range(40.0, 92.0));
    if dice.chance(0.5) { young } else { old }
}

/// 0 pale to 1 very dark.
fn tone(dice: &mut Dice, usual: bool) -> f32 {
    let (often, rare, which) = (dice.range(0.05, 0.42), dice.unit(), dice.chance(0.75));
    if which || usual { often } else { rare }
}

fn skin(dice: &mut Dice, tone: f32) -> Vec3 {
    let table =
        [[232.0, 196.0, 175.0], [218.0, 176.0, 148.0], [196.0, 148.0, 116.0], [146.0, 102.0, 76.0], [92.0, 62.0, 48.0]];
    let at = (tone * 4.0).min(3.999);
    let base = mix3(table[at as usize], table[at as usize + 1], at.fract());
    let (warm, bright) = (dice.about(0.0, 3.5), dice.about(1.0, 0.03));
    [(base[0] + warm) * bright, base[1] * bright, (base[2] - warm) * bright]
}

/// Spread of the whitened numbers: 1 is that of the portraits.
const SHAPE_SPREAD: f32 = 1.2;
const TEXTURE_SPREAD: f32 = 1.32;
/// The skin as a whole keeps calmer than eyes, nose and mouth.
const SKIN_SPREAD: f32 = 1.12;

/// The whitened numbers, steered to sex, age and skin along the space's directions and kept from caricature.
fn numbers(space: &Space, seed: u64, id: u64, female: bool, age: f32, tone: f32) -> (Vec<f32>, [Vec<f32>; PARTS]) {
    let draw = |purpose, number, count: usize| {
        let mut dice = Dice::new(seed, id, purpose, number);
        (0..count).map(|_| dice.normal()).collect::<Vec<f32>>()
    };
    let mut shape: Vec<f32> =
        draw(Purpose::Shape, 0, space.shape.count()).into_iter().map(|z| z * SHAPE_SPREAD).collect();
    let count = space.texture_y.count();
    let common = draw(Purpose::Texture, 0, count);
    // Each part of the face is half its own: far more people than the portraits had faces.
    let mut parts = [1, 2, 3, 4].map(|part| {
        let own = draw(Purpose::Texture, part, count);
        common
            .iter()
            .zip(own)
            .map(|(common, own)| (common * 0.45 + own * 0.893) * if part == 1 { SKIN_SPREAD } else { TEXTURE_SPREAD })
            .collect::<Vec<f32>>()
    });
    let mut dice = Dice::new(seed, id, Purpose::Shape, 1);
    let wishes = [
        ("female", if female { 1.2 } else { -1.2 } + 0.35 * dice.normal()),
        ("age", ((age - 45.0) / 18.0).clamp(-1.6, 2.2) + 0.3 * dice.normal()),
        ("dark_skin", (tone - 0.25) * 3.0 + 0.2 * dice.normal()),
    ];
    // Turn by turn, as the directions are not quite square to each other.
    for _ in 0..2 {
        for (name, wish) in &wishes {
            if let Some(direction) = space.directions.get(*name) {
                let before = shape.clone();
                for part in &mut parts {
                    shape.clone_from(&before);
                    steer(direction, *wish, &mut shape, part);
                }
            }
        }
    }
    for z in shape.iter_mut().chain(parts.iter_mut().flatten()) {
        *z = z.clamp(-2.6, 2.6);
    }
    (shape, parts)
}

/// Moves the numbers to `wish` along a direction: spreads from its mean.
fn steer(direction: &Direction, wish: f32, shape: &mut [f32], texture: &mut [f32]) {
    let along = |z: &[f32], d: &[f32]| z.iter().zip(d).map(|(z, d)| z * d).sum::<f32>();
    let length = along(&direction.shape, &direction.shape) + along(&direction.texture, &direction.texture);
    if length < 1e-6 {
        return;
    }
    let now = along(shape, &direction.shape) + along(texture, &direction.texture);
    // Between the sexes' own means where the space knows them.
    let wanted = match (direction.men, direction.women) {
        (Some(men), Some(women)) => (men + women) * 0.5 + (women - men) * 0.5 * wish,
        (Some(_), None) | (None, Some(_)) | (None, None) => direction.mean + direction.spread * wish,
    };
    let step = (wanted - now) / length;
    shape.iter_mut().zip(&direction.shape).for_each(|(z, d)| *z += step * d);
    texture.iter_mut().zip(&direction.texture).for_each(|(z, d)| *z += step * d);
}

fn build(dice: &mut Dice, female: bool) -> Build {
    let man = if female { 0.0 } else { 1.0 };
    let kind = |dice: &mut Dice, mean: f32, spread: f32| mean + spread * dice.normal().clamp(-2.0, 2.0);
    Build {
        nose_length: kind(dice, 1.0, 0.05),
        nose_width: kind(dice, 0.98 + 0.04 * man, 0.14),
        nose_bridge: kind(dice, 0.95 + 0.1 * man, 0.22),
        brow: kind(dice, 0.6 + 0.6 * man, 0.3),
        sockets: kind(dice, 1.0, 0.25),
        cheeks: kind(dice, 1.0, 0.35),
        lips: kind(dice, 1.0, 0.25),
        chin: kind(dice, 0.9 + 0.2 * man, 0.4),
        flat: kind(dice, 0.86, 0.07),
        wide: kind(dice, 0.99 + 0.02 * man, 0.045),
        jaw: kind(dice, 0.95 + 0.07 * man, 0.075),
        skull: kind(dice, 1.0, 0.03),
        neck: kind(dice, 0.9 + 0.13 * man, 0.05),
        ears: kind(dice, 1.0, 0.1),
        chin_down: kind(dice, 1.0 * man, 3.8),
        mouth_wide: kind(dice, 0.0, 3.4),
        mouth_down: kind(dice, 0.0, 2.2),
        nose_wings: kind(dice, 0.02 * man, 0.13),
        lip_full: kind(dice, 0.0, 1.6),
        eye_wide: kind(dice, 0.0, 1.5),
        nose_down: kind(dice, 0.3, 1.9),
    }
}

fn hair(dice: &mut Dice, female: bool, age: f32, tone: f32) -> Hair {
    use Cut::{Bald, Bob, Cropped, Fringe, Long, Short, Tied};
    let old = age > 55.0;
    let cut = match (female, old) {
        (true, false) => dice.pick(&[Bob, Bob, Long, Long, Tied, Tied, Fringe]),
        (true, true) => dice.pick(&[Fringe, Short, Bob, Tied, Bob, Short]),
        (false, false) => dice.pick(&[Short, Short, Short, Fringe, Fringe, Cropped]),
        (false, true) => dice.pick(&[Short, Short, Cropped, Bald, Short, Fringe]),
    };
    let natural = [
        [24.0, 20.0, 20.0],
        [34.0, 26.0, 23.0],
        [50.0, 35.0, 27.0],
        [78.0, 52.0, 36.0],
        [120.0, 84.0, 52.0],
        [170.0, 132.0, 84.0],
    ];
    let kinds = if tone < 0.12 {
        6
    } else if tone > 0.5 {
        2
    } else {
        4
    };
    let draws = [dice.unit(), dice.unit()];
    let base = natural[((draws[0] * draws[1] * kinds as f32) as usize).min(kinds - 1)];
    let grey_share = ((age - dice.range(38.0, 72.0)) / 22.0).clamp(0.0, 1.0);
    let dyed = female && dice.chance(0.45);
    let grey = if dyed { grey_share * 0.15 } else { grey_share };
    let white = dice.range(150.0, 205.0);
    let receding = if female { 0.0 } else { ((age - dice.range(30.0, 75.0)) / 30.0).clamp(0.0, 1.0) };
    Hair {
        cut,
        colour: mix3(base, [white, white * 0.985, white * 0.96], grey * 0.85),
        line: dice.about(if female { 72.0 } else { 71.0 }, 4.0),
        receding,
        thick: dice.range(0.75, 1.3),
        part: dice.range(12.0, 38.0) * dice.sign() * if dice.chance(0.25) { 0.1 } else { 1.0 },
        hem: dice.unit(),
        wave: if dice.chance(0.35) { dice.range(0.3, 1.0) } else { dice.range(0.0, 0.25) },
        thin: ((age - 60.0) / 40.0).clamp(0.0, 0.6) * dice.unit(),
        seed: dice.number(),
    }
}

fn eyes(dice: &mut Dice, female: bool, age: f32, tone: f32) -> Eyes {
    let brown = [[44.0, 27.0, 19.0], [58.0, 36.0, 24.0], [80.0, 52.0, 32.0]];
    let light = [[92.0, 116.0, 130.0], [88.0, 104.0, 74.0], [120.0, 92.0, 52.0]];
    let iris = if tone < 0.15 && dice.chance(0.3) { dice.pick(&light) } else { dice.pick(&brown) };
    let folded = dice.chance(0.62);
    let height = dice.range(1.8, 4.2);
    Eyes {
        iris,
        wide: dice.about(1.0, 0.07).clamp(0.84, 1.16),
        open: (dice.about(if female { 1.03 } else { 0.95 }, 0.15) - ((age - 60.0) / 250.0).max(0.0)).clamp(0.7, 1.3),
        slant: dice.about(0.6, 1.2),
        fold: folded.then_some(height),
        lash: if female { dice.range(0.6, 1.0) } else { dice.range(0.3, 0.6) },
        bags: (dice.unit() * 0.5 + (age - 40.0).max(0.0) / 60.0).min(1.2),
    }
}

fn brows(dice: &mut Dice, female: bool, age: f32) -> Brows {
    let thin = ((age - 60.0) / 80.0).max(0.0);
    Brows {
        dark: (dice.range(0.4, 1.0) - thin).max(0.3),
        thick: if female { dice.range(0.5, 1.1) } else { dice.range(0.75, 1.6) },
        arch: dice.range(0.4, 3.2) * if female { 1.2 } else { 0.8 },
        slant: dice.about(0.5, 1.5),
        length: dice.about(0.98, 0.1),
        height: dice.about(0.5, 2.6),
    }
}

fn moles(dice: &mut Dice) -> Vec<Mole> {
    let count = dice.below(6);
    (0..count)
        .map(|_| Mole {
            at: [dice.range(40.0, 152.0), dice.range(45.0, 195.0)],
            radius: dice.range(0.5, 1.3),
            dark: dice.range(0.3, 0.75),
        })
        .collect()
}

fn beard(dice: &mut Dice) -> f32 {
    let (stubble, full) = (dice.range(0.05, 0.4), dice.range(0.6, 1.0));
    if dice.chance(0.08) { full } else { stubble }
}

fn glasses(dice: &mut Dice, age: f32) -> Option<Glasses> {
    let owner = dice.chance(if age > 45.0 { 0.5 } else { 0.35 });
    let metal = dice.chance(0.45);
    let plastic = [[22.0, 20.0, 22.0], [58.0, 34.0, 24.0], [96.0, 60.0, 34.0], [30.0, 36.0, 66.0], [92.0, 28.0, 34.0]];
    let metals = [[176.0, 178.0, 184.0], [196.0, 170.0, 112.0], [60.0, 60.0, 64.0]];
    let glasses = Glasses {
        round: dice.range(2.0, 5.0),
        wide: dice.range(23.0, 28.5),
        high: dice.range(15.5, 22.0),
        rim: if metal { dice.range(0.8, 1.4) } else { dice.range(1.8, 3.4) },
        colour: if metal { dice.pick(&metals) } else { dice.pick(&plastic) },
        metal,
    };
    owner.then_some(glasses)
}

/// A colour of clothes.
pub(crate) fn cloth(dice: &mut Dice) -> Vec3 {
    let calm = [
        [236.0, 236.0, 232.0],
        [40.0, 44.0, 56.0],
        [28.0, 28.0, 30.0],
        [110.0, 116.0, 124.0],
        [72.0, 92.0, 124.0],
        [172.0, 190.0, 208.0],
        [150.0, 60.0, 58.0],
        [96.0, 110.0, 84.0],
        [196.0, 178.0, 150.0],
        [206.0, 168.0, 176.0],
        [90.0, 70.0, 60.0],
        [226.0, 210.0, 150.0],
    ];
    let base = dice.pick(&calm);
    [0, 1, 2].map(|c| (base[c] + dice.about(0.0, 10.0)).clamp(10.0, 245.0))
}
