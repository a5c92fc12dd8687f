//! BIFF, the streams of Excel 2.0 to 2003 ([MS-XLS]; for the versions before BIFF8 the documentation of OpenOffice.org).

use std::collections::BTreeMap;

use super::number::{self, NumberFormat};
use super::records::{Record, Records, Version};
use super::strings::{self, Continued, Length};
use super::{Sheet, Text, Value, Writer};
use crate::container::{Budget, Problem};
use crate::document::office_art::Pictures;
use crate::document::{Content, Declared, Declarer, RunText, Zone, code_page};
use crate::encoding::Encoding;

/// Fonts are numbered without a fourth.
const MISSING_FONT: u16 = 4;
/// The kind of drawing object that a comment is ([MS-XLS] 2.5.143).
const NOTE_OBJECT: u16 = 0x0019;
/// The row that says that a NOTE record goes on with the text of the one before.
const NOTE_GOES_ON: u16 = 0xFFFF;

/// Reads all substreams. `is_flat` tells whether places in `bytes` are places in the file.
pub(super) fn read(bytes: &[u8], is_flat: bool, budget: &mut Budget<'_>) -> Content {
    let mut reader = Reader {
        records: Records::new(bytes),
        is_flat,
        version: Version::Biff8,
        depth: 0,
        page: None,
        is_1904: false,
        fonts: Vec::new(),
        formats: BTreeMap::new(),
        cell_formats: Vec::new(),
        shared: Vec::new(),
        names: BTreeMap::new(),
        sheet: None,
        awaits_string: None,
        note: None,
        objects: Objects::default(),
        drawings: Vec::new(),
        writer: Writer::new(bytes.len(), budget),
    };
    while let Some(record) = reader.records.next() {
        if reader.take(record).is_none() && is_encryption(&record) {
            reader.writer.problem(Problem::Unsupported { what: "an encrypted workbook".to_owned() });
            break;
        }
    }
    reader.end_sheet();
    if reader.records.is_cut {
        let found = "ends within a record".to_owned();
        reader.writer.problem(Problem::Damaged { format: "xls", found });
    }
    let drawings = std::mem::take(&mut reader.drawings);
    let mut content = reader.writer.finish();
    Pictures::new(&mut content, budget, drawings.len()).drawing(&drawings, &[]);
    content
}

/// FILEPASS: all that follows is enciphered.
fn is_encryption(record: &Record<'_>) -> bool {
    record.number == 0x002F
}

/// What a cell's format (XF) points at.
#[derive(Debug, Clone, Copy, Default)]
struct CellFormat {
    font: u16,
    format: u16,
}

struct Reader<'b, 'w, 'l> {
    records: Records<'b>,
    is_flat: bool,
    version: Version,
    /// Substreams inside substreams: charts stand in sheets.
    depth: u32,
    page: Option<Encoding>,
    is_1904: bool,
    /// What each font's character set says.
    fonts: Vec<Option<Encoding>>,
    formats: BTreeMap<u16, NumberFormat>,
    cell_formats: Vec<CellFormat>,
    shared: Vec<Text>,
    /// Names of sheets by the places of their BOF records.
    names: BTreeMap<u32, Text>,
    sheet: Option<Sheet>,
    /// The place and the format of a formula whose text comes with the next STRING record.
    awaits_string: Option<(u16, u16, u16)>,
    note: Option<Note>,
    objects: Objects,
    /// The list of all pictures of a workbook, which is cut into records.
    drawings: Vec<u8>,
    writer: Writer<'w, 'l>,
}

/// A comment before BIFF8, which may come in several records.
struct Note {
    row: u16,
    column: u16,
    text: Text,
}

/// Drawing objects of a sheet in BIFF8 whose text and place stand in different records.
#[derive(Default)]
struct Objects {
    /// The object that the next TXO record is of: kind and number.
    last: Option<(u16, u16)>,
    /// Texts of comments by the numbers of their objects.
    notes: BTreeMap<u16, Text>,
}

