//! `cargo xtask eval`: runs the library over the corpus and writes what came out as two committed tables.
//!
//! `corpus/results.csv` has a row a case; `corpus/reliability.csv` compares the confidence of each change with how
//! often such changes were right. A difference in either is part of a review. `--check` compares both with what is
//! committed and tests [`THRESHOLDS`].

mod fields;
pub(crate) mod measure;
mod outside;

use std::collections::BTreeMap;
use std::fs;

use fixenc::mojibake::{Repair, Verdict};

use crate::Result;
use crate::corpus::{self, Expect};
use crate::project::{files_below, root, write_or_check};
use measure::{Judged, calibration_error, characters_right, distance, reliability_table};

/// What a class of cases must reach.
struct Threshold {
    /// The class, or `""` for all cases.
    class: &'static str,
    measure: Measure,
    /// The bound: at least this, or, for counts of harm, at most this.
    bound: f64,
}

#[derive(Debug, Clone, Copy)]
enum Measure {
    /// Share of cases that came out exactly right, at least.
    Exact,
    /// Mean share of right characters, at least.
    Characters,
    /// Texts made worse, at most.
    Harmed,
    /// Share of right fields in reports, at least.
    Fields,
}

/// The gate. A bound moves only together with the reason, in the same commit.
const THRESHOLDS: &[Threshold] = &[
    Threshold { class: "negative", measure: Measure::Harmed, bound: 0.0 },
    Threshold { class: "clean", measure: Measure::Harmed, bound: 0.0 },
    Threshold { class: "undecidable", measure: Measure::Harmed, bound: 0.0 },
    Threshold { class: "", measure: Measure::Harmed, bound: 0.0 },
    Threshold { class: "gbk-exact", measure: Measure::Exact, bound: 0.88 },
    Threshold { class: "gb18030-exact", measure: Measure::Exact, bound: 0.79 },
    Threshold { class: "utf-8-exact", measure: Measure::Exact, bound: 0.93 },
    Threshold { class: "gbk-exact", measure: Measure::Characters, bound: 0.99 },
    Threshold { class: "utf-8-exact", measure: Measure::Characters, bound: 0.99 },
    Threshold { class: "gbk-model", measure: Measure::Characters, bound: 0.985 },
    Threshold { class: "utf-8-model", measure: Measure::Characters, bound: 0.98 },
    Threshold { class: "clean", measure: Measure::Fields, bound: 0.99 },
    Threshold { class: "gbk-exact", measure: Measure::Fields, bound: 0.99 },
];

/// A text to repair and what is known about it.
struct Case {
    name: String,
    class: String,
    text: String,
    /// What must come out: the clean document, or the text itself where nothing may change.
    wanted: String,
    /// The document, where it is one with fields.
    report: Option<String>,
}

/// One row of `results.csv`.
struct Row {
    name: String,
    class: String,
    exact: bool,
    characters: f64,
    changes: usize,
    verdict: Verdict,
    harmed: usize,
    confidence: Option<f64>,
    fields: Option<fields::Count>,
}

/// `cargo xtask eval [--check]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let check = arguments.iter().any(|argument| argument == "--check");
    let mut rows = Vec::new();
    let mut judged = Vec::new();
    for case in cases()? {
        rows.push(judge(&case, &mut judged)?);
    }
    println!("{}", summary(&rows));
    println!("\n{} changes, expected calibration error {:.4}", judged.len(), calibration_error(&judged));
    let mut files = BTreeMap::new();
    files.insert("corpus/results.csv".to_owned(), results_table(&rows).into_bytes());
    files.insert("corpus/reliability.csv".to_owned(), reliability_table(&judged, "eval").into_bytes());
    if !check {
        write_or_check(&files, false, "")?;
        return outside::print();
    }
    write_or_check(&files, true, "cargo xtask eval")?;
    test_thresholds(&rows)
}

/// Every case: damaged variants, clean documents, negatives as a whole and line by line, undecidable texts.
fn cases() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for document in corpus::documents()? {
        let text = corpus::clean_text(&document.id)?;
        let report = (document.kind == corpus::Kind::Report).then(|| document.id.clone());
        cases.push(Case { name: document.id, class: "clean".to_owned(), wanted: text.clone(), text, report });
    }
    for variant in corpus::variants()? {
        let text = fs::read_to_string(root().join("corpus").join(&variant.file))?;
        let undecidable = variant.expect == Expect::Undecidable;
        let wanted = if undecidable { text.clone() } else { corpus::clean_text(&variant.document)? };
        let class = match variant.expect {
            Expect::Exact => format!("{}-exact", variant.written),
            Expect::Model => format!("{}-model", variant.written),
            Expect::Undecidable => "undecidable".to_owned(),
        };
        let report = corpus::truth(&variant.document)?.map(|_| variant.document.clone());
        cases.push(Case { name: variant.name, class, text, wanted, report });
    }
    for (folder, class) in [("corpus/negative", "negative"), ("corpus/undecidable", "undecidable")] {
        for path in files_below(folder)? {
            let text = fs::read_to_string(root().join(&path))?;
            let name = path.trim_start_matches("corpus/").trim_end_matches(".txt").to_owned();
            cases.push(Case { name, class: class.to_owned(), wanted: text.clone(), text, report: None });
        }
    }
    Ok(cases)
}

