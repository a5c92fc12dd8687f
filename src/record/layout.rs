//! The text as cells of glyphs: what a reader sees of a form, without the white space that lays it out.
//!
//! Three layouts are told apart, block by block, where a block is what stands between empty lines:
//! * exploded table: each cell begins a line with a TAB, the row ends with the block; lines without one continue a cell;
//! * table rows: cells of one line between TABs or pipes;
//! * plain: each line is a row of one cell.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// What stands between a glyph and the one before it, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    /// Two spaces or an ideographic one.
    Wide,
    Line,
    /// One empty line.
    Blank,
    /// A new cell of a table, or more than one empty line.
    Break,
}

/// A character that is not white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    /// In NFKC, so that width and compatibility forms do not matter.
    pub(super) folded: char,
    /// Bytes of the text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) gap: Gap,
}

/// A cell of a table, possibly empty, or a line.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) glyphs: Range<usize>,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) in_table: bool,
}

/// A text laid out.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) cells: Vec<Cell>,
    /// For each glyph, its cell.
    pub(super) cell_of: Vec<usize>,
    /// For each cell, one past the last glyph of its run of plain lines; for a cell of a table, its own end.
    pub(super) region_end: Vec<usize>,
    /// For each cell, the glyphs of the longest line of its run of plain lines.
    pub(super) region_width: Vec<usize>,
}

impl Sheet {
    pub(super) fn of(text: &str) -> Sheet {
        let mut builder = Builder { sheet: Sheet::default(), text, row: 0, empty_lines: 2 };
        let lines = without_doubling(text, lines(text));
        let mut at = 0;
        while at < lines.len() {
            let end = lines[at..]
                .iter()
                .position(|line| is_empty(&text[line.clone()]))
                .map_or(lines.len(), |n| at + n);
            if end == at {
                builder.empty_lines += 1;
                at += 1;
                continue;
            }
            builder.block(&lines[at..end]);
            at = end;
        }
        let mut sheet = builder.sheet;
        sheet.single_space_doubled_lines();
        sheet.mark_regions();
        sheet
    }

    /// One past the last glyph up to which text from `at` may run on.
    pub(super) fn region_end_at(&self, at: usize) -> usize {
        self.cell_of.get(at).map_or(self.glyphs.len(), |&cell| self.region_end[cell])
    }

    /// Bytes of the text that the glyphs cover.
    pub(super) fn bytes(&self, glyphs: Range<usize>) -> Range<usize> {
        match (
            self.glyphs.get(glyphs.start),
            glyphs.end.checked_sub(1).and_then(|last| self.glyphs.get(last)),
        ) {
            (Some(first), Some(last)) if glyphs.start < glyphs.end => first.start..last.end,
            _ => 0..0,
        }
    }

    pub(super) fn gap(&self, at: usize) -> Gap {
        self.glyphs.get(at).map_or(Gap::Break, |glyph| glyph.gap)
    }

    pub(super) fn folded(&self, at: usize) -> Option<char> {
        self.glyphs.get(at).map(|glyph| glyph.folded)
    }

    fn mark_regions(&mut self) {
        self.region_end = self.cells.iter().map(|cell| cell.glyphs.end).collect();
        self.region_width = Vec::with_capacity(self.cells.len());
        for region in self.cells.chunk_by(|left, right| !left.in_table && !right.in_table) {
            let width = region.iter().map(|cell| cell.glyphs.len()).max().unwrap_or(0);
            self.region_width.extend(region.iter().map(|_| width));
        }
        for at in (1..self.cells.len()).rev() {
            if !self.cells[at].in_table && !self.cells[at - 1].in_table {
                self.region_end[at - 1] = self.region_end[at];
            }
        }
        self.cell_of = vec![0; self.glyphs.len()];
        for (at, cell) in self.cells.iter().enumerate() {
            self.cell_of[cell.glyphs.clone()].fill(at);
        }
    }

    /// Where each line of a run of plain lines is followed by an empty one, the empty ones say nothing.
    fn single_space_doubled_lines(&mut self) {
        const FEW: usize = 4;
        for region in self.cells.chunk_by(|left, right| !left.in_table && !right.in_table) {
            let gaps = || region.iter().skip(1).filter_map(|cell| self.glyphs.get(cell.glyphs.start));
            let doubled = gaps().filter(|glyph| glyph.gap == Gap::Blank).count();
            if region[0].in_table || region.len() < FEW || doubled * 10 < (region.len() - 1) * 8 {
                continue;
            }
            for cell in region.iter().skip(1) {
                if let Some(glyph) = self.glyphs.get_mut(cell.glyphs.start)
                    && glyph.gap == Gap::Blank
                {
                    glyph.gap = Gap::Line;
                }
            }
        }
    }
}

