//! `cargo xtask fuzz-seeds`: fills `fuzz/corpus/<target>` (untracked) from the corpus, so that fuzzing starts from
//! real documents.

use std::fs;
use std::path::Path;

#[path = "../../src/document/word/made.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod made;

use self::made::{Made, Units, utf_16};
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
    for (number, file) in documents().iter().enumerate() {
        count += write(&folder.join("document"), &format!("{number}.doc"), file)?;
    }
    println!("fuzz-seeds: {count} files");
    Ok(())
}

/// Word documents of each generation.
fn documents() -> Vec<Vec<u8>> {
    let body = "see \u{13} PAGE \u{14}1\u{15}\rname\u{7}Ivo\u{7}\u{7}";
    let mut word_97 =
        Made::word_97(vec![(Units::Bytes, body.as_bytes().to_vec()), (Units::Utf16, utf_16("船\r页眉\r\r"))]);
    word_97.paragraphs = vec![(0..13, Vec::new()), (13..23, vec![0x16, 0x24, 1])];
    word_97.lengths = [25, 0, 5, 0, 0, 0, 0, 0];
    word_97.header_stories = vec![0, 0, 0, 0, 0, 0, 0, 3, 4];
    let mut word_95 = Made { flags: 4, ..Made::word_95(b"\xCB\xCE\xCC\xE5 and so on\r") };
    word_95.fonts = vec![(134, "SimSun"), (2, "Symbol")];
    word_95.runs = vec![(0..4, 0), (4..6, 1)];
    let east_asia = Made::word_95_east_asia(&[0xB4AC, 0x20, 0xCBAE, 13]);
    [word_97, word_95, east_asia, Made::word_2(b"flat\r")].iter().map(Made::file).collect()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<usize> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(name), bytes)?;
    Ok(1)
}
