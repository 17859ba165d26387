use std::collections::{HashMap, VecDeque};

use interview::record;

record! {
    /// One call to the API.
    #[derive(Clone, Debug)]
    pub struct Request {
        pub at: i64,
        pub client: String,
        pub cost: i64,
    }
}

const ACCEPTED: i64 = 0;
const NEVER: i64 = -1;

/// Decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
///
/// `limit` is what each client may spend in one window of `window_ms` milliseconds.
pub fn rate_limit(limit: i64, window_ms: i64, requests: &[Request]) -> Vec<i64> {
    let mut budgets: HashMap<&str, Budget> = HashMap::new();
    let mut answers = Vec::with_capacity(requests.len());
    for Request { at, client, cost } in requests {
        let budget = budgets.entry(client).or_default();
        budget.free_until(at - window_ms);
        let excess = budget.spent + cost - limit;
        answers.push(if *cost > limit {
            NEVER
        } else if excess > 0 {
            budget.moment_that_frees(excess) + window_ms - at
        } else {
            budget.spend(*at, *cost);
            ACCEPTED
        });
    }
    answers
}

/// What one client has spent in the current window.
#[derive(Default)]
struct Budget {
    /// When, and how much; the oldest first.
    accepted: VecDeque<(i64, i64)>,
    spent: i64,
}

impl Budget {
    fn spend(&mut self, at: i64, cost: i64) {
        self.accepted.push_back((at, cost));
        self.spent += cost;
    }

    /// Forgets what was spent up to that moment.
    fn free_until(&mut self, moment: i64) {
        while let Some((_, cost)) = self.accepted.pop_front_if(|(at, _)| *at <= moment) {
            self.spent -= cost;
        }
    }

    /// When the last was spent of as many of the oldest as hold the given units.
    fn moment_that_frees(&self, units: i64) -> i64 {
        let mut freed = 0;
        let enough = self.accepted.iter().find(|(_, cost)| {
            freed += cost;
            freed >= units
        });
        enough.map(|(at, _)| *at).expect("no more is wanted than is spent")
    }
}
