//! A file as a tree of elements: read whole and bounded, written indented. What the elements mean is not known here.

use quick_xml::{
    Reader, Writer, escape,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{
    Encoding, FileError,
    encoding::is_xml,
    limits::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS, MAX_FILE},
};

/// One element with everything in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name, prefix included.
    pub name: String,
    /// Names and values, in their order.
    pub attributes: Vec<(String, String)>,
    /// What stands in it. White space between elements is not kept.
    pub nodes: Vec<Node>,
}

/// What can stand in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Text as it reads, references resolved.
    Text(String),
    /// An element.
    Element(Element),
}

impl Element {
    /// An element without anything in it.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// An element with text.
    #[must_use]
    pub fn with_text(name: &str, text: &str) -> Self {
        let nodes = if text.is_empty() { Vec::new() } else { vec![Node::Text(text.to_owned())] };
        Self { nodes, ..Self::named(name) }
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The text in it, without that of its elements.
    #[must_use]
    pub fn text(&self) -> String {
        let text = self.nodes.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        text.collect()
    }

    /// The first element of that name in it.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }
}

/// The root element of a file, and the encoding it was in.
///
/// # Errors
/// [`FileError`]; never more memory than a few times [`MAX_FILE`].
pub fn read(bytes: &[u8]) -> Result<(Element, Encoding), FileError> {
    if bytes.len() > MAX_FILE {
        return Err(FileError::TooLarge { most: MAX_FILE });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let declared = declared(bytes)?;
    let encoding = declared.or_else(|| identified(bytes)).unwrap_or_default();
    let root = tree(&encoding.decode(bytes)?)?;
    let identifier = root.first("MessageHeader").and_then(|header| header.first("CharacterCodeIdentifier"));
    let contradicts =
        |other: Encoding| other != encoding && identifier.is_some_and(|told| told.text().trim() == other.code());
    if declared.is_some() && Encoding::ALL.into_iter().any(contradicts) {
        return Err(FileError::Contradiction(encoding));
    }
    Ok((root, encoding))
}

/// The encoding that the XML declaration names. Both encodings write it with the same bytes.
fn declared(bytes: &[u8]) -> Result<Option<Encoding>, FileError> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(FileError::UnknownEncoding);
    }
    let Some(rest) = bytes.strip_prefix(b"<?xml") else { return Ok(None) };
    let end = rest.iter().take(200).position(|byte| *byte == b'>').ok_or(FileError::NotXml { near: 0 })?;
    let head = rest.get(..end).and_then(|head| std::str::from_utf8(head).ok()).ok_or(FileError::NotXml { near: 0 })?;
    let Some((_, value)) = head.split_once("encoding") else { return Ok(None) };
    let value = value.trim_start().strip_prefix('=').map(str::trim_start);
    let quote = value.and_then(|value| value.chars().next()).filter(|quote| matches!(quote, '"' | '\''));
    let name = value.zip(quote).and_then(|(value, quote)| value.split(quote).nth(1));
    name.and_then(Encoding::named).map(Some).ok_or(FileError::UnknownEncoding)
}

/// What `CharacterCodeIdentifier` says, for files that declare nothing.
fn identified(bytes: &[u8]) -> Option<Encoding> {
    const TAG: &[u8] = b"<CharacterCodeIdentifier>";
    let at = bytes.windows(TAG.len()).position(|window| window == TAG)?;
    let told = bytes.get(at + TAG.len())?;
    Encoding::ALL.into_iter().find(|encoding| encoding.code().as_bytes().first() == Some(told))
}

