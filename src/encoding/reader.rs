//! The programs that read bytes wrongly: what each made of them, and the way back.

use std::fmt;

use super::{Encoding, Fed, Kind, Pending, pairs};

/// Who read the bytes wrongly: an encoding, and whether UTF-8 was tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reader {
    encoding: Encoding,
    utf8_first: bool,
}

/// A few bytes: what one character stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Bytes {
    bytes: [u8; 4],
    length: u8,
}

impl Bytes {
    /// One byte.
    #[inline]
    pub(crate) fn one(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], length: 1 }
    }

    /// The first four of some bytes.
    #[inline]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut all = Self::default();
        bytes.iter().for_each(|&byte| all.push(byte));
        all
    }

    #[inline]
    pub(super) fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(usize::from(self.length)) {
            *slot = byte;
            self.length += 1;
        }
    }

    /// The bytes.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// Two hexadecimal digits a byte.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl Reader {
    /// ISO-8859-1 with the C1 controls at 80–9F.
    pub const LATIN_1: Self = Self::of(Encoding::ISO_8859_1);
    /// windows-1252 as WHATWG reads it: 81 8D 8F 90 9D become C1 controls.
    pub const WINDOWS_1252: Self = Self::of(Encoding::WINDOWS_1252);
    /// UTF-8 where the bytes allow it, windows-1252 (which WHATWG also calls ISO-8859-1) where they don't.
    pub const UTF_8_ELSE_WINDOWS_1252: Self = Self { encoding: Encoding::WINDOWS_1252, utf8_first: true };
    /// The same with ISO-8859-1.
    pub const UTF_8_ELSE_LATIN_1: Self = Self { encoding: Encoding::ISO_8859_1, utf8_first: true };

    /// The reader of one encoding.
    pub const fn of(encoding: Encoding) -> Self {
        Self { encoding, utf8_first: false }
    }

    /// The encoding that is read, or read where UTF-8 fails.
    pub fn encoding(self) -> Encoding {
        self.encoding
    }

    /// Whether UTF-8 is tried first.
    pub fn is_utf8_first(self) -> bool {
        self.utf8_first
    }

    /// The label used in reports.
    pub fn label(self) -> &'static str {
        match (self.utf8_first, self.encoding) {
            (false, encoding) => encoding.label(),
            (true, Encoding::ISO_8859_1) => "utf-8-else-iso-8859-1",
            (true, _) => "utf-8-else-windows-1252",
        }
    }

    /// The bytes that a character stood for, if this reader gives the character at all.
    #[inline]
    pub fn bytes_of(self, c: char) -> Option<Bytes> {
        // Readers of UTF-16 and GB18030 put it where they could not read the bytes; few texts have it.
        if c == '\u{fffd}' && !self.utf8_first && !self.encoding.is_utf8() {
            return None;
        }
        match self.encoding.bytes_of(c) {
            None if self.utf8_first => Encoding::UTF_8.bytes_of(c),
            bytes => bytes,
        }
    }

    /// The byte that a character stood for, if one byte did.
    #[inline]
    pub(crate) fn byte_of(self, c: char) -> Option<u8> {
        match self.encoding.bytes_of(c)?.as_slice() {
            &[byte] => Some(byte),
            _ => None,
        }
    }

    /// What the reader makes of all bytes.
    pub(crate) fn read(self, mut bytes: &[u8]) -> String {
        let mut text = String::new();
        while let Some((c, length)) = self.next_char(bytes) {
            text.push(c);
            bytes = &bytes[length..];
        }
        text
    }

    /// What the reader makes of the first bytes, and of how many; U+FFFD where they are malformed. Malformed bytes are
    /// taken as the WHATWG decoders take them: ASCII after a lead byte stands for itself. `None` at the end.
    pub fn next_char(self, bytes: &[u8]) -> Option<(char, usize)> {
        let &first = bytes.first()?;
        if self.utf8_first
            && first >= 0x80
            && let Some(found) = first_char(Encoding::UTF_8, bytes)
        {
            return Some(found);
        }
        if let Some(found) = first_char(self.encoding, bytes) {
            return Some(found);
        }
        let replaced = match self.encoding.0 {
            Kind::Pairs(family) if family.is_lead(first) => match bytes.get(1) {
                Some(0x80..) => 2,
                _ => 1,
            },
            Kind::Utf16Le | Kind::Utf16Be => bytes.len().min(2),
            _ => 1,
        };
        Some(('\u{fffd}', replaced))
    }

    /// Whether the reader makes a character of a pair of bytes.
    pub(crate) fn is_pair(self, lead: u8, trail: u8) -> bool {
        let family = match self.encoding.0 {
            Kind::Pairs(family) => family,
            Kind::Gb18030 => pairs::Family::Gbk,
            _ => return false,
        };
        // What the standard maps to private characters other decoders replace.
        family.pair(lead, trail).is_some_and(|c| !('\u{e000}'..='\u{f8ff}').contains(&c))
    }

    /// Pairs of bytes, those of ASCII left out, that this reader replaces by one U+FFFD; of UTF-16 the halves of
    /// characters that stand alone.
    pub(crate) fn replaced_pairs(self) -> &'static [[u8; 2]] {
        match self.encoding.0 {
            Kind::Pairs(family) => family.unassigned(),
            Kind::Gb18030 => pairs::Family::Gbk.unassigned(),
            Kind::Utf16Le => &HALVES[0],
            Kind::Utf16Be => &HALVES[1],
            _ => &[],
        }
    }
}

