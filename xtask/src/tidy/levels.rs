//! Imports of the library go only downward.

use super::source::Source;

/// Each module with the modules that it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("error", GROUND),
    ("limits", GROUND),
    ("source", GROUND),
    ("little_endian", GROUND),
    ("combining", GROUND),
    ("encoding", GROUND),
    ("language", GROUND),
    ("record", GROUND),
    ("detect", &["encoding", "language", "error", "limits", "source", "little_endian", "combining"]),
    ("mojibake", &["encoding", "language", "error", "limits", "source", "little_endian", "combining"]),
    ("container", GROUND),
    (
        "document",
        &[
            "container",
            "encoding",
            "detect",
            "mojibake",
            "error",
            "limits",
            "source",
            "little_endian",
            "combining",
        ],
    ),
    (
        "report",
        &[
            "document",
            "container",
            "detect",
            "mojibake",
            "encoding",
            "language",
            "record",
            "error",
            "limits",
            "source",
        ],
    ),
    (
        "recover",
        &[
            "report",
            "document",
            "container",
            "detect",
            "mojibake",
            "encoding",
            "language",
            "record",
            "error",
            "limits",
            "source",
            "little_endian",
        ],
    ),
];

const GROUND: &[&str] = &["error", "limits", "source", "little_endian", "combining"];

/// Types that the crate's root re-exports, and the module that each is from.
const REEXPORTS: &[(&str, &str)] = &[
    ("Detection", "detect"),
    ("Error", "error"),
    ("Limits", "limits"),
    ("Repair", "mojibake"),
    ("Repairer", "mojibake"),
    ("repair", "mojibake"),
];

/// Finds imports that go up or sideways.
pub(super) fn check(source: &Source, faults: &mut Vec<String>) {
    let path = source.path.trim_start_matches("src/");
    let module = path.split(['/', '.']).next().unwrap_or_default();
    if module == "lib" {
        return;
    }
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
        faults.push(format!("{}: the module {module} has no level in xtask/src/tidy/levels.rs", source.path));
        return;
    };
    for (line, name) in imports(source) {
        let target =
            REEXPORTS.iter().find(|(item, _)| *item == name).map_or(name.as_str(), |(_, module)| module);
        if target != module && !allowed.contains(&target) {
            faults.push(format!("{}:{line}: {module} must not import {target}", source.path));
        }
    }
}

/// The first name after each `crate::`, with its line; a group `crate::{a, b::c}` gives each of its names.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let mut code = String::new();
    let mut starts = Vec::new();
    for (number, line) in source.code_lines() {
        starts.push((code.len(), number));
        code.push_str(line);
        code.push('\n');
    }
    let line_of =
        |at: usize| starts.iter().rev().find(|(start, _)| *start <= at).map_or(0, |(_, number)| *number);
    let mut found = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        // `pub(crate)` has no `::`; `xcrate::` would be another crate.
        let own = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if own {
            let rest = &code[at + path.len()..];
            found.extend(first_names(rest).into_iter().map(|name| (line_of(at), name)));
        }
    }
    found
}

fn first_names(rest: &str) -> Vec<String> {
    let name =
        |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    fn faults(path: &str, text: &str) -> usize {
        let mut faults = Vec::new();
        check(&Source { path: path.to_owned(), text: text.to_owned() }, &mut faults);
        faults.len()
    }

    #[test]
    fn downward_is_fine() {
        assert_eq!(faults("src/mojibake/plan.rs", "use crate::encoding::Gbk;\nuse crate::Limits;\n"), 0);
        assert_eq!(faults("src/recover.rs", "use crate::{detect, mojibake::{self, Plan}, record};\n"), 0);
    }

    #[test]
    fn upward_and_sideways_are_not() {
        assert_eq!(faults("src/encoding/mod.rs", "use crate::detect::Detection;\n"), 1);
        assert_eq!(faults("src/container/mod.rs", "use crate::{encoding, limits::Limits};\n"), 1);
        assert_eq!(faults("src/detect/mod.rs", "fn f() { crate::mojibake::repair(\"\"); }\n"), 1);
        assert_eq!(faults("src/language/mod.rs", "use crate::Repair;\n"), 1);
        assert_eq!(faults("src/quality.rs", ""), 1);
    }

    #[test]
    fn comments_do_not_import() {
        assert_eq!(faults("src/error.rs", "//! See [`crate::recover`].\n"), 0);
    }
}
