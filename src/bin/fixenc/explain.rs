//! `fixenc explain`: what happened to a text, for a person.

use std::io::{self, IsTerminal, Read};
use std::ops::Range;

use fixenc::mojibake::{Change, Repair, Undecided, ciphered};
use fixenc::recover::{TextBlocks, archive_kind};
use fixenc::report::{RepairedSpan, UndecidedSpan};
use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use crate::args::ExplainArgs;
use crate::exit_code::{Exit, Stop};
use crate::terminal::{BAD, FAINT, GOOD, GUESSED, Out, Page, say};
use crate::words;

/// Characters of a span that are shown where it is told of, and of an alternative.
const SHOWN_CHARS: usize = 72;

#[derive(Serialize)]
struct Line<'l> {
    v: u32,
    text: &'l str,
    encoding: Option<&'static str>,
    repairs: Vec<RepairedSpan>,
    undecided: Vec<UndecidedSpan>,
    scores: Vec<ScoreLine>,
}

/// The evidence for the repair of the same index, in bits.
#[derive(Serialize)]
struct ScoreLine {
    as_it_stands: f64,
    repaired: f64,
    channel: f64,
}

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Stop> {
    let Explained { text, encoding, unread } = read(args)?;
    let repair = args.repair.repairer().repair(&text);
    let mut out = Out::new();
    let mut page = Page::new(out.look());
    if args.json {
        page.json(&line(&repair, encoding));
    } else {
        explain(&mut page, &text, &repair, encoding);
    }
    if !text.is_empty() || unread.is_empty() {
        out.page(&page)?;
    }
    out.flush()?;
    unread.iter().for_each(|why| say(why));
    Ok(Exit::of(false, !unread.is_empty()))
}

/// What there is to explain.
struct Explained {
    text: String,
    /// The encoding where it came as bytes.
    encoding: Option<&'static str>,
    /// Why it is not all of the text of a document.
    unread: Vec<String>,
}

fn read(args: &ExplainArgs) -> Result<Explained, Stop> {
    if let Some(text) = &args.text {
        return Ok(Explained { text: text.clone(), encoding: None, unread: Vec::new() });
    }
    let mut bytes = Vec::new();
    match &args.file {
        Some(path) if path.as_os_str() != "-" => {
            bytes = std::fs::read(path)
                .map_err(|e| Stop::usage(format!("cannot read {}: {e}", path.display())))?;
        }
        _ if args.file.is_none() && io::stdin().is_terminal() => {
            let hint = Some("give the text as an argument, or pipe it in");
            return Err(Stop::Usage { message: "nothing to explain".to_owned(), hint });
        }
        _ => {
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|e| Stop::environment("reading standard input", e))?;
        }
    }
    let mut blocks = TextBlocks::new(args.repair.encoding);
    blocks.feed(&bytes);
    blocks.finish();
    let text: String = std::iter::from_fn(|| blocks.next_block()).collect();
    let failures = blocks.diagnostics().iter().filter(|d| d.kind.is_failure());
    let unread: Vec<String> = failures.map(|d| d.message.clone()).collect();
    if blocks.is_binary() && unread.is_empty() {
        return Err(Stop::usage(match archive_kind(&bytes) {
            Some(kind) => format!("the input is an archive ({kind}); `fixenc scan` reads what is in it"),
            None => "the input is no text".to_owned(),
        }));
    }
    Ok(Explained { text, encoding: blocks.encoding().map(|c| c.encoding), unread })
}

fn line<'l>(repair: &'l Repair<'_>, encoding: Option<&'static str>) -> Line<'l> {
    let score = |change: &Change| {
        let score = change.score;
        ScoreLine { as_it_stands: score.as_it_stands, repaired: score.repaired, channel: score.channel }
    };
    Line {
        v: fixenc::report::SCHEMA_VERSION,
        text: repair.text(),
        encoding,
        repairs: repair.changes().iter().map(|c| RepairedSpan::new(c, 0)).collect(),
        undecided: repair.undecided().iter().map(|u| UndecidedSpan::new(u, 0)).collect(),
        scores: repair.changes().iter().map(score).collect(),
    }
}

