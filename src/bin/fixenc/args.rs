//! The command line as it is typed. Help, man page and completions come from here.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use fixenc::Repairer;
use fixenc::encoding::Encoding;
use fixenc::recover::RecoverOptions;

const STATUS: &str = "\
Exit status:
  0  done, also when nothing needed repair
  1  `check` found damage, `uscc` found an invalid code
  2  wrong call
  3  some inputs failed or could not be read to their end; each has a record
  4  the environment failed (disk full, output not writable)";

/// Gets damaged text back: detects encodings, undoes mojibake with proof, reads fields and credit codes.
#[derive(Debug, Parser)]
#[command(name = "fixenc", version, after_help = STATUS, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Detect(DetectArgs),
    Check(CheckArgs),
    Fix(FixArgs),
    Undo(UndoArgs),
    Extract(ExtractArgs),
    Scan(ScanArgs),
    Explain(ExplainArgs),
    Uscc(UsccArgs),
    Stream(StreamArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// What to read, and how to say what was found.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Files and folders; `-` is standard input, which is also read if nothing is named and it is no terminal
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read more paths from FILE, each ended by NUL, as `find -print0` writes them (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) files0_from: Option<PathBuf>,
    /// In folders, take only what matches; `!GLOB` leaves out. May be given again
    #[arg(short, long, value_name = "GLOB")]
    pub(crate) glob: Vec<String>,
    /// Work on N files at once [default: all cores]
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// No remarks and no progress on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// One JSON object per line
    #[arg(long)]
    pub(crate) json: bool,
}

/// How to repair.
#[derive(Debug, Clone, Args)]
pub(crate) struct RepairArgs {
    /// Decode the bytes with this encoding (a WHATWG label) and don't guess
    #[arg(short, long, value_name = "LABEL", value_parser = encoding)]
    pub(crate) encoding: Option<Encoding>,
    /// The language of the true text, if you know it (BCP 47: zh, ja, ru, …)
    #[arg(short, long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    /// An encoding that the text was written in or wrongly read as, if you suspect one; may be given several times
    #[arg(long = "suspect", value_name = "LABEL", value_parser = suspect)]
    pub(crate) suspects: Vec<Encoding>,
    /// You know that the text is damaged: where no repair is sure, take the best there is
    #[arg(long)]
    pub(crate) assume_garbled: bool,
    /// Repair only where no byte was lost and none is guessed
    #[arg(long)]
    pub(crate) lossless_only: bool,
    /// Leave alone what is less sure than P, from 0 to 1
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) min_confidence: Option<f64>,
    /// Touch only lines that hold TEXT as they stand; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub(crate) only_lines_with: Vec<String>,
    /// Never touch lines that hold TEXT as they stand; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub(crate) skip_lines_with: Vec<String>,
}

impl RepairArgs {
    /// The repairer that these options describe.
    pub(crate) fn repairer(&self) -> Repairer {
        let repairer = Repairer::new()
            .lossless_only(self.lossless_only)
            .assume_garbled(self.assume_garbled)
            .language(self.language.as_deref())
            .encodings(&self.suspects)
            .only_lines_with(&self.only_lines_with)
            .skip_lines_with(&self.skip_lines_with);
        match self.min_confidence {
            Some(probability) => repairer.min_confidence(probability),
            None => repairer,
        }
    }

    /// The same for whole inputs.
    pub(crate) fn recover_options(&self) -> RecoverOptions {
        RecoverOptions::new().repairer(self.repairer()).encoding(self.encoding)
    }
}

/// Name the encoding of each file, of a document (.doc, .xlsx, mail, …) its format and the encoding of its text.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fixenc detect letter.txt              letter.txt: gb18030 (98 %, zh, statistical)
  fixenc detect --json -g '*.csv' data  one JSON object per file")]
pub(crate) struct DetectArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Say what is damaged, and change nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fixenc check report.txt               each damaged place, and what it probably was
  fixenc check -q docs || echo damaged  for scripts: exit status 1 means damage")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) repair: RepairArgs,
}

/// Decode and repair text; the result is UTF-8.
///
/// Only encoding damage is repaired. Quotes, widths, ligatures and line ends stay as they are. Of a document (.doc, .xlsx,
/// mail, …) its text is written.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fixenc fix old.txt > new.txt             the repaired text on standard output
  curl -s example.org/x | fixenc fix -     as a filter
  fixenc fix --diff docs                   see first what would change
  fixenc fix --in-place --journal j docs   repair a tree so that `fixenc undo j` takes it back
  fixenc fix --output-dir fixed docs       leave the originals alone")]
