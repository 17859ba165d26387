//! A modal dialog. The browser keeps the focus inside, closes it on Escape and gives the focus back.

use leptos::html;
use leptos::prelude::*;

/// A dialog that shows while `open` says so. Its children are a `.dialog-body` and, if it asks something, a `.dialog-footer`.
#[component]
pub fn Dialog(
    /// An id that no other dialog of the page has.
    id: &'static str,
    /// Its classes.
    #[prop(default = "dialog")]
    class: &'static str,
    /// What it is called.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it shows.
    #[prop(into)]
    open: Signal<bool>,
    /// Called when it was closed in any way.
    on_close: Callback<()>,
    /// What it says.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = StoredValue::new(format!("{id}-title"));
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog class=class node_ref=node aria-labelledby=title_id.get_value() on:close=move |_| on_close.run(())>
            <Show when=move || open.get()>
                <header class="dialog-header">
                    <h2 id=title_id.get_value()>{move || title.get()}</h2>
                    <form method="dialog">
                        <button class="button button-quiet button-icon" aria-label="Close">"×"</button>
                    </form>
                </header>
                {children.with_value(|children| children())}
            </Show>
        </dialog>
    }
}
