//! Presentations of PowerPoint 97 to 2003 ([MS-PPT]): records inside records in the stream `PowerPoint Document`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Content, Declared, Declarer, Zone, objects};
use crate::container::ole2::Compound;
use crate::container::{Budget, Part, Problem, zlib};
use crate::encoding::Encoding;

const HEADER_BYTES: usize = 8;
/// Records inside each other, at the most.
const DEEPEST: usize = 32;
/// Edits of the file, each of which points at the one before.
const MOST_EDITS: usize = 4096;

/// Types of records ([MS-PPT] 2.13.24).
const DOCUMENT: u16 = 0x03E8;
const SLIDE: u16 = 0x03EE;
const NOTES: u16 = 0x03F0;
const SLIDE_PERSIST: u16 = 0x03F3;
const SLIDE_LIST: u16 = 0x0FF0;
const TEXT_CHARS: u16 = 0x0FA0;
const TEXT_BYTES: u16 = 0x0FA8;
const STRING: u16 = 0x0FBA;
const HEADERS_FOOTERS: u16 = 0x0FD9;
const OBJECT: u16 = 0x1011;
const USER_EDIT: u16 = 0x0FF5;
const PERSIST_DIRECTORY: u16 = 0x1772;
const COMMENT: u16 = 0x2EE0;
/// Tags of other programs and of later versions: their strings are names, not text.
const PROGRAM_TAGS: u16 = 0x1388;
/// The instance of a list of slides that is the list of notes; masters are 1.
const LIST_OF_NOTES: u16 = 2;
const LIST_OF_MASTERS: u16 = 1;

/// The stream with the records.
pub(super) fn stream<'c>(compound: &'c Compound<'_>) -> Option<&'c [u8]> {
    compound.stream("/PowerPoint Document").map(|stream| &*stream.bytes)
}

/// Reads the slides in their order, each with its own text, then the notes and the comments.
pub(super) fn read(compound: &Compound, budget: &mut Budget<'_>, content: &mut Content) {
    let Some(bytes) = stream(compound) else { return };
    let is_encrypted = |edit: &[u8]| edit.get(0x0C..0x10) == Some(&[0xDF, 0xC4, 0xD1, 0xF3]);
    let user = compound.stream("/Current User").map(|stream| &*stream.bytes).unwrap_or_default();
    if is_encrypted(user) {
        content.problems.push(Problem::Unsupported { what: "an encrypted presentation".to_owned() });
        return;
    }
    let mut reader =
        Reader { bytes, places: places(bytes, user), seen: BTreeSet::new(), beside: Vec::new(), content };
    let live: BTreeSet<usize> = reader.places.values().copied().collect();
    let top: Vec<Record> = Records { bytes, range: 0..bytes.len() }.collect();
    let is_live = |record: &&Record| live.is_empty() || live.contains(&record.at);
    let objects = top.iter().filter(|record| record.kind == OBJECT).filter(is_live);
    // Of a document that was saved again and again the last one counts.
    let document = top.iter().rfind(|record| record.kind == DOCUMENT && is_live(record));
    if let Some(document) = document {
        reader.container(document.data.clone(), Zone::Body, 0);
    }
    for record in top.iter().filter(is_live) {
        match record.kind {
            SLIDE => reader.object(record, Zone::Body),
            NOTES => reader.object(record, Zone::Comment),
            _ => {}
        }
    }
    let beside = std::mem::take(&mut reader.beside);
    for (zone, text) in beside {
        match text {
            Characters::Wide(text) => content.unicode(zone, &text),
            Characters::Low(bytes) => content.bytes(zone, None, &bytes, low_bytes()),
        }
        content.unicode(zone, "\n");
    }
    objects.for_each(|record| add_object(record.instance, &bytes[record.data.clone()], budget, content));
}

/// Adds an object of another program ([MS-PPT] 2.10.34): a compound file, mostly compressed.
fn add_object(instance: u16, data: &[u8], budget: &mut Budget<'_>, content: &mut Content) {
    /// The instance of an object that is compressed.
    const COMPRESSED: u16 = 1;
    let (bytes, problem) = match data.split_first_chunk() {
        Some((stated, data)) if instance == COMPRESSED => {
            zlib::decompressed(data, u32::from_le_bytes(*stated) as usize, budget)
        }
        _ => (data.to_vec(), None),
    };
    // Macros and controls are stored like objects.
    if objects::is_any(&Compound::open(&bytes)) {
        let name = format!("object {}", content.parts.len() + 1).into_bytes();
        content.parts.push(Part { name, bytes, problem });
    } else {
        content.problems.extend(problem);
    }
}

/// Low bytes of UTF-16 mean ISO 8859-1; some writers put bytes of their code page there.
fn low_bytes() -> Declared {
    Declared::new(Declarer::Specification, Some(Encoding::WINDOWS_1252))
}

