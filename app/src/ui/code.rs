//! Code to read: with its language, a way to take it along, and colours as soon as there are any.

use std::time::Duration;

use leptos::prelude::*;

/// How long the button says that it worked.
const SAYS_COPIED: Duration = Duration::from_secs(2);

/// A block of code.
#[component]
pub fn CodeBlock(
    /// What it is written in, as its author called it; may be empty.
    language: String,
    /// The code.
    text: String,
    /// Whether it is complete; what still grows is not coloured.
    #[prop(default = true)]
    complete: bool,
    /// Called with what was copied.
    #[prop(optional_no_strip)]
    on_copy: Option<Callback<String>>,
) -> impl IntoView {
    let coloured = RwSignal::new(None::<String>);
    let copied = RwSignal::new(false);
    let name = if language.is_empty() { "text".to_owned() } else { language.clone() };
    let text = StoredValue::new(text.trim_end_matches('\n').to_owned());
    if complete && !language.is_empty() {
        colour(text.get_value(), language, coloured);
    }
    let copy = move |_| {
        let text = text.get_value();
        if let Some(on_copy) = on_copy {
            on_copy.run(text.clone());
        }
        take_along(text, copied);
    };
    view! {
        <figure class="code-block">
            <figcaption class="code-block-header">
                <span>{name}</span>
                <button class="button button-quiet button-small" type="button" on:click=copy>
                    {move || if copied.get() { "Copied" } else { "Copy" }}
                </button>
            </figcaption>
            <pre tabindex="0">
                {move || match coloured.get() {
                    Some(html) => view! { <code inner_html=html></code> }.into_any(),
                    None => view! { <code>{text.get_value()}</code> }.into_any(),
                }}
            </pre>
        </figure>
    }
}

/// Colours code once the page is alive; where that does not work it stays plain.
fn colour(text: String, language: String, coloured: RwSignal<Option<String>>) {
    #[cfg(feature = "browser")]
    Effect::new(move || {
        let (text, language) = (text.clone(), language.clone());
        leptos::task::spawn_local(async move {
            if let Ok(html) = crate::js::editor::colorize(&text, &language).await {
                coloured.try_set(Some(html));
            }
        });
    });
    #[cfg(not(feature = "browser"))]
    let _ = (text, language, coloured);
}

fn take_along(text: String, copied: RwSignal<bool>) {
    #[cfg(feature = "browser")]
    leptos::task::spawn_local(async move {
        if crate::js::clipboard::copy(&text).await {
            copied.try_set(true);
            let restore = move || {
                copied.try_set(false);
            };
            set_timeout(restore, SAYS_COPIED);
        }
    });
    #[cfg(not(feature = "browser"))]
    let _ = (text, copied, SAYS_COPIED);
}
