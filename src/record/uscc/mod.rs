//! The unified social credit code of GB 32100-2015, with amendment 1 of 2016.
//!
//! Eighteen characters: who registers (1), what is registered (1), division (6), organisation code (9), check (1). Four
//! layers can be checked apart from each other. The two check characters decide; the prefix and the division only warn,
//! because real codes exist whose division was abolished or never listed.
//!
//! ```
//! use fixenc::record::uscc::{check, Status};
//!
//! let code = check("91350100M000100Y43");
//! assert_eq!(code.status, Status::Valid);
//! assert_eq!(code.checks.region.as_deref(), Some("福建省福州市"));
//! ```

mod suggest;

use super::{region, resident_id};

pub use suggest::{Candidate, Change};

/// The 31 characters in the order of their values: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH: usize = 18;
/// Weights of the organisation code's first eight characters (GB 11714).
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A character of a code and what it stands for.
type Meant = (u8, &'static str);

/// Registering authority, and the categories that it may register.
const AUTHORITIES: &[(u8, &str, &[Meant])] = &[
    (b'1', "机构编制", &[(b'1', "机关"), (b'2', "事业单位"), (b'3', "群众团体"), (b'9', "其他")]),
    (b'2', "外交", &[(b'1', "外国常驻新闻机构"), (b'9', "其他")]),
    (
        b'3',
        "司法行政",
        &[
            (b'1', "律师执业机构"),
            (b'2', "公证处"),
            (b'3', "基层法律服务所"),
            (b'4', "司法鉴定机构"),
            (b'5', "仲裁委员会"),
            (b'9', "其他"),
        ],
    ),
    (b'4', "文化", &[(b'1', "外国在华文化中心"), (b'9', "其他")]),
    (
        b'5',
        "民政",
        &[
            (b'1', "社会团体"),
            (b'2', "民办非企业单位"),
            (b'3', "基金会"),
            // Not in the standard, but given to committees of villages and of residents.
            (b'4', "村民委员会"),
            (b'5', "居民委员会"),
            (b'9', "其他"),
        ],
    ),
    (
        b'6',
        "旅游",
        &[(b'1', "外国旅游部门常驻代表机构"), (b'2', "港澳台地区旅游部门常驻内地代表机构"), (b'9', "其他")],
    ),
    (b'7', "宗教", &[(b'1', "宗教活动场所"), (b'2', "宗教院校"), (b'9', "其他")]),
    (b'8', "工会", &[(b'1', "基层工会"), (b'9', "其他")]),
    (b'9', "工商", &[(b'1', "企业"), (b'2', "个体工商户"), (b'3', "农民专业合作社")]),
    (b'A', "军队", &[(b'1', "军队事业单位"), (b'9', "其他")]),
    (
        b'N',
        "农业",
        &[
            (b'1', "组级集体经济组织"),
            (b'2', "村级集体经济组织"),
            (b'3', "乡镇级集体经济组织"),
            (b'9', "其他"),
        ],
    ),
    (b'Y', "其他", &[(b'1', "其他")]),
];

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Status {
    /// All four layers hold.
    Valid,
    /// Both check characters hold; GB/T 2260 has no such division. A warning: real codes look so.
    RegionUnlisted,
    /// Both check characters hold; the standard has no such authority and category. A warning.
    CategoryUnlisted,
    /// The `9135…M000…` series that Fujian gave out before the standard: the last check character was made otherwise,
    /// the organisation code holds. Such codes are in use and are never repaired.
    OffStandardPilot,
    /// An organisation code of GB 11714 alone, nine characters, whose check character holds.
    OrganisationCode,
    /// A resident identity number, which may pass as a code by chance.
    ResidentId,
    /// A check character does not hold.
    Invalid,
    /// A character that the standard does not use: I, O, S, V, Z, an unreadable one, or a letter in the division.
    IllegalCharacter,
    /// Not eighteen characters.
    WrongLength,
}

impl Status {
    /// Whether the code cannot be right as it stands.
    pub fn is_rejected(self) -> bool {
        matches!(self, Status::Invalid | Status::IllegalCharacter | Status::WrongLength | Status::ResidentId)
    }
}

/// The four layers, each by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks {
    /// The last character (weights 3^i modulo 31).
    pub mod31: bool,
    /// The last character of the organisation code (modulo 11).
    pub mod11: bool,
    /// Authority and category are a pair that is given out.
    pub category: bool,
    /// Name of the division; none where the code is unknown.
    pub region: Option<String>,
}

