//! Every setting by name, and how one is read. It does not know what a setting is for.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::ConfigurationError;

/// What our own settings begin with; one that nobody knows is a typing error.
const PREFIX: &str = "INTERVIEWLM_";

/// A setting's name, and its value when nothing is said. An empty default means that there is none, or that it follows
/// from other settings.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// The value when it is not set.
    pub default: &'static str,
}

const fn setting(name: &'static str, default: &'static str) -> Setting {
    Setting { name, default }
}

/// All settings, in the order in which they are documented.
pub const SETTINGS: [Setting; 24] = [
    setting("LEPTOS_SITE_ADDR", "127.0.0.1:3000"),
    setting("LEPTOS_SITE_ROOT", "target/site"),
    setting("INTERVIEWLM_PUBLIC_URL", ""),
    setting("INTERVIEWLM_PROXIES", "0"),
    setting("INTERVIEWLM_DATA_DIR", "./data"),
    setting("DATABASE_URL", ""),
    setting("INTERVIEWLM_PROBLEMS_DIR", "./problems"),
    setting("INTERVIEWLM_TOOLS_DIR", ""),
    setting("INTERVIEWLM_OWNER_EMAIL", "reviewer@interviewlm.local"),
    setting("INTERVIEWLM_OWNER_PASSWORD", ""),
    setting("ANTHROPIC_API_KEY", ""),
    setting("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
    setting("INTERVIEWLM_MODEL", "claude-sonnet-5-5"),
    setting("INTERVIEWLM_PRICES_FILE", ""),
    setting("INTERVIEWLM_SANDBOX", "bubblewrap"),
    setting("DOCKER_HOST", "unix:///var/run/docker.sock"),
    setting("INTERVIEWLM_WARM_BOXES", "2"),
    setting("INTERVIEWLM_RUN_SECONDS", "30"),
    setting("INTERVIEWLM_RUN_MEMORY_MIB", "512"),
    setting("INTERVIEWLM_RUN_PROCESSES", "128"),
    setting("INTERVIEWLM_RUN_OUTPUT_KIB", "1024"),
    setting("INTERVIEWLM_RUNS_AT_ONCE", "2"),
    setting("INTERVIEWLM_INVITATION_DAYS", "14"),
    setting("RUST_LOG", "info"),
];

/// What was set, by name. An empty value counts as not set.
pub(super) struct Given(BTreeMap<String, String>);

impl Given {
    /// Takes name and value; a later pair replaces an earlier one.
    pub(super) fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigurationError> {
        let given: BTreeMap<String, String> =
            pairs.into_iter().map(|(name, value)| (name, value.trim().to_owned())).collect();
        let unknown =
            given.keys().find(|name| name.starts_with(PREFIX) && SETTINGS.iter().all(|known| known.name != *name));
        match unknown {
            Some(name) => Err(ConfigurationError::Unknown(name.clone())),
            None => Ok(Self(given)),
        }
    }

    /// The value as it was set.
    pub(super) fn set(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value that counts: the one that was set, or the default.
    pub(super) fn text(&self, name: &'static str) -> &str {
        let default = || SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default);
        self.set(name).unwrap_or_else(default)
    }

    /// The value that counts, in the type it stands for.
    pub(super) fn parsed<T: FromStr>(&self, name: &'static str, wanted: &str) -> Result<T, ConfigurationError> {
        let text = self.text(name);
        text.parse().map_err(|_| ConfigurationError::malformed(name, wanted, text))
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, name: &'static str, bounds: RangeInclusive<u32>) -> Result<u32, ConfigurationError> {
        let wanted = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let number: u32 = self.parsed(name, &wanted)?;
        if bounds.contains(&number) {
            Ok(number)
        } else {
            Err(ConfigurationError::malformed(name, wanted, self.text(name)))
        }
    }
}
