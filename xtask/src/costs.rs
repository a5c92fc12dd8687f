//! `cargo xtask bench-costs`: how long the worst texts take beside the median of damaged documents.
//!
//! The documents are the development texts (`--from`, or `FIXENC_SHARED`), each written in one encoding and read as another; a
//! part of all pairs, so that it takes a minute. The worst texts that are known are made here, a megabyte of each; the fuzz
//! target `cost` looks for worse ones. Times say something beside each other only.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use crate::Result;
use crate::corpus::loss::Random;
use crate::matrix::whole::{self, Job};
use crate::project::shared_from;

/// Bytes of a text, at most.
const BYTES: usize = 1 << 20;
/// Of the documents each whose number this divides: prime to the readers and to the encodings of each language.
const EACH: usize = 17;
/// How many times as long as the median the worst text may take for a byte.
const GOAL: f64 = 10.0;

/// `cargo xtask bench-costs [--from FOLDER]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let shared = shared_from(arguments)?;
    if !shared.join("corpora/dev").is_dir() {
        println!("skipped: corpora/dev is not there (name the folder with --from or FIXENC_SHARED)");
        return Ok(());
    }
    let documents = documents(&shared)?;
    let mut costs: Vec<f64> = documents.iter().map(|text| microseconds(text)).collect();
    costs.sort_by(f64::total_cmp);
    let at = |share: usize| costs.get((costs.len() - 1) * share / 100).copied().unwrap_or(0.0);
    let median = at(50);
    println!("{} damaged documents, microseconds a byte:", costs.len());
    println!(
        "fastest {:.2}, quarter {:.2}, median {median:.2}, three quarters {:.2}, slowest {:.2}",
        at(0),
        at(25),
        at(75),
        at(100)
    );
    let mut worst: f64 = 0.0;
    for (name, text) in hostile(&documents) {
        let cost = microseconds(&text);
        worst = worst.max(cost / median);
        println!("{name:50} {cost:8.2}, {:5.1} times the median", cost / median);
    }
    println!("the worst takes {worst:.1} times the median, the goal is {GOAL}");
    Ok(())
}

/// What the repair of a text takes for each byte.
fn microseconds(text: &str) -> f64 {
    let start = Instant::now();
    black_box(fixenc::repair(black_box(text)));
    start.elapsed().as_secs_f64() * 1e6 / text.len().max(1) as f64
}

/// Damaged documents.
fn documents(shared: &Path) -> Result<Vec<String>> {
    let jobs = whole::jobs(shared, usize::MAX)?;
    let garbled = |job: &Job| {
        let mut text = job.garbled()?.1.join("\n");
        text.truncate(text.floor_char_boundary(BYTES));
        Some(text)
    };
    Ok(jobs.iter().step_by(EACH).filter_map(garbled).collect())
}

/// Texts that take long: most of each is looked at in vain.
fn hostile(documents: &[String]) -> Vec<(&'static str, String)> {
    let chars = |text: &str| -> Vec<String> { text.chars().map(String::from).collect() };
    let accented = chars("éèàüößñçõãžšč ");
    let letters = chars("abcdefghijéèàüößñçõãžšč ");
    let replaced = chars("abcdefghijklmnopqrstuvwxyz\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}  ");
    let bytes: Vec<String> = ('\u{80}'..='\u{ff}').map(String::from).collect();
    let ideographs: Vec<String> = ('\u{4e00}'..='\u{9fff}').map(String::from).collect();
    // As many pairs that were replaced as ideographs: the most that is searched.
    let pairs: Vec<String> = ideographs.iter().map(|c| format!("{c}\u{fffd}\u{fffd}")).collect();
    let words = documents.iter().flat_map(|text| text.split_whitespace().take(WORDS));
    let words: Vec<String> = words.map(|word| format!("{word} ")).collect();
    let signs = "½|ï»¿|Ã©|锟斤拷|é|“|\u{81}|烫烫|&eacute;|=E9|\\xe9|Ð¿|à¸|ﾃ|±â|\u{ad}| ";
    let signs: Vec<String> = signs.split('|').map(str::to_owned).collect();
    vec![
        ("damaged words beside random letters", made("hyv\u{8a} p\u{8a}iv\u{8a} ÓÓ ", &accented, 6)),
        ("lines of random letters", made("", &letters, 30)),
        ("random letters without lines", made("", &letters, BYTES)),
        ("lines of random letters, some replaced", made("", &replaced, 60)),
        ("lines of random bytes", made("", &bytes, 40)),
        ("random bytes without lines", made("", &bytes, BYTES)),
        ("lines of random ideographs", made("", &ideographs, 30)),
        ("lines of ideographs, pairs replaced between", made("", &pairs, 15)),
        ("lines of words of all documents", made("", &words, 8)),
        ("lines of what is often damage", made("", &signs, 16)),
    ]
}

/// Words of each document that are used.
const WORDS: usize = 2000;

/// Lines that begin alike and go on with so many of some parts.
fn made(begin: &str, parts: &[String], count: usize) -> String {
    let mut random = Random::new(begin);
    let mut text = String::with_capacity(BYTES + 100);
    while text.len() < BYTES {
        text.push_str(begin);
        for _ in 0..count {
            let part: &String = random.one_of(parts);
            text.push_str(part);
            if text.len() > BYTES {
                break;
            }
        }
        text.push('\n');
    }
    text.truncate(text.floor_char_boundary(BYTES));
    text
}
