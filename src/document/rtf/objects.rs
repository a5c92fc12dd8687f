//! Binary data in hex: pictures and embedded objects.

use super::token::nibble;
use crate::container::Part;
use crate::little_endian::u32_at;

/// The size of an object's strings, far above that of any class or file name.
const LONGEST_NAME: usize = 1 << 10;
/// [MS-OLEDS] 2.2.4: an object that is in the file, not a link to one.
const EMBEDDED: u32 = 2;

/// Bytes that arrive as digits.
#[derive(Debug, Default)]
pub(super) struct HexData {
    bytes: Vec<u8>,
    high: Option<u8>,
}

impl HexData {
    /// Takes in digits; what is none is passed over, as line ends are.
    pub(super) fn digits(&mut self, text: &[u8]) {
        for value in text.iter().copied().filter_map(nibble) {
            match self.high.take() {
                None => self.high = Some(value),
                Some(high) => self.bytes.push(high << 4 | value),
            }
        }
    }

    /// Takes in bytes as they are.
    pub(super) fn binary(&mut self, bytes: &[u8]) {
        self.high = None;
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

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
fn package(native: &[u8]) -> Option<Part> {
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
    let bytes = &fields.rest[..length.min(fields.rest.len())];
    (!bytes.is_empty()).then(|| Part { name: name.to_vec(), bytes: bytes.to_vec(), problem: None })
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

    fn terminated(&mut self) -> Option<&'a [u8]> {
        let length = self.rest.iter().take(LONGEST_NAME).position(|b| *b == 0)?;
        let string = self.take(length)?;
        self.take(1)?;
        Some(string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &[u8]) -> Vec<u8> {
        let length = (text.len() + 1) as u32;
        [&length.to_le_bytes(), text, b"\0"].concat()
    }

    #[test]
    fn a_package_gives_the_file_in_it() {
        let file = b"inventory of the reading room";
        let native = [
            b"\x02\0list.txt\0C:\\list.txt\0\0\0\x03\0",
            &string(b"C:\\Temp\\list.txt")[..],
            &(file.len() as u32).to_le_bytes(),
            file,
        ]
        .concat();
        let data = [
            &[1, 5, 0, 0, 2, 0, 0, 0][..],
            &string(b"Package"),
            &[0; 8],
            &(native.len() as u32).to_le_bytes(),
            &native,
        ]
        .concat();
        let mut hex = HexData::default();
        for byte in &data {
            hex.digits(format!("{byte:02X}\r\n").as_bytes());
        }
        let part = embedded(&hex.into_bytes()).unwrap();
        assert_eq!((&part.name[..], &part.bytes[..]), (&b"list.txt"[..], &file[..]));
        for end in 0..data.len() {
            let _ = embedded(&data[..end]);
        }
    }
}
