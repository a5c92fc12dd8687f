//! zip, through its central directory.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use ::zip::ZipArchive;
use ::zip::read::ZipFile;
use ::zip::result::ZipError;

use super::{Budget, Part, Problem, Visit};

pub(super) fn read(
    bytes: &[u8],
    budget: &mut Budget<'_>,
    visit: &mut Visit<'_>,
) -> (ControlFlow<()>, Option<Problem>) {
    let go_on = ControlFlow::Continue(());
    let taken = Cell::new(0);
    let mut archive = match ZipArchive::new(Counting { inner: Cursor::new(bytes), taken: &taken }) {
        Ok(archive) => archive,
        Err(error) => return (go_on, Some(problem(error))),
    };
    // Entries that share bytes are how a small archive holds petabytes; no program writes them.
    match archive.has_overlapping_entries() {
        Ok(false) => {}
        Ok(true) => {
            let found = "entries that overlap".to_owned();
            return (go_on, Some(Problem::Damaged { format: "zip", found }));
        }
        Err(error) => return (go_on, Some(problem(error))),
    }
    for index in 0..archive.len() {
        if let Err(problem) = budget.entry() {
            return (go_on, Some(problem));
        }
        taken.set(0);
        let Some(part) = part(&mut archive, index, budget, &taken) else { continue };
        if visit(part, budget).is_break() {
            return (ControlFlow::Break(()), None);
        }
        if budget.is_spent() {
            let found =
                Problem::Limit { what: "entries or bytes of the whole input", limit: index as u64 + 1 };
            return (go_on, (index + 1 < archive.len()).then_some(found));
        }
    }
    let found = "entries of the same name, of which only the last was read".to_owned();
    (go_on, archive.has_duplicate_names().then_some(Problem::Damaged { format: "zip", found }))
}

/// Reads one entry; `None` for a folder.
fn part<'b>(
    archive: &mut ZipArchive<Counting<'b, '_>>,
    index: usize,
    budget: &mut Budget<'_>,
    taken: &Cell<u64>,
) -> Option<Part> {
    let raw_name = archive.by_index_data(index).map(|entry| entry.name_raw().to_vec()).unwrap_or_default();
    let failed = |problem| Some(Part { name: raw_name.clone(), bytes: Vec::new(), problem: Some(problem) });
    let file = match archive.by_index(index) {
        Ok(file) => file,
        Err(error) => return failed(problem(error)),
    };
    if file.is_dir() {
        return None;
    }
    if file.is_symlink() {
        return failed(Problem::Link);
    }
    if let Err(problem) = budget.declared(file.size()) {
        return failed(problem);
    }
    let (bytes, problem) = budget.read(file, |_: &ZipFile<'_, _>| taken.get(), "zip");
    Some(Part { name: raw_name, bytes, problem })
}

fn problem(error: ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(what) => Problem::Unsupported { what: what.to_owned() },
        error => Problem::Damaged { format: "zip", found: error.to_string() },
    }
}

/// Counts what the archive's reader takes, so that a bomb is seen by what it really consumed and not by what it declares.
struct Counting<'b, 'c> {
    inner: Cursor<&'b [u8]>,
    taken: &'c Cell<u64>,
}

impl Read for Counting<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

impl Seek for Counting<'_, '_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
