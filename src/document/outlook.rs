//! Messages of Outlook (.msg, [MS-OXMSG]): properties of a message, each a stream of an OLE2 file.

use super::mail::add_page;
use super::{Content, Declared, Declarer, Zone, code_page};
use crate::container::Part;
use crate::container::ole2::Compound;
use crate::little_endian::{u16s, u32_at, utf_16};

/// Messages inside messages.
const DEEPEST: usize = 8;
/// More attachments than this are not looked for, nor a number beyond.
const MOST_ATTACHMENTS: u32 = 2048;

/// Properties ([MS-OXPROPS]) of a message whose values are text, and how they are called in the text.
const FIELDS: [(&str, u16); 7] = [
    ("Subject", 0x0037),
    ("From", 0x0C1A),
    ("From", 0x0C1F),
    ("Sent for", 0x0042),
    ("To", 0x0E04),
    ("Cc", 0x0E03),
    ("Bcc", 0x0E02),
];
const BODY: u16 = 0x1000;
const BODY_RTF: u16 = 0x1009;
const BODY_HTML: u16 = 0x1013;
const MESSAGE_CODE_PAGE: u16 = 0x3FFD;
const INTERNET_CODE_PAGE: u16 = 0x3FDE;
const ATTACHED_DATA: u16 = 0x3701;
const ATTACHED_NAME: u16 = 0x3704;
const ATTACHED_LONG_NAME: u16 = 0x3707;

/// Types of properties ([MS-OXCDATA] 2.11.1).
const BYTES: u16 = 0x0102;
const STRING_8: u16 = 0x001E;
const STRING: u16 = 0x001F;

/// Whether the streams are those of a message.
pub(super) fn is_message(compound: &Compound) -> bool {
    compound.stream("/__properties_version1.0").is_some()
}

pub(super) fn read(compound: &Compound, content: &mut Content) {
    let root = Storage { compound, path: "/".to_owned() };
    root.message(content, 0);
}

/// The properties of a message or of an attachment.
struct Storage<'c> {
    compound: &'c Compound<'c>,
    /// With a `/` at the end.
    path: String,
}

impl Storage<'_> {
    fn stream(&self, property: u16, kind: u16) -> Option<&[u8]> {
        let path = format!("{}__substg1.0_{property:04X}{kind:04X}", self.path);
        self.compound.stream(&path).map(|stream| &*stream.bytes)
    }

    /// A number among the properties that have no stream of their own ([MS-OXMSG] 2.4). Their header is of 32 bytes at
    /// the top and of 24 in a message inside.
    fn number(&self, property: u16, header: usize) -> Option<u32> {
        let stream = self.compound.stream(&format!("{}__properties_version1.0", self.path))?;
        let entries = stream.bytes.get(header..)?.as_chunks::<16>().0;
        let entry = entries.iter().find(|entry| entry[2..4] == property.to_le_bytes())?;
        u32_at(entry, 8)
    }

    /// Adds a text property; true if there is one.
    fn add(&self, zone: Zone, property: u16, declared: Declared, content: &mut Content) -> bool {
        if let Some(units) = self.stream(property, STRING) {
            content.unicode(zone, &utf_16(u16s(units)).replace("\r\n", "\n").replace('\0', ""));
            return !units.is_empty();
        }
        let Some(bytes) = self.stream(property, STRING_8) else { return false };
        let bytes: Vec<u8> = bytes.iter().copied().filter(|b| !matches!(b, 0 | b'\r')).collect();
        content.bytes(zone, None, &bytes, declared);
        !bytes.is_empty()
    }

    fn message(&self, content: &mut Content, depth: usize) {
        let header = if depth == 0 { 32 } else { 24 };
        let page = |property| {
            let number = self.number(property, header).filter(|number| *number != 0)?;
            code_page::of_code_page(number)
        };
        let declared =
            Declared::new(Declarer::Document, page(MESSAGE_CODE_PAGE).or_else(|| page(INTERNET_CODE_PAGE)));
        for (name, property) in FIELDS {
            if self
                .stream(property, STRING)
                .or_else(|| self.stream(property, STRING_8))
                .is_some_and(|text| !text.is_empty())
            {
                content.unicode(Zone::Property, &format!("{name}: "));
                self.add(Zone::Property, property, declared, content);
                content.unicode(Zone::Property, "\n");
            }
        }
        let has_body = self.add(Zone::Body, BODY, declared, content) || {
            let of_page = Declared::new(Declarer::Document, page(INTERNET_CODE_PAGE).or(declared.encoding));
            let source = self.stream(BODY_HTML, BYTES);
            if let Some(source) = source {
                add_page(source, of_page, content);
            }
            source.is_some()
        };
        content.unicode(Zone::Body, "\n");
        if !has_body && let Some(rtf) = self.stream(BODY_RTF, BYTES).and_then(decompressed) {
            content.parts.push(Part { name: b"body.rtf".to_vec(), bytes: rtf, problem: None });
        }
        for number in 0..MOST_ATTACHMENTS {
            let path = format!("{}__attach_version1.0_#{number:08X}/", self.path);
            let attachment = Storage { compound: self.compound, path };
            if !attachment.is_there() {
                break;
            }
            attachment.attachment(content, depth);
        }
    }

    fn is_there(&self) -> bool {
        self.compound.stream(&format!("{}__properties_version1.0", self.path)).is_some()
    }

    fn attachment(&self, content: &mut Content, depth: usize) {
        let path = format!("{}__substg1.0_{ATTACHED_DATA:04X}000D/", self.path);
        let inner = Storage { compound: self.compound, path };
        if inner.is_there() && depth < DEEPEST {
            inner.message(content, depth + 1);
        } else if let Some(bytes) = self.stream(ATTACHED_DATA, BYTES) {
            let name =
                [ATTACHED_LONG_NAME, ATTACHED_NAME].into_iter().find_map(|property| self.name(property));
            let name = name.unwrap_or_else(|| b"attachment".to_vec());
            content.parts.push(Part { name, bytes: bytes.to_vec(), problem: None });
        }
    }

    /// A name, in UTF-8 where its characters are known.
    fn name(&self, property: u16) -> Option<Vec<u8>> {
        if let Some(units) = self.stream(property, STRING) {
            return Some(utf_16(u16s(units)).trim_end_matches('\0').as_bytes().to_vec());
        }
        self.stream(property, STRING_8).map(|name| name.iter().copied().filter(|b| *b != 0).collect())
    }
}

