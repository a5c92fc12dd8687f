//! One value for each field out of all that were found, and what the others say about it.
//!
//! A form says the same thing on its cover and in its table. What agrees confirms; what differs is weighed: a clear
//! reading beats one that was restored from lost bytes, a code that holds beats one that does not, and the table beats
//! the cover. Whatever was overruled leaves a warning.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::codes::{Labelled, Sighting};
use super::cover;
use super::doubt::{self, Doubts};
use super::layout::Sheet;
use super::scan::{Found, Source};
use super::schema::{DocumentType, FieldSpec, Kind};
use super::uscc::{self, Status};
use super::value::{self, Unit, Value};
use super::{Field, Warning, resident_id};

/// Probability that a value is right, by what speaks for it. Set by judgement; the sample reports, all clear, hold no
/// wrong value that would let them be measured.
mod confidence {
    pub(super) const CONFIRMED: f64 = 0.99;
    pub(super) const LABELLED: f64 = 0.95;
    pub(super) const COVER_ONLY: f64 = 0.92;
    pub(super) const SIGN_OFF_ONLY: f64 = 0.85;
    pub(super) const UNLABELLED_CODE: f64 = 0.85;
    pub(super) const CONTRADICTED: f64 = 0.7;
    pub(super) const ODD: f64 = 0.4;
    pub(super) const DAMAGED: f64 = 0.2;
    pub(super) const REJECTED_CODE: f64 = 0.2;
    /// No guess is reported as sure, whatever its own confidence.
    pub(super) const HIGHEST_GUESS: f64 = 0.9;
}

/// A value found for a field.
#[derive(Debug, Clone)]
struct Candidate {
    value: Value,
    /// The value in NFKC without white space: what agrees is equal in this.
    key: String,
    span: Range<usize>,
    source: &'static str,
    rank: u8,
    oddity: Option<&'static str>,
    /// Confidence of the least sure stretch that it rests on.
    guess: Option<f64>,
    is_rejected_code: bool,
    /// Characters in it that no text has: what could not be read, or was read wrongly.
    is_damaged: bool,
}

/// Reads the fields of one document.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) sheet: &'a Sheet,
    pub(super) document: &'static DocumentType,
    pub(super) doubts: &'a Doubts<'a>,
    pub(super) warnings: Vec<Warning>,
}

