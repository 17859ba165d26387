//! The few files of `/etc` that a box sees: some made for it, some the host's own and harmless.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::make_folder;

/// What an interactive shell reads at its start.
pub(crate) const SHELL_START: &str = "interview.bashrc";

/// The files that are made, by name.
pub(crate) const MADE: [&str; 5] = ["passwd", "group", "hosts", "nsswitch.conf", SHELL_START];

const TEXTS: [&str; 5] = [
    "root:x:0:0:root:/:/usr/sbin/nologin\n\
     candidate:x:1000:1000:candidate:/home/candidate:/bin/bash\n\
     nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
    "root:x:0:\ncandidate:x:1000:\nnogroup:x:65534:\n",
    "127.0.0.1 localhost interview\n::1 localhost\n",
    "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n",
    include_str!("interview.bashrc"),
];

/// What programs may need of the host's `/etc` and may see: nothing in it is secret.
const SHARED: [&str; 12] = [
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/inputrc",
    "/etc/mime.types",
    "/etc/protocols",
    "/etc/services",
    "/etc/python3",
    "/etc/vim",
    "/etc/ssl/openssl.cnf",
];

/// Writes the made files into a new folder. Each box has its own, so that no name of the host's shows where they come from.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    make_folder(folder, 0o755)?;
    for (name, text) in MADE.iter().zip(TEXTS) {
        fs::write(folder.join(name), text)?;
        fs::set_permissions(folder.join(name), Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// The shared files that this host has.
pub(crate) fn shared() -> impl Iterator<Item = &'static str> {
    SHARED.into_iter().filter(|path| Path::new(path).exists())
}
