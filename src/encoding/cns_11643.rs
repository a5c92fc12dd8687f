//! CNS 11643, planes 1 and 2: traditional Chinese, for EUC-TW and ISO-2022-CN.

use std::sync::OnceLock;

use super::cns_11643_planes::{OTHERS, RUNS};
use super::pairs::Family;

/// Characters in a row of CNS 11643 and of Big5.
const ROW: u16 = 94;
const BIG5_ROW: u16 = 157;
/// Trail bytes of Big5 below 80.
const BIG5_LOW: u16 = 63;
/// First row, and first cell of a row, in seven bits.
const FIRST: u8 = 0x21;

/// A place: plane, row and cell, the latter two from 21 on.
pub(super) type Place = (u8, u8, u8);

struct Planes {
    chars: Vec<Option<char>>,
    /// The places of the characters, sorted.
    places: Vec<(char, Place)>,
}

fn number((plane, row, cell): Place) -> Option<usize> {
    let plane = u16::from(plane.checked_sub(1)?);
    let (row, cell) = (u16::from(row.checked_sub(FIRST)?), u16::from(cell.checked_sub(FIRST)?));
    (plane < 2 && row < ROW && cell < ROW).then(|| usize::from((plane * ROW + row) * ROW + cell))
}

fn planes() -> &'static Planes {
    static PLANES: OnceLock<Planes> = OnceLock::new();
    PLANES.get_or_init(|| {
        let size = usize::from(ROW * ROW);
        let mut chars = vec![None; 2 * size];
        for &(plane, first, big5, length) in &RUNS {
            for offset in 0..length {
                let at = usize::from(plane - 1) * size + usize::from(first + offset);
                chars[at] = in_big5(big5 + offset);
            }
        }
        for &(plane, first, run) in &OTHERS {
            for (c, at) in run.chars().zip(usize::from(plane - 1) * size + usize::from(first)..) {
                chars[at] = Some(c);
            }
        }
        let place = |at: usize| {
            let row = (at / usize::from(ROW) % usize::from(ROW)) as u8;
            ((at / size) as u8 + 1, row + FIRST, (at % usize::from(ROW)) as u8 + FIRST)
        };
        let mut places: Vec<(char, Place)> =
            chars.iter().enumerate().filter_map(|(at, c)| Some(((*c)?, place(at)))).collect();
        places.sort_unstable();
        places.dedup_by_key(|&mut (c, _)| c);
        Planes { chars, places }
    })
}

/// The character at a place of Big5, counted from A140 on.
fn in_big5(place: u16) -> Option<char> {
    let trail = place % BIG5_ROW;
    let trail = if trail < BIG5_LOW { 0x40 + trail } else { 0xa1 + trail - BIG5_LOW };
    Family::Big5.pair((0xa1 + place / BIG5_ROW) as u8, trail as u8)
}

/// The character at a place.
pub(super) fn char_of(place: Place) -> Option<char> {
    planes().chars[number(place)?]
}

/// The place of a character.
pub(super) fn place_of(c: char) -> Option<Place> {
    let places = &planes().places;
    Some(places[places.binary_search_by_key(&c, |&(c, _)| c).ok()?].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_lie_where_the_standard_has_them() {
        assert_eq!(char_of((1, 0x44, 0x21)), Some('一'));
        assert_eq!(char_of((1, 0x21, 0x21)), Some('\u{3000}'));
        assert_eq!(char_of((1, 0x42, 0x21)), Some('␀'));
        assert_eq!(char_of((2, 0x21, 0x21)), Some('乂'));
        assert_eq!(char_of((3, 0x21, 0x21)), None);
        assert_eq!(char_of((0, 0x21, 0x21)), None);
        for c in "統一發票中華民國臺灣乂龘，。「」".chars() {
            assert_eq!(char_of(place_of(c).unwrap()), Some(c));
        }
    }
}
