//! `src/encoding/jis_x_0213_planes.rs`: the planes of JIS X 0213:2004.
//!
//! The table is that of Project X0213, whose head says that anybody may use, change and pass it on; crates.io
//! `aozora-encoding` ships it. Where it notes a full-width form of an ASCII character, that is taken, as all decoders
//! do. So is the Windows form of three signs: see `AS_WINDOWS`. With that it agrees with Python's `euc_jis_2004`.

use std::fmt::Write as _;
use std::path::Path;

use super::code_pages::scripts_of;
use super::planes::{self, Other, ROW};
use super::{Table, origin};
use crate::packages::{Done, Package};

pub(super) const TABLE: Table =
    Table { path: "src/encoding/jis_x_0213_planes.rs", sources: &[&AOZORA_ENCODING], make };

const AOZORA_ENCODING: Package = Package {
    name: "crates.io aozora-encoding",
    version: "0.4.1",
    archive: "aozora-encoding-0.4.1.crate",
    sha256: "3e6435619db1bfcfb137863d80fbf9ddf32be008d3e81bcf89465e5ddee2d0a3",
    licence: "Apache-2.0 OR MIT (its table: Copyright 2001 earthian@tama.or.jp, I'O, 2006, 2009 Project X0213, free to \
              use, modify and distribute)",
    // Cargo has no command that only downloads; to tell of a crate it fetches it.
    fetch: &[
        "sh",
        "-c",
        "cargo info --quiet --registry crates-io aozora-encoding@0.4.1 >&2 \
         && cp \"${CARGO_HOME:-$HOME/.cargo}\"/registry/cache/*/aozora-encoding-0.4.1.crate .",
    ],
};

const FILE: &str = "aozora-encoding-0.4.1/data/jisx0213-2004-std.txt";

/// Signs of which the Windows form is taken: the overline and the yen sign, whose narrow forms are in JIS X 0201, and
/// the dash.
const AS_WINDOWS: [&str; 3] = ["203E", "00A5", "2014"];

/// A place: plane, row and cell, the latter two from 21 on.
type Place = (u8, u8, u8);

fn make(store: &Path) -> Done<String> {
    let table = scripts_of(&AOZORA_ENCODING, store, &[FILE])?;
    let mut single: Vec<(u32, char)> = Vec::new();
    let mut combined: Vec<(Place, [char; 2])> = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let Some((place, characters)) = entry(line)? else { continue };
        match characters[..] {
            [c] => single.push((number(place), c)),
            [a, b] => combined.push((place, [a, b])),
            _ => return Err(format!("{line}: more than two characters").into()),
        }
    }
    text_of(&single, &combined)
}

/// The place and the characters of a line of fields between tabs: `3-2121`, `U+3000`, `# NAME`, notes; none for a place
/// without characters.
fn entry(line: &str) -> Done<Option<(Place, Vec<char>)>> {
    let mut fields = line.split('\t');
    let (Some(place), Some(scalars)) = (fields.next(), fields.next()) else { return Ok(None) };
    let Some((plane, place)) = place.split_once('-') else { return Ok(None) };
    let plane = if plane == "3" { 1 } else { 2 };
    let [row, cell] = u16::from_str_radix(place, 16)?.to_be_bytes();
    let Some(mut scalars) = scalars.strip_prefix("U+") else { return Ok(None) };
    let noted = |note: &str| fields.clone().find_map(|field| field.trim().strip_prefix(note));
    if let Some(wide) = noted("Fullwidth: U+").filter(|_| scalars.starts_with("00")) {
        scalars = wide;
    } else if let Some(wide) = noted("Windows: U+").filter(|_| AS_WINDOWS.contains(&scalars)) {
        scalars = wide;
    }
    let character = |scalar: &str| -> Done<char> {
        Ok(char::from_u32(u32::from_str_radix(scalar, 16)?).ok_or(format!("{scalar} is no character"))?)
    };
    let characters = scalars.split('+').map(character).collect::<Done<Vec<char>>>()?;
    Ok(Some(((plane, row, cell), characters)))
}

fn number((plane, row, cell): Place) -> u32 {
    let [plane, row, cell] = [plane - 1, row - 0x21, cell - 0x21].map(u32::from);
    (plane * ROW + row) * ROW + cell
}

fn text_of(single: &[(u32, char)], combined: &[(Place, [char; 2])]) -> Done<String> {
    // The rows above hold what IBM added, in another order.
    let pairs = (0xa1..=0xf4).flat_map(|lead| (0xa1..=0xfe).map(move |trail| [lead, trail]));
    let euc_jp = Other::new("EUC-JP from A1A1 on", encoding_rs::EUC_JP, pairs);
    let mut text = origin("//", TABLE.sources);
    text.push_str("\n//! The planes of JIS X 0213:2004, as `planes` has them.\n\n");
    text.push_str(&planes::text_of(single, &euc_jp)?);
    text.push_str("\n/// Plane, row and cell of what is a character and a mark on it.\n");
    writeln!(text, "pub(super) static COMBINED: [((u8, u8, u8), [char; 2]); {}] = [", combined.len())?;
    for ((plane, row, cell), [base, mark]) in combined {
        let literal = |c: &char| format!("'\\u{{{:x}}}'", u32::from(*c));
        writeln!(
            text,
            "    (({plane}, 0x{row:02x}, 0x{cell:02x}), [{}, {}]),",
            literal(base),
            literal(mark)
        )?;
    }
    text.push_str("];\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_decoders_have_it() {
        let read = |line| entry(line).unwrap().unwrap();
        assert_eq!(read("3-2124\tU+002C\t# COMMA\tFullwidth: U+FF0C"), ((1, 0x21, 0x24), vec!['，']));
        assert_eq!(read("3-2141\tU+301C\t# WAVE DASH\tWindows: U+FF5E").1, ['〜']);
        assert_eq!(read("3-2131\tU+203E\t# OVERLINE\tWindows: U+FFE3").1, ['￣']);
        assert_eq!(read("3-2477\tU+304B+309A\t# \t[2000]").1, ['か', '\u{309a}']);
        assert_eq!(entry("3-2121\t\t# ").unwrap(), None);
    }
}
