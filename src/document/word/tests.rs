use super::made::{Formatted, Made, Units, utf_16};
use crate::container::Problem;
use crate::document::{self, Content, Declarer, Format, Run, RunText, Zone};
use crate::encoding::Encoding;
use crate::little_endian::u32_at;

fn read(file: &[u8]) -> Content {
    let limits = crate::Limits::default();
    let mut budget = crate::container::Budget::new(&limits, file.len());
    document::read(document::sniff(file).unwrap(), file, &mut budget)
}

/// The text of each zone, bytes read as what is said of them.
fn texts(content: &Content) -> Vec<(Zone, String)> {
    let mut texts: Vec<(Zone, String)> = Vec::new();
    for Run { zone, text, .. } in &content.runs.to_vec() {
        let text = match text {
            RunText::Unicode(text) => text.clone(),
            RunText::Bytes { bytes, declared } => declared.encoding.unwrap().decode_lossy(bytes).0,
        };
        match texts.last_mut() {
            Some((last, before)) if last == zone => before.push_str(&text),
            _ => texts.push((*zone, text)),
        }
    }
    texts
}

fn text(content: &Content) -> String {
    texts(content).into_iter().map(|(_, text)| text).collect()
}

fn encoded(encoding: &str, text: &str) -> Vec<u8> {
    Encoding::for_name(encoding).unwrap().encode(text).unwrap()
}

/// What is said of each run of bytes.
fn declared(content: &Content) -> Vec<(Declarer, &'static str)> {
    let of_run = |run: &Run| match &run.text {
        RunText::Bytes { declared, .. } => Some((declared.by, declared.encoding.map_or("", Encoding::label))),
        RunText::Unicode(_) => None,
    };
    content.runs.to_vec().iter().filter_map(of_run).collect()
}

/// A text of some length, and in it what must not be lost.
const LETTER: &str = "Sehr geehrte Nachbarn,\rdas Fest am Brunnen fällt aus.\rEs grüßt der Verein\r";
const LETTER_LINES: &str = "Sehr geehrte Nachbarn,\ndas Fest am Brunnen fällt aus.\nEs grüßt der Verein\n";

#[test]
fn pieces_are_put_together_in_the_order_of_their_table() {
    let pieces = vec![
        (Units::Bytes, encoded("windows-1252", "Die Kähne \u{2013} ")),
        (Units::Utf16, utf_16("лодки, 船")),
        (Units::Bytes, encoded("windows-1252", " \u{20AC} ")),
        (Units::Utf16, utf_16("𠮷\r")),
    ];
    let file = Made::word_97(pieces).file();
    let content = read(&file);
    assert_eq!(content.format, Some(Format::Word));
    assert_eq!(texts(&content), [(Zone::Body, "Die Kähne \u{2013} лодки, 船 \u{20AC} 𠮷\n".to_owned())]);
    assert_eq!(declared(&content), [(Declarer::Specification, "windows-1252"); 2]);
    assert!(content.problems.is_empty());
    for Run { offset, text, .. } in &content.runs.to_vec() {
        let bytes = match text {
            RunText::Bytes { bytes, .. } => bytes.clone(),
            RunText::Unicode(text) => utf_16(&text.replace('\n', "\r")),
        };
        assert!(file[offset.unwrap() as usize..].starts_with(&bytes), "{text:?}");
    }
}

#[test]
fn every_part_has_its_zone() {
    let headers = [
        "\r",
        "\r",
        "\r",
        "\r",
        "\r",
        "\r",
        "even header\r\r",
        "odd header\r\r",
        "even footer\r\r",
        "",
        "",
        "first footer\r\r",
    ];
    let parts = [
        "The body\u{2}\r".to_owned(),
        "\u{2} a footnote\r\u{2}\tanother\r".to_owned(),
        headers.concat() + "\r",
        String::new(),
        "\u{5} a comment\r".to_owned(),
        "\u{2} an endnote\r".to_owned(),
        "a box\r\rsecond box\r\r".to_owned(),
        "a box of the header\r\r".to_owned(),
    ];
    let mut made = Made::word_97(vec![(Units::Utf16, utf_16(&(parts.concat() + "\r")))]);
    made.lengths = parts.each_ref().map(|part| part.len() as u32);
    let ends = headers.iter().scan(0, |at, header| {
        *at += header.len() as u32;
        Some(*at)
    });
    made.header_stories = [0].into_iter().chain(ends).collect();
    made.header_stories.push(made.lengths[2]);
    let expected = [
        (Zone::Body, "The body\n\n"),
        (Zone::Footnote, "a footnote\nanother\n\n"),
        (Zone::Header, "even header\nodd header\n\n"),
        (Zone::Footer, "even footer\nfirst footer\n\n"),
        (Zone::Comment, "a comment\n\n"),
        (Zone::Endnote, "an endnote\n\n"),
        (Zone::TextBox, "a box\n\nsecond box\na box of the header\n"),
    ];
    assert_eq!(texts(&read(&made.file())), expected.map(|(zone, text)| (zone, text.to_owned())));
}

