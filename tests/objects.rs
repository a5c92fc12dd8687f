//! Objects of other programs in compound files: the documents and files in them come out, each with its path.

#![cfg(feature = "container")]

use fixenc::encoding::Encoding;
use fixenc::recover::{RecoverOptions, recover};
use fixenc::report::{DiagnosticKind, Document, EntryName};

#[path = "../src/document/word/made.rs"]
mod made;
#[path = "metafile/mutations.rs"]
mod mutations;
#[path = "metafile/writer.rs"]
mod writer;

use made::{Made, Units, compound_file, office_record, utf_16, zlib};
use writer::{Draw, Text, wmf};

type Streams = Vec<(String, Vec<u8>)>;

fn gbk(text: &str) -> Vec<u8> {
    Encoding::for_name("gbk").unwrap().encode(text).unwrap()
}

fn documents(file: &[u8]) -> Vec<Document> {
    recover(file, &RecoverOptions::new()).unwrap().documents
}

/// Path, format and text of each document.
fn shown(file: &[u8]) -> Vec<(String, Option<&'static str>, String)> {
    let shown = |document: Document| {
        let path: Vec<_> = document.path.iter().map(EntryName::shown).collect();
        (path.join(" > "), document.format, document.text.unwrap_or_default())
    };
    documents(file).into_iter().map(shown).collect()
}

