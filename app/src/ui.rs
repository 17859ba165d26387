//! Small pieces that every page may use. None of them knows what an interview is.

pub mod alive;
pub mod code;
pub mod copy;
pub mod dialog;
pub mod field;
pub mod markdown;
pub mod splitter;
pub mod time;
pub mod toast;
pub mod tool_card;
pub mod tree;
