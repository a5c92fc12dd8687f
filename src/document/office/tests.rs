//! Office files that are put together here, from texts of our own.

use std::io::{Cursor, Write};

use super::*;
use crate::Limits;
use crate::document::{self, RunText};

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> Content {
    let limits = Limits::new();
    let format = document::sniff(bytes).unwrap();
    document::read(format, bytes, &mut Budget::new(&limits, bytes.len()))
}

fn shown(content: &Content) -> Vec<(Zone, String)> {
    let mut zones: Vec<(Zone, String)> = Vec::new();
    for run in &content.runs.to_vec() {
        let RunText::Unicode(text) = &run.text else { panic!("bytes in XML") };
        match zones.last_mut() {
            Some((zone, before)) if *zone == run.zone => before.push_str(text),
            _ => zones.push((run.zone, text.clone())),
        }
    }
    zones
}

fn zones(expected: &[(Zone, &str)]) -> Vec<(Zone, String)> {
    expected.iter().map(|(zone, text)| (*zone, (*text).to_owned())).collect()
}

const DOCUMENT: &str = "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>\
    <w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>甲&amp;&#x4E59;</w:t><w:tab/><w:t>丙</w:t></w:r>\
    <w:del><w:r><w:delText>删</w:delText></w:r></w:del>\
    <mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
    <mc:Fallback><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>\
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>名</w:t></w:r></w:p><w:p><w:r><w:t>称</w:t></w:r></w:p></w:tc>\
    <w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>值</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>";

fn text_document() -> Vec<u8> {
    archive(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", DOCUMENT),
        ("word/header1.xml", "<w:hdr><w:p><w:r><w:t>眉</w:t></w:r></w:p></w:hdr>"),
        (
            "word/footnotes.xml",
            "<w:footnotes><w:footnote><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote></w:footnotes>",
        ),
        ("word/embeddings/inner.bin", "inside"),
        (
            "docProps/core.xml",
            "<cp:coreProperties><dc:title>题</dc:title><dcterms:created>x</dcterms:created></cp:coreProperties>",
        ),
    ])
}

#[test]
fn a_text_document_gives_its_zones_and_what_is_in_it() {
    let content = read(&text_document());
    let expected = [
        (Zone::Body, "甲&乙\t丙\n"),
        (Zone::TextBox, "框\n"),
        (Zone::Body, "名 称\t\t值\n"),
        (Zone::Header, "眉\n"),
        (Zone::Footnote, "注\n"),
        (Zone::Property, "题\n"),
    ];
    assert_eq!(shown(&content), zones(&expected));
    assert_eq!(content.format, Some(Format::Docx));
    assert_eq!(
        (content.parts[0].name.as_slice(), content.parts[0].bytes.as_slice()),
        (&b"word/embeddings/inner.bin"[..], &b"inside"[..])
    );
    assert!(content.problems.is_empty());
}

#[test]
fn a_cut_document_gives_the_parts_that_are_there() {
    let whole = text_document();
    for end in (64..whole.len()).step_by(13) {
        let content = read(&whole[..end]);
        assert!(!content.problems.is_empty(), "{end}");
    }
    let header = memchr::memmem::find(&whole, b"word/header1.xml").unwrap();
    let content = read(&whole[..header]);
    assert!(shown(&content)[0].1.starts_with("甲&乙"));
}

#[test]
fn a_workbook_gives_its_cells_at_their_places() {
    let bytes = archive(&[
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r9\" Target=\"worksheets/s.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"表\" r:id=\"r9\"/></sheets></workbook>",
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><r><t>共</t></r><r><t>享_x000A_</t></r><rPh><t>x</t></rPh></si></sst>",
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy/m/d\"/></numFmts>\
             <cellStyleXfs><xf numFmtId=\"0\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>",
        ),
        (
            "xl/worksheets/s.xml",
            "<worksheet><sheetData><row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"D2\" s=\"1\"><v>1</v></c>\
             <c><v>0.5</v></c></row><row><c t=\"inlineStr\"><is><t>内</t></is></c><c t=\"b\"><v>1</v></c>\
             <c t=\"str\"><f>A1</f><v>式</v></c></row></sheetData>\
             <headerFooter><oddHeader>&amp;C头&amp;P</oddHeader></headerFooter></worksheet>",
        ),
    ]);
    let content = read(&bytes);
    let body = "表\n\t共享 \t\t1904-01-02\t0.5\n内\tTRUE\t式\n";
    assert_eq!(shown(&content), zones(&[(Zone::Body, body), (Zone::Header, "头\n")]));
    let cells: Vec<_> =
        content.runs.to_vec().iter().filter_map(|run| run.cell).map(|cell| (cell.row, cell.column)).collect();
    assert_eq!(cells, [(2, 2), (2, 4), (2, 5), (3, 1), (3, 2), (3, 3)]);
}

