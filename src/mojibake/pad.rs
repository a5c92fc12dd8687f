//! The space that a program puts behind an odd number of bytes, so that they can be read as UTF-16.

use crate::encoding::{Bytes, Encoding};

use super::plan::{Edit, EditKind, Plan, Step};
use super::{Alternative, Change, Repair, Repairer, weights};

/// A repair of a text without the space, if that ends it.
pub(super) fn taken_out<'t>(options: &Repairer, text: &str, mut repair: Repair<'t>) -> Repair<'t> {
    if let Some(last) = repair.changes.last_mut()
        && last.span.end == text.len()
        && let Some(even) = without(options, last)
    {
        *last = even;
        repair.text.to_mut().pop();
    }
    repair
}

/// The same change without a space at its end; half of all texts have an odd number of bytes, and few end with a space.
/// `None` if nothing was put there, or the space may be meant.
fn without(options: &Repairer, change: &Change) -> Option<Change> {
    let after = change.after.strip_suffix(' ').filter(|after| !after.ends_with(char::is_whitespace))?;
    if options.lossless_only || after.is_empty() {
        return None;
    }
    let (mut edits, steps) = match change.plan.steps() {
        [Step::Restore(edits), steps @ ..] => (edits.clone(), steps),
        steps => (Vec::new(), steps),
    };
    let Some(Step::Encode(reader)) = steps.first() else { return None };
    if !matches!(reader.encoding(), Encoding::UTF_16LE | Encoding::UTF_16BE) {
        return None;
    }
    let last = change.before.chars().next_back()?;
    let [first, b' '] = *reader.bytes_of(last)?.as_slice() else { return None };
    let at = change.before.chars().count() - 1;
    if edits.last().is_some_and(|edit| edit.at >= at) {
        return None;
    }
    edits.push(Edit { at, kind: EditKind::Replace { from: last, bytes: Bytes::one(first) } });
    let plan = Plan::new([&[Step::Restore(edits)], steps].concat());
    let is_proven = plan.apply(&change.before).as_deref() == Some(after)
        && plan.invert(after).as_deref() == Some(&change.before);
    let confidence = change.confidence * weights::PADDED;
    if !is_proven || confidence < options.min_confidence {
        return None;
    }
    let mut alternatives = change.alternatives.clone();
    alternatives
        .push(Alternative { after: change.after.clone(), confidence: change.confidence - confidence });
    alternatives.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    Some(Change { after: after.to_owned(), plan, confidence, alternatives, ..change.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mojibake::{LossKind, repair};

    /// What a program shows that makes the bytes of a text even and reads them as UTF-16.
    fn read_as_utf16(truth: &str, written: Encoding, read: Encoding) -> String {
        let mut bytes = written.encode(truth).unwrap();
        bytes.extend((bytes.len() % 2 == 1).then_some(b' '));
        read.decode(&bytes).unwrap()
    }

    #[test]
    fn the_space_that_makes_bytes_even_is_taken_out() {
        for (truth, written) in [
            ("Der Kahn ist müde.", Encoding::UTF_8),
            ("Le bateau a quitté le port à midi.", Encoding::WINDOWS_1252),
            ("渡船停在江边等候潮水", Encoding::UTF_8),
            ("Протокол подписан и отправлен.", Encoding::UTF_8),
        ] {
            for read in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
                let garbled = read_as_utf16(truth, written, read);
                let repaired = repair(&garbled);
                assert_eq!(repaired.text(), truth, "{garbled}");
                assert_eq!(repair(truth).text(), truth);
                for change in repaired.changes() {
                    assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after));
                    assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
                }
            }
        }
    }

    #[test]
    fn what_was_taken_out_is_told_and_may_be_kept() {
        let garbled = read_as_utf16("Der Kahn liegt fest", Encoding::UTF_8, Encoding::UTF_16LE);
        let repaired = repair(&garbled);
        let [change] = repaired.changes() else { panic!("{repaired:?}") };
        assert_eq!(change.plan.losses()[0].kind, LossKind::Replaced);
        assert_eq!(change.alternatives[0].after, "Der Kahn liegt fest ");
        let kept = Repairer::new().lossless_only(true).repair(&garbled).into_text().into_owned();
        assert_eq!(kept, "Der Kahn liegt fest ");
    }

    #[test]
    fn spaces_that_are_meant_stay() {
        for truth in ["Der Kahn liegt fest!  ", "Der Kahn liegt fest.\n "] {
            let garbled = read_as_utf16(truth, Encoding::UTF_8, Encoding::UTF_16LE);
            assert_eq!(repair(&garbled).text(), truth, "{garbled}");
        }
    }
}
