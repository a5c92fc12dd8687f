//! `cargo xtask mutate-documents`: damages documents in ways that their formats are open to, and looks for what must
//! not be: a panic, a file that takes seconds, memory out of proportion.
//!
//! `--from FOLDER` holds documents, in it and in its folders; they lie outside the repository. Each is cut at every
//! 64th byte, and of all files with one ending `--count` damaged copies are made (100,000 unless said otherwise). The
//! same copy comes from the same file and number, so that a find can be had again; it is written to `target/mutated`
//! too. Build with `--release`, and with `CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true` to find overflows as well.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ThreadTime;
use fixenc::recover::{RecoverOptions, recover};
use peak_alloc::PeakAlloc;

#[path = "../../tests/metafile/mutations.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod mutations;

use self::mutations::Numbers;
use crate::Result;
use crate::project::root;

/// Counts what is in use, and the most that was.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const COPIES: usize = 100_000;
const CUT_EVERY: usize = 64;
/// CPU time: no damaged file may take longer.
const SLOW: Duration = Duration::from_secs(1);
/// Bytes in use that any file may need, and so many more for each of its own.
const FREE_BYTES: usize = 64 << 20;
const BYTES_FOR_EACH: usize = 4;
/// Changes to one copy.
const MOST_CHANGES: usize = 8;
/// Sectors and the small ones of OLE2, blocks of tar, records of tables: where things begin.
const BLOCKS: [usize; 4] = [16, 64, 128, 512];
/// Numbers that a length, a count or a place is not expected to be.
const EXTREMES: [u32; 10] =
    [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x00FF_FFFF, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF];

/// What came of all files with one ending.
#[derive(Default)]
struct Tally {
    files: usize,
    copies: usize,
    cuts: usize,
    panics: usize,
    slow: usize,
    heavy: usize,
    slowest: Duration,
    /// Bytes, and what share of what is allowed that is.
    most: usize,
    fullest: f64,
}

/// `cargo xtask mutate-documents --from FOLDER [--count COPIES] [--only ENDING]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let value = |option: &str| {
        let at = arguments.iter().position(|argument| argument == option)?;
        arguments.get(at + 1)
    };
    let Some(folder) = value("--from") else {
        println!("mutate-documents: SKIPPED, no --from FOLDER");
        return Ok(());
    };
    let count: usize = value("--count").map_or(Ok(COPIES), |count| count.parse())?;
    let only = value("--only");
    // What a panic says would stand in the table.
    std::panic::set_hook(Box::new(|_| {}));
    println!(
        "{:8} {:>5} {:>8} {:>8} {:>7} {:>6} {:>6} {:>9} {:>8} {:>9}",
        "ending", "files", "copies", "cuts", "panics", "slow", "heavy", "slowest", "MiB", "of limit"
    );
    let mut faults = 0;
    for (ending, paths) in by_ending(Path::new(folder))? {
        if only.is_none_or(|only| *only == ending) {
            let files: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<std::io::Result<_>>()?;
            let tally = all_of(&ending, &files, count)?;
            println!(
                "{ending:8} {:5} {:8} {:8} {:7} {:6} {:6} {:7.3} s {:8.1} {:8.0}%",
                tally.files,
                tally.copies,
                tally.cuts,
                tally.panics,
                tally.slow,
                tally.heavy,
                tally.slowest.as_secs_f64(),
                tally.most as f64 / f64::from(1 << 20),
                100.0 * tally.fullest
            );
            faults += tally.panics + tally.slow + tally.heavy;
        }
    }
    if faults > 0 {
        return Err(format!("{faults} damaged files are kept in target/mutated").into());
    }
    Ok(())
}

/// The files below a folder by their endings, in the order of their paths; what is no document has no ending here.
fn by_ending(folder: &Path) -> Result<BTreeMap<String, Vec<PathBuf>>> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Some(ending) = path.extension().filter(|ending| *ending != "json") {
                found.entry(ending.to_string_lossy().to_lowercase()).or_default().push(path);
            }
        }
    }
    found.values_mut().for_each(|paths| paths.sort());
    Ok(found)
}

fn all_of(ending: &str, files: &[Vec<u8>], count: usize) -> Result<Tally> {
    let mut tally = Tally { files: files.len(), ..Tally::default() };
    for (number, file) in files.iter().enumerate() {
        for end in (0..file.len()).step_by(CUT_EVERY) {
            tally.cuts += 1;
            tally.check(&file[..end], &format!("{number}-cut-{end}.{ending}"))?;
        }
    }
    for copy in 0..count {
        let number = copy % files.len();
        let other = &files[(number + copy / files.len()) % files.len()];
        let damaged = damaged(&files[number], other, copy as u64);
        tally.copies += 1;
        tally.check(&damaged, &format!("{number}-{copy}.{ending}"))?;
    }
    Ok(tally)
}

