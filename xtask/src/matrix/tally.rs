//! Counts of what came out, by kind, pair and length, and the committed table of them.

use std::collections::BTreeMap;

use super::judge::Outcome;
use super::record::{Kind, Left, Record};

/// Lower bounds of the classes of length, in characters of the truth, and their names.
pub(super) const LENGTHS: [(usize, &str); 5] =
    [(0, "2-3"), (4, "4-8"), (9, "9-15"), (16, "16-63"), (64, "64+")];

/// Names of the kinds of row.
pub(super) const LOSSLESS: &str = "lossless";
pub(super) const PARTIAL: &str = "partial";
pub(super) const GONE: &str = "gone";
pub(super) const CLEAN: &str = "clean";
pub(super) const DAMAGED_SPANS: &str = "damaged spans";
pub(super) const CLEAN_SPANS: &str = "clean spans";

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) kind: &'static str,
    pub(super) pair: String,
    /// Index into [`LENGTHS`].
    pub(super) length: usize,
}

impl Key {
    /// The row of many pairs in one: what was written, and how many times it was read wrongly.
    pub(super) fn level(&self) -> &str {
        let steps = self.pair.matches('>').count();
        match (self.pair.starts_with("utf-8>"), steps) {
            (_, 0) => &self.pair,
            (true, 1) => "UTF-8, one level",
            (false, 1) => "legacy, one level",
            (true, 3) => "UTF-8, two levels",
            (false, 3) => "legacy, two levels",
            (true, _) => "UTF-8, three levels",
            (false, _) => "legacy, three levels",
        }
    }
}

/// Counts of cases.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) cases: usize,
    pub(super) exact: usize,
    pub(super) untouched: usize,
    pub(super) harmed: usize,
    /// Sum of the shares of right characters.
    characters: f64,
}

/// All rows.
pub(super) type Tallies = BTreeMap<Key, Tally>;

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.exact += other.exact;
        self.untouched += other.untouched;
        self.harmed += other.harmed;
        self.characters += other.characters;
    }

    pub(super) fn of(exact: bool, untouched: bool, harmed: bool, characters: f64) -> Self {
        Self { cases: 1, exact: exact.into(), untouched: untouched.into(), harmed: harmed.into(), characters }
    }

    pub(super) fn of_outcome(outcome: &Outcome) -> Self {
        Self::of(outcome.exact, outcome.untouched, outcome.harmed, outcome.characters)
    }

    /// Share of exact cases.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases")]
    pub(super) fn share(&self) -> f64 {
        self.exact as f64 / self.cases.max(1) as f64
    }

    /// Mean share of right characters; no number for spans of documents, where it is not taken.
    #[expect(clippy::cast_precision_loss, reason = "counts of cases")]
    pub(super) fn characters(&self) -> f64 {
        self.characters / self.cases.max(1) as f64
    }
}

/// Counts a record's outcome: documents by their spans, all others as one.
pub(super) fn count(tallies: &mut Tallies, record: &Record, outcome: &Outcome) {
    let length = length(record.truth.chars().count());
    if record.kind == Kind::Document {
        for span in &outcome.spans {
            // Whether a damaged span can come back is known only where all can.
            if span.damaged && record.left() != Left::All {
                continue;
            }
            let kind = if span.damaged { DAMAGED_SPANS } else { CLEAN_SPANS };
            let harmed = !span.damaged && !span.exact;
            let tally = Tally::of(span.exact, span.untouched, harmed, f64::NAN);
            tallies.entry(Key { kind, pair: pair(record), length }).or_default().add(&tally);
        }
        return;
    }
    let kind = match (record.kind, record.left()) {
        (Kind::Clean, _) => CLEAN,
        (_, Left::All) => LOSSLESS,
        (_, Left::Half) => PARTIAL,
        (_, Left::Little) => GONE,
    };
    let pair = match kind {
        CLEAN => record.lang.clone(),
        _ => pair(record),
    };
    tallies.entry(Key { kind, pair, length }).or_default().add(&Tally::of_outcome(outcome));
}

/// The class of a length.
pub(super) fn length(characters: usize) -> usize {
    LENGTHS.iter().rposition(|&(from, _)| characters >= from).unwrap_or(0)
}

/// `written>reader` for one level without damage. Deeper chains are too many to be rows of their own: there the first
/// step tells only whether UTF-8 was written. With damage, the row is that damage.
pub(super) fn pair(record: &Record) -> String {
    if record.damage != "none" {
        return record.damage.clone();
    }
    match record.chain.as_slice() {
        [step] => format!("{}>{}", step.encode, step.decode),
        [first, rest @ ..] => {
            let written = if first.encode == "utf-8" { "utf-8" } else { "legacy" };
            rest.iter()
                .fold(format!("{written}>*"), |pair, step| format!("{pair}>{}>{}", step.encode, step.decode))
        }
        [] => String::new(),
    }
}

/// Lossless text by levels, and all of it.
pub(super) fn by_level(tallies: &Tallies) -> Tallies {
    let mut levels = Tallies::new();
    for (key, tally) in tallies.iter().filter(|(key, _)| key.kind == LOSSLESS) {
        for level in ["total", key.level()] {
            let pair = level.replace(',', "");
            levels.entry(Key { pair, ..key.clone() }).or_default().add(tally);
        }
    }
    levels
}

/// The table that is committed, made by `command`.
pub(super) fn csv(command: &str, tallies: &Tallies) -> String {
    let mut table =
        format!("# @generated by `{command}`\nkind,pair,length,cases,exact,untouched,harmed,characters\n");
    for (key, tally) in tallies {
        // Rounded down, so that nothing short of right reads as right.
        let characters = tally.characters();
        let characters = if characters.is_nan() {
            String::new()
        } else {
            format!("{:.3}", (characters * 1e3).floor() / 1e3)
        };
        table.push_str(&format!(
            "{},{},{},{},{},{},{},{characters}\n",
            key.kind,
            key.pair,
            LENGTHS[key.length].1,
            tally.cases,
            tally.exact,
            tally.untouched,
            tally.harmed,
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{LENGTHS, length};

    #[test]
    fn lengths_have_their_class() {
        let class = |characters| LENGTHS[length(characters)].1;
        assert_eq!(
            [2, 3, 4, 8, 9, 15, 16, 63, 64, 256].map(class),
            ["2-3", "2-3", "4-8", "4-8", "9-15", "9-15", "16-63", "16-63", "64+", "64+"]
        );
    }
}
