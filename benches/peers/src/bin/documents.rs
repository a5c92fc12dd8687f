//! The text of Word documents beside other crates that read them, in one run: `documents FOLDER`.
//!
//! `FOLDER/truth.json` maps the name of a file to its text, or to an object with `text` and `kind`. Prints, for the
//! `.doc` files of each kind, the share of the truth's pairs of neighbouring characters that come out, white space left
//! out, and documents for each second of CPU time of the whole process: one of the crates reads on a thread of its own.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::io::Cursor;
use std::panic::catch_unwind;
use std::path::Path;
use std::time::Duration;

use cpu_time::ProcessTime;
use office_oxide::{Document, DocumentFormat};
use serde_json::Value;

/// All documents of a kind are read again and again until this much CPU time has passed.
const ENOUGH: Duration = Duration::from_millis(500);

/// A reader; what it refuses has no text.
type Read = fn(&[u8]) -> Option<String>;

const READERS: [(&str, Read); 3] = [
    ("fixenc", |bytes| fixenc::recover::decode(bytes).text),
    ("undoc", |bytes| undoc::parse_bytes(bytes).ok().map(|document| document.plain_text())),
    ("office_oxide", |bytes| {
        let document = Document::from_reader(Cursor::new(bytes.to_vec()), DocumentFormat::Doc);
        document.ok().map(|document| document.plain_text())
    }),
];

/// The documents of a kind with the texts that are in them.
type Cases = BTreeMap<String, Vec<(Vec<u8>, String)>>;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: documents FOLDER")?;
    let cases = cases(Path::new(&folder))?;
    // A panic is a document without a text; what it says would stand within the table.
    std::panic::set_hook(Box::new(|_| {}));
    print!("{:28} {:>4}", "kind", "n");
    READERS.iter().for_each(|(name, _)| print!("{:>14} {:>8}", name, "docs/s"));
    println!();
    let mut all = [(0.0, 0.0); READERS.len()];
    let mut count = 0;
    for (kind, documents) in &cases {
        print!("{kind:28} {:4}", documents.len());
        count += documents.len();
        for ((_, read), (shares, seconds)) in READERS.iter().zip(&mut all) {
            let share: f64 = documents.iter().map(|(bytes, truth)| recall(truth, &text(*read, bytes))).sum();
            let for_each = seconds_for_each(documents, *read);
            print!("{:14.3} {:8.0}", share / documents.len() as f64, 1.0 / for_each);
            *shares += share;
            *seconds += for_each * documents.len() as f64;
        }
        println!();
    }
    print!("{:28} {count:4}", "all");
    for (shares, seconds) in all {
        print!("{:14.3} {:8.0}", shares / count as f64, count as f64 / seconds);
    }
    println!();
    Ok(())
}

fn cases(folder: &Path) -> Result<Cases, Box<dyn Error>> {
    let truths: BTreeMap<String, Value> = serde_json::from_slice(&std::fs::read(folder.join("truth.json"))?)?;
    let mut cases = Cases::new();
    for (name, truth) in truths.into_iter().filter(|(name, _)| name.ends_with(".doc")) {
        let text = truth.get("text").unwrap_or(&truth).as_str().ok_or("a truth without a text")?;
        let kind = truth.get("kind").and_then(Value::as_str).unwrap_or("doc").to_owned();
        let bytes = std::fs::read(folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        cases.entry(kind).or_default().push((bytes, text.to_owned()));
    }
    Ok(cases)
}

fn text(read: Read, bytes: &[u8]) -> String {
    catch_unwind(|| read(bytes)).ok().flatten().unwrap_or_default()
}

fn seconds_for_each(documents: &[(Vec<u8>, String)], read: Read) -> f64 {
    let start = ProcessTime::now();
    let mut count = 0;
    while start.elapsed() < ENOUGH {
        documents.iter().for_each(|(bytes, _)| drop(black_box(text(read, black_box(bytes)))));
        count += documents.len();
    }
    start.elapsed().as_secs_f64() / count as f64
}

/// The share of the truth's pairs of characters that are in the text, each as often as it is there.
fn recall(truth: &str, text: &str) -> f64 {
    let (truth, mut found) = (pairs(truth), pairs(text));
    let all: usize = truth.values().sum();
    let there = truth.into_iter().map(|(pair, count)| count.min(found.remove(&pair).unwrap_or(0)));
    there.sum::<usize>() as f64 / all.max(1) as f64
}

fn pairs(text: &str) -> BTreeMap<(char, char), usize> {
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut pairs = BTreeMap::new();
    for pair in characters.windows(2) {
        *pairs.entry((pair[0], pair[1])).or_default() += 1;
    }
    pairs
}
