//! Mail (RFC 5322, MIME): some fields of the header, the body, and the files in it.
//!
//! Which bytes are which part is `mail-parser`'s to say; what it decodes is left aside, since a charset that is named is
//! often not the one that was used.

mod header;
mod transfer;

use mail_parser::{Encoding as Transfer, MessageParser, MessagePart, PartType};

use super::{Content, Declared, Declarer, Zone, page};
use crate::container::{Part, Problem};
use crate::encoding::Encoding;

/// The fields of the header that are read, in this order.
const FIELDS: [&str; 6] = ["Subject", "From", "To", "Cc", "Date", "Reply-To"];
/// Fields that show a text to be a mail, if there are several.
const KNOWN: [&[u8]; 14] = [
    b"from",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"received",
    b"return-path",
    b"delivered-to",
    b"content-type",
    b"content-transfer-encoding",
    b"reply-to",
    b"in-reply-to",
];
/// One of these at least: a mail without them is one text in one encoding, as which it can be read.
const TELLING: [&[u8]; 3] = [b"mime-version", b"content-type", b"received"];
const FEWEST_KNOWN: usize = 3;

/// Whether a file that begins so is a mail: nothing but fields of a header, some of them known.
pub(super) fn is_mail(head: &[u8]) -> bool {
    let (mut known, mut is_told) = (0, false);
    let mut lines = head.split(|&b| b == b'\n').enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_last = lines.peek().is_none();
        if line.is_empty() && !is_last {
            break;
        }
        if is_last
            || line.starts_with(b" ")
            || line.starts_with(b"\t")
            || (number == 0 && line.starts_with(b"From "))
        {
            // What is cut off says nothing.
            continue;
        }
        let Some(length) = line.iter().position(|&b| b == b':') else { return false };
        let name = line[..length].to_ascii_lowercase();
        if name.is_empty() || !name.iter().all(|b| matches!(b, 33..=126)) {
            return false;
        }
        known += usize::from(KNOWN.contains(&name.as_slice()));
        is_told |= TELLING.contains(&name.as_slice());
    }
    is_told && known >= FEWEST_KNOWN
}

/// Reads a mail.
pub(super) fn read(bytes: &[u8]) -> Content {
    let mut content = Content::default();
    let Some(message) = MessageParser::default().parse(bytes) else {
        let found = "no header".to_owned();
        content.problems.push(Problem::Damaged { format: "eml", found });
        return content;
    };
    if let Some(root) = message.parts.first() {
        for name in FIELDS {
            for field in root.headers.iter().filter(|field| field.name.as_str().eq_ignore_ascii_case(name)) {
                let value = slice(bytes, field.offset_start, field.offset_end);
                content.unicode(Zone::Property, &format!("{name}: "));
                header::add(value, Zone::Property, field.offset_start.into(), &mut content);
                content.unicode(Zone::Property, "\n");
            }
        }
    }
    for part in message.text_body.iter().filter_map(|&number| message.parts.get(number as usize)) {
        body(bytes, part, &mut content);
    }
    for part in message.attachments.iter().filter_map(|&number| message.parts.get(number as usize)) {
        content.parts.push(attachment(bytes, part));
    }
    content
}

fn slice(bytes: &[u8], start: u32, end: u32) -> &[u8] {
    bytes.get(start as usize..(end as usize).min(bytes.len())).unwrap_or_default()
}

/// The bytes of a part without their transfer encoding.
fn contents(bytes: &[u8], part: &MessagePart<'_>) -> Vec<u8> {
    let raw = slice(bytes, part.offset_body, part.offset_end);
    match part.encoding {
        Transfer::None => raw.to_vec(),
        Transfer::QuotedPrintable => transfer::quoted_printable(raw),
        Transfer::Base64 => transfer::base64(raw),
    }
}

/// The raw value of a field of a part's header.
fn field<'b>(bytes: &'b [u8], part: &MessagePart<'_>, name: &str) -> &'b [u8] {
    let found = part.headers.iter().find(|field| field.name.as_str().eq_ignore_ascii_case(name));
    found.map_or(&[], |field| slice(bytes, field.offset_start, field.offset_end))
}

fn body(bytes: &[u8], part: &MessagePart<'_>, content: &mut Content) {
    let kind = field(bytes, part, "Content-Type");
    let charset = header::parameter(kind, "charset");
    let charset = charset.and_then(|name| Encoding::for_name(std::str::from_utf8(&name).ok()?.trim()));
    let declared = Declared::new(Declarer::Document, charset);
    let text = contents(bytes, part);
    let offset = (part.encoding == Transfer::None).then_some(part.offset_body.into());
    if matches!(part.body, PartType::Html(_)) {
        add_page(&text, declared, content);
    } else {
        content.bytes(Zone::Body, offset, &without_returns(&text), declared);
    }
    content.unicode(Zone::Body, "\n");
}

