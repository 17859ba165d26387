//! `problem.toml`: what a problem is called and what it asks for.

use std::collections::BTreeMap;
use std::path::Path;

use interview::FilePath;
use interview::question::Language;
use serde::Deserialize;

use super::{BankError, Difficulty, Kind};
use crate::runs::Task;

/// What `problem.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) difficulty: Difficulty,
    pub(super) minutes: u32,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) languages: Vec<Language>,
    pub(super) kind: Kind,
    #[serde(default)]
    function: BTreeMap<Language, String>,
    project: Option<Project>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Project {
    main: BTreeMap<Language, FilePath>,
}

impl Manifest {
    /// Reads the text of `file`.
    pub(super) fn parse(file: &Path, text: &str) -> Result<Self, BankError> {
        let manifest: Self = toml::from_str(text)
            .map_err(|error| BankError::malformed(file, format!("is not a right problem.toml: {error}")))?;
        let refuse = |advice: &str| Err(BankError::malformed(file, advice));
        if manifest.title.trim().is_empty() || manifest.summary.trim().is_empty() {
            return refuse("give the problem a title and a summary");
        }
        if !(1..=240).contains(&manifest.minutes) {
            return refuse("set minutes to a number from 1 to 240");
        }
        if manifest.languages.is_empty() {
            let known = Language::ALL.map(Language::as_str).join(", ");
            return refuse(&format!("offer at least one language: {known}"));
        }
        for (place, language) in manifest.languages.iter().enumerate() {
            if manifest.languages[..place].contains(language) {
                return refuse(&format!("list {} once under languages", language.as_str()));
            }
        }
        Ok(manifest)
    }

    /// What is run in `language`.
    pub(super) fn task(&self, file: &Path, language: Language) -> Result<Task, BankError> {
        let missing = |what: &str| BankError::malformed(file, format!("name {what} for {}", language.as_str()));
        match self.kind {
            Kind::Function => {
                let name = self.function.get(&language).ok_or_else(|| missing("the function under [function]"))?;
                if !is_identifier(name) {
                    return Err(BankError::malformed(file, format!("`{name}` is not the name of a function")));
                }
                Ok(Task::Function { name: name.clone() })
            }
            Kind::Stdio => Ok(Task::Program { main: Task::usual_main(language) }),
            Kind::Project => {
                let project = self.project.as_ref().ok_or_else(|| missing("the main file under [project] main"))?;
                let main = project.main.get(&language).ok_or_else(|| missing("the main file under [project] main"))?;
                Ok(Task::Program { main: main.clone() })
            }
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
