//! Monaco, through the facade `/vendor/editor.js`: an editor of several files, a comparison of two texts, coloured code.

use interview::editor::{Change, Via};
use interview::ids::FILE_LIMIT_BYTES;
use serde::Serialize;
use wasm_bindgen::prelude::{Closure, JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use super::{LoadError, load};

const MODULE: &str = "/vendor/editor.js";

#[wasm_bindgen]
extern "C" {
    type Module;
    #[wasm_bindgen(method, js_name = createEditor)]
    fn create_editor(this: &Module, host: &HtmlElement, options: &JsValue) -> Handle;
    #[wasm_bindgen(method, js_name = createDiff)]
    fn create_diff(this: &Module, host: &HtmlElement, options: &JsValue) -> DiffHandle;
    #[wasm_bindgen(method)]
    fn colorize(this: &Module, text: &str, language: &str) -> js_sys::Promise;

    #[derive(Clone)]
    type Handle;
    #[wasm_bindgen(method, js_name = openFile)]
    fn open_file(this: &Handle, path: &str, text: &str, language: &str);
    #[wasm_bindgen(method, js_name = showFile)]
    fn show_file(this: &Handle, path: &str);
    #[wasm_bindgen(method, js_name = closeFile)]
    fn close_file(this: &Handle, path: &str);
    #[wasm_bindgen(method, js_name = renameFile)]
    fn rename_file(this: &Handle, from: &str, to: &str);
    #[wasm_bindgen(method, js_name = hasFile)]
    fn has_file(this: &Handle, path: &str) -> bool;
    #[wasm_bindgen(method, js_name = textOf)]
    fn text_of(this: &Handle, path: &str) -> String;
    #[wasm_bindgen(method, js_name = applyRemote)]
    fn apply_remote(this: &Handle, path: &str, changes: &str);
    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &Handle, path: &str, text: &str);
    #[wasm_bindgen(method, js_name = onEdit)]
    fn on_edit(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method, js_name = onTooLarge)]
    fn on_too_large(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method, js_name = onSelect)]
    fn on_select(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method, js_name = onPaste)]
    fn on_paste(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method, js_name = onCopy)]
    fn on_copy(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method, js_name = onCommand)]
    fn on_command(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method)]
    fn select(this: &Handle, path: &str, ranges: &str);
    #[wasm_bindgen(method, js_name = revealOffset)]
    fn reveal_offset(this: &Handle, path: &str, offset: u32);
    #[wasm_bindgen(method)]
    fn highlight(this: &Handle, path: &str, ranges: &str, class: &str);
    #[wasm_bindgen(method, js_name = setReadOnly)]
    fn set_read_only(this: &Handle, read_only: bool);
    #[wasm_bindgen(method)]
    fn focus(this: &Handle);
    #[wasm_bindgen(method)]
    fn layout(this: &Handle);
    #[wasm_bindgen(method)]
    fn dispose(this: &Handle);

    #[derive(Clone)]
    type DiffHandle;
    #[wasm_bindgen(method)]
    fn show(this: &DiffHandle, path: &str, before: &str, after: &str, language: &str);
    #[wasm_bindgen(method, js_name = onCopy)]
    fn on_copy(this: &DiffHandle, tell: &JsValue);
    #[wasm_bindgen(method)]
    fn layout(this: &DiffHandle);
    #[wasm_bindgen(method)]
    fn dispose(this: &DiffHandle);
}

/// Stretches of a text: pairs of UTF-16 offsets.
pub type Ranges = [(usize, usize)];

/// Whether an editor's reader may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It can be edited.
    Write,
    /// It can only be read.
    Read,
}

/// How a comparison is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Two columns, where there is room.
    SideBySide,
    /// One column.
    Inline,
    /// One column without line numbers, for a passage that does not know where in its file it stands.
    Passage,
}

/// What marks a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was added.
    Added,
    /// Something was removed here.
    Removed,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Self::Added => "changed-added",
            Self::Removed => "changed-removed",
        }
    }
}

