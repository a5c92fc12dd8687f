//! Text in Rich Text Format: which encoding it is in, and where it belongs.
#![cfg(feature = "container")]

#[path = "../metafile/mutations.rs"]
mod mutations;
#[path = "../../fuzz/properties.rs"]
mod properties;

use fixenc::encoding::Encoding;
use fixenc::recover::{RecoverOptions, recover};
use fixenc::report::{DiagnosticKind, Document, Report};

fn report(file: &[u8]) -> Report {
    recover(file, &RecoverOptions::new()).unwrap()
}

fn read(file: &[u8]) -> Document {
    report(file).documents.remove(0)
}

fn text_of(file: &str) -> String {
    let document = read(file.as_bytes());
    assert_eq!(document.format, Some("rtf"));
    document.text.unwrap()
}

/// The text of each zone, line ends trimmed.
fn zones(file: &[u8]) -> Vec<(&'static str, String)> {
    let document = read(file);
    let text = document.text.unwrap();
    let mut zones: Vec<(&str, String)> = Vec::new();
    for run in document.runs {
        let piece = &text[run.start..run.end];
        match zones.last_mut() {
            Some((zone, before)) if *zone == run.zone => before.push_str(piece),
            _ => zones.push((run.zone, piece.to_owned())),
        }
    }
    zones.iter_mut().for_each(|(_, text)| *text = text.trim_end().to_owned());
    zones
}

/// How a writer puts bytes above 7F, and those that RTF has a use for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Style {
    /// All in hex.
    Hex,
    /// The second byte of a character as it is where it is ASCII, escaped if it must be.
    HexAndAscii,
    /// As they are, with what RTF needs escaped.
    Raw,
    /// As they are, with nothing escaped.
    RawUnescaped,
    /// `\u` and a question mark.
    Unicode,
}

fn escaped(text: &str, encoding: Encoding, style: Style) -> Vec<u8> {
    if style == Style::Unicode {
        let unit = |unit: u16| match u8::try_from(unit) {
            Ok(ascii @ 0x20..0x7F) => char::from(ascii).to_string(),
            _ => format!("\\u{}?", unit.cast_signed()),
        };
        return text.encode_utf16().map(unit).collect::<String>().into_bytes();
    }
    let mut rtf = Vec::new();
    for character in text.chars() {
        let bytes = encoding.encode(&character.to_string()).unwrap();
        for (nth, byte) in bytes.iter().copied().enumerate() {
            let is_special = matches!(byte, b'\\' | b'{' | b'}');
            match style {
                Style::Hex if bytes.len() > 1 || !byte.is_ascii() => {
                    rtf.extend(format!("\\'{byte:02x}").bytes())
                }
                Style::HexAndAscii if !byte.is_ascii() => rtf.extend(format!("\\'{byte:02x}").bytes()),
                Style::RawUnescaped if nth > 0 => rtf.push(byte),
                _ if is_special => rtf.extend([b'\\', byte]),
                _ => rtf.push(byte),
            }
        }
    }
    rtf
}

