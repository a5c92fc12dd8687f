//! `fixenc detect`.

use fixenc::detect::{Candidate, Detection, Detector, Evidence};
use serde::Serialize;

use crate::args::DetectArgs;
use crate::exit_code::{Exit, Stop};
use crate::json::JsonPath;
use crate::per_input;
use crate::terminal::{PLACE, Page};
use crate::words::percent;

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
    per_input::each(&args.input, args.input.json, |input, outcome| {
        let mut detector = Detector::new();
        input.each_chunk(|bytes| {
            detector.feed(bytes);
            Ok(())
        })?;
        let detection = detector.finish();
        if args.input.json {
            outcome.page.json(&line(JsonPath(&input.path), &detection));
        } else {
            outcome.page.styled(PLACE, &input.path.to_string_lossy()).text(": ");
            tell(&mut outcome.page, &detection);
        }
        Ok(())
    })
}

fn line<'l>(path: JsonPath<'l>, detection: &'l Detection) -> Line<'l> {
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
            page.text(best.encoding).text(&rest)
        }
    };
    page.end_line();
}
