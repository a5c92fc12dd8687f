//! Labels in a sheet: matched without regard to white space, and only where a label can stand.

use std::collections::BTreeMap;

use super::layout::{Gap, Sheet};
use super::schema::{DocumentType, Kind, Zone};
use super::value::Unit;

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Index into the fields of the document type.
    Field(usize),
    /// Index into its parts.
    Part(usize),
    Stop,
    Title,
}

/// A label found.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// More than one only where the part of the document decides.
    pub(super) targets: Vec<Target>,
    pub(super) zone: Zone,
    /// First glyph of the label.
    pub(super) start: usize,
    /// One past the label itself.
    pub(super) label_end: usize,
    /// One past the label, what stands behind it in parentheses, and the colon.
    pub(super) end: usize,
    pub(super) has_colon: bool,
    /// A unit given with the label: 年初数（元）.
    pub(super) unit: Option<Unit>,
}

#[derive(Debug)]
struct Entry {
    label: &'static str,
    targets: Vec<Target>,
    zone: Zone,
    is_amount: bool,
}

/// The labels of one document type by their first characters, the longest first.
#[derive(Debug)]
pub(super) struct Lexicon {
    entries: BTreeMap<char, Vec<Entry>>,
    /// Labels at the beginnings of lines need nothing behind them: 住所某市某路, as character recognition gives it.
    is_glued: bool,
}

impl Lexicon {
    pub(super) fn of(document: &DocumentType, is_glued: bool) -> Lexicon {
        let mut lexicon = Lexicon { entries: BTreeMap::new(), is_glued };
        for (at, field) in document.fields.iter().enumerate() {
            let is_amount = matches!(field.kind, Kind::MoneyWan | Kind::Money);
            for label in field.labels {
                lexicon.add(label, Target::Field(at), field.zone, is_amount);
            }
        }
        for (at, headings) in document.parts.iter().enumerate() {
            for heading in *headings {
                lexicon.add(heading, Target::Part(at), Zone::Any, false);
            }
        }
        for (label, zone) in document.stops() {
            lexicon.add(label, Target::Stop, zone, false);
        }
        for title in document.titles {
            lexicon.add(title, Target::Title, Zone::Cover, false);
        }
        for entries in lexicon.entries.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.label.len()));
        }
        lexicon
    }

    fn add(&mut self, label: &'static str, target: Target, zone: Zone, is_amount: bool) {
        let Some(first) = label.chars().next() else { return };
        let entries = self.entries.entry(first).or_default();
        match entries.iter_mut().find(|entry| entry.label == label) {
            // A field takes precedence over a mere stop; fields of different parts stand side by side.
            Some(entry) if target != Target::Stop => entry.targets.push(target),
            Some(_) => {}
            None => entries.push(Entry { label, targets: vec![target], zone, is_amount }),
        }
    }

    /// The label that stands at `at` and ends before `limit`, if it is set off as labels are.
    pub(super) fn hit(&self, sheet: &Sheet, at: usize, limit: usize) -> Option<Hit> {
        let anchor = if sheet.cell_of.get(at).is_some_and(|&cell| sheet.cells[cell].glyphs.start == at) {
            Gap::Break
        } else {
            sheet.gap(at)
        };
        let begin = if anchor >= Gap::Line { skip_number(sheet, at, limit) } else { at };
        [begin, at].into_iter().find_map(|start| self.hit_from(sheet, start, limit, anchor))
    }

    fn hit_from(&self, sheet: &Sheet, at: usize, limit: usize, anchor: Gap) -> Option<Hit> {
        let mut start = at;
        while start < limit && start < at + 2 && is_opening_mark(sheet.folded(start)?) {
            start += 1;
        }
        let entries = self.entries.get(&sheet.folded(start)?)?;
        entries.iter().find_map(|entry| {
            let label_end = match_label(sheet, entry.label, start, limit)?;
            let hit = tail(sheet, entry, start, label_end, limit);
            let is_glued = self.is_glued && anchor >= Gap::Line && !entry.targets.contains(&Target::Stop);
            (is_glued || is_set_off(sheet, entry, &hit, anchor, limit)).then_some(hit)
        })
    }
}

/// One past the label, if it stands there.
pub(super) fn match_label(sheet: &Sheet, label: &str, start: usize, limit: usize) -> Option<usize> {
    let mut at = start;
    for expected in label.chars() {
        while at < limit && at > start && is_quiet(sheet.folded(at)?) {
            at += 1;
        }
        if at >= limit || sheet.folded(at)? != expected || (at > start && sheet.gap(at) == Gap::Break) {
            return None;
        }
        at += 1;
    }
    while at < limit && sheet.gap(at) == Gap::None && sheet.folded(at).is_some_and(is_quiet) {
        at += 1;
    }
    Some(at)
}

