//! `fixenc detect`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use fixenc::detect::{Candidate, Detection, Detector, Evidence, Segment, segments};
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
/// Spans that a person is shown.
const SHOWN: usize = 8;

#[derive(Serialize)]
struct Line<'l> {
    v: u32,
    path: JsonPath<'l>,
    encoding: Option<&'static str>,
    /// What to decode with.
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
        let (detection, spans) = detected(input)?;
        if args.input.json {
            outcome.page.json(&line(JsonPath(&input.path), &detection, &spans));
        } else {
            outcome.page.styled(PLACE, &input.path.to_string_lossy()).text(": ");
            tell(&mut outcome.page, &detection);
            tell_spans(&mut outcome.page, &spans);
        }
        let mut totals = totals.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *totals.entry(name(&detection)).or_default() += 1;
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

/// What an input is in, and for a mixed one which of its bytes are in what.
fn detected(input: &Input) -> Result<(Detection, Vec<Segment>), input::Broken> {
    let mut detector = Detector::new();
    let mut kept = Some(Vec::new());
    input.each_chunk(|bytes| {
        detector.feed(bytes);
        kept = kept.take().filter(|kept: &Vec<u8>| kept.len() + bytes.len() <= SPANNED_BYTES);
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(bytes);
        }
        Ok(())
    })?;
    let detection = detector.finish();
    let spans = match kept {
        Some(kept) if !detection.mixed().is_empty() => segments(&kept, detection.mixed()),
        _ => Vec::new(),
    };
    Ok((detection, spans))
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
        v: fixenc::report::SCHEMA_VERSION,
        path,
        encoding: best.map(|c| c.encoding),
        decode_as: best.map(|c| c.decode_as.label()),
        confidence: best.map(|c| c.confidence),
        language: best.and_then(|c| c.language),
        evidence: best.map(|c| c.evidence.label()),
        bits: best.and_then(bits),
        same: best.map(|c| c.same.iter().map(|same| same.label()).collect()).unwrap_or_default(),
        malformed: best.map_or(0, |c| c.malformed),
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
    }
}

fn bits(candidate: &Candidate) -> Option<f64> {
    match candidate.evidence {
        Evidence::Statistical { bits } => Some((10.0 * bits).round() / 10.0),
        _ => None,
    }
}

fn tell(page: &mut Page, detection: &Detection) {
    match detection.best() {
        None => page.text("binary"),
        Some(best) => {
            let language = best.language.map(|l| format!(", {l}")).unwrap_or_default();
            let mut rest = format!(" ({}{language}, {})", percent(best.confidence), best.evidence.label());
            if best.malformed > 0 {
                rest.push_str(&format!(", {} malformed", best.malformed));
            }
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
