//! Finds the windows of a text that may be damaged, passing over all else at memory speed.
//!
//! Damage of any channel puts characters beside each other that clean text of no language does. So the scan looks at
//! each neighbourhood that is not ASCII alone, and asks `language::plausible` whether it was ever seen. What was not is
//! a spot; so are several rare Han characters or syllables close to each other, of which one alone says little, and one
//! or two of them in the midst of Latin text. Spots that are near make a window.
//!
//! What it cannot see is one letter that was read as another that stands as well there (`Si č`): that takes a language
//! model. Text in ASCII alone is passed over but for control characters and the escape sequences of ISO-2022.

mod passed;
mod places;
mod search;
mod skip;

use std::ops::Range;

pub(super) use passed::{Passed, Stretch};
pub(super) use places::Places;
use search::{search, search_windows};

/// Bytes of plain text between two spots that still belong to one window.
const GAP: usize = 160;
/// ASCII characters before and after a spot that are looked at with it: a lost hyphen or a trail byte below 80 may
/// lie there.
const MARGIN: usize = 8;
/// Bytes taken into a window on each side at most, so that no place is looked at often, …
const REACH: usize = 192;
/// … and for each spot in it.
const REACH_OF_SPOT: usize = 24;
/// Bytes of a window; a longer one is cut at a line end where there is one, and anywhere where there is none.
pub(super) const LONGEST: usize = 16 * 1024;

/// The suspicious windows of `text`, as byte ranges on character boundaries, in order, never overlapping.
pub(super) fn windows(text: &str) -> Vec<Range<usize>> {
    windows_and_rest(text).0
}

/// … and what lies outside of them.
pub(super) fn windows_and_rest(text: &str) -> (Vec<Range<usize>>, Passed) {
    let mut joined = Joined::default();
    let passed = search_windows(text.as_bytes(), |spot| joined.add(spot));
    let mut result = Vec::new();
    for (window, spots) in joined.0 {
        let widened = widen(text, window, spots);
        let start = result.last().map_or(0, |r: &Range<usize>| r.end).max(widened.start);
        cut(text, start..widened.end.max(start), &mut result);
    }
    (result, passed)
}

/// Spots that are near each other, with their number.
#[derive(Default)]
struct Joined(Vec<(Range<usize>, usize)>);

impl Joined {
    fn add(&mut self, spot: Range<usize>) {
        match self.0.last_mut() {
            Some((last, spots)) if spot.start < last.end + GAP => {
                last.end = spot.end.max(last.end);
                *spots += 1;
            }
            _ => self.0.push((spot, 1)),
        }
    }
}

/// The strange characters inside `window`, as byte ranges; neighbours are one range.
pub(super) fn spots(text: &str, window: Range<usize>) -> Vec<Range<usize>> {
    let mut spots: Vec<Range<usize>> = Vec::new();
    search(text.as_bytes(), window, |spot| match spots.last_mut() {
        Some(last) if spot.start <= last.end => last.end = spot.end.max(last.end),
        _ => spots.push(spot),
    });
    spots
}

/// Windows over all that is not ASCII, and over what is suspicious as it is, for a caller who knows that the text is
/// damaged.
pub(super) fn all(text: &str) -> Vec<Range<usize>> {
    let mut suspicious = windows(text).into_iter().peekable();
    let mut result = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        while suspicious.next_if(|window| window.end <= start).is_some() {}
        if !line.is_ascii() || suspicious.peek().is_some_and(|window| window.start < end) {
            cut(text, start..end, &mut result);
        }
        start = end;
    }
    result
}

/// Takes in what belongs to a window on both sides: whole words, and more the more spots speak for it.
fn widen(text: &str, window: Range<usize>, spots: usize) -> Range<usize> {
    let reach = REACH.min(REACH_OF_SPOT * spots);
    let taken = |before: &mut dyn Iterator<Item = char>| {
        let mut taken = 0;
        let mut spare = MARGIN;
        for c in before {
            if c.is_ascii() {
                if c == '\n' || spare == 0 {
                    break;
                }
                spare -= 1;
            }
            if taken + c.len_utf8() > reach {
                break;
            }
            taken += c.len_utf8();
        }
        taken
    };
    let start = window.start - taken(&mut text[..window.start].chars().rev());
    let end = window.end + taken(&mut text[window.end..].chars());
    start..end
}

fn cut(text: &str, mut window: Range<usize>, result: &mut Vec<Range<usize>>) {
    while window.len() > LONGEST {
        let limit = text.floor_char_boundary(window.start + LONGEST);
        let piece = &text[window.start..limit];
        let end = piece.rfind('\n').or_else(|| piece.rfind(' ')).map_or(limit, |at| window.start + at + 1);
        result.push(window.start..end);
        window.start = end;
    }
    if !window.is_empty() {
        result.push(window);
    }
}

