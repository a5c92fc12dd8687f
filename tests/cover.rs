//! The founding path: the cover of a report is in the preview of a document and nowhere else, in bytes of GBK under a
//! font that says otherwise, and its fields come out clean.
#![cfg(feature = "container")]

#[path = "../src/document/word/made.rs"]
mod made;
#[path = "metafile/writer.rs"]
mod writer;

use std::io::{Cursor, Write};

use fixenc::encoding::Encoding;
use fixenc::recover::{RecoverOptions, recover};
use fixenc::report::Document;
use made::{Made, Units, utf_16};
use writer::{Draw, DrawEnhanced, Text};

/// Labels and values of the cover, each a text of its own in the picture.
const COVER: [(&str, &str); 6] = [
    ("统一社会信用代码", "12430922MB1B928835"),
    ("单位名称", "青枫镇乡村文化服务中心"),
    ("法定代表人", "柳听澜"),
    ("举办单位", "青枫镇人民政府"),
    ("登记管理机关", "青枫县事业单位登记管理局"),
    ("联系电话", "13800001111"),
];

/// What follows the cover, and is in the body.
const BODY: [&str; 4] = [
    "一、按照《事业单位法人证书》登记的业务范围开展活动情况",
    "全年接待读者两千余人次，举办露天电影十二场，修补旧书架三组。",
    "二、取得的主要社会效益",
    "孩子们放学以后有了写作业的地方，老人们在院子里学会了吹口琴。",
];

/// The texts of the cover as they are drawn: a title, the year, and lines of a label and a value.
fn drawn(charset: u8, encode: impl Fn(&str) -> Vec<u8>) -> Vec<Text> {
    let mut texts = vec![
        Text { height: 32, ..Text::new(300, 100, charset, &encode("事业单位法人年度报告书")) },
        Text::new(520, 160, charset, &encode("（2019年度）")),
    ];
    for (nth, (label, value)) in (0..).zip(COVER) {
        let y = 240 + 40 * nth;
        texts.push(Text::new(200, y, charset, &encode(label)));
        texts.push(Text::new(480, y, charset, &encode(value)));
    }
    texts
}

fn gbk(text: &str) -> Vec<u8> {
    Encoding::for_name("gbk").unwrap().encode(text).unwrap()
}

