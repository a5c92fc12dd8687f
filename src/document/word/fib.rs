//! The file information block, which says where in a document what is ([MS-DOC] 2.5; Word 2 and 6 by their own
//! specifications, which Microsoft published with the software).

use std::ops::Range;

use crate::little_endian::{u16_at, u32_at};

/// Which of the three layouts of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Generation {
    /// Word 2: a flat file of 8-bit text.
    Word2,
    /// Word 6 and 95: 8-bit text.
    Word6,
    /// Word 97 to 2003: pieces of 8 and of 16 bits.
    Word97,
}

/// The parts of the text, in the order in which they follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Body,
    Footnotes,
    Headers,
    Macros,
    Comments,
    Endnotes,
    TextBoxes,
    HeaderTextBoxes,
}

pub(super) const PARTS: [Part; 8] = [
    Part::Body,
    Part::Footnotes,
    Part::Headers,
    Part::Macros,
    Part::Comments,
    Part::Endnotes,
    Part::TextBoxes,
    Part::HeaderTextBoxes,
];

/// What the block can point at: the numbers are the same in all generations.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    PlcfSed = 6,
    PlcfHdd = 11,
    PlcfBteChpx = 12,
    PlcfBtePapx = 13,
    SttbfFfn = 15,
    Dop = 31,
    Clx = 33,
    DggInfo = 50,
}

#[derive(Debug)]
pub(super) struct Fib {
    pub(super) generation: Generation,
    /// fComplex: the text is in pieces also before Word 97.
    pub(super) is_complex: bool,
    pub(super) is_encrypted: bool,
    /// fExtChar before Word 97: each character has 16 bits, which are the code of a double-byte encoding.
    pub(super) is_double_byte: bool,
    /// The stream with the tables.
    pub(super) table: &'static str,
    /// The language of the program.
    pub(super) language: u16,
    /// Written on a Macintosh, with its character set.
    pub(super) is_macintosh: bool,
    /// Where the text begins and where the program thought that it ends: bytes of the stream.
    pub(super) text: Range<usize>,
    /// The length of each part in characters.
    pub(super) lengths: [u32; 8],
}

const ENCRYPTED: u16 = 0x0100;
const COMPLEX: u16 = 0x0004;
const WHICH_TABLE: u16 = 0x0200;
const EXTENDED_CHARACTERS: u16 = 0x1000;
/// The character set of a Macintosh, in the field of Word 6.
const MACINTOSH: u16 = 0x0100;

/// The generation by the magic number and the version; `None` if this is no block.
fn generation(head: &[u8]) -> Option<Generation> {
    match (u16_at(head, 0)?, u16_at(head, 2)?) {
        (0xA5DB, 0x21..=0x3F) => Some(Generation::Word2),
        (0xA5DC | 0xA5EC | 0xA697..=0xA699, 0x65..=0x69) => Some(Generation::Word6),
        (0xA5DC | 0xA5EC, 0x6A..=0x01FF) => Some(Generation::Word97),
        _ => None,
    }
}

/// Whether a stream that begins so is a document.
pub(super) fn is_fib(head: &[u8]) -> bool {
    generation(head).is_some()
}

impl Fib {
    pub(super) fn read(stream: &[u8]) -> Option<Self> {
        let generation = generation(stream)?;
        let flags = u16_at(stream, 0x0A)?;
        let lengths_at = if generation == Generation::Word97 { 0x4C } else { 0x34 };
        let mut lengths = [0; 8];
        // What Word 2 does not have is not counted there.
        let parts = if generation == Generation::Word2 { 5 } else { 8 };
        for (number, length) in lengths.iter_mut().take(parts).enumerate() {
            // A negative length is none.
            let stated = u32_at(stream, lengths_at + 4 * number)?;
            *length = if stated > i32::MAX as u32 { 0 } else { stated };
        }
        let before_97 = generation != Generation::Word97;
        Some(Self {
            generation,
            is_complex: flags & COMPLEX != 0,
            is_encrypted: flags & ENCRYPTED != 0,
            is_double_byte: generation == Generation::Word6 && flags & EXTENDED_CHARACTERS != 0,
            table: if flags & WHICH_TABLE != 0 { "/1Table" } else { "/0Table" },
            language: u16_at(stream, 0x06)?,
            is_macintosh: before_97 && u16_at(stream, 0x14)? == MACINTOSH,
            text: u32_at(stream, 0x18)? as usize..u32_at(stream, 0x1C)? as usize,
            lengths,
        })
    }

    /// Whether a block that only its magic number names could be one, of a stream of at most so many bytes.
    pub(super) fn is_plausible(&self, bytes: usize) -> bool {
        /// The block is longer than this in all generations.
        const LEAST_BYTES: usize = 0x100;
        (LEAST_BYTES..bytes).contains(&self.text.start)
            && self.text.start <= self.text.end
            && self.length() > 0
    }

    /// All characters together. There is one more, of no part, if there is a part other than the body.
    pub(super) fn length(&self) -> u64 {
        self.lengths.iter().map(|&length| u64::from(length)).sum()
    }

    /// Where in the stream with the tables an item is: bytes.
    pub(super) fn place(&self, stream: &[u8], item: Item) -> Option<Range<usize>> {
        let number = item as usize;
        let (start, length) = match self.generation {
            Generation::Word2 => {
                let at = 0x58 + 6 * number;
                (u32_at(stream, at)?, u32::from(u16_at(stream, at + 4)?))
            }
            Generation::Word6 => (u32_at(stream, 0x58 + 8 * number)?, u32_at(stream, 0x5C + 8 * number)?),
            Generation::Word97 => (u32_at(stream, 0x9A + 8 * number)?, u32_at(stream, 0x9E + 8 * number)?),
        };
        let start = start as usize;
        (length > 0).then(|| start..start.saturating_add(length as usize))
    }
}

/// The part of `bytes` in `place` that is there.
pub(super) fn slice(bytes: &[u8], place: Range<usize>) -> &[u8] {
    let end = place.end.min(bytes.len());
    &bytes[place.start.min(end)..end]
}
