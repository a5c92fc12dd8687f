//! What a cover says without a label: the year in the line （2023年度）, the number of an old certificate, the number of a
//! decision.

use std::ops::Range;

use super::label::match_label;
use super::layout::{Gap, Sheet};
use super::numeral;
use super::schema::DocumentType;

/// The glyphs of the year, wherever the line of a title or of its own gives one.
pub(super) fn years(sheet: &Sheet, document: &DocumentType) -> Vec<Range<usize>> {
    const MOST: usize = 8;
    let is_year_end = |at: &usize| sheet.folded(*at) == Some('年') && sheet.folded(at + 1) == Some('度');
    let years = (4..sheet.glyphs.len()).filter(is_year_end).filter_map(|at| year_before(sheet, document, at));
    years.take(MOST).collect()
}

/// The four digits before 年度, if they stand as on a cover and not in a sentence.
fn year_before(sheet: &Sheet, document: &DocumentType, at: usize) -> Option<Range<usize>> {
    // （2023）年度 has the bracket before the word.
    let is_closed = sheet.folded(at - 1) == Some(')');
    let at = if is_closed { at - 1 } else { at };
    let start = at.checked_sub(4)?;
    let digits: String = (start..at).filter_map(|at| sheet.folded(at)).collect();
    let number = digits.parse().ok().or_else(|| numeral::digit_by_digit(&digits));
    number.filter(|year: &u64| (1949..2100).contains(year))?;
    let starts_line = |at: usize| sheet.gap(at) >= Gap::Line || at == 0;
    let before = start.checked_sub(1).and_then(|at| sheet.folded(at));
    let after = if is_closed { at + 3 } else { at + 2 };
    let opens = before == Some('(') || before == Some('[');
    let title_before = |end: usize| {
        document.titles.iter().any(|title| {
            let length = title.chars().count();
            end.checked_sub(length).and_then(|begin| match_label(sheet, title, begin, end)) == Some(end)
        })
    };
    let title_after =
        document.titles.iter().any(|title| match_label(sheet, title, after, sheet.glyphs.len()).is_some());
    let closes = is_closed || matches!(sheet.folded(after), Some(')' | ']'));
    let ends_line = sheet.gap(after) >= Gap::Line;
    let fits = match opens {
        true => (closes || ends_line) && (starts_line(start - 1) || title_before(start - 1)),
        false => title_after || starts_line(start) && ends_line || title_before(start),
    };
    fits.then_some(start..at)
}

/// 事证第…号, the number that certificates had before 2015.
pub(super) fn old_certificate(sheet: &Sheet) -> Option<Range<usize>> {
    numbered(sheet, "事证第", "号")
}

/// …〔2023〕5号 on a line of its own.
pub(super) fn decision_number(sheet: &Sheet) -> Option<Range<usize>> {
    const LONGEST: usize = 40;
    const FIRST_CELLS: usize = 12;
    let cells = sheet.cells.iter().take(FIRST_CELLS).map(|cell| cell.glyphs.clone());
    cells.filter(|glyphs| glyphs.len() <= LONGEST).find(|glyphs| {
        let line: String = glyphs.clone().filter_map(|at| sheet.folded(at)).collect();
        let is_year =
            |open: usize| line[open + 1..].chars().take(4).filter(char::is_ascii_digit).count() == 4;
        line.match_indices(['[', '(']).any(|(open, _)| is_year(open))
            && line.ends_with('号')
            && !line.contains([':', ',', '。'])
    })
}

fn numbered(sheet: &Sheet, head: &str, last: &str) -> Option<Range<usize>> {
    const LONGEST: usize = 24;
    let first = head.chars().next()?;
    let last = last.chars().next()?;
    (0..sheet.glyphs.len()).filter(|&at| sheet.folded(at) == Some(first)).find_map(|at| {
        let from = match_label(sheet, head, at, sheet.glyphs.len())?;
        let end = (from..from + LONGEST)
            .find(|&at| !sheet.folded(at).is_some_and(|it| it.is_ascii_alphanumeric()))?;
        (end > from && sheet.folded(end) == Some(last)).then_some(at..end + 1)
    })
}
