//! Pictures in documents of Office up to 2003: the text of those that are metafiles comes out.

#![cfg(feature = "container")]

use fixenc::encoding::Encoding;
use fixenc::recover::{RecoverOptions, recover};
use fixenc::report::{DiagnosticKind, Document};

#[path = "../src/document/word/made.rs"]
mod made;
#[path = "metafile/mutations.rs"]
mod mutations;
#[path = "metafile/writer.rs"]
mod writer;

use made::{
    Made, Units, blip, blip_entry, compound_file, inline_drawing, inline_picture, office_record, pictured,
};
use made::{utf_16, zlib};
use writer::{Draw, DrawEnhanced, Text, emf, wmf};

const BUOYS: &str = "北航道浮标一览";
const LIGHTS: &str = "灯塔看守值班表";

fn gbk(text: &str) -> Vec<u8> {
    Encoding::for_name("gbk").unwrap().encode(text).unwrap()
}

fn picture(text: &str) -> Vec<u8> {
    wmf(&[Text::new(100, 100, 134, &gbk(text))], Draw::TextOut)
}

fn enhanced(text: &str) -> Vec<u8> {
    emf(&[Text::new(100, 100, 1, &utf_16(text))], DrawEnhanced::ExtTextOutW)
}

#[track_caller]
fn document(file: &[u8]) -> Document {
    let mut documents = recover(file, &RecoverOptions::new()).unwrap().documents;
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn text(file: &[u8]) -> String {
    document(file).text.unwrap_or_default()
}

#[test]
fn pictures_in_the_text_come_behind_it() {
    let named =
        inline_picture(0x66, &[b"\x05a.wmf", &blip_entry(Ok(&blip(&picture(LIGHTS), true)))[..]].concat());
    let second_digest = {
        let mut blip = blip(&picture(LIGHTS), true);
        blip[0] |= 0x10;
        blip[4] += 16;
        blip.splice(8..8, [9; 16]);
        blip
    };
    for (what, second) in [
        ("compressed", inline_drawing(&blip(&picture(LIGHTS), true))),
        ("as it is", inline_drawing(&blip(&picture(LIGHTS), false))),
        ("EMF", inline_drawing(&blip(&enhanced(LIGHTS), true))),
        ("with the name of a file", named),
        ("with two digests", inline_drawing(&second_digest)),
        ("bare", inline_picture(8, &picture(LIGHTS))),
    ] {
        let first = inline_drawing(&blip(&picture(BUOYS), true));
        let document = document(&Made::with_pictures(b"See ", b" here.\r", &[first, second]).file());
        assert_eq!(document.text.unwrap(), format!("See  here.\n\n{BUOYS}\n{LIGHTS}\n"), "{what}");
        assert_eq!(document.diagnostics, [], "{what}");
        let of_pictures = document.runs.iter().filter(|run| run.zone == "picture");
        assert!(of_pictures.count() > 0 && document.runs[0].zone == "body", "{what}");
    }
}

#[test]
fn a_picture_without_text_adds_nothing() {
    let empty = inline_drawing(&blip(&wmf(&[], Draw::TextOut), true));
    let bitmap = inline_drawing(&office_record(0x6E00, 0xF01E, &[0x89; 100]));
    let document = document(&Made::with_pictures(b"See ", b" here.\r", &[empty, bitmap]).file());
    assert_eq!(document.text.unwrap(), "See  here.\n");
    assert_eq!(document.diagnostics, []);
}

/// The pictures come in the order of the text, and what is in no piece is deleted.
#[test]
fn pictures_of_pieces_come_in_the_order_of_the_text() {
    let data = [BUOYS, LIGHTS, "删去的图"].map(|text| inline_drawing(&blip(&picture(text), true)));
    let places = [0, data[0].len(), data[0].len() + data[1].len()].map(|at| pictured(at as u32));
    // Of three pieces the last two stand in the file in the other order; behind them is what was deleted.
    let mut made = Made::word_97(vec![
        (Units::Bytes, b"a".to_vec()),
        (Units::Bytes, b"b".to_vec()),
        (Units::Bytes, b"\x01".to_vec()),
    ]);
    made.pieces.push((Units::Utf16, utf_16("\u{1}\r")));
    made.lengths[0] = 5;
    made.behind_text = vec![1];
    let [first, second, deleted] = places;
    // In the file: a, b, the fourth piece, the third one.
    made.characters =
        vec![(0..2, Vec::new()), (2..4, second), (4..6, Vec::new()), (6..7, first), (7..8, deleted)];
    made.streams = vec![("/Data".to_owned(), data.concat())];
    assert_eq!(text(&made.file()), format!("ab\n\n{BUOYS}\n{LIGHTS}\n"));
}

#[test]
fn pictures_before_word_97_stand_in_the_stream_of_the_document() {
    let text = b"See \x01\r";
    let mut made = Made::word_95(text);
    made.behind_text = inline_picture(8, &picture(BUOYS));
    let at = (0x800 + text.len()) as u32;
    let properties = [&[68, 4][..], &at.to_le_bytes()].concat();
    made.characters = vec![(0..4, Vec::new()), (4..5, properties), (5..6, Vec::new())];
    assert_eq!(self::text(&made.file()), format!("See \n\n{BUOYS}\n"));
}

#[test]
fn pictures_that_float_are_listed() {
    let list =
        |entries: &[Vec<u8>]| office_record(0xF, 0xF000, &office_record(0xF, 0xF001, &entries.concat()));
    let mut made = Made::word_97(vec![(Units::Bytes, b"Text.\r".to_vec())]);
    made.behind_text = blip(&picture(LIGHTS), true);
    made.drawings = list(&[
        blip_entry(Ok(&blip(&enhanced(BUOYS), true))),
        blip_entry(Err(0x800 + 6)),
        blip_entry(Err(u32::MAX - 1)),
    ]);
    assert_eq!(text(&made.file()), format!("Text.\n\n{BUOYS}\n{LIGHTS}\n"));
}

/// The field of an object has its picture: of one that is read for itself it would be told twice.
#[test]
fn of_an_object_that_is_read_the_picture_is_left_out() {
    let data = inline_drawing(&blip(&picture(BUOYS), true));
    let text = b"\x13 EMBED \x14\x01\x15\r";
    let object = [&[0x0A, 0x08, 1, 0x03, 0x6A][..], &70_u32.to_le_bytes()].concat();
    let mut made = Made::word_97(vec![(Units::Bytes, text.to_vec())]);
    made.characters = vec![(0..8, Vec::new()), (8..9, object), (9..10, pictured(0)), (10..12, Vec::new())];
    made.streams = vec![("/Data".to_owned(), data)];
    let mut unread = made.clone();
    unread.streams.push(("/ObjectPool/_70/Equation Native".to_owned(), b"\x1C\0\0\0".to_vec()));
    assert_eq!(self::text(&unread.file()), format!("\n\n{BUOYS}\n"));
    let letter = Made::word_97(vec![(Units::Bytes, b"A letter.\r".to_vec())]);
    made.streams.extend(letter.streams_in("/ObjectPool/_70"));
    let documents = recover(&made.file(), &RecoverOptions::new()).unwrap().documents;
    let texts: Vec<_> = documents.iter().map(|document| document.text.as_deref().unwrap()).collect();
    assert_eq!(texts, ["\n", "A letter.\n"]);
}

/// A form's field keeps something else in `Data`.
#[test]
fn what_is_no_picture_is_not_read_as_one() {
    let picture = inline_drawing(&blip(&picture(BUOYS), true));
    let mut made = Made::with_pictures(b"See ", b" here.\r", &[picture]);
    made.characters[1].1.extend([0x06, 0x08, 1]);
    assert_eq!(text(&made.file()), "See  here.\n");
}

#[test]
fn pictures_of_slides_and_of_workbooks_are_listed_too() {
    let pictures = [blip(&picture(BUOYS), true), blip(&enhanced(LIGHTS), true)];
    let list =
        |entries: &[Vec<u8>]| office_record(0xF, 0xF000, &office_record(0xF, 0xF001, &entries.concat()));
    let places = [0, pictures[0].len() as u32];
    let drawings = list(&places.map(|at| blip_entry(Err(at))));
    let stream = office_record(0xF, 0x03E8, &office_record(0xF, 0x040B, &drawings));
    let slides = compound_file(&[
        ("/PowerPoint Document".to_owned(), stream),
        ("/Pictures".to_owned(), pictures.concat()),
    ]);
    assert_eq!(text(&slides), format!("{BUOYS}\n{LIGHTS}\n"));

    let drawings = list(&pictures.map(|picture| blip_entry(Ok(&picture))));
    let (first, rest) = drawings.split_at(100);
    let mut book = Vec::new();
    for (kind, data) in [
        (0x0809_u16, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..]),
        (0x00EB, first),
        (0x003C, rest),
        (0x000A, &[]),
    ] {
        book.extend([kind.to_le_bytes(), (data.len() as u16).to_le_bytes()].concat());
        book.extend(data);
    }
    assert_eq!(text(&compound_file(&[("/Workbook".to_owned(), book)])), format!("{BUOYS}\n{LIGHTS}\n"));
}

