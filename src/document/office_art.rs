//! Drawings of Office up to 2003 ([MS-ODRAW]), as far as there is text in them: the metafiles among their pictures.

use std::ops::Range;

use super::Content;
use crate::container::{Budget, zlib};
use crate::little_endian::{u16_at, u32_at};

const HEADER_BYTES: usize = 8;

/// Types of records ([MS-ODRAW] 2.2): a picture in the list of all pictures, and metafiles.
const FBSE: u16 = 0xF007;
const BLIP_EMF: u16 = 0xF01A;
const BLIP_WMF: u16 = 0xF01B;

/// One record ([MS-ODRAW] 2.2.1).
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) kind: u16,
    pub(super) instance: u16,
    pub(super) is_container: bool,
    pub(super) at: usize,
    pub(super) data: Range<usize>,
}

/// The records in a stretch of a stream, one after the other. What is in containers is not among them.
pub(super) struct Records<'b> {
    bytes: &'b [u8],
    range: Range<usize>,
}

impl<'b> Records<'b> {
    pub(super) fn within(bytes: &'b [u8], range: Range<usize>) -> Self {
        Self { bytes, range }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let at = self.range.start;
        let header = self.bytes.get(at..self.range.end)?;
        let (options, kind) = (u16_at(header, 0)?, u16_at(header, 2)?);
        let length = u32_at(header, 4)? as usize;
        let start = at + HEADER_BYTES;
        let end = start.saturating_add(length).min(self.range.end);
        self.range.start = end;
        Some(Record {
            kind,
            instance: options >> 4,
            is_container: options & 0xF == 0xF,
            at,
            data: start..end,
        })
    }
}

/// The pictures of a file, of which the text is added to its own.
pub(super) struct Pictures<'c, 'b, 'l> {
    content: &'c mut Content,
    budget: &'b mut Budget<'l>,
    /// Bytes that are still looked at: all pictures together have no more than the streams that they stand in, however
    /// often a file names the same one.
    bytes_left: usize,
}

impl<'c, 'b, 'l> Pictures<'c, 'b, 'l> {
    /// Pictures that stand in streams of so many bytes.
    pub(super) fn new(content: &'c mut Content, budget: &'b mut Budget<'l>, bytes: usize) -> Self {
        Self { content, budget, bytes_left: bytes }
    }

    /// Adds the text of the metafiles in a drawing. Those that do not stand in it do in `delayed`.
    pub(super) fn drawing(&mut self, drawing: &[u8], delayed: &[u8]) {
        let drawing = self.looked_at(drawing);
        let mut range = 0..drawing.len();
        while let Some(record) = Records::within(drawing, range.clone()).next() {
            range.start = record.data.end;
            let data = &drawing[record.data.clone()];
            if record.is_container {
                // Walked like what is in it, so that containers make no depth.
                range.start = record.data.start;
            } else if record.kind == FBSE {
                match entry(data) {
                    Some(Entry::Embedded { start }) => range.start = record.data.start + start,
                    Some(Entry::Delayed { at }) => self.delayed(delayed, at),
                    None => {}
                }
            } else {
                self.blip(&record, data);
            }
        }
    }

    fn delayed(&mut self, delayed: &[u8], at: usize) {
        if let Some(record) = Records::within(delayed, at..delayed.len()).next() {
            let data = self.looked_at(&delayed[record.data.clone()]);
            self.blip(&record, data);
        }
    }

    fn blip(&mut self, record: &Record, data: &[u8]) {
        let Some(blip) = Blip::read(record, data) else { return };
        if !blip.is_compressed {
            self.content.picture(blip.bytes);
            return;
        }
        let (metafile, problem) = zlib::decompressed(blip.bytes, blip.length, self.budget);
        self.content.picture(&metafile);
        self.content.problems.extend(problem);
    }

    /// Adds the text of what stands there as a metafile.
    pub(super) fn metafile(&mut self, metafile: &[u8]) {
        let metafile = self.looked_at(metafile);
        self.content.picture(metafile);
    }

    fn looked_at<'p>(&mut self, bytes: &'p [u8]) -> &'p [u8] {
        let bytes = &bytes[..bytes.len().min(self.bytes_left)];
        self.bytes_left -= bytes.len();
        bytes
    }
}

/// Where the picture of an entry in the list of pictures stands ([MS-ODRAW] 2.2.32).
#[derive(Debug, PartialEq, Eq)]
enum Entry {
    /// Behind the entry's own fields and its name: so many bytes from their beginning.
    Embedded { start: usize },
    /// In the stream that the format names for it.
    Delayed { at: usize },
}

fn entry(fields: &[u8]) -> Option<Entry> {
    const FIXED_BYTES: usize = 36;
    const DELAYED_AT: usize = 28;
    const NAME_BYTES_AT: usize = 33;
    let start = FIXED_BYTES + usize::from(*fields.get(NAME_BYTES_AT)?);
    if start + HEADER_BYTES <= fields.len() {
        return Some(Entry::Embedded { start });
    }
    // All ones where there is none.
    u32_at(fields, DELAYED_AT).filter(|&at| at != u32::MAX).map(|at| Entry::Delayed { at: at as usize })
}

/// A metafile in a drawing ([MS-ODRAW] 2.2.24, 2.2.25, 2.2.31).
#[derive(Debug, PartialEq, Eq)]
struct Blip<'b> {
    /// Its length when it is not compressed.
    length: usize,
    is_compressed: bool,
    bytes: &'b [u8],
}

impl<'b> Blip<'b> {
    /// `None` if the record is no metafile.
    fn read(record: &Record, data: &'b [u8]) -> Option<Self> {
        const DIGEST_BYTES: usize = 16;
        const HEADER_BYTES: usize = 34;
        const COMPRESSION_AT: usize = 32;
        const DEFLATE: u8 = 0;
        if !matches!(record.kind, BLIP_EMF | BLIP_WMF) {
            return None;
        }
        // An odd instance says that there are two digests.
        let digests = 1 + usize::from(record.instance % 2);
        let (header, bytes) = data.get(digests * DIGEST_BYTES..)?.split_at_checked(HEADER_BYTES)?;
        let is_compressed = header[COMPRESSION_AT] == DEFLATE;
        Some(Self { length: u32_at(header, 0)? as usize, is_compressed, bytes })
    }
}
