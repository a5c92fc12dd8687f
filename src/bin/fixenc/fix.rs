//! `fixenc fix`.

use std::io::{self, Write};

use fixenc::Repairer;
use fixenc::mojibake::Change;
use fixenc::report::{Diagnostic, RepairedSpan, UndecidedSpan};
use serde::Serialize;

use crate::args::FixArgs;
use crate::diff;
use crate::exit_code::{Exit, Stop, is_environment};
use crate::input::{self, Block, Broken, Digest, Ending, Failure, Input, is_utf8};
use crate::journal::{Entry, Journal, Original, OriginalSpan};
use crate::json::{FailureLine, JsonPath};
use crate::output_tree::{OutputTree, text_name};
use crate::parallel::guarded;
use crate::per_input::{self, Outcome};
use crate::replace::{self, Replacement};
use crate::terminal::{Out, say};

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

#[derive(Serialize)]
struct Line<'l> {
    v: u32,
    path: JsonPath<'l>,
    encoding: Option<&'static str>,
    /// The format, where the text is what is in a document and not what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    changed: bool,
    /// Where the result went; without it, the result is in `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<JsonPath<'l>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'l str>,
    repairs: Vec<RepairedSpan>,
    undecided: Vec<UndecidedSpan>,
    diagnostics: Vec<Diagnostic>,
}

pub(crate) fn run(args: &FixArgs) -> Result<Exit, Stop> {
    let fixing = Fixing {
        args,
        repairer: args.repair.repairer(),
        tree: match &args.output_dir {
            Some(folder) if !args.dry_run => Some(OutputTree::new(folder)?),
            _ => None,
        },
        journal: match &args.journal {
            Some(path) if !args.dry_run => Some(Journal::open(path)?),
            _ => None,
        },
    };
    if args.in_place.is_some() || args.output_dir.is_some() || args.diff || args.dry_run {
        return per_input::each(&args.input, args.input.json, |input, outcome| fixing.one(input, outcome));
    }
    if args.input.json {
        return per_input::each(&args.input, true, |input, outcome| fixing.as_json(input, outcome));
    }
    fixing.to_stdout()
}

struct Fixing<'a> {
    args: &'a FixArgs,
    repairer: Repairer,
    tree: Option<OutputTree>,
    journal: Option<Journal>,
}

/// What the repair of one input came to, apart from the text.
#[derive(Default)]
struct Changed {
    /// How many spans were changed.
    count: usize,
    /// The changes, where the run has a use for them: in a large file they are many.
    changes: Vec<Change>,
    undecided: Vec<UndecidedSpan>,
    utf8_bom: bool,
}

