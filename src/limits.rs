//! How much an input may make the library do.

/// Budgets for everything that an input can drive.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one document or archive entry, after decompression.
    pub entry_bytes: u64,
    /// Bytes of all entries of one input together, after decompression.
    pub total_bytes: u64,
    /// Entries of one input, over all levels.
    pub entries: u64,
    /// Archives inside archives.
    pub depth: u32,
    /// Decompressed bytes per compressed byte, once more than 10 MB came out.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entry_bytes: 256 << 20, total_bytes: 4 << 30, entries: 1_000_000, depth: 8, ratio: 200 }
    }
}

impl Limits {
    /// The default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`Limits::entry_bytes`].
    pub fn entry_bytes(mut self, bytes: u64) -> Self {
        self.entry_bytes = bytes;
        self
    }

    /// Sets [`Limits::total_bytes`].
    pub fn total_bytes(mut self, bytes: u64) -> Self {
        self.total_bytes = bytes;
        self
    }

    /// Sets [`Limits::entries`].
    pub fn entries(mut self, entries: u64) -> Self {
        self.entries = entries;
        self
    }

    /// Sets [`Limits::depth`].
    pub fn depth(mut self, levels: u32) -> Self {
        self.depth = levels;
        self
    }

    /// Sets [`Limits::ratio`].
    pub fn ratio(mut self, ratio: u64) -> Self {
        self.ratio = ratio;
        self
    }
}
