//! Presentations of PowerPoint 97 to 2003 ([MS-PPT]): records inside records in the stream `PowerPoint Document`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::office_art::{Pictures, Record, Records};
use super::{Content, Declared, Declarer, Zone, objects};
use crate::container::ole2::Compound;
use crate::container::{Budget, Part, Problem, zlib};
use crate::encoding::Encoding;
use crate::little_endian::{u16s, u32_at, u32s, utf_16};

/// Records inside each other, at the most.
const DEEPEST: usize = 32;
/// Edits of the file, each of which points at the one before.
const MOST_EDITS: usize = 4096;

/// Types of records ([MS-PPT] 2.13.24).
const DOCUMENT: u16 = 0x03E8;
const SLIDE: u16 = 0x03EE;
const NOTES: u16 = 0x03F0;
const SLIDE_PERSIST: u16 = 0x03F3;
const DRAWING_GROUP: u16 = 0x040B;
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
    let places = places(bytes, user);
    let is_object = |record: &Record| record.is_container || matches!(record.kind, SLIDE | NOTES);
    let objects = places.values().filter_map(|&at| record_from(bytes, at)).filter(is_object);
    let live: BTreeSet<usize> = objects.map(|record| record.at).collect();
    let listed: BTreeSet<usize> = places.values().copied().collect();
    let is_live = |record: &Record| live.is_empty() || listed.contains(&record.at);
    let all = || Records::within(bytes, 0..bytes.len());
    let embedded: Vec<Record> = all().filter(|record| record.kind == OBJECT).filter(is_live).collect();
    let top: Vec<Record> = all().filter(|record| live.is_empty() || live.contains(&record.at)).collect();
    let mut reader = Reader { bytes, places, live, seen: BTreeSet::new(), beside: Vec::new(), content };
    // Of a document that was saved again and again the last one counts.
    if let Some(document) = top.iter().rfind(|record| record.kind == DOCUMENT) {
        reader.container(document.data.clone(), Zone::Body, 0);
    }
    for record in &top {
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
    if let Some(document) = top.iter().rfind(|record| record.kind == DOCUMENT) {
        add_pictures(compound, &bytes[document.data.clone()], budget, content);
    }
    for record in embedded {
        add_object(record.instance, &bytes[record.data], budget, content);
    }
}

