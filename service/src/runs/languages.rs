//! What a run has to know about each language: a folder under `languages/`, built into the program. Nothing here names one.
//!
//! In a manifest, `{go}` is the place of the tool `go`, `{go_root}` the folder it belongs to, `{cache}` what the warm-up
//! made for the language, and `{languages}` these folders, all of them read-only in a box; `{function}` is the function's
//! name and `{main}` the main file. Commands run in the workspace; what a preparation makes is kept in its `.interviewlm`.
//! The shell of a room reads a language's `shell.sh` when it starts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use interview::FilePath;
use interview::question::Language;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The folder of a language, as it was when the program was built.
pub(super) struct Folder {
    /// The language's name.
    pub(super) name: &'static str,
    /// Its files: the path in the folder, and the text.
    pub(super) files: &'static [(&'static str, &'static str)],
}

/// A language's `language.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// What it is called before the version of its first tool: `TypeScript on Node`.
    pub(super) title: String,
    /// The file that holds the function.
    pub(super) function_file: FilePath,
    /// The file that a program starts from.
    pub(super) main_file: FilePath,
    /// The names of the tools that it needs, the one that runs the code first.
    pub(super) tools: Vec<String>,
    /// How long its own start may take on top of a case's limit, in milliseconds.
    pub(super) startup_millis: u64,
    /// What it says on stderr when it could not have more memory; what begins with a line break begins the last line.
    #[serde(default)]
    pub(super) signs_of_no_memory: Vec<String>,
    /// The tools that it brings in; other languages may need them as well.
    #[serde(default)]
    tool: BTreeMap<String, ToolManifest>,
    /// Files that must be there; one that is missing is put back.
    #[serde(default)]
    pub(super) files: BTreeMap<FilePath, String>,
    /// Environment of all commands.
    #[serde(default)]
    pub(super) env: BTreeMap<String, String>,
    /// Environment of shells.
    #[serde(default)]
    pub(super) shell_env: BTreeMap<String, String>,
    /// Done once on this machine, in the folder that becomes `{cache}`.
    pub(super) warm: Option<Vec<String>>,
    /// How a function is run.
    pub(super) function: Commands,
    /// How a program is run.
    pub(super) program: Commands,
}

/// Where a tool comes from, and how it tells its version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToolManifest {
    /// Where it comes from.
    pub(super) from: Source,
    /// The program, in the system's folder of programs or in the tools' folder.
    pub(super) program: String,
    /// The words that make it tell its version.
    pub(super) version: Vec<String>,
    /// Which of a folder's folders boxes see; all of them, when none is named.
    #[serde(default)]
    pub(super) parts: Vec<String>,
}

/// Where a tool comes from. One that lies below `/usr` is used there in any case, since boxes see that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Source {
    /// The system.
    System,
    /// A single program, of which boxes see a copy.
    File,
    /// A folder with the program in its `bin`, which boxes see.
    Folder,
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

static MANIFESTS: LazyLock<BTreeMap<&str, Manifest>> =
    LazyLock::new(|| FOLDERS.iter().map(|folder| (folder.name, folder.manifest())).collect());

impl Folder {
    fn manifest(&self) -> Manifest {
        let text = self.files.iter().find(|(path, _)| *path == "language.toml").map(|(_, text)| *text);
        let read = text.map(toml::from_str).transpose();
        read.ok().flatten().expect("a manifest that is built in is right")
    }

    /// A name for all that is in it, which changes when anything in it does.
    pub(super) fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        for (path, text) in self.files {
            digest.update(format!("{path}\0{}\0{text}", text.len()));
        }
        hexadecimal(&digest.finalize())
    }
}

/// The manifest of a language.
pub(super) fn of(language: Language) -> &'static Manifest {
    MANIFESTS.get(language.as_str()).expect("every language has a folder")
}

/// The folder of a language.
pub(super) fn folder(language: Language) -> &'static Folder {
    FOLDERS.iter().find(|folder| folder.name == language.as_str()).expect("every language has a folder")
}

/// A name for how languages are run, which changes when any file of their folders does. `sandbox/image/fingerprint.sh`
/// gives an image of boxes the same.
pub fn fingerprint() -> String {
    let files = FOLDERS.iter().flat_map(|folder| folder.files.iter().map(|(path, text)| (folder.name, *path, *text)));
    let named = files.map(|(folder, path, text)| (format!("{folder}/{path}"), hexadecimal(&Sha256::digest(text))));
    let sums: BTreeMap<String, String> = named.collect();
    hexadecimal(&Sha256::digest(sums.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect::<String>()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All tools, by name.
pub(super) fn tools() -> impl Iterator<Item = (&'static str, &'static ToolManifest)> {
    MANIFESTS.values().flat_map(|manifest| manifest.tool.iter().map(|(name, tool)| (name.as_str(), tool)))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn an_image_carries_the_name_that_the_server_looks_for() {
        let here = env!("CARGO_MANIFEST_DIR");
        let script = format!("{here}/../sandbox/image/fingerprint.sh");
        let named = Command::new("sh").args([script, format!("{here}/languages")]).output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&named.stdout).trim(), fingerprint());
    }

    #[test]
    fn every_folder_is_a_language_and_every_language_has_a_folder() {
        let mut names: Vec<&str> = Language::ALL.iter().map(|language| language.as_str()).collect();
        names.sort_unstable();
        assert_eq!(FOLDERS.iter().map(|folder| folder.name).collect::<Vec<_>>(), names);
    }

    #[test]
    fn every_manifest_that_is_built_in_is_right() {
        for language in Language::ALL {
            let manifest = of(language);
            assert!(!manifest.function.run.is_empty() && !manifest.program.run.is_empty(), "{language}");
            assert!(!manifest.tools.is_empty(), "{language} is run by something");
            for (name, tool) in manifest.tool.iter().filter(|(_, tool)| tool.from == Source::Folder) {
                assert!(
                    tool.program.starts_with(&format!("{name}/bin/")),
                    "an image has {name} in a folder of that name"
                );
            }
            for needed in &manifest.tools {
                let brought = tools().filter(|(name, _)| name == needed).count();
                assert_eq!(brought, 1, "{language} needs {needed}, which one language has to bring in");
            }
        }
    }

    #[test]
    fn every_file_that_a_command_names_is_in_its_folder() {
        for language in Language::ALL {
            let manifest = of(language);
            let Commands { prepare, run } = &manifest.function;
            let words = prepare.iter().chain(run).chain(manifest.warm.iter().flatten());
            for file in words.chain(&manifest.program.prepare).filter_map(|word| word.strip_prefix("{languages}/")) {
                let (name, path) = file.split_once('/').unwrap_or((file, ""));
                let folder = FOLDERS.iter().find(|folder| folder.name == name).expect("the folder is there");
                let below = format!("{path}/");
                let is_there = folder.files.iter().any(|(there, _)| *there == path || there.starts_with(&below));
                assert!(is_there || path.is_empty(), "{language}: {file}");
            }
        }
    }
}
