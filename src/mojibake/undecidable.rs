//! Damage that cannot be undone, and why.

use super::{Change, Reason, Undecided};

/// Bits a character costs on average in text that cannot be clean.
const IMPLAUSIBLE: f64 = 13.0;

/// Whether a span that was not repaired cannot well be clean text either.
pub(super) fn is_implausible(change: &Change) -> bool {
    let damaged = change.before.chars().filter(|c| !c.is_ascii()).count();
    damaged >= 4 && change.score.as_it_stands > IMPLAUSIBLE * damaged as f64
}

/// Finds what bears the marks of lost text.
pub(super) fn find(text: &str) -> Vec<Undecided> {
    let mut found = Vec::new();
    signature(text, "\u{fffd}", 1, Reason::ReplacementCharacters, &mut found);
    signature(text, "锟斤拷", 1, Reason::ReplacedThenGbk, &mut found);
    signature(text, "烫", 3, Reason::UninitialisedMemory, &mut found);
    signature(text, "屯", 3, Reason::UninitialisedMemory, &mut found);
    controls(text, &mut found);
    found
}

/// Runs of at least `times` times `mark`.
fn signature(text: &str, mark: &str, times: usize, reason: Reason, found: &mut Vec<Undecided>) {
    let mut end = 0;
    for at in memchr::memmem::find_iter(text.as_bytes(), mark) {
        if at < end {
            continue;
        }
        let length = text[at..].len() - text[at..].trim_start_matches(mark).len();
        end = at + length;
        if length >= times * mark.len() {
            found.push(Undecided { span: at..end, reason, guesses: Vec::new() });
        }
    }
}

/// C1 controls, but for U+0085, which is a line end in some texts.
fn controls(text: &str, found: &mut Vec<Undecided>) {
    let mut end = 0;
    for at in memchr::memchr_iter(0xc2, text.as_bytes()) {
        let is_control = |c: char| ('\u{80}'..='\u{9f}').contains(&c) && c != '\u{85}';
        if at < end || !text[at..].starts_with(is_control) {
            continue;
        }
        end = at + text[at..].len() - text[at..].trim_start_matches(is_control).len();
        found.push(Undecided { span: at..end, reason: Reason::ControlCharacters, guesses: Vec::new() });
    }
}
