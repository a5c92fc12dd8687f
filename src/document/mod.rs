//! File bytes to text runs. Never decodes.
//!
//! A reader of a format hands over what text is in a file, in reading order: as bytes with what the file says of their
//! encoding, or as Unicode where the format itself says which characters they are. What no file decides (which encoding
//! the bytes are in after all) is decided above, by [`recover`](crate::recover).

mod code_page;
mod dbf;
mod mail;
mod metafile;
mod objects;
mod office;
mod office_art;
mod ole1;
mod outlook;
pub(crate) mod page;
mod property_set;
mod rtf;
mod runs;
mod slides;
mod symbol;
mod table;
mod word;
mod workbook;

pub(crate) use runs::{RunView, Runs, TextView};

use crate::container::ole2::{self, Compound};
use crate::container::{Budget, Part, Problem};
use crate::encoding::Encoding;

/// The text of one document, and what else was in the file.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// The format it turned out to be, where the beginning of the file does not say which. A [`Format::Compound`] or
    /// [`Format::Package`] that turned out to be nothing else is no document.
    pub(crate) format: Option<Format>,
    /// In reading order: the body, then what stands beside it. The text of a document is all of them one after the
    /// other, so that a reader puts in line ends (`\n`) and the marks between cells (`\t`) as runs of Unicode.
    pub(crate) runs: Runs,
    /// Files inside the document: attachments, embedded objects.
    pub(crate) parts: Vec<Part>,
    /// Documents inside the document that are no files: their streams stand in a storage of it.
    pub(crate) objects: Vec<Object>,
    /// What could not be read as it should.
    pub(crate) problems: Vec<Problem>,
}

/// A document inside a document, in the same file.
#[derive(Debug)]
pub(crate) struct Object {
    /// The path of its storage, without a `/` before it.
    pub(crate) name: String,
    /// Its places are those of the whole file.
    pub(crate) content: Content,
}

/// A stretch of text of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) zone: Zone,
    /// Where it begins: bytes from the beginning of the file, where it stands there as such (not compressed, not in
    /// pieces).
    pub(crate) offset: Option<u64>,
    /// The cell that it is all of, in a workbook.
    pub(crate) cell: Option<CellPlace>,
    pub(crate) text: RunText,
}

/// A cell of a workbook, each number counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CellPlace {
    pub(crate) sheet: u32,
    pub(crate) row: u32,
    pub(crate) column: u32,
}

/// The text of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RunText {
    /// Characters, by the format's own rules.
    Unicode(String),
    /// Bytes in some encoding of single and double bytes.
    Bytes { bytes: Vec<u8>, declared: Declared },
}

/// What a file says of the encoding of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Declared {
    /// `None` where it says nothing.
    pub(crate) encoding: Option<Encoding>,
    pub(crate) by: Declarer,
}

/// Who says so, the least trustworthy first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Declarer {
    /// Nobody.
    Nobody,
    /// The whole document: a code page or a language in its header.
    Document,
    /// The font of this run.
    Font,
    /// The format's specification, which leaves no choice.
    Specification,
}

impl Declared {
    /// Nothing is said.
    pub(crate) const NOTHING: Self = Self { encoding: None, by: Declarer::Nobody };

    /// Said by `by`, if it is known what is meant.
    pub(crate) fn new(by: Declarer, encoding: Option<Encoding>) -> Self {
        if encoding.is_some() { Self { encoding, by } } else { Self::NOTHING }
    }
}

/// The part of a document that a run stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Zone {
    Body,
    Header,
    Footer,
    Footnote,
    Endnote,
    Comment,
    TextBox,
    /// Text in a picture: a metafile's text records.
    Picture,
    /// A field of the file's properties: title, author, …
    Property,
}

impl Zone {
    /// The word for it in reports.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Header => "header",
            Self::Footer => "footer",
            Self::Footnote => "footnote",
            Self::Endnote => "endnote",
            Self::Comment => "comment",
            Self::TextBox => "text_box",
            Self::Picture => "picture",
            Self::Property => "property",
        }
    }
}

/// A format that a reader here is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// OLE2, of which only the streams say what it is.
    Compound,
    Dbf,
    /// Word up to 2003.
    Word,
    Rtf,
    /// WMF or EMF.
    Metafile,
    /// Excel up to 2003.
    Workbook,
    /// PowerPoint 97 to 2003.
    Presentation,
    OutlookMessage,
    Mail,
    /// Office Open XML or OpenDocument in a zip archive, of which only the parts say what it is.
    Package,
    Docx,
    Xlsx,
    Pptx,
    Odt,
    Ods,
    Odp,
    FlatOpenDocument,
    /// Word 2003 and later in one file of XML.
    WordXml,
}

/// Bytes by which a format is told.
pub(crate) const SNIFFED_BYTES: usize = 4096;

/// The format that the bytes begin as; `None` for plain text and for what no reader is for. The first
/// [`SNIFFED_BYTES`] are enough.
pub(crate) fn sniff(head: &[u8]) -> Option<Format> {
    let head = &head[..head.len().min(SNIFFED_BYTES)];
    if ole2::is_compound(head) {
        Some(Format::Compound)
    } else if word::is_flat(head) {
        Some(Format::Word)
    } else if rtf::is_rtf(head) {
        Some(Format::Rtf)
    } else if metafile::is_metafile(head) {
        Some(Format::Metafile)
    } else if workbook::is_biff(head) {
        Some(Format::Workbook)
    } else if office::is_package(head) {
        Some(Format::Package)
    } else if let Some(format) = office::flat_format(head) {
        Some(format)
    } else if mail::is_mail(head) {
        Some(Format::Mail)
    } else {
        dbf::is_header(head).then_some(Format::Dbf)
    }
}

