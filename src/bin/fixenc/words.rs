//! How damage is told to a person.

use std::borrow::Cow;

use fixenc::mojibake::{Change, Cipher, LossKind, Plan, Reason, Step};

/// What happened to the text, the last layer first: `gbk read as windows-1252`.
pub(crate) fn channel(plan: &Plan) -> String {
    let mut layers = Vec::new();
    add_layers(plan, &mut layers);
    if layers.is_empty() { plan.to_string() } else { layers.join(", which was ") }
}

fn add_layers(plan: &Plan, layers: &mut Vec<String>) {
    let mut reader = None;
    for step in plan.steps() {
        match step {
            Step::Respell(_) | Step::Restore(_) => {}
            Step::Encode(by) => reader = Some(by.label()),
            Step::Decode(written) => {
                layers.push(format!(
                    "written as {}, read as {}",
                    written.label(),
                    reader.take().unwrap_or("?")
                ));
            }
            Step::Within { plan, .. } => {
                let mut inner = Vec::new();
                add_layers(plan, &mut inner);
                layers.push(format!("in part {}", inner.join(", which was ")));
            }
        }
    }
}

/// What was lost on the way: `2 bytes AD dropped`; `nothing` for a lossless plan.
pub(crate) fn losses(plan: &Plan) -> String {
    let tell = |loss: fixenc::mojibake::Loss| {
        let byte = loss.bytes.map(|bytes| format!(" {bytes}")).unwrap_or_default();
        let stands = loss.stands.map(|c| format!(" {c:?}")).unwrap_or_default();
        let s = if loss.count == 1 { "" } else { "s" };
        match loss.kind {
            LossKind::Dropped => format!("{} byte{s}{byte} dropped", loss.count),
            LossKind::Replaced => format!("{} byte{s}{byte} replaced by{stands}", loss.count),
            LossKind::Inserted => format!("{} character{s}{stands} put in", loss.count),
        }
    };
    let told: Vec<String> = plan.losses().into_iter().map(tell).collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}

/// Why a damaged span was left alone.
pub(crate) fn reason(reason: Reason) -> Cow<'static, str> {
    let known = match reason {
        Reason::NotSureEnough => "a repair exists but is not sure enough",
        Reason::Lossy => "only a repair that guesses lost bytes exists",
        Reason::ReplacementCharacters => "replacement characters stand here: the bytes are gone",
        Reason::ReplacedThenRead(reader) => {
            return format!("replacement characters, read as {reader}: the bytes are gone").into();
        }
        Reason::UninitialisedMemory => "uninitialised memory read as text: there never was one",
        Reason::QuestionMarks => "written in an encoding that lacks these letters: they are gone",
        Reason::Cipher(cipher) => {
            return format!("{}: no damage, but a cipher", self::cipher(cipher)).into();
        }
        Reason::ControlCharacters => "control characters that no known damage explains",
        _ => "no repair is known",
    };
    known.into()
}

/// The name of a cipher.
pub(crate) fn cipher(cipher: Cipher) -> &'static str {
    match cipher {
        Cipher::Rot13 => "ROT13",
        Cipher::Base64 => "Base64",
        Cipher::Hex => "hexadecimal digits",
        Cipher::Leet => "digits for letters",
        _ => "a cipher",
    }
}

/// A probability as a person writes it; neither 100 nor 0 for what isn't certain.
pub(crate) fn percent(probability: f64) -> String {
    let percent = 100.0 * probability;
    if percent >= 100.0 {
        return "100 %".to_owned();
    }
    if percent > 99.99 {
        return "> 99.99 %".to_owned();
    }
    if percent > 0.0 && percent < 0.5 {
        return "< 1 %".to_owned();
    }
    let text = if percent >= 99.0 { format!("{percent:.2}") } else { format!("{percent:.0}") };
    format!("{text} %")
}

/// The characters of `after` that rest on restored bytes.
pub(crate) fn guessed(change: &Change) -> Vec<&str> {
    change.guessed.iter().filter_map(|range| change.after.get(range.clone())).collect()
}

/// At most `most` characters of `text`, on one line.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut short: String = text.chars().take(most).map(|c| if c == '\n' { '⏎' } else { c }).collect();
    if text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}
