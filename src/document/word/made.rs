//! Documents for tests, made from texts: the least that each generation of Word needs to have.
//!
//! Uses nothing of the crate, so that the integration tests and the seeds of the fuzz targets are made by it too. They
//! include it by its path: it has to stand here because the published crate is `src` alone.

#![allow(dead_code, reason = "each of those that include it uses a part")]

use std::io::{Cursor, Write};
use std::ops::Range;

/// Where the text begins in the stream.
const TEXT_AT: usize = 0x800;
const PAGE_BYTES: usize = 512;

/// How the characters of a piece stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Units {
    Bytes,
    Utf16,
    /// Two bytes of a double-byte encoding, the first of them in the upper half of 16 bits.
    Codes,
}

/// Bytes of the text as it stands in the file, and the properties of that paragraph or run.
pub(crate) type Formatted = (Range<usize>, Vec<u8>);

/// A document.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) magic: u16,
    pub(crate) version: u16,
    pub(crate) flags: u16,
    pub(crate) language: u16,
    pub(crate) charset: u16,
    /// The text as it stands in the file. Of all pieces but the first two the later one stands ahead.
    pub(crate) pieces: Vec<(Units, Vec<u8>)>,
    /// Characters of the body, the footnotes, the headers, the macros, the comments, the endnotes, the text boxes, and
    /// the text boxes of headers.
    pub(crate) lengths: [u32; 8],
    /// Where the stories of the headers begin, in characters, and where the last one ends.
    pub(crate) header_stories: Vec<u32>,
    pub(crate) paragraphs: Vec<Formatted>,
    /// Fonts: character set and name.
    pub(crate) fonts: Vec<(u8, &'static str)>,
    /// The fonts of stretches of the text, by their numbers.
    pub(crate) runs: Vec<(Range<usize>, u8)>,
    /// The properties of stretches of the text, one behind the other.
    pub(crate) characters: Vec<Formatted>,
    /// What stands behind the text in the stream.
    pub(crate) behind_text: Vec<u8>,
    /// The list of the pictures that float.
    pub(crate) drawings: Vec<u8>,
    /// Other streams.
    pub(crate) streams: Vec<(String, Vec<u8>)>,
}

/// The bytes of a text in UTF-16.
pub(crate) fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// zlib without its last block, as PowerPoint writes it: stored.
pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let blocks = bytes.chunks(0xFFFF).flat_map(|block| {
        let length = block.len() as u16;
        [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes(), block].concat()
    });
    [0x78, 0x01].into_iter().chain(blocks).collect()
}

/// A record of Office: options (the lower four bits are F in a container), type, data.
pub(crate) fn office_record(options: u16, kind: u16, data: &[u8]) -> Vec<u8> {
    [&options.to_le_bytes()[..], &kind.to_le_bytes(), &(data.len() as u32).to_le_bytes(), data].concat()
}

/// A metafile as a picture of a drawing.
pub(crate) fn blip(metafile: &[u8], is_compressed: bool) -> Vec<u8> {
    let is_emf = metafile.starts_with(&[1, 0, 0, 0]);
    let (options, kind) = if is_emf { (0x3D40, 0xF01A) } else { (0x2160, 0xF01B) };
    let bytes = if is_compressed { zlib(metafile) } else { metafile.to_vec() };
    let mut data = vec![7; 16];
    data.extend((metafile.len() as u32).to_le_bytes());
    data.extend([0; 24]);
    data.extend((bytes.len() as u32).to_le_bytes());
    data.extend([if is_compressed { 0 } else { 0xFE }, 0xFE]);
    data.extend(bytes);
    office_record(options, kind, &data)
}

/// The entry of a picture in a list of pictures: the picture itself, or its place in another stream.
pub(crate) fn blip_entry(picture: Result<&[u8], u32>) -> Vec<u8> {
    let mut data = vec![0; 36];
    data[28..32].copy_from_slice(&picture.err().unwrap_or(u32::MAX).to_le_bytes());
    data.extend(picture.unwrap_or_default());
    office_record(0x0202, 0xF007, &data)
}

/// A picture in the text, behind a header that says what it is: shapes are 0x64.
pub(crate) fn inline_picture(kind: u16, picture: &[u8]) -> Vec<u8> {
    const HEADER_BYTES: usize = 0x44;
    let mut header = vec![0; HEADER_BYTES];
    header[..4].copy_from_slice(&((HEADER_BYTES + picture.len()) as u32).to_le_bytes());
    header[4] = HEADER_BYTES as u8;
    header[6..8].copy_from_slice(&kind.to_le_bytes());
    [header, picture.to_vec()].concat()
}

