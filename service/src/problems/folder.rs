//! One folder of the bank, read whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use interview::FilePath;
use interview::ids::{FILE_LIMIT_BYTES, ProblemSlug};
use interview::question::{Language, StartingFile};

use super::manifest::Manifest;
use super::{BankError, Edition, Problem, cases, hints};
use crate::runs::Task;

/// Folders that tools leave behind; nobody writes problems in them.
pub(super) fn is_ignored(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name == "node_modules" || name == "__pycache__" || name == ".git"
}

/// Reads the problem in `dir`.
pub(super) fn load(dir: &Path) -> Result<Problem, BankError> {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let slug = ProblemSlug::parse(name)
        .map_err(|_| BankError::malformed(dir, "name the folder with letters, digits and `-`"))?;
    let manifest_file = dir.join("problem.toml");
    let manifest = Manifest::parse(&manifest_file, &text(&manifest_file)?)?;
    let prompt = text(&dir.join("prompt.md"))?;
    if prompt.trim().is_empty() {
        return Err(BankError::malformed(&dir.join("prompt.md"), "write the task"));
    }
    let hints_file = dir.join("hints.md");
    let cases_file = dir.join("cases.toml");
    let mut editions = BTreeMap::new();
    for &language in &manifest.languages {
        let task = manifest.task(&manifest_file, language)?;
        let starter = tree(&dir.join("starter").join(language.as_str()), language, &task)?;
        let reference = tree(&dir.join("reference").join(language.as_str()), language, &task)?;
        editions.insert(language, Edition { task, starter, reference });
    }
    Ok(Problem {
        slug,
        hints: hints::parse(&hints_file, &text(&hints_file)?)?,
        cases: cases::parse(&cases_file, manifest.kind, &text(&cases_file)?)?,
        prompt,
        title: manifest.title,
        summary: manifest.summary,
        difficulty: manifest.difficulty,
        minutes: manifest.minutes,
        tags: manifest.tags,
        languages: manifest.languages,
        kind: manifest.kind,
        editions,
    })
}

fn text(file: &Path) -> Result<String, BankError> {
    fs::read_to_string(file).map_err(BankError::unreadable(file))
}

/// All files below `root`, by path; the one that is run must be among them.
fn tree(root: &Path, language: Language, task: &Task) -> Result<Vec<StartingFile>, BankError> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    files.sort_by(|a: &StartingFile, b| a.path.cmp(&b.path));
    let entry = task.entry(language);
    if !files.iter().any(|file| file.path == entry) {
        return Err(BankError::malformed(&root.join(entry.as_str()), "is missing: it is the file that is run"));
    }
    Ok(files)
}

fn collect(root: &Path, dir: &Path, files: &mut Vec<StartingFile>) -> Result<(), BankError> {
    for entry in fs::read_dir(dir).map_err(BankError::unreadable(dir))? {
        let file = entry.map_err(BankError::unreadable(dir))?.path();
        let kind = fs::symlink_metadata(&file).map_err(BankError::unreadable(&file))?;
        if kind.is_dir() {
            if !is_ignored(&file) {
                collect(root, &file, files)?;
            }
            continue;
        }
        if !kind.is_file() || kind.len() > FILE_LIMIT_BYTES as u64 {
            return Err(BankError::malformed(&file, "must be a plain file of at most 1 MiB"));
        }
        let path = file.strip_prefix(root).unwrap_or(&file).as_os_str().as_encoded_bytes();
        let path = FilePath::from_disk(path).map_err(|error| BankError::malformed(&file, error.to_string()))?;
        files.push(StartingFile { path, text: text(&file)? });
    }
    Ok(())
}