pub(crate) struct FixArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) repair: RepairArgs,
    /// Write the repaired files to DIR, laid out as the originals are; the text of a document as NAME.txt
    #[arg(short, long, value_name = "DIR", conflicts_with_all = ["in_place", "diff"])]
    pub(crate) output_dir: Option<PathBuf>,
    /// Replace the files, each in one step; with SUFFIX, keep the original as NAME+SUFFIX
    #[arg(short, long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with = "diff")]
    pub(crate) in_place: Option<String>,
    /// Write down in FILE what `fixenc undo FILE` needs to restore the originals byte for byte
    #[arg(long, value_name = "FILE", requires = "in_place")]
    pub(crate) journal: Option<PathBuf>,
    /// Show what would change, as a unified diff
    #[arg(long)]
    pub(crate) diff: bool,
    /// Say what would be written, and write nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

/// Restore what `fix --in-place --journal` replaced.
///
/// A file that was changed since is left alone and reported.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fixenc undo j")]
pub(crate) struct UndoArgs {
    /// The journal that `fix` wrote
    #[arg(value_name = "FILE")]
    pub(crate) journal: PathBuf,
    /// Say what would be restored, and write nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// No remarks on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// One JSON object per line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object per document
    Json,
    /// One row per document, one column per field
    Csv,
}

/// Read the header fields and codes of each document.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fixenc extract report.txt                      for a person, on a terminal
  fixenc extract --format csv reports > all.csv  one row per document, also from archives")]
pub(crate) struct ExtractArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) repair: RepairArgs,
    /// How to write the records
    #[arg(short, long, value_name = "FORMAT", default_value = "json")]
    pub(crate) format: Format,
}

/// Go through folders and archives; one JSON report per document.
///
/// zip, tar and gzip are read from inside, also nested, and nothing is unpacked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fixenc scan archive.zip | jq -r .encoding | sort | uniq -c
  fixenc scan --write-fixed fixed --records fields.ndjson /data > reports.ndjson")]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) repair: RepairArgs,
    /// Write each repaired text below DIR, laid out as the originals are; the text of a document as NAME.txt
    #[arg(long, value_name = "DIR")]
    pub(crate) write_fixed: Option<PathBuf>,
    /// Write the fields and codes of each document to FILE, one JSON object per line
    #[arg(long, value_name = "FILE")]
    pub(crate) records: Option<PathBuf>,
}

/// Show how a damaged text came about, what it was, and how sure that is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fixenc explain 'CafÃ©'
  fixenc explain < letter.txt")]
pub(crate) struct ExplainArgs {
    /// The text; without it, standard input
    #[arg(value_name = "TEXT", conflicts_with = "file")]
    pub(crate) text: Option<String>,
    /// Read the text from FILE
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) repair: RepairArgs,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check unified social credit codes, layer by layer.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fixenc uscc 12430922MB1B928835")]
pub(crate) struct UsccArgs {
    /// The codes; without any, one per line of standard input
    #[arg(value_name = "CODE")]
    pub(crate) codes: Vec<String>,
    /// One JSON object per code
    #[arg(long)]
    pub(crate) json: bool,
}

/// Serve another program: one JSON object a line in, one out, in order.
#[derive(Debug, Args)]
#[command(after_help = "\
In:   {\"id\": any, \"text\": \"…\"}  or  {\"id\": any, \"bytes\": \"<base64>\"}
      optional: \"want\": [\"repair\", \"detect\", \"record\"], \"language\": \"zh\", \"assume_garbled\": true,
      \"only_lines_with\": [\"…\"], \"skip_lines_with\": [\"…\"]
Out:  {\"id\": …, \"text\": \"…\", \"encoding\": \"gb18030\" or null, \"repairs\": […], \"record\": {…}}
      unknown keys come back untouched; a bad line gets {\"error\": \"…\"}

Example:
  echo '{\"id\": 1, \"text\": \"CafÃ©\"}' | fixenc stream")]
pub(crate) struct StreamArgs {
    /// Refuse lines of more than N bytes
    #[arg(long, value_name = "N", default_value_t = 64 << 20)]
    pub(crate) max_line: usize,
    /// Work on N lines at once while more are waiting [default: all cores]
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

/// Print the completions for a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  fixenc completions bash > ~/.local/share/bash-completion/completions/fixenc"
)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Print the man page, of the whole or of one verb.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fixenc man fix | man -l -")]
pub(crate) struct ManArgs {
    /// The verb
    #[arg(value_name = "VERB")]
    pub(crate) verb: Option<String>,
}

/// Encodings that repair knows: those of WHATWG, and the code pages of DOS and the Macintosh.
fn suspect(label: &str) -> Result<Encoding, String> {
    Encoding::from_label(label).ok_or_else(|| {
        let known: Vec<&str> = Encoding::all().map(Encoding::label).collect();
        format!("no such encoding; known are {}", known.join(", "))
    })
}

fn encoding(label: &str) -> Result<Encoding, String> {
    Encoding::for_name(label).ok_or_else(|| "no label of an encoding that is known".to_owned())
}

fn probability(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(probability) if (0.0..=1.0).contains(&probability) => Ok(probability),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definition_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
