//! Workbooks that a small writer makes, from texts of our own.

use super::*;
use crate::Limits;
use crate::document::{Declared, Declarer};
use crate::encoding::Encoding;

/// A stream of records.
#[derive(Default)]
struct Stream(Vec<u8>);

impl Stream {
    fn record(mut self, number: u16, data: &[&[u8]]) -> Self {
        let data = data.concat();
        self.0.extend(number.to_le_bytes());
        self.0.extend((data.len() as u16).to_le_bytes());
        self.0.extend(data);
        self
    }

    fn begin(self, version: u16, kind: u16) -> Self {
        self.record(0x0809, &[&version.to_le_bytes(), &kind.to_le_bytes(), &[0; 4]])
    }

    fn end(self) -> Self {
        self.record(0x000A, &[])
    }
}

fn place(row: u16, column: u16, format: u16) -> Vec<u8> {
    [row, column, format].into_iter().flat_map(u16::to_le_bytes).collect()
}

/// A string with 16-bit length and flags, two bytes a unit.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = (units.len() as u16).to_le_bytes().to_vec();
    bytes.push(1);
    bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
    bytes
}

fn read(bytes: &[u8]) -> Content {
    let limits = Limits::new();
    read_stream(bytes, &mut Budget::new(&limits, bytes.len()))
}

/// The text with each byte as the character of its number.
fn shown(content: &Content) -> String {
    let text = |run: &Run| match &run.text {
        RunText::Unicode(text) => text.clone(),
        RunText::Bytes { bytes, .. } => bytes.iter().copied().map(char::from).collect(),
    };
    content.runs.to_vec().iter().map(text).collect()
}

fn cells(content: &Content) -> Vec<(u32, u32, u32)> {
    let cells = content.runs.to_vec().into_iter().filter_map(|run| run.cell);
    cells.map(|cell| (cell.sheet, cell.row, cell.column)).collect()
}

#[test]
fn strings_go_on_in_other_records_with_another_width() {
    let [head, tail] = ["年度报告", "目录"].map(wide);
    let rich = [&[3, 0, 0x0C, 1, 0, 4, 0, 0, 0][..], b"abc", &[9; 4], &[9; 4]].concat();
    let stream = Stream::default()
        .begin(0x0600, 5)
        .record(0x00FC, &[&4_u32.to_le_bytes(), &4_u32.to_le_bytes(), &rich, &[6, 0, 0], b"one"])
        .record(0x003C, &[&[1], b"t\0w\0o\0", &head[..7]])
        .record(0x003C, &[&[1], &head[7..], &tail])
        .end()
        .begin(0x0600, 0x10)
        .record(0x00FD, &[&place(0, 0, 0), &3_u32.to_le_bytes()])
        .record(0x00FD, &[&place(0, 2, 0), &1_u32.to_le_bytes()])
        .record(0x00FD, &[&place(4, 1, 0), &0_u32.to_le_bytes()])
        .record(0x00FD, &[&place(4, 2, 0), &2_u32.to_le_bytes()])
        .end();
    let content = read(&stream.0);
    assert_eq!(shown(&content), "目录\t\tonetwo\n\tabc\t年度报告\n");
    assert_eq!(cells(&content), [(1, 1, 1), (1, 1, 3), (1, 5, 2), (1, 5, 3)]);
    assert!(content.problems.is_empty());
}

