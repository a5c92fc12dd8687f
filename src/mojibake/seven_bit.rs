//! Damage that is all ASCII: text in ISO-2022-JP, whose escape characters are there or were dropped, text in HZ, and
//! the encoded words of mail.
//!
//! The marks that such text stands between are seldom seen elsewhere, but they are: `$B` is a variable of a shell, `~{`
//! begins a group in TeX. So what stands between two marks must decode whole, and must be so much likelier as text of
//! its language that it pays for the channel.
//!
//! Sources: RFC 1468 (ISO-2022-JP), RFC 1843 (HZ).

use std::ops::Range;

use crate::encoding::{Bytes, Encoding, Reader};
use crate::language::{BIT, Cost, bits};

use super::engine::Pass;
use super::lattice::Channel;
use super::plan::{Edit, EditKind, Plan};
use super::{Alternative, Change, Reason, Score, Undecided, encoded_word, languages, weights};

/// The escape character of ISO-2022.
const ESCAPE: u8 = 0x1b;
/// Bytes between two marks, at most: mail has lines of 76, and some programs join lines.
const LONGEST: usize = 4096;

/// What a sign of ASCII costs at most: one of a hundred.
const SIGN: Cost = 7 * BIT;

/// Text between two marks.
struct Run {
    span: Range<usize>,
    plan: Plan,
    written: Encoding,
    /// Whether the marks are such that nothing else has them.
    is_sure: bool,
}

/// A run that decodes, and what speaks for it.
struct Priced {
    run: Run,
    after: String,
    before: Cost,
    cost: Cost,
    /// What it must win by on top of the price of the channel, because few characters say little.
    few: Cost,
    /// Whether it is like text of its language.
    is_typical: bool,
}

