//! Where a plain text is cut into blocks.

/// A block is handed on when so much text is there.
const BLOCK_BYTES: usize = 1 << 20;
/// A text without line ends is cut at the latest here.
const LONGEST_BLOCK_BYTES: usize = 4 << 20;

/// Where to cut the next block off `text`, while more may follow: after a line end, so that no damaged stretch is torn.
/// `None` if there isn't enough text yet.
pub(super) fn cut(text: &str) -> Option<usize> {
    if text.len() < BLOCK_BYTES {
        return None;
    }
    if let Some(at) = memchr::memrchr(b'\n', text.as_bytes()) {
        return Some(at + 1);
    }
    // Without line ends a space is the best place, and any boundary of a character better than endless memory.
    (text.len() >= LONGEST_BLOCK_BYTES).then(|| text.rfind(' ').map_or(text.len(), |at| at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_after_lines() {
        assert_eq!(cut("short\n"), None);
        let line = "é\n".repeat(BLOCK_BYTES / 3 + 1) + "rest";
        assert_eq!(cut(&line), Some(line.len() - 4));
        let endless = "é".repeat(LONGEST_BLOCK_BYTES / 2);
        assert_eq!(cut(&endless), Some(endless.len()));
    }
}
