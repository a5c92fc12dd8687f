//! dBASE tables (DBF): records of fields of fixed width. One row a line, fields apart by TABs.

use super::{Content, Declared, Declarer, Zone, code_page};
use crate::container::Problem;
use crate::encoding::Encoding;
use crate::little_endian::{u16_at, u32_at};

const HEADER_BYTES: usize = 32;
const FIELD_BYTES: usize = 32;
/// The end of the field descriptors.
const FIELDS_END: u8 = 0x0D;
/// A record that was deleted and is still there.
const DELETED: u8 = b'*';
/// More fields than any program allows.
const MOST_FIELDS: usize = 2046;

/// What the header says.
struct Header {
    records: usize,
    header_bytes: usize,
    record_bytes: usize,
    language_driver: u8,
}

struct Field {
    kind: u8,
    at: usize,
    width: usize,
}

/// Whether a file that begins so is a table. There is no magic number: version, date, sizes and the first field must
/// fit.
pub(super) fn is_header(head: &[u8]) -> bool {
    let Some(header) = header(head) else { return false };
    let is_version =
        matches!(head[0], 0x02 | 0x03 | 0x30..=0x32 | 0x43 | 0x63 | 0x83 | 0x8B | 0x8E | 0xCB | 0xF5 | 0xFB);
    let is_date = (1..=12).contains(&head[2]) && (1..=31).contains(&head[3]);
    let Some(field) = head.get(HEADER_BYTES..HEADER_BYTES + FIELD_BYTES) else { return false };
    let is_named = field[0] > b' ' && field[..11].contains(&0);
    is_version
        && is_date
        && is_named
        && is_kind(field[11])
        && header.header_bytes > HEADER_BYTES
        && header.record_bytes > 1
}

fn is_kind(kind: u8) -> bool {
    b"CNDLMFGBPYTIVXQ@O+0W".contains(&kind)
}

fn header(bytes: &[u8]) -> Option<Header> {
    let bytes = bytes.get(..HEADER_BYTES)?;
    Some(Header {
        records: u32_at(bytes, 4)? as usize,
        header_bytes: u16_at(bytes, 8)?.into(),
        record_bytes: u16_at(bytes, 10)?.into(),
        language_driver: bytes[29],
    })
}

/// Reads the names of the fields, then the records that were not deleted.
pub(super) fn read(bytes: &[u8]) -> Content {
    let mut content = Content::default();
    let Some(header) = header(bytes) else { return content };
    let declared = Declared::new(Declarer::Document, of_language_driver(header.language_driver));
    let mut fields = Vec::new();
    let mut at = 1;
    let descriptors = bytes[HEADER_BYTES..].chunks_exact(FIELD_BYTES).take(MOST_FIELDS);
    for (number, descriptor) in descriptors.take_while(|d| d[0] != FIELDS_END && is_kind(d[11])).enumerate() {
        if number > 0 {
            content.unicode(Zone::Body, "\t");
        }
        let name = descriptor[..11].split(|&b| b == 0).next().unwrap_or_default();
        content.bytes(Zone::Body, Some((HEADER_BYTES + number * FIELD_BYTES) as u64), name, declared);
        let kind = descriptor[11];
        // A long text field keeps the high byte of its width where others keep their decimals.
        let width =
            usize::from(descriptor[16]) + if kind == b'C' { usize::from(descriptor[17]) << 8 } else { 0 };
        // What is not in a record is not in any row either, which is then no longer than twice its record.
        if at + width <= header.record_bytes && fields.len() < header.record_bytes {
            fields.push(Field { kind, at, width });
        }
        at += width;
    }
    content.unicode(Zone::Body, "\n");
    let Some(records) = bytes.get(header.header_bytes..) else {
        content.problems.push(damaged("ends within its header"));
        return content;
    };
    let mut found = 0;
    for record in records.chunks_exact(header.record_bytes.max(1)).take(header.records) {
        found += 1;
        if record[0] != DELETED {
            let offset = header.header_bytes + (found - 1) * header.record_bytes;
            row(&mut content, record, offset, &fields, declared);
        }
    }
    if found < header.records {
        content.problems.push(damaged(format!("{found} of {} records are there", header.records)));
    }
    content
}

fn row(content: &mut Content, record: &[u8], offset: usize, fields: &[Field], declared: Declared) {
    for (number, field) in fields.iter().enumerate() {
        if number > 0 {
            content.unicode(Zone::Body, "\t");
        }
        // Numbers in binary, and the places of memos in another file, are no text.
        if !b"CNDLF".contains(&field.kind) {
            continue;
        }
        let value = &record[field.at..field.at + field.width];
        let end = value.iter().rposition(|b| !matches!(b, b' ' | 0)).map_or(0, |last| last + 1);
        let start =
            if field.kind == b'C' { 0 } else { value[..end].iter().take_while(|b| **b == b' ').count() };
        content.bytes(Zone::Body, Some((offset + field.at + start) as u64), &value[start..end], declared);
    }
    content.unicode(Zone::Body, "\n");
}

fn damaged(found: impl Into<String>) -> Problem {
    Problem::Damaged { format: "dbf", found: found.into() }
}