impl Reader<'_> {
    pub(super) fn fields(&mut self, found: &[Found], sightings: &[Sighting]) -> Vec<(&'static str, Field)> {
        let mut candidates: Vec<Vec<Candidate>> = vec![Vec::new(); self.document.fields.len()];
        for label in found {
            let span = self.sheet.bytes(label.glyphs.clone());
            let (source, rank) = source_name(label.source);
            candidates[label.field].extend(self.candidate(label.field, span, label.unit, source, rank));
        }
        for (at, field) in self.document.fields.iter().enumerate() {
            let unlabelled = self.unlabelled(field, candidates[at].is_empty(), sightings);
            for (span, source) in unlabelled {
                candidates[at].extend(self.candidate(at, span, None, source, 2));
            }
        }
        let mut fields = Vec::new();
        for (spec, candidates) in self.document.fields.iter().zip(&candidates) {
            if let Some(field) = self.weigh(spec, candidates) {
                fields.push((spec.key, field));
            }
        }
        fields
    }

    fn candidate(
        &self,
        field: usize,
        span: Range<usize>,
        unit: Option<Unit>,
        source: &'static str,
        rank: u8,
    ) -> Option<Candidate> {
        let spec = &self.document.fields[field];
        let raw = self.text.get(span.clone())?;
        let parsed = value::parse(spec.kind, raw, unit)?;
        let mut value = parsed.value;
        if spec.kind == Kind::Literal {
            value = Value::Text(without_maker(&value.to_plain_string()));
        }
        let mut is_rejected_code = false;
        if spec.kind == Kind::Uscc {
            let code = uscc::verdict(raw);
            is_rejected_code = code.status.is_rejected();
            value = Value::Text(resident_id::mask(&code.canonical));
        }
        let key = value.to_plain_string().nfkc().filter(|it| !it.is_whitespace()).collect();
        let guess = self.doubts.confidence(&span);
        let is_damaged = raw.contains(|it| matches!(it, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}'));
        Some(Candidate {
            value,
            key,
            span,
            source,
            rank,
            oddity: parsed.oddity,
            guess,
            is_rejected_code,
            is_damaged,
        })
    }

    /// Values that stand without a label.
    fn unlabelled(
        &self,
        field: &FieldSpec,
        is_missing: bool,
        sightings: &[Sighting],
    ) -> Vec<(Range<usize>, &'static str)> {
        let bytes = |glyphs: Option<Range<usize>>| {
            let spans = glyphs.map(|glyphs| (self.sheet.bytes(glyphs), "cover"));
            spans.into_iter().collect()
        };
        match field.key {
            "report_year" => {
                let years = cover::years(self.sheet, self.document);
                years.into_iter().map(|year| (self.sheet.bytes(year), "cover")).collect()
            }
            "old_certificate_no" if is_missing => bytes(cover::old_certificate(self.sheet)),
            "doc_no" if is_missing && self.document.key == "admin_penalty" => {
                bytes(cover::decision_number(self.sheet))
            }
            "uscc" if is_missing => {
                let holds = |it: &&Sighting| it.code.role == Some("other") && !it.code.status.is_rejected();
                let fits =
                    |it: &&Sighting| self.has_prefix(&it.code.canonical) && it.code.canonical.len() == 18;
                let first = sightings.iter().filter(holds).find(fits);
                first.map(|it| (it.span.clone(), "unlabelled_code")).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn has_prefix(&self, code: &str) -> bool {
        let prefixes = self.document.prefixes;
        prefixes.is_empty() || prefixes.iter().any(|prefix| code.starts_with(prefix))
    }

    /// Chooses the value, and says what the other candidates make of it.
    fn weigh(&mut self, spec: &FieldSpec, candidates: &[Candidate]) -> Option<Field> {
        let order = |it: &&Candidate| {
            (it.is_rejected_code, it.is_damaged, it.oddity.is_some(), it.guess.is_some(), it.rank)
        };
        let chosen = candidates.iter().min_by_key(order)?;
        let mut evidence = vec![chosen.source];
        let mut confidence = base_confidence(chosen);
        if let Some(guess) = chosen.guess {
            evidence.push("guessed");
            confidence = guess.min(confidence::HIGHEST_GUESS);
        }
        let others = || candidates.iter().filter(|other| !std::ptr::eq(*other, chosen));
        if others().any(|other| other.key == chosen.key && other.guess.is_none()) {
            evidence.push(confirmation(chosen, others()));
            confidence = confidence.max(confidence::CONFIRMED);
        }
        for other in others().filter(|other| other.key != chosen.key) {
            confidence = confidence.min(self.overrule(spec, chosen, other, &mut evidence));
        }
        if chosen.guess.is_some()
            && !evidence.contains(&"cover_confirms_table")
            && !evidence.contains(&"repeated")
        {
            self.warn_of_guess(spec, chosen);
        }
        if chosen.is_damaged {
            confidence = confidence.min(confidence::DAMAGED);
            self.warn(
                "damaged_value",
                format!("{} has characters that could not be read", spec.key),
                Some(spec.key),
            );
        }
        if let Some(oddity) = chosen.oddity {
            confidence = confidence.min(confidence::ODD);
            self.warn("odd_value", format!("{}: {oddity}", spec.key), Some(spec.key));
        }
        if spec.kind == Kind::Uscc {
            confidence = code_confidence(chosen, confidence, &mut evidence);
        }
        let raw = &self.text[chosen.span.clone()];
        let masked = resident_id::mask(raw);
        if masked != raw {
            self.warn("resident_id_masked", "a resident identity number was masked".into(), Some(spec.key));
        }
        Some(Field {
            value: chosen.value.clone(),
            raw: masked,
            start: chosen.span.start,
            end: chosen.span.end,
            evidence,
            confidence: (confidence * 1000.0).round() / 1000.0,
        })
    }

    /// Says why a differing candidate was not taken; returns the most that the chosen one is worth now.
    fn overrule(
        &mut self,
        spec: &FieldSpec,
        chosen: &Candidate,
        other: &Candidate,
        evidence: &mut Vec<&'static str>,
    ) -> f64 {
        if other.rank == 3 && spec.kind == Kind::Person {
            // Whoever signed need not be who is registered.
            return 1.0;
        }
        let (taken, left) = (resident_id::mask(&chosen.key), resident_id::mask(&other.key));
        if chosen.guess.is_none() && other.guess.is_some() {
            let readings = self.doubts.readings(&other.span);
            let is_explained = doubt::are_near(&chosen.key, &other.key)
                || readings.iter().any(|reading| {
                    value::parse(spec.kind, reading, None).is_some_and(|it| {
                        it.value.to_plain_string().nfkc().collect::<String>().contains(&chosen.key)
                    })
                });
            if !evidence.contains(&"clear_reading_preferred") {
                evidence.push("clear_reading_preferred");
            }
            let message = format!("a restored stretch reads {left}; the clear {} has {taken}", chosen.source);
            self.warn("doubtful_reading_overruled", message, Some(spec.key));
            return if is_explained { 1.0 } else { confidence::LABELLED };
        }
        if other.oddity.is_some() && chosen.oddity.is_none() || other.is_damaged && !chosen.is_damaged {
            return 1.0;
        }
        let message = format!("{} has {taken}, {} has {left}", chosen.source, other.source);
        self.warn("conflict", message, Some(spec.key));
        confidence::CONTRADICTED
    }

    fn warn_of_guess(&mut self, spec: &FieldSpec, chosen: &Candidate) {
        let mut message = format!("{} rests on restored bytes", spec.key);
        let readings = match self.doubts.hide_a_number(&chosen.span) {
            true => Vec::new(),
            false => self.doubts.readings(&chosen.span),
        };
        for reading in readings.iter().take(3) {
            message.push_str(", or: ");
            message.push_str(&resident_id::mask(reading));
        }
        self.warn("guessed_value", message, Some(spec.key));
    }

    fn warn(&mut self, kind: &'static str, message: String, field: Option<&'static str>) {
        self.warnings.push(Warning { kind, message, field });
    }
}

fn source_name(source: Source) -> (&'static str, u8) {
    match source {
        Source::Table => ("table", 0),
        Source::Inline => ("inline", 1),
        Source::Cover => ("cover", 2),
        Source::SignOff => ("sign_off", 3),
    }
}

fn base_confidence(chosen: &Candidate) -> f64 {
    match chosen.source {
        "cover" => confidence::COVER_ONLY,
        "sign_off" => confidence::SIGN_OFF_ONLY,
        "unlabelled_code" => confidence::UNLABELLED_CODE,
        _ => confidence::LABELLED,
    }
}

fn confirmation<'a>(chosen: &Candidate, mut others: impl Iterator<Item = &'a Candidate>) -> &'static str {
    let by_cover =
        others.any(|other| other.key == chosen.key && other.source == "cover" && other.guess.is_none());
    if by_cover && chosen.source != "cover" { "cover_confirms_table" } else { "repeated" }
}

/// Two check characters that hold by chance are one in three hundred; a code that does not hold is not what was
/// written.
fn code_confidence(chosen: &Candidate, confidence: f64, evidence: &mut Vec<&'static str>) -> f64 {
    if chosen.is_rejected_code {
        return confidence.min(confidence::REJECTED_CODE);
    }
    evidence.push("check_characters");
    match chosen.source {
        "unlabelled_code" => confidence,
        _ if chosen.guess.is_some() || evidence.len() > 2 => confidence,
        _ => confidence.max(confidence::CONFIRMED),
    }
}

/// The issuing body without the word that says it made the form.
fn without_maker(text: &str) -> String {
    let body = text.strip_suffix('制').unwrap_or(text);
    let body = ["监", "印", "统一"].iter().find_map(|word| body.strip_suffix(word)).unwrap_or(body);
    body.to_owned()
}

/// Where labels say that a code stands, and whose it is.
pub(super) fn labelled_codes(document: &DocumentType, sheet: &Sheet, found: &[Found]) -> Vec<Labelled> {
    let role = |field: &FieldSpec| match (field.kind, field.key) {
        (_, "index_no") => Some("publisher"),
        (Kind::PersonalId, _) => Some("person"),
        (Kind::Uscc, "buyer.uscc") => Some("buyer"),
        (Kind::Uscc, "seller.uscc") => Some("seller"),
        (Kind::Uscc, "supplier_uscc") => Some("supplier"),
        (Kind::Uscc, _) if document.key == "admin_penalty" => Some("party"),
        (Kind::Uscc, _) => Some("subject"),
        _ => None,
    };
    let labelled = found.iter().filter_map(|label| {
        let role = role(&document.fields[label.field])?;
        Some(Labelled { span: sheet.bytes(label.glyphs.clone()), role })
    });
    let mut labelled: Vec<Labelled> = labelled.collect();
    labelled.sort_by_key(|field| field.span.start);
    labelled
}

/// What the layers say about each code.
pub(super) fn warn_of_codes(
    sightings: &[Sighting],
    document: Option<&DocumentType>,
    warnings: &mut Vec<Warning>,
) {
    for Sighting { code, .. } in sightings {
        let (kind, what) = match code.status {
            Status::Invalid | Status::IllegalCharacter | Status::WrongLength => {
                ("invalid_code", "does not hold")
            }
            Status::RegionUnlisted => ("region_unlisted", "names a division that is not listed"),
            Status::CategoryUnlisted => {
                ("category_unlisted", "has a prefix that the standard does not give out")
            }
            Status::OffStandardPilot => ("off_standard_pilot", "is one of a series made before the standard"),
            Status::ResidentId => ("resident_id_masked", "is a resident identity number"),
            Status::Valid if code.meaning().is_some_and(|meaning| !meaning.region_in_use) => {
                ("abolished_region", "names a division that no longer exists")
            }
            _ => continue,
        };
        let mut message = format!("{} {what}", code.canonical);
        if let Some(candidate) = code.candidates.first() {
            message.push_str("; it may have been ");
            message.push_str(&candidate.code);
        }
        warnings.push(Warning { kind, message, field: None });
    }
    let Some(document) = document.filter(|document| !document.prefixes.is_empty()) else { return };
    for Sighting { code, .. } in sightings.iter().filter(|it| it.code.role == Some("subject")) {
        let is_expected = document.prefixes.iter().any(|prefix| code.canonical.starts_with(prefix));
        if code.status == Status::Valid && !is_expected {
            let message =
                format!("{} does not begin with {}", code.canonical, document.prefixes.join(" or "));
            warnings.push(Warning { kind: "unexpected_prefix", message, field: Some("uscc") });
        }
    }
}

/// A code without a label that became the field's value is the subject's.
pub(super) fn name_subject(
    document: &DocumentType,
    fields: &[(&'static str, Field)],
    codes: &mut [uscc::Code],
) {
    let role = if document.key == "admin_penalty" { "party" } else { "subject" };
    let Some((_, field)) = fields.iter().find(|(name, _)| *name == "uscc") else { return };
    let value = field.value.to_plain_string();
    for code in codes.iter_mut().filter(|code| code.canonical == value && code.role == Some("other")) {
        code.role = Some(role);
    }
}
