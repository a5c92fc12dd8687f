//! EUC-TW: traditional Chinese after CNS 11643, planes 1 to 7 and 15.

use super::cns_11643;
use super::reader::Bytes;

/// The character at a row and column, both from A1 on.
pub(super) fn char_of(plane: u8, row: u8, column: u8) -> Option<char> {
    if row < 0x80 || column < 0x80 {
        return None;
    }
    cns_11643::planes().char_of((plane, row & 0x7f, column & 0x7f))
}

/// The bytes of a character: two for plane 1, four for the others.
pub(super) fn bytes_of(c: char) -> Option<Bytes> {
    let (plane, row, column) = cns_11643::planes().place_of(c)?;
    let pair = [row | 0x80, column | 0x80];
    Some(if plane == 1 { Bytes::of(&pair) } else { Bytes::of(&[0x8e, 0xa0 | plane, pair[0], pair[1]]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_two_or_four_bytes() {
        assert_eq!(char_of(1, 0xc4, 0xa1), Some('一'));
        assert_eq!(char_of(1, 0x44, 0x21), None);
        assert_eq!(bytes_of('一').unwrap().as_slice(), [0xc4, 0xa1]);
        assert_eq!(bytes_of('乂').unwrap().as_slice(), [0x8e, 0xa2, 0xa1, 0xa1]);
        assert_eq!(bytes_of('喆').unwrap().as_slice(), [0x8e, 0xa3, 0xba, 0xb8]);
        assert_eq!(bytes_of('𡍼').unwrap().as_slice(), [0x8e, 0xaf, 0xb9, 0xf6]);
    }
}
