//! The cast of invented people as the models see it: found, matched with their own card photo and with nobody else's, told from
//! what is held up in their place, and like no real portrait. The figures are those that `scripts/measure-faces --people` tells.

mod common;

use std::path::{Path, PathBuf};

use common::{jpeg, of_the_cast, own_manifest, own_models, research_pipeline, shared};
use face::{FaceVector, Levels, Manifest, Models, Pipeline};

const CONDITIONS: [&str; 10] =
    ["front", "left", "right", "nod", "smile", "side-light", "dim", "back-light", "mask", "cap"];

/// One person: the card photo's vector, and those of the frames that are good to use.
struct Member {
    name: String,
    photo: FaceVector,
    good: Vec<FaceVector>,
}

/// Everybody, and how many faces were found in how many pictures.
fn cast(pipeline: &mut Pipeline) -> (Vec<Member>, usize, usize) {
    let (mut members, mut found, mut pictures) = (Vec::new(), 0, 0);
    for photo in of_the_cast("photo.jp2") {
        let folder = photo.parent().unwrap();
        let photo = pipeline.photo(&std::fs::read(&photo).unwrap()).unwrap();
        let mut good = Vec::new();
        (found, pictures) = (found + 1, pictures + 1);
        for condition in CONDITIONS {
            let frame = jpeg(&folder.join(condition).with_extension("jpg"));
            pipeline.forget();
            let seen = pipeline.look(&frame, None).unwrap();
            pictures += 1;
            let Some(face) = seen.face() else { continue };
            found += 1;
            if seen.advice.is_none() {
                good.push(pipeline.embed(&frame, face).unwrap());
            }
        }
        members.push(Member { name: folder.file_name().unwrap().to_string_lossy().into_owned(), photo, good });
    }
    (members, found, pictures)
}

/// Holds the cast against the accept and look-again thresholds.
fn hold(pipeline: &mut Pipeline, accept: f32, again: f32) {
    let (members, found, pictures) = cast(pipeline);
    assert!(found * 100 >= pictures * 99, "found {found} of {pictures}");
    let (mut genuine, mut of, mut different, mut pairs) = (0, 0, 0, 0);
    for member in &members {
        of += member.good.len();
        genuine += member.good.iter().filter(|frame| frame.cosine(&member.photo) >= accept).count();
        for other in members.iter().filter(|other| other.name != member.name) {
            let all = member.good.iter().chain([&member.photo]);
            pairs += member.good.len() + 1;
            different += all.filter(|vector| vector.cosine(&other.photo) < again).count();
        }
    }
    // Mask apart, nearly every frame is good to use: a set that finds advice everywhere shows nothing.
    assert!(of >= 120, "only {of} frames are good to use");
    assert!(genuine * 100 >= of * 95, "{genuine} of {of} frames match the own photo");
    assert!(different * 100 >= pairs * 99, "{different} of {pairs} pairs are told apart");
}

/// The median of the only attack judgement over a clip's frames.
fn median(pipeline: &mut Pipeline, clip: &Path) -> f32 {
    let mut frames: Vec<PathBuf> = std::fs::read_dir(clip).unwrap().map(|entry| entry.unwrap().path()).collect();
    frames.sort();
    pipeline.forget();
    let mut scores = Vec::new();
    for frame in frames {
        let frame = jpeg(&frame);
        let seen = pipeline.look(&frame, None).unwrap();
        // The nets look at faces that are good to use, as in a visit.
        if let Some(face) = seen.face().filter(|_| seen.advice.is_none()) {
            scores.push(pipeline.attack(&frame, face).unwrap().judgements[0].live);
        }
    }
    assert!(scores.len() >= 3, "{}: only {} frames are good to use", clip.display(), scores.len());
    scores.sort_by(f32::total_cmp);
    scores[scores.len() / 2]
}

#[test]
fn our_own_weights_find_the_cast_match_it_and_tell_it_apart() {
    let manifest = Manifest::read(&own_manifest()).unwrap();
    let thresholds = manifest.embedding.thresholds;
    let mut pipeline = Pipeline::new(Models::load(&own_models(), &manifest).unwrap());
    hold(&mut pipeline, thresholds.accept, thresholds.again);
}

#[test]
fn our_own_weights_refuse_every_attack_of_the_cast_and_take_every_living_clip_for_alive() {
    let manifest = Manifest::read(&own_manifest()).unwrap();
    let [Levels { live, attack }] = [manifest.attack[0].levels];
    let mut pipeline = Pipeline::new(Models::load(&own_models(), &manifest).unwrap());
    for kind in ["print", "screen", "cut-out"] {
        for clip in of_the_cast(kind) {
            let score = median(&mut pipeline, &clip);
            assert!(score < attack, "{}: {score}", clip.display());
        }
    }
    for clip in of_the_cast("clip") {
        let score = median(&mut pipeline, &clip);
        assert!(score >= live, "{}: {score}", clip.display());
    }
}

#[test]
fn research_weights_find_the_cast_match_it_and_tell_it_apart() {
    let Some(mut pipeline) = research_pipeline() else { return };
    let thresholds = Manifest::built_in().unwrap().embedding.thresholds;
    hold(&mut pipeline, thresholds.accept, thresholds.again);
}

/// Every tenth portrait; `scripts/measure-faces --people --portraits` takes all of them.
#[test]
fn nobody_of_the_cast_is_like_a_portrait_that_the_people_were_fitted_to() {
    let (Some(mut pipeline), Some(folder)) = (research_pipeline(), shared("train/portraits")) else { return };
    let accept = Manifest::built_in().unwrap().embedding.thresholds.accept;
    let (members, ..) = cast(&mut pipeline);
    let mut portraits: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    portraits.sort();
    let mut compared = 0;
    for path in portraits.iter().step_by(10) {
        let portrait = jpeg(path);
        let Ok(face) = pipeline.photo_face(&portrait) else { continue };
        let vector = pipeline.embed(&portrait, &face).unwrap();
        compared += 1;
        for member in &members {
            for own in member.good.iter().chain([&member.photo]) {
                let cosine = own.cosine(&vector);
                assert!(cosine < accept, "{} is like a portrait: {cosine}", member.name);
            }
        }
    }
    assert!(compared > 400, "only {compared} portraits were compared");
}