/// A drawing with a picture in the text: a shape without properties, and the picture's entry.
pub(crate) fn inline_drawing(blip: &[u8]) -> Vec<u8> {
    let shape = office_record(0xF, 0xF004, &office_record(2, 0xF00A, &[0; 8]));
    inline_picture(0x64, &[shape, blip_entry(Ok(blip))].concat())
}

/// The properties of the character that stands for a picture at that place of the stream with the pictures.
pub(crate) fn pictured(at: u32) -> Vec<u8> {
    [&[0x55, 0x08, 1, 0x03, 0x6A][..], &at.to_le_bytes()].concat()
}

impl Made {
    /// A document of Word 97 in these pieces, all of them the body.
    pub(crate) fn word_97(pieces: Vec<(Units, Vec<u8>)>) -> Self {
        let mut made = Self {
            magic: 0xA5EC,
            version: 193,
            flags: 0x0200,
            language: 0x0409,
            charset: 0,
            lengths: [0; 8],
            pieces,
            header_stories: Vec::new(),
            paragraphs: Vec::new(),
            fonts: Vec::new(),
            runs: Vec::new(),
            characters: Vec::new(),
            behind_text: Vec::new(),
            drawings: Vec::new(),
            streams: Vec::new(),
        };
        made.lengths[0] = made.ends().last().copied().unwrap_or_default();
        made
    }

    /// A document of Word 97 with a character for each of these pictures between two texts. They stand in `Data` one
    /// behind the other, from its 64th byte on.
    pub(crate) fn with_pictures(before: &[u8], behind: &[u8], pictures: &[Vec<u8>]) -> Self {
        let text = [before, &vec![1; pictures.len()], behind].concat();
        let (first, last) = (before.len(), before.len() + pictures.len());
        let mut data = vec![0; 64];
        let mut characters = vec![(0..first, Vec::new())];
        for (at, picture) in (first..).zip(pictures) {
            characters.push((at..at + 1, pictured(data.len() as u32)));
            data.extend(picture);
        }
        characters.push((last..text.len(), Vec::new()));
        let word_97 = Self::word_97(vec![(Units::Bytes, text)]);
        Self { characters, streams: vec![("/Data".to_owned(), data)], ..word_97 }
    }

    /// A document of Word 95 with this text, in the bytes of some code page.
    pub(crate) fn word_95(text: &[u8]) -> Self {
        let word_97 = Self::word_97(vec![(Units::Bytes, text.to_vec())]);
        Self { magic: 0xA5DC, version: 104, flags: 0, ..word_97 }
    }

    /// A document of the Word 95 of East Asia, whose characters are the codes of a double-byte encoding.
    pub(crate) fn word_95_east_asia(codes: &[u16]) -> Self {
        let bytes = codes.iter().flat_map(|code| code.to_le_bytes()).collect();
        let word_97 = Self::word_97(vec![(Units::Codes, bytes)]);
        Self { magic: 0xA699, version: 104, flags: 0x1000, ..word_97 }
    }

    /// A document of Word 2, which is no compound file.
    pub(crate) fn word_2(text: &[u8]) -> Self {
        Self { magic: 0xA5DB, version: 45, ..Self::word_95(text) }
    }

    /// A document of each kind with all that a reader looks at, its text in Unicode and in the bytes of GBK.
    pub(crate) fn of_each_kind(text: &str, gbk: &[u8]) -> [Self; 4] {
        let fields = b"see \x13 PAGE \x141\x15\rname\x07Ivo\x07\x07\r";
        let quoted = b"\x93Leave the boats,\x94 she said \x96 \x93we\x92ll row tomorrow\x85\x94";
        let mut word_97 = Self::word_97(vec![
            (Units::Bytes, fields.to_vec()),
            (Units::Utf16, utf_16(text)),
            (Units::Bytes, quoted.to_vec()),
        ]);
        word_97.paragraphs = vec![
            (0..13, Vec::new()),
            (13..23, vec![0x16, 0x24, 1]),
            (23..24, vec![0x16, 0x24, 1, 0x17, 0x24, 1]),
        ];
        word_97.lengths = [40, 5, 30, 0, 5, 5, 5, 5];
        word_97.header_stories = vec![0, 2, 2, 2, 2, 2, 2, 20, 30];
        word_97.streams.push(("/\u{5}SummaryInformation".to_owned(), vec![0xFE, 0xFF, 0, 0, 5, 0, 2, 0]));
        let mut word_95 = Self { flags: 4, ..Self::word_95(gbk) };
        word_95.fonts = vec![(134, "SimSun"), (2, "Symbol")];
        word_95.runs = vec![(0..20, 0), (20..22, 1), (22..90, 0)];
        word_95.paragraphs = vec![(0..10, vec![24, 1]), (10..90, vec![24, 1, 25, 1])];
        // A boat in the water, and characters of one byte.
        let east_asia = Self::word_95_east_asia(&[0xB4AC, 0xCFC2, 0xCBAE, 0x20, 0xC1CB, 13]);
        [word_97, word_95, east_asia, Self::word_2(b"A flat file.\rOf two lines.\r")]
    }

