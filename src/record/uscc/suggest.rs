//! Codes that a rejected one may have been.
//!
//! Every suggestion passes all four layers. The edits are tried from the likeliest to the least, and the first kind that
//! yields anything ends the search: two characters that look alike are confused more often than one is lost.

use super::{ALPHABET, LENGTH, holds};

/// More would be no help to a reader.
const MOST_CANDIDATES: usize = 8;
/// Characters that cannot be read; with three, a thousand codes in thirty thousand pass by chance.
const MOST_UNREADABLE: usize = 2;
/// Legal characters that are taken for each other in print and by character recognition.
const LOOK_ALIKES: &[&[u8]] =
    &[b"8B", b"0DQ", b"6G", b"1L", b"2Z", b"5S", b"UVY", b"MN", b"CG", b"17", b"EF", b"PR"];

/// A code that passes all layers, and how it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Candidate {
    /// Eighteen characters.
    pub code: String,
    /// What would have happened to it.
    pub change: Change,
}

/// How a code may have become what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Change {
    /// A character that the standard does not use stands for one that looks like it.
    IllegalLetter,
    /// An unreadable character.
    Unreadable,
    /// One character taken for one that looks like it.
    LookAlike,
    /// Two characters taken for ones that look like them.
    TwoLookAlikes,
    /// Two neighbours changed places.
    Swapped,
    /// One character is wrong, without a known reason.
    Wrong,
    /// One character was lost.
    Lost,
    /// One character was put in.
    Extra,
}

/// Suggestions for a canonical code, the likeliest first.
pub(super) fn candidates(canonical: &str) -> Vec<Candidate> {
    let code: Vec<u8> = canonical.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect();
    match code.len() {
        LENGTH => of_full_length(&code),
        17 => insertions(&code),
        19 => deletions(&code),
        _ => Vec::new(),
    }
}

fn of_full_length(code: &[u8]) -> Vec<Candidate> {
    let illegal: Vec<usize> = (0..LENGTH).filter(|&at| !is_legal_at(code[at], at)).collect();
    if illegal.len() > MOST_UNREADABLE {
        return restored_letters(code, &illegal);
    }
    if !illegal.is_empty() {
        return fill(code, &illegal);
    }
    let mut found = look_alikes(code);
    if found.is_empty() {
        found = swaps(code);
        found.extend(wrong_ones(code));
        found.truncate(MOST_CANDIDATES);
    }
    found
}

/// The division has digits only; the last character of the organisation code is a digit or X.
fn is_legal_at(byte: u8, at: usize) -> bool {
    match at {
        2..=7 => byte.is_ascii_digit(),
        16 => byte.is_ascii_digit() || byte == b'X',
        _ => ALPHABET.contains(&byte),
    }
}

fn look_alikes_of(byte: u8) -> impl Iterator<Item = u8> {
    let lists = LOOK_ALIKES.iter().filter(move |list| list.contains(&byte));
    lists.flat_map(|list| list.iter().copied()).filter(move |&other| other != byte)
}

/// The digit that an illegal letter looks like: O, I, Z and S have one each.
pub(super) fn restored(byte: u8) -> Option<u8> {
    match byte {
        b'O' => Some(b'0'),
        b'I' => Some(b'1'),
        b'Z' => Some(b'2'),
        b'S' => Some(b'5'),
        _ => None,
    }
}

/// Many illegal letters: each is read as the digit it looks like, all at once.
fn restored_letters(code: &[u8], illegal: &[usize]) -> Vec<Candidate> {
    let mut trial = code.to_vec();
    for &at in illegal {
        let Some(byte) =
            restored(code[at]).or_else(|| look_alikes_of(code[at]).find(|&byte| is_legal_at(byte, at)))
        else {
            return Vec::new();
        };
        trial[at] = byte;
    }
    let mut found = Vec::new();
    keep(&mut found, &trial, Change::IllegalLetter);
    found
}

