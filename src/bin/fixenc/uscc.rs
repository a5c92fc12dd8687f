//! `fixenc uscc`.

use std::io::{self, BufRead, IsTerminal};

use fixenc::record::uscc::{Code, check};
use serde::Serialize;
use serde_json::Value;

use crate::args::UsccArgs;
use crate::exit_code::{Exit, Stop};
use crate::terminal::{BAD, FAINT, GOOD, Out, PLACE, Page};

#[derive(Serialize)]
struct Line<'c> {
    v: u32,
    #[serde(flatten)]
    code: &'c Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<fixenc::record::uscc::Meaning>,
}

pub(crate) fn run(args: &UsccArgs) -> Result<Exit, Stop> {
    let mut out = Out::new();
    let mut found = false;
    let mut one = |text: &str, out: &mut Out| {
        let code = check(text);
        found |= code.status.is_rejected();
        let mut page = Page::new(out.look());
        let line = Line { v: fixenc::report::SCHEMA_VERSION, meaning: code.meaning(), code: &code };
        if args.json {
            page.json(&line);
        } else {
            tell(&mut page, text, !code.status.is_rejected(), &line);
        }
        out.page(&page)
    };
    if args.codes.is_empty() {
        if io::stdin().is_terminal() {
            let hint = Some("give codes as arguments, or one per line on standard input");
            return Err(Stop::Usage { message: "no code to check".to_owned(), hint });
        }
        for line in io::stdin().lock().split(b'\n') {
            let line = line.map_err(|e| Stop::environment("reading standard input", e))?;
            let text = String::from_utf8_lossy(&line);
            if !text.trim().is_empty() {
                one(text.trim(), &mut out)?;
            }
        }
    }
    for code in &args.codes {
        one(code, &mut out)?;
    }
    out.flush()?;
    Ok(Exit::of(found, false))
}

/// All that the check says, key by key, in the order in which it says it.
fn tell(page: &mut Page, text: &str, holds: bool, line: &Line<'_>) {
    let value = serde_json::to_value(line).unwrap_or_default();
    let status = value.get("status").and_then(Value::as_str).unwrap_or("?").replace('_', " ");
    page.styled(PLACE, text).text("  ").styled(if holds { GOOD } else { BAD }, &status).end_line();
    for (key, part) in value.as_object().into_iter().flatten() {
        match key.as_str() {
            "v" | "text" | "status" | "role" => {}
            "meaning" => tell_meaning(page, part),
            _ => tell_part(page, key, part),
        }
    }
}

/// What the parts stand for. The division's name is among the checks already; here is only whether it is still in use.
fn tell_meaning(page: &mut Page, meaning: &Value) {
    for (key, part) in meaning.as_object().into_iter().flatten() {
        match (key.as_str(), part) {
            ("region", _) | ("region_in_use", Value::Bool(true)) => {}
            ("region_in_use", _) => row(page, "").text("a division that was abolished").end_line(),
            ("category", _) => tell_part(page, "registers", part),
            _ => tell_part(page, key, part),
        }
    }
}

fn tell_part(page: &mut Page, key: &str, part: &Value) {
    match part {
        Value::Null => {}
        Value::Array(parts) if parts.is_empty() => {}
        Value::Object(parts) => {
            for (key, part) in parts {
                tell_part(page, key, part);
            }
        }
        Value::Array(parts) => parts.iter().for_each(|part| {
            let words: Vec<String> = match part {
                Value::Object(fields) => fields.values().map(in_words).collect(),
                other => vec![in_words(other)],
            };
            row(page, key).text(&words.join("  ")).end_line();
        }),
        Value::Bool(true) => row(page, key).styled(GOOD, "holds").end_line(),
        Value::Bool(false) => row(page, key).styled(BAD, "does not hold").end_line(),
        other => row(page, key).text(&in_words(other)).end_line(),
    }
}

fn in_words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.replace('_', " "))
}

fn row<'p>(page: &'p mut Page, key: &str) -> &'p mut Page {
    page.styled(FAINT, &format!("   {:<14}", key.replace('_', " ")))
}
