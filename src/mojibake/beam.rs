//! The hypotheses of a search, and which of them are kept.

use crate::encoding::Pending;
use crate::language::words::Spelled;
use crate::language::{Context, Cost};

use super::path::{Ledger, NOWHERE};
use super::place::{is_ideograph, is_letter};
use super::weights;

/// How far one way through a window has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hypothesis {
    pub(super) cost: Cost,
    pub(super) context: Context,
    pub(super) pending: Pending,
    pub(super) damaged: bool,
    pub(super) paid: u8,
    /// The last two bytes, where the reader took each alone: they must not be valid UTF-8 together with the next.
    pub(super) lone: [u8; 2],
    /// The word that its text ends in, and what it cost up to there.
    pub(super) word: Spelled,
    pub(super) before_word: Cost,
    /// Whether a byte of that word was put in.
    pub(super) is_guessed: bool,
    /// … and one of the character that comes next.
    pub(super) is_next_guessed: bool,
    /// Ideographs since dots, and one for the dots; [`BEHIND_GAP`] and more behind a wide space; none far from either.
    pub(super) since_dots: u8,
    /// Whether a character stayed that the reader gives.
    pub(super) has_clean: bool,
    /// The last node of its path.
    pub(super) node: u32,
}

/// Behind a wide space, …
const BEHIND_GAP: u8 = weights::LABEL + 1;
/// … behind several, …
const BEHIND_GAPS: u8 = BEHIND_GAP + 1;
/// … and one ideograph behind either.
const ONE_BEHIND_GAP: u8 = BEHIND_GAP + 2;

impl Hypothesis {
    /// At the beginning of a window, behind text that ends in `context`.
    pub(super) fn new(cost: Cost, context: Context, paid: u8) -> Self {
        Self {
            cost,
            context,
            pending: Pending::NONE,
            damaged: false,
            paid,
            lone: [0; 2],
            word: Spelled::EMPTY,
            before_word: 0,
            is_guessed: false,
            is_next_guessed: false,
            since_dots: 0,
            has_clean: false,
            node: NOWHERE,
        }
    }

    fn same_future(&self, other: &Self) -> bool {
        let is_guessed = |h: &Self| h.is_guessed || h.is_next_guessed;
        let same_word = || !(is_guessed(self) || is_guessed(other)) || self.word == other.word;
        // What differs most often first.
        self.context == other.context
            && self.pending == other.pending
            && self.damaged == other.damaged
            && self.paid == other.paid
            && self.has_clean == other.has_clean
            && self.lone == other.lone
            && self.since_dots == other.since_dots
            && same_word()
    }

    /// Goes on to `c`. A word in which a byte was guessed is cheaper where it is known: of the letters that may stand
    /// there spelling alone leaves several.
    #[inline]
    pub(super) fn spell(&mut self, c: char) {
        // Ideographs and syllables are written without borders between words, or are words by themselves.
        if c < '\u{2e80}' && is_letter(c) {
            self.word = self.word.and(c);
            self.is_guessed |= self.is_next_guessed;
        } else {
            self.end_word();
            (self.word, self.before_word, self.is_guessed) = (Spelled::EMPTY, self.cost, false);
        }
        self.is_next_guessed = false;
    }

    /// Goes on to `c`; what that costs as dots, or behind them, where layout has wide spaces instead: before the name of
    /// a field, at the beginning of a line, twice as long, and on both sides of one ideograph; and behind a wide space
    /// where no layout has one.
    #[inline]
    pub(super) fn price_of_dots(&mut self, c: char) -> Cost {
        const SPACE: u32 = ' ' as u32;
        const DOT: u32 = '…' as u32;
        let before = self.since_dots;
        let is_behind_gap = matches!(before, BEHIND_GAP | BEHIND_GAPS);
        self.since_dots = match c {
            '…' => 1,
            '\u{3000}' if is_behind_gap => BEHIND_GAPS,
            '\u{3000}' => BEHIND_GAP,
            _ if is_behind_gap && is_ideograph(c) => ONE_BEHIND_GAP,
            _ if before > 0 && before < weights::LABEL && is_ideograph(c) => before + 1,
            _ => 0,
        };
        let is_strange = match (c, self.context.last()) {
            ('：', _) => (2..=weights::LABEL).contains(&before),
            ('…', SPACE) => true,
            ('…', DOT) => self.context.before() == DOT,
            ('…', _) => matches!(before, 2 | ONE_BEHIND_GAP),
            ('\n' | '。' | '，' | '；' | '！' | '？', _) => before == BEHIND_GAP,
            _ => false,
        };
        if is_strange { weights::DOTS_AS_LAYOUT } else { 0 }
    }

