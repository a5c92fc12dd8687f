//! Shift_JIS-2004 and EUC-JIS-2004: JIS X 0213:2004, annexes 1 and 3. Bytes below 80 are ASCII in both, as texts have
//! it.

use super::jis_x_0213;
use super::planes::Place;
use super::stateful::{Step, sign};

/// Katakana of half the width, and the byte of the first.
const KATAKANA: std::ops::RangeInclusive<char> = '\u{ff61}'..='\u{ff9f}';
const FIRST_KATAKANA: u8 = 0xa1;

fn katakana(byte: u8, used: usize) -> Step {
    let scalar = *KATAKANA.start() as u32 + u32::from(byte - FIRST_KATAKANA);
    char::from_u32(scalar).map_or(Step::Malformed(used), |c| Step::Char(c, used))
}

/// Reads the beginning of bytes in Shift_JIS-2004.
pub(super) fn shift_jis(bytes: &[u8]) -> Step {
    match bytes {
        &[byte @ 0..=0x7f, ..] => Step::Char(char::from(byte), 1),
        &[byte @ 0xa1..=0xdf, ..] => katakana(byte, 1),
        &[lead, trail, ..] => match jis_x_0213::shift_jis_place(lead, trail).map(|place| sign(place, 2)) {
            // An ASCII byte that completes nothing stands for itself.
            None | Some(Step::Malformed(_)) if trail < 0x80 => Step::Malformed(1),
            step => step.unwrap_or(Step::Malformed(2)),
        },
        [0x80 | 0xa0 | 0xfd..] => Step::Malformed(1),
        _ => Step::More,
    }
}

/// Reads the beginning of bytes in EUC-JIS-2004.
pub(super) fn euc_jis(bytes: &[u8]) -> Step {
    let place = |plane, row: u8, cell: u8| (plane, row & 0x7f, cell & 0x7f);
    match *bytes {
        [byte @ 0..=0x7f, ..] => Step::Char(char::from(byte), 1),
        [0x8e, byte @ 0xa1..=0xdf, ..] => katakana(byte, 2),
        [0x8f, row @ 0xa1..=0xfe, cell @ 0xa1..=0xfe, ..] => sign(place(2, row, cell), 3),
        [row @ 0xa1..=0xfe, cell @ 0xa1..=0xfe, ..] => sign(place(1, row, cell), 2),
        [0x8e | 0x8f | 0xa1..=0xfe] | [0x8f, 0xa1..=0xfe] => Step::More,
        _ => Step::Malformed(1),
    }
}

/// Shift_JIS-2004 of a text; `None` where a character is not there.
pub(super) fn to_shift_jis(text: &str) -> Option<Vec<u8>> {
    encoded(text, &[], |place, bytes| {
        bytes.extend_from_slice(&jis_x_0213::shift_jis_pair(place)?);
        Some(())
    })
}

/// EUC-JIS-2004 of a text; `None` where a character is not there.
pub(super) fn to_euc_jis(text: &str) -> Option<Vec<u8>> {
    encoded(text, &[0x8e], |(plane, row, cell), bytes| {
        bytes.extend_from_slice(if plane == 2 { &[0x8f] } else { &[] });
        bytes.extend_from_slice(&[row | 0x80, cell | 0x80]);
        Some(())
    })
}

/// The bytes of a text, where `put` writes those of a place and katakana of half the width stand after a shift.
fn encoded(text: &str, shift: &[u8], put: impl Fn(Place, &mut Vec<u8>) -> Option<()>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c.is_ascii() {
            bytes.push(c as u8);
        } else if KATAKANA.contains(&c) {
            bytes.extend_from_slice(shift);
            bytes.push((c as u32 - *KATAKANA.start() as u32) as u8 + FIRST_KATAKANA);
        } else {
            let (place, length) = jis_x_0213::place_of(c, chars.clone().next())?;
            chars.by_ref().take(length - 1).for_each(drop);
            put(place, &mut bytes)?;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use crate::encoding::Encoding;

    #[test]
    fn every_sign_comes_back() {
        for encoding in [Encoding::SHIFT_JIS_2004, Encoding::EUC_JIS_2004] {
            for text in ["か\u{309a}き", "か", "俱𠀋", "˩˥˩", "ｱ\\~", "ﾟ"] {
                let bytes = encoding.encode(text).unwrap();
                assert_eq!(encoding.decode(&bytes).as_deref(), Some(text), "{encoding}");
            }
            for bad in [&b"\x81"[..], b"\x85\x20", b"\xa0", b"\xff", b"\x80", b"\xf4\x20"] {
                assert_eq!(encoding.decode(bad), None, "{encoding} {bad:02X?}");
            }
        }
        let bytes = b"\x87\x9f\x87\xa0\xf0\x40\x82\xf5";
        assert_eq!(Encoding::SHIFT_JIS_2004.encode("俱𠀋𠂉か\u{309a}").unwrap(), bytes);
        assert_eq!(Encoding::EUC_JIS_2004.encode("𠂉ｱ").unwrap(), b"\x8f\xa1\xa1\x8e\xb1");
    }

    #[test]
    fn what_is_malformed_takes_no_ascii_with_it() {
        assert_eq!(
            Encoding::SHIFT_JIS_2004.decode_lossy(b"\x86\x20a\x85"),
            ("\u{fffd} a\u{fffd}".to_owned(), 2)
        );
        assert_eq!(
            Encoding::EUC_JIS_2004.decode_lossy(b"\xa1a\x8f\xa1b"),
            ("\u{fffd}a\u{fffd}\u{fffd}b".to_owned(), 3)
        );
    }
}
