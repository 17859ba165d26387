//! The runs up to the playhead and how each came out, hidden cases included: the reviewer may see them.

use std::sync::Arc;

use interview::run::{CaseFinished, Progress, Purpose, Run, RunId, Verdict};
use leptos::prelude::*;

use super::seen::Seen;
use crate::replay::words::clock;

/// The panel.
#[component]
pub fn TestsPanel(
    /// What it shows.
    seen: Seen,
) -> impl IntoView {
    // The newest first, and open.
    let runs = Memo::new(move |_| seen.runs.with(|runs| runs.iter().rev().map(|run| run.run).collect::<Vec<RunId>>()));
    view! {
        <section class="panel" aria-label="Tests">
            <header class="panel-header"><h2 class="panel-title">"Tests"</h2></header>
            <div class="panel-body" tabindex="0" role="group" aria-label="Runs so far">
                <Show when=move || runs.with(Vec::is_empty)>
                    <p class="empty">"Nothing has been run so far."</p>
                </Show>
                <For each=move || runs.get() key=|run| *run let(id)>
                    <RunView seen id is_last=Signal::derive(move || runs.with(|runs| runs.first() == Some(&id)))/>
                </For>
            </div>
        </section>
    }
}

#[component]
fn RunView(
    /// What is shown.
    seen: Seen,
    /// Which run.
    id: RunId,
    /// Whether it is the newest.
    is_last: Signal<bool>,
) -> impl IntoView {
    let run = Memo::new(move |_| seen.runs.with(|runs| runs.iter().find(|run| run.run == id).cloned()));
    view! {
        <details class="replay-run" open=move || is_last.get()>
            <summary class="tests-summary">{move || run.get().map(|run| summary(&run))}</summary>
            <div class="cases">
                {move || run.get().map(|run| run.cases.iter().cloned().map(case).collect_view())}
            </div>
        </details>
    }
}

fn summary(run: &Arc<Run>) -> impl IntoView + use<> {
    let what = match run.purpose {
        Purpose::Tests => "Tests",
        Purpose::OwnCases => "Own cases",
        Purpose::Assistant => "Assistant's run",
        Purpose::Final => "Final run",
    };
    let outcome = match &run.progress {
        Progress::Running => view! { <span class="badge badge-info">"● running"</span> }.into_any(),
        Progress::Abandoned { reason } => {
            view! { <span class="badge badge-warning">{format!("! {reason}")}</span> }.into_any()
        }
        Progress::Finished { passed, failed, .. } => view! {
            <span class="badge badge-good">{format!("✓ {passed} passed")}</span>
            {(*failed > 0).then(|| view! { <span class="badge badge-bad">{format!("✕ {failed} not")}</span> })}
        }
        .into_any(),
    };
    view! { <span>{what}</span> <time class="numeric">{clock(run.requested_at)}</time> {outcome} }
}

fn case(case: CaseFinished) -> impl IntoView {
    let outcome = match case.outcome {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::TimedOut => "timed-out",
        Verdict::Error
        | Verdict::Idle
        | Verdict::OutOfMemory
        | Verdict::OutputLimit
        | Verdict::DiskLimit
        | Verdict::TooManyProcesses
        | Verdict::Killed => "error",
    };
    let rows = [
        ("Input", "input", case.input),
        ("Expected", "expected", case.expected),
        ("Got", "got", case.got),
        ("Printed", "stdout", case.stdout),
        ("Complaint", "stderr", case.stderr),
    ];
    let row = |(title, role, text): (&'static str, &'static str, Option<String>)| {
        text.map(|text| {
            view! {
                <div data-role=role><dt>{title}</dt><dd><pre tabindex="0">{text}</pre></dd></div>
            }
        })
    };
    view! {
        <details class="case" data-outcome=outcome>
            <summary class="case-summary">
                <span class="case-outcome">{case.outcome.title()}</span>
                <span class="case-name">{case.case}</span>
                {case.hidden.then(|| view! { <span class="badge badge-muted">"hidden"</span> })}
                <span class="case-time">{format!("{} ms", case.ms)}</span>
            </summary>
            <dl class="case-body">{rows.into_iter().map(row).collect_view()}</dl>
        </details>
    }
}
