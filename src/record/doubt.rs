//! Stretches of the text that rest on a guess, looked up by place.

use std::ops::Range;

use super::{Doubt, resident_id};

/// Doubts in the order of the text.
pub(super) struct Doubts<'a> {
    sorted: Vec<&'a Doubt>,
    /// For each doubt, the farthest end of it and all before it.
    reach: Vec<usize>,
    text: &'a str,
}

/// Bytes beside a place in which the rest of a number may stand, in full-width digits with spaces between.
const NUMBER_BYTES: usize = 128;

/// More readings than this of one value are not looked at.
const MOST_READINGS: usize = 64;

impl<'a> Doubts<'a> {
    pub(super) fn new(text: &'a str, doubts: &'a [Doubt]) -> Doubts<'a> {
        let mut sorted: Vec<&Doubt> =
            doubts.iter().filter(|doubt| doubt.span.start <= doubt.span.end).collect();
        sorted.sort_by_key(|doubt| (doubt.span.start, doubt.span.end));
        let mut farthest = 0;
        let reach = sorted.iter().map(|doubt| {
            farthest = farthest.max(doubt.span.end);
            farthest
        });
        let reach = reach.collect();
        Doubts { sorted, reach, text }
    }

    /// The doubts that overlap the bytes.
    pub(super) fn of(&self, span: &Range<usize>) -> impl Iterator<Item = &'a Doubt> + use<'_, 'a> {
        let from = self.reach.partition_point(|&reach| reach <= span.start);
        let to = self.sorted.partition_point(|doubt| doubt.span.start < span.end);
        let span = span.clone();
        let overlapping = self.sorted.get(from..to.max(from)).unwrap_or_default();
        overlapping
            .iter()
            .copied()
            .filter(move |doubt| doubt.span.start < span.end && doubt.span.end > span.start)
    }

    /// The lowest confidence of what stands there; none where nothing was guessed.
    pub(super) fn confidence(&self, span: &Range<usize>) -> Option<f64> {
        let least = self.of(span).map(|doubt| doubt.confidence).min_by(f64::total_cmp)?;
        Some(if least.is_finite() { least.clamp(0.0, 1.0) } else { 0.0 })
    }

    /// The other readings of what stands there. An alternative that reaches beyond the bytes is given whole.
    pub(super) fn readings(&self, span: &Range<usize>) -> Vec<String> {
        let mut readings = Vec::new();
        for doubt in self.of(span) {
            for alternative in doubt.alternatives.iter().take(MOST_READINGS) {
                let is_inside = doubt.span.start >= span.start && doubt.span.end <= span.end;
                let before = self.text.get(span.start..doubt.span.start).filter(|_| is_inside);
                let after = self.text.get(doubt.span.end..span.end).filter(|_| is_inside);
                readings.push(match (before, after) {
                    (Some(before), Some(after)) => format!("{before}{alternative}{after}"),
                    _ => alternative.clone(),
                });
                if readings.len() >= MOST_READINGS {
                    return readings;
                }
            }
        }
        readings
    }

    /// Whether what stands there, or the doubts of it reach into, holds a resident identity number: another reading of
    /// a part of one would show the rest, which no mask knows.
    pub(super) fn hide_a_number(&self, span: &Range<usize>) -> bool {
        let reached = self
            .of(span)
            .fold(span.clone(), |all, it| all.start.min(it.span.start)..all.end.max(it.span.end));
        let start = self.text.floor_char_boundary(reached.start.saturating_sub(NUMBER_BYTES));
        let end = self.text.ceil_char_boundary(reached.end.saturating_add(NUMBER_BYTES));
        let around = self.text.get(start..end).unwrap_or_default();
        resident_id::mask(around) != around
    }
}

/// Whether two readings are near enough to come from the same bytes: few characters apart for their length.
pub(super) fn are_near(one: &str, other: &str) -> bool {
    const LONGEST: usize = 64;
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let longest = one.len().max(other.len());
    if longest > LONGEST {
        return false;
    }
    let mut previous: Vec<usize> = (0..=other.len()).collect();
    for (row, left) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, right) in other.iter().enumerate() {
            let change = previous[column] + usize::from(left != right);
            current.push(change.min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous[other.len()] * 2 <= longest
}
