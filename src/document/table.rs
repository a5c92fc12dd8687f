//! Tables: the marks that a reader puts between cells to the white space that lays them out.
//!
//! Whether a row fits in a line is known only at its end, so a reader writes marks first. A row of short cells becomes one
//! line, its cells apart by TABs. If a cell has several paragraphs, each cell begins a line with a TAB, and an empty line
//! ends the row: that is how text of tables is handed on elsewhere too, and `record` reads both.

use super::{RunText, Runs};

/// A row begins. One more within a row says nothing.
pub(crate) const ROW_START: u8 = 0x1D;
/// A cell ends.
pub(crate) const CELL_END: u8 = 0x1F;
/// A row ends.
pub(crate) const ROW_END: u8 = 0x1E;

/// How a row is laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Layout {
    /// In one line.
    Line,
    /// Each cell in lines of its own.
    Cells,
    /// In lines as they come: there are tables in the cells, or TABs beside line ends.
    Mixed,
}

/// Lays out the tables of one text.
pub(crate) fn lay_out(runs: &mut Runs) {
    let Some(layouts) = layouts(runs) else { return };
    let mut writer = Writer { layouts: layouts.into_iter(), row: None, follows_cells: false };
    let mut laid_out = Runs::default();
    std::mem::take(runs).consume(&mut |run| {
        let written = writer.write(run.text.bytes());
        if !written.is_empty() {
            let mut run = run.to_run();
            match &mut run.text {
                RunText::Bytes { bytes, .. } => *bytes = written,
                // The marks are ASCII, and so is what they become.
                RunText::Unicode(text) => *text = String::from_utf8(written).unwrap_or_default(),
            }
            laid_out.push(run);
        }
    });
    *runs = laid_out;
}

/// The layout of each row; `None` if there is no mark of any.
fn layouts(runs: &Runs) -> Option<Vec<Layout>> {
    let mut layouts = Vec::new();
    let mut row: Option<Seen> = None;
    let mut has_marks = false;
    runs.each(&mut |run| {
        for byte in run.text.bytes() {
            has_marks |= matches!(*byte, ROW_START | CELL_END | ROW_END);
            see(*byte, &mut row, &mut layouts);
        }
    });
    layouts.extend(row.as_ref().map(Seen::layout));
    has_marks.then_some(layouts)
}

/// Looks at the next byte, which may begin or end a row.
fn see(byte: u8, row: &mut Option<Seen>, layouts: &mut Vec<Layout>) {
    match (byte, &mut *row) {
        (ROW_START, None) => *row = Some(Seen::default()),
        (_, None) | (ROW_START, _) => {}
        (ROW_END, Some(seen)) => {
            layouts.push(seen.layout());
            *row = None;
        }
        (CELL_END, Some(seen)) => (seen.has_text, seen.has_line_end) = (false, false),
        (b'\n', Some(seen)) => seen.has_line_end = seen.has_text,
        (byte, Some(seen)) => {
            seen.has_tabs |= byte == b'\t';
            seen.has_lines |= seen.has_line_end;
            seen.has_text = true;
        }
    }
}

/// What was seen of a row, and of the cell that is open.
#[derive(Debug, Default)]
struct Seen {
    has_text: bool,
    has_line_end: bool,
    has_lines: bool,
    has_tabs: bool,
}

impl Seen {
    fn layout(&self) -> Layout {
        match (self.has_lines, self.has_tabs) {
            (false, _) => Layout::Line,
            (true, false) => Layout::Cells,
            (true, true) => Layout::Mixed,
        }
    }
}

struct Writer {
    layouts: std::vec::IntoIter<Layout>,
    row: Option<Row>,
    /// Whether nothing came since a row that ended with an empty line.
    follows_cells: bool,
}

/// The row that is open.
struct Row {
    layout: Layout,
    /// Cells that ended and line ends, of which nothing is written until something follows them.
    cell_ends: usize,
    line_ends: usize,
    has_text: bool,
}

impl Writer {
    fn write(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut written = Vec::with_capacity(bytes.len() + 16);
        for byte in bytes.iter().copied() {
            match &mut self.row {
                Some(row) => {
                    if row.write(byte, &mut written) {
                        self.follows_cells = row.layout == Layout::Cells;
                        self.row = None;
                    }
                }
                None => self.outside(byte, &mut written),
            }
        }
        written
    }

    fn outside(&mut self, byte: u8, written: &mut Vec<u8>) {
        match byte {
            ROW_START => {
                let layout = self.layouts.next().unwrap_or(Layout::Line);
                match (layout, self.follows_cells) {
                    (Layout::Cells, true) => written.push(b'\t'),
                    (Layout::Cells, false) => written.extend(b"\n\t"),
                    (Layout::Line | Layout::Mixed, _) => {}
                }
                self.row = Some(Row { layout, cell_ends: 0, line_ends: 0, has_text: false });
            }
            CELL_END => written.push(b'\t'),
            ROW_END => written.push(b'\n'),
            _ => written.push(byte),
        }
        self.follows_cells = false;
    }
}

impl Row {
    /// True at its end.
    fn write(&mut self, byte: u8, written: &mut Vec<u8>) -> bool {
        match byte {
            ROW_START => {}
            CELL_END => {
                self.cell_ends += 1;
                self.line_ends = 0;
                self.has_text = false;
            }
            ROW_END => {
                written.extend(if self.layout == Layout::Cells { &b"\n\n"[..] } else { b"\n" });
                return true;
            }
            b'\n' => self.line_ends += usize::from(self.has_text),
            _ => {
                let between: &[u8] = match self.layout {
                    Layout::Line => b"\t",
                    Layout::Cells => b"\n\t",
                    Layout::Mixed => b"\n",
                };
                (0..std::mem::take(&mut self.cell_ends)).for_each(|_| written.extend(between));
                (0..std::mem::take(&mut self.line_ends)).for_each(|_| written.push(b'\n'));
                written.push(byte);
                self.has_text = true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Declared, Run, Zone};

    fn laid_out(text: &str) -> String {
        let marked = text.replace('[', "\u{1D}").replace('|', "\u{1F}").replace(']', "\u{1E}");
        // Both kinds of runs, cut anywhere.
        let (first, second) = marked.split_at(marked.len() / 2);
        let bytes = RunText::Bytes { bytes: first.as_bytes().to_vec(), declared: Declared::NOTHING };
        let texts = [bytes, RunText::Unicode(second.to_owned())];
        let runs = texts.map(|text| Run { zone: Zone::Body, offset: None, cell: None, text });
        let mut runs: Runs = runs.into_iter().collect();
        lay_out(&mut runs);
        let mut bytes = Vec::new();
        runs.each(&mut |run| bytes.extend_from_slice(run.text.bytes()));
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_row_is_a_line_or_each_cell_is_one() {
        assert_eq!(laid_out("a\n[b|c|][d||e|]f"), "a\nb\tc\nd\t\te\nf");
        assert_eq!(laid_out("a\n[b\n|\nc\n|]f"), "a\nb\tc\nf");
        assert_eq!(laid_out("[a|][b\nc|d|][|e\nf|]g"), "a\n\n\tb\nc\n\td\n\n\t\n\te\nf\n\ng");
        assert_eq!(laid_out("[a\tb\nc\td\n|e|]g"), "a\tb\nc\td\ne\ng");
    }

    #[test]
    fn marks_that_do_not_fit_are_white_space() {
        assert_eq!(laid_out("a|b]c"), "a\tb\nc");
        assert_eq!(laid_out("[[a|[b"), "a\tb");
        assert_eq!(laid_out("[a\nb|c"), "\n\ta\nb\n\tc");
    }
}
