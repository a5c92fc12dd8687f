//! Changes of changes: what two passes did, told as one.

use std::ops::Range;

use super::plan::{Plan, Step};
use super::{Alternative, Change, Undecided};

/// Maps places of a repaired text back to the text before.
pub(super) struct Offsets {
    /// Of each change its span before and after.
    spans: Vec<(Range<usize>, Range<usize>)>,
}

impl Offsets {
    pub(super) fn new(changes: &[Change]) -> Self {
        let mut spans = Vec::with_capacity(changes.len());
        let mut shift = 0isize;
        for change in changes {
            let start = change.span.start.wrapping_add_signed(shift);
            spans.push((change.span.clone(), start..start + change.after.len()));
            shift += change.after.len() as isize - change.span.len() as isize;
        }
        Self { spans }
    }

    /// Whether a span of the repaired text touches a change.
    pub(super) fn is_changed(&self, span: &Range<usize>) -> bool {
        !self.touched(span).is_empty()
    }

    /// Whether the repaired text is ASCII outside of the changes.
    pub(super) fn are_ascii_outside(&self, repaired: &str) -> bool {
        let starts = self.spans.iter().map(|(_, after)| after.start).chain([repaired.len()]);
        let ends = [0].into_iter().chain(self.spans.iter().map(|(_, after)| after.end));
        ends.zip(starts).all(|(end, start)| repaired[end..start].is_ascii())
    }

    /// The numbers of the changes in a span of the repaired text, and where they are in it.
    pub(super) fn within(&self, span: &Range<usize>) -> (Range<usize>, Vec<Range<usize>>) {
        let touched = self.touched(span);
        (touched.clone(), self.spans[touched].iter().map(|(_, after)| after.clone()).collect())
    }

    fn touched(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.spans.partition_point(|(_, after)| after.end <= span.start);
        let end = self.spans.partition_point(|(_, after)| after.start < span.end);
        first..end.max(first)
    }

    /// The span before; changes that it touches are in it whole.
    pub(super) fn to_input(&self, span: &Range<usize>) -> Range<usize> {
        let touched = self.touched(span);
        let place = |at: usize, done: usize| match done.checked_sub(1).map(|last| &self.spans[last]) {
            Some((before, after)) => before.end + (at - after.end),
            None => at,
        };
        let (Some(first), Some(last)) = (self.spans.get(touched.start), touched.clone().last()) else {
            return place(span.start, touched.start)..place(span.end, touched.start);
        };
        let start = if span.start < first.1.start { place(span.start, touched.start) } else { first.0.start };
        let (before, after) = &self.spans[last];
        let end = if span.end > after.end { place(span.end, last + 1) } else { before.end };
        start..end
    }
}

/// The changes from `text` to what `second` makes of `middle`, where `first` led from `text` to `middle`.
pub(super) fn compose(text: &str, first: Vec<Change>, middle: &str, second: Vec<Change>) -> Vec<Change> {
    if first.is_empty() {
        return second;
    }
    let offsets = Offsets::new(&first);
    let mut result: Vec<Change> = Vec::new();
    let mut firsts = first.into_iter().enumerate().peekable();
    let mut seconds = second.into_iter().peekable();
    while let Some(change) = seconds.next() {
        // All that hangs together: this change, the earlier ones that it touches, later ones that touch those.
        let mut group = vec![change];
        let mut touched = offsets.touched(&group[0].span);
        let mut input = offsets.to_input(&group[0].span);
        while let Some(next) = seconds.peek() {
            let more = offsets.touched(&next.span);
            if more.is_empty() || touched.is_empty() || more.start >= touched.end {
                break;
            }
            touched.end = more.end;
            input.end = offsets.to_input(&next.span).end.max(input.end);
            group.extend(seconds.next());
        }
        while let Some((_, earlier)) = firsts.next_if(|(number, _)| *number < touched.start) {
            result.push(earlier);
        }
        let mut below = Vec::new();
        while let Some((_, earlier)) = firsts.next_if(|(number, _)| *number < touched.end) {
            below.push(earlier);
        }
        if below.is_empty() {
            let mut alone = group.swap_remove(0);
            alone.span = input;
            result.push(alone);
        } else {
            result.push(merge(text, input, below, middle, &offsets, touched, group));
        }
    }
    result.extend(firsts.map(|(_, earlier)| earlier));
    // A second pass may undo what the first did.
    result.retain(|change| change.before != change.after);
    result.sort_by_key(|change| change.span.start);
    result
}

