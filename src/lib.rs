//! Gets damaged text back.

#![forbid(unsafe_code)]

pub mod detect;
pub mod encoding;
pub mod language;
pub mod mojibake;
pub mod record;
pub mod recover;
pub mod report;

mod combining;
#[cfg(feature = "container")]
mod container;
#[cfg(feature = "container")]
mod document;
mod error;
mod limits;
#[cfg(feature = "container")]
mod little_endian;

pub use detect::{Detection, detect};
pub use error::Error;
pub use limits::Limits;
pub use mojibake::{Repair, Repairer, repair};
pub use recover::{Decoded, RecoverOptions, decode, recover};
pub use report::Report;
