//! One call of the repair: what its looks at the text have in common, how much they may take, and what was looked at in vain.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::language::Model;

use super::rank::Hints;
use super::straight::Prices;
use super::{Repairer, Undecided, replaced, weights};

/// How many times what one look may take all looks at a text may take together. All looks at a list of names in seven languages
/// take five times the steps of the first one, and more than twice what one may take.
const ALL_LOOKS: usize = 3;
/// … and those for what is longer than a short text: a second look is a quick one there.
const ALL_LOOKS_AT_LONG: usize = 1;

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
    /// The words that may stand where letters were replaced.
    pub(super) replaced: replaced::Seen,
}

/// The parts of a text that were looked at in vain, by what the look depends on, with what is undecided in each, in bytes from
/// its beginning: the second look at what the first one left alone finds no more, and documents repeat themselves.
#[derive(Default)]
pub(super) struct Fruitless(RefCell<BTreeMap<String, (Memory, Vec<Undecided>)>>);

/// For how long something is remembered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    Always,
    /// The document's own words had a say: they change with each repair, a little.
    ByWords,
}

impl Fruitless {
    /// What is known of a part that was looked at in vain.
    pub(super) fn recall(&self, key: &str) -> Option<(Memory, Vec<Undecided>)> {
        self.0.borrow().get(key).cloned()
    }

    pub(super) fn remember(&self, key: String, memory: Memory, undecided: Vec<Undecided>) {
        self.0.borrow_mut().insert(key, (memory, undecided));
    }
}

impl<'o> Task<'o> {
    pub(super) fn new(options: &'o Repairer, stands: &'static Model, hints: Hints) -> Self {
        let (left, all_left) = (Cell::new(0), Cell::new(usize::MAX));
        let (likely, fruitless, prices, replaced) =
            (Cell::new(stands), Default::default(), Default::default(), Default::default());
        Self { options, stands, hints, left, all_left, likely, fruitless, prices, replaced }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// A look takes what the first look at the same text would: so nothing is left for a second repair.
    pub(super) fn begin(&self, text: &str) {
        let (short, long) = Self::steps(text);
        if self.all_left.get() == usize::MAX {
            self.all_left.set(ALL_LOOKS * short + ALL_LOOKS_AT_LONG * long);
        }
        self.left.set((short + long).min(self.all_left.get()));
    }

    /// Whether all looks together took more than they may.
    pub(super) fn is_over(&self) -> bool {
        self.all_left.get() == 0
    }

    /// The steps that a look may take for the beginning of a text, and for the rest of it.
    fn steps(text: &str) -> (usize, usize) {
        let short = text.len().min(weights::SHORT_TEXT);
        (weights::STEPS + weights::STEPS_EACH * short, weights::STEPS_EACH_MORE * (text.len() - short))
    }

    /// Whether a look took so much that there is more noise than damage.
    pub(super) fn is_mostly_spent(&self, text: &str) -> bool {
        let (short, long) = Self::steps(text);
        4 * self.left.get() < short + long
    }

    /// A search found something: there is damage, and more searches are worth their while.
    pub(super) fn earn(&self) {
        for left in [&self.left, &self.all_left] {
            left.set(left.get().saturating_add(weights::STEPS_EARNED));
        }
    }

    pub(super) fn spend(&self, steps: usize) {
        for left in [&self.left, &self.all_left] {
            left.set(left.get().saturating_sub(steps));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::ANY;

    #[test]
    fn looks_share_their_steps_and_what_is_found_earns_more() {
        let options = Repairer::new();
        let task = Task::new(&options, Model::named(ANY).unwrap(), Hints::default());
        let short = weights::STEPS + weights::STEPS_EACH * weights::SHORT_TEXT;
        let text = "a".repeat(3 * weights::SHORT_TEXT);
        let look = short + weights::STEPS_EACH_MORE * 2 * weights::SHORT_TEXT;
        let mut all = ALL_LOOKS * short + ALL_LOOKS_AT_LONG * (look - short);
        while !task.is_over() {
            task.begin(&text);
            let steps = look.min(all);
            assert!(!task.is_spent() && all > 0);
            task.spend(steps - 1);
            assert!(!task.is_spent() && task.is_mostly_spent(&text));
            task.earn();
            task.spend(1 + weights::STEPS_EARNED);
            assert!(task.is_spent());
            all -= steps;
        }
        assert_eq!(all, 0);
    }
}
