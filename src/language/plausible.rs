//! Which characters stand beside each other in clean text of any language: a table of bits for the scan.
//!
//! A cost says how likely a character is; the scan asks less, and millions of times: was this ever seen? So each pair of
//! neighbours of which one is not ASCII is in a hashed set (B. H. Bloom, "Space/Time Trade-offs in Hash Coding with
//! Allowable Errors", 1970; both bits of a key lie in one word, as in F. Putze, P. Sanders, J. Singler, "Cache-, Hash-
//! and Space-Efficient Bloom Filters", 2007). A Latin letter is in it together with both neighbours too, for it is
//! plausible beside almost any. Han characters and Hangul syllables are too many for that: the common ones are sets of
//! their own, one bit each; of the others the set knows which clean text has, and another one which pairs of them.
//! Pairs of letters of Cyrillic, Greek, Hebrew and Arabic have a bit each: what a reader makes of other bytes is nothing but
//! such pairs.
//!
//! `cargo xtask train` makes the file, of the text that it makes `model.bin` of and of frequent words. What the set does not
//! hold is taken for held in about 1 of 25 cases (20 of 100 bits are set), and by the other one in 1 of 250.

/// First bytes of the file.
pub const MAGIC: &[u8; 8] = b"FXPLAUS3";
/// Bytes of the head: the magic word, how the file was made, zeros.
pub const HEAD: usize = 768;
/// Rows of 64 characters in the basic plane.
pub const ROWS: usize = 1024;
/// Leaves the bits of a row's number.
const ROW_SHIFT: u32 = 22;
/// Words of the set of pairs, as a power of two.
pub const WORD_BITS: u32 = 13;
/// Words of the set of pairs.
pub const WORDS: usize = 1 << WORD_BITS;
/// Words of the set of pairs of Han characters and syllables that are not common, as a power of two.
pub const WORD_BITS_OF_MANY: u32 = 12;
/// Words of that set.
pub const WORDS_OF_MANY: usize = 1 << WORD_BITS_OF_MANY;
/// Letters and marks from U+0300 to U+07FF, of which each pair has a bit of its own.
pub const LETTERS: usize = 0x500;
/// Words of those bits.
pub const WORDS_OF_LETTERS: usize = LETTERS * LETTERS / u64::BITS as usize;
/// Bytes of the whole file.
pub const LENGTH: usize = HEAD + 8 * (2 * ROWS + WORDS + WORDS_OF_MANY + WORDS_OF_LETTERS);

/// What a character is to the set of pairs: the bytes of a character of one or two bytes (the first one lowest), the
/// number of a longer one, or one of the classes below.
pub type Unit = u32;

/// White space, and the borders of the text.
pub const SPACE: Unit = b' ' as Unit;
/// Any Han character that is not rare.
pub const HAN: Unit = 0x01;
/// A Han character that clean text hardly has.
pub const RARE_HAN: Unit = 0x02;
/// Any Hangul syllable that is not rare.
pub const HANGUL: Unit = 0x03;
/// A Hangul syllable that clean text hardly has.
pub const RARE_HANGUL: Unit = 0x04;
/// Before the number of a Han character or a syllable: the pair says that it is known, though not common.
pub const KNOWN: Unit = 0x05;
/// Characters that no legacy encoding has, so that no reader makes them of bytes.
pub const FOREIGN: Unit = 0x06;
/// Hiragana.
pub const HIRAGANA: Unit = 0x07;
/// Katakana.
pub const KATAKANA: Unit = 0x08;
/// The narrow katakana and marks of Shift_JIS.
pub const NARROW: Unit = 0x0e;
/// Marks of Chinese and Japanese text, wide ones too.
pub const MARK: Unit = 0x0f;
/// Wide letters and digits.
pub const WIDE: Unit = 0x10;

static FILE: &[u8; LENGTH] = include_bytes!("plausible.bin");

/// A set of characters of three bytes: rows of 64, in the order that [`row_and_bit`] gives.
pub type Rows = [[u8; 8]; ROWS];

/// The words of a set that begins at a byte of the file.
const fn words<const N: usize>(at: usize) -> &'static [[u8; 8]; N] {
    let (_, rest) = FILE.split_at(at);
    let (words, _) = rest.as_chunks::<8>();
    match words.first_chunk() {
        Some(words) => words,
        None => panic!("the table is too short"),
    }
}

