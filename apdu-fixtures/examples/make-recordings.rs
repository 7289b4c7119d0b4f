//! Writes the checked-in recordings again: `cargo run -p apdu-fixtures --example make-recordings`.

use std::fs::File;
use std::io;
use std::path::Path;

use apdu_fixtures::recording::{Header, Recorder};

#[path = "../tests/common/sequences.rs"]
#[allow(missing_docs, unreachable_pub)]
mod sequences;

fn main() -> io::Result<()> {
    for sequence in sequences::ALL {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(format!("{}.jsonl", sequence.file));
        let channel = sequences::fresh(sequence.profile);
        let mut header = Header::new("Emulated reader", channel.atr());
        header.profile = Some(sequence.profile.name().to_owned());
        header.seed = Some(0);
        let mut recorder = Recorder::new(channel, header, File::create(&file)?);
        (sequence.run)(&mut recorder);
        recorder.finish()?;
        println!("{}", file.display());
    }
    Ok(())
}
