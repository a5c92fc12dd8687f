//! Finds the windows of a text that may be damaged, passing over all else at memory speed.
//!
//! Every channel that is known here leaves characters from U+0080 to U+00FF next to other characters that a byte can
//! become; in UTF-8 these begin with C2 or C3. So a vector search for these two bytes does the work, and what it
//! finds is looked at only if its neighbour could be a byte as well. An accented letter between plain ones is not.

use std::ops::Range;

use crate::encoding::sloppy_byte_of;

/// Bytes of plain text between two suspicious places that still belong to one window.
const GAP: usize = 160;
/// Bytes after a suspicious place within which the next character that may be a byte is suspicious by itself.
const NEAR: usize = 8;
/// Characters before and after a suspicious place that are looked at with it: a lost hyphen or a trail byte below 80
/// may lie there.
const MARGIN: usize = 8;
/// Characters that may be bytes taken into a window on each side, so that no place is looked at often.
const REACH: usize = 64;
/// Bytes of a window; a longer one is cut at a line end where there is one, and anywhere where there is none.
const LONGEST: usize = 16 * 1024;

/// The suspicious windows of `text`, as byte ranges on character boundaries, in order, never overlapping.
pub(super) fn windows(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut windows: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(found) = memchr::memchr2(0xc2, 0xc3, &bytes[from..]) {
        let at = from + found;
        from = at + 2;
        // In damaged text these characters come in runs: over a run without a search for each.
        while matches!(bytes.get(from), Some(0xc2 | 0xc3)) {
            from += 2;
        }
        // Within a window there is no question any more; deciding it anew for each character of a long one is slow.
        let is_close = windows.last().is_some_and(|last| at < last.end + NEAR);
        if !is_close && !has_suspicious_neighbour(text, at) {
            continue;
        }
        match windows.last_mut() {
            Some(last) if at < last.end + GAP => last.end = from.max(last.end),
            _ => windows.push(at..from),
        }
    }
    let mut result = Vec::new();
    for window in windows {
        let widened = widen(text, window);
        let start = result.last().map_or(0, |r: &Range<usize>| r.end).max(widened.start);
        cut(text, start..widened.end.max(start), &mut result);
    }
    result
}

/// Whether the character at `at` stands beside another one that may have been a byte, at most a space between.
fn has_suspicious_neighbour(text: &str, at: usize) -> bool {
    let after = &text[at + 2..];
    let mut next = after.chars();
    let right = match next.next() {
        Some(' ') => next.next(),
        other => other,
    };
    if right.is_some_and(may_be_bytes) {
        return true;
    }
    let mut before = text[..at].chars().rev();
    let left = match before.next() {
        Some(' ') => before.next(),
        other => other,
    };
    left.is_some_and(may_be_bytes)
}

/// Characters that some reader makes of bytes from 80 on: single bytes, valid pairs of UTF-8, replacements.
fn may_be_bytes(c: char) -> bool {
    ('\u{80}'..='\u{7ff}').contains(&c) || c == '\u{fffd}' || (!c.is_ascii() && sloppy_byte_of(c).is_some())
}

fn widen(text: &str, window: Range<usize>) -> Range<usize> {
    let mut start = window.start;
    let mut spare = MARGIN;
    for c in text[..start].chars().rev().take(REACH) {
        if !may_be_bytes(c) {
            if c == '\n' || spare == 0 {
                break;
            }
            spare -= 1;
        }
        start -= c.len_utf8();
    }
    let mut end = window.end;
    spare = MARGIN;
    for c in text[end..].chars().take(REACH) {
        if !may_be_bytes(c) {
            if c == '\n' || spare == 0 {
                break;
            }
            spare -= 1;
        }
        end += c.len_utf8();
    }
    start..end
}

fn cut(text: &str, mut window: Range<usize>, result: &mut Vec<Range<usize>>) {
    while window.len() > LONGEST {
        let limit = text.floor_char_boundary(window.start + LONGEST);
        let piece = &text[window.start..limit];
        let end = piece.rfind('\n').or_else(|| piece.rfind(' ')).map_or(limit, |at| window.start + at + 1);
        result.push(window.start..end);
        window.start = end;
    }
    if !window.is_empty() {
        result.push(window);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        windows(text).into_iter().map(|w| &text[w]).collect()
    }

    #[test]
    fn plain_text_has_no_window() {
        for text in ["", "plain", "déjà vu, señor", "统一社会信用代码·2023", "größer"] {
            let expected: Vec<&str> = if text == "größer" { vec!["größer"] } else { vec![] };
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn neighbours_join_and_strangers_do_not() {
        assert_eq!(found("µ¥\n\nÎ»"), ["µ¥\n\nÎ»"]);
        let far = format!("µ¥{}Î»", "\n".repeat(400));
        assert_eq!(found(&far), ["µ¥", "Î»"]);
    }

    #[test]
    fn windows_are_bounded_and_in_order() {
        let text = "ÃÂ".repeat(20_000);
        let windows = windows(&text);
        assert!(windows.iter().all(|w| w.len() <= LONGEST && text.is_char_boundary(w.end)));
        assert!(windows.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}
