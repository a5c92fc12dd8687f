//! Texts at places to lines of text.

use super::device::Placed;
use crate::document::{Content, Run, RunText, Zone};

/// Baselines that are less than this apart are one, in heights of the smaller letters.
const SAME_BASELINE: f64 = 0.5;
/// A gap that is a space, and one that is a column, in widths of a letter.
const SPACE: f64 = 0.2;
const COLUMN: f64 = 1.9;
/// The same text that near to itself was drawn twice to make it bold.
const TWICE: f64 = 0.3;
/// Lines farther apart than this have an empty one between them, in heights of a letter.
const EMPTY_LINE: f64 = 3.0;

/// Writes the texts from top to bottom, and those of a line from left to right.
pub(super) fn write(mut texts: Vec<Placed>, content: &mut Content) {
    texts.sort_by(|left, right| left.baseline.total_cmp(&right.baseline));
    let mut rest = &mut texts[..];
    let mut last: Option<f64> = None;
    while let Some(first) = rest.first() {
        let (baseline, em) = (first.baseline, first.em_height);
        let length =
            if first.is_turned { 1 } else { rest.iter().take_while(|text| is_beside(first, text)).count() };
        let (line, others) = rest.split_at_mut(length);
        rest = others;
        line.sort_by(|left, right| left.x.total_cmp(&right.x));
        if last.is_some_and(|last| baseline - last > EMPTY_LINE * em) {
            separator(content, b'\n');
        }
        last = Some(baseline);
        write_line(line, content);
    }
}

fn is_beside(first: &Placed, text: &Placed) -> bool {
    let tolerance = SAME_BASELINE * first.em_height.min(text.em_height);
    !text.is_turned && text.baseline - first.baseline <= tolerance
}

fn write_line(line: &[Placed], content: &mut Content) {
    let mut before: Option<&Placed> = None;
    for text in line {
        if let Some(before) = before {
            let em = before.em_width.max(text.em_width);
            if before.text == text.text && text.x - before.x <= TWICE * em {
                continue;
            }
            let gap = text.x - (before.x + before.width);
            if gap > COLUMN * em {
                separator(content, b'\t');
            } else if gap > SPACE * em {
                separator(content, b' ');
            }
        }
        append(content, text);
        before = Some(text);
    }
    separator(content, b'\n');
}

/// Puts an ASCII character after what is there, into the same run.
fn separator(content: &mut Content, mark: u8) {
    match content.runs.last_mut().map(|run| &mut run.text) {
        Some(RunText::Bytes { bytes, .. }) => bytes.push(mark),
        Some(RunText::Unicode(text)) => text.push(char::from(mark)),
        None => {}
    }
}

fn append(content: &mut Content, placed: &Placed) {
    match (content.runs.last_mut().map(|run| &mut run.text), &placed.text) {
        (Some(RunText::Unicode(before)), RunText::Unicode(text)) => before.push_str(text),
        (Some(RunText::Bytes { bytes: before, declared: said }), RunText::Bytes { bytes, declared })
            if said == declared =>
        {
            before.extend_from_slice(bytes)
        }
        (_, text) => {
            let run =
                Run { zone: Zone::Picture, offset: Some(placed.offset), cell: None, text: text.clone() };
            content.runs.push(run);
        }
    }
}
