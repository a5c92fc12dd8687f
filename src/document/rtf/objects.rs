//! Binary data in hex: pictures and embedded objects.

use super::token::nibble;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_bytes_whatever_stands_between_them() {
        let mut hex = HexData::default();
        hex.digits(b"0\r\n1f");
        hex.digits(b"F g");
        hex.binary(b"b");
        hex.digits(b"20");
        assert_eq!(hex.into_bytes(), b"\x01\xFFb ");
    }
}
