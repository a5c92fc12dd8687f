//! The typed, replayable, invertible plan of a repair.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::combining::is_mark;

use super::escape::{self, Spelling};

pub use crate::encoding::{Bytes, Encoding, Reader};

/// How a garbled span becomes the true one: steps to replay in order.
///
/// `plan.apply(before) == Some(after)` and `plan.invert(after) == Some(before)`, also where bytes were lost, because
/// each lost byte is an [`Edit`] that names its place.
///
/// ```
/// let repair = fixenc::repair("Í³Ò»Éç»áÐÅÓÃ´úÂë");
/// let change = &repair.changes()[0];
/// assert_eq!(change.plan.to_string(), "encode as windows-1252, decode as gbk");
/// assert_eq!(change.plan.apply("Í³Ò»Éç»áÐÅÓÃ´úÂë").as_deref(), Some("统一社会信用代码"));
/// assert_eq!(change.plan.invert("统一社会信用代码").as_deref(), Some("Í³Ò»Éç»áÐÅÓÃ´úÂë"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    // The lines of a text share theirs.
    steps: Arc<[Step]>,
}

/// One step of a [`Plan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Escapes to the characters that they stand for.
    Respell(Vec<Spelling>),
    /// Puts back what was lost after the text was read: edits in the order of their places.
    Restore(Vec<Edit>),
    /// Characters to the bytes that the wrong reader saw.
    Encode(Reader),
    /// Those bytes to the characters that were written.
    Decode(Encoding),
    /// A plan for a part of the text; the rest stays.
    Within {
        /// The part, in characters of the text before this step.
        part: Range<usize>,
        /// Characters of the part after this step.
        becomes: usize,
        /// What happens to it.
        plan: Plan,
    },
}

/// One place where the reader's characters alone do not tell the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// Place in the garbled span, in characters.
    pub at: usize,
    /// What is done there.
    pub kind: EditKind,
}

/// What is done at an [`Edit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    /// A byte was dropped: put it in before the character at `at`.
    Insert(u8),
    /// The character at `at` stands where the byte was.
    Replace {
        /// What stands there.
        from: char,
        /// The bytes that were there.
        bytes: Bytes,
    },
    /// The character at `at` was put in by somebody else: take it out.
    Remove(char),
    /// The character at `at` was read from its UTF-8 bytes, not from the one byte that it also is. Nothing is lost.
    Fused(char),
}

/// A kind of loss that a plan makes good, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What kind.
    pub kind: LossKind,
    /// The bytes that were lost; `None` for characters that were put in.
    pub bytes: Option<Bytes>,
    /// What stands in its place, or was put in.
    pub stands: Option<char>,
    /// How often.
    pub count: usize,
}

/// What kind of loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LossKind {
    /// Bytes are gone without a trace.
    Dropped,
    /// Another character stands in the byte's place.
    Replaced,
    /// Characters were put between.
    Inserted,
}

/// A character of the garbled text, as far as edits have told what it stands for.
enum Cell {
    Char(char),
    Bytes(Bytes),
}

enum Stage {
    Text(Vec<char>),
    Cells(Vec<Cell>),
    Bytes(Vec<u8>),
}

impl Plan {
    /// A plan of these steps.
    pub(super) fn new(steps: Vec<Step>) -> Self {
        Self { steps: steps.into() }
    }

    /// The plan that reads with `reader`, wrote in `written`, and had these `edits`.
    pub(super) fn transcode(edits: Vec<Edit>, reader: Reader, written: Encoding) -> Self {
        let mut steps = Vec::with_capacity(3);
        if !edits.is_empty() {
            steps.push(Step::Restore(edits));
        }
        steps.extend([Step::Encode(reader), Step::Decode(written)]);
        Self::new(steps)
    }

    /// The steps in the order of replay.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The losses that the plan makes good, by kind and byte; empty for a lossless plan.
    pub fn losses(&self) -> Vec<Loss> {
        let mut counts = BTreeMap::new();
        self.count_losses(&mut counts);
        counts.into_iter().map(|((kind, bytes, stands), count)| Loss { kind, bytes, stands, count }).collect()
    }

