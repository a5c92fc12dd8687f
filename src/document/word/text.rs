//! Pieces to runs: what the special characters of a document mean ([MS-DOC] 2.4.3, 2.8.25, and the list of special
//! characters in 2.4.1), and which part of it is which zone.

use std::ops::Range;

use super::fib::{Fib, Item, PARTS, Part, slice};
use super::fonts::{Declarations, Said};
use super::formatting::Pages;
use super::headers;
use super::pieces::{Piece, Unit};
use crate::document::symbol::SymbolFont;
use crate::document::table::{self, CELL_END, ROW_END, ROW_START};
use crate::document::{Content, Declared, Zone};
use crate::little_endian::{u16s, u32_at};

const PARAGRAPH: u16 = 0x0D;
const LINE: u16 = 0x0B;
const NOTE: u16 = 0x02;
const COMMENT: u16 = 0x05;
const CELL: u16 = 0x07;
const FIELD_BEGIN: u16 = 0x13;
const FIELD_SEPARATOR: u16 = 0x14;
const FIELD_END: u16 = 0x15;
/// Fields in fields; of those that are deeper the code is shown too.
const DEEPEST_FIELD: usize = 4096;

/// A document whose pieces are known.
pub(super) struct Document<'s> {
    pub(super) fib: &'s Fib,
    pub(super) stream: &'s crate::container::ole2::Stream<'s>,
    /// The stream with the tables.
    pub(super) table: &'s [u8],
    pub(super) pieces: Vec<Piece>,
}

impl Document<'_> {
    /// Adds the text of all parts.
    pub(super) fn write(&self, content: &mut Content) {
        let paragraphs = Pages::read(self.fib, &self.stream.bytes, self.table, Item::PlcfBtePapx);
        let declarations = Declarations::read(self.fib, &self.stream.bytes, self.table);
        let mut writer =
            Writer { document: self, paragraphs, declarations, content, pending: Pending::new(Zone::Body) };
        let mut begin = 0_u32;
        for (part, &length) in PARTS.iter().zip(&self.fib.lengths) {
            let characters = begin..begin.saturating_add(length);
            begin = characters.end;
            match part {
                Part::Body => writer.story(Zone::Body, characters),
                Part::Footnotes => writer.story(Zone::Footnote, characters),
                Part::Headers => self.headers(&mut writer, characters),
                // The names of commands.
                Part::Macros => {}
                Part::Comments => writer.story(Zone::Comment, characters),
                Part::Endnotes => writer.story(Zone::Endnote, characters),
                Part::TextBoxes | Part::HeaderTextBoxes => writer.story(Zone::TextBox, characters),
            }
        }
        // What is there although no part counts it. One character more than the parts is usual.
        let end = self.pieces.last().map_or(0, |piece| piece.characters.end);
        if end > begin.saturating_add(2) {
            writer.story(Zone::Body, begin..end);
        }
        table::lay_out(&mut content.runs);
    }

    /// The stories of headers and footers.
    fn headers(&self, writer: &mut Writer<'_, '_>, characters: Range<u32>) {
        let place = self.fib.place(&self.stream.bytes, Item::PlcfHdd);
        let plc = place.map_or(&[][..], |place| slice(self.table, place));
        let stories = (plc.len() / 4).saturating_sub(1);
        let zones = headers::zones(self.fib, &self.stream.bytes, self.table, stories);
        let mut begin = 0;
        for number in 0..stories {
            let (Some(start), Some(end)) = (u32_at(plc, 4 * number), u32_at(plc, 4 * number + 4)) else {
                break;
            };
            let zone = zones.get(number).copied().unwrap_or(Zone::Header);
            // The stories follow each other: what does not is not believed.
            let (start, end) = (start.max(begin), end.min(characters.end - characters.start));
            if start < end {
                writer.story(zone, characters.start + start..characters.start + end);
                begin = end;
            }
        }
        // The last one is the end of the part, with nothing but a paragraph.
        writer.story(Zone::Header, characters.start.saturating_add(begin)..characters.end);
    }
}

struct Writer<'d, 'c> {
    document: &'d Document<'d>,
    paragraphs: Pages<'d>,
    declarations: Declarations,
    content: &'c mut Content,
    pending: Pending,
}

