//! Bytes in, report out: the only module that sees all others.

mod blocks;
mod cut;
#[cfg(feature = "container")]
mod documents;
#[cfg(feature = "container")]
mod names;
#[cfg(feature = "container")]
mod page;
#[cfg(feature = "container")]
mod runs;

#[cfg(feature = "container")]
use std::{borrow::Cow, ops::ControlFlow};

pub use blocks::{Malformed, TextBlocks};

use crate::detect::Candidate;
use crate::encoding::Encoding;
use crate::mojibake::{Change, Repair, Repairer, Undecided};
#[cfg(not(feature = "container"))]
use crate::record;
use crate::record::{Doubt, Record};
use crate::report::{
    Diagnostic, DiagnosticKind, Document, RepairedSpan, Report, RunSpan, SCHEMA_VERSION, UndecidedSpan,
};
use crate::{Error, Limits, error::ErrorKind};

/// What [`recover`] is to do.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RecoverOptions {
    /// How texts are repaired.
    pub repairer: Repairer,
    /// How much the input may make us do.
    pub limits: Limits,
    /// The encoding of the documents, where the caller knows it.
    pub encoding: Option<Encoding>,
    /// Whether to read the fields and codes of each document.
    pub record: bool,
}

impl RecoverOptions {
    /// The default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`RecoverOptions::repairer`].
    pub fn repairer(mut self, repairer: Repairer) -> Self {
        self.repairer = repairer;
        self
    }

    /// Sets [`RecoverOptions::limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets [`RecoverOptions::encoding`].
    pub fn encoding(mut self, encoding: Option<Encoding>) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets [`RecoverOptions::record`].
    pub fn record(mut self, yes: bool) -> Self {
        self.record = yes;
        self
    }
}

/// Bytes that were detected, decoded and repaired.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded {
    /// The repaired text; `None` if the bytes are no text.
    pub text: Option<String>,
    /// The encoding that was chosen.
    pub encoding: Option<Candidate>,
    /// The changed spans; their offsets are bytes of the decoded text before the repair.
    pub changes: Vec<Change>,
    /// The damaged spans that were left alone.
    pub undecided: Vec<Undecided>,
    /// The sequences that the encoding does not have; each became one U+FFFD.
    pub malformed: Option<Malformed>,
    /// The format, where the bytes are a document of another format than plain text.
    pub format: Option<&'static str>,
    /// Where in such a document the text stands.
    pub runs: Vec<RunSpan>,
    /// What could not be read as it should in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether bytes that begin so are a document of another format than plain text: then their text is what is in them.
/// The first 4096 bytes are enough.
pub fn is_document(head: &[u8]) -> bool {
    #[cfg(feature = "container")]
    return crate::document::sniff(head).is_some();
    #[cfg(not(feature = "container"))]
    {
        let _ = head;
        false
    }
}

/// The kind of archive that bytes begin as: [`recover`] reads what is in it. The first 512 bytes are enough.
pub fn archive_kind(head: &[u8]) -> Option<&'static str> {
    #[cfg(feature = "container")]
    return crate::container::sniff(head).map(crate::container::Kind::label);
    #[cfg(not(feature = "container"))]
    {
        let _ = head;
        None
    }
}

/// Detects, decodes and repairs. Never fails, and never loses: what cannot be decoded is counted and marked.
pub fn decode(bytes: &[u8]) -> Decoded {
    decode_with(bytes, &RecoverOptions::new())
}

/// [`decode`] with options.
pub fn decode_with(bytes: &[u8], options: &RecoverOptions) -> Decoded {
    #[cfg(feature = "container")]
    if let Some(format) = crate::document::sniff(bytes) {
        let mut budget = crate::container::Budget::new(&options.limits, bytes.len());
        return decoded(documents::open(format, bytes, options.encoding, &mut budget), options);
    }
    decode_plain_text(bytes, options)
}

