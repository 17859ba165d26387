//! The tools that run code, as far as they are here: laid out for boxes, warmed up, and filled into the languages' commands.
//!
//! A box sees `/usr` and what is mounted for it, nothing else of the machine. Harnesses, copies of single programs and what a
//! warm-up made lie in a folder of the platform's own, and that folder is mounted. A box that is a container has an image's
//! tools instead, whatever this machine has.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use interview::question::Language;
use tokio::process::Command;

use super::RunError;
use super::languages;
use super::tools::{Place, Tool};
use crate::ports::Outfit;

/// Where a box has what is ours.
pub(super) const OURS: &str = "/opt/interviewlm";
/// Where a box has the platform's own folder.
pub(super) const PLATFORM: &str = "/opt/interviewlm/platform";

/// Where the tools lie on this machine.
#[derive(Clone, Debug)]
pub struct ToolPaths {
    /// The system's programs, below `/usr`.
    pub system: PathBuf,
    /// The folder that `make setup` fills.
    pub tools: PathBuf,
    /// A folder of the platform's own, for the harnesses, copies of tools and what warm-ups made.
    pub home: PathBuf,
}

impl ToolPaths {
    /// The usual places.
    pub fn installed(tools: &Path) -> Self {
        Self { system: "/usr/bin".into(), tools: tools.to_owned(), home: tools.join("platform") }
    }
}

/// Why the tools could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// The platform's own folder cannot be written.
    #[error("{folder} cannot be written: {source}", folder = folder.display())]
    NotWritable {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What a language needs at every run could not be made beforehand.
    #[error("{language} could not be warmed up, so its runs will be slow: {reason}")]
    NotWarm {
        /// Which.
        language: Language,
        /// What the compiler said.
        reason: String,
    },
}

/// The tools that are ready. A tool that is missing only takes its languages away.
#[derive(Clone, Debug)]
pub struct Toolchains {
    /// The platform's own folder; none where an image has it.
    home: Option<PathBuf>,
    tools: BTreeMap<&'static str, Tool>,
}

/// What a shell has besides the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShellTools {
    /// What to mount.
    pub mounts: Vec<(PathBuf, String)>,
    /// The folders to look for programs in.
    pub path: Vec<String>,
    /// Environment.
    pub env: Vec<(String, String)>,
}

/// For whom a command is written.
#[derive(Clone, Copy)]
enum Reader<'a> {
    Box,
    /// With the platform's own folder.
    ThisMachine(&'a Path),
}

impl Toolchains {
    /// Lays the harnesses and tools out for boxes.
    pub fn prepare(paths: &ToolPaths) -> Result<Self, ToolchainError> {
        let refuse = |source| ToolchainError::NotWritable { folder: paths.home.clone(), source };
        let home = lay_out(&paths.home).map_err(refuse)?;
        let mut tools = BTreeMap::new();
        for (name, manifest) in languages::tools() {
            if let Some(tool) = Tool::find(name, manifest, paths).map_err(refuse)? {
                tools.insert(name, tool);
            }
        }
        let toolchains = Self { home: Some(home.clone()), tools };
        for language in toolchains.languages() {
            fs::create_dir_all(toolchains.cache(&home, language)).map_err(refuse)?;
        }
        Ok(toolchains)
    }

    /// The tools of an image of boxes, warmed up when it was made.
    pub(super) fn of_image(outfit: &Outfit) -> Self {
        let found = |(name, manifest)| Some((name, Tool::of_image(name, manifest, outfit.tools.get(name)?)));
        Self { home: None, tools: languages::tools().filter_map(found).collect() }
    }

    /// Does once what would slow every run down: compiles the usual packages of a language. Later calls return at once. Runs
    /// work before it is done, only slower. What fails does not keep the other languages from being warmed up.
    pub async fn warm(&self) -> Result<(), ToolchainError> {
        let mut outcome = Ok(());
        let Some(home) = &self.home else { return outcome };
        for language in self.languages() {
            let warmed = self.warm_up(home, language).await;
            outcome = outcome.and(warmed.map_err(|reason| ToolchainError::NotWarm { language, reason }));
        }
        outcome
    }