/// Line ends of mail are CR LF; of a text they are LF.
fn without_returns(text: &[u8]) -> Vec<u8> {
    let is_kept = |&(at, &byte): &(usize, &u8)| byte != b'\r' || text.get(at + 1) != Some(&b'\n');
    text.iter().enumerate().filter(is_kept).map(|(_, &byte)| byte).collect()
}

/// Adds what a reader sees of a page. In an encoding whose escapes hide marks, that is the whole source.
pub(super) fn add_page(source: &[u8], declared: Declared, content: &mut Content) {
    if declared.encoding.is_some_and(|encoding| !encoding.has_ascii()) || source.contains(&0x1B) {
        content.bytes(Zone::Body, None, source, declared);
        return;
    }
    page::read(source, &mut |seen| match seen {
        page::Seen::Source(span) => content.bytes(Zone::Body, None, &source[span], declared),
        page::Seen::Instead(characters, _) | page::Seen::Between(characters) => {
            content.unicode(Zone::Body, characters);
        }
    });
}

/// A file in a mail; its name as bytes, in whatever encoding they are.
fn attachment(bytes: &[u8], part: &MessagePart<'_>) -> Part {
    let disposition = field(bytes, part, "Content-Disposition");
    let name = header::parameter(disposition, "filename")
        .or_else(|| header::parameter(field(bytes, part, "Content-Type"), "name"))
        .unwrap_or_else(|| match part.body {
            PartType::Message(_) => b"message.eml".to_vec(),
            PartType::Html(_) => b"part.html".to_vec(),
            PartType::Text(_) => b"part.txt".to_vec(),
            _ => b"part".to_vec(),
        });
    Part { name, bytes: contents(bytes, part), problem: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Run, RunText};

    fn shown(content: &Content) -> Vec<(Option<&'static str>, String)> {
        let shown = |run: &Run| match &run.text {
            RunText::Unicode(text) => (None, text.clone()),
            // Each byte as the character of its number: a word may end within a character.
            RunText::Bytes { bytes, declared } => {
                let text = bytes.iter().copied().map(char::from).collect();
                (declared.encoding.map(Encoding::label), text)
            }
        };
        let runs = content.runs.to_vec();
        let runs = runs.iter().map(shown);
        runs.fold(Vec::new(), |mut joined: Vec<(Option<&'static str>, String)>, (by, text)| {
            match joined.last_mut() {
                Some((last, before)) if *last == by => before.push_str(&text),
                _ => joined.push((by, text)),
            }
            joined
        })
    }

    const MAIL: &[u8] = b"Received: by x\r\nFrom: =?gb2312?B?1cXI/Q==?= <a@example.org>\r\n\
        Subject: =?gb2312?Q?=C4=EA=B6?=\r\n =?gb2312?Q?=C8=B1=A8=B8=E6?= 2003\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\
        Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        <p>=D5=FD=\r\n=CE=C4&amp;</p><p>2</p>\r\n--b\r\n\
        Content-Type: text/plain; name=x.txt\r\nContent-Disposition: attachment;\r\n filename*=gb2312''%C4%EA.txt\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--\r\n";

    #[test]
    fn a_mail_gives_its_header_its_body_and_its_files() {
        assert!(is_mail(MAIL));
        let content = read(MAIL);
        let gbk = Some("gbk");
        let expected = [
            (None, "Subject: "),
            (gbk, "\u{C4}\u{EA}\u{B6}\u{C8}\u{B1}\u{A8}\u{B8}\u{E6}"),
            (None, " 2003\nFrom: "),
            (gbk, "\u{D5}\u{C5}\u{C8}\u{FD}"),
            (None, " <a@example.org>\n"),
            (gbk, "\u{D5}\u{FD}\u{CE}\u{C4}"),
            (None, "&\n"),
            (gbk, "2"),
            (None, "\n\n"),
        ];
        let shown = shown(&content);
        let texts: Vec<(Option<&str>, &str)> = shown.iter().map(|(by, text)| (*by, text.as_str())).collect();
        assert_eq!(texts, expected);
        assert_eq!(content.parts.len(), 1);
        assert_eq!(
            (content.parts[0].name.as_slice(), content.parts[0].bytes.as_slice()),
            (&b"\xC4\xEA.txt"[..], &b"abc"[..])
        );
    }

    #[test]
    fn a_cut_mail_gives_what_is_there() {
        for end in 0..MAIL.len() {
            read(&MAIL[..end]);
        }
    }

    #[test]
    fn a_letter_is_no_mail() {
        assert!(!is_mail(b"From: the office\nTo: all\nSubject: none\n\nMIME-Version: 1.0\n"));
        assert!(!is_mail(b"From: a\nTo: b\nMIME-Version: 1.0\nand so on\n\n"));
    }
}
