//! What the models see of a character: digits, white space and case are folded away and priced apart.

use std::sync::OnceLock;

use super::Cost;

/// A folded character, as the n-gram tables know it.
pub type Unit = u32;

/// Words, lines and texts begin and end with it.
pub const SPACE: Unit = ' ' as Unit;
const DIGIT: Unit = '0' as Unit;

/// log2(10) bits: which digit it is.
const DIGIT_COST: Cost = 53;

/// The case of the letters just before, as far as it predicts the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Case {
    /// No cased letter just before.
    #[default]
    None,
    /// A lower-case letter.
    Lower,
    /// One upper-case letter at the beginning of a word.
    Capital,
    /// Two or more upper-case letters.
    Upper,
}

/// A character as the models see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folded {
    /// The key in the tables.
    pub unit: Unit,
    /// What folding lost, in sixteenths of a bit.
    pub cost: Cost,
    /// Case state after this character.
    pub case: Case,
}

/// Folds `c` after letters of case `before`.
#[inline]
pub fn fold(c: char, before: Case) -> Folded {
    match c {
        'a'..='z' => lower(c as Unit, before),
        'A'..='Z' => upper(c.to_ascii_lowercase() as Unit, before),
        '0'..='9' => Folded { unit: DIGIT, cost: DIGIT_COST, case: Case::None },
        ' ' | '\t' | '\n' | '\r' => Folded { unit: SPACE, cost: 0, case: Case::None },
        '\0'..='\u{bf}' | '×' | '÷' => Folded { unit: c as Unit, cost: 0, case: Case::None },
        'À'..='Þ' => upper(c as Unit + 0x20, before),
        'ß'..='ÿ' => lower(c as Unit, before),
        // Beyond these scripts and below the fullwidth forms nothing has case, and Han text is hot.
        '\u{2000}'..='\u{2bff}' | '\u{2e00}'..='\u{a63f}' | '\u{ac00}'..='\u{fa2d}' => {
            Folded { unit: c as Unit, cost: 0, case: Case::None }
        }
        // … nor have the fullwidth forms before the letters and after them.
        '\u{ff00}'..='\u{ff20}' | '\u{ff5b}'..='\u{ffef}' => {
            Folded { unit: c as Unit, cost: 0, case: Case::None }
        }
        'А'..='Я' => upper(c as Unit + 0x20, before),
        'а'..='џ' => lower(c as Unit, before),
        // Hebrew, Arabic and Thai have no case.
        '\u{590}'..='\u{6ff}' | '\u{e00}'..='\u{e7f}' => {
            Folded { unit: c as Unit, cost: 0, case: Case::None }
        }
        _ => match small(c) {
            (unit, Letter::Small) => lower(unit, before),
            (unit, Letter::Capital) => upper(unit, before),
            (unit, Letter::None) => Folded { unit, cost: 0, case: Case::None },
        },
    }
}

/// What case a character itself has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    None,
    Small,
    Capital,
}

/// A character made small, and what it was. The standard library searches a table for each; the letters with accents
/// of European languages and of Vietnamese are hot.
#[inline]
fn small(c: char) -> (Unit, Letter) {
    /// Above Greek with its accents.
    const TOLD: usize = 0x2000;
    static SMALL: OnceLock<Vec<(Unit, Letter)>> = OnceLock::new();
    let told = || (0..TOLD as Unit).map(|unit| char::from_u32(unit).map_or((unit, Letter::None), searched));
    match SMALL.get_or_init(|| told().collect()).get(c as usize) {
        Some(&told) => told,
        None => searched(c),
    }
}

fn searched(c: char) -> (Unit, Letter) {
    match c {
        _ if c.is_lowercase() => (c as Unit, Letter::Small),
        _ if c.is_uppercase() => {
            (c.to_lowercase().next().map_or(c as Unit, |small| small as Unit), Letter::Capital)
        }
        _ => (c as Unit, Letter::None),
    }
}

// The prices are -16 log2 of rounded shares counted over the cased languages of the training text: a word begins
// with a capital in 1 of 6 cases; a capital follows a small letter inside a word in 1 of 800.
fn lower(unit: Unit, before: Case) -> Folded {
    let cost = match before {
        Case::None => 4,
        Case::Lower => 0,
        Case::Capital => 3,
        Case::Upper => 51,
    };
    Folded { unit, cost, case: Case::Lower }
}

fn upper(unit: Unit, before: Case) -> Folded {
    let (cost, case) = match before {
        Case::None => (41, Case::Capital),
        Case::Lower => (154, Case::Capital),
        Case::Capital => (48, Case::Upper),
        Case::Upper => (3, Case::Upper),
    };
    Folded { unit, cost, case }
}
