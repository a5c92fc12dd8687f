//! Damage under another spelling: escapes around it, or characters that were taken apart after they had been read.

use std::ops::Range;

use crate::combining::is_mark;

use super::compose::{compose, splice};
use super::engine::{Depth, Pass, repair_to_depth};
use super::escape::Escaped;
use super::plan::{Plan, Step};
use super::respell::{self, Respelled};
use super::scan::{LONGEST, in_lines};
use super::{Change, Score, escape};

impl Pass<'_> {
    /// Damage whose characters are written as escapes, or were taken apart: what they spell is repaired, if it can be.
    pub(super) fn respelled(&self, changes: &mut Vec<Change>) {
        let Some(deeper) = self.depth.under_a_layer() else { return };
        let mut found = Vec::new();
        let strange = self.seen.windows.first().map_or(self.text.len(), |window| window.start);
        for run in respell::find(self.text, &self.marks, strange) {
            self.spelled(run, deeper, &mut found);
        }
        // Marks that windows-1258 gave by themselves were never one with the letters before them.
        let explains_marks = |change: &&Change| change.before.contains(is_mark);
        found.retain(|other: &Change| {
            !changes.iter().filter(explains_marks).any(|change| touches(&change.span, &other.span))
        });
        self.escaped(deeper, &mut found);
        if found.is_empty() {
            changes.dedup_by(|b, a| touches(&a.span, &b.span));
            return;
        }
        // What was put together explains more than what was found in its pieces.
        changes.retain(|change| !found.iter().any(|other| touches(&change.span, &other.span)));
        changes.extend(found);
        changes.sort_by_key(|change| change.span.start);
        changes.dedup_by(|b, a| touches(&a.span, &b.span));
    }

    /// Escapes, first all of a line together with the words around them, then each run by itself.
    fn escaped(&self, deeper: Depth, found: &mut Vec<Change>) {
        let is_text = |run: &Escaped| {
            // Escaped bytes of valid UTF-8 are what every source file has, and tables of numbers.
            !run.is_bytes()
                || !is_escaped_utf8(&run.text)
                    && !is_in_address(self.text, &run.span)
                    && !is_table(&self.text[run.span.clone()])
        };
        let mut runs = escape::find(self.text, &self.marks).filter(is_text).peekable();
        while let Some(first) = runs.next() {
            let mut lines = in_lines(self.text, &first.span);
            let mut together = vec![first];
            while let Some(next) = runs.peek() {
                let more = in_lines(self.text, &next.span);
                if more.start >= lines.end || next.span.end - lines.start >= LONGEST {
                    break;
                }
                lines.end = more.end;
                together.extend(runs.next());
            }
            let before = found.len();
            self.in_words(lines, &together, deeper, found);
            let done: Vec<Range<usize>> = found[before..].iter().map(|change| change.span.clone()).collect();
            for run in together {
                if !done.iter().any(|done| touches(done, &run.span)) {
                    self.by_itself(run, deeper, found);
                }
            }
        }
    }

    /// Repairs what runs of escapes spell, between the plain text beside them. Those are kept in which something was.
    /// Spelled bytes are left out: in the source of a program they stand in the middle of anything.
    fn in_words(&self, lines: Range<usize>, runs: &[Escaped], deeper: Depth, found: &mut Vec<Change>) {
        let stands = &self.text[lines.clone()];
        let within = |span: &Range<usize>| span.start - lines.start..span.end - lines.start;
        let spelled = |run: &Escaped| {
            let respelled = Respelled {
                span: within(&run.span),
                text: run.text.clone(),
                spellings: run.spellings(self.text),
            };
            resolved(stands, respelled)
        };
        let outer: Vec<Change> = runs.iter().filter(|run| !run.is_bytes()).flat_map(spelled).collect();
        if outer.is_empty() {
            return;
        }
        let middle = splice(stands, &outer);
        let inner = repair_to_depth(self.task, &middle, deeper.under_words(self.depth));
        if inner.changes.is_empty() || self.task.is_spent() {
            return;
        }
        let changes = compose(stands, outer.clone(), &middle, inner.changes);
        add_more(changes, &outer, lines.start, found);
    }

    /// Repairs what a run of escapes spells, of which by itself little says that it is damaged. References to 128–159 mean windows-1252 by the standard, and controls to
    /// those who do not know it.
    fn by_itself(&self, run: Escaped, deeper: Depth, found: &mut Vec<Change>) {
        let with_controls = run.with_controls(self.text);
        for run in [Some(run), with_controls].into_iter().flatten() {
            let spellings = run.spellings(self.text);
            if self.spelled(Respelled { span: run.span, text: run.text, spellings }, deeper, found) {
                break;
            }
        }
    }

    fn spelled(&self, run: Respelled, deeper: Depth, found: &mut Vec<Change>) -> bool {
        let (start, text) = (run.span.start, run.text.clone());
        let inner = repair_to_depth(self.task, &text, deeper);
        if !inner.changes.iter().any(|change| change.before.chars().count() > 1) || self.task.is_spent() {
            return false;
        }
        let stands = &self.text[run.span.clone()];
        let outer = resolved(stands, Respelled { span: 0..stands.len(), ..run });
        let before = found.len();
        add_more(compose(stands, outer.clone(), &text, inner.changes), &outer, start, found);
        found.len() > before
    }
}

