//! What an encoding is: names, readers, decoding automata. Nothing here guesses.

mod automaton;
mod reader;

pub use automaton::Written;
pub(crate) use automaton::{Fed, Pending};
pub use reader::Reader;
pub(crate) use reader::sloppy_byte_of;
