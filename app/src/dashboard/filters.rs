//! Which sessions to list. It is a plain form that the address answers; with JavaScript it answers while one types.

use std::time::Duration;

use leptos::html::Input;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::Desk;
use super::query::{SessionQuery, SessionSort};
use super::rows::SessionState;

/// How long a pause in typing is taken for the end of it.
const PAUSE: Duration = Duration::from_millis(250);

/// The search box and the filters.
#[component]
pub fn Filters(
    /// The desk with the assessments to choose from.
    desk: Desk,
    /// What the address asks for.
    query: Memo<SessionQuery>,
) -> impl IntoView {
    let navigate = use_navigate();
    let ask = Callback::new(move |asked: SessionQuery| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&asked.turned_to(1).address(), options);
    });
    let hidden_sort =
        move || query.with(|query| query.sort != SessionSort::default()).then(|| query.get().sort.as_str());
    view! {
        <form class="toolbar" role="search" aria-label="Sessions" method="get" action="/dashboard"
            on:submit=move |event| event.prevent_default()>
            <SearchBox query ask/>
            <select class="select" name="state" aria-label="Filter by state"
                prop:value=move || query.get().state.map(SessionState::as_str).unwrap_or_default()
                on:change:target=move |event| {
                    ask.run(SessionQuery { state: SessionState::parse(&event.target().value()), ..query.get_untracked() });
                }>
                <option value="">"Any state"</option>
                {SessionState::ALL.map(|state| view! {
                    <option value=state.as_str() selected=move || query.get().state == Some(state)>{state.title()}</option>
                }).collect_view()}
            </select>
            <select class="select" name="assessment" aria-label="Filter by assessment"
                prop:value=move || query.get().assessment
                on:change:target=move |event| {
                    ask.run(SessionQuery { assessment: event.target().value(), ..query.get_untracked() });
                }>
                <option value="">"Any assessment"</option>
                <For each=move || desk.known.get().assessments key=|row| row.id.clone() let(row)>
                    <AssessmentOption id=row.id title=row.title query/>
                </For>
            </select>
            {move || hidden_sort().map(|sort| view! { <input type="hidden" name="sort" value=sort/> })}
        </form>
    }
}

#[component]
fn AssessmentOption(
    /// The assessment.
    id: String,
    /// What it is called.
    title: String,
    /// What the address asks for.
    query: Memo<SessionQuery>,
) -> impl IntoView {
    let value = id.clone();
    view! { <option value=value selected=move || query.with(|query| query.assessment == id)>{title}</option> }
}

/// The box to search in. While somebody types, the address follows, and not the other way round.
#[component]
fn SearchBox(
    /// What the address asks for.
    query: Memo<SessionQuery>,
    /// Asks for something else.
    ask: Callback<SessionQuery>,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let mut ask_after_pause = debounce(PAUSE, move |search: String| {
        let search = search.trim().to_owned();
        if search != query.get_untracked().search {
            ask.run(SessionQuery { search, ..query.get_untracked() });
        }
    });
    Effect::new(move |_| {
        let search = query.with(|query| query.search.clone());
        let Some(field) = field.get() else { return };
        let is_typing = document().active_element().is_some_and(|active| active.is_same_node(Some(&field)));
        if !is_typing && field.value() != search {
            field.set_value(&search);
        }
    });
    view! {
        <input class="input" type="search" name="search" placeholder="Search sessions" aria-label="Search sessions"
            autocomplete="off" value=query.get_untracked().search node_ref=field
            on:input:target=move |event| ask_after_pause(event.target().value())/>
    }
}
