//! One field of a form: its label, its control, a hint, and what is wrong with it.

use leptos::prelude::*;

/// The frame around a control. The control carries `id`, and `aria-describedby=described_by(id)`.
#[component]
pub fn Field(
    /// The control's id.
    id: &'static str,
    /// What it is called.
    label: &'static str,
    /// What helps to fill it.
    #[prop(optional)]
    hint: &'static str,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            {children()}
            <p class="field-hint" id=format!("{id}-hint") hidden=hint.is_empty()>{hint}</p>
            <FieldError id error/>
        </div>
    }
}

/// What is wrong with a field, told as soon as it is known.
#[component]
pub fn FieldError(
    /// The control's id.
    id: &'static str,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! { <p class="field-error" id=format!("{id}-error") aria-live="polite">{move || error.get()}</p> }
}

/// Where a control's hint and error are found.
pub fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

/// Whether assistive technology should say that a control is filled in wrongly.
pub fn is_invalid(error: Signal<Option<String>>) -> impl Fn() -> Option<&'static str> + Copy {
    move || error.with(Option::is_some).then_some("true")
}
