//! OLE2 compound files ([MS-CFB]): the streams that a document of the old Office formats is made of.
//!
//! A reader of its own, because a file is worth the most to us when it is damaged: what the crates for this format
//! refuse (a cut file, a lost allocation table, a size that is wrong) still holds its text. It also tells where in the
//! file a byte of a stream stands, and copies no stream that stands in one piece.

mod directory;
mod sectors;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use self::directory::Directory;
pub(crate) use self::sectors::SMALL_SECTOR_BYTES;
use self::sectors::{Chain, Header, SMALL_BELOW, Sectors};
use super::Problem;
use crate::little_endian::u32s;

/// More findings than this say nothing more.
const MOST_PROBLEMS: usize = 8;

/// All streams of a compound file.
#[derive(Debug)]
pub(crate) struct Compound<'a> {
    streams: Vec<Stream<'a>>,
    sectors: Option<Sectors<'a>>,
    /// What is wrong with the file as a whole.
    pub(crate) problems: Vec<Problem>,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stream<'a> {
    /// The names of its storages and its own, each after a `/`. Empty where the directory has lost them.
    pub(crate) path: String,
    pub(crate) bytes: Cow<'a, [u8]>,
    /// Which bytes of the file it is made of, in its order.
    extents: Vec<Extent>,
}

/// A stretch of a stream that stands in the file in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Extent {
    /// Where in the stream it begins.
    position: usize,
    /// Where in the file it is.
    place: Range<usize>,
}

/// Whether a file that begins so is a compound file; its magic number may have been zeroed.
pub(crate) fn is_compound(head: &[u8]) -> bool {
    Header::read(head).is_some()
}

impl<'a> Compound<'a> {
    /// Reads all streams; together they are at most as long as the file.
    pub(crate) fn open(file: &'a [u8]) -> Self {
        let mut compound = Self { streams: Vec::new(), sectors: None, problems: Vec::new() };
        let Some(header) = Header::read(file) else {
            compound.problem("no header".to_owned());
            return compound;
        };
        let mut sectors = Sectors::new(file, &header);
        if let Some(found) = sectors.losses(&header) {
            compound.problem(found.to_owned());
        }
        let directory = Directory::read(&mut sectors, header.directory);
        if !directory.has_root() {
            compound.problem("the beginning of the directory is lost".to_owned());
        }
        compound.read_streams(&mut sectors, &header, &directory);
        compound.sectors = Some(sectors);
        compound
    }

    fn read_streams(&mut self, sectors: &mut Sectors<'a>, header: &Header, directory: &Directory) {
        // What no other stream may take: the tables and the stream of small streams.
        let table = sectors.chain(header.small_table, Some(header.small_table_bytes()));
        let table = Stream::new(String::new(), sectors.file, table).bytes;
        let table: Vec<u32> = u32s(&table).collect();
        let (start, size) = directory.small_streams();
        let small = sectors.chain(start, Some(size));
        let small = Stream::new(String::new(), sectors.file, small);
        let mut small = sectors::Small::new(&small, &table);
        // A stream that begins where no chain does is mistaken about its beginning, and may have what is left.
        let is_first = sectors.firsts();
        let mut entries = directory.streams();
        entries.sort_by_key(|entry| is_first.get(entry.start as usize) == Some(&false));
        for entry in entries {
            let chain = if entry.size < SMALL_BELOW {
                small.chain(entry.start, entry.size)
            } else {
                sectors.chain(entry.start, Some(entry.size))
            };
            if chain.is_guess {
                self.problem(format!("the sectors of {} are a guess", shown(&entry.path)));
            } else if chain.length() < entry.size {
                let name = shown(&entry.path);
                self.problem(format!("{name}: {} of {} bytes are there", chain.length(), entry.size));
            }
            self.streams.push(Stream::new(entry.path.clone(), sectors.file, chain));
        }
    }