struct Builder<'a> {
    sheet: Sheet,
    text: &'a str,
    row: usize,
    empty_lines: usize,
}

impl Builder<'_> {
    fn block(&mut self, lines: &[Range<usize>]) {
        let in_rows = lines.iter().any(|line| {
            let line = &self.text[line.clone()];
            is_piped(line) || line.trim().contains('\t')
        });
        if in_rows {
            for line in lines {
                let has_pipes = is_piped(&self.text[line.clone()]);
                self.row_of_line(line.clone(), if has_pipes { '|' } else { '\t' });
            }
        } else {
            self.exploded(lines);
        }
    }

    /// Lines, of which those that begin with a TAB begin a cell.
    fn exploded(&mut self, lines: &[Range<usize>]) {
        let mut open: Option<Range<usize>> = None;
        let mut column = 0;
        for line in lines {
            let content = &self.text[line.clone()];
            let indent = content.len() - content.trim_start().len();
            let tabs = content[..indent].matches('\t').count();
            if tabs == 0 {
                match &mut open {
                    Some(cell) => cell.end = line.end,
                    None => self.plain(line.clone()),
                }
                continue;
            }
            if let Some(cell) = open.take() {
                self.cell(&[cell], self.row, &mut column);
            }
            for _ in 1..tabs {
                self.cell(&[], self.row, &mut column);
            }
            open = Some(line.clone());
        }
        if let Some(cell) = open {
            self.cell(&[cell], self.row, &mut column);
        }
        self.row += 1;
    }

    fn row_of_line(&mut self, line: Range<usize>, mark: char) {
        let content = &self.text[line.clone()];
        if is_rule(content) {
            return;
        }
        let is_mark = |character: char| if mark == '|' { is_pipe(character) } else { character == '\t' };
        if !content.contains(is_mark) {
            return self.plain(line);
        }
        let inner =
            if mark == '|' { content.trim() } else { content.trim_end_matches([' ', '\r', '\u{3000}']) };
        let begin = line.start + (inner.as_ptr() as usize - content.as_ptr() as usize);
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut from = begin;
        for part in inner.split(is_mark) {
            parts.push(from..from + part.len());
            let next = from + part.len();
            from = next + self.text[next..].chars().next().map_or(0, char::len_utf8);
        }
        if mark == '|' && inner.starts_with(is_pipe) {
            parts.remove(0);
        }
        if mark == '|' && inner.ends_with(is_pipe) {
            parts.pop();
        }
        self.cells_of_row(&parts);
    }

    /// Neighbouring cells of one ideograph each are one cell: a label that was spread out.
    fn cells_of_row(&mut self, parts: &[Range<usize>]) {
        let text = self.text;
        let is_single = |part: &Range<usize>| {
            let mut characters = text[part.clone()].trim().chars();
            let first = characters.next();
            characters.next().is_none()
                && first.is_some_and(|it| is_ideograph(it) && !"无是否男女有".contains(it))
        };
        let mut column = 0;
        for group in parts.chunk_by(|left, right| is_single(left) && is_single(right)) {
            self.cell(group, self.row, &mut column);
        }
        self.row += 1;
    }

    fn plain(&mut self, line: Range<usize>) {
        if is_rule(&self.text[line.clone()]) {
            return;
        }
        let gap = match self.empty_lines {
            0 => Gap::Line,
            1 => Gap::Blank,
            _ => Gap::Break,
        };
        let begin = self.sheet.glyphs.len();
        self.glyphs(line, gap);
        let glyphs = begin..self.sheet.glyphs.len();
        if !glyphs.is_empty() {
            self.sheet.cells.push(Cell { glyphs, row: self.row, column: 0, in_table: false });
            self.row += 1;
        }
    }

    fn cell(&mut self, parts: &[Range<usize>], row: usize, column: &mut usize) {
        let begin = self.sheet.glyphs.len();
        for (at, part) in parts.iter().enumerate() {
            self.glyphs(part.clone(), if at == 0 { Gap::Break } else { Gap::Wide });
        }
        let glyphs = begin..self.sheet.glyphs.len();
        self.empty_lines = 0;
        self.sheet.cells.push(Cell { glyphs, row, column: *column, in_table: true });
        *column += 1;
    }

    fn glyphs(&mut self, range: Range<usize>, first_gap: Gap) {
        let mut gap = first_gap;
        let mut spaces = 0;
        let mut skip_to = range.start;
        let text = &self.text[..range.end];
        for (at, character) in self.text[range.clone()].char_indices() {
            let start = range.start + at;
            if start < skip_to {
                continue;
            }
            if let Some(length) = layout_mark(text, start) {
                gap = gap.max(Gap::Wide);
                skip_to = start + length;
            } else if is_invisible(character) {
            } else if character.is_whitespace() {
                spaces += if character == '\u{3000}' { 2 } else { 1 };
                let found = match character {
                    '\n' | '\r' => Gap::Line,
                    '\t' => Gap::Wide,
                    _ if spaces > 1 => Gap::Wide,
                    _ => Gap::Space,
                };
                gap = gap.max(found);
            } else {
                let end = start + character.len_utf8();
                self.sheet.glyphs.push(Glyph { folded: fold(character), start, end, gap });
                self.empty_lines = 0;
                gap = Gap::None;
                spaces = 0;
            }
        }
    }
}