/// What stands in running Chinese and Japanese text and needs no look: common Han characters, kana, punctuation.
pub static HAN_TEXT: &Rows = words(HEAD);
/// … in running Korean text.
pub static HANGUL_TEXT: &Rows = words(HEAD + 8 * ROWS);
static PAIRS: &[[u8; 8]; WORDS] = words(HEAD + 8 * 2 * ROWS);
static PAIRS_OF_MANY: &[[u8; 8]; WORDS_OF_MANY] = words(HEAD + 8 * (2 * ROWS + WORDS));

static PAIRS_OF_LETTERS: &[[u8; 8]; WORDS_OF_LETTERS] = words(HEAD + 8 * (2 * ROWS + WORDS + WORDS_OF_MANY));

/// The row and the bit of a character of three bytes in a set of characters; its bytes are the lowest of `bytes`, the
/// first one lowest, and what stands above them does not matter.
///
/// The row is 64 times the first byte, the second and 256 times the third, without the bits above [`ROWS`]: that takes
/// one product, and no two characters share a row and a bit.
#[inline]
pub fn row_and_bit(bytes: u32) -> (usize, u32) {
    // The sum comes to stand in the highest bits, so that nothing is left to mask.
    let row = (bytes.wrapping_mul(1 << 28 | 1 << 14) >> ROW_SHIFT) as usize;
    (row, bytes >> 16 & 63)
}

/// Whether `rows` has the character of these bytes.
#[inline]
pub fn has(rows: &Rows, bytes: u32) -> bool {
    let (row, bit) = row_and_bit(bytes);
    u64::from_le_bytes(rows[row]) >> bit & 1 != 0
}

/// Where the set keeps a key: the number of a word, and two bits in it.
#[inline]
pub const fn place(key: u64) -> (usize, u64) {
    place_in(WORD_BITS, key)
}

/// … and where that of Han characters and syllables that are not common keeps two of them, by their numbers.
#[inline]
pub const fn place_of_many(a: u32, b: u32) -> (usize, u64) {
    place_in(WORD_BITS_OF_MANY, pair(a, b))
}

/// … in a set of so many words, as a power of two.
#[inline]
const fn place_in(word_bits: u32, key: u64) -> (usize, u64) {
    // Fibonacci hashing (D. E. Knuth, The Art of Computer Programming 3, 6.4): 2^64 over the golden ratio.
    let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let word = (hash >> (64 - word_bits)) as usize;
    (word, 1 << (hash >> (58 - word_bits) & 63) | 1 << (hash >> (52 - word_bits) & 63))
}

#[inline]
const fn holds((word, bits): (usize, u64)) -> bool {
    u64::from_le_bytes(PAIRS[word]) & bits == bits
}

/// The word and the bit of a pair of letters for which [`is_letter`] holds, in the halves of `pair`. Most of Cyrillic,
/// Greek, Hebrew and Arabic text is such pairs, and those of one alphabet lie close to each other.
#[inline]
pub fn place_of_letters(pair: u32) -> (usize, u32) {
    const FIRST: u32 = 0x300;
    let number = |unit: u32| ((unit & 0x1f) << 6 | unit >> 8 & 0x3f).wrapping_sub(FIRST);
    let place = number(pair & 0xffff).wrapping_mul(LETTERS as u32).wrapping_add(number(pair >> 16));
    ((place / u64::BITS) as usize, place % u64::BITS)
}

/// Whether the pair of letters in the halves of `pair` was seen in clean text.
#[inline]
pub fn is_seen_pair(pair: u32) -> bool {
    let (word, bit) = place_of_letters(pair);
    PAIRS_OF_LETTERS.get(word).is_some_and(|word| u64::from_le_bytes(*word) >> bit & 1 != 0)
}

/// Whether this is a letter or mark from U+0300 to U+07FF.
#[inline]
pub fn is_letter(unit: Unit) -> bool {
    matches!(unit & 0xff, 0xcc..=0xdf) && (0x8000..0xc000).contains(&unit)
}

/// Whether this is a control character from U+0080 to U+009F.
#[inline]
pub fn is_control(unit: Unit) -> bool {
    unit & 0xff == 0xc2 && (0x8000..0xa000).contains(&unit)
}

/// Whether `b` was seen after `a` in clean text.
#[inline]
pub fn is_seen(a: Unit, b: Unit) -> bool {
    if is_letter(a) && is_letter(b) {
        return is_seen_pair(a | b << 16);
    }
    holds(place(pair(a, b)))
}

