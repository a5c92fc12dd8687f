//! The control words that matter for the text, by what they do. All others lay it out.

use crate::document::Zone;

/// What a control word does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// It stands for text.
    Shown(Mark),
    /// Its group is a destination of its own.
    Destination(Destination),
    /// It changes how the text after it is read.
    Property(Property),
    /// It says something of the document as a whole.
    Document(DocumentProperty),
    /// It says something of the font that the table is at.
    Font(FontProperty),
    /// It says what a picture is.
    Picture { is_metafile: bool },
    /// `\u`: a UTF-16 code unit.
    CodeUnit,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    Character(char),
    LineEnd,
    Tab,
    RowStart,
    CellEnd,
    RowEnd,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Destination {
    /// No text.
    Skipped,
    /// Text that stands beside the body.
    Zone(Zone),
    /// The footnote is an endnote.
    Endnote,
    FontTable,
    /// The number or the bullet before a paragraph.
    ListText,
    Picture,
    ObjectData,
    ShapeName,
    ShapeValue,
    /// Two forms of the same: in the code page, then in Unicode.
    TwoForms,
    UnicodeForm,
    /// No text itself; what is in it may be: the fields of the metadata, the text of a shape.
    Container,
    /// What needs no group of its own and says itself that readers may ignore it: `\*\shppict`.
    Transparent,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Property {
    Plain,
    Font,
    AssociatedFont,
    /// `\loch`, `\hich`, `\dbch`: which of three fonts the text after it is in.
    RunType(u8),
    Language,
    FallbackLength,
    Hidden,
    Deleted,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum DocumentProperty {
    CodePage,
    CodePageIs(i32),
    DefaultFont,
    DefaultLanguage,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum FontProperty {
    Charset,
    CodePage,
}

/// What the word means; `None` if it changes nothing of the text.
pub(super) fn meaning(name: &[u8]) -> Option<Meaning> {
    let name = std::str::from_utf8(name).ok()?;
    shown(name)
        .map(Meaning::Shown)
        .or_else(|| property(name))
        .or_else(|| destination(name).map(Meaning::Destination))
}

fn shown(name: &str) -> Option<Mark> {
    Some(match name {
        "par" | "line" | "page" | "sect" | "column" | "softpage" | "softline" => Mark::LineEnd,
        "tab" => Mark::Tab,
        "trowd" | "intbl" => Mark::RowStart,
        "cell" => Mark::CellEnd,
        "row" => Mark::RowEnd,
        // Tables inside a cell are lines of it.
        "nestcell" => Mark::Tab,
        "nestrow" => Mark::LineEnd,
        "emdash" => Mark::Character('—'),
        "endash" => Mark::Character('–'),
        "lquote" => Mark::Character('\u{2018}'),
        "rquote" => Mark::Character('\u{2019}'),
        "ldblquote" => Mark::Character('\u{201C}'),
        "rdblquote" => Mark::Character('\u{201D}'),
        "bullet" => Mark::Character('•'),
        "emspace" => Mark::Character('\u{2003}'),
        "enspace" => Mark::Character('\u{2002}'),
        "qmspace" => Mark::Character('\u{2005}'),
        "zwj" => Mark::Character('\u{200D}'),
        "zwnj" => Mark::Character('\u{200C}'),
        "ltrmark" => Mark::Character('\u{200E}'),
        "rtlmark" => Mark::Character('\u{200F}'),
        _ => return None,
    })
}

fn property(name: &str) -> Option<Meaning> {
    Some(match name {
        "u" => Meaning::CodeUnit,
        "uc" => Meaning::Property(Property::FallbackLength),
        "plain" => Meaning::Property(Property::Plain),
        "f" => Meaning::Property(Property::Font),
        "af" => Meaning::Property(Property::AssociatedFont),
        "loch" => Meaning::Property(Property::RunType(0)),
        "hich" => Meaning::Property(Property::RunType(1)),
        "dbch" => Meaning::Property(Property::RunType(2)),
        "lang" => Meaning::Property(Property::Language),
        "v" => Meaning::Property(Property::Hidden),
        "deleted" | "mvf" => Meaning::Property(Property::Deleted),
        "ansicpg" => Meaning::Document(DocumentProperty::CodePage),
        "mac" => Meaning::Document(DocumentProperty::CodePageIs(10000)),
        "pc" => Meaning::Document(DocumentProperty::CodePageIs(437)),
        "pca" => Meaning::Document(DocumentProperty::CodePageIs(850)),
        "deff" => Meaning::Document(DocumentProperty::DefaultFont),
        "deflang" => Meaning::Document(DocumentProperty::DefaultLanguage),
        "fcharset" => Meaning::Font(FontProperty::Charset),
        "cpg" => Meaning::Font(FontProperty::CodePage),
        "wmetafile" | "emfblip" => Meaning::Picture { is_metafile: true },
        "pngblip" | "jpegblip" | "dibitmap" | "wbitmap" | "macpict" | "pmmetafile" => {
            Meaning::Picture { is_metafile: false }
        }
        _ => return None,
    })
}

fn destination(name: &str) -> Option<Destination> {
    Some(match name {
        "header" | "headerl" | "headerr" | "headerf" => Destination::Zone(Zone::Header),
        "footer" | "footerl" | "footerr" | "footerf" => Destination::Zone(Zone::Footer),
        "footnote" => Destination::Zone(Zone::Footnote),
        "ftnalt" => Destination::Endnote,
        "annotation" => Destination::Zone(Zone::Comment),
        "shptxt" | "dptxbxtext" => Destination::Zone(Zone::TextBox),
        "title" | "subject" | "author" | "manager" | "company" | "operator" | "category" | "keywords"
        | "comment" | "doccomm" | "propname" | "staticval" => Destination::Zone(Zone::Property),
        "info" | "userprops" | "shpinst" => Destination::Container,
        "fonttbl" => Destination::FontTable,
        "listtext" | "pntext" => Destination::ListText,
        "pict" => Destination::Picture,
        "objdata" => Destination::ObjectData,
        "sn" => Destination::ShapeName,
        "sv" => Destination::ShapeValue,
        "upr" => Destination::TwoForms,
        "ud" => Destination::UnicodeForm,
        "shppict" | "nesttableprops" | "do" | "moMath" | "moMathPara" | "fldrslt" | "result" | "sp" => {
            Destination::Transparent
        }
        // Written without `\*`, so that nothing but the name says that they are no text.
        "colortbl" | "stylesheet" | "filetbl" | "revtbl" | "fldinst" | "shprslt" | "nonshppict"
        | "nonesttables" | "xe" | "tc" | "rxe" | "txe" | "pntxta" | "pntxtb" | "listname" | "listtable"
        | "listoverridetable" | "levelnumbers" | "leveltext" | "objclass" | "objname" | "objalias"
        | "objsect" | "template" | "falt" | "panose" | "fontemb" | "fontfile" | "private" | "bkmkstart"
        | "bkmkend" | "atnid" | "atnauthor" | "atntime" | "atndate" | "atnref" | "atrfstart" | "atrfend"
        | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "mmathPr" | "mtype"
        | "ctrlPr" | "mctrlPr" | "themedata" | "colorschememapping" | "latentstyles" | "datastore"
        | "generator" | "pgptbl" | "keycode" | "nextfile" | "hlinkbase" | "creatim" | "revtim"
        | "printim" | "buptim" | "htmltag" | "mhtmltag" | "passwordhash" | "rsidtbl" | "xmlnstbl"
        | "NeXTGraphic" => Destination::Skipped,
        _ => return None,
    })
}

/// Words by which an RTF is told that has lost its beginning: no other format of text has them.
pub(super) fn is_telling(name: &[u8]) -> bool {
    const TELLING: [&[u8]; 14] = [
        b"pard",
        b"plain",
        b"fs",
        b"cf",
        b"lang",
        b"langfe",
        b"ltrpar",
        b"nowidctlpar",
        b"itap",
        b"insrsid",
        b"charrsid",
        b"fcs",
        b"adjustright",
        b"intbl",
    ];
    TELLING.contains(&name)
}