/// Lines without their ends; all of Unicode's mandatory breaks count, CR LF as one.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut after_return = false;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        match character {
            '\n' if after_return => start = end,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                lines.push(start..at);
                start = end;
            }
            _ => {}
        }
        after_return = character == '\r';
    }
    lines.push(start..text.len());
    lines
}

/// Where every other line is empty, all line ends were doubled (CR CR LF, for one): the empty ones say nothing.
fn without_doubling(text: &str, lines: Vec<Range<usize>>) -> Vec<Range<usize>> {
    const FEW: usize = 12;
    let is_doubled = lines.len() > FEW
        && lines.iter().skip(1).step_by(2).all(|line| line.is_empty())
        && lines.iter().step_by(2).any(|line| text[line.clone()].starts_with('\t'));
    if is_doubled { lines.into_iter().step_by(2).collect() } else { lines }
}

/// A line with a TAB is a cell, if an empty one.
fn is_empty(line: &str) -> bool {
    !line
        .chars()
        .any(|character| character == '\t' || !(character.is_whitespace() || is_invisible(character)))
}

fn is_pipe(character: char) -> bool {
    matches!(character, '|' | '｜' | '│' | '┃' | '║')
}

/// A row written with pipes: they stand at an end of the line or between spaces, or there is more than one.
fn is_piped(line: &str) -> bool {
    let line = line.trim();
    let at_an_end = line.starts_with(is_pipe) || line.ends_with(is_pipe);
    at_an_end || line.contains(" | ") || line.chars().filter(|&character| is_pipe(character)).count() > 1
}

/// A line that only draws a table.
fn is_rule(line: &str) -> bool {
    let drawn = |character: char| {
        matches!(character, '-' | '=' | '+' | ':' | '─'..='╿' | '—' | '_') || is_pipe(character)
    };
    let strokes = line.chars().filter(|character| !character.is_whitespace()).count();
    strokes >= 3 && line.chars().all(|character| character.is_whitespace() || drawn(character))
}

/// Length of what draws a blank or a break: two or more underscores, `<br>`, the `**` of Markdown.
fn layout_mark(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'_' => {
            let run = rest.bytes().take_while(|&byte| byte == b'_').count();
            (run > 1).then_some(run)
        }
        b'<' => {
            ["<br>", "<br/>", "<br />"].iter().find(|mark| rest.starts_with(**mark)).map(|mark| mark.len())
        }
        b'*' => {
            let run = rest.bytes().take_while(|&byte| byte == b'*').count();
            let after_digit =
                text[..at].ends_with(|character: char| character.is_ascii_digit() || character == '*');
            (run == 2 && !after_digit).then_some(run)
        }
        _ => None,
    }
}

/// Format characters that have no width.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\0'..='\u{8}')
}

pub(super) fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn fold(character: char) -> char {
    match character {
        '\u{21}'..='\u{7e}' | '\u{4e00}'..='\u{9fff}' => character,
        '∶' | '︰' | '﹕' | '꞉' => ':',
        '〔' | '【' | '［' | '〖' => '[',
        '〕' | '】' | '］' | '〗' => ']',
        _ => {
            let mut forms = character.nfkc();
            match (forms.next(), forms.next()) {
                (Some(single), None) => single,
                _ => character,
            }
        }
    }
}
