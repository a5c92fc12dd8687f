//! One call of the repair: what its looks at the text have in common, how much they may take, and what was looked at in vain.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::language::Model;

use super::rank::Hints;
use super::straight::Prices;
use super::{Repairer, Undecided, weights};

/// How many times the steps of one look all looks at a text may take together. Of texts with damage in them only a list of
/// names in seven languages was seen to need more than two and a half.
const ALL_LOOKS: usize = 4;

/// One call of the repair.
pub(super) struct Task<'o> {
    pub(super) options: &'o Repairer,
    /// Model of text as it stands.
    pub(super) stands: &'static Model,
    pub(super) hints: Hints,
    /// Steps that the searches may still take in this look, …
    left: Cell<usize>,
    /// … and in all looks together.
    all_left: Cell<usize>,
    /// The language that made the last window harmless: tried first on the next one.
    pub(super) likely: Cell<&'static Model>,
    pub(super) fruitless: Fruitless,
    /// What the lines that came through a channel whole cost.
    pub(super) prices: Prices,
}

/// The windows that were looked at in vain, by what the look depends on, with what is undecided in each, in bytes from its
/// beginning: the second look at what the first one left alone finds no more, and documents repeat themselves.
#[derive(Default)]
pub(super) struct Fruitless {
    pub(super) always: RefCell<BTreeMap<String, Vec<Undecided>>>,
    /// … with the help of the document's own words: they change with each repair, a little.
    pub(super) by_cache: RefCell<BTreeMap<String, Vec<Undecided>>>,
}

impl<'o> Task<'o> {
    pub(super) fn new(options: &'o Repairer, stands: &'static Model, hints: Hints) -> Self {
        let (left, all_left) = (Cell::new(0), Cell::new(usize::MAX));
        let (likely, fruitless, prices) = (Cell::new(stands), Fruitless::default(), Prices::default());
        Self { options, stands, hints, left, all_left, likely, fruitless, prices }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// A look takes what the first look at the same text would: so nothing is left for a second repair.
    pub(super) fn begin(&self, text: &str) {
        let steps = Self::steps(text);
        if self.all_left.get() == usize::MAX {
            self.all_left.set(ALL_LOOKS * steps);
        }
        self.left.set(steps.min(self.all_left.get()));
    }

    /// Whether all looks together took more than they may.
    pub(super) fn is_over(&self) -> bool {
        self.all_left.get() == 0
    }

    fn steps(text: &str) -> usize {
        weights::STEPS + weights::STEPS_EACH * text.len()
    }

    /// Whether a look took so much that there is more noise than damage.
    pub(super) fn is_half_spent(&self, text: &str) -> bool {
        2 * self.left.get() < Self::steps(text)
    }

    pub(super) fn spend(&self, steps: usize) {
        for left in [&self.left, &self.all_left] {
            left.set(left.get().saturating_sub(steps));
        }
    }
}
