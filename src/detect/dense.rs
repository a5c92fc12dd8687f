//! Tables of pairs for the first round: per language the cost of each character after each other, for the characters
//! that single-byte encodings have.
//!
//! They are filled from the language models, each place when first asked for. With them, a candidate costs one lookup
//! for each different pair of bytes in the input, however long that is.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::language::Cost;

use super::candidates;
use super::tongue::{self, Tongue};

/// Units of a language: its own characters, and groups of others.
const UNITS: usize = 256;
/// Cost in the model, in sixteenths of a bit, below which a character is one of the language's own.
const OWN_COST: Cost = 19 * 16;
/// Sixteenths of a bit in a step of the table.
const STEP: Cost = 4;

/// A pair of neighbouring bytes, and how often it stands there.
#[derive(Debug, Clone, Copy)]
pub(super) struct PairCount {
    pub(super) first: u8,
    pub(super) second: u8,
    pub(super) count: u32,
}

/// The pairs of one language.
struct Dense {
    /// For each character of [`repertoire`] its unit.
    units: Vec<u8>,
    /// For each unit the first character of it.
    members: Vec<char>,
    /// Steps and one; 0 for a place that nobody asked for yet. What belongs there is always the same, so that it does
    /// not matter who fills it.
    costs: Vec<AtomicU8>,
}

/// The characters of all single-byte encodings, sorted.
fn repertoire() -> &'static [char] {
    static CHARS: OnceLock<Vec<char>> = OnceLock::new();
    CHARS.get_or_init(|| {
        let guesses = candidates::single().iter();
        let mut chars: Vec<char> =
            guesses.flat_map(|guess| (0..=255).filter_map(|byte| guess.encoding.page_char(byte))).collect();
        chars.sort_unstable();
        chars.dedup();
        chars
    })
}

/// For each of [`candidates::single`] the places of its 256 characters in the repertoire.
fn places() -> &'static [[u16; 256]] {
    static PLACES: OnceLock<Vec<[u16; 256]>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let place = |c: Option<char>| c.and_then(|c| repertoire().binary_search(&c).ok()).unwrap_or(0) as u16;
        let of = |guess: &candidates::Guess| {
            std::array::from_fn(|byte| place(guess.encoding.page_char(byte as u8)))
        };
        candidates::single().iter().map(of).collect()
    })
}

/// For each of [`candidates::single`] the number of the first one that reads these bytes as it does.
pub(super) fn alike(bytes: &[u8]) -> Vec<usize> {
    let places = places();
    let is_same = |a: usize, b: usize| {
        let (a, b) = (&places[a], &places[b]);
        bytes.iter().all(|&byte| a[usize::from(byte)] == b[usize::from(byte)])
    };
    let mut firsts: Vec<usize> = Vec::new();
    let first_of = |number: usize| {
        let known = firsts.iter().copied().find(|&first| is_same(first, number));
        known.unwrap_or_else(|| {
            firsts.push(number);
            number
        })
    };
    (0..places.len()).map(first_of).collect()
}

/// Where the bytes of a guess lie in the table of a language.
fn dense(tongue: &Tongue) -> &'static Dense {
    static TABLES: OnceLock<Vec<OnceLock<Dense>>> = OnceLock::new();
    let tables = TABLES.get_or_init(|| tongue::all().iter().map(|_| OnceLock::new()).collect());
    tables[tongue.number].get_or_init(|| build(tongue))
}