/// A key of the room's, pressed inside the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorKey {
    /// Run the tests.
    Run,
    /// Save now.
    Save,
    /// To the terminal.
    Terminal,
    /// To the assistant.
    Assistant,
    /// Show or hide the files.
    Files,
    /// Hand in.
    Submit,
    /// All keys.
    Keys,
}

impl EditorKey {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "run" => Self::Run,
            "save" => Self::Save,
            "terminal" => Self::Terminal,
            "assistant" => Self::Assistant,
            "files" => Self::Files,
            "submit" => Self::Submit,
            "keys" => Self::Keys,
            _ => return None,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EditorOptions<'a> {
    read_only: bool,
    aria_label: &'a str,
    edit_limit: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DiffOptions<'a> {
    inline: bool,
    numbered: bool,
    aria_label: &'a str,
}

/// An editor of several files, one of them shown. Copies are the same editor.
#[derive(Clone)]
pub struct Editor(Handle);

impl Editor {
    /// Puts an editor into `host`, showing nothing yet. `label` is its name for assistive technology.
    pub async fn create(host: &HtmlElement, label: &str, access: Access) -> Result<Self, LoadError> {
        let module: Module = load(MODULE).await?;
        let read_only = access == Access::Read;
        let options = EditorOptions { read_only, aria_label: label, edit_limit: FILE_LIMIT_BYTES };
        Ok(Self(module.create_editor(host, &plain(&options))))
    }

    /// Holds a file from now on, without showing it. An empty language is read off the path.
    pub fn open_file(&self, path: &str, text: &str, language: &str) {
        self.0.open_file(path, text, language);
    }

    /// Shows a file where its reader left it.
    pub fn show_file(&self, path: &str) {
        self.0.show_file(path);
    }

    /// Lets a file go.
    pub fn close_file(&self, path: &str) {
        self.0.close_file(path);
    }

    /// Gives a file another path.
    pub fn rename_file(&self, from: &str, to: &str) {
        self.0.rename_file(from, to);
    }

    /// Whether it holds that file.
    pub fn has_file(&self, path: &str) -> bool {
        self.0.has_file(path)
    }

    /// A file's text; empty when it holds no such file.
    pub fn text_of(&self, path: &str) -> String {
        self.0.text_of(path)
    }

    /// Applies changes from elsewhere, in order. Nobody is told; cursors stay with their text.
    pub fn apply_remote(&self, path: &str, changes: &[Change]) {
        self.0.apply_remote(path, &json(changes));
    }

    /// Makes a file say `text`, by the shortest change that does it. Nobody is told.
    pub fn set_text(&self, path: &str, text: &str) {
        self.0.set_text(path, text);
    }

    /// Tells of every edit by hand: where, what, and how.
    pub fn on_edit(&self, mut tell: impl FnMut(String, Vec<Change>, Via) + 'static) {
        let told = move |path: String, changes: String, via: String| {
            let via = serde_json::from_value(via.into()).unwrap_or(Via::Typing);
            if let Ok(changes) = serde_json::from_str(&changes) {
                tell(path, changes, via);
            }
        };
        self.0.on_edit(&Closure::<dyn FnMut(String, String, String)>::new(told).into_js_value());
    }

    /// Tells of an edit that brought more than a file may hold, and was taken back.
    pub fn on_too_large(&self, tell: impl FnMut(String) + 'static) {
        self.0.on_too_large(&Closure::<dyn FnMut(String)>::new(tell).into_js_value());
    }

    /// Tells where the cursors are, at most ten times a second: pairs of anchor and head.
    pub fn on_select(&self, mut tell: impl FnMut(String, Vec<(usize, usize)>) + 'static) {
        let told = move |path: String, ranges: String| {
            if let Ok(ranges) = serde_json::from_str(&ranges) {
                tell(path, ranges);
            }
        };
        self.0.on_select(&Closure::<dyn FnMut(String, String)>::new(told).into_js_value());
    }