/// Adds those changes that do more than to put in what spellings mean; their places count from `start`.
fn add_more(changes: Vec<Change>, outer: &[Change], start: usize, found: &mut Vec<Change>) {
    for mut change in changes {
        let is_more = outer.iter().any(|run| touches(&run.span, &change.span) && run.plan != change.plan);
        if is_more && change.plan.invert(&change.after).as_ref() == Some(&change.before) {
            change.span = change.span.start + start..change.span.end + start;
            found.push(change);
        }
    }
}

/// The changes, one a line, that put in the place of the spellings of a run of `text` what they mean, and nothing more.
fn resolved(text: &str, run: Respelled) -> Vec<Change> {
    let whole: Vec<char> = text[run.span.clone()].chars().collect();
    let mut changes = Vec::new();
    let mut spellings = run.spellings.into_iter().peekable();
    let (mut first, mut start) = (0, run.span.start);
    while first < whole.len() {
        // Places count from the beginning of the line; the soft line break of quoted-printable ends none.
        let (mut own, mut end) = (Vec::new(), first);
        let end = loop {
            let plain = spellings.peek().map_or(whole.len(), |next| next.at);
            if let Some(at) = whole[end..plain].iter().position(|&c| c == '\n') {
                break end + at;
            }
            let Some(mut spelling) = spellings.next() else { break plain };
            end = plain + spelling.source.chars().count();
            spelling.at -= first;
            own.push(spelling);
        };
        let before: String = whole[first..end].iter().collect();
        let next = start + before.len() + 1;
        let plan = Plan::new(vec![Step::Respell(own)]);
        changes.extend(plan.apply(&before).filter(|after| *after != before).map(|after| Change {
            span: start..start + before.len(),
            before,
            after,
            plan,
            guessed: Vec::new(),
            confidence: 1.0,
            alternatives: Vec::new(),
            score: Score { as_it_stands: 0.0, repaired: 0.0, channel: 0.0 },
        }));
        (first, start) = (end + 1, next);
    }
    changes
}