#[test]
fn sheets_have_their_names_and_cells_of_every_kind() {
    let globals = |sheet: u32| {
        Stream::default()
            .begin(0x0600, 5)
            .record(0x041E, &[&164_u16.to_le_bytes(), &[10, 0, 0], b"yyyy-mm-dd"])
            .record(0x00E0, &[&place(0, 0, 0)])
            .record(0x00E0, &[&place(0, 164, 0)])
            .record(0x0085, &[&sheet.to_le_bytes(), &[0, 0, 4, 0], b"Data"])
            .end()
    };
    let text_result = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
    let stream = globals(globals(0).0.len() as u32)
        .begin(0x0600, 0x10)
        .record(0x0014, &[&wide("&L&\"宋体,Bold\"&12机密&C&P && more")])
        .record(0x0203, &[&place(0, 0, 1), &36_526.0_f64.to_le_bytes()])
        .record(0x00BD, &[&place(0, 1, 0), &[6, 0, 0, 0, 0, 0, 11, 0, 0, 0, 2, 0]])
        .record(0x0205, &[&place(0, 4, 0), &[1, 0]])
        .record(0x0205, &[&place(0, 5, 0), &[7, 1]])
        .record(0x0006, &[&place(1, 0, 0), &text_result, &[0; 8]])
        .record(0x0207, &[&wide("合计")])
        .record(0x0006, &[&place(1, 1, 0), &1.5_f64.to_le_bytes(), &[0; 8]])
        .record(0x005D, &[&[0x15, 0, 0x12, 0, 0x19, 0, 7, 0]])
        .record(0x01B6, &[&[0; 10], &2_u16.to_le_bytes(), &[0; 6]])
        .record(0x003C, &[&[1], &wide("旁注")[3..]])
        .record(0x003C, &[&[0; 8]])
        .record(0x001C, &[&place(1, 1, 0), &7_u16.to_le_bytes(), &[0; 3]])
        .end();
    let content = read(&stream.0);
    let body = "Data\n2000-01-01\t1\t0.02\t\tTRUE\t#DIV/0!\n合计\t1.5\n";
    assert_eq!(shown(&content), format!("{body}机密\t & more\n旁注\n"));
    let zones: Vec<_> = content.runs.to_vec().iter().rev().step_by(2).take(2).map(|run| run.zone).collect();
    assert_eq!(zones, [Zone::Comment, Zone::Header]);
}

#[test]
fn a_font_says_more_than_the_page_of_the_workbook() {
    let font = |charset: u8| [&[0; 12][..], &[charset, 0, 1, b'F']].concat();
    let label = |row: u16, format: u16| [&place(row, 0, format)[..], &[2, 0, 0xC4, 0xE3]].concat();
    let stream = Stream::default()
        .begin(0x0500, 5)
        .record(0x0042, &[&1252_u16.to_le_bytes()])
        .record(0x0031, &[&font(0)])
        .record(0x0031, &[&font(134)])
        .record(0x00E0, &[&place(0, 0, 0)])
        .record(0x00E0, &[&place(1, 0, 0)])
        .end()
        .begin(0x0500, 0x10)
        .record(0x0204, &[&label(0, 0)])
        .record(0x0204, &[&label(1, 1)])
        .end();
    let content = read(&stream.0);
    let declared: Vec<_> = content
        .runs
        .to_vec()
        .iter()
        .filter_map(|run| match run.text {
            RunText::Bytes { declared, .. } => Some(declared),
            RunText::Unicode(_) => None,
        })
        .collect();
    let said = |by, name| Declared::new(by, Encoding::for_name(name));
    assert_eq!(declared, [said(Declarer::Document, "windows-1252"), said(Declarer::Font, "gb18030")]);
}

#[test]
fn a_flat_file_tells_where_its_strings_stand() {
    let stream = Stream::default()
        .record(0x0009, &[&[2, 0, 0x10, 0]])
        .record(0x0004, &[&[1, 0, 2, 0, 0, 0, 0], &[3], b"a\x80b"])
        .record(0x0002, &[&[1, 0, 3, 0, 0, 0, 0], &9_u16.to_le_bytes()])
        .end();
    assert!(is_biff(&stream.0));
    let limits = Limits::new();
    let content = read_flat(&stream.0, &mut Budget::new(&limits, stream.0.len()));
    assert_eq!(shown(&content), "\t\ta\u{80}b\t9\n");
    let offset = content.runs.to_vec()[1].offset.unwrap() as usize;
    assert_eq!(&stream.0[offset..offset + 3], b"a\x80b");
}

