//! JSON for a candidate's Rust, without other crates: [`Json`] for data of any shape, [`record!`] for a struct whose fields
//! are the keys of an object, and the traits that turn the arguments of a case into those of a function.
//!
//! A function that is called may take and return numbers, `bool`, `char`, text, `Vec`, slices, tuples, `Option`, `HashMap`,
//! `BTreeMap`, sets, [`Json`] and records. What it prints is left alone. Expected values never come here.

mod call;
mod convert;
mod json;
mod record;
mod report;

pub use call::{Answer, Call, run};
pub use convert::{FromJson, ToJson};
pub use json::Json;
pub use record::Fields;
