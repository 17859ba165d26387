//! Which sessions the address asks for. A list that somebody looks at can be sent to a colleague as a link.

use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

use super::rows::SessionState;

/// How many sessions a page holds.
pub const PAGE_ROWS: u32 = 20;

/// In which order to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionSort {
    /// Newest start first.
    #[default]
    Newest,
    /// Oldest start first.
    Oldest,
    /// By the candidate's name.
    Candidate,
    /// By the candidate's name, from the end of the alphabet.
    CandidateReversed,
    /// Most tests passed first.
    Passed,
    /// Fewest tests passed first.
    PassedLeast,
    /// Longest first.
    Longest,
    /// Shortest first.
    Shortest,
}

impl SessionSort {
    const ALL: [Self; 8] = [
        Self::Newest,
        Self::Oldest,
        Self::Candidate,
        Self::CandidateReversed,
        Self::Passed,
        Self::PassedLeast,
        Self::Longest,
        Self::Shortest,
    ];

    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Candidate => "candidate",
            Self::CandidateReversed => "candidate_reversed",
            Self::Passed => "passed",
            Self::PassedLeast => "passed_least",
            Self::Longest => "longest",
            Self::Shortest => "shortest",
        }
    }
}

/// Which sessions to list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionQuery {
    /// A part of the candidate's name or address, or of the assessment's title.
    #[serde(default)]
    pub search: String,
    /// Only these.
    #[serde(default)]
    pub state: Option<SessionState>,
    /// Only of the assessment with this id.
    #[serde(default)]
    pub assessment: String,
    /// In which order.
    #[serde(default)]
    pub sort: SessionSort,
    /// Which page, from one.
    pub page: u32,
}

impl Default for SessionQuery {
    fn default() -> Self {
        Self { search: String::new(), state: None, assessment: String::new(), sort: SessionSort::default(), page: 1 }
    }
}

impl SessionQuery {
    /// What an address asks for. What it says wrongly, it does not say.
    pub fn from_address(params: &ParamsMap) -> Self {
        let text = |name: &str| params.get_str(name).map(str::trim).unwrap_or_default().to_owned();
        let sort = text("sort");
        Self {
            search: text("search"),
            state: SessionState::parse(&text("state")),
            assessment: text("assessment"),
            sort: SessionSort::ALL.into_iter().find(|known| known.as_str() == sort).unwrap_or_default(),
            page: text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
        }
    }

    /// The address that asks for this. What goes without saying is left out.
    pub fn address(&self) -> String {
        let usual = Self::default();
        let mut pairs = Vec::new();
        let mut say = |name: &str, value: &str| pairs.push(format!("{name}={}", escaped(value)));
        if !self.search.is_empty() {
            say("search", &self.search);
        }
        if let Some(state) = self.state {
            say("state", state.as_str());
        }
        if !self.assessment.is_empty() {
            say("assessment", &self.assessment);
        }
        if self.sort != usual.sort {
            say("sort", self.sort.as_str());
        }
        if self.page != usual.page {
            say("page", &self.page.to_string());
        }
        if pairs.is_empty() { "/dashboard".to_owned() } else { format!("/dashboard?{}", pairs.join("&")) }
    }

    /// The same list in another order, from its first page.
    pub fn sorted(&self, sort: SessionSort) -> Self {
        Self { sort, page: 1, ..self.clone() }
    }

    /// Another page of the same list.
    pub fn turned_to(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
    }

    /// Whether it leaves anything out.
    pub fn is_filtered(&self) -> bool {
        !self.search.is_empty() || self.state.is_some() || !self.assessment.is_empty()
    }

    /// How many rows come before this page.
    pub fn offset(&self) -> u32 {
        self.page.saturating_sub(1).saturating_mul(PAGE_ROWS)
    }
}

/// A value as it stands in a query.
fn escaped(value: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> ParamsMap {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_usual_list_has_the_shortest_address() {
        assert_eq!(SessionQuery::from_address(&params(&[])).address(), "/dashboard");
    }

    #[test]
    fn an_address_says_all_that_differs() {
        let query = SessionQuery::from_address(&params(&[
            ("search", "Ada & co"),
            ("state", "ended"),
            ("assessment", "0198"),
            ("sort", "passed"),
            ("page", "3"),
        ]));
        let expected = "/dashboard?search=Ada%20%26%20co&state=ended&assessment=0198&sort=passed&page=3";
        assert_eq!(query.address(), expected);
        assert_eq!(query.offset(), 40);
    }

    #[test]
    fn nonsense_in_an_address_is_not_said() {
        let query = SessionQuery::from_address(&params(&[("state", "asleep"), ("sort", "height"), ("page", "0")]));
        assert_eq!(query, SessionQuery::default());
    }

    #[test]
    fn another_order_starts_from_its_first_page() {
        let query = SessionQuery { page: 4, ..SessionQuery::default() };
        assert_eq!(query.sorted(SessionSort::Oldest).page, 1);
    }
}
