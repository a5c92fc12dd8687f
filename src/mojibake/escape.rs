//! Escapes that a program put around text that was garbled already: `&Atilde;&copy;`, `\u00c3\u00a9`, `%C3%A9`.
//!
//! Nothing here decides what is damage. A run of escapes is found and resolved; whether the result is garbled is for
//! the engine to say, so `Write &eacute; or &#233;` stays as it is. Escapes of one byte give the character of the same
//! number, which is what ISO-8859-1 reads there.
//!
//! Of escapes that give ASCII only those are resolved that cannot mean anything to the language around them: letters
//! and digits, and what must be the second byte of a pair (`\xb5\\` is one character of GBK). `&lt;`, `\"` and `%2F` stay.
//!
//! Sources: the HTML standard (13.2.5.72 to 13.2.5.80, character references), RFC 8259 (7, `\u`), the string literals
//! of C, Python and ECMAScript (with its `escape`), RFC 3986 (2.1, `%`), RFC 2045 (6.7, quoted-printable).

mod read;

use std::ops::Range;

use crate::encoding::sloppy_byte_of;

use read::{Family, Mark, Meaning};

use super::marks::Marks;

/// Bytes of plain text between two escapes of one run: some words, or the markup between two cells of a table.
const GAP: usize = 32;
/// Characters from U+0080 on that stand plainly beside a run and are taken in: not every program escapes all of them.
const REACH: usize = 64;
/// Bytes of a run from which on it ends at plain text.
const LONG: usize = 8 * 1024;
/// Bytes of a run at which it ends anywhere, so that a report of one stays small.
const LONGEST: usize = 16 * 1024;

/// How one character was spelled in escaped text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// Place in the escaped text, in characters.
    pub at: usize,
    /// What stands there.
    pub source: String,
    /// What it means; `None` for the soft line break of quoted-printable, which means nothing.
    pub becomes: Option<char>,
}

/// A run of escapes whose meaning may be garbled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Escaped {
    /// Bytes of the text, from the first escape to the last. Plain characters that belong to the same garbled text lie
    /// at the ends: those from U+0080 on, and an ASCII character that may be the second byte of a pair.
    pub(super) span: Range<usize>,
    /// The span with its escapes resolved.
    pub(super) text: String,
    marks: Vec<Mark>,
}

impl Escaped {
    /// How each escape of the run was spelled, in order. `whole` is the text that the run was found in.
    pub(super) fn spellings(&self, whole: &str) -> Vec<Spelling> {
        let (mut place, mut at) = (self.span.start, 0);
        let mut spellings = Vec::with_capacity(self.marks.len());
        for mark in &self.marks {
            at += whole[place..mark.start].chars().count();
            let source = whole[mark.start..mark.end].to_owned();
            place = mark.end;
            let length = source.chars().count();
            spellings.push(Spelling { at, source, becomes: mark.becomes });
            at += length;
        }
        spellings
    }

    /// Whether every character from U+0080 on is spelled as a byte (`\xc3`, `\303`, `%C3`, `=C3`). Such a spelling is
    /// the ordinary way to write any text in its own encoding, so it alone is no sign of damage.
    pub(super) fn is_bytes(&self) -> bool {
        let mut high = self.marks.iter().filter(|mark| mark.is_high());
        high.all(|mark| mark.meaning == Meaning::Byte)
    }

    /// The run with `&#128;` to `&#159;` taken for the control characters of these numbers, as programs write them
    /// that know nothing of the windows-1252 meaning in HTML. `None` if the run has no such number.
    pub(super) fn with_controls(&self, whole: &str) -> Option<Self> {
        let mut marks = self.marks.clone();
        let mut changed = false;
        for mark in &mut marks {
            if let Meaning::Number(control) = mark.meaning {
                changed |= mark.becomes != Some(control);
                mark.becomes = Some(control);
            }
        }
        changed.then(|| Self { span: self.span.clone(), text: resolved(whole, &self.span, &marks), marks })
    }
}

/// Runs of escapes whose meaning may be garbled text: at least one character from U+0080 on that is no mere no-break
/// space. They come in order and never overlap. Lazy, because a text may consist of nothing else.
pub(super) fn find<'t>(text: &'t str, marks: &Marks) -> Runs<'t> {
    Runs { text, from: 0, triggers: Triggers::of(text, marks) }
}

/// The iterator of [`find`].
pub(super) struct Runs<'t> {
    text: &'t str,
    /// All before is done.
    from: usize,
    triggers: Triggers,
}