    /// Tells of a paste, before the edit that it causes.
    pub fn on_paste(&self, tell: impl FnMut(String) + 'static) {
        self.0.on_paste(&Closure::<dyn FnMut(String)>::new(tell).into_js_value());
    }

    /// Tells what was copied or cut.
    pub fn on_copy(&self, tell: impl FnMut(String) + 'static) {
        self.0.on_copy(&Closure::<dyn FnMut(String)>::new(tell).into_js_value());
    }

    /// Tells of the room's keys; until somebody listens they keep their usual meaning.
    pub fn on_key(&self, mut tell: impl FnMut(EditorKey) + 'static) {
        let told = move |name: String| {
            if let Some(key) = EditorKey::parse(&name) {
                tell(key);
            }
        };
        self.0.on_command(&Closure::<dyn FnMut(String)>::new(told).into_js_value());
    }

    /// Selects stretches of the file shown: pairs of anchor and head.
    pub fn select(&self, path: &str, ranges: &Ranges) {
        self.0.select(path, &json(ranges));
    }

    /// Scrolls to an offset of the file shown, if it is out of sight.
    pub fn reveal(&self, path: &str, offset: usize) {
        self.0.reveal_offset(path, u32::try_from(offset).unwrap_or(u32::MAX));
    }

    /// Marks stretches, in place of the same marks before.
    pub fn highlight(&self, path: &str, ranges: &Ranges, mark: Mark) {
        self.0.highlight(path, &json(ranges), mark.class());
    }

    /// Whether its reader may write, from now on.
    pub fn set_access(&self, access: Access) {
        self.0.set_read_only(access == Access::Read);
    }

    /// Takes the focus.
    pub fn focus(&self) {
        self.0.focus();
    }

    /// Fits its host at once; it also does so by itself soon after the host changed.
    pub fn layout(&self) {
        self.0.layout();
    }

    /// Lets everything go. Nothing else may be called after it.
    pub fn dispose(&self) {
        self.0.dispose();
    }
}

/// A read-only comparison of two texts. Copies are the same comparison.
#[derive(Clone)]
pub struct Diff(DiffHandle);

impl Diff {
    /// Puts a comparison into `host`, empty yet.
    pub async fn create(host: &HtmlElement, label: &str, layout: Layout) -> Result<Self, LoadError> {
        let module: Module = load(MODULE).await?;
        let (inline, numbered) = match layout {
            Layout::SideBySide => (false, true),
            Layout::Inline => (true, true),
            Layout::Passage => (true, false),
        };
        let options = DiffOptions { inline, numbered, aria_label: label };
        Ok(Self(module.create_diff(host, &plain(&options))))
    }

    /// Compares two texts of one file. An empty language is read off the path.
    pub fn show(&self, path: &str, before: &str, after: &str, language: &str) {
        self.0.show(path, before, after, language);
    }

    /// Tells what was copied.
    pub fn on_copy(&self, tell: impl FnMut(String) + 'static) {
        self.0.on_copy(&Closure::<dyn FnMut(String)>::new(tell).into_js_value());
    }

    /// Fits its host at once.
    pub fn layout(&self) {
        self.0.layout();
    }

    /// Lets everything go. Nothing else may be called after it.
    pub fn dispose(&self) {
        self.0.dispose();
    }
}

/// Code as HTML with the theme's classes, every character of it escaped, without a break after the last line.
pub async fn colorize(text: &str, language: &str) -> Result<String, LoadError> {
    let module: Module = load(MODULE).await?;
    let html = JsFuture::from(module.colorize(text, language)).await;
    let html = html.map_err(|thrown| LoadError(super::told(&thrown)))?;
    let html = html.as_string().unwrap_or_default();
    Ok(html.strip_suffix("<br/>").map(str::to_owned).unwrap_or(html))
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("offsets and texts are plain data")
}

/// Plain data as a JavaScript object.
pub(super) fn plain<T: Serialize>(value: &T) -> JsValue {
    js_sys::JSON::parse(&json(value)).expect("what serde writes is JSON").unchecked_into()
}