/// Whether a Han character or a syllable was seen after another in clean text, where neither is common.
#[inline]
pub fn is_seen_of_many(a: u32, b: u32) -> bool {
    let (word, bits) = place_of_many(a, b);
    u64::from_le_bytes(PAIRS_OF_MANY[word]) & bits == bits
}

/// What a character is to the scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A character with pairs of its own.
    Plain,
    /// A Han character.
    Han,
    /// A Hangul syllable.
    Hangul,
    /// A character that no legacy encoding has.
    Foreign,
}

/// The kind of the character with this number.
#[inline]
pub fn kind(number: u32) -> Kind {
    match number {
        0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => Kind::Han,
        0xac00..=0xd7a3 => Kind::Hangul,
        // Scripts of no code page, from Syriac to Sinhala, from Tibetan to the Vietnamese letters, …
        0x0700..=0x0dff
        | 0x0e80..=0x10ff
        | 0x1200..=0x1fff
        | 0x200c..=0x200f
        | 0x202a..=0x202e
        | 0x2066..=0x2069
        | 0x2313..=0x231f
        | 0x2322..=0x23ff
        | 0x2607..=0x263f
        | 0x2670..=0x27bf
        | 0x2b00..=0x2dff
        | 0xa000..=0xabff
        | 0xfe00..=0xfe0f
        | 0x1_0000..=0x1_ffff
        | 0xe_0000..=0xe_ffff => Kind::Foreign,
        _ => Kind::Plain,
    }
}

/// The class of an ASCII character: letters themselves, everything else in a few groups.
#[inline]
pub fn ascii_unit(byte: u8) -> Unit {
    Unit::from(ASCII[usize::from(byte & 0x7f)])
}

static ASCII: [u8; 128] = ascii_classes();

const fn ascii_classes() -> [u8; 128] {
    let mut classes = [0; 128];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        classes[at] = match byte {
            b'0'..=b'9' => b'0',
            b'\t' | b'\n' | b'\r' | b' ' => b' ',
            b'.' | b',' | b';' | b':' | b'!' => b'.',
            b'"' | b'\'' | b'`' => b'"',
            b'(' | b'[' | b'{' | b'<' => b'(',
            b')' | b']' | b'}' | b'>' => b')',
            b'A'..=b'Z' | b'a'..=b'z' | b'?' => byte,
            0..=0x1f | 0x7f => 0x1f,
            _ => b'=',
        };
        at += 1;
    }
    classes
}

static BESIDE_LETTER: [u8; 128] = beside_letter_classes();

/// Letters without case, white space, and the rest.
const fn beside_letter_classes() -> [u8; 128] {
    let mut classes = [b'.'; 128];
    let mut at = 0;
    while at < 128 {
        let byte = (at as u8).to_ascii_lowercase();
        if byte.is_ascii_lowercase() {
            classes[at] = byte;
        } else if ASCII[at] == b' ' {
            classes[at] = b' ';
        }
        at += 1;
    }
    classes
}

/// Whether a small letter from U+00DF to U+00FF was seen between two ASCII characters in clean text.
#[inline(always)]
pub fn is_seen_small(before: u8, second: u8, after: u8) -> bool {
    let class = |byte: u8| usize::from(CLASSES[usize::from(byte & 0x7f)] & 31);
    SMALL[usize::from(second & 63)][class(before)] >> class(after) & 1 != 0
}

/// What the set holds of small letters between ASCII, which most letters of Latin text beyond ASCII are, by the second byte of
/// the letter and the class of the character before it, with one bit for each class of the one after: 8 kB, where the set is
/// larger than the nearest cache, and nothing to hash.
static SMALL: [[u32; 32]; 64] = small_letters();

/// The classes of neighbours by number.
const BESIDE: &[u8] = b" .abcdefghijklmnopqrstuvwxyz";
/// … and the number of each ASCII character's.
static CLASSES: [u8; 128] = class_numbers();

const fn class_numbers() -> [u8; 128] {
    let mut classes = [0; 128];
    let mut at = 0;
    while at < 128 {
        while BESIDE[classes[at] as usize] != BESIDE_LETTER[at] {
            classes[at] += 1;
        }
        at += 1;
    }
    classes
}