impl Iterator for Runs<'_> {
    type Item = Escaped;

    fn next(&mut self) -> Option<Escaped> {
        let bytes = self.text.as_bytes();
        let done = self.from;
        while let Some(at) = self.triggers.next(bytes, self.from) {
            let token = read::first(bytes, at);
            let Some((family, mark)) = token.mark.and_then(|mark| Some((Family::of(bytes[at])?, mark)))
            else {
                self.from = token.next;
                continue;
            };
            if !may_begin(family, mark) {
                self.from = mark.end;
                continue;
            }
            let mut run = Run::begin(self.text, done, family, token.level, mark);
            run.collect();
            self.from = run.end();
            if let Some(escaped) = run.finish() {
                self.from = escaped.span.end;
                return Some(escaped);
            }
        }
        None
    }
}

/// The next places where an escape may begin. Four bytes are too many for one search, so there are two.
struct Triggers {
    /// The next of `&`, `\` and `%`, as a place and one more; 0 where it is not known yet.
    three: usize,
    /// The next `=` that begins a byte from 80 on in quoted-printable, likewise.
    equals: usize,
}

impl Triggers {
    fn of(text: &str, marks: &Marks) -> Self {
        let known = |first: usize, then: usize| if first < text.len() { then } else { usize::MAX };
        Self { three: known(marks.escape, marks.escape + 1), equals: known(marks.equals, 0) }
    }

    fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.three <= from {
            self.three =
                memchr::memchr3(b'&', b'\\', b'%', bytes.get(from..)?).map_or(usize::MAX, |f| from + f + 1);
        }
        if self.equals <= from {
            self.equals = memchr::memchr_iter(b'=', bytes.get(from..)?)
                .map(|found| from + found)
                .find(|at| matches!(bytes.get(at + 1), Some(b'8' | b'9' | b'A'..=b'F')))
                .map_or(usize::MAX, |at| at + 1);
        }
        Some(self.three.min(self.equals)).filter(|&next| next != usize::MAX).map(|next| next - 1)
    }
}

/// Whether a run may begin with this escape. `%41` and `=41` are no text that somebody escaped, but `&#65;` may be.
fn may_begin(family: Family, mark: Mark) -> bool {
    mark.is_high() || (family.escapes_letters() && mark.becomes.is_some_and(|c| c.is_ascii_alphanumeric()))
}

/// A run that is being read.
struct Run<'t> {
    text: &'t str,
    family: Family,
    /// How often the escapes are escaped themselves.
    level: usize,
    start: usize,
    marks: Vec<Mark>,
    /// The bytes from 80 on that stand in a row before `noted`.
    stretch: Vec<u8>,
    noted: usize,
}

impl<'t> Run<'t> {
    fn begin(text: &'t str, done: usize, family: Family, level: usize, first: Mark) -> Self {
        let before = text[done..first.start].chars().rev().take(REACH).take_while(|c| !c.is_ascii());
        let start = first.start - before.map(char::len_utf8).sum::<usize>();
        let mut run =
            Self { text, family, level, start, marks: Vec::new(), stretch: Vec::new(), noted: start };
        run.push(first);
        run
    }

    /// Where the last escape ends.
    fn end(&self) -> usize {
        self.marks.last().map_or(self.start, |mark| mark.end)
    }

    fn collect(&mut self) {
        while let Some(mark) = self.next_mark() {
            let length = mark.end - self.start;
            if length > LONGEST || (length > LONG && mark.start > self.end()) {
                return;
            }
            self.push(mark);
        }
    }

    fn next_mark(&self) -> Option<Mark> {
        let bytes = self.text.as_bytes();
        let (end, mut at) = (self.end(), self.end());
        let trigger = self.family.trigger();
        loop {
            let gap = bytes.get(at..)?.iter().take((end + GAP).saturating_sub(at));
            at += gap.copied().position(|byte| byte == trigger)?;
            let owes = || at == end && self.owes_trail();
            let token = read::further(bytes, at, self.family, self.level, owes);
            at = token.next;
            if let Some(mark) = token.mark {
                if self.wants(mark) {
                    return Some(mark);
                }
                at = mark.end;
            }
        }
    }

    fn wants(&self, mark: Mark) -> bool {
        match mark.becomes {
            None => true,
            Some(c) if !c.is_ascii() => true,
            Some(c) if (c.is_ascii_alphanumeric() || c == ' ') && self.family.escapes_letters() => true,
            Some(c) => is_trail(c) && mark.start == self.end() && self.owes_trail(),
        }
    }