fn touches(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether a span lies in an address: there escapes are as they must be, whatever the encoding.
fn is_in_address(text: &str, span: &Range<usize>) -> bool {
    let from = text.floor_char_boundary(span.start.saturating_sub(ADDRESS));
    let before = text[from..span.start].rsplit([' ', '\n', '\t', '"', '<', '(']).next().unwrap_or_default();
    before.contains("://") || before.starts_with("www.") || before.ends_with(['/', '=', '&', '?'])
}

/// Bytes of an address that are looked at before an escape.
const ADDRESS: usize = 512;

/// Whether characters that spell bytes spell valid UTF-8, but for a character that is cut.
fn is_escaped_utf8(text: &str) -> bool {
    let pieces = text.split(|c| c > '\u{ff}');
    pieces.filter(|piece| !piece.is_ascii()).all(|piece| {
        let bytes: Vec<u8> = piece.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
        invalid <= MOST_CUT && invalid * 4 <= bytes.len()
    })
}

/// Whether bytes that are spelled in a program are no text: some of them are control characters that none has.
fn is_table(source: &str) -> bool {
    let is_control = |rest: &&str| match rest.as_bytes() {
        [b'0', b'0'..=b'9', ..] => false,
        [b'0', ..] => true,
        [b'x', b'0', low, ..] => !matches!(low, b'9' | b'a' | b'A' | b'd' | b'D'),
        [b'x', b'1', low, ..] => !matches!(low, b'b' | b'B'),
        _ => false,
    };
    // One may end a string.
    source.split('\\').skip(1).filter(is_control).nth(1).is_some()
}

/// Bytes of a character that is cut at the end of a run.
const MOST_CUT: usize = 3;

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::super::assert_comes_back;
    use crate::repair;

    /// What the repair makes of a text whose characters from U+0080 on are written as references.
    #[track_caller]
    fn of_references(garbled: &str) -> String {
        let reference = |c: char| match c {
            '\0'..='\x7f' => c.to_string(),
            c => format!("&#{};", u32::from(c)),
        };
        let escaped: String = garbled.chars().map(reference).collect();
        let repair = repair(&escaped);
        for change in repair.changes() {
            assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after));
            assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
        }
        repair.text.into_owned()
    }

    /// The marks are bytes of their own: with the letters before them they are others, which windows-1258 has not.
    #[test]
    fn what_windows_1258_read_comes_back() {
        for (truth, written) in [
            ("Pie Bērziņa mājas stāv laiva, un zvejnieks Kalniņš gaida brālēnu.", "windows-1257"),
            ("Паром отходит в шесть, а мост закрыт до утра.", "koi8-r"),
            ("Паром отходит в шесть, а мост закрыт до утра.", "windows-1251"),
        ] {
            assert_comes_back(truth, written, "windows-1258");
        }
    }

    /// One letter says nothing by itself; the words around it do.
    #[test]
    fn references_are_read_with_the_words_around_them() {
        for (garbled, truth) in [
            ("Nach Mittag stieº das Boot ans Ufer.", "Nach Mittag stieß das Boot ans Ufer."),
            (
                "Przystañ by³a zamkniêta do wiosny, a ³ódki sta³y na brzegu.",
                "Przystań była zamknięta do wiosny, a łódki stały na brzegu.",
            ),
        ] {
            assert_eq!(repair(garbled).text, truth);
            assert_eq!(of_references(garbled), truth);
        }
    }

    /// A change ends where the line does, and a line in which nothing is damaged stays as it was spelled.
    #[test]
    fn each_line_is_a_change() {
        let truth = "Über den Fluß führt eine Brücke.\nSie ist aus Holz …\nAm Ufer blüht der Mohn.";
        let lines = [
            "U\u{308}ber den FluA\u{303}\u{9f} fA\u{303}1\u{2044}4hrt eine BrA\u{303}1\u{2044}4cke.",
            "Sie ist aus Holz …",
            "Am Ufer blA\u{303}1\u{2044}4ht der Mohn.",
        ];
        let garbled = lines.join("\n");
        let repair = repair(&garbled);
        assert_eq!(repair.text.nfc().collect::<String>(), truth);
        assert_eq!(repair.changes().len(), 2);
        for change in repair.changes() {
            assert!(!change.before.contains('\n'));
            assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after));
            assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
        }
    }

    /// Far from what is damaged, a reference is somebody's way to write.
    #[test]
    fn references_that_are_not_damaged_stay() {
        let text =
            "Nach Mittag stie&#xBA; das Boot ans Ufer.\nDort wartete seit dem Morgen eine kleine F&auml;hre.";
        let repair = crate::repair(text);
        assert_eq!(repair.text, text.replace("&#xBA;", "ß"));
        assert_eq!(repair.changes().len(), 1);
        for clean in [
            "caf&eacute; cr&egrave;me",
            "an der F&auml;hre, f&uuml;r Ruderer",
            "\\u6e21\\u8239 \\u00e9t\\u00e9",
        ] {
            assert_eq!(crate::repair(clean).text, clean);
        }
    }

    /// Spelled bytes stand in the middle of anything: a word around them is none.
    #[test]
    fn bytes_in_a_program_are_not_read_with_the_words_around_them() {
        for text in [
            "check \"h%8Ft name\" in list",
            "printf(\"stie\\xBA das Boot\")",
            r#"b"\x80\0\x01\0\0 \x80\x10\x01\0\xB1D\0\0 \x93\x11\xA6\x11\xBD\x11\xD1""#,
            r#"b"\x87\0\x90\0\x99\0\xA2\0\xE6\xAD\xA3\xE6\x9C\x88\xE4\xBA\x8C\xE6\x9C\x88""#,
        ] {
            assert_eq!(repair(text).text, text);
        }
    }
}