/// [`decode_with`] for what is no document of another format.
fn decode_plain_text(bytes: &[u8], options: &RecoverOptions) -> Decoded {
    let mut blocks = TextBlocks::of_plain_text(options.encoding);
    let (mut text, mut changes, mut undecided) = (String::new(), Vec::new(), Vec::new());
    let mut offset = 0;
    blocks.feed(bytes);
    blocks.finish();
    while let Some(block) = blocks.next_block() {
        let repair = options.repairer.repair(&block);
        text.push_str(repair.text());
        changes.extend(repair.changes().iter().cloned().map(|mut change| {
            change.span = offset + change.span.start..offset + change.span.end;
            change
        }));
        undecided.extend(repair.undecided().iter().cloned().map(|mut span| {
            span.span = offset + span.span.start..offset + span.span.end;
            span
        }));
        offset += block.len();
    }
    Decoded {
        text: (!blocks.is_binary()).then_some(text),
        encoding: blocks.encoding().cloned(),
        changes,
        undecided,
        malformed: blocks.malformed(),
        format: None,
        runs: Vec::new(),
        diagnostics: Vec::new(),
    }
}

/// Repairs the text of a document.
#[cfg(feature = "container")]
fn decoded(opened: documents::Opened, options: &RecoverOptions) -> Decoded {
    let repair = options.repairer.repair(&opened.text);
    let (changes, undecided) = (repair.changes().to_vec(), repair.undecided().to_vec());
    let text = match repair.into_text() {
        Cow::Owned(repaired) => repaired,
        Cow::Borrowed(_) => opened.text,
    };
    Decoded {
        changes,
        undecided,
        text: opened.format.map(|_| text),
        format: opened.format.map(crate::document::Format::label),
        encoding: opened.encoding,
        malformed: opened.malformed,
        runs: opened.runs,
        diagnostics: opened.diagnostics,
    }
}

/// Reads the fields and codes of a repaired text; what rests on restored bytes is treated as a guess.
pub fn read_record(repair: &Repair<'_>) -> Record {
    record_of(repair.text(), &doubts(repair.changes()))
}

/// Reads the record of a text; of a page (HTML, XML) what a reader sees of it.
fn record_of(text: &str, doubts: &[Doubt]) -> Record {
    #[cfg(feature = "container")]
    return page::record(text, doubts);
    #[cfg(not(feature = "container"))]
    return record::extract(text, doubts);
}

/// Takes an input apart, and decodes, repairs and reads each document in it.
///
/// Broken content gives diagnostics. An error is: an input that is larger than the limits allow, or of a kind that this
/// build does not read.
pub fn recover(bytes: &[u8], options: &RecoverOptions) -> Result<Report, Error> {
    let mut documents = Vec::new();
    recover_each(bytes, options, &mut |document| documents.push(document))?;
    Ok(Report { v: SCHEMA_VERSION, documents })
}

/// [`recover`] with each document handed over as soon as it is done, so that a large container needs little memory.
#[cfg(feature = "container")]
pub fn recover_each(
    bytes: &[u8],
    options: &RecoverOptions,
    take: &mut dyn FnMut(Document),
) -> Result<(), Error> {
    use crate::container::{self, Budget};
    use crate::document;

    let mut budget = Budget::new(&options.limits, bytes.len());
    let mut walk = Walk { options, take, path: Vec::new(), names: names::Names::default() };
    match (document::sniff(bytes), container::sniff(bytes)) {
        (None, Some(kind)) => {
            check_size(bytes, options.limits.total_bytes)?;
            let _ = walk.container(kind, bytes, &mut budget);
        }
        (format, _) => {
            check_size(bytes, options.limits.entry_bytes)?;
            let _ = walk.document(format, bytes, None, &mut budget);
        }
    }
    Ok(())
}