/// The surrogates as bytes, in both orders.
static HALVES: [[[u8; 2]; SURROGATES]; 2] = [halves(true), halves(false)];
const SURROGATES: usize = 0x800;

const fn halves(is_le: bool) -> [[u8; 2]; SURROGATES] {
    let mut halves = [[0; 2]; SURROGATES];
    let mut at = 0;
    while at < SURROGATES {
        // Sorted by the first byte.
        let unit = if is_le { 0xd800 + ((at % 8) << 8) + at / 8 } else { 0xd800 + at };
        let [high, low] = [(unit >> 8) as u8, unit as u8];
        halves[at] = if is_le { [low, high] } else { [high, low] };
        at += 1;
    }
    halves
}

fn first_char(encoding: Encoding, bytes: &[u8]) -> Option<(char, usize)> {
    let mut pending = Pending::NONE;
    for (at, &byte) in bytes.iter().enumerate() {
        match encoding.feed(pending, byte) {
            Fed::More(more) => pending = more,
            Fed::Char(c) => return Some((c, at + 1)),
            Fed::Malformed => return None,
        }
    }
    None
}

/// The byte of a character in ISO-8859-1 or windows-1252, whichever has it.
#[inline]
pub(crate) fn sloppy_byte_of(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(c) {
        return Some(byte);
    }
    if !('\u{152}'..='\u{2122}').contains(&c) {
        return None;
    }
    Reader::WINDOWS_1252.byte_of(c)
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_agrees_with_the_standard() {
        let all: Vec<u8> = (0..=255).collect();
        let mut noise = Vec::new();
        let mut state = 1u32;
        for _ in 0..4000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            noise.push((state >> 24) as u8);
        }
        for (encoding, theirs) in [
            (Encoding::WINDOWS_1252, encoding_rs::WINDOWS_1252),
            (Encoding::BIG5, encoding_rs::BIG5),
            (Encoding::EUC_KR, encoding_rs::EUC_KR),
        ] {
            for bytes in [&all, &noise] {
                let text = theirs.decode_without_bom_handling(bytes).0;
                // The four pairs of Big5 that stand for two characters each are not read here.
                if encoding == Encoding::BIG5 && text.contains(['\u{304}', '\u{30c}']) {
                    continue;
                }
                assert_eq!(Reader::of(encoding).read(bytes), text, "{encoding}");
            }
        }
    }

    #[test]
    fn fused_reading_takes_valid_utf8_first() {
        let reader = Reader::UTF_8_ELSE_WINDOWS_1252;
        // 目录 in GBK is C4 BF C2 BC: two valid pairs of UTF-8.
        assert_eq!(reader.read(&[0xC4, 0xBF, 0xC2, 0xBC]), "Ŀ¼");
        assert_eq!(reader.read(&[0xD2, 0xB3, 0xE9]), "ҳé");
    }

    #[test]
    fn a_lead_byte_before_ascii_is_replaced_alone() {
        assert_eq!(Reader::of(Encoding::GBK).read(&[0xE3, 0x80, 0x82, b'\n', b'a']), "銆\u{fffd}\na");
    }
}
