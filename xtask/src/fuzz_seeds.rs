//! `cargo xtask fuzz-seeds`: fills `fuzz/corpus/<target>` (untracked) from the corpus, so that fuzzing starts from
//! real documents.

use std::fs;
use std::path::Path;

use crate::Result;
use crate::project::{files_below, root};

/// Seeds longer than this slow the fuzzer down more than they tell it.
const LONGEST: usize = 400;

/// Channels of the target `plan_replay`; its first byte chooses one.
const CHANNELS: u8 = 9;

/// `cargo xtask fuzz-seeds`
pub(crate) fn run(_arguments: &[String]) -> Result {
    let folder = root().join("fuzz/corpus");
    let mut count = 0;
    for path in files_below("corpus")?.iter().filter(|path| path.ends_with(".txt")) {
        let name = path.trim_start_matches("corpus/").replace('/', "-");
        let bytes = fs::read(root().join(path))?;
        let bytes = &bytes[..bytes.len().min(LONGEST)];
        for target in ["repair", "detect", "record", "recover"] {
            count += write(&folder.join(target), &name, bytes)?;
        }
        if path.starts_with("corpus/documents/") {
            for channel in 0..CHANNELS {
                let seed = [&[channel], bytes].concat();
                count += write(&folder.join("plan_replay"), &format!("{channel}-{name}"), &seed)?;
            }
        }
    }
    println!("fuzz-seeds: {count} files");
    Ok(())
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<usize> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(name), bytes)?;
    Ok(1)
}
