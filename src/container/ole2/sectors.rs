//! The sectors of a compound file and the table that chains them ([MS-CFB] 2.2 to 2.5). Nothing in it is believed.

use std::ops::Range;

use super::Stream;
use crate::little_endian::{u32_at, u32s};

const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const HEADER_BYTES: usize = 512;
/// The end of a chain.
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
/// A sector of no chain. Here also one of which nothing is known.
const FREE: u32 = 0xFFFF_FFFF;
/// A sector of the allocation table, and of the table of those.
const FAT_SECTOR: u32 = 0xFFFF_FFFD;
const DIFAT_SECTOR: u32 = 0xFFFF_FFFC;
/// Streams begin at multiples of this in a file, also the small ones.
pub(crate) const SMALL_SECTOR_BYTES: usize = 64;
/// Streams shorter than this, in bytes, are in the stream of small streams. The header states it, but it is always
/// this.
pub(super) const SMALL_BELOW: usize = 4096;
/// So many sectors of something else are passed over where it is a guess how a chain goes on.
const FARTHEST_BEHIND: usize = 256;
/// Entries of the table of the allocation table's sectors that the header has.
const DIFAT_IN_HEADER: usize = 109;

/// What the header says.
#[derive(Debug)]
pub(super) struct Header {
    shift: u32,
    difat: [u32; DIFAT_IN_HEADER],
    difat_next: u32,
    pub(super) directory: u32,
    pub(super) small_table: u32,
    small_table_sectors: usize,
}

impl Header {
    pub(super) fn read(head: &[u8]) -> Option<Self> {
        let head = head.get(..HEADER_BYTES)?;
        let shift = u32::from(head[0x1E]);
        // Without its magic number a file must have all else that never changes.
        let is_form = head[0x1C..0x1E] == [0xFE, 0xFF]
            && matches!(head[0x1E..0x22], [9 | 12, 0, 6, 0])
            && matches!(head[0x1A..0x1C], [3 | 4, 0]);
        if !(head.starts_with(MAGIC) || head.starts_with(&[0; 8]) && is_form) {
            return None;
        }
        let mut difat = [FREE; DIFAT_IN_HEADER];
        difat.iter_mut().zip(u32s(&head[0x4C..])).for_each(|(entry, stated)| *entry = stated);
        Some(Self {
            shift: if shift == 12 { 12 } else { 9 },
            difat,
            difat_next: u32_at(head, 0x44)?,
            directory: u32_at(head, 0x30)?,
            small_table: u32_at(head, 0x3C)?,
            small_table_sectors: u32_at(head, 0x40)? as usize,
        })
    }

    /// Bytes of the allocation table of small sectors.
    pub(super) fn small_table_bytes(&self) -> usize {
        self.small_table_sectors.saturating_mul(1 << self.shift)
    }
}

/// The bytes of a stream: stretches of the file.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) extents: Vec<Range<usize>>,
    /// The table did not say how it goes on, so that it was taken as if it stood in one piece.
    pub(super) is_guess: bool,
}

impl Chain {
    pub(super) fn length(&self) -> usize {
        self.extents.iter().map(Range::len).sum()
    }

    pub(super) fn push(&mut self, extent: Range<usize>) {
        match self.extents.last_mut() {
            Some(last) if last.end == extent.start => last.end = extent.end,
            _ => self.extents.push(extent),
        }
    }
}

/// The sectors of a file. Each is given out once, so that no cycle and no crossing of chains makes work or bytes.
#[derive(Debug)]
pub(super) struct Sectors<'a> {
    pub(super) file: &'a [u8],
    shift: u32,
    /// For each sector the next one of its chain.
    next: Vec<u32>,
    given: Vec<bool>,
}

impl<'a> Sectors<'a> {
    pub(super) fn new(file: &'a [u8], header: &Header) -> Self {
        let count = file.len().saturating_sub(1 << header.shift).div_ceil(1 << header.shift);
        let mut sectors = Self { file, shift: header.shift, next: Vec::new(), given: vec![false; count] };
        let mut table = Vec::new();
        let enough = (count * 4).div_ceil(1 << header.shift);
        table.extend(header.difat.iter().copied().take(enough));
        let mut difat = header.difat_next;
        while table.len() < enough && sectors.give(difat) {
            let entries: Vec<u32> = u32s(sectors.sector(difat)).collect();
            let (last, entries) = entries.split_last().unwrap_or((&FREE, &[]));
            table.extend(entries.iter().copied().take(enough - table.len()));
            difat = *last;
        }
        for sector in table {
            let end = sectors.next.len() + (1 << (header.shift - 2));
            let entries = if sectors.give(sector) { sectors.sector(sector) } else { &[] };
            // A sector full of zeros was wiped: no chain leads to sector 0 a hundred times.
            if u32s(entries).any(|entry| entry != 0) {
                sectors.next.extend(u32s(entries));
            }
            sectors.next.resize(end, FREE);
        }
        sectors.next.resize(count, FREE);
        sectors
    }

