//! The domain: what an interview is, as one log of facts on one clock and everything that can be folded from it.
//!
//! Pure, for native and wasm alike. It never asks the time, reaches outside or draws chance: those arrive as arguments.

pub mod chat;
pub mod editor;
pub mod event;
pub mod fact;
pub mod ids;
pub mod keyframe;
pub mod masking;
pub mod outbox;
pub mod playhead;
pub mod question;
pub mod replay;
pub mod run;
pub mod session;
pub mod stage;
pub mod terminal;
pub mod wire;

pub use event::{Actor, Clocks, Event, Offset, Seq};
pub use fact::Fact;
pub use ids::{FilePath, InterviewId, Origin};
pub use stage::Stage;
