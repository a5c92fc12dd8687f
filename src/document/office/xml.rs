//! XML as events: element by element, entities resolved, no tree and no recursion.
//!
//! No entity beyond the five of XML and the characters' numbers is known, so that nothing can be expanded.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event as Raw};
use quick_xml::reader::Reader;

use crate::container::Problem;

/// The characters of an XML file: UTF-16 where a mark says so, UTF-8 otherwise, as the office formats demand.
pub(super) fn characters(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.as_chunks().0.iter().map(|bytes| unit(*bytes)).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// What comes next in an XML file. An empty element is one that ends at once.
#[derive(Debug)]
pub(super) enum Event<'x> {
    Start(Element<'x>),
    End(String),
    Text(Cow<'x, str>),
}

/// The beginning of an element.
#[derive(Debug)]
pub(super) struct Element<'x>(BytesStart<'x>);

impl Element<'_> {
    /// Its name without the prefix: in the office formats a name has one meaning under all its prefixes.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The attribute of that name, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        // Looking for names that come twice takes quadratic time.
        let mut attributes = attributes.with_checks(false).flatten();
        let found = attributes.find(|attribute| attribute.key.local_name().into_inner() == name)?;
        let value = found.normalized_value(XmlVersion::Implicit1_0).map(Cow::into_owned);
        Some(value.unwrap_or_else(|_| found.value.clone().into_owned()))
    }

    /// The attribute that names another part: `r:id`, which is not the `id` without a prefix.
    pub(super) fn relation(&self) -> Option<String> {
        let mut attributes = self.0.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let is_relation = |key: &str| key.ends_with(":id");
        attributes.find(|attribute| is_relation(attribute.key.0)).map(|found| found.value.into_owned())
    }

    /// A number in the attribute of that name.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// Reads events until the file ends or breaks off.
pub(super) struct Xml<'x> {
    reader: Reader<&'x [u8]>,
    problem: Option<Problem>,
}

impl<'x> Xml<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Self { reader, problem: None }
    }

    /// Hands over what is in the element that began last, up to its end and with it, whichever name it has.
    pub(super) fn rest(&mut self, mut take: impl FnMut(&Event<'x>)) {
        let mut depth = 1_u32;
        while depth > 0
            && let Some(event) = self.next()
        {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Text(_) => {}
            }
            take(&event);
        }
    }

    /// Passes over the rest of the element that began last.
    pub(super) fn pass_over(&mut self) {
        self.rest(|_| {});
    }

    /// All text of the element that began last, to its end.
    pub(super) fn text(&mut self) -> String {
        let mut text = String::new();
        self.rest(|event| {
            if let Event::Text(more) = event {
                text.push_str(more);
            }
        });
        text
    }

    /// What broke the file off.
    pub(super) fn problem(self) -> Option<Problem> {
        self.problem
    }
}

impl<'x> Iterator for Xml<'x> {
    type Item = Event<'x>;

    fn next(&mut self) -> Option<Event<'x>> {
        loop {
            return Some(match self.reader.read_event() {
                Ok(Raw::Start(element)) => Event::Start(Element(element)),
                Ok(Raw::End(element)) => Event::End(element.local_name().into_inner().to_owned()),
                Ok(Raw::Text(text)) => Event::Text(text.xml10_content()),
                Ok(Raw::CData(text)) => Event::Text(text.xml10_content()),
                Ok(Raw::GeneralRef(name)) => match name.resolve_char_ref() {
                    Ok(Some(character)) => Event::Text(character.to_string().into()),
                    _ => match resolve_xml_entity(&name) {
                        Some(text) => Event::Text(text.into()),
                        None => Event::Text(format!("&{};", &*name).into()),
                    },
                },
                Ok(Raw::Eof) => return None,
                Ok(_) => continue,
                Err(error) => {
                    // What follows an error would be read as something that it is not.
                    let found = error.to_string();
                    self.problem.get_or_insert(Problem::Damaged { format: "xml", found });
                    self.reader = Reader::from_str("");
                    return None;
                }
            });
        }
    }
}

/// The name of the element that the file begins with.
pub(super) fn root(bytes: &[u8]) -> Option<String> {
    const HEAD_BYTES: usize = 4096;
    let head = characters(&bytes[..bytes.len().min(HEAD_BYTES)]);
    Xml::new(&head).find_map(|event| match event {
        Event::Start(element) => Some(element.name().to_owned()),
        Event::End(_) | Event::Text(_) => None,
    })
}