impl<'b> Reader<'b, '_, '_> {
    /// Takes one record. `None` where it is not one that is read here, or too short.
    fn take(&mut self, record: Record<'b>) -> Option<()> {
        if let Some(version) = record.version() {
            self.begin(version, &record);
            return Some(());
        }
        // What stands in a chart inside a sheet is numbered like what stands in the sheet.
        if self.depth > 1 && record.number != 0x000A {
            return None;
        }
        match record.number {
            0x000A => self.end(),
            0x0022 => self.is_1904 = record.u16(0)? == 1,
            0x0042 => self.page = code_page::of_code_page(record.u16(0)?.into()),
            0x0031 | 0x0231 => self.fonts.push(self.charset(&record)),
            0x001E | 0x041E => self.number_format(&record)?,
            0x0043 | 0x0243 | 0x0443 | 0x00E0 => self.cell_formats.push(self.cell_format(&record)?),
            0x0085 => {
                let name = self.name(&record, 6)?;
                self.names.insert(record.u32(0)?, name);
            }
            // BIFF4 workbooks: the sheet that this names follows.
            0x008F => {
                let name = self.byte_string(&record, 4, Length::Byte, None)?;
                self.names.insert((record.at + 4 + record.data.len()) as u32, name);
            }
            0x00FC => self.shared_strings(record)?,
            0x00EB => self.records.with_continued(record).iter().for_each(|part| self.drawings.extend(*part)),
            0x0014 | 0x0015 => self.header(record)?,
            0x001C => self.note(&record)?,
            0x005D => self.objects.last = object(&record),
            0x01B6 => self.object_text(record)?,
            _ => self.cell(record)?,
        }
        Some(())
    }

