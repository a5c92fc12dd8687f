//! Damage that cannot be undone, and why.
//!
//! U+FFFD says that a program threw bytes away. Where it was then written as UTF-8 and read as something else, its three
//! bytes EF BF BD became characters that every reader has its own of: 锟斤拷 in GBK, 占쏙옙 in EUC-KR, `ï¿½` in
//! windows-1252. The forms are made from the readers' own tables. Memory that was never written holds the bytes CC, CD or
//! DD in programs that Microsoft's compiler built for debugging; read as text, that is one character again and again.

use std::ops::Range;
use std::sync::OnceLock;

use crate::encoding::{Encoding, Reader};

use super::cipher::{Ciphered, ciphered};
use super::marks::Marks;
use super::scan::Places;
use super::{Alternative, Change, Reason, Undecided, marks, scan};

/// Bits a character costs on average in text that cannot be clean.
const IMPLAUSIBLE: f64 = 13.0;

/// U+FFFD in UTF-8, twice: readers of pairs take the six bytes for three characters.
const REPLACED: [u8; 6] = [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd];

/// How often a character of unused memory must stand in a row, where it is rare in text: 烫, 屯.
const FILLED: usize = 3;
/// … and where it is not: `ÌÌÌ` may be a cry, and ﾌﾌﾌ a laugh.
const SURELY_FILLED: usize = 8;

/// What the readers of pairs make of [`REPLACED`]; written down, because their tables take a while to make, and clean
/// text needs none of them.
const OF_PAIRS: [(&str, Encoding); 4] = [
    ("锟斤拷", Encoding::GBK),
    ("嚙踝蕭", Encoding::BIG5),
    ("占쏙옙", Encoding::EUC_KR),
    ("鐃緒申", Encoding::EUC_JP),
];
/// … and what they, Shift_JIS and windows-1252 make of CC (the stack), CD (the heap) and DD (what was given back).
const FILLED_CHARS: [char; 18] =
    ['烫', '屯', '葺', '昍', '迋', '楥', '儆', '袴', '硼', '面', '様', '毫', 'ﾌ', 'ﾍ', 'ﾝ', 'Ì', 'Í', 'Ý'];

/// How sure a cipher is that was named at all.
const CIPHER: f64 = 0.99;

/// Whether a span that was not repaired cannot well be clean text either. Forms and bank statements are written in
/// half-width katakana, of which the models know little.
pub(super) fn is_implausible(change: &Change) -> bool {
    let is_half_width = |c: char| ('\u{ff61}'..='\u{ff9f}').contains(&c);
    let damaged = change.before.chars().filter(|&c| !(c.is_ascii() || is_half_width(c))).count();
    damaged >= 4 && change.score.as_it_stands > IMPLAUSIBLE * damaged as f64
}

/// Whether all that is strange in a window are replacement characters that were read as something else: what a channel
/// makes of them is chance.
pub(super) fn is_replaced(text: &str, window: &Range<usize>) -> bool {
    let replaced = replaced_in(text, window);
    let is_quiet = |span: Range<usize>| scan::spots(text, span).is_empty();
    let mut from = window.start;
    !replaced.is_empty()
        && replaced.into_iter().all(|(span, _)| {
            let before = from..span.start;
            from = span.end;
            is_quiet(before)
        })
        && is_quiet(from..window.end)
}

/// Whether a conversion gives nothing but replacement characters: that is no repair.
pub(super) fn gives_nothing(changes: &[Change]) -> bool {
    changes.iter().flat_map(|change| change.after.chars()).all(|c| c.is_ascii() || c == '\u{fffd}')
}

/// What nothing can be made of in a text that is left as it is.
pub(super) fn of(text: &str) -> Vec<Undecided> {
    find(text, &scan::windows(text), &Marks::of(text))
}

/// Finds what bears the marks of lost text; `windows` are the suspicious parts.
pub(super) fn find(text: &str, windows: &[Range<usize>], marks: &Marks) -> Vec<Undecided> {
    let mut found = Vec::new();
    question_marks(text, marks.question, &mut found);
    if text.is_ascii() {
        return found;
    }
    // What 鐃, 烫 and 屯 begin with in UTF-8 no text of an alphabet has.
    if marks.lost < text.len() {
        // In EUC-JP they are words of running text, so no window has them.
        signature(text, "鐃緒申", 1, Reason::ReplacedThenRead(Reader::of(Encoding::EUC_JP)), &mut found);
        signature(text, "烫", FILLED, Reason::UninitialisedMemory, &mut found);
        signature(text, "屯", FILLED, Reason::UninitialisedMemory, &mut found);
    }
    controls(text, marks.control, &mut found);
    for window in windows {
        let first = found.len();
        let part = &text[window.clone()];
        if marks.may_have_replaced(window) {
            let places = marks::replaced().find_iter(part.as_bytes());
            runs_of(part, marks::REPLACED, places, 1, Reason::ReplacementCharacters, &mut found);
        }
        for new in &mut found[first..] {
            new.span = window.start + new.span.start..window.start + new.span.end;
        }
        let replaced = replaced_in(text, window).into_iter();
        found.extend(replaced.map(|(span, reader)| undecided(span, Reason::ReplacedThenRead(reader))));
        filled_in(text, window, &mut found);
    }
    found
}

