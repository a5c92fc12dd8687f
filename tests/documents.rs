//! Legacy documents from file to text: what is in them comes out, whatever they say, and damage is survived.
#![cfg(feature = "container")]

use fixenc::encoding::Encoding;
use fixenc::recover::{Decoded, decode};

#[path = "../fuzz/properties.rs"]
mod properties;

use properties::made::{Made, Units, utf_16};

fn encoded(encoding: &str, text: &str) -> Vec<u8> {
    Encoding::for_name(encoding).unwrap().encode(text).unwrap_or_else(|| panic!("{encoding}: {text}"))
}

/// The text, and that it needed no repair: mojibake that a repair undoes was made by a wrong reading.
fn text(made: &Made) -> String {
    let Decoded { text, changes, format, .. } = decode(&made.file());
    assert_eq!(format, Some("doc"));
    assert!(changes.is_empty(), "{changes:?}");
    text.unwrap().trim_end_matches('\n').to_owned()
}

/// What Word itself writes in 8-bit pieces: few bytes above 7F, and quotes and dashes that other encodings read as lead
/// bytes.
const WESTERN: [&str; 14] = [
    "The gardener\u{2019}s ladder leans on the neighbour\u{2019}s wall, and nobody\u{2019}s cat sleeps on it.",
    "\u{201C}Leave the boats,\u{201D} she said \u{2013} \u{201C}we\u{2019}ll row tomorrow\u{2026}\u{201D}",
    "It\u{2019}s",
    "Price: \u{A3}40 \u{2013} or \u{20AC}50",
    "Temperature at the lake: 21 \u{B0}C \u{B1} 2 \u{B0}C",
    "\u{2022} ropes\r\u{2022} oars\r\u{2022} a tin of paint",
    "wait\u{2026}\u{2026} wait\u{2026}\u{2026}\u{2026}",
    "\u{201C}\u{2018}No\u{2019}\u{201D}",
    "Caf\u{E9}",
    "\u{A9} 1998 Lakeside Rowing Club\u{AE}",
    "Die Fähre fährt täglich außer Sonntag; für Kähne gilt eine Gebühr von 3 \u{20AC} je Stunde.",
    "Où sont passées les barques qu\u{2019}on a repeintes l\u{2019}été dernier ?",
    "La señora preguntó: «¿Dónde está el cañón del río?»",
    "Båden lå på søen, og ingen så den; årerne var væk.",
];

#[test]
fn western_pieces_of_bytes_are_read_as_the_specification_says() {
    for sentence in WESTERN {
        for version in [193, 257] {
            let made = Made::word_97(vec![(Units::Bytes, encoded("windows-1252", sentence))]);
            // Neither the language of the program nor that of the fonts counts.
            for language in [0x0409, 0x0411, 0x0804, 0x0419] {
                let made = Made { version, language, ..made.clone() };
                assert_eq!(text(&made), sentence.replace('\r', "\n"));
            }
        }
    }
    let all = WESTERN.join("\r");
    let made = Made::word_97(vec![(Units::Bytes, encoded("windows-1252", &all))]);
    assert_eq!(text(&made), all.replace('\r', "\n"));
}

/// Texts with the code page that a program of their language would have written, and the character set of its fonts.
const TEXTS: [(&str, u8, &str); 7] = [
    (
        "gbk",
        134,
        "桥下的三条旧船\r去年秋天，渔民们把它们拖到岸上，重新刷了油漆。今年春天水位上涨，船又漂走了两条，剩下的一条被孩子们当成了秘密基地。",
    ),
    (
        "big5",
        136,
        "橋下的三條舊船\r去年秋天，漁民們把它們拖到岸上，重新刷了油漆。今年春天水位上漲，船又漂走了兩條。",
    ),
    (
        "shift_jis",
        128,
        "橋の下の三そうの古い船\r去年の秋、漁師たちは船を岸に引き上げて、ペンキを塗り直しました。今年の春、水かさが増して二そうが流されました。",
    ),
    (
        "euc-kr",
        129,
        "다리 밑의 낡은 배 세 척\r지난 가을 어부들은 배를 뭍으로 끌어올려 다시 칠했습니다. 올봄에 물이 불어 두 척이 떠내려갔습니다.",
    ),
    (
        "windows-1251",
        204,
        "Три старые лодки под мостом\rПрошлой осенью рыбаки вытащили их на берег и заново покрасили. Весной вода поднялась, и две унесло.",
    ),
    (
        "windows-1250",
        238,
        "Trzy stare łodzie pod mostem\rZeszłej jesieni rybacy wyciągnęli je na brzeg i pomalowali. Wiosną woda się podniosła i dwie odpłynęły.",
    ),
    (
        "windows-1253",
        161,
        "Τρεις παλιές βάρκες κάτω από τη γέφυρα\rΤο περασμένο φθινόπωρο οι ψαράδες τις τράβηξαν στη στεριά και τις έβαψαν ξανά.",
    ),
];

#[test]
fn bytes_are_read_as_what_they_are_whatever_is_said_of_them() {
    for (encoding, charset, truth) in TEXTS {
        let bytes = encoded(encoding, truth);
        let shown = truth.replace('\r', "\n");
        let word_97 = Made::word_97(vec![(Units::Bytes, bytes.clone())]);
        assert_eq!(text(&word_97), shown, "Word 97, {encoding}");
        let mut word_95 = Made::word_95(&bytes);
        assert_eq!(text(&word_95), shown, "Word 95 without fonts, {encoding}");
        for said in [charset, 0, 1, 128, 204] {
            word_95.fonts = vec![(said, "Arial"), (2, "Symbol")];
            word_95.runs = vec![(0..bytes.len(), 0)];
            assert_eq!(text(&word_95), shown, "Word 95 in a font of {said}, {encoding}");
        }
        assert_eq!(text(&Made::word_2(&bytes)), shown, "Word 2, {encoding}");
    }
}

#[test]
fn text_in_utf_16_stays_as_it_stands() {
    for (_, _, truth) in TEXTS {
        let made = Made::word_97(vec![(Units::Utf16, utf_16(truth))]);
        assert_eq!(text(&made), truth.replace('\r', "\n"));
    }
}

/// A document of each kind with all that a reader looks at.
fn documents() -> [Made; 4] {
    let (encoding, _, chinese) = TEXTS[0];
    Made::of_each_kind(chinese, &encoded(encoding, chinese))
}

#[test]
fn cut_documents_keep_the_properties() {
    for made in documents() {
        let file = made.file();
        for end in (0..file.len()).step_by(64).chain([file.len()]) {
            properties::recover(&file[..end]);
        }
    }
}

#[test]
fn documents_with_changed_bytes_keep_the_properties() {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random >> 11) as usize % below
    };
    for made in documents() {
        let whole = made.file();
        // Where something is, most of the file being zeros.
        let places: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] != 0).collect();
        for round in 0..400 {
            let mut file = whole.clone();
            for _ in 0..=round % 8 {
                let at = if round % 2 == 0 { places[next(places.len())] } else { next(file.len()) };
                file[at] = [0, 0x7F, 0xFF, next(256) as u8][next(4)];
            }
            properties::recover(&file);
        }
    }
}
