//! The code at the playhead: Monaco, given the same changes as the candidate's editor when playing on, the whole text
//! after a jump; with what changed since the moment before.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use interview::editor::Text;
use interview::fact::EditorFact;
use interview::replay::{FileDifference, Moved, changes_between};
use interview::{Event, Fact, FilePath, Offset, Stage};
use leptos::html;
use leptos::prelude::*;

use super::player::{Drawn, Player};
use super::seen::Seen;
use crate::js::editor::{Access, Editor, Mark};
use crate::js::page;
use crate::replay::frame::Lines;

/// While playing, what changed is compared no more often than this, in milliseconds.
const COMPARE_EVERY: f64 = 400.0;

/// More changes to a file in one frame than this are shown as the text they led to.
const CHANGES_IN_A_FRAME: usize = 40;

/// The panel.
#[component]
pub fn CodePanel(
    /// The replay.
    player: Player,
    /// What it shows.
    seen: Seen,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let state = RwSignal::new(Loading::Yes);
    let shown = Memo::new(move |_| seen.shown());
    let owner = Owner::current();
    Effect::new(move || {
        let (Some(host), Some(owner)) = (host.get(), owner.clone()) else { return };
        leptos::task::spawn_local(async move {
            match Editor::create(&host, "Code", Access::Read).await {
                Ok(editor) if state.try_set(Loading::Done).is_none() => {
                    owner.with(|| connect(player, seen, shown, editor));
                }
                Ok(editor) => editor.dispose(),
                Err(_) => drop(state.try_set(Loading::Failed)),
            }
        });
    });
    let is_pinned = move || seen.pinned.with(Option::is_some);
    view! {
        <section class="panel" aria-label="Code">
            <header class="panel-header">
                <h2 class="panel-title">"Code"</h2>
                <span class="replay-path">{move || shown.get()}</span>
                <Show when=is_pinned>
                    <button class="button button-quiet button-small" on:click=move |_| seen.pinned.set(None)>
                        "Follow the candidate"
                    </button>
                </Show>
            </header>
            <div class="panel-body panel-flush">
                <Show when=move || state.get() == Loading::Yes><Lines/></Show>
                <Show when=move || state.get() == Loading::Failed>
                    <p class="empty" role="alert">"The editor could not be loaded. Reload the page to try again."</p>
                </Show>
                <div class="editor-host" node_ref=host></div>
            </div>
        </section>
    }
}

/// How far the editor is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Loading {
    Yes,
    Done,
    Failed,
}

/// Connects the editor to the replay for as long as the page is there.
fn connect(player: Player, seen: Seen, shown: Memo<Option<String>>, editor: Editor) {
    let code =
        Rc::new(Code { editor, held: RefCell::default(), base: RefCell::default(), compared_at: RefCell::default() });
    let watching = code.clone();
    player.watch(move |drawn| watching.draw(player, seen, drawn));
    let showing = StoredValue::new_local(code);
    Effect::new(move || {
        let path = shown.get();
        showing.with_value(|code| code.show(path.as_deref()));
    });
    on_cleanup(move || {
        showing.try_with_value(|code| code.editor.dispose());
    });
}

struct Code {
    editor: Editor,
    /// What Monaco holds.
    held: RefCell<BTreeMap<FilePath, Text>>,
    /// The files at the moment before, which changes are shown against.
    base: RefCell<Option<(Offset, interview::editor::Editor)>>,
    compared_at: RefCell<f64>,
}

impl Code {
    fn draw(&self, player: Player, seen: Seen, drawn: &Drawn<'_>) {
        let touched = match drawn.moved {
            Moved::On(events) => self.play(events, drawn.stage),
            Moved::Anew => self.set_all(drawn.stage),
        };
        let shown = untrack(|| seen.shown());
        self.show(shown.as_deref());
        let stage = &drawn.stage.editor;
        if let (Some(open), true) =
            (stage.open.as_ref().filter(|open| shown.as_deref() == Some(open.as_str())), touched)
        {
            self.editor.select(open.as_str(), &stage.ranges);
            if let Some((_, head)) = stage.ranges.first() {
                self.editor.reveal(open.as_str(), *head);
            }
        }
        let now = page::now();
        let is_due = now - *self.compared_at.borrow() > COMPARE_EVERY;
        if drawn.rests {
            self.set_all(drawn.stage);
        }
        if drawn.rests || *drawn.moved == Moved::Anew || (touched && is_due) {
            self.compared_at.replace(now);
            self.compare(player, seen, drawn);
        }
    }