    fn push(&mut self, mark: Mark) {
        self.note_plain(mark.start);
        if let Some(c) = mark.becomes {
            self.note(c);
        }
        self.noted = mark.end;
        self.marks.push(mark);
    }

    fn note_plain(&mut self, to: usize) {
        for c in self.text[self.noted..to].chars() {
            self.note(c);
        }
        self.noted = to;
    }

    fn note(&mut self, c: char) {
        match sloppy_byte_of(c) {
            Some(byte) if byte >= 0x80 => self.stretch.push(byte),
            _ => self.stretch.clear(),
        }
    }

    /// Whether the bytes so far want another one: in a double-byte encoding an odd number of them does.
    fn owes_trail(&self) -> bool {
        self.stretch.len() % 2 == 1 && std::str::from_utf8(&self.stretch).is_err()
    }

    /// The run as it is, or `None` if it cannot be garbled text.
    fn finish(mut self) -> Option<Escaped> {
        let mut end = self.end();
        let after = self.text[end..].chars().take(REACH).take_while(|c| !c.is_ascii());
        end += after.map(char::len_utf8).sum::<usize>();
        self.note_plain(end);
        let is_whole = end == self.end();
        let next = self.text[end..].chars().next();
        let is_free = |c: char| is_trail(c) && (c != '\\' || self.family != Family::Backslash);
        if next.is_some_and(is_free) && self.owes_trail() {
            end += 1;
        } else if is_whole {
            // At the end a space or a soft line break joins nothing.
            while self.marks.last().is_some_and(|mark| matches!(mark.becomes, None | Some(' '))) {
                self.marks.pop();
            }
            end = self.end();
        }
        let span = self.start..end;
        let first = self.marks.first()?;
        let is_pure = first.start == self.start && is_whole;
        let is_suspicious = |mark: &Mark| mark.is_high() && (!is_pure || mark.becomes != Some('\u{a0}'));
        if !self.marks.iter().any(is_suspicious) {
            return None;
        }
        Some(Escaped { text: resolved(self.text, &span, &self.marks), span, marks: self.marks })
    }
}

/// ASCII that may be the second or fourth byte of a character in GB 18030, Big5 or Shift_JIS.
fn is_trail(c: char) -> bool {
    matches!(c, '0'..='9' | '@'..='~')
}

fn resolved(whole: &str, span: &Range<usize>, marks: &[Mark]) -> String {
    let mut text = String::with_capacity(span.len());
    let mut at = span.start;
    for mark in marks {
        text.push_str(&whole[at..mark.start]);
        text.extend(mark.becomes);
        at = mark.end;
    }
    text.push_str(&whole[at..span.end]);
    text
}

/// Puts the meaning in the place of each spelling. `None` if one does not stand where it should.
pub(super) fn unescape(spellings: &[Spelling], text: &[char]) -> Option<Vec<char>> {
    let mut result = Vec::with_capacity(text.len());
    let mut at = 0;
    for spelling in spellings {
        result.extend(text.get(at..spelling.at)?);
        at = spelling.at;
        for c in spelling.source.chars() {
            if *text.get(at)? != c {
                return None;
            }
            at += 1;
        }
        result.extend(spelling.becomes);
    }
    result.extend(text.get(at..)?);
    Some(result)
}

