//! Which document this is: by its title, or else by the labels it has.

use super::label::match_label;
use super::layout::{Gap, Sheet};
use super::scan::{Found, Scanner};
use super::schema::{DOCUMENT_TYPES, DocumentType};
use super::value;

/// Without a title, so many different fields with values of their kind make a document type.
const ENOUGH_FIELDS: usize = 3;

/// The document type, with the labels found.
pub(super) fn recognise(text: &str, sheet: &Sheet) -> Option<(&'static DocumentType, Vec<Found>)> {
    if let Some(document) = titled(sheet) {
        let found = Scanner::new(text, sheet, document, false).scan();
        if distinct(document, &found) >= ENOUGH_FIELDS {
            return Some((document, found));
        }
        // Hardly any label is set off: perhaps the spaces behind them were lost.
        let glued = Scanner::new(text, sheet, document, true).scan();
        let is_better = distinct(document, &glued) >= distinct(document, &found) + ENOUGH_FIELDS;
        return Some((document, if is_better { glued } else { found }));
    }
    let mut best: Option<(usize, &'static DocumentType, Vec<Found>)> = None;
    for (document, labels) in DOCUMENT_TYPES.iter().zip(survey(sheet)) {
        if labels < ENOUGH_FIELDS {
            continue;
        }
        let found = Scanner::new(text, sheet, document, false).scan();
        let score = readable(text, sheet, document, &found);
        if score >= ENOUGH_FIELDS && best.as_ref().is_none_or(|(highest, ..)| score > *highest) {
            best = Some((score, document, found));
        }
    }
    best.map(|(_, document, found)| (document, found))
}

/// For each document type, how many of its fields have a label that stands behind a gap. A cheap upper bound of what a scan
/// would find, so that running text is not scanned ten times.
fn survey(sheet: &Sheet) -> Vec<usize> {
    let mut labels = Vec::new();
    let mut first_of_document = 0;
    for document in DOCUMENT_TYPES {
        for (field, spec) in document.fields.iter().enumerate() {
            labels.extend(
                spec.labels
                    .iter()
                    .filter_map(|label| Some((label.chars().next()?, first_of_document + field, *label))),
            );
        }
        first_of_document += document.fields.len();
    }
    labels.sort_unstable();
    let mut seen = vec![false; first_of_document];
    for at in (0..sheet.glyphs.len()).filter(|&at| at == 0 || may_begin_label(sheet, at)) {
        let Some(first) = sheet.folded(at) else { continue };
        let from = labels.partition_point(|(letter, ..)| *letter < first);
        for (_, field, label) in labels[from..].iter().take_while(|(letter, ..)| *letter == first) {
            seen[*field] = seen[*field] || match_label(sheet, label, at, sheet.glyphs.len()).is_some();
        }
    }
    let mut rest = seen.as_slice();
    let count = |document: &DocumentType| {
        let (own, others) = rest.split_at(document.fields.len());
        rest = others;
        own.iter().filter(|&&seen| seen).count()
    };
    DOCUMENT_TYPES.iter().map(count).collect()
}

/// Behind a gap, or behind a mark such as a number or a bracket.
fn may_begin_label(sheet: &Sheet, at: usize) -> bool {
    const MARKS: &str = ".、)(,;:《“#*-。[";
    sheet.gap(at) >= Gap::Space || sheet.folded(at - 1).is_some_and(|before| MARKS.contains(before))
}

/// How many fields have a value that is of their kind. Running text about forms has labels too, but not such values.
fn readable(text: &str, sheet: &Sheet, document: &DocumentType, found: &[Found]) -> usize {
    let mut seen = vec![false; document.fields.len()];
    for label in found {
        let raw = &text[sheet.bytes(label.glyphs.clone())];
        let parsed = value::parse(document.fields[label.field].kind, raw, label.unit);
        seen[label.field] |= parsed.is_some_and(|parsed| parsed.oddity.is_none());
    }
    seen.iter().filter(|&&seen| seen).count()
}

fn distinct(document: &DocumentType, found: &[Found]) -> usize {
    let mut seen = vec![false; document.fields.len()];
    for label in found {
        seen[label.field] = true;
    }
    seen.iter().filter(|&&seen| seen).count()
}

/// The document type whose title comes first; of titles that begin together, the longest.
fn titled(sheet: &Sheet) -> Option<&'static DocumentType> {
    let all = || {
        DOCUMENT_TYPES.iter().flat_map(|document| document.titles.iter().map(move |title| (document, *title)))
    };
    let mut letters: Vec<char> = all().filter_map(|(_, title)| title.chars().next()).collect();
    letters.dedup();
    (0..sheet.glyphs.len()).find_map(|at| {
        let first = sheet.folded(at).filter(|first| letters.contains(first))?;
        let matches = all().filter(|(_, title)| title.starts_with(first));
        let here = matches.filter_map(|(document, title)| {
            let end = match_label(sheet, title, at, sheet.glyphs.len())?;
            is_title(sheet, at, end).then_some((document, end))
        });
        here.max_by_key(|(_, end)| *end).map(|(document, _)| document)
    })
}

/// A title fills its line, or ends a line that is no sentence, or has a remark in parentheses.
fn is_title(sheet: &Sheet, start: usize, end: usize) -> bool {
    const LONGEST_LINE: usize = 60;
    let next = sheet.folded(end);
    let starts_line = sheet.gap(start) >= Gap::Line || start == 0;
    let ends = sheet.gap(end) >= if starts_line { Gap::Space } else { Gap::Wide } || next == Some('(');
    let cell = sheet.cells[sheet.cell_of[start]].glyphs.clone();
    let line = (cell.start.max(start.saturating_sub(LONGEST_LINE))..start)
        .rev()
        .take_while(|&at| sheet.gap(at + 1) < Gap::Line);
    let before: Vec<char> = line.filter_map(|at| sheet.folded(at)).collect();
    let is_sentence = before.iter().any(|it| "。,;:《“".contains(*it));
    ends && !is_sentence && before.len() < LONGEST_LINE
}
