//! The parts of an office file in a zip archive, and how they point at each other ([ECMA-376] part 2).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::xml::{self, Event, Xml};
use crate::container::{self, Budget, Kind, Name, Part, Problem, Visit};

/// One file of the package.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: String,
    root: Option<String>,
    pub(super) bytes: Vec<u8>,
    problem: Option<Problem>,
}

impl Item {
    pub(super) fn characters(&self) -> Cow<'_, str> {
        xml::characters(&self.bytes)
    }

    /// The name of the element that it begins with, if it is XML.
    pub(super) fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// The name without folders and ending.
    pub(super) fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        name.split('.').next().unwrap_or(name)
    }
}

/// All parts, in the order of their names with numbers as numbers.
#[derive(Debug, Default)]
pub(super) struct Package {
    items: Vec<Item>,
    /// Where in `items` a part is, by its name in small letters.
    places: BTreeMap<String, usize>,
    /// Documents inside the document.
    embedded: Vec<Part>,
    problems: Vec<Problem>,
}

impl Package {
    /// Takes the archive apart. A directory that is gone is no obstacle.
    pub(super) fn open(bytes: &[u8], budget: &mut Budget<'_>) -> Self {
        let mut package = Self::default();
        let (_, problem) = container::read(Kind::Zip, bytes, budget, &mut package);
        package.problems.extend(problem);
        let is_embedded = |item: &mut Item| item.name.contains("/embeddings/") && item.root.is_none();
        package.embedded = package.items.extract_if(.., is_embedded).map(Item::into_part).collect();
        package.items.sort_by_cached_key(|item| natural(&item.name));
        let names = package.items.iter().map(|item| item.name.to_ascii_lowercase());
        package.places = names.zip(0..).collect();
        package
    }

    /// Bytes of all parts.
    pub(super) fn bytes(&self) -> usize {
        self.items.iter().map(|item| item.bytes.len()).sum()
    }

    pub(super) fn part(&self, name: &str) -> Option<&Item> {
        self.places.get(&name.to_ascii_lowercase()).map(|&place| &self.items[place])
    }

    /// The parts that begin with an element of that name.
    pub(super) fn with_root<'p>(&'p self, root: &'p str) -> impl Iterator<Item = &'p Item> {
        self.items.iter().filter(move |item| item.root.as_deref() == Some(root))
    }

    /// The metafiles.
    pub(super) fn pictures(&self) -> impl Iterator<Item = &[u8]> {
        let metafiles = self.items.iter().filter(|item| is_metafile(&item.name));
        metafiles.map(|item| item.bytes.as_slice())
    }

    /// The parts that a part points at, by the names that it has for them.
    pub(super) fn relations(&self, name: &str) -> BTreeMap<String, String> {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let list = match folder {
            "" => format!("_rels/{file}.rels"),
            folder => format!("{folder}/_rels/{file}.rels"),
        };
        let mut relations = BTreeMap::new();
        let Some(list) = self.part(&list) else { return relations };
        for event in Xml::new(&list.characters()) {
            if let Event::Start(element) = event
                && element.name() == "Relationship"
                && element.attribute("TargetMode").as_deref() != Some("External")
                && let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target"))
            {
                relations.insert(id, resolved(folder, &target));
            }
        }
        relations
    }

    /// Takes out the documents inside the document.
    pub(super) fn take_embedded(&mut self) -> Vec<Part> {
        std::mem::take(&mut self.embedded)
    }

    /// All parts, where it turned out to be no package after all.
    pub(super) fn into_parts(self) -> Vec<Part> {
        self.items.into_iter().map(Item::into_part).collect()
    }

    /// Takes out what could not be read of the parts.
    pub(super) fn take_problems(&mut self) -> Vec<Problem> {
        let of_items = self.items.iter_mut().filter_map(|item| item.problem.take());
        let mut problems: Vec<_> = of_items.collect();
        problems.append(&mut self.problems);
        problems
    }
}

impl Item {
    fn into_part(self) -> Part {
        Part { name: self.name.into_bytes(), bytes: self.bytes, problem: self.problem }
    }
}

impl Visit for Package {
    fn names(&mut self, _: Vec<Name>) {}

    fn part(&mut self, part: Part, _: &mut Budget<'_>) -> ControlFlow<()> {
        let name = String::from_utf8_lossy(&part.name).replace('\\', "/");
        let name = name.trim_start_matches('/').to_owned();
        // Pictures are most of the bytes of a document and hold no text, unless they are metafiles.
        let is_picture = name.contains("/media/") || name.starts_with("Pictures/");
        if !is_picture || is_metafile(&name) {
            let root = if part.bytes.starts_with(b"PK") { None } else { xml::root(&part.bytes) };
            self.items.push(Item { name, root, bytes: part.bytes, problem: part.problem });
        }
        ControlFlow::Continue(())
    }
}

fn is_metafile(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["wmf", "emf"].iter().any(|metafile| ending.eq_ignore_ascii_case(metafile))
}

/// A target as it stands in a part in `folder`, as the name of a part.
fn resolved(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// A key that sorts `slide2` before `slide10`.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[text..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - text);
        key.push((rest[..text].to_owned(), rest[text..text + digits].parse().unwrap_or(u64::MAX)));
        rest = &rest[text + digits..];
    }
    key
}
