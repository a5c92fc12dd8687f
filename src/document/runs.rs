//! The runs of a document, kept in few bytes: a table or a sheet has millions, and most are shorter than a [`Run`] is.
//!
//! Those that are complete are written one after the other as bytes: a number for zone, declaration and what else is
//! said; how far the place is from the end of the run before; the length and the text. Numbers are written in groups of
//! seven bits, the lowest first (LEB128), so that a field of ten bytes takes thirteen.

use super::{CellPlace, Declared, Run, RunText, Zone};

/// Bytes after which runs go into the next block: blocks are given back one by one as they are read.
const BLOCK_BYTES: usize = 1 << 20;

/// What is said of a place beside the kind of a run.
const HAS_OFFSET: u64 = 1;
const HAS_CELL: u64 = 2;
const SAID_BITS: u32 = 2;

/// Runs in reading order.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    blocks: Vec<Vec<u8>>,
    /// Zone and declaration (`None` of Unicode) of each kind of run; few, whatever the document.
    kinds: Vec<(Zone, Option<Declared>)>,
    /// The kind of the run that was written last, since the next one is mostly of that or the other one.
    kind: usize,
    before: Before,
    /// The last one, which may still grow.
    last: Option<Run>,
}

/// What a place is told by.
#[derive(Debug, Default, Clone, Copy)]
struct Before {
    /// Where the run before ended in the file.
    offset: u64,
    sheet: u32,
    row: u32,
    column: u32,
}

/// A run as it is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RunView<'r> {
    pub(crate) zone: Zone,
    pub(crate) offset: Option<u64>,
    pub(crate) cell: Option<CellPlace>,
    pub(crate) text: TextView<'r>,
}

