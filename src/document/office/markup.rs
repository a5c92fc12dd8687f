//! WordprocessingML and DrawingML ([ECMA-376] part 1, 17 and 21): in both, `p` is a paragraph, `t` its text, `tr` and `tc` are
//! the rows and cells of tables.

use super::flow::Flow;
use super::xml::{Event, Xml};
use crate::document::{Content, Zone};

/// Adds the running text of a part.
pub(super) fn read(text: &str, zone: Zone, content: &mut Content) {
    let mut flow = Flow::new(zone);
    let mut xml = Xml::new(text);
    let mut is_text = false;
    while let Some(event) = xml.next() {
        match event {
            Event::Start(element) => match element.name() {
                "t" => is_text = true,
                "tab" | "ptab" => flow.text("\t"),
                "br" | "cr" => flow.text("\n"),
                "noBreakHyphen" => flow.text("-"),
                "tr" => flow.begin_row(),
                "tc" => flow.begin_cell(),
                "txbxContent" => flow.open(Zone::TextBox),
                name if is_unseen(name) => xml.pass_over(),
                _ => {}
            },
            Event::Text(text) if is_text => flow.text(&text),
            Event::Text(_) => {}
            Event::End(name) => match name.as_str() {
                "t" => is_text = false,
                "p" => flow.end_paragraph(content),
                "tr" => flow.end_row(content),
                "txbxContent" => flow.close(),
                _ => {}
            },
        }
    }
    flow.finish(content);
    content.problems.extend(xml.problem());
}

/// What a reader does not see: properties (their tabs are no text), what was deleted or moved away, the second form of what
/// stands there twice for older programs, the readings above characters, the code of fields.
fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "pPr"
            | "rPr"
            | "tblPr"
            | "trPr"
            | "tcPr"
            | "sectPr"
            | "del"
            | "moveFrom"
            | "Fallback"
            | "rt"
            | "delText"
            | "instrText"
            | "binData"
            | "docPr"
            | "style"
            | "styles"
    )
}
