//! Damage by a fixed generator.

/// What xorshift gives from one number.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

/// The file with a few bytes changed, stretches doubled, moved or dropped.
pub(crate) fn damaged(file: &[u8], seed: u64) -> Vec<u8> {
    let mut numbers = Numbers::new(seed);
    let mut file = file.to_vec();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(file.len());
        let length = numbers.below(40).min(file.len() - at);
        match numbers.below(5) {
            0 => file[at] ^= 1 << numbers.below(8),
            1 => file[at] = [0, 0xFF, 0x7F, 0x80, b'{', b'}', b'\\'][numbers.below(7)],
            2 => drop(file.drain(at..at + length)),
            3 => {
                let copy = file[at..at + length].to_vec();
                let to = numbers.below(file.len());
                file.splice(to..to, copy);
            }
            _ => file[at..at + length].fill(numbers.below(256) as u8),
        }
        if file.is_empty() {
            file.push(0);
        }
    }
    file
}
