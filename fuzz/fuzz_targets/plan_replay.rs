#![no_main]

#[path = "../properties.rs"]
mod properties;

// The first byte chooses the channel, the rest is the truth.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&channel, rest)) = bytes.split_first() else { return };
    let Ok(truth) = std::str::from_utf8(rest) else { return };
    properties::replay_of_garbled(truth, channel);
});
