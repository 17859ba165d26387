//! `hints.md`: three hints under the headings `## 1`, `## 2` and `## 3`.

use std::path::Path;

use super::BankError;

const ADVICE: &str = "write three hints, each under its heading: `## 1`, `## 2`, `## 3`";

/// Reads the text of `file`.
pub(super) fn parse(file: &Path, text: &str) -> Result<Vec<String>, BankError> {
    let mut hints: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            if heading.trim() != (hints.len() + 1).to_string() {
                return Err(BankError::malformed(file, ADVICE));
            }
            hints.push(String::new());
        } else if let Some(hint) = hints.last_mut() {
            hint.push_str(line);
            hint.push('\n');
        }
    }
    let hints: Vec<String> = hints.iter().map(|hint| hint.trim().to_owned()).collect();
    if hints.len() != 3 || hints.iter().any(String::is_empty) {
        return Err(BankError::malformed(file, ADVICE));
    }
    Ok(hints)
}