    fn begin(&mut self, version: Version, record: &Record<'_>) {
        self.depth += 1;
        if self.depth > 1 {
            return;
        }
        self.version = version;
        // The first substream of a workbook holds what all sheets share. Before BIFF5 a sheet is all, or stands inside the
        // substream of the workspace.
        let kind = record.u16(2);
        if kind == Some(0x0100) {
            self.depth = 0;
        } else if kind != Some(0x0005) {
            let name = self.names.remove(&(record.at as u32));
            self.sheet = Some(Sheet::named(name));
        }
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.end_sheet();
        }
    }

    fn end_sheet(&mut self) {
        self.end_note();
        if let Some(sheet) = self.sheet.take()
            && (sheet.name.is_some() || !sheet.is_empty())
        {
            self.writer.sheet(sheet, &self.shared);
        }
        self.objects = Objects::default();
    }

    /// The character set of a FONT record; only BIFF5 and later have one.
    fn charset(&self, record: &Record<'_>) -> Option<Encoding> {
        if self.version < Version::Biff5 {
            return None;
        }
        // ANSI is what a font is made with when nobody says anything.
        record
            .data
            .get(12)
            .filter(|&&charset| charset != 0)
            .and_then(|&charset| code_page::of_charset(charset))
    }

    fn number_format(&mut self, record: &Record<'_>) -> Option<()> {
        let (number, at) = match self.version {
            Version::Biff2 | Version::Biff3 => (self.formats.len() as u16, 0),
            Version::Biff4 => (self.formats.len() as u16, 2),
            Version::Biff5 | Version::Biff8 => (record.u16(0)?, 2),
        };
        let format = if self.version == Version::Biff8 {
            let text = Continued::new(vec![record.data.get(at..)?]).string(Length::Word)?;
            match &text.text {
                RunText::Unicode(code) => NumberFormat::of_code(code.as_bytes()),
                RunText::Bytes { bytes, .. } => NumberFormat::of_code(bytes),
            }
        } else {
            NumberFormat::of_code(strings::bytes(record.data, at, Length::Byte)?.1)
        };
        self.formats.insert(number, format);
        Some(())
    }

    fn cell_format(&self, record: &Record<'_>) -> Option<CellFormat> {
        let byte = |at: usize| record.data.get(at).copied().map(u16::from);
        Some(match self.version {
            Version::Biff2 => CellFormat { font: byte(0)?, format: byte(2)? & 0x3F },
            Version::Biff3 | Version::Biff4 => CellFormat { font: byte(0)?, format: byte(1)? },
            Version::Biff5 | Version::Biff8 => CellFormat { font: record.u16(0)?, format: record.u16(2)? },
        })
    }

    fn shown(&self, number: f64, cell_format: u16) -> Value {
        let number_of_format = self.cell_formats.get(usize::from(cell_format)).map_or(0, |xf| xf.format);
        let format = self.formats.get(&number_of_format).copied();
        let format = format.or_else(|| NumberFormat::built_in(number_of_format.into())).unwrap_or_default();
        Value::Text(Text::unicode(format.show(number, self.is_1904)))
    }

    /// What is said of bytes: by the character set of the cell's font, else by the whole workbook.
    fn declared(&self, cell_format: Option<u16>) -> Declared {
        let font = cell_format.and_then(|xf| self.cell_formats.get(usize::from(xf))).map(|xf| xf.font);
        let index =
            font.filter(|&font| font != MISSING_FONT).map(|font| font - u16::from(font > MISSING_FONT));
        match index.and_then(|index| self.fonts.get(usize::from(index)).copied().flatten()) {
            Some(encoding) => Declared::new(Declarer::Font, Some(encoding)),
            None => Declared::new(Declarer::Document, self.page),
        }
    }

    fn byte_string(&self, record: &Record<'_>, at: usize, length: Length, xf: Option<u16>) -> Option<Text> {
        let (from, bytes) = strings::bytes(record.data, at, length)?;
        let offset = self.is_flat.then_some((record.at + 4 + from) as u64);
        let text = RunText::Bytes { bytes: bytes.to_vec(), declared: self.declared(xf) };
        Some(Text { offset, text })
    }

    /// The name of a sheet at `at`.
    fn name(&self, record: &Record<'_>, at: usize) -> Option<Text> {
        match self.version {
            Version::Biff8 => Continued::new(vec![record.data.get(at..)?]).string(Length::Byte),
            _ => self.byte_string(record, at, Length::Byte, None),
        }
    }

    /// A string of a cell at `at` in its record, or of a formula in a record of its own.
    fn string(&mut self, record: Record<'b>, at: usize, xf: u16) -> Option<Text> {
        match self.version {
            Version::Biff2 => self.byte_string(&record, at, Length::Byte, Some(xf)),
            Version::Biff8 => {
                let mut pieces = self.records.with_continued(record);
                pieces[0] = record.data.get(at..)?;
                Continued::new(pieces).string(Length::Word)
            }
            _ => self.byte_string(&record, at, Length::Word, Some(xf)),
        }
    }

    fn shared_strings(&mut self, record: Record<'b>) -> Option<()> {
        let mut continued = Continued::new(self.records.with_continued(record));
        continued.skip(4);
        let count = continued.u32()?;
        for _ in 0..count {
            let Some(text) = continued.string(Length::Word) else {
                let found = format!("{} of {count} shared strings are there", self.shared.len());
                self.writer.problem(Problem::Damaged { format: "xls", found });
                break;
            };
            self.shared.push(text);
        }
        Some(())
    }

    fn header(&mut self, record: Record<'b>) -> Option<()> {
        let zone = if record.number == 0x0014 { Zone::Header } else { Zone::Footer };
        let mut text = match self.version {
            Version::Biff8 => Continued::new(self.records.with_continued(record)).string(Length::Word)?,
            _ => self.byte_string(&record, 0, Length::Byte, None)?,
        };
        match &mut text.text {
            RunText::Unicode(text) => {
                *text = String::from_utf8_lossy(&strings::without_codes(text.as_bytes())).into_owned();
            }
            RunText::Bytes { bytes, .. } => *bytes = strings::without_codes(bytes),
        }
        self.writer.beside(zone, Text { offset: None, ..text }, None);
        Some(())
    }

    fn note(&mut self, record: &Record<'_>) -> Option<()> {
        let (row, column) = (record.u16(0)?, record.u16(2)?);
        if self.version == Version::Biff8 {
            let text = self.objects.notes.remove(&record.u16(6)?)?;
            self.writer.beside(Zone::Comment, text, Some((row.into(), column.into())));
            return Some(());
        }
        let text = record.data.get(6..)?;
        if row == NOTE_GOES_ON {
            if let Some(Note { text: Text { text: RunText::Bytes { bytes, .. }, .. }, .. }) = &mut self.note {
                bytes.extend_from_slice(text);
            }
            return Some(());
        }
        self.end_note();
        let offset = self.is_flat.then_some((record.at + 10) as u64);
        let text = RunText::Bytes { bytes: text.to_vec(), declared: self.declared(None) };
        self.note = Some(Note { row, column, text: Text { offset, text } });
        Some(())
    }

    fn end_note(&mut self) {
        if let Some(Note { row, column, text }) = self.note.take() {
            self.writer.beside(Zone::Comment, text, Some((row.into(), column.into())));
        }
    }

    /// The text of a drawing object ([MS-XLS] 2.4.329): it stands in CONTINUE records.
    fn object_text(&mut self, record: Record<'b>) -> Option<()> {
        let count = record.u16(10)?;
        let pieces = self.records.with_continued(record);
        let (kind, number) = self.objects.last.take()?;
        let text = Continued::new(pieces[1..].to_vec()).flagged_characters(count.into())?;
        if kind == NOTE_OBJECT {
            self.objects.notes.insert(number, text);
        } else {
            self.writer.beside(Zone::TextBox, text, None);
        }
        Some(())
    }

    fn cell(&mut self, record: Record<'b>) -> Option<()> {
        let (number, version) = (record.number, self.version);
        if number == 0x0207 || (number == 0x0007 && version == Version::Biff2) {
            let (row, column, xf) = self.awaits_string.take()?;
            let text = self.string(record, 0, xf)?;
            self.add(row, column, Value::Text(text));
            return Some(());
        }
        let (row, column) = (record.u16(0)?, record.u16(2)?);
        // BIFF2 has three bytes of attributes, of which the first holds the cell's format.
        let (xf, at) = match number {
            0x0001..=0x0006 if version == Version::Biff2 => (u16::from(*record.data.get(4)?) & 0x3F, 7),
            _ => (record.u16(4)?, 6),
        };
        let value = match number {
            0x0002 => self.shown(record.u16(at)?.into(), xf),
            0x0003 | 0x0203 => self.shown(record.f64(at)?, xf),
            0x0004 | 0x0204 | 0x00D6 => Value::Text(self.string(record, at, xf)?),
            0x0005 | 0x0205 => Value::Text(truth_or_error(*record.data.get(at)?, *record.data.get(at + 1)?)),
            0x0006 | 0x0206 | 0x0406 => self.result((row, column, xf), record.data.get(at..at + 8)?)?,
            0x027E => self.shown(number::rk(record.u32(at)?), xf),
            0x00BD => return self.several(&record, row, column),
            0x00FD => Value::Shared(record.u32(at)? as usize),
            _ => return None,
        };
        self.add(row, column, value);
        Some(())
    }

    /// The result of a formula ([MS-XLS] 2.5.133); `None` where it is text that comes next, or empty.
    fn result(&mut self, place: (u16, u16, u16), result: &[u8]) -> Option<Value> {
        self.awaits_string = None;
        if result[6..] != [0xFF, 0xFF] {
            return Some(self.shown(f64::from_le_bytes(*result.first_chunk()?), place.2));
        }
        match result[0] {
            0 => self.awaits_string = Some(place),
            kind @ (1 | 2) => return Some(Value::Text(truth_or_error(result[2], kind - 1))),
            _ => {}
        }
        None
    }

    /// MULRK: numbers of neighbouring cells, each with its format, then the last column.
    fn several(&mut self, record: &Record<'_>, row: u16, first: u16) -> Option<()> {
        let values = record.data.get(4..record.data.len().checked_sub(2)?)?;
        for (value, column) in values.as_chunks::<6>().0.iter().zip(first..=u16::MAX) {
            let xf = u16::from_le_bytes([value[0], value[1]]);
            let number = number::rk(u32::from_le_bytes([value[2], value[3], value[4], value[5]]));
            let value = self.shown(number, xf);
            self.add(row, column, value);
        }
        Some(())
    }

    fn add(&mut self, row: u16, column: u16, value: Value) {
        self.sheet.get_or_insert_default().cell(row.into(), column.into(), value);
    }
}

fn truth_or_error(value: u8, is_error: u8) -> Text {
    Text::unicode(if is_error != 0 { number::error(value) } else { number::truth(value != 0) })
}

/// Kind and number of a drawing object ([MS-XLS] 2.4.181): both stand in its first part.
fn object(record: &Record<'_>) -> Option<(u16, u16)> {
    (record.u16(0)? == 0x0015).then_some((record.u16(4)?, record.u16(6)?))
}
