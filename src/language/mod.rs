//! The language models: how surprising a text is, in bits.

mod cache;
mod model;
pub mod plausible;
pub mod table;
pub mod unit;
pub mod words;

pub use cache::Cache;
pub use model::{ANY, Context, Languages, MAGIC, Model, PAGE, PAGES, UNSEEN, Walk, all, description};

/// Surprise in sixteenths of a bit.
pub type Cost = u32;

/// Sixteenths of a bit in a bit.
pub const BIT: Cost = 16;

/// A cost in bits.
pub(crate) fn bits(cost: Cost) -> f64 {
    f64::from(cost) / f64::from(BIT)
}

/// How surprising a text is to the language that explains it best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surprise {
    /// BCP 47 tag of that language; `None` for text without letters.
    pub language: Option<&'static str>,
    /// Bits for the whole text; lower is more plausible.
    pub bits: f64,
    /// Characters that were scored.
    pub chars: usize,
}

/// Scores `text` under every language and keeps the best.
pub fn surprise(text: &str) -> Surprise {
    let best =
        all().iter().filter(|model| model.tag != ANY).map(|model| (model.text_cost(text), model.tag)).min();
    let has_letters = text.chars().any(char::is_alphabetic);
    Surprise {
        language: best.filter(|_| has_letters).map(|(_, tag)| tag),
        bits: bits(best.map_or(0, |(cost, _)| cost)),
        chars: text.chars().count(),
    }
}
