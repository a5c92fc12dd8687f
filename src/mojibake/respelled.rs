//! Damage under another spelling: escapes around it, or characters that were taken apart after they had been read.

use std::ops::Range;

use super::compose::compose;
use super::engine::{Pass, repair_to_depth};
use super::plan::{Plan, Step};
use super::respell::{self, Respelled};
use super::{Change, Score, escape};

impl Pass<'_> {
    /// Damage whose characters are written as escapes, or were taken apart: what they spell is repaired, if it can be.
    pub(super) fn respelled(&self, changes: &mut Vec<Change>) {
        let Some(deeper) = self.depth.checked_sub(1) else { return };
        let mut found = Vec::new();
        for run in respell::find(self.text) {
            self.spelled(run, deeper, &mut found);
        }
        for run in escape::find(self.text) {
            // Escaped bytes of valid UTF-8 are what every source file has.
            if run.is_bytes() && (is_escaped_utf8(&run.text) || is_in_address(self.text, &run.span)) {
                continue;
            }
            // References to 128–159 mean windows-1252 by the standard, and controls to those who do not know it.
            let with_controls = run.with_controls(self.text);
            for run in [Some(run), with_controls].into_iter().flatten() {
                let spellings = run.spellings(self.text);
                if self.spelled(Respelled { span: run.span, text: run.text, spellings }, deeper, &mut found) {
                    break;
                }
            }
        }
        // What was put together explains more than what was found in its pieces.
        let touches = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        changes.retain(|change| !found.iter().any(|other| touches(&change.span, &other.span)));
        changes.extend(found);
        changes.sort_by_key(|change| change.span.start);
        changes.dedup_by(|b, a| touches(&a.span, &b.span));
    }

    fn spelled(&self, run: Respelled, deeper: usize, found: &mut Vec<Change>) -> bool {
        let inner = repair_to_depth(self.task, &run.text, deeper);
        if !inner.changes.iter().any(|change| change.before.chars().count() > 1) || self.task.is_spent() {
            return false;
        }
        let stands = &self.text[run.span.clone()];
        let outer = Change {
            span: 0..stands.len(),
            before: stands.to_owned(),
            after: run.text.clone(),
            plan: Plan::new(vec![Step::Respell(run.spellings)]),
            guessed: Vec::new(),
            confidence: 1.0,
            alternatives: Vec::new(),
            score: Score { as_it_stands: 0.0, repaired: 0.0, channel: 0.0 },
        };
        let before = found.len();
        for mut change in compose(stands, vec![outer], &run.text, inner.changes) {
            if change.plan.invert(&change.after).as_ref() == Some(&change.before) {
                change.span = change.span.start + run.span.start..change.span.end + run.span.start;
                found.push(change);
            }
        }
        found.len() > before
    }
}

/// Whether a span lies in an address: there escapes are as they must be, whatever the encoding.
fn is_in_address(text: &str, span: &Range<usize>) -> bool {
    let from = text.floor_char_boundary(span.start.saturating_sub(ADDRESS));
    let before = text[from..span.start].rsplit([' ', '\n', '\t', '"', '<', '(']).next().unwrap_or_default();
    before.contains("://") || before.starts_with("www.") || before.ends_with(['/', '=', '&', '?'])
}

/// Bytes of an address that are looked at before an escape.
const ADDRESS: usize = 512;

/// Whether characters that spell bytes spell valid UTF-8, but for a character that is cut.
fn is_escaped_utf8(text: &str) -> bool {
    let pieces = text.split(|c| c > '\u{ff}');
    pieces.filter(|piece| !piece.is_ascii()).all(|piece| {
        let bytes: Vec<u8> = piece.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
        invalid <= MOST_CUT && invalid * 4 <= bytes.len()
    })
}

/// Bytes of a character that is cut at the end of a run.
const MOST_CUT: usize = 3;
