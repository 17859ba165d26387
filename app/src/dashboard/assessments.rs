//! The list of assessments, each with the way to invite somebody to it.

use interview::question::Language;
use leptos::prelude::*;

use super::Desk;
use super::rows::AssessmentRow;

/// All assessments.
#[component]
pub fn AssessmentsCard(
    /// The desk they lie on.
    desk: Desk,
) -> impl IntoView {
    let is_empty = Memo::new(move |_| desk.known.with(|known| known.assessments.is_empty()));
    view! {
        <section class="card" aria-labelledby="assessments">
            <header class="card-header"><h2 id="assessments">"Assessments"</h2></header>
            <Show when=move || !is_empty.get() fallback=move || view! { <NoAssessments desk/> }>
                <div class="table-wrap" tabindex="0" role="region" aria-label="Table of assessments">
                    <AssessmentsTable desk/>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn AssessmentsTable(
    /// The desk they lie on.
    desk: Desk,
) -> impl IntoView {
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"Title"</th>
                    <th scope="col">"Problems"</th>
                    <th scope="col">"Languages"</th>
                    <th scope="col" class="table-end">"Minutes"</th>
                    <th scope="col">"Assistant"</th>
                    <th scope="col" class="table-end">"Invited"</th>
                    <th scope="col" class="table-end">"Started"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>
                <For each=move || desk.known.get().assessments key=|row| row.id.clone() let(row)>
                    <AssessmentLine row desk/>
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn AssessmentLine(
    /// The assessment.
    row: AssessmentRow,
    /// The desk it lies on.
    desk: Desk,
) -> impl IntoView {
    let id = StoredValue::new(row.id);
    // The figures change while the line stays, so that whoever has just invited somebody keeps their place.
    let figures = Memo::new(move |_| {
        desk.known.with(|known| {
            let row = known.assessments.iter().find(|row| row.id == id.get_value());
            row.map_or((0, 0), |row| (row.invited, row.started))
        })
    });
    let languages: Vec<&str> = row.languages.into_iter().map(Language::title).collect();
    view! {
        <tr>
            <th scope="row" class="table-words table-name">{row.title.clone()}</th>
            <td class="table-words">{row.problems.join(", ")}</td>
            <td class="table-words">{languages.join(", ")}</td>
            <td class="table-end numeric">{row.minutes}</td>
            <td>{row.assistance.title()}</td>
            <td class="table-end numeric">{move || figures.get().0}</td>
            <td class="table-end numeric">{move || figures.get().1}</td>
            <td class="table-actions">
                <button
                    class="button button-small"
                    type="button"
                    disabled=move || !desk.alive.get()
                    aria-label=format!("Invite to {}", row.title)
                    on:click=move |_| desk.inviting.set(Some(id.get_value()))
                >
                    "Invite"
                </button>
            </td>
        </tr>
    }
}

#[component]
fn NoAssessments(
    /// The desk they would lie on.
    desk: Desk,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h3>"No assessments yet"</h3>
            <p>
                "An assessment says which problems a candidate is given, in which languages, for how long, and what the \
                 assistant may do. You invite candidates to it."
            </p>
            <button
                class="button"
                type="button"
                disabled=move || !desk.alive.get()
                on:click=move |_| desk.composing.set(true)
            >
                "Make the first one"
            </button>
        </div>
    }
}
