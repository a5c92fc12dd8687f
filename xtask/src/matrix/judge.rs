//! What came out for a record, against its truth.

use fixenc::mojibake::{Change, Repairer};
use unicode_normalization::UnicodeNormalization;

use super::record::{Kind, Record};
use super::spans;
use crate::eval::measure::{Judged, distance};

/// What came out.
pub(super) struct Outcome {
    pub(super) text: String,
    pub(super) exact: bool,
    pub(super) untouched: bool,
    /// Farther from the truth than what went in.
    pub(super) harmed: bool,
    /// Share of right characters.
    pub(super) characters: f64,
    /// Every change with its confidence.
    pub(super) changes: Vec<Judged>,
    /// Of documents: span by span.
    pub(super) spans: Vec<spans::Span>,
}

pub(super) fn judge(record: &Record, repairer: &Repairer) -> Outcome {
    let repair = repairer.repair(&record.garbled);
    let text = repair.text();
    let exact = same(text, &record.truth, record.decomposes());
    let untouched = text == record.garbled;
    let (changes, spans) = if record.kind == Kind::Document {
        spans::judge(record, &repair)
    } else {
        let clean = record.kind == Kind::Clean;
        (
            repair.changes().iter().map(|change| judged(change, exact, clean, &record.truth)).collect(),
            Vec::new(),
        )
    };
    // Documents are judged by their spans; the distance of long texts takes long.
    let (harmed, characters) = match (exact, record.kind) {
        (true, _) => (false, 1.0),
        (false, Kind::Document) => (spans.iter().any(|span| !span.damaged && !span.exact), f64::NAN),
        (false, _) => nearness(text, &record.garbled, &record.truth),
    };
    Outcome { exact, untouched, harmed, characters, changes, spans, text: text.to_owned() }
}

/// Whether the texts are the same; `decomposed`: up to how letters and their marks are composed.
pub(super) fn same(text: &str, truth: &str, decomposed: bool) -> bool {
    text == truth || (decomposed && text.nfc().eq(truth.nfc()))
}

/// A change is right if all came out right, or else if what it put in stands in the truth. None is right in clean text.
pub(super) fn judged(change: &Change, exact: bool, clean: bool, truth: &str) -> Judged {
    let right = !clean && (exact || truth.contains(change.after.as_str()));
    Judged { confidence: change.confidence, right }
}

/// Whether the text got farther from the truth, and its share of right characters.
#[expect(clippy::cast_precision_loss, reason = "lengths of short texts")]
pub(super) fn nearness(text: &str, garbled: &str, truth: &str) -> (bool, f64) {
    let after = distance(text, truth);
    let harmed = text != garbled && after > distance(garbled, truth);
    let longer = text.chars().count().max(truth.chars().count()).max(1);
    (harmed, 1.0 - after as f64 / longer as f64)
}
