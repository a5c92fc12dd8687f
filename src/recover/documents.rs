//! Documents of other formats than plain text, from their bytes to their text.

use super::Malformed;
use super::runs::{self, Places};
use crate::Limits;
use crate::container::{Budget, Part, Problem};
use crate::detect::Candidate;
use crate::document::{self, Content, Format};
use crate::encoding::Encoding;
use crate::report::{Diagnostic, DiagnosticKind, RunSpan};

/// A document whose bytes are still coming.
pub(super) struct Collected {
    pub(super) format: Format,
    /// The encoding of its bytes, where the caller knows it.
    told: Option<Encoding>,
    bytes: Vec<u8>,
    /// Bytes that are kept; those beyond are left out.
    most: usize,
    is_cut: bool,
}

/// A document that was read.
pub(super) struct Opened {
    /// `None` if no reader was there for it: binary data, or a plain archive.
    pub(super) format: Option<Format>,
    /// All its text, decoded and not yet repaired.
    pub(super) text: String,
    pub(super) runs: Vec<RunSpan>,
    /// `None` where there is no format.
    pub(super) encoding: Option<Candidate>,
    pub(super) malformed: Option<Malformed>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Files inside it.
    pub(super) parts: Vec<Part>,
    /// Documents inside it that are no files, by their names.
    pub(super) objects: Vec<(String, Opened)>,
}

impl Collected {
    pub(super) fn new(format: Format, told: Option<Encoding>) -> Self {
        let most = usize::try_from(Limits::default().entry_bytes).unwrap_or(usize::MAX);
        Self { format, told, bytes: Vec::new(), most, is_cut: false }
    }

    /// Takes in the next bytes.
    pub(super) fn append(&mut self, bytes: &mut Vec<u8>) {
        let room = self.most - self.bytes.len();
        self.is_cut |= bytes.len() > room;
        bytes.truncate(room);
        self.bytes.append(bytes);
    }

    /// Reads the document.
    pub(super) fn open(self) -> Opened {
        let limits = Limits::default();
        let mut budget = Budget::new(&limits, self.bytes.len());
        let content = document::read(self.format, &self.bytes, &mut budget);
        drop(self.bytes);
        let mut opened = opened(content, self.format, self.told, Places::Dropped);
        if self.is_cut {
            let problem = Problem::Limit { what: "bytes of a document", limit: self.most as u64 };
            opened.diagnostics.push(diagnostic(&problem));
        }
        opened
    }
}

/// Reads a document; its bytes are decoded by `told` if the caller knows it.
pub(super) fn open(format: Format, bytes: &[u8], told: Option<Encoding>, budget: &mut Budget<'_>) -> Opened {
    opened(document::read(format, bytes, budget), format, told, Places::Kept)
}

fn opened(content: Content, format: Format, told: Option<Encoding>, places: Places) -> Opened {
    let joined = runs::join(content.runs, told, places);
    let mut diagnostics: Vec<Diagnostic> = content.problems.iter().map(diagnostic).collect();
    if joined.binary_bytes > 0 {
        let found = format!("{} bytes where text should be are binary data", joined.binary_bytes);
        diagnostics.push(Diagnostic::new(DiagnosticKind::Damaged, found));
    }
    let format = content.format.unwrap_or(format);
    let objects = content.objects.into_iter();
    let objects = objects.map(|object| (object.name, opened(object.content, Format::Compound, told, places)));
    let is_known = !matches!(format, Format::Compound | Format::Package);
    Opened {
        format: is_known.then_some(format),
        text: joined.text,
        runs: joined.runs,
        encoding: is_known.then_some(joined.encoding),
        malformed: joined.malformed,
        diagnostics,
        parts: content.parts,
        objects: objects.collect(),
    }
}

/// A problem as a report has it.
pub(super) fn diagnostic(problem: &Problem) -> Diagnostic {
    let kind = match problem {
        Problem::Limit { .. } => DiagnosticKind::Limit,
        Problem::Damaged { .. } => DiagnosticKind::Damaged,
        Problem::Unsupported { .. } => DiagnosticKind::Unsupported,
        Problem::Link => DiagnosticKind::Link,
    };
    Diagnostic::new(kind, problem.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_without_end_is_read_up_to_a_limit() {
        let mut collected = Collected { most: 40, ..Collected::new(Format::Rtf, None) };
        let mut pieces = vec![b"{\\rtf1 Six boats were let down.".to_vec(), b" A seventh".to_vec()];
        pieces.push(b" was lost.}".to_vec());
        pieces.iter_mut().for_each(|piece| collected.append(piece));
        let opened = collected.open();
        assert_eq!(opened.text, "Six boats were let down. A sevent\n");
        assert!(opened.diagnostics.iter().any(|it| it.kind == DiagnosticKind::Limit));
    }
}
