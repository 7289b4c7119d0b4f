//! Compiles the screens. Translations are bundled, so that the language can change with every view.

fn main() -> Result<(), slint_build::CompileError> {
    // Element names are only needed by tests that read real elements; what ships leaves them out.
    let tests_can_look_inside = std::env::var("PROFILE").is_ok_and(|profile| profile != "release");
    let config = slint_build::CompilerConfiguration::new()
        .with_bundled_translations("translations")
        .with_default_translation_context(slint_build::DefaultTranslationContext::None)
        .with_debug_info(tests_can_look_inside);
    println!("cargo:rerun-if-changed=translations");
    slint_build::compile_with_config("ui/kiosk.slint", config)
}
