//! Where the marks come first that the looks over a whole text go by. Most texts have few of them, and each look would
//! read the text from memory once more to find none.

use std::ops::Range;
use std::sync::OnceLock;

use memchr::{memchr, memchr_iter, memchr2, memchr3, memmem};

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
    /// A control character from U+0080 on.
    pub(super) control: usize,
    /// The first byte of 鐃, 烫 or 屯.
    pub(super) lost: usize,
    /// U+FFFD.
    pub(super) replaced: usize,
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
            replaced: end,
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
            look(&mut marks.control, &|| high_control(longer));
            look(&mut marks.lost, &|| memchr3(0xe5, 0xe7, 0xe9, block));
            // Text of an alphabet has no such byte, which is told faster.
            look(&mut marks.replaced, &|| {
                let first = memchr(REPLACED.as_bytes()[0], block)?;
                replaced().find(&longer[first..]).map(|at| first + at)
            });
            if marks.seven_bit < end {
                look(&mut marks.equals, &|| memchr(b'=', block));
            }
            if left == 0 {
                break;
            }
        }
        marks
    }

    /// Whether U+FFFD may stand in a part of the text.
    pub(super) fn may_have_replaced(&self, part: &Range<usize>) -> bool {
        self.replaced < part.end
    }
}

/// Places of C2 that are looked at one by one.
const FEW: usize = 16;

/// The first control character from U+0080 on: C2 and a byte below A0. What garbled text is full of is C2 with other bytes:
/// then all pairs of neighbours are looked at, many at once.
pub(super) fn high_control(bytes: &[u8]) -> Option<usize> {
    const CHUNK: usize = 256;
    let mut seen = 0;
    for at in memchr_iter(0xc2, bytes).take(FEW) {
        seen = at + 1;
        if matches!(bytes.get(seen), Some(..0xa0)) {
            return Some(at);
        }
    }
    let first = seen + memchr(0xc2, &bytes[seen..])?;
    let (firsts, seconds) = (&bytes[first..], &bytes[first + 1..]);
    let is_control = |(&first, &second): (&u8, &u8)| (first == 0xc2) & (second < 0xa0);
    let has_one = |(firsts, seconds): (&[u8], &[u8])| {
        firsts.iter().zip(seconds).fold(false, |any, pair| any | is_control(pair))
    };
    let from = CHUNK * firsts.chunks(CHUNK).zip(seconds.chunks(CHUNK)).position(has_one)?;
    firsts[from..].iter().zip(&seconds[from..]).position(is_control).map(|at| first + from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for before in [0, 5, BLOCK - 2, BLOCK - 1, BLOCK, 3 * BLOCK + 7] {
            let text = format!("{}$\u{2044}=&?\u{85}\u{fffe}\u{fffd}烫e\u{301}", "a".repeat(before));
            let marks = Marks::of(&text);
            let at = |mark: &str| text.find(mark).unwrap();
            assert_eq!((marks.seven_bit, marks.equals), (at("$"), at("=")), "{before}");
            assert_eq!((marks.escape, marks.question), (at("&"), at("?")), "{before}");
            assert_eq!(marks.replaced, at("\u{fffd}"), "{before}");
            assert!(marks.may_have_replaced(&(0..text.len())) && !marks.may_have_replaced(&(0..before)));
            assert_eq!((marks.slash, marks.combining), (at("\u{2044}"), at("\u{301}")), "{before}");
            assert_eq!((marks.control, marks.lost), (at("\u{85}"), at("烫")), "{before}");
        }
        for before in [0, 1, 254, 255, 256, 257, 1000, BLOCK - 1] {
            let text = format!("{}\u{a0}\u{9f}\u{80}", "\u{c2}\u{bf}a".repeat(before));
            assert_eq!(high_control(text.as_bytes()), text.find('\u{9f}'));
            assert_eq!(Marks::of(&text).control, text.find('\u{9f}').unwrap());
            assert_eq!(Marks::of(&text[..5 * before + 2]).control, 5 * before + 2);
        }
        assert_eq!(
            [high_control(b""), high_control(b"\xc2"), high_control(b"\xc2\x80")],
            [None, None, Some(0)]
        );
        let text = "b".repeat(BLOCK + 1);
        assert_eq!(Marks::of(&text).equals, text.len());
    }
}
