//! What a document says of its own encoding: evidence of a stated kind, which the bytes may contradict.

use crate::encoding::Encoding;

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DeclarationKind {
    /// A byte order mark.
    Mark,
    /// `<?xml … encoding="…"?>`
    Xml,
    /// `<meta charset=…>`, also as part of a content type.
    Html,
    /// `Content-Type: …; charset=…` in the first entry of a translation catalogue, or in a mail header.
    Header,
    /// `-*- coding: … -*-`, or `vim: … fileencoding=…`.
    Modeline,
    /// The caller: a protocol's header, a file's attribute.
    Caller,
    /// A code page or a language in the header of a document of some format.
    Document,
    /// The character set of the font that a text is shown in.
    Font,
    /// The specification of a format, which leaves no choice.
    Specification,
}

/// A name that a document or the caller gives its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Who says so.
    pub kind: DeclarationKind,
    /// The name as it is written there.
    pub name: String,
    /// What it means, if it is known.
    pub encoding: Option<Encoding>,
}

impl DeclarationKind {
    /// The word for it in reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mark => "byte order mark",
            Self::Xml => "xml",
            Self::Html => "html",
            Self::Header => "header",
            Self::Modeline => "modeline",
            Self::Caller => "caller",
            Self::Document => "document",
            Self::Font => "font",
            Self::Specification => "specification",
        }
    }

    /// What it is worth, in bits. Editors write the first ones; servers send the same header for all files.
    pub(super) fn bits(self) -> f64 {
        match self {
            Self::Mark => f64::INFINITY,
            Self::Xml | Self::Modeline | Self::Header => 8.0,
            Self::Html | Self::Document | Self::Font => 6.0,
            Self::Caller => 5.0,
            // Programs that break the specification are rare, and text of a few letters must not look like their work.
            Self::Specification => 24.0,
        }
    }
}

/// Bytes at the beginning in which documents declare their encoding, as browsers have it; and at the end, for editors.
const HEAD_BYTES: usize = 1024;
/// The longest name.
const NAME_BYTES: usize = 40;

impl Declaration {
    pub(super) fn new(kind: DeclarationKind, name: &str) -> Self {
        Self { kind, name: name.to_owned(), encoding: Encoding::for_name(name) }
    }
}

/// What stands at the beginning of the bytes.
pub(super) fn find(head: &[u8]) -> Vec<Declaration> {
    let head = &head[..head.len().min(HEAD_BYTES)];
    let lower = head.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut add = |kind, at: Option<usize>| {
        if let Some(name) = at.and_then(|at| name_at(head, at)) {
            found.push(Declaration::new(kind, name));
        }
    };
    if lower.starts_with(b"<?xml") {
        let end = memchr::memmem::find(&lower, b"?>").unwrap_or(lower.len());
        add(DeclarationKind::Xml, after(&lower[..end], b"encoding"));
    }
    let meta = memchr::memmem::find_iter(&lower, b"<meta");
    add(
        DeclarationKind::Html,
        meta.filter_map(|at| {
            let end = memchr::memchr(b'>', &lower[at..]).map_or(lower.len(), |end| at + end);
            after(&lower[at..end], b"charset").map(|inner| at + inner)
        })
        .next(),
    );
    add(
        DeclarationKind::Header,
        memchr::memmem::find(&lower, b"content-type:").and_then(|at| {
            let end = memchr::memchr(b'\n', &lower[at..]).map_or(lower.len(), |end| at + end);
            after(&lower[at..end], b"charset").map(|inner| at + inner)
        }),
    );
    let lines =
        lower.split(|&b| b == b'\n').take(2).map(|line| line.len() + 1).sum::<usize>().min(lower.len());
    let top = &lower[..lines];
    let emacs = memchr::memmem::find(top, b"coding").filter(|_| top.contains(&b'#') || top.contains(&b'*'));
    let vim = after(top, b"fileencoding").or_else(|| after(top, b"fenc"));
    add(DeclarationKind::Modeline, emacs.and_then(|_| after(top, b"coding")).or(vim));
    found
}

/// Where the value begins after a key and `=` or `:`.
fn after(bytes: &[u8], key: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, key).find_map(|at| {
        let mut value = at + key.len();
        let space = |at: usize| bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        value += space(value);
        matches!(bytes.get(value), Some(b'=' | b':')).then(|| value + 1 + space(value + 1))
    })
}

/// The name that begins there, perhaps after a quotation mark.
fn name_at(bytes: &[u8], at: usize) -> Option<&str> {
    let rest = bytes.get(at..)?;
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    let length = rest.iter().take(NAME_BYTES).take_while(is_name).count();
    std::str::from_utf8(&rest[..length]).ok().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(DeclarationKind, String)> {
        find(text.as_bytes()).into_iter().map(|d| (d.kind, d.name)).collect()
    }

    #[test]
    fn declarations_are_found() {
        for (text, kind, name) in [
            ("<?xml version=\"1.0\" encoding=\"KOI8-R\"?>", DeclarationKind::Xml, "KOI8-R"),
            ("<html><head><meta charset=gbk>", DeclarationKind::Html, "gbk"),
            (
                "<META http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>",
                DeclarationKind::Html,
                "Shift_JIS",
            ),
            ("\"Content-Type: text/plain; charset=ISO-8859-2\\n\"\n", DeclarationKind::Header, "ISO-8859-2"),
            ("# -*- coding: latin-1 -*-\n", DeclarationKind::Modeline, "latin-1"),
            ("/* vim: set fileencoding=euc-jp : */\n", DeclarationKind::Modeline, "euc-jp"),
        ] {
            assert_eq!(found(text), [(kind, name.to_owned())], "{text}");
        }
        assert!(found("no encoding is declared here\n").is_empty());
        assert!(found("<?xml version='1.0'?><a encoding='gbk'/>").is_empty());
    }
}
