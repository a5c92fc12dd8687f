//! The records of BIFF: a number, a length, data ([MS-XLS] 2.1.4).

use crate::little_endian::{array_at, u16_at, u32_at};

/// The generations of BIFF that differ in what is read here; Excel 95 writes what Excel 5.0 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    Biff2,
    Biff3,
    Biff4,
    Biff5,
    Biff8,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'b> {
    pub(super) number: u16,
    /// Where the record begins, bytes from the beginning of the stream.
    pub(super) at: usize,
    pub(super) data: &'b [u8],
}

pub(super) const CONTINUE: u16 = 0x003C;
const HEADER_BYTES: usize = 4;
/// The kinds of substreams that a file may begin with: workbook, module, sheet, chart, macro sheet, workspace.
const SUBSTREAMS: [u16; 6] = [0x0005, 0x0006, 0x0010, 0x0020, 0x0040, 0x0100];

impl Record<'_> {
    /// The version that a BOF record tells; `None` for other records.
    pub(super) fn version(&self) -> Option<Version> {
        match (self.number, self.u16(0)) {
            (0x0009, _) => Some(Version::Biff2),
            (0x0209, _) => Some(Version::Biff3),
            (0x0409, _) => Some(Version::Biff4),
            (0x0809, Some(0x0600)) => Some(Version::Biff8),
            (0x0809, _) => Some(Version::Biff5),
            _ => None,
        }
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.data, at)
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        u32_at(self.data, at)
    }

    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        array_at(self.data, at).map(f64::from_le_bytes)
    }
}

/// Whether a file that begins so begins with a BOF record.
pub(super) fn is_beginning(head: &[u8]) -> bool {
    let mut records = Records::new(head);
    let Some(record) = records.next() else { return false };
    let is_length = match record.number {
        0x0009 => matches!(record.data.len(), 4 | 6),
        0x0209 | 0x0409 => record.data.len() == 6,
        0x0809 => matches!(record.data.len(), 8 | 16) && matches!(record.u16(0), Some(0x0500 | 0x0600)),
        _ => false,
    };
    is_length && !records.is_cut && record.u16(2).is_some_and(|kind| SUBSTREAMS.contains(&kind))
}

/// All records of a stream, one after the other.
pub(super) struct Records<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Whether the last record was cut off, or half a header is left.
    pub(super) is_cut: bool,
}

impl<'b> Records<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, is_cut: false }
    }

    /// The data of the record that was just read and of the CONTINUE records behind it.
    pub(super) fn with_continued(&mut self, record: Record<'b>) -> Vec<&'b [u8]> {
        let mut pieces = vec![record.data];
        while u16_at(self.bytes, self.at) == Some(CONTINUE)
            && let Some(record) = self.next()
        {
            pieces.push(record.data);
        }
        pieces
    }
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Record<'b>> {
        let rest = self.bytes.get(self.at..)?;
        let (Some(number), Some(length)) = (u16_at(rest, 0), u16_at(rest, 2)) else {
            // Streams are often padded with zeros.
            self.is_cut |= rest.iter().any(|&b| b != 0);
            self.at = self.bytes.len();
            return None;
        };
        let data = &rest[HEADER_BYTES..];
        self.is_cut |= data.len() < usize::from(length);
        let data = &data[..data.len().min(length.into())];
        let record = Record { number, at: self.at, data };
        self.at += HEADER_BYTES + data.len();
        Some(record)
    }
}
