//! How often words come in a language, for the set of known words: lists that were counted over far more text than the
//! models are trained on.
//!
//! The lists are case-folded, which writes `ß` as `ss` and a final `ς` as `σ`; Serbian is there in Latin letters, Romanian
//! without the cedillas that its legacy encodings have. [`Lists::of`] gives the words as texts have them.

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

/// German words, for those with `ß`.
pub const GERMAN: Package = Package {
    name: "npm all-the-german-words",
    version: "1.1.0",
    archive: "all-the-german-words-1.1.0.tgz",
    sha256: "4b075f61f5a069b07e1ae0b4b0cdd16915d7827e3ef54c395bb99d1e97c3ce14",
    licence: "MIT (program), CC BY-SA 3.0 (words of Wiktionary)",
    fetch: &["npm", "pack", "--silent", "all-the-german-words@1.1.0"],
};

/// What the tables say of the lists that they were made of.
pub fn about() -> String {
    let of = |Package { name, version, licence, sha256, .. }: Package| {
        format!("{name} {version}, licence {licence}, sha256 {sha256}")
    };
    format!("{}; {}", of(LISTS), of(GERMAN))
}

/// The share of a German word that the lists do not have.
const UNLISTED: f64 = 1.2e-7;

/// The lists of the package that stand for a language: its long one if it has one. Serbian, Croatian and Bosnian are one
/// list, in Latin letters; what is Chinese is in simplified characters.
fn list(tag: &str) -> &str {
    match tag {
        "no" => "nb",
        "hr" | "sr-Latn" | "sr" => "sh",
        "zh-Hans" => "zh",
        _ => tag,
    }
}

/// The lists of the package, and the German words that have a `ß`.
pub struct Lists {
    archive: zip::ZipArchive<Cursor<Vec<u8>>>,
    eszett: Vec<String>,
}

impl Lists {
    pub fn open(store: &Path) -> Done<Self> {
        let archive = zip::ZipArchive::new(Cursor::new(LISTS.pinned(store)?))?;
        let words: Vec<String> = serde_json::from_str(&GERMAN.text(store, "package/woerter.json")?)?;
        let eszett = words.into_iter().map(|word| word.to_lowercase()).filter(|word| word.contains('ß'));
        Ok(Self { archive, eszett: eszett.collect() })
    }

    /// For each word of a language the share of the running words that it is; empty if there is no list.
    pub fn of(&mut self, tag: &str) -> Done<HashMap<String, f64>> {
        let mut shares = self.folded(tag)?;
        match tag {
            "de" => {
                let share = |word: &String| shares.get(&word.replace('ß', "ss")).copied().unwrap_or(UNLISTED);
                let with: Vec<_> = self.eszett.iter().map(|word| (word.clone(), share(word))).collect();
                shares.extend(with);
            }
            "el" => {
                shares = shares.into_iter().map(|(word, share)| (with_final_sigma(word), share)).collect()
            }
            "ro" => {
                let with = |word: &String| word.replace('ș', "ş").replace('ț', "ţ");
                let with: Vec<_> = shares.iter().map(|(word, &share)| (with(word), share)).collect();
                shares.extend(with);
            }
            "sr" => {
                let cyrillic = shares.into_iter().filter_map(|(word, share)| Some((cyrillic(&word)?, share)));
                shares = cyrillic.collect();
            }
            _ => {}
        }
        Ok(shares)
    }

    /// The words of a list as they stand there.
    fn folded(&mut self, tag: &str) -> Done<HashMap<String, f64>> {
        let names = ["large", "small"].map(|size| format!("wordfreq/data/{size}_{}.msgpack.gz", list(tag)));
        let Some(name) = names.iter().find(|name| self.archive.index_for_name(name).is_some()) else {
            return Ok(HashMap::new());
        };
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(self.archive.by_name(name)?).read_to_end(&mut bytes)?;
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

fn with_final_sigma(word: String) -> String {
    match word.strip_suffix('σ') {
        Some(rest) if !rest.is_empty() => format!("{rest}ς"),
        _ => word,
    }
}

/// A Serbian word in Cyrillic letters, if it has only letters of the Serbian alphabet.
fn cyrillic(word: &str) -> Option<String> {
    const PAIRS: [(&str, char); 3] = [("lj", 'љ'), ("nj", 'њ'), ("dž", 'џ')];
    const LATIN: &str = "abvgdđežzijklmnoprstćufhcčš";
    const CYRILLIC: &str = "абвгдђежзијклмнопрстћуфхцчш";
    let mut made = String::new();
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        if let Some((pair, letter)) = PAIRS.into_iter().find(|(pair, _)| rest.starts_with(pair)) {
            made.push(letter);
            rest = &rest[pair.len()..];
        } else {
            made.push(CYRILLIC.chars().nth(LATIN.chars().position(|other| other == c)?)?);
            rest = &rest[c.len_utf8()..];
        }
    }
    Some(made)
}

/// A list begins with what says of itself; then come words, the most frequent first.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Part {
    Words(Vec<String>),
    Head {},
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serbian_words_are_spelled_in_cyrillic() {
        assert_eq!(cyrillic("ljubičnjak").as_deref(), Some("љубичњак"));
        assert_eq!(cyrillic("džep").as_deref(), Some("џеп"));
        assert_eq!(cyrillic("weekend"), None);
    }

    #[test]
    fn a_greek_word_ends_in_final_sigma() {
        assert_eq!(with_final_sigma("σεισμόσ".to_owned()), "σεισμός");
        assert_eq!(with_final_sigma("σ".to_owned()), "σ");
    }
}