impl Format {
    /// The word for it in reports.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Compound => "ole2",
            Self::Dbf => "dbf",
            Self::Word => "doc",
            Self::Rtf => "rtf",
            Self::Metafile => "metafile",
            Self::Workbook => "xls",
            Self::Presentation => "ppt",
            Self::OutlookMessage => "msg",
            Self::Mail => "eml",
            Self::Package => "zip",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Odp => "odp",
            Self::FlatOpenDocument => "fodt",
            Self::WordXml => "wordml",
        }
    }
}

/// Reads a document within what is left of `budget`.
pub(crate) fn read(format: Format, bytes: &[u8], budget: &mut Budget<'_>) -> Content {
    match format {
        Format::Word => word::read_flat(bytes, budget),
        Format::Rtf => rtf::read(bytes),
        Format::Metafile => metafile::read(bytes),
        // The last two are what a compound file turns out to be.
        Format::Compound | Format::Presentation | Format::OutlookMessage => compound(bytes, budget),
        Format::Mail => mail::read(bytes),
        Format::Dbf => dbf::read(bytes),
        Format::Workbook => workbook::read_flat(bytes, budget),
        Format::FlatOpenDocument | Format::WordXml => office::read_flat(format, bytes, budget),
        Format::Package
        | Format::Docx
        | Format::Xlsx
        | Format::Pptx
        | Format::Odt
        | Format::Ods
        | Format::Odp => office::read_package(bytes, budget),
    }
}

/// Reads a compound file, and the objects in it.
fn compound(bytes: &[u8], budget: &mut Budget<'_>) -> Content {
    let mut compound = Compound::open(bytes);
    let mut problems = std::mem::take(&mut compound.problems);
    let mut content = streams(&mut compound, bytes, !problems.is_empty(), budget).unwrap_or_default();
    objects::read(compound, budget, &mut content);
    problems.append(&mut content.problems);
    Content { problems, ..content }
}

/// Reads a document by its streams, and what they say about it. `None` if they are of no document.
fn streams(
    compound: &mut Compound<'_>,
    file: &[u8],
    is_damaged: bool,
    budget: &mut Budget<'_>,
) -> Option<Content> {
    // Excel 5.0/95 and 97 in one file: the newer stream has all, in Unicode.
    let workbook = ["/Workbook", "/Book"].iter().find_map(|path| compound.stream(path));
    let mut content = if let Some(stream) = workbook {
        Content { format: Some(Format::Workbook), ..workbook::read_stream(&stream.bytes, budget) }
    } else if slides::stream(compound).is_some() {
        let mut content = Content { format: Some(Format::Presentation), ..Content::default() };
        slides::read(compound, budget, &mut content);
        content
    } else if outlook::is_message(compound) {
        let mut content = Content { format: Some(Format::OutlookMessage), ..Content::default() };
        outlook::read(compound, &mut content);
        content
    } else if compound.stream("/EncryptedPackage").is_some() {
        let what = "an encrypted document".to_owned();
        let problems = vec![Problem::Unsupported { what }];
        Content { format: Some(Format::Package), problems, ..Content::default() }
    } else {
        word::read(compound, file, budget)?
    };
    property_set::read(compound, file, is_damaged, &mut content);
    Some(content)
}

impl Content {
    /// Adds characters of the format's own: text, a line end, a mark between cells.
    fn unicode(&mut self, zone: Zone, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.runs.last_mut() {
            Some(Run { zone: last, cell: None, text: RunText::Unicode(before), .. }) if *last == zone => {
                before.push_str(text)
            }
            _ => {
                let text = RunText::Unicode(text.to_owned());
                self.runs.push(Run { zone, offset: None, cell: None, text });
            }
        }
    }

    /// Adds characters that stand at `offset` as such.
    fn unicode_at(&mut self, zone: Zone, offset: Option<u64>, text: &str) {
        if !text.is_empty() {
            self.runs.push(Run { zone, offset, cell: None, text: RunText::Unicode(text.to_owned()) });
        }
    }

    /// Adds the text of a picture in the document, on lines of its own.
    fn picture(&mut self, bytes: &[u8]) {
        let picture = metafile::read(bytes);
        if let Some(before) = self.runs.last().map(|run| run.zone)
            && before != Zone::Picture
            && !picture.runs.is_empty()
        {
            self.unicode(before, "\n");
        }
        // It does not stand in the file as such, so that its offsets mean nothing.
        picture.runs.consume(&mut |run| self.runs.push(Run { offset: None, ..run.to_run() }));
        self.problems.extend(picture.problems);
    }

    /// Adds bytes that stand at `offset`.
    fn bytes(&mut self, zone: Zone, offset: Option<u64>, bytes: &[u8], declared: Declared) {
        if !bytes.is_empty() {
            let text = RunText::Bytes { bytes: bytes.to_vec(), declared };
            self.runs.push(Run { zone, offset, cell: None, text });
        }
    }
}
