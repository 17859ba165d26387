//! Where attempts are made: on the host, in a naive box, in ours. And the host that they are after.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustix::io::FdFlags;
use sandbox::{Bubblewrap, Settings, Wall};
use service::ports::{Jail, Limits, Program, Ran, Sandbox as _};
use tempfile::TempDir;

use crate::patience::soon;
use crate::promise::{ATTEMPT, Place};

/// Where a box sees this program.
const STRANGER: &str = "/stranger/escape";

/// A host with something to steal.
pub(crate) struct Host {
    folder: TempDir,
    listener: TcpListener,
    _sockets: [UnixListener; 2],
    _open_file: File,
}

impl Host {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("permissions");
        let mut secret = File::create(folder.path().join("secret")).expect("a file");
        secret.write_all(b"secret").expect("written");
        // A mistake somewhere else in the server: every child inherits this file.
        let open_file = File::open(folder.path().join("secret")).expect("it opens");
        rustix::io::fcntl_setfd(&open_file, FdFlags::empty()).expect("it can be inherited");
        std::fs::create_dir(folder.path().join("workspace")).expect("a folder");
        let address = SocketAddr::from_abstract_name(folder.path().as_os_str().as_encoded_bytes()).expect("an address");
        // One is a file, the other a name; many tests may be under way in this process.
        let sockets = [
            UnixListener::bind(folder.path().join("socket")).expect("a socket"),
            UnixListener::bind_addr(&address).expect("a socket"),
        ];
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        Self { folder, listener, _sockets: sockets, _open_file: open_file }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Whether this machine keeps a promise by itself, so that nothing can show what happens without our wall: where the
    /// tests may gain no privileges, or their temporary folder is on another disk than the system.
    pub(crate) fn has_wall_of_its_own(&self, name: &str) -> bool {
        let device = |path: &Path| std::fs::metadata(path).expect("it is there").dev();
        match name {
            "kernel::nothing_gives_new_privileges" => {
                let status = std::fs::read_to_string("/proc/self/status").expect("our status");
                status.lines().any(|line| line == "NoNewPrivs:\t1")
            }
            "files::files_of_the_system_cannot_be_linked_to" => {
                device(self.path()) != device(Path::new("/usr/bin/env"))
            }
            _ => false,
        }
    }

    /// Tries a promise where its wall is missing.
    pub(crate) fn try_in(&self, place: Place, name: &str) -> String {
        let stranger = stranger();
        let mut command = match place {
            Place::Bare => Command::new(&stranger),
            Place::Naive => {
                let mut command = Command::new("bwrap");
                command.args(["--unshare-all", "--die-with-parent", "--bind", "/", "/", "--dev-bind", "/dev", "/dev"]);
                command.args(["--proc", "/proc"]).arg(&stranger);
                command
            }
        };
        command.args(arguments(name)).envs(self.facts()).current_dir(self.path().join("workspace"));
        let ran = command.stdin(Stdio::null()).output().expect("it runs");
        format!("{} {} {}", ran.status, String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
    }

    /// Tries a promise in a box.
    pub(crate) fn try_boxed(&self, limits: Limits, name: &str) -> String {
        self.try_boxed_without(&[], limits, name)
    }

    /// Tries a promise in a box that lacks these walls.
    pub(crate) fn try_boxed_without(&self, walls: &'static [Wall], limits: Limits, name: &str) -> String {
        let mut program = program([STRANGER].into_iter().chain(arguments(name)));
        program.env = self.facts();
        program.mounts = vec![(stranger(), STRANGER.into())];
        let work = async |jail: Arc<dyn Jail>| soon(jail.run(program)).await.expect("it runs");
        let ran = boxed_without(walls, self.path(), limits, work);
        told(&ran)
    }

    /// What a stranger may have found out.
    pub(crate) fn facts(&self) -> Vec<(String, String)> {
        let port = self.listener.local_addr().expect("an address").port();
        let facts = [
            (ATTEMPT, "1".to_owned()),
            ("HOST_FOLDER", self.path().display().to_string()),
            ("HOST_PORT", port.to_string()),
            ("HOST_PID", std::process::id().to_string()),
            ("HOST_NAME", host_name()),
        ];
        facts.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }
}

/// Does something with a box below a folder, and stops it.
pub(crate) fn boxed<T>(folder: &Path, limits: Limits, work: impl AsyncFnOnce(Arc<dyn Jail>) -> T) -> T {
    boxed_without(&[], folder, limits, work)
}

fn boxed_without<T>(
    walls: &'static [Wall],
    folder: &Path,
    limits: Limits,
    work: impl AsyncFnOnce(Arc<dyn Jail>) -> T,
) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let settings = Settings { root: folder.join("boxes"), ..Settings::default() };
        let sandbox = Bubblewrap::without(walls, settings);
        let jail = soon(sandbox.start(limits)).await.expect("a box");
        let done = work(Arc::clone(&jail)).await;
        soon(jail.stop()).await;
        done
    })
}

/// A program with generous limits of its own.
pub(crate) fn program<'a>(argv: impl IntoIterator<Item = &'a str>) -> Program {
    Program {
        argv: argv.into_iter().map(String::from).collect(),
        env: Vec::new(),
        stdin: Vec::new(),
        wall_millis: 30_000,
        output_bytes: 1 << 20,
        mounts: Vec::new(),
    }
}

/// How a program ended, and what it said.
pub(crate) fn told(Ran { exit, stdout, stderr, .. }: &Ran) -> String {
    format!("{exit:?} {} {}", String::from_utf8_lossy(stdout), String::from_utf8_lossy(stderr))
}

/// This program, which is also the stranger's.
pub(crate) fn stranger() -> PathBuf {
    std::env::current_exe().expect("this program")
}

/// What makes this program try one promise.
pub(crate) fn arguments(name: &str) -> [&str; 4] {
    [name, "--exact", "--nocapture", "--test-threads=1"]
}

/// The name of the machine, as this process sees it.
pub(crate) fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a name").trim().to_owned()
}

/// Something that a stranger was told about the host.
pub(crate) fn fact(name: &str) -> String {
    std::env::var(name).expect("a fact about the host")
}
