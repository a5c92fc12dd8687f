//! Whole files, of which the library finds out what they are: seeded with legacy documents.

#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    properties::document(bytes);
});
