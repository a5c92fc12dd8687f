//! Where the marks come first that the looks over a whole text go by. Most texts have few of them, and each look would
//! read the text from memory once more to find none.

use std::sync::OnceLock;

use memchr::{memchr, memchr2, memchr3, memmem};

/// Bytes of a text that are looked at for all marks before the next ones: so many stay in the processor's cache.
const BLOCK: usize = 16 * 1024;

/// The first place of each mark; the end of the text for what it has not.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    /// `~`, `$` or `=`.
    pub(super) seven_bit: usize,
    /// `&`, `\` or `%`.
    pub(super) escape: usize,
    /// `=`.
    pub(super) equals: usize,
    /// The first byte of a combining mark.
    pub(super) combining: usize,
    /// The fraction slash.
    pub(super) slash: usize,
    pub(super) question: usize,
    /// The first byte of a control character from 80 on.
    pub(super) control: usize,
    /// The first byte of 鐃, 烫 or 屯.
    pub(super) lost: usize,
}

/// The fraction slash.
pub(super) const SLASH: &str = "\u{2044}";

/// U+FFFD.
pub(super) const REPLACED: &str = "\u{fffd}";

/// What finds U+FFFD: each window is asked for it, and making a finder takes longer than looking through a window.
pub(super) fn replaced() -> &'static memmem::Finder<'static> {
    static FINDER: OnceLock<memmem::Finder<'static>> = OnceLock::new();
    FINDER.get_or_init(|| memmem::Finder::new(REPLACED))
}

impl Marks {
    pub(super) fn of(text: &str) -> Self {
        let end = text.len();
        let mut marks = Self {
            seven_bit: end,
            escape: end,
            equals: end,
            combining: end,
            slash: end,
            question: end,
            control: end,
            lost: end,
        };
        for start in (0..end).step_by(BLOCK) {
            let (bytes, length) = (&text.as_bytes()[start..], BLOCK.min(end - start));
            let block = &bytes[..length];
            // A mark of several bytes may lie across the end of a block.
            let longer = &bytes[..(length + SLASH.len() - 1).min(bytes.len())];
            let mut left = 0;
            let mut look = |mark: &mut usize, find: &dyn Fn() -> Option<usize>| {
                if *mark == end {
                    *mark = find().map_or(end, |at| start + at);
                    left += usize::from(*mark == end);
                }
            };
            look(&mut marks.seven_bit, &|| memchr3(b'~', b'$', b'=', block));
            look(&mut marks.escape, &|| memchr3(b'&', b'\\', b'%', block));
            look(&mut marks.combining, &|| memchr2(0xcc, 0xcd, block));
            look(&mut marks.slash, &|| memmem::find(longer, SLASH.as_bytes()));
            look(&mut marks.question, &|| memchr(b'?', block));
            look(&mut marks.control, &|| memchr(0xc2, block));
            look(&mut marks.lost, &|| memchr3(0xe5, 0xe7, 0xe9, block));
            if marks.seven_bit < end {
                look(&mut marks.equals, &|| memchr(b'=', block));
            }
            if left == 0 {
                break;
            }
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for before in [0, 5, BLOCK - 2, BLOCK - 1, BLOCK, 3 * BLOCK + 7] {
            let text = format!("{}$\u{2044}=&?\u{85}烫e\u{301}", "a".repeat(before));
            let marks = Marks::of(&text);
            let at = |mark: &str| text.find(mark).unwrap();
            assert_eq!((marks.seven_bit, marks.equals), (at("$"), at("=")), "{before}");
            assert_eq!((marks.escape, marks.question), (at("&"), at("?")), "{before}");
            assert_eq!((marks.slash, marks.combining), (at("\u{2044}"), at("\u{301}")), "{before}");
            assert_eq!((marks.control, marks.lost), (at("\u{85}"), at("烫")), "{before}");
        }
        let text = "b".repeat(BLOCK + 1);
        assert_eq!(Marks::of(&text).equals, text.len());
    }
}
