//! Pages of HTML and files of XML: what of their source a reader sees, and where in the source that stands.
//!
//! The text of a page stays its source, as it is plain text. Fields and codes are read from what is seen.

use std::ops::Range;

use crate::document::page::{self, Seen};
use crate::record::{self, Doubt, Record};

/// Reads the record of a text, of what is seen of it if it is a page.
pub(super) fn record(text: &str, doubts: &[Doubt]) -> Record {
    let Some(page) = Page::of(text) else { return record::extract(text, doubts) };
    let doubts: Vec<Doubt> =
        doubts.iter().map(|doubt| Doubt { span: page.to_seen(&doubt.span), ..doubt.clone() }).collect();
    let mut record = record::extract(&page.seen, &doubts);
    record.relocate(|span| page.to_source(&span));
    record
}

/// What a reader sees of a page.
struct Page {
    seen: String,
    /// In order, and without gaps in what is seen, as far as fields are read from it.
    pieces: Vec<Piece>,
}

/// A stretch of what is seen and where it stands in the source.
struct Piece {
    seen: Range<usize>,
    source: Range<usize>,
}

impl Piece {
    /// Whether byte for byte is the same; otherwise the one stands for the other as a whole.
    fn is_same(&self) -> bool {
        self.seen.len() == self.source.len()
    }
}

impl Page {
    /// `None` where the text is no page.
    fn of(text: &str) -> Option<Self> {
        if !page::is_page(text.as_bytes()) {
            return None;
        }
        let mut page = Self { seen: String::new(), pieces: Vec::new() };
        let mut at = 0;
        page::read(text.as_bytes(), &mut |seen| match seen {
            Seen::Source(source) => {
                at = source.end;
                page.add(text.get(source.clone()).unwrap_or_default(), source);
            }
            Seen::Instead(characters, source) => {
                at = source.end;
                page.add(characters, source);
            }
            Seen::Between(characters) => page.add(characters, at..at),
        });
        Some(page)
    }

    fn add(&mut self, text: &str, source: Range<usize>) {
        let start = self.seen.len();
        self.seen.push_str(text);
        if start > record::STRETCH_BYTES {
            return;
        }
        let piece = Piece { seen: start..self.seen.len(), source };
        match self.pieces.last_mut() {
            // Text goes on where it stood.
            Some(last) if last.is_same() && piece.is_same() && last.source.end == piece.source.start => {
                last.seen.end = piece.seen.end;
                last.source.end = piece.source.end;
            }
            _ => self.pieces.push(piece),
        }
    }

    /// The place in the source of what is seen.
    fn to_source(&self, span: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.pieces.partition_point(|piece| piece.seen.end <= offset);
        let start = self.pieces.get(at(span.start)).map_or(0, |piece| match piece.is_same() {
            true => piece.source.start + (span.start - piece.seen.start),
            false => piece.source.start,
        });
        let last = span.end.saturating_sub(1).max(span.start);
        let end = self.pieces.get(at(last)).map_or(start, |piece| match piece.is_same() {
            true => piece.source.start + (last + 1 - piece.seen.start),
            false => piece.source.end,
        });
        start..end.max(start)
    }

    /// The place of what is seen of a stretch of the source.
    fn to_seen(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.pieces.partition_point(|piece| piece.source.end <= span.start);
        let behind = self.pieces.partition_point(|piece| piece.source.start < span.end);
        let (Some(from), Some(to)) =
            (self.pieces.get(first), behind.checked_sub(1).and_then(|last| self.pieces.get(last)))
        else {
            return self.seen.len()..self.seen.len();
        };
        let start = match from.is_same() {
            true => from.seen.start + span.start.saturating_sub(from.source.start),
            false => from.seen.start,
        };
        let end = match to.is_same() {
            true => to.seen.end - to.source.end.saturating_sub(span.end),
            false => to.seen.end,
        };
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        Page::of(text).unwrap().seen
    }

    #[test]
    fn tags_become_what_they_look_like() {
        let page = "<html><head><title>标题</title><style>p { color: red }</style></head><body>\n<p>一\n 二</p>\
                    <table><tr><td><p>甲</p></td><td></td><th>乙</th></tr><tr><td>丙</table>\
                    <script>if (a < b) {}</script>完<br><br>了<!-- 注 --></body></html>";
        assert_eq!(seen(page), "标题\n一 二\n甲\t\t乙\n丙\n完\n了\n");
        assert_eq!(seen("<html><pre>a\n  b</pre>"), "a\n  b\n");
        assert!(Page::of("a < b and <p>").is_none());
    }

    #[test]
    fn every_piece_stands_where_it_says() {
        let text = "<p>A&amp;B &#x4E2D;&nbsp;&unknown; &</p><div>文 字</div>";
        let page = Page::of(text).unwrap();
        assert_eq!(page.seen, "A&B 中\u{A0}&unknown; &\n文 字\n");
        let at = |what: &str| {
            let start = page.seen.find(what).unwrap();
            page.to_source(&(start..start + what.len()))
        };
        assert_eq!(&text[at("A&B")], "A&amp;B");
        assert_eq!(&text[at("中")], "&#x4E2D;");
        assert_eq!(&text[at("文 字")], "文 字");
        let there = page.seen.find("字").unwrap();
        let source = text.find('字').unwrap();
        assert_eq!(page.to_seen(&(source..source + 3)), there..there + 3);
    }

    #[test]
    fn fields_are_found_in_cells_and_stand_in_the_source() {
        let text = "<html><body><p>事业单位法人年度报告书</p><p>（2023年度）</p><table><tr>\
                    <td><p><b>单 位 名 称</b></p></td><td><p>某某镇&#20013;心小学</p></td></tr></table></body></html>";
        let record = record(text, &[]);
        let name = record.fields.get("org_name").unwrap();
        assert_eq!(name.raw, "某某镇中心小学");
        assert_eq!(&text[name.start..name.end], "某某镇&#20013;心小学");
    }

    #[test]
    fn elements_of_xml_stand_apart() {
        assert_eq!(seen("<?xml version=\"1.0\"?><a><b>一</b><c><![CDATA[二<]]></c></a>"), "一\n二<\n");
    }
}
