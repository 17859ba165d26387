//! Nothing of the host's files can be read or changed from a box.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, FileType, Mode, accessat, makedev, mknodat};
use sandbox::Wall::{Calls, Descriptors, Hidden, Rights, Root, Terminals};

use crate::Outcome;
use crate::places::fact;
use crate::promise::Held;
use crate::promise::Place::{Bare, Naive};

promises! {
    files_of_the_host_are_not_there, broken [Bare, Naive], held Held::By(&[Root]), by || {
        Outcome::of(fs::read(format!("{}/secret", fact("HOST_FOLDER"))))
    };
    files_of_the_host_cannot_be_reached_upwards, broken [Bare, Naive], held Held::By(&[Root]), by || {
        let upwards = format!("{}{}/secret", "../".repeat(40), fact("HOST_FOLDER"));
        Outcome::any([upwards, "/proc/1/root/etc/shadow".into(), "/proc/self/root/etc/shadow".into()].map(|path| Outcome::of(fs::read(path))))
    };
    files_that_the_server_has_open_are_not_inherited, broken [Bare, Naive], held Held::By(&[Descriptors]), by || {
        let open = links("/proc/self/fd");
        Outcome::broke_out_if(open.iter().any(|target| target.ends_with("secret")), open)
    };
    passwords_of_the_host_are_not_there, broken [Bare, Naive], held Held::By(&[Root, Rights]), by || Outcome::of(File::open("/etc/shadow"));
    accounts_of_the_host_are_not_there, broken [Bare, Naive], held Held::By(&[Root]), by || {
        let accounts = fs::read_to_string("/etc/passwd").expect("the accounts");
        Outcome::broke_out_if(accounts.lines().count() > 3, accounts.lines().count())
    };
    homes_of_the_host_are_not_there, broken [Bare, Naive], held Held::By(&[Root, Rights]), by || {
        Outcome::any(["/root", "/var", "/run", "/opt", "/srv", "/mnt", "/boot"].map(|folder| Outcome::of(fs::read_dir(folder))))
    };
    the_system_cannot_be_written, broken [Bare, Naive], held Held::By(&[Root, Rights]), by || {
        Outcome::any(["/", "/usr", "/usr/bin", "/etc", "/home", "/dev", "/stranger"].map(unnamed_file))
    };
    only_the_boxs_own_folders_can_be_written, broken [Bare, Naive], held Held::By(&[Root, Rights]), by || {
        let found = writable_folders(Path::new("/"), 3);
        let own = ["/workspace", "/tmp", "/home/candidate", "/dev/shm"].map(PathBuf::from);
        let others: Vec<_> = found.into_iter().filter(|folder| !own.contains(folder)).collect();
        Outcome::broke_out_if(!others.is_empty(), others)
    };
    programs_of_the_system_cannot_be_written, broken [Bare, Naive], held Held::By(&[Root, Rights]), by || {
        Outcome::of(OpenOptions::new().append(true).open("/usr/bin/env"))
    };
    files_of_the_system_cannot_be_linked_to, broken [Bare, Naive], held Held::Always("no link leads from one mount to another, and the workspace is one"), by || {
        Outcome::of(fs::hard_link("/usr/bin/env", "env").and_then(|()| fs::remove_file("env")))
    };
    settings_of_the_kernel_cannot_be_changed, broken [Bare], held Held::Always("bubblewrap shows them read-only wherever it shows processes"), by || {
        Outcome::any(["/proc/sysrq-trigger", "/proc/sys/kernel/panic", "/proc/sys/vm/drop_caches", "/proc/sys/kernel/core_pattern"].map(write))
    };
    the_kernels_objects_are_not_there, broken [Bare, Naive], held Held::By(&[Root]), by || Outcome::of(fs::read_dir("/sys/kernel"));
    control_groups_are_not_there, broken [Bare, Naive], held Held::By(&[Root]), by || Outcome::of(fs::read_dir("/sys/fs/cgroup"));
    the_kernels_memory_and_symbols_are_hidden, broken [Bare, Naive], held Held::By(&[Hidden]), by || {
        Outcome::any(["/proc/kallsyms", "/proc/kcore", "/proc/modules", "/proc/iomem"].map(|path| Outcome::of(File::open(path))))
    };
    the_kernels_boot_line_and_keys_are_hidden, broken [Bare, Naive], held Held::By(&[Hidden]), by || {
        Outcome::any(["/proc/cmdline", "/proc/keys", "/proc/key-users", "/proc/kmsg"].map(|path| Outcome::of(File::open(path))))
    };
    timers_and_locks_of_the_host_are_hidden, broken [Bare, Naive], held Held::By(&[Hidden]), by || {
        Outcome::any(["/proc/timer_list", "/proc/locks", "/proc/diskstats", "/proc/partitions"].map(|path| Outcome::of(File::open(path))))
    };
    devices_of_the_host_are_not_there, broken [Bare, Naive], held Held::By(&[Root]), by || {
        let harmless = ["null", "zero", "full", "random", "urandom", "tty", "console", "ptmx"];
        let devices = fs::read_dir("/dev").expect("devices").flatten().filter(|entry| {
            let is_device = entry.metadata().is_ok_and(|found| {
                found.file_type().is_block_device() || found.file_type().is_char_device()
            });
            is_device && !harmless.iter().any(|name| entry.file_name() == *name)
        });
        let devices: Vec<_> = devices.map(|entry| entry.file_name()).collect();
        Outcome::broke_out_if(!devices.is_empty(), devices)
    };
    terminals_of_the_host_are_not_there, broken [Bare, Naive], held Held::By(&[Terminals]), by || {
        let open = rustix::pty::openpt(rustix::pty::OpenptFlags::RDWR).expect("a terminal of our own");
        let name = rustix::pty::ptsname(&open, Vec::new()).expect("a name");
        let mount = fs::read_to_string("/proc/self/mountinfo").expect("mounts");
        let limited = mount.lines().any(|line| line.contains(" /dev/pts ") && line.contains("max=32"));
        Outcome::broke_out_if(!limited, name)
    };
    devices_cannot_be_made, broken [Bare], held Held::By(&[Calls, Rights]), by || {
        let made = mknodat(CWD, "memory", FileType::CharacterDevice, Mode::RUSR, makedev(1, 1));
        Outcome::of(made.map_err(Into::into).and_then(|()| fs::remove_file("memory")))
    };
    files_cannot_be_given_to_another_account, broken [Bare], held Held::By(&[Calls, Rights]), by || {
        fs::write("mine", "mine").expect("a file");
        Outcome::of(std::os::unix::fs::chown("mine", Some(12_345), None).or_else(|_| std::os::unix::fs::chown("mine", Some(0), None)))
    };
    no_mount_tells_where_the_server_or_another_box_is, broken [Bare, Naive], held Held::By(&[Root]), by || {
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("mounts");
        let points: Vec<&str> = mounts.lines().filter_map(|line| line.split(' ').nth(4)).collect();
        let strange = points.iter().any(|point| point.starts_with("/sys") || point.starts_with("/run"));
        let host_names = mounts.lines().any(|line| line.contains(&fact("HOST_FOLDER")));
        Outcome::broke_out_if(strange || host_names, mounts)
    };
}

/// Opens a file for writing and writes nothing.
fn write(path: &str) -> Outcome {
    Outcome::of(OpenOptions::new().write(true).open(path))
}

/// Makes a file in a folder that has no name and is gone at once.
fn unnamed_file(folder: &str) -> Outcome {
    Outcome::of(OpenOptions::new().write(true).custom_flags(libc::O_TMPFILE).open(folder))
}

fn links(folder: &str) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").flatten().filter_map(|entry| fs::read_link(entry.path()).ok()).collect()
}

/// The folders that can be written, without those inside them and without the processes' own.
fn writable_folders(folder: &Path, depth: u32) -> Vec<PathBuf> {
    if accessat(CWD, folder, Access::WRITE_OK, AtFlags::EACCESS).is_ok() {
        return vec![folder.to_owned()];
    }
    if depth == 0 || folder == Path::new("/proc") {
        return Vec::new();
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.flat_map(|entry| writable_folders(&entry.path(), depth - 1)).collect()
}