/// One record.
#[derive(Debug, Clone)]
struct Record {
    kind: u16,
    instance: u16,
    is_container: bool,
    at: usize,
    data: Range<usize>,
}

/// The records in a stretch of the stream, one after the other.
struct Records<'b> {
    bytes: &'b [u8],
    range: Range<usize>,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let at = self.range.start;
        let header = self.bytes.get(at..self.range.end)?.first_chunk::<HEADER_BYTES>()?;
        let options = u16::from_le_bytes([header[0], header[1]]);
        let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let start = at + HEADER_BYTES;
        let end = start.saturating_add(length).min(self.range.end);
        self.range.start = end;
        let kind = u16::from_le_bytes([header[2], header[3]]);
        Some(Record {
            kind,
            instance: options >> 4,
            is_container: options & 0xF == 0xF,
            at,
            data: start..end,
        })
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn record_at(bytes: &[u8], at: usize, kind: u16) -> Option<Record> {
    Records { bytes, range: at..bytes.len() }.next().filter(|record| record.kind == kind)
}

/// Where the objects stand that the last edit knows, by their numbers ([MS-PPT] 2.1.2).
fn places(bytes: &[u8], current_user: &[u8]) -> BTreeMap<u32, usize> {
    let mut places = BTreeMap::new();
    let mut edit = u32_at(current_user, 0x10);
    for _ in 0..MOST_EDITS {
        let Some(record) = edit.and_then(|at| record_at(bytes, at as usize, USER_EDIT)) else { break };
        let data = &bytes[record.data.clone()];
        let directory = u32_at(data, 12).and_then(|at| record_at(bytes, at as usize, PERSIST_DIRECTORY));
        for (number, place) in directory.into_iter().flat_map(|record| entries(&bytes[record.data])) {
            places.entry(number).or_insert(place);
        }
        // Each edit stands behind the one before, or the chain has an end that is none.
        edit = u32_at(data, 8).filter(|&before| before != 0 && (before as usize) < record.at);
    }
    places
}

/// The entries of a directory: runs of numbers from a first one, with a place for each.
fn entries(directory: &[u8]) -> Vec<(u32, usize)> {
    let mut words = directory.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word));
    let mut entries = Vec::new();
    while let Some(head) = words.next() {
        let (first, count) = (head & 0xF_FFFF, head >> 20);
        for (number, place) in (first..first + count).zip(words.by_ref()) {
            entries.push((number, place as usize));
        }
    }
    entries
}

enum Characters {
    Wide(String),
    /// One byte for each.
    Low(Vec<u8>),
}

struct Reader<'b, 'c> {
    bytes: &'b [u8],
    places: BTreeMap<u32, usize>,
    /// Objects whose text was read, by their places.
    seen: BTreeSet<usize>,
    beside: Vec<(Zone, Characters)>,
    content: &'c mut Content,
}

impl Reader<'_, '_> {
    /// The text of a slide or of notes, once.
    fn object(&mut self, record: &Record, zone: Zone) {
        if self.seen.insert(record.at) {
            self.container(record.data.clone(), zone, 0);
        }
    }

    fn container(&mut self, range: Range<usize>, zone: Zone, depth: usize) {
        if depth >= DEEPEST {
            return;
        }
        let records = Records { bytes: self.bytes, range };
        for record in records.collect::<Vec<_>>() {
            let data = &self.bytes[record.data.clone()];
            match record.kind {
                SLIDE_LIST if record.instance == LIST_OF_MASTERS => {}
                SLIDE_LIST => {
                    let zone = if record.instance == LIST_OF_NOTES { Zone::Comment } else { zone };
                    self.slides(record.data, zone, depth);
                }
                TEXT_CHARS | TEXT_BYTES => self.add(zone, characters(&record, data)),
                STRING if zone == Zone::Footer && record.instance != 0 => {
                    self.add(zone, characters(&record, data))
                }
                HEADERS_FOOTERS => self.container(record.data, Zone::Footer, depth + 1),
                COMMENT => self.comment(record.data),
                PROGRAM_TAGS => {}
                _ if record.is_container => self.container(record.data, zone, depth + 1),
                _ => {}
            }
        }
    }

    /// A list of slides: for each a pointer to it, then the texts of its outline. What stands on the slide itself follows.
    fn slides(&mut self, range: Range<usize>, zone: Zone, depth: usize) {
        let mut slide = None;
        let records = Records { bytes: self.bytes, range };
        for record in records.collect::<Vec<_>>() {
            let data = &self.bytes[record.data.clone()];
            match record.kind {
                SLIDE_PERSIST => {
                    self.slide(slide, zone);
                    slide = u32_at(data, 0);
                }
                TEXT_CHARS | TEXT_BYTES => self.add(zone, characters(&record, data)),
                _ if record.is_container => self.container(record.data, zone, depth + 1),
                _ => {}
            }
        }
        self.slide(slide, zone);
    }