#[cfg(feature = "serde")]
impl serde::Serialize for Checks {
    /// `region` is the name or `false`, so that all four read as "holds" or "does not".
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut checks = serializer.serialize_struct("Checks", 4)?;
        checks.serialize_field("mod31", &self.mod31)?;
        checks.serialize_field("mod11", &self.mod11)?;
        checks.serialize_field("category", &self.category)?;
        match &self.region {
            Some(name) => checks.serialize_field("region", name)?,
            None => checks.serialize_field("region", &false)?,
        }
        checks.end()
    }
}

/// A code and what its checks say.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Code {
    /// As it was given; a resident identity number is masked.
    pub text: String,
    /// Capital ASCII letters and digits without spaces; look-alike Cyrillic and Greek letters made Latin.
    pub canonical: String,
    /// Whose code it is, where the context tells: `subject`, `publisher`, `party`, `person`, `buyer`, `seller`,
    /// `supplier`, `other`. `check` alone has no context.
    pub role: Option<&'static str>,
    /// The layers.
    pub checks: Checks,
    /// The verdict.
    pub status: Status,
    /// Codes that this one may have been, the likeliest first. Only for codes that are rejected, never applied.
    pub candidates: Vec<Candidate>,
}

/// What the parts of a code stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Meaning {
    /// The registering authority.
    pub authority: &'static str,
    /// What it registers.
    pub category: &'static str,
    /// The division, from the province down.
    pub region: Option<String>,
    /// False where the division was abolished.
    pub region_in_use: bool,
    /// The organisation code, with a hyphen before its check character.
    pub organisation: String,
}

impl Code {
    /// What the parts stand for, where the prefix is known.
    pub fn meaning(&self) -> Option<Meaning> {
        let bytes = self.canonical.as_bytes();
        if bytes.len() != LENGTH || !self.canonical.is_ascii() {
            return None;
        }
        let (authority, category) = category_of(bytes)?;
        let region = region::find(&self.canonical[2..8]);
        Some(Meaning {
            authority,
            category,
            region: region.map(|region| region.full_name()),
            region_in_use: region.is_some_and(|region| region.in_use),
            organisation: format!("{}-{}", &self.canonical[8..16], &self.canonical[16..17]),
        })
    }
}

/// Checks a code in all layers; spaces, width, case and look-alike alphabets do not matter.
pub fn check(code: &str) -> Code {
    let mut code = verdict(code);
    if code.status.is_rejected() && code.status != Status::ResidentId {
        code.candidates = suggest::candidates(&code.canonical);
    }
    code
}

/// The checks without suggestions, which cost a thousand times as much.
pub(super) fn verdict(code: &str) -> Code {
    let canonical = canonical(code);
    let bytes = canonical.as_bytes();
    if is_organisation_code(&canonical) {
        let checks = Checks { mod31: false, mod11: true, category: false, region: None };
        return Code { status: Status::OrganisationCode, ..plain(code, canonical, checks) };
    }
    let checks = layers(bytes);
    let status = status_of(&canonical, &checks);
    if status == Status::ResidentId {
        let masked = resident_id::mask(&canonical);
        return Code { status, ..plain(&resident_id::mask(code), masked, checks) };
    }
    Code { status, ..plain(code, canonical, checks) }
}

fn plain(text: &str, canonical: String, checks: Checks) -> Code {
    Code {
        text: text.to_owned(),
        canonical,
        role: None,
        checks,
        status: Status::Valid,
        candidates: Vec::new(),
    }
}