/// A text that is wholly in a cipher.
pub(super) fn cipher(text: &str) -> Option<Undecided> {
    let Ciphered { cipher, text: says } = ciphered(text)?;
    let start = text.len() - text.trim_start().len();
    let guesses = vec![Alternative { after: says, confidence: CIPHER }];
    Some(Undecided { span: start..text.trim_end().len(), reason: Reason::Cipher(cipher), guesses })
}

fn undecided(span: Range<usize>, reason: Reason) -> Undecided {
    Undecided { span, reason, guesses: Vec::new() }
}

/// Runs of at least `times` times `mark`.
fn signature(text: &str, mark: &str, times: usize, reason: Reason, found: &mut Vec<Undecided>) {
    let places = memchr::memmem::find_iter(text.as_bytes(), mark);
    runs_of(text, mark, places, times, reason, found);
}

/// … where `mark` stands at these places.
fn runs_of(
    text: &str,
    mark: &str,
    places: impl Iterator<Item = usize>,
    times: usize,
    reason: Reason,
    found: &mut Vec<Undecided>,
) {
    let mut end = 0;
    for at in places {
        if at < end {
            continue;
        }
        let length = text[at..].len() - text[at..].trim_start_matches(mark).len();
        end = at + length;
        if length >= times * mark.len() {
            found.push(undecided(at..end, reason));
        }
    }
}

/// What a reader makes of U+FFFD in UTF-8.
struct Form {
    text: String,
    reader: Reader,
    /// How often it must stand in a row.
    times: usize,
}

fn forms() -> &'static [Form] {
    static FORMS: OnceLock<Vec<Form>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let mut forms: Vec<Form> = Vec::new();
        for (text, encoding) in OF_PAIRS {
            add_form(&mut forms, text.to_owned(), Reader::of(encoding), 1);
        }
        for encoding in [Encoding::WINDOWS_1252].into_iter().chain(Encoding::single_byte()) {
            let reader = Reader::of(encoding);
            let text = reader.read(&REPLACED[..3]);
            if !text.contains('\u{fffd}') && text.chars().all(|c| !c.is_ascii()) {
                add_form(&mut forms, text, reader, 1);
            }
        }
        // Shift_JIS has no character for EF BF: some decoders replace both bytes, some the first, and some drop it.
        let reader = Reader::of(Encoding::SHIFT_JIS);
        for (text, times) in [("\u{fffd}ｿｽ", 1), ("\u{fffd}ｽ", 1), ("ｿｽ", 2)] {
            add_form(&mut forms, text.to_owned(), reader, times);
        }
        forms.sort_by_key(|form| form.text.chars().next());
        forms
    })
}

fn add_form(forms: &mut Vec<Form>, text: String, reader: Reader, times: usize) {
    if !forms.iter().any(|form| form.text == text) {
        forms.push(Form { text, reader, times });
    }
}

/// Bytes that forms are told by.
const TOLD_BY: usize = 3;
/// Numbers for them.
const KEYS: usize = 4096;

/// A number for the first bytes of a form.
fn key(bytes: &[u8]) -> usize {
    let [a, b, c] = [bytes[0], bytes[1], bytes[2]].map(usize::from);
    (a ^ b << 3 ^ c << 6) % KEYS
}

/// The numbers of what forms begin with.
fn first_bytes() -> &'static [bool; KEYS] {
    static FIRST: OnceLock<[bool; KEYS]> = OnceLock::new();
    FIRST.get_or_init(|| {
        let mut first = [false; KEYS];
        forms().iter().for_each(|form| first[key(form.text.as_bytes())] = true);
        first
    })
}

