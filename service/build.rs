//! Lists what lies in `languages/`, to be built in: a new folder there is a new language, without a line of Rust in here.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders through the environment")]
fn folder(name: &str) -> PathBuf {
    std::env::var_os(name).map(PathBuf::from).unwrap_or_default()
}

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=languages");
    let package = folder("CARGO_MANIFEST_DIR");
    let languages = package.join("languages");
    let mut list = String::from("pub(super) static FOLDERS: &[Folder] = &[\n");
    for language in sorted(&languages)? {
        let mut files = Vec::new();
        collect(&language, &mut files)?;
        let name = language.file_name().and_then(OsStr::to_str).unwrap_or_default();
        list += &format!("    Folder {{\n        name: {name:?},\n        files: &[\n");
        for file in files {
            let path = file.strip_prefix(&language).unwrap_or(&file);
            // Where the package lies is left to the compiler: another checkout may share what is built here.
            let place = Path::new("/").join(file.strip_prefix(&package).unwrap_or(&file));
            let text = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {place:?}))");
            let _ = writeln!(list, "            ({path:?}, {text}),");
        }
        list += "        ],\n    },\n";
    }
    list += "];\n";
    fs::write(folder("OUT_DIR").join("languages.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in sorted(folder)? {
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
