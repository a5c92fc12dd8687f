//! Documents of damaged and clean spans in turn: which came out right.
//!
//! A change may reach over several spans. So what is compared are groups: damaged spans and changes that overlap. At
//! both ends of a group it is known where the truth and the output stand.

use std::ops::Range;

use fixenc::mojibake::{Change, Repair};

use super::judge::{judged, same};
use super::record::Record;
use crate::eval::measure::Judged;

/// A span of a document.
pub(super) struct Span {
    pub(super) damaged: bool,
    /// It came out as in the truth.
    pub(super) exact: bool,
    /// No change reaches into it.
    pub(super) untouched: bool,
}

/// A part of the garbled text and the part of the truth that it came from, in bytes.
struct Piece {
    garbled: Range<usize>,
    truth: Range<usize>,
    damaged: bool,
}

/// Judges every change and every span of a document.
pub(super) fn judge(record: &Record, repair: &Repair<'_>) -> (Vec<Judged>, Vec<Span>) {
    let pieces = pieces(record);
    let changes = repair.changes();
    let mut judgements = Vec::new();
    let mut spans: Vec<Span> = pieces
        .iter()
        .map(|piece| Span {
            damaged: piece.damaged,
            exact: !piece.damaged,
            untouched: !changes.iter().any(|change| overlap(&change.span, &piece.garbled)),
        })
        .collect();
    for group in groups(&pieces, changes) {
        let output = &repair.text()[in_output(group.start, changes)..in_output(group.end, changes)];
        let truth = in_truth(group.start, &pieces)..in_truth(group.end, &pieces);
        let wanted = &record.truth[truth.clone()];
        let exact = same(output, wanted, record.decomposes());
        let inside = changes.iter().filter(|change| overlap(&change.span, &group));
        judgements.extend(inside.map(|change| judged(change, exact, false, wanted)));
        let (head, tail) = common(output, wanted);
        for (piece, span) in
            pieces.iter().zip(&mut spans).filter(|(piece, _)| overlap(&piece.garbled, &group))
        {
            let from = piece.truth.start.max(truth.start) - truth.start;
            let to = piece.truth.end.min(truth.end) - truth.start;
            span.exact = exact || to <= head || from >= wanted.len() - tail;
        }
    }
    (judgements, spans)
}

/// The damaged spans and the clean ones between them.
fn pieces(record: &Record) -> Vec<Piece> {
    let garbled: Vec<usize> = places(&record.garbled);
    let truth: Vec<usize> = places(&record.truth);
    let mut pieces = Vec::new();
    let mut at = (0, 0);
    let clean = |from: (usize, usize), to: (usize, usize), pieces: &mut Vec<Piece>| {
        if from.0 < to.0 {
            pieces.push(Piece { garbled: from.0..to.0, truth: from.1..to.1, damaged: false });
        }
    };
    for &[from, to, truth_from, truth_to] in &record.spans {
        let (from, to) = ((garbled[from], truth[truth_from]), (garbled[to], truth[truth_to]));
        clean(at, from, &mut pieces);
        pieces.push(Piece { garbled: from.0..to.0, truth: from.1..to.1, damaged: true });
        at = to;
    }
    clean(at, (record.garbled.len(), record.truth.len()), &mut pieces);
    pieces
}

/// The byte where each character begins, and the end.
fn places(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// Damaged spans and changes, united where they overlap.
fn groups(pieces: &[Piece], changes: &[Change]) -> Vec<Range<usize>> {
    let damaged = pieces.iter().filter(|piece| piece.damaged).map(|piece| piece.garbled.clone());
    let mut parts: Vec<Range<usize>> =
        damaged.chain(changes.iter().map(|change| change.span.clone())).collect();
    parts.sort_by_key(|part| (part.start, part.end));
    let mut groups: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match groups.last_mut() {
            Some(last) if part.start < last.end => last.end = last.end.max(part.end),
            _ => groups.push(part),
        }
    }
    groups
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Where a place of the input that is within no change stands in the output.
fn in_output(place: usize, changes: &[Change]) -> usize {
    let before: Vec<&Change> = changes.iter().take_while(|change| change.span.end <= place).collect();
    let put: usize = before.iter().map(|change| change.after.len()).sum();
    let taken: usize = before.iter().map(|change| change.span.len()).sum();
    place - taken + put
}

/// Where a place of the input that is within no damaged span stands in the truth.
fn in_truth(place: usize, pieces: &[Piece]) -> usize {
    let piece = pieces.iter().find(|piece| place < piece.garbled.end);
    match piece {
        Some(piece) => piece.truth.start + (place - piece.garbled.start),
        None => pieces.last().map_or(0, |piece| piece.truth.end),
    }
}

/// Bytes that two texts have in common at the beginning and, apart from those, at the end.
fn common(a: &str, b: &str) -> (usize, usize) {
    let head = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.bytes().rev().zip(b.bytes().rev()).take(rest).take_while(|(x, y)| x == y).count();
    (head, tail)
}

#[cfg(test)]
mod tests {
    use super::{Piece, common, in_truth};

    #[test]
    fn places_are_found_in_the_truth() {
        let pieces = [
            Piece { garbled: 0..4, truth: 0..4, damaged: false },
            Piece { garbled: 4..8, truth: 4..6, damaged: true },
            Piece { garbled: 8..10, truth: 6..8, damaged: false },
        ];
        let found: Vec<usize> = [0, 3, 4, 8, 9, 10].iter().map(|&place| in_truth(place, &pieces)).collect();
        assert_eq!(found, [0, 3, 4, 6, 7, 8]);
    }

    #[test]
    fn common_ends() {
        assert_eq!(common("abXcd", "abYZcd"), (2, 2));
        assert_eq!(common("ab", "ab"), (2, 0));
        assert_eq!(common("ab", "abab"), (2, 0));
    }
}