impl Fixing<'_> {
    /// Repairs block by block; hands over each block's bytes of output, and its changes.
    fn repair(
        &self,
        input: &Input,
        mut take: impl FnMut(&str, &Block<'_>) -> Result<(), Broken>,
    ) -> Result<(Ending, Changed), Broken> {
        let mut changed = Changed::default();
        let ending = input.each_block(self.args.repair.encoding, |block| {
            changed.utf8_bom = block.utf8_bom;
            let repair = self.repairer.repair(block.text);
            changed.count += repair.changes().len();
            if self.keeps_changes() {
                changed.changes.extend(repair.changes().iter().cloned().map(|mut change| {
                    change.span = block.offset + change.span.start..block.offset + change.span.end;
                    change
                }));
                let undecided = repair.undecided().iter();
                changed.undecided.extend(undecided.map(|u| UndecidedSpan::new(u, block.offset)));
            }
            take(repair.text(), &block)
        })?;
        if ending.encoding.is_none() {
            // A document that is too damaged or encrypted is no picture that happens to be in a folder.
            if let Some(why) = ending.unread() {
                return Err(Broken::Input(input.failure(format!("no text: {why}"))));
            }
            let message = "no text: binary data, which is not repaired (`fixenc scan` reads archives)";
            return Err(Broken::NoText(input.failure(message)));
        }
        Ok((ending, changed))
    }

    fn keeps_changes(&self) -> bool {
        self.args.input.json || self.args.diff || self.journal.is_some()
    }

    /// One input after the other, written as it comes.
    fn to_stdout(&self) -> Result<Exit, Stop> {
        let inputs = input::collect(&self.args.input)?;
        let mut out = Out::new();
        let mut failed = false;
        for input in inputs {
            let result = match &input {
                Err(failure) => Err(Broken::Input(failure.clone())),
                Ok(input) => guarded(|| {
                    self.repair(input, |text, block| {
                        if block.offset == 0 && block.utf8_bom {
                            out.bytes(BYTE_ORDER_MARK)?;
                        }
                        Ok(out.text(text)?)
                    })
                })
                .unwrap_or_else(|panic| Err(Broken::Input(input.failure(panic)))),
            };
            let is_no_text = matches!(result, Err(Broken::NoText(_)));
            match (result, &input) {
                (Err(Broken::Run(stop)), _) => return Err(stop),
                (Err(Broken::Input(failure) | Broken::NoText(failure)), input) => {
                    failed |= input.as_ref().map_or(true, |input| input.named || !is_no_text);
                    self.remark(&mut out, &failure)?;
                }
                (Ok((ending, _)), Ok(input)) => {
                    failed |= ending.unread().is_some();
                    for diagnostic in ending.remarks() {
                        self.remark(&mut out, &input.failure(diagnostic.message))?;
                    }
                }
                (Ok(_), Err(_)) => {}
            }
        }
        out.flush()?;
        Ok(Exit::of(false, failed))
    }

    fn remark(&self, out: &mut Out, failure: &Failure) -> Result<(), Stop> {
        out.flush()?;
        if !self.args.input.quiet {
            say(&format!("{}: {}", failure.path.display(), failure.message));
        }
        Ok(())
    }

    fn as_json(&self, input: &Input, outcome: &mut Outcome) -> Result<(), Broken> {
        let mut text = String::new();
        let (ending, changed) = self.repair(input, |repaired, _| {
            text.push_str(repaired);
            Ok(())
        })?;
        let line = Line { text: Some(&text), ..line(input, &ending, &changed) };
        outcome.page.json(&line);
        remark_all(input, outcome, &ending);
        Ok(())
    }

    /// For the ways that give a page and not the text.
    fn one(&self, input: &Input, outcome: &mut Outcome) -> Result<(), Broken> {
        let result = if self.args.diff {
            self.diff(input, outcome)
        } else if self.args.dry_run {
            self.dry_run(input, outcome)
        } else if self.args.in_place.is_some() {
            self.in_place(input, outcome)
        } else {
            self.to_tree(input, outcome)
        };
        match result {
            // A folder holds pictures too; only where one was named is it a mistake.
            Err(Broken::NoText(failure)) if !input.named => {
                if self.args.input.json {
                    outcome.page.json(&FailureLine::new(&failure));
                }
                Ok(())
            }
            result => result,
        }
    }

    fn diff(&self, input: &Input, outcome: &mut Outcome) -> Result<(), Broken> {
        let mut text = String::new();
        let (ending, changed) = self.repair(input, |_, block| {
            text.push_str(block.text);
            Ok(())
        })?;
        if self.args.input.json {
            outcome.page.json(&line(input, &ending, &changed));
        } else {
            diff::unified(&mut outcome.page, &input.path.to_string_lossy(), &text, &changed.changes);
        }
        remark_all(input, outcome, &ending);
        Ok(())
    }

    fn dry_run(&self, input: &Input, outcome: &mut Outcome) -> Result<(), Broken> {
        let (ending, changed) = self.repair(input, |_, _| Ok(()))?;
        if self.args.input.json {
            outcome.page.json(&line(input, &ending, &changed));
        } else if is_changed(&ending, &changed) {
            let message = format!("{}: {}", input.path.display(), summary(&ending, &changed));
            outcome.page.text(&message).end_line();
        }
        remark_all(input, outcome, &ending);
        Ok(())
    }

    fn to_tree(&self, input: &Input, outcome: &mut Outcome) -> Result<(), Broken> {
        let Some(tree) = &self.tree else { return Ok(()) };
        let mut place = tree.place(&input.relative, &[]);
        let failed = |e: io::Error| write_failed(input, &format!("cannot write {}", place.display()), e);
        let mut file = tree.begin(&place).map_err(failed)?;
        let (ending, changed) = self.repair(input, |text, block| {
            let mark = if block.offset == 0 && block.utf8_bom { BYTE_ORDER_MARK } else { b"" };
            file.write_all(mark).and_then(|()| file.write_all(text.as_bytes())).map_err(failed)
        })?;
        if ending.format.is_some() {
            place = tree.place(&text_name(&input.relative), &[]);
        }
        let failed = |e: io::Error| write_failed(input, &format!("cannot write {}", place.display()), e);
        replace::persist_new(file, &place).map_err(failed)?;
        remark_all(input, outcome, &ending);
        if self.args.input.json {
            let written = Some(JsonPath(&place));
            outcome.page.json(&Line { written, ..line(input, &ending, &changed) });
        }
        Ok(())
    }

    fn in_place(&self, input: &Input, outcome: &mut Outcome) -> Result<(), Broken> {
        if input.is_stdin() {
            return Err(Broken::Input(input.failure("standard input cannot be replaced")));
        }
        let failed = |e: io::Error| write_failed(input, "cannot be replaced", e);
        let suffix = self.args.in_place.as_deref().filter(|suffix| !suffix.is_empty());
        let mut new = Replacement::begin(&input.path).map_err(failed)?;
        let mut digest = Digest::default();
        let (ending, changed) = self.repair(input, |text, block| {
            let mark = if block.offset == 0 && block.utf8_bom { BYTE_ORDER_MARK } else { b"" };
            for bytes in [mark, text.as_bytes()] {
                digest.add(bytes);
                new.write(bytes).map_err(failed)?;
            }
            Ok(())
        })?;
        if let Some(format) = ending.format {
            let message = format!(
                "a document ({format}), which its text cannot replace; --output-dir writes the text beside it"
            );
            if !input.named {
                outcome.notes.push(format!("{}: {message}", input.path.display()));
            }
            return Err(Broken::NoText(input.failure(message)));
        }
        if is_changed(&ending, &changed) {
            if let (Some(malformed), None, None) = (ending.malformed, suffix, &self.journal) {
                let message = format!(
                    "{}; replacing it would lose them, so it needs --journal or a suffix",
                    malformed.diagnostic().message
                );
                return Err(Broken::Input(input.failure(message)));
            }
            if let Some(journal) = &self.journal {
                let original = original(input, &ending, &changed)?;
                let path = new.target().to_path_buf();
                journal.add(&Entry::new(&path, ending.digest, digest, original))?;
            }
            new.commit(suffix).map_err(failed)?;
            if !self.args.input.json {
                outcome.notes.push(format!("{}: {}", input.path.display(), summary(&ending, &changed)));
            }
        }
        if self.args.input.json {
            let written = is_changed(&ending, &changed).then_some(JsonPath(&input.path));
            outcome.page.json(&Line { written, ..line(input, &ending, &changed) });
        }
        Ok(())
    }
}

