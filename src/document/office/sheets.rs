//! SpreadsheetML ([ECMA-376] part 1, 18).

use std::collections::{BTreeMap, BTreeSet};

use super::package::Package;
use super::xml::{Element, Event, Xml};
use crate::container::Budget;
use crate::document::workbook::number::{self, NumberFormat};
use crate::document::workbook::{Sheet, Text, Value, Writer};
use crate::document::{Content, Zone};

/// Reads all sheets of the workbook in the part `main`.
pub(super) fn read(package: &Package, main: &str, budget: &Budget<'_>) -> Content {
    let mut writer = Writer::new(package.bytes(), budget);
    let workbook = Book::read(package, main);
    let shared =
        package.with_root("sst").next().map(|part| shared_strings(&part.characters())).unwrap_or_default();
    let formats = package
        .with_root("styleSheet")
        .next()
        .map(|part| cell_formats(&part.characters()))
        .unwrap_or_default();
    // A part that several sheets point at is read once.
    let mut read = BTreeSet::new();
    for (name, part) in workbook.sheets {
        let Some(part) = part.and_then(|part| package.part(&part)) else { continue };
        if !read.insert(&part.name) {
            continue;
        }
        let text = part.characters();
        let mut reader = Reader { xml: Xml::new(&text), formats: &formats, is_1904: workbook.is_1904 };
        let (mut sheet, beside) = reader.sheet();
        let problem = reader.xml.problem();
        sheet.name = Some(Text::unicode(name));
        writer.sheet(sheet, &shared);
        problem.into_iter().for_each(|problem| writer.problem(problem));
        for (zone, text) in beside {
            writer.beside(zone, Text::unicode(text), None);
        }
        for related in package.relations(&part.name).into_values() {
            let Some(related) = package.part(&related).filter(|related| read.insert(&related.name)) else {
                continue;
            };
            comments(&related.characters(), related.root(), &mut writer);
        }
    }
    writer.finish()
}

/// What the part of the workbook itself says.
struct Book {
    /// Name and part of each sheet.
    sheets: Vec<(String, Option<String>)>,
    is_1904: bool,
}

impl Book {
    fn read(package: &Package, main: &str) -> Self {
        let mut book = Self { sheets: Vec::new(), is_1904: false };
        let relations = package.relations(main);
        if let Some(part) = package.part(main) {
            for event in Xml::new(&part.characters()) {
                let Event::Start(element) = event else { continue };
                match element.name() {
                    "workbookPr" => {
                        let value = element.attribute("date1904");
                        book.is_1904 = matches!(value.as_deref(), Some("1" | "true"));
                    }
                    "sheet" => {
                        let part = element.relation().and_then(|id| relations.get(&id).cloned());
                        book.sheets.push((element.attribute("name").unwrap_or_default(), part));
                    }
                    _ => {}
                }
            }
        }
        // Where the directory of the workbook is lost, its sheets are still there.
        let named: BTreeSet<String> = book.sheets.iter().filter_map(|(_, part)| part.clone()).collect();
        let lost: Vec<_> = package
            .with_root("worksheet")
            .filter(|part| !named.contains(&part.name))
            .map(|part| (part.stem().to_owned(), Some(part.name.clone())))
            .collect();
        book.sheets.extend(lost);
        book
    }
}

/// The strings that cells point at, without the readings above characters.
fn shared_strings(text: &str) -> Vec<Text> {
    let mut xml = Xml::new(text);
    let mut strings = Vec::new();
    while let Some(event) = xml.next() {
        if let Event::Start(element) = event
            && element.name() == "si"
        {
            strings.push(Text::unicode(rich_text(&mut xml)));
        }
    }
    strings
}

/// The text in the runs of an element that has begun.
fn rich_text(xml: &mut Xml<'_>) -> String {
    let mut text = String::new();
    let mut depth = 1_u32;
    while depth > 0
        && let Some(event) = xml.next()
    {
        match event {
            Event::Start(element) if element.name() == "t" => text.push_str(&xml.text()),
            Event::Start(element) if element.name() == "rPh" => xml.pass_over(),
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Text(_) => {}
        }
    }
    without_escapes(&text)
}

/// Characters that XML cannot hold stand as `_xHHHH_` ([ECMA-376] part 1, 22.9.2.19).
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let digits = rest.get(at + 2..at + 6);
        let is_escape = rest.get(at + 6..at + 7) == Some("_");
        let code = digits.filter(|digits| is_escape && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let (kept, next) = if character.is_some() { (at, at + 7) } else { (at + 2, at + 2) };
        plain.push_str(&rest[..kept]);
        plain.extend(character);
        rest = &rest[next..];
    }
    plain.push_str(rest);
    plain
}

