//! What there is of boxes on the machine: folders, disks, groups and processes. Nothing here knows how boxes are made; it
//! looks where the server says that they are.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders in a folder.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect()
}

/// The disks of boxes that are mounted below a folder, as they are listed for a process.
pub(crate) fn disks(process: &str, folder: &Path) -> Vec<String> {
    let folder = folder.to_str().expect("a path of plain text");
    let mounts = fs::read_to_string(format!("/proc/{process}/mountinfo")).unwrap_or_default();
    mounts.lines().filter(|line| line.contains(folder) && line.contains("/box-")).map(String::from).collect()
}

/// The groups of the servers below a folder, as they themselves note them.
pub(crate) fn groups(root: &Path) -> Vec<PathBuf> {
    let owners = folders(root).into_iter().filter_map(|server| fs::read_to_string(server.join("owner")).ok());
    owners.flat_map(|owner| owner.lines().map(PathBuf::from).collect::<Vec<_>>()).collect()
}

/// Every process in a group and the groups inside it.
pub(crate) fn processes(group: &Path) -> Vec<String> {
    let listed = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    let inside = folders(group).into_iter().flat_map(|inner| processes(&inner));
    listed.lines().map(String::from).chain(inside).collect()
}
