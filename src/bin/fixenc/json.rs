//! The pieces that all JSON lines share.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::input::Failure;

/// A path: `{"text": …}` where it is UTF-8, `{"bytes": base64}` where it is not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JsonPath<'p>(pub(crate) &'p Path);

impl Serialize for JsonPath<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self.0.to_str() {
            Some(text) => map.serialize_entry("text", text)?,
            None => map.serialize_entry("bytes", &STANDARD.encode(self.0.as_os_str().as_encoded_bytes()))?,
        }
        map.end()
    }
}

/// The record of an input that failed.
#[derive(Debug, Serialize)]
pub(crate) struct FailureLine<'f> {
    v: u32,
    path: JsonPath<'f>,
    error: &'f str,
}

impl<'f> FailureLine<'f> {
    /// The record of `failure`.
    pub(crate) fn new(failure: &'f Failure) -> Self {
        Self { v: fixenc::report::SCHEMA_VERSION, path: JsonPath(&failure.path), error: &failure.message }
    }
}
