//! tar: the old form, ustar, GNU and pax.

use std::ops::ControlFlow;

use super::{Budget, Name, Part, Problem, Visit};

const BLOCK_BYTES: usize = 512;

/// Whether the first block is a tar header. The checksum decides, since the old form has no magic number.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    let Some(block) = bytes.get(..BLOCK_BYTES) else { return false };
    let digits: Vec<u8> = block[148..156].iter().copied().filter(|b| !matches!(b, b' ' | 0)).collect();
    let stored = std::str::from_utf8(&digits).ok().and_then(|d| u32::from_str_radix(d, 8).ok());
    let sum: u32 = block[..148].iter().chain(&block[156..]).map(|&b| u32::from(b)).sum();
    block[0] != 0 && stored == Some(sum + 8 * u32::from(b' '))
}

pub(super) fn read(
    bytes: &[u8],
    budget: &mut Budget<'_>,
    visit: &mut dyn Visit,
) -> (ControlFlow<()>, Option<Problem>) {
    let go_on = ControlFlow::Continue(());
    let damaged = |error: std::io::Error| Problem::Damaged { format: "tar", found: error.to_string() };
    visit.names(names(bytes));
    let mut archive = ::tar::Archive::new(bytes);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return (go_on, Some(damaged(error))),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return (go_on, Some(damaged(error))),
        };
        if let Err(problem) = budget.entry() {
            return (go_on, Some(problem));
        }
        let kind = entry.header().entry_type();
        let name = entry.path_bytes().into_owned();
        let part = if kind.is_symlink() || kind.is_hard_link() {
            Part { name, bytes: Vec::new(), problem: Some(Problem::Link) }
        } else if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            let size = entry.size();
            let (bytes, problem) = match budget.declared(size) {
                Ok(()) => budget.read(entry, |_| u64::MAX, "tar"),
                Err(problem) => (Vec::new(), Some(problem)),
            };
            let short = problem.is_none() && (bytes.len() as u64) < size;
            let found = format!("{} of {size} bytes are there", bytes.len());
            let problem = if short { Some(Problem::Damaged { format: "tar", found }) } else { problem };
            Part { name, bytes, problem }
        } else {
            continue;
        };
        if visit.part(part, budget).is_break() {
            return (ControlFlow::Break(()), None);
        }
    }
    (go_on, None)
}

/// The names that are not ASCII. Only a pax header says that it is UTF-8, and writers put other bytes there too.
fn names(bytes: &[u8]) -> Vec<Name> {
    let mut archive = ::tar::Archive::new(std::io::Cursor::new(bytes));
    let Ok(entries) = archive.entries_with_seek() else { return Vec::new() };
    let raw = entries.map_while(Result::ok).map(|entry| entry.path_bytes().into_owned());
    raw.filter(|raw| !raw.is_ascii()).map(|raw| Name { raw, is_utf8: false }).collect()
}