#[test]
fn of_fields_the_result_is_shown() {
    let body = |text: &str| {
        let bytes = Made::word_97(vec![(Units::Bytes, text.as_bytes().to_vec())]).file();
        let wide = Made::word_97(vec![(Units::Utf16, utf_16(text))]).file();
        let shown = self::text(&read(&bytes));
        assert_eq!(shown, self::text(&read(&wide)));
        shown
    };
    assert_eq!(body("see \u{13} HYPERLINK \"x\" \u{1}\u{14}the page\u{15}.\r"), "see the page.\n");
    assert_eq!(
        body("a\u{13} IF \u{13} PAGE \u{14}1\u{15} = 1 \u{14}b\u{13} DATE \u{14}c\u{15}\u{15}d"),
        "abcd"
    );
    assert_eq!(body("a\u{13} no result \u{15}b"), "ab");
    assert_eq!(body("a\u{15}b\u{14}c\u{13}d"), "abcd");
}

#[test]
fn special_characters_are_what_they_show() {
    let text = "a\u{B}b\u{C}c\u{E}d\u{1E}e\u{1F}f\u{1}\u{8}\u{5}g\th\r";
    let made = Made::word_97(vec![(Units::Bytes, text.as_bytes().to_vec())]);
    assert_eq!(self::text(&read(&made.file())), "a\nb\nc\nd-efg\th\n");
}

/// A table of two rows of two cells between two paragraphs, and the properties of its paragraphs.
fn table(units: Units, properties: [&[u8]; 2]) -> (Vec<u8>, Vec<Formatted>) {
    let text = "before\rname\u{7}Ivo\u{7}\u{7}\u{7}no name\u{7}\u{7}after\r";
    let unit = if units == Units::Bytes { 1 } else { 2 };
    let [cell, row] = properties;
    let marks = [7, 12, 16, 17, 18, 26, 27, 33];
    let kinds = [&[][..], cell, cell, row, cell, cell, row, &[]];
    let starts = [0].into_iter().chain(marks);
    let ranges = starts.zip(marks).map(|(start, end)| start * unit..end * unit);
    let bytes = if unit == 1 { text.as_bytes().to_vec() } else { utf_16(text) };
    (bytes, ranges.zip(kinds.map(<[u8]>::to_vec)).collect())
}

const TABLE: &str = "before\nname\tIvo\n\tno name\nafter\n";

#[test]
fn rows_are_lines_and_cells_are_apart_by_tabs() {
    let of_97: [&[u8]; 2] = [&[0x16, 0x24, 1], &[0x16, 0x24, 1, 0x17, 0x24, 1]];
    for units in [Units::Bytes, Units::Utf16] {
        let (bytes, paragraphs) = table(units, of_97);
        let made = Made { paragraphs, ..Made::word_97(vec![(units, bytes)]) };
        assert_eq!(text(&read(&made.file())), TABLE, "{units:?}");
    }
    let (bytes, paragraphs) = table(Units::Bytes, [&[24, 1], &[24, 1, 25, 1]]);
    let made = Made { paragraphs, ..Made::word_95(&bytes) };
    assert_eq!(text(&read(&made.file())), TABLE);
}

#[test]
fn fonts_say_what_their_text_is_in() {
    let (latin, cyrillic) = (b"Latin \x95 ".to_vec(), encoded("windows-1251", "Лодка"));
    let symbol = b" \xB7 a";
    let bytes = [&latin[..], &cyrillic, symbol].concat();
    let (first, second) = (latin.len(), latin.len() + cyrillic.len());
    let mut made = Made::word_95(&bytes);
    made.fonts = vec![(0, "Arial"), (204, "Arial Cyr"), (2, "Symbol"), (134, "SimSun")];
    made.runs = vec![(0..first, 0), (first..second, 1), (second..bytes.len(), 2)];
    let content = read(&made.file());
    assert_eq!(text(&content), "Latin \u{2022} Лодка \u{2022} α");
    assert_eq!(declared(&content), [(Declarer::Font, "windows-1252"), (Declarer::Font, "windows-1251")]);
    // Of what has no font of its own, the fonts of the document say most.
    made.runs.clear();
    assert_eq!(declared(&read(&made.file())), [(Declarer::Document, "windows-1251")]);
    made.fonts.clear();
    made.language = 0x0411;
    assert_eq!(declared(&read(&made.file())), [(Declarer::Document, "shift_jis")]);
    made.charset = 256;
    assert_eq!(declared(&read(&made.file())), [(Declarer::Document, "macintosh")]);
}

