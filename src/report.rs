//! What was found and done, as plain data. With the feature `serde` it serialises to the project's JSON schema.
//!
//! The offsets are bytes of the *decoded* text of a document before the repair. Everything that a repair changed can be
//! put back from here: `before` at `start..end`.

use std::borrow::Cow;

use crate::mojibake::{Alternative, Change, Cipher, EditKind, LossKind, Reason, Spelling, Step, Undecided};
use crate::record::Record;

/// The version of the JSON schema, given as `"v"`.
pub const SCHEMA_VERSION: u32 = 1;

/// What became of one input.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub v: u32,
    /// The documents in the order of the input; one for a plain file, any number for a container.
    pub documents: Vec<Document>,
}

/// One document: a plain file, or one file inside a container.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Document {
    /// Names from the outermost container inwards; empty for the input itself.
    #[cfg_attr(feature = "serde", serde(rename = "entry", skip_serializing_if = "Vec::is_empty"))]
    pub path: Vec<EntryName>,
    /// The encoding it was in, as reported names go; `None` where it is no text.
    pub encoding: Option<&'static str>,
    /// The format, where it is a document of a kind that the text is read out of; `None` for plain text.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub format: Option<&'static str>,
    /// BCP 47 tag of the language, where known.
    pub language: Option<&'static str>,
    /// The repaired text; `None` where the document is no text.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub text: Option<String>,
    /// Where in the document the text stands; empty for plain text.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub runs: Vec<RunSpan>,
    /// What was changed, in the order of the text.
    pub repairs: Vec<RepairedSpan>,
    /// What looks damaged and was left alone.
    pub undecided: Vec<UndecidedSpan>,
    /// What the document says about itself, if asked for.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub record: Option<Record>,
    /// What could not be read as it should.
    pub diagnostics: Vec<Diagnostic>,
}

/// A stretch of a document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RunSpan {
    /// The part of the document: `body`, `header`, `footer`, `footnote`, `endnote`, `comment`, `text_box`, `picture`,
    /// `property`.
    pub zone: &'static str,
    /// First byte of the decoded text.
    pub start: usize,
    /// Byte of the decoded text after the last.
    pub end: usize,
    /// The encoding of its bytes; `None` where the format itself says which characters they are.
    pub encoding: Option<&'static str>,
    /// Where its bytes begin in the file, if they stand there as such.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub offset: Option<u64>,
    /// The cell of a workbook that it is.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub cell: Option<Cell>,
}

/// A cell of a workbook, each number counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Cell {
    /// The sheet, in the order of the file.
    pub sheet: u32,
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

/// A name inside a container: any bytes. Serialises as `{"text"}` where they are UTF-8, as `{"bytes": base64}` where not;
/// with `decoded` beside it where that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct EntryName {
    /// The name as it stands there.
    pub raw: Vec<u8>,
    /// The name decoded and repaired, together with all names of its container; `None` where that is plain ASCII.
    pub decoded: Option<String>,
}

impl EntryName {
    /// The name for a person.
    pub fn shown(&self) -> Cow<'_, str> {
        match &self.decoded {
            Some(decoded) => Cow::Borrowed(decoded),
            None => String::from_utf8_lossy(&self.raw),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for EntryName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine;
        use serde::ser::SerializeMap;
        let text = std::str::from_utf8(&self.raw).ok();
        let decoded = self.decoded.as_deref().filter(|decoded| Some(*decoded) != text);
        let mut map = serializer.serialize_map(Some(1 + usize::from(decoded.is_some())))?;
        match text {
            Some(text) => map.serialize_entry("text", text)?,
            None => {
                map.serialize_entry("bytes", &base64::engine::general_purpose::STANDARD.encode(&self.raw))?
            }
        }
        if let Some(decoded) = decoded {
            map.serialize_entry("decoded", decoded)?;
        }
        map.end()
    }
}

/// Something that a document could not be read without.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which kind of trouble.
    pub kind: DiagnosticKind,
    /// For a person: what was found.
    pub message: String,
    /// Where in the bytes of the document, if at one place.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub offset: Option<u64>,
    /// How often, where that is counted.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub count: Option<u64>,
}

