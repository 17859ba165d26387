//! One tool: where it lies on this machine, where a box finds it, and its version.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::languages::{Source, ToolManifest};
use super::toolchains::{OURS, PLATFORM, ToolPaths, write_new};

/// A tool that is here.
#[derive(Clone, Debug)]
pub(super) struct Tool {
    /// What it says of itself, where it says anything.
    pub(super) version: Option<String>,
    /// Where this machine has it.
    pub(super) here: Place,
    /// Where a box has it.
    pub(super) boxed: Place,
    /// What has to be mounted for it.
    pub(super) mounts: Vec<(PathBuf, String)>,
}

/// Where a tool lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The program.
    pub(super) program: String,
    /// The folder that it belongs to: the one that its `bin` is in.
    pub(super) root: String,
}

impl Place {
    fn of(program: &Path) -> Self {
        let root = program.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
        Self { program: program.to_string_lossy().into_owned(), root: root.to_string_lossy().into_owned() }
    }
}

impl Tool {
    /// Looks for a tool and lends it to boxes; none if it is not here.
    pub(super) fn find(name: &str, manifest: &ToolManifest, paths: &ToolPaths) -> io::Result<Option<Self>> {
        let folder = if manifest.from == Source::System { &paths.system } else { &paths.tools };
        let Some(program) = fs::canonicalize(folder.join(&manifest.program)).ok().filter(|path| path.is_file()) else {
            return Ok(None);
        };
        // Boxes see it there.
        let is_seen = program.starts_with("/usr");
        if !is_seen && (manifest.from == Source::System || !is_native(&program)) {
            return Ok(None);
        }
        let here = Place::of(&program);
        let (boxed, mounts) = match manifest.from {
            _ if is_seen => (here.clone(), Vec::new()),
            Source::File => {
                let copy = paths.home.join("tools").join(name);
                write_new(&copy, &fs::read(&program)?)?;
                fs::set_permissions(&copy, fs::metadata(&program)?.permissions())?;
                (Place::of(Path::new(&format!("{PLATFORM}/tools/{name}"))), Vec::new())
            }
            Source::System | Source::Folder => {
                let target = format!("{OURS}/{name}");
                let inner = program.strip_prefix(&here.root).unwrap_or(&program);
                let root = Path::new(&here.root);
                (Place::of(&Path::new(&target).join(inner)), mounts_of(root, &target, &manifest.parts))
            }
        };
        Ok(Some(Self { version: version_of(&program, &manifest.version), here, boxed, mounts }))
    }

    /// A tool that the image of the boxes has, where images have it.
    pub(super) fn of_image(name: &str, manifest: &ToolManifest, version: &str) -> Self {
        let program = match manifest.from {
            Source::System => format!("/usr/bin/{}", manifest.program),
            Source::File => format!("{PLATFORM}/tools/{name}"),
            Source::Folder => format!("{OURS}/{}", manifest.program),
        };
        let boxed = Place::of(Path::new(&program));
        let version = Some(version.to_owned()).filter(|version| !version.is_empty());
        Self { version, here: boxed.clone(), boxed, mounts: Vec::new() }
    }
}

fn mounts_of(root: &Path, target: &str, parts: &[String]) -> Vec<(PathBuf, String)> {
    if parts.is_empty() {
        return vec![(root.to_owned(), target.to_owned())];
    }
    let there = parts.iter().filter(|part| root.join(part).is_dir());
    there.map(|part| (root.join(part), format!("{target}/{part}"))).collect()
}

/// The version in what a tool prints: `Python 3.11.2`, `v24.19.0`, `go version go1.27.3 linux/amd64`.
fn version_of(program: &Path, ask: &[String]) -> Option<String> {
    let said = Command::new(program).args(ask).stdin(Stdio::null()).output().ok()?;
    version_in(&String::from_utf8_lossy(&said.stdout))
}

fn version_in(said: &str) -> Option<String> {
    let numbers = said.split_whitespace().map(|word| word.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    numbers
        .filter(|word| word.contains('.'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
}

/// Whether a file is a program of its own rather than a script.
fn is_native(program: &Path) -> bool {
    let mut magic = [0; 4];
    fs::File::open(program).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"\x7fELF"
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
            ("rustc 1.95.0 (59807616e 2026-04-14)\n", Some("1.95.0")),
            ("", None),
            ("no version here\n", None),
        ] {
            assert_eq!(version_in(said).as_deref(), version, "{said}");
        }
    }

    #[test]
    fn of_a_folder_boxes_see_the_parts_that_are_named() {
        let tools = tempfile::tempdir().expect("a temporary folder");
        for folder in ["ours/bin", "ours/lib", "ours/secret"] {
            fs::create_dir_all(tools.path().join(folder)).expect("it is made");
        }
        fs::write(tools.path().join("ours/bin/tool"), b"\x7fELF").expect("it is written");
        let paths = ToolPaths::installed(tools.path());
        let mut manifest = ToolManifest {
            from: Source::Folder,
            program: "ours/bin/tool".into(),
            version: Vec::new(),
            parts: vec!["bin".into(), "lib".into(), "libexec".into()],
        };
        let targets = |manifest: &ToolManifest| {
            let tool = Tool::find("tool", manifest, &paths).expect("it can be read").expect("it is here");
            assert_eq!(tool.boxed.program, "/opt/interviewlm/tool/bin/tool");
            tool.mounts.into_iter().map(|(_, target)| target).collect::<Vec<_>>()
        };
        assert_eq!(targets(&manifest), ["/opt/interviewlm/tool/bin", "/opt/interviewlm/tool/lib"]);
        manifest.parts.clear();
        assert_eq!(targets(&manifest), ["/opt/interviewlm/tool"]);
    }
}