    async fn warm_up(&self, home: &Path, language: Language) -> Result<(), String> {
        let words = languages::of(language).warm.iter().flatten();
        let words: Vec<String> = words.map(|word| self.fill_for(Reader::ThisMachine(home), language, word)).collect();
        let Some((program, arguments)) = words.split_first() else { return Ok(()) };
        let cache = self.cache(home, language);
        let stamp = cache.join("warm");
        let fingerprint = languages::folder(language).fingerprint();
        let is_warm = || fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == fingerprint);
        if is_warm() {
            return Ok(());
        }
        let told = |error: io::Error| error.to_string();
        // Beside the folder, not in it: what boxes see, a program in one could hold locked.
        let alone = format!("{}-{}.lock", home.file_name().unwrap_or_default().display(), language.as_str());
        let _alone = lock(home.with_file_name(alone)).await.map_err(told)?;
        if is_warm() {
            return Ok(());
        }
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&cache).env_clear().env("PATH", "/usr/bin:/bin").kill_on_drop(true);
        let done = command.output().await.map_err(told)?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned());
        }
        fs::write(&stamp, fingerprint).map_err(told)
    }

    /// The languages whose tools are here.
    pub fn languages(&self) -> Vec<Language> {
        Language::ALL.into_iter().filter(|language| self.missing(*language).is_none()).collect()
    }

    /// The language, with the version of what runs it.
    pub(super) fn title(&self, language: Language) -> String {
        let manifest = languages::of(language);
        let version = self.runner(language).and_then(|tool| tool.version.as_ref());
        version.map_or_else(|| language.title().to_owned(), |version| format!("{} {version}", manifest.title))
    }

    /// Refuses a language whose tools are not here.
    pub(super) fn require(&self, language: Language) -> Result<(), RunError> {
        match self.missing(language) {
            None => Ok(()),
            Some(tool) => Err(RunError::NoTools { language, tool }),
        }
    }

    fn missing(&self, language: Language) -> Option<&'static str> {
        let mut needed = languages::of(language).tools.iter().map(String::as_str);
        needed.find(|name| !self.tools.contains_key(name))
    }

    /// The tool that runs a language.
    fn runner(&self, language: Language) -> Option<&Tool> {
        languages::of(language).tools.first().and_then(|name| self.tools.get(name.as_str()))
    }

    /// What a language needs, and where a box should have it.
    pub(super) fn tools(&self, language: Language) -> Vec<(&'static str, String)> {
        let names = languages::of(language).tools.iter().map(String::as_str);
        names.filter_map(|name| Some((name, self.tools.get(name)?.boxed.program.clone()))).collect()
    }

    /// A command of a manifest with the tools' places filled in.
    pub(super) fn fill(&self, language: Language, text: &str) -> String {
        self.fill_for(Reader::Box, language, text)
    }

    fn fill_for(&self, reader: Reader<'_>, language: Language, text: &str) -> String {
        let home = match reader {
            Reader::Box => PLATFORM.to_owned(),
            Reader::ThisMachine(home) => home.to_string_lossy().into_owned(),
        };
        let mut filled = text
            .replace("{languages}", &format!("{home}/languages"))
            .replace("{cache}", &format!("{home}/{}", self.cache_name(language)));
        for (name, tool) in &self.tools {
            let Place { program, root } = match reader {
                Reader::Box => &tool.boxed,
                Reader::ThisMachine(_) => &tool.here,
            };
            filled = filled.replace(&format!("{{{name}}}"), program).replace(&format!("{{{name}_root}}"), root);
        }
        filled
    }

    fn cache(&self, home: &Path, language: Language) -> PathBuf {
        home.join(self.cache_name(language))
    }

    /// What a warm-up made belongs to the tool's version: `go-cache/go1.27.3`.
    fn cache_name(&self, language: Language) -> String {
        let tool = languages::of(language).tools.first().map_or("", String::as_str);
        let version = self.runner(language).and_then(|tool| tool.version.as_deref()).unwrap_or_default();
        format!("{}-cache/{tool}{version}", language.as_str())
    }

    /// What has to be mounted for a language.
    pub(super) fn mounts(&self, language: Language) -> Vec<(PathBuf, String)> {
        let tools = languages::of(language).tools.iter().filter_map(|name| self.tools.get(name.as_str()));
        self.platform().chain(tools.flat_map(|tool| tool.mounts.clone())).collect()
    }

    fn platform(&self) -> impl Iterator<Item = (PathBuf, String)> {
        self.home.iter().map(|home| (home.clone(), PLATFORM.to_owned()))
    }

    /// What a shell finds besides the system's.
    pub fn for_shells(&self) -> ShellTools {
        let lent = self.tools.values().filter(|tool| !tool.mounts.is_empty());
        let path = lent.clone().map(|tool| format!("{}/bin", tool.boxed.root)).collect();
        let mounts = self.platform().chain(lent.flat_map(|tool| tool.mounts.clone())).collect();
        let env = self.languages().into_iter().flat_map(|language| languages::of(language).shell_env.clone());
        ShellTools { mounts, path, env: env.collect() }
    }
}

/// Waits until no other server is at it; dropping the file lets the next one in.
async fn lock(path: PathBuf) -> io::Result<fs::File> {
    let wait = move || {
        let file = fs::File::create(path)?;
        file.lock()?;
        Ok(file)
    };
    tokio::task::spawn_blocking(wait).await.map_err(io::Error::other)?
}

/// Writes what the languages' commands use, and gives the folder's full path.
fn lay_out(home: &Path) -> io::Result<PathBuf> {
    for folder in languages::FOLDERS {
        for (path, text) in folder.files {
            write_new(&home.join("languages").join(folder.name).join(path), text.as_bytes())?;
        }
    }
    fs::canonicalize(home)
}

/// Writes a file whole, unless it says so already; whoever reads it sees the old or the new.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder)?;
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let draft = path.with_extension(format!("{}-{}", std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed)));
    fs::write(&draft, bytes)?;
    fs::rename(draft, path)
}