/// Marks that a label may have or lack.
fn is_quiet(character: char) -> bool {
    matches!(character, '《' | '》' | '〈' | '〉' | '“' | '”' | '"' | '「' | '」' | '『' | '』' | '*')
}

fn is_opening_mark(character: char) -> bool {
    matches!(character, '《' | '〈' | '“' | '"' | '「' | '『' | '*' | '#' | '[')
}

/// Skips 1. 一、 （二） ① - and the like.
fn skip_number(sheet: &Sheet, at: usize, limit: usize) -> usize {
    const LONGEST: usize = 3;
    // A number and its label stand on one line.
    let folded = |next: usize| {
        let is_joined = next == at || (next < limit && sheet.gap(next) < Gap::Line);
        if is_joined && next < limit { sheet.folded(next) } else { None }
    };
    let mut next = at;
    while matches!(folded(next), Some('-' | '•' | '·' | '●' | '■' | '□' | '★' | '※' | '#' | '>' | '◆'))
        && next < at + LONGEST
    {
        next += 1;
    }
    let open = folded(next) == Some('(');
    let from = if open { next + 1 } else { next };
    let mut end = from;
    while end < from + LONGEST
        && (end == from || sheet.gap(end) == Gap::None)
        && folded(end).is_some_and(|it| it.is_ascii_digit() || "一二三四五六七八九十".contains(it))
    {
        end += 1;
    }
    match folded(end) {
        Some(')' | '、' | '.' | ',') if end > from => end + 1,
        Some(_) if end > from && !open && sheet.gap(end) >= Gap::Space => end,
        _ => next,
    }
}

/// What belongs to a label behind it: a remark in parentheses, then a colon.
fn tail(sheet: &Sheet, entry: &Entry, start: usize, label_end: usize, limit: usize) -> Hit {
    const LONGEST_REMARK: usize = 14;
    let mut hit = Hit {
        targets: entry.targets.clone(),
        zone: entry.zone,
        start,
        label_end,
        end: label_end,
        has_colon: false,
        unit: None,
    };
    let folded = |at: usize| if at < limit { sheet.folded(at) } else { None };
    let reach = (label_end + LONGEST_REMARK).min(limit);
    if folded(label_end) == Some('(') && sheet.gap(label_end) <= Gap::Line {
        let close = (label_end..reach).find(|&at| folded(at) == Some(')'));
        if let Some(close) = close {
            let after = close + 1;
            let is_end = after >= limit || folded(after) == Some(':') || sheet.gap(after) >= Gap::Space;
            let remark: String = (label_end + 1..close).filter_map(folded).collect();
            if is_end || Unit::of(&remark).is_some() {
                hit.end = after;
                hit.unit = Unit::of(&remark);
            }
        }
    }
    if hit.end == label_end && folded(label_end) == Some(',') {
        return hit;
    }
    while folded(hit.end) == Some(':') && hit.end < label_end + LONGEST_REMARK + 2 {
        hit.end += 1;
        hit.has_colon = true;
    }
    hit
}

/// Whether the label has on both sides what a label has. A label word in running text has not.
fn is_set_off(sheet: &Sheet, entry: &Entry, hit: &Hit, anchor: Gap, limit: usize) -> bool {
    let after = if hit.end >= limit { Gap::Break } else { sheet.gap(hit.end) };
    let next = if hit.end >= limit { None } else { sheet.folded(hit.end) };
    let length = entry.label.chars().count();
    let is_broken = (hit.start + 1..hit.label_end).any(|at| sheet.gap(at) >= Gap::Line);
    let starts_amount = entry.is_amount && next.is_some_and(|it| it.is_ascii_digit() || "-¥−".contains(it));
    let is_parenthesis = entry.label.starts_with('(');
    if entry.targets.contains(&Target::Title) {
        return anchor >= Gap::Line && (after >= Gap::Space || next == Some('('));
    }
    match anchor {
        Gap::Break | Gap::Blank | Gap::Line if is_broken => hit.has_colon || after >= Gap::Line,
        Gap::Break | Gap::Blank | Gap::Line => {
            hit.has_colon || after >= Gap::Space || starts_amount || is_parenthesis
        }
        Gap::Wide | Gap::Space if hit.has_colon || starts_amount || is_parenthesis => true,
        Gap::Wide => after >= Gap::Wide || (after >= Gap::Space && length > 2),
        Gap::Space => after >= Gap::Space && length > 2,
        Gap::None => {
            let before = hit.start.checked_sub(1).and_then(|at| sheet.folded(at));
            let is_apart = is_parenthesis || before.is_some_and(|it| ",;:(、。".contains(it));
            is_apart && starts_amount
        }
    }
}
