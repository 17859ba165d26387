//! Choosing problems, and the order in which they are put.

use leptos::ev::MouseEvent;
use leptos::html::Select;
use leptos::prelude::*;

use super::rows::ProblemChoice;

/// The id of the field, for its label and what is wrong with it.
pub const ID: &str = "compose-problems";

/// The chosen problems in their order, and the way to more.
#[component]
pub fn ProblemPicker(
    /// What there is.
    problems: Vec<ProblemChoice>,
    /// What is chosen, by name, in order.
    chosen: RwSignal<Vec<String>>,
) -> impl IntoView {
    let problems = StoredValue::new(problems);
    let find = move |slug: &str| problems.with_value(|all| all.iter().find(|known| known.slug == slug).cloned());
    let is_empty = move || chosen.with(Vec::is_empty);
    view! {
        <div class="problems">
            <p class="field-hint problems-empty" hidden=move || !is_empty()>"None yet. They are put in the order shown here."</p>
            <ol class="problems-list" role="list" aria-label="Problems of this assessment">
                <For each=move || chosen.get() key=Clone::clone let(slug)>
                    {find(&slug).map(|problem| view! { <Chosen problem chosen/> })}
                </For>
            </ol>
            <AddProblem problems chosen/>
            <p class="field-hint" role="status">{move || about_time(&problems.get_value(), &chosen.get())}</p>
        </div>
    }
}

fn about_time(problems: &[ProblemChoice], chosen: &[String]) -> Option<String> {
    let minutes: u32 = problems.iter().filter(|known| chosen.contains(&known.slug)).map(|known| known.minutes).sum();
    (minutes > 0).then(|| format!("Together they are meant to take about {minutes} minutes."))
}

/// One chosen problem: its place, and what can be done with it.
#[component]
fn Chosen(
    /// The problem.
    problem: ProblemChoice,
    /// What is chosen.
    chosen: RwSignal<Vec<String>>,
) -> impl IntoView {
    let slug = StoredValue::new(problem.slug);
    let place = move || chosen.with(|chosen| chosen.iter().position(|other| *other == slug.get_value()).unwrap_or(0));
    let is_first = Memo::new(move |_| place() == 0);
    let is_last = Memo::new(move |_| place() + 1 >= chosen.with(Vec::len));
    let remove = move |_| chosen.update(|chosen| chosen.retain(|other| *other != slug.get_value()));
    let title = problem.title;
    view! {
        <li class="problems-row">
            <span class="numeric">{move || place() + 1}"."</span>
            <span class="problems-title">{title.clone()}</span>
            <span class="table-note">{format!("{}, {} min", problem.difficulty, problem.minutes)}</span>
            <span class="button-row">
                <button class="button button-quiet button-icon button-small" type="button"
                    aria-label=format!("Move {title} up") aria-disabled=move || is_first.get().to_string()
                    on:click=move |event| move_by(chosen, &slug.get_value(), Way::Up, &event)>"↑"</button>
                <button class="button button-quiet button-icon button-small" type="button"
                    aria-label=format!("Move {title} down") aria-disabled=move || is_last.get().to_string()
                    on:click=move |event| move_by(chosen, &slug.get_value(), Way::Down, &event)>"↓"</button>
                <button class="button button-quiet button-icon button-small" type="button"
                    aria-label=format!("Remove {title}") on:click=remove>"×"</button>
            </span>
        </li>
    }
}

/// Where a problem is moved to.
#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

/// Moves a problem past its neighbour, and keeps the focus on the button that did it.
fn move_by(chosen: RwSignal<Vec<String>>, slug: &str, way: Way, event: &MouseEvent) {
    let Some(place) = chosen.with_untracked(|chosen| chosen.iter().position(|other| other == slug)) else { return };
    let other = match way {
        Way::Up => place.checked_sub(1),
        Way::Down => Some(place + 1).filter(|other| *other < chosen.with_untracked(Vec::len)),
    };
    let Some(other) = other else { return };
    let button = event.current_target();
    chosen.update(|chosen| chosen.swap(place, other));
    request_animation_frame(move || focus(button));
}

fn focus(target: Option<web_sys::EventTarget>) {
    use leptos::wasm_bindgen::JsCast as _;

    if let Some(Ok(element)) = target.map(|target| target.dyn_into::<web_sys::HtmlElement>()) {
        let _ = element.focus();
    }
}

/// The problems that are not chosen yet.
#[component]
fn AddProblem(
    /// What there is.
    problems: StoredValue<Vec<ProblemChoice>>,
    /// What is chosen.
    chosen: RwSignal<Vec<String>>,
) -> impl IntoView {
    let select = NodeRef::<Select>::new();
    let left = Memo::new(move |_| {
        let chosen = chosen.get();
        let is_left = |problem: &&ProblemChoice| !chosen.contains(&problem.slug);
        problems.with_value(|all| all.iter().filter(is_left).cloned().collect::<Vec<_>>())
    });
    let add = move |_| {
        let Some(select) = select.get_untracked() else { return };
        let slug = select.value();
        if !slug.is_empty() {
            chosen.update(|chosen| chosen.push(slug));
        }
    };
    let option = |problem: ProblemChoice| {
        let text = format!("{} ({}, {} min)", problem.title, problem.difficulty, problem.minutes);
        view! { <option value=problem.slug>{text}</option> }
    };
    view! {
        <div class="copy">
            <select class="select" id=ID aria-label="Problem to add" node_ref=select aria-describedby="compose-problems-error">
                <For each=move || left.get() key=|problem| problem.slug.clone() let(problem)>{option(problem)}</For>
            </select>
            <button class="button" type="button" on:click=add disabled=move || left.with(Vec::is_empty)>
                "Add problem"
            </button>
        </div>
    }
}