impl Writer<'_, '_> {
    /// Adds a story, if there is anything in it. One beside the body begins after an empty line, and ends with its last
    /// line.
    fn story(&mut self, zone: Zone, characters: Range<u32>) {
        let mut characters = characters;
        if zone != Zone::Body {
            characters = self.without_empty_ends(characters);
        }
        if characters.is_empty() {
            return;
        }
        if let Some(before) = self.content.runs.last().map(|run| run.zone).filter(|&before| before != zone) {
            self.content.unicode(before, "\n");
        }
        self.pending = Pending::new(zone);
        let hidden = self.codes_of_fields(characters.clone());
        for number in self.pieces(&characters) {
            let piece = &self.document.pieces[number];
            let part = piece.characters.start.max(characters.start)..piece.characters.end.min(characters.end);
            self.piece(piece, part, &hidden);
        }
        self.pending.close_row();
        self.pending.flush(self.content);
        if zone != Zone::Body {
            self.content.unicode(zone, "\n");
        }
    }

    /// The numbers of the pieces that some of the characters are in.
    fn pieces(&self, characters: &Range<u32>) -> Range<usize> {
        let pieces = &self.document.pieces;
        let first = pieces.partition_point(|piece| piece.characters.end <= characters.start);
        let end = pieces.partition_point(|piece| piece.characters.start < characters.end);
        first..end.max(first)
    }

    /// Calls `each` with each character and its number; as long as it says so.
    fn each(&self, characters: &Range<u32>, backwards: bool, each: &mut dyn FnMut(u32, u16) -> bool) {
        let numbers = self.pieces(characters);
        let count = numbers.len();
        for step in 0..count {
            let number = if backwards { numbers.end - 1 - step } else { numbers.start + step };
            let piece = &self.document.pieces[number];
            let part = piece.characters.start.max(characters.start)..piece.characters.end.min(characters.end);
            let (_, bytes) = piece.bytes(&self.document.stream.bytes, part.clone());
            let unit = piece.unit.bytes();
            let there = bytes.len() / unit;
            for step in 0..there {
                let at = if backwards { there - 1 - step } else { step };
                let code = match bytes[at * unit..][..unit] {
                    [low, high] => u16::from_le_bytes([low, high]),
                    [byte] => u16::from(byte),
                    _ => 0,
                };
                if !each(part.start + at as u32, code) {
                    return;
                }
            }
        }
    }

    /// Without what is at the ends and shows nothing: the marks of notes, separators, empty paragraphs.
    fn without_empty_ends(&self, characters: Range<u32>) -> Range<u32> {
        let is_empty = |code: u16| matches!(code, 0..=6 | 8 | 0x0A..=0x0E);
        let (mut start, mut end) = (characters.end, characters.start);
        self.each(&characters, false, &mut |at, code| {
            start = at;
            is_empty(code) || matches!(code, 0x09 | 0x20)
        });
        let mut is_all_empty = true;
        self.each(&characters, true, &mut |at, code| {
            end = at.saturating_add(1);
            is_all_empty = is_empty(code);
            is_all_empty
        });
        if is_all_empty { characters.start..characters.start } else { start..end }
    }

    /// The codes of fields, of which not the code is shown but the result, if there is one. In order, none in another.
    fn codes_of_fields(&self, characters: Range<u32>) -> Vec<Range<u32>> {
        let mut open: Vec<(u32, Option<u32>)> = Vec::new();
        let mut too_deep = 0_u32;
        let mut codes: Vec<Range<u32>> = Vec::new();
        self.each(&characters, false, &mut |at, code| {
            match code {
                FIELD_BEGIN if open.len() >= DEEPEST_FIELD => too_deep += 1,
                FIELD_BEGIN => open.push((at, None)),
                FIELD_SEPARATOR | FIELD_END if too_deep > 0 => too_deep -= u32::from(code == FIELD_END),
                FIELD_SEPARATOR => {
                    if let Some((_, separator)) = open.last_mut() {
                        separator.get_or_insert(at);
                    }
                }
                FIELD_END => {
                    if let Some((begin, separator)) = open.pop() {
                        codes.push(begin..separator.unwrap_or(at).saturating_add(1));
                    }
                }
                _ => {}
            }
            true
        });
        codes.sort_unstable_by_key(|code| code.start);
        let mut joined: Vec<Range<u32>> = Vec::new();
        for code in codes {
            match joined.last_mut() {
                Some(last) if code.start < last.end => last.end = last.end.max(code.end),
                _ => joined.push(code),
            }
        }
        joined
    }

