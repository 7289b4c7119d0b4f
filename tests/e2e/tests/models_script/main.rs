//! `scripts/models` against a place to fetch from on this machine, and against files of others.

mod installing;
mod manifests;
mod place;
mod set;
