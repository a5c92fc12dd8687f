//! The document types: titles, labels, and what kind of value goes with each.
//!
//! Labels are written as the matcher sees them: NFKC, without white space and without 《》 and quotation marks. The first
//! label of a field is the usual one. Labels of `parts` and
//! `stops` carry no field; they end the value before them.

mod organisations;
mod papers;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Uscc,
    Year,
    Text,
    LongText,
    /// A statement above a signature: it ends where the signature begins.
    Opinion,
    Person,
    /// The label is the value.
    Literal,
    /// An amount given in 万元 unless it says otherwise.
    MoneyWan,
    /// An amount in the unit that it is written in.
    Money,
    Count,
    Number,
    Phone,
    Date,
    PersonalId,
    Digits,
}

impl Kind {
    /// Values that end where the line does, or at a wide space.
    pub(super) fn is_short(self) -> bool {
        !matches!(self, Kind::Text | Kind::LongText | Kind::Opinion)
    }
}

/// Where on a report a label stands, as far as it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// On the cover as well as in the body.
    Any,
    Cover,
    Body,
    SignOff,
}

/// A field of a document type.
#[derive(Debug)]
pub(super) struct FieldSpec {
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) labels: &'static [&'static str],
    /// Index of the part of the document (`DocumentType::parts`) that the label must stand in.
    pub(super) part: Option<usize>,
    pub(super) zone: Zone,
}

/// A document type.
#[derive(Debug)]
pub(super) struct DocumentType {
    pub(super) key: &'static str,
    pub(super) titles: &'static [&'static str],
    /// Beginnings of the subject's code; empty where any may stand.
    pub(super) prefixes: &'static [&'static str],
    pub(super) fields: &'static [FieldSpec],
    /// Headings of parts in which labels repeat; each part by all its headings.
    pub(super) parts: &'static [&'static [&'static str]],
    /// Labels without a field.
    pub(super) stops: &'static [(&'static str, Zone)],
    /// Says the same things on a cover and in a table.
    pub(super) has_cover: bool,
}

const fn field(key: &'static str, kind: Kind, labels: &'static [&'static str]) -> FieldSpec {
    FieldSpec { key, kind, labels, part: None, zone: Zone::Any }
}

const fn body(key: &'static str, kind: Kind, labels: &'static [&'static str]) -> FieldSpec {
    FieldSpec { key, kind, labels, part: None, zone: Zone::Body }
}

const fn sign_off(key: &'static str, kind: Kind, labels: &'static [&'static str]) -> FieldSpec {
    FieldSpec { key, kind, labels, part: None, zone: Zone::SignOff }
}

const fn in_part(part: usize, key: &'static str, kind: Kind, labels: &'static [&'static str]) -> FieldSpec {
    FieldSpec { key, kind, labels, part: Some(part), zone: Zone::Any }
}

/// What the subject's own code is called.
const USCC: &[&str] = &[
    "统一社会信用代码",
    "社会信用代码",
    "统一信用代码",
    "信用代码",
    "代码",
    "统一社会信用代码证号",
    "统一社会信用代码/注册号",
    "统一社会信用代码/组织机构代码",
    "统一社会信用代码(注册号)",
];

const SIGNATURES: &[(&str, Zone)] = &[
    ("(公章)", Zone::SignOff),
    ("(盖章)", Zone::SignOff),
    ("(单位公章)", Zone::SignOff),
    ("(单位盖章)", Zone::SignOff),
    ("(签章)", Zone::SignOff),
    ("(签字)", Zone::SignOff),
    ("(签名)", Zone::SignOff),
    ("负责人", Zone::SignOff),
    ("单位负责人", Zone::SignOff),
    ("经办人", Zone::SignOff),
    ("公章", Zone::SignOff),
    ("盖章", Zone::SignOff),
];

/// Labels of fields that no record has, in whatever document.
const GENERAL: &[(&str, Zone)] = &[
    ("邮政编码", Zone::Any),
    ("邮编", Zone::Any),
    ("联系人", Zone::Any),
    ("联系电话", Zone::Any),
    ("手机号码", Zone::Any),
    ("传真", Zone::Any),
    ("电子邮箱", Zone::Any),
    ("电子信箱", Zone::Any),
    ("网址", Zone::Any),
    ("职务", Zone::Any),
];

/// All document types; the order decides where two fit equally well.
pub(super) const DOCUMENT_TYPES: &[DocumentType] = &[
    organisations::PUBLIC_INSTITUTION_ANNUAL_REPORT,
    organisations::BUSINESS_LICENSE,
    organisations::PUBLIC_INSTITUTION_CERTIFICATE,
    organisations::PRIVATE_NON_ENTERPRISE_ANNUAL_CHECK,
    organisations::SOCIAL_ASSOCIATION_ANNUAL_CHECK,
    organisations::FOUNDATION_ANNUAL_REPORT,
    papers::ADMIN_PENALTY,
    papers::PROCUREMENT_NOTICE,
    papers::VAT_INVOICE,
    papers::GOV_PAGE_HEADER,
];

impl DocumentType {
    /// Labels that end a value and carry none, with where they stand.
    pub(super) fn stops(&self) -> impl Iterator<Item = (&'static str, Zone)> + use<'_> {
        let signatures: &[(&str, Zone)] = if self.has_cover { SIGNATURES } else { &SIGNATURES[..7] };
        self.stops.iter().chain(signatures).chain(GENERAL).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_written_as_the_matcher_sees_them() {
        for document in DOCUMENT_TYPES {
            let labels = document.fields.iter().flat_map(|field| field.labels).copied();
            let parts = document.parts.iter().copied().flatten().copied();
            for label in labels
                .chain(parts)
                .chain(document.stops().map(|stop| stop.0))
                .chain(document.titles.iter().copied())
            {
                let odd = |c: char| c.is_whitespace() || "《》“”（），：＋".contains(c);
                assert!(!label.contains(odd), "{}: {label}", document.key);
            }
        }
    }
}
