//! The kinds of characters that a damaged stretch makes, and what each kind says.

use crate::encoding::Reader;

use super::super::lattice::Channel;
use super::super::path::{Move, Path};
use super::super::place::{
    LOOK_LATIN, beside, how_strange, is_capital_within, is_latin, is_letter, is_of_another_alphabet,
};
use super::super::segment::Cell;
use super::super::weights;

/// The kinds of characters that a stretch makes, and how many characters they are.
pub(super) fn made<'c>(window: &[char], path: &Path, run: &'c [Cell]) -> (Vec<Made<'c>>, usize) {
    let mut made: Vec<Made<'_>> = Vec::new();
    let mut count = 0;
    for cell in run.iter().filter(|cell| cell.damaged && !(cell.out.len() == 1 && cell.moves.len() == 1)) {
        let before = match path.moves[cell.moves.clone()] {
            [step] => window.get(step.at as usize).copied(),
            _ => None,
        };
        if before.is_some_and(|c| cell.out.chars().eq([c])) {
            continue;
        }
        count += 1;
        let strange = cell.chars.clone().map(|at| how_strange(window, at)).max().unwrap_or(0);
        match made.iter_mut().find(|other| other.before == before && other.out == cell.out) {
            Some(other) => other.strange = other.strange.max(strange),
            None => {
                let is_pair =
                    cell.chars.len() > 1 && window[cell.chars.clone()].iter().all(|c| !c.is_ascii());
                let is_guess = path.moves[cell.moves.clone()].iter().any(Move::is_guess);
                let looks_latin = before.is_some() && looks_latin(window, cell.chars.start);
                let belongs = belongs(window, cell);
                made.push(Made { before, out: &cell.out, strange, belongs, is_pair, is_guess, looks_latin });
            }
        }
    }
    (made, count)
}

/// Whether what a cell became belongs where it stands: a small letter, a capital at the beginning of a word, an
/// apostrophe within one.
fn belongs(window: &[char], cell: &Cell) -> bool {
    let before = cell.chars.start.checked_sub(1).and_then(|at| window.get(at));
    let mut made = cell.out.chars();
    let Some(first) = made.next() else { return false };
    let after = made.next().or(window.get(cell.chars.end).copied());
    match first {
        '’' => before.is_some_and(|&c| is_letter(c)) && after.is_some_and(is_letter),
        // Between letters of its own alphabet, where Latin ones are told by the words around.
        _ if is_of_another_alphabet(first) => {
            let mut beside = [before.copied(), after].into_iter().flatten();
            beside.any(is_of_another_alphabet)
                && (first.is_lowercase() || before.is_none_or(|c| !c.is_alphanumeric()))
        }
        _ if !is_latin(first) => false,
        _ if first.is_uppercase() => {
            before.is_none_or(|c| !c.is_alphanumeric()) && after.is_some_and(char::is_lowercase)
        }
        _ => first.is_lowercase(),
    }
}

/// A kind of repaired character: what it was made of, what it is.
pub(super) struct Made<'c> {
    /// The damaged character, if it was one.
    pub(super) before: Option<char>,
    out: &'c str,
    /// How little the damaged characters can stand where they stand.
    pub(super) strange: usize,
    /// Whether it belongs where it stands.
    pub(super) belongs: bool,
    /// Whether they are two or more, none of them ASCII.
    pub(super) is_pair: bool,
    /// Whether a byte of it was not there.
    is_guess: bool,
    /// Whether it was a letter of another alphabet that looks like a Latin one.
    pub(super) looks_latin: bool,
}

impl Made<'_> {
    /// How much it says, in halves of a character.
    pub(super) fn weight(&self, channel: Channel) -> usize {
        let structure = match (channel.written.is_utf8(), self.is_pair) {
            // Chance makes no UTF-8, or next to none, unless it is completed; and what windows-1252 makes of it is like
            // nothing else.
            (true, _) if !self.is_guess || channel.reader == Reader::WINDOWS_1252 => weights::IS_UTF8,
            (true, _) => weights::IS_UTF8 - 3,
            (false, true) => 1,
            (false, false) => 0,
        };
        2 + structure + weights::STRANGE[self.strange.min(2)]
    }

    fn after(&self) -> char {
        self.out.chars().next().unwrap_or(' ')
    }

    /// Whether a Latin letter became a Latin letter.
    pub(super) fn is_letter(&self) -> bool {
        self.before.is_some_and(|c| is_letter(c) && is_latin(c)) && is_latin(self.after())
    }

    /// Whether a letter became one of the same alphabet, where it could stand.
    pub(super) fn stays_in_alphabet(&self) -> bool {
        let alphabet = |c: char| match c {
            _ if is_latin(c) => 0,
            '\u{370}'..='\u{3ff}' => 1,
            '\u{400}'..='\u{52f}' => 2,
            _ => 3,
        };
        self.strange == 0
            && self.before.is_some_and(|c| is_letter(c) && alphabet(c) == alphabet(self.after()))
    }

    pub(super) fn is_letter_to_sign(&self) -> bool {
        self.before.is_some_and(is_letter) && !is_letter(self.after())
    }

    pub(super) fn is_same_letter(&self) -> bool {
        self.before.and_then(base) == base(self.after())
    }
}

/// Whether a letter of another alphabet looks like a Latin one that stands right there: who types with two keyboards writes words in two alphabets, but no capitals in the middle of them.
fn looks_latin(window: &[char], at: usize) -> bool {
    let (before, after) = beside(window, at);
    let is_before_small = window[at].is_uppercase() && after.is_lowercase();
    let is_within = is_capital_within(window, at) || is_before_small && is_letter(before);
    LOOK_LATIN.contains(window[at]) && !is_within
}

/// A letter without its accents, small.
fn base(c: char) -> Option<char> {
    let mut base = None;
    unicode_normalization::char::decompose_canonical(c, |part| base = base.or(Some(part)));
    base.and_then(|c| c.to_lowercase().next())
}
