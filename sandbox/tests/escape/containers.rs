//! The same attempts in a container: what keeps a stranger in a box of this machine keeps one in an engine's as well.
//!
//! Attempts at resources are left out, because each has limits of its own; what an engine limits is asked in
//! `tests/conformance/limits.rs`.

use std::fs;
use std::process::Command;

use sandbox::Docker;
use service::ports::{Exit, Limits, Sandbox as _};

use crate::places::{Host, arguments, program, stranger, told};
use crate::podman_service::Podman;
use crate::promise::has_held;
use crate::resources::usual;
use crate::soon;

/// Where the container has this program: in its memory, since an engine lends nothing.
const STRANGER: &str = "/tmp/escape";

/// What differs in a container, and why that gives nothing away.
const DIFFERENT: [(&str, &str); 12] = [
    ("files::control_groups_are_not_there", "they are the box's own, and read-only"),
    ("files::homes_of_the_host_are_not_there", "folders of these names are the image's"),
    (
        "files::no_mount_tells_where_the_server_or_another_box_is",
        "the engine's own folders are told of, the server's are not",
    ),
    ("files::only_the_boxs_own_folders_can_be_written", "the others hold names, 64 KiB at most, or message queues"),
    ("files::terminals_of_the_host_are_not_there", "they are the box's own, as many as the kernel has"),
    ("files::the_kernels_boot_line_and_keys_are_hidden", "the engine hides what it thinks right"),
    (
        "files::the_kernels_memory_and_symbols_are_hidden",
        "the engine hides what it thinks right; addresses are not told",
    ),
    ("files::the_kernels_objects_are_not_there", "they are read-only"),
    ("files::timers_and_locks_of_the_host_are_hidden", "what is hidden can be opened and is empty"),
    ("kernel::calls_of_the_x32_kind_do_not_exist", "they end the thread that makes them"),
    ("kernel::programs_that_become_root_are_dead", "they are alive, and nothing gives new privileges"),
    ("processes::the_servers_environment_is_not_passed_on", "the variables of these names are the image's"),
];
/// A call that ends its thread leaves the program waiting for it.
const IDLE: Limits = Limits { idle_millis: 3_000, ..usual() };

/// The promises of this program that are about what a program can reach.
fn promises() -> Vec<String> {
    let listed = Command::new(stranger()).args(["--list", "--format", "terse"]).output().expect("it lists its tests");
    let listed = String::from_utf8(listed.stdout).expect("names are text");
    let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
    let about = ["network::", "files::", "processes::", "kernel::"];
    names.filter(|name| about.iter().any(|module| name.starts_with(module))).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_holds_in_a_box_holds_in_a_container() {
    let Some(podman) = Podman::start() else { return };
    let host = Host::new();
    let docker = Docker::new(podman.settings(host.path().join("containers")));
    let jail = soon(docker.start(IDLE)).await.expect("a box");
    let mut bring = program(["sh", "-c", "cat > /tmp/escape && chmod +x /tmp/escape"]);
    bring.stdin = stripped(&host);
    assert_eq!(soon(jail.run(bring)).await.expect("it runs").exit, Exit::Status(0));

    let names = promises();
    assert!(names.len() > 80, "{names:?}");
    let mut faults = Vec::new();
    for name in names {
        let mut tried = program([STRANGER].into_iter().chain(arguments(&name)));
        tried.env = host.facts();
        let ran = soon(jail.run(tried)).await.expect("the box itself is fine");
        let said = told(&ran);
        let is_different = DIFFERENT.iter().any(|(different, _)| *different == name);
        if has_held(&name, &said) == is_different {
            faults.push(format!("{name} (different: {is_different}): {said}"));
        }
    }
    soon(jail.stop()).await;
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// This program without what only a debugger needs.
fn stripped(host: &Host) -> Vec<u8> {
    let small = host.path().join("escape");
    let done = Command::new("strip").arg("-o").arg(&small).arg(stranger()).status().expect("strip, of the binutils");
    assert!(done.success());
    fs::read(small).expect("it is there")
}
