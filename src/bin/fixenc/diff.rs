//! A unified diff of a repair. The changes say exactly what differs, so nothing has to be searched.

use std::ops::Range;

use fixenc::mojibake::Change;

use crate::terminal::{BAD, FAINT, GOOD, GUESSED, PLACE, Page};

/// Unchanged lines around a change, as `diff -u` has them.
const CONTEXT_LINES: usize = 3;

/// Whole lines of the old text that hold changes.
struct Group<'c> {
    lines: Range<usize>,
    changes: Vec<&'c Change>,
}

/// The diff of one file. `text` is the whole decoded text and `changes` its changes; nothing if there are none.
pub(crate) fn unified(page: &mut Page, name: &str, text: &str, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    let lines = line_starts(text);
    let groups = groups(&lines, changes);
    page.styled(BAD, &format!("--- {name}")).end_line();
    page.styled(GOOD, &format!("+++ {name}")).end_line();
    let mut first = 0;
    // How many lines the new text is ahead of the old one.
    let mut ahead = 0_isize;
    while first < groups.len() {
        let mut last = first;
        while last + 1 < groups.len()
            && groups[last + 1].lines.start - groups[last].lines.end <= 2 * CONTEXT_LINES
        {
            last += 1;
        }
        hunk(page, text, &lines, &groups[first..=last], &mut ahead);
        first = last + 1;
    }
}

fn hunk(page: &mut Page, text: &str, starts: &[usize], groups: &[Group<'_>], ahead: &mut isize) {
    let (Some(head), Some(tail)) = (groups.first(), groups.last()) else { return };
    let all = starts.len() - 1;
    let lines = head.lines.start.saturating_sub(CONTEXT_LINES)..(tail.lines.end + CONTEXT_LINES).min(all);
    let line = |number: usize| &text[starts[number]..starts[number + 1]];
    let new: Vec<Vec<Piece<'_>>> = groups.iter().map(|group| repaired(text, starts, group)).collect();
    let grown: isize = groups
        .iter()
        .zip(&new)
        .map(|(group, pieces)| count_lines(pieces) as isize - group.lines.len() as isize)
        .sum();
    let new_start = (lines.start + 1).saturating_add_signed(*ahead);
    let new_length = lines.len().saturating_add_signed(grown);
    let range = format!("@@ -{},{} +{new_start},{new_length} @@", lines.start + 1, lines.len());
    page.styled(PLACE, &range).end_line();
    *ahead += grown;
    let mut at = lines.start;
    for (group, pieces) in groups.iter().zip(&new) {
        (at..group.lines.start).for_each(|number| plain(page, " ", line(number)));
        for number in group.lines.clone() {
            let cut: Vec<Range<usize>> = group.changes.iter().map(|c| c.span.clone()).collect();
            put(page, "-", &marked(text, starts[number]..starts[number + 1], &cut));
        }
        put(page, "+", pieces);
        at = group.lines.end;
    }
    (at..lines.end).for_each(|number| plain(page, " ", line(number)));
}

/// A stretch of text and what it is.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Kept,
    Damaged,
    Repaired,
    Guessed,
}

/// The lines of a group after the repair.
fn repaired<'t>(text: &'t str, starts: &[usize], group: &Group<'t>) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut at = starts[group.lines.start];
    for change in &group.changes {
        pieces.push(Piece { text: &text[at..change.span.start], kind: Kind::Kept });
        let mut done = 0;
        for guessed in &change.guessed {
            let (Some(before), Some(inside)) =
                (change.after.get(done..guessed.start), change.after.get(guessed.clone()))
            else {
                continue;
            };
            pieces.push(Piece { text: before, kind: Kind::Repaired });
            pieces.push(Piece { text: inside, kind: Kind::Guessed });
            done = guessed.end;
        }
        pieces.push(Piece { text: &change.after[done..], kind: Kind::Repaired });
        at = change.span.end;
    }
    pieces.push(Piece { text: &text[at..starts[group.lines.end]], kind: Kind::Kept });
    pieces
}

/// A stretch of the old text with the spans in it marked.
fn marked<'t>(text: &'t str, stretch: Range<usize>, spans: &[Range<usize>]) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut at = stretch.start;
    for span in spans {
        let (start, end) = (span.start.clamp(at, stretch.end), span.end.clamp(at, stretch.end));
        pieces.push(Piece { text: &text[at..start], kind: Kind::Kept });
        pieces.push(Piece { text: &text[start..end], kind: Kind::Damaged });
        at = end;
    }
    pieces.push(Piece { text: &text[at..stretch.end], kind: Kind::Kept });
    pieces
}

fn count_lines(pieces: &[Piece<'_>]) -> usize {
    let ends: usize = pieces.iter().map(|p| p.text.matches('\n').count()).sum();
    let last = pieces.iter().rev().find(|p| !p.text.is_empty());
    ends + usize::from(last.is_some_and(|p| !p.text.ends_with('\n')))
}

fn plain(page: &mut Page, sign: &str, line: &str) {
    put(page, sign, &[Piece { text: line, kind: Kind::Kept }]);
}

/// Writes lines with their sign. Styles end before each line end, or they would colour the sign of the next line.
fn put(page: &mut Page, sign: &str, pieces: &[Piece<'_>]) {
    let style = if sign == "-" { BAD } else { GOOD };
    let mut at_start = true;
    for piece in pieces {
        for part in piece.text.split_inclusive('\n') {
            if at_start && sign == " " {
                page.text(sign);
            } else if at_start {
                page.styled(style, sign);
            }
            let body = part.strip_suffix('\n').unwrap_or(part);
            match piece.kind {
                Kind::Kept if sign == " " => page.styled(FAINT, body),
                Kind::Kept => page.text(body),
                Kind::Damaged => page.styled(BAD.bold(), body),
                Kind::Repaired => page.styled(GOOD.bold(), body),
                Kind::Guessed => page.styled(GUESSED, body),
            };
            at_start = part.ends_with('\n');
            if at_start {
                page.end_line();
            }
        }
    }
    if !at_start {
        page.end_line();
        page.text("\\ No newline at end of file").end_line();
    }
}

/// Where each line starts, and where the last one ends.
fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
    starts.extend(ends);
    if starts.last() != Some(&text.len()) {
        starts.push(text.len());
    }
    starts
}

fn groups<'c>(starts: &[usize], changes: &'c [Change]) -> Vec<Group<'c>> {
    let line_of = |at: usize| starts.partition_point(|&start| start <= at).saturating_sub(1);
    let mut groups: Vec<Group<'c>> = Vec::new();
    for change in changes {
        let first = line_of(change.span.start);
        let last = line_of(change.span.end.saturating_sub(1)).max(first);
        match groups.last_mut() {
            Some(group) if first < group.lines.end => {
                group.lines.end = group.lines.end.max(last + 1);
                group.changes.push(change);
            }
            _ => groups.push(Group { lines: first..last + 1, changes: vec![change] }),
        }
    }
    groups
}