/// The cover as metafiles of each kind that programs write, and the ending of their names.
fn previews(charset: u8) -> [(&'static str, Vec<u8>); 5] {
    let texts = drawn(charset, gbk);
    [
        ("wmf", writer::wmf(&texts, Draw::TextOut)),
        ("wmf", writer::wmf(&texts, Draw::ExtTextOut)),
        ("wmf", writer::placeable(&writer::wmf(&texts, Draw::Clipped))),
        ("emf", writer::emf(&texts, DrawEnhanced::ExtTextOutA)),
        ("emf", writer::emf(&drawn(charset, utf_16), DrawEnhanced::ExtTextOutW)),
    ]
}

/// A document of Word 2007 with a preview.
fn docx(preview: &[u8], ending: &str) -> Vec<u8> {
    let paragraphs: String = BODY.map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")).concat();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"urn:w\"><w:body>{paragraphs}</w:body></w:document>"
    );
    let thumbnail = format!("docProps/thumbnail.{ending}");
    let parts: [(&str, &[u8]); 3] = [
        ("[Content_Types].xml", b"<?xml version=\"1.0\"?><Types xmlns=\"urn:t\"/>"),
        ("word/document.xml", body.as_bytes()),
        (&thumbnail, preview),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A stream `SummaryInformation` that has a preview and nothing else ([MS-OLEPS] 2.21, VT_CF).
fn summary(preview: &[u8], ending: &str) -> Vec<u8> {
    let long = |values: &[u32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let data = match ending {
        // CF_METAFILEPICT: the mapping mode and the size of the picture come first.
        "wmf" => [long(&[u32::MAX, 3]), vec![8, 0, 0x60, 0x52, 0x04, 0x74, 0, 0], preview.to_vec()].concat(),
        _ => [long(&[u32::MAX, 14]), preview.to_vec()].concat(),
    };
    let value = [long(&[0x47, data.len() as u32]), data].concat();
    let set = [long(&[16 + value.len() as u32, 1, 17, 16]), value].concat();
    let mut stream = vec![0xFE, 0xFF, 0, 0, 5, 0, 2, 0];
    stream.resize(24, 0);
    stream.extend(long(&[1]));
    // FMTID_SummaryInformation.
    stream.extend(0xE085_9FF2_F94F_6810_AB91_0800_2B27_B3D9_u128.to_be_bytes());
    stream.extend(long(&[48]));
    [stream, set].concat()
}

/// A document of Word 97 with a preview.
fn doc(preview: &[u8], ending: &str) -> Made {
    let mut made = Made::word_97(vec![(Units::Utf16, utf_16(&format!("{}\r", BODY.join("\r"))))]);
    made.streams.push(("/\u{5}SummaryInformation".to_owned(), summary(preview, ending)));
    made
}

#[track_caller]
fn read(file: &[u8]) -> Document {
    let mut report = recover(file, &RecoverOptions::new().record(true)).unwrap();
    assert_eq!(report.documents.len(), 1);
    report.documents.remove(0)
}

/// The fields of the record whose values stand on the cover.
const FIELDS: [(&str, &str); 5] = [
    ("uscc", COVER[0].1),
    ("org_name", COVER[1].1),
    ("legal_representative", COVER[2].1),
    ("sponsor", COVER[3].1),
    ("phone", COVER[5].1),
];

#[track_caller]
fn assert_fields(document: &Document, what: &str) {
    let text = document.text.as_deref().unwrap();
    assert!(document.repairs.is_empty() && document.undecided.is_empty(), "{what}: {:?}", document.repairs);
    assert!(text.trim_start().starts_with(&BODY.join("\n")), "{what}: {text}");
    let record = serde_json::to_value(document.record.as_ref().unwrap()).unwrap();
    assert_eq!(record["doc_type"], "public_institution_annual_report", "{what}: {text}");
    for (name, value) in FIELDS {
        assert_eq!(record["fields"][name]["value"], value, "{what}: {name}: {text}");
    }
    assert_eq!(record["fields"]["report_year"]["value"], 2019, "{what}: {text}");
    assert_eq!(record["warnings"], serde_json::json!([]), "{what}: {text}");
}

#[test]
fn the_cover_in_the_preview_of_a_docx_comes_out_clean() {
    for charset in [0, 1, 134] {
        for (nth, (ending, preview)) in previews(charset).into_iter().enumerate() {
            let document = read(&docx(&preview, ending));
            assert_eq!((document.format, document.diagnostics.len()), (Some("docx"), 0));
            assert_fields(&document, &format!("preview {nth}, charset {charset}"));
        }
    }
}

#[test]
fn the_cover_in_the_preview_of_a_doc_comes_out_clean() {
    for charset in [0, 1, 134] {
        for (nth, (ending, preview)) in previews(charset).into_iter().enumerate() {
            let document = read(&doc(&preview, ending).file());
            assert_eq!((document.format, document.diagnostics.len()), (Some("doc"), 0));
            assert_fields(&document, &format!("preview {nth}, charset {charset}"));
        }
    }
}

/// A document whose first page is a picture.
fn doc_with_picture(preview: &[u8]) -> Made {
    let picture = made::inline_drawing(&made::blip(preview, true));
    let mut made = Made::with_pictures(b"", b"", &[picture]);
    made.pieces.push((Units::Utf16, utf_16(&format!("\r{}\r", BODY.join("\r")))));
    made.lengths[0] = 1 + made.pieces[1].1.len() as u32 / 2;
    made
}

#[test]
fn the_cover_in_a_picture_in_a_doc_comes_out_clean() {
    for charset in [0, 1, 134] {
        for (nth, (_, preview)) in previews(charset).into_iter().enumerate() {
            // Pictures in documents have no placeable header.
            let is_placeable = preview.starts_with(b"\xD7\xCD");
            let preview = if is_placeable { &preview[22..] } else { &preview };
            let document = read(&doc_with_picture(preview).file());
            assert_eq!((document.format, document.diagnostics.len()), (Some("doc"), 0));
            assert_fields(&document, &format!("picture {nth}, charset {charset}"));
        }
    }
}

/// Where the streams cannot be found any more, the preview is still there.
#[test]
fn the_cover_outlives_the_directory_of_a_doc() {
    let (_, preview) = &previews(0)[1];
    let mut file = doc(preview, "wmf").file();
    let directory = 512 * (1 + u32::from_le_bytes(file[48..52].try_into().unwrap()) as usize);
    file[directory..directory + 512].fill(0);
    let document = read(&file);
    assert!(!document.diagnostics.is_empty(), "nothing is said of the damage");
    assert_fields(&document, "without a directory");
}

/// An archive whose list of files was cut off is read file by file.
#[test]
fn the_cover_outlives_the_end_of_a_docx() {
    let (_, preview) = &previews(134)[0];
    let file = docx(preview, "wmf");
    let end = file.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let document = read(&file[..end]);
    assert!(!document.diagnostics.is_empty(), "nothing is said of the damage");
    assert_fields(&document, "without the list of files");
}

#[cfg(feature = "cli")]
#[test]
fn the_command_prints_the_fields_of_the_cover() {
    let folder = tempfile::tempdir().unwrap();
    let (ending, preview) = &previews(0)[0];
    let files = [
        ("a.docx", docx(preview, ending)),
        ("b.doc", doc(preview, ending).file()),
        ("c.doc", doc_with_picture(preview).file()),
    ];
    for (name, file) in files {
        std::fs::write(folder.path().join(name), file).unwrap();
        let run = |verb: &str| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fixenc"));
            let output = command.current_dir(folder.path()).args([verb, name]).output().unwrap();
            assert_eq!(
                (output.status.code(), String::from_utf8(output.stderr).unwrap()),
                (Some(0), String::new())
            );
            String::from_utf8(output.stdout).unwrap()
        };
        let record: serde_json::Value = serde_json::from_str(&run("extract")).unwrap();
        for (field, value) in FIELDS {
            assert_eq!(record["fields"][field]["value"], value, "{name}: {field}");
        }
        let text = run("fix");
        for (label, value) in COVER {
            assert!(text.contains(&format!("{label}\t{value}\n")), "{name}: {text}");
        }
    }
}
