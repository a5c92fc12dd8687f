//! Figures over case files that are kept outside the repository, where there are any. Printed, never written.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::measure::distance;
use crate::Result;

#[derive(Default)]
struct Tally {
    cases: usize,
    exact: usize,
    untouched: usize,
    harmed: usize,
}

/// Prints a line a class for each `eval/repair/*.json` below the folder that `FIXENC_SHARED` names.
pub(super) fn print() -> Result {
    let shared = crate::project::shared();
    let Ok(entries) = fs::read_dir(shared.join("eval/repair")) else { return Ok(()) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    println!("\n{:44} {:>6} {:>8} {:>9} {:>6}", "outside cases", "cases", "exact", "untouched", "harmed");
    for path in paths {
        let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(&path)?)?;
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        for case in &cases {
            let class = ["class", "family", "damage"].iter().find_map(|key| case.get(key)?.as_str());
            add(case, tallies.entry(String::new()).or_default());
            if let Some(class) = class {
                add(case, tallies.entry(class.to_owned()).or_default());
            }
        }
        for (class, tally) in tallies {
            let Tally { cases, exact, untouched, harmed } = tally;
            println!("{:44} {cases:>6} {exact:>8} {untouched:>9} {harmed:>6}", format!("{file} {class}"));
        }
    }
    Ok(())
}

fn add(case: &Value, tally: &mut Tally) {
    let string = |key| case.get(key).and_then(Value::as_str);
    let Some(garbled) = string("garbled").or_else(|| string("text")) else { return };
    let truth = string("truth").unwrap_or(garbled);
    let repair = fixenc::repair(garbled);
    tally.cases += 1;
    tally.exact += usize::from(repair.text() == truth);
    tally.untouched += usize::from(repair.text() == garbled);
    tally.harmed += usize::from(distance(repair.text(), truth) > distance(garbled, truth));
}
