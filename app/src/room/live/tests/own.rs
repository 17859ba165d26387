//! Cases of the candidate's own: written here, kept in this browser, never part of the score.

use interview::wire::OwnCase;
use leptos::prelude::*;

use crate::js::storage;
use crate::room::live::room::Room;

/// Most cases in one run.
const LIMIT: usize = 20;

/// A case that is being written.
#[derive(Clone, Copy)]
struct Row {
    id: usize,
    name: RwSignal<String>,
    input: RwSignal<String>,
    expected: RwSignal<String>,
}

impl Row {
    fn new(id: usize, case: OwnCase) -> Self {
        Self {
            id,
            name: RwSignal::new(case.name),
            input: RwSignal::new(case.input),
            expected: RwSignal::new(case.expected),
        }
    }

    fn case(self) -> OwnCase {
        OwnCase { name: self.name.get(), input: self.input.get(), expected: self.expected.get() }
    }
}

/// The cases, kept for each question apart.
#[component]
pub fn OwnCases() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let slug =
        Memo::new(move |_| seen.question.with(|question| question.as_ref().map(|it| it.question.as_str().to_owned())));
    move || slug.get().map(|slug| view! { <Editor slug/> })
}

#[component]
fn Editor(slug: String) -> impl IntoView {
    let room = expect_context::<Room>();
    let key = format!("interviewlm:cases:{}:{slug}", room.held().interview);
    let kept: Vec<OwnCase> = storage::read(&key).unwrap_or_default();
    let next = StoredValue::new(kept.len());
    let rows = RwSignal::new(kept.into_iter().enumerate().map(|(id, case)| Row::new(id, case)).collect::<Vec<_>>());
    Effect::new(move || {
        let cases: Vec<OwnCase> = rows.get().into_iter().map(Row::case).collect();
        storage::write(&key, &cases);
    });
    let add = move |_| {
        let id = next.get_value();
        next.set_value(id + 1);
        let name = format!("My case {}", id + 1);
        rows.update(|rows| rows.push(Row::new(id, OwnCase { name, input: String::new(), expected: String::new() })));
    };
    let run = move |_| room.run_own(rows.get_untracked().into_iter().map(|row| untrack(|| row.case())).collect());
    view! {
        <section class="own-cases panel-padded" aria-label="Your own cases">
            <h3>"Your own cases"</h3>
            <p class="field-hint">"Try what you are unsure about. These never count."</p>
            <For each=move || rows.get() key=|row| row.id let(row)><Fields row rows/></For>
            <div class="button-row">
                <button class="button button-small" disabled=move || { rows.with(Vec::len) >= LIMIT } on:click=add>"Add a case"</button>
                <Show when=move || rows.with(|rows| !rows.is_empty())>
                    <button class="button button-small" on:click=run>"Run my cases"</button>
                </Show>
            </div>
        </section>
    }
}

#[component]
fn Fields(row: Row, rows: RwSignal<Vec<Row>>) -> impl IntoView {
    let id = |part: &str| format!("case-{}-{part}", row.id);
    view! {
        <fieldset class="own-case form">
            <legend class="visually-hidden">{move || row.name.get()}</legend>
            <div class="field">
                <label class="field-label" for=id("name")>"Name"</label>
                <input class="input" id=id("name") maxlength="200" prop:value=move || row.name.get()
                    on:input=move |event| row.name.set(event_target_value(&event))/>
            </div>
            <div class="field-row">
                <div class="field">
                    <label class="field-label" for=id("input")>"Input"</label>
                    <textarea class="textarea mono" id=id("input") rows="3" spellcheck="false" prop:value=move || row.input.get()
                        on:input=move |event| row.input.set(event_target_value(&event))></textarea>
                </div>
                <div class="field">
                    <label class="field-label" for=id("expected")>"Expected"</label>
                    <textarea class="textarea mono" id=id("expected") rows="3" spellcheck="false" prop:value=move || row.expected.get()
                        on:input=move |event| row.expected.set(event_target_value(&event))></textarea>
                </div>
            </div>
            <button class="button button-quiet button-small" type="button"
                on:click=move |_| rows.update(|rows| rows.retain(|other| other.id != row.id))>
                "Remove this case"
            </button>
        </fieldset>
    }
}
