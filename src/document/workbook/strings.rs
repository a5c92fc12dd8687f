//! The strings of BIFF: bytes before BIFF8, one or two bytes per UTF-16 unit since.

use super::Text;
use crate::document::{Declared, Declarer, RunText};
use crate::encoding::Encoding;
use crate::little_endian::{u16_at, u16s};

/// Flags of a string ([MS-XLS] 2.5.293).
const HIGH_BYTES: u8 = 0x01;
const EXTENDED: u8 = 0x04;
const RICH: u8 = 0x08;

/// How many bytes the length before a string has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Byte,
    Word,
}

/// The bytes of a string before BIFF8 and where in `data` they begin.
pub(super) fn bytes(data: &[u8], at: usize, length: Length) -> Option<(usize, &[u8])> {
    let (from, count) = match length {
        Length::Byte => (at + 1, usize::from(*data.get(at)?)),
        Length::Word => (at + 2, usize::from(u16_at(data, at)?)),
    };
    let rest = data.get(from..)?;
    Some((from, &rest[..count.min(rest.len())]))
}

/// The data of a record and of the CONTINUE records behind it, read from front to back.
pub(super) struct Continued<'b> {
    pieces: std::vec::IntoIter<&'b [u8]>,
    piece: &'b [u8],
}

impl<'b> Continued<'b> {
    pub(super) fn new(pieces: Vec<&'b [u8]>) -> Self {
        Self { pieces: pieces.into_iter(), piece: &[] }
    }

    /// Makes sure that a byte is there, or tells that none is left.
    fn more(&mut self) -> Option<()> {
        while self.piece.is_empty() {
            self.piece = self.pieces.next()?;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.more()?;
        let (first, rest) = self.piece.split_first()?;
        self.piece = rest;
        Some(*first)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    /// Passes over `count` bytes, or what there is of them.
    pub(super) fn skip(&mut self, count: usize) {
        let mut left = count;
        while left > 0 && self.more().is_some() {
            let here = left.min(self.piece.len());
            self.piece = &self.piece[here..];
            left -= here;
        }
    }

    /// A string with its flags, its formatting runs and its phonetic part passed over ([MS-XLS] 2.5.293 and 2.5.294).
    pub(super) fn string(&mut self, length: Length) -> Option<Text> {
        let count = match length {
            Length::Byte => self.byte()?.into(),
            Length::Word => self.u16()?,
        };
        let flags = self.byte()?;
        let runs = if flags & RICH != 0 { self.u16()? } else { 0 };
        let extended = if flags & EXTENDED != 0 { self.u32()? } else { 0 };
        let text = self.characters(count.into(), flags);
        self.skip(usize::from(runs) * 4);
        self.skip(extended as usize);
        Some(text)
    }

    /// The characters after a byte of flags, in a record of their own (as in TXO).
    pub(super) fn flagged_characters(&mut self, count: usize) -> Option<Text> {
        // Where a string begins with a CONTINUE record, its flags are the first byte there.
        self.piece = &[];
        let flags = self.byte()?;
        Some(self.characters(count, flags))
    }

    /// `count` units. A CONTINUE record within them begins with flags of its own, so that a string may change its
    /// width.
    fn characters(&mut self, count: usize, flags: u8) -> Text {
        let mut characters = Characters::default();
        let mut is_wide = flags & HIGH_BYTES != 0;
        let mut left = count;
        while left > 0 {
            if self.piece.is_empty() {
                match self.byte() {
                    Some(flags) => is_wide = flags & HIGH_BYTES != 0,
                    None => break,
                }
            }
            let width = if is_wide { 2 } else { 1 };
            let units = (self.piece.len() / width).min(left);
            if units == 0 {
                // Half a unit before a CONTINUE record is damage; empty records are passed over.
                self.piece = &[];
                continue;
            }
            let (here, rest) = self.piece.split_at(units * width);
            characters.add(here, is_wide);
            self.piece = rest;
            left -= units;
        }
        characters.text()
    }
}

/// The units of one string.
#[derive(Default)]
struct Characters {
    narrow: Vec<u8>,
    wide: Option<Vec<u16>>,
}

impl Characters {
    fn add(&mut self, bytes: &[u8], is_wide: bool) {
        if is_wide && self.wide.is_none() {
            self.wide = Some(self.narrow.iter().copied().map(u16::from).collect());
        }
        match &mut self.wide {
            None => self.narrow.extend_from_slice(bytes),
            Some(wide) if is_wide => wide.extend(u16s(bytes)),
            Some(wide) => wide.extend(bytes.iter().copied().map(u16::from)),
        }
    }

    /// One byte per unit means ISO 8859-1 by the specification; some writers put bytes of their code page there.
    fn text(self) -> Text {
        let text = match self.wide {
            Some(wide) => RunText::Unicode(String::from_utf16_lossy(&wide)),
            None => RunText::Bytes {
                bytes: self.narrow,
                declared: Declared::new(Declarer::Specification, Some(Encoding::WINDOWS_1252)),
            },
        };
        Text { offset: None, text }
    }
}

/// A header or footer without its codes ([MS-XLS] 2.4.136): `&L`, `&C` and `&R` begin a section, `&"…"` names a font,
/// digits are its size, other letters stand for the page number and the like. All codes are ASCII, also between bytes
/// of two.
pub(in crate::document) fn without_codes(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'&' {
            text.push(byte);
            continue;
        }
        let Some((&code, after)) = rest.split_first() else { break };
        rest = after;
        match code {
            b'&' => text.push(b'&'),
            b'L' | b'C' | b'R' if !text.is_empty() => text.push(b'\t'),
            b'"' => {
                let end = rest.iter().position(|&b| b == b'"').map_or(rest.len(), |end| end + 1);
                rest = &rest[end..];
            }
            b'0'..=b'9' => {
                let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                rest = &rest[digits..];
            }
            _ => {}
        }
    }
    text
}
