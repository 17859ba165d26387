//! The tests' panel: how the last run went, case by case, and cases of the candidate's own.

mod own;
mod run;

use std::sync::Arc;

use interview::run::{Progress, Purpose, Run, RunId};
use leptos::prelude::*;

use super::room::Room;
use own::OwnCases;
use run::RunView;

/// The panel.
#[component]
pub fn TestsPanel() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    // None: whatever run is the last one.
    let chosen = RwSignal::new(None::<RunId>);
    let run = Memo::new(move |_| {
        seen.runs.with(|runs| {
            let wanted = chosen.get().and_then(|id| runs.iter().find(|run| run.run == id));
            wanted.or(runs.last()).cloned()
        })
    });
    let count = Memo::new(move |_| seen.runs.with(Vec::len));
    // A new run shows itself.
    Effect::new(move || {
        count.track();
        chosen.set(None);
    });
    view! {
        <Show when=move || seen.run_sorry.with(Option::is_some)>
            <div class="callout callout-warning callout-strip" role="alert"><p>{move || seen.run_sorry.get()}</p></div>
        </Show>
        <Show when=move || { count.get() > 1 }><Earlier chosen/></Show>
        {move || match run.get() {
            Some(run) => view! { <RunView run/> }.into_any(),
            None => view! { <NoRun/> }.into_any(),
        }}
        <OwnCases/>
    }
}

#[component]
fn NoRun() -> impl IntoView {
    let room = expect_context::<Room>();
    view! {
        <div class="empty">
            <h3>"Nothing was run yet"</h3>
            <p>"“Run tests” checks the examples and the hidden cases on your files as they are. Run as often as you like."</p>
            <button class="button" on:click=move |_| room.run_tests()>"Run the tests now"</button>
        </div>
    }
}

/// The runs of this question, to choose one.
#[component]
fn Earlier(chosen: RwSignal<Option<RunId>>) -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let choose = move |event| {
        let id = event_target_value(&event).parse().ok().map(RunId);
        let last = seen.runs.with_untracked(|runs| runs.last().map(|run| run.run));
        chosen.set(id.filter(|id| Some(*id) != last));
    };
    let options = move || {
        let runs = seen.runs.get();
        let current = chosen.get().or_else(|| runs.last().map(|run| run.run));
        let count = runs.len();
        runs.iter()
            .enumerate()
            .rev()
            .map(|(index, run)| {
                let text = told(run, index + 1, index + 1 == count);
                view! { <option value=run.run.0.to_string() selected=current == Some(run.run)>{text}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="tests-summary">
            <select class="select input-small" aria-label="Run" on:change=choose>{options}</select>
        </div>
    }
}

/// A run in a few words.
fn told(run: &Arc<Run>, number: usize, is_last: bool) -> String {
    let purpose = match run.purpose {
        Purpose::Tests | Purpose::Final => "tests",
        Purpose::OwnCases => "own cases",
        Purpose::Assistant => "by the assistant",
    };
    let outcome = match &run.progress {
        Progress::Running => "running".to_owned(),
        Progress::Finished { passed, failed, .. } => format!("{passed}/{}", passed + failed),
        Progress::Abandoned { .. } => "not completed".to_owned(),
    };
    let place = if is_last { "Last run".to_owned() } else { format!("Run {number}") };
    format!("{place} · {purpose} · {outcome}")
}
