//! Windows metafiles: pictures as lists of drawing commands, of which some draw text. WMF, with and without the
//! placeable header ([MS-WMF]), and EMF ([MS-EMF], [MS-EMFPLUS]).
//!
//! Office keeps previews of pages and of embedded objects so. The commands come in any order; the text is put together by
//! where they draw: what stands on one baseline is a line.

mod device;
mod emf;
mod emf_plus;
mod fields;
mod lines;
mod wmf;

use super::{Content, Run};
use crate::container::Problem;

/// Texts that are drawn in one picture. A page has some thousand.
const MOST_TEXTS: usize = 1 << 16;

/// Whether a file that begins so is a metafile.
pub(super) fn is_metafile(head: &[u8]) -> bool {
    wmf::is_header(head) || emf::is_header(head)
}

/// Reads the text of a metafile. What is none has no text.
pub(crate) fn read(bytes: &[u8]) -> Content {
    let drawn = if emf::is_header(bytes) { emf::read(bytes) } else { wmf::read(bytes) };
    drawn.into_content()
}

/// Adds the text of a picture in a document. Its offsets are left out: it does not stand in the file as such.
pub(crate) fn append(content: &mut Content, bytes: &[u8]) {
    let picture = read(bytes);
    picture.runs.consume(&mut |run| content.runs.push(Run { offset: None, ..run.to_run() }));
    content.problems.extend(picture.problems);
}

/// What a metafile draws.
#[derive(Debug, Default)]
struct Drawn {
    texts: Vec<device::Placed>,
    /// Whether the record came that ends a metafile.
    has_ended: bool,
    problems: Vec<Problem>,
}

impl Drawn {
    fn into_content(self) -> Content {
        let mut content = Content { problems: self.problems, ..Content::default() };
        lines::write(self.texts, &mut content);
        content
    }
}
