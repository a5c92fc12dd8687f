//! `fixenc detect`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use fixenc::detect::{Candidate, Detection, Detector, Evidence, Segment, segments};
use fixenc::recover::{TextBlocks, archive_kind, is_document};
use fixenc::report::Diagnostic;
use serde::Serialize;

use crate::args::DetectArgs;
use crate::exit_code::{Exit, Stop};
use crate::input::{self, Input};
use crate::json::JsonPath;
use crate::per_input;
use crate::terminal::{FAINT, Out, PLACE, Page, say};
use crate::words::percent;

/// The spans of a mixed file are told up to this length, in bytes: it is kept for that.
const SPANNED_BYTES: usize = 64 << 20;
/// An archive is told by so many bytes.
const ARCHIVE_HEAD_BYTES: usize = 512;
/// Spans that a person is shown.
const SHOWN: usize = 8;

#[derive(Serialize)]
struct Line<'l> {
    v: u32,
    path: JsonPath<'l>,
    /// The format of a document, of whose text all else is said then; or the kind of an archive, of which no more is
    /// said.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    encoding: Option<&'static str>,
    /// What to decode with; the bytes of a document are not to be decoded as such.
    decode_as: Option<&'static str>,
    confidence: Option<f64>,
    language: Option<&'static str>,
    evidence: Option<&'static str>,
    /// Surprise of the text, in bits, where the evidence is statistical.
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<f64>,
    /// Encodings that give the same text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    same: Vec<&'static str>,
    #[serde(skip_serializing_if = "is_zero")]
    malformed: u64,
    /// The encodings of a file that has some lines in one and some in another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mixed: Vec<&'static str>,
    /// Which of its bytes are in which: all of them, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    declared: Vec<Declared<'l>>,
    alternatives: Vec<Alternative>,
}

#[derive(Serialize)]
struct Declared<'l> {
    by: &'static str,
    name: &'l str,
    /// Whether the bytes bear it out.
    agrees: bool,
}

/// Bytes in one encoding.
#[derive(Serialize)]
struct Span {
    start: usize,
    end: usize,
    encoding: &'static str,
}

#[derive(Serialize)]
struct Alternative {
    encoding: &'static str,
    confidence: f64,
    language: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<f64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

pub(crate) fn run(args: &DetectArgs) -> Result<Exit, Stop> {
    let inputs = input::collect(&args.input)?;
    let mut out = Out::new();
    let totals: Mutex<BTreeMap<&'static str, usize>> = Mutex::default();
    let work = |input: &Input, outcome: &mut per_input::Outcome| {
        let name = match detected(input)? {
            Found::Archive(kind) => {
                tell_archive(input, outcome, args.input.json, kind);
                kind
            }
            Found::Text(detection, spans) => {
                if args.input.json {
                    outcome.page.json(&line(JsonPath(&input.path), &detection, &spans));
                } else {
                    outcome.page.styled(PLACE, &input.path.to_string_lossy()).text(": ");
                    tell(&mut outcome.page, &detection);
                    tell_spans(&mut outcome.page, &spans);
                }
                name(&detection)
            }
            Found::Document(document) => {
                tell_document(input, outcome, args.input.json, &document)?;
                document.format
            }
        };
        let mut totals = totals.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *totals.entry(name).or_default() += 1;
        Ok(())
    };
    let exit = per_input::each_of(&inputs, &args.input, args.input.json, &mut out, work, |_| Ok(()))?;
    out.flush()?;
    let is_folder = inputs.iter().flatten().any(|input| !input.named);
    if is_folder && !args.input.json && !args.input.quiet {
        say(&summary(&totals.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())));
    }
    Ok(exit)
}

