//! The use cases of InterviewLM, and the ports they need. It knows no SQL, no HTTP and no page.

use std::sync::Arc;

use live::{Outside, Rooms};

pub mod accounts;
pub mod assessments;
pub mod interviews;
pub mod live;
pub mod markdown;
pub mod ports;
pub mod practice;
pub mod problems;
pub mod recordings;
pub mod runs;
pub mod tokens;

/// All use cases, over one set of ports.
pub struct Service {
    /// Reviewers and their sign-ins.
    pub accounts: accounts::Accounts,
    /// Assessments and invitations.
    pub assessments: assessments::Assessments,
    /// Interviews from the link to the list.
    pub interviews: interviews::Interviews,
    /// Live interviews.
    pub rooms: Rooms,
    /// Recordings of interviews, for the replay.
    pub recordings: recordings::Recordings,
    /// What there is outside.
    pub outside: Arc<Outside>,
}

impl Service {
    /// The use cases over these ports.
    pub fn new(outside: Outside, invitation_days: u32) -> Self {
        let outside = Arc::new(outside);
        let (catalog, clock, bank, runner) = (&outside.catalog, &outside.clock, &outside.bank, &outside.runner);
        Self {
            accounts: accounts::Accounts::new(catalog.clone(), clock.clone()),
            assessments: assessments::Assessments::new(
                catalog.clone(),
                clock.clone(),
                bank.clone(),
                runner.clone(),
                invitation_days,
            ),
            interviews: interviews::Interviews::new(
                catalog.clone(),
                outside.events.clone(),
                clock.clone(),
                bank.clone(),
                runner.clone(),
            ),
            rooms: Rooms::new(outside.clone()),
            recordings: recordings::Recordings::new(catalog.clone(), outside.events.clone()),
            outside,
        }
    }
}
