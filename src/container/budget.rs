//! What an input may still make us do: the only way to get bytes out of a compressed reader.

use std::io::Read;

use super::Problem;
use crate::Limits;

/// Up to here any ratio is harmless.
const RATIO_FREE_BYTES: u64 = 10_000_000;
/// Bytes per read, and so how far a limit can be overrun.
const CHUNK_BYTES: usize = 64 << 10;

/// What is left of the limits, for one input and all that is inside it.
#[derive(Debug)]
pub(crate) struct Budget<'l> {
    limits: &'l Limits,
    input_bytes: u64,
    total_bytes: u64,
    entries: u64,
    depth: u32,
    /// The buffer for reading, kept: an archive may hold a million small entries.
    chunk: Vec<u8>,
}

impl<'l> Budget<'l> {
    /// The whole budget for an input of `input_bytes`.
    pub(crate) fn new(limits: &'l Limits, input_bytes: usize) -> Self {
        Self {
            limits,
            input_bytes: input_bytes as u64,
            total_bytes: 0,
            entries: 0,
            depth: 0,
            chunk: vec![0; CHUNK_BYTES],
        }
    }

    /// One level down, if there may be one more.
    pub(crate) fn enter(&mut self) -> Result<(), Problem> {
        if self.depth >= self.limits.depth {
            return Err(Problem::Limit { what: "archives inside archives", limit: self.limits.depth.into() });
        }
        self.depth += 1;
        Ok(())
    }

    /// Back up.
    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Pays for one entry.
    pub(crate) fn entry(&mut self) -> Result<(), Problem> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(Problem::Limit { what: "entries", limit: self.limits.entries });
        }
        Ok(())
    }

    /// Whether the limits that hold for the whole input are used up, so that going on is useless.
    pub(super) fn is_spent(&self) -> bool {
        self.entries >= self.limits.entries
            || self.total_bytes >= self.limits.total_bytes
            || self.ratio_exceeded(self.total_bytes, self.input_bytes)
    }

    /// Refuses text of `bytes` that was unfolded out of `from` bytes: one text may be pointed at any number of times.
    pub(crate) fn unfolded(&self, bytes: u64, from: u64) -> Result<(), Problem> {
        self.declared(bytes)?;
        if self.ratio_exceeded(bytes, from) {
            return Err(Problem::Limit {
                what: "bytes of text per byte of the document",
                limit: self.limits.ratio,
            });
        }
        Ok(())
    }

    /// Refuses at once what declares to be too large.
    pub(super) fn declared(&self, bytes: u64) -> Result<(), Problem> {
        if bytes > self.limits.entry_bytes {
            return Err(Problem::Limit { what: "bytes of one entry", limit: self.limits.entry_bytes });
        }
        Ok(())
    }

    /// Reads all of `reader` within the limits. `consumed` tells how many compressed bytes it has taken so far.
    pub(super) fn read<R: Read>(
        &mut self,
        mut reader: R,
        consumed: impl Fn(&R) -> u64,
        format: &'static str,
    ) -> (Vec<u8>, Option<Problem>) {
        let mut bytes = Vec::new();
        loop {
            let n = match reader.read(&mut self.chunk) {
                Ok(0) => return (bytes, None),
                Ok(n) => n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return (bytes, Some(Problem::Damaged { format, found: error.to_string() })),
            };
            if let Err(problem) = self.spend(n as u64, bytes.len() as u64, consumed(&reader)) {
                // What a bomb has given so far is of no use to anybody.
                return (Vec::new(), Some(problem));
            }
            bytes.extend_from_slice(&self.chunk[..n]);
        }
    }

    fn spend(&mut self, bytes: u64, before: u64, consumed: u64) -> Result<(), Problem> {
        self.total_bytes = self.total_bytes.saturating_add(bytes);
        self.declared(before + bytes)?;
        if self.total_bytes > self.limits.total_bytes {
            return Err(Problem::Limit { what: "bytes of all entries", limit: self.limits.total_bytes });
        }
        if self.ratio_exceeded(before + bytes, consumed)
            || self.ratio_exceeded(self.total_bytes, self.input_bytes)
        {
            let what = "decompressed bytes per compressed byte";
            return Err(Problem::Limit { what, limit: self.limits.ratio });
        }
        Ok(())
    }

    fn ratio_exceeded(&self, out: u64, input: u64) -> bool {
        out > RATIO_FREE_BYTES && out / self.limits.ratio.max(1) > input
    }
}
