//! Text in Windows metafiles: which encoding it is in, and where it stands.
#![cfg(feature = "container")]

#[path = "../../fuzz/properties.rs"]
mod properties;

mod mutations;
mod writer;

use fixenc::encoding::Encoding;
use fixenc::recover::{RecoverOptions, recover};
use fixenc::report::{DiagnosticKind, Document};
use writer::{Draw, DrawEnhanced, Text};

fn read(file: &[u8]) -> Document {
    let mut report = recover(file, &RecoverOptions::new().record(true)).unwrap();
    assert_eq!(report.documents.len(), 1);
    report.documents.remove(0)
}

fn text_of(file: &[u8]) -> String {
    read(file).text.unwrap()
}

/// Charset, encoding, lines.
const PAGES: [(u8, &str, [&str; 4]); 6] = [
    (
        134,
        "gbk",
        [
            "青枫镇图书馆开放时间",
            "周一至周五上午八点半到下午五点",
            "借阅证在一楼服务台办理，当天可取",
            "电话咨询请在工作时间拨打",
        ],
    ),
    (
        136,
        "big5",
        [
            "青楓鎮圖書館開放時間",
            "週一至週五上午八點半到下午五點",
            "借閱證在一樓服務臺辦理，當天可取",
            "電話諮詢請在工作時間撥打",
        ],
    ),
    (
        128,
        "shift_jis",
        [
            "市民図書館からのお知らせ",
            "月曜日から金曜日は午前九時に開きます",
            "貸し出しカードは一階の窓口で作れます",
            "ソフトの予約表は電話でも受け付けます",
        ],
    ),
    (
        129,
        "euc-kr",
        [
            "시립 도서관에서 알려 드립니다",
            "월요일부터 금요일까지 아침 아홉 시에 엽니다",
            "대출증은 일 층 안내대에서 만들 수 있습니다",
            "전화로도 예약을 받습니다",
        ],
    ),
    (
        204,
        "windows-1251",
        [
            "Городская библиотека сообщает",
            "С понедельника по пятницу открыто с девяти утра",
            "Читательский билет выдают на первом этаже",
            "Книги можно заказать по телефону",
        ],
    ),
    (
        238,
        "windows-1250",
        [
            "Miejska biblioteka ogłasza",
            "Od poniedziałku do piątku czynne od dziewiątej",
            "Kartę czytelnika wydaje się na parterze, łącznie ze zniżką",
            "Książki można zamówić również przez telefon",
        ],
    ),
];

fn page(charset: u8, encoding: &str, lines: &[&str]) -> Vec<Text> {
    let encoding = Encoding::from_label(encoding).unwrap();
    let place = |(nth, line): (usize, &&str)| {
        Text::new(40, 60 + 30 * nth as i16, charset, &encoding.encode(line).unwrap())
    };
    lines.iter().enumerate().map(place).collect()
}

#[test]
fn texts_are_read_by_the_charset_of_their_font_and_against_it() {
    for (charset, encoding, lines) in PAGES {
        let truth = lines.map(|line| format!("{line}\n")).concat();
        for said in [charset, 0, 1] {
            let page = page(said, encoding, &lines);
            let wmf = writer::wmf(&page, Draw::ExtTextOut);
            let files = [
                ("text out", writer::wmf(&page, Draw::TextOut)),
                ("clipped", writer::wmf(&page, Draw::Clipped)),
                ("placeable", writer::placeable(&wmf)),
                ("plain", wmf),
                ("emf", writer::emf(&page, DrawEnhanced::ExtTextOutA)),
                ("emf poly", writer::emf(&page, DrawEnhanced::PolyTextOutA)),
            ];
            for (kind, file) in files {
                let document = read(&file);
                assert_eq!(document.text.as_deref(), Some(&truth[..]), "{encoding}, charset {said}, {kind}");
                assert_eq!((document.format, &document.diagnostics[..]), (Some("metafile"), &[][..]));
                assert!(document.runs.iter().all(|run| run.zone == "picture"));
            }
        }
    }
}

#[test]
fn charsets_change_from_record_to_record() {
    let texts = PAGES.iter().enumerate().flat_map(|(nth, (charset, encoding, lines))| {
        let mut page = page(*charset, encoding, lines);
        page.iter_mut().for_each(|text| text.y += 150 * nth as i16);
        page
    });
    let texts: Vec<Text> = texts.collect();
    let truth: String =
        PAGES.iter().flat_map(|(_, _, lines)| lines.map(|line| format!("{line}\n"))).collect();
    let read = text_of(&writer::wmf(&texts, Draw::ExtTextOut));
    assert_eq!(read.replace("\n\n", "\n"), truth);
}

