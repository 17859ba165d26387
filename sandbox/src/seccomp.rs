//! The system calls that no box may make, as programs for the kernel's filter.
//!
//! A list of what is refused, on top of namespaces without capabilities: it takes away the parts of the kernel that
//! interviews never need and that strangers like best. Everything else stays possible.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::os::fd::OwnedFd;

use rustix::fs::{MemfdFlags, memfd_create};
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

/// Calls with the bit of the x32 way of calling are the same calls.
#[cfg(target_arch = "x86_64")]
const ALIASES: [i64; 2] = [0, 0x4000_0000];
#[cfg(not(target_arch = "x86_64"))]
const ALIASES: [i64; 1] = [0];

/// Refused whatever their arguments are.
const REFUSED: &[i64] = &[
    // Other processes' insides.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    // Keys.
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // Programs inside the kernel, and machinery often used to break it.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_vmsplice,
    libc::SYS_fanotify_init,
    // Mounts and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_setns,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    // The machine.
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    libc::SYS_nfsservctl,
    libc::SYS_lookup_dcookie,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_kexec_file_load,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_uselib,
    #[cfg(target_arch = "x86_64")]
    libc::SYS__sysctl,
];

/// Every flag of `clone` and `unshare` that makes a namespace.
const NAMESPACES: [libc::c_int; 7] = [
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWCGROUP,
];

/// Requests to a terminal that type for its user, paste into a console, or load another discipline.
const TERMINAL_TRICKS: [libc::Ioctl; 3] = [libc::TIOCSTI, libc::TIOCLINUX, libc::TIOCSETD];

/// The filters of every box, ready to be handed to bubblewrap.
#[derive(Debug)]
pub(crate) struct Filters(Vec<Vec<u8>>);

impl Filters {
    /// Compiles them for this machine.
    pub(crate) fn compile() -> Result<Self, Error> {
        Ok(Self(vec![bytes(&refusals()?), bytes(&absences()?)]))
    }

    /// Each filter in a file of its own in memory: bubblewrap reads a file to its end, so every start needs new ones.
    pub(crate) fn files(&self) -> io::Result<Vec<OwnedFd>> {
        self.0.iter().map(|filter| file(filter)).collect()
    }
}

/// What is answered with "not permitted".
fn refusals() -> Result<BpfProgram, Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for call in REFUSED {
        refuse(&mut rules, *call, Vec::new());
    }
    refuse(&mut rules, libc::SYS_clone, any_flag(&NAMESPACES)?);
    refuse(&mut rules, libc::SYS_unshare, any_flag(&NAMESPACES)?);
    let tricks: Result<Vec<_>, Error> =
        TERMINAL_TRICKS.iter().map(|request| rule(1, SeccompCmpOp::Eq, *request)).collect();
    refuse(&mut rules, libc::SYS_ioctl, tricks?);
    refuse(&mut rules, libc::SYS_socket, other_families()?);
    refuse(&mut rules, libc::SYS_socketpair, other_families()?);
    program(rules, libc::EPERM)
}

/// What is answered as by an older kernel: `clone3` hides its flags from filters, and everybody falls back to `clone`.
fn absences() -> Result<BpfProgram, Error> {
    let mut rules = BTreeMap::new();
    refuse(&mut rules, libc::SYS_clone3, Vec::new());
    program(rules, libc::ENOSYS)
}

fn program(rules: BTreeMap<i64, Vec<SeccompRule>>, errno: libc::c_int) -> Result<BpfProgram, Error> {
    let refusal = SeccompAction::Errno(errno.unsigned_abs());
    let architecture = std::env::consts::ARCH.try_into()?;
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, refusal, architecture)?.try_into()?)
}

fn refuse(rules: &mut BTreeMap<i64, Vec<SeccompRule>>, call: i64, when: Vec<SeccompRule>) {
    for alias in ALIASES {
        rules.insert(call | alias, when.clone());
    }
}

/// Sockets of the unusual families reach parts of the kernel, and some the host itself, past the network namespace.
/// What stays: local, IPv4, IPv6 and netlink, which address look-ups use.
fn other_families() -> Result<Vec<SeccompRule>, Error> {
    let between = |low: i32, high: i32| {
        SeccompRule::new(vec![
            condition(0, SeccompCmpOp::Gt, low.unsigned_abs().into())?,
            condition(0, SeccompCmpOp::Lt, high.unsigned_abs().into())?,
        ])
    };
    Ok(vec![
        between(libc::AF_INET, libc::AF_INET6)?,
        between(libc::AF_INET6, libc::AF_NETLINK)?,
        rule(0, SeccompCmpOp::Gt, libc::AF_NETLINK.unsigned_abs().into())?,
    ])
}

fn any_flag(flags: &[libc::c_int]) -> Result<Vec<SeccompRule>, Error> {
    flags
        .iter()
        .map(|flag| {
            let flag = u64::from(flag.unsigned_abs());
            rule(0, SeccompCmpOp::MaskedEq(flag), flag)
        })
        .collect()
}

fn rule(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, Error> {
    Ok(SeccompRule::new(vec![condition(argument, operator, value)?])?)
}

/// The kernel looks at the lower half of these arguments only, and so do we.
fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
}

fn bytes(program: &BpfProgram) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(program.len() * 8);
    for step in program {
        bytes.extend_from_slice(&step.code.to_ne_bytes());
        bytes.extend_from_slice(&[step.jt, step.jf]);
        bytes.extend_from_slice(&step.k.to_ne_bytes());
    }
    bytes
}

fn file(filter: &[u8]) -> io::Result<OwnedFd> {
    let mut file = File::from(memfd_create("filter", MemfdFlags::CLOEXEC)?);
    file.write_all(filter)?;
    file.rewind()?;
    Ok(file.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_fit_into_the_kernel() {
        let filters = Filters::compile().expect("they compile");
        for filter in &filters.0 {
            assert!(filter.len() / 8 < 4096, "{} steps", filter.len() / 8);
        }
    }
}
