//! The encodings as automata: fed byte by byte, they yield characters.

use super::euc_tw;
use super::johab;
use super::pairs::{self, Family};
use super::{Encoding, Kind};

/// Bytes of a character that is not complete yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub(crate) struct Pending {
    bytes: [u8; 3],
    length: u8,
}

/// What an automaton makes of a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fed {
    /// The character needs more bytes.
    More(Pending),
    /// A character is complete.
    Char(char),
    /// No character goes on like this.
    Malformed,
}

impl Pending {
    /// Bytes that wait, at most: all but the last of two halves in CESU-8.
    pub(crate) const MOST: usize = 5;
    /// No bytes wait.
    pub(crate) const NONE: Self = Self { bytes: [0; 3], length: 0 };

    #[inline]
    pub(crate) fn len(self) -> usize {
        usize::from(self.length)
    }

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.length == 0
    }

    #[inline]
    fn and(mut self, byte: u8) -> Fed {
        self.bytes[self.len()] = byte;
        self.length += 1;
        Fed::More(self)
    }
}

impl Encoding {
    /// Feeds one byte after those that wait.
    #[inline]
    pub(crate) fn feed(self, pending: Pending, byte: u8) -> Fed {
        match self.0 {
            Kind::Utf8 => feed_utf8(pending, byte),
            Kind::Cesu8 => feed_cesu8(pending, byte),
            Kind::SingleByte(page) => page.char_of(byte).map_or(Fed::Malformed, Fed::Char),
            Kind::OtherPage(page) => page.char_of(byte).map_or(Fed::Malformed, Fed::Char),
            Kind::Gb18030 => feed_gb18030(pending, byte),
            Kind::Pairs(Family::EucJp) => feed_euc_jp(pending, byte),
            Kind::Pairs(family) => feed_pair(family, pending, byte),
            Kind::Utf16Le => feed_utf16(pending, byte, u16::from_le_bytes),
            Kind::Utf16Be => feed_utf16(pending, byte, u16::from_be_bytes),
            Kind::Utf32Le => feed_utf32(pending, byte, u32::from_le_bytes),
            Kind::Utf32Be => feed_utf32(pending, byte, u32::from_be_bytes),
            Kind::Johab => feed_johab(pending, byte),
            Kind::EucTw => feed_euc_tw(pending, byte),
            // What a byte means there depends on more than the bytes of its character: see `decoder`.
            Kind::Stateful(encoding) if encoding.is_ascii(byte) => Fed::Char(char::from(byte)),
            Kind::Stateful(_) => Fed::Malformed,
        }
    }
}

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
fn feed_utf8(pending: Pending, byte: u8) -> Fed {
    let lead = pending.bytes[0];
    let allowed = match (pending.length, lead) {
        (0, _) => {
            return match byte {
                0..=0x7f => Fed::Char(char::from(byte)),
                0xc2..=0xf4 => pending.and(byte),
                _ => Fed::Malformed,
            };
        }
        (1, 0xe0) => 0xa0..=0xbf,
        (1, 0xed) => 0x80..=0x9f,
        (1, 0xf0) => 0x90..=0xbf,
        (1, 0xf4) => 0x80..=0x8f,
        _ => 0x80..=0xbf,
    };
    if !allowed.contains(&byte) {
        return Fed::Malformed;
    }
    let needed = match lead {
        ..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    if pending.len() + 1 < needed {
        return pending.and(byte);
    }
    let [first, rest @ ..] = pending.bytes;
    let mut scalar = u32::from(first) & (0x7f >> needed);
    for &trail in rest.iter().take(needed - 2).chain([&byte]) {
        scalar = scalar << 6 | u32::from(trail & 0x3f);
    }
    char::from_u32(scalar).map_or(Fed::Malformed, Fed::Char)
}

/// Unicode Technical Report #26: as UTF-8 up to U+FFFF, and the halves of a pair of UTF-16 as three bytes each.
///
/// Of the second half the first byte is always ED, so only its second one is kept, in the place of the first ED.
fn feed_cesu8(pending: Pending, byte: u8) -> Fed {
    let [first, second, third] = pending.bytes;
    let with = |length, first| Fed::More(Pending { bytes: [first, second, third], length });
    match (pending.length, first, second, byte) {
        (0, _, _, 0xf0..) => Fed::Malformed,
        (1, 0xed, _, 0xa0..=0xaf) | (2, 0xed, 0xa0..=0xaf, 0x80..=0xbf) => pending.and(byte),
        (3, _, _, 0xed) => with(4, first),
        (4, _, _, 0xb0..=0xbf) => with(5, byte),
        (5, _, _, 0x80..=0xbf) => {
            let unit = |middle: u8, last: u8| 0xd000 | u16::from(middle & 0x3f) << 6 | u16::from(last & 0x3f);
            match char::decode_utf16([unit(second, third), unit(first, byte)]).next() {
                Some(Ok(c)) => Fed::Char(c),
                _ => Fed::Malformed,
            }
        }
        (..=2, ..) => feed_utf8(pending, byte),
        _ => Fed::Malformed,
    }
}

/// The two halves of a character in CESU-8.
pub(super) fn halves(c: char) -> impl Iterator<Item = u8> {
    let units: Vec<u16> = c.encode_utf16(&mut [0; 2]).to_vec();
    let low = |bits: u16| 0x80 | (bits & 0x3f) as u8;
    units.into_iter().flat_map(move |unit| [0xe0 | (unit >> 12) as u8, low(unit >> 6), low(unit)])
}

#[inline]
fn feed_pair(family: Family, pending: Pending, byte: u8) -> Fed {
    match pending.length {
        0 if byte < 0x80 => Fed::Char(char::from(byte)),
        0 if family.is_lead(byte) => pending.and(byte),
        0 => family.alone(byte).map_or(Fed::Malformed, Fed::Char),
        _ => family.pair(pending.bytes[0], byte).map_or(Fed::Malformed, Fed::Char),
    }
}

fn feed_gb18030(pending: Pending, byte: u8) -> Fed {
    match (pending.length, byte) {
        (1 | 3, 0x30..=0x39) | (2, 0x81..=0xfe) => {
            if pending.length < 3 {
                return pending.and(byte);
            }
            let [a, b, c] = pending.bytes;
            pairs::four_bytes([a, b, c, byte]).map_or(Fed::Malformed, Fed::Char)
        }
        (0 | 1, _) => feed_pair(Family::Gbk, pending, byte),
        _ => Fed::Malformed,
    }
}

fn feed_euc_jp(pending: Pending, byte: u8) -> Fed {
    match (pending.length, pending.bytes[0], byte) {
        (1, 0x8f, 0xa1..=0xfe) => pending.and(byte),
        (2, lead, _) => pairs::three_bytes([lead, pending.bytes[1], byte]).map_or(Fed::Malformed, Fed::Char),
        _ => feed_pair(Family::EucJp, pending, byte),
    }
}

fn feed_utf16(pending: Pending, byte: u8, unit_of: fn([u8; 2]) -> u16) -> Fed {
    let [a, b, c] = pending.bytes;
    match pending.length {
        0 | 2 => pending.and(byte),
        1 => match unit_of([a, byte]) {
            0xd800..=0xdbff => pending.and(byte),
            unit => char::from_u32(u32::from(unit)).map_or(Fed::Malformed, Fed::Char),
        },
        _ => {
            let units = [unit_of([a, b]), unit_of([c, byte])];
            match char::decode_utf16(units).next() {
                Some(Ok(c)) => Fed::Char(c),
                _ => Fed::Malformed,
            }
        }
    }
}

fn feed_utf32(pending: Pending, byte: u8, scalar_of: fn([u8; 4]) -> u32) -> Fed {
    let [a, b, c] = pending.bytes;
    if pending.length < 3 {
        return pending.and(byte);
    }
    char::from_u32(scalar_of([a, b, c, byte])).map_or(Fed::Malformed, Fed::Char)
}

fn feed_euc_tw(pending: Pending, byte: u8) -> Fed {
    let [a, b, c] = pending.bytes;
    let char_of = |plane, row| euc_tw::char_of(plane, row, byte).map_or(Fed::Malformed, Fed::Char);
    match (pending.length, a, byte) {
        (0, _, 0..=0x7f) => Fed::Char(char::from(byte)),
        (0, _, 0x8e | 0xa1..=0xfe) => pending.and(byte),
        (1, 0x8e, 0xa1..=0xb0) | (2, 0x8e, 0xa1..=0xfe) => pending.and(byte),
        (1, 0xa1..=0xfe, _) => char_of(1, a),
        (3, ..) => char_of(b - 0xa0, c),
        _ => Fed::Malformed,
    }
}

fn feed_johab(pending: Pending, byte: u8) -> Fed {
    match pending.length {
        0 if byte < 0x80 => Fed::Char(char::from(byte)),
        0 if johab::is_lead(byte) => pending.and(byte),
        0 => Fed::Malformed,
        _ => johab::pair(pending.bytes[0], byte).map_or(Fed::Malformed, Fed::Char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_automaton_agrees_with_the_standard_library() {
        let fed = |bytes: &[u8]| {
            bytes.iter().try_fold((Pending::NONE, None), |(pending, _), &byte| {
                match Encoding::UTF_8.feed(pending, byte) {
                    Fed::More(more) => Some((more, None)),
                    Fed::Char(c) => Some((Pending::NONE, Some(c))),
                    Fed::Malformed => None,
                }
            })
        };
        for c in ('\0'..=char::MAX).step_by(7) {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes().to_vec();
            assert_eq!(fed(&bytes), Some((Pending::NONE, Some(c))));
        }
        for bad in [&[0xc0, 0x80][..], &[0xed, 0xa0, 0x80], &[0xf4, 0x90, 0x80, 0x80], &[0xe4, 0x3d], &[0x80]]
        {
            assert_eq!(fed(bad), None, "{bad:02X?}");
        }
    }
}
