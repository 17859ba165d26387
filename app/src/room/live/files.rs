//! The files' panel: the tree, and making, renaming and deleting.

use interview::FilePath;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;

use crate::room::frame::Lines;
use crate::shell::error::sentence;
use crate::ui::toast::Tone;
use crate::ui::tree::{Entry, FileTree, Wish};

use super::keys;
use super::room::Room;
use super::seen::Asked;

/// What is being given a name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Naming {
    /// A new file, below that folder (empty, or with a slash at the end).
    New(String),
    /// An entry that has one.
    Old(Entry),
}

/// A context menu: for that entry, at that place.
type Menu = Option<(Entry, i32, i32)>;

#[derive(Clone, Copy)]
struct Panel {
    room: Room,
    naming: RwSignal<Option<Naming>>,
    fault: RwSignal<Option<String>>,
    menu: RwSignal<Menu>,
}

/// The panel.
#[component]
pub fn FilesPanel() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let panel = Panel { room, naming: RwSignal::new(None), fault: RwSignal::new(None), menu: RwSignal::new(None) };
    let paths = Signal::derive(move || seen.files.get().iter().map(ToString::to_string).collect::<Vec<_>>());
    let shown = Signal::derive(move || seen.shown.get().map(|path| path.to_string()));
    let naming = Signal::derive(move || match panel.naming.get() {
        Some(Naming::Old(entry)) => Some(entry.path().to_owned()),
        Some(Naming::New(_)) | None => None,
    });
    let is_new = move || matches!(panel.naming.get(), Some(Naming::New(_)));
    view! {
        <section class="panel room-files" aria-label="Files">
            <header class="panel-header">
                <h2 class="panel-title">"Files"</h2>
                <button
                    class="button button-quiet button-icon button-small"
                    aria-label="New file"
                    title="New file"
                    on:click=move |_| panel.name(Naming::New(String::new()))
                >
                    "+"
                </button>
            </header>
            <div class="panel-body">
                <Show when=move || seen.is_known() fallback=Lines>
                    <Show when=is_new><div class="tree"><div class="tree-row">{panel.input()}</div></div></Show>
                    <Show when=move || panel.fault.with(Option::is_some)>
                        <p class="field-error tree-fault" role="alert">{move || panel.fault.get()}</p>
                    </Show>
                    <FileTree
                        label="Files"
                        paths
                        shown
                        naming
                        on_wish=Callback::new(move |(entry, wish)| panel.grant(entry, wish))
                        name_input=Callback::new(move |_| panel.input())
                    />
                </Show>
            </div>
            {move || panel.menu.get().map(|(entry, x, y)| panel.menu(entry, x, y))}
        </section>
    }
}

impl Panel {
    fn grant(self, entry: Entry, wish: Wish) {
        match (wish, entry) {
            (Wish::Open, Entry::File(path)) => {
                if let Ok(path) = FilePath::parse(path) {
                    self.room.open_file(path);
                }
            }
            (Wish::Open, Entry::Folder(_)) => {}
            (Wish::Rename, entry) => self.name(Naming::Old(entry)),
            (Wish::Remove, entry) => self.ask_to_delete(&entry),
            (Wish::Menu(x, y), entry) => self.menu.set(Some((entry, x, y))),
        }
    }

    fn name(self, naming: Naming) {
        if !self.room.seen.is_connected() {
            return self
                .room
                .toasts
                .say(Tone::Warning, "Files can be added, renamed and deleted when the connection is back.");
        }
        self.fault.set(None);
        self.naming.set(Some(naming));
    }

    /// The files that an entry stands for: itself, or all in it.
    fn files_of(self, entry: &Entry) -> Vec<FilePath> {
        let files = self.room.seen.files.get_untracked();
        let is_meant = |path: &FilePath| match entry {
            Entry::File(file) => path.as_str() == file,
            Entry::Folder(folder) => {
                path.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
            }
        };
        files.into_iter().filter(is_meant).collect()
    }

    fn ask_to_delete(self, entry: &Entry) {
        if !self.room.seen.is_connected() {
            return self.name(Naming::Old(entry.clone()));
        }
        self.room.put(Asked::Delete(self.files_of(entry), entry.path().to_owned()));
    }

    /// The field in which a name is written.
    fn input(self) -> AnyView {
        let Some(naming) = self.naming.get_untracked() else { return ().into_any() };
        let (label, start) = match &naming {
            Naming::New(folder) => ("Name of the new file", folder.clone()),
            Naming::Old(entry) => ("New name", entry.path().to_owned()),
        };
        let node = NodeRef::<html::Input>::new();
        Effect::new(move || {
            if let Some(input) = node.get() {
                request_animation_frame(move || {
                    let _ = input.focus();
                    select_name(&input);
                });
            }
        });
        let finish = move || {
            // The field may be gone already when the focus leaves it.
            if let Some(Some(input)) = node.try_get_untracked() {
                self.finish(&input.value());
            }
        };
        let press = move |event: ev::KeyboardEvent| {
            event.stop_propagation();
            match event.key().as_str() {
                "Enter" => finish(),
                "Escape" => self.cancel(),
                _ => {}
            }
        };
        view! {
            <input
                class="tree-input"
                node_ref=node
                aria-label=label
                aria-invalid=move || self.fault.with(Option::is_some).then_some("true")
                autocomplete="off"
                spellcheck="false"
                prop:value=start
                on:click=|event| event.stop_propagation()
                on:keydown=press
                on:blur=move |_| {
                    if self.fault.with_untracked(Option::is_none) {
                        finish();
                    }
                }
            />
        }
        .into_any()
    }

