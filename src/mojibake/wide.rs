//! UTF-16 that was read as single bytes: every other character is the high byte of a unit, and in text of an alphabet
//! that is a control character.
//!
//! Within a line, only runs with NUL or one of the controls 01 to 06 are looked at: the high bytes of the Latin, Greek,
//! Cyrillic, Armenian, Hebrew and Arabic letters. A program that cannot hold NUL may have put U+FFFD in its place.
//! Other units look like any two characters, so ideographs, kana and syllables come back where all of a text or a line is
//! UTF-16, and only if it has controls or the digit 0, which is the high byte of kana.

use std::ops::Range;

use crate::encoding::{Bytes, Encoding, Fed, Pending, Reader, sloppy_byte_of};
use crate::language::{ANY, BIT, Cost, Model, bits};

use super::engine::Pass;
use super::lattice::Channel;
use super::plan::{Edit, EditKind, Plan};
use super::scan::LONGEST;
use super::segment::fitting_reader;
use super::suspect::has_utf8;
use super::{Change, Score, languages, marks, readers, weights};

/// Units that are enough to be called a text.
const ENOUGH: usize = 4;
/// … where some of the high bytes were replaced.
const ENOUGH_REPLACED: usize = 6;
/// Characters by which a text is priced.
const PRICED: usize = 400;
/// Surprise of a character of what comes out, at most: noise has more.
const READABLE: Cost = 9 * BIT;
/// The high byte of dashes, quotation marks and signs of currencies.
const PUNCTUATION: u8 = 0x20;

/// A line of which one character in so many is the digit 0 may be kana …
const KANA_IN: usize = 4;
/// … and lines that are taken together, at most.
const MOST_JOINED: usize = 3;
/// Lines that are looked at one after the other without any being UTF-16: a look takes all readers in both byte orders, and
/// what has so many lines with controls has them for another reason.
const MOST_IN_VAIN: usize = 64;

/// Characters beside a run that tell whether another layer lies on top: those of a unit, and a gap as long.
const TORN: usize = 4;

/// … and that tell whether what was replaced in it was NUL.
const BESIDE: usize = 16;

/// Units in a row.
struct Run {
    span: Range<usize>,
    written: Encoding,
}

