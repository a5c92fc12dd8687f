//! The first look at single-byte encodings: what each byte costs in each of their languages, counted over a window
//! without decoding it.

use std::sync::OnceLock;

use crate::encoding::{Encoding, Fed, Pending};
use crate::language::{Cost, Model};

use super::place::{is_latin, is_letter};
use super::reading::Unit;
use super::{languages, weights};

/// Bytes from 80 on.
const HIGH: usize = 128;

/// A single-byte encoding, and the prices of its characters.
struct Prices {
    encoding: Encoding,
    /// For each language that it is used for what each byte costs, alone.
    languages: Vec<[Cost; HIGH]>,
    /// Bytes that are letters of another alphabet than the Latin one.
    foreign: [bool; HIGH],
    unassigned: [bool; HIGH],
}

/// Encodings whose texts are not found damaged.
const UNUSED: &[&str] = &["iso-8859-1", "viscii", "tcvn", "kz-1048", "ptcp154", "cp720", "cp856", "cp864"];

fn prices() -> &'static [Prices] {
    static PRICES: OnceLock<Vec<Prices>> = OnceLock::new();
    PRICES.get_or_init(|| single_byte().iter().copied().map(prices_of).collect())
}

/// The single-byte encodings that texts are found damaged in.
pub(super) fn single_byte() -> &'static [Encoding] {
    static USED: OnceLock<Vec<Encoding>> = OnceLock::new();
    let is_used = |encoding: &Encoding| !UNUSED.contains(&encoding.label());
    USED.get_or_init(|| Encoding::single_byte().filter(is_used).collect())
}

fn prices_of(encoding: Encoding) -> Prices {
    let chars: Vec<Option<char>> = (0x80..=0xff)
        .map(|byte| match encoding.feed(Pending::NONE, byte) {
            Fed::Char(c) => Some(c),
            _ => None,
        })
        .collect();
    let mut prices =
        Prices { encoding, languages: Vec::new(), foreign: [false; HIGH], unassigned: [false; HIGH] };
    for (at, c) in chars.iter().enumerate() {
        prices.foreign[at] = c.is_some_and(|c| is_letter(c) && !is_latin(c));
        prices.unassigned[at] = c.is_none();
    }
    for model in languages::of(encoding).iter().filter_map(|tag| languages::model(tag)) {
        let mut costs = [0; HIGH];
        for (cost, c) in costs.iter_mut().zip(&chars) {
            *cost = c.map_or(weights::MALFORMED, |c| model.alone(c).min(weights::DEAREST));
        }
        prices.languages.push(costs);
    }
    prices
}

/// How often each byte from 80 on stands in a window, and how often beside an ASCII letter.
pub(super) struct Counts {
    /// The bytes that stand there, less 80, each with how often.
    used: Vec<(usize, u32)>,
    beside_letters: [u32; HIGH],
    /// Bytes below 80 that the reader made other characters of.
    ascii: u32,
    /// What the characters cost that the reader does not give.
    unread: Cost,
}

impl Counts {
    pub(super) fn of(units: &[Unit], stands: &Model) -> Self {
        let mut bytes_used = [0; HIGH];
        let mut counts = Self { used: Vec::new(), beside_letters: [0; HIGH], ascii: 0, unread: 0 };
        for (at, &(c, bytes)) in units.iter().enumerate() {
            let Some(bytes) = bytes else {
                if c != '\u{fffd}' {
                    counts.unread += weights::UNREAD + stands.alone(c).min(weights::DEAREST);
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
                        bytes_used[usize::from(high)] += 1;
                        counts.beside_letters[usize::from(high)] += letters;
                    }
                    None => counts.ascii += 1,
                }
            }
        }
        counts.used = bytes_used.into_iter().enumerate().filter(|&(_, count)| count > 0).collect();
        counts
    }

    /// What the characters of the window cost in each language of a single-byte encoding, alone, in the order of
    /// [`languages::models_of`]; bytes that are no character there are left out.
    pub(super) fn alone(&self, written: Encoding) -> Option<Vec<Cost>> {
        let prices = prices().iter().find(|prices| prices.encoding == written)?;
        let used = || self.used.iter().filter(|&&(byte, _)| !prices.unassigned[byte]);
        let sum = |costs: &[Cost; HIGH]| used().map(|&(byte, count)| costs[byte] * count).sum();
        Some(prices.languages.iter().map(sum).collect())
    }

    /// What the window costs in each single-byte encoding, without the price of the channel. Hopeless ones are left out.
    pub(super) fn costs(&self) -> impl Iterator<Item = (Encoding, Cost)> {
        let used = &self.used;
        let all: u32 = used.iter().map(|(_, count)| count).sum();
        let common = self.ascii * weights::OF_ASCII + self.unread;
        prices().iter().filter_map(move |prices| {
            let unassigned = used.iter().filter(|&&(byte, _)| prices.unassigned[byte]);
            let malformed: u32 = unassigned.map(|(_, count)| count).sum();
            if malformed > 2 && malformed * 2 > all {
                return None;
            }
            let sum = |costs: &[Cost; HIGH]| -> Cost {
                used.iter().map(|&(byte, count)| costs[byte] * count).sum()
            };
            let foreign = used.iter().filter(|&&(byte, _)| prices.foreign[byte]);
            let strangers: u32 = foreign.map(|&(byte, _)| self.beside_letters[byte]).sum();
            let cheapest = prices.languages.iter().map(sum).min()?;
            let cost = cheapest + strangers * weights::STRANGER + common;
            Some((prices.encoding, cost))
        })
    }
}
