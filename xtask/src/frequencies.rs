//! How often words come in a language, for the set of known words: lists that were counted over far more text than the
//! models are trained on.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::packages::{Done, Package};

pub const LISTS: Package = Package {
    name: "PyPI wordfreq",
    version: "3.1.1",
    archive: "wordfreq-3.1.1-py3-none-any.whl",
    sha256: "4b1c6ecffc6198be3396d5cf871c4423ca71c907c231348d352dd54d62b97473",
    licence: "Apache-2.0 (program), CC BY-SA 4.0 (lists)",
    fetch: &["pip", "download", "--quiet", "--no-deps", "wordfreq==3.1.1"],
};

/// The lists of the package that stand for a language: its long one if it has one. Serbian, Croatian and Bosnian are one
/// list, in Latin letters; what is Chinese is in simplified characters.
fn list(tag: &str) -> &str {
    match tag {
        "no" => "nb",
        "hr" | "sr-Latn" => "sh",
        "zh-Hans" => "zh",
        _ => tag,
    }
}

/// The lists of the package.
pub struct Lists(zip::ZipArchive<Cursor<Vec<u8>>>);

impl Lists {
    pub fn open(store: &Path) -> Done<Self> {
        Ok(Self(zip::ZipArchive::new(Cursor::new(LISTS.pinned(store)?))?))
    }

    /// For each word of a language the share of the running words that it is; empty if there is no list.
    pub fn of(&mut self, tag: &str) -> Done<HashMap<String, f64>> {
        let names = ["large", "small"].map(|size| format!("wordfreq/data/{size}_{}.msgpack.gz", list(tag)));
        let Some(name) = names.iter().find(|name| self.0.index_for_name(name).is_some()) else {
            return Ok(HashMap::new());
        };
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(self.0.by_name(name)?).read_to_end(&mut bytes)?;
        let parts: Vec<Part> = rmp_serde::from_slice(&bytes)?;
        let mut shares = HashMap::new();
        // The words of the place n are 10^(-n/100) of all words.
        for (centibels, part) in parts.into_iter().skip(1).enumerate() {
            if let Part::Words(words) = part {
                let share = 10_f64.powf(centibels as f64 / -100.0);
                shares.extend(words.into_iter().map(|word| (word, share)));
            }
        }
        Ok(shares)
    }
}

/// A list begins with what says of itself; then come words, the most frequent first.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Part {
    Words(Vec<String>),
    Head {},
}
