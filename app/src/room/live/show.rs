//! The files as the editor shows them: kept in step with the stage, whoever changed them.

use interview::FilePath;
use interview::editor::operation::utf16_length;
use interview::editor::{Change, Created, Edited, PathOnly, Renamed, Via};
use interview::fact::{EditorFact, Fact};
use interview::outbox::Effect;
use leptos::prelude::*;

use crate::js::editor::Access;
use crate::js::page;
use crate::shell::error::sentence;
use crate::ui::toast::Tone;

use super::room::Room;

/// An edit that is refused twice within so long is given up.
const TWICE_MILLIS: f64 = 5_000.0;

impl Room {
    /// Does to the editor what an event means for it.
    pub fn show(self, effect: Effect) {
        let Some(editor) = self.editor() else { return };
        match effect {
            Effect::None => {}
            Effect::Apply(path, changes) => editor.apply_remote(path.as_str(), &changes),
            Effect::Replace(path, text) if editor.has_file(path.as_str()) => editor.set_text(path.as_str(), &text),
            Effect::Replace(path, text) => {
                editor.open_file(path.as_str(), &text, "");
                self.show_if_awaited(&path);
            }
            Effect::Remove(path) => {
                self.close_tab(&path);
                editor.close_file(path.as_str());
            }
            Effect::Rename(from, to) => {
                editor.rename_file(from.as_str(), to.as_str());
                self.rename_tab(&from, &to);
            }
            Effect::Reset => self.show_all_files(),
        }
    }

    /// Gives the editor exactly the stage's files, and shows the one to begin with.
    pub fn show_all_files(self) {
        let (Some(editor), held) = (self.editor(), self.held()) else { return };
        let files = held.stage.borrow().editor.texts();
        if files.is_empty() {
            return;
        }
        for path in self.seen.files.get_untracked().iter().chain(&self.seen.tabs.get_untracked()) {
            editor.close_file(path.as_str());
        }
        for file in &files {
            editor.open_file(file.path.as_str(), &file.text, "");
        }
        let looked_at = held.stage.borrow().editor.open.clone();
        let is_there = |path: &FilePath| files.iter().any(|file| file.path == *path);
        let first = looked_at.filter(is_there).or_else(|| first_file(files.iter().map(|file| &file.path)));
        self.seen.tabs.set(first.iter().cloned().collect());
        self.seen.shown.set(None);
        if let Some(first) = first {
            self.open_file(first);
        }
        self.settle_access();
    }

    /// The editor can be written in while the clock runs.
    pub fn settle_access(self) {
        let is_running = self.held().stage.borrow().session.is_running() && !self.seen.is_time_up();
        if let Some(editor) = self.editor() {
            editor.set_access(if is_running { Access::Write } else { Access::Read });
        }
    }

    /// Shows a file, in a tab of its own.
    pub fn open_file(self, path: FilePath) {
        let Some(editor) = self.editor().filter(|editor| editor.has_file(path.as_str())) else { return };
        self.seen.tabs.update(|tabs| {
            if !tabs.contains(&path) {
                tabs.push(path.clone());
            }
        });
        editor.show_file(path.as_str());
        if self.seen.shown.get_untracked().as_ref() != Some(&path) {
            self.seen.shown.set(Some(path.clone()));
            self.record_opened(path);
        }
    }

    /// Closes a file's tab; the file stays.
    pub fn close_tab(self, path: &FilePath) {
        let tabs = self.seen.tabs.get_untracked();
        let Some(place) = tabs.iter().position(|tab| tab == path) else { return };
        self.seen.tabs.update(|tabs| tabs.retain(|tab| tab != path));
        if self.seen.shown.get_untracked().as_ref() == Some(path) {
            self.seen.shown.set(None);
            let neighbour = tabs.get(place + 1).or_else(|| place.checked_sub(1).and_then(|place| tabs.get(place)));
            if let Some(neighbour) = neighbour {
                self.open_file(neighbour.clone());
            }
        }
    }