struct Page {
    encoding: &'static str,
    code_page: u16,
    charset: u8,
    lines: [&'static str; 4],
}

/// The texts have characters whose second byte is one of `\`, `{`, `}` and letters.
const PAGES: [Page; 6] = [
    Page {
        encoding: "gbk",
        code_page: 936,
        charset: 134,
        lines: [
            "关于调整阅览室开放时间的通知",
            "各位读者：为方便上班族借阅，阅览室自下月起延长开放两小时。",
            "请爱护书籍，不要在书上涂写；罚款按原价的百分之十计算。",
            "镕琭燶煡是几个少见的字，它们的第二个字节很特别。",
        ],
    },
    Page {
        encoding: "big5",
        code_page: 950,
        charset: 136,
        lines: [
            "關於調整閱覽室開放時間的通知",
            "各位讀者：為方便上班族借閱，閱覽室自下月起延長開放兩小時。",
            "成功的許多蓋子，都是閱讀習慣養成的；請準時還書。",
            "功能表上的餐點由館內的餐廳供應，歡迎試吃。",
        ],
    },
    Page {
        encoding: "shift_jis",
        code_page: 932,
        charset: 128,
        lines: [
            "閲覧室の開館時間の変更について",
            "利用者の皆様へ、来月から閲覧室を二時間長く開けることになりました。",
            "予定表とソフトの貸し出しはポスターの能力欄をご覧ください。",
            "マークのある十冊は館内でのみ読むことができます。ボタンを押してください。",
        ],
    },
    Page {
        encoding: "euc-kr",
        code_page: 949,
        charset: 129,
        lines: [
            "열람실 이용 시간 변경 안내",
            "이용자 여러분, 다음 달부터 열람실을 두 시간 더 엽니다.",
            "책을 깨끗이 보시고 제때에 돌려주시기 바랍니다.",
            "궁금한 점은 안내대에 물어보세요.",
        ],
    },
    Page {
        encoding: "windows-1251",
        code_page: 1251,
        charset: 204,
        lines: [
            "Об изменении часов работы читального зала",
            "Уважаемые читатели, со следующего месяца зал открыт на два часа дольше.",
            "Просим бережно относиться к книгам и вовремя их возвращать.",
            "Все вопросы задавайте на первом этаже.",
        ],
    },
    Page {
        encoding: "windows-1250",
        code_page: 1250,
        charset: 238,
        lines: [
            "Zmiana godzin otwarcia czytelni",
            "Szanowni Czytelnicy, od przyszłego miesiąca czytelnia będzie czynna dłużej.",
            "Prosimy o dbanie o książki i zwracanie ich w terminie, żeby inni też mogli je przeczytać.",
            "Pytania prosimy kierować na parter, do pani Łucji.",
        ],
    },
];

/// A document that says `code_page` and `charset` of its text, where they are there.
fn document(page: &Page, code_page: Option<u16>, charset: Option<u8>, style: Style) -> Vec<u8> {
    let encoding = Encoding::from_label(page.encoding).unwrap();
    let code_page = code_page.map(|it| format!("\\ansicpg{it}")).unwrap_or_default();
    let charset = charset.map(|it| format!("\\fcharset{it}")).unwrap_or_default();
    let mut file = format!(
        "{{\\rtf1\\ansi{code_page}\\deff0{{\\fonttbl{{\\f0\\fnil{charset} Arial;}}}}\r\n\\pard\\f0\\fs24 "
    );
    let mut file = std::mem::take(&mut file).into_bytes();
    for line in page.lines {
        file.extend(escaped(line, encoding, style));
        file.extend(b"\\par\r\n");
    }
    file.push(b'}');
    file
}

#[test]
fn text_is_read_by_what_is_said_of_it() {
    for page in &PAGES {
        let truth = page.lines.map(|line| format!("{line}\n")).concat();
        for style in [Style::Hex, Style::HexAndAscii, Style::Raw, Style::RawUnescaped, Style::Unicode] {
            for (code_page, charset) in
                [(Some(page.code_page), 0), (None, page.charset), (Some(1252), page.charset)]
            {
                let document = read(&document(page, code_page, Some(charset), style));
                let case = (page.encoding, style, code_page, charset);
                assert_eq!(document.text.as_deref(), Some(&truth[..]), "{case:?}");
                assert!(document.diagnostics.is_empty(), "{case:?}: {:?}", document.diagnostics);
            }
        }
    }
}

#[test]
fn text_is_read_against_what_is_said_of_it() {
    for page in &PAGES {
        let truth = page.lines.map(|line| format!("{line}\n")).concat();
        for style in [Style::Hex, Style::HexAndAscii, Style::Raw, Style::Unicode] {
            for (code_page, charset) in
                [(Some(1252), Some(0)), (None, None), (None, Some(0)), (Some(1252), None)]
            {
                let text = read(&document(page, code_page, charset, style)).text;
                assert_eq!(
                    text.as_deref(),
                    Some(&truth[..]),
                    "{} {style:?} {code_page:?} {charset:?}",
                    page.encoding
                );
            }
        }
    }
}

/// A document with text in all zones.
const ZONES: &[u8] = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}}{\stylesheet{\s0 Normal;}}
{\info{\title Report}{\author A. Writer}{\creatim\yr2001\mo2\dy3}}{\*\generator Some program;}
{\header{\pard top\par}}{\headerf first page\par}{\footer{\pard bottom \chpgn\par}}
\pard Body one{\footnote\pard\plain  note}{\super 1}{\footnote\ftnalt\pard  end note}, two.
{\*\atnid AW}{\*\atnauthor A. Writer}\chatn{\*\annotation{\*\atndate 1}\pard remark}\par
{\shp{\*\shpinst\shpleft0{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard boxed\par}}{\shprslt{\*\do{\dptxbxtext boxed\par}}}}
{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv drawn letters}}{\sp{\sn gtextFont}{\sv Arial}}}}
\trowd\cellx1000\cellx2000\pard\intbl a\cell\cell c\cell\row
{\trowd\pard\intbl\itap2 x\nestcell y\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}}\pard last}";