#[test]
fn a_double_byte_character_may_stand_in_two_pieces_and_two_fonts() {
    let truth = "山に船";
    let bytes = encoded("shift_jis", truth);
    let pieces = [&bytes[..1], &bytes[1..3], &bytes[3..]].map(|piece| (Units::Bytes, piece.to_vec()));
    let mut made = Made { flags: 4, magic: 0xA5DC, version: 104, ..Made::word_97(pieces.to_vec()) };
    made.fonts = vec![(128, "Mincho"), (128, "Gothic")];
    made.runs = vec![(0..2, 0), (2..6, 1)];
    let content = read(&made.file());
    let of_run = |run: &Run| match &run.text {
        RunText::Bytes { bytes, .. } => bytes.clone(),
        RunText::Unicode(_) => panic!("{run:?}"),
    };
    assert_eq!(content.runs.to_vec().iter().flat_map(of_run).collect::<Vec<u8>>(), bytes);
    assert!(declared(&content).iter().all(|said| *said == (Declarer::Font, "shift_jis")));
}

#[test]
fn word_95_of_east_asia_keeps_the_codes_of_its_encoding() {
    for (name, language, truth) in [
        ("gbk", 0x0804, "桥下有三条船 (3)。"),
        ("big5", 0x0404, "橋下有三條船。"),
        ("shift_jis", 0x0411, "橋の下に船ﾌﾈが"),
    ] {
        let code = |character: char| match encoded(name, &character.to_string())[..] {
            [lead, trail] => u16::from_be_bytes([lead, trail]),
            [byte] => u16::from(byte),
            _ => unreachable!(),
        };
        let codes: Vec<u16> = truth.chars().chain(['\r']).map(code).collect();
        let made = Made { language, ..Made::word_95_east_asia(&codes) };
        let content = read(&made.file());
        assert_eq!(text(&content), format!("{truth}\n"));
        assert_eq!(content.runs.to_vec().len(), 1);
    }
}

#[test]
fn word_2_is_a_flat_file() {
    let made = Made { language: 0x0419, ..Made::word_2(&encoded("windows-1251", "Мост\r")) };
    let content = read(&made.file());
    assert_eq!((content.format, text(&content)), (Some(Format::Word), "Мост\n".to_owned()));
    let pieces = [b"one, ", b"two, ", b"three"].map(|piece| (Units::Bytes, piece.to_vec()));
    let made = Made { flags: 4, magic: 0xA5DB, version: 45, ..Made::word_97(pieces.to_vec()) };
    assert_eq!(text(&read(&made.file())), "one, two, three");
}

#[test]
fn an_encrypted_document_is_said_to_be_one() {
    let mut made = Made::word_97(vec![(Units::Utf16, utf_16(LETTER))]);
    made.flags |= 0x0100;
    let content = read(&made.file());
    assert!(content.runs.is_empty());
    assert_eq!(content.problems, [Problem::Unsupported { what: "an encrypted document".to_owned() }]);
}

#[test]
fn another_compound_file_is_no_document() {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Contents").unwrap();
    let content = read(&file.into_inner().into_inner());
    assert_eq!((content.format, content.runs.to_vec().len()), (None, 0));
}

fn sector(file: &[u8], at: usize) -> usize {
    512 * (1 + u32_at(file, at).unwrap() as usize)
}

/// Documents of all kinds with the same text.
fn letters() -> Vec<Made> {
    let in_bytes = encoded("windows-1252", LETTER);
    let mixed =
        [(Units::Bytes, encoded("windows-1252", &LETTER[..30])), (Units::Utf16, utf_16(&LETTER[30..]))];
    vec![
        Made::word_97(vec![(Units::Utf16, utf_16(LETTER))]),
        Made::word_97(vec![(Units::Bytes, in_bytes.clone())]),
        Made::word_97(mixed.to_vec()),
        Made::word_95(&in_bytes),
        Made { flags: 4, ..Made::word_95(&in_bytes) },
    ]
}

