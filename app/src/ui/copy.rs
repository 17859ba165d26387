//! A text to take along: a field that shows it, and a button that copies it.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A text to take along. It takes the focus, because it is what the visitor has waited for.
#[component]
pub fn CopyField(
    /// The field's id.
    id: &'static str,
    /// What the text is.
    label: &'static str,
    /// What the button says.
    button: &'static str,
    /// The text.
    text: String,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let told = RwSignal::new("");
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let copied = StoredValue::new(text.clone());
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = put_on_clipboard(&copied.get_value()).await;
            if let Some(field) = field.get_untracked().filter(|_| !is_copied) {
                let _ = field.focus();
                field.select();
            }
            told.set(if is_copied { "Copied." } else { "Your browser does not allow it: press Ctrl+C or ⌘C." });
        });
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            <div class="copy">
                <input class="input mono" id=id readonly value=text node_ref=field/>
                <button class="button button-primary" type="button" on:click=copy>{button}</button>
            </div>
            <p class="field-hint" role="status">{move || told.get()}</p>
        </div>
    }
}

/// Puts a text on the clipboard; whether the browser allowed it.
async fn put_on_clipboard(text: &str) -> bool {
    #[cfg(feature = "browser")]
    return crate::js::clipboard::copy(text).await;
    #[cfg(not(feature = "browser"))]
    {
        let _ = text;
        false
    }
}
