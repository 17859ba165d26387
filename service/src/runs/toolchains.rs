//! The tools that run code: where they lie on this machine, and where a box finds them.
//!
//! A box sees `/usr` and what is mounted for it, nothing else of the machine: so single programs from elsewhere are copied
//! into a folder of the platform's own, and that folder is mounted.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use interview::question::Language;
use tokio::process::Command;

use super::RunError;
use super::languages::{self, Tool};

const PLATFORM: &str = "/opt/interviewlm/platform";
const GO: &str = "/opt/interviewlm/go";
const NODE: &str = "/opt/interviewlm/node";
const WARM_PACKAGES: &str = include_str!("../../languages/go/warm.txt");

/// Where the tools lie on this machine.
#[derive(Clone, Debug)]
pub struct ToolPaths {
    /// Python 3, below `/usr`.
    pub python: PathBuf,
    /// Node 20 or later, below `/usr` or as `bin/node` in a folder of its own.
    pub node: PathBuf,
    /// esbuild's native program, not the script around it.
    pub esbuild: PathBuf,
    /// The folder that holds Go's `bin`, `pkg` and `src`.
    pub go_root: PathBuf,
    /// A folder of the platform's own, for the harnesses, copies of tools and Go's warm build cache.
    pub home: PathBuf,
}

impl ToolPaths {
    /// The usual places: Python is the system's, everything else is in the folder that `make setup` fills.
    pub fn installed(tools: &Path) -> Self {
        Self {
            python: "/usr/bin/python3".into(),
            node: tools.join("node/bin/node"),
            esbuild: tools.join("bin/esbuild"),
            go_root: tools.join("go"),
            home: tools.join("platform"),
        }
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
    /// Go's standard library could not be compiled.
    #[error("the standard library of Go could not be compiled: {0}")]
    NotWarm(String),
}

/// The tools that are ready. A tool that is missing only takes its languages away.
#[derive(Clone, Debug)]
pub struct Toolchains {
    home: PathBuf,
    python: Option<String>,
    versions: Versions,
    node: Option<Node>,
    esbuild: Option<String>,
    go: Option<Go>,
}

/// What the tools say of themselves, where they say anything.
#[derive(Clone, Debug)]
struct Versions {
    python: Option<String>,
    node: Option<String>,
    go: Option<String>,
}

/// Where Node is in a box, and the folder to mount for it unless boxes see it anyway.
#[derive(Clone, Debug)]
struct Node {
    place: String,
    root: Option<PathBuf>,
}

/// Go's folder, and the name of the build cache that belongs to its version.
#[derive(Clone, Debug)]
struct Go {
    root: PathBuf,
    cache: String,
}

impl Toolchains {
    /// Lays the harnesses and tools out for boxes.
    pub fn prepare(paths: &ToolPaths) -> Result<Self, ToolchainError> {
        let refuse = |source| ToolchainError::NotWritable { folder: paths.home.clone(), source };
        let home = lay_out(&paths.home).map_err(refuse)?;
        Ok(Self {
            python: in_usr(&paths.python),
            versions: Versions {
                python: version_of(&paths.python, "--version"),
                node: version_of(&paths.node, "--version"),
                go: version_of(&paths.go_root.join("bin/go"), "version"),
            },
            node: Node::find(&paths.node),
            esbuild: lend(&home, "esbuild", &paths.esbuild).map_err(refuse)?,
            go: Go::find(&home, &paths.go_root).map_err(refuse)?,
            home,
        })
    }

    /// Compiles Go's usual packages once, so that a candidate's program takes a fraction of a second. Later calls return
    /// at once. Runs of Go work before it is done, only slower.
    pub async fn warm(&self) -> Result<(), ToolchainError> {
        let Some(go) = &self.go else { return Ok(()) };
        let refuse = |error: io::Error| ToolchainError::NotWarm(error.to_string());
        let cache = self.home.join(&go.cache);
        let stamp = cache.join("warm");
        let is_warm = || fs::read_to_string(&stamp).is_ok_and(|packages| packages == WARM_PACKAGES);
        if is_warm() {
            return Ok(());
        }
        let _alone = lock(cache.join("lock")).await.map_err(refuse)?;
        if is_warm() {
            return Ok(());
        }
        let settings = &languages::of(Language::Go).env;
        let built = Command::new(go.root.join("bin/go"))
            .arg("build")
            .args(WARM_PACKAGES.split_whitespace())
            .current_dir(&cache)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(settings.iter().filter(|(_, value)| !value.contains(['/', '{'])))
            .env("GOCACHE", &cache)
            .env("GOPATH", cache.join("path"))
            .kill_on_drop(true)
            .output()
            .await
            .map_err(refuse)?;
        if !built.status.success() {
            return Err(ToolchainError::NotWarm(String::from_utf8_lossy(&built.stderr).into_owned()));
        }
        fs::write(&stamp, WARM_PACKAGES).map_err(refuse)
    }

    /// The languages whose tools are here.
    pub fn languages(&self) -> Vec<Language> {
        Language::ALL.into_iter().filter(|language| self.missing(*language).is_none()).collect()
    }

    /// The language, with the version of what runs it.
    pub(super) fn title(&self, language: Language) -> String {
        let versions = &self.versions;
        let (title, version) = match language {
            Language::Python => ("Python", &versions.python),
            Language::JavaScript => ("JavaScript on Node", &versions.node),
            Language::TypeScript => ("TypeScript on Node", &versions.node),
            Language::Go => ("Go", &versions.go),
        };
        version.as_ref().map_or_else(|| language.title().to_owned(), |version| format!("{title} {version}"))
    }