    fn rename_tab(self, from: &FilePath, to: &FilePath) {
        let renamed = |path: &mut FilePath| {
            if path == from {
                path.clone_from(to);
            }
        };
        self.seen.tabs.update(|tabs| tabs.iter_mut().for_each(renamed));
        self.seen.shown.update(|shown| shown.iter_mut().for_each(renamed));
        self.show_if_awaited(to);
    }

    fn show_if_awaited(self, path: &FilePath) {
        let held = self.held();
        let is_awaited = held.awaited_file.borrow().as_ref() == Some(path);
        if is_awaited {
            held.awaited_file.take();
            self.open_file(path.clone());
        }
    }

    /// A refusal counts once every fact before it has come back. What was typed is not lost: the file is given the text
    /// that shows, in one piece; only when that is refused too does the server's text show again.
    pub fn settle_refusal(self) {
        let held = self.held();
        let is_due = match &*held.recorder.refusal.borrow() {
            Some((n, _)) => n.checked_sub(1).is_none_or(|before| held.recorder.returned.get() >= Some(before)),
            None => false,
        };
        if !is_due {
            return;
        }
        let Some((n, reason)) = held.recorder.refusal.take() else { return };
        let lost = held.outbox.borrow_mut().refused(n);
        match lost {
            Some(Fact::Editor(EditorFact::Edited(edited))) => self.settle_edit(&edited.path, edited.via, &reason),
            Some(Fact::Editor(EditorFact::Created(Created { path, .. }) | EditorFact::Deleted(PathOnly { path }))) => {
                self.explain(&path, &reason);
            }
            Some(Fact::Editor(EditorFact::Renamed(Renamed { from, .. }))) => self.explain(&from, &reason),
            Some(Fact::Editor(EditorFact::Opened(_) | EditorFact::Selected(_))) | None => {}
            Some(Fact::Session(_) | Fact::Question(_) | Fact::Terminal(_) | Fact::Chat(_) | Fact::Run(_)) => {}
        }
        self.flush();
    }

    fn explain(self, path: &FilePath, reason: &str) {
        self.toasts.say(Tone::Bad, format!("{path}: {}", sentence(reason)));
    }

    fn settle_edit(self, path: &FilePath, via: Via, reason: &str) {
        let (Some(editor), held) = (self.editor(), self.held()) else { return };
        held.outbox.borrow_mut().forget(path);
        let former = held.recorder.retried.replace(Some((path.clone(), page::now())));
        let is_twice = former.is_some_and(|(other, at)| other == *path && page::now() - at < TWICE_MILLIS);
        let theirs = held.stage.borrow().editor.file(path).map(|file| file.text.to_string());
        let shown = editor.text_of(path.as_str());
        match theirs {
            Some(theirs) if is_twice => {
                editor.set_text(path.as_str(), &theirs);
                self.explain(path, reason);
            }
            Some(theirs) if theirs == shown => {}
            Some(theirs) => {
                let changes = vec![Change::new(0, utf16_length(&theirs), shown)];
                self.record(EditorFact::Edited(Edited { path: path.clone(), rev: 0, changes, via, from: None }));
            }
            None => {
                self.close_tab(path);
                editor.close_file(path.as_str());
                *held.awaited_file.borrow_mut() = Some(path.clone());
                self.create_file(path.clone(), shown);
                self.toasts.say(Tone::Warning, format!("{path} was gone; it is being put back with your text."));
            }
        }
    }
}

/// The file to begin with: one that says so by its name, else the first that is not in a folder.
fn first_file<'a>(paths: impl Iterator<Item = &'a FilePath> + Clone) -> Option<FilePath> {
    let stem = |path: &FilePath| path.name().split('.').next().unwrap_or_default().to_owned();
    let is_start = |path: &&FilePath| matches!(stem(path).as_str(), "main" | "solution" | "index");
    let is_at_top = |path: &&FilePath| !path.as_str().contains('/');
    let mut all = paths.clone();
    paths.clone().find(is_start).or_else(|| paths.clone().find(is_at_top)).or_else(|| all.next()).cloned()
}
