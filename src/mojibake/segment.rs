//! From a path through a window to the changes that it means: damaged stretches, cut into lines, each with a plan
//! that has been replayed both ways.

use std::ops::Range;

use crate::encoding::{Fed, Pending, Reader, Written, sloppy_byte_of};
use crate::language::{BIT, Context, Cost};

use super::lattice::{Action, Detour, Lattice, Move, Path};
use super::plan::{Edit, EditKind, Plan};
use super::{Alternative, Change, Score, weights};

/// The moves between two places where no byte waits: one or more characters of the window, what they give.
#[derive(Debug, Clone, PartialEq)]
struct Cell {
    moves: Range<usize>,
    chars: Range<usize>,
    out: String,
    damaged: bool,
}

/// A damaged stretch of a window, judged as a whole.
pub(super) struct Stretch {
    /// Bits by which the path beats the whole window as it stands: stretches stand and fall together, since the first
    /// one alone paid for the channel.
    pub(super) gain: f64,
    /// Whether the repaired text is like text of its language.
    pub(super) typical: bool,
    /// One change a line; spans are in characters of the window still.
    pub(super) changes: Vec<Change>,
}

impl Lattice<'_> {
    /// The damaged stretches of a path over `window`, which follows text that ends in `context`.
    pub(super) fn stretches(&self, window: &[char], path: &Path, context: Context) -> Vec<Stretch> {
        let cells = self.cells(window, &path.moves);
        let mut stretches = Vec::new();
        let gain =
            bits(self.clean_cost(window, context)) - bits(path.costs.last().copied().unwrap_or(Cost::MAX));
        for run in cells.chunk_by(|a, b| a.damaged == b.damaged) {
            if run[0].damaged {
                stretches.push(self.stretch(window, path, run, gain));
            }
        }
        stretches
    }

    fn stretch(&self, window: &[char], path: &Path, run: &[Cell], gain: f64) -> Stretch {
        let mut changes = Vec::new();
        for line in run.split(|cell| cell.out == "\n" || cell.out == "\r") {
            let plain = |cell: &Cell| cell.out.is_empty() || (cell.out.len() == 1 && cell.moves.len() == 1);
            let Some(first) = line.iter().position(|cell| !plain(cell)) else { continue };
            let last = line.iter().rposition(|cell| !plain(cell)).unwrap_or(first);
            changes.extend(self.change(window, path, &line[first..=last], gain));
        }
        Stretch { gain, typical: self.is_typical(run), changes }
    }

    /// A repair that beats the text as it stands may do so only because that is no language at all.
    /// Valid UTF-8, though, is not made by chance more than once or twice, whatever it says: it may be another
    /// layer of damage.
    fn is_typical(&self, run: &[Cell]) -> bool {
        let sequences = run.iter().filter(|cell| cell.moves.len() > 1).count();
        if self.channel.written == Written::Utf8 && sequences > 2 {
            return true;
        }
        let mut context = Context::default();
        let (mut total, mut decoded) = (0, 0);
        for c in run.iter().flat_map(|cell| cell.out.chars()) {
            let (cost, next) = self.truth.step(context, c);
            context = next;
            if !c.is_ascii() {
                total += cost;
                decoded += 1;
            }
        }
        total <= decoded * weights::TYPICAL + weights::TYPICAL_ONCE
    }

    /// Whether the spaces that the path takes out are more than layout: a good part of them stand within a
    /// character, or there is one for every few characters.
    pub(super) fn are_put_in(&self, window: &[char], path: &Path) -> bool {
        let is_removal = |step: &Move| step.action == Action::Remove;
        let removed = path.moves.iter().filter(|step| is_removal(step)).count();
        let within = self.cells(window, &path.moves).into_iter().filter(|cell| {
            let moves = &path.moves[cell.moves.clone()];
            moves.len() > 2 && moves[1..moves.len() - 1].iter().any(is_removal)
        });
        let characters = path.moves.iter().filter(|step| step.action != Action::Stay).count() / 2;
        within.count() * 8 > removed || (removed > 3 && removed * 4 > characters)
    }

    fn cells(&self, window: &[char], moves: &[Move]) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut pending = Pending::NONE;
        let mut cell = Cell { moves: 0..0, chars: 0..0, out: String::new(), damaged: false };
        for (number, step) in moves.iter().enumerate() {
            let c = window.get(step.at as usize).copied();
            let mut buffer = [0; 4];
            let bytes: &[u8] = match (&step.action, c) {
                (Action::Stay, Some(c)) => {
                    cell.out.push(c);
                    &[]
                }
                (Action::TakeFused, Some(c)) => c.encode_utf8(&mut buffer).as_bytes(),
                (Action::Take(byte) | Action::Replace(byte) | Action::Insert(byte), _) => &[*byte],
                _ => &[],
            };
            for &byte in bytes {
                match self.channel.written.feed(pending, byte) {
                    Fed::More(more) => pending = more,
                    Fed::Char(c) => {
                        cell.out.push(c);
                        pending = Pending::NONE;
                    }
                    // The search took only moves that the automaton takes.
                    Fed::Malformed => pending = Pending::NONE,
                }
            }
            cell.damaged = step.action != Action::Stay;
            cell.moves.end = number + 1;
            cell.chars.end = step.at as usize + usize::from(!matches!(step.action, Action::Insert(_)));
            if pending.is_empty() {
                let (next_move, next_char) = (cell.moves.end, cell.chars.end);
                let empty = Cell {
                    moves: next_move..next_move,
                    chars: next_char..next_char,
                    out: String::new(),
                    damaged: false,
                };
                cells.push(std::mem::replace(&mut cell, empty));
            }
        }
        cells
    }

    fn change(&self, window: &[char], path: &Path, line: &[Cell], gain: f64) -> Option<Change> {
        let moves = line[0].moves.start..line[line.len() - 1].moves.end;
        let chars = line[0].chars.start..line[line.len() - 1].chars.end;
        let garbled = window.get(chars.clone())?;
        let before: String = garbled.iter().collect();
        let plan = self.plan(garbled, chars.start, &path.moves[moves.clone()])?;
        let after = plan.apply(&before)?;
        if plan.invert(&after).as_ref() != Some(&before) {
            return None;
        }
        let guessed = guessed_ranges(path, line);
        let lm = self.truth.text_cost(&after);
        let spent = cost_of(path, moves.clone());
        let alternatives = self.alternatives(window, path, line, &after);
        let doubt: f64 = alternatives.iter().map(|a| a.confidence).sum();
        let sure = 1.0 / (1.0 + (-gain * std::f64::consts::LN_2).exp());
        Some(Change {
            span: chars.clone(),
            before,
            after,
            plan,
            guessed,
            confidence: sure.min(0.9999) / (1.0 + doubt),
            alternatives,
            score: Score {
                as_it_stands: bits(self.clean_cost(garbled, Context::default())),
                repaired: bits(lm),
                channel: bits(self.enter + spent.saturating_sub(lm)),
            },
        })
    }

    fn plan(&self, garbled: &[char], first: usize, moves: &[Move]) -> Option<Plan> {
        let reader = self.reader(garbled);
        let mut edits = Vec::new();
        for step in moves {
            let at = step.at as usize - first;
            let from = garbled.get(at).copied();
            let kind = match step.action {
                Action::Insert(byte) => EditKind::Insert(byte),
                Action::Replace(byte) => EditKind::Replace { from: from?, byte },
                Action::Remove => EditKind::Remove(from?),
                Action::Take(byte) if reader.byte_of(from?) != Some(byte) => {
                    EditKind::Replace { from: from?, byte }
                }
                Action::TakeFused if reader.byte_of(from?).is_some() => EditKind::Fused(from?),
                Action::Take(_) | Action::TakeFused => continue,
                Action::Stay => return None,
            };
            edits.push(Edit { at, kind });
        }
        let plan = Plan::transcode(edits, reader, self.channel.written);
        if self.channel.written != Written::Gb18030 {
            return Some(plan);
        }
        // Most of what GB18030 reads was written by programs that knew GBK; the four-byte forms tell.
        let before: String = garbled.iter().collect();
        let narrow = Plan::transcode(edits_of(&plan), reader, Written::Gbk);
        let is_gbk =
            narrow.apply(&before).is_some_and(|after| narrow.invert(&after).as_ref() == Some(&before));
        Some(if is_gbk { narrow } else { plan })
    }

    /// The reader that fits the characters; where several do, the most common one.
    fn reader(&self, garbled: &[char]) -> Reader {
        if self.channel.fused {
            return Reader::Utf8ElseWindows1252;
        }
        let fits = |reader: Reader| {
            garbled.iter().filter(|&&c| sloppy_byte_of(c).is_some()).all(|&c| reader.byte_of(c).is_some())
        };
        if !fits(Reader::Windows1252) && fits(Reader::Latin1) { Reader::Latin1 } else { Reader::Windows1252 }
    }

    /// Other readings of a line, most probable first.
    fn alternatives(&self, window: &[char], path: &Path, line: &[Cell], after: &str) -> Vec<Alternative> {
        let mut readings: Vec<(Cost, String)> = Vec::new();
        for detour in &path.detours {
            readings.extend(self.reading(window, path, line, detour).map(|text| (detour.extra, text)));
        }
        readings.retain(|(_, text)| text != after);
        readings.sort();
        readings.dedup_by(|a, b| a.1 == b.1);
        readings.truncate(MOST_ALTERNATIVES);
        readings
            .into_iter()
            .map(|(extra, after)| Alternative { after, confidence: (-bits(extra)).exp2() })
            .collect()
    }

    /// The line as a detour reads it, if it leaves the path within the line and ends where the line does.
    fn reading(&self, window: &[char], path: &Path, line: &[Cell], detour: &Detour) -> Option<String> {
        let (first, last) = (line.first()?, line.last()?);
        let moves = first.moves.start..last.moves.end;
        let (fork, join) = (detour.replaces.start, detour.replaces.end);
        if fork >= moves.end || join <= moves.start {
            return None;
        }
        // A detour that assumes another kind of loss never joins the path again: of it, what lies in the line.
        let is_within = |step: &&Move| (first.chars.start..last.chars.end).contains(&(step.at as usize));
        let mut other = path.moves[moves.start..fork.max(moves.start)].to_vec();
        other.extend(detour.moves.iter().filter(is_within));
        if join < moves.end {
            other.extend(&path.moves[join..moves.end]);
        }
        let cells = self.cells(window, &other);
        (cells.first()?.chars.start <= first.chars.start && cells.last()?.chars.end == last.chars.end)
            .then(|| cells.into_iter().map(|cell| cell.out).collect())
    }
}

