//! JIS X 0213:2004: the characters of its two planes, which hold those of JIS X 0208 at their places.

use std::sync::OnceLock;

use super::jis_x_0213_planes::{COMBINED, OTHERS, RUNS};
use super::pairs::Family;
use super::planes::{FIRST, Place, Planes, ROW};

/// What stands at a place: a character, or one with a mark on it that Unicode has apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    One(char),
    Two([char; 2]),
}

/// The character at a place of EUC-JP, counted from A1A1 on.
fn in_euc_jp(place: u16) -> Option<char> {
    Family::EucJp.pair((0xa1 + place / ROW) as u8, (0xa1 + place % ROW) as u8)
}

fn planes() -> &'static Planes {
    static PLANES: OnceLock<Planes> = OnceLock::new();
    PLANES.get_or_init(|| Planes::new(&RUNS, in_euc_jp, &OTHERS))
}

/// What stands at a place.
pub(super) fn sign_of(place: Place) -> Option<Sign> {
    let combined = || COMBINED.iter().find(|(at, _)| *at == place).map(|&(_, two)| Sign::Two(two));
    planes().char_of(place).map(Sign::One).or_else(combined)
}

/// The place of a character, or of the first two of a text where they are one sign; and how many those are.
pub(super) fn place_of(first: char, second: Option<char>) -> Option<(Place, usize)> {
    let combined = COMBINED.iter().find(|(_, two)| second.is_some_and(|second| *two == [first, second]));
    match combined {
        Some(&(place, _)) => Some((place, 2)),
        None => Some((planes().place_of(first)?, 1)),
    }
}

/// First rows of plane 2 for the lead bytes F0 to F4 of Shift_JIS, for the two halves of the trail bytes (JIS X
/// 0213:2000, annex 1). From F5 on the rows follow each other.
const ROWS: [[u8; 2]; 5] = [[1, 8], [3, 4], [5, 12], [13, 14], [15, 78]];
const FIRST_REGULAR: u8 = 0xf5;
const REGULAR_ROW: u8 = 79;

/// The place of a pair of bytes in Shift_JIS.
pub(super) fn shift_jis_place(lead: u8, trail: u8) -> Option<Place> {
    let cell = match trail {
        0x40..=0x7e => trail - 0x40,
        0x80..=0xfc => trail - 0x41,
        _ => return None,
    };
    let (half, cell) = (cell / ROW as u8, cell % ROW as u8);
    let (plane, row) = match lead {
        0x81..=0x9f => (1, 2 * (lead - 0x81) + 1 + half),
        0xe0..=0xef => (1, 2 * (lead - 0xe0) + 63 + half),
        0xf0..=0xf4 => (2, ROWS[usize::from(lead - 0xf0)][usize::from(half)]),
        FIRST_REGULAR..=0xfc => (2, 2 * (lead - FIRST_REGULAR) + REGULAR_ROW + half),
        _ => return None,
    };
    Some((plane, row + FIRST - 1, cell + FIRST))
}

/// The pair of bytes in Shift_JIS of a place.
pub(super) fn shift_jis_pair((plane, row, cell): Place) -> Option<[u8; 2]> {
    let row = row - FIRST + 1;
    let (lead, half) = match plane {
        1 if row <= 62 => (0x81 + (row - 1) / 2, (row - 1) % 2),
        1 => (0xe0 + (row - 63) / 2, (row - 63) % 2),
        _ if row >= REGULAR_ROW => (FIRST_REGULAR + (row - REGULAR_ROW) / 2, (row - REGULAR_ROW) % 2),
        _ => {
            let lead = ROWS.iter().position(|rows| rows.contains(&row))?;
            (0xf0 + lead as u8, u8::from(ROWS[lead][1] == row))
        }
    };
    let cell = half * ROW as u8 + (cell - FIRST);
    Some([lead, if cell < 0x3f { 0x40 + cell } else { 0x41 + cell }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_lie_where_the_standard_has_them() {
        assert_eq!(sign_of((1, 0x21, 0x21)), Some(Sign::One('\u{3000}')));
        assert_eq!(sign_of((1, 0x2e, 0x21)), Some(Sign::One('俱')));
        assert_eq!(sign_of((1, 0x24, 0x77)), Some(Sign::Two(['か', '\u{309a}'])));
        assert_eq!(sign_of((1, 0x2f, 0x7e)), Some(Sign::One('剝')));
        assert_eq!(sign_of((2, 0x21, 0x21)), Some(Sign::One('\u{20089}')));
        assert_eq!(sign_of((2, 0x22, 0x21)), None);
        assert_eq!(place_of('か', Some('\u{309a}')), Some(((1, 0x24, 0x77), 2)));
        assert_eq!(place_of('か', Some('a')), Some(((1, 0x24, 0x2b), 1)));
    }

    #[test]
    fn every_place_has_a_pair_in_shift_jis() {
        for lead in 0x81..=0xfc {
            for trail in 0x40..=0xfc {
                let Some(place) = shift_jis_place(lead, trail) else { continue };
                assert_eq!(shift_jis_pair(place), Some([lead, trail]), "{place:?}");
            }
        }
    }
}
