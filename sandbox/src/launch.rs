//! Turns a program and a box into the command that runs the one inside the other.
//!
//! Everything a program can see is listed here: what is not named does not exist in a box.

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::pipe::{PipeFlags, pipe_with};
use service::ports::Limits;
use tokio::net::unix::pipe::Receiver;
use tokio::process::Command;

use crate::cgroup::Group;
use crate::child::{Child, Prop, Session, Stage};
use crate::ground::{Ground, MADE_FILES, shared_files};
use crate::lodging::{Lodging, disk_bytes};
use crate::walls::{Wall, Walls};

/// The folder that is the candidate's, as a program sees it.
pub(crate) const WORKSPACE: &str = "/workspace";
const HOME: &str = "/home/candidate";
/// The account as a program sees it.
const INSIDE: &str = "1000";
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// Folders of the system at the top; on a merged system they are links into `/usr`.
const SYSTEM: [&str; 6] = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/// What the kernel tells in `/proc` about the whole machine and no program needs.
const HIDDEN: [&str; 23] = [
    "acpi",
    "asound",
    "cgroups",
    "cmdline",
    "config.gz",
    "diskstats",
    "interrupts",
    "iomem",
    "ioports",
    "kallsyms",
    "kcore",
    "key-users",
    "keys",
    "kmsg",
    "latency_stats",
    "locks",
    "modules",
    "partitions",
    "sched_debug",
    "schedstat",
    "scsi",
    "timer_list",
    "vmallocinfo",
];

/// A program about to be started.
#[derive(Debug)]
pub(crate) struct Launch<'a> {
    /// The command and its arguments.
    pub(crate) argv: &'a [String],
    /// More environment.
    pub(crate) env: &'a [(String, String)],
    /// More read-only folders.
    pub(crate) mounts: &'a [(PathBuf, String)],
    /// Whether it has a terminal.
    pub(crate) session: Session,
    /// What its box may use.
    pub(crate) limits: Limits,
    /// What it finds as its channel for results.
    pub(crate) report: Option<OwnedFd>,
}

/// Something of the host that a box sees.
#[derive(Debug)]
struct Bind {
    source: PathBuf,
    target: String,
    access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl Launch<'_> {
    /// The command, without its standard streams, and the pipe on which bubblewrap tells how it went.
    pub(crate) fn command(self, ground: &Ground, lodging: &Lodging, group: &Group) -> io::Result<(Command, Receiver)> {
        let walls = ground.walls;
        let (status, status_end) = pipe()?;
        let mut kept = vec![above_the_usual(status_end)?];
        if walls.has(Wall::Calls) {
            for filter in ground.filters.files()? {
                kept.push(above_the_usual(filter)?);
            }
        }
        let mut binds = self.binds(ground, lodging)?;
        let terminals = ground.stage.as_ref().map(|folder| folder.join("terminals"));
        let stage = match (&ground.stage, &terminals, lodging.account) {
            (Some(folder), Some(terminals), Some(account)) => {
                let props = set_out(&mut binds, folder)?;
                let disks = text(ground.folder())?;
                Some(Stage { folder: text(folder)?, props, disks, terminals: text(terminals)?, account })
            }
            _ => None,
        };

        let mut command = Command::new(&ground.bubblewrap);
        command.kill_on_drop(true).stdin(Stdio::null()).current_dir("/");
        isolate(&mut command, self.session, walls);
        self.set_environment(&mut command, ground);
        show_system(&mut command, walls)?;
        for bind in &binds {
            let option = if bind.access == Access::Write { "--bind" } else { "--ro-bind" };
            command.arg(option).arg(&bind.source).arg(&bind.target);
        }
        if let Some(terminals) = terminals.filter(|_| walls.has(Wall::Terminals)) {
            command.arg("--dev-bind").arg(terminals).arg("/dev/pts");
        }
        command.args(["--chdir", WORKSPACE]);
        if walls.has(Wall::Root) {
            command.args(["--remount-ro", "/dev", "--remount-ro", "/"]);
        }
        command.arg("--json-status-fd").arg(kept[0].as_raw_fd().to_string());
        for filter in &kept[1..] {
            command.arg("--add-seccomp-fd").arg(filter.as_raw_fd().to_string());
        }
        command.arg("--").args(self.argv);

        let report = self.report.map(above_the_usual).transpose()?;
        let file_bytes = disk_bytes(self.limits);
        Child { walls, doors: group.doors()?, session: self.session, file_bytes, stage, report, kept }
            .attach(&mut command);
        Ok((command, status))
    }

