//! What is asked of the engine for one box: everything that a program may and may not do, by name.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigCgroupnsModeEnum, HostConfigLogConfig, ResourcesUlimits,
};
use service::ports::Limits;

use crate::lodging::disk_bytes;

/// The label that says whose a box is.
pub(super) const OWNER: &str = "org.interviewlm.owner";
/// The account of every program.
pub(super) const ACCOUNT: &str = "1000:1000";
/// The first process of every box.
pub(super) const KEEPER: &str = include_str!("keeper.py");

/// How many processors a box may keep busy.
const PROCESSORS: i64 = 2;
/// An engine counts them in billionths.
const BILLIONTHS: i64 = 1_000_000_000;
/// How many files a process may have open.
const OPEN_FILES: i64 = 4096;
/// How many processes the account may have: an engine counts those of all boxes together, so the exact limit is the box's.
const ACCOUNT_PROCESSES: i64 = 16_384;
/// How much may wait in message queues.
const MESSAGES_BYTES: i64 = 800 << 10;
/// The folder for channels. Anybody may make one there, and nobody can list them. The image does not have it: an engine gives
/// a folder of the image the permissions that it has there.
pub(super) const CHANNELS: &str = "/run/interviewlm";
/// That folder, and one that an engine would make writable by itself: room for names only.
const SMALL_FOLDERS: [(&str, &str); 2] = [(CHANNELS, "1733"), ("/var/tmp", "0777")];
/// What the keeper and its answers need besides the candidate's programs.
const KEEPER_PROCESSES: u32 = 2;

/// The engine's ways that differ.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    /// The filter of system calls, as the engine takes it.
    pub(super) seccomp: String,
    /// A runtime with a kernel of its own, where the engine has one.
    pub(super) runtime: Option<String>,
    /// Whether the number of files on a disk can be limited.
    pub(super) counts_files: bool,
    /// How many processors its machine has: it refuses boxes that may use more.
    pub(super) processors: i64,
}

/// The container for a box from that image.
pub(super) fn container(ways: &Ways, image: &str, owner: &str, limits: Limits) -> ContainerCreateBody {
    let words = |words: &[&str]| Some(words.iter().map(ToString::to_string).collect());
    ContainerCreateBody {
        image: Some(image.into()),
        entrypoint: Some(Vec::new()),
        cmd: words(&["/usr/bin/python3", "-I", "-S", "-B", "-c", KEEPER]),
        hostname: Some("interview".into()),
        user: Some(ACCOUNT.into()),
        working_dir: Some("/workspace".into()),
        labels: Some(HashMap::from([(OWNER.into(), owner.into())])),
        open_stdin: Some(true),
        stdin_once: Some(true),
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        tty: Some(false),
        host_config: Some(host(ways, limits)),
        ..ContainerCreateBody::default()
    }
}

fn host(ways: &Ways, limits: Limits) -> HostConfig {
    let memory = signed(limits.memory_bytes);
    HostConfig {
        network_mode: Some("none".into()),
        ipc_mode: Some("private".into()),
        cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
        readonly_rootfs: Some(true),
        cap_drop: Some(vec!["ALL".into()]),
        security_opt: Some(vec!["no-new-privileges".into(), format!("seccomp={}", ways.seccomp)]),
        runtime: ways.runtime.clone(),
        memory: Some(memory),
        memory_swap: Some(memory),
        pids_limit: Some(i64::from(limits.processes + KEEPER_PROCESSES)),
        nano_cpus: Some(ways.processors.clamp(1, PROCESSORS) * BILLIONTHS),
        ulimits: Some(ulimits(limits)),
        shm_size: Some(signed(disk_bytes(limits) / 8)),
        tmpfs: Some(disks(ways, limits)),
        auto_remove: Some(true),
        log_config: Some(HostConfigLogConfig { typ: Some("none".into()), config: None }),
        ..HostConfig::default()
    }
}

fn ulimits(limits: Limits) -> Vec<ResourcesUlimits> {
    let all = [
        ("nofile", OPEN_FILES),
        ("nproc", ACCOUNT_PROCESSES),
        ("core", 0),
        ("msgqueue", MESSAGES_BYTES),
        ("fsize", signed(disk_bytes(limits))),
    ];
    all.map(|(name, most)| ResourcesUlimits { name: Some(name.into()), soft: Some(most), hard: Some(most) }).to_vec()
}

/// The box's disk, in parts: an engine makes one file system for each folder. Together they hold what a box may keep; the
/// last eighth is shared memory.
fn disks(ways: &Ways, limits: Limits) -> HashMap<String, String> {
    let disk = disk_bytes(limits);
    let parts = [("/workspace", 3, "0777"), ("/tmp", 3, "1777"), ("/home/candidate", 1, "0777")];
    let large = parts.map(|(folder, eighths, mode)| {
        let files = match ways.counts_files {
            true => format!(",nr_inodes={}", u64::from(limits.files) * eighths / 8),
            false => String::new(),
        };
        let size = disk * eighths / 8;
        (folder.to_owned(), format!("rw,exec,nosuid,nodev,mode={mode},size={size}{files}"))
    });
    let small = SMALL_FOLDERS
        .map(|(folder, mode)| (folder.to_owned(), format!("rw,noexec,nosuid,nodev,mode={mode},size=65536")));
    large.into_iter().chain(small).collect()
}

