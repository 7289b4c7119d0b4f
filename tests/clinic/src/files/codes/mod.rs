//! The code tables of the interfaces (qualification.md section 7). A code that is not in its table is kept as it came.

mod desk;
mod medical_assistance;
mod use_and_consent;

pub use desk::*;
pub use medical_assistance::*;
pub use use_and_consent::*;

use super::layout::Leaf;

/// A code table as `FILES.md` shows it.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// `OQSCD…`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Name of the type here.
    pub type_name: &'static str,
    /// Codes and what they mean.
    pub rows: fn() -> Vec<(&'static str, &'static str)>,
}

/// A closed list of codes.
pub trait Code: Copy + Eq + std::fmt::Debug + Sized + 'static {
    /// All of them, in the order of the table.
    const ALL: &'static [Self];
    /// The table.
    const TABLE: Table;

    /// As it stands in files.
    fn code(self) -> &'static str;

    /// What it means.
    fn meaning(self) -> &'static str;

    /// By what stands in a file; `None`: not in the table.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }
}

impl<C: Code> Leaf for C {
    const FORM: &'static str = C::TABLE.id;

    fn parse(text: &str) -> Option<Self> {
        Self::from_code(text)
    }

    fn text(&self) -> String {
        self.code().to_owned()
    }
}

macro_rules! codes {
    ($($id:literal $name:literal $type:ident { $($variant:ident = $code:literal $meaning:literal,)+ })+) => {
        $(
            #[doc = concat!($name, ", ", $id, ".")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
            pub enum $type {
                $(#[doc = concat!($code, " ", $meaning)] $variant,)+
            }

            impl $crate::files::codes::Code for $type {
                const ALL: &'static [Self] = &[$(Self::$variant,)+];
                const TABLE: $crate::files::codes::Table = $crate::files::codes::Table {
                    id: $id,
                    name: $name,
                    type_name: stringify!($type),
                    rows: || vec![$(($code, $meaning),)+],
                };

                fn code(self) -> &'static str {
                    match self {
                        $(Self::$variant => $code,)+
                    }
                }

                fn meaning(self) -> &'static str {
                    match self {
                        $(Self::$variant => $meaning,)+
                    }
                }
            }
        )+

        /// The tables of this file.
        pub(super) const TABLES: &[$crate::files::codes::Table] =
            &[$(<$type as $crate::files::codes::Code>::TABLE,)+];

        #[cfg(test)]
        mod tests {
            use super::*;
            use $crate::files::codes::Code;

            #[test]
            fn every_code_comes_back_and_no_other_is_guessed() {
                $(
                    for known in $type::ALL {
                        assert_eq!($type::from_code(known.code()), Some(*known));
                        assert!(!known.meaning().is_empty());
                    }
                    let codes: std::collections::BTreeSet<_> = $type::ALL.iter().map(|known| known.code()).collect();
                    assert_eq!(codes.len(), $type::ALL.len(), $id);
                    for none in ["", " ", "777", "０", "１"] {
                        assert_eq!($type::from_code(none), None);
                    }
                )+
            }
        }
    };
}
use codes;

/// Every table, by its number.
#[must_use]
pub fn tables() -> Vec<Table> {
    let mut all = [desk::TABLES, medical_assistance::TABLES, use_and_consent::TABLES].concat();
    all.sort_by_key(|table| table.id);
    all
}