    /// Adds these characters of a piece, but for those that are hidden.
    fn piece(&mut self, piece: &Piece, characters: Range<u32>, hidden: &[Range<u32>]) {
        let mut at = characters.start;
        let first = hidden.partition_point(|range| range.end <= at);
        for range in &hidden[first..] {
            if range.start >= characters.end {
                break;
            }
            self.stretch(piece, at..range.start.max(at));
            at = range.end;
        }
        self.stretch(piece, at..characters.end.max(at));
    }

    fn stretch(&mut self, piece: &Piece, characters: Range<u32>) {
        let (at, bytes) = piece.bytes(&self.document.stream.bytes, characters);
        match piece.unit {
            Unit::Byte => self.bytes(at, bytes),
            Unit::Utf16 => self.utf_16(at, bytes),
            Unit::DoubleByteCode => self.codes(at, bytes),
        }
    }

    fn bytes(&mut self, at: usize, bytes: &[u8]) {
        let mut done = 0;
        while done < bytes.len() {
            let (said, until) = self.declarations.at(at + done);
            let end = until.saturating_sub(at).clamp(done + 1, bytes.len());
            let stretch = &bytes[done..end];
            let symbols = match said {
                Said::Symbols(symbols) => {
                    self.begin(at + done, None);
                    Some(symbols)
                }
                // What reads alike in every encoding goes on with what is before it.
                Said::Text(_) if self.pending.is_of_bytes() && stretch.is_ascii() => None,
                Said::Text(declared) => {
                    self.begin(at + done, Some(declared));
                    None
                }
            };
            for (ahead, &byte) in stretch.iter().enumerate() {
                self.paragraph(at + done + ahead);
                match (byte, symbols) {
                    (..0x20, _) => self.control(u16::from(byte), at + done + ahead),
                    (_, Some(symbols)) => self.pending.character(symbols.character(byte)),
                    (_, None) => self.pending.byte(byte),
                }
            }
            done = end;
        }
    }

    fn codes(&mut self, at: usize, bytes: &[u8]) {
        /// Codes from here on are of two bytes.
        const DOUBLE: u16 = 0x3000;
        for (number, code) in u16s(bytes).enumerate() {
            let ([low, high], at) = (code.to_le_bytes(), at + 2 * number);
            self.paragraph(at);
            match (code, self.declarations.at(at).0) {
                (..0x20, _) if self.pending.is_of_bytes() => self.control(code, at),
                (DOUBLE.., Said::Text(declared)) => {
                    self.begin(at, Some(declared));
                    self.pending.byte(high);
                    self.pending.byte(low);
                }
                (0x20..0x80, Said::Text(_)) if self.pending.is_of_bytes() => self.pending.byte(low),
                (_, Said::Text(declared)) => {
                    self.begin(at, Some(declared));
                    match code {
                        ..0x20 => self.control(code, at),
                        _ => self.pending.byte(low),
                    }
                }
                (_, Said::Symbols(symbols)) => self.symbol(at, symbols, code),
            }
        }
    }

    fn symbol(&mut self, at: usize, symbols: SymbolFont, code: u16) {
        self.begin(at, None);
        match u8::try_from(code) {
            Ok(..0x20) => self.control(code, at),
            Ok(byte) => self.pending.character(symbols.character(byte)),
            Err(_) => self.pending.character(char::REPLACEMENT_CHARACTER),
        }
    }

    fn utf_16(&mut self, at: usize, bytes: &[u8]) {
        self.begin(at, None);
        let mut high = None;
        for (number, code) in u16s(bytes).enumerate() {
            self.paragraph(at + 2 * number);
            if let Some(before) = high.take() {
                let pair = char::decode_utf16([before, code]).next();
                if let Some(Ok(character)) = pair {
                    self.pending.character(character);
                    continue;
                }
                self.pending.character(char::REPLACEMENT_CHARACTER);
            }
            match code {
                0xD800..=0xDBFF => high = Some(code),
                0x20.. => {
                    self.pending.character(char::from_u32(code.into()).unwrap_or(char::REPLACEMENT_CHARACTER))
                }
                _ => self.control(code, at + 2 * number),
            }
        }
        if high.is_some() {
            self.pending.character(char::REPLACEMENT_CHARACTER);
        }
    }

    /// Begins a run, unless it is the one that goes on.
    fn begin(&mut self, at: usize, declared: Option<Declared>) {
        if self.pending.declared != declared || self.pending.is_empty() {
            self.pending.flush(self.content);
            self.pending.declared = declared;
            self.pending.offset = self.document.stream.offset_at(at);
        }
    }

