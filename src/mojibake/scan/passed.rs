//! What the scan passed over, so that a later look need not read all of it once more: small letters between ASCII, which most
//! letters of a text beyond ASCII are, and between them what has to be looked at closely.

use std::ops::Range;

use super::skip::Small;

/// Bytes that are looked at closely: longer parts, of which a text of another alphabet consists, are not kept one by one.
const CLOSE: usize = 8;
/// All letters.
const ANY: u64 = u64::MAX;

/// What was passed over of a text, in order.
#[derive(Debug, Default)]
pub(in crate::mojibake) struct Passed {
    stretches: Vec<Stretch>,
    /// The letters since the last stretch.
    letters: u64,
}

/// Text of which no more is known than which letters it has, and what follows it.
#[derive(Debug)]
pub(in crate::mojibake) struct Stretch {
    /// The letters from U+00C0 to U+00FF that stand in it, one bit for each; all are small, and each stands between two
    /// characters of ASCII that are not both white space. All else in it is ASCII, or part of a window. With all letters
    /// there may be anything in it.
    pub(in crate::mojibake) letters: u64,
    /// The bytes behind it, of which nothing is known.
    pub(in crate::mojibake) close: Range<usize>,
}

impl Passed {
    pub(in crate::mojibake) fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Adds a small letter at a place.
    #[inline]
    pub(super) fn letter(&mut self, small: Small, at: usize) {
        // An apostrophe before it counts as white space.
        if small.after <= b' ' && small.before <= b'\'' {
            self.close(at..at + 2);
        } else {
            self.letters |= 1 << (small.second & 63);
        }
    }

    /// Adds what has to be looked at closely.
    pub(super) fn close(&mut self, span: Range<usize>) {
        if span.len() > CLOSE {
            self.letters = ANY;
            return;
        }
        self.stretches.push(Stretch { letters: std::mem::take(&mut self.letters), close: span });
    }

    /// Adds what a text of so many bytes ends with.
    pub(super) fn end(&mut self, length: usize) {
        self.close(length..length);
    }

    /// What there is so far.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.stretches.len(), self.letters)
    }

    /// Takes back what was added since then.
    pub(super) fn go_back(&mut self, Mark(stretches, letters): Mark) {
        self.stretches.truncate(stretches);
        self.letters = letters;
    }
}

/// How much there was at some time.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize, u64);