    fn count_losses(&self, counts: &mut BTreeMap<(LossKind, Option<Bytes>, Option<char>), usize>) {
        for step in self.steps.iter() {
            match step {
                Step::Restore(edits) => {
                    for edit in edits {
                        let key = match edit.kind {
                            EditKind::Insert(byte) => (LossKind::Dropped, Some(Bytes::one(byte)), None),
                            EditKind::Replace { from, bytes } => {
                                (LossKind::Replaced, Some(bytes), Some(from))
                            }
                            EditKind::Remove(c) => (LossKind::Inserted, None, Some(c)),
                            EditKind::Fused(_) => continue,
                        };
                        *counts.entry(key).or_default() += 1;
                    }
                }
                Step::Within { plan, .. } => plan.count_losses(counts),
                Step::Respell(_) | Step::Encode(_) | Step::Decode(_) => {}
            }
        }
    }

    /// Replays the plan on a garbled span. `None` if the text is not one that this plan fits.
    pub fn apply(&self, garbled: &str) -> Option<String> {
        let mut stage = Stage::Text(garbled.chars().collect());
        for step in self.steps.iter() {
            stage = apply_step(step, stage)?;
        }
        match stage {
            Stage::Text(chars) => Some(chars.into_iter().collect()),
            Stage::Cells(_) | Stage::Bytes(_) => None,
        }
    }

    /// Garbles the repaired span again, losses included. `None` if the text is not one that this plan gives.
    pub fn invert(&self, repaired: &str) -> Option<String> {
        let mut text: Vec<char> = repaired.chars().collect();
        let mut bytes = None;
        let mut steps = self.steps.iter().rev().peekable();
        while let Some(step) = steps.next() {
            match step {
                Step::Respell(spellings) => text = escape::escape(spellings, &text)?,
                Step::Decode(written) => {
                    bytes = Some(written.encode(&text.iter().collect::<String>())?);
                }
                Step::Encode(reader) => {
                    let edits: &[Edit] = match steps.next_if(|step| matches!(step, Step::Restore(_))) {
                        Some(Step::Restore(edits)) => edits,
                        _ => &[],
                    };
                    text = garble(edits, *reader, &bytes.take()?)?;
                }
                // Edits tell how to read bytes, so they stand before the reader.
                Step::Restore(_) => return None,
                Step::Within { part, becomes, plan } => {
                    let end = part.start.checked_add(*becomes)?;
                    let inside: String = text.get(part.start..end)?.iter().collect();
                    let garbled: Vec<char> = plan.invert(&inside)?.chars().collect();
                    text.splice(part.start..end, garbled);
                }
            }
        }
        bytes.is_none().then(|| text.into_iter().collect())
    }
}

fn apply_step(step: &Step, stage: Stage) -> Option<Stage> {
    match (step, stage) {
        (Step::Respell(spellings), Stage::Text(text)) => escape::unescape(spellings, &text).map(Stage::Text),
        (Step::Restore(edits), Stage::Text(text)) => Some(Stage::Cells(restore(edits, &text)?)),
        (Step::Encode(reader), Stage::Text(text)) => {
            encode(*reader, text.into_iter().map(Cell::Char)).map(Stage::Bytes)
        }
        (Step::Encode(reader), Stage::Cells(cells)) => encode(*reader, cells.into_iter()).map(Stage::Bytes),
        (Step::Decode(written), Stage::Bytes(bytes)) => {
            Some(Stage::Text(written.decode(&bytes)?.chars().collect()))
        }
        (Step::Within { part, plan, becomes }, Stage::Text(mut text)) => {
            let inside: String = text.get(part.clone())?.iter().collect();
            let after: Vec<char> = plan.apply(&inside)?.chars().collect();
            if after.len() != *becomes {
                return None;
            }
            text.splice(part.clone(), after);
            Some(Stage::Text(text))
        }
        _ => None,
    }
}

