//! Numbers and UTF-16 as the formats of Windows have them: little-endian, at places that the input says.

/// The two bytes at a place, as a number; `None` if they are not all there.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array_at(bytes, at).map(u16::from_le_bytes)
}

/// The four bytes at a place, as a number; `None` if they are not all there.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array_at(bytes, at).map(u32::from_le_bytes)
}

/// `N` bytes at a place; `None` if they are not all there.
pub(crate) fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// Numbers of two bytes each; a byte that is left over is none.
pub(crate) fn u16s(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks().0.iter().copied().map(u16::from_le_bytes)
}

/// Numbers of four bytes each; bytes that are left over are none.
pub(crate) fn u32s(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks().0.iter().copied().map(u32::from_le_bytes)
}

/// The characters of UTF-16, with U+FFFD for half a pair.
pub(crate) fn utf_16(units: impl IntoIterator<Item = u16>) -> String {
    let characters = char::decode_utf16(units);
    characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_all_there_is_none() {
        let bytes = [1, 2, 3, 4, 5];
        assert_eq!((u16_at(&bytes, 3), u16_at(&bytes, 4)), (Some(0x0504), None));
        assert_eq!((u32_at(&bytes, 1), u32_at(&bytes, 2)), (Some(0x0504_0302), None));
        assert_eq!(u32_at(&bytes, usize::MAX), None);
        assert_eq!(u16s(&bytes).collect::<Vec<_>>(), [0x0201, 0x0403]);
        assert_eq!(u32s(&bytes).collect::<Vec<_>>(), [0x0403_0201]);
    }

    #[test]
    fn half_a_pair_is_one_replacement_character() {
        assert_eq!(utf_16([0x8239, 0xD842, 0xDFB7, 0xDFB7, 0x61, 0xD842]), "船𠮷\u{FFFD}a\u{FFFD}");
    }
}