    fn cancel(self) {
        self.naming.set(None);
        self.fault.set(None);
    }

    /// Takes a name, or says what is wrong with it.
    fn finish(self, name: &str) {
        let Some(naming) = self.naming.get_untracked() else { return };
        let name = name.trim();
        let is_unchanged = match &naming {
            Naming::New(folder) => name == folder,
            Naming::Old(entry) => name == entry.path(),
        };
        if name.is_empty() || is_unchanged {
            return self.cancel();
        }
        match self.check(name, &naming) {
            Ok(()) => self.cancel(),
            Err(reason) => self.fault.set(Some(sentence(&reason))),
        }
    }

    fn check(self, name: &str, naming: &Naming) -> Result<(), String> {
        let files = self.room.seen.files.get_untracked();
        let place = FilePath::parse(name).map_err(|error| error.to_string())?;
        let moved: Vec<(FilePath, FilePath)> = match naming {
            Naming::New(_) => Vec::new(),
            Naming::Old(entry) => self.renames(entry, name).map_err(|error| error.to_string())?,
        };
        let targets: Vec<&FilePath> =
            if moved.is_empty() { vec![&place] } else { moved.iter().map(|(_, to)| to).collect() };
        if let Some(taken) = targets.iter().find(|target| files.contains(target)) {
            return Err(format!("there is a file {taken} already"));
        }
        let held = self.room.held();
        if moved.is_empty() {
            *held.awaited_file.borrow_mut() = Some(place.clone());
            self.room.create_file(place, String::new());
        }
        for (from, to) in moved {
            self.room.rename_file(from, to);
        }
        Ok(())
    }

    fn renames(self, entry: &Entry, name: &str) -> Result<Vec<(FilePath, FilePath)>, interview::ids::NameError> {
        let renamed = |from: FilePath| {
            let rest = from.as_str()[entry.path().len()..].to_owned();
            FilePath::parse(format!("{name}{rest}")).map(|to| (from, to))
        };
        self.files_of(entry).into_iter().map(renamed).collect()
    }

    fn menu(self, entry: Entry, x: i32, y: i32) -> impl IntoView {
        let node = NodeRef::<html::Div>::new();
        Effect::new(move || {
            if let Some(first) = node.get().and_then(|menu| menu.query_selector("button").ok().flatten()) {
                let _ = first.unchecked_into::<web_sys::HtmlElement>().focus();
            }
        });
        let folder = match &entry {
            Entry::Folder(path) => format!("{path}/"),
            Entry::File(path) => path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default(),
        };
        let (renamed, removed) = (entry.clone(), entry);
        let choose = move |act: Box<dyn Fn() + Send + Sync>| {
            move |_| {
                self.menu.set(None);
                act();
            }
        };
        let leave = move |event: ev::FocusEvent| {
            let next = event.related_target().and_then(|next| next.dyn_into::<web_sys::Node>().ok());
            if let Some(Some(menu)) = node.try_get_untracked()
                && !menu.contains(next.as_ref())
            {
                self.menu.set(None);
            }
        };
        view! {
            <div
                class="menu"
                role="menu"
                node_ref=node
                style=format!("left:{x}px;top:{y}px")
                on:focusout=leave
                on:keydown=move |event| press_in_menu(self, &event)
            >
                <button class="menu-item" role="menuitem" on:click=choose(Box::new(move || self.name(Naming::New(folder.clone()))))>
                    "New file"
                </button>
                <button class="menu-item" role="menuitem" on:click=choose(Box::new(move || self.name(Naming::Old(renamed.clone()))))>
                    "Rename" <kbd>"F2"</kbd>
                </button>
                <hr/>
                <button
                    class="menu-item menu-item-danger"
                    role="menuitem"
                    on:click=choose(Box::new(move || self.ask_to_delete(&removed)))
                >
                    "Delete" <kbd>"Del"</kbd>
                </button>
            </div>
        }
    }
}

fn press_in_menu(panel: Panel, event: &ev::KeyboardEvent) {
    let active = document().active_element();
    let (forward, key) = match event.key().as_str() {
        "Escape" => {
            panel.menu.set(None);
            return keys::focus(".room-files [role=treeitem][tabindex=\"0\"]");
        }
        "ArrowDown" => (true, true),
        "ArrowUp" => (false, true),
        _ => return,
    };
    event.prevent_default();
    let mut next = active;
    while let (true, Some(element)) = (key, next) {
        next = if forward { element.next_element_sibling() } else { element.previous_element_sibling() };
        if let Some(button) = next.clone().filter(|next| next.tag_name() == "BUTTON") {
            let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
            return;
        }
    }
}

/// Selects the name without its folder and extension, which is what somebody wants to replace.
fn select_name(input: &web_sys::HtmlInputElement) {
    let text = input.value();
    let start = text.rfind('/').map_or(0, |slash| slash + 1);
    let end = text[start..].rfind('.').filter(|dot| *dot > 0).map_or(text.len(), |dot| start + dot);
    let units = |end: usize| u32::try_from(text[..end].encode_utf16().count()).unwrap_or_default();
    let _ = input.set_selection_range(units(start), units(end));
}
