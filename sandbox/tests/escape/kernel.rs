//! The parts of the kernel that no program in a box reaches.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd as _;
use std::ptr;

use sandbox::Wall::{Calls, Rights};

use crate::promise::Held;
use crate::promise::Place::{Bare, Naive};
use crate::{Outcome, call};

/// A terminal's request in the half of the argument that the kernel does not look at, beside it.
const ABOVE: u64 = 0x1234_5678 << 32;

promises! {
    there_are_no_capabilities, broken [Bare, Naive], held Held::By(&[Rights]), by || {
        let held = status(&["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]);
        Outcome::broke_out_if(held.iter().any(|set| set.chars().any(|digit| digit != '0')), held)
    };
    nothing_gives_new_privileges, broken [Bare], held Held::Always("bubblewrap itself sees to it"), by || {
        let held = status(&["NoNewPrivs"]);
        Outcome::broke_out_if(held != ["1"], held)
    };
    system_calls_are_filtered, broken [Bare, Naive], held Held::By(&[Calls]), by || {
        let held = status(&["Seccomp"]);
        Outcome::broke_out_if(held != ["2"], held)
    };
    programs_that_become_root_are_dead, broken [Bare], held Held::Always("bubblewrap mounts nothing with them alive"), by || {
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("mounts");
        let options = mounts.lines().filter_map(|line| line.split(' ').nth(5));
        let alive = options.filter(|options| !options.contains("nosuid")).count();
        Outcome::broke_out_if(alive > 0, alive)
    };
    no_user_namespace_can_be_made, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        call(libc::SYS_unshare, [libc::CLONE_NEWUSER as usize, 0, 0, 0, 0, 0])
    };
    no_namespace_of_any_kind_can_be_made, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let kinds = [libc::CLONE_NEWNS, libc::CLONE_NEWPID, libc::CLONE_NEWNET, libc::CLONE_NEWIPC, libc::CLONE_NEWUTS];
        Outcome::any(kinds.map(|kind| call(libc::SYS_unshare, [kind as usize, 0, 0, 0, 0, 0])))
    };
    no_process_can_be_made_in_a_namespace_of_its_own, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || clone(libc::CLONE_NEWUSER);
    clone3_hides_its_flags_and_does_not_exist, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        call(libc::SYS_clone3, [0; 6])
    };
    no_other_namespace_can_be_joined, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let namespace = File::open("/proc/self/ns/uts").expect("our own");
        call(libc::SYS_setns, [namespace.as_raw_fd().unsigned_abs() as usize, 0, 0, 0, 0, 0])
    };
    nothing_can_be_mounted, broken [Naive], held Held::By(&[Calls, Rights]), by || {
        let (source, target) = (c"none".as_ptr() as usize, c".".as_ptr() as usize);
        call(libc::SYS_mount, [source, target, c"tmpfs".as_ptr() as usize, 0, 0, 0])
    };
    nothing_can_be_mounted_the_new_way, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let opened = call(libc::SYS_fsopen, [c"tmpfs".as_ptr() as usize, 0, 0, 0, 0, 0]);
        Outcome::any([opened, call(libc::SYS_open_tree, [usize::MAX, c"/".as_ptr() as usize, 1, 0, 0, 0])])
    };
    mounts_cannot_be_changed_or_undone, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let here = c"/nowhere".as_ptr() as usize;
        Outcome::any([libc::SYS_umount2, libc::SYS_move_mount, libc::SYS_mount_setattr].map(|number| call(number, [here, 0, 0, 0, 0, 0])))
    };
    the_root_cannot_be_changed, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([libc::SYS_chroot, libc::SYS_pivot_root].map(|number| call(number, [c"/nowhere".as_ptr() as usize, 0, 0, 0, 0, 0])))
    };
    files_cannot_be_opened_without_a_path, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([libc::SYS_open_by_handle_at, libc::SYS_name_to_handle_at].map(|number| call(number, [usize::MAX, 0, 0, 0, 0, 0])))
    };
    keys_cannot_be_listed, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || call(libc::SYS_keyctl, [0, usize::MAX - 2, 0, 0, 0, 0]);
    keys_cannot_be_added, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || call(libc::SYS_add_key, [0; 6]);
    keys_cannot_be_requested, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || call(libc::SYS_request_key, [0; 6]);
    nothing_can_be_loaded_into_the_kernel, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let calls = [libc::SYS_finit_module, libc::SYS_init_module, libc::SYS_delete_module, libc::SYS_bpf];
        Outcome::any(calls.map(|number| call(number, [usize::MAX, 0, 0, 0, 0, 0])))
    };
    the_processor_cannot_be_measured, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || call(libc::SYS_perf_event_open, [0; 6]);
    page_faults_cannot_be_held_back, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || call(libc::SYS_userfaultfd, [0xffff, 0, 0, 0, 0, 0]);
    rings_to_the_kernel_cannot_be_made, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let calls = [libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];
        Outcome::any(calls.map(|number| call(number, [usize::MAX, 0, 0, 0, 0, 0])))
    };
    the_hosts_few_places_for_waiting_writes_cannot_be_taken, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let mut context = 0_usize;
        call(libc::SYS_io_setup, [1, ptr::from_mut(&mut context) as usize, 0, 0, 0, 0])
    };
    pages_cannot_be_given_away, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || call(libc::SYS_vmsplice, [usize::MAX, 0, 0, 0, 0, 0]);
    the_file_systems_cannot_be_overheard, broken [Bare], held Held::By(&[Calls, Rights]), by || call(libc::SYS_fanotify_init, [usize::MAX, 0, 0, 0, 0, 0]);
    the_machine_cannot_be_restarted, broken [Bare], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([call(libc::SYS_kexec_load, [0, 0, 0, usize::MAX, 0, 0]), call(libc::SYS_reboot, [0; 6])])
    };
    the_hosts_disks_cannot_be_made_to_work, broken [Bare, Naive], held Held::By(&[Calls]), by || {
        Outcome::any([call(libc::SYS_sync, [0; 6]), call(libc::SYS_syncfs, [usize::MAX, 0, 0, 0, 0, 0])])
    };
    swap_cannot_be_changed, broken [Bare], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([libc::SYS_swapon, libc::SYS_swapoff].map(|number| call(number, [c"/nowhere".as_ptr() as usize, 0, 0, 0, 0, 0])))
    };
    the_clock_cannot_be_set, broken [Bare], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([libc::SYS_clock_settime, libc::SYS_adjtimex].map(|number| call(number, [0; 6])))
    };
    the_kernels_messages_cannot_be_read, broken [Bare], held Held::By(&[Calls, Rights]), by || call(libc::SYS_syslog, [10, 0, 0, 0, 0, 0]);
    accounting_and_quotas_cannot_be_changed, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let nowhere = c"/nowhere".as_ptr() as usize;
        Outcome::any([call(libc::SYS_quotactl, [0, nowhere, 0, 0, 0, 0]), call(libc::SYS_acct, [nowhere, 0, 0, 0, 0, 0])])
    };
    memory_cannot_be_moved_between_nodes, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([libc::SYS_mbind, libc::SYS_migrate_pages, libc::SYS_set_mempolicy].map(|number| call(number, [0, 0, usize::MAX, 0, 0, 0])))
    };
    addresses_stay_random, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        call(libc::SYS_personality, [libc::ADDR_NO_RANDOMIZE.unsigned_abs() as usize, 0, 0, 0, 0, 0])
    };
    nothing_can_be_typed_into_a_terminal, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || ioctl(libc::TIOCSTI);
    nothing_can_be_typed_by_a_number_with_more_bits, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || ioctl(ABOVE | libc::TIOCSTI);
    nothing_can_be_pasted_into_a_console, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || ioctl(libc::TIOCLINUX);
    nothing_can_be_pasted_by_a_number_with_more_bits, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || ioctl(ABOVE | libc::TIOCLINUX);
    a_terminal_keeps_its_discipline, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || ioctl(libc::TIOCSETD);
    calls_that_nobody_knows_do_not_exist, broken [], held Held::Always("this kernel does not have them either"), by || {
        Outcome::any((470..600).map(|number| call(number, [0; 6])))
    };
}

