//! Developer commands: `cargo xtask <command>`.

// Commands talk to a person on a terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]
// A program has no API to document.
#![allow(missing_docs, unreachable_pub)]

mod ci;
mod clean;
mod corpus;
mod costs;
mod detect;
mod documents;
mod eval;
mod frequencies;
mod fuse;
mod fuzz_seeds;
mod instructions;
mod lexicon;
mod matrix;
mod mutate;
mod packages;
mod parallel;
mod plausible;
mod project;
mod replaced;
mod tables;
mod tidy;
mod train;
mod words;

use std::process::ExitCode;

/// What a command returns; the message goes to standard error.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Name, what it does, and the function that does it.
type Command = (&'static str, &'static str, fn(&[String]) -> Result);

const COMMANDS: &[Command] = &[
    ("ci", "every check, as CI runs it", ci::run),
    ("corpus", "write the damaged variants and their manifest; --check compares", corpus::run),
    ("eval", "run the library over the corpus; --check compares and tests the thresholds", eval::run),
    ("eval-clean", "repair clean text and list every change (--from FOLDER)", clean::run),
    (
        "eval-detect",
        "detect labelled files and transcoded text (--data FOLDER, --from FOLDER, --wrong FILE)",
        detect::run,
    ),
    (
        "eval-documents",
        "recall of the text of documents of other formats (--from FOLDER, --only KIND)",
        documents::run,
    ),
    (
        "eval-matrix",
        "repair generated garbled text: every pair, length, loss (--from FOLDER, --quick, --told, --wrong FILE)",
        matrix::run,
    ),
    ("eval-replaced", "repair words with letters replaced by U+FFFD (--from FOLDER)", replaced::run),
    (
        "mutate-documents",
        "read damaged documents: panics, time, memory (--from FOLDER, --count COPIES, --only ENDING)",
        mutate::run,
    ),
    ("tidy", "module levels, sizes, forbidden calls, complete manifests", tidy::run),
    ("tables", "make the table of divisions; --check compares", tables::run),
    ("train", "train the language models; --check compares", train::run),
    ("fuzz-seeds", "fill fuzz/corpus from corpus/", fuzz_seeds::run),
    (
        "bench-instructions",
        "count instructions under callgrind; --check compares, --linear only looks at growth",
        instructions::run,
    ),
    (
        "bench-costs",
        "time of the worst texts beside the median of damaged documents (--from FOLDER)",
        costs::run,
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else { return usage() };
    let Some((_, _, command)) = COMMANDS.iter().find(|(known, ..)| known == name) else { return usage() };
    match command(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: cargo xtask <command>");
    for (name, about, _) in COMMANDS {
        eprintln!("  {name:20} {about}");
    }
    ExitCode::from(2)
}