impl Tally {
    /// Reads a file; one that is at fault is kept under that name.
    fn check(&mut self, bytes: &[u8], name: &str) -> Result {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = ThreadTime::now();
        let options = RecoverOptions::new().record(true);
        let has_panicked = catch_unwind(AssertUnwindSafe(|| drop(recover(bytes, &options)))).is_err();
        let time = start.elapsed();
        let used = MEMORY.peak_usage().saturating_sub(before);
        let allowed = FREE_BYTES + BYTES_FOR_EACH * bytes.len();
        self.panics += usize::from(has_panicked);
        self.slow += usize::from(time > SLOW);
        self.heavy += usize::from(used > allowed);
        self.slowest = self.slowest.max(time);
        self.most = self.most.max(used);
        self.fullest = self.fullest.max(used as f64 / allowed as f64);
        if has_panicked || time > SLOW || used > allowed {
            let folder = root().join("target/mutated");
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(name), bytes)?;
            println!("  {name}: panicked {has_panicked}, {:.3} s, {used} bytes", time.as_secs_f64());
        }
        Ok(())
    }
}

/// A damaged copy of a file, into which stretches of another one may come.
fn damaged(file: &[u8], other: &[u8], seed: u64) -> Vec<u8> {
    // As the tests do it: few bytes, wherever they are.
    if seed.is_multiple_of(4) {
        return mutations::damaged(file, seed);
    }
    let mut numbers = Numbers::new(seed);
    let mut file = file.to_vec();
    for _ in 0..=numbers.below(MOST_CHANGES) {
        change(&mut file, other, &mut numbers);
    }
    file
}

fn change(file: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let block = BLOCKS[numbers.below(BLOCKS.len())];
    let mut place = |file: &[u8]| numbers.below(file.len() / block + 1) * block;
    let (from, to) = (place(file), place(file));
    let foreign = place(other);
    let stretch =
        |bytes: &[u8], at: usize| bytes[at.min(bytes.len())..(at + block).min(bytes.len())].to_vec();
    match numbers.below(8) {
        0 => {
            let own = stretch(file, from);
            overwrite(file, to, &own);
        }
        1 => overwrite(file, to, &stretch(other, foreign)),
        2 => {
            let to = to.min(file.len());
            drop(file.splice(to..to, stretch(other, foreign)));
        }
        3 => {
            let end = (to + block).min(file.len());
            drop(file.drain(to.min(end)..end));
        }
        4 => overwrite(file, to, &vec![0; block]),
        // Numbers stand at even places, and their lengths differ.
        _ => {
            let at = numbers.below(file.len() / 2 + 1) * 2;
            let value = match numbers.below(EXTREMES.len() + 2) {
                0 => file.len() as u32,
                1 => (numbers.below(file.len() + 1) / block) as u32,
                number => EXTREMES[number - 2],
            };
            overwrite(file, at, &value.to_le_bytes()[..[1, 2, 4][numbers.below(3)]]);
        }
    }
}

/// Puts bytes over those at a place, as far as there are any.
fn overwrite(file: &mut [u8], at: usize, bytes: &[u8]) {
    let at = at.min(file.len());
    let length = bytes.len().min(file.len() - at);
    file[at..at + length].copy_from_slice(&bytes[..length]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_copy_and_another_one_another() {
        let file: Vec<u8> = (0..4000_u32).map(|n| ((n * n) >> 3) as u8).collect();
        let other = vec![7; 1000];
        let copies: Vec<Vec<u8>> = (1..200).map(|seed| damaged(&file, &other, seed)).collect();
        assert_eq!(copies, (1..200).map(|seed| damaged(&file, &other, seed)).collect::<Vec<_>>());
        assert!(copies.iter().filter(|copy| **copy != file).count() > 190);
        assert!(copies.iter().any(|copy| copy.len() > file.len()));
        for seed in 0..200 {
            let _ = (damaged(&[], &other, seed | 1), damaged(b"x", &[], seed));
        }
    }

    #[test]
    fn memory_and_time_of_a_file_are_measured() {
        let mut tally = Tally::default();
        tally.check("日".repeat(1 << 16).as_bytes(), "text.txt").unwrap();
        assert!(tally.most > 3 << 16 && tally.slowest > Duration::ZERO);
        assert_eq!(tally.panics, 0);
    }
}