/// The replacement characters of a window that were read as something else, in order.
fn replaced_in(text: &str, window: &Range<usize>) -> Vec<(Range<usize>, Reader)> {
    let part = &text[window.clone()];
    let mut found = Vec::new();
    let mut end = 0;
    let may_begin = first_bytes();
    let bytes = part.as_bytes();
    let mut leads = Places::of(bytes, |byte| byte >= 0xc0);
    let is_first =
        |at: usize| bytes[at..].first_chunk::<TOLD_BY>().is_some_and(|first| may_begin[key(first)]);
    let mut next = 0;
    while let Some(at) = leads.find(next, is_first) {
        next = at + 1;
        let Some(c) = part[at..].chars().next().filter(|_| at >= end) else { continue };
        let first = forms().partition_point(|form| form.text.chars().next() < Some(c));
        for form in forms()[first..].iter().take_while(|form| form.text.starts_with(c)) {
            if !part[at..].starts_with(&form.text) {
                continue;
            }
            let rest = part[at..].trim_start_matches(form.text.as_str());
            let length = part.len() - at - rest.len();
            if length >= form.times * form.text.len() {
                end = at + length;
                found.push((window.start + at..window.start + end, form.reader));
                break;
            }
        }
    }
    found
}

/// Runs of what a reader makes of unused memory: one that is long enough covers a place out of sixteen.
fn filled_in(text: &str, window: &Range<usize>, found: &mut Vec<Undecided>) {
    let mut done = window.start;
    for place in window.clone().step_by(2 * SURELY_FILLED) {
        let place = text.floor_char_boundary(place);
        let Some(c) = text[place..].chars().next().filter(|&c| is_filling(c)) else { continue };
        if place < done {
            continue;
        }
        let start = done + text[done..place].trim_end_matches(c).len();
        done = window.end - text[place..window.end].trim_start_matches(c).len();
        if (done - start) / c.len_utf8() >= SURELY_FILLED {
            found.push(undecided(start..done, Reason::UninitialisedMemory));
        }
    }
}

/// Whether this is one of [`FILLED_CHARS`]: all are compared, which is faster than to stop at the one.
fn is_filling(c: char) -> bool {
    !c.is_ascii() && FILLED_CHARS.iter().fold(false, |is_one, &filling| is_one | (filling == c))
}

/// C1 controls, but for U+0085, which is a line end in some texts.
fn controls(text: &str, first: usize, found: &mut Vec<Undecided>) {
    let mut end = 0;
    for at in memchr::memchr_iter(0xc2, &text.as_bytes()[first..]).map(|at| first + at) {
        let is_control = |c: char| ('\u{80}'..='\u{9f}').contains(&c) && c != '\u{85}';
        if at < end || !text[at..].starts_with(is_control) {
            continue;
        }
        end = at + text[at..].len() - text[at..].trim_start_matches(is_control).len();
        found.push(undecided(at..end, Reason::ControlCharacters));
    }
}

/// Marks in a row that make a line worth a look.
const MARKS: &str = "???";
/// Marks of a line that are enough.
const ENOUGH_MARKS: usize = 8;
/// Marks of a word that nobody writes for emphasis.
const LONG_WORD: usize = 5;

/// Lines whose words are question marks: a program wrote them in an encoding that lacks the letters.
fn question_marks(text: &str, first: usize, found: &mut Vec<Undecided>) {
    let mut end = 0;
    for at in memchr::memchr_iter(b'?', &text.as_bytes()[first..]).map(|at| first + at) {
        if at < end || !text[at..].starts_with(MARKS) {
            continue;
        }
        let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        if let Some(span) = words_of_marks(&text[start..end]) {
            found.push(undecided(start + span.start..start + span.end, Reason::QuestionMarks));
        }
    }
}

