//! One pass over the bytes: what is counted and kept for the decision.
//!
//! The bytes are taken in blocks of a fixed size, so that the result does not depend on how they arrive. While they are
//! valid UTF-8, nothing else is counted. From the first block on that is not, the pairs of neighbouring bytes are counted
//! around each byte above 7F, and the first of these stretches are kept as a sample.

use super::dense::PairCount;
use super::structural::{self, Judgement};

/// Bytes of a block.
pub(super) const BLOCK: usize = 64 << 10;
/// Bytes kept of the places where something stands.
const SAMPLE_BYTES: usize = 16 << 10;
/// ASCII bytes around a byte above 7F that are counted with it: two or three words on each side.
const CONTEXT: usize = 24;
/// UTF-8 that fails more often than that for each sequence that it has is none, after so many.
const HOPELESS_FAILURES: u64 = 2048;

/// Sequences of UTF-8 after which more say nothing new.
const PLENTY: u64 = 1 << 14;

/// What one pass found.
#[derive(Debug, Clone)]
pub(super) struct Gather {
    pub(super) length: u64,
    /// The first block.
    pub(super) head: Vec<u8>,
    /// What its form alone says: then nothing else is asked of the bytes.
    pub(super) form: Option<Judgement>,
    /// Whether it is to be counted, if the pairs are asked for: structure decides most files.
    is_head_waiting: bool,
    pub(super) utf8: Utf8,
    /// How often each byte above 7F stands there.
    pub(super) is_ascii: bool,
    /// Whether there are zeros, as far as the bytes are no UTF-8.
    pub(super) has_zeros: bool,
    /// The stretches around bytes above 7F, each after a line feed.
    pub(super) sample: Vec<u8>,
    counts: Vec<u32>,
    /// The pairs that were counted, in the order in which they came.
    keys: Vec<u16>,
    /// Bytes counted.
    pub(super) counted: u64,
    pub(super) present: [bool; 256],
    /// The last bytes before the next block that no stretch has.
    before: Vec<u8>,
    /// How many more ASCII bytes the open stretch takes.
    open: usize,
    last: Option<u8>,
    /// The first stretch around an escape or a tilde, in ASCII.
    pub(super) shifts: Vec<u8>,
}

/// How the bytes do as UTF-8.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Utf8 {
    /// Valid sequences of two bytes, and of more.
    pub(super) pairs: u64,
    pub(super) longer: u64,
    pub(super) failures: u64,
    /// Bytes of an unfinished character at the end of what was seen.
    held: [u8; 4],
    held_length: usize,
    is_given_up: bool,
}

impl Utf8 {
    /// Whether no character waits for its end.
    fn is_between(&self) -> bool {
        self.held_length == 0
    }

    /// Takes in a block.
    fn add(&mut self, block: &[u8]) {
        if self.is_given_up {
            return;
        }
        if self.held_length == 0 && simdutf8::basic::from_utf8(block).is_ok() {
            self.count(block);
            return;
        }
        let mut rest = block;
        let joined;
        if self.held_length > 0 {
            let take = block.len().min(4);
            let mut first = self.held[..self.held_length].to_vec();
            first.extend_from_slice(&block[..take]);
            joined = first;
            let used = self.first_of(&joined);
            if used == 0 {
                self.hold(&joined);
                return;
            }
            // Of a failure only the held bytes are passed over.
            rest = &block[used.saturating_sub(self.held_length).min(block.len())..];
            self.held_length = 0;
        }
        loop {
            let (valid, failure) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            self.count(&rest[..valid]);
            match failure {
                None => return,
                Some(None) => {
                    self.hold(&rest[valid..]);
                    return;
                }
                Some(Some(length)) => {
                    self.failures += 1;
                    rest = &rest[valid + length..];
                }
            }
            if self.failures > HOPELESS_FAILURES && self.failures > self.pairs + self.longer {
                self.is_given_up = true;
                return;
            }
        }
    }