    /// What of the allocation table is not there.
    pub(super) fn losses(&self, header: &Header) -> Option<&'static str> {
        let mut stated = header.difat.iter().take_while(|&&sector| sector < FAT_SECTOR);
        let is_cut = stated.any(|&sector| sector as usize >= self.given.len());
        let is_lost = self.next.iter().all(|&entry| entry == FREE) && !self.next.is_empty();
        match (is_cut, is_lost) {
            (true, _) => Some("the file is cut: a part of its allocation table is beyond the end"),
            (false, true) => Some("the allocation table is lost"),
            _ => None,
        }
    }

    /// The bytes of a sector; the last one of a file may be short.
    pub(super) fn sector(&self, sector: u32) -> &'a [u8] {
        &self.file[self.extent(sector)]
    }

    fn extent(&self, sector: u32) -> Range<usize> {
        let start =
            ((sector as usize).saturating_add(1)).saturating_mul(1 << self.shift).min(self.file.len());
        start..start.saturating_add(1 << self.shift).min(self.file.len())
    }

    /// Gives the sector out, if it is there and was not.
    pub(super) fn give(&mut self, sector: u32) -> bool {
        match self.given.get_mut(sector as usize) {
            Some(given) => !std::mem::replace(given, true),
            None => false,
        }
    }

    /// The sector after `sector` in its chain.
    pub(super) fn after(&self, sector: u32) -> After {
        match self.next.get(sector as usize) {
            Some(&END_OF_CHAIN) => After::End,
            Some(&next) if self.is_left(next) => After::Sector(next),
            _ => After::Lost,
        }
    }

    fn is_left(&self, sector: u32) -> bool {
        self.given.get(sector as usize) == Some(&false)
    }

    /// The next sector behind `sector` that was not given out.
    pub(super) fn behind(&self, sector: u32) -> Option<u32> {
        let from = sector as usize + 1;
        let ahead = self.given.get(from..)?.iter().take(FARTHEST_BEHIND).position(|given| !given)?;
        u32::try_from(from + ahead).ok()
    }

    /// The chain from `start` on, of at most `wanted` bytes. Where the table does not say how it goes on, it goes on
    /// behind, if it is known how long it is.
    pub(super) fn chain(&mut self, start: u32, wanted: Option<usize>) -> Chain {
        let mut chain = Chain::default();
        let mut left = wanted.unwrap_or(usize::MAX);
        let mut sector = start;
        while left > 0 && self.give(sector) {
            let extent = self.extent(sector);
            let end = extent.end.min(extent.start.saturating_add(left));
            left -= end - extent.start;
            chain.push(extent.start..end);
            sector = match (self.after(sector), wanted) {
                (After::Sector(next), _) => next,
                (After::Lost, Some(_)) if left > 0 => match self.behind(sector) {
                    Some(next) => {
                        chain.is_guess = true;
                        next
                    }
                    None => break,
                },
                _ => break,
            };
        }
        chain
    }

    /// For each sector, whether a chain begins with it: it is in use, and no other one leads to it.
    pub(super) fn firsts(&self) -> Vec<bool> {
        let is_marked = |&entry: &u32| matches!(entry, FREE | FAT_SECTOR | DIFAT_SECTOR);
        let mut is_first: Vec<bool> = self.next.iter().map(|entry| !is_marked(entry)).collect();
        for &next in &self.next {
            if let Some(is_first) = is_first.get_mut(next as usize) {
                *is_first = false;
            }
        }
        is_first
    }

    /// The chains of which no sector was given out.
    pub(super) fn orphans(&mut self) -> Vec<Chain> {
        let is_first = self.firsts();
        let starts: Vec<u32> =
            (0..).zip(is_first).filter(|(_, is_first)| *is_first).map(|(sector, _)| sector).collect();
        starts.into_iter().map(|start| self.chain(start, None)).filter(|chain| chain.length() > 0).collect()
    }
}

/// How a chain goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum After {
    Sector(u32),
    End,
    /// The table says nothing that could be true.
    Lost,
}

/// The small sectors, which are stretches of a stream.
pub(super) struct Small<'s> {
    stream: &'s Stream<'s>,
    table: &'s [u32],
    given: Vec<bool>,
}

impl<'s> Small<'s> {
    pub(super) fn new(stream: &'s Stream<'s>, table: &'s [u32]) -> Self {
        Self { stream, table, given: vec![false; stream.bytes.len().div_ceil(SMALL_SECTOR_BYTES)] }
    }

    /// The chain from `start` on, of at most `wanted` bytes.
    pub(super) fn chain(&mut self, start: u32, wanted: usize) -> Chain {
        let mut chain = Chain::default();
        let mut left = wanted;
        let mut sector = start as usize;
        while left > 0 && self.given.get(sector) == Some(&false) {
            self.given[sector] = true;
            let at = sector * SMALL_SECTOR_BYTES;
            let length = left.min(SMALL_SECTOR_BYTES).min(self.stream.bytes.len() - at);
            let Some(offset) = self.stream.offset_at(at) else { break };
            // A small sector lies within one sector.
            let offset = offset as usize;
            chain.push(offset..offset + length.min(self.stream.contiguous_from(at)));
            left -= length;
            sector = match self.table.get(sector) {
                Some(&END_OF_CHAIN) => break,
                Some(&next) if self.given.get(next as usize) == Some(&false) => next as usize,
                _ => {
                    chain.is_guess |= left > 0;
                    sector + 1
                }
            };
        }
        chain
    }
}
