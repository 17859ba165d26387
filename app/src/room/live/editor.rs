//! The editor's panel: the files that are open, and Monaco.

use interview::FilePath;
use interview::editor::PastedFrom;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use crate::js::editor::{Access, Editor};
use crate::room::frame::Lines;
use crate::ui::toast::Tone;

use super::keys;
use super::room::Room;

/// The panel.
#[component]
pub fn EditorPanel() -> impl IntoView {
    let room = expect_context::<Room>();
    let host = NodeRef::<html::Div>::new();
    let state = RwSignal::new(Loading::Coming);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        leptos::task::spawn_local(async move {
            let next = match Editor::create(&host, "Editor", Access::Read).await {
                Ok(editor) => {
                    attach(room, editor);
                    Loading::There
                }
                Err(error) => Loading::Failed(error.to_string()),
            };
            state.try_set(next);
        });
    });
    let is_empty =
        move || room.seen.is_known() && state.with(|state| *state == Loading::There) && room.seen.shown.get().is_none();
    let hides_host = move || state.with(|state| *state != Loading::There) || room.seen.shown.get().is_none();
    view! {
        <section class="panel room-editor" aria-label="Editor">
            <OpenFiles/>
            {move || match state.get() {
                Loading::Coming => view! { <Lines/> }.into_any(),
                Loading::There => ().into_any(),
                Loading::Failed(reason) => view! {
                    <div class="callout callout-bad" role="alert">
                        <strong class="callout-title">"The editor could not be loaded"</strong>
                        <p>{reason}". Your work is safe; please reload the page."</p>
                    </div>
                }.into_any(),
            }}
            <Show when=is_empty>
                <div class="empty"><h3>"No file is open"</h3><p>"Choose one from the files on the left."</p></div>
            </Show>
            <div class="editor-host" node_ref=host style:visibility=move || hides_host().then_some("hidden")></div>
            <HiddenPanels/>
        </section>
    }
}

/// The way back to panels that are hidden.
#[component]
fn HiddenPanels() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let (files, terminal) = (seen.files_shown, seen.terminal_shown);
    view! {
        <Show when=move || !files.get() || !terminal.get()>
            <footer class="panel-footer button-row">
                <Show when=move || !files.get()>
                    <button class="button button-quiet button-small" on:click=move |_| files.set(true)>
                        "Show the files" <kbd>"Ctrl B"</kbd>
                    </button>
                </Show>
                <Show when=move || !terminal.get()>
                    <button class="button button-quiet button-small" on:click=move |_| terminal.set(true)>
                        "Show the terminal" <kbd>"Ctrl J"</kbd>
                    </button>
                </Show>
            </footer>
        </Show>
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Loading {
    Coming,
    There,
    Failed(String),
}

/// Connects a new editor with the room.
fn attach(room: Room, editor: Editor) {
    editor.on_edit(move |path, changes, via| room.record_edit(path, changes, via));
    editor.on_too_large(move |path| {
        room.toasts.say(Tone::Warning, format!("{path} was left as it was: a file may hold at most 1 MiB."));
    });
    editor.on_select(move |path, ranges| room.record_selection(path, ranges));
    editor.on_paste(move |text| room.note_paste(&text));
    editor.on_copy(move |text| room.note_copy(PastedFrom::Editor, &text));
    editor.on_key(move |key| keys::obey(room, key));
    *room.held().editor.borrow_mut() = Some(editor);
    if room.seen.card.with_untracked(Option::is_some) {
        room.show_all_files();
    }
}

#[component]
fn OpenFiles() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let press = move |event: ev::KeyboardEvent| {
        let tabs = seen.tabs.get_untracked();
        let here =
            seen.shown.get_untracked().and_then(|shown| tabs.iter().position(|tab| *tab == shown)).unwrap_or_default();
        let there = match event.key().as_str() {
            "ArrowRight" => (here + 1) % tabs.len().max(1),
            "ArrowLeft" => here.checked_sub(1).unwrap_or(tabs.len().saturating_sub(1)),
            "Home" => 0,
            "End" => tabs.len().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        if let Some(path) = tabs.get(there) {
            room.open_file(path.clone());
            keys::focus(".tab-file[aria-selected=true]");
        }
    };
    view! {
        <div class="tabs tabs-files" role="tablist" aria-label="Open files" on:keydown=press>
            <For each=move || seen.tabs.get() key=FilePath::clone let(path)>
                <OpenFile path/>
            </For>
        </div>
    }
}

#[component]
fn OpenFile(path: FilePath) -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let (name, title) = (path.name().to_owned(), path.to_string());
    let path = StoredValue::new(path);
    let is_shown = Memo::new(move |_| path.with_value(|path| seen.shown.with(|shown| shown.as_ref() == Some(path))));
    let close = move || room.close_tab(&path.get_value());
    view! {
        <button
            class="tab tab-file"
            role="tab"
            title=title
            aria-selected=move || is_shown.get().to_string()
            tabindex=move || if is_shown.get() { "0" } else { "-1" }
            aria-keyshortcuts="Delete"
            on:click=move |_| room.open_file(path.get_value())
            on:auxclick=move |_| close()
            on:keydown=move |event| {
                if event.key() == "Delete" {
                    close();
                }
            }
        >
            {name}
            <span
                class="tab-close"
                aria-hidden="true"
                on:click=move |event| {
                    event.stop_propagation();
                    close();
                }
            >
                "×"
            </span>
        </button>
    }
}
