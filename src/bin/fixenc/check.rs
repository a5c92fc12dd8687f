//! `fixenc check`.

use fixenc::mojibake::{Change, Repair};
use fixenc::report::{Diagnostic, RepairedSpan, UndecidedSpan};
use serde::Serialize;

use crate::args::CheckArgs;
use crate::exit_code::{Exit, Stop};
use crate::input::Input;
use crate::json::JsonPath;
use crate::per_input::{self, Outcome};
use crate::terminal::{BAD, GOOD, PLACE};
use crate::words;

/// Characters of a damaged span that are shown.
const SHOWN_CHARS: usize = 60;

#[derive(Serialize)]
struct Line<'l> {
    v: u32,
    path: JsonPath<'l>,
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    damaged: bool,
    repairs: Vec<RepairedSpan>,
    undecided: Vec<UndecidedSpan>,
    diagnostics: Vec<Diagnostic>,
}

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let repairer = args.repair.repairer();
    let silent = args.input.quiet && !args.input.json;
    per_input::each(&args.input, args.input.json, |input, outcome| {
        let (mut repairs, mut undecided) = (Vec::new(), Vec::new());
        let mut place = Place { line: 1, column: 1 };
        let ending = input.each_block(args.repair.encoding, |block| {
            let repair = repairer.repair(block.text);
            outcome.found |= !repair.changes().is_empty() || !repair.undecided().is_empty();
            if args.input.json {
                repairs.extend(repair.changes().iter().map(|c| RepairedSpan::new(c, block.offset)));
                undecided.extend(repair.undecided().iter().map(|u| UndecidedSpan::new(u, block.offset)));
            } else if !silent {
                tell(input, outcome, block.text, &repair, place);
            }
            place = place.after(block.text);
            Ok(())
        })?;
        let malformed = ending.malformed.map(|m| m.diagnostic());
        outcome.found |= malformed.is_some();
        if let Some(why) = ending.unread() {
            outcome.failed = true;
            outcome.notes.push(format!("{}: {why}", input.path.display()));
        }
        if args.input.json {
            let line = Line {
                v: fixenc::report::SCHEMA_VERSION,
                path: JsonPath(&input.path),
                diagnostics: ending.remarks().collect(),
                encoding: ending.encoding.map(|c| c.encoding),
                format: ending.format,
                damaged: outcome.found,
                repairs,
                undecided,
            };
            outcome.page.json(&line);
        } else if ending.encoding.is_none() && !outcome.failed {
            outcome.notes.push(format!("{}: no text, not checked", input.path.display()));
        } else if let (Some(malformed), false) = (malformed, silent) {
            let at = malformed.offset.unwrap_or(0);
            let finding = format!(": {}, the first at byte {at}", malformed.message);
            outcome.page.styled(PLACE, &input.path.to_string_lossy()).text(&finding).end_line();
        }
        Ok(())
    })
}

/// A place as editors count it.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    fn after(self, text: &str) -> Self {
        match text.rfind('\n') {
            None => Self { line: self.line, column: self.column + text.chars().count() },
            Some(at) => Self {
                line: self.line + text.matches('\n').count(),
                column: 1 + text[at + 1..].chars().count(),
            },
        }
    }
}

/// One line for each damaged span, in the order of the text.
fn tell(input: &Input, outcome: &mut Outcome, text: &str, repair: &Repair<'_>, mut place: Place) {
    let mut told = 0;
    let (mut changes, mut undecided) =
        (repair.changes().iter().peekable(), repair.undecided().iter().peekable());
    let path = input.path.to_string_lossy();
    loop {
        let change_first = match (changes.peek(), undecided.peek()) {
            (None, None) => return,
            (Some(change), Some(span)) => change.span.start < span.span.start,
            (change, None) => change.is_some(),
            (None, _) => false,
        };
        let (change, span) = match change_first {
            true => (changes.next(), None),
            false => (None, undecided.next()),
        };
        let start = change.map(|c| c.span.start).or(span.map(|u| u.span.start)).unwrap_or(told);
        place = place.after(text.get(told..start).unwrap_or_default());
        told = start.max(told);
        outcome.page.styled(PLACE, &format!("{path}:{}:{}", place.line, place.column)).text(": ");
        if let Some(change) = change {
            tell_change(outcome, change);
        }
        if let Some(span) = span {
            let stands = text.get(span.span.clone()).unwrap_or_default();
            outcome.page.styled(BAD, &words::shortened(stands, SHOWN_CHARS));
            outcome.page.text(&format!(" left alone: {}", words::reason(span.reason)));
        }
        outcome.page.end_line();
    }
}

fn tell_change(outcome: &mut Outcome, change: &Change) {
    let page = &mut outcome.page;
    page.styled(BAD, &words::shortened(&change.before, SHOWN_CHARS)).text(" should be ");
    page.styled(GOOD, &words::shortened(&change.after, SHOWN_CHARS));
    page.text(&format!(" ({}, {})", words::channel(&change.plan), words::percent(change.confidence)));
}
