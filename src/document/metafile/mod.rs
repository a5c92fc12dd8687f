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

use super::Content;
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