/// The kinds of [`Diagnostic`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// Byte sequences that the encoding does not have; each became U+FFFD.
    Malformed,
    /// The document is no text.
    Binary,
    /// One of the [`Limits`](crate::Limits) was reached.
    Limit,
    /// The container breaks its own format.
    Damaged,
    /// The container uses something that this build does not read.
    Unsupported,
    /// A link in a container, not followed.
    Link,
}

impl DiagnosticKind {
    /// Whether the document was not read to its end, so that the report is incomplete.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Limit | Self::Damaged | Self::Unsupported)
    }
}

impl Diagnostic {
    pub(crate) fn new(kind: DiagnosticKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), offset: None, count: None }
    }
}

/// One repaired span.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RepairedSpan {
    /// First byte of the input text.
    pub start: usize,
    /// Byte of the input text after the last.
    pub end: usize,
    /// The span as it stood.
    pub before: String,
    /// The span repaired.
    pub after: String,
    /// How to get from `before` to `after`.
    pub chain: Vec<ChainStep>,
    /// The places of the losses, for an exact replay.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub edits: Vec<PlacedEdit>,
    /// What was lost, counted.
    pub losses: Vec<LossEntry>,
    /// Whether nothing was lost.
    pub lossless: bool,
    /// Probability that `after` is what was written.
    pub confidence: f64,
    /// What else it may have been, most probable first.
    pub alternatives: Vec<Reading>,
}

/// One step of a chain: `{"respell": […]}`, `{"encode": label}`, `{"decode": label}` or `{"within": …}`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum ChainStep {
    /// Escapes to the characters that they stand for.
    Respell(Vec<EscapeEntry>),
    /// Characters to the bytes that the wrong reader saw.
    Encode(&'static str),
    /// Those bytes to the characters that were written.
    Decode(&'static str),
    /// A chain for a part of the text; the rest stays.
    Within(PartChain),
}

/// An escape at its place.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EscapeEntry {
    /// Place in the text before this step, in characters.
    pub at: usize,
    /// How it is written there.
    pub source: String,
    /// The character that it stands for; `null` for a line break that quoted-printable put in.
    pub becomes: Option<char>,
}

/// A chain for a part of the text at its step.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PartChain {
    /// First character of the part, before this step.
    pub start: usize,
    /// Character after its last.
    pub end: usize,
    /// Characters of the part after this step.
    pub becomes: usize,
    /// What happens to the part.
    pub chain: Vec<ChainStep>,
    /// The places of the losses in the part.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub edits: Vec<PlacedEdit>,
}

/// A loss that is made good at one place.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PlacedEdit {
    /// The step of `chain` that it comes before.
    pub step: usize,
    /// Place in the span, in characters.
    pub at: usize,
    /// A dropped byte to put in, in hexadecimal.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub insert: Option<String>,
    /// A character that stands where the byte `byte` was.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub replace: Option<char>,
    /// The byte for `replace`, in hexadecimal.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub byte: Option<String>,
    /// A character to take out.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub remove: Option<char>,
    /// A character that was read from its UTF-8 bytes, not from the one byte that it also is. Nothing is lost.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub fused: Option<char>,
}

/// What was lost, and how often.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LossEntry {
    /// `dropped`, `replaced` or `inserted`.
    pub kind: &'static str,
    /// The lost byte, in hexadecimal.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub byte: Option<String>,
    /// What stands in its place, or was put in.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub stands: Option<char>,
    /// How often.
    pub count: usize,
}

/// A possible reading of a span.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Reading {
    /// The whole span under this reading.
    pub after: String,
    /// Its probability.
    pub confidence: f64,
}

/// A span that looks damaged and was left alone.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct UndecidedSpan {
    /// First byte of the input text.
    pub start: usize,
    /// Byte of the input text after the last.
    pub end: usize,
    /// Why nothing was done, as a key.
    pub reason: &'static str,
    /// The encoding that replacement characters were read as, for `replaced_then_read`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub reader: Option<&'static str>,
    /// What it may have been.
    pub guesses: Vec<Reading>,
}

