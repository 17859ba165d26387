//! A tree of files, for pointer and keys alike. It does not know what a file says, nor what happens to it.

use std::collections::{BTreeMap, BTreeSet};

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;

/// A file or a folder, by its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A file.
    File(String),
    /// A folder.
    Folder(String),
}

impl Entry {
    /// Its path.
    pub fn path(&self) -> &str {
        match self {
            Self::File(path) | Self::Folder(path) => path,
        }
    }
}

/// An entry with what lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    entry: Entry,
    name: String,
    inside: Vec<Node>,
}

/// The tree that these paths make: folders first, then by name.
fn nodes(paths: &[String], above: &str) -> Vec<Node> {
    let mut folders: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut files = Vec::new();
    for path in paths {
        match path[above.len()..].split_once('/') {
            Some((folder, _)) => folders.entry(folder).or_default().push(path.clone()),
            None => files.push(Node {
                entry: Entry::File(path.clone()),
                name: path[above.len()..].to_owned(),
                inside: Vec::new(),
            }),
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let folders = folders.into_iter().map(|(name, paths)| {
        let path = format!("{above}{name}");
        let inside = nodes(&paths, &format!("{path}/"));
        Node { entry: Entry::Folder(path), name: name.to_owned(), inside }
    });
    folders.chain(files).collect()
}

/// The entries in sight, from the top down.
fn in_sight(nodes: &[Node], folded: &BTreeSet<String>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for node in nodes {
        entries.push(node.entry.clone());
        if !folded.contains(node.entry.path()) {
            entries.extend(in_sight(&node.inside, folded));
        }
    }
    entries
}

/// What somebody wants done to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Show the file.
    Open,
    /// Give it another name: F2.
    Rename,
    /// Remove it: Delete.
    Remove,
    /// What else can be done with it, at that place of the window.
    Menu(i32, i32),
}

/// A tree's state and what it tells. Copies are the same tree.
#[derive(Clone, Copy)]
struct Tree {
    nodes: Memo<Vec<Node>>,
    shown: Signal<Option<String>>,
    marked: Signal<BTreeSet<String>>,
    folded: RwSignal<BTreeSet<String>>,
    focused: RwSignal<Option<Entry>>,
    root: NodeRef<html::Ul>,
    on_wish: Callback<(Entry, Wish)>,
    naming: Signal<Option<String>>,
    name_input: Callback<Entry, AnyView>,
}

/// A tree of files.
#[component]
pub fn FileTree(
    /// What it is called.
    label: &'static str,
    /// The files' paths.
    #[prop(into)]
    paths: Signal<Vec<String>>,
    /// The file that is shown elsewhere.
    #[prop(into)]
    shown: Signal<Option<String>>,
    /// Files to mark as changed.
    #[prop(into, optional)]
    marked: Signal<BTreeSet<String>>,
    /// Called with what somebody wants.
    on_wish: Callback<(Entry, Wish)>,
    /// The path of the entry that is getting another name.
    #[prop(into, optional)]
    naming: Signal<Option<String>>,
    /// What stands in the place of that entry's name.
    #[prop(into, default = Callback::new(|_| ().into_any()))]
    name_input: Callback<Entry, AnyView>,
) -> impl IntoView {
    let tree = Tree {
        nodes: Memo::new(move |_| paths.with(|paths| nodes(paths, ""))),
        shown,
        marked,
        folded: RwSignal::new(BTreeSet::new()),
        focused: RwSignal::new(None),
        root: NodeRef::new(),
        on_wish,
        naming,
        name_input,
    };
    view! {
        <ul class="tree" role="tree" aria-label=label node_ref=tree.root on:keydown=move |event| tree.press(&event)>
            {move || {
                let nodes = tree.nodes.get();
                tree.keep_focus();
                items(tree, &nodes)
            }}
        </ul>
    }
}

fn items(tree: Tree, nodes: &[Node]) -> AnyView {
    nodes.iter().map(|node| item(tree, node)).collect_view().into_any()
}

fn item(tree: Tree, node: &Node) -> impl IntoView + use<> {
    let entry = StoredValue::new(node.entry.clone());
    let path = node.entry.path().to_owned();
    let is_folder = matches!(node.entry, Entry::Folder(_));
    let (name, mark_path) = (node.name.clone(), path.clone());
    let is_marked = move || tree.marked.with(|marked| marked.contains(&mark_path));
    let expanded = move || is_folder.then(|| (!tree.is_folded(&entry.get_value())).to_string());
    let menu = move |event: ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        tree.wish(entry.get_value(), Wish::Menu(event.client_x(), event.client_y()));
    };
    view! {
        <li
            class="tree-item"
            role="treeitem"
            aria-expanded=expanded
            aria-selected=move || (!is_folder).then(|| tree.is_shown(&entry.get_value()).to_string())
            tabindex=move || if tree.is_entry_point(&entry.get_value()) { "0" } else { "-1" }
            data-path=path
            on:focusin=move |event| {
                event.stop_propagation();
                tree.focused.set(Some(entry.get_value()));
            }
        >
            <div class="tree-row" on:click=move |_| tree.click(entry.get_value()) on:contextmenu=menu>
                {move || match tree.is_being_named(&entry.get_value()) {
                    true => tree.name_input.run(entry.get_value()),
                    false => view! { <span class="tree-name">{name.clone()}</span> }.into_any(),
                }}
                <Show when=is_marked><span class="tree-mark">"changed"</span></Show>
            </div>
            {is_folder.then(|| view! { <ul role="group">{items(tree, &node.inside)}</ul> })}
        </li>
    }
}

