//! What is recorded, in the words of the page that asks for consent.

use interview::session::Capture;

/// Its name for people.
pub fn title(capture: Capture) -> &'static str {
    match capture {
        Capture::Editor => "Editor",
        Capture::Terminal => "Terminal",
        Capture::Assistant => "Assistant",
        Capture::Focus => "Window focus",
    }
}

/// What exactly is recorded, and why.
pub fn reason(capture: Capture) -> &'static str {
    match capture {
        Capture::Editor => {
            "Every change to the files, with its time, so that your interviewers see how the solution came about and \
             not only how it ended."
        }
        Capture::Terminal => {
            "What you type into the shell and what it prints, so that they see how you test and debug."
        }
        Capture::Assistant => {
            "Your conversation with the assistant and what it did, so that they see how you work with it."
        }
        Capture::Focus => {
            "When this window goes to the background and comes back, so that pauses can be told from thinking. Nothing \
             outside this window is seen."
        }
    }
}

/// What happens without this consent, where it may be refused.
pub fn without(capture: Capture) -> &'static str {
    match capture {
        Capture::Editor => "Without it there is no interview.",
        Capture::Terminal => "Without it the terminal stays closed.",
        Capture::Assistant => "Without it the assistant is not available.",
        Capture::Focus => "Without it, none of this is recorded.",
    }
}
