//! `cargo xtask eval-documents`: how much of the text in documents of many formats comes out.
//!
//! `--from FOLDER` holds documents and a `truth.json` that says what each holds: `{"file": "text"}` or
//! `{"file": {"text": …, "kind": …}}`. It lies outside the repository; without it the command says that it was skipped.
//! Measured is the share of the truth's pairs of neighbouring characters that come out, white space aside: of the text of
//! the document itself, of the names in an archive. Of a page, whose text is its source, the record sees less and is not
//! measured here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fixenc::recover::{RecoverOptions, recover};
use fixenc::report::EntryName;
use serde::Deserialize;

use crate::{Result, parallel};

/// Below this a document is listed by name.
const GOOD: f64 = 0.98;

#[derive(Deserialize)]
#[serde(untagged)]
enum Truth {
    Text(String),
    Of { text: String, kind: Option<String> },
}

struct Case {
    path: PathBuf,
    kind: String,
    truth: String,
}

/// `cargo xtask eval-documents --from FOLDER [--only KIND]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let value = |option: &str| {
        let at = arguments.iter().position(|argument| argument == option)?;
        arguments.get(at + 1)
    };
    let folder = value("--from").map(Path::new);
    let Some(list) = folder.map(|folder| folder.join("truth.json")).filter(|list| list.exists()) else {
        println!("documents: SKIPPED, no --from FOLDER with a truth.json");
        return Ok(());
    };
    let truths: BTreeMap<String, Truth> = serde_json::from_slice(&fs::read(&list)?)?;
    let only = value("--only");
    let cases: Vec<Case> = truths
        .into_iter()
        .map(|(name, truth)| {
            let (truth, kind) = match truth {
                Truth::Text(text) => (text, None),
                Truth::Of { text, kind } => (text, kind),
            };
            Case { path: list.with_file_name(&name), kind: kind.unwrap_or_else(|| kind_of(&name)), truth }
        })
        .filter(|case| case.path.exists() && only.is_none_or(|only| case.kind.starts_with(only.as_str())))
        .collect();
    let recalls = parallel::map(&cases, recall_of);
    let mut kinds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (case, recall) in cases.iter().zip(recalls) {
        if recall < GOOD {
            println!("  {recall:.3} {}", case.path.display());
        }
        kinds.entry(&case.kind).or_default().push(recall);
    }
    println!("{:28} {:>4} {:>6} {:>6}", "kind", "n", "mean", "least");
    for (kind, recalls) in kinds {
        let mean = recalls.iter().sum::<f64>() / recalls.len() as f64;
        let least = recalls.iter().copied().fold(1.0, f64::min);
        println!("{kind:28} {:4} {mean:6.3} {least:6.3}", recalls.len());
    }
    Ok(())
}

/// `format-language-variant.ending` is of the kind `format-variant`.
fn kind_of(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let parts: Vec<&str> = stem.split('-').collect();
    match parts[..] {
        [format, _, .., variant] => format!("{format}-{variant}"),
        _ => parts[0].to_owned(),
    }
}

fn recall_of(case: &Case) -> f64 {
    let Ok(bytes) = fs::read(&case.path) else { return 0.0 };
    let Ok(report) = recover(&bytes, &RecoverOptions::new()) else { return 0.0 };
    let mut got = String::new();
    for document in report.documents {
        match document.path.last() {
            // A document in an archive: what is asked for is its name.
            Some(name) if case.kind.starts_with("zip") || case.kind.starts_with("tar") => {
                got.push_str(&EntryName::shown(name));
                got.push('\n');
            }
            Some(_) => {}
            None => got.push_str(document.text.as_deref().unwrap_or_default()),
        }
    }
    recall(&case.truth, &got)
}

/// The share of the pairs of characters of `truth` that `got` has too.
fn recall(truth: &str, got: &str) -> f64 {
    let (truth, mut got) = (pairs(truth), pairs(got));
    let all: usize = truth.values().sum();
    let found: usize = truth.into_iter().map(|(pair, count)| count.min(got.remove(&pair).unwrap_or(0))).sum();
    found as f64 / all.max(1) as f64
}

fn pairs(text: &str) -> BTreeMap<(char, char), usize> {
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut pairs = BTreeMap::new();
    for pair in characters.windows(2) {
        *pairs.entry((pair[0], pair[1])).or_default() += 1;
    }
    pairs
}