#[test]
fn damaged_files_give_their_text_and_say_that_they_are_damaged() {
    for made in letters() {
        let whole = made.file();
        let (table, directory) = (sector(&whole, 0x4C), sector(&whole, 0x30));
        let wiped = |range: std::ops::Range<usize>| {
            let mut file = whole.clone();
            file[range].fill(0);
            file
        };
        for file in [wiped(table..table + 512), wiped(directory..directory + 512), wiped(0..512)] {
            let content = read(&file);
            assert_eq!(text(&content), LETTER_LINES);
            assert!(content.problems.iter().any(|problem| matches!(problem, Problem::Damaged { .. })));
        }
        assert_eq!(text(&read(&wiped(0..8))), LETTER_LINES, "the magic number alone");
    }
}

#[test]
fn a_file_that_is_cut_behind_its_text_gives_all_of_it() {
    for made in letters() {
        let whole = made.file();
        let bytes = &made.pieces.last().unwrap().1;
        let end = whole.windows(bytes.len()).position(|window| window == bytes).unwrap() + bytes.len();
        // The table of pieces of two kinds is behind the text.
        if made.pieces.len() == 1 {
            let content = read(&whole[..end]);
            assert_eq!(text(&content), LETTER_LINES);
            assert!(!content.problems.is_empty());
            let half = read(&whole[..end - bytes.len() / 2]);
            assert!(LETTER_LINES.starts_with(text(&half).trim_end_matches(['\n', '\u{FFFD}'])));
            assert!(text(&half).len() > LETTER_LINES.len() / 3);
        }
    }
}

#[test]
fn sectors_of_something_else_in_the_text_are_passed_over() {
    let (letter, lines) = (LETTER.repeat(20), LETTER_LINES.repeat(20));
    let places = (0..128_u32).flat_map(|number| (0x713E + number).to_le_bytes());
    let places: Vec<u8> = places.collect();
    for (units, bytes) in [(Units::Bytes, encoded("windows-1252", &letter)), (Units::Utf16, utf_16(&letter))]
    {
        // Without the compound file around it, there are no tables.
        let (mut stream, _) = Made::word_97(vec![(units, bytes)]).document();
        assert_eq!(text(&read(&stream)), lines);
        let at = 0x800 + 512;
        stream.splice(at..at, places.iter().copied());
        let content = read(&stream);
        assert_eq!(text(&content), lines);
    }
}

#[test]
fn a_text_without_tables_may_end_anywhere() {
    let lines = "Six boats were let down.\r".repeat(40);
    for end in [600, 601] {
        for (units, bytes) in
            [(Units::Bytes, lines.as_bytes()[..end].to_vec()), (Units::Utf16, utf_16(&lines[..end]))]
        {
            let (stream, _) = Made::word_97(vec![(units, bytes)]).document();
            assert_eq!(text(&read(&stream)), lines[..end].replace('\r', "\n"), "{units:?} {end}");
        }
    }
}

#[test]
fn a_table_of_pieces_that_repeats_the_text_does_not_multiply_it() {
    let mut made = Made::word_97(vec![(Units::Utf16, utf_16(LETTER))]);
    let (stream, _) = made.document();
    let count = 2000;
    made.pieces = vec![(Units::Utf16, Vec::new()); count];
    // All pieces have the length of the whole stream and begin with it.
    let length = stream.len() as u32 / 2;
    let mut plc: Vec<u8> = (0..=count as u32).flat_map(|number| (number * length).to_le_bytes()).collect();
    plc.resize(plc.len() + 8 * count, 0);
    let table = [&[2][..], &(plc.len() as u32).to_le_bytes(), &plc].concat();
    let mut stream = stream;
    stream[0x4C..0x50].copy_from_slice(&(count as u32 * length).to_le_bytes());
    stream[0x1A2..0x1A6].fill(0);
    stream[0x1A6..0x1AA].copy_from_slice(&(table.len() as u32).to_le_bytes());
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, std::io::Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in [("/WordDocument", &stream), ("/1Table", &table)] {
        std::io::Write::write_all(&mut file.create_stream(path).unwrap(), bytes).unwrap();
    }
    let content = read(&file.into_inner().into_inner());
    assert!(text(&content).chars().count() <= stream.len());
    assert!(!content.problems.is_empty());
}
