//! A small model of one document's own clean text, mixed into the language model: names that the document uses
//! elsewhere come back right.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::unit::{Case, Unit, fold};
use super::{BIT, Context, Cost};

/// Characters of a document that are counted; what comes later adds little and would cost memory.
const LIMIT: usize = 200_000;
/// Pseudo-count of the unseen after a context: a continuation seen once is trusted by half.
const UNSEEN_COUNT: f64 = 1.0;

/// Those of Korean, which parts its words.
const SYLLABLES: RangeInclusive<Unit> = 0xac00..=0xd7a3;

/// Counts of one document.
#[derive(Debug, Default)]
pub struct Cache {
    pairs: HashMap<(Unit, Unit), u32>,
    triples: HashMap<(Unit, Unit, Unit), u32>,
    after_one: HashMap<Unit, u32>,
    after_two: HashMap<(Unit, Unit), u32>,
    counted: usize,
}

impl Cache {
    /// Counts the ideographs and syllables of a stretch of clean text. White space between ideographs is passed over:
    /// layout splits words.
    pub fn add(&mut self, text: &str) {
        let (mut a, mut b) = (None, None);
        for c in text.chars() {
            if self.counted >= LIMIT {
                return;
            }
            let ends_word = || b.is_some_and(|b| SYLLABLES.contains(&b));
            if c.is_whitespace() && !ends_word() {
                continue;
            }
            if c < '\u{2e80}' || c.is_whitespace() {
                (a, b) = (None, None);
                continue;
            }
            self.counted += 1;
            let unit = fold(c, Case::None).unit;
            if let Some(b) = b {
                *self.pairs.entry((b, unit)).or_default() += 1;
                *self.after_one.entry(b).or_default() += 1;
                if let Some(a) = a {
                    *self.triples.entry((a, b, unit)).or_default() += 1;
                    *self.after_two.entry((a, b)).or_default() += 1;
                }
            }
            (a, b) = (b, Some(unit));
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.counted == 0
    }

    /// The cost of `unit` after `context` where the language model says `cost`; `share` is the cache's weight.
    pub fn mix(&self, context: &Context, unit: Unit, cost: Cost, share: f64) -> Cost {
        let Some(&pair) = self.pairs.get(&(context.last(), unit)) else { return cost };
        let seen = |count: u32, total: Option<&u32>| {
            f64::from(count) / (f64::from(total.copied().unwrap_or(count)) + UNSEEN_COUNT)
        };
        let mut own = seen(pair, self.after_one.get(&context.last()));
        let two = (context.before(), context.last());
        if let Some(&triple) = self.triples.get(&(two.0, two.1, unit)) {
            own = own.max(seen(triple, self.after_two.get(&two)));
        }
        let language = (-super::bits(cost)).exp2();
        let mixed = (1.0 - share) * language + share * own;
        // A mixture can only help here: where the cache has not seen the pair, the model stands as it is.
        cost.min((-mixed.log2() * f64::from(BIT)).round() as Cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_ends_words_of_syllables_and_not_of_ideographs() {
        let mut cache = Cache::default();
        cache.add("江 渡 船");
        cache.add("강 나루 배");
        let pair = |a: char, b: char| cache.pairs.contains_key(&(a as Unit, b as Unit));
        assert!(pair('江', '渡') && pair('渡', '船'));
        assert!(pair('나', '루') && !pair('강', '나') && !pair('루', '배'));
    }
}