#[test]
fn each_zone_has_its_text() {
    let expected = [
        ("body", "Body one1, two.\na\t\tc\nx\ty\t\nlast"),
        ("header", "top\nfirst page"),
        ("footer", "bottom"),
        ("footnote", "note"),
        ("endnote", "end note"),
        ("comment", "remark"),
        ("text_box", "boxed\ndrawn letters"),
        ("property", "Report\nA. Writer"),
    ];
    let found = zones(ZONES);
    let found: Vec<_> = found.iter().map(|(zone, text)| (*zone, text.trim_start())).collect();
    assert_eq!(found, expected);
}

#[test]
fn words_stand_for_characters() {
    let file = r"{\rtf1\ansi a\tab b\line c\~d\_e\-f\emdash\endash\lquote x\rquote\ldblquote y\rdblquote\bullet z\emspace\page end\
next}";
    assert_eq!(text_of(file), "a\tb\nc\u{A0}d\u{2011}ef—–‘x’“y”•z\u{2003}\nend\nnext\n");
}

#[test]
fn what_is_not_shown_is_no_text() {
    let file = r"{\rtf1\ansi seen {\v hidden {deep}\v0  seen too}{\deleted gone}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\*\unknown no}{\xe{entry}}{\NeXTGraphic a.png \width9}{\object\objemb{\*\objclass Thing}{\result shown}}\bin3 }}} end}";
    assert_eq!(text_of(file), "seen  seen toolinkshown end\n");
}

#[test]
fn characters_in_unicode_have_their_fallback_skipped() {
    let cases = [
        (r"\u8364?uro", "€uro"),
        (r"\u8364\'80uro", "€uro"),
        (r"\uc0\u26085\u26412 x", "日本x"),
        (r"\uc2\u20013\'d6\'d0\u22269\'b9\'fa.", "中国."),
        (r"{\uc2\u20013ab{\uc1\u22269?}\u20013ab}\u22269?.", "中国中国."),
        (r"\u-10179?\u-8704?!", "😀!"),
        (r"\u55357?\u56832?!", "😀!"),
        (r"\u-10179?x", "\u{FFFD}x"),
        (r"\u65533 ?x", "\u{FFFD}x"),
        (r"\u8220\ldblquote x", "“x"),
        (r"\u20013\par b", "中\nb"),
        (r"\u20013{?}", "中?"),
        (r"\uc3\u20013\'e4\'b8\'ad\uc1 .", "中."),
        (r"{\upr{ansi}{\*\ud unicode}}", "unicode"),
    ];
    for (body, truth) in cases {
        assert_eq!(text_of(&format!("{{\\rtf1\\ansi {body}}}")), format!("{truth}\n"), "{body}");
    }
    // A fallback of one character in two bytes, counted as one.
    let file = r"{\rtf1\ansi\ansicpg936 \u20013\'d6\'d0\u22269\'b9\'fa.}";
    assert_eq!(text_of(file), "中国.\n");
}

#[test]
fn fonts_by_kind_of_text() {
    // The Chinese is in the font for East Asia, the Russian in the one for the rest.
    let gbk = Encoding::from_label("gbk").unwrap();
    let cyrillic = Encoding::from_label("windows-1251").unwrap();
    let hex =
        |text: &str, encoding: Encoding| String::from_utf8(escaped(text, encoding, Style::Hex)).unwrap();
    let chinese = "今天上午我们在图书馆开会，下午去参观新的阅览室。";
    let russian = "Сегодня утром мы были в библиотеке, а вечером пойдём в театр.";
    let file = format!(
        r"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0\fcharset204 Arial;}}{{\f13\fcharset134 SimSun;}}}}\pard\plain \loch\af0\hich\af0\dbch\af13\loch\f0 {}\dbch {}\par}}",
        hex(russian, cyrillic),
        hex(chinese, gbk)
    );
    assert_eq!(text_of(&file), format!("{russian}{chinese}\n"));
    let document = read(file.as_bytes());
    let encodings: Vec<_> = document.runs.iter().map(|run| run.encoding).collect();
    assert_eq!(encodings, [Some("windows-1251"), Some("gb18030")]);
}

