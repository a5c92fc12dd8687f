//! `fixenc undo`: puts back what `fix --in-place --journal` replaced.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::args::UndoArgs;
use crate::exit_code::{Exit, Stop, is_environment};
use crate::input::Failure;
use crate::journal::Entry;
use crate::json::{FailureLine, JsonPath};
use crate::replace::Replacement;
use crate::terminal::{Out, Page, say};

#[derive(Serialize)]
struct Line<'l> {
    v: u32,
    path: JsonPath<'l>,
    restored: bool,
}

pub(crate) fn run(args: &UndoArgs) -> Result<Exit, Stop> {
    let shown = args.journal.display();
    let journal =
        fs::read(&args.journal).map_err(|e| Stop::usage(format!("cannot read the journal {shown}: {e}")))?;
    let mut out = Out::new();
    let mut failed = false;
    let lines = journal.split(|&b| b == b'\n').filter(|line| !line.is_empty());
    // The last replacement is undone first: a file may be in the journal more than once.
    for line in lines.rev() {
        let mut page = Page::new(out.look());
        match undo(line, &args.journal, args.dry_run)? {
            Ok((path, restored)) => {
                if args.json {
                    let v = fixenc::report::SCHEMA_VERSION;
                    page.json(&Line { v, path: JsonPath(&path), restored });
                } else if restored && !args.quiet {
                    let done = if args.dry_run { "would be restored" } else { "restored" };
                    say(&format!("{}: {done}", path.display()));
                }
            }
            Err(failure) => {
                failed = true;
                if args.json {
                    page.json(&FailureLine::new(&failure));
                }
                if !args.quiet {
                    say(&format!("{}: {}", failure.path.display(), failure.message));
                }
            }
        }
        out.page(&page)?;
    }
    out.flush()?;
    Ok(Exit::of(false, failed))
}

/// Restores one file; tells its path and whether there was anything to do.
fn undo(line: &[u8], journal: &Path, dry_run: bool) -> Result<Result<(PathBuf, bool), Failure>, Stop> {
    let entry: Option<Entry> = serde_json::from_slice(line).ok();
    let Some((entry, path)) = entry.and_then(|entry| Some((entry.path()?, entry))).map(|(p, e)| (e, p))
    else {
        let message = "a line of the journal cannot be read".to_owned();
        return Ok(Err(Failure { path: journal.to_path_buf(), message }));
    };
    let fail = |message: String| Ok(Err(Failure { path: path.clone(), message }));
    let now = match fs::read(&path) {
        Ok(now) => now,
        Err(e) => return fail(format!("cannot read: {e}")),
    };
    let Some(original) = entry.restore(&now) else {
        // It is as it was: the run that wrote the journal was cut off before the replacement, or undone already.
        if entry.is_original(&now) {
            return Ok(Ok((path, false)));
        }
        return fail("was changed since; left alone".to_owned());
    };
    if !dry_run {
        let replaced = Replacement::begin(&path).and_then(|mut replacement| {
            replacement.write(&original)?;
            replacement.commit(None)
        });
        match replaced {
            Ok(()) => {}
            Err(e) if is_environment(&e) => {
                return Err(Stop::environment(format!("restoring {}", path.display()), e));
            }
            Err(e) => return fail(format!("cannot be restored: {e}")),
        }
    }
    Ok(Ok((path, true)))
}
