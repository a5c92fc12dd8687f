//! OpenDocument ([ODF 1.3] part 3): texts, sheets and presentations.

use std::collections::BTreeSet;

use super::flow::Flow;
use super::package::Package;
use super::xml::{Element, Event, Xml};
use super::{PROPERTIES, Zone};
use crate::container::{Budget, Problem};
use crate::document::workbook::{Sheet, Text, Value, Writer};
use crate::document::{Content, Format};

/// More spaces than this are not written for one element that counts them.
const MOST_SPACES: u32 = 255;
/// More than so many cells of the same text beside each other are no table that a person made, nor so many in all.
const MOST_REPEATED: u32 = 255;
const MOST_REPEATED_IN_ALL: u32 = 50_000;
/// A longer text that is repeated is written once.
const LONGEST_REPEATED: usize = 1000;

/// Reads the package; `None` if it is none of this kind.
pub(super) fn read_package(package: &Package, budget: &Budget<'_>) -> Option<Content> {
    let content = package.part("content.xml")?;
    let format = match package.part("mimetype").map(|part| part.characters().into_owned()) {
        Some(kind) if kind.contains("spreadsheet") => Format::Ods,
        Some(kind) if kind.contains("presentation") => Format::Odp,
        _ => Format::Odt,
    };
    if content.root() != Some("document-content") {
        let what = "an encrypted document".to_owned();
        let problems = vec![Problem::Unsupported { what }];
        return Some(Content { format: Some(format), problems, ..Content::default() });
    }
    let beside = ["styles.xml", "meta.xml"].into_iter().filter_map(|name| package.part(name));
    let texts: Vec<_> = std::iter::once(content).chain(beside).map(|part| part.characters()).collect();
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    Some(Content { format: Some(format), ..read(&texts, package.bytes(), budget) })
}

/// Reads files of XML that together are a document, of `bytes` bytes.
pub(super) fn read(texts: &[&str], bytes: usize, budget: &Budget<'_>) -> Content {
    let mut content = Content::default();
    let mut beside = Vec::new();
    let mut problems = Vec::new();
    for text in texts {
        let mut reader = Reader {
            xml: Xml::new(text),
            flow: Flow::new(Zone::Body),
            is_presentation: false,
            repeated_left: MOST_REPEATED_IN_ALL,
            content: &mut content,
            headers: BTreeSet::new(),
            beside: &mut beside,
        };
        let sheets = reader.all(bytes, budget);
        let Reader { xml, flow, .. } = reader;
        flow.finish(&mut content);
        problems.extend(xml.problem());
        if let Some(mut sheets) = sheets {
            content.runs.append(sheets.runs);
            problems.append(&mut sheets.problems);
        }
    }
    for (zone, text) in beside {
        content.unicode(zone, &format!("{text}\n"));
    }
    content.problems.append(&mut problems);
    content
}

/// A comment on a cell, whose row and column are counted from 0.
struct Comment {
    row: u32,
    column: u32,
    text: String,
}

struct Reader<'x, 'c> {
    xml: Xml<'x>,
    flow: Flow,
    /// All text of a presentation stands in boxes, which are its body.
    is_presentation: bool,
    /// How many cells may still be repeated.
    repeated_left: u32,
    content: &'c mut Content,
    /// Headers and footers that were read.
    headers: BTreeSet<(Zone, String)>,
    /// What comes after the body: headers and footers, properties.
    beside: &'c mut Vec<(Zone, String)>,
}