/// What an input turns out to be.
enum Found {
    /// What it is in, and for a mixed one which of its bytes are in what. Also binary data.
    Text(Detection, Vec<Segment>),
    /// The kind of archive.
    Archive(&'static str),
    Document(InDocument),
}

/// The text of a document.
struct InDocument {
    format: &'static str,
    /// The encoding of most of its bytes; none where all of it is Unicode by the format, or nothing could be read.
    encoding: Option<Candidate>,
    has_text: bool,
    diagnostics: Vec<Diagnostic>,
}

fn detected(input: &Input) -> Result<Found, input::Broken> {
    let mut detector = Detector::new();
    let mut kept = Some(Vec::new());
    let mut head = Vec::new();
    input.each_chunk(|bytes| {
        detector.feed(bytes);
        let missing = ARCHIVE_HEAD_BYTES - head.len();
        head.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        kept = kept
            .take()
            .filter(|kept: &Vec<u8>| kept.len() + bytes.len() <= SPANNED_BYTES || is_document(kept));
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(bytes);
        }
        Ok(())
    })?;
    if let Some(document) = kept.as_deref().filter(|kept| is_document(kept)).and_then(in_document) {
        return Ok(Found::Document(document));
    }
    if let Some(kind) = archive_kind(&head) {
        return Ok(Found::Archive(kind));
    }
    let detection = detector.finish();
    let spans = match kept {
        Some(kept) if !detection.mixed().is_empty() => segments(&kept, detection.mixed()),
        _ => Vec::new(),
    };
    Ok(Found::Text(detection, spans))
}

/// Reads a document; `None` where it turns out to be none that can be read, or never was one.
fn in_document(bytes: &[u8]) -> Option<InDocument> {
    let mut blocks = TextBlocks::new(None);
    blocks.feed(bytes);
    blocks.finish();
    let diagnostics = blocks.diagnostics().to_vec();
    if blocks.is_binary() && diagnostics.is_empty() {
        return None;
    }
    let encoding = blocks.encoding().filter(|candidate| candidate.encoding != "unicode").cloned();
    let format = blocks.format().unwrap_or("unread");
    let has_text = std::iter::from_fn(|| blocks.next_block()).any(|text| !text.trim().is_empty());
    Some(InDocument { format, encoding, has_text, diagnostics })
}

/// Says what an archive is, and who reads it.
fn tell_archive(input: &Input, outcome: &mut per_input::Outcome, json: bool, kind: &'static str) {
    let path = JsonPath(&input.path);
    if json {
        outcome.page.json(&Line { format: Some(kind), ..line_of(path, None) });
        return;
    }
    outcome.page.styled(PLACE, &input.path.to_string_lossy()).text(": ").text(kind);
    outcome.page.text(", an archive (`fixenc scan` reads what is in it)").end_line();
}

/// Says what a document is and what its text is in. One of which nothing could be read has failed.
fn tell_document(
    input: &Input,
    outcome: &mut per_input::Outcome,
    json: bool,
    document: &InDocument,
) -> Result<(), input::Broken> {
    let messages: Vec<&str> = document.diagnostics.iter().map(|d| d.message.as_str()).collect();
    if !document.has_text && document.diagnostics.iter().any(|d| d.kind.is_failure()) {
        return Err(input::Broken::Input(input.failure(messages.join("; "))));
    }
    let path = input.path.to_string_lossy();
    outcome.notes.extend(messages.iter().map(|message| format!("{path}: {message}")));
    let candidate = document.encoding.as_ref();
    if json {
        outcome.page.json(&Line {
            format: Some(document.format),
            encoding: Some(candidate.map_or("unicode", |c| c.encoding)),
            ..line_of(JsonPath(&input.path), candidate)
        });
        return Ok(());
    }
    outcome.page.styled(PLACE, &path).text(&format!(": {}, its text in ", document.format));
    match candidate {
        Some(candidate) => outcome.page.text(candidate.encoding).text(&grounds(candidate)),
        None => outcome.page.text("unicode"),
    };
    outcome.page.end_line();
    Ok(())
}

/// What a file is counted as.
fn name(detection: &Detection) -> &'static str {
    match detection.best() {
        None => "binary",
        Some(_) if !detection.mixed().is_empty() => "mixed",
        Some(best) => best.encoding,
    }
}