fn restore(edits: &[Edit], text: &[char]) -> Option<Vec<Cell>> {
    let mut cells = Vec::with_capacity(text.len() + edits.len());
    let mut at = 0;
    for edit in edits {
        cells.extend(text.get(at..edit.at)?.iter().map(|&c| Cell::Char(c)));
        at = edit.at;
        let stands = text.get(at).copied();
        match edit.kind {
            EditKind::Insert(byte) => {
                cells.push(Cell::Bytes(Bytes::one(byte)));
                continue;
            }
            EditKind::Replace { from, bytes } if stands == Some(from) => cells.push(Cell::Bytes(bytes)),
            EditKind::Remove(c) if stands == Some(c) => {}
            EditKind::Fused(c) if stands == Some(c) => {
                cells.push(Cell::Bytes(Encoding::UTF_8.bytes_of(c)?));
            }
            _ => return None,
        }
        at += 1;
    }
    cells.extend(text.get(at..)?.iter().map(|&c| Cell::Char(c)));
    Some(cells)
}

fn encode(reader: Reader, cells: impl Iterator<Item = Cell>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(cells.size_hint().0);
    for cell in cells {
        let own = match cell {
            Cell::Bytes(own) => own,
            Cell::Char(c) => reader.bytes_of(c)?,
        };
        bytes.extend_from_slice(own.as_slice());
    }
    Some(bytes)
}

/// Reads bytes as the reader did, and does to the text what the edits undo.
fn garble(edits: &[Edit], reader: Reader, bytes: &[u8]) -> Option<Vec<char>> {
    let mut garbled = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    for edit in edits {
        while garbled.len() < edit.at {
            let (c, length) = reader.next_char(rest)?;
            garbled.push(c);
            rest = rest.get(length..)?;
        }
        match edit.kind {
            EditKind::Insert(byte) => rest = rest.strip_prefix(&[byte])?,
            EditKind::Replace { from, bytes } => {
                rest = rest.strip_prefix(bytes.as_slice())?;
                garbled.push(from);
            }
            EditKind::Remove(c) => garbled.push(c),
            EditKind::Fused(c) => {
                rest = rest.strip_prefix(Encoding::UTF_8.bytes_of(c)?.as_slice())?;
                garbled.push(c);
            }
        }
    }
    while let Some((c, length)) = reader.next_char(rest) {
        garbled.push(c);
        rest = rest.get(length..)?;
    }
    Some(garbled)
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, self.bytes, self.stands) {
            (LossKind::Dropped, Some(bytes), _) => write!(f, "byte {bytes} dropped"),
            (LossKind::Replaced, Some(bytes), Some(c)) => {
                write!(f, "byte {bytes} replaced by U+{:04X}", u32::from(c))
            }
            (_, _, Some(c)) => write!(f, "U+{:04X} put in", u32::from(c)),
            _ => f.write_str("byte lost"),
        }?;
        if self.count > 1 { write!(f, " {} times", self.count) } else { Ok(()) }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            if number > 0 {
                f.write_str(", ")?;
            }
            match step {
                Step::Respell(spellings) => {
                    let count = spellings.len();
                    let is_composed = spellings.iter().all(|spelling| spelling.source.chars().any(is_mark));
                    let (done, what) =
                        if is_composed { ("compose", "character") } else { ("resolve", "escape") };
                    write!(f, "{done} {count} {what}{}", if count == 1 { "" } else { "s" })?;
                }
                Step::Restore(edits) => {
                    let lost = edits.iter().filter(|e| !matches!(e.kind, EditKind::Fused(_))).count();
                    write!(f, "restore {lost} lost byte{}", if lost == 1 { "" } else { "s" })?;
                }
                Step::Encode(reader) => write!(f, "encode as {reader}")?,
                Step::Decode(written) => write!(f, "decode as {written}")?,
                Step::Within { part, plan, .. } => {
                    write!(f, "in characters {} to {}: ({plan})", part.start, part.end)?;
                }
            }
        }
        Ok(())
    }
}