#[test]
fn unicode_stays() {
    for (charset, _, lines) in PAGES {
        let truth = lines.map(|line| format!("{line}\n")).concat();
        let texts = lines.iter().enumerate().map(|(nth, line)| {
            let bytes: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
            Text::new(40, 60 + 30 * nth as i16, charset, &bytes)
        });
        let texts: Vec<Text> = texts.collect();
        for draw in [DrawEnhanced::ExtTextOutW, DrawEnhanced::PolyTextOutW, DrawEnhanced::SmallTextOut] {
            let emf = writer::emf(&texts, draw);
            assert_eq!(text_of(&emf), truth);
            assert_eq!(text_of(&writer::wmf_around(&emf, 400)), truth);
        }
        assert_eq!(text_of(&writer::emf_plus(&texts)), truth);
    }
}

#[test]
fn characters_cut_between_records_and_texts_out_of_order_come_together() {
    let (charset, encoding, lines) = PAGES[0];
    let truth = lines.map(|line| format!("{line}\n")).concat();
    for most_bytes in [3, 5, 8] {
        let mut pieces: Vec<Text> =
            page(charset, encoding, &lines).into_iter().flat_map(|text| text.cut(most_bytes)).collect();
        pieces.reverse();
        let half = pieces.len() / 2;
        pieces.rotate_left(half);
        assert_eq!(text_of(&writer::wmf(&pieces, Draw::ExtTextOut)), truth, "{most_bytes}");
    }
}

#[test]
fn a_picture_without_text_is_empty_and_no_problem() {
    for file in [writer::wmf(&[], Draw::TextOut), writer::emf(&[], DrawEnhanced::ExtTextOutW)] {
        let document = read(&file);
        assert_eq!(document.text.as_deref(), Some(""));
        assert!(document.diagnostics.is_empty());
    }
}

#[test]
fn a_text_that_is_drawn_twice_to_make_it_bold_is_there_once() {
    let mut texts = page(134, "gbk", &PAGES[0].2);
    let mut again = page(134, "gbk", &PAGES[0].2);
    again.iter_mut().for_each(|text| text.x += 1);
    texts.append(&mut again);
    let truth = PAGES[0].2.map(|line| format!("{line}\n")).concat();
    assert_eq!(text_of(&writer::wmf(&texts, Draw::TextOut)), truth);
}

#[test]
fn what_is_cut_gives_what_is_there() {
    let file = writer::wmf(&page(134, "gbk", &PAGES[0].2), Draw::ExtTextOut);
    let mut most = 0;
    for end in 32..file.len() {
        let document = read(&file[..end]);
        let length = document.text.unwrap_or_default().len();
        most = most.max(length);
        let is_damaged = document.diagnostics.iter().any(|it| it.kind == DiagnosticKind::Damaged);
        assert!(is_damaged || end + 6 > file.len(), "{end}");
    }
    assert_eq!(most, text_of(&file).len());
}

/// A cover of an annual report as Office keeps it: only in the preview of the first page, each text cut in odd places.
const COVER: [(i16, i16, i16, &str); 8] = [
    (120, 180, 16, "统一社会信用代码"),
    (400, 180, 16, "12330424470938167C"),
    (300, 420, 36, "事业单位法人年度报告书"),
    (480, 500, 24, "（2021年度）"),
    (260, 900, 20, "单位名称"),
    (440, 900, 20, "海盐县望虞镇农业技术服务中心"),
    (260, 980, 20, "法定代表人"),
    (440, 980, 20, "钟敏江"),
];

fn cover(charset: u8) -> Vec<Text> {
    cover_in([charset; 9])
}

/// The cover with a charset for each text.
fn cover_in(charsets: [u8; 9]) -> Vec<Text> {
    let gbk = Encoding::from_label("gbk").unwrap();
    let footer = (420, 1500, 20, "国家事业单位登记管理局制");
    let text = |((x, y, height, text), charset): ((i16, i16, i16, &str), u8)| {
        Text { height, ..Text::new(x, y, charset, &gbk.encode(text).unwrap()) }.cut(7)
    };
    let mut texts: Vec<Text> = COVER.into_iter().chain([footer]).zip(charsets).flat_map(text).collect();
    // The order of drawing is not that of reading.
    texts.rotate_left(11);
    texts
}

/// The fields of the cover, clean and without a repair.
fn assert_is_cover(document: &Document) {
    let record = document.record.as_ref().unwrap();
    let field = |name: &str| record.fields.get(name).map(|field| field.value.to_plain_string());
    let text = document.text.as_deref().unwrap();
    for (name, value) in [
        ("uscc", "12330424470938167C"),
        ("report_year", "2021"),
        ("org_name", "海盐县望虞镇农业技术服务中心"),
        ("legal_representative", "钟敏江"),
        ("issuing_body", "国家事业单位登记管理局"),
    ] {
        assert_eq!(field(name).as_deref(), Some(value), "{name} in {text:?}");
    }
    assert!(document.repairs.is_empty() && document.undecided.is_empty());
}