#[test]
fn symbols_are_what_the_font_shows() {
    let file = r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset2 Wingdings 2;}}{\listtext\pard\plain\f1\'b7\tab}item\par{\f1 a\u61623?}{\f2\'52\'a3}\par}";
    assert_eq!(text_of(file), "• item\nα•☑□\n");
}

#[test]
fn an_embedded_file_is_a_document_of_its_own() {
    let inner = "今天上午我们在图书馆开会，下午去参观新的阅览室。\n";
    let gbk = Encoding::from_label("gbk").unwrap().encode(inner).unwrap();
    let string = |text: &[u8]| [&(text.len() as u32 + 1).to_le_bytes()[..], text, b"\0"].concat();
    let native = [
        b"\x02\0notes.txt\0C:\\notes.txt\0\0\0\x03\0".to_vec(),
        string(b"C:\\Temp\\notes.txt"),
        (gbk.len() as u32).to_le_bytes().to_vec(),
        gbk,
    ]
    .concat();
    let data = [
        vec![1, 5, 0, 0, 2, 0, 0, 0],
        string(b"Package"),
        vec![0; 8],
        (native.len() as u32).to_le_bytes().to_vec(),
        native,
    ]
    .concat();
    let hex: String = data.iter().map(|byte| format!("{byte:02X}")).collect();
    let file = format!(
        r"{{\rtf1\ansi see {{\object\objemb{{\*\objclass Package}}{{\*\objdata {hex}}}{{\result icon}}}}}}"
    );
    let report = report(file.as_bytes());
    let texts: Vec<_> = report.documents.iter().map(|it| it.text.as_deref().unwrap()).collect();
    assert_eq!(texts, ["see icon\n", inner]);
    assert_eq!(report.documents[1].encoding, Some("gb18030"));
}

#[test]
fn a_document_without_its_beginning_is_read() {
    let page = &PAGES[0];
    let whole = document(page, Some(936), Some(134), Style::Hex);
    let at = whole.windows(5).position(|window| window == b"\\pard").unwrap();
    let layout = r"\pard\plain\fs21\cf1\lang1033\ltrpar text\par\pard\plain\fs21\cf0\lang1033 ";
    let file = [layout.as_bytes(), &whole[at..]].concat();
    let document = read(&file);
    assert_eq!(document.format, Some("rtf"));
    let text = document.text.unwrap();
    assert!(text.ends_with(&page.lines.map(|line| format!("{line}\n")).concat()), "{text}");
    assert!(document.diagnostics.iter().any(|it| it.kind == DiagnosticKind::Damaged));
    // Text about RTF is none.
    let about =
        "To begin a paragraph write \\pard, and \\plain for plain text; \\fs24 sets the size.\n".repeat(20);
    let latex =
        "\\documentclass{article}\\begin{document}\\plain\\par\\section{x}\\end{document}\n".repeat(20);
    let manual = format!(
        "{}\n{}",
        "How a file is made is told in the manual. ".repeat(40),
        r"{\rtf1\pard\plain\fs24\cf1\lang1033 a\par\pard\plain\fs24\cf1 b\par}"
    );
    let program = "s += \"\\\\pard\\\\plain\\\\fs24\\\\lang1033\\\\cf0\";\n".repeat(20);
    for text in [about, latex, manual, program] {
        assert_eq!(read(text.as_bytes()).format, None, "{text}");
    }
}

#[test]
fn a_brace_too_many_does_not_end_a_document() {
    let document = read(br"{\rtf1\ansi one {\b two}} three\par four}");
    assert_eq!(document.text.as_deref(), Some("one two three\nfour\n"));
    assert_eq!(document.diagnostics[0].kind, DiagnosticKind::Damaged);
    // What comes after the end and is no RTF is not text.
    let document = read(b"{\\rtf1\\ansi one}\r\n\0\0rubbish");
    assert_eq!((document.text.as_deref(), document.diagnostics.len()), (Some("one\n"), 0));
}