impl Pass<'_> {
    /// The changes of all that is UTF-16, one a line, in order.
    pub(super) fn wide(&mut self) -> Vec<Change> {
        if self.seen.windows.is_empty() {
            return Vec::new();
        }
        let signs = Signs::of(self.text, self.marks.control);
        // What the whole gains is told by its beginning, too.
        let may_be_all = signs.may_be_of(&self.text[..self.text.floor_char_boundary(LONGEST)]);
        let whole = may_be_all.then(|| self.all_wide(0..self.text.len())).flatten();
        let mut changes = whole.unwrap_or_else(|| self.wide_parts(signs));
        changes.retain(|change| self.is_wanted(change));
        changes
    }

    /// … where the text as a whole is not.
    fn wide_parts(&self, signs: Signs) -> Vec<Change> {
        let mut changes = if signs.are_none() { Vec::new() } else { self.wide_lines(signs) };
        let whole: Vec<Range<usize>> = changes.iter().map(|change| change.span.clone()).collect();
        let mut done = 0;
        for number in 0..self.seen.windows.len() {
            let window = self.seen.windows[number].clone();
            let bytes = &self.text.as_bytes()[window.clone()];
            let least = || bytes.iter().fold(u8::MAX, |least, &byte| least.min(byte));
            let is_replaced =
                || self.marks.may_have_replaced(&window) && marks::replaced().find(bytes).is_some();
            if (!signs.controls || least() > 6) && !is_replaced() {
                continue;
            }
            let mut from = window.start.max(done);
            while let Some(at) = next_high_byte(self.text, from..window.end.max(from)) {
                let runs = [Encoding::UTF_16LE, Encoding::UTF_16BE];
                let runs = runs.into_iter().filter_map(|written| run(self.text, done, at, written));
                let runs = runs.filter(|run| !is_in_one_of(&whole, &run.span));
                from = at + self.text[at..].chars().next().map_or(1, char::len_utf8);
                let priced = runs.filter_map(|run| Some((self.gain(&run, Reader::WINDOWS_1252)?, run)));
                let best = priced.max_by_key(|&((gain, _, _), _)| gain);
                let Some(((gain, before, after), run)) = best else { continue };
                if is_torn(self.text, &run.span) {
                    from = run.span.end.max(from);
                    continue;
                }
                if let Some(found) = lines(self.text, &run, Reader::WINDOWS_1252, (gain, before, after)) {
                    (from, done) = (run.span.end, run.span.end);
                    changes.extend(found);
                }
            }
        }
        changes
    }

    /// The changes of lines that are UTF-16 as a whole.
    fn wide_lines(&self, signs: Signs) -> Vec<Change> {
        let mut changes = Vec::new();
        let (mut done, mut free, mut in_vain) = (0, 0, 0);
        for number in 0..self.seen.windows.len() {
            let window = self.seen.windows[number].clone();
            let before = &self.text[done.min(window.start)..window.start];
            done += before.rfind('\n').map_or(0, |at| at + 1);
            while done < window.end && in_vain < MOST_IN_VAIN {
                let line = line_at(self.text, done);
                done = line.end + 1;
                if !signs.may_be_of(&self.text[line.clone()]) {
                    continue;
                }
                in_vain += 1;
                if let Some((span, found)) = self.wide_line(free, line) {
                    (done, free, in_vain) = (span.end + 1, span.end, 0);
                    changes.extend(found);
                }
            }
        }
        changes
    }

    /// The changes of a line that is UTF-16, or of as many as are together, because their ends are bytes of characters;
    /// the text from `from` on is free.
    fn wide_line(&self, from: usize, line: Range<usize>) -> Option<(Range<usize>, Vec<Change>)> {
        let mut starts = vec![line.start];
        if let Some(end) = line.start.checked_sub(1).filter(|&end| end >= from) {
            let start = self.text[from..end].rfind('\n').map_or(from, |at| from + at + 1);
            // A line of ASCII is looked at only with the one behind it.
            if has_odd_control(&self.text.as_bytes()[start..end]) {
                starts.insert(0, start);
            } else if start == end {
                starts.push(start);
            }
        }
        for start in starts {
            let mut end = line.end;
            for _ in 0..MOST_JOINED {
                if let Some(changes) = self.all_wide(start..end) {
                    return Some((start..end, changes));
                }
                if end == self.text.len() {
                    break;
                }
                end = line_at(self.text, end + 1).end;
            }
        }
        None
    }

    /// The changes where all of a span is UTF-16, through any reader.
    fn all_wide(&self, span: Range<usize>) -> Option<Vec<Change>> {
        let runs = readers::usual_readers().flat_map(|reader| {
            let run = |written| (Run { span: span.clone(), written }, reader);
            [Encoding::UTF_16LE, Encoding::UTF_16BE].map(run)
        });
        let priced = runs.filter_map(|(run, reader)| Some((self.gain(&run, reader)?, run, reader)));
        let whole = |&((_, _, after), ref run, reader): &((Cost, Cost, Cost), Run, Reader)| {
            after + weights::enter(Channel { written: run.written, reader })
        };
        let (prices, run, reader) = priced.min_by_key(whole)?;
        lines(self.text, &run, reader, prices)
    }

    /// What a run gains, the cost of its beginning as it stands and of what it becomes. `None` if that is not enough.
    fn gain(&self, run: &Run, reader: Reader) -> Option<(Cost, Cost, Cost)> {
        let hints = &self.task.options.encodings;
        let channel = Channel { written: run.written, reader };
        let is_wanted = [run.written, channel.reader.encoding(), Encoding::ISO_8859_1];
        if !hints.is_empty() && !hints.iter().any(|hint| is_wanted.contains(hint)) {
            return None;
        }
        let beginning: String = self.text[run.span.clone()].chars().take(2 * PRICED).collect();
        let text = decode(channel, &beginning)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let models = languages::models_of_text(text.chars()).iter().copied();
        let after = models.chain(Model::named(ANY)).map(|model| model.text_cost(text)).min()?;
        let mut kinds: Vec<char> = text.chars().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let few = weights::FEW.get(2 * kinds.len()).copied().unwrap_or(0);
        let before = self.task.stands.text_cost(&beginning);
        let price = weights::enter(channel) + weights::MARGIN;
        let readable: Cost =
            text.chars().map(|c| if c.is_ascii() { READABLE } else { weights::typical(c) }).sum();
        let is_readable = after <= readable + weights::TYPICAL_ONCE;
        (is_readable && before >= after + price + few).then(|| (before - after, before, after))
    }
}

/// The next character that may be the high byte of a unit.
fn next_high_byte(text: &str, range: Range<usize>) -> Option<usize> {
    let is_high = |(_, c): &(usize, char)| high_byte(*c).is_some_and(|byte| byte < PUNCTUATION);
    text[range.clone()].char_indices().find(is_high).map(|(at, _)| range.start + at)
}

