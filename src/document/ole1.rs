//! Objects as OLE 1.0 wrote them ([MS-OLEDS] 2.2): in RTF, and as the native data of an object whose program knows no
//! storages.

use crate::container::Part;
use crate::little_endian::{u16s, u32_at};

/// The size of an object's strings, in bytes, far above that of any class or file name.
const LONGEST_NAME: usize = 1 << 10;
/// [MS-OLEDS] 2.2.4: an object that is in the file, not a link to one.
const EMBEDDED: u32 = 2;

/// The object in `\objdata`: [MS-OLEDS] 2.2.5 EmbeddedObject. `None` for links, and for what is cut before its data.
pub(super) fn embedded(data: &[u8]) -> Option<Part> {
    let mut fields = Fields { rest: data };
    let _version = fields.u32()?;
    if fields.u32()? != EMBEDDED {
        return None;
    }
    let class = fields.string()?;
    let (_topic, _item) = (fields.string()?, fields.string()?);
    let length = fields.u32()? as usize;
    let native = &fields.rest[..length.min(fields.rest.len())];
    if class == b"Package" {
        return package(native);
    }
    (!native.is_empty()).then(|| Part { name: class.to_vec(), bytes: native.to_vec(), problem: None })
}

/// A file that was packed into a document by the Packager of Windows: its name, its path, a path for a copy, its bytes.
/// Later ones have the path for a copy, the name and the path once more behind it, in UTF-16.
pub(super) fn package(native: &[u8]) -> Option<Part> {
    /// The file is in the package, not a link to one.
    const IS_FILE: u32 = 0x0003_0000;
    let mut fields = Fields { rest: native };
    fields.take(2)?;
    let name = fields.terminated()?;
    let _path = fields.terminated()?;
    if fields.u32()? != IS_FILE {
        return None;
    }
    let _copy = fields.string()?;
    let length = fields.u32()? as usize;
    let bytes = fields.take(length.min(fields.rest.len()))?;
    let name = fields.label().map_or_else(|| name.to_vec(), String::into_bytes);
    (!bytes.is_empty()).then(|| Part { name, bytes: bytes.to_vec(), problem: None })
}

struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        u32_at(self.take(4)?, 0)
    }

    /// A string with its length before it, which counts the zero at its end.
    fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()? as usize;
        let string = self.take((length <= LONGEST_NAME).then_some(length)?)?;
        Some(string.strip_suffix(b"\0").unwrap_or(string))
    }

    /// The name in UTF-16 behind the path for a copy: each with the number of its units before it.
    fn label(&mut self) -> Option<String> {
        let mut string = || {
            let units = self.u32()? as usize;
            self.take(units.checked_mul(2).filter(|&bytes| bytes <= LONGEST_NAME)?)
        };
        let _copy = string()?;
        let name = char::decode_utf16(u16s(string()?)).collect::<Result<String, _>>().ok()?;
        Some(name).filter(|name| !name.is_empty())
    }

    fn terminated(&mut self) -> Option<&'a [u8]> {
        let length = self.rest.iter().take(LONGEST_NAME).position(|b| *b == 0)?;
        let string = self.take(length)?;
        self.take(1)?;
        Some(string)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn string(text: &[u8]) -> Vec<u8> {
        let length = (text.len() + 1) as u32;
        [&length.to_le_bytes(), text, b"\0"].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let length = units.len() as u32;
        length.to_le_bytes().into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
    }

    /// A packed file.
    pub(in crate::document) fn packed(name: &[u8], file: &[u8]) -> Vec<u8> {
        let length = (file.len() as u32).to_le_bytes();
        let copy = string(b"C:\\Temp\\copy");
        [b"\x02\0", name, b"\0C:\\original\0\0\0\x03\0", &copy, &length, file].concat()
    }

    #[test]
    fn a_package_gives_the_file_in_it() {
        let file = b"inventory of the reading room";
        let native = packed(b"list.txt", file);
        let length = (native.len() as u32).to_le_bytes();
        let data = [&[1, 5, 0, 0, 2, 0, 0, 0][..], &string(b"Package"), &[0; 8], &length, &native].concat();
        let part = embedded(&data).unwrap();
        assert_eq!((&part.name[..], &part.bytes[..]), (&b"list.txt"[..], &file[..]));
        for end in 0..data.len() {
            let _ = embedded(&data[..end]);
        }
    }

    #[test]
    fn the_name_in_utf_16_counts_where_there_is_one() {
        let native = packed(b"\xC4\xBF\xC2\xBC.txt", b"list");
        assert_eq!(package(&native).unwrap().name, b"\xC4\xBF\xC2\xBC.txt");
        let with_names =
            [&native[..], &wide("C:\\Temp\\目录.txt"), &wide("目录.txt"), &wide("C:\\目录.txt")].concat();
        for end in native.len()..with_names.len() {
            assert_eq!(package(&with_names[..end]).unwrap().bytes, b"list");
        }
        assert_eq!(package(&with_names).unwrap().name, "目录.txt".as_bytes());
    }
}