/// The text of a [`RunView`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum TextView<'r> {
    Unicode(&'r str),
    Bytes { bytes: &'r [u8], declared: Declared },
}

impl Runs {
    pub(crate) fn is_empty(&self) -> bool {
        self.last.is_none()
    }

    pub(crate) fn last(&self) -> Option<&Run> {
        self.last.as_ref()
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut Run> {
        self.last.as_mut()
    }

    /// Adds a run. Bytes that stand after bytes of which the same is said go on with them: a format may cut between the
    /// bytes of a character.
    pub(crate) fn push(&mut self, run: Run) {
        if let RunText::Bytes { bytes, declared } = &run.text
            && let Some(last) = &mut self.last
            && (last.zone, last.cell) == (run.zone, run.cell)
            && let RunText::Bytes { bytes: before, declared: as_before } = &mut last.text
            && as_before == declared
        {
            before.extend_from_slice(bytes);
        } else if let Some(complete) = self.last.replace(run) {
            self.write(&complete);
        }
    }

    /// Adds all runs of another document.
    pub(crate) fn append(&mut self, runs: Self) {
        runs.consume(&mut |run| self.push(run.to_run()));
    }

    fn write(&mut self, run: &Run) {
        let view = RunView::of(run);
        let (declared, bytes) = match view.text {
            TextView::Unicode(text) => (None, text.as_bytes()),
            TextView::Bytes { bytes, declared } => (Some(declared), bytes),
        };
        let kind = self.kind_of((run.zone, declared));
        if self.blocks.last().is_none_or(|block| block.len() >= BLOCK_BYTES) {
            self.blocks.push(Vec::new());
        }
        let Some(block) = self.blocks.last_mut() else { return };
        let has = u64::from(run.offset.is_some()) * HAS_OFFSET + u64::from(run.cell.is_some()) * HAS_CELL;
        write_number(block, (kind as u64) << SAID_BITS | has);
        if let Some(offset) = run.offset {
            write_difference(block, self.before.offset, offset);
            self.before.offset = offset.wrapping_add(bytes.len() as u64);
        }
        if let Some(cell) = run.cell {
            for (before, now) in self.before.of(cell) {
                write_difference(block, u64::from(*before), u64::from(now));
                *before = now;
            }
        }
        write_number(block, bytes.len() as u64);
        // A block of long runs need not be twice as long as they are.
        if block.len() + bytes.len() > BLOCK_BYTES {
            block.reserve_exact(bytes.len());
        }
        block.extend_from_slice(bytes);
    }

    fn kind_of(&mut self, kind: (Zone, Option<Declared>)) -> usize {
        if self.kinds.get(self.kind) != Some(&kind) {
            self.kind = self.kinds.iter().position(|known| *known == kind).unwrap_or(self.kinds.len());
            if self.kind == self.kinds.len() {
                self.kinds.push(kind);
            }
        }
        self.kind
    }

    /// Shows each run in turn.
    pub(crate) fn each(&self, take: &mut dyn FnMut(RunView<'_>)) {
        let mut before = Before::default();
        for block in &self.blocks {
            read_block(block, &self.kinds, &mut before, take);
        }
        if let Some(last) = &self.last {
            take(RunView::of(last));
        }
    }

    /// Shows each run in turn, and gives back the memory of those that were shown.
    pub(crate) fn consume(self, take: &mut dyn FnMut(RunView<'_>)) {
        let mut before = Before::default();
        for block in self.blocks {
            read_block(&block, &self.kinds, &mut before, take);
        }
        if let Some(last) = &self.last {
            take(RunView::of(last));
        }
    }

    #[cfg(test)]
    pub(crate) fn to_vec(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        self.each(&mut |run| runs.push(run.to_run()));
        runs
    }
}

impl FromIterator<Run> for Runs {
    fn from_iter<I: IntoIterator<Item = Run>>(runs: I) -> Self {
        let mut all = Self::default();
        runs.into_iter().for_each(|run| all.push(run));
        all
    }
}

impl Before {
    /// The numbers of the cell before beside those of this one.
    fn of(&mut self, cell: CellPlace) -> [(&mut u32, u32); 3] {
        [(&mut self.sheet, cell.sheet), (&mut self.row, cell.row), (&mut self.column, cell.column)]
    }
}

impl<'r> RunView<'r> {
    fn of(run: &'r Run) -> Self {
        let text = match &run.text {
            RunText::Unicode(text) => TextView::Unicode(text),
            RunText::Bytes { bytes, declared } => TextView::Bytes { bytes, declared: *declared },
        };
        Self { zone: run.zone, offset: run.offset, cell: run.cell, text }
    }

    pub(crate) fn to_run(self) -> Run {
        let text = match self.text {
            TextView::Unicode(text) => RunText::Unicode(text.to_owned()),
            TextView::Bytes { bytes, declared } => RunText::Bytes { bytes: bytes.to_vec(), declared },
        };
        Run { zone: self.zone, offset: self.offset, cell: self.cell, text }
    }
}

impl<'r> TextView<'r> {
    /// Its bytes, of Unicode those of UTF-8.
    pub(crate) fn bytes(self) -> &'r [u8] {
        match self {
            Self::Unicode(text) => text.as_bytes(),
            Self::Bytes { bytes, .. } => bytes,
        }
    }
}

fn read_block(
    mut block: &[u8],
    kinds: &[(Zone, Option<Declared>)],
    before: &mut Before,
    take: &mut dyn FnMut(RunView<'_>),
) {
    while !block.is_empty() {
        let said = read_number(&mut block);
        let Some(&(zone, declared)) = kinds.get((said >> SAID_BITS) as usize) else { return };
        let offset = (said & HAS_OFFSET != 0).then(|| read_difference(&mut block, before.offset));
        let cell = (said & HAS_CELL != 0).then(|| {
            let mut cell = CellPlace { sheet: 0, row: 0, column: 0 };
            let numbers = [&mut cell.sheet, &mut cell.row, &mut cell.column];
            let befores = [&mut before.sheet, &mut before.row, &mut before.column];
            for (number, before) in numbers.into_iter().zip(befores) {
                *before = read_difference(&mut block, u64::from(*before)) as u32;
                *number = *before;
            }
            cell
        });
        let length = read_number(&mut block) as usize;
        let (bytes, rest) = block.split_at(length.min(block.len()));
        block = rest;
        if let Some(offset) = offset {
            before.offset = offset.wrapping_add(bytes.len() as u64);
        }
        let text = match declared {
            Some(declared) => TextView::Bytes { bytes, declared },
            None => TextView::Unicode(std::str::from_utf8(bytes).unwrap_or_default()),
        };
        take(RunView { zone, offset, cell, text });
    }
}

fn write_number(into: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 || shift > 63 {
            break;
        }
    }
    number
}

/// How far on it is; what goes back is an odd number.
fn write_difference(into: &mut Vec<u8>, from: u64, to: u64) {
    let difference = to.wrapping_sub(from) as i64;
    write_number(into, ((difference << 1) ^ (difference >> 63)) as u64);
}

fn read_difference(bytes: &mut &[u8], from: u64) -> u64 {
    let number = read_number(bytes);
    from.wrapping_add((number >> 1) ^ (number & 1).wrapping_neg())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Declarer;
    use crate::encoding::Encoding;

    fn unicode(text: &str) -> RunText {
        RunText::Unicode(text.to_owned())
    }

    fn bytes(bytes: &[u8], name: &str) -> RunText {
        let declared = Declared::new(Declarer::Font, Encoding::for_name(name));
        RunText::Bytes { bytes: bytes.to_vec(), declared }
    }

    #[test]
    fn runs_come_back_as_they_were() {
        let cell = |sheet, row, column| Some(CellPlace { sheet, row, column });
        let run = |zone, offset, cell, text| Run { zone, offset, cell, text };
        let long = "榆".repeat(BLOCK_BYTES);
        let runs = [
            run(Zone::Body, Some(u64::MAX), None, bytes(b"\xE0\xE1", "cp866")),
            run(Zone::Body, Some(0), None, bytes(b"\xE0", "koi8-r")),
            run(Zone::Body, None, None, unicode("")),
            run(Zone::Comment, Some(1 << 40), cell(u32::MAX, 0, 7), unicode("oak")),
            run(Zone::Comment, Some((1 << 40) + 3), cell(1, u32::MAX, 0), unicode(&long)),
            run(Zone::Body, None, cell(1, 1, 1), bytes(b"", "nothing")),
            run(Zone::Property, None, None, unicode("elm")),
        ];
        let kept: Runs = runs.iter().cloned().collect();
        assert_eq!(kept.to_vec(), runs);
        assert_eq!(kept.blocks.len(), 2);
        let mut all = Runs::default();
        all.append(kept);
        let mut consumed = Vec::new();
        all.consume(&mut |run| consumed.push(run.to_run()));
        assert_eq!(consumed, runs);
    }

    #[test]
    fn bytes_of_which_the_same_is_said_are_one_run() {
        let run = |zone, text| Run { zone, offset: Some(9), cell: None, text };
        let mut runs = Runs::default();
        runs.push(run(Zone::Body, bytes(b"a", "gbk")));
        runs.push(run(Zone::Body, bytes(b"b", "gbk")));
        runs.push(run(Zone::Header, bytes(b"c", "gbk")));
        runs.push(run(Zone::Header, bytes(b"d", "big5")));
        let texts: Vec<RunText> = runs.to_vec().into_iter().map(|run| run.text).collect();
        assert_eq!(texts, [bytes(b"ab", "gbk"), bytes(b"c", "gbk"), bytes(b"d", "big5")]);
    }

    #[test]
    fn a_short_field_takes_few_bytes() {
        let mut runs = Runs::default();
        for number in 0..1000 {
            let offset = Some(700 + 11 * number);
            runs.push(Run { zone: Zone::Body, offset, cell: None, text: bytes(b"\xA4\xA5\xA6", "cp866") });
            runs.push(Run { zone: Zone::Body, offset: None, cell: None, text: unicode("\t") });
        }
        let length: usize = runs.blocks.iter().map(Vec::len).sum();
        assert!(length < 1000 * (6 + 3) + 10, "{length}");
    }
}
