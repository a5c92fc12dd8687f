//! Whole files of the formats that documents have, each with an invented text in it: what the fuzz target `document`
//! starts from, and `mutate-documents`.

use std::io::{Cursor, Write};

use super::made::{
    Made, blip, blip_entry, compound_file, inline_drawing, inline_picture, office_record, utf_16,
};
use super::writer::{Draw, DrawEnhanced, Text, emf, placeable, wmf};
use crate::Result;

const TEXT: &str = "Die Fähre legt um neun ab. 渡船九点开。";

/// Each file with its ending.
pub(super) fn all() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let (gbk, _, _) = encoding_rs::GBK.encode("渡船九点开。");
    let picture = || [Text::new(100, 100, 134, &gbk)];
    let metafile = placeable(&wmf(&picture(), Draw::ExtTextOut));
    let mut files = word(&metafile);
    let drawing = office_record(0xF, 0xF000, &blip_entry(Ok(&blip(&metafile, true))));
    files.extend([
        ("wmf", metafile),
        ("emf", emf(&picture(), DrawEnhanced::ExtTextOutA)),
        ("xls", compound_file(&[stream("/Book", &book(&gbk, &drawing)), summary(&gbk)])),
        ("ppt", compound_file(&[stream("/PowerPoint Document", &presentation(&drawing))])),
        ("msg", message(&gbk)),
        ("eml", mail(&gbk)),
        ("rtf", b"{\\rtf1\\ansi\\ansicpg936 {\\header a}\\'b6\\'c9\\'b4\\'ac\\par \\u28193?\\par}".to_vec()),
    ]);
    files.extend(office()?);
    Ok(files)
}

fn stream(path: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (path.to_owned(), bytes.to_vec())
}

/// Word documents of each generation, and one with objects and properties.
fn word(metafile: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let text = "桥下的三条旧船\r去年秋天，渔民们把它们拖到岸上，重新刷了油漆。\r";
    let (gbk, ..) = encoding_rs::GBK.encode(text);
    let [word_97, word_95, east_asia, word_2] = Made::of_each_kind(text, &gbk);
    let mut outer = word_97.clone();
    outer.streams = word_95.streams_in("/ObjectPool/_1");
    let native = b"\x21\0\0\0\x02\0a.txt\0C:\\a.txt\0\0\0\x03\0\x02\0\0\0a\0\x04\0\0\0text";
    outer.streams.push(stream("/ObjectPool/_2/\u{1}Ole10Native", native));
    let length = (metafile.len() as u32).to_le_bytes();
    let head = [u32::MAX, 3, 4, 1, u32::MAX, 2, 0, 9, 9].map(u32::to_le_bytes).concat();
    outer.streams.push(stream("/ObjectPool/_3/\u{2}OlePres000", &[&head, &length[..], metafile].concat()));
    outer.streams.push(summary(b"Ferry"));
    let picture = blip(metafile, true);
    let drawing = inline_drawing(&picture);
    let mut pictures = Made::with_pictures(b"See ", b" here.\r", &[drawing, inline_picture(8, metafile)]);
    let entries = [blip_entry(Ok(&picture)), blip_entry(Err(0x800))];
    pictures.drawings = office_record(0xF, 0xF000, &entries.concat());
    let all = [word_97, word_95, east_asia, word_2, outer, pictures];
    all.iter().map(|made| ("doc", made.file())).collect()
}

/// A property set with a title.
fn summary(title: &[u8]) -> (String, Vec<u8>) {
    let mut set = [&[0xFE, 0xFF][..], &[0; 22], &[1, 0, 0, 0], &[0; 16], &[48, 0, 0, 0], &[0; 4]].concat();
    for word in [2, 1, 24, 2, 32, 2, 936, 0x1E, title.len() as u32] {
        set.extend(u32::to_le_bytes(word));
    }
    set.extend_from_slice(title);
    stream("/\u{5}SummaryInformation", &set)
}

