//! One run: its sum, and a row for each case that may be seen.

use std::sync::Arc;

use interview::run::{CaseFinished, Progress, Purpose, Run, Verdict};
use leptos::prelude::*;

use crate::room::live::room::Room;
use crate::shell::error::sentence;

/// A run as far as it is.
#[component]
pub fn RunView(run: Arc<Run>) -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let (hidden, visible): (Vec<_>, Vec<_>) = run.cases.iter().cloned().partition(|case| case.hidden);
    let hidden_passed = hidden.iter().filter(|case| case.outcome == Verdict::Passed).count();
    let hidden_total = match run.purpose {
        Purpose::OwnCases => 0,
        Purpose::Tests | Purpose::Assistant | Purpose::Final => {
            seen.card.with_untracked(|card| card.as_ref().map_or(0, |card| card.problem.hidden as usize))
        }
    };
    let hidden_words = match (hidden_total.max(hidden.len()), hidden.len(), &run.progress) {
        (0, _, _) => None,
        (total, done, Progress::Running) => Some(format!("{done} of {total} hidden cases done")),
        (total, _, Progress::Finished { .. }) => Some(format!("{hidden_passed} of {total} hidden cases passed")),
        (_, _, Progress::Abandoned { .. }) => None,
    };
    view! {
        <Summary run=run.clone()/>
        <div class="cases">
            {visible.into_iter().map(|case| view! { <Case case/> }).collect_view()}
            {hidden_words.map(|words| view! { <p class="case-hidden">{words}</p> })}
        </div>
    }
}

#[component]
fn Summary(run: Arc<Run>) -> impl IntoView {
    let passed = run.cases.iter().filter(|case| case.outcome == Verdict::Passed).count();
    let failed = run.cases.len() - passed;
    let (words, abandoned) = match &run.progress {
        Progress::Running => (format!("Running… {} done", run.cases.len()), None),
        Progress::Finished { ms, .. } => (format!("{:.1} s", *ms as f64 / 1_000.0), None),
        Progress::Abandoned { reason } => (String::new(), Some(sentence(reason))),
    };
    let own =
        (run.purpose == Purpose::OwnCases).then(|| view! { <span class="badge badge-muted">"your own cases"</span> });
    view! {
        <div class="tests-summary" role="status" aria-label="Result">
            {(passed > 0).then(|| view! { <span class="badge badge-good">{format!("✓ {passed} passed")}</span> })}
            {(failed > 0).then(|| view! { <span class="badge badge-bad">{format!("✕ {failed} failed")}</span> })}
            {own}
            <span>{words}</span>
        </div>
        {abandoned.map(|reason| view! {
            <div class="callout callout-warning callout-strip" role="alert"><p>{reason}</p></div>
        })}
    }
}

/// What the style sheet calls an outcome.
fn mark(verdict: Verdict) -> &'static str {
    match verdict {
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
    }
}

#[component]
fn Case(case: CaseFinished) -> impl IntoView {
    let parts = [
        ("Input", "input", case.input),
        ("Expected", "expected", case.expected),
        ("Got", "got", case.got),
        ("Output", "output", case.stdout.filter(|text| !text.is_empty())),
        ("Error", "error", case.stderr.filter(|text| !text.is_empty())),
    ];
    let rows = parts.into_iter().filter_map(|(name, role, text)| {
        let text = text?;
        Some(view! { <div data-role=role><dt>{name}</dt><dd><pre tabindex="0">{text}</pre></dd></div> })
    });
    view! {
        <details class="case" data-outcome=mark(case.outcome)>
            <summary class="case-summary">
                <span class="case-outcome">{case.outcome.title()}</span>
                <span class="case-name">{case.case.clone()}</span>
                <span class="case-time">{format!("{} ms", case.ms)}</span>
            </summary>
            <dl class="case-body">{rows.collect_view()}</dl>
        </details>
    }
}
