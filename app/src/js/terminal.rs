//! xterm.js, through the facade `/vendor/terminal.js`: a screen that draws what it is given and tells what was typed.

use interview::terminal::{Dump, Size};
use serde::Serialize;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::HtmlElement;

use super::editor::{Access, plain};
use super::{LoadError, load};

const MODULE: &str = "/vendor/terminal.js";

#[wasm_bindgen]
extern "C" {
    type Module;
    #[wasm_bindgen(method, js_name = createTerminal)]
    fn create_terminal(this: &Module, host: &HtmlElement, options: &JsValue) -> Handle;

    #[derive(Clone)]
    type Handle;
    #[wasm_bindgen(method)]
    fn write(this: &Handle, data: &str);
    #[wasm_bindgen(method, js_name = writeThen)]
    fn write_then(this: &Handle, data: &str, then: &JsValue);
    #[wasm_bindgen(method)]
    fn reset(this: &Handle);
    #[wasm_bindgen(method, js_name = onInput)]
    fn on_input(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method, js_name = onResize)]
    fn on_resize(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method, js_name = onCopy)]
    fn on_copy(this: &Handle, tell: &JsValue);
    #[wasm_bindgen(method)]
    fn fit(this: &Handle);
    #[wasm_bindgen(method)]
    fn resize(this: &Handle, cols: u16, rows: u16);
    #[wasm_bindgen(method)]
    fn cols(this: &Handle) -> u16;
    #[wasm_bindgen(method)]
    fn rows(this: &Handle) -> u16;
    #[wasm_bindgen(method, js_name = screenText)]
    fn screen_text(this: &Handle) -> String;
    #[wasm_bindgen(method)]
    fn search(this: &Handle, query: &str, way: &str) -> bool;
    #[wasm_bindgen(method, js_name = endSearch)]
    fn end_search(this: &Handle);
    #[wasm_bindgen(method)]
    fn focus(this: &Handle);
    #[wasm_bindgen(method)]
    fn dispose(this: &Handle);
}

/// Which occurrence a search is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The one that is selected, if it still fits a query that is being written; else the next.
    Growing,
    /// The next.
    Next,
    /// The one before.
    Previous,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::Next => "next",
            Self::Previous => "previous",
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options<'a> {
    read_only: bool,
    aria_label: &'a str,
}

/// A terminal. One to write in follows its host's size; one to read keeps the size it is given. Copies are the same.
#[derive(Clone)]
pub struct Terminal(Handle);

impl Terminal {
    /// Puts an empty terminal into `host`. `label` is its name for assistive technology.
    pub async fn create(host: &HtmlElement, label: &str, access: Access) -> Result<Self, LoadError> {
        let module: Module = load(MODULE).await?;
        let options = Options { read_only: access == Access::Read, aria_label: label };
        Ok(Self(module.create_terminal(host, &plain(&options))))
    }

    /// Draws what a shell printed.
    pub fn write(&self, data: &str) {
        self.0.write(data);
    }

    /// Draws, and calls back once it is drawn.
    pub fn write_then(&self, data: &str, then: impl FnOnce() + 'static) {
        self.0.write_then(data, &Closure::once_into_js(then));
    }

    /// Begins anew, in its place among what was written.
    pub fn reset(&self) {
        self.0.reset();
    }

    /// Shows a recorded screen in place of whatever there is.
    pub fn restore(&self, dump: &Dump) {
        self.reset();
        self.resize(dump.size);
        self.write(&dump.text);
    }

    /// Tells what was typed or pasted, and what programs asked the terminal to answer.
    pub fn on_input(&self, tell: impl FnMut(String) + 'static) {
        self.0.on_input(&Closure::<dyn FnMut(String)>::new(tell).into_js_value());
    }

    /// Tells of every new size.
    pub fn on_resize(&self, mut tell: impl FnMut(Size) + 'static) {
        let told = move |cols: u16, rows: u16| tell(Size { cols, rows });
        self.0.on_resize(&Closure::<dyn FnMut(u16, u16)>::new(told).into_js_value());
    }

    /// Tells what was copied.
    pub fn on_copy(&self, tell: impl FnMut(String) + 'static) {
        self.0.on_copy(&Closure::<dyn FnMut(String)>::new(tell).into_js_value());
    }

    /// Takes as many columns and rows as the host has room for.
    pub fn fit(&self) {
        self.0.fit();
    }

    /// Takes a size; a terminal to read takes smaller letters where its host needs it.
    pub fn resize(&self, size: Size) {
        self.0.resize(size.cols, size.rows);
    }

    /// Its size now.
    pub fn size(&self) -> Size {
        Size { cols: self.0.cols(), rows: self.0.rows() }
    }

    /// The rows in sight, without trailing space.
    pub fn screen_text(&self) -> String {
        self.0.screen_text()
    }

    /// Finds an occurrence and selects it; whether there is one.
    pub fn search(&self, query: &str, way: Way) -> bool {
        self.0.search(query, way.name())
    }

    /// Selects nothing any more, so that Ctrl+C interrupts again.
    pub fn end_search(&self) {
        self.0.end_search();
    }

    /// Takes the focus.
    pub fn focus(&self) {
        self.0.focus();
    }

    /// Lets everything go. Nothing else may be called after it.
    pub fn dispose(&self) {
        self.0.dispose();
    }
}
