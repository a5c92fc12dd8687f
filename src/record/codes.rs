//! Codes in running text: where they are, and whose they are.

use std::ops::Range;

use super::layout::{Gap, Sheet};
use super::uscc::{self, Code, Status};

/// Suggestions are searched for so many rejected codes of a text; a list with more is not one document.
pub(super) const MOST_SUGGESTED: usize = 64;
const FULL: usize = 18;

/// A code with its place.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    pub(super) code: Code,
    /// Bytes of the text.
    pub(super) span: Range<usize>,
}

/// A value that a label calls a code, with the role that the label gives.
#[derive(Debug, Clone)]
pub(super) struct Labelled {
    pub(super) span: Range<usize>,
    pub(super) role: &'static str,
}

/// All codes in the order of the text. What a label calls a code is taken as one, right or wrong; elsewhere a code must
/// hold, or at least look like one. `suggestions` says for how many rejected ones suggestions may still be searched.
pub(super) fn find(
    text: &str,
    sheet: &Sheet,
    labelled: &[Labelled],
    suggestions: &mut usize,
) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    for group in groups(sheet) {
        let span = sheet.bytes(group.clone());
        let role = role_at(labelled, &span);
        if found.last().is_some_and(|last| last.span.end > span.start) {
            continue;
        }
        let Some(mut code) = accept(&text[span.clone()], role.is_some(), sheet, &group) else { continue };
        if code.status.is_rejected() && *suggestions > 0 {
            *suggestions -= 1;
            code = uscc::check(&text[span.clone()]);
        }
        code.role = Some(match code.status {
            Status::ResidentId => "person",
            _ if is_index_number(sheet, group.end) => "publisher",
            _ => role.unwrap_or("other"),
        });
        found.push(Sighting { code, span });
    }
    found
}

fn role_at(labelled: &[Labelled], span: &Range<usize>) -> Option<&'static str> {
    let at = labelled.partition_point(|field| field.span.end <= span.start);
    labelled.get(at).filter(|field| field.span.start < span.end).map(|field| field.role)
}

fn accept(raw: &str, is_labelled: bool, sheet: &Sheet, group: &Range<usize>) -> Option<Code> {
    let code = uscc::verdict(raw);
    let length = code.canonical.chars().count();
    let is_together = (group.start + 1..group.end).all(|at| sheet.gap(at) == Gap::None);
    let fits = match code.status {
        Status::Valid | Status::OffStandardPilot | Status::ResidentId => true,
        Status::RegionUnlisted | Status::CategoryUnlisted => is_together,
        Status::OrganisationCode if length == 10 => {
            is_labelled || is_called_code(sheet, group.start) || is_mixed(&code)
        }
        Status::OrganisationCode => is_labelled,
        Status::Invalid | Status::IllegalCharacter => {
            is_labelled && length >= 15 || is_together && uscc::has_known_head(&code.canonical)
        }
        Status::WrongLength => is_labelled && (16..=20).contains(&length),
    };
    fits.then_some(code)
}

/// Organisation codes with letters have digits too, and capitals: `download-1` is none, though its check digit holds.
fn is_mixed(code: &Code) -> bool {
    const FEWEST_DIGITS: usize = 2;
    let body = || code.canonical.bytes().take(8);
    let is_capital = !code.text.contains(|it: char| it.is_ascii_lowercase());
    let digits = body().filter(u8::is_ascii_digit).count();
    is_capital && digits >= FEWEST_DIGITS && body().any(|byte| byte.is_ascii_alphabetic())
}

/// 组织机构代码 or just 代码 within the few glyphs before.
fn is_called_code(sheet: &Sheet, at: usize) -> bool {
    let before: String = (at.saturating_sub(6)..at).filter_map(|at| sheet.folded(at)).collect();
    before.contains("代码")
}

/// `…/2022-00026`: the code is the beginning of an index number, and its owner the publisher.
fn is_index_number(sheet: &Sheet, end: usize) -> bool {
    let digits = (end + 1..end + 5).filter_map(|at| sheet.folded(at)).filter(char::is_ascii_digit).count();
    sheet.folded(end) == Some('/') && digits == 4
}

/// Stretches of glyphs that may be a code: eighteen or nearly so together, or in groups parted by single spaces or by line
/// ends, or an organisation code.
fn groups(sheet: &Sheet) -> Vec<Range<usize>> {
    let words = words(sheet);
    let mut groups = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let word = words[at].clone();
        at += 1;
        if word.len() >= 15 && word.len() <= FULL + 2 {
            groups.push(word);
            continue;
        }
        if word.len() == 8 && sheet.folded(word.end).is_some_and(|it| uscc::fold(it) == '-') {
            if words.get(at).is_some_and(|next| next.start == word.end + 1 && next.len() == 1) {
                groups.push(word.start..word.end + 2);
            }
            continue;
        }
        if word.len() == 9 {
            groups.push(word.clone());
        }
        let mut end = word.end;
        for next in &words[at..] {
            let is_joined = next.start == end && sheet.gap(next.start) <= Gap::Line;
            if !is_joined || end - word.start >= FULL {
                break;
            }
            end = next.end;
        }
        if end - word.start == FULL {
            groups.push(word.start..end);
        }
    }
    groups
}

/// Runs of letters and digits without a gap.
fn words(sheet: &Sheet) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, glyph) in sheet.glyphs.iter().enumerate() {
        let letter = uscc::fold(glyph.folded);
        if !(letter.is_ascii_alphanumeric() || letter == '?') {
            continue;
        }
        match words.last_mut() {
            Some(word) if word.end == at && glyph.gap == Gap::None => word.end = at + 1,
            _ => words.push(at..at + 1),
        }
    }
    words
}
