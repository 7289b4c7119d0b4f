//! The voice with the real audio stack: ALSA writes into a file instead of a sound card, or has nothing at all.

use std::{
    path::Path,
    process::Command,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use screen::Language;
use ui::voice::{Clips, Finished, HeadphoneState, Player, Settings, Tone, Utterance, alsa, file_name};

const CLIP: &[u8] = include_bytes!("voice/clip.ogg");
const SOON: Duration = Duration::from_secs(30);

/// Set in the process that plays: where the clips are. ALSA reads its configuration once in a process, so each case has its own.
const FOLDER: &str = "READER_DAEMON_TEST_VOICE";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("en")).unwrap();
    std::fs::write(folder.path().join("en").join(file_name("Please take your card.")), CLIP).unwrap();
    folder
}

fn player(settings: Settings) -> (Player, Receiver<Finished>) {
    let (tell, finished) = channel();
    (
        Player::start(settings, move |one| {
            let _ = tell.send(one);
        })
        .unwrap(),
        finished,
    )
}

fn words() -> Vec<Utterance> {
    vec![Utterance::open(Language::En, "Please take your card.")]
}

/// What ALSA wrote: 16-bit samples.
fn captured(file: &Path) -> Vec<i16> {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

fn peak(samples: &[i16]) -> u16 {
    samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
}

/// Plays the words once at a volume through ALSA's own `file` device.
fn heard_at(volume: u8) -> Vec<i16> {
    let folder = folder();
    let file = folder.path().join("heard.raw");
    let settings = Settings { open: alsa(&format!("file:'{}',raw", file.display())), ..Settings::new(folder.path()) };
    let (player, finished) = player(settings);
    player.set_volume(volume);
    let list = player.say(words());
    let told = finished.recv_timeout(SOON).unwrap();
    assert_eq!((told.list, told.spoken, told.missing), (list, 1, 0));
    assert_eq!(player.headphones(), HeadphoneState::Loudspeaker, "a file has no jack");
    drop(player);
    captured(&file)
}

#[test]
fn sound_really_goes_out_and_the_volume_changes_it() {
    let [silent, soft, loud] = [0, 4, 10].map(heard_at);
    assert!(loud.len() > 20_000, "{} samples", loud.len());
    assert_eq!(peak(&silent), 0);
    assert!(peak(&soft) > 500 && peak(&soft) * 3 < peak(&loud), "{} {}", peak(&soft), peak(&loud));
}

#[test]
fn private_words_never_reach_alsa_without_headphones() {
    let folder = folder();
    let file = folder.path().join("heard.raw");
    let settings = Settings { open: alsa(&format!("file:'{}',raw", file.display())), ..Settings::new(folder.path()) };
    let (player, finished) = player(settings);
    player.say(vec![Utterance::private(Language::En, "Please take your card.")]);
    assert_eq!(finished.recv_timeout(SOON).unwrap().withheld, 1);
    assert_eq!(captured(&file).len(), 0);
}

/// Runs a case of this file in a process with an ALSA configuration of its own; its output is what it printed.
fn in_process(case: &str, configuration: &str) -> String {
    let folder = folder();
    let file = folder.path().join("asound.conf");
    std::fs::write(&file, configuration.replace("HEARD", &folder.path().join("heard.raw").display().to_string()))
        .unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", case, "--nocapture"])
        .env("ALSA_CONFIG_PATH", &file)
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
    text
}

/// What the process does: speaks to its default device, and prints how it went.
fn speak_in(folder: &Path) {
    let (player, finished) = player(Settings::new(folder));
    player.tone(Tone::Again);
    let begun = Instant::now();
    player.say(words());
    let told = finished.recv_timeout(SOON).unwrap();
    println!("spoken {} missing {} ms {}", told.spoken, told.missing, begun.elapsed().as_millis());
    println!("peak {}", peak(&captured(&folder.join("heard.raw"))));
}

#[test]
fn the_default_device_of_the_machine_is_used() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return speak_in(Path::new(&folder));
    }
    let text = in_process(
        "the_default_device_of_the_machine_is_used",
        "pcm.!default { type file file \"HEARD\" format raw slave.pcm { type null } }\n",
    );
    assert!(text.contains("spoken 1 missing 0"), "{text}");
    let loudest: u16 = number_after(&text, "peak ");
    assert!(loudest > 1_000, "{text}");
}

#[test]
fn without_any_sound_card_the_list_ends_at_once_and_nothing_else_happens() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return speak_in(Path::new(&folder));
    }
    let text =
        in_process("without_any_sound_card_the_list_ends_at_once_and_nothing_else_happens", "# no device at all\n");
    assert!(text.contains("spoken 0 missing 1"), "{text}");
    let milliseconds: u32 = number_after(&text, " ms ");
    assert!(milliseconds < 2_000, "{milliseconds} ms");
    assert!(!text.contains("ALSA lib"), "libasound's own lines stay out of the log: {text}");
}

fn number_after<N: std::str::FromStr<Err: std::fmt::Debug>>(text: &str, word: &str) -> N {
    text.split(word).nth(1).unwrap().lines().next().unwrap().trim().parse().unwrap()
}

#[test]
fn clips_are_where_the_script_puts_them() {
    let folder = folder();
    let clip = Clips::new(folder.path()).find(Language::En, "Please take your card.").unwrap();
    // printf 'Please take your card.' | sha256sum | cut -c1-16
    assert!(clip.ends_with("en/a082ff091cf8c36a.ogg"), "{clip:?}");
}
