//! Property sets ([MS-OLEPS]): what a compound file says about itself. Title, author and their like, one value a line.
//!
//! Only the values are text of the document. The names of the properties are not in the file, so they are not put in:
//! the zone says what the lines are, and no label that nobody wrote stands before a value.

use std::borrow::Cow;

use super::{Content, Declared, Declarer, Zone, code_page};
use crate::container::Problem;
use crate::container::ole2::{self, Compound, SMALL_SECTOR_BYTES, Stream};
use crate::little_endian::{u16_at, u16s, u32_at, utf_16};

/// The beginning of a stream of sets: its byte order, always little-endian.
const BYTE_ORDER: u16 = 0xFFFE;
/// Where a stream of sets says where the first of them begins.
const FIRST_SET_AT: usize = 44;
/// More properties than any set has.
const MOST_PROPERTIES: usize = 4096;

const PID_CODEPAGE: u32 = 1;
const PIDSI_THUMBNAIL: u32 = 17;
const UTF_16LE_PAGE: u32 = 1200;

const VT_I2: u16 = 2;
const VT_LPSTR: u16 = 0x1E;
const VT_LPWSTR: u16 = 0x1F;
const VT_CF: u16 = 0x47;

/// A stream of sets: its path, the FMTID of its first set as it stands in the file, and the properties that are text.
struct Source {
    path: &'static str,
    format_id: [u8; 16],
    ids: &'static [u32],
}

/// Title, subject, author, keywords, comments, who saved it last ([MS-OLEPS] 2.25.1).
const SUMMARY: Source = Source {
    path: "/\u{5}SummaryInformation",
    format_id: 0xE085_9FF2_F94F_6810_AB91_0800_2B27_B3D9_u128.to_be_bytes(),
    ids: &[2, 3, 4, 5, 6, 8],
};
/// Category, manager, company ([MS-OSHARED] 2.3.3.2.2.1).
const DOCUMENT_SUMMARY: Source = Source {
    path: "/\u{5}DocumentSummaryInformation",
    format_id: 0x02D5_CDD5_9C2E_1B10_9397_0800_2B2C_F9AE_u128.to_be_bytes(),
    ids: &[2, 14, 15],
};

/// Adds the properties of the file after its text. Where the file `is_damaged`, a stream that its directory has lost is
/// looked for by what it begins with.
pub(super) fn read(compound: &Compound<'_>, file: &[u8], is_damaged: bool, content: &mut Content) {
    let mut is_first = true;
    let stream_of = |source: &Source| {
        let named = compound.stream(source.path).filter(|stream| !stream.bytes.is_empty());
        let carved = || if is_damaged { carved(file, source.format_id) } else { None };
        named.map(Cow::Borrowed).or_else(|| carved().map(Cow::Owned))
    };
    let streams = [&SUMMARY, &DOCUMENT_SUMMARY].map(|source| (source, stream_of(source)));
    for (source, stream) in &streams {
        let Some(stream) = stream else { continue };
        let Some(set) = Set::first(&stream.bytes) else {
            let found = format!("{} is no property set", ole2::shown(source.path));
            content.problems.push(Problem::Damaged { format: "property set", found });
            continue;
        };
        let page = set.code_page();
        for &id in source.ids {
            let Some(value) = set.value(id).and_then(|at| text(&stream.bytes, at, page)) else { continue };
            if let Some(before) = content.runs.last().map(|run| run.zone).filter(|_| is_first) {
                content.unicode(before, "\n");
            }
            is_first = false;
            add(content, stream, value, page);
            content.unicode(Zone::Property, "\n");
        }
    }
    let [(_, summary), _] = &streams;
    if let Some(picture) = summary.as_ref().and_then(|stream| thumbnail(&stream.bytes)) {
        content.picture(picture);
    }
}

/// The first stream of sets of that format which stands in the file; where it ends is not known.
fn carved(file: &[u8], format_id: [u8; 16]) -> Option<Stream<'_>> {
    /// Where the FMTID of the first set stands.
    const FORMAT_ID_AT: usize = 28;
    let starts = memchr::memmem::find_iter(file, &format_id).filter_map(|at| at.checked_sub(FORMAT_ID_AT));
    let mut starts = starts
        .filter(|&start| start.is_multiple_of(SMALL_SECTOR_BYTES) && u16_at(file, start) == Some(BYTE_ORDER));
    starts.next().map(|start| Stream::of_file(file, start))
}

fn add(content: &mut Content, stream: &Stream<'_>, value: Text<'_>, page: Option<u32>) {
    match value {
        Text::Unicode(at, text) => content.unicode_at(Zone::Property, stream.offset_at(at), &text),
        Text::Bytes(at, bytes) => {
            let encoding = page.and_then(code_page::of_code_page).filter(|encoding| encoding.has_ascii());
            let declared = Declared::new(Declarer::Document, encoding);
            content.bytes(Zone::Property, stream.offset_at(at), bytes, declared);
        }
    }
}

