//! File bytes to text runs. Never decodes.

mod plain;

pub(crate) use plain::cut;