fn status_of(canonical: &str, checks: &Checks) -> Status {
    let bytes = canonical.as_bytes();
    if bytes.len() != LENGTH || !canonical.is_ascii() {
        let unreadable = canonical.chars().count() == LENGTH;
        return if unreadable { Status::IllegalCharacter } else { Status::WrongLength };
    }
    if resident_id::is_valid(canonical) && !holds(bytes) {
        return Status::ResidentId;
    }
    if bytes.iter().any(|&byte| value(byte).is_none()) || !bytes[2..8].iter().all(u8::is_ascii_digit) {
        return Status::IllegalCharacter;
    }
    match checks {
        Checks { mod31: true, mod11: true, category: false, .. } => Status::CategoryUnlisted,
        Checks { mod31: true, mod11: true, region: None, .. } => Status::RegionUnlisted,
        Checks { mod31: true, mod11: true, .. } => Status::Valid,
        Checks { mod11: true, .. } if is_pilot(bytes) => Status::OffStandardPilot,
        _ => Status::Invalid,
    }
}

fn is_pilot(bytes: &[u8]) -> bool {
    bytes.starts_with(b"9135") && bytes[8..].starts_with(b"M000")
}

fn layers(bytes: &[u8]) -> Checks {
    let whole = bytes.len() == LENGTH && bytes.is_ascii();
    let region = bytes.get(2..8).filter(|_| whole).and_then(|digits| std::str::from_utf8(digits).ok());
    Checks {
        mod31: whole && check31(bytes) == Some(bytes[LENGTH - 1]),
        mod11: whole && check11(&bytes[8..16]) == Some(bytes[16]),
        category: whole && category_of(bytes).is_some(),
        region: region.and_then(region::find).map(|region| region.full_name()),
    }
}

/// The check character for the first 17.
fn check31(bytes: &[u8]) -> Option<u8> {
    let (mut sum, mut weight) = (0, 1);
    for &byte in bytes.get(..LENGTH - 1)? {
        sum += value(byte)? * weight;
        weight = weight * 3 % 31;
    }
    Some(ALPHABET[((31 - sum % 31) % 31) as usize])
}

/// The check character for eight characters of an organisation code. All 36 letters and digits count here.
fn check11(bytes: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (&byte, weight) in bytes.iter().zip(ORGANISATION_WEIGHTS) {
        sum += char::from(byte).to_digit(36)? * weight;
    }
    Some(match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    })
}

fn value(byte: u8) -> Option<u32> {
    ALPHABET.iter().position(|&letter| letter == byte).map(|at| at as u32)
}

fn category_of(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let (_, authority, categories) = AUTHORITIES.iter().find(|(letter, ..)| *letter == bytes[0])?;
    let (_, category) = categories.iter().find(|(letter, _)| *letter == bytes[1])?;
    Some((authority, category))
}

/// Whether the prefix is given out and the division known: what makes eighteen characters look like a code.
///
/// Letters that no code has are read as the digits that they look like.
pub(super) fn has_known_head(canonical: &str) -> bool {
    let letter = |it: char| u8::try_from(it).ok().and_then(suggest::restored).map_or(it, char::from);
    let restored: String = canonical.chars().map(letter).collect();
    let is_whole = restored.len() == LENGTH && restored.is_ascii();
    is_whole && category_of(restored.as_bytes()).is_some() && region::find(&restored[2..8]).is_some()
}

/// Both check characters, the prefix and the division hold: what a suggestion must have.
fn holds(bytes: &[u8]) -> bool {
    check31(bytes) == Some(bytes[LENGTH - 1])
        && check11(&bytes[8..16]) == Some(bytes[16])
        && category_of(bytes).is_some()
        && std::str::from_utf8(&bytes[2..8]).is_ok_and(|digits| region::find(digits).is_some())
}

/// Eight characters, a hyphen or none, and a check character that holds.
fn is_organisation_code(canonical: &str) -> bool {
    let bytes = canonical.as_bytes();
    let (head, last) = match bytes.len() {
        10 if bytes[8] == b'-' => (&bytes[..8], bytes[9]),
        9 => (&bytes[..8], bytes[8]),
        _ => return false,
    };
    check11(head) == Some(last)
}

