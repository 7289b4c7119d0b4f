//! Sizes of what is read from files, with reasons.

/// Longest file read: a bulk request of a large hospital's day (2 000 people of 1 KB) has half of this.
pub const MAX_FILE: usize = 4 * 1024 * 1024;
/// Deepest element: the tree of a result has seven levels (qualification.md 6.2); the rest is for elements not known yet.
pub const MAX_DEPTH: usize = 16;
/// Elements in one file: as many as fit into [`MAX_FILE`] with some text each.
pub const MAX_ELEMENTS: usize = 100_000;
/// Attributes of one element: no message has any; unknown elements may.
pub const MAX_ATTRIBUTES: usize = 16;
/// Longest text of one element in a request that this service keeps or gives back.
pub const MAX_TEXT: usize = 1_000;
