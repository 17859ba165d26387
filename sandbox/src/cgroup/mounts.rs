//! Finds where cgroups are mounted, and which of their folders is ours to grow.
//!
//! Reading is pure and tested on texts; only the second version needs anything written, because there a folder either
//! holds processes or hands its controllers on.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Group, Version, put};

/// The leaf that takes the processes of a folder which is to hand its controllers on.
const OUR_OWN_LEAF: &str = "interviewlm-server";

/// What a person can do about a machine on which no group can be limited.
pub(crate) const WHAT_TO_DO: &str =
    "start the server as root, or under systemd with Delegate=yes; docs/sandbox.md tells more";

/// What this server may do with cgroups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may use the hierarchy from its top, as container engines do.
    Root,
    /// It may use the folder that it was started in.
    Delegated,
}

/// One mounted hierarchy.
struct Mounted<'a> {
    /// Which folder of the hierarchy is seen here.
    top: &'a str,
    point: &'a str,
    /// `cgroup` or `cgroup2`.
    kind: &'a str,
    options: &'a str,
}

/// Where groups may be made: the first version if it limits memory and processes here, else the second.
pub(super) fn find(mountinfo: &str, own: &str, standing: Standing) -> Option<Group> {
    let mounts: Vec<Mounted<'_>> = mountinfo.lines().filter_map(mounted).collect();
    let first = |controller: &str| {
        let mount = mounts.iter().find(|mount| mount.kind == "cgroup" && has(mount.options, controller))?;
        let own = own.lines().find_map(|line| {
            let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
            has(controllers, controller).then_some(path)
        });
        Some(ours(mount, own, standing))
    };
    if let (Some(memory), Some(pids)) = (first("memory"), first("pids")) {
        return Some(Group { version: Version::One, memory, pids, cpu: first("cpu"), accounting: first("cpuacct") });
    }
    let mount = mounts.iter().find(|mount| mount.kind == "cgroup2")?;
    let folder = ours(mount, own.lines().find_map(|line| line.strip_prefix("0::")), standing);
    Some(Group {
        version: Version::Two,
        memory: folder.clone(),
        pids: folder.clone(),
        cpu: Some(folder.clone()),
        accounting: Some(folder),
    })
}

/// Makes a folder of the second version hand memory and processes on to folders inside it.
pub(super) fn open_for_children(folder: &Path) -> Result<(), String> {
    let complain = |error: io::Error| format!("cgroups cannot be used at {}: {error}", folder.display());
    let controllers = fs::read_to_string(folder.join("cgroup.controllers")).map_err(complain)?;
    for needed in ["memory", "pids"] {
        if !controllers.split_whitespace().any(|controller| controller == needed) {
            let folder = folder.display();
            return Err(format!("the {needed} controller is not delegated to {folder}: {WHAT_TO_DO}"));
        }
    }
    match delegate(folder) {
        Err(error) if error.kind() == ErrorKind::ResourceBusy => {
            move_processes(folder, &folder.join(OUR_OWN_LEAF)).and_then(|()| delegate(folder)).map_err(complain)
        }
        outcome => outcome.map_err(complain),
    }
}

/// Hands the controllers of a folder on to the folders inside it.
pub(super) fn delegate(folder: &Path) -> io::Result<()> {
    let control = folder.join("cgroup.subtree_control");
    put(&control, "+memory")?;
    put(&control, "+pids")?;
    // Sharing the processor fairly is welcome, not needed.
    let _ = put(&control, "+cpu");
    Ok(())
}

fn move_processes(from: &Path, to: &Path) -> io::Result<()> {
    match fs::create_dir(to) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    for process in fs::read_to_string(from.join("cgroup.procs"))?.lines() {
        match put(&to.join("cgroup.procs"), process) {
            // ESRCH: it has ended meanwhile.
            Err(error) if error.raw_os_error() != Some(libc::ESRCH) => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// One line of mountinfo, if it is about cgroups.
fn mounted(line: &str) -> Option<Mounted<'_>> {
    let (place, kind) = line.split_once(" - ")?;
    let mut place = place.split(' ').skip(3);
    let (top, point) = (place.next()?, place.next()?);
    let mut kind = kind.split(' ');
    let (kind, options) = (kind.next()?, kind.nth(1)?);
    matches!(kind, "cgroup" | "cgroup2").then_some(Mounted { top, point, kind, options })
}

fn has(list: &str, name: &str) -> bool {
    list.split(',').any(|item| item == name)
}

/// The folder of a hierarchy that is ours.
fn ours(mount: &Mounted<'_>, own: Option<&str>, standing: Standing) -> PathBuf {
    let point = Path::new(mount.point);
    match (standing, own) {
        (Standing::Delegated, Some(own)) => {
            let inner = Path::new(own).strip_prefix(mount.top).unwrap_or(Path::new(""));
            let inner = inner.strip_prefix("/").unwrap_or(inner);
            // Whoever is started where a server was before finds itself in the leaf that took that server's processes.
            let is_leaf = inner.file_name().is_some_and(|name| name == OUR_OWN_LEAF);
            point.join(inner.parent().filter(|_| is_leaf).unwrap_or(inner))
        }
        (Standing::Root, _) | (Standing::Delegated, None) => point.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYBRID: &str = "\
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:5 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw";

    const UNIFIED: &str = "29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate";

    #[test]
    fn the_first_version_is_used_where_it_holds_the_controllers() {
        let own = "8:pids:/\n4:memory:/elsewhere\n2:cpu,cpuacct:/\n0::/";
        let place = find(HYBRID, own, Standing::Root).expect("a place");
        assert_eq!(place.version, Version::One);
        assert_eq!(place.memory, Path::new("/sys/fs/cgroup/memory"));
        assert_eq!(place.cpu, place.accounting);
        assert_eq!(place.folders().len(), 3);
        let place = find(HYBRID, own, Standing::Delegated).expect("a place");
        assert_eq!(place.memory, Path::new("/sys/fs/cgroup/memory/elsewhere"));
    }

    #[test]
    fn a_delegated_server_uses_its_own_folder_of_the_second_version() {
        let own = "0::/user.slice/user-1000.slice/interview.service";
        let place = find(UNIFIED, own, Standing::Delegated).expect("a place");
        assert_eq!(place.version, Version::Two);
        assert_eq!(place.memory, Path::new("/sys/fs/cgroup/user.slice/user-1000.slice/interview.service"));
        assert_eq!(find(UNIFIED, own, Standing::Root).expect("a place").memory, Path::new("/sys/fs/cgroup"));
    }

    #[test]
    fn a_server_started_where_one_was_before_uses_the_same_folder() {
        let own = "0::/user.slice/interview.scope/interviewlm-server";
        let place = find(UNIFIED, own, Standing::Delegated).expect("a place");
        assert_eq!(place.memory, Path::new("/sys/fs/cgroup/user.slice/interview.scope"));
    }

    #[test]
    fn a_machine_without_cgroups_has_no_place() {
        assert_eq!(find("23 1 8:1 / / rw - ext4 /dev/sda rw", "", Standing::Root), None);
    }
}