#[test]
fn a_cover_that_is_only_a_preview_is_read() {
    for charset in [134, 0, 1, 204] {
        let texts = cover(charset);
        assert_is_cover(&read(&writer::wmf(&texts, Draw::ExtTextOut)));
        assert_is_cover(&read(&writer::placeable(&writer::wmf(&texts, Draw::Clipped))));
        assert_is_cover(&read(&writer::emf(&texts, DrawEnhanced::ExtTextOutA)));
    }
}

/// What was filled in is in a Latin font, what was printed in a Chinese one.
#[test]
fn a_cover_in_several_charsets_is_read() {
    assert_is_cover(&read(&writer::wmf(
        &cover_in([134, 134, 134, 134, 134, 134, 134, 0, 134]),
        Draw::ExtTextOut,
    )));
    assert_is_cover(&read(&writer::wmf(
        &cover_in([134, 134, 134, 134, 134, 0, 134, 0, 134]),
        Draw::ExtTextOut,
    )));
    assert_is_cover(&read(&writer::wmf(&cover_in([0, 0, 0, 134, 0, 0, 0, 1, 0]), Draw::ExtTextOut)));
    assert_is_cover(&read(&writer::wmf(
        &cover_in([134, 0, 134, 134, 134, 134, 134, 0, 134]),
        Draw::ExtTextOut,
    )));
}

#[test]
fn a_cover_is_read_from_a_picture_in_an_rtf() {
    for (charset, kind) in [(134, "wmetafile8"), (0, "wmetafile8"), (0, "emfblip")] {
        let texts = cover(charset);
        let picture = match kind {
            "emfblip" => writer::emf(&texts, DrawEnhanced::ExtTextOutA),
            _ => writer::wmf(&texts, Draw::ExtTextOut),
        };
        let hex: String = picture.iter().map(|byte| format!("{byte:02x}")).collect();
        let lines = hex.as_bytes().chunks(128).map(|line| std::str::from_utf8(line).unwrap());
        let hex = lines.collect::<Vec<_>>().join("\r\n");
        let in_hex = format!(
            "{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}\\pard{{\\pict\\{kind}\\picw100\r\n{hex}}}\\par}}"
        );
        assert_is_cover(&read(in_hex.as_bytes()));
        let head = format!(
            "{{\\rtf1\\ansi\\pard{{\\*\\shppict{{\\pict{{\\*\\blipuid 00ff}}\\{kind}\\bin{} ",
            picture.len()
        );
        assert_is_cover(&read(&[head.as_bytes(), &picture, b"}}\\par}"].concat()));
    }
}

#[test]
fn damaged_pictures_keep_the_properties() {
    let texts = cover(134);
    let files = [
        writer::wmf(&texts, Draw::Clipped),
        writer::emf(&texts, DrawEnhanced::PolyTextOutA),
        writer::wmf_around(&writer::emf(&texts, DrawEnhanced::ExtTextOutA), 400),
        writer::emf_plus(&texts),
    ];
    for file in &files {
        for end in (0..file.len()).step_by(64) {
            properties::document(&file[..end]);
        }
        for seed in 0..200 {
            properties::document(&mutations::damaged(file, seed));
        }
    }
}

/// An EMF with one record of `count` texts, each of which is almost all of the record.
fn of_one_text_again_and_again(draw: DrawEnhanced, count: u32) -> Vec<u8> {
    let mut file = writer::emf(&[], draw);
    let (kind, unit) = if draw == DrawEnhanced::PolyTextOutW { (97, 2) } else { (96, 1) };
    let size = 40 + count * 40;
    let long = |values: &[u32]| values.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<u8>>();
    let mut record = long(&[kind, size + 4, 0, 0, 0, 0, 1, 0, 0, count]);
    for _ in 0..count {
        record.extend(long(&[0, 0, (size - 80) / unit, 80, 0, 0, 0, 0, 0, 0]));
    }
    record.extend([0; 4]);
    let end = file.len() - 20;
    file.splice(end..end, record);
    file
}

#[test]
fn the_same_text_pointed_at_again_and_again_stops_at_a_limit() {
    for draw in [DrawEnhanced::PolyTextOutA, DrawEnhanced::PolyTextOutW] {
        let file = of_one_text_again_and_again(draw, 100_000);
        let document = read(&file);
        assert!(document.text.unwrap().len() <= 4 * file.len());
        assert!(document.diagnostics.iter().any(|it| it.kind == DiagnosticKind::Limit));
    }
}

#[test]
fn a_picture_that_is_nearly_all_text_has_all_of_it() {
    let line = PAGES[0].2.concat().repeat(100);
    let bytes: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let texts = [Text::new(40, 60, 134, &bytes)];
    for file in [writer::emf_plus(&texts), writer::emf(&texts, DrawEnhanced::PolyTextOutW)] {
        let document = read(&file);
        assert_eq!(document.text.unwrap(), format!("{line}\n"));
        assert!(document.diagnostics.is_empty());
    }
}
