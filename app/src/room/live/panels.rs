//! The panel on the right: the problem, the assistant, the tests, one at a time.

use interview::run::{Progress, Verdict};
use leptos::ev;
use leptos::prelude::*;

use super::assistant::AssistantPanel;
use super::keys;
use super::problem::ProblemPanel;
use super::room::Room;
use super::seen::Tab;
use super::tests::TestsPanel;

const TABS: [(Tab, &str, &str); 3] =
    [(Tab::Problem, "Problem", "problem"), (Tab::Assistant, "Assistant", "assistant"), (Tab::Tests, "Tests", "tests")];

/// The panel.
#[component]
pub fn SidePanel() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let press = move |event: ev::KeyboardEvent| {
        let here = TABS.iter().position(|(tab, _, _)| *tab == seen.tab.get_untracked()).unwrap_or_default();
        let there = match event.key().as_str() {
            "ArrowRight" => (here + 1) % TABS.len(),
            "ArrowLeft" => (here + TABS.len() - 1) % TABS.len(),
            "Home" => 0,
            "End" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        seen.tab.set(TABS[there].0);
        keys::focus(".room-side > .tabs > [aria-selected=true]");
    };
    let hidden = move |tab: Tab| move || seen.tab.get() != tab;
    view! {
        <section class="panel room-side" aria-label="Panel">
            <div class="tabs" role="tablist" aria-label="Panel" on:keydown=press>
                {TABS.map(|(tab, name, id)| view! {
                    <button
                        class="tab"
                        role="tab"
                        id=format!("tab-{id}")
                        aria-controls=format!("panel-{id}")
                        aria-selected=move || (seen.tab.get() == tab).to_string()
                        tabindex=move || if seen.tab.get() == tab { "0" } else { "-1" }
                        on:click=move |_| seen.tab.set(tab)
                    >
                        {name}
                        {(tab == Tab::Tests).then(TestsBadge)}
                    </button>
                })}
            </div>
            <div class="panel-body" role="tabpanel" id="panel-problem" aria-labelledby="tab-problem" hidden=hidden(Tab::Problem)>
                <ProblemPanel/>
            </div>
            <div
                class="panel-body panel-flush"
                role="tabpanel"
                id="panel-assistant"
                aria-labelledby="tab-assistant"
                hidden=hidden(Tab::Assistant)
            >
                <AssistantPanel/>
            </div>
            <div class="panel-body" role="tabpanel" id="panel-tests" aria-labelledby="tab-tests" hidden=hidden(Tab::Tests)>
                <TestsPanel/>
            </div>
        </section>
    }
}

/// How the last run went, on its tab.
#[component]
fn TestsBadge() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let badge = Memo::new(move |_| {
        seen.runs.with(|runs| {
            let run = runs.last()?;
            let passed = run.cases.iter().filter(|case| case.outcome == Verdict::Passed).count();
            match &run.progress {
                Progress::Running => Some(("badge badge-info", format!("{passed} …"))),
                Progress::Finished { passed, failed: 0, .. } => {
                    Some(("badge badge-good", format!("{passed}/{passed}")))
                }
                Progress::Finished { passed, failed, .. } => {
                    Some(("badge badge-bad", format!("{passed}/{}", passed + failed)))
                }
                Progress::Abandoned { .. } => Some(("badge badge-warning", "!".to_owned())),
            }
        })
    });
    move || badge.get().map(|(class, text)| view! { <span class=class>{text}</span> })
}
