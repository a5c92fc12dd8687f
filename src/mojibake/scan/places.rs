//! Where bytes of a kind stand in a text: a block is looked at as a whole, so that what stands where costs no branch.

/// Bytes of a block, one bit of a number for each.
const BLOCK: usize = 64;

/// The places of the bytes of a kind, asked for in order.
pub(in crate::mojibake) struct Places<'b, F> {
    bytes: &'b [u8],
    is_kind: F,
    /// Where the last block begins that was looked at.
    block: usize,
    /// One bit for each of its bytes, the lowest for the first.
    places: u64,
}

impl<'b, F: Fn(u8) -> bool> Places<'b, F> {
    pub(in crate::mojibake) fn of(bytes: &'b [u8], is_kind: F) -> Self {
        // No place is in this block.
        Self { bytes, is_kind, block: bytes.len() + BLOCK, places: 0 }
    }

    /// The first place from `from` on.
    #[inline]
    pub(in crate::mojibake) fn next(&mut self, from: usize) -> Option<usize> {
        let within = from.wrapping_sub(self.block);
        if within < BLOCK {
            let left = self.places >> within;
            if left != 0 {
                return Some(from + left.trailing_zeros() as usize);
            }
        }
        let next = if within < BLOCK { self.block + BLOCK } else { from };
        self.next_block(next)
    }

    /// The first place from `from` on of which `is_wanted` is true.
    pub(in crate::mojibake) fn find(
        &mut self,
        from: usize,
        mut is_wanted: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let mut place = self.next(from)?;
        loop {
            let mut left = self.places & !0 << (place - self.block);
            while left != 0 {
                let at = self.block + left.trailing_zeros() as usize;
                if is_wanted(at) {
                    return Some(at);
                }
                left &= left - 1;
            }
            place = self.next_block(self.block + BLOCK)?;
        }
    }

    /// The first place from the beginning of a block on.
    fn next_block(&mut self, from: usize) -> Option<usize> {
        let (blocks, end) = self.bytes.get(from..)?.as_chunks::<BLOCK>();
        self.block = from;
        if let Some((first, blocks)) = blocks.split_first() {
            self.places = self.places_in(first);
            if self.places == 0 {
                let has_none =
                    |block: &[u8; BLOCK]| !block.iter().fold(false, |any, &byte| any | (self.is_kind)(byte));
                let none = blocks.iter().take_while(|block| has_none(block)).count();
                self.block = from + BLOCK * (1 + none);
                self.places = blocks.get(none).map_or(0, |block| self.places_in(block));
            }
        }
        if self.places == 0 || blocks.is_empty() {
            let mut last = [b' '; BLOCK];
            last[..end.len()].copy_from_slice(end);
            self.block = self.bytes.len() - end.len();
            self.places = self.places_in(&last);
        }
        (self.places != 0).then(|| self.block + self.places.trailing_zeros() as usize)
    }

    fn places_in(&self, block: &[u8; BLOCK]) -> u64 {
        // The product moves the lowest bit of each byte into the highest byte.
        const GATHER: u64 = 0x0102_0408_1020_4080;
        // A loop, which is taken into its caller in any build; [`array::map`] is called for each block in some.
        let mut flags = [0_u8; BLOCK];
        for (flag, &byte) in flags.iter_mut().zip(block) {
            *flag = u8::from((self.is_kind)(byte));
        }
        let (words, _) = flags.as_chunks::<8>();
        let gathered = words.iter().map(|word| u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56);
        gathered.rev().fold(0, |all, places| all << 8 | places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_one_by_one_gives() {
        for gap in [1, 2, 7, 63, 64, 65, 200] {
            let bytes: Vec<u8> = (0..1000).map(|at| if at % gap == gap / 2 { 0xc3 } else { b'a' }).collect();
            for length in [0, 1, 63, 64, 65, 127, 999, 1000] {
                let bytes = &bytes[..length];
                let mut places = Places::of(bytes, |byte| byte == 0xc3);
                for from in 0..=length {
                    let expected = (from..length).find(|&at| bytes[at] == 0xc3);
                    assert_eq!(places.next(from), expected, "{gap} {length} {from}");
                }
                let mut evens = Places::of(bytes, |byte| byte == 0xc3);
                for from in 0..=length {
                    let expected = (from..length).find(|&at| bytes[at] == 0xc3 && at % 2 == 0);
                    assert_eq!(evens.find(from, |at| at % 2 == 0), expected, "{gap} {length} {from}");
                }
                // Also out of order.
                for from in (0..=length).rev() {
                    let expected = (from..length).find(|&at| bytes[at] == 0xc3);
                    assert_eq!(places.next(from), expected, "{gap} {length} {from}");
                }
            }
        }
    }
}
