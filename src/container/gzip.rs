//! gzip (RFC 1952): one part, which may be made of several members.

use std::ops::ControlFlow;

use flate2::bufread::{GzDecoder, MultiGzDecoder};

use super::{Budget, Part, Problem, Visit};

pub(super) fn read(
    bytes: &[u8],
    budget: &mut Budget<'_>,
    visit: &mut dyn Visit,
) -> (ControlFlow<()>, Option<Problem>) {
    if let Err(problem) = budget.entry() {
        return (ControlFlow::Continue(()), Some(problem));
    }
    let name = GzDecoder::new(bytes).header().and_then(|h| h.filename()).unwrap_or_default().to_vec();
    let all = bytes.len();
    let decoder = MultiGzDecoder::new(bytes);
    let (bytes, problem) = budget.read(decoder, |d| (all - d.get_ref().len()) as u64, "gzip");
    (visit.part(Part { name, bytes, problem }, budget), None)
}
