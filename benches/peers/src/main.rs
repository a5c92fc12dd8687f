//! Speed beside another repairer, in one run on one thread: `cargo run --release` in this folder; with files after `--`,
//! of these instead of the corpus. Its documents are repeated, and what was looked at once is known then: for running
//! text take files.
//!
//! Prints megabytes of input for each second of CPU time. The two do not do the same: plsfix repairs only what was
//! written in UTF-8, so on GBK its output is wrong; the columns `right` say whether the output is the true text. Each gives
//! what its function gives: plsfix always a new string, fixenc clean text borrowed.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;

mod encoding_only;
#[path = "../../texts/mod.rs"]
mod texts;

/// The folder that `texts` reads from.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus");

const MEGABYTE: usize = 1 << 20;

/// Each is repeated until this much CPU time has passed, …
const ENOUGH: Duration = Duration::from_secs(1);
/// … and for so long before it is the other's turn.
const TURN: Duration = Duration::from_millis(50);

fn main() {
    let chinese = texts::repeated(texts::CHINESE, MEGABYTE);
    let western = texts::repeated(texts::WESTERN, MEGABYTE);
    let ascii = texts::ascii(MEGABYTE);
    let inputs = [
        ("clean ASCII", ascii.clone(), ascii),
        ("clean Chinese", chinese.clone(), chinese.clone()),
        ("clean French and German", western.clone(), western.clone()),
        ("UTF-8 as windows-1252", texts::repeated(texts::UTF8_AS_1252, MEGABYTE), western),
        ("GBK as Latin-1", texts::repeated(texts::GBK_AS_LATIN_1, MEGABYTE), chinese.clone()),
        ("GBK as Latin-1, AD lost", texts::repeated(texts::GBK_AS_LATIN_1_NO_AD, MEGABYTE), chinese),
    ];
    let encoding_only = encoding_only::config();
    let files: Vec<String> = std::env::args().skip(1).collect();
    if !files.is_empty() {
        return of_files(&files, &encoding_only);
    }
    println!("{:26} {:>10} {:>6} {:>10} {:>6} {:>8}", "MB/s", "fixenc", "right", "plsfix", "right", "ratio");
    for (name, text, truth) in &inputs {
        let [ours, theirs] = speeds(text, &encoding_only);
        let our_text = fixenc::repair(text).into_text();
        let their_text = plsfix::fix_text(text, Some(&encoding_only));
        println!(
            "{name:26} {ours:>10.1} {:>6} {theirs:>10.1} {:>6} {:>8.1}",
            says(truth.starts_with(first_document(&our_text))),
            says(truth.starts_with(first_document(&their_text))),
            ours / theirs
        );
    }
}

/// Both on each file, whatever comes out.
fn of_files(files: &[String], encoding_only: &plsfix::TextFixerConfig) {
    println!("{:26} {:>10} {:>10} {:>8}", "MB/s", "fixenc", "plsfix", "ratio");
    for file in files {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let [ours, theirs] = speeds(&text, encoding_only);
        println!("{file:26} {ours:>10.1} {theirs:>10.1} {:>8.2}", ours / theirs);
    }
}

/// The beginning of a text: the repetitions of garbled and clean text end at different places.
fn first_document(text: &str) -> &str {
    let end = text.char_indices().nth(300).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn says(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Megabytes a second of CPU time of both, which take turns: the clock of a machine changes within seconds.
fn speeds(text: &str, encoding_only: &plsfix::TextFixerConfig) -> [f64; 2] {
    let mut both = [Spent::default(), Spent::default()];
    while both.iter().any(|one| one.time < ENOUGH) {
        both[0].turn(text, |text| drop(black_box(fixenc::repair(text).into_text())));
        both[1].turn(text, |text| drop(black_box(plsfix::fix_text(text, Some(encoding_only)))));
    }
    both.map(|one| one.bytes as f64 / 1e6 / one.time.as_secs_f64())
}

#[derive(Default)]
struct Spent {
    bytes: usize,
    time: Duration,
}

impl Spent {
    /// Repairs a text, again and again until the turn is over; the first time, which is not counted, fills the caches.
    fn turn(&mut self, text: &str, repair: impl Fn(&str)) {
        repair(black_box(text));
        let start = ThreadTime::now();
        while start.elapsed() < TURN {
            repair(black_box(text));
            self.bytes += text.len();
        }
        self.time += start.elapsed();
    }
}