/// Tries all characters at the places that cannot be read, those first that look like what stands there.
fn fill(code: &[u8], places: &[usize]) -> Vec<Candidate> {
    let alike =
        |at: usize, byte: u8| restored(code[at]) == Some(byte) || look_alikes_of(code[at]).any(|b| b == byte);
    let mut alike_found = Vec::new();
    let mut other_found = Vec::new();
    let first = places[0];
    let second = places.get(1).copied();
    for &byte in ALPHABET {
        let mut trial = code.to_vec();
        trial[first] = byte;
        for &other in ALPHABET {
            if let Some(second) = second {
                trial[second] = other;
            }
            let looks = alike(first, byte) && second.is_none_or(|second| alike(second, other));
            let (found, change) = match looks {
                true => (&mut alike_found, Change::IllegalLetter),
                false => (&mut other_found, Change::Unreadable),
            };
            keep(found, &trial, change);
            if second.is_none() {
                break;
            }
        }
    }
    alike_found.append(&mut other_found);
    alike_found.truncate(MOST_CANDIDATES);
    alike_found
}

fn look_alikes(code: &[u8]) -> Vec<Candidate> {
    let (mut single, mut double) = (Vec::new(), Vec::new());
    for first in 0..LENGTH {
        for byte in look_alikes_of(code[first]) {
            let mut trial = code.to_vec();
            trial[first] = byte;
            keep(&mut single, &trial, Change::LookAlike);
            for second in first + 1..LENGTH {
                for other in look_alikes_of(code[second]) {
                    trial[second] = other;
                    keep(&mut double, &trial, Change::TwoLookAlikes);
                }
                trial[second] = code[second];
            }
        }
    }
    if single.is_empty() { double } else { single }
}

fn swaps(code: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for at in 1..LENGTH {
        let mut trial = code.to_vec();
        trial.swap(at - 1, at);
        keep(&mut found, &trial, Change::Swapped);
    }
    found
}

fn wrong_ones(code: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for at in 0..LENGTH {
        for &byte in ALPHABET {
            let mut trial = code.to_vec();
            trial[at] = byte;
            keep(&mut found, &trial, Change::Wrong);
        }
    }
    found
}

fn insertions(code: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for at in 0..LENGTH {
        for &byte in ALPHABET {
            let mut trial = code.to_vec();
            trial.insert(at, byte);
            keep(&mut found, &trial, Change::Lost);
        }
    }
    found
}

fn deletions(code: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for at in 0..=LENGTH {
        let mut trial = code.to_vec();
        trial.remove(at);
        keep(&mut found, &trial, Change::Extra);
    }
    found
}

fn keep(found: &mut Vec<Candidate>, trial: &[u8], change: Change) {
    if found.len() >= MOST_CANDIDATES || !holds(trial) {
        return;
    }
    let code: String = trial.iter().copied().map(char::from).collect();
    if !found.iter().any(|candidate| candidate.code == code) {
        found.push(Candidate { code, change });
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::Change;

    fn first(code: &str) -> Option<(String, Change)> {
        check(code).candidates.first().map(|candidate| (candidate.code.clone(), candidate.change))
    }

    #[test]
    fn look_alikes_come_back() {
        let right = || "12430922MB1B928835".to_owned();
        assert_eq!(first("1243O922MB1B928835"), Some((right(), Change::IllegalLetter)));
        assert_eq!(first("12430922MB1B92883S"), Some((right(), Change::IllegalLetter)));
        assert_eq!(first("12430922MB18928835"), Some((right(), Change::LookAlike)));
        assert_eq!(first("12430922M818928835"), Some((right(), Change::TwoLookAlikes)));
        assert_eq!(first("12430922MB1B9?8835"), Some((right(), Change::Unreadable)));
        assert!(first("1243092\u{fffd}MB1B92883\u{fffd}").is_some());
    }

    #[test]
    fn lost_and_doubled_characters() {
        let has = |code: &str| check(code).candidates.iter().any(|found| found.code == "12430922MB1B928835");
        assert!(has("12430922MB1B92885"));
        assert!(has("124309222MB1B928835"));
    }

    #[test]
    fn pilot_codes_are_left_alone() {
        assert!(check("91350203M0001FUE2P").candidates.is_empty());
    }
}