impl Tree {
    fn wish(self, entry: Entry, wish: Wish) {
        self.on_wish.run((entry, wish));
    }

    fn is_folded(self, entry: &Entry) -> bool {
        self.folded.with(|folded| folded.contains(entry.path()))
    }

    fn is_shown(self, entry: &Entry) -> bool {
        self.shown.with(|shown| shown.as_deref() == Some(entry.path()))
    }

    fn is_being_named(self, entry: &Entry) -> bool {
        self.naming.with(|naming| naming.as_deref() == Some(entry.path()))
    }

    /// Whether the Tab key leads to this entry: the focused one, else the shown one, else the first.
    fn is_entry_point(self, entry: &Entry) -> bool {
        let entries = self.entries();
        let wanted = self.focused.get().filter(|focused| entries.contains(focused));
        let shown = || self.shown.get().map(Entry::File).filter(|shown| entries.contains(shown));
        wanted.or_else(shown).or_else(|| entries.first().cloned()).as_ref() == Some(entry)
    }

    fn entries(self) -> Vec<Entry> {
        self.nodes.with(|nodes| self.folded.with(|folded| in_sight(nodes, folded)))
    }

    fn click(self, entry: Entry) {
        self.focus(&entry);
        match entry {
            Entry::File(_) => self.wish(entry, Wish::Open),
            Entry::Folder(path) => {
                let is_folded = self.folded.with_untracked(|folded| folded.contains(&path));
                self.fold(path, !is_folded);
            }
        }
    }

    fn fold(self, path: String, folded: bool) {
        self.folded.update(|paths| {
            match folded {
                true => paths.insert(path),
                false => paths.remove(&path),
            };
        });
    }

    /// Whoever stands in the tree when it is drawn anew goes on standing there: at the same entry, or at the one that has
    /// taken its place.
    fn keep_focus(self) {
        let active = self.root.get_untracked().and_then(|_| document().active_element());
        let is_entry = |element: &web_sys::Element| element.get_attribute("role").as_deref() == Some("treeitem");
        let Some(active) = active.filter(is_entry) else { return };
        let Some(place) = self.items().iter().position(|item| *item == active) else { return };
        queue_microtask(move || {
            let former = self.focused.try_get_untracked().flatten();
            let entries = untrack(|| self.nodes.try_get().map(|nodes| in_sight(&nodes, &BTreeSet::new())));
            let Some(entries) = entries.filter(|entries| !entries.is_empty()) else { return };
            let same = former.filter(|former| entries.contains(former));
            self.focus(same.as_ref().unwrap_or(&entries[place.min(entries.len() - 1)]));
        });
    }

