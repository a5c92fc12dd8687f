//! zlib (RFC 1950): how one piece of a document is compressed.

use flate2::bufread::ZlibDecoder;

use super::{Budget, Problem};

/// What comes out of a piece that says how long it is then, within the budget. PowerPoint leaves out the last block: a
/// piece of the stated length has no problem.
pub(crate) fn decompressed(
    bytes: &[u8],
    stated: usize,
    budget: &mut Budget<'_>,
) -> (Vec<u8>, Option<Problem>) {
    let all = bytes.len();
    let (bytes, problem) =
        budget.read(ZlibDecoder::new(bytes), |decoder| (all - decoder.get_ref().len()) as u64, "zlib");
    let problem = problem.filter(|problem| matches!(problem, Problem::Limit { .. }) || bytes.len() < stated);
    (bytes, problem)
}