fn build(tongue: &Tongue) -> Dense {
    let mut members: Vec<char> = Vec::new();
    let mut groups: Vec<(Cost, u8)> = Vec::new();
    let mut units = Vec::with_capacity(repertoire().len());
    for &c in repertoire() {
        let alone = tongue.pair('!', c) / 8 * 8;
        let is_own =
            c.is_ascii() && !c.is_ascii_digit() && !c.is_control() || tongue.model.alone(c) < OWN_COST;
        let group = if is_own { None } else { groups.iter().find(|(cost, _)| *cost == alone) };
        let unit = match group {
            Some(&(_, unit)) => unit,
            None => {
                let unit = members.len().min(UNITS - 1) as u8;
                if members.len() < UNITS {
                    members.push(c);
                }
                if !is_own {
                    groups.push((alone, unit));
                }
                unit
            }
        };
        units.push(unit);
    }
    let costs = (0..UNITS * UNITS).map(|_| AtomicU8::new(0)).collect();
    Dense { units, members, costs }
}

impl Dense {
    /// Cost of a unit after another, in steps.
    #[inline]
    fn cost(&self, tongue: &Tongue, first: u8, second: u8) -> u8 {
        let place = &self.costs[usize::from(first) * UNITS + usize::from(second)];
        match place.load(Ordering::Relaxed) {
            0 => {
                let (a, b) = (self.members[usize::from(first)], self.members[usize::from(second)]);
                let cost = (tongue.pair(a, b) / STEP).min(254) as u8;
                place.store(cost + 1, Ordering::Relaxed);
                cost
            }
            known => known - 1,
        }
    }
}

/// Pairs of bytes, apart for those that are the same in nearly every encoding.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    ascii: Vec<PairCount>,
    others: Vec<PairCount>,
    /// The bytes that stand in the others.
    bytes: Vec<u8>,
}

impl Pairs {
    pub(super) fn new(pairs: Vec<PairCount>) -> Self {
        let (ascii, others): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|pair| pair.first.is_ascii() && pair.second.is_ascii());
        let mut bytes: Vec<u8> = others.iter().flat_map(|pair| [pair.first, pair.second]).collect();
        bytes.sort_unstable();
        bytes.dedup();
        Self { ascii, others, bytes }
    }

    /// What the pairs of ASCII cost in each language, by its number.
    pub(super) fn ascii_costs(&self) -> Vec<u64> {
        // The first guess, windows-1252, has ASCII as it is.
        let places = &places()[0];
        let ascii = |tongue: &Tongue| {
            let table = dense(tongue);
            let units: [u8; 128] = std::array::from_fn(|byte| table.units[usize::from(places[byte])]);
            total(table, tongue, &self.ascii, |byte| units[usize::from(byte & 0x7f)])
        };
        let is_asked = |tongue: &Tongue| {
            candidates::single()
                .iter()
                .any(|guess| guess.tongues.iter().any(|(other, _)| other.number == tongue.number))
        };
        tongue::all().iter().map(|tongue| if is_asked(tongue) { ascii(tongue) } else { 0 }).collect()
    }

    /// Cost when they are read by the guess of that number in a language, in sixteenths of a bit. `ascii` is what
    /// [`Pairs::ascii_costs`] says; EBCDIC has its own.
    pub(super) fn cost(&self, guess: usize, tongue: &Tongue, ascii: &[u64]) -> u64 {
        let table = dense(tongue);
        let places = &places()[guess];
        let mut units = [0u8; 256];
        if candidates::single()[guess].encoding.is_ebcdic() {
            units = std::array::from_fn(|byte| table.units[usize::from(places[byte])]);
            let unit = |byte: u8| units[usize::from(byte)];
            return total(table, tongue, &self.ascii, unit) + total(table, tongue, &self.others, unit);
        }
        for &byte in &self.bytes {
            units[usize::from(byte)] = table.units[usize::from(places[usize::from(byte)])];
        }
        ascii[tongue.number] + total(table, tongue, &self.others, |byte| units[usize::from(byte)])
    }
}

#[inline]
fn total(table: &Dense, tongue: &Tongue, pairs: &[PairCount], unit: impl Fn(u8) -> u8) -> u64 {
    let mut total = 0u64;
    for pair in pairs {
        total += u64::from(table.cost(tongue, unit(pair.first), unit(pair.second))) * u64::from(pair.count);
    }
    total * u64::from(STEP)
}