/// The high byte of a unit of an alphabet that a character shows.
fn high_byte(c: char) -> Option<u8> {
    match c {
        '\0'..='\u{6}' => Some(c as u8),
        '\u{fffd}' => Some(0),
        ' ' => Some(PUNCTUATION),
        _ => None,
    }
}

/// The units of a byte order around the high byte at `at`, none of them before `done`.
fn run(text: &str, done: usize, at: usize, written: Encoding) -> Option<Run> {
    let is_le = written == Encoding::UTF_16LE;
    let mut start = at;
    if is_le {
        start -= text[done..at].chars().next_back()?.len_utf8();
    }
    let mut run = Run { span: start..start, written };
    let (mut units, mut is_replaced, mut end) = (0, false, start);
    let mut chars = text[start..].chars();
    while let (Some(first), Some(second)) = (chars.next(), chars.next()) {
        let (low, high) = if is_le { (first, second) } else { (second, first) };
        let (Some(low_byte), Some(high_byte)) = (sloppy_byte_of(low), high_byte(high)) else { break };
        if high_byte == PUNCTUATION && !matches!(low_byte, 0x10..=0x3a | 0xa0..=0xbf) {
            break;
        }
        // A unit 0000, and one of controls, is no text.
        if high_byte == 0 && low_byte < 0x20 && !matches!(low_byte, b'\t' | b'\n' | b'\r') {
            break;
        }
        is_replaced |= high == '\u{fffd}';
        units += 1;
        end += first.len_utf8() + second.len_utf8();
        if high_byte != PUNCTUATION {
            run.span.end = end;
        }
    }
    let mark = if is_le { "ÿþ" } else { "þÿ" };
    if text[done..start].ends_with(mark) {
        run.span.start -= mark.len();
    }
    let needed = if is_replaced { ENOUGH_REPLACED } else { ENOUGH };
    (units >= needed && !(is_replaced && is_among_replaced(text, &run.span))).then_some(run)
}

/// Whether more was replaced beside a run: then every second character of it was one of a pair, or a letter, and no NUL.
fn is_among_replaced(text: &str, span: &Range<usize>) -> bool {
    let mut before = text[..span.start].chars().rev().take(BESIDE);
    let mut after = text[span.end..].chars().take(BESIDE);
    before.any(|c| c == '\u{fffd}') || after.any(|c| c == '\u{fffd}')
}

/// Whether a run ends where one character became several: there is another layer on top, which goes first.
fn is_torn(text: &str, span: &Range<usize>) -> bool {
    let [before, after] = [&text[..span.start], &text[span.end..]];
    let mut start: Vec<char> = before.chars().rev().take(TORN).collect();
    start.reverse();
    start.extend(text[span.clone()].chars().next());
    let mut end: Vec<char> = text[span.clone()].chars().next_back().into_iter().collect();
    end.extend(after.chars().take(TORN));
    has_utf8(&start) || has_utf8(&end)
}

/// `None` if something comes out that stands in no text. The half of a character at the end of a beginning is left out.
fn decode(channel: Channel, text: &str) -> Option<String> {
    let mut decoded = String::with_capacity(text.len());
    let mut pending = Pending::NONE;
    for c in text.chars() {
        for &byte in bytes_of(channel.reader, c)?.as_slice() {
            match channel.written.feed(pending, byte) {
                Fed::More(more) => pending = more,
                Fed::Char(c) if is_no_text(c) => return None,
                Fed::Char(c) => {
                    decoded.push(c);
                    pending = Pending::NONE;
                }
                Fed::Malformed => return None,
            }
        }
    }
    Some(decoded)
}

