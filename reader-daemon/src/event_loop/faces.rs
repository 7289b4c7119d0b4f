//! What the loop hears of faces: photo, tries, and whether there is a face way.

use std::time::Instant;

use card::Photo;
use session::{Event, FaceOutcome, FaceSeen, FaceWay, FaultCode, PhotoResult, VisitId};

use super::{Device, EventLoop};
use crate::{
    card_driver::PhotoRead,
    face_driver::FaceNews,
    journal::{Entry, FaceTry},
    timeline::Work,
    visit::PhotoPerson,
};

impl EventLoop {
    /// The card's photo goes on to the worker, with the visit it is of (law 4); birth date and sex stay for the service.
    pub(super) fn photo_read(&mut self, id: VisitId, read: PhotoRead, exchanges: u32) {
        let result = match (read, self.visit_of(id)) {
            (PhotoRead::Authentic(mut record), Some(visit)) => {
                visit.timeline.exchanged(Work::ReadPhoto, exchanges);
                visit.person = Some(PhotoPerson { birth_date: record.birth_date, sex: record.sex });
                // Taken out, because the record wipes itself.
                let photo = std::mem::replace(&mut record.photo, Photo::from(Vec::new()));
                return self.drivers.face.photo(id, photo);
            }
            // Nobody waits for it any more; it is wiped here.
            (PhotoRead::Authentic(_), None) => PhotoResult::NotRead,
            (PhotoRead::Not(result), Some(visit)) => {
                visit.timeline.end(Work::ReadPhoto, exchanges, Instant::now());
                result
            }
            (PhotoRead::Not(result), None) => result,
        };
        self.event(Event::Photo(id, result));
    }

    pub(super) fn face(&mut self, news: FaceNews) {
        match news {
            FaceNews::Way(way) => self.tell_face_way(way),
            FaceNews::Photo(id, usable) => {
                self.photo_seen(id, if usable { PhotoResult::Ready } else { PhotoResult::Unusable });
            }
            FaceNews::PhotoLost(id) => self.photo_seen(id, PhotoResult::NotRead),
            FaceNews::Seen(id, seen) => {
                match seen {
                    FaceSeen::Decided(outcome) => {
                        self.face_tried(id, outcome.into());
                        self.unmatch(id);
                    }
                    FaceSeen::Looking { .. } => {}
                }
                self.event(Event::Face(id, seen));
            }
            FaceNews::Comparing(id, with) => self.event(Event::Comparing(id, with)),
            FaceNews::Match(id, weights) => {
                // A match of a try that was stopped meanwhile is none.
                let runs = self.visit_of(id).is_some_and(|visit| visit.timeline.runs(Work::Face));
                self.face_tried(id, FaceTry::Match);
                if let Some(visit) = self.visit_of(id).filter(|_| runs) {
                    visit.matched = Some(weights);
                }
                self.event(Event::Face(id, FaceSeen::Decided(FaceOutcome::Match)));
            }
        }
    }

    fn photo_seen(&mut self, id: VisitId, result: PhotoResult) {
        if let Some(visit) = self.visit_of(id) {
            visit.timeline.end(Work::ReadPhoto, 0, Instant::now());
        }
        self.event(Event::Photo(id, result));
    }

    /// A match is of the newest try, or it is none.
    pub(super) fn unmatch(&mut self, id: VisitId) {
        if let Some(visit) = self.visit_of(id) {
            visit.matched = None;
        }
    }

    /// A try that runs has ended.
    pub(super) fn face_tried(&mut self, id: VisitId, outcome: FaceTry) {
        if let Some(visit) = self.visit_of(id)
            && visit.timeline.runs(Work::Face)
        {
            visit.timeline.end(Work::Face, 0, Instant::now());
            visit.tries.push(outcome);
        }
    }

    pub(super) fn tell_face_way(&mut self, way: FaceWay) {
        if way != self.face_way {
            self.face_way = way;
            self.note(Entry::face_way(way, self.drivers.weights.as_ref()));
        }
        self.device(Device::Face, lost_by(way));
        self.event(Event::FaceWay(way));
    }
}

/// What was lost; a terminal that was never to look at faces has lost nothing.
const fn lost_by(way: FaceWay) -> Option<FaultCode> {
    match way {
        FaceWay::Ready => None,
        FaceWay::Closed(reason) => reason.worker_fault(),
    }
}
