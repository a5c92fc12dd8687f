//! `cargo xtask tidy`: house rules that a compiler does not check. Textual, quick, and also run as a test.

mod levels;
mod source;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::corpus;
use crate::project::{files_below, fuzz_targets, root};
use source::Source;

/// Lines of a function, from its signature to its closing brace.
const FUNCTION_LINES: usize = 70;

/// Code lines of a file: no comments, no blank lines, no unit tests.
const FILE_LINES: usize = 500;

/// What the library must not do: same bytes, same options, same report. The binary may.
const FORBIDDEN_IN_LIBRARY: &[(&str, &str)] = &[
    ("println!", "the library prints nothing"),
    ("print!(", "the library prints nothing"),
    ("std::fs", "the library reads no files"),
    ("std::env", "the library reads no environment"),
    ("std::thread", "the library starts no threads"),
    ("process::exit", "the library ends no process"),
    ("SystemTime", "the library has no clock"),
    ("Instant::now", "the library has no clock"),
];

/// Files of the corpus that no list names.
const CORPUS_FILES: &[&str] = &[
    "corpus/README.md",
    "corpus/documents.json",
    "corpus/manifest.json",
    "corpus/matrix-documents.csv",
    "corpus/matrix-told.csv",
    "corpus/matrix.csv",
    "corpus/reliability-matrix.csv",
    "corpus/reliability.csv",
    "corpus/replaced.csv",
    "corpus/results.csv",
];

/// Folders of the corpus where the folder says what is expected.
const CORPUS_FOLDERS: &[&str] = &["corpus/negative/", "corpus/undecidable/"];

/// `cargo xtask tidy`
pub(crate) fn run(_arguments: &[String]) -> Result {
    let mut faults = Vec::new();
    let sources = rust_sources()?;
    for source in &sources {
        check_sizes(source, &mut faults);
        if source.path.starts_with("src/") && !source.path.starts_with("src/bin/") {
            levels::check(source, &mut faults);
            check_forbidden(source, &mut faults);
        }
    }
    check_corpus(&mut faults)?;
    check_fuzz_targets(&mut faults)?;
    check_changelog(&mut faults);
    check_machine_paths(&mut faults)?;
    if faults.is_empty() {
        println!("tidy: {} Rust files in order", sources.len());
        return Ok(());
    }
    Err(format!("{} faults\n  {}", faults.len(), faults.join("\n  ")).into())
}

fn rust_sources() -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in ["src", "xtask", "tests", "benches", "fuzz", "capi"] {
        for path in files_below(folder)? {
            if path.ends_with(".rs") {
                let text = fs::read_to_string(root().join(&path))?;
                sources.push(Source { path, text });
            }
        }
    }
    Ok(sources)
}

fn check_sizes(source: &Source, faults: &mut Vec<String>) {
    if source.is_generated() {
        return;
    }
    let lines = source.code_lines().count();
    if lines > FILE_LINES {
        faults.push(format!("{}: {lines} code lines, at most {FILE_LINES}", source.path));
    }
    for (line, length) in source.functions() {
        if length > FUNCTION_LINES {
            faults.push(format!(
                "{}:{line}: a function of {length} lines, at most {FUNCTION_LINES}",
                source.path
            ));
        }
    }
}

fn check_forbidden(source: &Source, faults: &mut Vec<String>) {
    for (number, line) in source.code_lines() {
        for (call, reason) in FORBIDDEN_IN_LIBRARY {
            if line.contains(call) {
                faults.push(format!("{}:{number}: {call}: {reason}", source.path));
            }
        }
    }
}

fn check_corpus(faults: &mut Vec<String>) -> Result {
    let mut listed: Vec<String> = CORPUS_FILES.iter().map(|&path| path.to_owned()).collect();
    for document in corpus::documents()? {
        listed.push(format!("corpus/documents/{}.txt", document.id));
        if document.kind == corpus::Kind::Report {
            listed.push(format!("corpus/documents/{}.json", document.id));
        }
    }
    listed.extend(corpus::variants()?.iter().map(|variant| format!("corpus/{}", variant.file)));
    for path in files_below("corpus")? {
        let by_folder =
            CORPUS_FOLDERS.iter().any(|folder| path.starts_with(folder)) && path.ends_with(".txt");
        if !by_folder && !listed.contains(&path) {
            faults.push(format!("{path}: in no list of the corpus"));
        }
    }
    for path in listed {
        if !root().join(&path).exists() {
            faults.push(format!("{path}: listed, but not there"));
        }
    }
    Ok(())
}

/// The fuzzer needs the folder of a target's regressions, which git keeps only with a file in it; and what is in it is
/// of use only if the tests replay it.
fn check_fuzz_targets(faults: &mut Vec<String>) -> Result {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml"))?;
    let tests = fs::read_to_string(root().join("tests/fuzz_regressions.rs"))?;
    for target in fuzz_targets()? {
        let mut need = |is_there: bool, what: &str| {
            if !is_there {
                faults.push(format!("fuzz target {target}: {what}"));
            }
        };
        need(manifest.contains(&format!("name = \"{target}\"\n")), "not in fuzz/Cargo.toml");
        need(tests.contains(&format!("replay(\"{target}\",")), "not in tests/fuzz_regressions.rs");
        let folder = format!("fuzz/regressions/{target}");
        need(!files_below(&folder)?.is_empty(), &format!("no file in {folder}"));
    }
    Ok(())
}

fn check_changelog(faults: &mut Vec<String>) {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).unwrap_or_default();
    if !text.lines().any(|line| line.starts_with("## Unreleased")) {
        faults.push("CHANGELOG.md: no section `## Unreleased`".to_owned());
    }
}

/// Paths of one machine mean nothing on another. Looks for this checkout's own path and for home folders.
fn check_machine_paths(faults: &mut Vec<String>) -> Result {
    let listing = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    // A source archive has no history to ask; its files were checked when it was made.
    let Ok(listing) = listing else { return Ok(()) };
    let mut needles = vec![concat!("/ho", "me/").to_owned(), concat!("/Us", "ers/").to_owned()];
    needles.extend(own_path());
    for path in String::from_utf8_lossy(&listing.stdout).split('\0').filter(|path| !path.is_empty()) {
        let Ok(bytes) = fs::read(root().join(path)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for needle in &needles {
            if text.contains(needle.as_str()) {
                faults.push(format!("{path}: holds the machine path {needle}"));
            }
        }
    }
    Ok(())
}

/// The path of this checkout, unless it is so short that it could stand anywhere.
fn own_path() -> Option<String> {
    let path = root();
    (path.components().count() > 2).then(|| Path::new(&path).display().to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        if let Err(error) = super::run(&[]) {
            panic!("{error}");
        }
    }
}