/// From the first word of question marks to the last, if these are surely words. For emphasis marks follow a word, a mask
/// (`????-??-??`) is one word, and placeholders are all alike; so there must be several words of marks, of different
/// lengths or long ones, they must begin the line, and be most of its words.
fn words_of_marks(line: &str) -> Option<Range<usize>> {
    let (mut words, mut others, mut marks, mut longest) = (0_usize, 0_usize, 0, 0);
    let mut lengths: [bool; 2] = [false; 2];
    let mut first_length = 0;
    let mut span: Option<Range<usize>> = None;
    let is_border =
        |c: char| c.is_whitespace() || matches!(c, ':' | ',' | '.' | '：' | '，' | '。' | '"' | '(' | ')');
    let mut at = 0;
    for word in line.split(is_border) {
        let start = at;
        at += word.len() + line[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        let length = word.len();
        if word.is_empty() || word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation() && c != '?')
        {
            continue;
        }
        if !word.bytes().all(|byte| byte == b'?') {
            span.as_ref()?;
            others += 1;
            continue;
        }
        if length == 1 {
            continue;
        }
        if words == 0 {
            first_length = length;
        }
        lengths[usize::from(length != first_length)] = true;
        words += 1;
        marks += length;
        longest = longest.max(length);
        span = Some(span.map_or(start, |span| span.start)..start + length);
    }
    let is_varied = lengths == [true; 2] || longest >= LONG_WORD;
    let is_sure = words >= 2 && marks >= ENOUGH_MARKS && is_varied && words > others;
    span.filter(|_| is_sure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(text: &str) -> Vec<(String, Reason)> {
        let repair = crate::repair(text);
        assert_eq!(repair.text(), text, "{:?}", repair.changes());
        repair.undecided().iter().map(|u| (text[u.span.clone()].to_owned(), u.reason)).collect()
    }

    #[test]
    fn replacement_characters_are_known_whoever_read_them() {
        for (text, part, label) in [
            ("单位名称：锟斤拷锟斤拷。", "锟斤拷锟斤拷", "gbk"),
            ("我们看到了锟斤拷，不知道是什么。", "锟斤拷", "gbk"),
            ("名稱：嚙踝蕭嚙踝蕭。", "嚙踝蕭嚙踝蕭", "big5"),
            ("이름: 占쏙옙占쏙옙입니다.", "占쏙옙占쏙옙", "euc-kr"),
            ("名前：鐃緒申鐃緒申です。", "鐃緒申鐃緒申", "euc-jp"),
            ("名前：ｿｽｿｽｿｽ。", "ｿｽｿｽｿｽ", "shift_jis"),
            ("The caf\u{ef}\u{bf}\u{bd} is closed.", "\u{ef}\u{bf}\u{bd}", "windows-1252"),
            ("ï¿½ï¿½ï¿½", "ï¿½ï¿½ï¿½", "windows-1252"),
            ("пїЅпїЅпїЅ", "пїЅпїЅпїЅ", "windows-1251"),
            ("Name: я┐╜я┐╜", "я┐╜я┐╜", "ibm866"),
            ("Name: ∩┐╜∩┐╜", "∩┐╜∩┐╜", "cp437"),
            ("Name: ÔøΩ.", "ÔøΩ", "macintosh"),
            ("Name: О©╫О©╫", "О©╫О©╫", "koi8-r"),
            ("ชื่อ: ๏ฟฝ๏ฟฝ", "๏ฟฝ๏ฟฝ", "windows-874"),
        ] {
            let reader = Reader::of(Encoding::from_label(label).unwrap());
            assert_eq!(reasons(text), [(part.to_owned(), Reason::ReplacedThenRead(reader))], "{text}");
        }
    }

    #[test]
    fn what_is_written_down_is_what_the_tables_say() {
        for (text, encoding) in OF_PAIRS {
            assert_eq!(Reader::of(encoding).read(&REPLACED), text, "{encoding}");
        }
        let encodings = OF_PAIRS.map(|(_, encoding)| encoding);
        let encodings = encodings.into_iter().chain([Encoding::SHIFT_JIS, Encoding::WINDOWS_1252]);
        let readers = encodings.map(Reader::of);
        let chars = readers.flat_map(|reader| [0xcc, 0xcd, 0xdd].map(|fill| reader.next_char(&[fill, fill])));
        let chars: Vec<char> = chars.flatten().map(|(c, _)| c).filter(|&c| c != '\u{fffd}').collect();
        assert_eq!(chars, FILLED_CHARS);
    }

    #[test]
    fn replacement_characters_among_other_damage_are_repaired_with_it() {
        let repair = crate::repair("caf ï¿½ and dÃ©jÃ\u{a0} vu");
        assert_eq!(repair.text(), "caf \u{fffd} and déjà vu");
    }

    #[test]
    fn unused_memory_is_known() {
        for (text, part) in [
            ("缓冲区：烫烫烫烫", "烫烫烫烫"),
            ("缓冲区：屯屯屯屯", "屯屯屯屯"),
            ("buffer = ÌÌÌÌÌÌÌÌ;", "ÌÌÌÌÌÌÌÌ"),
            ("buffer = ÍÍÍÍÍÍÍÍ;", "ÍÍÍÍÍÍÍÍ"),
        ] {
            assert_eq!(reasons(text), [(part.to_owned(), Reason::UninitialisedMemory)], "{text}");
        }
    }

    #[test]
    fn words_of_question_marks_are_lost_text() {
        for (text, part) in [
            ("????????:????????\nok", "????????:????????"),
            ("  ?????? ???? 2023 ?? ???", "?????? ???? 2023 ?? ???"),
            ("?????, ???????? ? ??? PC!", "?????, ???????? ? ???"),
        ] {
            assert_eq!(reasons(text), [(part.to_owned(), Reason::QuestionMarks)], "{text}");
        }
        for text in [
            "What???? No way????? Really???",
            "Quoi ???? Hein ????? Vraiment ??",
            "date: ????-??-??",
            "TBD ???  TBD ???",
            "??? ??? ???",
            "???????????",
            "a ?? b ?? c ??= d",
            "SELECT ? FROM ? WHERE ? = ?, ?, ?",
            "?? src/main.rs\n?? src/lib.rs",
            "*** ??? ***",
        ] {
            assert_eq!(reasons(text), [], "{text}");
        }
    }
}