impl Pass<'_> {
    /// The changes of all that is written in seven bits, in order.
    pub(super) fn seven_bit(&mut self) -> Vec<Change> {
        let mut priced = Vec::new();
        let mut changes = Vec::new();
        let bytes = self.text.as_bytes();
        let mut done = 0;
        let first = self.marks.seven_bit;
        for at in memchr::memchr3_iter(b'~', b'$', b'=', &bytes[first..]).map(|at| first + at) {
            if at < done {
                continue;
            }
            let run = match (bytes[at], bytes.get(at + 1)) {
                (b'~', Some(b'{')) => hz(self.text, at),
                (b'$', Some(b'B' | b'@')) => iso_2022_jp(self.text, at),
                (b'=', Some(b'?')) => {
                    if let Some((end, found)) = encoded_word::changes(self.text, at) {
                        done = end;
                        changes.extend(found);
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some(run) = run
                && let Some(run) = self.priced(run)
            {
                done = run.run.span.end;
                priced.push(run);
            }
        }
        let mut known: Vec<Encoding> =
            priced.iter().filter(|run| self.pays(run, &[])).map(|run| run.run.written).collect();
        known.dedup();
        let paid = priced.into_iter().filter(|run| self.pays(run, &known));
        changes.extend(paid.map(|run| run.into_change(self.text, &known)));
        changes.retain(|change| self.is_wanted(change));
        changes.sort_by_key(|change| change.span.start);
        changes
    }

    fn priced(&self, run: Run) -> Option<Priced> {
        let stands = &self.text[run.span.clone()];
        let after = run.plan.apply(stands)?;
        if after.is_empty() || run.plan.invert(&after).as_deref() != Some(stands) {
            return None;
        }
        let truth = languages::of(run.written).first().and_then(|tag| languages::model(tag))?;
        let cost = truth.text_cost(&after);
        let typical: Cost = after.chars().map(weights::typical).sum();
        let is_typical = cost <= typical + weights::TYPICAL_ONCE;
        let mut kinds: Vec<char> = after.chars().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let few = weights::FEW.get(2 * kinds.len()).copied().unwrap_or(0);
        // Code is like no text, and yet no noise: its signs cost no more than signs by chance.
        let before = self.task.stands.text_cost(stands).min(SIGN * stands.len() as Cost);
        // `$A$C` is what code is full of; two marks around pairs are not.
        let few = if run.written == Encoding::HZ { few / 2 } else { few };
        Some(Priced { run, after, before, cost, few, is_typical })
    }

    fn pays(&self, run: &Priced, known: &[Encoding]) -> bool {
        // Where other runs leave no doubt, a sign alone is one, too.
        let is_known = known.contains(&run.run.written);
        if run.run.is_sure || self.is_garbled() {
            return run.is_typical || is_known;
        }
        let needed = match is_known {
            true => weights::ENTER_AGAIN,
            false => weights::enter(run.run.channel()) + run.few,
        };
        (run.is_typical || is_known) && run.before >= run.cost + needed + weights::MARGIN
    }

    /// Whether the caller wants a change; lists it if not.
    pub(super) fn is_wanted(&mut self, change: &Change) -> bool {
        let is_sure = change.confidence >= self.task.options.min_confidence;
        let is_lossy = self.task.options.lossless_only && !change.is_lossless();
        if is_sure && !is_lossy {
            return true;
        }
        self.undecided.push(Undecided {
            span: change.span.clone(),
            reason: if is_lossy { Reason::Lossy } else { Reason::NotSureEnough },
            guesses: vec![Alternative { after: change.after.clone(), confidence: change.confidence }],
        });
        false
    }
}

impl Run {
    fn channel(&self) -> Channel {
        Channel { written: self.written, reader: Reader::WINDOWS_1252 }
    }
}

impl Priced {
    fn into_change(self, text: &str, known: &[Encoding]) -> Change {
        let channel = match known.contains(&self.run.written) {
            true => weights::ENTER_AGAIN,
            false => weights::enter(self.run.channel()),
        };
        let gain = bits(self.before) - bits(self.cost + channel);
        let gain = if self.run.is_sure { f64::INFINITY } else { gain };
        Change {
            before: text[self.run.span.clone()].to_owned(),
            span: self.run.span,
            after: self.after,
            plan: self.run.plan,
            guessed: Vec::new(),
            confidence: weights::confidence(gain),
            alternatives: Vec::new(),
            score: Score {
                as_it_stands: bits(self.before),
                repaired: bits(self.cost),
                channel: bits(channel),
            },
        }
    }
}

/// `~{`, pairs, `~}`.
fn hz(text: &str, at: usize) -> Option<Run> {
    let pairs = pairs(text.as_bytes(), at + 2, |pair| pair == b"~}")?;
    let span = at..pairs.end + 2;
    let plan = Plan::transcode(Vec::new(), Reader::WINDOWS_1252, Encoding::HZ);
    Some(Run { span, plan, written: Encoding::HZ, is_sure: false })
}

/// `$B`, pairs, `(B`, each mark with its escape character or both without. The marks of 1978, `$@` and `(J`, are read
/// for those of 1983, which encoders write.
fn iso_2022_jp(text: &str, at: usize) -> Option<Run> {
    let bytes = text.as_bytes();
    let has_escape = at.checked_sub(1).is_some_and(|before| bytes[before] == ESCAPE);
    let is_end = |pair: &[u8]| match has_escape {
        true => pair == [ESCAPE, b'('],
        false => matches!(pair, b"(B" | b"(J"),
    };
    let pairs = pairs(bytes, at + 2, is_end)?;
    let (start, last) = match has_escape {
        true => (at - 1, pairs.end + 2),
        false => (at, pairs.end + 1),
    };
    let mut edits = Vec::new();
    let mut edit = |place: usize, kind| edits.push(Edit { at: place - start, kind });
    let replaced = |from: u8| EditKind::Replace { from: char::from(from), bytes: Bytes::one(b'B') };
    if !has_escape {
        edit(at, EditKind::Insert(ESCAPE));
    }
    if bytes[at + 1] != b'B' {
        edit(at + 1, replaced(bytes[at + 1]));
    }
    if !has_escape {
        edit(pairs.end, EditKind::Insert(ESCAPE));
    }
    match bytes.get(last)? {
        b'B' => {}
        b'J' => edit(last, replaced(b'J')),
        _ => return None,
    }
    let plan = Plan::transcode(edits, Reader::WINDOWS_1252, Encoding::ISO_2022_JP);
    Some(Run { span: start..last + 1, plan, written: Encoding::ISO_2022_JP, is_sure: has_escape })
}

/// The pairs of visible ASCII from `from` on, up to the pair that ends them.
fn pairs(bytes: &[u8], from: usize, is_end: impl Fn(&[u8]) -> bool) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        let pair = bytes.get(at..at + 2)?;
        if is_end(pair) {
            return (at > from).then_some(from..at);
        }
        if pair.iter().any(|byte| !(0x21..=0x7e).contains(byte)) || at - from > LONGEST {
            return None;
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Repairer;

    /// The repaired text; each plan is replayed and inverted on the way.
    fn repaired(text: &str) -> String {
        let repair = crate::repair(text);
        for change in repair.changes() {
            assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after));
            assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
        }
        assert_eq!(crate::repair(repair.text()).changes(), [], "{text}");
        repair.into_text().into_owned()
    }

    #[test]
    fn text_of_seven_bits_comes_back() {
        for (text, truth) in [
            ("\u{1b}$B$3$s$K$A$O\u{1b}(B", "こんにちは"),
            ("$B$3$s$K$A$O(B", "こんにちは"),
            ("Subject: $B2q5D$N$*CN$i$;(B (re: plan)", "Subject: 会議のお知らせ (re: plan)"),
            ("$@$3$s$K$A$O(J, $@F|K\\8l(J!", "こんにちは, 日本語!"),
            ("x \u{1b}$BF|\u{1b}(B y", "x 日 y"),
            ("~{VPND~}", "中文"),
            ("Hi ~{Dz:C#,EsSQ~}, bye", "Hi 您好，朋友, bye"),
        ] {
            assert_eq!(repaired(text), truth, "{text}");
        }
    }

    #[test]
    fn a_dropped_escape_character_is_a_loss() {
        let text = "$B$3$s$K$A$O(B";
        let repair = crate::repair(text);
        let change = &repair.changes()[0];
        assert_eq!(
            change.plan.to_string(),
            "restore 2 lost bytes, encode as windows-1252, decode as iso-2022-jp"
        );
        let repair = Repairer::new().lossless_only(true).repair(text);
        assert_eq!((repair.text(), repair.undecided()[0].reason), (text, Reason::Lossy));
        assert!(crate::repair("\u{1b}$B$3$s$K$A$O\u{1b}(B").changes()[0].is_lossless());
    }

    #[test]
    fn code_is_no_text_of_seven_bits() {
        for text in [
            "echo $B$A$C(B) > $BASE(Build)",
            "PATH=$B$PATH(B",
            "$Bar = foo(B); $Baz(Bar)",
            "$@$B(B",
            "make: $@$<$^(B) $(B)",
            "sed 's/$B..(B/x/'",
            "See Fig.~{1}~{ab~}cd, and \\author{A~{B}~}",
            "a~{bc~} x ~{} ~{~} ~{de~}",
            "let re = /~{2,3}~}/;",
            "$B1000(B), $B2000(B)",
            "\u{1b}[31mred\u{1b}[0m $B2000\u{1b}(B",
            "~{abcd~} ~{efgh~} ~{ABCDEF~}",
            "$BUILD_DIR/$BIN(BAR)",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn hostile_marks_take_linear_time() {
        for unit in ["~{", "$B", "=?", "~{!!", "$B!!", "=?a?b?", "\u{1b}$B", "=?utf-8?q?a?= "] {
            let text = unit.repeat(20_000);
            crate::repair(&text);
        }
    }
}