    /// Judges the character that begins with held bytes; tells how many bytes it, or the failure, takes.
    fn first_of(&mut self, joined: &[u8]) -> usize {
        match std::str::from_utf8(joined) {
            Ok(text) => {
                let length = text.chars().next().map_or(0, char::len_utf8);
                self.count(&joined[..length]);
                length
            }
            Err(error) if error.valid_up_to() > 0 => {
                let length = std::str::from_utf8(&joined[..error.valid_up_to()])
                    .ok()
                    .and_then(|text| text.chars().next())
                    .map_or(0, char::len_utf8);
                self.count(&joined[..length]);
                length
            }
            Err(error) => match error.error_len() {
                None => 0,
                Some(length) => {
                    self.failures += 1;
                    length
                }
            },
        }
    }

    fn hold(&mut self, bytes: &[u8]) {
        self.held_length = bytes.len().min(4);
        self.held[..self.held_length].copy_from_slice(&bytes[..self.held_length]);
    }

    fn count(&mut self, valid: &[u8]) {
        if self.pairs + self.longer >= PLENTY {
            return;
        }
        let longer = count_from(0xe0, valid);
        self.longer += longer;
        self.pairs += count_from(0xc0, valid) - longer;
    }

    /// Whether nothing speaks against it.
    pub(super) fn is_clean(&self) -> bool {
        self.failures == 0 && !self.is_given_up
    }

    /// Whether the bytes are UTF-8 with a few slips.
    pub(super) fn is_damaged(&self) -> bool {
        !self.is_given_up && self.failures > 0 && self.longer * 2 + self.pairs >= 6 * self.failures
    }
}

/// How many bytes are that or above. Sums that fit a byte are what the compiler makes wide vectors of.
fn count_from(least: u8, bytes: &[u8]) -> u64 {
    let of = |some: &[u8]| u64::from(some.iter().map(|&byte| u8::from(byte >= least)).sum::<u8>());
    bytes.chunks(usize::from(u8::MAX)).map(of).sum()
}

impl Default for Gather {
    fn default() -> Self {
        Self {
            length: 0,
            head: Vec::new(),
            form: None,
            is_head_waiting: false,
            utf8: Utf8::default(),
            is_ascii: true,
            has_zeros: false,
            sample: Vec::new(),
            counts: Vec::new(),
            keys: Vec::new(),
            counted: 0,
            present: [false; 256],
            before: Vec::new(),
            open: 0,
            last: None,
            shifts: Vec::new(),
        }
    }
}

impl Gather {
    /// Takes in a block: all are of [`BLOCK`] bytes but the last.
    pub(super) fn add(&mut self, block: &[u8]) {
        let was_clean = self.utf8.is_clean();
        self.length += block.len() as u64;
        let head_length = self.head.len();
        if self.head.is_empty() {
            self.head.extend_from_slice(block);
            self.form = structural::form(block);
        }
        if self.form.is_some() {
            return;
        }
        let is_ascii = block.is_ascii();
        self.is_ascii &= is_ascii;
        if !is_ascii || !self.utf8.is_between() {
            self.utf8.add(block);
        }
        if self.is_ascii {
            self.keep_shifts(block);
        }
        if self.utf8.is_clean() {
            self.before.clear();
            self.before.extend_from_slice(&block[block.len().saturating_sub(CONTEXT)..]);
            return;
        }
        self.has_zeros |= memchr::memchr(0, block).is_some() || was_clean && self.head.contains(&0);
        if head_length == 0 {
            self.is_head_waiting = true;
            return;
        }
        self.settle();
        if was_clean && !self.head.is_ascii() {
            let head = std::mem::take(&mut self.head);
            self.count(&head);
            self.head = head;
            self.close();
            self.before.clear();
        }
        if is_ascii && self.open == 0 {
            self.before.clear();
            self.before.extend_from_slice(&block[block.len().saturating_sub(CONTEXT)..]);
            return;
        }
        self.count(block);
    }

    /// Counts the first block if that is still to be done.
    pub(super) fn settle(&mut self) {
        if std::mem::take(&mut self.is_head_waiting) {
            let head = std::mem::take(&mut self.head);
            self.count(&head);
            self.head = head;
        }
    }

