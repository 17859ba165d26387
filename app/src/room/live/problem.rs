//! The task, and the cases that may be seen.

use std::sync::Arc;

use interview::wire::{OwnCase, RoomCard};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;

use crate::js::editor::colorize;
use crate::room::frame::Lines;

use super::room::Room;

/// The problem.
#[component]
pub fn ProblemPanel() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let card = Memo::new(move |_| seen.card.get());
    move || match card.get() {
        Some(card) => view! { <Problem card/> }.into_any(),
        None => Lines().into_any(),
    }
}

#[component]
fn Problem(card: Arc<RoomCard>) -> impl IntoView {
    let problem = &card.problem;
    let prompt = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(prompt) = prompt.get() {
            let_keys_scroll(&prompt);
            colour_code(&prompt);
        }
    });
    let hidden = match problem.hidden {
        0 => String::new(),
        1 => " One more case is hidden and runs with them.".to_owned(),
        count => format!(" {count} more cases are hidden and run with them."),
    };
    view! {
        <div class="panel-padded markdown">
            <h2>{problem.title.clone()}</h2>
            <p class="page-note">{card.sandbox.clone()}</p>
            <div class="markdown" node_ref=prompt inner_html=problem.prompt_html.clone()></div>
            <h3>"Examples"</h3>
            <p class="page-note">{format!("“Run tests” checks these {} cases.{hidden}", problem.examples.len())}</p>
            {problem.examples.iter().map(|case| view! { <Example case=case.clone()/> }).collect_view()}
        </div>
    }
}

#[component]
fn Example(case: OwnCase) -> impl IntoView {
    view! {
        <div class="case">
            <h4>{case.name}</h4>
            <dl class="case-body">
                <div><dt>"Input"</dt><dd><pre tabindex="0">{case.input}</pre></dd></div>
                <div data-role="expected"><dt>"Expected"</dt><dd><pre tabindex="0">{case.expected}</pre></dd></div>
            </dl>
        </div>
    }
}

/// A block of code that is too wide can be scrolled with the keys, too.
fn let_keys_scroll(prompt: &web_sys::HtmlElement) {
    let Ok(blocks) = prompt.query_selector_all("pre") else { return };
    for block in (0..blocks.length()).filter_map(|index| blocks.item(index)) {
        if let Ok(block) = block.dyn_into::<web_sys::Element>() {
            let _ = block.set_attribute("tabindex", "0");
        }
    }
}

/// Colours the code in what the server rendered.
fn colour_code(prompt: &web_sys::HtmlElement) {
    let Ok(blocks) = prompt.query_selector_all("pre > code[class^=language-]") else { return };
    for index in 0..blocks.length() {
        let Some(code) = blocks.item(index).and_then(|node| node.dyn_into::<web_sys::Element>().ok()) else { continue };
        let language = code.class_name().trim_start_matches("language-").to_owned();
        leptos::task::spawn_local(async move {
            if let Ok(html) = colorize(code.text_content().unwrap_or_default().trim_end(), &language).await {
                code.set_inner_html(&html);
            }
        });
    }
}
