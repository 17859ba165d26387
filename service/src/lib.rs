//! The use cases of InterviewLM, and the ports they need. It knows no SQL, no HTTP and no page.

pub mod ports;
pub mod practice;
pub mod problems;
pub mod runs;
