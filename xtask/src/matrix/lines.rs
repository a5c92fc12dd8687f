//! Whole lines of Chinese as GBK read as Latin-1, whole and with every U+00AD gone: the damage that the project was
//! founded on.

use std::fs;
use std::path::Path;

use encoding_rs::GBK;
use fixenc::mojibake::Repairer;

use super::judge::nearness;
use super::print::line;
use super::tally::Tally;
use crate::{Result, parallel};

/// Lines of each kind.
const LINES: usize = 1000;

/// Prints a row for lines that nothing was lost of, and one for lines with the byte AD, which then are without it.
pub(super) fn print(shared: &Path, repairer: &Repairer) -> Result {
    let text = fs::read_to_string(shared.join("corpora/dev/zh-Hans.txt"))?;
    let pairs: Vec<(&str, String)> = text.lines().filter_map(|line| Some((line, garbled(line)?))).collect();
    println!("\nlines of zh-Hans, GBK as Latin-1");
    let whole: Vec<&(&str, String)> = pairs.iter().take(LINES).collect();
    line("nothing lost", &count(&whole, repairer));
    let lost: Vec<(&str, String)> = pairs
        .iter()
        .filter(|(_, garbled)| garbled.contains('\u{ad}'))
        .take(LINES)
        .map(|(truth, garbled)| (*truth, garbled.replace('\u{ad}', "")))
        .collect();
    line("U+00AD dropped, at least one", &count(&lost.iter().collect::<Vec<_>>(), repairer));
    Ok(())
}

/// `None` for what GBK has no characters for, and for ASCII. Programs other than browsers have no euro sign in it.
fn garbled(line: &str) -> Option<String> {
    let (bytes, _, unmappable) = GBK.encode(line);
    let garbled = || bytes.iter().map(|&byte| char::from(byte)).collect();
    (!unmappable && !line.is_ascii() && !line.contains('€')).then(garbled)
}

fn count(pairs: &[&(&str, String)], repairer: &Repairer) -> Tally {
    let tallies = parallel::map(pairs, |(truth, garbled)| {
        let repair = repairer.repair(garbled);
        let (harmed, characters) = nearness(repair.text(), garbled, truth);
        Tally::of(repair.text() == *truth, repair.text() == garbled, harmed, characters)
    });
    tallies.iter().fold(Tally::default(), |mut sum, tally| {
        sum.add(tally);
        sum
    })
}
