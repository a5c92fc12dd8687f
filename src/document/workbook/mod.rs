//! Workbooks: sheets of cells, from whatever format, to lines of text.
//!
//! The name of a sheet is a line, then each row that has a cell is one, its cells apart by TABs at their columns.

mod biff;
pub(super) mod number;
mod records;
mod strings;
#[cfg(test)]
mod tests;

pub(super) use strings::without_codes;

use super::{CellPlace, Content, Run, RunText, Runs, Zone};
use crate::container::{Budget, Problem};

/// More TABs than this are not put between two cells: no sheet of BIFF has more columns.
const MOST_EMPTY_CELLS: u32 = 255;

/// Whether a file that begins so is a workbook that is not in OLE2: BIFF2 to BIFF5 ([MS-XLS] 2.4.21 and its
/// forerunners).
pub(super) fn is_biff(head: &[u8]) -> bool {
    records::is_beginning(head)
}

/// Reads a flat file, in which places of records are places in the file.
pub(super) fn read_flat(bytes: &[u8], budget: &mut Budget<'_>) -> Content {
    biff::read(bytes, true, budget)
}

/// Reads the stream `Book` or `Workbook` of an OLE2 file.
pub(super) fn read_stream(bytes: &[u8], budget: &mut Budget<'_>) -> Content {
    biff::read(bytes, false, budget)
}

/// A string of a workbook and where it stands in the file, if it stands there as such.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) offset: Option<u64>,
    pub(super) text: RunText,
}

impl Text {
    /// Characters of the format's own.
    pub(super) fn unicode(text: impl Into<String>) -> Self {
        Self { offset: None, text: RunText::Unicode(text.into()) }
    }

    /// A row is one line, and its TABs are between cells. No byte of a character of two bytes is one of these.
    fn make_one_line(&mut self) {
        let is_break = |byte: u8| matches!(byte, b'\n' | b'\r' | b'\t');
        match &mut self.text {
            RunText::Unicode(text) if text.bytes().any(is_break) => {
                *text = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
            }
            RunText::Unicode(_) => {}
            RunText::Bytes { bytes, .. } => {
                bytes.iter_mut().filter(|byte| is_break(**byte)).for_each(|byte| *byte = b' ');
            }
        }
    }

    fn length(&self) -> usize {
        match &self.text {
            RunText::Unicode(text) => text.len(),
            RunText::Bytes { bytes, .. } => bytes.len(),
        }
    }

    fn into_run(self, zone: Zone, cell: Option<CellPlace>) -> Run {
        Run { zone, offset: self.offset, cell, text: self.text }
    }
}

/// What is in a cell.
#[derive(Debug)]
pub(super) enum Value {
    Text(Text),
    /// The number of a string that all cells share.
    Shared(usize),
}

/// A sheet whose cells are still coming, in any order.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: Option<Text>,
    /// In the order in which they came. Their places count from 0, as in the file; in the place of the sheet stands which
    /// cell it is, so that one that comes twice is two.
    cells: Runs,
    count: u32,
    /// The cells with strings that are shared, whose own text is empty: which cell and which string.
    shared: Vec<(u32, usize)>,
    /// The row and column that came last, as long as they have come in order.
    last: Option<(u32, u32)>,
    is_out_of_order: bool,
}

/// What becomes of a cell: its place, its text and the shared string that is its text instead.
type Taken<'t> = &'t mut dyn FnMut(Run, Option<usize>);

impl Sheet {
    pub(super) fn named(name: Option<Text>) -> Self {
        Self { name, ..Self::default() }
    }