/// [`recover`] with each document handed over as soon as it is done. This build reads no containers.
#[cfg(not(feature = "container"))]
pub fn recover_each(
    bytes: &[u8],
    options: &RecoverOptions,
    take: &mut dyn FnMut(Document),
) -> Result<(), Error> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x1F\x8B\x08") {
        let found = "an archive, which needs the feature `container`".to_owned();
        return Err(ErrorKind::Unsupported { doing: "taking the input apart", found }.into());
    }
    check_size(bytes, options.limits.entry_bytes)?;
    take(document(decode_with(bytes, options), Vec::new(), options));
    Ok(())
}

fn check_size(bytes: &[u8], limit: u64) -> Result<(), Error> {
    let found = bytes.len() as u64;
    if found > limit {
        let kind = ErrorKind::Limit { doing: "reading the input", what: "its size in bytes", found, limit };
        return Err(kind.into());
    }
    Ok(())
}

/// The way through a container and those inside it.
#[cfg(feature = "container")]
struct Walk<'w> {
    options: &'w RecoverOptions,
    take: &'w mut dyn FnMut(Document),
    path: Vec<crate::report::EntryName>,
    /// What the names in the container mean.
    names: names::Names,
}

#[cfg(feature = "container")]
impl crate::container::Visit for Walk<'_> {
    fn names(&mut self, names: Vec<crate::container::Name>) {
        self.names = names::decode(names, &self.options.repairer);
    }

    fn part(
        &mut self,
        part: crate::container::Part,
        budget: &mut crate::container::Budget<'_>,
    ) -> ControlFlow<()> {
        // What is inside the part has names of its own.
        let names = std::mem::take(&mut self.names);
        let decoded = names.get(&part.name).cloned();
        let flow = self.named_part(part, decoded, budget);
        self.names = names;
        flow
    }
}

#[cfg(feature = "container")]
impl Walk<'_> {
    fn container(
        &mut self,
        kind: crate::container::Kind,
        bytes: &[u8],
        budget: &mut crate::container::Budget<'_>,
    ) -> ControlFlow<()> {
        if let Err(problem) = budget.enter() {
            (self.take)(unread(self.path.clone(), &problem));
            return ControlFlow::Continue(());
        }
        let path = self.path.clone();
        let (flow, problem) = crate::container::read(kind, bytes, budget, self);
        budget.leave();
        if let Some(problem) = problem {
            (self.take)(unread(path, &problem));
        }
        flow
    }

    fn named_part(
        &mut self,
        part: crate::container::Part,
        decoded: Option<String>,
        budget: &mut crate::container::Budget<'_>,
    ) -> ControlFlow<()> {
        // A gzip member without a name adds no level to the path.
        let named = !part.name.is_empty();
        if named {
            self.path.push(crate::report::EntryName { raw: part.name, decoded });
        }
        let mut flow = ControlFlow::Continue(());
        let bytes = &part.bytes[..];
        match (crate::document::sniff(bytes), crate::container::sniff(bytes), &part.problem) {
            (.., Some(problem)) if bytes.is_empty() => (self.take)(unread(self.path.clone(), problem)),
            (None, Some(kind), problem) => {
                flow = self.container(kind, bytes, budget);
                if let Some(problem) = problem {
                    (self.take)(unread(self.path.clone(), problem));
                }
            }
            (format, _, problem) => flow = self.document(format, bytes, problem.as_ref(), budget),
        }
        if named {
            self.path.pop();
        }
        flow
    }

    /// A document of that format or a plain text, then the documents inside it.
    fn document(
        &mut self,
        format: Option<crate::document::Format>,
        bytes: &[u8],
        problem: Option<&crate::container::Problem>,
        budget: &mut crate::container::Budget<'_>,
    ) -> ControlFlow<()> {
        if let Some(format) = format {
            let opened = documents::open(format, bytes, self.options.encoding, budget);
            return self.opened(opened, problem, budget);
        }
        self.take(decode_plain_text(bytes, self.options), problem);
        ControlFlow::Continue(())
    }

    fn take(&mut self, decoded: Decoded, problem: Option<&crate::container::Problem>) {
        let mut document = document(decoded, self.path.clone(), self.options);
        document.diagnostics.extend(problem.map(documents::diagnostic));
        (self.take)(document);
    }

    /// A document that was read, then the documents inside it.
    fn opened(
        &mut self,
        mut opened: documents::Opened,
        problem: Option<&crate::container::Problem>,
        budget: &mut crate::container::Budget<'_>,
    ) -> ControlFlow<()> {
        let parts = std::mem::take(&mut opened.parts);
        let objects = std::mem::take(&mut opened.objects);
        let is_empty = parts.is_empty() && objects.is_empty();
        let decoded = decoded(opened, self.options);
        // An archive that began like an office file is what is in it.
        let is_archive = decoded.text.is_none() && !is_empty && decoded.diagnostics.is_empty();
        if !is_archive || problem.is_some() {
            self.take(decoded, problem);
        }
        if is_empty {
            return ControlFlow::Continue(());
        }
        if let Err(problem) = budget.enter() {
            (self.take)(unread(self.path.clone(), &problem));
            return ControlFlow::Continue(());
        }
        let flow = self.inside(parts, objects, budget);
        budget.leave();
        flow
    }

    fn inside(
        &mut self,
        parts: Vec<crate::container::Part>,
        objects: Vec<(String, documents::Opened)>,
        budget: &mut crate::container::Budget<'_>,
    ) -> ControlFlow<()> {
        for (name, object) in objects {
            self.entry(budget)?;
            let decoded = (!name.is_ascii()).then(|| name.clone());
            self.path.push(crate::report::EntryName { raw: name.into_bytes(), decoded });
            let flow = self.opened(object, None, budget);
            self.path.pop();
            flow?;
        }
        let raw = parts.iter().map(|part| &part.name).filter(|name| !name.is_ascii());
        let raw = raw.map(|name| crate::container::Name { raw: name.clone(), is_utf8: false });
        crate::container::Visit::names(self, raw.collect());
        for part in parts {
            self.entry(budget)?;
            crate::container::Visit::part(self, part, budget)?;
        }
        ControlFlow::Continue(())
    }

    /// Pays for one document inside another; breaks off where none may follow.
    fn entry(&mut self, budget: &mut crate::container::Budget<'_>) -> ControlFlow<()> {
        match budget.entry() {
            Ok(()) => ControlFlow::Continue(()),
            Err(problem) => {
                (self.take)(unread(self.path.clone(), &problem));
                ControlFlow::Break(())
            }
        }
    }
}