    /// Refuses a language whose tools are not here.
    pub(super) fn require(&self, language: Language) -> Result<(), RunError> {
        match self.missing(language) {
            None => Ok(()),
            Some(tool) => Err(RunError::Unavailable(format!("{language} needs {tool:?}, which was not found"))),
        }
    }

    fn missing(&self, language: Language) -> Option<Tool> {
        languages::of(language).tools.iter().copied().find(|tool| match tool {
            Tool::Python => self.python.is_none(),
            Tool::Node => self.node.is_none(),
            Tool::Esbuild => self.esbuild.is_none(),
            Tool::Go => self.go.is_none(),
        })
    }

    /// A command of a manifest with the tools' places filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        let place = |tool: &Option<String>| tool.clone().unwrap_or_default();
        let cache = self.go.as_ref().map_or("", |go| &go.cache);
        text.replace("{python}", &place(&self.python))
            .replace("{node}", self.node.as_ref().map_or("", |node| &node.place))
            .replace("{esbuild}", &place(&self.esbuild))
            .replace("{go}", GO)
            .replace("{go_cache}", &format!("{PLATFORM}/{cache}"))
            .replace("{languages}", &format!("{PLATFORM}/languages"))
    }

    /// What has to be mounted for these tools.
    pub(super) fn mounts(&self, tools: &[Tool]) -> Vec<(PathBuf, String)> {
        let go = self.go.iter().filter(|_| tools.contains(&Tool::Go)).map(|go| (go.root.clone(), GO.to_owned()));
        let node = self.node.iter().filter(|_| tools.contains(&Tool::Node)).filter_map(|node| node.root.clone());
        let node = node.map(|root| (root, NODE.to_owned()));
        std::iter::once((self.home.clone(), PLATFORM.to_owned())).chain(go).chain(node).collect()
    }

    /// What a shell finds besides the system's: what to mount, and the folders to look for programs in.
    pub fn for_shells(&self) -> (Vec<(PathBuf, String)>, Vec<String>) {
        let go = self.go.iter().map(|go| (go.root.clone(), GO.to_owned()));
        let node = self.node.iter().filter_map(|node| node.root.clone()).map(|root| (root, NODE.to_owned()));
        let mounts: Vec<_> = go.chain(node).collect();
        let path = mounts.iter().map(|(_, target)| format!("{target}/bin")).collect();
        (mounts, path)
    }
}

impl Node {
    fn find(program: &Path) -> Option<Self> {
        if let Some(place) = in_usr(program) {
            return Some(Self { place, root: None });
        }
        let real = fs::canonicalize(program).ok().filter(|real| is_native(real))?;
        let root = real.parent().and_then(Path::parent)?;
        let place = format!("{NODE}/{}", real.strip_prefix(root).ok()?.display());
        Some(Self { place, root: Some(root.to_owned()) })
    }
}

impl Go {
    fn find(home: &Path, root: &Path) -> io::Result<Option<Self>> {
        let Some(root) = fs::canonicalize(root).ok().filter(|root| root.join("bin/go").is_file()) else {
            return Ok(None);
        };
        let said = fs::read_to_string(root.join("VERSION")).unwrap_or_default();
        let cache = format!("go-cache/{}", said.split_whitespace().next().unwrap_or("go"));
        fs::create_dir_all(home.join(&cache))?;
        Ok(Some(Self { root, cache }))
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
    for (path, text) in languages::FILES {
        write_new(&home.join("languages").join(path), text.as_bytes())?;
    }
    fs::canonicalize(home)
}

/// The version in what a tool prints: `Python 3.11.2`, `v24.19.0`, `go version go1.27.3 linux/amd64`.
fn version_of(program: &Path, ask: &str) -> Option<String> {
    let said = std::process::Command::new(program).arg(ask).stdin(std::process::Stdio::null()).output().ok()?;
    version_in(&String::from_utf8_lossy(&said.stdout))
}

fn version_in(said: &str) -> Option<String> {
    let versions = said.split_whitespace().map(|word| word.trim_start_matches("go").trim_start_matches('v'));
    versions
        .filter(|word| word.contains('.'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
}

/// A program's place in a box that sees `/usr`, if it lies there.
fn in_usr(program: &Path) -> Option<String> {
    let real = fs::canonicalize(program).ok()?;
    (real.is_file() && real.starts_with("/usr")).then(|| real.to_string_lossy().into_owned())
}

/// A program's place in a box. One that a box would not see is copied to where it does.
fn lend(home: &Path, name: &str, program: &Path) -> io::Result<Option<String>> {
    if let Some(place) = in_usr(program) {
        return Ok(Some(place));
    }
    if !is_native(program) {
        return Ok(None);
    }
    let copy = home.join("tools").join(name);
    write_new(&copy, &fs::read(program)?)?;
    fs::set_permissions(&copy, fs::metadata(program)?.permissions())?;
    Ok(Some(format!("{PLATFORM}/tools/{name}")))
}

/// Whether a file is a program of its own rather than a script.
fn is_native(program: &Path) -> bool {
    let mut magic = [0; 4];
    fs::File::open(program).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"\x7fELF"
}

/// Writes a file whole, unless it says so already; whoever reads it sees the old or the new.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_off_what_the_tools_print() {
        for (said, version) in [
            ("Python 3.11.2\n", Some("3.11.2")),
            ("v24.19.0\n", Some("24.19.0")),
            ("go version go1.27.3 linux/amd64\n", Some("1.27.3")),
            ("", None),
            ("no version here\n", None),
        ] {
            assert_eq!(version_in(said).as_deref(), version, "{said}");
        }
    }
}