#[cfg(target_arch = "x86_64")]
promises! {
    // Most kernels do not have them at all: there, nothing breaks out of anything.
    calls_of_the_x32_kind_do_not_exist, broken [], held Held::Always("this kernel does not have them either"), by || {
        Outcome::any([libc::SYS_getpid, libc::SYS_ptrace, 520].map(|number| call(number | 0x4000_0000, [0; 6])))
    };
    calls_of_32_bits_end_the_program, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        let answer: i32;
        // SAFETY: the older call of the number 20 asks for the process's id; it reads and writes no memory.
        unsafe { std::arch::asm!("int 0x80", inlateout("eax") 20 => answer, options(nostack)) };
        Outcome::BrokeOut(format!("it answered {answer}"))
    };
    segments_and_ports_of_the_machine_cannot_be_used, broken [Bare, Naive], held Held::By(&[Calls, Rights]), by || {
        Outcome::any([libc::SYS_iopl, libc::SYS_ioperm, libc::SYS_modify_ldt].map(|number| call(number, [0; 6])))
    };
}

fn ioctl(request: u64) -> Outcome {
    let request = usize::try_from(request).expect("a request fits");
    call(libc::SYS_ioctl, [0, request, c"x".as_ptr() as usize, 0, 0, 0])
}

/// Makes a process with these flags, which ends at once.
fn clone(flags: libc::c_int) -> Outcome {
    // SAFETY: without a stack of its own the child goes on with a copy of ours, as after `fork`, and ends.
    let child = unsafe { libc::syscall(libc::SYS_clone, flags | libc::SIGCHLD, 0, 0, 0, 0) };
    match child {
        -1 => Outcome::Held(io::Error::last_os_error().to_string()),
        // SAFETY: the child ends without touching anything.
        0 => unsafe { libc::_exit(0) },
        child => Outcome::BrokeOut(format!("process {child}")),
    }
}

/// What the kernel says about this process.
fn status(names: &[&str]) -> Vec<String> {
    let status = fs::read_to_string("/proc/self/status").expect("our own");
    let value = |name: &&str| {
        let line = status.lines().find_map(|line| line.strip_prefix(*name)?.strip_prefix(':'));
        line.expect("the kernel tells").trim().to_owned()
    };
    names.iter().map(value).collect()
}
