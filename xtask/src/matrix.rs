//! `cargo xtask eval-matrix`: runs the library over garbled text made from development text, for every language,
//! encoding, wrong reader and length, and over damages, levels, documents and clean text.
//!
//! Writes `corpus/matrix.csv`, `corpus/matrix-documents.csv` and `corpus/reliability-matrix.csv`. The text lies outside the
//! repository (`--from`, or `FIXENC_SHARED`); where it is not there, nothing is done. `--quick` takes a part and writes
//! nothing; `--told` says to the library that the text is garbled and writes `corpus/matrix-told.csv`; `--wrong FILE` lists,
//! as JSON lines, what came out wrong although nothing was lost, and what was made worse.

mod judge;
mod lines;
mod print;
mod record;
mod spans;
mod tally;
pub(crate) mod whole;

use std::collections::BTreeMap;
use std::fs;

use fixenc::mojibake::Repairer;
use serde_json::json;

use crate::eval::measure::{Judged, calibration_error, reliability_table};
use crate::project::{shared_from, write_or_check};
use crate::{Result, parallel};
use judge::Outcome;
use record::{Kind, Left, Record};
use tally::{Tallies, Tally};

/// `--quick` takes each record whose number this divides: prime to the 14 records of a cell, so that all lengths come.
const QUICK: usize = 11;

/// `cargo xtask eval-matrix [--from FOLDER] [--quick] [--told] [--wrong FILE]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let shared = shared_from(arguments)?;
    let Some(mut records) = record::load(&shared)? else { return Ok(()) };
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let (quick, told) = (has("--quick"), has("--told"));
    if quick {
        records = records.into_iter().step_by(QUICK).collect();
    }
    let repairer = Repairer::new().assume_garbled(told);
    let outcomes = parallel::map(&records, |record| judge::judge(record, &repairer));
    if let Some(at) = arguments.iter().position(|argument| argument == "--wrong") {
        let path = arguments.get(at + 1).ok_or("--wrong needs a file")?;
        fs::write(path, wrong(&records, &outcomes))?;
    }
    let mut tallies = Tallies::new();
    let mut languages: BTreeMap<(String, usize), Tally> = BTreeMap::new();
    for (record, outcome) in records.iter().zip(&outcomes) {
        tally::count(&mut tallies, record, outcome);
        if record.kind == Kind::Span && record.left() == Left::All && record.chain.len() == 1 {
            let length = tally::length(record.truth.chars().count());
            languages.entry((record.lang.clone(), length)).or_default().add(&Tally::of_outcome(outcome));
        }
    }
    print::all(&tallies, &languages);
    lines::print(&shared, &repairer)?;
    let judged: Vec<Judged> = outcomes.into_iter().flat_map(|outcome| outcome.changes).collect();
    let error = calibration_error(&judged);
    let reliability = reliability_table(&judged, "eval-matrix");
    println!("\nreliability of {} changes\n{reliability}expected calibration error {error:.4}", judged.len());
    if quick {
        return Ok(());
    }
    let documents = whole::table(&shared, &repairer)?;
    if told {
        let levels = tally::csv("cargo xtask eval-matrix --told", &tally::by_level(&tallies));
        let file = ("corpus/matrix-told.csv".to_owned(), levels.into_bytes());
        return write_or_check(&BTreeMap::from([file]), false, "");
    }
    let reliability = format!("{reliability}# expected calibration error: {error:.4}\n");
    let files = BTreeMap::from([
        ("corpus/matrix.csv".to_owned(), tally::csv("cargo xtask eval-matrix", &tallies).into_bytes()),
        ("corpus/matrix-documents.csv".to_owned(), documents.into_bytes()),
        ("corpus/reliability-matrix.csv".to_owned(), reliability.into_bytes()),
    ]);
    write_or_check(&files, false, "")
}

/// JSON lines of the records that should have come out right, and of those that were made worse.
fn wrong(records: &[Record], outcomes: &[Outcome]) -> String {
    let mut lines = String::new();
    for (record, outcome) in records.iter().zip(outcomes) {
        if outcome.exact || (record.left() != Left::All && !outcome.harmed) {
            continue;
        }
        let chain: Vec<String> =
            record.chain.iter().map(|step| format!("{}>{}", step.encode, step.decode)).collect();
        let line = json!({
            "id": record.id, "lang": record.lang, "kind": format!("{:?}", record.kind), "pair": tally::pair(record),
            "chain": chain.join(" "), "damage": record.damage, "harmed": outcome.harmed,
            "untouched": outcome.untouched, "truth": record.truth, "garbled": record.garbled, "got": outcome.text,
        });
        lines.push_str(&format!("{line}\n"));
    }
    lines
}
