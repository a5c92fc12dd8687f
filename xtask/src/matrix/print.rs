//! The tables that a person reads.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::tally::{CLEAN, CLEAN_SPANS, DAMAGED_SPANS, GONE, LENGTHS, LOSSLESS, PARTIAL, Tallies, Tally};

/// Pairs in the list of the weakest.
const WEAKEST: usize = 30;

/// Everything in order.
pub(super) fn all(tallies: &Tallies, languages: &BTreeMap<(String, usize), Tally>) {
    by_length(tallies);
    by_language(languages);
    weakest(tallies);
    for (title, kind) in [
        ("partly lost, by damage", PARTIAL),
        ("mostly lost, by damage", GONE),
        ("documents, damaged spans that can come back", DAMAGED_SPANS),
        ("documents, clean spans", CLEAN_SPANS),
        ("clean text, in total and the languages where some was changed", CLEAN),
    ] {
        by_group(title, tallies, kind);
    }
}

/// Lossless text: levels by length.
fn by_length(tallies: &Tallies) {
    println!(
        "\nlossless: share exact (cases) by characters of the truth, then how many were left alone, changed\nbut wrong, and made worse"
    );
    print!("{:28}", "");
    LENGTHS.iter().for_each(|(_, name)| print!("{name:>16}"));
    println!("{:>9} {:>7} {:>7}", "alone", "wrong", "worse");
    let mut groups: BTreeMap<&str, [Tally; LENGTHS.len()]> = BTreeMap::new();
    for (key, tally) in tallies.iter().filter(|(key, _)| key.kind == LOSSLESS) {
        for group in ["total", key.level()] {
            groups.entry(group).or_default()[key.length].add(tally);
        }
    }
    for (group, by_length) in groups {
        let mut sum = Tally::default();
        print!("{group:28}");
        for tally in by_length {
            sum.add(&tally);
            print!("{:>16}", share(&tally));
        }
        let wrong = sum.cases.saturating_sub(sum.exact + sum.untouched);
        println!("{:>9} {wrong:>7} {:>7}", sum.untouched, sum.harmed);
    }
}

fn by_language(languages: &BTreeMap<(String, usize), Tally>) {
    println!("\nlossless, one level, by language: share exact (cases)");
    let mut rows: BTreeMap<&str, [Tally; LENGTHS.len()]> = BTreeMap::new();
    for ((language, length), tally) in languages {
        rows.entry(language).or_default()[*length].add(tally);
    }
    for (language, by_length) in rows {
        print!("{language:28}");
        by_length.iter().for_each(|tally| print!("{:>16}", share(tally)));
        println!();
    }
}

/// The pairs that miss most cases, at lengths from which much is wanted.
fn weakest(tallies: &Tallies) {
    for (title, lengths) in [("4-8 characters", 1..2), ("16 characters and more", 3..5)] {
        let mut pairs: BTreeMap<&str, Tally> = BTreeMap::new();
        for (key, tally) in tallies {
            if key.kind == LOSSLESS && lengths.contains(&key.length) {
                pairs.entry(&key.pair).or_default().add(tally);
            }
        }
        let mut pairs: Vec<(&str, Tally)> = pairs.into_iter().collect();
        pairs.sort_by_key(|(pair, tally)| (Reverse(tally.cases - tally.exact), *pair));
        println!("\nlossless, {title}: the {WEAKEST} pairs with most cases missed");
        for (pair, tally) in pairs.iter().take(WEAKEST) {
            line(pair, tally);
        }
    }
}

fn by_group(title: &str, tallies: &Tallies, kind: &str) {
    let mut groups: BTreeMap<&str, Tally> = BTreeMap::new();
    for (key, tally) in tallies.iter().filter(|(key, _)| key.kind == kind) {
        let group = if kind == CLEAN { &key.pair } else { key.level() };
        for group in ["total", group] {
            groups.entry(group).or_default().add(tally);
        }
    }
    println!("\n{title}");
    // Of clean text only what is not as it should be; it has a row for each language.
    groups.retain(|group, tally| kind != CLEAN || *group == "total" || tally.exact < tally.cases);
    for (group, tally) in groups {
        line(group, &tally);
    }
}

/// One line of counts.
pub(super) fn line(name: &str, tally: &Tally) {
    let Tally { cases, exact, untouched, harmed, .. } = tally;
    let characters = tally.characters();
    let characters =
        if characters.is_nan() { String::new() } else { format!("  characters {characters:.4}") };
    println!(
        "{name:40} {cases:>6} cases  exact {exact:>6} ({:>6.2} %)  untouched {untouched:>6}  harmed {harmed:>5}{characters}",
        100.0 * tally.share(),
    );
}

fn share(tally: &Tally) -> String {
    if tally.cases == 0 {
        "-".to_owned()
    } else {
        format!("{:.1} % ({})", 100.0 * tally.share(), tally.cases)
    }
}