/// Refuses a container for which the engine says that it leaves a limit out: it makes it all the same, with a warning.
pub(super) fn heed(warnings: &[String]) -> Result<(), String> {
    let is_of_a_limit = |warning: &&String| {
        let warning = warning.to_lowercase();
        ["limit", "discard", "not support", "ignored"].iter().any(|word| warning.contains(word))
    };
    match warnings.iter().find(is_of_a_limit) {
        Some(warning) => Err(format!("the container engine does not keep what it was asked for: {}", warning.trim())),
        None => Ok(()),
    }
}

/// Compares the limits as a program finds them with those that were asked for; answers the first that is another. A runtime
/// with a kernel of its own keeps them outside, and need not show them.
pub(super) fn compare(measured: &str, limits: Limits, is_own_kernel: bool) -> Result<(), String> {
    let told = |wanted: &str| {
        let lines = measured.lines().filter_map(|line| line.split_once(' '));
        lines.filter(|(word, _)| *word == wanted).map(|(_, value)| value.trim().to_owned()).collect::<Vec<_>>()
    };
    let most = |word: &str, most: u64, is_needed: bool| {
        let values = told(word);
        match values.iter().map(|value| value.parse::<u64>()).sum::<Result<u64, _>>() {
            Ok(_) if values.is_empty() && is_needed && !is_own_kernel => Err(format!("nothing tells of {word}")),
            Ok(sum) if sum <= most => Ok(()),
            // "max" is no number.
            Ok(_) | Err(_) => Err(format!("{word} is {} instead of {most}", values.join(" and "))),
        }
    };
    most("memory", limits.memory_bytes, true)?;
    most("swap", 0, false)?;
    most("memory_and_swap", limits.memory_bytes, false)?;
    most("processes", u64::from(limits.processes + KEEPER_PROCESSES), true)?;
    most("disk", disk_bytes(limits), true)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways() -> Ways {
        Ways { seccomp: "profile".into(), runtime: Some("runsc".into()), counts_files: false, processors: 8 }
    }

    #[test]
    fn every_wall_is_asked_for() {
        let ways = ways();
        let body = container(&ways, "sha256:1", "engine-1", Limits::default());
        let host = body.host_config.expect("it has limits");
        assert_eq!(host.network_mode.as_deref(), Some("none"));
        assert_eq!(host.readonly_rootfs, Some(true));
        assert_eq!(host.cap_drop, Some(vec!["ALL".to_owned()]));
        assert_eq!(host.security_opt, Some(vec!["no-new-privileges".to_owned(), "seccomp=profile".to_owned()]));
        assert_eq!(host.memory, host.memory_swap);
        assert_eq!(host.runtime.as_deref(), Some("runsc"));
        assert_eq!(host.binds, None);
        assert_eq!(host.privileged, None);
        assert_eq!(host.devices, None);
    }

    #[test]
    fn the_disks_hold_together_what_a_box_may_keep() {
        let ways = ways();
        let limits = Limits { disk_bytes: 64 << 20, ..Limits::default() };
        let size = |options: &String| {
            options.split(',').find_map(|option| option.strip_prefix("size=")).and_then(|size| size.parse::<u64>().ok())
        };
        let large: u64 = disks(&ways, limits).values().filter_map(size).filter(|size| *size > 65_536).sum();
        assert_eq!(large + (64 << 20) / 8, 64 << 20);
    }

    #[test]
    fn a_warning_of_a_limit_is_heeded() {
        let said =
            "Your kernel does not support pids limit capabilities or the cgroup is not mounted. PIDs limit discarded.";
        assert!(heed(&[said.to_owned()]).expect_err("it is refused").contains("PIDs limit discarded"));
        assert_eq!(heed(&["the image's platform is another".to_owned()]), Ok(()));
    }

    #[test]
    fn a_limit_that_the_engine_does_not_keep_is_found() {
        let limits = Limits { memory_bytes: 1000, processes: 5, disk_bytes: 400, ..Limits::default() };
        let kept = "memory 1000\nswap 0\nprocesses 7\ndisk 300\ndisk 100\n";
        assert_eq!(compare(kept, limits, false), Ok(()));
        assert_eq!(compare("", limits, true), Ok(()));
        for (from, to, told) in [
            ("memory 1000", "memory max", "memory is max instead of 1000"),
            ("memory 1000", "", "nothing tells of memory"),
            ("swap 0", "swap 1", "swap is 1 instead of 0"),
            ("processes 7", "processes max", "processes is max instead of 7"),
            ("disk 100", "disk 101", "disk is 300 and 101 instead of 400"),
        ] {
            assert_eq!(compare(&kept.replace(from, to), limits, false), Err(told.to_owned()));
        }
    }

    #[test]
    fn a_box_has_two_processors_and_never_more_than_its_machine() {
        let billionths = |processors| host(&Ways { processors, ..ways() }, Limits::default()).nano_cpus;
        assert_eq!(billionths(64), Some(2_000_000_000));
        assert_eq!(billionths(1), Some(1_000_000_000));
    }
}