    /// Adds a cell. Its row and column are counted from 0.
    pub(super) fn cell(&mut self, row: u32, column: u32, value: Value) {
        let place = CellPlace { sheet: self.count, row, column };
        let text = match value {
            Value::Text(text) => text,
            Value::Shared(number) => {
                self.shared.push((self.count, number));
                Text::unicode("")
            }
        };
        self.cells.push(text.into_run(Zone::Body, Some(place)));
        self.count = self.count.saturating_add(1);
        self.is_out_of_order |= self.last.is_some_and(|last| (row, column) < last);
        self.last = Some((row, column));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Hands out the cells by row and column. Of a cell that is there twice the later one counts, as when the file is
    /// loaded.
    fn in_order(self, take: Taken<'_>) {
        let mut shared = self.shared.into_iter().peekable();
        let mut number_of =
            |cell: CellPlace| shared.next_if(|(at, _)| *at == cell.sheet).map(|(_, number)| number);
        let mut before: Option<(Run, Option<usize>)> = None;
        let mut hand_out = |run: Run, number: Option<usize>| {
            let place = |run: &Run| run.cell.map(|cell| (cell.row, cell.column));
            let last = before.replace((run, number));
            if let (Some((last, number)), Some((now, _))) = (last, &before)
                && place(&last) != place(now)
            {
                take(last, number);
            }
        };
        if self.is_out_of_order {
            let mut cells = Vec::new();
            self.cells.consume(&mut |run| cells.push((run.to_run(), run.cell.and_then(&mut number_of))));
            cells.sort_by_key(|(run, _)| run.cell.map(|cell| (cell.row, cell.column)));
            cells.into_iter().for_each(|(run, number)| hand_out(run, number));
        } else {
            self.cells.consume(&mut |run| hand_out(run.to_run(), run.cell.and_then(&mut number_of)));
        }
        if let Some((last, number)) = before {
            take(last, number);
        }
    }
}

/// Writes sheets one after the other into a content, as much as there is room for.
pub(super) struct Writer<'w, 'l> {
    content: Content,
    /// What stands beside the cells, which comes after all of them.
    beside: Runs,
    sheets: u32,
    /// Bytes of text so far, and of the file that they came out of.
    written: u64,
    file: u64,
    budget: &'w Budget<'l>,
    is_full: bool,
}

impl<'w, 'l> Writer<'w, 'l> {
    /// For a file of `file` bytes.
    pub(super) fn new(file: usize, budget: &'w Budget<'l>) -> Self {
        let content = Content::default();
        Self {
            content,
            beside: Runs::default(),
            sheets: 0,
            written: 0,
            file: file as u64,
            budget,
            is_full: false,
        }
    }

    /// Whether there is room for `bytes` more. Only text that is pointed at many times is ever refused.
    fn has_room(&mut self, bytes: usize) -> bool {
        self.written += bytes as u64;
        if !self.is_full
            && let Err(problem) = self.budget.unfolded(self.written, self.file)
        {
            self.content.problems.push(problem);
            self.is_full = true;
        }
        !self.is_full
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.content.problems.push(problem);
    }

    /// Writes a sheet; `shared` are the strings that its cells may point at.
    pub(super) fn sheet(&mut self, mut sheet: Sheet, shared: &[Text]) {
        self.sheets += 1;
        if let Some(name) = sheet.name.take() {
            self.content.runs.push(name.into_run(Zone::Body, None));
            self.content.unicode(Zone::Body, "\n");
        }
        let (mut row, mut column) = (None, 0);
        sheet.in_order(&mut |run, number| {
            let Some(cell) = run.cell else { return };
            if self.is_full {
                return;
            }
            if row.is_some_and(|row| row != cell.row) {
                self.content.unicode(Zone::Body, "\n");
                column = 0;
            }
            let tabs = cell.column.saturating_sub(column).min(MOST_EMPTY_CELLS) as usize;
            (row, column) = (Some(cell.row), cell.column);
            let mut text = match number {
                None => Text { offset: run.offset, text: run.text },
                Some(number) => match shared.get(number) {
                    Some(text) => text.clone(),
                    None => return,
                },
            };
            if !self.has_room(text.length() + tabs + 1) {
                return;
            }
            text.make_one_line();
            self.content.unicode(Zone::Body, &"\t".repeat(tabs));
            let place = self.place(cell.row, cell.column);
            self.content.runs.push(text.into_run(Zone::Body, Some(place)));
        });
        if row.is_some() && !self.is_full {
            self.content.unicode(Zone::Body, "\n");
        }
    }

    /// Adds a line of text that stands beside the cells; `cell` counts from 0.
    pub(super) fn beside(&mut self, zone: Zone, text: Text, cell: Option<(u32, u32)>) {
        if text.length() == 0 || !self.has_room(text.length() + 1) {
            return;
        }
        let place = cell.map(|(row, column)| self.place(row, column));
        self.beside.push(text.into_run(zone, place));
        let end = Text::unicode("\n");
        self.beside.push(end.into_run(zone, None));
    }

    /// A cell of the sheet that was written last; `row` and `column` count from 0.
    fn place(&self, row: u32, column: u32) -> CellPlace {
        // Of a damaged file a comment may come before all sheets.
        let sheet = self.sheets.max(1);
        CellPlace { sheet, row: row.saturating_add(1), column: column.saturating_add(1) }
    }

    /// All that was written.
    pub(super) fn finish(mut self) -> Content {
        self.content.runs.append(self.beside);
        self.content
    }
}
