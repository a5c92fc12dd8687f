//! `cargo xtask eval-clean`: runs the library over clean text and lists every change: each is a false one.
//!
//! Development text line by line, the collected clean files as a whole and line by line, and the strings of
//! `tricky_clean.json` and `clean_names.json`. All of that lies outside the repository (`--from`, or `FIXENC_SHARED`);
//! what is not there is left out with a message.

use std::fs;
use std::path::{Path, PathBuf};

use fixenc::mojibake::{Change, Repair};
use serde_json::Value;

use crate::project::shared_from;
use crate::{Result, parallel};

/// Characters of a change that are printed.
const SHOWN: usize = 100;

/// A text that must stay as it is.
struct Clean {
    /// Where it stands.
    place: String,
    /// Its first line, where it is from a file of lines.
    line: Option<usize>,
    text: String,
}

/// `cargo xtask eval-clean [--from FOLDER]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let shared = shared_from(arguments)?;
    for folder in ["corpora/dev", "corpora/clean"] {
        let paths = texts_below(&shared.join(folder))?;
        if paths.is_empty() {
            println!("skipped: {folder} is not there (name the folder with --from or FIXENC_SHARED)");
            continue;
        }
        let mut lines = Vec::new();
        let mut wholes = Vec::new();
        for path in &paths {
            let text = fs::read_to_string(path)?;
            let place = path.strip_prefix(&shared)?.display().to_string();
            for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                lines.push(Clean { place: place.clone(), line: Some(index + 1), text: line.to_owned() });
            }
            wholes.push(Clean { place, line: Some(1), text });
        }
        total(&format!("{folder}, line by line"), &lines);
        if folder == "corpora/clean" {
            total(&format!("{folder}, whole files"), &wholes);
        }
    }
    for name in ["tricky_clean.json", "clean_names.json"] {
        let path = shared.join("eval/repair").join(name);
        if !path.exists() {
            println!("skipped: {name} is not there");
            continue;
        }
        total(name, &strings(&path)?);
    }
    Ok(())
}

/// All `.txt` files below a folder, sorted.
fn texts_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The strings of a case file, but for those that may as well be damaged.
fn strings(path: &Path) -> Result<Vec<Clean>> {
    let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(path)?)?;
    let debatable = |case: &Value| case.get("debatable").and_then(Value::as_bool).unwrap_or(false);
    let text = |case: &Value| Some(case.get("text").unwrap_or(case).as_str()?.to_owned());
    let place = |case: &Value| {
        let name = ["id", "locale"].iter().find_map(|key| case.get(key)?.as_str());
        name.unwrap_or_default().to_owned()
    };
    let cases = cases.iter().filter(|case| !debatable(case));
    Ok(cases.filter_map(|case| Some(Clean { place: place(case), line: None, text: text(case)? })).collect())
}

/// Repairs all, prints every change and how many there were.
#[expect(clippy::cast_precision_loss, reason = "counts of lines")]
fn total(name: &str, texts: &[Clean]) {
    println!("\n{name}");
    let found = parallel::map(texts, |clean| describe(clean, &fixenc::repair(&clean.text)));
    let changed = found.iter().filter(|changes| !changes.is_empty()).count();
    for change in found.iter().flatten() {
        println!("  {change}");
    }
    let lines: usize =
        texts.iter().map(|clean| clean.text.lines().filter(|line| !line.trim().is_empty()).count()).sum();
    let changes: usize = found.iter().map(Vec::len).sum();
    println!(
        "{name}: {changed} of {} texts changed, {changes} changes in {lines} lines, {:.2} per 100,000 lines",
        texts.len(),
        changes as f64 * 1e5 / lines.max(1) as f64,
    );
}

fn describe(clean: &Clean, repair: &Repair<'_>) -> Vec<String> {
    let describe = |change: &Change| {
        let line = clean.line.map(|first| first + clean.text[..change.span.start].matches('\n').count());
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        format!(
            "{}{line}: {} → {}  [{}] {:.3}",
            clean.place,
            shown(&change.before),
            shown(&change.after),
            change.plan,
            change.confidence,
        )
    };
    repair.changes().iter().map(describe).collect()
}

/// On one line and not too long.
fn shown(text: &str) -> String {
    let line = text.escape_debug().to_string();
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
