//! A Rust file as lines. Relies on rustfmt: an item's closing brace stands alone, as deep as the item.

/// A Rust file of the repository.
pub(super) struct Source {
    /// Path from the root.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// Whether the first lines say that a command made the file.
    pub(super) fn is_generated(&self) -> bool {
        self.text.lines().take(5).any(|line| line.contains("@generated"))
    }

    /// Numbered lines (from 1) that are neither blank, nor comment, nor unit tests.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let before_tests = numbered.take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
        before_tests.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with("//"))
    }

    /// First line and number of lines of each function, unit tests included.
    pub(super) fn functions(&self) -> Vec<(usize, usize)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut functions = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            if !begins_function(line) || line.ends_with('}') {
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            let closing = format!("{}}}", " ".repeat(indent));
            let rest = lines[index..].iter();
            // A declaration without a body ends in a semicolon, as deep as it began or on the line itself.
            let Some(length) = rest.clone().position(|line| *line == closing) else { continue };
            if lines[index..=index + length]
                .iter()
                .take_while(|line| !line.ends_with('{'))
                .any(|line| line.ends_with(';'))
            {
                continue;
            }
            functions.push((index + 1, length + 1));
        }
        functions
    }
}

fn begins_function(line: &str) -> bool {
    let words = line.split('(').next().unwrap_or_default();
    let visibility = line.trim_start().starts_with("pub(");
    let words = if visibility { line.split_once(')').map_or("", |(_, rest)| rest) } else { words };
    let mut words = words.split_whitespace();
    words.by_ref().find(|word| !matches!(*word, "pub" | "const" | "async" | "unsafe" | "extern" | "\"C\""))
        == Some("fn")
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn functions_are_measured() {
        let text = "pub(crate) const fn one(\n    a: u8,\n) -> u8 {\n    a\n}\n\ntrait T {\n    fn bodiless(&self);\n    fn two(&self) {\n        // nothing\n    }\n}\n";
        let source = Source { path: String::new(), text: text.to_owned() };
        assert_eq!(source.functions(), [(1, 5), (9, 3)]);
    }

    #[test]
    fn code_lines_leave_out_comments_and_tests() {
        let text = "//! About.\n\nuse a;\n// why\nfn b() {}\n#[cfg(test)]\nmod tests {}\n";
        let source = Source { path: String::new(), text: text.to_owned() };
        let numbers: Vec<usize> = source.code_lines().map(|(number, _)| number).collect();
        assert_eq!(numbers, [3, 5]);
    }
}
