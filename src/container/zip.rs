//! zip, through its central directory.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use ::zip::read::ZipFile;
use ::zip::result::ZipError;
use ::zip::{ExtraField, ZipArchive};

use super::{Budget, Name, Part, Problem, Visit, zip_salvage};

/// The bit of an entry's flags that says that its name is UTF-8.
pub(super) const UTF8_FLAG: u16 = 0x0800;
/// What is said of an entry that needs a password.
pub(super) const ENCRYPTED_ENTRY: &str = "an encrypted entry";

pub(super) fn read(
    bytes: &[u8],
    budget: &mut Budget<'_>,
    visit: &mut dyn Visit,
) -> (ControlFlow<()>, Option<Problem>) {
    let go_on = ControlFlow::Continue(());
    let taken = Cell::new(0);
    let mut archive = match ZipArchive::new(Counting { inner: Cursor::new(bytes), taken: &taken }) {
        Ok(archive) => archive,
        Err(error) => {
            let problem = match problem(error) {
                Problem::Damaged { format, .. } => {
                    Problem::Damaged { format, found: "the list of its entries is lost".to_owned() }
                }
                other => other,
            };
            return zip_salvage::read(bytes, problem, budget, visit);
        }
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
    visit.names(names(&mut archive));
    for index in 0..archive.len() {
        if let Err(problem) = budget.entry() {
            return (go_on, Some(problem));
        }
        taken.set(0);
        let Some(part) = part(&mut archive, index, budget, &taken) else { continue };
        if visit.part(part, budget).is_break() {
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

/// The names that are not ASCII. A UTF-8 name in a field of its own (Info-ZIP's 0x7075) stands in place of the bytes.
fn names(archive: &mut ZipArchive<Counting<'_, '_>>) -> Vec<Name> {
    let mut names = Vec::new();
    for index in 0..archive.len() {
        if archive.by_index_data(index).is_ok_and(|entry| !entry.name_raw().is_ascii())
            && let Ok(entry) = archive.by_index_raw(index)
        {
            let mut fields = entry.extra_data_fields();
            let is_utf8 = entry.flags().as_u16() & UTF8_FLAG != 0
                || fields.any(|field| matches!(field, ExtraField::UnicodePath(_)));
            names.push(Name { raw: entry.name_raw().to_vec(), is_utf8 });
        }
    }
    names
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
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            Problem::Unsupported { what: ENCRYPTED_ENTRY.to_owned() }
        }
        ZipError::UnsupportedArchive(what) => Problem::Unsupported { what: what.to_owned() },
        error => Problem::Damaged { format: "zip", found: error.to_string() },
    }
}

/// Counts what the archive's reader takes, so that a bomb is seen by what it really consumed and not by what it
/// declares.
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
