//! What a window says of itself: a name that came back whole in one place tells what it is where a byte of it is lost.

use std::ops::Range;

use crate::language::Cache;

use super::lattice::Lattice;
use super::path::{Move, Path};
use super::segment::Cell;
use super::weights;

/// Moves before and after a guess that depend on it: two characters of two bytes.
const OF_GUESS: usize = 4;

/// The words of a window where there was no choice, for the places where there is one. (Where they were counted they
/// would only speak for themselves.)
#[derive(Debug, Default)]
pub(super) struct OwnWords {
    words: Cache,
    /// For each character of the window whether there is a choice.
    is_open: Vec<bool>,
}

impl OwnWords {
    /// The words of a path where nothing was guessed near and no other reading is nearly as good.
    pub(super) fn of(lattice: &Lattice<'_>, window: &[char], path: &Path) -> Self {
        let mut is_sure = vec![true; path.moves.len()];
        let is_guess = |&(_, step): &(usize, &Move)| step.is_guess();
        let guesses = path.moves.iter().enumerate().filter(is_guess).map(|(at, _)| at..at + 1);
        let others = path.detours.iter().filter(|other| other.extra < weights::NO_CHOICE);
        for Range { start, end } in guesses.chain(others.map(|other| other.replaces.clone())) {
            let end = (end + OF_GUESS).min(is_sure.len());
            is_sure[start.saturating_sub(OF_GUESS).min(end)..end].fill(false);
        }
        let mut own = Self { words: Cache::default(), is_open: vec![false; window.len() + 1] };
        let cells = lattice.cells(window, &path.moves);
        let is_sure = |cell: &Cell| is_sure[cell.moves.clone()].iter().all(|&is_sure| is_sure);
        for run in cells.chunk_by(|a, b| is_sure(a) == is_sure(b)) {
            if is_sure(&run[0]) {
                own.words.add(&run.iter().map(|cell| cell.out.as_str()).collect::<String>());
            } else if let (Some(first), Some(last)) = (run.first(), run.last()) {
                own.is_open[first.chars.start..=last.chars.end].fill(true);
            }
        }
        own
    }

    /// The words, for a character that is made at a place.
    pub(super) fn at(&self, at: u32) -> Option<&Cache> {
        self.is_open.get(at as usize).is_some_and(|&is_open| is_open).then_some(&self.words)
    }
}

#[cfg(test)]
mod tests {
    use crate::encoding::Encoding;

    /// Whose ship it was: the AD of 谁 is lost, and what comes of it with the name before it are other characters.
    #[test]
    fn a_name_comes_back_where_the_window_has_it_whole_elsewhere() {
        let garble = |truth: &str| -> String {
            let bytes = Encoding::GBK.encode(truth).unwrap();
            bytes.into_iter().filter(|&byte| byte != 0xad).map(char::from).collect()
        };
        let sentence = "渡船寅丈谁过去了";
        assert_ne!(crate::repair(&garble(sentence)).text(), sentence);
        let truth = format!("这条船叫寅丈，船长说寅丈很好，我们坐寅丈去。后来{sentence}");
        assert_eq!(crate::repair(&garble(&truth)).text(), truth);
    }
}
