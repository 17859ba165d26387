//! Other processes, the server's and everybody's, are out of reach.

use std::fs::{self, File, OpenOptions};
use std::process::{Child, Command};
use std::{env, io};

use rustix::process::{Pid, getpriority_process, setpriority_process, test_kill_process};
use sandbox::Wall::{Calls, Environment, Limits, Names, Processes, Rights, Root};

use crate::places::{fact, host_name};
use crate::promise::Held;
use crate::promise::Place::{Bare, Naive};
use crate::{Outcome, call};

promises! {
    processes_of_the_host_are_not_seen, broken [Bare], held Held::By(&[Processes]), by || Outcome::of(fs::metadata(of_the_host("stat")));
    processes_of_the_host_cannot_be_signalled, broken [Bare], held Held::By(&[Processes, Rights]), by || {
        let pid = Pid::from_raw(fact("HOST_PID").parse().expect("a number")).expect("a process");
        Outcome::of(test_kill_process(pid).map_err(io::Error::from))
    };
    environments_of_processes_of_the_host_cannot_be_read, broken [Bare], held Held::By(&[Processes, Rights]), by || Outcome::of(fs::read(of_the_host("environ")));
    open_files_of_processes_of_the_host_cannot_be_seen, broken [Bare], held Held::By(&[Processes, Rights]), by || Outcome::of(fs::read_dir(of_the_host("fd")));
    roots_of_processes_of_the_host_cannot_be_entered, broken [Bare], held Held::By(&[Processes, Rights]), by || Outcome::of(fs::read_dir(of_the_host("root")));
    memory_of_processes_of_the_host_cannot_be_opened, broken [Bare], held Held::By(&[Processes, Rights]), by || {
        Outcome::of(OpenOptions::new().read(true).write(true).open(of_the_host("mem")))
    };
    the_first_process_knows_nothing_and_may_nothing, broken [Bare], held Held::By(&[Processes, Rights]), by || {
        let environment = fs::read("/proc/1/environ").unwrap_or_default();
        let status = fs::read_to_string("/proc/1/status").expect("the first process");
        let filtered = status.contains("Seccomp:\t2") && status.contains("CapEff:\t0000000000000000");
        let root = fs::metadata("/proc/1/root/etc/shadow").is_ok();
        Outcome::broke_out_if(!environment.is_empty() || !filtered || root, status)
    };
    the_servers_environment_is_not_passed_on, broken [Bare, Naive], held Held::By(&[Environment]), by || {
        let of_the_server: Vec<_> = env::vars_os().filter(|(name, _)| {
            name.to_string_lossy().starts_with("CARGO") || name.to_string_lossy().starts_with("NEXTEST")
        }).collect();
        Outcome::broke_out_if(!of_the_server.is_empty(), of_the_server.len())
    };
    the_hosts_name_is_not_known, broken [Bare, Naive], held Held::By(&[Names]), by || {
        let name = host_name();
        Outcome::broke_out_if(name == fact("HOST_NAME"), name)
    };
    processes_cannot_be_traced, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || with_child(|child| {
        let seize = 0x4206;
        call(libc::SYS_ptrace, [seize, child, 0, 0, 0, 0])
    });
    memory_of_processes_cannot_be_copied, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || with_child(|child| {
        Outcome::any([libc::SYS_process_vm_readv, libc::SYS_process_vm_writev].map(|number| call(number, [child, 0, 0, 0, 0, 0])))
    });
    open_files_of_processes_cannot_be_taken, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([libc::SYS_pidfd_getfd, libc::SYS_process_madvise, libc::SYS_kcmp].map(|number| call(number, [usize::MAX, 0, 0, 0, 0, 0])))
    };
    nobody_is_scheduled_before_others, broken [Bare], held Held::By(&[Calls, Rights]), by || {
        let now = getpriority_process(None).expect("a priority");
        Outcome::of(setpriority_process(None, now - 5).map_err(io::Error::from))
    };
    nobody_is_scheduled_in_real_time, broken [Bare], held Held::Always("a group of processes has no real time unless it is given some"), by || {
        // SAFETY: the structure is plain numbers, and outlives the call.
        let answer = unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &libc::sched_param { sched_priority: 1 }) };
        Outcome::of(if answer == 0 { Ok(answer) } else { Err(io::Error::last_os_error()) })
    };
    no_core_is_dumped, broken [Bare], held Held::By(&[Calls, Limits]), by || {
        let most = rustix::process::getrlimit(rustix::process::Resource::Core).maximum;
        let raised = rustix::process::Rlimit { current: most, maximum: most };
        rustix::process::setrlimit(rustix::process::Resource::Core, raised).ok();
        let status = Command::new("sh").args(["-c", "kill -ABRT $$"]).status().expect("a shell");
        Outcome::broke_out_if(std::os::unix::process::ExitStatusExt::core_dumped(&status), status)
    };
    whether_cores_are_dumped_cannot_be_changed, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
        Outcome::of(rustix::process::setrlimit(rustix::process::Resource::Core, none).map_err(io::Error::from))
    };
    no_program_can_open_its_own_servers_files, broken [Bare, Naive], held Held::By(&[Root]), by || {
        Outcome::of(File::open(env::var("HOST_FOLDER").expect("a folder")))
    };
}

fn of_the_host(what: &str) -> String {
    format!("/proc/{}/{what}", fact("HOST_PID"))
}

/// Tries something with a process that sleeps.
fn with_child(attempt: impl FnOnce(usize) -> Outcome) -> Outcome {
    let mut child: Child = Command::new("sleep").arg("1000").spawn().expect("a child");
    let outcome = attempt(child.id() as usize);
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
    outcome
}
