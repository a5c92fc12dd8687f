//! What a reader makes of the bytes that get lost most often.

use crate::encoding::Reader;

/// What a reader makes of bytes that filters take away.
pub(super) struct Habits {
    /// The byte that becomes a soft hyphen.
    pub(super) shy: Option<u8>,
    /// The byte that becomes a no-break space.
    pub(super) nbsp: Option<u8>,
    /// Bytes that become C1 controls, which may have been dropped; empty for readers of more than single bytes.
    pub(super) controls: Vec<u8>,
    /// Bytes that strict forms of the reader do not have.
    pub(super) unassigned: Vec<u8>,
}

impl Habits {
    pub(super) fn of(reader: Reader) -> Self {
        let encoding = reader.encoding();
        if !encoding.is_single_byte() {
            return Self { shy: None, nbsp: None, controls: Vec::new(), unassigned: Vec::new() };
        }
        let byte_of = |c| encoding.bytes_of(c).and_then(|bytes| bytes.as_slice().first().copied());
        let controls: Vec<u8> = ('\u{80}'..='\u{9f}').filter_map(byte_of).collect();
        // Pages of Windows leave a few bytes out, which the standard fills up with controls.
        let is_windows = controls.len() < 16;
        Self {
            shy: byte_of('\u{ad}'),
            nbsp: byte_of('\u{a0}'),
            unassigned: if is_windows { controls.clone() } else { Vec::new() },
            controls: if reader.is_utf8_first() { Vec::new() } else { controls },
        }
    }
}
