//! Models, cameras and daemons that are not as they should be.

use super::*;
use crate::{CameraError, file};

#[test]
fn a_manifest_or_model_that_is_a_pipe_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("manifest");
    file::tests::pipe(&pipe);
    let settings =
        WorkerSettings { models: folder.path().into(), manifest: Some(pipe), at_least: WeightsLevel::Research };
    assert!(load(&settings).err().unwrap().contains("no regular file"));
    for entry in Manifest::built_in().unwrap().entries() {
        file::tests::pipe(&folder.path().join(&entry.file));
    }
    let settings = WorkerSettings { manifest: None, ..settings };
    assert!(load(&settings).err().unwrap().contains("no regular file"));
}

#[test]
fn law_12_a_worker_refuses_weights_below_the_level_its_program_takes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("MANIFEST.toml");
    let text = include_str!("../../../../../models/MANIFEST.toml");
    std::fs::write(&path, text.replacen("\"research\"", "\"demonstration\"", 1)).unwrap();
    let of = |at_least| {
        let manifest = Some(path.clone());
        load(&WorkerSettings { models: folder.path().into(), manifest, at_least }).err().unwrap()
    };
    assert!(of(WeightsLevel::Research).contains("are of level demonstration"));
    // Taken: what is missing then are the files.
    assert!(of(WeightsLevel::Demonstration).contains(".onnx"));
}

#[test]
fn a_camera_that_fails_is_gone_and_the_light_is_off() {
    let mut daemon = Daemon::ready(|camera| camera.refuses = Some(CameraError::Busy));
    daemon.look();
    assert_eq!(daemon.decided().1, FaceOutcome::Gone);

    let mut left = 10;
    let unplugged: Script = Box::new(move |_| {
        left -= 1;
        let frame = Frame::from_rgb(1, 1, vec![0; 3], 1).ok_or(CameraError::Damaged);
        if left > 0 { frame } else { Err(CameraError::Gone) }
    });
    let mut daemon =
        Daemon::ready(|camera| *camera = TestCamera { count: Arc::clone(&camera.count), ..TestCamera::new(unplugged) });
    daemon.look();
    let (news, outcome) = daemon.decided();
    assert_eq!(outcome, FaceOutcome::Gone);
    assert_eq!(news.last(), Some(&FromWorker::Camera { number: 1, on: false }));
    assert_eq!(daemon.count(), Count { opened: 1, closed: 1 });
}

#[test]
fn without_models_or_camera_the_face_way_is_closed_and_the_worker_ends() {
    let mut daemon = start_with(|_| (), || Err("x".repeat(10_000)), Preview::nowhere());
    let FromWorker::Closed { why: ClosedBecause::Models, detail } = daemon.news() else { panic!("it is open") };
    assert_eq!(detail.len(), MAX_DETAIL);
    assert!(daemon.end().is_ok());

    let mut daemon = start(|camera| camera.missing = true);
    let FromWorker::Closed { why: ClosedBecause::Camera, detail } = daemon.news() else { panic!("it is open") };
    assert!(detail.contains("no camera") && detail.contains("test camera"), "{detail}");
    assert!(daemon.end().is_ok());
}

#[test]
fn a_daemon_that_cannot_be_understood_ends_the_worker() {
    for hostile in [&b"\0\0\0\x05hello"[..], &[0xFF; 8], b"\0\0\0\x26{\"order\":\"photo\",\"bytes\":4000000000}  "] {
        let mut daemon = Daemon::ready(|_| ());
        daemon.link.write_all(hostile).unwrap();
        assert!(matches!(daemon.end(), Err(Ended::Link(_))), "{hostile:?}");
    }
}
