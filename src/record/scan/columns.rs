//! Headings of columns, and the row below that holds their values: in cells, in words set apart by spaces, or in lines.

use std::ops::Range;

use super::super::label::Target;
use super::super::layout::Gap;
use super::{Heading, Layout, Scanner};

/// Forms have few columns made with spaces; more would cost more than they are worth.
const MOST_COLUMNS: usize = 16;

impl Scanner<'_> {
    /// At the first glyph of the row below headings: gives each heading its cell. Returns where to go on.
    pub(super) fn fill_headings(&mut self, at: usize) -> Option<usize> {
        let cell = *self.sheet.cell_of.get(at)?;
        let cells = &self.sheet.cells;
        let heading_cell = self.headings.last()?.cell;
        if cells[cell].row <= cells[heading_cell].row || cells[cell].glyphs.start != at {
            return None;
        }
        let is_stacked = self.headings.last()?.ends_line && !cells[heading_cell].in_table;
        if is_stacked && self.hit(at).is_some() {
            return None;
        }
        let headings = std::mem::take(&mut self.headings);
        match (cells[heading_cell].in_table, cells[cell].in_table) {
            (true, true) => self.fill_columns(&headings, cell),
            (false, false) => self.fill_tokens(&headings, cell),
            _ => None,
        }
    }

    fn fill_columns(&mut self, headings: &[Heading], first: usize) -> Option<usize> {
        let cells = &self.sheet.cells;
        let row = cells[first].row;
        let begin = (0..first).rev().take_while(|&at| cells[at].row == row).last().unwrap_or(first);
        let length = (begin..cells.len()).take_while(|&at| cells[at].row == row).count();
        // A row that begins with a label of its own has its own values; only a name of the row may stand there.
        let own_label = self.hit(cells[first].glyphs.start);
        if own_label.is_some_and(|hit| hit.targets.iter().any(|target| matches!(target, Target::Field(_)))) {
            return None;
        }
        let above = cells[headings.first()?.cell].row;
        let above_begin = (0..=headings[0].cell).rev().take_while(|&at| cells[at].row == above).last()?;
        let last_column = cells[headings.last()?.cell].column;
        let same_margin = cells[above_begin].glyphs.is_empty() == cells[begin].glyphs.is_empty();
        let shift = if same_margin { 0 } else { (last_column + 1).saturating_sub(length) };
        let mut resume = None;
        for heading in headings {
            let Some(column) =
                cells[heading.cell].column.checked_sub(shift).filter(|&column| column < length)
            else {
                continue;
            };
            let glyphs = self.sheet.cells[begin + column].glyphs.clone();
            if glyphs.is_empty() || self.is_label_cell(begin + column) {
                continue;
            }
            resume = Some(glyphs.end);
            self.add(heading.field, glyphs, heading.unit, Layout::Table);
        }
        resume
    }

    /// Columns made with spaces: as many words as headings, or else each word under the nearest heading.
    fn fill_tokens(&mut self, headings: &[Heading], cell: usize) -> Option<usize> {
        if headings[0].ends_line {
            return self.fill_lines(headings, cell);
        }
        let glyphs = self.sheet.cells[cell].glyphs.clone();
        if self.hit(glyphs.start).is_some() {
            return None;
        }
        let split = |least: Gap| {
            let mut tokens: Vec<Range<usize>> = Vec::new();
            for at in glyphs.clone() {
                match tokens.last_mut() {
                    Some(token) if self.sheet.gap(at) < least => token.end = at + 1,
                    _ => tokens.push(at..at + 1),
                }
            }
            tokens
        };
        let mut tokens = split(Gap::Wide);
        if tokens.len() != headings.len() {
            tokens = split(Gap::Space);
        }
        if tokens.len() > headings.len() || headings.len() > MOST_COLUMNS {
            return None;
        }
        let in_order = tokens.len() == headings.len();
        for (at, token) in tokens.into_iter().enumerate() {
            let nearest = || {
                let column = self.visual_column(token.start);
                headings.iter().min_by_key(|heading| self.visual_column(heading.at).abs_diff(column))
            };
            let heading = if in_order { headings.get(at) } else { nearest() };
            if let Some((field, unit)) = heading.map(|heading| (heading.field, heading.unit)) {
                self.add(field, token, unit, Layout::Table);
            }
        }
        Some(glyphs.end)
    }

    /// Headings one below the other: their values too are one below the other.
    fn fill_lines(&mut self, headings: &[Heading], cell: usize) -> Option<usize> {
        const LONGEST: usize = 16;
        let cells = self.sheet.cells.get(cell..cell + headings.len())?;
        let is_number =
            |at: usize| self.sheet.folded(at).is_some_and(|it| it.is_ascii_digit() || "-(¥−".contains(it));
        if !cells.iter().all(|it| !it.in_table && it.glyphs.len() <= LONGEST && is_number(it.glyphs.start)) {
            return None;
        }
        for (heading, cell) in headings.iter().zip(cells) {
            self.add(heading.field, cell.glyphs.clone(), heading.unit, Layout::Table);
        }
        cells.last().map(|cell| cell.glyphs.end)
    }

    /// The column at which a glyph stands on its line, ideographs two wide.
    fn visual_column(&self, at: usize) -> usize {
        const FARTHEST: usize = 400;
        let end = self.sheet.glyphs[at].start;
        let before =
            self.text[..end].chars().rev().take(FARTHEST).take_while(|it| !matches!(it, '\n' | '\r'));
        before.map(|it| if it.is_ascii() { 1 } else { 2 }).sum()
    }
}
