//! The table of `fixenc::language::words`, made from the text that the models are trained on and from lists of words.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use fixenc::language::table::{SLOT, fingerprint};
use fixenc::language::unit::{Case, fold};
use fixenc::language::words::{CLASSES, LONGEST, MAGIC, SHORTEST, Spelled, TAG, value};

use crate::frequencies::{self, Lists};
use crate::fuse;
use crate::packages::Done;
use crate::train::Corpus;

/// Where the table stands, seen from the workspace root.
pub(crate) const TABLE: &str = "src/language/words.bin";

/// Words that are kept: those that come often in their language, and those before others in which few letters are
/// beyond ASCII, for spelling says least of these.
const MOST: usize = 400_000;
/// Words of running text that the lists count for beside the training text.
const LISTED: f64 = 2e6;
/// A word is one of a language if it comes in it so often at least …
const LEAST_SHARE: f64 = 1e-7;
/// … a short one so often, for any two letters come somewhere, …
const LEAST_OF_SHORT: f64 = 5e-5;
/// … and this part of how often it comes in the language that has it most often: lists hold foreign words.
const OF_MOST: f64 = 1.0 / 64.0;

/// How much the words of a language count beside those of others: their texts are damaged most often, and have few
/// letters beyond ASCII.
fn weight(tag: &str) -> f64 {
    match tag {
        "fr" | "de" | "es" | "pt" | "it" | "nl" | "sv" | "da" | "no" | "ca" | "fi" => 8.0,
        "pl" | "cs" | "tr" | "hu" | "ro" => 2.0,
        _ => 1.0,
    }
}

/// A word of some languages.
#[derive(Default)]
struct Word {
    value: f64,
    /// Its share of the words of each language, by the language's place in the corpora.
    shares: Vec<(usize, f64)>,
}

impl Word {
    fn most(&self) -> f64 {
        self.shares.iter().map(|&(_, share)| share).fold(0.0, f64::max)
    }

    /// The languages that it is a word of, one bit each.
    fn languages(&self) -> u64 {
        let most = self.most();
        self.shares
            .iter()
            .filter(|&&(_, share)| share >= most * OF_MOST)
            .fold(0, |all, &(at, _)| all | 1 << at)
    }
}

/// The bytes of the table; `store` holds the package of the lists.
pub(crate) fn table(corpora: &[Corpus], store: &Path) -> Done<Vec<u8>> {
    let mut lists = Lists::open(store)?;
    let mut words: BTreeMap<String, Word> = BTreeMap::new();
    for (language, corpus) in corpora.iter().enumerate() {
        for (word, share) in shares(&corpus.text, lists.of(&corpus.tag)?) {
            let length = word.chars().count();
            if share < if length < SHORTEST { LEAST_OF_SHORT } else { LEAST_SHARE } {
                continue;
            }
            let plain = 1 + word.chars().filter(char::is_ascii).count();
            let word = words.entry(word).or_default();
            word.value = word.value.max(share * plain as f64 * weight(&corpus.tag));
            word.shares.push((language, share));
        }
    }
    let mut words: Vec<_> = words.into_iter().collect();
    words.sort_by(|a, b| b.1.value.total_cmp(&a.1.value).then_with(|| a.0.cmp(&b.0)));
    words.truncate(MOST);
    let tags: Vec<&str> = corpora.iter().map(|corpus| corpus.tag.as_str()).collect();
    file(&tags, &words)
}

/// The words of a language that are wanted, folded, each with its share of all words; sorted.
fn shares(text: &str, listed: HashMap<String, f64>) -> BTreeMap<String, f64> {
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    let running = || text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let listed_words = if listed.is_empty() { 0.0 } else { LISTED };
    let all = running().count() as f64 + listed_words;
    let seen = running().map(|word| (word, 1.0));
    // Sorted, so that sums do not depend on the order of a hash map.
    let listed: BTreeMap<&str, f64> = listed.iter().map(|(word, &share)| (word.as_str(), share)).collect();
    let listed = listed.into_iter().map(|(word, share)| (word.replace('\'', "’"), share * listed_words));
    let seen = seen.map(|(word, count)| (word.to_owned(), count));
    for (word, count) in seen.chain(listed).filter(|(word, _)| is_wanted(word)) {
        let folded = word.chars().filter_map(|c| char::from_u32(fold(c, Case::None).unit));
        *shares.entry(folded.collect()).or_default() += count / all;
    }
    shares
}

/// The sets of languages that words are of, as many as the table can name: each language by itself, then those of most
/// words.
fn classes(languages: usize, words: &[(String, Word)]) -> Vec<u64> {
    let alone = (0..languages).map(|language| 1 << language);
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    let languages = words.iter().map(|(_, word)| word.languages());
    for languages in languages.filter(|languages| languages.count_ones() > 1) {
        *counts.entry(languages).or_default() += 1;
    }
    let mut classes: Vec<_> = counts.into_iter().collect();
    classes.sort_by_key(|&(languages, count)| (std::cmp::Reverse(count), languages));
    alone.chain(classes.into_iter().map(|(languages, _)| languages)).take(CLASSES).collect()
}

fn file(tags: &[&str], words: &[(String, Word)]) -> Done<Vec<u8>> {
    let classes = classes(tags.len(), words);
    let mut seen = HashSet::new();
    let mut keys = Vec::new();
    for (word, about) in words {
        let languages = about.languages();
        // Of a set that has no number the most that one with a number says.
        let class = (0..classes.len())
            .filter(|&class| classes[class] & !languages == 0)
            .max_by_key(|&class| (classes[class].count_ones(), std::cmp::Reverse(class)))
            .ok_or_else(|| format!("{word} is of no language"))?;
        let key = word.chars().fold(Spelled::EMPTY, Spelled::and).key();
        if seen.insert(key) {
            keys.push((key, value(class, about.most())));
        }
    }
    let (geometry, slots) = fuse::build(&keys, fingerprint);
    let mut file = MAGIC.to_vec();
    let about = format!(
        "\n@generated by cargo xtask train\nwords of the text that src/language/model.bin was made from; its sources \
         and licences stand at the head of that file\nwords of lists: {}\nwords {}\n",
        frequencies::about(),
        keys.len()
    );
    file.extend(about.bytes());
    file.push(0);
    file.extend((tags.len() as u32).to_le_bytes());
    for tag in tags {
        let mut bytes = [0; TAG];
        bytes[..tag.len()].copy_from_slice(tag.as_bytes());
        file.extend(bytes);
    }
    file.extend((classes.len() as u32).to_le_bytes());
    classes.iter().for_each(|languages| file.extend(languages.to_le_bytes()));
    file.extend(geometry.seed.to_le_bytes());
    file.extend(geometry.segment_length.to_le_bytes());
    file.extend(geometry.segment_count.to_le_bytes());
    for slot in slots {
        file.extend(&slot.to_le_bytes()[..SLOT]);
    }
    Ok(file)
}

/// Words of the alphabets, Latin, Greek, Cyrillic, Hebrew, Arabic, with a letter beyond ASCII or an apostrophe.
fn is_wanted(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && matches!(c, ..'\u{700}' | '\u{1e00}'..='\u{1eff}');
    word.chars().count() <= LONGEST
        && !word.is_ascii()
        && word.split('’').count() <= 2
        && word.split('’').all(|part| !part.is_empty() && part.chars().all(is_letter))
}