/// The code page of a language driver, as dBASE, FoxPro and their followers number them.
fn of_language_driver(driver: u8) -> Option<Encoding> {
    let page = match driver {
        0x01 | 0x09 | 0x0B | 0x0D | 0x0F | 0x11 | 0x15 | 0x18 | 0x19 | 0x1B => 437,
        0x02 | 0x0A | 0x0E | 0x10 | 0x12 | 0x14 | 0x16 | 0x1A | 0x1D | 0x25 | 0x37 => 850,
        0x03 | 0x57..=0x59 => 1252,
        0x04 => 10000,
        0x08 | 0x17 | 0x66 => 865,
        0x13 | 0x7B => 932,
        0x1C | 0x6C => 863,
        0x1F | 0x22 | 0x23 | 0x40 | 0x64 | 0x87 => 852,
        0x24 => 860,
        0x26 | 0x65 => 866,
        0x4D | 0x7A => 936,
        0x4E | 0x79 => 949,
        0x4F | 0x78 => 950,
        0x50 | 0x7C => 874,
        0x67 => 861,
        0x6A | 0x86 => 737,
        0x6B | 0x88 => 857,
        0x7D => 1255,
        0x7E => 1256,
        0x96 => 10007,
        0x97 => 10029,
        0x98 => 10006,
        0xC8 => 1250,
        0xC9 => 1251,
        0xCA => 1254,
        0xCB => 1253,
        0xCC => 1257,
        _ => return None,
    };
    code_page::of_code_page(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Run, RunText};

    /// A table of one text field of ten bytes, made on 1 February 2003.
    fn table(driver: u8, values: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0x03, 103, 2, 1];
        bytes.extend((values.len() as u32).to_le_bytes());
        bytes.extend(65_u16.to_le_bytes());
        bytes.extend(11_u16.to_le_bytes());
        bytes.resize(29, 0);
        bytes.extend([driver, 0, 0]);
        bytes.extend(b"NAME\0\0\0\0\0\0\0C\0\0\0\0\x0A");
        bytes.resize(64, 0);
        bytes.push(FIELDS_END);
        for value in values {
            bytes.push(b' ');
            bytes.extend_from_slice(value);
            bytes.resize(bytes.len() + 10 - value.len(), b' ');
        }
        bytes
    }

    #[test]
    fn fields_are_runs_of_bytes_with_the_page_of_the_driver() {
        let bytes = table(0x26, &[b"\x80\xE0\xE5", b"b"]);
        assert!(is_header(&bytes));
        let content = read(&bytes);
        let runs = content.runs.to_vec();
        let byte_runs: Vec<_> = runs
            .iter()
            .filter_map(|run| match run {
                Run { offset, text: RunText::Bytes { bytes, declared }, .. } => {
                    Some((*offset, bytes.as_slice(), *declared))
                }
                Run { .. } => None,
            })
            .collect();
        let declared = Declared::new(Declarer::Document, Encoding::for_name("cp866"));
        assert_eq!(byte_runs[1..], [(Some(66), &b"\x80\xE0\xE5"[..], declared), (Some(77), b"b", declared)]);
        assert!(content.problems.is_empty());
    }

    #[test]
    fn a_cut_table_gives_what_is_there() {
        let bytes = table(0, &[b"one", b"two"]);
        for end in 0..bytes.len() {
            let content = read(&bytes[..end]);
            assert_eq!(content.problems.is_empty(), end < HEADER_BYTES, "{end}");
            let is_there = |value: &[u8]| {
                content
                    .runs
                    .to_vec()
                    .iter()
                    .any(|run| matches!(&run.text, RunText::Bytes { bytes, .. } if bytes == value))
            };
            assert_eq!((is_there(b"one"), is_there(b"two")), (end >= 65 + 11, end >= 65 + 22), "{end}");
        }
    }

    /// A table of fields of these widths, with the same record again and again.
    fn of_fields(widths: &[u8], record: &[u8], count: u32) -> Vec<u8> {
        let mut bytes = vec![0x03, 103, 2, 1];
        bytes.extend(count.to_le_bytes());
        bytes.extend(((HEADER_BYTES + FIELD_BYTES * widths.len() + 1) as u16).to_le_bytes());
        bytes.extend((record.len() as u16).to_le_bytes());
        bytes.resize(HEADER_BYTES, 0);
        for (number, &width) in widths.iter().enumerate() {
            bytes.extend(b"NAME\0\0\0\0\0\0\0C\0\0\0\0");
            bytes.push(width);
            bytes.resize(HEADER_BYTES + FIELD_BYTES * (number + 1), 0);
        }
        bytes.push(FIELDS_END);
        bytes.extend(record.repeat(count as usize));
        bytes
    }

    fn text(bytes: &[u8]) -> String {
        let text = read(bytes).runs.to_vec().into_iter().map(|run| match run.text {
            RunText::Bytes { bytes, .. } => String::from_utf8(bytes).unwrap(),
            RunText::Unicode(text) => text,
        });
        text.collect()
    }

    #[test]
    fn fields_that_are_not_in_a_record_make_no_text() {
        for widths in [[1, 0].repeat(150), vec![1; 300], vec![0; 300]] {
            let bytes = of_fields(&widths, b" a", 1000);
            assert!(is_header(&bytes));
            assert!(text(&bytes).len() < 2 * bytes.len());
        }
    }

    #[test]
    fn a_field_without_width_keeps_its_column() {
        let bytes = of_fields(&[2, 0, 1], b" oak", 2);
        assert_eq!(text(&bytes), "NAME\tNAME\tNAME\noa\t\tk\noa\t\tk\n");
    }
}