/// The metafile that shows the first page, in the bytes of a stream `SummaryInformation` (PIDSI_THUMBNAIL).
fn thumbnail(stream: &[u8]) -> Option<&[u8]> {
    /// Clipboard formats of Windows, not of a Macintosh.
    const WINDOWS: u32 = 0xFFFF_FFFF;
    const METAFILEPICT_BYTES: usize = 8;
    let at = Set::first(stream)?.value(PIDSI_THUMBNAIL)?;
    if u16_at(stream, at)? != VT_CF {
        return None;
    }
    let size = u32_at(stream, at + 4)? as usize;
    let data = stream.get(at + 8..)?;
    let data = &data[..size.min(data.len())];
    match (u32_at(data, 0)?, u32_at(data, 4)?) {
        // CF_METAFILEPICT: a METAFILEPICT, then a WMF. CF_ENHMETAFILE: an EMF.
        (WINDOWS, 3) => data.get(8 + METAFILEPICT_BYTES..),
        (WINDOWS, 14) => data.get(8..),
        _ => None,
    }
}

/// A string, and where in the stream it begins.
enum Text<'s> {
    Unicode(usize, String),
    Bytes(usize, &'s [u8]),
}

/// The string at a place of the stream, if there is one that isn't empty.
fn text(stream: &[u8], at: usize, page: Option<u32>) -> Option<Text<'_>> {
    let length = u32_at(stream, at + 4)? as usize;
    let rest = stream.get(at + 8..)?;
    let unicode = |bytes: &[u8]| {
        let text = utf_16(u16s(bytes).take_while(|&unit| unit != 0));
        (!text.trim().is_empty()).then_some(Text::Unicode(at + 8, text))
    };
    match u16_at(stream, at)? {
        VT_LPWSTR => unicode(&rest[..length.saturating_mul(2).min(rest.len())]),
        VT_LPSTR => {
            let bytes = &rest[..length.min(rest.len())];
            // A string that claims to be UTF-16 ends as UTF-16 does.
            if page == Some(UTF_16LE_PAGE) && bytes.len() % 2 == 0 && bytes.ends_with(&[0, 0]) {
                return unicode(bytes);
            }
            let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
            let bytes = &bytes[..end];
            (!bytes.trim_ascii().is_empty()).then_some(Text::Bytes(at + 8, bytes))
        }
        _ => None,
    }
}

/// The first property set of a stream.
struct Set<'s> {
    stream: &'s [u8],
    /// Where it begins.
    at: usize,
}

impl<'s> Set<'s> {
    fn first(stream: &'s [u8]) -> Option<Self> {
        let at = u32_at(stream, FIRST_SET_AT)? as usize;
        (u16_at(stream, 0)? == BYTE_ORDER && u32_at(stream, at.checked_add(4)?).is_some())
            .then_some(Self { stream, at })
    }

    /// Where in the stream the property with that number is.
    fn value(&self, id: u32) -> Option<usize> {
        let count = u32_at(self.stream, self.at + 4)? as usize;
        let entries = self.stream.get(self.at + 8..)?.chunks_exact(8).take(count.min(MOST_PROPERTIES));
        let entry = entries.into_iter().find(|entry| u32_at(entry, 0) == Some(id))?;
        let at = self.at.checked_add(u32_at(entry, 4)? as usize)?;
        // So that what is read behind it cannot overflow.
        (at < self.stream.len()).then_some(at)
    }

