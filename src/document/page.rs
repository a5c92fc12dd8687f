//! Pages of HTML and files of XML: what of their source a reader sees.
//!
//! The source may be in any encoding whose double bytes hold no ASCII mark (`<`, `>`, `&`): all but the stateful and the wide
//! ones. No byte of it is decoded here.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// In so many bytes a page shows that it is one.
const HEAD_BYTES: usize = 1024;
/// One of these stands at the beginning of a page.
const SIGNS: [&[u8]; 9] =
    [b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<table", b"<div", b"<p>", b"<?xml"];
/// A reference to a character is not longer: `&CounterClockwiseContourIntegral;`.
const LONGEST_REFERENCE: usize = 33;
/// More TABs than this are not put between two cells.
const MOST_CELLS: usize = 255;

/// A stretch of what is seen.
pub(crate) enum Seen<'s> {
    /// Bytes of the source as they stand.
    Source(Range<usize>),
    /// Characters that stand in the source as something else: references to them.
    Instead(&'s str, Range<usize>),
    /// A space, a line end or the ends of cells, which tags and white space in the source come to.
    Between(&'s str),
}

/// Whether a source is that of a page.
pub(crate) fn is_page(source: &[u8]) -> bool {
    let source = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source).trim_ascii_start();
    let head = source[..source.len().min(HEAD_BYTES)].to_ascii_lowercase();
    head.starts_with(b"<") && SIGNS.iter().any(|sign| memchr::memmem::find(&head, sign).is_some())
}

/// Hands over what is seen of a page, in order.
pub(crate) fn read(source: &[u8], take: &mut dyn FnMut(Seen<'_>)) {
    let head = source[..source.len().min(HEAD_BYTES)].to_ascii_lowercase();
    let has = |sign: &[u8]| memchr::memmem::find(&head, sign).is_some();
    let is_xml = has(b"<?xml") && !has(b"<html");
    let (rows, preformatted) = (Vec::new(), 0);
    Reader { source, take, is_xml, has_begun: false, between: Break::None, rows, preformatted, unseen: None }
        .read();
}

/// What comes between two stretches of text, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    None,
    Space,
    Line,
    /// So many ends of cells.
    Cells(usize),
}

struct Reader<'t, 's> {
    source: &'t [u8],
    take: &'s mut dyn FnMut(Seen<'_>),
    /// Every element of XML stands apart; which of them are lines nobody says.
    is_xml: bool,
    /// Whether anything was seen.
    has_begun: bool,
    between: Break,
    /// For each table around, whether its row has a cell.
    rows: Vec<bool>,
    /// How many elements around keep their line ends.
    preformatted: u32,
    /// The element whose text is no text, if it has begun.
    unseen: Option<&'static str>,
}

impl Reader<'_, '_> {
    fn read(mut self) {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(!self.is_xml);
        for token in Tokenizer::new_with_emitter(self.source, emitter).flatten() {
            match token {
                Token::StartTag(tag) => self.start(&String::from_utf8_lossy(&tag.name)),
                Token::EndTag(tag) => self.end(&String::from_utf8_lossy(&tag.name)),
                Token::String(text) if self.unseen.is_none() => self.string(text.span.start..text.span.end),
                // What XML calls CDATA is a comment to HTML.
                Token::Comment(comment) if comment.value.starts_with(b"[CDATA[") => {
                    let (start, end) = (comment.span.start, comment.span.end);
                    self.source(start + "<![CDATA[".len()..end.saturating_sub("]]>".len()));
                }
                _ => {}
            }
        }
        if self.has_begun && self.between >= Break::Line {
            (self.take)(Seen::Between("\n"));
        }
    }