#[cfg(feature = "container")]
fn unread(path: Vec<crate::report::EntryName>, problem: &crate::container::Problem) -> Document {
    Document {
        path,
        encoding: None,
        format: None,
        language: None,
        text: None,
        runs: Vec::new(),
        repairs: Vec::new(),
        undecided: Vec::new(),
        record: None,
        diagnostics: vec![documents::diagnostic(problem)],
    }
}

fn document(decoded: Decoded, path: Vec<crate::report::EntryName>, options: &RecoverOptions) -> Document {
    let mut diagnostics = decoded.diagnostics;
    diagnostics.extend(decoded.malformed.as_ref().map(Malformed::diagnostic));
    if decoded.text.is_none() {
        diagnostics.push(Diagnostic::new(DiagnosticKind::Binary, "no text: binary data"));
    }
    let record = match &decoded.text {
        Some(text) if options.record => Some(record_of(text, &doubts(&decoded.changes))),
        _ => None,
    };
    Document {
        path,
        encoding: decoded.encoding.as_ref().map(|c| c.encoding),
        format: decoded.format,
        language: decoded.encoding.as_ref().and_then(|c| c.language),
        runs: decoded.runs,
        repairs: decoded.changes.iter().map(|c| RepairedSpan::new(c, 0)).collect(),
        undecided: decoded.undecided.iter().map(|u| UndecidedSpan::new(u, 0)).collect(),
        text: decoded.text,
        record,
        diagnostics,
    }
}

