//! Temporary.
use i_slint_backend_testing::{AccessibleRole, ElementQuery};
use screen::Language;
use ui::{Canvas, Panel, samples};
#[test]
fn dump() {
    let canvas = Canvas::new(Panel::default()).unwrap();
    for sample in samples(Language::En, false) {
        if sample.name != "go_to_desk" { continue; }
        canvas.show(&sample.view);
        for e in ElementQuery::from_root(canvas.glass().window()).match_accessible_role(AccessibleRole::Text).find_all() {
            println!("{:?} {:?} {:?} {:?} {:?}", e.id(), e.type_name(), e.accessible_label(), e.absolute_position(), e.size());
        }
    }
}
