//! EUC-TW: traditional Chinese after CNS 11643, planes 1 and 2, which have the characters of Big5 in nearly the same order.
//!
//! The runs below say where the order is the same. They were found by comparing two independent decoders, that of Big5 in
//! Python and that of EUC-TW in glibc, character by character; the correspondence itself is that of the standard's annex.
//! Signs of plane 1 that Big5 has not, and planes 3 and above, are not read.

use super::pairs::Family;
use super::reader::Bytes;

/// Characters in a row of CNS 11643 and of Big5.
const ROW: u16 = 94;
const BIG5_ROW: u16 = 157;
/// Trail bytes of Big5 below 80.
const BIG5_LOW: u16 = 63;

/// Of plane 1: first place, first place in Big5, length.
#[rustfmt::skip]
const PLANE_1: &[(u16, u16, u16)] = &[
    (0, 0, 5), (6, 6, 8), (15, 15, 6), (21, 23, 2), (24, 22, 1), (29, 29, 44), (73, 74, 1), (74, 73, 1),
    (75, 75, 22), (98, 98, 1), (100, 100, 27), (127, 128, 1), (128, 127, 1), (129, 129, 19), (148, 149, 1),
    (149, 148, 1), (150, 150, 4), (155, 21, 1), (156, 156, 2), (160, 160, 1), (162, 162, 1), (165, 165, 69),
    (282, 234, 29), (312, 264, 1), (314, 266, 142), (470, 6101, 20), (3290, 471, 17), (3307, 263, 1),
    (3308, 489, 86), (3394, 265, 1), (3395, 576, 1307), (4702, 1884, 424), (5126, 1883, 1),
    (5127, 2308, 1876), (7003, 4571, 1), (7004, 4184, 387), (7391, 4572, 525), (7916, 5286, 1),
    (7917, 5097, 105), (8023, 5203, 83), (8106, 5287, 84), (8190, 5517, 1), (8191, 5371, 54),
    (8245, 5426, 1), (8246, 5425, 1), (8247, 5427, 90), (8337, 5518, 354),
];

/// The same of plane 2.
#[rustfmt::skip]
const PLANE_2: &[(u16, u16, u16)] = &[
    (0, 6280, 10), (10, 6291, 33), (43, 6372, 1), (44, 6324, 48), (92, 6373, 46), (138, 6586, 1),
    (139, 6419, 167), (306, 6587, 1840), (2146, 9074, 1), (2147, 8428, 108), (2255, 8537, 537),
    (2792, 8427, 1), (2793, 9075, 100), (2893, 8536, 1), (2894, 9175, 399), (3293, 9575, 1637),
    (4930, 11761, 1), (4931, 11212, 146), (5077, 11899, 1), (5078, 11358, 287), (5365, 12508, 1),
    (5366, 11645, 116), (5482, 11762, 137), (5619, 11900, 104), (5723, 12425, 1), (5724, 12004, 222),
    (5946, 12227, 198), (6144, 12426, 82), (6226, 12509, 86), (6312, 12226, 1), (6313, 12595, 8),
    (6321, 12604, 153), (6474, 12758, 56), (6530, 13114, 1), (6531, 12814, 113), (6644, 12603, 1),
    (6645, 12927, 142), (6787, 12757, 1), (6788, 13069, 45), (6833, 13115, 71), (6904, 13380, 1),
    (6905, 13186, 194), (7099, 13381, 490), (7589, 13914, 1), (7590, 13871, 43), (7633, 13915, 1),
    (7634, 13917, 11), (7645, 13916, 1), (7646, 13928, 4),
];

/// The character at a row and column, both from A1 on.
pub(super) fn char_of(plane: u8, row: u8, column: u8) -> Option<char> {
    let (row, column) = (row.checked_sub(0xa1)?, column.checked_sub(0xa1)?);
    if u16::from(row) >= ROW || u16::from(column) >= ROW {
        return None;
    }
    let place = u16::from(row) * ROW + u16::from(column);
    let runs = runs(plane)?;
    let &(first, big5, length) = runs[..runs.partition_point(|(first, ..)| *first <= place)].last()?;
    if place - first >= length {
        return None;
    }
    let big5 = big5 + (place - first);
    let trail = big5 % BIG5_ROW;
    let trail = if trail < BIG5_LOW { 0x40 + trail } else { 0xa1 + trail - BIG5_LOW };
    Family::Big5.pair((0xa1 + big5 / BIG5_ROW) as u8, trail as u8)
}

/// The bytes of a character: two for plane 1, four for plane 2.
pub(super) fn bytes_of(c: char) -> Option<Bytes> {
    let &[lead @ 0xa1..=0xf9, trail] = Family::Big5.bytes_of(c)?.as_slice() else { return None };
    let trail = u16::from(trail);
    let trail = if trail < 0x80 { trail - 0x40 } else { trail - 0xa1 + BIG5_LOW };
    let big5 = u16::from(lead - 0xa1) * BIG5_ROW + trail;
    [1, 2].into_iter().find_map(|plane| {
        let run = runs(plane)?.iter().find(|(_, first, length)| (*first..first + length).contains(&big5))?;
        let place = run.0 + (big5 - run.1);
        let pair = [(place / ROW) as u8 + 0xa1, (place % ROW) as u8 + 0xa1];
        Some(if plane == 1 { Bytes::of(&pair) } else { Bytes::of(&[0x8e, 0xa2, pair[0], pair[1]]) })
    })
}

fn runs(plane: u8) -> Option<&'static [(u16, u16, u16)]> {
    match plane {
        1 => Some(PLANE_1),
        2 => Some(PLANE_2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_lie_where_the_standard_has_them() {
        assert_eq!(char_of(1, 0xc4, 0xa1), Some('一'));
        assert_eq!(char_of(1, 0xa1, 0xa1), Some('\u{3000}'));
        assert_eq!(char_of(2, 0xa1, 0xa1), Some('乂'));
        assert_eq!(char_of(3, 0xa1, 0xa1), None);
        for c in "統一發票中華民國臺灣乂龘，。「」".chars() {
            let bytes = bytes_of(c).unwrap();
            let read = match *bytes.as_slice() {
                [row, column] => char_of(1, row, column),
                [0x8e, plane, row, column] => char_of(plane - 0xa0, row, column),
                _ => None,
            };
            assert_eq!(read, Some(c));
        }
    }
}
