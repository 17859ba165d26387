//! What an edit of the assistant's changes, as a comparison.

use interview::editor::PastedFrom;
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;

use crate::js::editor::{Diff, Layout};
use crate::room::live::room::Room;

/// Two texts of one file, one in the other.
#[component]
pub fn EditDiff(path: String, before: String, after: String, layout: Layout) -> impl IntoView {
    let room = expect_context::<Room>();
    let host = NodeRef::<html::Div>::new();
    let shown = StoredValue::new_local(None::<Diff>);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let (path, before, after) = (path.clone(), before.clone(), after.clone());
        leptos::task::spawn_local(async move {
            let Ok(diff) = Diff::create(&host, &format!("Change to {path}"), layout).await else { return };
            diff.show(&path, &before, &after, "");
            diff.on_copy(move |text| room.note_copy(PastedFrom::Assistant, &text));
            // Whoever looked may be gone by now.
            if let Some(unused) = shown.try_set_value(Some(diff)) {
                unused.iter().for_each(Diff::dispose);
            }
        });
    });
    on_cleanup(move || {
        if let Some(Some(diff)) = shown.try_update_value(Option::take) {
            diff.dispose();
        }
    });
    view! { <div class="edit-diff" node_ref=host></div> }
}

fn text_of(input: &Value, name: &str) -> Option<String> {
    input.get(name)?.as_str().map(str::to_owned)
}

/// What a file says after an edit, when the edit fits it.
pub fn edited(before: &str, input: &Value) -> Option<String> {
    if let Some(content) = text_of(input, "content") {
        return Some(content);
    }
    let (old, new) = (text_of(input, "old")?, text_of(input, "new")?);
    let fits = !old.is_empty() && before.matches(&old).count() == 1;
    fits.then(|| before.replacen(&old, &new, 1))
}

/// What an edit itself says of before and after: a passage of its file, or all that is written into it.
pub fn passage(input: &Value) -> Option<(String, String)> {
    match text_of(input, "content") {
        Some(content) => Some((String::new(), content)),
        None => Some((text_of(input, "old")?, text_of(input, "new")?)),
    }
}
