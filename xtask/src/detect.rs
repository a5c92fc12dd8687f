//! `cargo xtask eval-detect`: how often the encoding is found, and how true the confidence is.
//!
//! The labelled files (`--data FOLDER`, with `labels.tsv` from the shared folder) and the development text (`--from`,
//! or `FIXENC_SHARED`) lie outside the repository; what is not there is passed over with a message. Right is an answer
//! that decodes to the same text as the label. `--wrong FILE` lists what was not.

mod cases;
mod mixed;
mod speed;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use fixenc::detect::detect;

use crate::eval::measure::{Judged, calibration_error};
use crate::project::shared_from;
use crate::{Result, parallel};
use cases::Case;

/// What came out for one case.
struct Outcome {
    right: bool,
    got: &'static str,
    language: Option<&'static str>,
    confidence: f64,
    /// The answer is an encoding of East Asia.
    is_east_asian: bool,
    runners_up: String,
    is_mixed: bool,
}

/// `cargo xtask eval-detect [--data FOLDER] [--from FOLDER] [--only SET] [--wrong FILE]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let value = |option: &str| {
        let at = arguments.iter().position(|argument| argument == option)?;
        arguments.get(at + 1).cloned()
    };
    let shared_arguments: Vec<String> = match value("--from") {
        Some(folder) => vec!["--from".to_owned(), folder],
        None => Vec::new(),
    };
    let shared = shared_from(&shared_arguments)?;
    let only = value("--only");
    let mut cases = Vec::new();
    match value("--data") {
        Some(folder) => cases::labelled(&shared, folder.as_ref(), &mut cases)?,
        None => println!("labelled files: SKIPPED, no --data FOLDER"),
    }
    cases::transcoded(&shared, &mut cases)?;
    cases.retain(|case| only.as_ref().is_none_or(|only| case.set.starts_with(only.as_str())));
    let outcomes = parallel::map(&cases, judge);
    print_sets(&cases, &outcomes);
    print_groups(&cases, &outcomes, arguments.iter().any(|a| a == "--all"));
    if let Some(path) = value("--wrong") {
        fs::write(path, wrong(&cases, &outcomes))?;
    }
    speed::print(&cases);
    if only.as_ref().is_none_or(|only| only == "mixed") {
        mixed::print(&shared)?;
    }
    Ok(())
}

fn judge(case: &Case) -> Outcome {
    let detection = detect(&case.bytes);
    let best = detection.best();
    let text = best.map(|best| best.decode_as.decode_lossy(&case.bytes).0);
    let right = text.as_deref().map(|text| text.trim_start_matches('\u{feff}')) == Some(&case.truth);
    let got = best.map_or("binary", |best| best.encoding);
    let mut runners_up = String::new();
    for other in detection.candidates().iter().take(4) {
        let _ = write!(
            runners_up,
            " {}:{}:{:.3}",
            other.encoding,
            other.language.unwrap_or("-"),
            other.confidence
        );
        if let fixenc::detect::Evidence::Statistical { bits } = other.evidence {
            let _ = write!(runners_up, ":{bits:.0}");
        }
    }
    Outcome {
        right,
        got,
        language: best.and_then(|best| best.language),
        confidence: best.map_or(1.0, |best| best.confidence),
        is_east_asian: best.is_some_and(|best| cases::is_east_asian(best.decode_as)),
        runners_up,
        is_mixed: !detection.mixed().is_empty(),
    }
}

#[derive(Default)]
struct Tally {
    cases: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, right: bool) {
        self.cases += 1;
        self.right += usize::from(right);
    }

    fn share(&self) -> f64 {
        100.0 * self.right as f64 / self.cases.max(1) as f64
    }
}

/// The cases of a kind.
#[derive(Default)]
struct Set<'c> {
    tally: Tally,
    labels: BTreeMap<&'c str, Tally>,
    judged: Vec<Judged>,
    false_east_asian: usize,
    mixed: usize,
}

fn print_sets(cases: &[Case], outcomes: &[Outcome]) {
    let mut sets: BTreeMap<&str, Set<'_>> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        let set = sets.entry(&case.set).or_default();
        set.tally.add(outcome.right);
        set.labels.entry(&case.label).or_default().add(outcome.right);
        set.judged.push(Judged { confidence: outcome.confidence, right: outcome.right });
        set.false_east_asian += usize::from(outcome.is_east_asian && !case.is_east_asian);
        set.mixed += usize::from(outcome.is_mixed);
    }
    let head = ["cases", "right", "%", "mean label", "confidence", "ECE", "AUROC", "false CJK", "mixed"];
    println!("{:18}{}", "set", head.map(|word| format!("{word:>11}")).concat());
    let mut all = Vec::new();
    for (name, set) in sets {
        let mean = set.labels.values().map(Tally::share).sum::<f64>() / set.labels.len().max(1) as f64;
        let confidence =
            set.judged.iter().map(|j| j.confidence).sum::<f64>() / set.judged.len().max(1) as f64;
        println!(
            "{name:18}{:11}{:11}{:11.2}{mean:11.2}{confidence:11.3}{:11.3}{:11.3}{:11}{:11}",
            set.tally.cases,
            set.tally.right,
            set.tally.share(),
            calibration_error(&set.judged),
            area(&set.judged),
            set.false_east_asian,
            set.mixed
        );
        all.extend(set.judged);
    }
    println!("{:73}{:11.3}{:11.3}", "all", calibration_error(&all), area(&all));
}

/// How likely a right answer has a higher confidence than a wrong one.
fn area(judged: &[Judged]) -> f64 {
    let of = |exact| {
        let mut confidences: Vec<f64> =
            judged.iter().filter(|j| j.right == exact).map(|j| j.confidence).collect();
        confidences.sort_by(f64::total_cmp);
        confidences
    };
    let (right, wrong) = (of(true), of(false));
    if right.is_empty() || wrong.is_empty() {
        return 1.0;
    }
    let below = |c: f64| {
        wrong.partition_point(|w| *w < c) as f64 / 2.0 + wrong.partition_point(|w| *w <= c) as f64 / 2.0
    };
    right.iter().map(|&c| below(c)).sum::<f64>() / (right.len() as f64 * wrong.len() as f64)
}

/// The labels of each set that are not all right.
fn print_groups(cases: &[Case], outcomes: &[Outcome], all: bool) {
    let mut groups: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        groups.entry((&case.set, &case.label)).or_default().add(outcome.right);
    }
    let mut set = "";
    for ((of, label), tally) in groups {
        if of != set {
            println!("\n{of}");
            set = of;
        }
        if all || tally.right < tally.cases {
            print!("  {label} {}/{}", tally.right, tally.cases);
        }
    }
    println!();
}

fn wrong(cases: &[Case], outcomes: &[Outcome]) -> String {
    let mut lines = String::new();
    for (case, outcome) in cases.iter().zip(outcomes).filter(|(_, outcome)| !outcome.right) {
        let start: String = case.truth.chars().filter(|c| !c.is_control()).take(60).collect();
        let _ = writeln!(
            lines,
            "{}\t{}\t{}\t{}\t{:?}\t{}\t{start}",
            case.set, case.label, case.name, outcome.got, outcome.language, outcome.runners_up
        );
    }
    lines
}