/// What the dictionary holds before anything was read ([MS-OXRTFCP] 2.1.2.1).
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const DICTIONARY_BYTES: usize = 4096;
const COMPRESSED: &[u8] = b"LZFu";
const UNCOMPRESSED: &[u8] = b"MELA";

/// The RTF in a compressed body ([MS-OXRTFCP] 3.1.3): runs of eight tokens, each a byte or a place and a length in the
/// dictionary, which is the last 4096 bytes.
fn decompressed(stream: &[u8]) -> Option<Vec<u8>> {
    const HEADER_BYTES: usize = 16;
    let kind = stream.get(8..12)?;
    let tokens = stream.get(HEADER_BYTES..)?;
    if kind == UNCOMPRESSED {
        return Some(tokens.to_vec());
    } else if kind != COMPRESSED {
        return None;
    }
    let mut dictionary = [b' '; DICTIONARY_BYTES];
    dictionary[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    let mut write = DICTIONARY.len();
    let mut out = Vec::new();
    let mut put = |byte: u8, write: &mut usize, dictionary: &mut [u8; DICTIONARY_BYTES]| {
        out.push(byte);
        dictionary[*write] = byte;
        *write = (*write + 1) % DICTIONARY_BYTES;
    };
    let mut bytes = tokens.iter().copied();
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { break 'all };
            if control >> bit & 1 == 0 {
                put(first, &mut write, &mut dictionary);
                continue;
            }
            let Some(second) = bytes.next() else { break 'all };
            let token = usize::from(first) << 8 | usize::from(second);
            let (offset, length) = (token >> 4, (token & 0xF) + 2);
            if offset == write {
                break 'all;
            }
            for at in 0..length {
                let byte = dictionary[(offset + at) % DICTIONARY_BYTES];
                put(byte, &mut write, &mut dictionary);
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::document::{Run, RunText};

    fn file(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (path, bytes) in streams {
            if let Some((folder, _)) = path.rsplit_once('/') {
                file.create_storage_all(format!("/{folder}")).unwrap();
            }
            file.create_stream(format!("/{path}")).unwrap().write_all(bytes).unwrap();
        }
        file.into_inner().into_inner()
    }

    fn read_all(streams: &[(&str, &[u8])]) -> Content {
        let file = file(streams);
        let compound = Compound::open(&file);
        assert!(is_message(&compound));
        let mut content = Content::default();
        read(&compound, &mut content);
        content
    }

    fn shown(content: &Content) -> String {
        let text = |run: &Run| match &run.text {
            RunText::Unicode(text) => text.clone(),
            RunText::Bytes { bytes, declared } => {
                format!("<{:02X?} {:?}>", bytes, declared.encoding.map(|e| e.label()))
            }
        };
        content.runs.to_vec().iter().map(text).collect()
    }

    fn properties(header: usize, page: u32) -> Vec<u8> {
        let mut bytes = vec![0; header];
        bytes.extend([3, 0, 0xFD, 0x3F, 0, 0, 0, 0]);
        bytes.extend(page.to_le_bytes());
        bytes.extend([0; 4]);
        bytes
    }

    #[test]
    fn a_message_gives_its_fields_its_body_and_what_is_attached() {
        let subject: Vec<u8> = "年度报告".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let content = read_all(&[
            ("__properties_version1.0", &properties(32, 936)),
            ("__substg1.0_0037001F", &subject),
            ("__substg1.0_1000001E", b"\xD5\xFD\r\n\0"),
            ("__attach_version1.0_#00000000/__properties_version1.0", &[0; 8]),
            ("__attach_version1.0_#00000000/__substg1.0_37010102", b"abc"),
            ("__attach_version1.0_#00000000/__substg1.0_3704001E", b"a.txt\0"),
        ]);
        assert_eq!(shown(&content), "Subject: 年度报告\n<[D5, FD, 0A] Some(\"gb18030\")>\n");
        assert_eq!(
            (content.parts[0].name.as_slice(), content.parts[0].bytes.as_slice()),
            (&b"a.txt"[..], &b"abc"[..])
        );
    }

    #[test]
    fn a_compressed_body_is_a_part() {
        // One run: `{\rtf1` from the dictionary, then plain bytes, then the end.
        let tokens = [0b0010_0001, 0x00, 0x04, b' ', b'H', b'i', b'}', 0x0D, 0x90];
        let body = [&[0; 8][..], COMPRESSED, &[0; 4], &tokens].concat();
        let content = read_all(&[("__properties_version1.0", &[0; 32]), ("__substg1.0_10090102", &body)]);
        assert_eq!(content.parts[0].bytes, b"{\\rtf1 Hi}");
    }
}
