//! Walks through a sheet and pairs labels with what they label.
//!
//! A label takes what follows it up to the next label, or up to the end of its row, cell or paragraph, by the layout that
//! the label itself stands in. What has been taken as a value is not searched for labels again, so a label word inside
//! a value stays there, and the walk is linear.

mod columns;

use std::ops::Range;

use super::label::{Hit, Lexicon, Target};
use super::layout::{Gap, Sheet};
use super::schema::{DocumentType, Kind, Zone};
use super::uscc;
use super::value::{self, Unit};

/// Where a value was found; the first is trusted most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Table,
    Inline,
    Cover,
    SignOff,
}

/// A label with a value.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) field: usize,
    pub(super) glyphs: Range<usize>,
    pub(super) unit: Option<Unit>,
    pub(super) source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Table,
    Inline,
    Lines,
}

/// A column heading that waits for the row below.
#[derive(Debug)]
struct Heading {
    field: usize,
    unit: Option<Unit>,
    cell: usize,
    at: usize,
    /// The next heading is on a line of its own, and so are the values.
    ends_line: bool,
}

/// What a label got: the glyphs of the value, and where the walk goes on.
struct Taken {
    value: Range<usize>,
    resume: usize,
    layout: Layout,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    sheet: &'a Sheet,
    document: &'static DocumentType,
    lexicon: Lexicon,
    zone: Zone,
    part: Option<usize>,
    /// The row of the last heading of a part, and whether another stood beside it.
    part_row: (usize, bool),
    headings: Vec<Heading>,
    found: Vec<Found>,
    /// For each field, how often it was found, and the row of the last time.
    seen: Vec<(usize, usize)>,
    titles: usize,
}

/// A field that is repeated more often than this is not a field of one document.
const MOST_PER_FIELD: usize = 24;