fn merge(
    text: &str,
    input: Range<usize>,
    below: Vec<Change>,
    middle: &str,
    offsets: &Offsets,
    touched: Range<usize>,
    above: Vec<Change>,
) -> Change {
    let before = text[input.clone()].to_owned();
    // Where the merged span lies in the text between.
    let (first, last) = (&offsets.spans[touched.start], &offsets.spans[touched.end - 1]);
    let start = first.1.start - (first.0.start - input.start);
    let between = start..last.1.end + (input.end - last.0.end);

    let mut steps = Vec::new();
    push_steps(&mut steps, &before, &below, input.start);
    push_steps(&mut steps, &middle[between.clone()], &above, between.start);
    let plan = Plan::new(steps);

    let (after, guessed) = rewrite(&middle[between.clone()], &above, between.start);
    let confidence = below.iter().chain(&above).map(|c| c.confidence).product();
    let alternatives = match &above[..] {
        [only] => only
            .alternatives
            .iter()
            .map(|a| Alternative {
                after: middle[between.start..only.span.start].to_owned()
                    + &a.after
                    + &middle[only.span.end..between.end],
                confidence: a.confidence,
            })
            .collect(),
        _ => Vec::new(),
    };
    let mut score = above[0].score;
    for change in above.iter().skip(1) {
        score.repaired += change.score.repaired;
    }
    score.as_it_stands = below.iter().map(|c| c.score.as_it_stands).sum();
    score.channel = below.iter().chain(&above).map(|c| c.score.channel).sum();
    Change { span: input, before, after, plan, guessed, confidence, alternatives, score }
}

/// The steps that do `changes` to `text`, which begins at byte `origin` of the text that their spans count in.
fn push_steps(steps: &mut Vec<Step>, text: &str, changes: &[Change], origin: usize) {
    let local = |change: &Change| change.span.start - origin..change.span.end - origin;
    if let [only] = changes {
        let span = local(only);
        let transcodes = only.plan.steps().iter().all(|step| match step {
            Step::Encode(reader) => reader.encoding().passes_ascii(),
            Step::Decode(written) => written.passes_ascii(),
            _ => false,
        });
        // Plain ASCII passes through such a transcoding as it is, so the plan of a part serves the whole.
        if text.len() == span.len()
            || (transcodes && text[..span.start].is_ascii() && text[span.end..].is_ascii())
        {
            steps.extend(only.plan.steps().iter().cloned());
            return;
        }
    }
    // From the end, so that places before stay what they are.
    for change in changes.iter().rev() {
        let span = local(change);
        let start = text[..span.start].chars().count();
        let part = start..start + text[span].chars().count();
        steps.push(Step::Within { part, becomes: change.after.chars().count(), plan: change.plan.clone() });
    }
}

fn rewrite(text: &str, changes: &[Change], origin: usize) -> (String, Vec<Range<usize>>) {
    let mut after = String::with_capacity(text.len());
    let mut guessed = Vec::new();
    let mut from = 0;
    for change in changes {
        after.push_str(&text[from..change.span.start - origin]);
        guessed.extend(change.guessed.iter().map(|r| r.start + after.len()..r.end + after.len()));
        after.push_str(&change.after);
        from = change.span.end - origin;
    }
    after.push_str(&text[from..]);
    (after, guessed)
}

/// Where each character of a window begins, and where the last one ends.
pub(super) fn byte_offsets(chars: &[char], start: usize) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(chars.len() + 1);
    offsets.push(start);
    let mut at = start;
    for c in chars {
        at += c.len_utf8();
        offsets.push(at);
    }
    offsets
}

/// The text with its changes made.
pub(super) fn splice(text: &str, changes: &[Change]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for change in changes {
        result.push_str(&text[from..change.span.start]);
        result.push_str(&change.after);
        from = change.span.end;
    }
    result.push_str(&text[from..]);
    result
}

