//! Text to header fields, unified social credit codes and regions; pure over `&str`.
//!
//! Chinese forms (annual reports of public institutions, licences, certificates, notices, invoices) pair labels with
//! values. [`extract`] finds the pairs in whatever layout the text came out of its document, confirms what is said
//! twice, and checks what can be checked: codes by their check characters, names of places by the table of divisions.
//!
//! ```
//! let record = fixenc::record::extract("事业单位法人年度报告书\n（2023年度）\n单 位 名 称：某某镇中心小学", &[]);
//! assert_eq!(record.doc_type, Some("public_institution_annual_report"));
//! assert_eq!(record.fields.get("org_name").unwrap().raw, "某某镇中心小学");
//! ```

pub mod region;
pub mod resident_id;
pub mod uscc;

mod codes;
mod confirm;
mod cover;
mod doubt;
mod kind_of_document;
mod label;
mod layout;
mod numeral;
mod place;
mod scan;
mod schema;
mod value;

use std::ops::Range;

pub use value::Value;

/// A stretch of the text that rests on a guess (restored bytes), told by whoever repaired it.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// Probability that the stretch is right.
    pub confidence: f64,
    /// Other readings of the stretch.
    pub alternatives: Vec<String>,
}

/// What a document says about itself.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Record {
    /// Key of the document type, where one was recognised.
    pub doc_type: Option<&'static str>,
    /// The fields that have a value.
    pub fields: Fields,
    /// Every code in the text, in its order.
    pub codes: Vec<uscc::Code>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

/// Fields by their names, in the order of the form.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields(Vec<(&'static str, Field)>);

impl Fields {
    /// The field with this name.
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// All fields with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Field)> {
        self.0.iter().map(|(name, field)| (*name, field))
    }

    /// How many fields have a value.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Fields {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// The value of a field and where it comes from.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Field {
    /// Cleaned, in the form that the kind of field has.
    pub value: Value,
    /// `text[start..end]`, with resident identity numbers masked; of a page, what is seen of it.
    pub raw: String,
    /// First byte of the value in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What speaks for the value. One of `table`, `inline`, `cover`, `sign_off`, `unlabelled_code` says where it stands;
    /// then what confirms or overrules: `cover_confirms_table`, `repeated`, `clear_reading_preferred`,
    /// `check_characters`, `region_of_code`, `guessed`.
    pub evidence: Vec<&'static str>,
    /// Probability that the value is right.
    pub confidence: f64,
}

/// Something that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Warning {
    /// `conflict`, `doubtful_reading_overruled`, `guessed_value`, `invalid_code`, `region_unlisted`,
    /// `category_unlisted`, `off_standard_pilot`, `abolished_region`, `unexpected_prefix`, `region_mismatch`,
    /// `unknown_region_name`, `odd_value`, `damaged_value`, `resident_id_masked`.
    pub kind: &'static str,
    /// In words.
    pub message: String,
    /// The field that it is about.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub field: Option<&'static str>,
}

#[cfg(feature = "container")]
impl Record {
    /// Moves the places of the fields to where `place` says that they stand.
    pub(crate) fn relocate(&mut self, place: impl Fn(Range<usize>) -> Range<usize>) {
        for (_, field) in &mut self.fields.0 {
            (field.start, field.end) = {
                let span = place(field.start..field.end);
                (span.start, span.end)
            };
        }
    }
}

/// Reads the fields and codes of `text`. Never fails: what is not there is not in the record.
///
/// `doubts` tell which stretches were restored from lost bytes. A doubtful value gives way to a clear one, and one that
/// stands alone is never reported as sure. The fields of a form stand in the first mebibyte, or it is none; codes are
/// read wherever they stand.
pub fn extract(text: &str, doubts: &[Doubt]) -> Record {
    let mut suggestions = codes::MOST_SUGGESTED;
    let (form, mut rest) = text.split_at(end_of_stretch(text));
    let (document, mut record) = read_form(form, &doubt::Doubts::new(text, doubts), &mut suggestions);
    while !rest.is_empty() {
        let (stretch, next) = rest.split_at(end_of_stretch(rest));
        let sightings = codes::find(stretch, &layout::Sheet::of(stretch), &[], &mut suggestions);
        confirm::warn_of_codes(&sightings, None, &mut record.warnings);
        record.codes.extend(sightings.into_iter().map(|sighting| sighting.code));
        rest = next;
    }
    if let Some(document) = document {
        confirm::name_subject(document, &record.fields.0, &mut record.codes);
    }
    record
}

/// Bytes of text that are laid out at a time: each glyph takes some thirty bytes of memory. All fields stand in the first.
pub(crate) const STRETCH_BYTES: usize = 1 << 20;

/// Where the first stretch of a text ends: after a line, if there is one.
fn end_of_stretch(text: &str) -> usize {
    if text.len() <= STRETCH_BYTES {
        return text.len();
    }
    let line_end = memchr::memrchr(b'\n', &text.as_bytes()[..STRETCH_BYTES]);
    line_end.map_or_else(|| text.floor_char_boundary(STRETCH_BYTES), |at| at + 1)
}

/// The record of a text that is read as one form, with the kind of document that it is.
fn read_form(
    text: &str,
    doubts: &doubt::Doubts<'_>,
    suggestions: &mut usize,
) -> (Option<&'static schema::DocumentType>, Record) {
    let sheet = layout::Sheet::of(text);
    let mut warnings = Vec::new();
    let codes =
        |sightings: Vec<codes::Sighting>| sightings.into_iter().map(|sighting| sighting.code).collect();
    let Some((document, found)) = kind_of_document::recognise(text, &sheet) else {
        let sightings = codes::find(text, &sheet, &[], suggestions);
        confirm::warn_of_codes(&sightings, None, &mut warnings);
        return (None, Record { codes: codes(sightings), warnings, ..Record::default() });
    };
    let labelled = confirm::labelled_codes(document, &sheet, &found);
    let sightings = codes::find(text, &sheet, &labelled, suggestions);
    confirm::warn_of_codes(&sightings, Some(document), &mut warnings);
    let mut reader = confirm::Reader { text, sheet: &sheet, document, doubts, warnings };
    let mut fields = reader.fields(&found, &sightings);
    let mut warnings = reader.warnings;
    place::compare(&mut fields, doubts, &mut warnings);
    let (doc_type, fields, codes) = (Some(document.key), Fields(fields), codes(sightings));
    (Some(document), Record { doc_type, fields, codes, warnings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_read_in_stretches() {
        let form = "事业单位法人年度报告书\n（2023年度）\n单位名称：某某镇中心小学\n统一社会信用代码：12430922MB1B928835\n";
        let code = "统一社会信用代码 12430922MB1B928835 与\n";
        let alone = extract(form, &[]);
        assert_eq!(alone.codes.len(), 1);
        for line in ["水杉与银杏，每年一次。\n", "水杉与银杏，每年一次。"] {
            let long = line.repeat(2 * STRETCH_BYTES / line.len());
            let record = extract(&format!("{form}{long}\n{code}{long}\n{code}"), &[]);
            assert_eq!(record.fields.get("org_name"), alone.fields.get("org_name"));
            // Where the same code stands again, it is the same one's.
            let roles: Vec<_> = record.codes.iter().map(|code| (&code.canonical[..], code.role)).collect();
            assert_eq!(roles, [("12430922MB1B928835", alone.codes[0].role); 3]);
        }
    }
}