impl Reader<'_, '_> {
    /// Reads all; sheets, if there are any, are given back.
    fn all(&mut self, bytes: usize, budget: &Budget<'_>) -> Option<Content> {
        let mut sheets: Option<Writer<'_, '_>> = None;
        let mut is_spreadsheet = false;
        let mut is_body = false;
        while let Some(event) = self.xml.next() {
            match event {
                Event::Start(element) => match element.name() {
                    "body" => is_body = true,
                    "spreadsheet" => is_spreadsheet = true,
                    "presentation" => self.is_presentation = true,
                    "table" if is_spreadsheet => {
                        let writer = sheets.get_or_insert_with(|| Writer::new(bytes, budget));
                        let (sheet, comments) = self.sheet(&element);
                        writer.sheet(sheet, &[]);
                        for Comment { row, column, text } in comments {
                            writer.beside(Zone::Comment, Text::unicode(text), Some((row, column)));
                        }
                    }
                    "header" | "header-left" | "header-first" => self.header(Zone::Header),
                    "footer" | "footer-left" | "footer-first" => self.header(Zone::Footer),
                    "meta" => self.properties(),
                    _ if is_body => self.start(&element),
                    _ => {}
                },
                Event::Text(text) if is_body => self.text(&text),
                Event::Text(_) => {}
                Event::End(name) if name == "body" => is_body = false,
                Event::End(name) if is_body => self.end(&name),
                Event::End(_) => {}
            }
        }
        sheets.map(Writer::finish)
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name() {
            "note" => {
                let is_endnote = element.attribute("note-class").as_deref() == Some("endnote");
                self.flow.open(if is_endnote { Zone::Endnote } else { Zone::Footnote });
            }
            "annotation" | "notes" => self.flow.open(Zone::Comment),
            "text-box" if !self.is_presentation => self.flow.open(Zone::TextBox),
            "table-row" => self.flow.begin_row(),
            "table-cell" => self.flow.begin_cell(),
            "s" | "tab" | "line-break" => self.flow.text(&spacing(element)),
            name if is_unseen(name) => self.xml.pass_over(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h" => self.flow.end_paragraph(self.content),
            "text-box" if self.is_presentation => {}
            "note" | "annotation" | "notes" | "text-box" => self.flow.close(),
            "table-row" => self.flow.end_row(self.content),
            _ => {}
        }
    }

    /// Line ends in the file are where its writer broke lines, and stand for a space; blanks around elements for
    /// nothing.
    fn text(&mut self, text: &str) {
        if text.trim().is_empty() && text.contains('\n') {
            return;
        }
        self.flow.text(&text.replace(['\n', '\r'], " "));
    }

    /// The paragraphs of an element that has begun, as one text.
    fn paragraphs(&mut self, until: &str) -> String {
        let mut text = String::new();
        while let Some(event) = self.xml.next() {
            match event {
                Event::Start(element) => match element.name() {
                    "s" | "tab" | "line-break" => text.push_str(&spacing(&element)),
                    name if is_unseen(name) => self.xml.pass_over(),
                    _ => {}
                },
                Event::Text(more) if !more.trim().is_empty() => text.push_str(&more),
                Event::Text(_) => {}
                Event::End(name) if name == until => break,
                Event::End(name) if matches!(name.as_str(), "p" | "h") => text.push('\n'),
                Event::End(_) => {}
            }
        }
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    fn header(&mut self, zone: Zone) {
        let mut text = String::new();
        self.xml.rest(|event| match event {
            Event::Text(more) if !more.trim().is_empty() => text.push_str(more),
            Event::End(name) if matches!(name.as_str(), "p" | "h") => text.push('\n'),
            Event::Start(_) | Event::Text(_) | Event::End(_) => {}
        });
        let text = text.trim();
        // Each style of page has a copy.
        if !text.is_empty() && self.headers.insert((zone, text.to_owned())) {
            self.beside.push((zone, text.to_owned()));
        }
    }

    fn properties(&mut self) {
        while let Some(event) = self.xml.next() {
            match event {
                Event::Start(element) if PROPERTIES.contains(&element.name()) => {
                    let text = self.xml.text();
                    if !text.trim().is_empty() {
                        self.beside.push((Zone::Property, text.trim().to_owned()));
                    }
                }
                Event::End(name) if name == "meta" => return,
                _ => {}
            }
        }
    }

    /// Reads the table that has begun as a sheet, with its comments.
    fn sheet(&mut self, table: &Element<'_>) -> (Sheet, Vec<Comment>) {
        let mut sheet = Sheet::named(table.attribute("name").map(Text::unicode));
        let mut comments = Vec::new();
        let (mut row, mut column, mut rows_here) = (0_u32, 0_u32, 1);
        while let Some(event) = self.xml.next() {
            match event {
                Event::Start(element) => match element.name() {
                    "table-row" => {
                        column = 0;
                        rows_here = element.number("number-rows-repeated").unwrap_or(1).max(1);
                    }
                    "table-cell" | "covered-table-cell" => {
                        let count = element.number("number-columns-repeated").unwrap_or(1).max(1);
                        let until = element.name().to_owned();
                        let (text, comment) = self.cell(&until);
                        comments.extend(comment.map(|text| Comment { row, column, text }));
                        if !text.is_empty() {
                            let most = if text.len() > LONGEST_REPEATED { 0 } else { self.repeated_left };
                            let more = (count - 1).min(MOST_REPEATED).min(most);
                            self.repeated_left -= more;
                            for column in column..=column.saturating_add(more) {
                                sheet.cell(row, column, Value::Text(Text::unicode(text.clone())));
                            }
                        }
                        column = column.saturating_add(count);
                    }
                    "shapes" => self.xml.pass_over(),
                    _ => {}
                },
                Event::End(name) if name == "table-row" => row = row.saturating_add(rows_here),
                Event::End(name) if name == "table" => break,
                Event::End(_) | Event::Text(_) => {}
            }
        }
        (sheet, comments)
    }

    /// The text of a cell, and that of its comment.
    fn cell(&mut self, until: &str) -> (String, Option<String>) {
        let (mut text, mut comment) = (String::new(), None);
        while let Some(event) = self.xml.next() {
            match event {
                Event::Start(element) => match element.name() {
                    "annotation" => comment = Some(self.paragraphs("annotation")),
                    "p" | "h" => {
                        if !text.is_empty() {
                            text.push(' ');
                        }
                        let until = element.name().to_owned();
                        text.push_str(&self.paragraphs(&until));
                    }
                    _ => self.xml.pass_over(),
                },
                Event::End(name) if name == until => break,
                Event::End(_) | Event::Text(_) => {}
            }
        }
        (text, comment)
    }
}

fn spacing(element: &Element<'_>) -> String {
    match element.name() {
        "tab" => "\t".to_owned(),
        "line-break" => "\n".to_owned(),
        _ => " ".repeat(element.number("c").unwrap_or(1).min(MOST_SPACES) as usize),
    }
}

/// What a reader does not see, or sees as a mark: what was deleted, the signs of notes, readings above characters, who
/// wrote a comment and when, the code of forms and scripts, styles.
fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "tracked-changes"
            | "note-citation"
            | "ruby-text"
            | "creator"
            | "date"
            | "forms"
            | "scripts"
            | "binary-data"
            | "sequence-decls"
            | "creator-initials"
            | "sender-initials"
    )
}
