//! Finds faces and their five points: YuNet's input, its twelve outputs, and the choice among overlapping boxes
//! (models/README.md, "Pipeline").

use crate::Frame;
use crate::geometry::{Face, FaceBox, Point};
use crate::limits::{MAX_CANDIDATES, MAX_FACES, SAME_FACE};
use crate::net::{Input, Net, NetError, Outputs};
use crate::resample::{self, Region};

/// Grid steps of the three levels, input pixels.
const STRIDES: [usize; 3] = [8, 16, 32];

/// The detector with its input, which is used again for each frame.
pub(crate) struct Detector {
    net: Net,
    input: Input,
}

impl Detector {
    pub(crate) fn new(net: Net) -> Self {
        let input = net.input();
        Self { net, input }
    }

    /// Faces in a part of a frame, best first, in the frame's pixels.
    pub(crate) fn find(&mut self, frame: &Frame, region: Region, least: f32) -> Result<Vec<Face>, NetError> {
        let side = self.net.side();
        let longest = region.width.max(region.height).max(1);
        // Never enlarged: the net was trained on small faces too.
        let scale = (side as f32 / longest as f32).min(1.0);
        let scaled = |length: usize| ((length as f32 * scale).round() as usize).clamp(1, side);
        self.input.clear();
        resample::area(frame, region, (scaled(region.width), scaled(region.height)), &mut self.input);
        let outputs = self.net.run(&self.input)?;
        let mut found = choose(candidates(&outputs, side, least)?);
        for face in &mut found {
            let back = |p: Point| Point { x: p.x / scale + region.x as f32, y: p.y / scale + region.y as f32 };
            let corner = back(Point { x: face.place.x, y: face.place.y });
            face.place = FaceBox {
                x: corner.x,
                y: corner.y,
                width: face.place.width / scale,
                height: face.place.height / scale,
            };
            face.points = face.points.map(back);
        }
        Ok(found)
    }
}

/// Every place of the grids whose score is high enough, in input pixels.
fn candidates(outputs: &Outputs, side: usize, least: f32) -> Result<Vec<Face>, NetError> {
    let mut faces = Vec::new();
    for (level, stride) in STRIDES.into_iter().enumerate() {
        let n = side / stride;
        let (classes, objects) = (outputs.numbers(level)?, outputs.numbers(level + 3)?);
        let (boxes, points) = (outputs.numbers(level + 6)?, outputs.numbers(level + 9)?);
        let places = classes.iter().zip(objects).zip(boxes.as_chunks::<4>().0).zip(points.as_chunks::<10>().0);
        for (i, (((class, object), place), points)) in places.enumerate() {
            let score = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
            if score < least || score.is_nan() {
                continue;
            }
            let step = stride as f32;
            let (row, column) = ((i / n) as f32, (i % n) as f32);
            let [dx, dy, log_width, log_height] = *place;
            let (width, height) = (log_width.exp() * step, log_height.exp() * step);
            let centre = Point { x: (column + dx) * step, y: (row + dy) * step };
            let place = FaceBox { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height };
            let mut five = [Point::default(); 5];
            for (point, [x, y]) in five.iter_mut().zip(points.as_chunks::<2>().0) {
                *point = Point { x: (column + x) * step, y: (row + y) * step };
            }
            faces.push(Face { place, points: five, score });
        }
    }
    faces.retain(sensible);
    Ok(faces)
}

/// Numbers that can be a face in or near the input: a net fed with a hostile picture may answer anything.
fn sensible(face: &Face) -> bool {
    let FaceBox { x, y, width, height } = face.place;
    let near = |v: f32| v.abs() < 4096.0;
    near(x)
        && near(y)
        && (1.0..4096.0).contains(&width)
        && (1.0..4096.0).contains(&height)
        && face.points.iter().all(|p| near(p.x) && near(p.y))
}

/// Of boxes that overlap, the best.
fn choose(mut faces: Vec<Face>) -> Vec<Face> {
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    faces.truncate(MAX_CANDIDATES);
    let mut chosen: Vec<Face> = Vec::new();
    for face in faces {
        if chosen.len() < MAX_FACES && chosen.iter().all(|other| other.place.overlap(&face.place) <= SAME_FACE) {
            chosen.push(face);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn face(x: f32, score: f32) -> Face {
        let place = FaceBox { x, y: 0.0, width: 100.0, height: 100.0 };
        Face { place, points: [Point { x, y: 0.0 }; 5], score }
    }

    #[test]
    fn of_overlapping_boxes_the_best_remains() {
        let chosen = choose(vec![face(0.0, 0.7), face(10.0, 0.9), face(300.0, 0.8)]);
        assert_eq!(chosen.iter().map(|f| f.score).collect::<Vec<_>>(), [0.9, 0.8]);
    }

    #[test]
    fn what_is_no_number_or_too_large_is_no_face() {
        assert!(sensible(&face(5.0, 0.9)));
        assert!(!sensible(&face(f32::NAN, 0.9)) && !sensible(&face(f32::INFINITY, 0.9)));
        let mut huge = face(5.0, 0.9);
        huge.place.width = f32::INFINITY;
        assert!(!sensible(&huge));
    }

    proptest! {
        #[test]
        fn chosen_faces_never_overlap_and_are_few(places in proptest::collection::vec((0.0..900.0_f32, 0.0..1.0_f32), 0..400)) {
            let chosen = choose(places.into_iter().map(|(x, score)| face(x, score)).collect());
            prop_assert!(chosen.len() <= MAX_FACES);
            for (i, a) in chosen.iter().enumerate() {
                for b in &chosen[i + 1..] {
                    prop_assert!(a.place.overlap(&b.place) <= SAME_FACE && a.score >= b.score);
                }
            }
        }
    }
}