fn tree(text: &str) -> Result<Element, FileError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut count = 0;
    loop {
        let near = reader.buffer_position();
        let broken = FileError::NotXml { near };
        match reader.read_event().map_err(|_| broken.clone())? {
            Event::Start(start) => {
                count += 1;
                let fits = open.len() < MAX_DEPTH && count <= MAX_ELEMENTS;
                let what = if open.len() < MAX_DEPTH { "elements" } else { "depth" };
                if !fits {
                    return Err(FileError::TooMuch { what });
                }
                if open.is_empty() && root.is_some() {
                    return Err(broken);
                }
                open.push(begun(&start, near)?);
            }
            Event::Empty(start) => {
                count += 1;
                if count > MAX_ELEMENTS {
                    return Err(FileError::TooMuch { what: "elements" });
                }
                if open.is_empty() && root.is_some() {
                    return Err(broken);
                }
                let done = begun(&start, near)?;
                close(done, &mut open, &mut root);
            }
            Event::End(_) => {
                let done = open.pop().ok_or(broken)?;
                close(done, &mut open, &mut root);
            }
            Event::Text(piece) => add(&mut open, &piece.xml10_content().map_err(|_| broken.clone())?, near)?,
            Event::CData(piece) => add(&mut open, &piece.xml10_content().map_err(|_| broken.clone())?, near)?,
            Event::GeneralRef(reference) => {
                let resolved = if reference.is_char_ref() {
                    reference.resolve_char_ref().ok().flatten().filter(|c| is_xml(*c)).map(String::from)
                } else {
                    let name = reference.decode().map_err(|_| FileError::Entity)?;
                    escape::resolve_predefined_entity(&name).map(str::to_owned)
                };
                add(&mut open, &resolved.ok_or(FileError::Entity)?, near)?;
            }
            Event::DocType(_) => return Err(FileError::DocumentType),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    let near = reader.buffer_position();
    if open.is_empty() { root.ok_or(FileError::NotXml { near }) } else { Err(FileError::NotXml { near }) }
}

fn begun(start: &BytesStart<'_>, near: u64) -> Result<Element, FileError> {
    let broken = || FileError::NotXml { near };
    let utf8 = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| broken());
    let mut element = Element { name: utf8(start.name().as_ref())?, ..Element::default() };
    if !is_name(&element.name) {
        return Err(broken());
    }
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| broken())?;
        if element.attributes.len() == MAX_ATTRIBUTES {
            return Err(FileError::TooMuch { what: "attributes" });
        }
        let name = utf8(attribute.key.as_ref())?;
        // Only the five entities of XML itself are known to it, so nothing expands.
        let value = escape::unescape(&utf8(&attribute.value)?).map_err(|_| FileError::Entity)?.into_owned();
        if !is_name(&name) || !value.chars().all(is_xml) {
            return Err(broken());
        }
        element.attributes.push((name, value));
    }
    Ok(element)
}

/// What every element of the interfaces is called like; others could not be written back.
fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_alphabetic() || c == '_';
    name.chars().next().is_some_and(first)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// Text belongs into an element; around the root only white space may stand.
fn add(open: &mut [Element], piece: &str, near: u64) -> Result<(), FileError> {
    let Some(inner) = open.last_mut() else {
        return if piece.trim().is_empty() { Ok(()) } else { Err(FileError::NotXml { near }) };
    };
    if !piece.chars().all(is_xml) {
        return Err(FileError::Entity);
    }
    if let Some(Node::Text(text)) = inner.nodes.last_mut() {
        text.push_str(piece);
    } else if !piece.is_empty() {
        inner.nodes.push(Node::Text(piece.to_owned()));
    }
    Ok(())
}

fn close(mut done: Element, open: &mut [Element], root: &mut Option<Element>) {
    // White space is layout where elements stand, and content where they do not: insurer numbers begin with it.
    if done.elements().next().is_some() {
        done.nodes.retain(|node| !matches!(node, Node::Text(text) if text.trim().is_empty()));
    }
    match open.last_mut() {
        Some(outer) => outer.nodes.push(Node::Element(done)),
        None => *root = Some(done),
    }
}

/// The bytes of a file with this root.
#[must_use]
pub fn write(root: &Element, encoding: Encoding) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing into memory does not fail; if it did, the file would be refused by its readers, never half believed.
    let declaration = BytesDecl::new("1.0", Some(encoding.label()), Some("no"));
    let _ = writer.write_event(Event::Decl(declaration)).and_then(|()| put(&mut writer, root, encoding));
    let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
    text.push('\n');
    encoding.encode(&text)
}

fn put(writer: &mut Writer<Vec<u8>>, element: &Element, encoding: Encoding) -> std::io::Result<()> {
    let mut start = BytesStart::new(element.name.as_str());
    for (name, value) in &element.attributes {
        start.push_attribute((name.as_bytes(), escaped(value, encoding).as_bytes()));
    }
    if element.nodes.is_empty() {
        return writer.write_event(Event::Empty(start));
    }
    writer.write_event(Event::Start(start))?;
    for node in &element.nodes {
        match node {
            Node::Text(text) => writer.write_event(Event::Text(BytesText::from_escaped(escaped(text, encoding))))?,
            Node::Element(inner) => put(writer, inner, encoding)?,
        }
    }
    writer.write_event(Event::End(BytesEnd::new(element.name.as_str())))
}

/// Line ends, too, are written as references: readers turn them into others when they stand there as they are.
fn escaped(text: &str, encoding: Encoding) -> String {
    let mut out = String::with_capacity(text.len());
    for c in encoding.holds(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    out
}
