//! `cargo xtask fuzz-seeds`: fills `fuzz/corpus/<target>` (untracked) from the corpus, so that fuzzing starts from
//! real documents.

use std::fs;
use std::path::Path;

#[path = "../../src/document/word/made.rs"]
mod made;
#[path = "../../tests/metafile/writer.rs"]
mod writer;

mod files;

use crate::Result;
use crate::project::{files_below, root};

/// Seeds longer than this slow the fuzzer down more than they tell it.
const LONGEST: usize = 400;

/// Bytes of text in a cell of one record with a length below 256.
const LONGEST_CELL: usize = 240;

/// Channels of the target `plan_replay`; its first byte chooses one.
const CHANNELS: u8 = 9;

/// Kinds of streams of the target `compound`, and of files of the target `damaged`; the first byte chooses one.
const STREAMS: u8 = 5;
const SOUND_FILES: u8 = 4;

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
        count += write(&folder.join("rtf"), &name, &rtf(bytes))?;
        count += write(&folder.join("metafile"), &name, &metafile(bytes))?;
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
        for kind in 0..STREAMS {
            count += write(&folder.join("compound"), &format!("{kind}-{name}"), &[&[kind], bytes].concat())?;
        }
        for kind in 0..SOUND_FILES {
            // A byte in the middle, and the end of it.
            let changes = [kind, 2, 0, 0x80, 0, 0xFF, 0, 0xF0, 3, 0];
            count += write(&folder.join("damaged"), &format!("{kind}-{name}"), &[&changes, bytes].concat())?;
        }
        // One field of 20 bytes in records of 21.
        let table = [&[9, 32, 21, 0x4D, 0, 0x0D], bytes].concat();
        count += write(&folder.join("dbf"), &name, &table)?;
        if path.starts_with("corpus/documents/") {
            for channel in 0..CHANNELS {
                let seed = [&[channel], bytes].concat();
                count += write(&folder.join("plan_replay"), &format!("{channel}-{name}"), &seed)?;
            }
        }
    }
    for (number, (ending, file)) in files::all()?.iter().enumerate() {
        count += write(&folder.join("document"), &format!("{number}.{ending}"), file)?;
    }
    println!("fuzz-seeds: {count} files");
    Ok(())
}

/// The bytes as the text of an RTF, without its first words: those the target puts there itself.
fn rtf(bytes: &[u8]) -> Vec<u8> {
    let mut rtf = b"\\ansicpg1252{\\fonttbl{\\f0\\fcharset134 A;}}\\pard\\f0 ".to_vec();
    for byte in bytes {
        match byte {
            b'\n' => rtf.extend(b"\\par\n"),
            b'\\' | b'{' | b'}' => rtf.extend([b'\\', *byte]),
            _ if byte.is_ascii() => rtf.push(*byte),
            _ => rtf.extend(format!("\\'{byte:02x}").bytes()),
        }
    }
    rtf.push(b'}');
    rtf
}

/// The lines of the bytes as texts in a WMF (META_TEXTOUT), without its header: that the target puts there itself.
fn metafile(bytes: &[u8]) -> Vec<u8> {
    let mut records = vec![1];
    for (nth, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let padded = line.len().next_multiple_of(2);
        let place = 2 + padded;
        let mut record = vec![0; 6 + place + 4];
        let words = (record.len() / 2) as u32;
        record[..4].copy_from_slice(&words.to_le_bytes());
        record[4..6].copy_from_slice(&0x0521_u16.to_le_bytes());
        record[6..8].copy_from_slice(&(line.len() as u16).to_le_bytes());
        record[8..8 + line.len()].copy_from_slice(line);
        record[6 + place..8 + place].copy_from_slice(&(20 * nth as u16).to_le_bytes());
        records.extend(record);
    }
    records.extend([3, 0, 0, 0, 0, 0]);
    records
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<usize> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(name), bytes)?;
    Ok(1)
}
