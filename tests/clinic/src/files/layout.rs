//! How typed messages are made of elements: by name, never by position; empty is absent; what is not known is kept.

use super::{
    Encoding, FileError,
    xml::{self, Element, Node},
};

/// What can stand in an element without elements.
pub trait Leaf: Clone + Eq + std::fmt::Debug {
    /// What it should look like, for `FILES.md`.
    const FORM: &'static str;

    /// `None`: it does not look like that.
    fn parse(text: &str) -> Option<Self>;

    /// As it stands in files.
    fn text(&self) -> String;
}

/// A text that has a form, or not: files come from many programs, and nothing of them is thrown away or guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<T> {
    /// It has its form.
    Known(T),
    /// It has not; as it came.
    Other(String),
}

impl<T: Leaf> Value<T> {
    /// The value, if it has its form.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Other(_) => None,
        }
    }
}

impl<T: Leaf> From<T> for Value<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

/// One field of a [`Record`].
pub trait Field: Sized {
    /// What it holds, for `FILES.md`.
    fn form() -> String;

    /// Takes its elements out of what is left of the outer one.
    ///
    /// # Errors
    /// [`FileError::Repeated`], [`FileError::Shape`], and what its own elements have.
    fn take(left: &mut Vec<Element>, name: &'static str) -> Result<Self, FileError>;

    /// Adds its elements.
    fn put(&self, name: &str, out: &mut Element);

    /// Whether it adds none.
    fn is_absent(&self) -> bool;
}

/// An element whose elements are known by name.
pub trait Record: Clone + Default + Eq + std::fmt::Debug {
    /// Element, what it holds, and what it is.
    fn elements() -> Vec<(&'static str, String, &'static str)>;

    /// Reads it.
    ///
    /// # Errors
    /// [`FileError`].
    fn read(element: Element, name: &'static str) -> Result<Self, FileError>;

    /// Adds everything in it to an element.
    fn write(&self, out: &mut Element);

    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool;
}

fn taken(left: &mut Vec<Element>, name: &'static str) -> Result<Option<Element>, FileError> {
    let at = |left: &[Element]| left.iter().position(|element| element.name == name);
    let Some(first) = at(left) else { return Ok(None) };
    let element = left.remove(first);
    if at(left).is_some() { Err(FileError::Repeated { element: name }) } else { Ok(Some(element)) }
}

/// White space alone says nothing; beside anything else it is content.
fn text_in(left: &mut Vec<Element>, name: &'static str) -> Result<Option<String>, FileError> {
    let Some(element) = taken(left, name)? else { return Ok(None) };
    if element.elements().next().is_some() {
        return Err(FileError::Shape { element: name, found: "elements", expected: "text" });
    }
    Ok(Some(element.text()).filter(|text| !text.trim().is_empty()))
}

fn put_text(name: &str, text: &str, out: &mut Element) {
    if !text.trim().is_empty() {
        out.nodes.push(Node::Element(Element::with_text(name, text)));
    }
}

impl Field for Option<String> {
    fn form() -> String {
        "text".to_owned()
    }

    fn take(left: &mut Vec<Element>, name: &'static str) -> Result<Self, FileError> {
        text_in(left, name)
    }

    fn put(&self, name: &str, out: &mut Element) {
        put_text(name, self.as_deref().unwrap_or_default(), out);
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(|text| text.trim().is_empty())
    }
}

impl<T: Leaf> Field for Option<Value<T>> {
    fn form() -> String {
        T::FORM.to_owned()
    }

    fn take(left: &mut Vec<Element>, name: &'static str) -> Result<Self, FileError> {
        Ok(text_in(left, name)?.map(|text| T::parse(text.trim()).map_or(Value::Other(text), Value::Known)))
    }

    fn put(&self, name: &str, out: &mut Element) {
        match self {
            Some(Value::Known(value)) => put_text(name, &value.text(), out),
            Some(Value::Other(text)) => put_text(name, text, out),
            None => {}
        }
    }

    fn is_absent(&self) -> bool {
        match self {
            Some(Value::Other(text)) => text.trim().is_empty(),
            Some(Value::Known(_)) => false,
            None => true,
        }
    }
}

impl<R: Record> Field for Option<R> {
    fn form() -> String {
        "elements".to_owned()
    }

    fn take(left: &mut Vec<Element>, name: &'static str) -> Result<Self, FileError> {
        let read = taken(left, name)?.map(|element| R::read(element, name)).transpose()?;
        Ok(read.filter(|record| !record.is_empty()))
    }

    fn put(&self, name: &str, out: &mut Element) {
        put_records(self.as_slice(), name, out);
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Record::is_empty)
    }
}

impl<R: Record> Field for Vec<R> {
    fn form() -> String {
        "elements, 0..n".to_owned()
    }

    fn take(left: &mut Vec<Element>, name: &'static str) -> Result<Self, FileError> {
        let (mine, others): (Vec<_>, Vec<_>) = left.drain(..).partition(|element| element.name == name);
        *left = others;
        let read = mine.into_iter().map(|element| R::read(element, name));
        read.filter(|record| !record.as_ref().is_ok_and(Record::is_empty)).collect()
    }

    fn put(&self, name: &str, out: &mut Element) {
        put_records(self, name, out);
    }