/// What each cell format shows of numbers.
fn cell_formats(text: &str) -> Vec<NumberFormat> {
    let mut named = BTreeMap::new();
    let mut formats = Vec::new();
    let mut is_cell_formats = false;
    for event in Xml::new(text) {
        match event {
            Event::Start(element) => match element.name() {
                "numFmt" => {
                    let code = element.attribute("formatCode").unwrap_or_default();
                    named.insert(element.number("numFmtId"), NumberFormat::of_code(code.as_bytes()));
                }
                "cellXfs" => is_cell_formats = true,
                "xf" if is_cell_formats => {
                    let number = element.number("numFmtId");
                    let built_in = number.and_then(NumberFormat::built_in);
                    formats.push(named.get(&number).copied().or(built_in).unwrap_or_default());
                }
                _ => {}
            },
            Event::End(name) if name == "cellXfs" => is_cell_formats = false,
            Event::End(_) | Event::Text(_) => {}
        }
    }
    formats
}

struct Reader<'x, 's> {
    xml: Xml<'x>,
    formats: &'s [NumberFormat],
    is_1904: bool,
}

impl Reader<'_, '_> {
    /// The cells of a sheet, and its headers and footers.
    fn sheet(&mut self) -> (Sheet, Vec<(Zone, String)>) {
        let mut sheet = Sheet::default();
        let mut beside = Vec::new();
        // Where no place is given, a cell stands behind the one before.
        let (mut row, mut column) = (0_u32, 0_u32);
        while let Some(event) = self.xml.next() {
            match event {
                Event::Start(element) => match element.name() {
                    "row" => {
                        row = element.number("r").map_or(row, |row| row.saturating_sub(1));
                        column = 0;
                    }
                    "c" => {
                        let place = element.attribute("r").and_then(|place| place_of(&place));
                        (row, column) = place.unwrap_or((row, column));
                        if let Some(value) = self.value(&element) {
                            sheet.cell(row, column, value);
                        }
                        column = column.saturating_add(1);
                    }
                    "oddHeader" | "evenHeader" | "firstHeader" => {
                        beside.push((Zone::Header, self.header()));
                    }
                    "oddFooter" | "evenFooter" | "firstFooter" => {
                        beside.push((Zone::Footer, self.header()));
                    }
                    _ => {}
                },
                Event::End(name) if name == "row" => row = row.saturating_add(1),
                Event::End(_) | Event::Text(_) => {}
            }
        }
        (sheet, beside)
    }

    fn header(&mut self) -> String {
        let text = self.xml.text();
        let text = crate::document::workbook::without_codes(text.as_bytes());
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Reads the cell that has begun.
    fn value(&mut self, cell: &Element<'_>) -> Option<Value> {
        let kind = cell.attribute("t");
        let format = cell.number("s").and_then(|format| self.formats.get(format as usize)).copied();
        let mut text = None;
        while let Some(event) = self.xml.next() {
            match event {
                Event::Start(element) => match element.name() {
                    "v" => text = Some(self.xml.text()),
                    "is" => text = Some(rich_text(&mut self.xml)),
                    _ => self.xml.pass_over(),
                },
                Event::End(_) => break,
                Event::Text(_) => {}
            }
        }
        let text = text?;
        let shown = match kind.as_deref() {
            Some("s") => return text.trim().parse().ok().map(Value::Shared),
            Some("b") => number::truth(text.trim() == "1").to_owned(),
            Some("str") => without_escapes(&text),
            Some("inlineStr" | "e" | "d") => text,
            _ => match text.trim().parse() {
                Ok(number) => format.unwrap_or_default().show(number, self.is_1904),
                Err(_) => text,
            },
        };
        Some(Value::Text(Text::unicode(shown)))
    }
}

/// Row and column of a place like `AB12`, counted from 0.
fn place_of(place: &str) -> Option<(u32, u32)> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (column, row) = place.split_at(letters);
    // Three letters go beyond the last column.
    if !(1..=3).contains(&letters) {
        return None;
    }
    let digit = |byte: u8| u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    let column = column.bytes().fold(0, |column, byte| column * 26 + digit(byte));
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

/// Writes the comments of a sheet, in either of their forms.
fn comments(text: &str, root: Option<&str>, writer: &mut Writer<'_, '_>) {
    let (one, is_threaded) = match root {
        Some("comments") => ("comment", false),
        Some("ThreadedComments") => ("threadedComment", true),
        _ => return,
    };
    let mut xml = Xml::new(text);
    while let Some(event) = xml.next() {
        if let Event::Start(element) = event
            && element.name() == one
        {
            let place = element.attribute("ref").and_then(|place| place_of(&place));
            let text = if is_threaded { xml.text() } else { rich_text(&mut xml) };
            writer.beside(Zone::Comment, Text::unicode(text), place);
        }
    }
}
