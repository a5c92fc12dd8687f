//! Every price of the repair, in sixteenths of a bit, in one place.
//!
//! A price is minus the logarithm of how often something happens. Where the training text can say how often, the
//! comment says so; the others are choices, made on the development text and named as such.

use crate::language::{BIT, Cost};

/// A stretch of text is damaged by one given channel at all. Chosen: one stretch in 2^20 characters.
pub(super) const ENTER: Cost = 20 * BIT;
/// … where the same channel was already found in this text.
pub(super) const ENTER_AGAIN: Cost = 7 * BIT;
/// The damage ends before the text does.
pub(super) const LEAVE: Cost = 3 * BIT;
/// … or begins beside a character that the reader could have made, and that is clean all the same.
pub(super) const BORDER: Cost = 14 * BIT;
/// Clean text repeats a character, or a sign among the last [`MEMORY`] characters.
pub(super) const REPEATED: Cost = 4 * BIT;
/// Characters looked back for a repetition.
pub(super) const MEMORY: usize = 8;
/// Clean text goes on to the next letter or sign of a list.
pub(super) const IN_SEQUENCE: Cost = 7 * BIT;

/// A filter dropped every U+00AD of the damaged text: paid once, each byte is then free, because the loss leaves no
/// choice.
pub(super) const DROPS_AD: Cost = 4 * BIT;
/// A filter turned every U+00AD into a hyphen or a space.
pub(super) const REPLACES_AD: Cost = 9 * BIT;
/// … and each hyphen or space that is taken for one.
pub(super) const EACH_AD: Cost = 2 * BIT;
/// A filter turned every NBSP into a space.
pub(super) const NBSP_TO_SPACE: Cost = 9 * BIT;
/// … and each space that is taken for one: most spaces are spaces.
pub(super) const EACH_NBSP: Cost = 6 * BIT;
/// A filter dropped the C1 controls (and U+00AD), or a reader that has no character for them.
pub(super) const DROPS_C1: Cost = 14 * BIT;
/// … and each dropped control; which of the 32 it was, the text says.
pub(super) const EACH_C1: Cost = 3 * BIT;
/// A byte was replaced by U+FFFD because the reader has no character for it: one of five in windows-1252.
pub(super) const REPLACED_UNASSIGNED: Cost = 3 * BIT;
/// A byte was replaced by U+FFFD or `?` for another reason: one of 128.
pub(super) const REPLACED_ANY: Cost = 8 * BIT;
/// One byte was lost for no reason that can be named, at this place of all places.
pub(super) const DROPPED_ANY: Cost = 22 * BIT;
/// Somebody put spaces between the characters.
pub(super) const SPACED: Cost = 9 * BIT;
/// … each of them; running Chinese has none.
pub(super) const EACH_SPACE: Cost = BIT;
/// A byte of a filtered set survived the filter.
pub(super) const SURVIVOR: Cost = 14 * BIT;
/// The reader tried UTF-8 first: rarer than the plain mistake.
pub(super) const FUSED: Cost = 6 * BIT;
/// The reader took a character below U+0100 from two bytes of UTF-8 instead of one of its own.
pub(super) const FUSED_LATIN: Cost = 2 * BIT;

/// A character beyond the Basic Multilingual Plane, over what the model asks: nearly any four bytes give one.
pub(super) const ASTRAL: Cost = 12 * BIT;

/// A space between two ideographs: layout puts it there, running text does not.
pub(super) const SPACE_IN_HAN: Cost = 4 * BIT;

/// Weight of the document's own characters in the mixture with the language model.
pub(super) const CACHE_SHARE: f64 = 0.15;

/// Hypotheses kept at each character.
pub(super) const BEAM: usize = 8;
/// … where C1 controls were dropped: a lead byte alone may go on in 32 ways, and only the next byte tells.
pub(super) const WIDE_BEAM: usize = 96;
/// … and how much worse than the best they may be.
pub(super) const BEAM_MARGIN: Cost = 24 * BIT;
/// Other ways through a window are told up to this much dearer than the best.
pub(super) const RUNNER_UP: Cost = 14 * BIT;
/// How much better than the text as it stands a repair must be.
pub(super) const MARGIN: Cost = 4 * BIT;
/// Surprise that a repaired character may have on average: running Chinese has 7 to 9 bits, names 12; what chance
/// makes of drawings has 15 and more.
pub(super) const TYPICAL: Cost = 12 * BIT;
/// … and that a stretch may have once on top of it, for a rare word.
pub(super) const TYPICAL_ONCE: Cost = 8 * BIT;
/// Characters on each side of an unexplained one among which any byte may be lost.
pub(super) const NEAR: usize = 5;
/// Characters of a window up to which the dear losses are tried: they cost a hundred times as much.
pub(super) const DEAR_WINDOW: usize = 4096;
/// Characters of a window at which any byte may be lost, at most; so a page of noise takes no longer than a second.
pub(super) const DEAR_PLACES: usize = 256;
/// How much worse than the best a way may be on which any byte is lost.
pub(super) const ANY_MARGIN: Cost = 12 * BIT;
/// Cost of a repaired character from which something may be wrong with it.
pub(super) const RARE: Cost = 24 * BIT;
/// One replaced character for this many others that may be bytes, and the text is gone: windows-1252 lacks 5 of the 128
/// bytes, so a reader that replaces only those stays far below.
pub(super) const GONE: usize = 3;