/// How many files are in what, the most frequent first.
fn summary(totals: &BTreeMap<&'static str, usize>) -> String {
    let mut counts: Vec<(&str, usize)> = totals.iter().map(|(&name, &count)| (name, count)).collect();
    counts.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    let files: usize = counts.iter().map(|(_, count)| count).sum();
    let list: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    format!("{files} {}: {}", if files == 1 { "file" } else { "files" }, list.join(", "))
}

fn line<'l>(path: JsonPath<'l>, detection: &'l Detection, spans: &[Segment]) -> Line<'l> {
    let best = detection.best();
    let others = detection.candidates().iter().skip(1);
    let declared = detection.declarations().iter().map(|declaration| Declared {
        by: declaration.kind.label(),
        name: &declaration.name,
        agrees: detection.agrees_with(declaration),
    });
    Line {
        decode_as: best.map(|c| c.decode_as.label()),
        same: best.map(|c| c.same.iter().map(|same| same.label()).collect()).unwrap_or_default(),
        mixed: detection.mixed().iter().map(|encoding| encoding.label()).collect(),
        spans: spans
            .iter()
            .map(|s| Span { start: s.span.start, end: s.span.end, encoding: s.encoding.label() })
            .collect(),
        declared: declared.collect(),
        alternatives: others
            .map(|c| Alternative {
                encoding: c.encoding,
                confidence: c.confidence,
                language: c.language,
                bits: bits(c),
            })
            .collect(),
        ..line_of(path, best)
    }
}

/// What is said of one encoding alone.
fn line_of<'l>(path: JsonPath<'l>, candidate: Option<&Candidate>) -> Line<'l> {
    Line {
        v: fixenc::report::SCHEMA_VERSION,
        path,
        format: None,
        encoding: candidate.map(|c| c.encoding),
        decode_as: None,
        confidence: candidate.map(|c| c.confidence),
        language: candidate.and_then(|c| c.language),
        evidence: candidate.map(|c| c.evidence.label()),
        bits: candidate.and_then(bits),
        same: Vec::new(),
        malformed: candidate.map_or(0, |c| c.malformed),
        mixed: Vec::new(),
        spans: Vec::new(),
        declared: Vec::new(),
        alternatives: Vec::new(),
    }
}

fn bits(candidate: &Candidate) -> Option<f64> {
    match candidate.evidence {
        Evidence::Statistical { bits } => Some((10.0 * bits).round() / 10.0),
        _ => None,
    }
}

/// How sure an encoding is, and by what.
fn grounds(candidate: &Candidate) -> String {
    let language = candidate.language.map(|l| format!(", {l}")).unwrap_or_default();
    let mut grounds =
        format!(" ({}{language}, {})", percent(candidate.confidence), candidate.evidence.label());
    if candidate.malformed > 0 {
        grounds.push_str(&format!(", {} malformed", candidate.malformed));
    }
    grounds
}

fn tell(page: &mut Page, detection: &Detection) {
    match detection.best() {
        None => page.text("binary"),
        Some(best) => {
            let mut rest = grounds(best);
            for declaration in detection.declarations() {
                if !detection.agrees_with(declaration) {
                    rest.push_str(&format!(
                        ", though {} says {}",
                        declaration.kind.label(),
                        declaration.name
                    ));
                }
            }
            let mixed: Vec<&str> = detection.mixed().iter().map(|encoding| encoding.label()).collect();
            if mixed.is_empty() {
                page.text(best.encoding).text(&rest)
            } else {
                page.text("mixed, by lines: ").text(&mixed.join(", "))
            }
        }
    };
    page.end_line();
}

fn tell_spans(page: &mut Page, spans: &[Segment]) {
    for Segment { span, encoding } in spans.iter().take(SHOWN) {
        page.styled(FAINT, &format!("  bytes {} to {}: ", span.start, span.end)).text(encoding.label());
        page.end_line();
    }
    if spans.len() > SHOWN {
        page.styled(FAINT, &format!("  and {} more; all of them with --json", spans.len() - SHOWN));
        page.end_line();
    }
}
