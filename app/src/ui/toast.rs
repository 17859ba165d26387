//! Short notes in the corner. They go by themselves; nothing that matters is said only here.

use std::time::Duration;

use leptos::prelude::*;

/// How long a note stays.
const STAYS: Duration = Duration::from_secs(6);

/// How a note is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something went well.
    Good,
    /// Something needs attention.
    Warning,
    /// Something did not work.
    Bad,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u64,
    tone: Tone,
    text: String,
}

/// The notes of a page. Copies are the same notes.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

impl Default for Toasts {
    fn default() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }
}

impl Toasts {
    /// Shows a note. The same note twice is one.
    pub fn say(self, tone: Tone, text: impl Into<String>) {
        let (text, id) = (text.into(), self.next.get_value());
        self.next.set_value(id + 1);
        self.shown.update(|shown| {
            shown.retain(|toast| toast.text != text);
            shown.push(Toast { id, tone, text });
        });
        set_timeout(move || self.take_away(id), STAYS);
    }

    fn take_away(self, id: u64) {
        let _ = self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Where the notes show.
#[component]
pub fn ToastList(
    /// The notes.
    toasts: Toasts,
) -> impl IntoView {
    let class = |tone: Tone| match tone {
        Tone::Good => "toast toast-good",
        Tone::Warning => "toast toast-warning",
        Tone::Bad => "toast toast-bad",
    };
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id let(toast)>
                <div class=class(toast.tone)>
                    <span>{toast.text}</span>
                    <button
                        class="button button-quiet button-icon button-small"
                        aria-label="Dismiss"
                        on:click=move |_| toasts.take_away(toast.id)
                    >
                        "×"
                    </button>
                </div>
            </For>
        </div>
    }
}
