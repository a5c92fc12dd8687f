//! CNS 11643, planes 1 and 2: traditional Chinese, for EUC-TW and ISO-2022-CN.

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

/// Both planes.
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
        assert_eq!(planes().char_of((3, 0x21, 0x21)), None);
        assert_eq!(planes().char_of((0, 0x21, 0x21)), None);
        for c in "統一發票中華民國臺灣乂龘，。「」".chars() {
            assert_eq!(planes().place_of(c).and_then(|place| planes().char_of(place)), Some(c));
        }
    }
}
