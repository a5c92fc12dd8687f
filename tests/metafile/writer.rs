//! Writes metafiles: texts at places, in fonts of some charset.

#![allow(dead_code, reason = "each of the including crates uses some of it")]

/// A text that a record draws.
pub(crate) struct Text {
    pub(crate) bytes: Vec<u8>,
    pub(crate) x: i16,
    pub(crate) y: i16,
    pub(crate) charset: u8,
    /// Height of a letter; a byte is half as wide.
    pub(crate) height: i16,
}

impl Text {
    pub(crate) fn new(x: i16, y: i16, charset: u8, bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), x, y, charset, height: 16 }
    }

    fn width(&self) -> i16 {
        self.bytes.len() as i16 * self.height / 2
    }

    /// The text as several records, cut wherever it comes, also within a character.
    pub(crate) fn cut(self, most_bytes: usize) -> Vec<Text> {
        let mut x = self.x;
        let pieces = self.bytes.chunks(most_bytes).map(|bytes| {
            let piece = Text { bytes: bytes.to_vec(), x, ..self };
            x += piece.width();
            piece
        });
        pieces.collect()
    }
}

fn words(values: &[i16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A record of a WMF: its size in words, its function, the rest padded to whole words.
fn record(function: u16, data: &[u8]) -> Vec<u8> {
    let size = (6 + data.len()).div_ceil(2) as u32;
    let mut record = [&size.to_le_bytes()[..], &function.to_le_bytes(), data].concat();
    record.resize(size as usize * 2, 0);
    record
}

/// LOGFONT of a WMF.
fn font(height: i16, charset: u8) -> Vec<u8> {
    let mut font = words(&[-height, 0, 0, 0, 400]);
    font.extend([0, 0, 0, charset, 0, 0, 0, 0]);
    font.extend(b"SimSun\0\0");
    font
}

/// The ways in which a text can be drawn in a WMF.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Draw {
    TextOut,
    ExtTextOut,
    /// With a rectangle, and both distances for each byte.
    Clipped,
}

/// A WMF without the placeable header. Each text has its own font in a slot that is used again.
pub(crate) fn wmf(texts: &[Text], draw: Draw) -> Vec<u8> {
    let mut records = vec![record(0x0103, &words(&[8])), record(0x020B, &words(&[0, 0]))];
    records.push(record(0x020C, &words(&[2000, 1500])));
    // A pen takes the first slot and stays there.
    records.push(record(0x02FA, &words(&[0, 1, 1, 0, 0])));
    for text in texts {
        records.push(record(0x02FB, &font(text.height, text.charset)));
        records.push(record(0x012D, &words(&[1])));
        let length = text.bytes.len() as i16;
        let mut padded = text.bytes.clone();
        padded.resize(padded.len().next_multiple_of(2), 0);
        let advance = text.height / 2;
        let drawn = match draw {
            Draw::TextOut => record(0x0521, &[words(&[length]), padded, words(&[text.y, text.x])].concat()),
            Draw::ExtTextOut => {
                let head = words(&[text.y, text.x, length, 0]);
                let distances = words(&vec![advance; text.bytes.len()]);
                record(0x0A32, &[head, padded, distances].concat())
            }
            Draw::Clipped => {
                let head = words(&[text.y, text.x, length, 0x2004, 0, 0, 1500, 2000]);
                let distances = words(&[advance, 0].repeat(text.bytes.len()));
                record(0x0A32, &[head, padded, distances].concat())
            }
        };
        records.push(drawn);
        records.push(record(0x01F0, &words(&[1])));
    }
    file_of(records)
}

fn file_of(mut records: Vec<Vec<u8>>) -> Vec<u8> {
    records.push(record(0, &[]));
    let body = records.concat();
    let size = (18 + body.len()) as u32 / 2;
    let largest = records.iter().map(Vec::len).max().unwrap_or(0) as u32 / 2;
    let mut file = [words(&[1, 9, 0x0300]), size.to_le_bytes().to_vec(), words(&[2])].concat();
    file.extend(largest.to_le_bytes());
    file.extend([0, 0]);
    file.extend(body);
    file
}

/// With the header that says where the picture goes.
pub(crate) fn placeable(wmf: &[u8]) -> Vec<u8> {
    let mut file = vec![0xD7, 0xCD, 0xC6, 0x9A, 0, 0];
    file.extend(words(&[0, 0, 1500, 2000, 96, 0, 0]));
    let checksum = file.chunks_exact(2).fold(0, |sum, pair| sum ^ u16::from_le_bytes([pair[0], pair[1]]));
    file.extend(checksum.to_le_bytes());
    file.extend_from_slice(wmf);
    file
}

/// The EMF in the comments of a WMF, in pieces of at most `most_bytes`; the WMF has no other text.
pub(crate) fn wmf_around(emf: &[u8], most_bytes: usize) -> Vec<u8> {
    let comments = emf.chunks(most_bytes).map(|piece| {
        let mut data = b"WMFC\x01\0\0\0\0\0\x01\0\0\0\0\0\0\0".to_vec();
        data.extend((emf.len().div_ceil(most_bytes) as u32).to_le_bytes());
        data.extend((piece.len() as u32).to_le_bytes());
        data.extend([0; 4]);
        data.extend((emf.len() as u32).to_le_bytes());
        data.extend_from_slice(piece);
        record(0x0626, &[words(&[15, data.len() as i16]), data].concat())
    });
    file_of(comments.collect())
}

fn long(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn emf_record(kind: u32, data: &[u8]) -> Vec<u8> {
    let size = (8 + data.len()).next_multiple_of(4) as u32;
    let mut record = [&long(&[kind, size])[..], data].concat();
    record.resize(size as usize, 0);
    record
}

/// EmrText for a text that stands `text_at` bytes into the record.
fn emr_text(text: &Text, units: usize, text_at: usize) -> Vec<u8> {
    let place = [i32::from(text.x) as u32, i32::from(text.y) as u32];
    long(&[place[0], place[1], units as u32, text_at as u32, 0, 0, 0, 0, 0, 0])
}

/// The ways in which a text can be drawn in an EMF; the text is bytes for those in A, else UTF-16.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum DrawEnhanced {
    ExtTextOutA,
    ExtTextOutW,
    PolyTextOutA,
    PolyTextOutW,
    SmallTextOut,
}

/// An EMF without text of its own, but with EMF+ in a comment; the text is UTF-16.
pub(crate) fn emf_plus(texts: &[Text]) -> Vec<u8> {
    let float = |value: i16| f32::from(value).to_le_bytes();
    let record = |kind: u16, flags: u16, data: &[u8]| {
        let size = long(&[12 + data.len() as u32, data.len() as u32]);
        [&kind.to_le_bytes()[..], &flags.to_le_bytes(), &size, data].concat()
    };
    let mut records = Vec::new();
    for text in texts {
        let font = [&long(&[0xDBC0_1002])[..], &float(text.height), &long(&[0, 0, 0, 0])].concat();
        records.extend(record(0x4008, 0x0603, &font));
        // To its place, and back.
        records.extend(record(0x4025, 0, &long(&[0])));
        records.extend(record(0x402D, 0, &[float(text.x), float(text.y)].concat()));
        let mut string = long(&[0, 0, text.bytes.len() as u32 / 2, 0, 0, 0, 0]);
        string.extend_from_slice(&text.bytes);
        string.resize(string.len().next_multiple_of(4), 0);
        records.extend(record(0x401C, 0x8003, &string));
        records.extend(record(0x4026, 0, &long(&[0])));
    }
    let length = long(&[4 + records.len() as u32]);
    let comment = emf_record(70, &[&length, &b"EMF+"[..], &records].concat());
    let mut file = emf(&[], DrawEnhanced::ExtTextOutW);
    let end = file.len() - 20;
    file.splice(end..end, comment);
    file
}

pub(crate) fn emf(texts: &[Text], draw: DrawEnhanced) -> Vec<u8> {
    let mut records = Vec::new();
    for (slot, text) in texts.iter().enumerate() {
        let slot = slot as u32 % 3 + 1;
        let mut font = long(&[slot, -i32::from(text.height) as u32, 0, 0, 0, 400]);
        font.extend([0, 0, 0, text.charset, 0, 0, 0, 0]);
        font.extend("SimSun".encode_utf16().flat_map(u16::to_le_bytes));
        font.resize(12 + 28 + 64 - 8 + 4, 0);
        records.push(emf_record(82, &font));
        records.push(emf_record(37, &long(&[slot])));
        let head = long(&[0, 0, 100, 100, 1, 0, 0]);
        let is_wide = !matches!(draw, DrawEnhanced::ExtTextOutA | DrawEnhanced::PolyTextOutA);
        let units = if is_wide { text.bytes.len() / 2 } else { text.bytes.len() };
        let drawn = match draw {
            DrawEnhanced::ExtTextOutA | DrawEnhanced::ExtTextOutW => {
                let data = [head, emr_text(text, units, 76), text.bytes.clone()].concat();
                emf_record(if is_wide { 84 } else { 83 }, &data)
            }
            DrawEnhanced::PolyTextOutA | DrawEnhanced::PolyTextOutW => {
                let data = [head, long(&[1]), emr_text(text, units, 80), text.bytes.clone()].concat();
                emf_record(if is_wide { 97 } else { 96 }, &data)
            }
            DrawEnhanced::SmallTextOut => {
                let place = [i32::from(text.x) as u32, i32::from(text.y) as u32];
                let head = long(&[place[0], place[1], units as u32, 0x100, 1, 0, 0]);
                emf_record(108, &[head, text.bytes.clone()].concat())
            }
        };
        records.push(drawn);
    }
    records.push(emf_record(14, &long(&[0, 16, 20])));
    let body = records.concat();
    let mut header = long(&[0, 0, 1500, 2000, 0, 0, 21000, 29700]);
    header.extend(b" EMF");
    header.extend(long(&[0x10000, (88 + body.len()) as u32, records.len() as u32 + 1, 4, 0, 0, 0]));
    header.extend(long(&[1500, 2000, 210, 297]));
    let mut file = emf_record(1, &header);
    file.extend(body);
    file
}
