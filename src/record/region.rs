//! Divisions of GB/T 2260: code to name, and whether a name is one.
//!
//! The table is text, sorted by code; a lookup is a binary search in it, so nothing happens at start-up.

/// Made by `cargo xtask tables`; its head says from what. Comment lines sort before all codes.
const TABLE: &str = include_str!("regions.txt");

/// Stands at positions 3 to 8 of codes given by national authorities; GB/T 2260 does not list it.
const NATIONAL: &str = "100000";

/// A division at county level or above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Region {
    /// Six digits.
    pub code: &'static str,
    /// The newest name that goes with the code.
    pub name: &'static str,
    /// False for a division that no longer exists.
    pub in_use: bool,
    #[cfg_attr(feature = "serde", serde(skip))]
    names: &'static str,
}

impl Region {
    /// All names that the code has had, the newest first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.names.split('|')
    }

    /// Names from the province down to this division, such as 湖南省益阳市桃江县.
    pub fn full_name(&self) -> String {
        let mut name = String::new();
        for digits in [2, 4] {
            let above = format!("{:0<6}", &self.code[..digits]);
            if above != self.code
                && let Some(region) = find(&above)
                && region.is_named_place()
            {
                name.push_str(region.name);
            }
        }
        name.push_str(self.name);
        name
    }

    /// False for fillers such as 市辖区 ("districts of the city"), which are no name of a place.
    pub fn is_named_place(&self) -> bool {
        !matches!(self.name, "市辖区" | "县" | "市" | "郊区")
            && !self.name.starts_with("省直辖")
            && !self.name.starts_with("自治区直辖")
    }
}

/// The division with this code, in use or abolished.
pub fn find(code: &str) -> Option<Region> {
    if code == NATIONAL {
        return Some(Region { code: NATIONAL, name: "国家", in_use: true, names: "国家" });
    }
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let line = TABLE[first_line_from(code)..].lines().next()?;
    parse(line).filter(|region| region.code == code)
}

/// The divisions whose code begins with `prefix`, in the order of their codes.
pub fn within(prefix: &str) -> impl Iterator<Item = Region> + use<'_> {
    TABLE[first_line_from(prefix)..]
        .lines()
        .map_while(parse)
        .take_while(move |region| region.code.starts_with(prefix))
}

/// Whether some division, of today or of the past, has a name that ends so. Only codes that begin with `prefix` count.
pub fn has_name_ending(prefix: &str, ending: &str) -> bool {
    let lines = &TABLE.as_bytes()[first_line_from(prefix)..first_line_from(&format!("{prefix}~"))];
    let finder = memchr::memmem::Finder::new(ending);
    let mut ends = finder.find_iter(lines).map(|at| lines.get(at + ending.len()));
    !ending.is_empty() && ends.any(|next| matches!(next, Some(b'\n' | b'|')))
}

/// Byte at which the first line begins that is not less than `key`.
fn first_line_from(key: &str) -> usize {
    let bytes = TABLE.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes[..middle].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let end =
            bytes[middle..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| middle + at + 1);
        let is_comment = bytes[start] == b'#';
        if is_comment || &bytes[start..end] < key.as_bytes() {
            low = end;
        } else {
            high = start;
        }
    }
    low
}

fn parse(line: &'static str) -> Option<Region> {
    let (code, rest) = line.split_at_checked(6)?;
    let names = rest.get(1..)?;
    let name = names.split('|').next()?;
    Some(Region { code, name, in_use: rest.starts_with('+'), names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_by_its_code() {
        let all: Vec<Region> = within("").collect();
        assert!(all.len() > 7000, "{}", all.len());
        assert!(TABLE.len() < 200_000, "the table is shipped in every binary");
        for region in all {
            assert_eq!(find(region.code), Some(region));
        }
    }

    #[test]
    fn abolished_and_unknown_codes() {
        assert!(find("430922").is_some_and(|region| region.in_use && region.name == "桃江县"));
        assert!(find("110103").is_some_and(|region| !region.in_use));
        assert_eq!(find("232219"), None);
        assert_eq!(find("桃江"), None);
        assert_eq!(find("430922").map(|region| region.full_name()).as_deref(), Some("湖南省益阳市桃江县"));
    }

    #[test]
    fn names() {
        assert!(has_name_ending("", "黔江区") && !has_name_ending("", "墙区"));
        assert!(has_name_ending("43", "桃江县") && !has_name_ending("50", "桃江县"));
        assert!(within("5001").any(|region| region.name == "黔江区"));
        assert_eq!(within("99").count(), 0);
    }
}