    fn start(&mut self, name: &str) {
        match name {
            "script" if !self.is_xml => self.unseen = Some("script"),
            "style" if !self.is_xml => self.unseen = Some("style"),
            "noscript" | "template" | "svg" | "math" => self.separate(Break::Space),
            "table" => {
                self.rows.push(false);
                self.separate(Break::Line);
            }
            "tr" => {
                if let Some(has_cell) = self.rows.last_mut() {
                    *has_cell = false;
                }
                self.between = Break::Line;
            }
            "td" | "th" => {
                let has_cell = self.rows.last_mut().is_some_and(|has_cell| std::mem::replace(has_cell, true));
                if has_cell {
                    let cells = if let Break::Cells(cells) = self.between { cells } else { 0 };
                    self.between = Break::Cells(cells + 1);
                }
            }
            "br" => self.between = self.between.max(Break::Line),
            "pre" | "textarea" => {
                self.preformatted += 1;
                self.separate(Break::Line);
            }
            name if is_block(name) || self.is_xml => self.separate(Break::Line),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.unseen.is_some_and(|unseen| unseen == name) {
            self.unseen = None;
        }
        match name {
            "table" => {
                self.rows.pop();
                self.between = Break::Line;
            }
            "tr" => self.between = Break::Line,
            "pre" | "textarea" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.separate(Break::Line);
            }
            name if is_block(name) || self.is_xml => self.separate(Break::Line),
            _ => {}
        }
    }

    /// A paragraph at the beginning of a cell begins no line, nor does one at its end.
    fn separate(&mut self, between: Break) {
        self.between = self.between.max(between);
    }

    /// Text between tags: references become their characters, white space one space.
    fn string(&mut self, span: Range<usize>) {
        let Some(text) = self.source.get(span.clone()) else { return };
        let mut at = span.start;
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest.iter().position(|&b| b == b'&' || is_blank(b)).unwrap_or(rest.len());
            self.source(at..at + plain);
            (at, rest) = (at + plain, &rest[plain..]);
            let blanks = rest.iter().position(|&b| !is_blank(b)).unwrap_or(rest.len());
            if blanks > 0 {
                // White space counts only between what is seen.
                match self.preformatted {
                    0 => self.separate(Break::Space),
                    _ => self.source(at..at + blanks),
                }
                (at, rest) = (at + blanks, &rest[blanks..]);
            } else if rest.first() == Some(&b'&') {
                let length = reference_length(rest);
                let reference = std::str::from_utf8(&rest[..length]).unwrap_or_default();
                let characters = html_escape::decode_html_entities(reference);
                if characters == reference {
                    self.source(at..at + length);
                } else {
                    self.come_between();
                    (self.take)(Seen::Instead(&characters, at..at + length));
                }
                (at, rest) = (at + length, &rest[length..]);
            }
        }
    }

    /// Bytes that are seen as they stand.
    fn source(&mut self, span: Range<usize>) {
        if !span.is_empty() && span.end <= self.source.len() {
            self.come_between();
            (self.take)(Seen::Source(span));
        }
    }

    /// Puts in what comes between what is seen next and what was seen before.
    fn come_between(&mut self) {
        let between = std::mem::replace(&mut self.between, Break::None);
        if !std::mem::replace(&mut self.has_begun, true) {
            return;
        }
        match between {
            Break::None => {}
            Break::Space => (self.take)(Seen::Between(" ")),
            Break::Line => (self.take)(Seen::Between("\n")),
            Break::Cells(cells) => (self.take)(Seen::Between(&"\t".repeat(cells.min(MOST_CELLS)))),
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0C)
}

/// Bytes of the reference that the text begins with; 1 where it is only an ampersand.
fn reference_length(text: &[u8]) -> usize {
    let head = &text[..text.len().min(LONGEST_REFERENCE)];
    let is_part = |(at, byte): (usize, &u8)| byte.is_ascii_alphanumeric() || (at == 0 && *byte == b'#');
    let name = head[1..].iter().enumerate().take_while(|part| is_part(*part)).count();
    if name > 0 && head.get(1 + name) == Some(&b';') { name + 2 } else { 1 }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "frame"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "section"
            | "select"
            | "summary"
            | "tbody"
            | "tfoot"
            | "thead"
            | "title"
            | "ul"
    )
}