    fn is_97(&self) -> bool {
        self.version >= 106
    }

    /// Where each piece ends, in characters.
    fn ends(&self) -> Vec<u32> {
        let lengths = self.pieces.iter().map(|(units, bytes)| match units {
            Units::Bytes => bytes.len() as u32,
            Units::Utf16 | Units::Codes => bytes.len() as u32 / 2,
        });
        let sums = lengths.scan(0, |sum, length| {
            *sum += length;
            Some(*sum)
        });
        sums.collect()
    }

    /// The order in which the pieces stand in the file.
    fn order(&self) -> Vec<usize> {
        let count = self.pieces.len();
        (0..count).map(|at| if at < 2 { at } else { count + 1 - at }).collect()
    }

    /// The stream `WordDocument` and the stream with the tables, which before Word 97 is the same.
    pub(crate) fn document(&self) -> (Vec<u8>, Vec<u8>) {
        let mut stream = vec![0; TEXT_AT];
        let mut places = vec![0; self.pieces.len()];
        for number in self.order() {
            places[number] = stream.len();
            stream.extend_from_slice(&self.pieces[number].1);
        }
        let text_end = stream.len();
        stream.extend_from_slice(&self.behind_text);
        let mut table = Vec::new();
        let mut items = Vec::new();
        let papx = self.page(&mut stream, &self.paragraphs, true);
        let fonts = self.runs.iter().map(|(range, font)| (range.clone(), vec![93, *font, 0]));
        let chpx: Vec<_> = fonts.chain(self.characters.clone()).collect();
        let chpx = self.page(&mut stream, &chpx, false);
        let base = if self.is_97() { 0 } else { stream.len() };
        let mut add = |item: usize, bytes: Vec<u8>| {
            if !bytes.is_empty() {
                items.push((item, (base + table.len()) as u32, bytes.len() as u32));
                table.extend(bytes);
            }
        };
        add(11, self.header_stories.iter().flat_map(|at| at.to_le_bytes()).collect());
        add(12, chpx);
        add(13, papx);
        add(15, self.fonts());
        if self.is_97() || self.flags & 4 != 0 {
            add(33, self.clx(&places));
        }
        if self.is_97() {
            add(50, self.drawings.clone());
        }
        self.header(&mut stream, text_end, &items);
        if !self.is_97() {
            stream.append(&mut table);
        }
        (stream, table)
    }

    fn header(&self, stream: &mut [u8], text_end: usize, items: &[(usize, u32, u32)]) {
        let mut put = |at: usize, bytes: &[u8]| stream[at..at + bytes.len()].copy_from_slice(bytes);
        for (at, value) in
            [(0, self.magic), (2, self.version), (6, self.language), (0x0A, self.flags), (0x14, self.charset)]
        {
            put(at, &value.to_le_bytes());
        }
        put(0x18, &(TEXT_AT as u32).to_le_bytes());
        put(0x1C, &(text_end as u32).to_le_bytes());
        let lengths_at = if self.is_97() { 0x4C } else { 0x34 };
        for (number, length) in self.lengths.iter().enumerate() {
            put(lengths_at + 4 * number, &length.to_le_bytes());
        }
        for &(item, start, length) in items {
            let (at, bytes) = match self.version {
                ..=63 => (0x58 + 6 * item, 2),
                64..=105 => (0x58 + 8 * item, 4),
                _ => (0x9A + 8 * item, 4),
            };
            put(at, &start.to_le_bytes());
            put(at + 4, &length.to_le_bytes()[..bytes]);
        }
    }