fn is_no_text(c: char) -> bool {
    let is_private = ('\u{e000}'..='\u{f8ff}').contains(&c) || c >= '\u{e0000}';
    is_private || c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

fn bytes_of(reader: Reader, c: char) -> Option<Bytes> {
    match c {
        // A program that cannot hold NUL; readers of pairs replace what they do not have.
        '\u{fffd}' if reader.encoding().is_single_byte() => Some(Bytes::one(0)),
        _ => reader.encoding().sloppy_bytes_of(c),
    }
}

/// The line that begins at `start`, without its end: a line end that is a unit with the NUL behind it ends none.
fn line_at(text: &str, start: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut ends = memchr::memchr_iter(b'\n', &bytes[start..]).map(|at| start + at);
    start..ends.find(|&end| bytes.get(end + 1) != Some(&0)).unwrap_or(text.len())
}

/// What of UTF-16 a text has anywhere: most have nothing, and its lines need not be asked for it.
#[derive(Clone, Copy)]
struct Signs {
    /// Controls that stand in no text.
    controls: bool,
    /// … and those from U+0080 on.
    high_controls: bool,
    /// Digits that may be the high bytes of kana.
    zeros: bool,
}

impl Signs {
    /// … of which the first control from U+0080 on stands at the byte `control`.
    fn of(text: &str, control: usize) -> Self {
        Self {
            controls: has_odd_control(text.as_bytes()),
            high_controls: control < text.len(),
            zeros: memchr::memchr_iter(b'0', text.as_bytes()).nth(ENOUGH / 2 - 1).is_some(),
        }
    }

    fn are_none(self) -> bool {
        !(self.controls || self.high_controls || self.zeros)
    }

    /// Whether a line may be UTF-16 as a whole: it has controls that stand in no text and are no bytes of UTF-8, or every
    /// other character of a good part is the high byte of kana.
    fn may_be_of(self, line: &str) -> bool {
        self.controls && has_odd_control(line.as_bytes())
            || self.zeros && has_zeros(line)
            || self.high_controls && {
                let chars = || line.chars().take(2 * PRICED).collect::<Vec<char>>();
                marks::high_control(line.as_bytes()).is_some()
                    && line.chars().nth(2 * ENOUGH - 1).is_some()
                    && !has_utf8(&chars())
            }
    }
}

fn has_zeros(line: &str) -> bool {
    // No character has more than four bytes.
    let zeros = memchr::memchr_iter(b'0', line.as_bytes()).count();
    zeros >= ENOUGH / 2 && zeros * KANA_IN * 4 >= line.len() && zeros * KANA_IN >= line.chars().count()
}

/// Whether a span touches one of some, which are in order.
fn is_in_one_of(spans: &[Range<usize>], span: &Range<usize>) -> bool {
    let next = spans.partition_point(|other| other.end <= span.start);
    spans.get(next).is_some_and(|other| other.start < span.end)
}

/// A control character that stands in no text.
fn is_odd_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

/// Whether there is one among the bytes; asked of many at once, without a branch for each.
fn has_odd_control(bytes: &[u8]) -> bool {
    // Most text has no other control than the end of a line, and two comparisons are less than six.
    let has = |chunk: &[u8], is: fn(u8) -> bool| chunk.iter().fold(false, |found, &byte| found | is(byte));
    bytes
        .chunks(1024)
        .any(|chunk| has(chunk, |byte| byte < 0x20 && byte != b'\n') && has(chunk, is_odd_control))
}

/// The changes of a run, line by line: the end of a line is two characters.
fn lines(
    text: &str,
    run: &Run,
    reader: Reader,
    (gain, before, after): (Cost, Cost, Cost),
) -> Option<Vec<Change>> {
    let channel = Channel { written: run.written, reader };
    let mut changes = Vec::new();
    let (mut line, mut start) = (Vec::new(), run.span.start);
    let mut pending = Pending::NONE;
    for c in text[run.span.clone()].chars() {
        line.push(c);
        let mut is_end = false;
        for &byte in bytes_of(reader, c)?.as_slice() {
            (pending, is_end) = match channel.written.feed(pending, byte) {
                Fed::More(more) => (more, false),
                Fed::Char(c) => (Pending::NONE, c == '\n'),
                Fed::Malformed => return None,
            };
        }
        if is_end {
            changes.push(change(&line, start, channel)?);
            start += line.drain(..).map(char::len_utf8).sum::<usize>();
        }
    }
    if !line.is_empty() {
        changes.push(change(&line, start, channel)?);
    }
    for change in &mut changes {
        change.confidence = weights::confidence(bits(gain));
        let price = weights::enter(channel);
        change.score = Score { as_it_stands: bits(before), repaired: bits(after), channel: bits(price) };
    }
    Some(changes)
}

fn change(garbled: &[char], start: usize, channel: Channel) -> Option<Change> {
    let read: Vec<char> = garbled.iter().copied().filter(|&c| c != '\u{fffd}').collect();
    let reader = fitting_reader(channel.reader, &read);
    // Replaced, or passed on as a control.
    let edits = garbled.iter().enumerate().filter(|&(_, &c)| reader.bytes_of(c).is_none());
    let edit = |(at, &from): (usize, &char)| {
        Some(Edit { at, kind: EditKind::Replace { from, bytes: bytes_of(channel.reader, from)? } })
    };
    let plan = Plan::transcode(edits.map(edit).collect::<Option<_>>()?, reader, channel.written);
    let before: String = garbled.iter().collect();
    let after = plan.apply(&before)?;
    (plan.invert(&after).as_ref() == Some(&before)).then(|| Change {
        span: start..start + before.len(),
        before,
        after,
        plan,
        guessed: Vec::new(),
        confidence: 0.0,
        alternatives: Vec::new(),
        score: Score { as_it_stands: 0.0, repaired: 0.0, channel: 0.0 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, written: Encoding) -> String {
        written.encode(text).unwrap().into_iter().map(char::from).collect()
    }

    fn repaired(text: &str) -> String {
        let repair = crate::repair(text);
        for change in repair.changes() {
            assert_eq!(text[change.span.clone()], change.before);
            assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after));
            assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
        }
        assert_eq!(crate::repair(repair.text()).changes(), [], "{text:?}");
        repair.into_text().into_owned()
    }

    #[test]
    fn what_is_left_of_big5_is_no_utf16() {
        let text = Encoding::BIG5.encode("這一次他將每十名士兵編成一隊，帶到山上去。").unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains("\u{fffd}L\u{fffd}N\u{fffd}C\u{fffd}Q\u{fffd}W\u{fffd}h\u{fffd}L"));
        assert_eq!(repaired(&text), text);
    }

    #[test]
    fn utf16_read_as_bytes_comes_back() {
        for truth in [
            "Hello",
            "Ganz gewöhnlicher Text – „so“.\r\nZweite Zeile.\n\nDritte",
            "Привет, как дела? 2023",
            "Καλημέρα, τι κάνετε;",
            "שלום לכם",
            "Dziękuję za pomoc",
        ] {
            for written in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
                assert_eq!(repaired(&read(truth, written)), truth, "{written}");
                let marked = format!("\u{feff}{truth}");
                assert_eq!(repaired(&read(&marked, written)), marked, "{written}");
            }
        }
    }

    #[test]
    fn all_of_a_text_comes_back_through_any_reader() {
        for truth in [
            "赤い色、青い空 2023",
            "나쁜 소식을 가지고 있었다",
            "对我来说没关系，\n不要紧 12",
            "Привет, друзья",
        ] {
            for label in ["windows-1252", "windows-1251", "cp437", "koi8-r"] {
                let reader = Reader::of(Encoding::from_label(label).unwrap());
                for written in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
                    let bytes = written.encode(truth).unwrap();
                    let garbled = reader.read(&bytes);
                    assert_eq!(repaired(&garbled), truth, "{written} as {label}: {garbled:?}");
                }
            }
        }
    }

    /// Without controls, too: the high byte of kana is the digit 0.
    #[test]
    fn lines_come_back_among_clean_lines() {
        for (before, line, after) in [
            ("渡し舟は朝に出る。", "この川の水はとても冷たいので、だれも泳ぎません。", "夕方には戻る。"),
            ("배는 아침에 떠난다.", "강가에서 노인이 그물을 손질한다.", "저녁에 돌아온다."),
            ("船在早上开。", "昨夜上游下了雨，今天的水面比昨天高一些。", "晚上回来。"),
        ] {
            for label in ["windows-1252", "windows-1257", "cp437", "gbk", "shift_jis"] {
                let reader = Reader::of(Encoding::from_label(label).unwrap());
                for written in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
                    let garbled = reader.read(&written.encode(line).unwrap());
                    // Pairs that the reader does not have are lost.
                    if garbled.contains('\u{fffd}') {
                        continue;
                    }
                    let text = format!("{before}\n{garbled}\n{after}\n");
                    assert_eq!(repaired(&text), format!("{before}\n{line}\n{after}\n"), "{written} {label}");
                }
            }
        }
    }

    #[test]
    fn it_comes_back_among_clean_text() {
        for written in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
            let inside = read("Привет, друзья", written);
            assert_eq!(repaired(&format!("name: {inside}; ok\n")), "name: Привет, друзья; ok\n", "{written}");
        }
        let inside = read("hello, world", Encoding::UTF_16LE).replace('\0', "\u{fffd}");
        assert_eq!(repaired(&format!("({inside})")), "(hello, world)");
    }

    #[test]
    fn controls_that_are_no_utf16_stay() {
        for text in [
            "a\0b",
            "8=FIX\u{1}9=12\u{1}35=A\u{1}49=B\u{1}",
            "\u{2}bold\u{2} and \u{3}04red\u{3}",
            "N\u{8}NA\u{8}AM\u{8}ME\u{8}E",
            "\0\0\0\0\0\0\0\0",
            "one\0two\0three\0",
            "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{1}\u{2}\u{3}\u{4}",
            "\u{fffd}4 \u{fffd}7\u{fffd} 12",
            "Ä0Ö0Ü0 – 10²0 €",
            "\u{82}\u{82}",
        ] {
            assert_eq!(repaired(text), text);
        }
    }
}
