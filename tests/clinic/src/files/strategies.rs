//! Any typed message, for property tests: every field present or not, known or not, with elements nobody knows between them.

use jiff::civil::{Date, DateTime};
use proptest::{collection, option, prelude::*, sample::select};

use super::{
    InsurerNumber,
    codes::Code,
    layout::{Leaf, Message, Record, Value},
    messages::facility::Passcode,
    xml::{Element, Node},
};

/// Something that properties are tried with.
pub(super) trait Sample: Sized + std::fmt::Debug {
    /// Any of it.
    fn any() -> BoxedStrategy<Self>;
}

/// A leaf that properties are tried with.
pub(super) trait SampleLeaf: Leaf + 'static {
    /// Any of it.
    fn any_leaf() -> BoxedStrategy<Self>;
}

/// Characters that both encodings have, and that XML, layout and width make trouble with.
const CHARACTERS: &str = " 　\n\r\t&<>\"'];ー－～●①髙﨑表ソ能ｶﾞﾟｰ｡Aaz09%_-試験子";

/// Text that says something.
pub(super) fn text() -> BoxedStrategy<String> {
    let any = collection::vec(select(CHARACTERS.chars().collect::<Vec<_>>()), 1..12);
    let any = any.prop_map(|characters| characters.into_iter().collect::<String>());
    any.prop_map(|text| if text.trim().is_empty() { format!("{text}x") } else { text }).boxed()
}

fn name() -> BoxedStrategy<String> {
    "Unknown[A-Za-z0-9_.-]{0,8}".boxed()
}

fn attributes() -> BoxedStrategy<Vec<(String, String)>> {
    let any = collection::btree_map("[a-z][a-z0-9]{0,4}", text(), 0..3);
    any.prop_map(|map| map.into_iter().collect()).boxed()
}

/// An element that nobody knows, with attributes, text and elements in any order.
fn unknown() -> BoxedStrategy<Element> {
    let leaf = (name(), attributes(), option::of(text())).prop_map(|(name, attributes, text)| Element {
        name,
        attributes,
        nodes: text.map(Node::Text).into_iter().collect(),
    });
    let inner = leaf.prop_recursive(3, 12, 4, |inner| {
        let node = prop_oneof![inner.prop_map(Node::Element), text().prop_map(Node::Text)];
        (name(), attributes(), collection::vec(node, 0..4)).prop_map(|(name, attributes, mut nodes)| {
            // Two texts side by side are one.
            nodes.dedup_by(|next, before| matches!((next, before), (Node::Text(_), Node::Text(_))));
            Element { name, attributes, nodes }
        })
    });
    inner.boxed()
}

/// Attributes and elements that nobody knows.
type Unknowns = (Vec<(String, String)>, Vec<Element>);

pub(super) fn unknowns() -> BoxedStrategy<Unknowns> {
    prop_oneof![
        3 => Just((Vec::new(), Vec::new())),
        1 => (attributes(), collection::vec(unknown(), 0..3)),
    ]
    .boxed()
}

impl<C: Code> SampleLeaf for C {
    fn any_leaf() -> BoxedStrategy<Self> {
        select(C::ALL).boxed()
    }
}

impl SampleLeaf for Date {
    fn any_leaf() -> BoxedStrategy<Self> {
        (1i16..=9999, 1i8..=12, 1i8..=31).prop_filter_map("a day", |(y, m, d)| Self::new(y, m, d).ok()).boxed()
    }
}

impl SampleLeaf for DateTime {
    fn any_leaf() -> BoxedStrategy<Self> {
        (Date::any_leaf(), 0i8..24, 0i8..60, 0i8..60).prop_map(|(day, h, m, s)| day.at(h, m, s, 0)).boxed()
    }
}

impl SampleLeaf for u32 {
    fn any_leaf() -> BoxedStrategy<Self> {
        any::<Self>().boxed()
    }
}

impl SampleLeaf for InsurerNumber {
    fn any_leaf() -> BoxedStrategy<Self> {
        "[1-9][0-9]{5}|[0-9][1-9][0-9]{6}".prop_filter_map("a number", |text| Self::new(&text)).boxed()
    }
}

impl SampleLeaf for Passcode {
    fn any_leaf() -> BoxedStrategy<Self> {
        "[0-9]{4,12}".prop_filter_map("digits", |digits| Self::new(&digits)).boxed()
    }
}

impl<T: SampleLeaf> Sample for Option<Value<T>> {
    fn any() -> BoxedStrategy<Self> {
        let other = text().prop_filter("has no form", |text| T::parse(text.trim()).is_none());
        prop_oneof![
            1 => Just(None),
            3 => T::any_leaf().prop_map(|value| Some(Value::Known(value))),
            1 => other.prop_map(|text| Some(Value::Other(text))),
        ]
        .boxed()
    }
}

impl Sample for Option<String> {
    fn any() -> BoxedStrategy<Self> {
        option::of(text()).boxed()
    }
}

impl<R: Record + Sample + 'static> Sample for Option<R> {
    fn any() -> BoxedStrategy<Self> {
        // What holds nothing is not there.
        option::of(R::any()).prop_map(|record| record.filter(|record| !record.is_empty())).boxed()
    }
}

impl<R: Record + Sample + 'static> Sample for Vec<R> {
    fn any() -> BoxedStrategy<Self> {
        let some = collection::vec(R::any(), 0..3);
        some.prop_map(|records| records.into_iter().filter(|record| !record.is_empty()).collect()).boxed()
    }
}

impl<H: Record + Sample + 'static, B: Record + Sample + 'static> Sample for Message<H, B> {
    fn any() -> BoxedStrategy<Self> {
        let header = H::any().prop_filter("a header", |header| !header.is_empty());
        (header, B::any(), unknowns())
            .prop_map(|(header, body, (attributes, other))| Self { header, body, attributes, other })
            .boxed()
    }
}
