//! The pieces that the text of a document is put together of ([MS-DOC] 2.8.35, 2.9.38, 2.9.73, 2.9.177).

use std::ops::Range;

use super::fib::{Fib, Generation, Item, slice};
use crate::little_endian::{u16_at, u32_at};

/// How characters stand in a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A byte; characters of two bytes count twice.
    Byte,
    /// 16 bits of UTF-16.
    Utf16,
    /// 16 bits that are the code of a character in a double-byte encoding, its first byte in the upper half.
    DoubleByteCode,
}

impl Unit {
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Byte => 1,
            Self::Utf16 | Self::DoubleByteCode => 2,
        }
    }
}

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Which characters of the document these are.
    pub(super) characters: Range<u32>,
    /// Where in the stream the first of them is.
    pub(super) at: usize,
    pub(super) unit: Unit,
}

impl Piece {
    /// The part of the stream that these characters of the piece are, as far as it is there.
    pub(super) fn bytes<'s>(&self, stream: &'s [u8], characters: Range<u32>) -> (usize, &'s [u8]) {
        let place = |character: u32| {
            let ahead = (character.saturating_sub(self.characters.start)) as usize;
            self.at.saturating_add(ahead.saturating_mul(self.unit.bytes()))
        };
        let (start, end) = (place(characters.start), place(characters.end));
        (start, slice(stream, start..end))
    }
}

/// Whether the document says which pieces it has; otherwise its text stands in one.
pub(super) fn has_clx(fib: &Fib) -> bool {
    fib.generation == Generation::Word97 || fib.is_complex
}

/// The pieces of a document as far as its own tables say.
pub(super) fn read(fib: &Fib, stream: &[u8], table: &[u8]) -> Option<Vec<Piece>> {
    if has_clx(fib) {
        return pieces(fib, slice(table, fib.place(stream, Item::Clx)?));
    }
    let unit = if fib.is_double_byte { Unit::DoubleByteCode } else { Unit::Byte };
    let length = u32::try_from(fib.length()).unwrap_or(u32::MAX).saturating_add(1);
    Some(vec![Piece { characters: 0..length, at: fib.text.start, unit }])
}

/// The pieces of a Clx.
fn pieces(fib: &Fib, clx: &[u8]) -> Option<Vec<Piece>> {
    let plc = Plc::find(fib, clx)?;
    let mut pieces = Vec::new();
    let mut begin = u32_at(plc.bytes, 0)?;
    for number in 0..plc.count {
        let Some(end) = u32_at(plc.bytes, 4 * (number + 1)) else { break };
        let Some(place) = u32_at(plc.bytes, 4 * (plc.count + 1) + PCD_BYTES * number + 2) else { break };
        if end > begin {
            let (at, unit) = place_of(fib, place);
            pieces.push(Piece { characters: begin..end, at, unit });
        }
        begin = begin.max(end);
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// Whether a Clx is one, and its pieces are of as many characters as the header counts. Allocates nothing, so that it
/// can be asked of many places.
pub(super) fn is_fitting(fib: &Fib, clx: &[u8]) -> bool {
    let ends =
        Plc::find(fib, clx).and_then(|plc| Some((u32_at(plc.bytes, 0)?, u32_at(plc.bytes, 4 * plc.count)?)));
    let length = fib.length();
    length > 0
        && ends.is_some_and(|(start, end)| start == 0 && (length..=length + 1).contains(&u64::from(end)))
}

const PCD_BYTES: usize = 8;

/// The table of pieces: where each begins, then what each is.
struct Plc<'c> {
    bytes: &'c [u8],
    count: usize,
}

impl<'c> Plc<'c> {
    /// The table in a Clx, which begins with properties of pieces.
    fn find(fib: &Fib, clx: &'c [u8]) -> Option<Self> {
        const PRC: u8 = 1;
        const PCDT: u8 = 2;
        const MOST_PRCS: usize = 1000;
        let mut at = 0;
        for _ in 0..MOST_PRCS {
            if *clx.get(at)? != PRC {
                break;
            }
            at += 3 + usize::from(u16_at(clx, at + 1)?);
        }
        if *clx.get(at)? != PCDT {
            return None;
        }
        let (length, start) = match fib.generation {
            Generation::Word2 => (usize::from(u16_at(clx, at + 1)?), at + 3),
            Generation::Word6 | Generation::Word97 => (u32_at(clx, at + 1)? as usize, at + 5),
        };
        let bytes = slice(clx, start..start.saturating_add(length));
        // As long as it says, or cut.
        let count = length.checked_sub(4)? / (4 + PCD_BYTES);
        (count < clx.len()).then_some(Self { bytes, count })
    }
}

/// Where a piece begins. Word 97 marks pieces of bytes and doubles their places.
fn place_of(fib: &Fib, place: u32) -> (usize, Unit) {
    const COMPRESSED: u32 = 1 << 30;
    match fib.generation {
        Generation::Word97 if place & COMPRESSED != 0 => {
            ((place & (COMPRESSED - 1)) as usize / 2, Unit::Byte)
        }
        Generation::Word97 => ((place & (COMPRESSED - 1)) as usize, Unit::Utf16),
        Generation::Word6 if fib.is_double_byte => (place as usize, Unit::DoubleByteCode),
        Generation::Word2 | Generation::Word6 => (place as usize, Unit::Byte),
    }
}