#[test]
fn groups_without_end_stop_at_a_limit() {
    let file = format!("{{\\rtf1\\ansi {}deep{}end}}", "{\\b ".repeat(100_000), "}".repeat(100_000));
    let document = read(file.as_bytes());
    assert_eq!(document.text.as_deref(), Some("deepend\n"));
    assert_eq!(document.diagnostics[0].kind, DiagnosticKind::Limit);
}

#[test]
fn damaged_documents_keep_the_properties() {
    let pages =
        PAGES.iter().map(|page| document(page, Some(page.code_page), Some(page.charset), Style::HexAndAscii));
    let files: Vec<Vec<u8>> = pages.chain([ZONES.to_vec()]).collect();
    for file in &files {
        for end in (0..file.len()).step_by(64) {
            properties::document(&file[..end]);
        }
        for seed in 0..100 {
            properties::document(&mutations::damaged(file, seed));
        }
    }
}

#[test]
fn a_cut_document_gives_what_is_there() {
    for page in &PAGES {
        let file = document(page, Some(page.code_page), Some(page.charset), Style::Hex);
        let truth = page.lines.map(|line| format!("{line}\n")).concat();
        for end in (file.len() / 2..file.len() - 4).step_by(64) {
            let document = read(&file[..end]);
            let text = document.text.unwrap();
            // The last character may be cut.
            let shown = text.trim_end().trim_end_matches(|it: char| !it.is_alphabetic());
            let last = shown.char_indices().next_back().map_or(0, |(at, _)| at);
            assert!(truth.starts_with(&shown[..last]), "{} cut at {end}: {text}", page.encoding);
            assert!(shown.len() * 3 > truth.len());
            assert_eq!(document.diagnostics[0].kind, DiagnosticKind::Damaged);
        }
    }
}

#[test]
fn the_fields_of_a_table_are_read_also_where_cells_have_paragraphs() {
    let rows = [
        ("\u{300A}事业|单位|法人|证书》|登载|事项", "单 位|名 称", "海盐县望虞镇农业技术服务中心"),
        ("", "宗旨和|业务范围", "为农民提供种植技术服务。|开展土壤检测、病虫害预报。"),
        ("", "住　所", "浙江省嘉兴市海盐县望虞镇江渠路18号"),
        ("", "法定代表人", "钟敏江"),
        ("", "经费|来源", "财政补助"),
    ];
    let gbk = Encoding::from_label("gbk").unwrap();
    for style in [Style::Hex, Style::Unicode] {
        let paragraphs = |cell: &str| {
            let lines = cell.split('|').map(|line| String::from_utf8(escaped(line, gbk, style)).unwrap());
            lines.collect::<Vec<_>>().join("\\par ")
        };
        let title = String::from_utf8(escaped("事业单位法人年度报告书", gbk, style)).unwrap();
        let mut file = format!("{{\\rtf1\\ansi\\ansicpg936 {title}\\par ");
        for (group, label, value) in rows {
            let cells = [group, label, value].map(|cell| format!("{}\\cell ", paragraphs(cell))).concat();
            file.push_str(&format!("\\trowd\\cellx900\\cellx2000\\cellx8000\\pard\\intbl {cells}\\row "));
        }
        file.push_str("\\pard\\par}");
        let report = recover(file.as_bytes(), &RecoverOptions::new().record(true)).unwrap();
        let document = &report.documents[0];
        let fields = &document.record.as_ref().unwrap().fields;
        let field =
            |name: &str| fields.get(name).map(|field| field.value.to_plain_string()).unwrap_or_default();
        let text = document.text.as_deref().unwrap();
        assert_eq!(field("org_name"), "海盐县望虞镇农业技术服务中心", "{text}");
        assert_eq!(field("purpose_and_scope"), "为农民提供种植技术服务。开展土壤检测、病虫害预报。");
        assert_eq!(field("domicile"), "浙江省嘉兴市海盐县望虞镇江渠路18号");
        assert_eq!(field("legal_representative"), "钟敏江");
        assert_eq!(field("funding_source"), "财政补助");
    }
}