/// Spans of the repaired text as spans of the input; one that touches a change covers it whole.
pub(super) fn in_input(mut undecided: Vec<Undecided>, changes: &[Change]) -> Vec<Undecided> {
    let back = Offsets::new(changes);
    undecided.sort_by_key(|u| u.span.start);
    undecided.retain_mut(|u| {
        let touches = back.is_changed(&u.span);
        u.span = back.to_input(&u.span);
        !touches
    });
    undecided.dedup_by(|b, a| b.span.start < a.span.end);
    undecided
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Encoding, Reader};
    use super::super::{Change, Score};
    use super::*;

    /// The change that reads `part` of `text` as what was written, through windows-1252 or, where that has no such
    /// character, ISO-8859-1.
    fn change(text: &str, part: &str, written: Encoding) -> Change {
        let start = text.find(part).unwrap_or_else(|| panic!("{part} is not in {text}"));
        let is_latin_1 = part.chars().any(|c| Reader::WINDOWS_1252.byte_of(c).is_none());
        let reader = if is_latin_1 { Reader::LATIN_1 } else { Reader::WINDOWS_1252 };
        let plan = Plan::transcode(Vec::new(), reader, written);
        let after = plan.apply(part).unwrap_or_else(|| panic!("{part} is not {written:?}"));
        Change {
            span: start..start + part.len(),
            before: part.to_owned(),
            guessed: std::iter::once(0..after.chars().next().map_or(0, char::len_utf8)).collect(),
            after,
            plan,
            confidence: 0.9,
            alternatives: Vec::new(),
            score: Score { as_it_stands: 10.0, repaired: 2.0, channel: 1.0 },
        }
    }

    /// Composes and checks that each change replays both ways and that together they give `truth`.
    fn composed(
        text: &str,
        first: Vec<Change>,
        middle: &str,
        second: Vec<Change>,
        truth: &str,
    ) -> Vec<Change> {
        assert_eq!(rewrite(text, &first, 0).0, middle);
        let changes = compose(text, first, middle, second);
        for change in &changes {
            assert_eq!(text[change.span.clone()], change.before);
            assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after), "{}", change.plan);
            assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before), "{}", change.plan);
            assert!(change.guessed.iter().all(|guess| change.after.get(guess.clone()).is_some()));
        }
        assert_eq!(rewrite(text, &changes, 0).0, truth);
        changes
    }

    #[test]
    fn two_layers_over_one_part_are_one_change() {
        let text = "née Ã\u{83}Â© 1";
        let middle = "née Ã© 1";
        let first = vec![change(text, "Ã\u{83}Â©", Encoding::UTF_8)];
        let changes = composed(text, first, middle, vec![change(middle, "Ã©", Encoding::UTF_8)], "née é 1");
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].plan.steps().len(), 4, "{}", changes[0].plan);
        assert!((changes[0].confidence - 0.81).abs() < 1e-9, "{}", changes[0].confidence);
    }

    #[test]
    fn a_second_layer_over_two_parts_of_a_line_joins_them() {
        let text = "a Ã\u{8e}Â»ÖÃ\u{83} 江 Ã©";
        let first =
            vec![change(text, "Ã\u{8e}Â»", Encoding::UTF_8), change(text, "Ã\u{83}", Encoding::UTF_8)];
        let middle = "a Î»ÖÃ 江 Ã©";
        let second = vec![change(middle, "Î»ÖÃ", Encoding::GBK), change(middle, "Ã©", Encoding::UTF_8)];
        let changes = composed(text, first, middle, second, "a 位置 江 é");
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].before, "Ã\u{8e}Â»ÖÃ\u{83}");
    }

    #[test]
    fn two_changes_over_one_earlier_change_are_one() {
        let text = "Ã‚ÂµÃ‚Â¥ x ÃŽÂ»";
        let middle = "ÂµÂ¥ x Î»";
        let first = vec![change(text, text, Encoding::UTF_8)];
        let second = vec![change(middle, "ÂµÂ¥", Encoding::UTF_8), change(middle, "Î»", Encoding::GBK)];
        let changes = composed(text, first, middle, second, "µ¥ x 位");
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].guessed.len(), 2);
    }

    #[test]
    fn apart_they_stay_apart_and_in_order() {
        let text = "Ã© and Î»";
        let middle = "é and Î»";
        let first = vec![change(text, "Ã©", Encoding::UTF_8)];
        let changes = composed(text, first, middle, vec![change(middle, "Î»", Encoding::GBK)], "é and 位");
        let spans: Vec<_> = changes.iter().map(|change| change.span.clone()).collect();
        assert_eq!(spans, [0..4, 9..13]);
    }

    #[test]
    fn places_of_the_result_lead_back() {
        let text = "aÃ©bÃ©c";
        let changes: Vec<Change> = [1, 6]
            .map(|start| {
                let mut it = change(text, "Ã©", Encoding::UTF_8);
                it.span = start..start + 4;
                it
            })
            .into();
        // Repaired: a é b é c, at 0, 1, 3, 4, 6.
        let offsets = Offsets::new(&changes);
        assert_eq!(offsets.to_input(&(0..1)), 0..1);
        assert_eq!(offsets.to_input(&(1..3)), 1..5);
        assert_eq!(offsets.to_input(&(3..4)), 5..6);
        assert_eq!(offsets.to_input(&(2..7)), 1..11);
        assert!(offsets.is_changed(&(4..5)) && !offsets.is_changed(&(6..7)));
    }
}
