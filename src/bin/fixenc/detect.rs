//! `fixenc detect`.

use fixenc::detect::{Candidate, Detection, Detector};
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
    confidence: Option<f64>,
    language: Option<&'static str>,
    evidence: Option<&'static str>,
    alternatives: Vec<Alternative>,
}

#[derive(Serialize)]
struct Alternative {
    encoding: &'static str,
    confidence: f64,
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
            tell(&mut outcome.page, detection.best());
        }
        Ok(())
    })
}

fn line<'l>(path: JsonPath<'l>, detection: &Detection) -> Line<'l> {
    let best = detection.best();
    let others = detection.candidates().iter().skip(1);
    Line {
        v: fixenc::report::SCHEMA_VERSION,
        path,
        encoding: best.map(|c| c.encoding),
        confidence: best.map(|c| c.confidence),
        language: best.and_then(|c| c.language),
        evidence: best.map(|c| c.evidence.label()),
        alternatives: others
            .map(|c| Alternative { encoding: c.encoding, confidence: c.confidence })
            .collect(),
    }
}

fn tell(page: &mut Page, best: Option<&Candidate>) {
    match best {
        None => page.text("binary"),
        Some(best) => {
            let language = best.language.map(|l| format!(", {l}")).unwrap_or_default();
            let rest = format!(" ({}{language}, {})", percent(best.confidence), best.evidence.label());
            page.text(best.encoding).text(&rest)
        }
    };
    page.end_line();
}