/// Capital ASCII where the character is a letter, a digit or looks like one; spaces go. What is none of these stays.
pub(super) fn canonical(code: &str) -> String {
    code.chars()
        .filter(|character| !character.is_whitespace() && *character != '\u{feff}')
        .map(fold)
        .collect()
}

/// One character of a code in its canonical form.
pub(super) fn fold(character: char) -> char {
    const CYRILLIC: [(char, char); 22] = [
        ('А', 'A'),
        ('В', 'B'),
        ('Е', 'E'),
        ('К', 'K'),
        ('М', 'M'),
        ('Н', 'H'),
        ('О', 'O'),
        ('Р', 'P'),
        ('С', 'C'),
        ('Т', 'T'),
        ('Х', 'X'),
        ('У', 'Y'),
        ('Ү', 'Y'),
        ('Ј', 'J'),
        ('Ѕ', 'S'),
        ('І', 'I'),
        ('Ԛ', 'Q'),
        ('Ԝ', 'W'),
        ('Ԍ', 'G'),
        ('З', '3'),
        ('Ч', '4'),
        ('Ь', 'B'),
    ];
    const GREEK: [(char, char); 14] = [
        ('Α', 'A'),
        ('Β', 'B'),
        ('Ε', 'E'),
        ('Ζ', 'Z'),
        ('Η', 'H'),
        ('Ι', 'I'),
        ('Κ', 'K'),
        ('Μ', 'M'),
        ('Ν', 'N'),
        ('Ο', 'O'),
        ('Ρ', 'P'),
        ('Τ', 'T'),
        ('Υ', 'Y'),
        ('Χ', 'X'),
    ];
    let narrow = match character {
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        _ => character,
    };
    let upper = narrow.to_uppercase().next().unwrap_or(narrow);
    if upper.is_ascii() {
        return upper;
    }
    let alike = CYRILLIC.iter().chain(&GREEK).find(|(foreign, _)| *foreign == upper);
    match alike {
        Some(&(_, latin)) => latin,
        None if matches!(upper, '\u{fffd}' | '□' | '■') => '?',
        None if matches!(upper, '－' | '–' | '—' | '‐' | '‑') => '-',
        None => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: &str) -> Status {
        check(code).status
    }

    #[test]
    fn layers_by_themselves() {
        assert_eq!(status("91350100M000100Y43"), Status::Valid);
        // A check character of zero is legal.
        assert_eq!(status("914200001775644500"), Status::Valid);
        assert_eq!(status("91350211M0000XUF46"), Status::OffStandardPilot);
        assert_eq!(status("111111111111111115"), Status::Invalid);
        assert_eq!(status("1243O922MB1B928835"), Status::IllegalCharacter);
        assert_eq!(status("12430922MB1B92885"), Status::WrongLength);
        assert_eq!(status("11010519491231002X"), Status::ResidentId);
        assert_eq!(status("MB1B92883"), Status::OrganisationCode);
        assert_eq!(status(""), Status::WrongLength);
    }

    #[test]
    fn spelling_does_not_matter() {
        let wide = "１２４３０９２２ｍｂ１ｂ９２８８３５";
        let cyrillic = "12430922МВ1В928835";
        for code in ["1243 0922 MB1B 9288 35", wide, cyrillic, "12430922mb1b928835\u{feff}"] {
            let code = check(code);
            assert_eq!((code.status, code.canonical.as_str()), (Status::Valid, "12430922MB1B928835"));
        }
    }

    #[test]
    fn a_resident_number_never_leaves_unmasked() {
        let code = check("11010519491231002X");
        assert_eq!(
            (code.text.as_str(), code.canonical.as_str()),
            ("110105********002X", "110105********002X")
        );
        assert!(code.candidates.is_empty());
    }

    #[test]
    fn meaning_of_the_parts() {
        let meaning = check("12430922MB1B928835").meaning().expect("a known prefix");
        assert_eq!((meaning.authority, meaning.category), ("机构编制", "事业单位"));
        assert_eq!(meaning.organisation, "MB1B9288-3");
        assert!(meaning.region_in_use);
    }
}