    fn is_absent(&self) -> bool {
        self.iter().all(Record::is_empty)
    }
}

fn put_records<R: Record>(records: &[R], name: &str, out: &mut Element) {
    for record in records.iter().filter(|record| !record.is_empty()) {
        let mut element = Element::named(name);
        record.write(&mut element);
        out.nodes.push(Node::Element(element));
    }
}

/// The elements in one, which holds no text of its own.
pub(super) fn inner(element: Element, name: &'static str) -> Result<Vec<Element>, FileError> {
    let mut elements = Vec::new();
    for node in element.nodes {
        match node {
            Node::Element(element) => elements.push(element),
            Node::Text(text) if text.trim().is_empty() => {}
            Node::Text(_) => return Err(FileError::Shape { element: name, found: "text", expected: "elements" }),
        }
    }
    Ok(elements)
}

/// A record: its elements, in the order in which they are written, each with what it is.
macro_rules! record {
    ($(#[$about:meta])* $type:ident {
        $($(#[doc = $doc:literal])+ $field:ident: $held:ty = $element:literal,)*
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $type {
            $($(#[doc = $doc])+ pub $field: $held,)*
            /// Its attributes, as they came.
            pub attributes: Vec<(String, String)>,
            /// Elements in it that are not known here, as they came.
            pub other: Vec<$crate::files::xml::Element>,
        }

        impl $crate::files::layout::Record for $type {
            fn elements() -> Vec<(&'static str, String, &'static str)> {
                vec![$(($element, <$held as $crate::files::layout::Field>::form(), concat!($($doc),+)),)*]
            }

            fn read(
                mut element: $crate::files::xml::Element,
                name: &'static str,
            ) -> Result<Self, $crate::files::FileError> {
                let attributes = std::mem::take(&mut element.attributes);
                #[allow(unused_mut, reason = "an element that holds nothing")]
                let mut left = $crate::files::layout::inner(element, name)?;
                $(let $field = <$held as $crate::files::layout::Field>::take(&mut left, $element)?;)*
                Ok(Self { $($field,)* attributes, other: left })
            }

            fn write(&self, out: &mut $crate::files::xml::Element) {
                out.attributes.clone_from(&self.attributes);
                $($crate::files::layout::Field::put(&self.$field, $element, out);)*
                out.nodes.extend(self.other.iter().cloned().map($crate::files::xml::Node::Element));
            }

            fn is_empty(&self) -> bool {
                $($crate::files::layout::Field::is_absent(&self.$field) &&)*
                self.attributes.is_empty() && self.other.is_empty()
            }
        }

        #[cfg(test)]
        impl $crate::files::strategies::Sample for $type {
            fn any() -> proptest::strategy::BoxedStrategy<Self> {
                use proptest::strategy::Strategy as _;
                let record = proptest::strategy::Just(Self::default()).boxed();
                $(
                    let field = <$held as $crate::files::strategies::Sample>::any();
                    let record = (record, field).prop_map(|(record, $field)| Self { $field, ..record }).boxed();
                )*
                let unknowns = $crate::files::strategies::unknowns();
                (record, unknowns)
                    .prop_map(|(mut record, (attributes, other))| {
                        record.attributes = attributes;
                        record.other = other;
                        record
                    })
                    .boxed()
            }
        }
    };
}
pub(super) use record;

/// A whole file: `XmlMsg` with its header and body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message<H, B> {
    /// `MessageHeader`.
    pub header: H,
    /// `MessageBody`.
    pub body: B,
    /// Attributes of the root, as they came.
    pub attributes: Vec<(String, String)>,
    /// Elements beside them that are not known here, as they came.
    pub other: Vec<Element>,
}

const ROOT: &str = "XmlMsg";
const HEADER: &str = "MessageHeader";
const BODY: &str = "MessageBody";
const IDENTIFIER: &str = "CharacterCodeIdentifier";

impl<H: Record, B: Record> Message<H, B> {
    /// A message.
    #[must_use]
    pub const fn new(header: H, body: B) -> Self {
        Self { header, body, attributes: Vec::new(), other: Vec::new() }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn read(bytes: &[u8]) -> Result<(Self, Encoding), FileError> {
        let (mut root, encoding) = xml::read(bytes)?;
        if root.name != ROOT {
            return Err(FileError::Root { expected: ROOT });
        }
        let attributes = std::mem::take(&mut root.attributes);
        let mut left = inner(root, ROOT)?;
        let header: Option<H> = Field::take(&mut left, HEADER)?;
        let body: Option<B> = Field::take(&mut left, BODY)?;
        let header = header.ok_or(FileError::Missing { element: HEADER })?;
        Ok((Self { header, body: body.unwrap_or_default(), attributes, other: left }, encoding))
    }

    /// The bytes of the file. `CharacterCodeIdentifier`, where the header has it, says the encoding it is written in.
    #[must_use]
    pub fn write(&self, encoding: Encoding) -> Vec<u8> {
        let (mut root, mut header, mut body) = (Element::named(ROOT), Element::named(HEADER), Element::named(BODY));
        root.attributes.clone_from(&self.attributes);
        self.header.write(&mut header);
        for node in &mut header.nodes {
            if let Node::Element(element) = node
                && element.name == IDENTIFIER
            {
                *element = Element::with_text(IDENTIFIER, encoding.code());
            }
        }
        self.body.write(&mut body);
        root.nodes.extend([header, body].map(Node::Element));
        root.nodes.extend(self.other.iter().cloned().map(Node::Element));
        xml::write(&root, encoding)
    }
}
