//! Office files of XML: Office Open XML ([ECMA-376]) and OpenDocument ([ODF 1.3]), in zip archives or flat.
//!
//! Parts are told by the elements that they begin with, so that a file whose directory is damaged or whose parts have
//! other names is read as well.

mod flow;
mod markup;
mod open_document;
mod package;
mod sheets;
#[cfg(test)]
mod tests;
mod xml;

use std::collections::BTreeSet;

use super::{Content, Format, Zone};
use crate::container::{Budget, Problem};
use package::Package;

/// What the first entry of an office file in a zip archive is called, or its folder.
const FIRST_ENTRIES: [&[u8]; 7] =
    [b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"customXml/"];
/// The first entry of an OpenDocument file, and how what is in it begins.
const KIND_ENTRY: &[u8] = b"mimetype";
const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.";

/// Whether a file that begins so is an office file in a zip archive.
pub(super) fn is_package(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<30>() else { return false };
    if !header.starts_with(b"PK\x03\x04") {
        return false;
    }
    let length = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
    let name_end = header.len() + length(26);
    let Some(name) = head.get(header.len()..name_end) else { return false };
    let contents = head.get(name_end + length(28)..).unwrap_or_default();
    FIRST_ENTRIES.iter().any(|first| name.starts_with(first))
        || (name == KIND_ENTRY && contents.starts_with(OPEN_DOCUMENT))
}

/// The format of a flat file of XML that begins so. Only UTF-8 is taken: what the characters of others are, their bytes
/// must tell first.
pub(super) fn flat_format(head: &[u8]) -> Option<Format> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if !text.starts_with(b"<?xml") {
        return None;
    }
    let length = text.iter().position(|&b| b == b'>')?;
    let declaration = text[..length].to_ascii_lowercase();
    let is_said = memchr::memmem::find(&declaration, b"encoding").is_some();
    if is_said && memchr::memmem::find(&declaration, b"utf-8").is_none() {
        return None;
    }
    let is_utf8 = match std::str::from_utf8(text) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    let has = |name: &[u8]| memchr::memmem::find(text, name).is_some();
    if !is_utf8 {
        None
    } else if has(b"<office:document") {
        Some(Format::FlatOpenDocument)
    } else if has(b"<w:wordDocument") || has(b"<pkg:package") {
        Some(Format::WordXml)
    } else {
        None
    }
}

/// Reads a flat file of XML.
pub(super) fn read_flat(format: Format, bytes: &[u8], budget: &Budget<'_>) -> Content {
    let text = xml::characters(bytes);
    if format == Format::FlatOpenDocument {
        return open_document::read(&[&text], bytes.len(), budget);
    }
    let mut content = Content::default();
    markup::read(&text, Zone::Body, &mut content);
    content
}

/// Reads an office file in a zip archive.
pub(super) fn read_package(bytes: &[u8], budget: &mut Budget<'_>) -> Content {
    let mut package = Package::open(bytes, budget);
    let problems = package.take_problems();
    let parts = package.take_embedded();
    let main = |root| package.with_root(root).next().map(|part| part.name.clone());
    let mut content = if let Some(main) = main("workbook") {
        Content { format: Some(Format::Xlsx), ..sheets::read(&package, &main, budget) }
    } else if main("document").is_some() || main("hdr").is_some() {
        word(&package)
    } else if main("presentation").is_some() || main("sld").is_some() {
        slides(&package)
    } else if main("worksheet").is_some() {
        Content { format: Some(Format::Xlsx), ..sheets::read(&package, "", budget) }
    } else if let Some(content) = open_document::read_package(&package, budget) {
        content
    } else if package.part("xl/workbook.bin").is_some() {
        let what = "a workbook in binary form (xlsb)".to_owned();
        Content { problems: vec![Problem::Unsupported { what }], ..Content::default() }
    } else {
        // A plain archive whose first name misled.
        let mut all = package.into_parts();
        all.extend(parts);
        return Content { parts: all, problems, ..Content::default() };
    };
    properties(&package, &mut content);
    // The picture of the first page (docProps/thumbnail), and pictures in the text.
    package.pictures().for_each(|picture| content.picture(picture));
    content.parts.extend(parts);
    content.problems.splice(0..0, problems);
    content
}

/// The zones of a text document and the elements that their parts begin with.
const WORD_ZONES: [(&str, Zone); 8] = [
    ("document", Zone::Body),
    ("hdr", Zone::Header),
    ("ftr", Zone::Footer),
    ("footnotes", Zone::Footnote),
    ("endnotes", Zone::Endnote),
    ("comments", Zone::Comment),
    ("chartSpace", Zone::TextBox),
    ("dataModel", Zone::TextBox),
];

fn word(package: &Package) -> Content {
    let mut content = Content { format: Some(Format::Docx), ..Content::default() };
    zones(package, &WORD_ZONES, &mut content);
    content
}

fn zones(package: &Package, zones: &[(&str, Zone)], content: &mut Content) {
    for (root, zone) in zones {
        for part in package.with_root(root) {
            markup::read(&part.characters(), *zone, content);
        }
    }
}

fn slides(package: &Package) -> Content {
    let mut content = Content { format: Some(Format::Pptx), ..Content::default() };
    for name in slides_in_order(package) {
        if let Some(part) = package.part(&name) {
            markup::read(&part.characters(), Zone::Body, &mut content);
        }
    }
    let beside = [
        ("notes", Zone::Comment),
        ("cmLst", Zone::Comment),
        ("chartSpace", Zone::TextBox),
        ("dataModel", Zone::TextBox),
    ];
    zones(package, &beside, &mut content);
    content
}

/// The slides as the presentation lists them, then those that it does not list.
fn slides_in_order(package: &Package) -> Vec<String> {
    let mut slides = Vec::new();
    let mut listed = BTreeSet::new();
    if let Some(main) = package.with_root("presentation").next() {
        let relations = package.relations(&main.name);
        for event in xml::Xml::new(&main.characters()) {
            if let xml::Event::Start(element) = event
                && element.name() == "sldId"
                && let Some(part) = element.relation().and_then(|id| relations.get(&id))
                && listed.insert(part.clone())
            {
                slides.push(part.clone());
            }
        }
    }
    let unlisted: Vec<_> = package
        .with_root("sld")
        .map(|part| part.name.clone())
        .filter(|name| !listed.contains(name))
        .collect();
    slides.extend(unlisted);
    slides
}

/// Fields of the properties that a person wrote, of both formats.
const PROPERTIES: [&str; 15] = [
    "title",
    "subject",
    "creator",
    "initial-creator",
    "keywords",
    "keyword",
    "description",
    "lastModifiedBy",
    "category",
    "contentStatus",
    "Company",
    "Manager",
    "lpwstr",
    "user-defined",
    "identifier",
];

/// Adds what the properties say, a line for each.
fn properties(package: &Package, content: &mut Content) {
    for root in ["coreProperties", "Properties"] {
        for part in package.with_root(root) {
            add_properties(&part.characters(), content);
        }
    }
}

fn add_properties(text: &str, content: &mut Content) {
    let mut xml = xml::Xml::new(text);
    while let Some(event) = xml.next() {
        if let xml::Event::Start(element) = event
            && PROPERTIES.contains(&element.name())
        {
            let text = xml.text();
            let text = text.trim();
            if !text.is_empty() {
                content.unicode(Zone::Property, &format!("{text}\n"));
            }
        }
    }
}
