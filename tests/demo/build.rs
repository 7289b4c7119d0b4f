//! Compiles the dock's window.

fn main() {
    slint_build::compile("dock/dock.slint").expect("dock/dock.slint");
}