/// Bytes of a window that is searched as a whole. What a repair needs is measured on texts of this length: of a longer one
/// the proof grows with the kinds of its characters, which end, and the doubt with its words.
const PIECE: usize = 1024;

/// The pieces of a window that are searched one by one, cut at line ends, or at spaces where there are none; those with
/// nothing suspicious are left out.
pub(super) fn pieces(text: &str, mut window: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    while window.len() > PIECE {
        let limit = text.floor_char_boundary(window.start + PIECE);
        let bytes = &text.as_bytes()[window.clone()];
        let (near, far) = bytes.split_at(limit - window.start);
        let half = near.len() / 2;
        let last = |byte| memchr::memrchr(byte, &near[half..]).map(|at| half + at);
        // Between other characters there may be the two halves of one.
        let next = || memchr::memchr2(b'\n', b' ', far).map(|at| near.len() + at);
        let Some(at) = last(b'\n').or_else(|| last(b' ')).or_else(next) else { break };
        pieces.push(window.start..window.start + at + 1);
        window.start += at + 1;
    }
    pieces.push(window);
    pieces.retain(|piece| !spots(text, piece.clone()).is_empty());
    pieces
}

/// The parts of a window that lie outside of some spans, which are in order.
pub(super) fn outside(window: Range<usize>, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let first = spans.partition_point(|span| span.end <= window.start);
    let mut parts = Vec::new();
    let mut from = window.start;
    for span in spans[first..].iter().take_while(|span| span.start < window.end) {
        parts.push(from..span.start.max(from));
        from = span.end.min(window.end);
    }
    parts.push(from..window.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Bytes of its line that are looked at on each side of a window: the words around say which language it is.
const LINE: usize = 160;

/// Windows with as much of their lines as [`LINE`] allows.
pub(super) fn with_lines(text: &str, windows: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut wider: Vec<Range<usize>> = Vec::with_capacity(windows.len());
    for window in windows {
        let Range { mut start, end } = in_lines(text, &window);
        if let Some(last) = wider.last_mut().filter(|last| start < last.end) {
            if window.end - last.start < LONGEST {
                last.end = end;
                continue;
            }
            // Between them there may be the two halves of a character anywhere but where they were cut.
            (last.end, start) = (window.start, window.start);
        }
        wider.push(start..end);
    }
    wider
}

/// A span with as much of its lines as [`LINE`] allows.
pub(super) fn in_lines(text: &str, span: &Range<usize>) -> Range<usize> {
    let from = text.floor_char_boundary(span.start.saturating_sub(LINE));
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[from..span.start]).map_or(from, |at| from + at + 1);
    let until = text.ceil_char_boundary(text.len().min(span.end + LINE));
    let end = match bytes[span.clone()].last() {
        Some(b'\n') => span.end,
        _ => memchr::memchr(b'\n', &bytes[span.end..until]).map_or(until, |at| span.end + at),
    };
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        windows(text).into_iter().map(|w| &text[w]).collect()
    }

    #[test]
    fn plain_text_of_many_languages_has_no_window() {
        for text in [
            "",
            "plain",
            "déjà vu, señor",
            "größer als früher: „Straße“ – 20 °C, 5 €",
            "Les élèves ont été reçus à l’école; « ça va ? »",
            "El niño pequeño está aquí. ¿Dónde? ¡Allí!",
            "Vše je v pořádku, děkuji za pomoc",
            "Dziękuję za pomoc, to już wszystko",
            "Привет, как дела? Всё хорошо.",
            "Καλημέρα, τι κάνετε;",
            "שלום לכם, מה שלומכם?",
            "مرحبا بكم في هذا المكان",
            "สวัสดีครับ ยินดีต้อนรับ",
            "统一社会信用代码·2023，使用Python编程。",
            "これは日本語の文章です。カタカナも、ひらがなも。",
            "안녕하세요. 만나서 반갑습니다.",
            "繁體中文的句子，也沒有問題。",
            "a ≤ b → c ± 5 %, 100 µm, ½ l, § 3",
            "┌──┐\n│ ab │\n└──┘",
            "😀 ok 👍🏽",
            // Letters between others, signs and rare characters that hardly any text has, but each language.
            "vrece múky na stole",
            "水温25℃、※注意■対象の☆星で♪歌は◎可",
            "山上的碉堡已经没有人了，篱笆也倒了",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn each_channel_is_seen() {
        for text in [
            "CafÃ© crÃ¨me",    // UTF-8 as windows-1252
            "ÊÂÒµµ¥Î»",        // GBK as Latin-1
            "РџСЂРёРІРµС‚",    // UTF-8 as windows-1251
            "п÷я─п╦п╡п╣я┌",    // UTF-8 as KOI8-R
            "оПХБЕР",          // windows-1251 as KOI8-R
            "╨┐╤А╨╕╨▓╨╡╤В",    // UTF-8 as IBM 866
            "caf├⌐ cr├¿me",    // UTF-8 as code page 437
            "caf√© cr√®me",    // UTF-8 as MacRoman
            "浣犲ソ锛屼笘鐣",  // UTF-8 as GBK
            "銇撱倱銇",        // UTF-8 as GBK, kana
            "縺薙ｓ縺ｫ縺｡縺ｯ", // UTF-8 as Shift_JIS
            "i am cafÃƒÂ©",    // twice
            "caf閟 et th閟",   // Latin-1 as GBK
            "café\u{fffd}",
            "se\u{96}ing",          // a C1 control character
            "\u{1b}$B4A;z\u{1b}(B", // ISO-2022-JP
            "4\u{4}5\u{4}",         // UTF-16
            "畂桳戠湡",             // ASCII as UTF-16
        ] {
            assert!(!windows(text).is_empty(), "{text}");
        }
    }

    /// Final letters of Hebrew and Greek within words, and pairs that no language of the alphabet has.
    #[test]
    fn letters_that_never_stand_beside_each_other_are_seen() {
        for (truth, written, reader) in [
            ("паром", "windows-1251", "windows-1255"),
            ("σχοινί", "windows-1253", "windows-1255"),
            ("הסירה", "windows-1255", "iso-8859-7"),
            ("המפרש", "windows-1255", "windows-1251"),
        ] {
            let garbled = super::super::garbled(truth, written, reader);
            assert!(!windows(&garbled).is_empty(), "{truth} {garbled}");
        }
        for word in ["ספן", "σωσίβιος", "причал", "ميناء"] {
            assert!(windows(word).is_empty(), "{word}");
        }
    }

    #[test]
    fn a_control_character_is_strange_beside_any_letter() {
        for control in '\u{80}'..='\u{9f}' {
            for before in "abcdefghijklmnopqrstuvwxyz 0,é".chars() {
                for after in "abcdefghijklmnopqrstuvwxyz 0,é".chars() {
                    let text = format!("{before}{control}{after}");
                    let spots = spots(&text, 0..text.len());
                    assert!(
                        spots.iter().any(|spot| text[spot.clone()].contains(control)),
                        "{text:?}: {spots:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_caller_who_knows_is_shown_what_is_suspicious_though_ascii() {
        let text = "plain\n\0a\0b\n\nplain\ncafé\nplain";
        let lines: Vec<&str> = all(text).into_iter().map(|window| &text[window]).collect();
        assert_eq!(lines, ["\0a\0b\n", "café\n"]);
    }

    #[test]
    fn a_window_holds_the_damage_and_little_else() {
        let plain = "Ganz gewöhnlicher Text über nichts. ".repeat(40);
        let text = format!("{plain}CafÃ© crÃ¨me{plain}");
        let windows = windows(&text);
        assert_eq!(windows.len(), 1);
        let window = &text[windows[0].clone()];
        assert!(window.contains("CafÃ© crÃ¨me") && window.len() < 100, "{window}");
        let spots: Vec<&str> = spots(&text, windows[0].clone()).into_iter().map(|spot| &text[spot]).collect();
        assert_eq!(spots, ["Ã©", "Ã¨"]);
    }

    #[test]
    fn a_spot_holds_what_is_strange() {
        for text in ["ﾀﾉｮﾗｽsｸｹ", "ﾊﾟﾈﾙ ﾀﾉ", "가あ", "aあ茅", "☃가x", "茅é"]
        {
            let all = spots(text, 0..text.len());
            let is_strange = |spot: &Range<usize>| !text[spot.clone()].is_ascii();
            assert!(!all.is_empty() && all.iter().all(is_strange), "{text}: {all:?}");
        }
    }

    #[test]
    fn what_is_passed_over_is_told() {
        let units = [
            "Ça va très bien à l’école, où « Noël » est déjà passé.",
            "Grüße aus „Öhringen“, groß é À ñ",
            "Đây là tiếng Việt. Всё хорошо, спасибо. 一切都好，“谢谢”。",
            "ö",
            " à ",
            "d'à côté\n",
            "CafÃ© crÃ¨me ",
            "ÊÂÒµµ¥Î»",
            "plain words ",
        ];
        for count in 1..60 {
            let text: String = (0..count).map(|at| units[at * at % units.len()].repeat(1 + at % 3)).collect();
            let (windows, passed) = windows_and_rest(&text);
            let mut at = 0;
            for Stretch { letters, close } in passed.stretches() {
                for (place, c) in text[at..close.start].char_indices().filter(|(_, c)| !c.is_ascii()) {
                    let is_told =
                        ('\u{df}'..='\u{ff}').contains(&c) && letters >> (u32::from(c) & 63) & 1 != 0;
                    let is_in_window = windows.iter().any(|window| window.contains(&(at + place)));
                    assert!(
                        is_told || is_in_window || *letters == u64::MAX,
                        "{c} at {} of {text}",
                        at + place
                    );
                }
                assert!(
                    at <= close.start
                        && text.is_char_boundary(close.start)
                        && text.is_char_boundary(close.end)
                );
                at = close.end;
            }
            assert_eq!(at, text.len());
        }
    }

    #[test]
    fn strides_pass_over_no_border() {
        let plain = "Vše je v pořádku, děkuji za pomoc. 一切都好，谢谢。";
        for damaged in ["CafÃ© crÃ¨me ", "ÊÂÒµµ¥Î»", "РџСЂРёРІРµС‚ ", "浣犲ソ锛屼笘鐣", "\u{fffd}a"]
        {
            let mut text = String::new();
            for number in 0..60 {
                text.push_str(&damaged.repeat(number % 13));
                text.push_str(&plain.repeat(number % 7));
                text.push_str(&"plain ".repeat(number % 31));
            }
            let (mut all, mut some) = (Joined::default(), Joined::default());
            search(text.as_bytes(), 0..text.len(), |spot| all.add(spot));
            search_windows(text.as_bytes(), |spot| some.add(spot));
            let borders = |joined: Joined| -> Vec<Range<usize>> {
                joined.0.into_iter().map(|(window, _)| window).collect()
            };
            assert_eq!(borders(some), borders(all), "{damaged}");
        }
    }

    #[test]
    fn neighbours_join_and_strangers_do_not() {
        assert_eq!(found("Ã©\n\nÃ¨"), ["Ã©\n\nÃ¨"]);
        let far = format!("Ã©{}Ã¨", "\n".repeat(400));
        assert_eq!(found(&far), ["Ã©", "Ã¨"]);
    }

    #[test]
    fn windows_are_bounded_and_in_order() {
        for unit in ["ÃÂ", "茅", "é", "a茅b", "\u{81}", "\0", "\u{1b}$", "鎛x", "ÃÂ\n", "한茅", "\u{10ffff}ж"]
        {
            let text = unit.repeat(20_000);
            let windows = windows(&text);
            assert!(windows.iter().all(|w| w.len() <= LONGEST && !w.is_empty()), "{unit}");
            assert!(windows.iter().all(|w| text.is_char_boundary(w.start) && text.is_char_boundary(w.end)));
            assert!(windows.windows(2).all(|pair| pair[0].end <= pair[1].start), "{unit}");
        }
    }

    #[test]
    fn long_windows_with_their_lines_end_where_they_were_cut() {
        let line = "ÃÆ ÃÆ×ÃÐ ".repeat(30) + "\n";
        let text = line.repeat(3 * LONGEST / line.len());
        let wider = with_lines(&text, windows(&text));
        let [first, .., _last] = &wider[..] else { panic!("{wider:?}") };
        assert!(wider.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(text[first.clone()].ends_with('\n'));
    }

    #[test]
    fn pieces_end_at_lines_then_at_spaces_then_nowhere() {
        let pieces_of = |text: &str| -> Vec<usize> {
            let pieces = pieces(text, 0..text.len());
            pieces.iter().for_each(|piece| assert!(!text[piece.clone()].is_empty()));
            pieces.iter().map(|piece| piece.len()).collect()
        };
        let line = "ÃÆ×ÃÐ ÃÆ×ÃÐ\n";
        let pieces = pieces_of(&line.repeat(100));
        assert!(pieces.len() == 3 && pieces[..2].iter().all(|length| length % line.len() == 0));
        let pieces = pieces_of(&"ÃÆ×ÃÐ ".repeat(200));
        assert!(pieces.len() == 3 && pieces[..2].iter().all(|length| length % 11 == 0));
        assert_eq!(pieces_of(&"ÃÆ×ÃÐ".repeat(400)), [4000]);
        // What holds nothing suspicious is none.
        let text = format!("{}{}", "plain words\n".repeat(100), "ÃÆ×ÃÐ\n".repeat(10));
        assert_eq!(pieces_of(&text).len(), 1);
    }
}
