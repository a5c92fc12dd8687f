//! Word documents up to Word 2003.

use super::Content;
use crate::container::ole2::Compound;

/// Whether a file that begins so is a document outside of a compound file.
pub(super) fn is_flat(_head: &[u8]) -> bool {
    false
}

/// Reads a document outside of a compound file.
pub(super) fn read_flat(_bytes: &[u8]) -> Content {
    Content::default()
}

/// Reads the document of a compound file, if there is one.
pub(super) fn read(_compound: &mut Compound<'_>, _file: &[u8]) -> Option<Content> {
    None
}