    fn slide(&mut self, number: Option<u32>, zone: Zone) {
        let Some(&place) = number.and_then(|number| self.places.get(&number)) else { return };
        let kind = if zone == Zone::Comment { NOTES } else { SLIDE };
        if let Some(record) = record_at(self.bytes, place, kind) {
            self.object(&record, zone);
        }
    }

    /// A comment: its author, its text and the author's initials.
    fn comment(&mut self, range: Range<usize>) {
        for record in (Records { bytes: self.bytes, range }) {
            if record.kind == STRING && record.instance == 1 {
                let data = &self.bytes[record.data.clone()];
                self.beside.push((Zone::Comment, characters(&record, data)));
            }
        }
    }

    fn add(&mut self, zone: Zone, characters: Characters) {
        if zone != Zone::Body {
            self.beside.push((zone, characters));
            return;
        }
        match characters {
            Characters::Wide(text) => self.content.unicode(zone, &text),
            Characters::Low(bytes) => self.content.bytes(zone, None, &bytes, low_bytes()),
        }
        self.content.unicode(zone, "\n");
    }
}

/// The characters of a text; CR ends a paragraph and VT a line.
fn characters(record: &Record, data: &[u8]) -> Characters {
    if record.kind == TEXT_BYTES {
        let line = |&byte: &u8| if matches!(byte, b'\r' | 0x0B) { b'\n' } else { byte };
        return Characters::Low(data.iter().map(line).collect());
    }
    let units: Vec<u16> = data.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    Characters::Wide(String::from_utf16_lossy(&units).replace(['\r', '\u{B}'], "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    use crate::Limits;
    use crate::document::{Run, RunText};

    fn record(kind: u16, options: u16, data: &[u8]) -> Vec<u8> {
        [&options.to_le_bytes(), &kind.to_le_bytes(), &(data.len() as u32).to_le_bytes()[..], data].concat()
    }

    fn container(kind: u16, instance: u16, inner: &[Vec<u8>]) -> Vec<u8> {
        record(kind, instance << 4 | 0xF, &inner.concat())
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn shown(stream: &[u8], user: &[u8]) -> Vec<(Zone, String)> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/PowerPoint Document").unwrap().write_all(stream).unwrap();
        file.create_stream("/Current User").unwrap().write_all(user).unwrap();
        let file = file.into_inner().into_inner();
        let compound = Compound::open(&file);
        let mut content = Content::default();
        read(&compound, &mut Budget::new(&Limits::default(), file.len()), &mut content);
        let text = |run: &Run| match &run.text {
            RunText::Unicode(text) => (run.zone, text.clone()),
            RunText::Bytes { bytes, .. } => (run.zone, bytes.iter().copied().map(char::from).collect()),
        };
        content.runs.iter().map(text).collect()
    }

    #[test]
    fn slides_come_in_the_order_of_their_list_and_stale_ones_not_at_all() {
        let slide =
            |text: &str| container(SLIDE, 0, &[container(0xF00D, 0, &[record(TEXT_CHARS, 0, &wide(text))])]);
        let (stale, second, first) = (slide("旧"), slide("乙框"), slide("甲框"));
        let persist = |number: u32| record(SLIDE_PERSIST, 0, &[&number.to_le_bytes()[..], &[0; 16]].concat());
        let list = container(
            SLIDE_LIST,
            0,
            &[
                persist(2),
                record(TEXT_CHARS, 0, &wide("甲\r一")),
                persist(3),
                record(TEXT_BYTES, 0, b"b\x0Bc"),
            ],
        );
        let comment =
            container(COMMENT, 0, &[record(STRING, 0, &wide("人")), record(STRING, 1 << 4, &wide("注"))]);
        let document = container(DOCUMENT, 0, &[list, comment]);
        let mut stream = stale;
        let mut places = Vec::new();
        for object in [&document, &first, &second] {
            places.extend((stream.len() as u32).to_le_bytes());
            stream.extend(object);
        }
        let directory = stream.len() as u32;
        stream.extend(record(
            PERSIST_DIRECTORY,
            0,
            &[&(3_u32 << 20 | 1).to_le_bytes()[..], &places].concat(),
        ));
        let edit = stream.len() as u32;
        let mut data = [0; 16];
        data[12..16].copy_from_slice(&directory.to_le_bytes());
        stream.extend(record(USER_EDIT, 0, &data));
        let user = [&[0; 16][..], &edit.to_le_bytes()].concat();
        let text: String = shown(&stream, &user).into_iter().map(|(_, text)| text).collect();
        assert_eq!(text, "甲\n一\n甲框\nb\nc\n乙框\n注\n");
        // Without the directory all that is there comes out.
        let all: String = shown(&stream, &[]).into_iter().map(|(_, text)| text).collect();
        assert!(all.contains("旧") && all.contains("乙框"));
        for end in (0..stream.len()).step_by(7) {
            shown(&stream[..end], &user);
        }
    }
}
