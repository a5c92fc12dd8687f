//! The n-gram table: a static function from n-grams to small values, with fingerprints.
//!
//! Source of the algorithm: T. M. Graf and D. Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters"
//! (2022). There each key maps to three slots whose exclusive or is the key's fingerprint. Here the slots hold 24
//! bits, and the exclusive or gives a 14-bit fingerprint, the price of backing off in 4 bits and the cost in 6: so a
//! lookup is three independent loads, and an n-gram that was never stored is taken for a stored one in 1 of 16,384
//! lookups. (A search over millions of hypotheses finds such mistakes: with 9 bits they decided lines.)

/// Bytes of a slot.
pub const SLOT: usize = 3;
/// Bits of a slot below its fingerprint.
pub const VALUE_BITS: u32 = 10;
/// Stands in the place of the first character in the key of a bigram.
pub const NO_UNIT: u32 = 0x11_0000;

/// Shape of a table: everything a lookup needs besides the slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Makes the three slots of a key; chosen by the builder so that all keys fit.
    pub seed: u64,
    /// Slots of one segment, a power of two.
    pub segment_length: u32,
    /// Segments in which a key's first slot may lie; the table has two more.
    pub segment_count: u32,
}

impl Geometry {
    /// Slots of the whole table.
    pub fn slots(&self) -> usize {
        (self.segment_count as usize + 2) * self.segment_length as usize
    }

    /// The three slots of a key's hash.
    #[inline]
    pub fn positions(&self, hash: u64) -> [usize; 3] {
        let span = u64::from(self.segment_count) * u64::from(self.segment_length);
        let first = ((u128::from(hash) * u128::from(span)) >> 64) as u32;
        let mask = self.segment_length - 1;
        let second = (first + self.segment_length) ^ ((hash >> 18) as u32 & mask);
        let third = (first + 2 * self.segment_length) ^ (hash as u32 & mask);
        [first as usize, second as usize, third as usize]
    }
}

/// Hash of the n-gram `a b c`; a bigram has [`NO_UNIT`] as `a`.
#[inline]
pub fn hash(seed: u64, a: u32, b: u32, c: u32) -> u64 {
    // 21 bits hold a scalar value, and NO_UNIT fits as well: the key is exact. The finaliser is MurmurHash3's
    // (A. Appleby, public domain).
    let mut h = (u64::from(a) << 42 | u64::from(b) << 21 | u64::from(c)).wrapping_add(seed);
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h = (h ^ (h >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ (h >> 33)
}

/// The fingerprint of a hash, in the place where a slot keeps it.
#[inline]
pub fn fingerprint(hash: u64) -> u32 {
    // Bits that `positions` uses least.
    (((hash ^ (hash >> 40)) as u32) << VALUE_BITS) & 0xff_ffff
}

/// What a slot triple says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Cost in quarters of a bit, 0 to 63.
    pub quarters: u8,
    /// Price of finding no longer n-gram that begins with this one, in thirds of a bit, 0 to 14; `None` if none is
    /// stored.
    pub back_off: Option<u8>,
}

impl Entry {
    /// The entry as the low bits of a slot.
    pub fn to_bits(self) -> u32 {
        self.back_off.map_or(0, |price| u32::from(price) + 1) << 6 | u32::from(self.quarters)
    }

    #[inline]
    fn from_bits(bits: u32) -> Self {
        Self { quarters: (bits & 63) as u8, back_off: ((bits >> 6 & 15) as u8).checked_sub(1) }
    }
}

/// A table over bytes that somebody else holds (24-bit little-endian slots).
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    geometry: Geometry,
    slots: &'a [[u8; SLOT]],
}

impl<'a> Table<'a> {
    /// A table of that shape over `bytes`; `None` if their number is wrong.
    pub fn new(geometry: Geometry, bytes: &'a [u8]) -> Option<Self> {
        let (slots, rest) = bytes.as_chunks::<SLOT>();
        (rest.is_empty() && slots.len() == geometry.slots()).then_some(Self { geometry, slots })
    }

    /// The entry of the n-gram `a b c`.
    #[inline]
    pub fn get(&self, a: u32, b: u32, c: u32) -> Option<Entry> {
        let hash = hash(self.geometry.seed, a, b, c);
        let mut bits = 0;
        for position in self.geometry.positions(hash) {
            let [low, middle, high] = *self.slots.get(position)?;
            bits ^= u32::from_le_bytes([low, middle, high, 0]);
        }
        let unmasked = bits ^ fingerprint(hash);
        (unmasked >> VALUE_BITS == 0).then(|| Entry::from_bits(unmasked))
    }
}