    fn binds(&self, ground: &Ground, lodging: &Lodging) -> io::Result<Vec<Bind>> {
        let write = |source: PathBuf, target: &str| Bind { source, target: target.into(), access: Access::Write };
        let mut binds = vec![
            write(lodging.workspace(), WORKSPACE),
            write(lodging.temporary(), "/tmp"),
            write(lodging.home(), HOME),
            write(lodging.shared_memory(), "/dev/shm"),
        ];
        let etc = lodging.etc();
        if ground.walls.has(Wall::Root) {
            binds.extend(MADE_FILES.iter().map(|name| Bind {
                source: etc.join(name),
                target: format!("/etc/{name}"),
                access: Access::Read,
            }));
        } else {
            // The host's own are there.
            binds.retain(|bind| bind.target != "/tmp");
        }
        for (source, target) in ground.settings.mounts.iter().chain(self.mounts) {
            binds.push(toolchain(source, target)?);
        }
        Ok(binds)
    }

    fn set_environment(&self, command: &mut Command, ground: &Ground) {
        let path: Vec<&str> = ground.settings.path.iter().map(String::as_str).chain([PATH]).collect();
        let own = [
            ("HOME", HOME),
            ("USER", "candidate"),
            ("LOGNAME", "candidate"),
            ("SHELL", "/bin/bash"),
            ("LANG", "C.UTF-8"),
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("PATH", &path.join(":")),
        ];
        if ground.walls.has(Wall::Environment) {
            command.env_clear().arg("--clearenv");
        }
        for (name, value) in own {
            command.args(["--setenv", name, value]);
        }
        for (name, value) in ground.settings.env.iter().chain(self.env) {
            command.args(["--setenv", name, value]);
        }
    }
}

/// A pipe whose reading end is ours.
pub(crate) fn pipe() -> io::Result<(Receiver, OwnedFd)> {
    let (reader, writer) = pipe_with(PipeFlags::CLOEXEC)?;
    Ok((Receiver::from_owned_fd(reader)?, writer))
}

/// The exit status in bubblewrap's account of a start. There is none if the program was never reached.
pub(crate) fn exit_code(status: &[u8]) -> Option<i32> {
    let status = std::str::from_utf8(status).ok()?;
    let (_, after) = status.split_once("\"exit-code\":")?;
    let number = after.trim_start().split(|c: char| !c.is_ascii_digit() && c != '-').next()?;
    // Its word for the end comes from inside the box, and may be no status at all: then the program was ended there.
    Some(number.parse().ok().filter(|code| (0..=255).contains(code)).unwrap_or(ENDED_STRANGELY))
}

/// What a shell says of a program that was killed.
const ENDED_STRANGELY: i32 = 137;

fn isolate(command: &mut Command, session: Session, walls: Walls) {
    command.args(["--die-with-parent", "--unshare-ipc", "--unshare-cgroup-try"]);
    if walls.has(Wall::Rights) {
        command.args(["--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--uid", INSIDE, "--gid", INSIDE]);
    } else {
        command.args(["--cap-add", "ALL"]);
    }
    if walls.has(Wall::Network) {
        command.arg("--unshare-net");
    }
    if walls.has(Wall::Processes) {
        command.arg("--unshare-pid");
    }
    if walls.has(Wall::Names) {
        command.args(["--unshare-uts", "--hostname", "interview"]);
    }
    if session == Session::None {
        command.arg("--new-session");
    }
}