fn explain(page: &mut Page, text: &str, repair: &Repair<'_>, encoding: Option<&'static str>) {
    if let Some(encoding) = encoding.filter(|e| !matches!(*e, "utf-8" | "ascii" | "unicode")) {
        page.text(&format!("the bytes are {encoding}")).end_line();
    }
    if repair.changes().is_empty() && repair.undecided().is_empty() {
        page.text("nothing looks damaged").end_line();
        if let Some(found) = ciphered(text) {
            page.text(&format!("but it is {}; it says:", words::cipher(found.cipher))).end_line();
            page.styled(GOOD, &words::shortened(&found.text, SHOWN_CHARS)).end_line();
        }
        return;
    }
    let (mut damaged, mut repaired) = (Vec::new(), Vec::new());
    let mut moved = 0_isize;
    for change in repair.changes() {
        let start = change.span.start.saturating_add_signed(moved);
        damaged.push(change.span.clone());
        repaired.push(start..start + change.after.len());
        moved += change.after.len() as isize - change.span.len() as isize;
    }
    damaged.extend(repair.undecided().iter().map(|u| u.span.clone()));
    damaged.sort_by_key(|span| span.start);
    marked(page, "before", text, &damaged);
    if !repair.changes().is_empty() {
        marked(page, "after", repair.text(), &repaired);
    }
    for (index, change) in repair.changes().iter().enumerate() {
        page.end_line();
        explain_change(page, index + 1, change);
    }
    for span in repair.undecided() {
        page.end_line();
        explain_undecided(page, text, span);
    }
}

/// The lines of `text` that hold a span, with the spans underlined.
fn marked(page: &mut Page, label: &str, text: &str, spans: &[Range<usize>]) {
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        if spans.iter().any(|span| span.start < end && span.end > start) {
            let head = format!("{label:<7} {:>3} │ ", number + 1);
            page.styled(FAINT, &head).text(line.trim_end_matches(['\n', '\r'])).end_line();
            let mut under = String::new();
            for (at, c) in line.trim_end().char_indices() {
                let inside = spans.iter().any(|span| span.contains(&(start + at)));
                let mark = if inside { "~" } else { " " };
                under.push_str(&mark.repeat(c.width().unwrap_or(0)));
            }
            page.text(&" ".repeat(head.chars().count())).styled(BAD, under.trim_end()).end_line();
        }
        start = end;
    }
}

fn explain_change(page: &mut Page, number: usize, change: &Change) {
    let score = change.score;
    page.text(&format!("{number}. bytes {}–{}", change.span.start, change.span.end)).end_line();
    row(page, "text").styled(GOOD, &words::shortened(&change.after, SHOWN_CHARS)).end_line();
    row(page, "damage").text(&words::channel(&change.plan)).end_line();
    row(page, "lost").text(&words::losses(&change.plan));
    let guessed = words::guessed(change);
    if !guessed.is_empty() {
        page.text("; restored in ").styled(GUESSED, &guessed.join(" "));
    }
    page.end_line();
    let proof = if change.plan.invert(&change.after).as_ref() == Some(&change.before) {
        "damaging the text like this again gives what stood there, character for character"
    } else {
        "none: damaging the text again does not give what stood there"
    };
    row(page, "proof").text(proof).end_line();
    row(page, "sure").text(&words::percent(change.confidence)).end_line();
    let gain = score.as_it_stands - score.repaired - score.channel;
    row(page, "why").text(&format!(
        "surprise in bits: {:.0} as it stood, {:.0} repaired and {:.0} for such damage; {gain:.0} better",
        score.as_it_stands, score.repaired, score.channel
    ));
    page.end_line();
    row(page, "or else");
    match change.alternatives.first() {
        None => page.text("no other reading"),
        Some(other) => {
            let sure = format!("  ({})", words::percent(other.confidence));
            page.text(&words::shortened(&other.after, SHOWN_CHARS)).styled(FAINT, &sure)
        }
    };
    page.end_line();
}

fn explain_undecided(page: &mut Page, text: &str, span: &Undecided) {
    let stands = text.get(span.span.clone()).unwrap_or_default();
    page.text(&format!("bytes {}–{} left alone", span.span.start, span.span.end)).end_line();
    row(page, "stands").styled(BAD, &words::shortened(stands, SHOWN_CHARS)).end_line();
    row(page, "why").text(&words::reason(span.reason)).end_line();
    for guess in &span.guesses {
        let sure = format!("  ({})", words::percent(guess.confidence));
        row(page, "perhaps").text(&words::shortened(&guess.after, SHOWN_CHARS)).styled(FAINT, &sure);
        page.end_line();
    }
}

fn row<'p>(page: &'p mut Page, label: &str) -> &'p mut Page {
    page.styled(FAINT, &format!("   {label:<8}"))
}
