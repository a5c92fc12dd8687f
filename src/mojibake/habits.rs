//! What a reader makes of the bytes that get lost most often.

use super::lattice::Channel;

/// What a reader makes of bytes that filters take away.
pub(super) struct Habits {
    /// The byte that becomes a soft hyphen, unless it was one.
    pub(super) shy: Option<u8>,
    /// The byte that becomes a no-break space, unless it was one.
    pub(super) nbsp: Option<u8>,
    /// Bytes that become C1 controls, which may have been dropped; empty for readers of more than single bytes.
    pub(super) controls: Vec<u8>,
    /// Bytes that strict forms of the reader do not have.
    pub(super) unassigned: Vec<u8>,
}

impl Habits {
    pub(super) fn of(Channel { written, reader }: Channel) -> Self {
        let encoding = reader.encoding();
        if !encoding.is_single_byte() {
            return Self { shy: None, nbsp: None, controls: Vec::new(), unassigned: Vec::new() };
        }
        let byte_of = |c| encoding.bytes_of(c).and_then(|bytes| bytes.as_slice().first().copied());
        let controls: Vec<u8> = ('\u{80}'..='\u{9f}').filter_map(byte_of).collect();
        // Nobody misses what no reader shows, and a space is as good as one that does not break.
        let lost = |c| byte_of(c).filter(|&byte| written.page_char(byte) != Some(c));
        // Pages of Windows leave a few bytes of 80–9F out, which the standard fills up with controls; it replaces others.
        let left_out = if encoding.label().starts_with("windows-") { &controls[..] } else { &[] };
        let none =
            (0x80..=0xff).filter(|&byte| encoding.page_char(byte) == Some(char::REPLACEMENT_CHARACTER));
        Self {
            shy: lost('\u{ad}'),
            nbsp: lost('\u{a0}'),
            unassigned: left_out.iter().copied().chain(none).collect(),
            controls: if reader.is_utf8_first() { Vec::new() } else { controls },
        }
    }
}
