//! `fixenc scan`.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use fixenc::report::{Document, EntryName};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::args::ScanArgs;
use crate::exit_code::{Exit, Stop, is_environment};
use crate::extract::{RecordLine, each_document, inside};
use crate::input::{self, Broken, Input};
use crate::json::JsonPath;
use crate::output_tree::{OutputTree, text_name};
use crate::per_input::{self, Outcome};
use crate::terminal::{Out, Page, say};

#[derive(Serialize)]
struct Line<'l> {
    v: u32,
    path: JsonPath<'l>,
    #[serde(flatten)]
    document: &'l Document,
}

/// What the documents of a scan came to.
#[derive(Default)]
struct Totals {
    documents: u64,
    repaired: u64,
    undecided: u64,
    unread: u64,
}

pub(crate) fn run(args: &ScanArgs) -> Result<Exit, Stop> {
    let options = args.repair.recover_options().record(true);
    let tree = args.write_fixed.as_deref().map(OutputTree::new).transpose()?;
    let inputs = input::collect(&args.input)?;
    let mut records = args.records.as_deref().map(Records::new).transpose()?;
    let totals = Mutex::new(Totals::default());
    let mut out = Out::new();
    // A bar would get between the reports, where both go to one terminal.
    let progress = progress(args.input.quiet || out.look().terminal, inputs.len());
    let exit = per_input::each_of(
        &inputs,
        &args.input,
        true,
        &mut out,
        |input, outcome| {
            let mut stop = None;
            each_document(input, outcome, false, &options, |outcome, document| {
                count(&totals, &document);
                outcome.page.json(&Line {
                    v: fixenc::report::SCHEMA_VERSION,
                    path: JsonPath(&input.path),
                    document: &document,
                });
                add_record(outcome, input, &document);
                if let (Some(tree), None) = (&tree, &stop) {
                    stop = write_fixed(tree, input, outcome, &document).err();
                }
            })?;
            stop.map_or(Ok(()), |stop| Err(Broken::Run(stop)))
        },
        |outcome| {
            progress.inc(1);
            records.as_mut().map_or(Ok(()), |records| records.write(&outcome.records))
        },
    )?;
    progress.finish_and_clear();
    out.flush()?;
    records.map_or(Ok(()), Records::finish)?;
    if !args.input.quiet {
        say(&summary(&totals.into_inner().unwrap_or_else(|p| p.into_inner()), inputs.len()));
    }
    Ok(exit)
}

/// Writes the repaired text of a document to its place. Only a failure that will befall all others stops the run.
fn write_fixed(
    tree: &OutputTree,
    input: &Input,
    outcome: &mut Outcome,
    document: &Document,
) -> Result<(), Stop> {
    let Some(text) = &document.text else { return Ok(()) };
    // What a name means as a path is told by its characters: a byte of one may look like a separator.
    let mut names: Vec<_> = document.path.iter().map(EntryName::shown).collect();
    let mut relative = Cow::Borrowed(input.relative.as_path());
    // Then the documents inside it go to a folder that has its name.
    if document.format.is_some() {
        match names.last_mut() {
            Some(name) => name.to_mut().push_str(".txt"),
            None => relative = Cow::Owned(text_name(&relative)),
        }
    }
    let place = tree.place(&relative, &names);
    match tree.write(&place, text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(e) if is_environment(&e) => Err(Stop::environment(format!("writing {}", place.display()), e)),
        Err(e) => {
            let message = format!("{}cannot write {}: {e}", inside(&document.path), place.display());
            outcome.fail(&input.failure(message), true);
            Ok(())
        }
    }
}

/// Sets the record of a document aside for the file of records.
fn add_record(outcome: &mut Outcome, input: &Input, document: &Document) {
    if let Some(record) = &document.record {
        let v = fixenc::report::SCHEMA_VERSION;
        outcome.records.json(&RecordLine { v, path: JsonPath(&input.path), entry: &document.path, record });
    }
}

/// The file for the records.
struct Records {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Records {
    fn new(path: &Path) -> Result<Self, Stop> {
        let file = File::create(path);
        let file = file.map_err(|e| Stop::environment(format!("making {}", path.display()), e))?;
        Ok(Self { path: path.to_path_buf(), file: BufWriter::new(file) })
    }

    fn write(&mut self, lines: &Page) -> Result<(), Stop> {
        self.file.write_all(lines.as_bytes()).map_err(|e| self.failed(e))
    }

    fn finish(mut self) -> Result<(), Stop> {
        self.file.flush().map_err(|e| self.failed(e))
    }

    fn failed(&self, error: io::Error) -> Stop {
        Stop::environment(format!("writing {}", self.path.display()), error)
    }
}

fn count(totals: &Mutex<Totals>, document: &Document) {
    let mut totals = totals.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    totals.documents += 1;
    totals.repaired += u64::from(!document.repairs.is_empty());
    totals.undecided += u64::from(!document.undecided.is_empty());
    totals.unread += u64::from(document.diagnostics.iter().any(|d| d.kind.is_failure()));
}

fn summary(totals: &Totals, inputs: usize) -> String {
    let Totals { documents, repaired, undecided, unread } = totals;
    let (d, i) = (if *documents == 1 { "" } else { "s" }, if inputs == 1 { "" } else { "s" });
    format!(
        "{documents} document{d} in {inputs} file{i}: {repaired} repaired, {undecided} with undecided spans, \
         {unread} not fully read"
    )
}

/// Drawn on standard error, and only where that is a terminal.
fn progress(hidden: bool, inputs: usize) -> ProgressBar {
    if hidden {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} files, {eta} left");
    let bar = ProgressBar::new(inputs as u64);
    style.into_iter().for_each(|style| bar.set_style(style));
    bar
}
