//! The diagram in the README is the machine.

use std::fmt::Write as _;

use super::walk;

/// The diagram in the README: what the walk saw, without `card removed` where every state has it.
fn diagram() -> String {
    let walk = walk(|_, _, _, _| {});
    let mut text = String::from("```mermaid\nstateDiagram-v2\n    [*] --> idle\n");
    for ((from, to), words) in &walk.edges {
        // The next patient's card and the way back to the start are the same from everywhere after a visit.
        let words: Vec<_> = words.iter().map(|word| word.strip_prefix("touch ").unwrap_or(word)).collect();
        let _ = writeln!(text, "    {} --> {}: {}", from.word(), to.word(), words.join(", "));
    }
    text.push_str("```\n");
    text
}

#[test]
fn the_diagram_in_the_readme_is_the_machine() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(path).expect("README.md");
    let (start, end) =
        ("<!-- states: generated, see reader-daemon/session/src/exploration.rs -->\n", "<!-- /states -->");
    let head = readme.find(start).expect("start mark") + start.len();
    let tail = readme[head..].find(end).expect("end mark") + head;
    let fresh = diagram();
    if std::env::var_os("UPDATE_DIAGRAM").is_some() {
        std::fs::write(path, format!("{}{fresh}{}", &readme[..head], &readme[tail..])).expect("README.md written");
        return;
    }
    assert_eq!(&readme[head..tail], fresh, "run UPDATE_DIAGRAM=1 cargo test -p session the_diagram");
}
