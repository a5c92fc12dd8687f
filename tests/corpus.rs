//! The library against the corpus: one loop a kind of case. `corpus/README.md` tells what the kinds mean.

use std::fs;
use std::path::{Path, PathBuf};

use fixenc::mojibake::Verdict;
use serde_json::Value;

#[path = "../fuzz/properties.rs"]
mod properties;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn read(path: &str) -> String {
    fs::read_to_string(corpus().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn list(path: &str) -> Vec<Value> {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Names and contents of the text files of a folder, in order.
fn texts(folder: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(corpus().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter_map(|path| Some(format!("{folder}/{}", path.file_name()?.to_str()?)))
        .collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

struct Variant {
    name: String,
    expect: String,
    damaged: String,
    clean: String,
}

fn variants() -> Vec<Variant> {
    let string = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let load = |entry: Value| Variant {
        name: string(&entry, "name"),
        expect: string(&entry, "expect"),
        damaged: read(&string(&entry, "file")),
        clean: read(&format!("documents/{}.txt", string(&entry, "document"))),
    };
    list("manifest.json").into_iter().map(load).collect()
}

/// Lossless variants of which a short line stays as it is: one or two damaged characters alone among clean lines are
/// as likely clean text. One that comes back must be taken off the list.
const KNOWN_TO_STAY: &[&str] = &[
    "01-culture-station/gbk-latin1-lines",
    "03-forest-station/gbk-latin1-lines",
    "13-mixed-page/gb18030-1252-lines",
    "14-price-list/gbk-latin1-lines",
    "14-price-list/gbk-latin1-layered-lines",
];

/// Trailers in which a lost byte leaves good text: 迎江 becomes 咏, and no other line says which.
const KNOWN_SILENT_LOSSES: &[&str] = &["06-school/gbk-latin1-no-ad-trailer"];

/// Compares what fails with what is known to.
fn expect_known(what: &str, failing: &[String], known: &[&str]) {
    let new: Vec<&String> = failing.iter().filter(|name| !known.contains(&name.as_str())).collect();
    let mended: Vec<&&str> = known.iter().filter(|name| !failing.iter().any(|f| f == *name)).collect();
    assert!(new.is_empty() && mended.is_empty(), "{what}: {new:#?}; known to fail, but right: {mended:#?}");
}

/// Collects the names of all failing cases, so that one run shows the whole picture.
fn expect_none(what: &str, failing: &[String]) {
    assert!(failing.is_empty(), "{} {what}:\n  {}", failing.len(), failing.join("\n  "));
}

#[test]
fn lossless_variants_come_back_exactly() {
    let wrong = |variant: &Variant| fixenc::repair(&variant.damaged).text() != variant.clean;
    let exact = variants().into_iter().filter(|variant| variant.expect == "exact");
    let failing: Vec<String> = exact.filter(wrong).map(|variant| variant.name).collect();
    expect_known("lossless variants did not come back", &failing, KNOWN_TO_STAY);
}

#[test]
fn a_seed_like_trailer_comes_back_although_bytes_are_gone() {
    let trailer = |variant: &Variant| variant.name.ends_with("gbk-latin1-no-ad-trailer");
    let wrong = |variant: &Variant| fixenc::repair(&variant.damaged).text() != variant.clean;
    let failing: Vec<String> =
        variants().into_iter().filter(trailer).filter(wrong).map(|variant| variant.name).collect();
    expect_known("trailers did not come back", &failing, KNOWN_SILENT_LOSSES);
}

#[test]
fn undecidable_texts_stay_and_say_so() {
    let mut cases = texts("undecidable");
    let undecidable = variants().into_iter().filter(|variant| variant.expect == "undecidable");
    cases.extend(undecidable.map(|variant| (variant.name, variant.damaged)));
    let mut failing = Vec::new();
    for (name, text) in cases {
        let repair = fixenc::repair(&text);
        if repair.text() != text || repair.verdict() != Verdict::Undecidable {
            failing.push(format!("{name}: {:?}", repair.verdict()));
        }
    }
    expect_none("undecidable texts were changed or called something else", &failing);
}

#[test]
fn clean_texts_stay() {
    for (_, text) in texts("documents").into_iter().chain(texts("negative")) {
        properties::clean_stays(&text);
        text.lines().for_each(properties::clean_stays);
    }
}

#[test]
fn the_properties_hold_for_every_case() {
    for variant in variants() {
        properties::repair(&variant.damaged);
    }
    for (_, text) in texts("documents").into_iter().chain(texts("negative")).chain(texts("undecidable")) {
        properties::repair(&text);
        properties::detect(text.as_bytes());
        properties::record(&text);
        properties::recover(text.as_bytes());
    }
}

#[test]
fn one_layer_more_still_comes_back() {
    let exact = variants().into_iter().filter(|variant| variant.expect == "exact");
    let wrong = |variant: &Variant| {
        let layered = properties::add_layer(&variant.damaged);
        fixenc::repair(&layered).text() != variant.clean
    };
    let failing: Vec<String> = exact.filter(wrong).map(|variant| variant.name).collect();
    expect_known("variants did not come back from one layer more", &failing, KNOWN_TO_STAY);
}

#[test]
#[cfg(feature = "serde")]
fn reports_give_their_fields() {
    let mut failing = Vec::new();
    for (name, text) in texts("documents") {
        let truth = corpus().join(name.replace(".txt", ".json"));
        let Ok(truth) = fs::read_to_string(&truth) else { continue };
        let truth: Value = serde_json::from_str(&truth).unwrap_or_default();
        let record = serde_json::to_value(fixenc::record::extract(&text, &[])).unwrap_or_default();
        for (field, wanted) in truth["fields"].as_object().into_iter().flatten() {
            let found = &record["fields"][field]["value"];
            if found != wanted {
                failing.push(format!("{name} {field}: wanted {wanted}, found {found}"));
            }
        }
    }
    expect_none("fields are wrong", &failing);
}
