//! `cargo xtask corpus`: makes every damaged variant of `corpus/documents` from a table of recipes.
//!
//! The same documents, recipes and seed give the same bytes, so `--check` can compare.

mod channel;
pub(crate) mod loss;
mod recipe;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::project::{files_below, root, write_or_check};
use recipe::{RECIPES, Recipe, Scope};

/// Where the manifest of the variants is.
const MANIFEST: &str = "corpus/manifest.json";

/// A clean text, as listed in `corpus/documents.json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    /// Name of the file below `corpus/documents`, without its ending.
    pub(crate) id: String,
    /// Which recipes apply.
    pub(crate) kind: Kind,
}

/// What sort of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// An annual report of a public institution; has a truth file with its fields.
    Report,
    /// Any other Chinese text.
    Chinese,
    /// A text in a western European language.
    Western,
    /// A Japanese text.
    Japanese,
}

/// What the truth file of a report says.
#[derive(Debug, Deserialize)]
pub(crate) struct Truth {
    /// Where the cover's runs begin, in characters.
    pub(crate) trailer_start: Option<usize>,
    /// The fields by name.
    pub(crate) fields: BTreeMap<String, serde_json::Value>,
}

/// A damaged variant, as listed in `corpus/manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Variant {
    /// Document and recipe.
    pub(crate) name: String,
    /// The document it was made from.
    pub(crate) document: String,
    /// The damaged text, below `corpus/`.
    pub(crate) file: String,
    /// Which part was damaged.
    pub(crate) scope: String,
    /// The encoding that was written.
    pub(crate) written: String,
    /// Who read it.
    pub(crate) reader: String,
    /// How often the result was written as UTF-8 and read as windows-1252 once more.
    pub(crate) layers: usize,
    /// What was lost, in order.
    pub(crate) losses: Vec<String>,
    /// Whether undoing the channel step by step gives the written bytes back.
    pub(crate) lossless: bool,
    /// What a repair has to do.
    pub(crate) expect: Expect,
}

/// What is expected of a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Expect {
    /// Nothing was lost: the document must come back.
    Exact,
    /// Something was lost; a model of the language can mostly tell what.
    Model,
    /// The bytes are gone: the text must stay as it is.
    Undecidable,
}

/// `cargo xtask corpus [--check]`
pub(crate) fn run(arguments: &[String]) -> Result {
    let check = arguments.iter().any(|argument| argument == "--check");
    let (files, count) = generate()?;
    let wanted_below = "corpus/variants/";
    for path in files_below(wanted_below)? {
        if !files.contains_key(&path) {
            if check {
                return Err(format!("{path} is made by no recipe; run `cargo xtask corpus`").into());
            }
            fs::remove_file(root().join(&path))?;
        }
    }
    write_or_check(&files, check, "cargo xtask corpus")?;
    println!("corpus: {count} variants {}", if check { "as committed" } else { "written" });
    Ok(())
}

/// The clean documents.
pub(crate) fn documents() -> Result<Vec<Document>> {
    Ok(serde_json::from_str(&fs::read_to_string(root().join("corpus/documents.json"))?)?)
}

/// The committed list of variants.
pub(crate) fn variants() -> Result<Vec<Variant>> {
    Ok(serde_json::from_str(&fs::read_to_string(root().join(MANIFEST))?)?)
}

/// The clean text of a document.
pub(crate) fn clean_text(id: &str) -> Result<String> {
    Ok(fs::read_to_string(root().join(format!("corpus/documents/{id}.txt")))?)
}

/// The truth of a report; `None` for other documents.
pub(crate) fn truth(id: &str) -> Result<Option<Truth>> {
    let path = root().join(format!("corpus/documents/{id}.json"));
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&fs::read_to_string(path)?)?))
}

fn generate() -> Result<(BTreeMap<String, Vec<u8>>, usize)> {
    let mut files = BTreeMap::new();
    let mut lines = Vec::new();
    for document in documents()? {
        let text = clean_text(&document.id)?;
        let trailer = truth(&document.id)?.and_then(|truth| truth.trailer_start);
        let mut made = BTreeSet::new();
        for recipe in RECIPES.iter().filter(|recipe| recipe.kinds.contains(&document.kind)) {
            let Some((damaged, lossless)) = damage(&text, trailer, recipe, &document.id) else { continue };
            // A loss that hit nothing, or two readers that agree on these bytes: the same case once more.
            if !made.insert(damaged.clone()) {
                continue;
            }
            let variant = describe(&document.id, recipe, lossless);
            lines.push(serde_json::to_string(&variant)?);
            files.insert(format!("corpus/{}", variant.file), damaged.into_bytes());
        }
    }
    let manifest = format!("[\n{}\n]\n", lines.join(",\n"));
    files.insert(MANIFEST.to_owned(), manifest.into_bytes());
    Ok((files, lines.len()))
}

/// The damaged text, and whether nothing was lost. `None` where the recipe does not apply or changes nothing.
fn damage(text: &str, trailer: Option<usize>, recipe: &Recipe, id: &str) -> Option<(String, bool)> {
    let parts = split(text, trailer, recipe.scope)?;
    let mut random = loss::Random::new(&format!("{id}/{}", recipe.name));
    let mut damaged = String::new();
    let mut lossless = true;
    for (part, hit) in parts {
        if hit {
            let (garbled, kept) = recipe.garble(part, &mut random)?;
            lossless &= kept;
            damaged.push_str(&garbled);
        } else {
            damaged.push_str(part);
        }
    }
    (damaged != text).then_some((damaged, lossless))
}

/// Cuts `text` into parts that are to be damaged (`true`) or left clean.
fn split(text: &str, trailer: Option<usize>, scope: Scope) -> Option<Vec<(&str, bool)>> {
    match scope {
        Scope::Whole => Some(vec![(text, true)]),
        Scope::Trailer => {
            let at = text.char_indices().nth(trailer?)?.0;
            Some(vec![(&text[..at], false), (&text[at..], true)])
        }
        Scope::AlternateLines => {
            let mut hit = true;
            let lines = text.split_inclusive('\n').map(|line| {
                hit ^= !line.trim().is_empty();
                (line, hit)
            });
            Some(lines.collect())
        }
    }
}

fn describe(id: &str, recipe: &Recipe, lossless: bool) -> Variant {
    Variant {
        name: format!("{id}/{}", recipe.name),
        document: id.to_owned(),
        file: format!("variants/{id}/{}.txt", recipe.name),
        scope: recipe.scope.name().to_owned(),
        written: recipe.written.name().to_owned(),
        reader: recipe.reader.name().to_owned(),
        layers: recipe.layers,
        losses: recipe.losses.iter().map(|loss| loss.name().to_owned()).collect(),
        lossless,
        expect: if lossless { Expect::Exact } else { recipe.lossy },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn committed_variants_are_what_the_recipes_make() {
        if let Err(error) = super::run(&["--check".to_owned()]) {
            panic!("{error}");
        }
    }
}