    /// Gives Monaco what happened; whether anything did.
    fn play(&self, events: &[Event], stage: &Stage) -> bool {
        let mut changes: BTreeMap<&FilePath, Vec<_>> = BTreeMap::new();
        let mut is_touched = false;
        for event in events {
            match &event.fact {
                Fact::Editor(EditorFact::Edited(edited)) => {
                    changes.entry(&edited.path).or_default().extend(edited.changes.iter().cloned());
                }
                Fact::Editor(EditorFact::Selected(_)) => {}
                Fact::Editor(_) | Fact::Question(_) | Fact::Session(_) => return self.set_all(stage),
                Fact::Terminal(_) | Fact::Chat(_) | Fact::Run(_) => continue,
            }
            is_touched = true;
        }
        let mut held = self.held.borrow_mut();
        for (path, changes) in changes {
            let Some(file) = stage.editor.file(path) else { continue };
            let text = file.text.to_string();
            // Monaco keeps one kind of line break; where a text has others, offsets are not the same.
            match text.contains('\r') || changes.len() > CHANGES_IN_A_FRAME {
                true => self.editor.set_text(path.as_str(), &text),
                false => self.editor.apply_remote(path.as_str(), &changes),
            }
            held.insert(path.clone(), file.text.clone());
        }
        is_touched
    }

    /// Makes Monaco hold exactly the files of the stage.
    fn set_all(&self, stage: &Stage) -> bool {
        let mut held = self.held.borrow_mut();
        let files = &stage.editor.files;
        let gone: Vec<FilePath> = held.keys().filter(|path| !files.contains_key(path)).cloned().collect();
        for path in gone {
            self.editor.close_file(path.as_str());
            held.remove(&path);
        }
        for (path, file) in files {
            match held.get(path) {
                Some(text) if *text == file.text => continue,
                Some(_) => self.editor.set_text(path.as_str(), &file.text.to_string()),
                None => self.editor.open_file(path.as_str(), &file.text.to_string(), ""),
            }
            held.insert(path.clone(), file.text.clone());
        }
        true
    }

    fn show(&self, path: Option<&str>) {
        if let Some(path) = path.filter(|path| self.editor.has_file(path)) {
            self.editor.show_file(path);
        }
    }

    /// Marks what changed since the moment before.
    fn compare(&self, player: Player, seen: Seen, drawn: &Drawn<'_>) {
        let before = player.with_index(|index| index.moment_before(drawn.at).map_or(Offset(0), |moment| moment.at));
        let is_known = self.base.borrow().as_ref().is_some_and(|(at, _)| *at == before);
        if !is_known {
            let stage = player.ask_now(|replay| replay.stage_at(before));
            *self.base.borrow_mut() = stage.map(|stage| (before, stage.editor));
        }
        let base = self.base.borrow();
        let changes = base.as_ref().map_or_else(Vec::new, |(_, base)| changes_between(base, &drawn.stage.editor));
        let paths: BTreeSet<String> = changes.iter().map(|change| change.path.as_str().to_owned()).collect();
        for path in drawn.stage.editor.files.keys() {
            let change = changes.iter().find(|change| change.path == *path);
            self.mark(path, change);
        }
        if seen.changed.with_untracked(|changed| *changed != paths) {
            seen.changed.set(paths);
        }
    }

    fn mark(&self, path: &FilePath, change: Option<&FileDifference>) {
        let added = change.map_or(&[][..], |change| change.added.as_slice());
        let removed: Vec<(usize, usize)> =
            change.map_or_else(Vec::new, |change| change.removed.iter().map(|offset| (*offset, *offset)).collect());
        self.editor.highlight(path.as_str(), added, Mark::Added);
        self.editor.highlight(path.as_str(), &removed, Mark::Removed);
    }
}