/// Adds the pictures that a document lists ([MS-PPT] 2.4.3), which stand in a stream of their own.
fn add_pictures(compound: &Compound<'_>, document: &[u8], budget: &mut Budget<'_>, content: &mut Content) {
    let stream = compound.stream("/Pictures").map(|stream| &*stream.bytes).unwrap_or_default();
    let mut pictures = Pictures::new(content, budget, document.len() + stream.len());
    for record in Records::within(document, 0..document.len()).filter(|record| record.kind == DRAWING_GROUP) {
        pictures.drawing(&document[record.data], stream);
    }
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

fn record_from(bytes: &[u8], at: usize) -> Option<Record> {
    Records::within(bytes, at..bytes.len()).next()
}

fn record_at(bytes: &[u8], at: usize, kind: u16) -> Option<Record> {
    record_from(bytes, at).filter(|record| record.kind == kind)
}

/// Where the objects stand that the last edit knows, by their numbers ([MS-PPT] 2.1.2).
fn places(bytes: &[u8], current_user: &[u8]) -> BTreeMap<u32, usize> {
    let mut places = BTreeMap::new();
    let mut edit = u32_at(current_user, 0x10);
    // All directories together are no longer than the stream: each edit may point at the same one.
    let mut bytes_left = bytes.len();
    for _ in 0..MOST_EDITS {
        let Some(record) = edit.and_then(|at| record_at(bytes, at as usize, USER_EDIT)) else { break };
        let data = &bytes[record.data.clone()];
        let directory = u32_at(data, 12).and_then(|at| record_at(bytes, at as usize, PERSIST_DIRECTORY));
        let directory = directory.map(|record| &bytes[record.data]).unwrap_or_default();
        let directory = &directory[..directory.len().min(bytes_left)];
        bytes_left -= directory.len();
        for (number, place) in entries(directory) {
            places.entry(number).or_insert(place);
        }
        // Each edit stands behind the one before, or the chain has an end that is none.
        edit = u32_at(data, 8).filter(|&before| before != 0 && (before as usize) < record.at);
    }
    places
}

/// The entries of a directory: runs of numbers from a first one, with a place for each.
fn entries(directory: &[u8]) -> Vec<(u32, usize)> {
    let mut words = u32s(directory);
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
    /// The places of all objects that are there.
    live: BTreeSet<usize>,
    /// Objects whose text was read, by their places.
    seen: BTreeSet<usize>,
    beside: Vec<(Zone, Characters)>,
    content: &'c mut Content,
}

impl Reader<'_, '_> {
    /// The text of a slide or of notes, once.
    fn object(&mut self, record: &Record, zone: Zone) {
        if !self.seen.insert(record.at) {
            return;
        }
        // No object is inside another: where one seems to be, the length is damaged, and the text would come again.
        let next = self.live.range(record.at + 1..).next().copied().unwrap_or(usize::MAX);
        self.container(record.data.start..record.data.end.min(next), zone, 1);
    }

    fn container(&mut self, range: Range<usize>, zone: Zone, depth: usize) {
        if depth >= DEEPEST {
            return;
        }
        for record in Records::within(self.bytes, range) {
            let data = &self.bytes[record.data.clone()];
            match record.kind {
                SLIDE_LIST if record.instance == LIST_OF_MASTERS => {}
                // Only the document lists slides, so that no slide leads down to another.
                SLIDE_LIST if depth == 0 => {
                    let zone = if record.instance == LIST_OF_NOTES { Zone::Comment } else { zone };
                    self.slides(record.data, zone);
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

    /// A list of slides: for each a pointer to it, then the texts of its outline. What stands on the slide itself
    /// follows.
    fn slides(&mut self, range: Range<usize>, zone: Zone) {
        let mut slide = None;
        for record in Records::within(self.bytes, range) {
            let data = &self.bytes[record.data.clone()];
            match record.kind {
                SLIDE_PERSIST => {
                    self.slide(slide, zone);
                    slide = u32_at(data, 0);
                }
                TEXT_CHARS | TEXT_BYTES => self.add(zone, characters(&record, data)),
                _ if record.is_container => self.container(record.data, zone, 1),
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
        for record in Records::within(self.bytes, range) {
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
    Characters::Wide(utf_16(u16s(data)).replace(['\r', '\u{B}'], "\n"))
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
        content.runs.to_vec().iter().map(text).collect()
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

    /// The stream `objects` with a directory of `places` behind it, listed by as many edits, and the stream of the
    /// user.
    fn with_directory(objects: &[u8], places: &[usize], edits: usize) -> (Vec<u8>, Vec<u8>) {
        let mut stream = objects.to_vec();
        let directory = stream.len() as u32;
        let mut words = Vec::new();
        for (first, places) in (0_u32..).step_by(0xFFF).zip(places.chunks(0xFFF)) {
            words.extend(((places.len() as u32) << 20 | first).to_le_bytes());
            words.extend(places.iter().flat_map(|&place| (place as u32).to_le_bytes()));
        }
        stream.extend(record(PERSIST_DIRECTORY, 0, &words));
        let mut edit = 0_u32;
        for _ in 0..edits {
            let data = [[0; 8], [edit.to_le_bytes(), directory.to_le_bytes()].concat().try_into().unwrap()];
            edit = stream.len() as u32;
            stream.extend(record(USER_EDIT, 0, &data.concat()));
        }
        (stream, [&[0; 16][..], &edit.to_le_bytes()].concat())
    }

    #[test]
    fn slides_that_list_each_other_are_no_way_down() {
        let count = 20_000;
        let persist = |number: u32| record(SLIDE_PERSIST, 0, &number.to_le_bytes());
        let list = |number| container(SLIDE_LIST, 0, &[persist(number)]);
        let mut objects = container(DOCUMENT, 0, &[list(1)]);
        let mut places = vec![0];
        for number in 1..=count {
            places.push(objects.len());
            objects.extend(container(SLIDE, 0, &[list(number + 1), record(TEXT_BYTES, 0, b"a")]));
        }
        let (stream, user) = with_directory(&objects, &places, 1);
        let text: String = shown(&stream, &user).into_iter().map(|(_, text)| text).collect();
        assert_eq!(text, "a\n".repeat(count as usize));
    }

    #[test]
    fn text_that_many_slides_claim_is_one_slides() {
        // Each record without meaning holds the header of a slide that says to go on to the end.
        let header = record(SLIDE, 0xF, &[])[..4].to_vec();
        let slides = 2000;
        let claim = [header, 0x7FFF_FFFF_u32.to_le_bytes().to_vec()].concat();
        let mut objects = record(0, 0, &claim).repeat(slides);
        objects.extend(record(TEXT_BYTES, 0, b"once"));
        let mut places: Vec<usize> = (0..slides).map(|number| number * 16 + 8).collect();
        places.push(objects.len());
        let list: Vec<Vec<u8>> =
            (0..slides as u32).map(|number| record(SLIDE_PERSIST, 0, &number.to_le_bytes())).collect();
        objects.extend(container(DOCUMENT, 0, &[container(SLIDE_LIST, 0, &list)]));
        let (stream, user) = with_directory(&objects, &places, 1);
        let text: String = shown(&stream, &user).into_iter().map(|(_, text)| text).collect();
        assert_eq!(text, "once\n");
    }

    #[test]
    fn directories_are_read_up_to_the_length_of_the_stream() {
        let (stream, user) = with_directory(&[], &vec![7; 100_000], MOST_EDITS);
        assert_eq!(places(&stream, &user), (0..100_000).map(|number| (number, 7)).collect());
        // The first edit has an object. Those behind it point at a directory of runs that have no entries.
        let runs_without_entries = record(PERSIST_DIRECTORY, 0, &[0; 4000]);
        let (mut stream, user) = with_directory(&runs_without_entries, &[7], 1);
        let mut edit = u32_at(&user, 16).unwrap();
        for found in [1, 0] {
            let words = [0, 0, edit, 0].map(u32::to_le_bytes);
            edit = stream.len() as u32;
            stream.extend(record(USER_EDIT, 0, words.as_flattened()));
            let user = [&[0; 16][..], &edit.to_le_bytes()].concat();
            assert_eq!(places(&stream, &user).len(), found);
        }
    }
}