/// How the original can be had back: by its spans if the rest is the same byte for byte, otherwise all of it.
fn original(input: &Input, ending: &Ending, changed: &Changed) -> Result<Original, Broken> {
    if !is_utf8(ending.encoding.as_ref()) || ending.malformed.is_some() {
        use base64::Engine;
        let bytes = input.read_all(u64::MAX).map_err(Broken::Input)?;
        if Digest::of(&bytes) != ending.digest {
            return Err(Broken::Input(input.failure("was changed by another program meanwhile; left alone")));
        }
        return Ok(Original::Bytes(base64::engine::general_purpose::STANDARD.encode(bytes)));
    }
    let mut spans = Vec::with_capacity(changed.changes.len());
    let mut moved = if changed.utf8_bom { BYTE_ORDER_MARK.len() as isize } else { 0 };
    for change in &changed.changes {
        let start = change.span.start.saturating_add_signed(moved);
        spans.push(OriginalSpan { start, length: change.after.len(), before: change.before.clone() });
        moved += change.after.len() as isize - change.before.len() as isize;
    }
    Ok(Original::Spans(spans))
}

/// Whether the result differs from the input, byte for byte.
fn is_changed(ending: &Ending, changed: &Changed) -> bool {
    changed.count > 0 || ending.malformed.is_some() || !is_utf8(ending.encoding.as_ref())
}

fn summary(ending: &Ending, changed: &Changed) -> String {
    let spans = changed.count;
    let s = if spans == 1 { "" } else { "s" };
    let from = ending.encoding.as_ref().map_or("?", |c| c.encoding);
    let converted = match ending.format {
        Some(format) => format!(" in the text of a document ({format})"),
        None if is_utf8(ending.encoding.as_ref()) => String::new(),
        None => format!(", {from} to utf-8"),
    };
    format!("{spans} span{s} repaired{converted}")
}

fn line<'l>(input: &'l Input, ending: &Ending, changed: &Changed) -> Line<'l> {
    Line {
        v: fixenc::report::SCHEMA_VERSION,
        path: JsonPath(&input.path),
        encoding: ending.encoding.as_ref().map(|c| c.encoding),
        format: ending.format,
        changed: is_changed(ending, changed),
        written: None,
        text: None,
        repairs: changed.changes.iter().map(|c| RepairedSpan::new(c, 0)).collect(),
        undecided: changed.undecided.clone(),
        diagnostics: ending.remarks().collect(),
    }
}

/// Says what could not be read as it should; a document that was not read to its end has failed, though its text is there.
fn remark_all(input: &Input, outcome: &mut Outcome, ending: &Ending) {
    outcome.failed |= ending.unread().is_some();
    for diagnostic in ending.remarks() {
        outcome.notes.push(format!("{}: {}", input.path.display(), diagnostic.message));
    }
}

fn write_failed(input: &Input, doing: &str, error: io::Error) -> Broken {
    if is_environment(&error) {
        return Broken::Run(Stop::environment(
            format!("writing the repair of {}", input.path.display()),
            error,
        ));
    }
    Broken::Input(input.failure(format!("{doing}: {error}")))
}