impl<'a> Scanner<'a> {
    pub(super) fn new(
        text: &'a str,
        sheet: &'a Sheet,
        document: &'static DocumentType,
        is_glued: bool,
    ) -> Scanner<'a> {
        Scanner {
            text,
            sheet,
            document,
            lexicon: Lexicon::of(document, is_glued),
            zone: Zone::Cover,
            part: None,
            part_row: (usize::MAX, false),
            headings: Vec::new(),
            found: Vec::new(),
            seen: vec![(0, usize::MAX); document.fields.len()],
            titles: 0,
        }
    }

    /// All labels with their values, in the order of the text.
    pub(super) fn scan(mut self) -> Vec<Found> {
        let mut at = 0;
        while at < self.sheet.glyphs.len() {
            if !self.headings.is_empty()
                && let Some(next) = self.fill_headings(at)
            {
                at = next;
                continue;
            }
            at = match self.hit(at) {
                Some(hit) => self.take(&hit).max(hit.label_end),
                None => at + 1,
            };
        }
        self.found
    }

    fn hit(&self, at: usize) -> Option<Hit> {
        self.lexicon.hit(self.sheet, at, self.sheet.region_end_at(at))
    }

    /// Handles the label; returns where to go on.
    fn take(&mut self, hit: &Hit) -> usize {
        if hit.zone != Zone::Any {
            self.zone = hit.zone;
        }
        match self.resolve(hit) {
            Some(Target::Field(field)) => self.take_field(field, hit),
            Some(Target::Part(part)) => self.take_part(part, hit),
            Some(Target::Title) => {
                self.titles += 1;
                hit.label_end
            }
            _ => hit.end,
        }
    }

    /// What the label stands for in the part of the document that the walk is in.
    fn resolve(&self, hit: &Hit) -> Option<Target> {
        let fields = || {
            hit.targets.iter().filter_map(|target| match target {
                Target::Field(field) => Some(*field),
                _ => None,
            })
        };
        let Some(first) = fields().next() else { return hit.targets.first().copied() };
        let Some(own_part) = self.document.fields[first].part else { return Some(Target::Field(first)) };
        let row = self.row_of(hit);
        // Headings side by side: below them no part is the current one.
        let current = self.part.filter(|_| !self.part_row.1 || self.part_row.0 == row);
        let part = current.unwrap_or(own_part);
        let of_part = fields().find(|&field| self.document.fields[field].part == Some(part))?;
        let (times, last_row) = self.seen[of_part];
        // Two parties side by side: the second label of the row is the other one's. Without headings, so is any second.
        let is_taken = times > 0 && (last_row == row || current.is_none());
        let next = fields().find(|&field| self.document.fields[field].part > Some(part));
        let chosen = if is_taken { next.unwrap_or(of_part) } else { of_part };
        Some(Target::Field(chosen))
    }

    fn row_of(&self, hit: &Hit) -> usize {
        self.sheet.cell_of.get(hit.start).map_or(0, |&cell| self.sheet.cells[cell].row)
    }

    /// A heading such as 采购人：某局 names the party itself.
    fn take_part(&mut self, part: usize, hit: &Hit) -> usize {
        let row = self.row_of(hit);
        self.part_row = (row, self.part.is_some() && self.part_row.0 == row);
        self.part = Some(part);
        let named = self.document.fields.iter().position(|field| field.part == Some(part));
        let is_inline = hit.has_colon && self.sheet.gap(hit.end) < Gap::Line;
        match named {
            Some(field) if is_inline && self.hit(hit.end).is_none() && self.seen[field].0 == 0 => {
                self.take_field(field, hit)
            }
            _ => hit.end,
        }
    }

    fn take_field(&mut self, field: usize, hit: &Hit) -> usize {
        let kind = self.document.fields[field].kind;
        if kind == Kind::Literal {
            self.add(field, hit.start..hit.label_end, None, Layout::Lines);
            return hit.end;
        }
        let cell = self.sheet.cell_of[hit.start];
        let in_table = self.sheet.cells[cell].in_table;
        let ends_cell = hit.end >= self.sheet.cells[cell].glyphs.end;
        let taken = match in_table && ends_cell {
            true => self.beside(field, hit, cell),
            false => self.in_same_text(field, kind, hit, cell),
        };
        if !taken.value.is_empty() {
            self.headings.retain(|heading| heading.cell > cell);
            self.add(field, taken.value, hit.unit, taken.layout);
        }
        taken.resume
    }

    fn add(&mut self, field: usize, glyphs: Range<usize>, unit: Option<Unit>, layout: Layout) {
        let is_code = self.document.fields[field].kind == Kind::Uscc;
        let glyphs = if is_code { self.code_in(glyphs) } else { glyphs };
        if glyphs.is_empty() {
            return;
        }
        let row = self.sheet.cells[self.sheet.cell_of[glyphs.start]].row;
        self.seen[field].0 += 1;
        self.seen[field].1 = row;
        if self.seen[field].0 <= MOST_PER_FIELD {
            self.found.push(Found { field, glyphs, unit, source: self.source(field, layout) });
        }
    }

    fn source(&self, field: usize, layout: Layout) -> Source {
        let own_zone = self.document.fields[field].zone;
        let by_layout = if layout == Layout::Table { Source::Table } else { Source::Inline };
        match self.zone {
            _ if !self.document.has_cover || own_zone == Zone::SignOff => by_layout,
            Zone::SignOff => Source::SignOff,
            Zone::Body if layout == Layout::Lines && own_zone == Zone::Any => Source::Cover,
            Zone::Body => by_layout,
            Zone::Cover | Zone::Any => Source::Cover,
        }
    }

    /// The label fills its cell: the value is in the next cells of the row, or below.
    fn beside(&mut self, field: usize, hit: &Hit, cell: usize) -> Taken {
        let cells = &self.sheet.cells;
        let kind = self.document.fields[field].kind;
        let row = cells[cell].row;
        let in_row = |at: usize| cells.get(at).is_some_and(|next| next.row == row);
        let nothing = |resume| Taken { value: 0..0, resume, layout: Layout::Table };
        let mut next = cell + 1;
        if !in_row(next) {
            return self.below_label(field, hit, cell);
        }
        if in_row(next) && cells[next].glyphs.is_empty() {
            // An empty cell is an empty value, unless TABs only filled the way to it.
            next = (next..cells.len())
                .take_while(|&at| in_row(at))
                .find(|&at| !cells[at].glyphs.is_empty())
                .unwrap_or(next);
            if cells[next].glyphs.is_empty() || self.is_label_cell(next) {
                self.wait_if_column(field, hit, cell);
                return nothing(hit.end);
            }
        }
        if self.is_whole_label(next) {
            let heading = self.heading(field, hit, cell);
            self.headings.push(heading);
            return nothing(hit.end);
        }
        let start = cells[next].glyphs.start;
        let mut end = cells[next].glyphs.end;
        let mut last = next;
        while in_row(last + 1) && self.continues_value(kind, last + 1) {
            last += 1;
            end = end.max(cells[last].glyphs.end);
        }
        if !in_row(last + 1) {
            end = self.extend_over_lines(kind, last, end);
        }
        if matches!(kind, Kind::Opinion) {
            end = self.before_signature(start, end);
        }
        Taken { value: start..end, resume: end, layout: Layout::Table }
    }

    /// A heading of a column whose neighbour is empty waits too, if there are others in its row.
    fn wait_if_column(&mut self, field: usize, hit: &Hit, cell: usize) {
        let row = self.sheet.cells[cell].row;
        if self.headings.iter().any(|heading| self.sheet.cells[heading.cell].row == row) {
            let heading = self.heading(field, hit, cell);
            self.headings.push(heading);
        }
    }

    /// Whether the next cell of the row is more of the same value: more text, or the unit of a number.
    fn continues_value(&self, kind: Kind, cell: usize) -> bool {
        let glyphs = self.sheet.cells[cell].glyphs.clone();
        if glyphs.is_empty() || self.is_label_cell(cell) {
            return false;
        }
        let first = self.sheet.folded(glyphs.start);
        match kind {
            Kind::Text | Kind::LongText | Kind::Uscc => true,
            Kind::MoneyWan | Kind::Money | Kind::Count => {
                glyphs.len() <= 4 && first.is_some_and(|it| "(万元人名千".contains(it))
            }
            _ => false,
        }
    }

    fn is_whole_label(&self, cell: usize) -> bool {
        let glyphs = &self.sheet.cells[cell].glyphs;
        self.hit(glyphs.start).is_some_and(|hit| hit.end >= glyphs.end)
    }

    fn is_label_cell(&self, cell: usize) -> bool {
        let glyphs = &self.sheet.cells[cell].glyphs;
        !glyphs.is_empty() && self.hit(glyphs.start).is_some()
    }

    /// The label is the last of its row: a column heading, or a heading above its value.
    fn below_label(&mut self, field: usize, hit: &Hit, cell: usize) -> Taken {
        let cells = &self.sheet.cells;
        let kind = self.document.fields[field].kind;
        let row = cells[cell].row;
        let nothing = Taken { value: 0..0, resume: hit.end, layout: Layout::Table };
        let is_column = self.headings.iter().any(|heading| cells[heading.cell].row == row);
        if is_column || kind == Kind::MoneyWan && cells[cell].column > 0 && cells[cell - 1].glyphs.is_empty()
        {
            let heading = self.heading(field, hit, cell);
            self.headings.push(heading);
            return nothing;
        }
        let is_alone =
            (0..cell).rev().take_while(|&at| cells[at].row == row).all(|at| cells[at].glyphs.is_empty());
        let below = (cell + 1..cells.len()).find(|&at| !cells[at].glyphs.is_empty());
        let Some(below) = below.filter(|&at| is_alone && cells[at].row <= row + 2 && !self.is_label_cell(at))
        else {
            return nothing;
        };
        let glyphs = cells[below].glyphs.clone();
        if !cells[below].in_table && kind != Kind::LongText {
            return nothing;
        }
        let raw = &self.text[self.sheet.bytes(glyphs.clone())];
        if kind == Kind::Person && !value::is_like_person(raw) {
            return nothing;
        }
        let end = self.extend_over_lines(kind, below, glyphs.end);
        Taken { value: glyphs.start..end, resume: end, layout: Layout::Table }
    }

    /// Lines without a TAB after the last cell of a row belong to it. Long texts may have empty lines in them.
    fn extend_over_lines(&self, kind: Kind, last: usize, end: usize) -> usize {
        let Some(next) = self.sheet.cells.get(last + 1).filter(|next| !next.in_table) else { return end };
        let start = next.glyphs.start;
        let reach = if kind == Kind::LongText { Gap::Break } else { Gap::Line };
        let limit = self.sheet.region_end_at(start);
        let returns =
            self.sheet.cells.get(self.sheet.cell_of[limit - 1] + 1).is_some_and(|cell| cell.in_table);
        if self.sheet.gap(start) > reach || self.sheet.gap(start) > Gap::Line && !returns {
            return end;
        }
        let mut at = start;
        while at < limit {
            let gap = self.sheet.gap(at);
            if gap > reach || gap >= Gap::Line && self.hit(at).is_some() {
                break;
            }
            at += 1;
        }
        if at == start { end } else { at }
    }

    /// The value follows in the same text: on the line, in the cell, or on the next lines.
    fn in_same_text(&mut self, field: usize, kind: Kind, hit: &Hit, cell: usize) -> Taken {
        let limit = self.sheet.region_end_at(hit.start);
        let layout = match self.sheet.gap(hit.end) {
            gap if gap >= Gap::Line && !hit.has_colon => Layout::Lines,
            _ => Layout::Inline,
        };
        let ends_line = hit.end < limit && self.sheet.gap(hit.end) >= Gap::Line;
        if ends_line && !hit.has_colon && self.is_next_heading(cell) {
            let heading = self.heading(field, hit, cell);
            self.headings.push(heading);
            return Taken { value: 0..0, resume: hit.end, layout };
        }
        let too_far = hit.end < limit && self.sheet.gap(hit.end) == Gap::Break && hit.has_colon;
        let mut end = match kind {
            _ if too_far => hit.end,
            Kind::Uscc => self.code_end(hit.end, limit),
            _ => self.value_end(hit.end, limit, kind, layout),
        };
        if kind == Kind::Opinion {
            end = self.before_signature(hit.end, end);
        }
        if kind == Kind::Person && layout == Layout::Lines && end > hit.end {
            let raw = &self.text[self.sheet.bytes(hit.end..end)];
            end = if value::is_like_person(raw) { end } else { hit.end };
        }
        let is_heading = end == hit.end && end < limit && !hit.has_colon;
        let is_amount = matches!(kind, Kind::MoneyWan | Kind::Money);
        if is_heading && (self.sheet.gap(end) < Gap::Line || is_amount && self.sheet.gap(end) == Gap::Line) {
            let heading = self.heading(field, hit, cell);
            self.headings.push(heading);
        }
        Taken { value: hit.end..end, resume: end, layout }
    }

    fn heading(&self, field: usize, hit: &Hit, cell: usize) -> Heading {
        Heading {
            field,
            unit: hit.unit,
            cell,
            at: hit.start,
            ends_line: self.sheet.gap(hit.end) == Gap::Line,
        }
    }

    /// Whether headings on this line, or one on the line before, wait for their values.
    fn is_next_heading(&self, cell: usize) -> bool {
        self.headings
            .last()
            .is_some_and(|heading| heading.cell == cell || heading.ends_line && heading.cell + 2 >= cell)
    }

    /// One past the value that begins at `from`.
    fn value_end(&self, from: usize, limit: usize, kind: Kind, layout: Layout) -> usize {
        let is_amount = matches!(kind, Kind::MoneyWan | Kind::Money);
        let mut at = from;
        while at < limit {
            let gap = self.sheet.gap(at);
            if at > from && self.ends_value(from, at, gap, kind, layout) {
                break;
            }
            if (gap >= Gap::Space || is_amount) && self.hit(at).is_some() {
                break;
            }
            at += 1;
        }
        at
    }

    /// Whether the gap before `at` ends a value of this kind, label or not.
    fn ends_value(&self, from: usize, at: usize, gap: Gap, kind: Kind, layout: Layout) -> bool {
        let next = self.sheet.folded(at).unwrap_or(' ');
        let is_cover = self.document.has_cover && self.zone == Zone::Cover;
        match gap {
            Gap::None | Gap::Space => false,
            Gap::Break => true,
            Gap::Wide if kind == Kind::Person => at - from > 1,
            Gap::Wide => kind.is_short() && !"(万元人".contains(next),
            _ if kind == Kind::Person => at - from > 1 || layout == Layout::Inline,
            _ if kind.is_short() => true,
            Gap::Blank if kind == Kind::LongText => false,
            Gap::Blank => layout == Layout::Inline || !is_cover,
            _ if self.document.has_cover || kind == Kind::LongText => false,
            _ => self.is_new_paragraph(at),
        }
    }

    /// A line that begins with a number of a heading, or after a line that was not full.
    fn is_new_paragraph(&self, at: usize) -> bool {
        let cell = self.sheet.cell_of[at];
        let Some(before) = cell.checked_sub(1).filter(|_| self.sheet.cells[cell].glyphs.start == at) else {
            return false;
        };
        let numbered = self.sheet.folded(at).is_some_and(|it| "一二三四五六七八九十".contains(it))
            && self.sheet.folded(at + 1) == Some('、');
        let width = self.sheet.region_width[before];
        numbered || self.sheet.cells[before].glyphs.len() * 4 < width * 3
    }

    /// The first stretch of a value that is long enough to be a code; remarks around it go.
    fn code_in(&self, value: Range<usize>) -> Range<usize> {
        let is_part = |at: &usize| {
            let character = self.sheet.folded(*at).map_or(' ', uscc::fold);
            character.is_ascii_alphanumeric() || "?-*".contains(character)
        };
        let mut from = value.start;
        while let Some(start) = (from..value.end).find(is_part) {
            let end = (start..value.end).find(|at| !is_part(at)).unwrap_or(value.end);
            if matches!(end - start, 9 | 10 | 15..) {
                return start..end;
            }
            from = end;
        }
        0..0
    }

    /// One past the last glyph of a code: eighteen characters, wherever the spaces and line ends are.
    fn code_end(&self, from: usize, limit: usize) -> usize {
        const SHORTEST: usize = 9;
        const FULL: usize = 18;
        let mut at = from;
        while at < limit {
            let is_end = at - from >= FULL && self.sheet.gap(at) > Gap::None;
            let character = self.sheet.folded(at).map_or(' ', uscc::fold);
            if is_end || !(character.is_ascii_alphanumeric() || "?-*".contains(character)) {
                break;
            }
            at += 1;
        }
        if at - from < SHORTEST { from } else { at }
    }

    /// Cuts a statement where the signatures begin.
    fn before_signature(&self, start: usize, end: usize) -> usize {
        (start + 1..end).find(|&at| self.sheet.gap(at) >= Gap::Space && self.is_signature(at)).unwrap_or(end)
    }

    fn is_signature(&self, at: usize) -> bool {
        let hit = self.hit(at);
        let is_label = hit.is_some_and(|hit| hit.zone == Zone::SignOff || hit.has_colon);
        let mut after_digits =
            (at..at + 5).filter_map(|at| self.sheet.folded(at)).skip_while(char::is_ascii_digit);
        let is_date = self.sheet.gap(at) >= Gap::Line && after_digits.next() == Some('年');
        is_label || is_date
    }
}