    /// The elements of all entries, folded ones included.
    fn items(self) -> Vec<web_sys::Element> {
        let found = self.root.get_untracked().and_then(|root| root.query_selector_all("[role=treeitem]").ok());
        let items = found.iter().flat_map(|found| (0..found.length()).filter_map(|place| found.item(place)));
        items.filter_map(|item| item.dyn_into().ok()).collect()
    }

    fn focus(self, entry: &Entry) {
        let place = untrack(|| all(&self.nodes.get(), entry));
        if let Some(element) = place.and_then(|place| self.items().into_iter().nth(place)) {
            let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    }

    fn press(self, event: &ev::KeyboardEvent) {
        let Some(entry) = self.focused.get_untracked() else { return };
        let is_elsewhere = self.naming.with_untracked(Option::is_some);
        if is_elsewhere || event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
            return;
        }
        let is_known = untrack(|| self.obey(&event.key(), entry));
        if is_known {
            event.prevent_default();
            event.stop_propagation();
        }
    }

    fn obey(self, key: &str, entry: Entry) -> bool {
        let entries = self.entries();
        let here = entries.iter().position(|other| *other == entry).unwrap_or_default();
        let last = entries.len().saturating_sub(1);
        match key {
            "ArrowDown" => self.focus_at(&entries, (here + 1).min(last)),
            "ArrowUp" => self.focus_at(&entries, here.saturating_sub(1)),
            "Home" => self.focus_at(&entries, 0),
            "End" => self.focus_at(&entries, last),
            "ArrowRight" | "ArrowLeft" => self.step(&entries, here, entry, key == "ArrowRight"),
            "Enter" | " " => self.click(entry),
            "F2" => self.wish(entry, Wish::Rename),
            "Delete" => self.wish(entry, Wish::Remove),
            _ => return false,
        }
        true
    }

    fn focus_at(self, entries: &[Entry], place: usize) {
        if let Some(entry) = entries.get(place) {
            self.focus(entry);
        }
    }

    /// Into a folder, or out of it.
    fn step(self, entries: &[Entry], here: usize, entry: Entry, inwards: bool) {
        let is_folded = self.is_folded(&entry);
        match entry {
            Entry::Folder(path) if inwards && is_folded => self.fold(path, false),
            Entry::Folder(_) if inwards => self.focus_at(entries, here + 1),
            Entry::Folder(path) if !is_folded => self.fold(path, true),
            Entry::File(_) if inwards => {}
            Entry::File(path) | Entry::Folder(path) => {
                if let Some((parent, _)) = path.rsplit_once('/') {
                    self.focus(&Entry::Folder(parent.to_owned()));
                }
            }
        }
    }
}

/// The place of an entry among all, folded ones included.
fn all(nodes: &[Node], entry: &Entry) -> Option<usize> {
    in_sight(nodes, &BTreeSet::new()).iter().position(|other| other == entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(paths: &[&str]) -> Vec<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn folders_come_first_and_hold_what_lies_in_them() {
        let tree = nodes(&paths(&["main.py", "src/b.py", "src/a/x.py", "a.py"]), "");
        let entries: Vec<String> =
            in_sight(&tree, &BTreeSet::new()).iter().map(|entry| entry.path().to_owned()).collect();
        assert_eq!(entries, ["src", "src/a", "src/a/x.py", "src/b.py", "a.py", "main.py"]);
    }

    #[test]
    fn what_lies_in_a_folded_folder_is_out_of_sight() {
        let tree = nodes(&paths(&["src/a/x.py", "b.py"]), "");
        let folded = BTreeSet::from(["src".to_owned()]);
        assert_eq!(in_sight(&tree, &folded), [Entry::Folder("src".to_owned()), Entry::File("b.py".to_owned())]);
    }
}
