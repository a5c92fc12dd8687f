//! `cargo xtask fuzz-seeds`: fills `fuzz/corpus/<target>` (untracked) from the corpus, so that fuzzing starts from
//! real documents.

use std::fs;
use std::path::Path;

use crate::Result;
use crate::project::{files_below, root};

/// Seeds longer than this slow the fuzzer down more than they tell it.
const LONGEST: usize = 400;

/// Bytes of text in a cell of one record with a length below 256.
const LONGEST_CELL: usize = 240;

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
        // A cell of BIFF5 in the first place, a paragraph, and a mail.
        let cell = &bytes[..bytes.len().min(LONGEST_CELL)];
        let length = cell.len() as u8;
        let label = [&[3, 0x04, 0x02, length + 8, 0, 0, 0, 0, 0, 0, 0, length, 0], cell].concat();
        count += write(&folder.join("workbook"), &name, &label)?;
        for (kind, beginning) in
            [(0, "<document><p><t>"), (4, "Content-Type: text/plain; charset=gbk\r\n\r\n")]
        {
            let seed = [&[kind], beginning.as_bytes(), bytes].concat();
            count += write(&folder.join("office"), &format!("{kind}-{name}"), &seed)?;
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