fn expected(documents: &[(&str, Option<&'static str>, &str)]) -> Vec<(String, Option<&'static str>, String)> {
    documents.iter().map(|&(path, format, text)| (path.to_owned(), format, text.to_owned())).collect()
}

const LETTER: &str = "装箱单附在后面，请查收。";
const NOTE: &str = "渔港仓库的钥匙交给了值班的老周，明天一早开门。";

fn letter() -> Made {
    Made::word_97(vec![(Units::Utf16, utf_16(&format!("{LETTER}\r")))])
}

/// A document of Word 95 whose bytes are GBK.
fn note() -> Made {
    Made::word_95(&gbk(&format!("{NOTE}\r")))
}

/// The stream `Book` of a workbook of Excel 95 with one cell.
fn book(text: &[u8]) -> Vec<u8> {
    let label = [&[0, 0, 0, 0, 0, 0, text.len() as u8, 0], text].concat();
    let records: [(u16, &[u8]); 4] = [
        (0x0809, &[0, 5, 0x10, 0, 0, 0, 0, 0]),
        (0x0042, &936_u16.to_le_bytes()),
        (0x0204, &label),
        (0x000A, &[]),
    ];
    let mut stream = Vec::new();
    for (kind, data) in records {
        stream.extend([kind.to_le_bytes(), (data.len() as u16).to_le_bytes()].concat());
        stream.extend(data);
    }
    stream
}

/// The stream `\1Ole10Native` of a file that a person packed.
fn packed(name: &[u8], file: &[u8]) -> Vec<u8> {
    let copy = b"\x0D\0\0\0C:\\Temp\\copy\0";
    let length = (file.len() as u32).to_le_bytes();
    let native = [b"\x02\0", name, b"\0C:\\original\0\0\0\x03\0", &copy[..], &length, file].concat();
    [&(native.len() as u32).to_le_bytes(), &native[..]].concat()
}

/// The stream `\2OlePres000` with a picture in a format of the clipboard.
fn presented(format: u32, picture: &[u8]) -> Vec<u8> {
    let words = [u32::MAX, format, 4, 1, u32::MAX, 2, 0, 1000, 1000, picture.len() as u32];
    [&words.map(u32::to_le_bytes).concat(), picture].concat()
}

fn picture(text: &str) -> Vec<u8> {
    wmf(&[Text::new(100, 100, 134, &gbk(text))], Draw::TextOut)
}

/// A letter with these streams in its pool of objects.
fn with_objects(objects: Streams) -> Vec<u8> {
    let objects = objects.into_iter().map(|(path, bytes)| (format!("/ObjectPool{path}"), bytes));
    Made { streams: objects.collect(), ..letter() }.file()
}

#[test]
fn documents_in_the_pool_of_objects_come_out_at_any_depth() {
    let inner = Made { streams: vec![("/ObjectPool/_3/Book".to_owned(), book(&gbk("木箱")))], ..note() };
    let mut objects = inner.streams_in("/_1");
    objects.push((
        "/_2/\u{1}Ole10Native".to_owned(),
        packed(b"list.txt", &gbk("船票三张，旧海图一卷，灯塔年鉴一本。")),
    ));
    objects.push(("/_4/CONTENTS".to_owned(), b"{\\rtf1\\ansi A card}".to_vec()));
    objects.push(("/_5/CONTENTS".to_owned(), b"\x01\x02\x03 what nobody reads".to_vec()));
    let letter = format!("{LETTER}\n");
    let note = format!("{NOTE}\n");
    assert_eq!(
        shown(&with_objects(objects)),
        expected(&[
            ("", Some("doc"), &letter),
            ("ObjectPool/_1", Some("doc"), &note),
            ("ObjectPool/_1/ObjectPool/_3", Some("xls"), "木箱\n"),
            ("list.txt", None, "船票三张，旧海图一卷，灯塔年鉴一本。"),
            ("ObjectPool/_4/CONTENTS", Some("rtf"), "A card\n"),
        ])
    );
}

#[test]
fn the_places_of_an_object_are_places_in_the_whole_file() {
    let file = with_objects(note().streams_in("/_1"));
    let documents = documents(&file);
    let run = &documents[1].runs[0];
    assert!(file[run.offset.unwrap() as usize..].starts_with(&gbk(NOTE)));
}

#[test]
fn of_an_object_that_is_not_read_its_picture_is() {
    let seen = "灯塔与防波堤";
    let with_size = [&[8, 0, 0, 1, 0, 1, 0, 0][..], &picture(seen)].concat();
    for (stream, bytes) in [
        ("\u{2}OlePres000", presented(3, &picture(seen))),
        ("\u{3}META", with_size),
        ("\u{3}EPRINT", picture(seen)),
    ] {
        let file = with_objects(vec![
            ("/_1/Equation Native".to_owned(), b"\x1C\0\0\0".to_vec()),
            (format!("/_1/{stream}"), bytes.clone()),
        ]);
        let documents = documents(&file);
        assert_eq!(documents.len(), 1);
        let text = documents[0].text.as_deref().unwrap();
        let run = documents[0].runs.iter().find(|run| run.zone == "picture").expect(stream);
        assert_eq!(text[run.start..run.end].trim(), seen);
        // What a reader sees of a document that is read is not told twice.
        let mut objects = note().streams_in("/_1");
        objects.push((format!("/_1/{stream}"), bytes));
        let documents = self::documents(&with_objects(objects));
        assert!(documents.iter().all(|document| document.runs.iter().all(|run| run.zone != "picture")));
    }
}

#[test]
fn workbooks_and_messages_have_objects_too() {
    let mut streams = vec![("/Book".to_owned(), book(&gbk("木箱")))];
    streams.extend(note().streams_in("/MBD0001F2A3"));
    let note = format!("{NOTE}\n");
    let workbook = [("", Some("xls"), "木箱\n"), ("MBD0001F2A3", Some("doc"), note.as_str())];
    assert_eq!(shown(&compound_file(&streams)), expected(&workbook));

    let attachment = "/__attach_version1.0_#00000000";
    let object = format!("{attachment}/__substg1.0_3701000D");
    let mut streams = vec![
        ("/__properties_version1.0".to_owned(), vec![0; 32]),
        ("/__substg1.0_1000001F".to_owned(), utf_16("A letter.")),
        (format!("{attachment}/__properties_version1.0"), vec![0; 8]),
    ];
    streams.extend(self::note().streams_in(&object));
    let message = [("", Some("msg"), "A letter.\n"), (&object[1..], Some("doc"), note.as_str())];
    assert_eq!(shown(&compound_file(&streams)), expected(&message));
}

/// The type of a record that is an object of another program.
const OBJECT: u16 = 0x1011;

fn presentation(records: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let stream =
        records.iter().flat_map(|(instance, kind, data)| office_record(instance << 4, *kind, data)).collect();
    compound_file(&[("/PowerPoint Document".to_owned(), stream)])
}

#[test]
fn objects_in_presentations_are_unpacked() {
    let object = note().file();
    let macros = compound_file(&[("/VBA/dir".to_owned(), vec![1; 100])]);
    let compressed = |file: &[u8]| [&(file.len() as u32).to_le_bytes()[..], &zlib(file)].concat();
    let records =
        [(1, OBJECT, compressed(&object)), (1, OBJECT, compressed(&macros)), (0, OBJECT, object.clone())];
    let note = format!("{NOTE}\n");
    let all =
        [("", Some("ppt"), ""), ("object 1", Some("doc"), note.as_str()), ("object 2", Some("doc"), &note)];
    assert_eq!(shown(&presentation(&records)), expected(&all));
    assert!(documents(&presentation(&records)).iter().all(|document| document.diagnostics.is_empty()));
    // Of one that is cut comes what is there, and that it is cut.
    let mut cut = compressed(&object);
    cut.truncate(cut.len() - 200);
    let documents = documents(&presentation(&[(1, OBJECT, cut)]));
    assert_eq!(documents[1].text.as_ref(), Some(&note));
    assert!(!documents[1].diagnostics.is_empty());
}

#[test]
fn presentations_in_presentations_end_at_the_limit_of_depth() {
    let mut file = note().file();
    for _ in 0..20 {
        file = presentation(&[(0, OBJECT, file)]);
    }
    let documents = documents(&file);
    let limit = fixenc::Limits::default().depth as usize;
    let deepest = documents.iter().map(|document| document.path.len()).max();
    assert_eq!(deepest, Some(limit));
    assert!(documents.last().unwrap().diagnostics.iter().any(|found| found.kind == DiagnosticKind::Limit));
}

#[test]
fn a_file_that_is_an_object_gives_what_is_in_it() {
    let file = compound_file(&[("/\u{1}Ole10Native".to_owned(), packed(b"list.txt", b"three tickets"))]);
    assert_eq!(shown(&file), expected(&[("list.txt", None, "three tickets")]));
    let file = compound_file(&[("/Package".to_owned(), b"{\\rtf1\\ansi A card}".to_vec())]);
    assert_eq!(shown(&file), expected(&[("Package", Some("rtf"), "A card\n")]));
}

#[test]
fn damaged_objects_are_survived() {
    let mut objects = note().streams_in("/_1");
    objects.push(("/_2/\u{1}Ole10Native".to_owned(), packed(b"list.txt", b"three tickets")));
    objects.push(("/_3/\u{2}OlePres000".to_owned(), presented(3, &picture("灯塔"))));
    let whole = with_objects(objects);
    for seed in 0..500 {
        let file = mutations::damaged(&whole, seed);
        let _ = documents(&file);
    }
}