    /// The stream with that path; case does not matter.
    pub(crate) fn stream(&self, path: &str) -> Option<&Stream<'a>> {
        self.streams.iter().find(|stream| stream.path.eq_ignore_ascii_case(path))
    }

    /// The paths of all streams.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.streams.iter().map(|stream| &*stream.path)
    }

    /// The streams of each storage as a file of its own, by the storage's path: empty for the top. Storages inside it
    /// are others.
    pub(crate) fn into_storages(self) -> BTreeMap<String, Self> {
        let mut storages: BTreeMap<String, Self> = BTreeMap::new();
        for mut stream in self.streams {
            let name = stream.path.rfind('/').unwrap_or_default();
            let own = stream.path.split_off(name);
            let path = std::mem::replace(&mut stream.path, own);
            let empty = || Self { streams: Vec::new(), sectors: None, problems: Vec::new() };
            storages.entry(path).or_insert_with(empty).streams.push(stream);
        }
        storages
    }

    /// What the allocation table has as chains of sectors and the directory doesn't have: streams without a name.
    pub(crate) fn orphans(&mut self) -> Vec<Stream<'a>> {
        let Some(sectors) = &mut self.sectors else { return Vec::new() };
        let file = sectors.file;
        sectors.orphans().into_iter().map(|chain| Stream::new(String::new(), file, chain)).collect()
    }

    fn problem(&mut self, found: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem::Damaged { format: "ole2", found });
        }
    }
}

/// The path of a stream for people: names of streams may begin with a character that cannot be shown ([MS-CFB] 2.6.1).
pub(crate) fn shown(path: &str) -> String {
    path.trim_start_matches('/').replace(char::is_control, "")
}

impl<'a> Stream<'a> {
    fn new(path: String, file: &'a [u8], chain: Chain) -> Self {
        let bytes = match &chain.extents[..] {
            [] => Cow::Borrowed(&[][..]),
            [one] => Cow::Borrowed(&file[one.clone()]),
            several => Cow::Owned(several.iter().flat_map(|extent| &file[extent.clone()]).copied().collect()),
        };
        let mut position = 0;
        let extents = chain.extents.into_iter().map(|place| {
            let extent = Extent { position, place };
            position += extent.place.len();
            extent
        });
        Self { path, bytes, extents: extents.collect() }
    }

    /// The file from `start` on as a stream.
    pub(crate) fn of_file(file: &'a [u8], start: usize) -> Self {
        let mut chain = Chain::default();
        chain.push(start.min(file.len())..file.len());
        Self::new(String::new(), file, chain)
    }

    /// The stream from `position` on.
    pub(crate) fn tail(&self, position: usize) -> Self {
        let bytes = match &self.bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(position..).unwrap_or_default()),
            Cow::Owned(bytes) => Cow::Owned(bytes.get(position..).unwrap_or_default().to_vec()),
        };
        let extents = self.extents.iter().filter(|extent| extent.position + extent.place.len() > position);
        let extents = extents.map(|extent| Extent {
            position: extent.position.saturating_sub(position),
            place: extent.place.start + position.saturating_sub(extent.position)..extent.place.end,
        });
        Self { path: String::new(), bytes, extents: extents.collect() }
    }

    /// Where in the file the byte at `position` of the stream stands.
    pub(crate) fn offset_at(&self, position: usize) -> Option<u64> {
        let extent = self.extent_at(position)?;
        Some((extent.place.start + position - extent.position) as u64)
    }

    /// How many bytes from `position` on stand in the file one after the other.
    fn contiguous_from(&self, position: usize) -> usize {
        self.extent_at(position).map_or(0, |extent| extent.position + extent.place.len() - position)
    }

    fn extent_at(&self, position: usize) -> Option<&Extent> {
        let after = self.extents.partition_point(|extent| extent.position <= position);
        let extent = self.extents.get(after.checked_sub(1)?)?;
        (position - extent.position < extent.place.len()).then_some(extent)
    }
}

#[cfg(test)]
mod tests;