    fn clx(&self, places: &[usize]) -> Vec<u8> {
        let mut plc = vec![0; 4];
        plc.extend(self.ends().iter().flat_map(|end| end.to_le_bytes()));
        for ((units, _), &place) in self.pieces.iter().zip(places) {
            let place = match units {
                Units::Bytes if self.is_97() => (place as u32 * 2) | (1 << 30),
                _ => place as u32,
            };
            plc.extend([0, 0]);
            plc.extend(place.to_le_bytes());
            plc.extend([0, 0]);
        }
        // Properties of pieces come first, here of none that matters.
        let mut clx = vec![1, 3, 0, 9, 9, 9, 2];
        match self.version {
            ..=63 => clx.extend((plc.len() as u16).to_le_bytes()),
            _ => clx.extend((plc.len() as u32).to_le_bytes()),
        }
        clx.extend(plc);
        clx
    }

    fn fonts(&self) -> Vec<u8> {
        let mut fonts = Vec::new();
        for (charset, name) in &self.fonts {
            fonts.push(5 + name.len() as u8 + 1);
            fonts.extend([0x16, 0x90, 1, *charset, 0]);
            fonts.extend(name.as_bytes());
            fonts.push(0);
        }
        let length = fonts.len() as u16 + 2;
        if fonts.is_empty() { fonts } else { [&length.to_le_bytes()[..], &fonts].concat() }
    }

    /// Adds a page of formatting to the stream; gives the table that says where it is.
    fn page(&self, stream: &mut Vec<u8>, ranges: &[Formatted], is_papx: bool) -> Vec<u8> {
        let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else { return Vec::new() };
        stream.resize(stream.len().next_multiple_of(PAGE_BYTES), 0);
        let number = stream.len() / PAGE_BYTES;
        let entry_bytes = match (is_papx, self.is_97()) {
            (false, _) => 1,
            (true, true) => 13,
            (true, false) => 7,
        };
        let mut page = [0; PAGE_BYTES];
        let mut at = PAGE_BYTES - 2;
        let places = ranges.iter().map(|(range, _)| range.start).chain([last.0.end]);
        for (number, place) in places.enumerate() {
            page[4 * number..][..4].copy_from_slice(&((TEXT_AT + place) as u32).to_le_bytes());
        }
        for (number, (_, properties)) in ranges.iter().enumerate() {
            let bytes = match (is_papx, self.is_97()) {
                (false, _) => [&[properties.len() as u8][..], properties].concat(),
                // Words, counted as Word 97 does where the number of bytes is even.
                (true, true) => {
                    [&[0, (properties.len() as u8 + 2).div_ceil(2), 0, 0][..], properties].concat()
                }
                (true, false) => [&[(properties.len() as u8 + 2).div_ceil(2), 0, 0][..], properties].concat(),
            };
            at = (at - bytes.len()) & !1;
            page[at..at + bytes.len()].copy_from_slice(&bytes);
            page[4 * (ranges.len() + 1) + entry_bytes * number] = (at / 2) as u8;
        }
        page[PAGE_BYTES - 1] = ranges.len() as u8;
        stream.extend(page);
        let mut plc: Vec<u8> =
            [first.0.start, last.0.end].iter().flat_map(|at| ((TEXT_AT + at) as u32).to_le_bytes()).collect();
        match self.is_97() {
            true => plc.extend((number as u32).to_le_bytes()),
            false => plc.extend((number as u16).to_le_bytes()),
        }
        plc
    }

    /// The streams, each with its path in a storage: `/WordDocument` in the storage ``.
    pub(crate) fn streams_in(&self, storage: &str) -> Vec<(String, Vec<u8>)> {
        let (mut stream, mut table) = self.document();
        // Short streams would be among the small ones, which Word avoids.
        stream.resize(stream.len().max(4096), 0);
        table.resize(table.len().max(4096), 0);
        let mut streams = vec![(format!("{storage}/WordDocument"), stream)];
        if self.is_97() {
            streams.push((format!("{storage}/1Table"), table));
        }
        streams.extend(self.streams.iter().map(|(path, bytes)| (format!("{storage}{path}"), bytes.clone())));
        streams
    }

    /// The file.
    pub(crate) fn file(&self) -> Vec<u8> {
        if self.version < 64 { self.document().0 } else { compound_file(&self.streams_in("")) }
    }
}

/// A compound file of these streams and the storages that they are in.
pub(crate) fn compound_file(streams: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        let (storage, _) = path.rsplit_once('/').unwrap();
        file.create_storage_all(format!("{storage}/")).unwrap();
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}
