//! The lossless inverse as a fast path: a window that decodes whole, and reads like text, needs no search.

use std::ops::Range;

use crate::encoding::{Reader, Written, sloppy_byte_of};
use crate::language::{BIT, Cost, Model};

use super::plan::Plan;
use super::{Change, Score};

/// Characters that a window must give before it is believed without a search.
const ENOUGH: usize = 64;
/// Characters of a block that must be like text by itself: a lost byte shifts all pairs after it, and what they then
/// give is rare characters.
const BLOCK: usize = 16;
/// The most that the characters of a block may cost on average, each taken alone. Running Chinese has 9 to 10 bits,
/// pairs out of step 16 and more.
const BLOCK_COST: Cost = 14 * BIT;

/// The changes, line by line, of a window that was written in `written` and read as windows-1252 or ISO-8859-1
/// without any loss. `None` if it was not.
pub(super) fn changes(
    text: &str,
    window: Range<usize>,
    written: Written,
    stands: &Model,
) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    let mut start = window.start;
    for line in text[window].split_inclusive('\n') {
        if let Some(span) = between_ascii(line) {
            changes.push(change(line, start, span, written, stands)?);
        }
        start += line.len();
    }
    Some(changes)
}

/// Whether what the changes give is text of the language, block by block; writes down what it costs.
pub(super) fn reads_like_text(changes: &mut [Change], truth: &Model) -> bool {
    let (mut all, mut in_block, mut cost) = (0, 0, 0);
    for change in changes {
        let mut total = 0;
        for c in change.after.chars().filter(|c| !c.is_ascii()) {
            all += 1;
            in_block += 1;
            let own = truth.alone(c);
            cost += own;
            total += own;
            if in_block == BLOCK {
                if cost > BLOCK_COST * BLOCK as Cost {
                    return false;
                }
                (in_block, cost) = (0, 0);
            }
        }
        change.score.repaired = f64::from(total) / f64::from(BIT);
    }
    all >= ENOUGH
}

/// From the first to the last character that is not ASCII; one more where a two-byte character may end in ASCII.
fn between_ascii(line: &str) -> Option<Range<usize>> {
    let first = line.find(|c: char| !c.is_ascii())?;
    let last = line.rfind(|c: char| !c.is_ascii())?;
    let end = last + line[last..].chars().next().map_or(0, char::len_utf8);
    Some(first..end)
}

fn change(
    line: &str,
    start: usize,
    mut span: Range<usize>,
    written: Written,
    stands: &Model,
) -> Option<Change> {
    let mut bytes = Vec::with_capacity(span.len());
    let (mut special, mut control) = (false, false);
    for c in line[span.clone()].chars() {
        special |= c > '\u{ff}';
        // Five of the C1 controls are windows-1252's own.
        control |= Reader::Windows1252.byte_of(c).is_none();
        bytes.push(sloppy_byte_of(c)?);
    }
    let (written, after) = match decode(written, &bytes) {
        Some(decoded) => decoded,
        None => {
            // The last character may end in the ASCII that was cut off.
            bytes.push(line[span.end..].bytes().next()?);
            span.end += 1;
            decode(written, &bytes)?
        }
    };
    let reader = match (special, control) {
        (true, true) => return None,
        (false, true) => Reader::Latin1,
        _ => Reader::Windows1252,
    };
    if written.encode(&after)? != bytes {
        return None;
    }
    let before = line[span.clone()].to_owned();
    let score = Score { as_it_stands: estimated_cost(&before, stands), repaired: 0.0, channel: 0.0 };
    Some(Change {
        span: start + span.start..start + span.end,
        before,
        after,
        plan: Plan::transcode(Vec::new(), reader, written),
        guessed: Vec::new(),
        confidence: 0.9999,
        alternatives: Vec::new(),
        score,
    })
}

/// Cost of a span in bits, each character taken alone, from as many as tell enough.
fn estimated_cost(text: &str, model: &Model) -> f64 {
    let (mut cost, mut bytes) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()).take(ENOUGH / 4) {
        cost += model.alone(c);
        bytes += c.len_utf8();
    }
    f64::from(cost) / f64::from(BIT) * text.len() as f64 / bytes.max(1) as f64
}

/// GBK where the two-byte forms suffice.
fn decode(written: Written, bytes: &[u8]) -> Option<(Written, String)> {
    if written == Written::Gb18030
        && let Some(text) = Written::Gbk.decode(bytes)
    {
        return Some((Written::Gbk, text));
    }
    written.decode(bytes).map(|text| (written, text))
}