    /// Keeps the first lines with an escape sequence or a shift: the rest of the file may be plain.
    fn keep_shifts(&mut self, block: &[u8]) {
        if self.shifts.len() >= BLOCK / 8 {
            return;
        }
        let first = memchr::memchr3(0x1b, b'~', 0x0e, block).or_else(|| memchr::memchr(b'+', block));
        let Some(at) = first else { return };
        let room = BLOCK / 8 - self.shifts.len();
        let end = block.len().min(at + room);
        self.shifts.extend_from_slice(&block[at..end]);
    }

    fn count(&mut self, block: &[u8]) {
        if self.counts.is_empty() {
            self.counts = vec![0; 1 << 16];
        }
        let mut at = 0;
        while at < block.len() {
            if self.open == 0 {
                // Pass over ASCII.
                let skipped = block[at..].iter().position(|b| !b.is_ascii()).unwrap_or(block.len() - at);
                let start = skipped.saturating_sub(CONTEXT);
                if skipped >= CONTEXT {
                    self.before.clear();
                }
                self.before.extend_from_slice(&block[at + start..at + skipped]);
                if self.before.len() > CONTEXT {
                    self.before.drain(..self.before.len() - CONTEXT);
                }
                at += skipped;
                if at == block.len() {
                    return;
                }
                self.last = None;
                self.take_sample(b"\n");
                let before = std::mem::take(&mut self.before);
                self.take(&before);
                self.open = CONTEXT + 1;
            }
            let mut end = at;
            let mut open = self.open;
            while end < block.len() && open > 0 {
                open = if block[end].is_ascii() { open - 1 } else { CONTEXT + 1 };
                end += 1;
            }
            // The last byte of the context begins the next stretch's look back.
            self.take(&block[at..end]);
            self.open = open;
            at = end;
        }
    }

    fn close(&mut self) {
        self.open = 0;
        self.last = None;
    }

    fn take_sample(&mut self, bytes: &[u8]) {
        let room = SAMPLE_BYTES - self.sample.len();
        self.sample.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn take(&mut self, bytes: &[u8]) {
        self.take_sample(bytes);
        self.counted += bytes.len() as u64;
        let mut last = self.last;
        for &byte in bytes {
            self.present[usize::from(byte)] = true;
            if let Some(first) = last {
                let key = u16::from_be_bytes([first, byte]);
                let count = &mut self.counts[usize::from(key)];
                if *count == 0 {
                    self.keys.push(key);
                }
                *count = count.saturating_add(1);
            }
            last = Some(byte);
        }
        self.last = last;
    }

    /// The pairs that were counted.
    pub(super) fn pairs(&self) -> Vec<PairCount> {
        let count = |key: u16| {
            let [first, second] = key.to_be_bytes();
            PairCount { first, second, count: self.counts[usize::from(key)] }
        };
        self.keys.iter().map(|&key| count(key)).collect()
    }

    /// Counts some lines that are no UTF-8, all of them.
    pub(super) fn of(lines: &[u8]) -> Self {
        let mut gather = Self { is_ascii: false, ..Self::default() };
        gather.head.extend_from_slice(&lines[..lines.len().min(BLOCK)]);
        gather.count_head();
        gather
    }

    /// Counts the first block alone and whole: Hebrew in EBCDIC has nothing above 7F, and UTF-16 has no stretches.
    pub(super) fn count_head(&mut self) {
        let head = std::mem::take(&mut self.head);
        self.is_head_waiting = false;
        self.counts = vec![0; 1 << 16];
        self.keys.clear();
        self.sample.clear();
        (self.counted, self.last, self.open) = (0, None, 0);
        self.take_sample(&head);
        let sample = std::mem::take(&mut self.sample);
        self.take(&head);
        self.sample = sample;
        self.head = head;
    }

    /// Whether the sample is all that was counted.
    pub(super) fn is_sample_all(&self) -> bool {
        self.sample.len() < SAMPLE_BYTES
    }
}
