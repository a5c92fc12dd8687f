//! Which lines of a text may be touched at all, where a caller says so.

use std::ops::Range;

/// Lines by what stands in them before the repair.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// A line must hold one of these; empty: any line.
    pub(super) only: Vec<String>,
    /// … and none of these.
    pub(super) skip: Vec<String>,
}

impl Lines {
    pub(super) fn are_all(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    fn has(&self, line: &str) -> bool {
        let holds = |mark: &String| line.contains(mark.as_str());
        (self.only.is_empty() || self.only.iter().any(holds)) && !self.skip.iter().any(holds)
    }

    /// The lines that may be touched; neighbours are one range.
    pub(super) fn of(&self, text: &str) -> Vec<Range<usize>> {
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            if self.has(line) {
                match parts.last_mut() {
                    Some(last) if last.end == start => last.end = end,
                    _ => parts.push(start..end),
                }
            }
            start = end;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use crate::Repairer;

    const TEXT: &str = "name: CafÃ©\nraw: CafÃ©\nkeep\nname: crÃ¨me, raw\n";

    fn repaired(repairer: &Repairer) -> String {
        let repair = repairer.repair(TEXT);
        for change in repair.changes() {
            assert_eq!(TEXT[change.span.clone()], change.before);
        }
        repair.into_text().into_owned()
    }

    #[test]
    fn only_the_wanted_lines_change() {
        let all = Repairer::new();
        assert_eq!(repaired(&all), "name: Café\nraw: Café\nkeep\nname: crème, raw\n");
        let named = all.clone().only_lines_with(&["name:"]);
        assert_eq!(repaired(&named), "name: Café\nraw: CafÃ©\nkeep\nname: crème, raw\n");
        let either = all.clone().only_lines_with(&["none", "keep", "Caf"]);
        assert_eq!(repaired(&either), "name: Café\nraw: Café\nkeep\nname: crÃ¨me, raw\n");
        let not_raw = all.clone().skip_lines_with(&["raw"]);
        assert_eq!(repaired(&not_raw), "name: Café\nraw: CafÃ©\nkeep\nname: crÃ¨me, raw\n");
        assert_eq!(repaired(&named.skip_lines_with(&["raw"])), repaired(&not_raw));
    }

    #[test]
    fn what_is_not_wanted_is_not_even_looked_at() {
        let repair = Repairer::new().skip_lines_with(&["a"]).repair("a \u{fffd}\nb \u{fffd}\n");
        assert_eq!(repair.undecided().len(), 1);
        assert_eq!(repair.undecided()[0].span, 8..11);
        let none = Repairer::new().only_lines_with(&["no such line"]);
        assert!(matches!(none.repair(TEXT).into_text(), std::borrow::Cow::Borrowed(TEXT)));
    }

    #[test]
    fn the_lines_alone_decide_however_the_text_is_cut() {
        let repairer = Repairer::new().only_lines_with(&["name:"]);
        let lines: String =
            TEXT.split_inclusive('\n').map(|line| repairer.repair(line).into_text().into_owned()).collect();
        assert_eq!(lines, repaired(&repairer));
    }
}