/// However many places name it or a part of it, a picture is read once.
#[test]
fn pictures_that_many_places_name_are_read_once() {
    let one = inline_drawing(&blip(&picture(BUOYS), false));
    let mut made = Made::with_pictures(b"See ", b" here.\r", &vec![one.clone(); 20]);
    for (_, properties) in &mut made.characters[1..21] {
        *properties = pictured(64);
    }
    assert_eq!(text(&made.file()).matches(BUOYS).count(), 1);
    // A list that names it again and again.
    let mut made = Made::word_97(vec![(Units::Bytes, b"Text.\r".to_vec())]);
    made.behind_text = blip(&picture(BUOYS), false);
    made.drawings = office_record(0xF, 0xF000, &blip_entry(Err(0x800 + 6)).repeat(1000));
    let file = made.file();
    let most = file.len() / made.behind_text.len();
    let times = text(&file).matches(BUOYS).count();
    assert!((1..=most).contains(&times), "{times} of {most}");
}

#[test]
fn a_picture_that_unfolds_without_end_is_left() {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), 24 << 20), &mut encoder).unwrap();
    let mut bomb = vec![7; 16];
    bomb.extend((24_u32 << 20).to_le_bytes());
    bomb.extend([0; 28]);
    bomb.extend([0, 0xFE]);
    bomb.extend(encoder.finish().unwrap());
    let bomb = inline_drawing(&office_record(0x3D40, 0xF01A, &bomb));
    let document = document(&Made::with_pictures(b"See ", b" here.\r", &[bomb]).file());
    assert_eq!(document.text.unwrap(), "See  here.\n");
    assert!(
        document.diagnostics.iter().any(|found| found.kind == DiagnosticKind::Limit),
        "{:?}",
        document.diagnostics
    );
}

#[test]
fn damaged_pictures_are_survived() {
    let cut = {
        let mut metafile = zlib(&picture(BUOYS));
        metafile.truncate(metafile.len() - 30);
        metafile
    };
    let mut data = vec![7; 50];
    data[16..20].copy_from_slice(&(picture(BUOYS).len() as u32).to_le_bytes());
    data[48..].copy_from_slice(&[0, 0xFE]);
    let cut = inline_drawing(&office_record(0x2160, 0xF01B, &[data, cut].concat()));
    let document = document(&Made::with_pictures(b"See ", b" here.\r", &[cut]).file());
    assert!(!document.diagnostics.is_empty(), "nothing is said of the picture that is cut");
    let whole = [
        inline_drawing(&blip(&picture(BUOYS), true)),
        inline_picture(8, &picture(LIGHTS)),
        inline_drawing(&blip(&enhanced(LIGHTS), false)),
    ];
    let mut made = Made::with_pictures(b"See ", b" here.\r", &whole);
    made.drawings = office_record(0xF, 0xF000, &blip_entry(Err(0x800)));
    let file = made.file();
    for seed in 0..1000 {
        let _ = recover(&mutations::damaged(&file, seed), &RecoverOptions::new());
    }
}
