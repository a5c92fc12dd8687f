//! The first look at single-byte encodings: what each byte costs in each of their languages, counted over a window
//! without decoding it.

use std::ops::Range;
use std::sync::OnceLock;

use crate::combining::is_mark;
use crate::encoding::{Encoding, Fed, Pending};
use crate::language::{Cost, Model};

use super::place::{is_latin, is_letter};
use super::reading::Unit;
use super::{languages, weights};

/// Bytes from 80 on.
const HIGH: usize = 128;

/// What each byte costs in each single-byte encoding that texts are found damaged in, in the order of [`single_byte`].
struct Prices {
    /// The languages of each encoding, as places in a row of `costs`.
    languages: Vec<Range<usize>>,
    /// For each byte a row: what it costs, alone, in each language of each encoding.
    costs: Vec<Vec<Cost>>,
    /// For each byte the encodings that do not have it, one bit each, …
    unassigned: [u64; HIGH],
    /// … and those in which it is a letter of another alphabet than the Latin one.
    foreign: [u64; HIGH],
}

/// Encodings whose texts are not found damaged.
const UNUSED: &[&str] = &["iso-8859-1", "viscii", "tcvn", "kz-1048", "ptcp154", "cp720", "cp856", "cp864"];

fn prices() -> &'static Prices {
    static PRICES: OnceLock<Prices> = OnceLock::new();
    PRICES.get_or_init(|| {
        let mut prices = Prices {
            languages: Vec::new(),
            costs: vec![Vec::new(); HIGH],
            unassigned: [0; HIGH],
            foreign: [0; HIGH],
        };
        single_byte().iter().enumerate().for_each(|(page, &encoding)| prices.add(page, encoding));
        prices
    })
}

/// The single-byte encodings that texts are found damaged in.
pub(super) fn single_byte() -> &'static [Encoding] {
    static USED: OnceLock<Vec<Encoding>> = OnceLock::new();
    let is_used = |encoding: &Encoding| !UNUSED.contains(&encoding.label());
    USED.get_or_init(|| Encoding::single_byte().filter(is_used).collect())
}

impl Prices {
    fn add(&mut self, page: usize, encoding: Encoding) {
        let models = languages::models_of(encoding);
        let first = self.costs[0].len();
        self.languages.push(first..first + models.len());
        for (at, byte) in (0x80..=0xff).enumerate() {
            let c = match encoding.feed(Pending::NONE, byte) {
                Fed::Char(c) => Some(c),
                _ => None,
            };
            self.unassigned[at] |= u64::from(c.is_none()) << page;
            self.foreign[at] |= u64::from(c.is_some_and(|c| is_letter(c) && !is_latin(c))) << page;
            let cost = |model: &&Model| match c {
                None => weights::MALFORMED,
                Some(c) if is_mark(c) => weights::TONE,
                Some(c) => model.alone(c).min(weights::DEAREST),
            };
            self.costs[at].extend(models.iter().map(cost));
        }
    }
}

/// What the bytes of a window from 80 on cost, counted over all encodings at once.
pub(super) struct Counts {
    /// What they cost in each language of each encoding, alone, as [`Prices`] has them.
    sums: Vec<Cost>,
    /// For each encoding how many it does not have, …
    malformed: Vec<u32>,
    /// … and how often those that are letters of another alphabet there stand beside an ASCII letter.
    strangers: Vec<u32>,
    /// All of them.
    all: u32,
    /// Bytes below 80 that the reader made other characters of.
    ascii: u32,
    /// What the characters cost that the reader does not give.
    unread: Cost,
}

impl Counts {
    pub(super) fn of(units: &[Unit], stands: &Model) -> Self {
        let (mut used, mut beside_letters) = ([0; HIGH], [0; HIGH]);
        let (mut ascii, mut unread) = (0, 0);
        for (at, &(c, bytes)) in units.iter().enumerate() {
            let Some(bytes) = bytes else {
                if c != '\u{fffd}' {
                    unread += weights::UNREAD + stands.alone(c).min(weights::DEAREST);
                }
                continue;
            };
            if c.is_ascii() {
                continue;
            }
            let neighbours = [at.checked_sub(1).and_then(|at| units.get(at)), units.get(at + 1)];
            let letters =
                neighbours.into_iter().flatten().filter(|(c, _)| c.is_ascii_alphabetic()).count() as u32;
            for &byte in bytes.as_slice() {
                match byte.checked_sub(0x80) {
                    Some(high) => {
                        used[usize::from(high)] += 1;
                        beside_letters[usize::from(high)] += letters;
                    }
                    None => ascii += 1,
                }
            }
        }
        let prices = prices();
        let pages = prices.languages.len();
        let mut counts = Self {
            sums: vec![0; prices.costs[0].len()],
            malformed: vec![0; pages],
            strangers: vec![0; pages],
            all: used.iter().sum(),
            ascii,
            unread,
        };
        for (byte, &count) in used.iter().enumerate().filter(|&(_, &count)| count > 0) {
            counts.sums.iter_mut().zip(&prices.costs[byte]).for_each(|(sum, cost)| *sum += cost * count);
            add_to(&mut counts.malformed, prices.unassigned[byte], count);
            if beside_letters[byte] > 0 {
                add_to(&mut counts.strangers, prices.foreign[byte], beside_letters[byte]);
            }
        }
        counts
    }

    /// What the characters of the window cost in each language of a single-byte encoding, alone, in the order of
    /// [`languages::models_of`]; bytes that are no character there are left out.
    pub(super) fn alone(&self, written: Encoding) -> Option<Vec<Cost>> {
        let page = single_byte().iter().position(|&encoding| encoding == written)?;
        let unassigned = self.malformed[page] * weights::MALFORMED;
        let sums = &self.sums[prices().languages[page].clone()];
        Some(sums.iter().map(|sum| sum - unassigned).collect())
    }

    /// What the window costs in each single-byte encoding, without the price of the channel. Hopeless ones are left out.
    pub(super) fn costs(&self) -> impl Iterator<Item = (Encoding, Cost)> {
        let common = self.ascii * weights::OF_ASCII + self.unread;
        let pages = single_byte().iter().zip(&prices().languages).enumerate();
        pages.filter_map(move |(page, (&encoding, languages))| {
            let malformed = self.malformed[page];
            if malformed > 2 && malformed * 2 > self.all {
                return None;
            }
            let cheapest = self.sums[languages.clone()].iter().min()?;
            Some((encoding, cheapest + self.strangers[page] * weights::STRANGER + common))
        })
    }
}

/// Adds to the numbers of some encodings, one bit each.
fn add_to(numbers: &mut [u32], mut pages: u64, count: u32) {
    while pages != 0 {
        numbers[pages.trailing_zeros() as usize] += count;
        pages &= pages - 1;
    }
}