fn judge(case: &Case, judged: &mut Vec<Judged>) -> Result<Row> {
    let repair = fixenc::repair(&case.text);
    let text = repair.text();
    let unchanged_wanted = case.text == case.wanted;
    let harmed = if unchanged_wanted {
        // Lines stand for the short texts that most inputs are; each is a chance to do harm.
        let alone = case.text.lines().filter(|line| fixenc::repair(line).text() != *line).count();
        usize::from(text != case.wanted) + if case.class == "undecidable" { 0 } else { alone }
    } else {
        usize::from(distance(text, &case.wanted) > distance(&case.text, &case.wanted))
    };
    judged.extend(judge_changes(&repair, &case.wanted, text == case.wanted));
    let fields = match &case.report {
        Some(id) => {
            let truth = corpus::truth(id)?.ok_or_else(|| format!("{id} has no truth file"))?;
            Some(fields::count(text, &truth)?)
        }
        None => None,
    };
    Ok(Row {
        name: case.name.clone(),
        class: case.class.clone(),
        exact: text == case.wanted,
        characters: characters_right(text, &case.wanted),
        changes: repair.changes().len(),
        verdict: repair.verdict(),
        harmed,
        confidence: repair.changes().iter().map(|change| change.confidence).reduce(f64::min),
        fields,
    })
}

/// A change is right if all came out right, or else if what it put in stands in the truth.
fn judge_changes(repair: &Repair<'_>, wanted: &str, exact: bool) -> Vec<Judged> {
    let judge = |change: &fixenc::mojibake::Change| Judged {
        confidence: change.confidence,
        right: exact || wanted.contains(change.after.as_str()),
    };
    repair.changes().iter().map(judge).collect()
}

fn results_table(rows: &[Row]) -> String {
    let mut table = String::from(
        "# @generated by `cargo xtask eval`\ncase,class,exact,characters,changes,verdict,harmed,confidence,fields_right,fields_total\n",
    );
    for row in rows {
        let verdict = match row.verdict {
            Verdict::Clean => "clean",
            Verdict::Repaired => "repaired",
            Verdict::Undecidable => "undecidable",
        };
        // Rounded down, so that nothing short of right reads as right.
        let floor = |share: f64| format!("{:.4}", (share * 1e4).floor() / 1e4);
        let confidence = row.confidence.map(|confidence| format!("{confidence:.2}")).unwrap_or_default();
        let (right, total) = match &row.fields {
            Some(count) => (count.right.to_string(), count.total.to_string()),
            None => (String::new(), String::new()),
        };
        table.push_str(&format!(
            "{},{},{},{},{},{verdict},{},{confidence},{right},{total}\n",
            row.name,
            row.class,
            u8::from(row.exact),
            floor(row.characters),
            row.changes,
            row.harmed,
        ));
    }
    table
}

fn summary(rows: &[Row]) -> String {
    let mut classes: Vec<&str> = rows.iter().map(|row| row.class.as_str()).collect();
    classes.sort_unstable();
    classes.dedup();
    let mut text = format!(
        "{:16} {:>6} {:>8} {:>10} {:>7} {:>8}",
        "class", "cases", "exact", "characters", "harmed", "fields"
    );
    for class in classes {
        let cases = rows.iter().filter(|row| row.class == class).count();
        let show =
            |measure| value(rows, class, measure).map_or("-".to_owned(), |value| format!("{value:.4}"));
        text.push_str(&format!(
            "\n{class:16} {cases:>6} {:>8} {:>10} {:>7} {:>8}",
            show(Measure::Exact),
            show(Measure::Characters),
            value(rows, class, Measure::Harmed).unwrap_or(0.0),
            show(Measure::Fields),
        ));
    }
    text
}

/// A measure over the cases of a class; `None` where no case has it.
#[expect(clippy::cast_precision_loss, reason = "counts of a small corpus")]
fn value(rows: &[Row], class: &str, measure: Measure) -> Option<f64> {
    let rows: Vec<&Row> = rows.iter().filter(|row| class.is_empty() || row.class == class).collect();
    let cases = (!rows.is_empty()).then_some(rows.len() as f64)?;
    match measure {
        Measure::Exact => Some(rows.iter().filter(|row| row.exact).count() as f64 / cases),
        Measure::Characters => Some(rows.iter().map(|row| row.characters).sum::<f64>() / cases),
        Measure::Harmed => Some(rows.iter().map(|row| row.harmed).sum::<usize>() as f64),
        Measure::Fields => {
            let counts: Vec<_> = rows.iter().filter_map(|row| row.fields.as_ref()).collect();
            let total: usize = counts.iter().map(|count| count.total).sum();
            let right: usize = counts.iter().map(|count| count.right).sum();
            (total > 0).then_some(right as f64 / total as f64)
        }
    }
}

fn test_thresholds(rows: &[Row]) -> Result {
    let mut missed = Vec::new();
    for Threshold { class, measure, bound } in THRESHOLDS {
        let found = value(rows, class, *measure).unwrap_or(0.0);
        let kept = match measure {
            Measure::Harmed => found <= *bound,
            _ => found >= *bound,
        };
        if !kept {
            let class = if class.is_empty() { "all" } else { class };
            missed.push(format!("{class}: {measure:?} is {found:.4}, the bound is {bound}"));
        }
    }
    if missed.is_empty() {
        println!("eval: {} thresholds kept", THRESHOLDS.len());
        return Ok(());
    }
    Err(format!("thresholds missed\n  {}", missed.join("\n  ")).into())
}
