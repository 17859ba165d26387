//! What a candidate may see of the log. One place, applied wherever an event or a stage leaves the server for a candidate.

use std::sync::Arc;

use crate::event::Event;
use crate::fact::{Fact, RunFact};
use crate::run::{CaseFinished, Figures};
use crate::stage::Stage;

/// The name that every hidden case has for a candidate.
pub const HIDDEN_NAME: &str = "hidden";

/// Who is looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// The person being interviewed.
    Candidate,
    /// Whoever reads the interview.
    Reviewer,
}

/// The event as that viewer may see it.
pub fn mask_event(event: Event, viewer: Viewer) -> Event {
    match (viewer, event.fact) {
        (Viewer::Candidate, Fact::Run(RunFact::CaseFinished(case))) => {
            Event { fact: RunFact::CaseFinished(mask_case(case)).into(), ..event }
        }
        (Viewer::Candidate | Viewer::Reviewer, fact) => Event { fact, ..event },
    }
}

/// The stage as a candidate may see it.
pub fn mask_stage(stage: &mut Stage) {
    for run in &mut stage.runs.runs {
        if run.cases.iter().any(|case| case.hidden) {
            let run = Arc::make_mut(run);
            run.cases = std::mem::take(&mut run.cases).into_iter().map(mask_case).collect();
        }
    }
}

/// A case as a candidate may see it: of a hidden one only that it is done, and how it came out.
pub fn mask_case(case: CaseFinished) -> CaseFinished {
    if !case.hidden {
        return case;
    }
    CaseFinished {
        run: case.run,
        case: HIDDEN_NAME.to_owned(),
        hidden: true,
        outcome: case.outcome,
        // How long it takes tells what goes in.
        ms: 0,
        figures: Figures::default(),
        input: None,
        expected: None,
        got: None,
        stdout: None,
        stderr: None,
    }
}
