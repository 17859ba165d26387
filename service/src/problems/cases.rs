//! `cases.toml`: what a candidate's code is tried with.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::{BankError, Case, Kind};
use crate::runs::{arguments, same};

const LIMIT_MILLIS: u64 = 2_000;
const LONGEST_MILLIS: u64 = 60_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    #[serde(default)]
    case: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    input: String,
    #[serde(alias = "expectedOutput")]
    expected: String,
    #[serde(default)]
    hidden: bool,
    weight: Option<f64>,
    limit_ms: Option<u64>,
}

/// Reads the text of `file`.
pub(super) fn parse(file: &Path, kind: Kind, text: &str) -> Result<Vec<Case>, BankError> {
    let written: Cases = toml::from_str(text)
        .map_err(|error| BankError::malformed(file, format!("is not a right cases.toml: {error}")))?;
    let mut names = BTreeSet::new();
    for case in &written.case {
        if !names.insert(case.name.trim()) {
            return Err(BankError::malformed(file, format!("two cases are called \"{}\": rename one", case.name)));
        }
    }
    if !written.case.iter().any(|case| !case.hidden) {
        return Err(BankError::malformed(file, "write at least one [[case]] that is not hidden"));
    }
    written
        .case
        .into_iter()
        .map(|case| {
            let name = case.name.clone();
            case.checked(kind).map_err(|advice| BankError::malformed(file, format!("the case \"{name}\": {advice}")))
        })
        .collect()
}

impl Written {
    fn checked(self, kind: Kind) -> Result<Case, String> {
        if self.name.trim().is_empty() {
            return Err("give it a name".into());
        }
        let weight = self.weight.unwrap_or(if self.hidden { 2.0 } else { 1.0 });
        if !(weight.is_finite() && weight > 0.0) {
            return Err("set weight to a number above zero".into());
        }
        let limit_millis = self.limit_ms.unwrap_or(LIMIT_MILLIS);
        if !(1..=LONGEST_MILLIS).contains(&limit_millis) {
            return Err(format!("set limit_ms to a number from 1 to {LONGEST_MILLIS}"));
        }
        let input = match kind {
            Kind::Function => {
                same::parse_json(&self.expected).map_err(|error| format!("expected must be JSON: {error}"))?;
                arguments::parse(&self.input).map_err(|error| format!("input: {error}"))?
            }
            Kind::Stdio | Kind::Project => self.input,
        };
        Ok(Case { name: self.name, input, expected: self.expected, hidden: self.hidden, weight, limit_millis })
    }
}
