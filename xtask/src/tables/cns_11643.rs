//! `src/encoding/cns_11643_planes.rs`: planes 1 to 7 and 15 of CNS 11643.
//!
//! The characters of planes 1 and 2 stand in nearly the same order as in Big5, so that the table is a list of runs:
//! which stretch of a plane is which stretch of Big5, as the WHATWG standard has that; and of the characters that Big5
//! has not, with all of the other planes. The characters themselves are those of ICU's converter `euc-tw-2014`, which
//! npm `icu4c-data` ships. Of those of planes 1 and 2 that glibc has too all agree but 17 signs; for three of these
//! `WIDE` decides.

use std::io::Read;
use std::path::Path;

use super::planes::{self, Other, PLANE, ROW};
use super::{Table, origin};
use crate::packages::{Done, Package};

pub(super) const TABLE: Table =
    Table { path: "src/encoding/cns_11643_planes.rs", sources: &[&ICU4C_DATA], make };

const ICU4C_DATA: Package = Package {
    name: "npm icu4c-data",
    version: "0.67.2",
    archive: "icu4c-data-0.67.2.tgz",
    sha256: "12baae9e9f15ff10829cb3713c54f2f3cc78d54a80c43ecf3cf536fa8e564dbe",
    licence: "Unicode-3.0",
    fetch: &["npm", "pack", "--silent", "icu4c-data@0.67.2"],
};

const FILE: &str = "package/icudt67l.dat";
const CONVERTER: &str = "icudt67l/euc-tw-2014.cnv";

/// The planes that the converter has.
const PLANES: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 15];

/// Signs of which the wide form stands there, as in Big5.
const WIDE: [(char, char); 3] = [('¥', '￥'), ('¢', '￠'), ('£', '￡')];

fn make(store: &Path) -> Done<String> {
    let bytes = ICU4C_DATA.pinned(store)?;
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    let mut data = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.path()? == Path::new(FILE) {
            entry.read_to_end(&mut data)?;
        }
    }
    let converter = item(&data, CONVERTER).ok_or("the data file has no such converter")?;
    let converter = Converter::parse(converter).ok_or("the converter is not of the known form")?;
    let mut characters = Vec::new();
    let places = PLANES.iter().flat_map(|&plane| (u32::from(plane) - 1) * PLANE..u32::from(plane) * PLANE);
    for place in places {
        let plane = (place / PLANE) as u8 + 1;
        let bytes = [0x8e, 0xa0 | plane, 0xa1 + (place / ROW % ROW) as u8, 0xa1 + (place % ROW) as u8];
        // Plane 1 has two bytes.
        if let Some(c) = converter.char_of(if plane == 1 { &bytes[2..] } else { &bytes }) {
            let wide = WIDE.iter().find(|(narrow, _)| *narrow == c).map(|&(_, wide)| wide);
            characters.push((place, wide.unwrap_or(c)));
        }
    }
    let pairs =
        (0xa1..=0xf9).flat_map(|lead| (0x40..=0x7e).chain(0xa1..=0xfe).map(move |trail| [lead, trail]));
    let big5 = Other::new("Big5 from A140 on", encoding_rs::BIG5, pairs);
    let origin = origin("//", TABLE.sources);
    let tables = planes::text_of(&characters, &big5)?;
    Ok(format!("{origin}\n//! The planes of CNS 11643, as `planes` has them.\n\n{tables}"))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A file in ICU's data archive: behind the header a count, and for each file the offsets of its name and its bytes.
fn item<'d>(data: &'d [u8], name: &str) -> Option<&'d [u8]> {
    let base = usize::from(u16_at(data, 0)?);
    let count = u32_at(data, base)? as usize;
    (0..count).find_map(|number| {
        let entry = base + 4 + 8 * number;
        let start = base + u32_at(data, entry)? as usize;
        let is_it = data.get(start..start + name.len() + 1)?.strip_suffix(b"\0")? == name.as_bytes();
        data.get(base + u32_at(data, entry + 4)? as usize..).filter(|_| is_it)
    })
}

/// A converter of ICU's form MBCS, as `ucnvmbcs.h` has it, to Unicode.
struct Converter<'d> {
    states: &'d [u8],
    units: &'d [u8],
}

/// Bytes of what stands before the header of the form: name, sizes, substitution.
const STATIC_DATA: usize = 100;
/// Bytes of a state: an entry of four for each byte.
const STATE: usize = 4 * 256;
/// Bytes of a mapping that only goes one way.
const FALLBACK: usize = 8;

impl<'d> Converter<'d> {
    fn parse(file: &'d [u8]) -> Option<Self> {
        let form = file.get(usize::from(u16_at(file, 0)?) + STATIC_DATA..)?;
        let header = match form.first()? {
            4 => 32,
            // The fifth form tells its length, in units of four bytes.
            _ => 4 * (u32_at(form, 32)? & 0x3f) as usize,
        };
        let (states, fallbacks) = (u32_at(form, 4)? as usize, u32_at(form, 8)? as usize);
        let units = u32_at(form, 12)? as usize;
        (header + states * STATE + fallbacks * FALLBACK <= units).then_some(())?;
        Some(Self { states: form.get(header..header + states * STATE)?, units: form.get(units..)? })
    }

    /// The character of a sequence of bytes, if it is assigned in both directions.
    fn char_of(&self, bytes: &[u8]) -> Option<char> {
        let (mut state, mut offset) = (0usize, 0usize);
        for &byte in bytes {
            let entry = u32_at(self.states, state * STATE + 4 * usize::from(byte))?;
            if entry < 0x8000_0000 {
                state = (entry >> 24) as usize;
                offset += (entry & 0xff_ffff) as usize;
                continue;
            }
            let value = entry & 0xf_ffff;
            return match entry >> 20 & 0xf {
                0 => char::from_u32(value & 0xffff),
                1 => char::from_u32(value + 0x1_0000),
                4 => char::from_u32(u32::from(u16_at(self.units, 2 * (offset + value as usize))?))
                    .filter(|&c| c < '\u{fffe}'),
                5 => self.pair(offset + value as usize),
                _ => None,
            };
        }
        None
    }

    /// A character that may take two units.
    fn pair(&self, offset: usize) -> Option<char> {
        let (first, second) = (u16_at(self.units, 2 * offset)?, u16_at(self.units, 2 * offset + 2)?);
        match first {
            ..0xd800 => char::from_u32(first.into()),
            0xd800..=0xdbff => char::decode_utf16([first, second]).next()?.ok(),
            0xe000 => char::from_u32(second.into()),
            _ => None,
        }
    }
}