/// A workbook of Excel 95 with a cell and the pictures of a later one.
fn book(text: &[u8], drawing: &[u8]) -> Vec<u8> {
    let label = [&[0, 0, 0, 0, 0, 0, text.len() as u8, 0], text].concat();
    let (begin, rest) = drawing.split_at(60);
    let records: [(u16, &[u8]); 5] = [
        (0x0809, &[0, 5, 0x10, 0, 0, 0, 0, 0]),
        (0x00EB, begin),
        (0x003C, rest),
        (0x0204, &label),
        (0x000A, &[]),
    ];
    let record = |(kind, data): (u16, &[u8])| {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    };
    records.into_iter().flat_map(record).collect()
}

/// The records of a presentation: a slide list with a text, a list of pictures, and an object.
fn presentation(drawing: &[u8]) -> Vec<u8> {
    let text = office_record(0, 0x0FA0, &utf_16(TEXT));
    let list = office_record(0xF, 0x0FF0, &[office_record(0, 0x03F3, &[0; 20]), text].concat());
    let object = office_record(0, 0x1011, &Made::word_95(b"A small object\r").file());
    let drawings = office_record(0xF, 0x040B, drawing);
    [office_record(0xF, 0x03E8, &[list, drawings].concat()), object].concat()
}

/// A message of Outlook with an attachment.
fn message(body: &[u8]) -> Vec<u8> {
    let attachment = "/__attach_version1.0_#00000000";
    compound_file(&[
        stream("/__properties_version1.0", &[0; 32]),
        stream("/__substg1.0_0037001F", &utf_16(TEXT)),
        stream("/__substg1.0_1000001E", body),
        stream(&format!("{attachment}/__properties_version1.0"), &[0; 8]),
        stream(&format!("{attachment}/__substg1.0_37010102"), b"{\\rtf1\\ansi a card}"),
    ])
}

/// A mail of two parts, one of them a file.
fn mail(body: &[u8]) -> Vec<u8> {
    let head = "MIME-Version: 1.0\r\nFrom: a@example.org\r\nTo: b@example.org\r\n\
        Subject: =?gb2312?B?tsm0rL7FteO/qg==?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
        --x\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n";
    let file = "\r\n--x\r\nContent-Type: text/rtf; name=a.rtf\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        e1xydGYxXGFuc2kgYSBjYXJkfQ==\r\n--x--\r\n";
    [head.as_bytes(), body, file.as_bytes()].concat()
}

/// Office files of XML in a zip archive.
fn office() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let word = format!("<w:document><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:document>");
    let book = r#"<workbook><sheets><sheet name="One" r:id="r1"/></sheets></workbook>"#;
    let relations =
        r#"<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let cell = r#"<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>two</t></is></c>"#;
    let sheet = format!(r#"<worksheet><sheetData><row r="1">{cell}</row></sheetData></worksheet>"#);
    let strings = format!("<sst><si><t>{TEXT}</t></si></sst>");
    let slide = format!("<p:sld><a:p><a:r><a:t>{TEXT}</a:t></a:r></a:p></p:sld>");
    let open = format!(
        "<office:document-content><office:body><office:text><text:p>{TEXT}</text:p></office:text></office:body>\
         </office:document-content>"
    );
    let types = ("[Content_Types].xml", "<Types/>");
    let files: [(&'static str, &[(&str, &str)]); 4] = [
        ("docx", &[types, ("word/document.xml", &word)]),
        (
            "xlsx",
            &[
                types,
                ("xl/workbook.xml", book),
                ("xl/_rels/workbook.xml.rels", relations),
                ("xl/worksheets/sheet1.xml", &sheet),
                ("xl/sharedStrings.xml", &strings),
            ],
        ),
        ("pptx", &[types, ("ppt/slides/slide1.xml", &slide)]),
        ("odt", &[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &open)]),
    ];
    files.into_iter().map(|(ending, parts)| Ok((ending, archive(parts)?))).collect()
}

fn archive(parts: &[(&str, &str)]) -> Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        // The entry that tells the format is read without unpacking.
        let method = match *name {
            "mimetype" => zip::CompressionMethod::Stored,
            _ => zip::CompressionMethod::Deflated,
        };
        archive.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(method))?;
        archive.write_all(part.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
