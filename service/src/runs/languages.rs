//! What a run has to know about each language: a folder under `languages/`, built into the program.
//!
//! In a manifest, `{python}` `{node}` `{esbuild}` `{go}` are the tools' places in the box, `{go_cache}` a warm build cache
//! and `{languages}` these folders, all of them read-only; `{function}` is the function's name and `{main}` the main file.
//! Commands run in the workspace; what a preparation makes is kept in its `.interviewlm`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use interview::FilePath;
use interview::question::Language;
use serde::Deserialize;

/// A tool that a language needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tool {
    Python,
    Node,
    Esbuild,
    Go,
}

/// A language's `language.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The file that holds the function.
    pub(super) function_file: FilePath,
    /// The file that a program starts from.
    pub(super) main_file: FilePath,
    /// What it needs.
    pub(super) tools: Vec<Tool>,
    /// How long its own start may take on top of a case's limit, in milliseconds.
    pub(super) startup_millis: u64,
    /// Files that must be there; one that is missing is put back.
    #[serde(default)]
    pub(super) files: BTreeMap<FilePath, String>,
    /// Environment of all commands.
    #[serde(default)]
    pub(super) env: BTreeMap<String, String>,
    /// How a function is run.
    pub(super) function: Commands,
    /// How a program is run.
    pub(super) program: Commands,
}

/// The commands for one kind of task.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Commands {
    /// Once, before the first case.
    #[serde(default)]
    pub(super) prepare: Vec<String>,
    /// For each case.
    pub(super) run: Vec<String>,
}

/// The manifest of a language.
pub(super) fn of(language: Language) -> &'static Manifest {
    static PYTHON: LazyLock<Manifest> = LazyLock::new(|| read(include_str!("../../languages/python/language.toml")));
    static JAVASCRIPT: LazyLock<Manifest> =
        LazyLock::new(|| read(include_str!("../../languages/javascript/language.toml")));
    static TYPESCRIPT: LazyLock<Manifest> =
        LazyLock::new(|| read(include_str!("../../languages/typescript/language.toml")));
    static GO: LazyLock<Manifest> = LazyLock::new(|| read(include_str!("../../languages/go/language.toml")));
    match language {
        Language::Python => &PYTHON,
        Language::JavaScript => &JAVASCRIPT,
        Language::TypeScript => &TYPESCRIPT,
        Language::Go => &GO,
    }
}

fn read(text: &str) -> Manifest {
    toml::from_str(text).expect("a manifest that is built in is right")
}

/// The files that the commands use, by their path under `{languages}`.
pub(super) const FILES: [(&str, &str); 5] = [
    ("python/harness.py", include_str!("../../languages/python/harness.py")),
    ("javascript/harness.mjs", include_str!("../../languages/javascript/harness.mjs")),
    ("typescript/prepare.sh", include_str!("../../languages/typescript/prepare.sh")),
    ("go/prepare.sh", include_str!("../../languages/go/prepare.sh")),
    ("go/harness.go", include_str!("../../languages/go/harness.go")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manifest_that_is_built_in_is_right() {
        for language in Language::ALL {
            let manifest = of(language);
            assert!(!manifest.function.run.is_empty() && !manifest.program.run.is_empty(), "{language}");
        }
    }
}
