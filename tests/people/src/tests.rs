//! What the drawn pictures and their labels have to be.

mod broken_space;
mod checked_in;
mod drawing;
