//! Which of the dear losses are worth a search, and where.

use super::lattice::{DearLosses, Fold, Lattice};
use super::path::{Action, Move, Path};
use super::weights;

/// Marks the characters that a path with damage does not explain well: those near one that the reader could have made
/// and that stays all the same, and those near a character that is very rare.
pub(super) fn unexplained(window: &[char], path: &Path, lattice: &Lattice<'_>) -> Vec<bool> {
    let mut marks = vec![false; window.len()];
    if path.moves.iter().all(|step| step.action == Action::Stay) {
        return marks;
    }
    let mut last = 0;
    for (step, &cost) in path.moves.iter().zip(&path.costs) {
        let at = step.at as usize;
        // A guessed word that turns out to be known gives some of its cost back.
        let spent = cost.saturating_sub(std::mem::replace(&mut last, cost));
        let Some(&c) = window.get(at) else { continue };
        let left = step.action == Action::Stay && !c.is_ascii() && lattice.bytes_of(c).is_some();
        if left || (step.action != Action::Stay && spent > weights::RARE) {
            let end = (at + weights::NEAR + 1).min(window.len());
            marks[at.saturating_sub(weights::NEAR)..end].fill(true);
        }
    }
    if lattice.channel.written.is_pairs() && is_spread(window, path) {
        let spaces = window.iter().zip(&mut marks).filter(|(c, _)| **c == ' ');
        spaces.for_each(|(_, mark)| *mark = true);
    }
    // Each mark costs a search among all bytes: a text that is in need of more of them is not one with a few losses.
    let mut spare = weights::DEAR_PLACES;
    for mark in marks.iter_mut().filter(|mark| **mark) {
        *mark = spare > 0;
        spare = spare.saturating_sub(1);
    }
    marks
}

/// Whether spaces stand between so many of the characters that layout put them there.
fn is_spread(window: &[char], path: &Path) -> bool {
    let c = |step: &Move| window.get(step.at as usize).copied().unwrap_or(' ');
    let is_taken = |step: &Move| step.action != Action::Stay && !c(step).is_ascii();
    let gaps =
        path.moves.windows(3).filter(|w| is_taken(&w[0]) && c(&w[1]) == ' ' && is_taken(&w[2])).count();
    let characters = path.moves.iter().filter(|step| is_taken(step)).count() / 2;
    gaps > 3 && gaps * 4 > characters
}

/// The dear losses worth trying on a window.
pub(super) fn dear_losses(window: &[char], unexplained: Vec<bool>, lattice: &Lattice<'_>) -> Vec<DearLosses> {
    let may_be_byte = |c: char| !c.is_ascii() && lattice.bytes_of(c).is_some();
    let is_control = |c: &char| ('\u{80}'..='\u{9f}').contains(c) || *c > '\u{ff}';
    let is_gap = |c: char| matches!(c, ' ' | '\n');
    let spaced = window.windows(3).any(|w| is_gap(w[1]) && may_be_byte(w[0]) && may_be_byte(w[2]));
    let is_single_byte = lattice.channel.reader.encoding().is_single_byte();
    let mut losses = vec![DearLosses { any: unexplained.clone(), ..DearLosses::default() }];
    if is_single_byte && !window.iter().any(is_control) {
        losses.push(DearLosses { dropped_c1: unexplained, ..DearLosses::default() });
    }
    if spaced {
        losses.push(DearLosses { spaced, ..DearLosses::default() });
    }
    losses.extend(folds(window).map(|fold| DearLosses { fold: Some(fold), ..DearLosses::default() }));
    losses
}

/// The folds that may have been done to a window: what they do must be done throughout.
pub(super) fn folds(window: &[char]) -> impl Iterator<Item = Fold> {
    let foreign = || window.iter().filter(|c| !c.is_ascii());
    // `º` is a small letter that has no capital.
    let is_small = |c: &char| c.is_lowercase() && c.to_uppercase().next() != Some(*c);
    let lower = !window.iter().any(|c| c.is_uppercase()) && foreign().any(is_small);
    let upper = !window.iter().any(is_small) && foreign().any(|c| c.is_uppercase());
    let compatible = !foreign().any(|&c| matches!(c, '¹' | '²' | '³' | 'ª' | 'º' | 'µ'));
    [(lower, Fold::Lower), (upper, Fold::Upper), (compatible, Fold::Compatibility)]
        .into_iter()
        .filter_map(|(may_be, fold)| may_be.then_some(fold))
}

#[cfg(test)]
mod tests {
    use crate::encoding::{Encoding, Reader};

    #[test]
    fn spaces_between_most_characters_are_taken_out_with_the_damage() {
        let truth = "本站定于下周三上午检修水泵，请各用户提前储水。";
        let words: Vec<char> = truth.chars().collect();
        let bytes = |text: &[char]| Encoding::GBK.encode(&text.iter().collect::<String>()).unwrap();
        let spread: Vec<String> = words.chunks(2).map(|pair| Reader::LATIN_1.read(&bytes(pair))).collect();
        assert_eq!(crate::repair(&spread.join(" ")).text(), truth);
        // A few spaces may well be the writer's.
        let halves = words.chunks(8).map(|part| Reader::LATIN_1.read(&bytes(part))).collect::<Vec<_>>();
        assert_eq!(crate::repair(&halves.join(" ")).text().replace(' ', ""), truth);
        assert!(crate::repair(&halves.join(" ")).text().contains(' '));
    }
}
