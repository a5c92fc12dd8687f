//! What goes to standard output and standard error, and what a terminal may be shown.

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::exit_code::Stop;

/// Damage.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// Repaired text.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Characters that rest on a restored byte.
pub(crate) const GUESSED: Style = AnsiColor::Yellow.on_default().underline();
/// File names and places.
pub(crate) const PLACE: Style = AnsiColor::Cyan.on_default();
/// What stands around the matter.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// How a page is to look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// A terminal shows it: text from files is escaped.
    pub(crate) terminal: bool,
    /// With colour.
    pub(crate) colour: bool,
}

impl Look {
    /// What standard output asks for.
    pub(crate) fn of_stdout() -> Self {
        let stdout = io::stdout();
        let colour = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
        Self { terminal: stdout.is_terminal(), colour }
    }
}

/// Output in the making. Files are worked on side by side; each fills a page, and the pages are written in order.
#[derive(Debug)]
pub(crate) struct Page {
    look: Look,
    bytes: Vec<u8>,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(look: Look) -> Self {
        Self { look, bytes: Vec::new() }
    }

    /// Puts text down; a terminal gets it escaped.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        if self.look.terminal {
            self.bytes.extend_from_slice(escape(text).as_bytes());
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
        self
    }

    /// Puts text down in a style, where there is colour.
    pub(crate) fn styled(&mut self, style: Style, text: &str) -> &mut Self {
        if self.look.colour {
            self.bytes.extend_from_slice(style.render().to_string().as_bytes());
        }
        self.text(text);
        if self.look.colour {
            self.bytes.extend_from_slice(style.render_reset().to_string().as_bytes());
        }
        self
    }

    /// Ends the line.
    pub(crate) fn end_line(&mut self) {
        self.bytes.push(b'\n');
    }

    /// Puts down one line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) {
        // Our own types serialise: their keys are strings, and nothing in them fails.
        let line = serde_json::to_string(value).unwrap_or_default();
        if self.look.terminal {
            self.bytes.extend_from_slice(escape_json(&line).as_bytes());
        } else {
            self.bytes.extend_from_slice(line.as_bytes());
        }
        self.end_line();
    }

    /// Puts down JSON as a person reads it.
    pub(crate) fn pretty_json(&mut self, value: &impl Serialize) {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.bytes.extend_from_slice(escape_json(&text).as_bytes());
        self.end_line();
    }

    /// What is on it.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Standard output.
pub(crate) struct Out {
    writer: BufWriter<StdoutLock<'static>>,
    look: Look,
}

impl Out {
    /// Locks standard output for the whole run.
    pub(crate) fn new() -> Self {
        Self { writer: BufWriter::with_capacity(64 << 10, io::stdout().lock()), look: Look::of_stdout() }
    }

    /// How pages for it are to look.
    pub(crate) fn look(&self) -> Look {
        self.look
    }

    /// Writes a page.
    pub(crate) fn page(&mut self, page: &Page) -> Result<(), Stop> {
        self.bytes(&page.bytes)
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.writer.write_all(bytes).map_err(Stop::output)
    }

    /// Writes text; a terminal gets it escaped.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Stop> {
        if self.look.terminal { self.bytes(escape(text).as_bytes()) } else { self.bytes(text.as_bytes()) }
    }

    /// Hands on what is buffered.
    pub(crate) fn flush(&mut self) -> Result<(), Stop> {
        self.writer.flush().map_err(Stop::output)
    }
}

/// Says something on standard error. There is nobody to tell if that fails.
pub(crate) fn say(message: &str) {
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "fixenc: {}", escape(message));
}

/// Gives a hint on standard error.
pub(crate) fn hint(message: &str) {
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "hint: {}", escape(message));
}

/// Makes visible what would move the cursor, change colours, or turn text around: a damaged file can hold anything.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hostile(c) && !matches!(c, '\n' | '\t') {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// The same within JSON, where its own escapes keep it valid. The C0 controls are escaped there anyhow.
fn escape_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hostile(c) && c != '\n' {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// C0, DEL, C1, and the characters that order, hide or join others. All lie in the basic plane.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}'
        )
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_become_visible() {
        assert_eq!(escape("a\u{1b}[2J\u{9b}\u{202e}b\n"), "a\\u{1b}[2J\\u{9b}\\u{202e}b\n");
        assert_eq!(escape("统一\t社会"), "统一\t社会");
        assert_eq!(escape_json("\"\u{202e}\""), "\"\\u202e\"");
    }
}
