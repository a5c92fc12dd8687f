//! The directory of a compound file ([MS-CFB] 2.6): which streams there are and what they are called.

use super::sectors::{After, Sectors};
use crate::little_endian::{u16s, u32_at, utf_16};

const ENTRY_BYTES: usize = 128;
/// No entry.
const NONE: u32 = 0xFFFF_FFFF;
/// Storages inside storages; what is deeper is taken as if it were at the top.
const DEEPEST: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Storage,
    Stream,
    Root,
}

#[derive(Debug)]
struct Entry {
    kind: Option<Kind>,
    name: String,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: usize,
}

/// A stream as the directory has it.
#[derive(Debug)]
pub(super) struct StreamEntry {
    pub(super) path: String,
    pub(super) start: u32,
    /// As it is stated.
    pub(super) size: usize,
}

/// All entries, also those that no other one leads to.
#[derive(Debug, Default)]
pub(super) struct Directory {
    entries: Vec<Entry>,
}

impl Directory {
    /// Reads the chain of sectors from `start` on. How long it is is not stated: where the table is lost, it goes on as
    /// long as what is there looks like a directory.
    pub(super) fn read(sectors: &mut Sectors<'_>, start: u32) -> Self {
        let mut directory = Self::default();
        let mut sector = start;
        while sectors.give(sector) {
            directory.entries.extend(sectors.sector(sector).chunks_exact(ENTRY_BYTES).map(entry));
            sector = match sectors.after(sector) {
                After::Sector(next) => next,
                After::End => break,
                After::Lost => match sectors.behind(sector) {
                    Some(next) if is_directory(sectors.sector(next)) => next,
                    _ => break,
                },
            };
        }
        directory
    }

    pub(super) fn has_root(&self) -> bool {
        self.entries.first().is_some_and(|entry| entry.kind == Some(Kind::Root))
    }

    /// Where the stream of all small streams begins, and its length in bytes.
    pub(super) fn small_streams(&self) -> (u32, usize) {
        let root = self.entries.iter().find(|entry| entry.kind == Some(Kind::Root));
        root.map_or((NONE, 0), |root| (root.start, root.size))
    }

    /// The streams, in the order of their entries.
    pub(super) fn streams(&self) -> Vec<StreamEntry> {
        let parents = self.parents();
        let streams = self.entries.iter().enumerate().filter(|(_, entry)| entry.kind == Some(Kind::Stream));
        streams
            .map(|(number, entry)| StreamEntry {
                path: self.path(number, &parents),
                start: entry.start,
                size: entry.size,
            })
            .collect()
    }

    /// For each entry the storage that it is in, as far as there is a way to it.
    fn parents(&self) -> Vec<Option<usize>> {
        let mut parents = vec![None; self.entries.len()];
        let mut seen = vec![false; self.entries.len()];
        for (number, storage) in self.entries.iter().enumerate() {
            if !matches!(storage.kind, Some(Kind::Storage | Kind::Root)) {
                continue;
            }
            let mut ahead = vec![storage.child];
            while let Some(next) = ahead.pop() {
                let next = next as usize;
                let Some(entry) = self.entries.get(next) else { continue };
                if !std::mem::replace(&mut seen[next], true) {
                    parents[next] = Some(number);
                    ahead.extend([entry.left, entry.right]);
                }
            }
        }
        parents
    }

    fn path(&self, number: usize, parents: &[Option<usize>]) -> String {
        let mut names = vec![self.entries[number].name.as_str()];
        let mut at = parents[number];
        while let Some(storage) = at
            && self.entries[storage].kind == Some(Kind::Storage)
        {
            if names.len() > DEEPEST {
                names.truncate(1);
                break;
            }
            names.push(&self.entries[storage].name);
            at = parents[storage];
        }
        names.iter().rev().flat_map(|name| ["/", name]).collect()
    }
}

fn entry(bytes: &[u8]) -> Entry {
    let u32_at = |at: usize| u32_at(bytes, at).unwrap_or(NONE);
    Entry {
        kind: match bytes[0x42] {
            1 => Some(Kind::Storage),
            2 => Some(Kind::Stream),
            5 => Some(Kind::Root),
            _ => None,
        },
        name: utf_16(u16s(&bytes[..64]).take_while(|&unit| unit != 0)),
        left: u32_at(0x44),
        right: u32_at(0x48),
        child: u32_at(0x4C),
        start: u32_at(0x74),
        // The upper half of the size may be anything in files with sectors of 512 bytes, and no file here is so long.
        size: u32_at(0x78) as usize,
    }
}

/// Whether a sector holds entries: names that end where they say, kinds that exist.
fn is_directory(sector: &[u8]) -> bool {
    let is_entry = |bytes: &[u8]| {
        let length = usize::from(bytes[0x40]);
        match bytes[0x42] {
            0 => bytes[..0x42].iter().all(|&byte| byte == 0),
            1 | 2 | 5 => {
                bytes[0x41] == 0
                    && (4..=64).contains(&length)
                    && length % 2 == 0
                    && bytes[length - 2..length] == [0, 0]
            }
            _ => false,
        }
    };
    sector.len() >= ENTRY_BYTES
        && sector.chunks_exact(ENTRY_BYTES).all(is_entry)
        && sector.chunks_exact(ENTRY_BYTES).any(|bytes| bytes[0x42] != 0)
}