impl RepairedSpan {
    /// The change as data, with `offset` added to its place: a block knows only its own offsets.
    pub fn new(change: &Change, offset: usize) -> Self {
        let (chain, edits) = chain(change.plan.steps());
        let losses = change.plan.losses();
        Self {
            start: offset + change.span.start,
            end: offset + change.span.end,
            before: change.before.clone(),
            after: change.after.clone(),
            chain,
            edits,
            losses: losses
                .iter()
                .map(|loss| LossEntry {
                    kind: loss_kind(loss.kind),
                    byte: loss.bytes.map(|bytes| bytes.to_string()),
                    stands: loss.stands,
                    count: loss.count,
                })
                .collect(),
            lossless: change.is_lossless(),
            confidence: change.confidence,
            alternatives: readings(&change.alternatives),
        }
    }
}

impl UndecidedSpan {
    /// The span as data, with `offset` added to its place.
    pub fn new(undecided: &Undecided, offset: usize) -> Self {
        Self {
            start: offset + undecided.span.start,
            end: offset + undecided.span.end,
            reason: reason_key(undecided.reason),
            reader: match undecided.reason {
                Reason::ReplacedThenRead(reader) => Some(reader.label()),
                _ => None,
            },
            guesses: readings(&undecided.guesses),
        }
    }
}

/// The key of a reason in reports.
pub fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::NotSureEnough => "not_sure_enough",
        Reason::Lossy => "lossy",
        Reason::ReplacementCharacters => "replacement_characters",
        Reason::ReplacedThenRead(_) => "replaced_then_read",
        Reason::UninitialisedMemory => "uninitialised_memory",
        Reason::QuestionMarks => "question_marks",
        Reason::Cipher(Cipher::Rot13) => "cipher_rot13",
        Reason::Cipher(Cipher::Base64) => "cipher_base64",
        Reason::Cipher(Cipher::Hex) => "cipher_hex",
        Reason::Cipher(Cipher::Leet) => "cipher_leet",
        Reason::ControlCharacters => "control_characters",
    }
}

fn chain(steps: &[Step]) -> (Vec<ChainStep>, Vec<PlacedEdit>) {
    let (mut chain, mut placed) = (Vec::new(), Vec::new());
    for step in steps {
        match step {
            Step::Respell(spellings) => chain.push(ChainStep::Respell(escapes(spellings))),
            Step::Encode(reader) => chain.push(ChainStep::Encode(reader.label())),
            Step::Decode(written) => chain.push(ChainStep::Decode(written.label())),
            Step::Restore(edits) => {
                placed.extend(edits.iter().map(|edit| placed_edit(chain.len(), edit.at, edit.kind)));
            }
            Step::Within { part, becomes, plan } => {
                let (inner, edits) = self::chain(plan.steps());
                let (start, end, becomes) = (part.start, part.end, *becomes);
                chain.push(ChainStep::Within(PartChain { start, end, becomes, chain: inner, edits }));
            }
        }
    }
    (chain, placed)
}

fn escapes(spellings: &[Spelling]) -> Vec<EscapeEntry> {
    let entry = |s: &Spelling| EscapeEntry { at: s.at, source: s.source.clone(), becomes: s.becomes };
    spellings.iter().map(entry).collect()
}

fn placed_edit(step: usize, at: usize, kind: EditKind) -> PlacedEdit {
    let mut placed =
        PlacedEdit { step, at, insert: None, replace: None, byte: None, remove: None, fused: None };
    match kind {
        EditKind::Insert(byte) => placed.insert = Some(hex(byte)),
        EditKind::Replace { from, bytes } => {
            placed.replace = Some(from);
            placed.byte = Some(bytes.to_string());
        }
        EditKind::Remove(character) => placed.remove = Some(character),
        EditKind::Fused(character) => placed.fused = Some(character),
    }
    placed
}

fn loss_kind(kind: LossKind) -> &'static str {
    match kind {
        LossKind::Dropped => "dropped",
        LossKind::Replaced => "replaced",
        LossKind::Inserted => "inserted",
    }
}

fn readings(alternatives: &[Alternative]) -> Vec<Reading> {
    alternatives.iter().map(|a| Reading { after: a.after.clone(), confidence: a.confidence }).collect()
}

fn hex(byte: u8) -> String {
    format!("{byte:02X}")
}