fn show_system(command: &mut Command, walls: Walls) -> io::Result<()> {
    if walls.has(Wall::Root) {
        show_parts(command)?;
    }
    #[cfg(feature = "without-walls")]
    if !walls.has(Wall::Root) {
        show_host(command)?;
    }
    for name in HIDDEN.iter().filter(|_| walls.has(Wall::Hidden)) {
        let path = format!("/proc/{name}");
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => command.args(["--tmpfs", &path, "--remount-ro", &path]),
            // A device on a mount without devices: there, and not to be opened.
            Ok(_) => command.args(["--ro-bind", "/dev/null", &path]),
            Err(_) => continue,
        };
    }
    Ok(())
}

/// The host as it is, but for homes: where it is not ours, nothing of ours can be put.
#[cfg(feature = "without-walls")]
fn show_host(command: &mut Command) -> io::Result<()> {
    for entry in fs::read_dir("/")? {
        let (path, kind) = entry.map(|entry| (entry.path(), entry.file_type()))?;
        match kind? {
            kind if kind.is_symlink() => command.arg("--symlink").arg(fs::read_link(&path)?).arg(&path),
            _ if path == Path::new("/proc") || path == Path::new("/home") => continue,
            _ => command.arg("--dev-bind").arg(&path).arg(&path),
        };
    }
    command.args(["--proc", "/proc"]);
    Ok(())
}

fn show_parts(command: &mut Command) -> io::Result<()> {
    command.args(["--ro-bind", "/usr", "/usr"]);
    for folder in SYSTEM {
        match fs::symlink_metadata(folder) {
            Ok(found) if found.is_symlink() => command.arg("--symlink").arg(fs::read_link(folder)?).arg(folder),
            Ok(_) => command.args(["--ro-bind", folder, folder]),
            Err(_) => continue,
        };
    }
    command.args(["--proc", "/proc", "--dev", "/dev"]);
    for path in shared_files() {
        command.args(["--ro-bind", path, path]);
    }
    Ok(())
}

/// A read-only folder of the platform. One that boxes cannot read would only fail later and tell less.
fn toolchain(source: &Path, target: &str) -> io::Result<Bind> {
    let complain =
        |reason: String| io::Error::other(format!("{} cannot be shown to boxes: {reason}", source.display()));
    let source = source.canonicalize().map_err(|error| complain(error.to_string()))?;
    let found = fs::metadata(&source).map_err(|error| complain(error.to_string()))?;
    let needed = if found.is_dir() { 0o005 } else { 0o004 };
    if found.permissions().mode() & needed != needed {
        return Err(complain("it is not readable for everybody".into()));
    }
    if !target.starts_with('/') {
        return Err(complain(format!("{target} is not an absolute path")));
    }
    Ok(Bind { source, target: target.into(), access: Access::Read })
}

/// Puts what is to be bound on the stage, where the box's account can reach it.
fn set_out(binds: &mut [Bind], stage: &Path) -> io::Result<Vec<Prop>> {
    let set_out_one = |(number, bind): (usize, &mut Bind)| {
        let target = stage.join(number.to_string());
        let folder = fs::metadata(&bind.source)?.is_dir();
        let prop = Prop { source: text(&bind.source)?, target: text(&target)?, folder };
        bind.source = target;
        Ok(prop)
    };
    binds.iter_mut().enumerate().map(set_out_one).collect()
}

/// Moves a descriptor out of the way of those with a meaning.
fn above_the_usual(descriptor: OwnedFd) -> io::Result<OwnedFd> {
    Ok(rustix::io::fcntl_dupfd_cloexec(descriptor, 10)?)
}

fn text(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_status_is_found_only_when_the_program_ran() {
        let began = "{ \"child-pid\": 6208, \"pid-namespace\": 4026532253 }\n";
        assert_eq!(exit_code(began.as_bytes()), None);
        assert_eq!(exit_code(format!("{began}{{ \"exit-code\": 137 }}\n").as_bytes()), Some(137));
        assert_eq!(exit_code(b""), None);
        for strange in ["-1", "256", "99999999999", "\"\""] {
            assert_eq!(
                exit_code(format!("{began}{{ \"exit-code\": {strange} }}\n").as_bytes()),
                Some(137),
                "{strange}"
            );
        }
    }
}