    fn code_page(&self) -> Option<u32> {
        let at = self.value(PID_CODEPAGE)?;
        (u16_at(self.stream, at)? == VT_I2).then(|| u16_at(self.stream, at + 4).map(u32::from))?
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::document::{Run, RunText};
    use crate::encoding::Encoding;

    /// A stream of one set with these properties: number, type, value as it stands there.
    pub(in crate::document) fn made(properties: &[(u32, u16, Vec<u8>)]) -> Vec<u8> {
        let mut places = Vec::new();
        let mut values = Vec::new();
        for (id, kind, value) in properties {
            places.extend(id.to_le_bytes());
            places.extend((8 + 8 * properties.len() as u32 + values.len() as u32).to_le_bytes());
            values.extend(u32::from(*kind).to_le_bytes());
            values.extend_from_slice(value);
            values.resize(values.len().next_multiple_of(4), 0);
        }
        let mut stream = BYTE_ORDER.to_le_bytes().to_vec();
        stream.resize(24, 0);
        stream.extend(1_u32.to_le_bytes());
        stream.resize(FIRST_SET_AT, 0xAA);
        stream.extend(48_u32.to_le_bytes());
        stream.extend((8 + places.len() as u32 + values.len() as u32).to_le_bytes());
        stream.extend((properties.len() as u32).to_le_bytes());
        stream.extend(places);
        stream.extend(values);
        stream
    }

    pub(in crate::document) fn page(number: u16) -> (u32, u16, Vec<u8>) {
        (PID_CODEPAGE, VT_I2, number.to_le_bytes().to_vec())
    }

    pub(in crate::document) fn string(id: u32, bytes: &[u8]) -> (u32, u16, Vec<u8>) {
        let mut value = (bytes.len() as u32 + 1).to_le_bytes().to_vec();
        value.extend_from_slice(bytes);
        value.push(0);
        (id, VT_LPSTR, value)
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
    }

    fn read_file(summary: &[u8], document_summary: &[u8]) -> Content {
        let mut file =
            cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
        for (path, bytes) in [(SUMMARY.path, summary), (DOCUMENT_SUMMARY.path, document_summary)] {
            file.create_stream(path).unwrap().write_all(bytes).unwrap();
        }
        let file = file.into_inner().into_inner();
        let mut content = Content::default();
        read(&Compound::open(&file), &file, false, &mut content);
        for run in &content.runs.to_vec() {
            if let (Some(offset), RunText::Bytes { bytes, .. }) = (run.offset, &run.text) {
                assert!(file[offset as usize..].starts_with(bytes), "a wrong offset");
            }
        }
        content
    }

    fn texts(content: &Content) -> Vec<RunText> {
        content.runs.to_vec().into_iter().map(|run| run.text).collect()
    }

    #[test]
    fn values_are_runs_in_a_fixed_order() {
        let mut length = 6_u32.to_le_bytes().to_vec();
        length.extend(wide("Лодка"));
        let summary = made(&[page(936), string(4, b"\xCD\xF5"), (2, VT_LPWSTR, length)]);
        let content = read_file(&summary, &made(&[page(1251), string(15, b"\xC4\xEE\xEC"), string(2, b" ")]));
        let bytes = |page: &str, bytes: &[u8]| RunText::Bytes {
            bytes: bytes.to_vec(),
            declared: Declared::new(Declarer::Document, Encoding::for_name(page)),
        };
        let end = || RunText::Unicode("\n".to_owned());
        let expected = [
            RunText::Unicode("Лодка\n".to_owned()),
            bytes("gb18030", b"\xCD\xF5"),
            end(),
            bytes("windows-1251", b"\xC4\xEE\xEC"),
            end(),
        ];
        assert_eq!(texts(&content), expected);
        assert!(content.runs.to_vec().iter().all(|run: &Run| run.zone == Zone::Property));
    }

    #[test]
    fn utf_16_under_its_page_number_is_unicode_and_a_lie_is_bytes() {
        let title = wide("Häuser");
        let mut value = (title.len() as u32).to_le_bytes().to_vec();
        value.extend(&title);
        let content = read_file(&made(&[page(1200), (2, VT_LPSTR, value), string(4, b"abcd")]), &[]);
        let lie = RunText::Bytes { bytes: b"abcd".to_vec(), declared: Declared::NOTHING };
        assert_eq!(
            texts(&content),
            [RunText::Unicode("Häuser\n".to_owned()), lie, RunText::Unicode("\n".to_owned())]
        );
    }

    #[test]
    fn a_thumbnail_is_handed_over_as_what_it_is() {
        let picture = |format: u32, data: &[u8]| {
            let mut value = (8 + data.len() as u32).to_le_bytes().to_vec();
            value.extend(u32::MAX.to_le_bytes());
            value.extend(format.to_le_bytes());
            value.extend_from_slice(data);
            made(&[(PIDSI_THUMBNAIL, VT_CF, value)])
        };
        let metafile = picture(3, b"12345678a metafile");
        assert_eq!(thumbnail(&metafile), Some(&b"a metafile"[..]));
        let enhanced = picture(14, b"an enhanced one");
        assert_eq!(thumbnail(&enhanced), Some(&b"an enhanced one"[..]));
        assert_eq!(thumbnail(&picture(8, b"a bitmap")), None);
        assert_eq!(thumbnail(&made(&[string(2, b"none")])), None);
    }

    #[test]
    fn cut_and_damaged_sets_are_survived() {
        let whole = made(&[page(936), string(2, b"title"), string(4, b"author"), (17, VT_CF, vec![9; 20])]);
        for end in 0..whole.len() {
            let content = read_file(&whole[..end], &[]);
            assert_eq!(content.problems.is_empty(), end == 0 || end >= 56, "{end}");
            let _ = thumbnail(&whole[..end]);
        }
        for at in 0..whole.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                damaged[at.min(whole.len() - 4)..][..4].fill(value);
                let _ = (read_file(&damaged, &[]), thumbnail(&damaged));
            }
        }
    }
}