/// Puts each spelling back in the place of its meaning. `None` if one does not mean what stands there.
pub(super) fn escape(spellings: &[Spelling], text: &[char]) -> Option<Vec<char>> {
    let mut result = Vec::with_capacity(text.len());
    let mut at = 0_usize;
    for spelling in spellings {
        let plain = spelling.at.checked_sub(result.len())?;
        let until = at.checked_add(plain)?;
        result.extend(text.get(at..until)?);
        at = until;
        if let Some(c) = spelling.becomes {
            if *text.get(at)? != c {
                return None;
            }
            at += 1;
        }
        result.extend(spelling.source.chars());
    }
    result.extend(text.get(at..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mojibake::{Encoding, Plan, Reader, Step};

    /// What is found, as the span and its meaning; each plan is replayed and inverted on the way.
    fn found(text: &str) -> Vec<(&str, String)> {
        find(text, &Marks::of(text))
            .map(|escaped| {
                replays(text, &escaped);
                if let Some(other) = escaped.with_controls(text) {
                    replays(text, &other);
                }
                (&text[escaped.span], escaped.text)
            })
            .collect()
    }

    fn replays(text: &str, escaped: &Escaped) {
        let before = &text[escaped.span.clone()];
        let plan = Plan::new(vec![Step::Respell(escaped.spellings(text))]);
        assert_eq!(plan.apply(before).as_ref(), Some(&escaped.text), "{before}");
        assert_eq!(plan.invert(&escaped.text).as_deref(), Some(before));
        assert!(plan.losses().is_empty());
    }

    fn one(text: &str) -> String {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let (span, meaning) = &found[0];
        assert_eq!(*span, text);
        meaning.clone()
    }

    #[test]
    fn every_kind_is_resolved() {
        for escaped in [
            "&Atilde;&copy;",
            "&Atilde&copy",
            "&#195;&#169;",
            "&#195&#169",
            "&#xC3;&#XA9;",
            "&#00195;&copy;",
            "&amp;Atilde;&amp;copy;",
            "&amp;amp;#195;&#38;copy;",
            "Ã&copy;",
            "&Atilde;©",
            r"\u00c3\u00a9",
            r"\u00C3\u{a9}",
            r"\U000000c3\xa9",
            r"\xc3\xA9",
            r"\303\251",
            r"\\xc3\\xa9",
            r"\\\\u00c3\\\\u00a9",
            "%C3%A9",
            "%c3%a9",
            "%u00C3%u00a9",
            "%u00C3%A9",
            "%25C3%25A9",
            "%25u00C3%25A9",
            "=C3=A9",
            "=C3=\n=A9",
            "=C3=\r\n=A9",
        ] {
            assert_eq!(one(escaped), "Ã©", "{escaped}");
        }
    }

    #[test]
    fn characters_beyond_latin_1_are_resolved() {
        for (escaped, meaning) in [
            ("&acirc;&euro;&trade;", "â€™"),
            ("&Icirc;&rsquo;&zwj;", "Î’\u{200d}"),
            ("&#226;&#128;&#153;", "â€™"),
            ("&#8364;&#x1F600;&#55357;&#56832;", "€😀😀"),
            (r"\ud83d\ude00\u{1F600}\U0001F600", "😀😀😀"),
            (r"\\ud83d\\ude00", "😀"),
            ("%uD83D%uDE00", "😀"),
            (r"\u951f\u65a4\u62f7", "锟斤拷"),
        ] {
            assert_eq!(one(escaped), meaning, "{escaped}");
        }
    }

    #[test]
    fn numbers_of_controls_have_two_meanings() {
        let text = "&#226;&#128;&#144;&euro;";
        let escaped = find(text, &Marks::of(text)).next().unwrap();
        assert_eq!(escaped.text, "â€\u{90}€");
        assert_eq!(escaped.with_controls(text).unwrap().text, "â\u{80}\u{90}€");
        let text = "&#226;&#144;";
        assert_eq!(find(text, &Marks::of(text)).next().unwrap().with_controls(text), None);
    }

    #[test]
    fn bytes_are_told_from_characters() {
        let is_bytes = |text: &str| find(text, &Marks::of(text)).next().unwrap().is_bytes();
        assert!(["%C3%A9", "=C3=A9", r"\xc3\xa9", r"\303\251"].into_iter().all(is_bytes));
        assert!(!["&Atilde;&copy;", r"\u00c3\xa9", "%u00C3%A9"].into_iter().any(is_bytes));
    }

    #[test]
    fn near_escapes_join_and_far_ones_do_not() {
        let text = "d&Atilde;&copy;j&#195;&nbsp; vu et<br>\n&Atilde;&copy;t&Atilde;&copy;.";
        assert_eq!(found(text), [(&text[1..text.len() - 1], "Ã©jÃ\u{a0} vu et<br>\nÃ©tÃ©".to_owned())]);
        let far = format!("&Atilde;&copy;{}&Atilde;&copy;", " plain".repeat(20));
        assert_eq!(found(&far).len(), 2);
        assert_eq!(found("&Atilde;&copy; %C3%A9 =C3=A9").len(), 3);
    }

    #[test]
    fn markup_in_a_run_stays_escaped() {
        assert_eq!(one("&Atilde;&copy;&lt;b&gt;&amp;&#34;&Atilde;&copy;"), "Ã©&lt;b&gt;&amp;&#34;Ã©");
        assert_eq!(one(r#"\u00c3\u00a9\"\n\u003c\u0041\u0020\u00c3"#), r#"Ã©\"\n\u003cA Ã"#);
        assert_eq!(one("%C3%A9%2F%20%C3%A9"), "Ã©%2F%20Ã©");
        assert_eq!(one("=C3=A9=3D=20=\n=C3=A9"), "Ã©=3D=20Ã©");
    }

    #[test]
    fn the_second_byte_of_a_pair_may_be_ascii() {
        // 礬 and 乗 in GBK are B5 5C and 81 5C; 丂 is 81 40.
        assert_eq!(one(r"\xb5\\"), "µ\\");
        assert_eq!(one(r"\u00b5\\\u00b5\u005c"), "µ\\µ\\");
        assert_eq!(one(r"\\x81\\\\\\x81@"), "\u{81}\\\u{81}@");
        assert_eq!(one("%81%40%81@"), "\u{81}@\u{81}@");
        assert_eq!(one("=B5=\nA=CE"), "µAÎ");
        // GB 18030 writes four bytes, two of them digits.
        assert_eq!(one(r"\x81\x30\x810"), "\u{81}0\u{81}0");
        // Whole characters want no more.
        assert_eq!(found(r"\xc3\xa9\\dir"), [(r"\xc3\xa9", "Ã©".to_owned())]);
        assert_eq!(found(r"\xe4\xb8\xad\\dir"), [(r"\xe4\xb8\xad", "ä¸\u{ad}".to_owned())]);
        assert_eq!(found("=C3=A9=\nA"), [("=C3=A9", "Ã©".to_owned())]);
    }

    #[test]
    fn what_gives_only_ascii_is_passed_over() {
        for text in [
            "",
            "&",
            "\\",
            "%",
            "=",
            "&amp;&lt;p class=&quot;a&quot;&gt;&nbsp;&#160;",
            "&#65;&#66;",
            r#"{"a": "line\n\ttab \"q\" \\ \/ \u0041\u003c"}"#,
            r"\x41\101\0",
            "100% of %d, %5.2f and %s: %20%3D%41",
            "https://a.example/b?c=d&e=f&copy=1&region=2&sect=3#x=9",
            "if (a == b && c &= d) x = y;",
            "a=3D=\nb=20",
            "printf(\"%02x\\n\", &buf);",
            r"C:\Users\new\temp",
            r"\d+\.\w{2}",
            "x=de",
            "\u{a0}plain é 中文",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn malformed_escapes_stay() {
        for text in [
            "&Atild",
            "&Atilde2=",
            "&#;",
            "&#x;",
            "&#xZZ;",
            "&#55357;",
            "&#57088;",
            "&#55357;&#65;",
            "&#1114112;",
            "&#0;",
            "&#999999999;",
            "&notaname;x=",
            r"\u00c",
            r"\u{",
            r"\u{}",
            r"\u{110000}",
            r"\u{0000000c3}",
            r"\ud83d",
            r"\ud83d\u0041",
            r"\ude00",
            r"\ud83d\\ude00",
            r"\xc",
            r"\xg3",
            r"\38",
            r"\309",
            r"\U00110000",
            "%C",
            "%G3",
            "%u00C",
            "%uD83D",
            "%uD83D%u0041",
            "=C",
            "=c3",
            "=CG",
            "&NotEqualTilde;",
        ] {
            assert!(
                found(text).iter().all(|(span, _)| span.starts_with("&not")),
                "{text}: {:?}",
                found(text)
            );
        }
        for (text, span) in
            [("&Atilde;&copy;&Atil", "&Atilde;&copy;"), ("=C3=A9=", "=C3=A9"), ("%C3%A9%", "%C3%A9")]
        {
            assert_eq!(found(text), [(span, "Ã©".to_owned())]);
        }
        // HTML reads a name without its semicolon also where letters follow.
        assert_eq!(found("&notit; &notin;"), [("&notit; &notin;", "¬it; ∉".to_owned())]);
    }

    #[test]
    fn a_plan_that_does_not_fit_is_refused() {
        let text = "a&Atilde;b&copy;";
        let mut spellings = find(text, &Marks::of(text)).next().unwrap().spellings(text);
        let plan = |spellings: &[Spelling]| Plan::new(vec![Step::Respell(spellings.to_vec())]);
        assert_eq!(plan(&spellings).to_string(), "resolve 2 escapes");
        assert_eq!(plan(&spellings).apply("&Atilde;b&copy;").as_deref(), Some("Ãb©"));
        for wrong in ["", "&Atilde;", "&Atilde;b&Copy;", "&Atilde;bc&copy;"] {
            assert_eq!(plan(&spellings).apply(wrong), None, "{wrong}");
        }
        for wrong in ["", "Ã", "Ãb", "Ãbc©", "ÃbÃ"] {
            assert_eq!(plan(&spellings).invert(wrong), None, "{wrong}");
        }
        spellings.swap(0, 1);
        assert_eq!(plan(&spellings).apply("&Atilde;b&copy;"), None);
        assert_eq!(plan(&spellings).invert("Ãb©"), None);
    }

    #[test]
    fn the_step_goes_before_those_of_the_repair() {
        let text = "It&acirc;&#128;&trade;s caf&Atilde;&copy;";
        let escaped = find(text, &Marks::of(text)).next().unwrap();
        let steps = vec![
            Step::Respell(escaped.spellings(text)),
            Step::Encode(Reader::WINDOWS_1252),
            Step::Decode(Encoding::UTF_8),
        ];
        let plan = Plan::new(steps);
        assert_eq!(plan.apply(&text[2..]).as_deref(), Some("’s café"));
        assert_eq!(plan.invert("’s café").as_deref(), Some(&text[2..]));
        assert_eq!(plan.to_string(), "resolve 5 escapes, encode as windows-1252, decode as utf-8");
    }

    #[test]
    fn long_runs_are_cut() {
        for unit in ["&Atilde;&copy;", "%C3%A9", "\\xc3\\xa9 ", "=C3=A9=\n", "\\xb5\\\\", "&Atilde; &#32;"] {
            let text = unit.repeat(20_000);
            let spans: Vec<_> = find(&text, &Marks::of(&text)).map(|escaped| escaped.span).collect();
            let limit = LONGEST + REACH * 4 + 1;
            assert!(spans.len() > 2 && spans.iter().all(|span| span.len() <= limit), "{unit}");
            assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{unit}");
        }
    }

    /// Parts that meet in surprising ways.
    const PARTS: [&str; 46] = [
        "&",
        "amp;",
        "&amp;",
        "&Atilde;",
        "&copy",
        "&#195;",
        "&#x",
        "C3",
        ";",
        "#38;",
        "&#128;",
        "&#55357;",
        "&#56832;",
        "&rsquo;",
        "&nbsp;",
        "\\",
        "\\\\",
        "\\xb5",
        "\\u00c3",
        "u00a9",
        "\\ud83d",
        "\\ude00",
        "\\303",
        "251",
        "\\u{e9}",
        "%",
        "25",
        "%C3",
        "%A9",
        "%u00C3",
        "%uD83D",
        "%uDE00",
        "%40",
        "=",
        "=C3",
        "=A9",
        "=\n",
        "=\r\n",
        "=3D",
        " ",
        "\n",
        "A",
        "é",
        "中",
        "plain text, and more of it than a gap",
        "&#32;",
    ];

    proptest! {
        #[test]
        fn runs_are_sound(parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 0..60)) {
            let text = parts.concat();
            let mut end = 0;
            for escaped in find(&text, &Marks::of(&text)) {
                prop_assert!(escaped.span.start >= end && !escaped.span.is_empty());
                end = escaped.span.end;
                prop_assert!(!escaped.text.is_ascii());
                prop_assert!(escaped.spellings(&text).iter().any(|s| s.becomes.is_some_and(|c| !c.is_ascii())));
                replays(&text, &escaped);
                if let Some(other) = escaped.with_controls(&text) {
                    replays(&text, &other);
                }
            }
        }

        #[test]
        fn escaped_text_comes_back(text in "[\u{a1}-\u{ff}]{2,40}", kind in 0..6) {
            let escaped: String = text.chars().map(|c| match (kind, u32::from(c)) {
                (0, number) => format!("&#{number};"),
                (1, number) => format!("\\u{number:04x}"),
                (2, number) => format!("%{number:02X}"),
                (3, number) => format!("={number:02X}"),
                (4, number) => format!("\\{number:03o}"),
                (_, number) => format!("&amp;#x{number:x};"),
            }).collect();
            prop_assert_eq!(found(&escaped), [(escaped.as_str(), text)]);
        }

        #[test]
        fn any_text_is_read(text in any::<String>()) {
            found(&text);
        }
    }
}