const fn small_letters() -> [[u32; 32]; 64] {
    let mut all = [[0; 32]; 64];
    let mut second = 0x9f_u8;
    while second <= 0xbf {
        let mut pair = 0;
        while pair < BESIDE.len() * BESIDE.len() {
            let (before, after) = (pair / BESIDE.len(), pair % BESIDE.len());
            let letter = 0xc3 | (second as u64) << 8;
            let key = BESIDE[before] as u64 | letter << 16 | (BESIDE[after] as u64) << 32 | 1 << 50;
            all[second as usize & 63][before] |= (holds(place(key)) as u32) << after;
            pair += 1;
        }
        second += 1;
    }
    all
}

/// Whether this is the small letter of [`is_seen_small`].
#[inline]
pub fn is_small_letter(unit: Unit) -> bool {
    (0x9fc3..=0xbfc3).contains(&unit) && unit & 0xff == 0xc3
}

/// The unit of a character as it stands beside others than Han characters and syllables; `is_rare` is asked for these.
#[inline]
pub fn unit(number: u32, is_rare: impl FnOnce(u32) -> bool) -> Unit {
    match number {
        0..=0x7f => ascii_unit(number as u8),
        0x80..=0x7ff => 0x80c0 | number >> 6 | (number & 63) << 8,
        _ => match kind(number) {
            Kind::Plain => class(number),
            Kind::Foreign => FOREIGN,
            Kind::Han => {
                if is_rare(number) {
                    RARE_HAN
                } else {
                    HAN
                }
            }
            Kind::Hangul => {
                if is_rare(number) {
                    RARE_HANGUL
                } else {
                    HANGUL
                }
            }
        },
    }
}

/// The unit of a longer character of kind [`Kind::Plain`].
#[inline]
pub fn class(number: u32) -> Unit {
    match number {
        0x3041..=0x309f => HIRAGANA,
        0x30a1..=0x30ff => KATAKANA,
        0xff61..=0xff9f => NARROW,
        0x3000..=0x3012 | 0xff01..=0xff0f | 0xff1a..=0xff20 | 0xff3b..=0xff40 | 0xff5b..=0xff60 => MARK,
        0xff10..=0xff5a => WIDE,
        _ => number,
    }
}

/// Whether this is a Latin letter from U+00C0 to U+017F: the languages of Europe share them, and code pages have them.
#[inline]
pub fn is_latin(unit: Unit) -> bool {
    matches!(unit & 0xff, 0xc3..=0xc5) && (0x8000..0xc000).contains(&unit)
}

/// The key of a pair.
#[inline]
pub const fn pair(a: Unit, b: Unit) -> u64 {
    (a & 0xffff | b << 16) as u64
}

/// The key of a character between two others.
#[inline]
pub fn triple(a: Unit, b: Unit, c: Unit) -> u64 {
    let fold = if is_latin(b) { beside_letter } else { beside_sign };
    u64::from(fold(a)) | u64::from(b) << 16 | u64::from(fold(c)) << 32 | 1 << 50
}

/// A neighbour as a Latin letter sees it: letters without case if they are ASCII, white space, and the rest.
#[inline]
fn beside_letter(unit: Unit) -> Unit {
    match unit {
        FOREIGN => FOREIGN,
        0..0x80 => Unit::from(BESIDE_LETTER[unit as usize]),
        _ if is_latin(unit) => unit,
        _ => u32::from(b'.'),
    }
}

/// A neighbour as a sign sees it: small letters, capitals, digits, white space, and the rest.
fn beside_sign(unit: Unit) -> Unit {
    let class = match unit {
        SPACE => b' ',
        0..0x80 => match unit as u8 {
            b'a'..=b'z' => b'a',
            b'A'..=b'Z' => b'A',
            b'0' => b'0',
            _ => b'.',
        },
        _ if is_latin(unit) => b'a',
        _ => b'.',
    };
    Unit::from(class)
}

/// Whether a character is looked at between its neighbours too: Latin letters, and between letters signs as well.
#[inline]
pub fn has_sides(a: Unit, b: Unit, c: Unit) -> bool {
    let is_sign = b & 0xff == 0xc2 && b > 0xff || (0x2010..=0x206f).contains(&b);
    is_latin(b)
        || is_sign && beside_sign(a) | 0x20 == u32::from(b'a') && beside_sign(c) | 0x20 == u32::from(b'a')
}

/// Whether `b` was seen between `a` and `c` in clean text.
#[inline]
pub fn is_seen_between(a: Unit, b: Unit, c: Unit) -> bool {
    holds(place(triple(a, b, c)))
}

/// Whether clean text has this Han character or syllable, though it is not common.
#[inline]
pub fn is_known(number: u32) -> bool {
    number <= 0xffff && is_seen(KNOWN, number)
}
