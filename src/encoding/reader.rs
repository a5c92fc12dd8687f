//! The programs that read bytes wrongly: each byte became a character, and here is the way back.

use std::fmt;

/// Who read the bytes wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reader {
    /// ISO-8859-1 with the C1 controls at 80–9F.
    Latin1,
    /// windows-1252 as WHATWG reads it: 81 8D 8F 90 9D become C1 controls.
    Windows1252,
    /// UTF-8 where the bytes allow it, windows-1252 (which WHATWG also calls ISO-8859-1) where they don't.
    Utf8ElseWindows1252,
}

/// Characters that windows-1252 has at 80–9F; the five bytes it leaves out stand for themselves.
/// Source: the WHATWG encoding standard's index-windows-1252.
const HIGH_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Reader {
    /// The label used in reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Latin1 => "iso-8859-1",
            Self::Windows1252 => "windows-1252",
            Self::Utf8ElseWindows1252 => "utf-8-else-windows-1252",
        }
    }

    /// The character that a lone byte became.
    pub fn char_of(self, byte: u8) -> char {
        match (self, byte) {
            (Self::Windows1252 | Self::Utf8ElseWindows1252, 0x80..=0x9f) => {
                HIGH_CONTROLS[usize::from(byte - 0x80)]
            }
            _ => char::from(byte),
        }
    }

    /// The byte that a character stood for, if one byte did.
    pub fn byte_of(self, c: char) -> Option<u8> {
        sloppy_byte_of(c).filter(|&byte| self.char_of(byte) == c)
    }

    /// Reads bytes as this reader did.
    pub fn read(self, bytes: &[u8]) -> String {
        if self != Self::Utf8ElseWindows1252 {
            return bytes.iter().map(|&b| self.char_of(b)).collect();
        }
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|&b| self.char_of(b)));
        }
        text
    }
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
    HIGH_CONTROLS.iter().position(|&high| high == c).map(|at| at as u8 + 0x80)
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
    fn every_byte_comes_back_from_its_character() {
        for reader in [Reader::Latin1, Reader::Windows1252] {
            for byte in 0..=255 {
                assert_eq!(reader.byte_of(reader.char_of(byte)), Some(byte), "{reader} {byte:02X}");
            }
        }
    }

    #[test]
    fn windows_1252_agrees_with_the_standard() {
        let bytes: Vec<u8> = (0..=255).collect();
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        assert_eq!(Reader::Windows1252.read(&bytes), text);
    }

    #[test]
    fn fused_reading_takes_valid_utf8_first() {
        // 目录 in GBK is C4 BF C2 BC: two valid pairs of UTF-8.
        assert_eq!(Reader::Utf8ElseWindows1252.read(&[0xC4, 0xBF, 0xC2, 0xBC]), "Ŀ¼");
        assert_eq!(Reader::Utf8ElseWindows1252.read(&[0xD2, 0xB3, 0xE9]), "ҳé");
    }
}