    /// At the beginning of a paragraph: whether a row begins with it, or one has ended without saying so.
    fn paragraph(&mut self, at: usize) {
        if !std::mem::take(&mut self.pending.begins_paragraph) {
            return;
        }
        let Some(paragraph) = self.paragraphs.paragraph_at(at) else { return };
        if paragraph.is_in_table && !self.pending.has_open_row {
            self.pending.has_open_row = true;
            self.pending.push(ROW_START);
        } else if !paragraph.is_in_table {
            self.pending.close_row();
        }
    }

    /// A character below U+0020 at that place of the stream.
    fn control(&mut self, code: u16, at: usize) {
        let follows_cell = std::mem::take(&mut self.pending.follows_cell);
        match code {
            // In a note its own mark stands ahead of its text, apart by a space or a tab.
            NOTE | COMMENT => self.pending.skips_blank = self.pending.zone != Zone::Body,
            CELL => {
                let paragraph = self.paragraphs.paragraph_at(at);
                // Where nothing is known, a second mark ends the row.
                let ends_row = paragraph.map_or(follows_cell, |paragraph| paragraph.ends_row);
                self.pending.push(if ends_row { ROW_END } else { CELL_END });
                self.pending.has_open_row &= !ends_row;
                self.pending.follows_cell = !ends_row;
                self.pending.begins_paragraph = true;
            }
            0x09 => self.pending.byte(b'\t'),
            PARAGRAPH if self.pending.has_open_row => {
                let paragraph = self.paragraphs.paragraph_at(at).unwrap_or_default();
                let ends_cell = paragraph.ends_inner_cell && !paragraph.ends_inner_row;
                if paragraph.ends_inner_row {
                    self.pending.take_back_tab();
                }
                self.pending.byte(if ends_cell { b'\t' } else { b'\n' });
                self.pending.begins_paragraph = true;
            }
            // A line, a page, a paragraph, a column ends.
            0x0A..=0x0C | PARAGRAPH | 0x0E => {
                self.pending.byte(b'\n');
                self.pending.begins_paragraph = code != LINE;
            }
            // A hyphen at which no line ends.
            0x1E => self.pending.byte(b'-'),
            // Pictures, marks of notes and comments, separators, fields, hyphens that show at the end of a line only.
            _ => {}
        }
    }
}

/// A run that may go on.
struct Pending {
    zone: Zone,
    offset: Option<u64>,
    /// What is said of bytes; `None` for Unicode.
    declared: Option<Declared>,
    bytes: Vec<u8>,
    text: String,
    /// Whether a row has begun, which is known only where the paragraphs are.
    has_open_row: bool,
    /// The character before ended a cell.
    follows_cell: bool,
    begins_paragraph: bool,
    /// What stands next is not shown if it is a space or a tab.
    skips_blank: bool,
}

impl Pending {
    fn new(zone: Zone) -> Self {
        Self {
            zone,
            offset: None,
            declared: None,
            bytes: Vec::new(),
            text: String::new(),
            has_open_row: false,
            follows_cell: false,
            begins_paragraph: true,
            skips_blank: false,
        }
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.text.is_empty()
    }

    /// Whether it is a run of bytes that has begun.
    fn is_of_bytes(&self) -> bool {
        !self.bytes.is_empty()
    }

    fn close_row(&mut self) {
        if std::mem::take(&mut self.has_open_row) {
            self.push(ROW_END);
        }
    }

    /// Adds a byte of the run, or a character of ASCII.
    fn byte(&mut self, byte: u8) {
        if std::mem::take(&mut self.skips_blank) && matches!(byte, b' ' | b'\t') {
            return;
        }
        self.follows_cell = false;
        self.push(byte);
    }

    fn push(&mut self, byte: u8) {
        match self.declared {
            Some(_) => self.bytes.push(byte),
            None => self.text.push(char::from(byte)),
        }
    }

    /// The last cell of a row has no mark behind it.
    fn take_back_tab(&mut self) {
        if self.declared.is_some() {
            self.bytes.pop_if(|byte| *byte == b'\t');
        } else if self.text.ends_with('\t') {
            self.text.pop();
        }
    }

    fn character(&mut self, character: char) {
        if std::mem::take(&mut self.skips_blank) && character == ' ' {
            return;
        }
        self.follows_cell = false;
        self.text.push(character);
    }

    fn flush(&mut self, content: &mut Content) {
        match self.declared {
            Some(declared) => content.bytes(self.zone, self.offset, &self.bytes, declared),
            None => content.unicode_at(self.zone, self.offset, &self.text),
        }
        self.bytes.clear();
        self.text.clear();
    }
}