#[test]
fn sheets_in_a_workspace_of_excel_4_have_their_names() {
    let sheet = |name: &[u8], text: &[u8]| {
        let label = [&place(0, 0, 0)[..], &[text.len() as u8, 0], text].concat();
        Stream::default()
            .record(0x008F, &[&[0; 4], &[name.len() as u8], name])
            .record(0x0409, &[&[0, 0, 0x10, 0, 0, 0]])
            .record(0x0204, &[&label])
            .end()
            .0
    };
    let mut stream = Stream::default().record(0x0409, &[&[0, 0, 0, 1, 0, 0]]);
    stream.0.extend([sheet(b"A", b"one"), sheet(b"B", b"two")].concat());
    let content = read(&stream.end().0);
    assert_eq!(shown(&content), "A\none\nB\ntwo\n");
}

#[test]
fn an_encrypted_workbook_is_said_to_be_one() {
    let stream = Stream::default().begin(0x0600, 5).record(0x002F, &[&[0; 6]]).record(0x00FC, &[&[0xEE; 20]]);
    let content = read(&stream.0);
    assert!(matches!(content.problems[..], [Problem::Unsupported { .. }]));
}

#[test]
fn a_cut_workbook_gives_what_is_there() {
    let stream = Stream::default()
        .begin(0x0600, 5)
        .record(0x00FC, &[&1_u32.to_le_bytes(), &1_u32.to_le_bytes(), &wide("甲")])
        .end()
        .begin(0x0600, 0x10)
        .record(0x0204, &[&place(0, 0, 0), &wide("乙")])
        .record(0x00FD, &[&place(0, 1, 0), &[0; 4]]);
    for end in 0..stream.0.len() {
        read(&stream.0[..end]);
    }
    let cut = read(&stream.0[..stream.0.len() - 1]);
    assert_eq!(shown(&cut), "乙\n");
    assert!(matches!(cut.problems[..], [Problem::Damaged { .. }]));
}

#[test]
fn a_string_that_is_pointed_at_too_often_stops_at_a_limit() {
    let long = "長".repeat(4000);
    let mut stream = Stream::default()
        .begin(0x0600, 5)
        .record(0x00FC, &[&1_u32.to_le_bytes(), &1_u32.to_le_bytes(), &wide(&long)])
        .end()
        .begin(0x0600, 0x10);
    for row in 0..2000 {
        stream = stream.record(0x00FD, &[&place(row, 0, 0), &[0; 4]]);
    }
    let content = read(&stream.0);
    assert!(matches!(content.problems[..], [Problem::Limit { .. }]));
    assert!(shown(&content).len() < 11_000_000);
}

#[test]
fn cells_come_in_any_order_and_the_later_of_two_counts() {
    let bytes = |text: &[u8]| {
        let text = RunText::Bytes { bytes: text.to_vec(), declared: Declared::NOTHING };
        Value::Text(Text { offset: None, text })
    };
    let shared = [Text::unicode("oak"), Text::unicode("elm")];
    let written = |cells: Vec<(u32, u32, Value)>| {
        let limits = Limits::new();
        let budget = Budget::new(&limits, 1000);
        let mut sheet = Sheet::named(None);
        cells.into_iter().for_each(|(row, column, value)| sheet.cell(row, column, value));
        let mut writer = Writer::new(1000, &budget);
        writer.sheet(sheet, &shared);
        shown(&writer.finish())
    };
    let in_order = vec![
        (0, 0, bytes(b"old")),
        (0, 0, bytes(b"new")),
        (0, 2, Value::Shared(1)),
        (1, 0, Value::Shared(0)),
        (1, 0, bytes(b"fir")),
        (3, 1, Value::Shared(0)),
        (3, 1, Value::Shared(1)),
    ];
    assert_eq!(written(in_order), "new\t\telm\nfir\n\telm\n");
    let mixed = vec![
        (3, 1, Value::Shared(0)),
        (0, 2, Value::Shared(1)),
        (0, 0, bytes(b"old")),
        (1, 0, Value::Shared(0)),
        (3, 1, Value::Shared(1)),
        (0, 0, bytes(b"new")),
        (1, 0, bytes(b"fir")),
    ];
    assert_eq!(written(mixed), "new\t\telm\nfir\n\telm\n");
}