/// Other readings told of one change.
const MOST_ALTERNATIVES: usize = 4;

fn bits(cost: Cost) -> f64 {
    f64::from(cost) / f64::from(BIT)
}

fn edits_of(plan: &Plan) -> Vec<Edit> {
    match plan.steps().first() {
        Some(super::plan::Step::Restore(edits)) => edits.clone(),
        _ => Vec::new(),
    }
}

fn cost_of(path: &Path, moves: Range<usize>) -> Cost {
    let until = |end: usize| end.checked_sub(1).and_then(|last| path.costs.get(last)).copied().unwrap_or(0);
    until(moves.end).saturating_sub(until(moves.start))
}

/// Byte ranges of the repaired line whose characters hold a byte that was not there.
fn guessed_ranges(path: &Path, line: &[Cell]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for cell in line {
        let is_guess = |step: &Move| matches!(step.action, Action::Insert(_) | Action::Replace(_));
        if path.moves[cell.moves.clone()].iter().any(is_guess) {
            ranges.push(at..at + cell.out.len());
        }
        at += cell.out.len();
    }
    ranges
}

/// Whether a stretch is judged damaged.
pub(super) fn is_decided(stretch: &Stretch) -> bool {
    stretch.typical && stretch.gain * f64::from(BIT) >= f64::from(weights::MARGIN)
}
