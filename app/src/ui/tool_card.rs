//! A tool that somebody used, as a card that opens: what it is called, what it was given in a few words, how it went.

use leptos::prelude::*;
use leptos::web_sys::Element;
use serde_json::Value;

/// How a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolState {
    /// It is under way.
    Running,
    /// It did what it was to do.
    Done,
    /// It could not.
    Failed,
    /// Nothing came back, and nothing will.
    Stopped,
}

impl ToolState {
    /// Of a call that gave something back, failed or not, or of one that did not, as long as somebody waits for it or longer.
    pub fn of(failed: Option<bool>, is_awaited: bool) -> Self {
        match (failed, is_awaited) {
            (Some(true), _) => Self::Failed,
            (Some(false), _) => Self::Done,
            (None, true) => Self::Running,
            (None, false) => Self::Stopped,
        }
    }

    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }
}

/// The card. What opens below its line are the children.
#[component]
pub fn ToolCard(
    /// The tool's name.
    name: String,
    /// What it was given, as [`brief`] tells it.
    about: String,
    /// How it stands.
    state: ToolState,
    /// How long it took, and what else there is to say of that.
    time: String,
    /// Whether it is open.
    #[prop(default = RwSignal::new(false))]
    opened: RwSignal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <details
            class="tool-card"
            data-state=state.word()
            open=opened.get_untracked()
            on:toggle=move |event| opened.set(event_target::<Element>(&event).has_attribute("open"))
        >
            <summary class="tool-summary">
                <span class="tool-name">{name}</span>
                <span class="tool-input">{about}</span>
                <span class="tool-time">{time}</span>
            </summary>
            {children()}
        </details>
    }
}

/// An input in a few words: its file, or its command.
pub fn brief(input: &Value) -> String {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    ["path", "command"].into_iter().find_map(text).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_without_a_result_runs_only_while_somebody_waits_for_it() {
        assert_eq!(ToolState::of(None, true), ToolState::Running);
        assert_eq!(ToolState::of(None, false), ToolState::Stopped);
        assert_eq!(ToolState::of(Some(true), false), ToolState::Failed);
        assert_eq!(ToolState::of(Some(false), true), ToolState::Done);
    }

    #[test]
    fn an_input_is_told_by_its_file_or_its_command() {
        assert_eq!(brief(&json!({"path": "a.py", "old": "x"})), "a.py");
        assert_eq!(brief(&json!({"command": "go vet ./..."})), "go vet ./...");
        assert_eq!(brief(&json!({})), "");
    }
}