    /// Comes to the end of the window, which is one of a line.
    pub(super) fn end(&mut self) {
        self.cost += self.price_of_dots('\n');
        self.end_word();
    }

    fn end_word(&mut self) {
        if self.is_guessed && self.word.is_word() {
            let longer = self.word.letters().saturating_sub(weights::SHORT_WORD).min(weights::LONGER);
            let saved = weights::GUESSED_WORD + Cost::from(longer) * weights::GUESSED_LETTER;
            self.cost -= saved.min(self.cost - self.before_word);
        }
    }

    /// The same, dearer.
    pub(super) fn plus(mut self, cost: Cost) -> Self {
        self.cost += cost;
        self
    }
}

/// Keeps of `candidates` the best of each future, as many as the beam holds for each number of waiting bytes. `order` is
/// memory for it.
pub(super) fn prune(
    candidates: &[Hypothesis],
    width: usize,
    order: &mut Vec<(Cost, usize)>,
    beam: &mut Vec<Hypothesis>,
    ledger: &mut Ledger,
) {
    beam.clear();
    order.clear();
    order.extend(candidates.iter().enumerate().map(|(at, h)| (h.cost, at)));
    order.sort_unstable();
    let mut held = [0usize; Pending::MOST + 1];
    let mut best = [Cost::MAX; Pending::MOST + 1];
    let mut dearest = [0; Pending::MOST + 1];
    let mut clean = false;
    for h in order.iter().map(|&(_, at)| candidates[at]) {
        let group = h.pending.len();
        best[group] = best[group].min(h.cost);
        // The path that leaves everything as it is must survive: it is what all others are measured against.
        let last_resort = !h.damaged && !clean;
        let crowded = held[group] >= width || h.cost - best[group] > weights::BEAM_MARGIN;
        // No merge is written down that costs so much more.
        if crowded && !last_resort && h.cost - dearest[group] > weights::RUNNER_UP {
            continue;
        }
        if let Some(kept) = beam.iter().find(|kept| kept.same_future(&h)) {
            ledger.merge(kept.node, h.node, h.cost - kept.cost);
            continue;
        }
        if crowded && !last_resort {
            continue;
        }
        clean |= !h.damaged;
        held[group] += 1;
        dearest[group] = h.cost;
        beam.push(h);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::BIT;

    /// What letters of which `guessed` is one become at the end of the word, each of so many bits.
    fn spelled(word: &str, guessed: Option<char>, each: Cost) -> Cost {
        let mut h = Hypothesis::new(0, Context::default(), 0);
        for c in word.chars() {
            h.is_next_guessed = guessed == Some(c);
            h.cost += each;
            h.spell(c);
        }
        h.end();
        h.cost
    }

    #[test]
    fn a_known_word_with_a_guessed_letter_is_cheaper_and_more_so_if_long() {
        let saved =
            |word: &str, guessed| spelled(word, None, 9 * BIT) - spelled(word, Some(guessed), 9 * BIT);
        assert_eq!(saved("señor", 'ñ'), weights::GUESSED_WORD);
        assert_eq!(saved("señores", 'ñ'), weights::GUESSED_WORD + weights::GUESSED_LETTER);
        assert_eq!(saved("señorxx", 'ñ'), 0);
    }

    #[test]
    fn a_guessed_sign_says_nothing_of_the_word_before_it() {
        let word = "señor»";
        assert_eq!(spelled(word, Some('»'), 9 * BIT), spelled(word, None, 9 * BIT));
        assert!(spelled(word, Some('ñ'), 9 * BIT) < spelled(word, None, 9 * BIT));
    }
}