#[test]
fn slides_come_as_the_presentation_lists_them() {
    let slide = |text: &str| format!("<p:sld><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>");
    let relations = "<Relationships><Relationship Id=\"a\" Target=\"slides/slide2.xml\"/>\
                     <Relationship Id=\"b\" Target=\"/ppt/slides/slide10.xml\"/></Relationships>";
    let bytes = archive(&[
        (
            "ppt/presentation.xml",
            "<p:presentation><p:sldIdLst><p:sldId id=\"1\" r:id=\"b\"/><p:sldId id=\"2\" r:id=\"a\"/></p:sldIdLst></p:presentation>",
        ),
        ("ppt/_rels/presentation.xml.rels", relations),
        ("ppt/slides/slide2.xml", &slide("二")),
        ("ppt/slides/slide10.xml", &slide("十")),
        ("ppt/slides/slide11.xml", &slide("余")),
        ("ppt/notesSlides/n.xml", "<p:notes><a:p><a:r><a:t>备</a:t></a:r></a:p></p:notes>"),
    ]);
    assert_eq!(shown(&read(&bytes)), zones(&[(Zone::Body, "十\n二\n余\n"), (Zone::Comment, "备\n")]));
}

const OPEN_TEXT: &str = "<office:body><office:text><text:h>题</text:h><text:p>正<text:s text:c=\"2\"/>文\
    <text:note text:note-class=\"endnote\"><text:note-citation>1</text:note-citation><text:note-body>\
    <text:p>尾</text:p></text:note-body></text:note></text:p></office:text></office:body>";

#[test]
fn open_documents_are_read_in_archives_and_flat() {
    let expected = zones(&[(Zone::Body, "题\n正  文\n"), (Zone::Endnote, "尾\n")]);
    let flat = format!("<?xml version=\"1.0\"?><office:document>{OPEN_TEXT}</office:document>");
    assert_eq!(shown(&read(flat.as_bytes())), expected);
    let kind = "application/vnd.oasis.opendocument.text";
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("mimetype", stored).unwrap();
    archive.write_all(kind.as_bytes()).unwrap();
    archive.start_file("content.xml", stored).unwrap();
    write!(archive, "<office:document-content>{OPEN_TEXT}</office:document-content>").unwrap();
    let content = read(&archive.finish().unwrap().into_inner());
    assert_eq!((content.format, shown(&content)), (Some(Format::Odt), expected));
}

#[test]
fn cells_of_an_open_sheet_stand_at_their_columns() {
    let flat = "<?xml version=\"1.0\"?><office:document><office:body><office:spreadsheet><table:table table:name=\"表\">\
        <table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"3\"/>\
        <table:table-cell><text:p>甲</text:p><text:p>乙</text:p><office:annotation><text:p>注</text:p></office:annotation>\
        </table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document>";
    let content = read(flat.as_bytes());
    assert_eq!(shown(&content), zones(&[(Zone::Body, "表\n\t\t\t甲 乙\n"), (Zone::Comment, "注\n")]));
}

#[test]
fn an_archive_that_only_looks_like_an_office_file_keeps_its_entries() {
    let content = read(&archive(&[("word/list.txt", "one"), ("b.txt", "two")]));
    let names: Vec<_> = content.parts.iter().map(|part| part.name.as_slice()).collect();
    assert_eq!(names, [&b"b.txt"[..], b"word/list.txt"]);
    assert_eq!(content.format, None);
}