/// The guessed stretches of the changes, at their places in the repaired text.
fn doubts(changes: &[Change]) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    // How far the repaired text has moved against the input: `added` is always at least `removed` - start.
    let (mut added, mut removed) = (0, 0);
    for change in changes {
        let start = change.span.start + added - removed;
        for guessed in &change.guessed {
            doubts.push(Doubt {
                span: start + guessed.start..start + guessed.end,
                confidence: change.confidence,
                alternatives: other_readings(change, guessed),
            });
        }
        added += change.after.len();
        removed += change.span.len();
    }
    doubts
}

/// What the alternatives have at `stretch`, where they agree with the repair around it.
fn other_readings(change: &Change, stretch: &std::ops::Range<usize>) -> Vec<String> {
    let (Some(head), Some(tail)) = (change.after.get(..stretch.start), change.after.get(stretch.end..))
    else {
        return Vec::new();
    };
    let middle = |other: &str| Some(other.strip_prefix(head)?.strip_suffix(tail)?.to_owned());
    change.alternatives.iter().filter_map(|a| middle(&a.after)).collect()
}

#[cfg(all(test, feature = "container"))]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn kinds(bytes: &[u8], options: &RecoverOptions) -> Vec<DiagnosticKind> {
        let report = recover(bytes, options).unwrap();
        report.documents.iter().flat_map(|d| &d.diagnostics).map(|d| d.kind).collect()
    }

    #[test]
    fn plain_text_is_one_document() {
        let report = recover("统一\n".as_bytes(), &RecoverOptions::new()).unwrap();
        assert_eq!(report.documents.len(), 1);
        assert_eq!(report.documents[0].text.as_deref(), Some("统一\n"));
        assert_eq!(report.documents[0].encoding, Some("utf-8"));
    }

    #[test]
    fn doubts_lie_where_the_repaired_text_was_guessed() {
        use crate::mojibake::{Alternative, Plan, Score};
        let change = |span, after: &str, guessed| Change {
            guessed: std::iter::once(guessed).collect(),
            span,
            before: String::new(),
            after: after.to_owned(),
            plan: Plan::default(),
            confidence: 0.9,
            alternatives: vec![Alternative { after: "桃红县".to_owned(), confidence: 0.1 }],
            score: Score { as_it_stands: 0.0, repaired: 0.0, channel: 0.0 },
        };
        // Twelve bytes after `a` became 桃江县, two after `b` became 江.
        let changes = [change(1..13, "桃江县", 3..6), change(14..16, "江", 0..3)];
        let text = "a桃江县b江c";
        let doubts = doubts(&changes);
        assert_eq!(doubts.iter().map(|d| &text[d.span.clone()]).collect::<Vec<_>>(), ["江", "江"]);
        assert_eq!(doubts[0].alternatives, ["红"]);
        assert_eq!(doubts[1].alternatives, ["桃红县"], "the whole span is the stretch");
    }

    #[test]
    fn a_bomb_stops_at_the_ratio() {
        let bomb = gzip(&vec![b'0'; 12 << 20]);
        assert_eq!(kinds(&bomb, &RecoverOptions::new()), [DiagnosticKind::Limit]);
    }

    #[test]
    fn nesting_stops_at_the_depth() {
        let mut nested = b"text".to_vec();
        for _ in 0..12 {
            nested = gzip(&nested);
        }
        assert_eq!(kinds(&nested, &RecoverOptions::new()), [DiagnosticKind::Limit]);
    }

    #[test]
    fn a_cut_archive_gives_what_is_there() {
        let all = gzip("行政机关 0123456789\n".repeat(50).as_bytes());
        let report = recover(&all[..all.len() - 9], &RecoverOptions::new()).unwrap();
        let document = &report.documents[0];
        assert!(document.text.as_deref().unwrap().starts_with("行政机关"));
        assert_eq!(document.diagnostics[0].kind, DiagnosticKind::Damaged);
    }

    #[test]
    fn an_input_over_the_limit_is_an_error() {
        let options = RecoverOptions::new().limits(Limits::new().entry_bytes(3));
        assert!(recover(b"four", &options).unwrap_err().is_limit());
    }
}
