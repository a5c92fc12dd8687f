//! The space that a program puts behind an odd number of bytes, so that they can be read as UTF-16.

use crate::encoding::{Bytes, Encoding};

use super::plan::{Edit, EditKind, Plan, Step};
use super::task::Task;
use super::{Alternative, Change, weights};

/// The same change without the space, if it ends a text that was read as UTF-16; half of all texts have an odd number of
/// bytes, and few end with a space. `None` if nothing was put there, or the space may be meant.
pub(super) fn without(task: &Task<'_>, text: &str, change: &Change) -> Option<Change> {
    let after = change.after.strip_suffix(' ').filter(|after| !after.ends_with(char::is_whitespace))?;
    if task.options.lossless_only || after.is_empty() || change.span.end < text.len() {
        return None;
    }
    let (edits, steps) = match change.plan.steps() {
        [Step::Restore(edits), steps @ ..] => (edits.clone(), steps),
        steps => (Vec::new(), steps),
    };
    let [Step::Encode(reader), Step::Decode(written)] = *steps else { return None };
    if !matches!(reader.encoding(), Encoding::UTF_16LE | Encoding::UTF_16BE) || !written.has_ascii() {
        return None;
    }
    let last = change.before.chars().next_back()?;
    let [first, b' '] = *reader.bytes_of(last)?.as_slice() else { return None };
    let at = change.before.chars().count() - 1;
    let kind = EditKind::Replace { from: last, bytes: Bytes::one(first) };
    let mut edits: Vec<Edit> = edits.into_iter().filter(|edit| edit.at < at).collect();
    edits.push(Edit { at, kind });
    let plan = Plan::transcode(edits, reader, written);
    let is_proven = plan.apply(&change.before).as_deref() == Some(after)
        && plan.invert(after).as_deref() == Some(&change.before);
    let confidence = change.confidence * weights::PADDED;
    if !is_proven || confidence < task.options.min_confidence {
        return None;
    }
    let padded = change.confidence - confidence;
    let mut alternatives = change.alternatives.clone();
    alternatives.push(Alternative { after: change.after.clone(), confidence: padded });
    alternatives.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    Some(Change { after: after.to_owned(), plan, confidence, alternatives, ..change.clone() })
}
