//! CNS 11643, planes 1 to 7 and 15: traditional Chinese, for EUC-TW and ISO-2022-CN.

use std::sync::OnceLock;

use super::cns_11643_planes::{OTHERS, RUNS};
use super::pairs::Family;
use super::planes::Planes;

/// Characters in a row of Big5, and trail bytes of it below 80.
const BIG5_ROW: u16 = 157;
const BIG5_LOW: u16 = 63;

/// The character at a place of Big5, counted from A140 on.
fn in_big5(place: u16) -> Option<char> {
    let trail = place % BIG5_ROW;
    let trail = if trail < BIG5_LOW { 0x40 + trail } else { 0xa1 + trail - BIG5_LOW };
    Family::Big5.pair((0xa1 + place / BIG5_ROW) as u8, trail as u8)
}

/// All planes.
pub(super) fn planes() -> &'static Planes {
    static PLANES: OnceLock<Planes> = OnceLock::new();
    PLANES.get_or_init(|| Planes::new(&RUNS, in_big5, &OTHERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_lie_where_the_standard_has_them() {
        assert_eq!(planes().char_of((1, 0x44, 0x21)), Some('一'));
        assert_eq!(planes().char_of((1, 0x21, 0x21)), Some('\u{3000}'));
        assert_eq!(planes().char_of((1, 0x42, 0x21)), Some('␀'));
        assert_eq!(planes().char_of((2, 0x21, 0x21)), Some('乂'));
        for (plane, first) in [(3, '丨'), (4, '𠂆'), (5, '𠃑'), (6, '\u{2f802}'), (7, '𠁕'), (15, '𠀂')]
        {
            assert_eq!(planes().char_of((plane, 0x21, 0x21)), Some(first));
        }
        assert_eq!(planes().char_of((8, 0x21, 0x21)), None);
        assert_eq!(planes().char_of((16, 0x21, 0x21)), None);
        assert_eq!(planes().char_of((0, 0x21, 0x21)), None);
        for c in "統一發票中華民國臺灣乂龘，。「」喆堃犇".chars() {
            assert_eq!(planes().place_of(c).and_then(|place| planes().char_of(place)), Some(c));
        }
    }

    #[test]
    fn every_character_is_found_at_its_place() {
        let cells = || (0x21..=0x7e).flat_map(|row| (0x21..=0x7e).map(move |cell| (row, cell)));
        let count = |plane| {
            let places = cells().map(|(row, cell)| (plane, row, cell));
            let found = places.filter_map(|place| Some((place, planes().char_of(place)?)));
            found
                .inspect(|&(place, c)| {
                    assert!(planes().place_of(c).is_some_and(|first| first <= place), "{c}")
                })
                .count()
        };
        let counts: Vec<usize> = (2..=7).map(count).collect();
        // CNS 11643-1992 has 7650 in plane 2 and 7298, 8603, 6388 and 6539 in planes 4 to 7; the converter lacks one or
        // two of each of these, and has a later plane 3.
        assert_eq!(counts, [7650, 6386, 7296, 8601, 6386, 6538]);
        for c in (1..=15)
            .flat_map(|plane| cells().map(move |(row, cell)| (plane, row, cell)))
            .filter_map(|place| planes().char_of(place))
        {
            assert_eq!(planes().place_of(c).and_then(|place| planes().char_of(place)), Some(c));
        }
    }
}
