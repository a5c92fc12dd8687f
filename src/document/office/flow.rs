//! Running text: paragraphs, rows of tables, and what stands in boxes beside them.

use crate::document::{Content, Zone};

/// Text boxes, notes and comments inside each other; deeper ones go into the text around them.
const DEEPEST: usize = 32;

/// Collects running text. A paragraph is a line; a row of a table is one, its cells apart by TABs.
pub(super) struct Flow {
    /// The text itself, and what is open in it, the innermost last.
    outer: Frame,
    inner: Vec<Frame>,
    /// Frames that were too deep.
    too_deep: usize,
    /// What was taken out of the paragraph that is being read: it follows when that ends.
    beside: Vec<(Zone, String)>,
}

/// Text of one zone.
struct Frame {
    zone: Zone,
    text: String,
    /// For each table around, how many cells its row has so far.
    rows: Vec<u32>,
    /// A paragraph in a cell has ended: what follows it in the cell stands apart from it.
    is_gap: bool,
}

impl Frame {
    fn new(zone: Zone) -> Self {
        Self { zone, text: String::new(), rows: Vec::new(), is_gap: false }
    }
}

impl Flow {
    pub(super) fn new(zone: Zone) -> Self {
        Self { outer: Frame::new(zone), inner: Vec::new(), too_deep: 0, beside: Vec::new() }
    }

    fn top(&mut self) -> &mut Frame {
        self.inner.last_mut().unwrap_or(&mut self.outer)
    }

    pub(super) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let frame = self.top();
        if std::mem::take(&mut frame.is_gap) {
            frame.text.push(' ');
        }
        if frame.rows.is_empty() {
            frame.text.push_str(text);
        } else {
            // A row is one line, and its TABs are between cells.
            let blank = |c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
            frame.text.extend(text.chars().map(blank));
        }
    }

    /// What follows stands in another zone, until [`Flow::close`].
    pub(super) fn open(&mut self, zone: Zone) {
        if self.inner.len() < DEEPEST {
            self.inner.push(Frame::new(zone));
        } else {
            self.too_deep += 1;
        }
    }

    pub(super) fn close(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if let Some(Frame { zone, mut text, .. }) = self.inner.pop() {
            let length = text.trim_end_matches('\n').len();
            text.truncate(length);
            if !text.is_empty() {
                text.push('\n');
                self.beside.push((zone, text));
            }
        }
    }

    pub(super) fn end_paragraph(&mut self, content: &mut Content) {
        let frame = self.top();
        if frame.rows.is_empty() {
            frame.text.push('\n');
            self.end_line(content);
        } else {
            frame.is_gap = true;
        }
    }

    pub(super) fn begin_row(&mut self) {
        self.top().rows.push(0);
    }

    pub(super) fn begin_cell(&mut self) {
        let frame = self.top();
        let is_nested = frame.rows.len() > 1;
        let Some(cells) = frame.rows.last_mut() else { return };
        *cells += 1;
        if *cells > 1 {
            frame.text.push(if is_nested { ' ' } else { '\t' });
            frame.is_gap = false;
        }
    }

    pub(super) fn end_row(&mut self, content: &mut Content) {
        let frame = self.top();
        frame.rows.pop();
        if frame.rows.is_empty() {
            frame.is_gap = false;
            frame.text.push('\n');
            self.end_line(content);
        } else {
            frame.is_gap = true;
        }
    }

    /// Hands over what is finished: only between paragraphs of the outermost text.
    fn end_line(&mut self, content: &mut Content) {
        if !self.inner.is_empty() {
            return;
        }
        content.unicode(self.outer.zone, &std::mem::take(&mut self.outer.text));
        for (zone, text) in self.beside.drain(..) {
            content.unicode(zone, &text);
        }
    }

    /// Hands over the rest.
    pub(super) fn finish(mut self, content: &mut Content) {
        self.too_deep = 0;
        while !self.inner.is_empty() {
            self.close();
        }
        let text = &mut self.outer.text;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        self.end_line(content);
    }
}
