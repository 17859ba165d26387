//! Which system calls a program in a box may make, as programs for the kernel's filter.
//!
//! A list of what is allowed, shorter than a container engine's usual one, on top of namespaces without capabilities. The
//! kernel's parts that interviews never need, and that strangers like best, do not exist in a box.

mod calls;
pub(crate) mod profile;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::os::fd::OwnedFd;

use rustix::fs::{MemfdFlags, memfd_create};
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use calls::{ALLOWED, REFUSED};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

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
const TERMINAL_TRICKS: [u64; 3] = [libc::TIOCSTI, libc::TIOCLINUX, libc::TIOCSETD];

/// What a process may pretend to be: itself, with or without 32 bits of addresses, and the question which.
const PERSONALITIES: [u64; 5] = [0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffff];

/// The low bits of a socket's type that say what it is; flags are above.
const SOCKET_TYPE: u64 = 0xf;

/// An old name of raw packets.
const SOCK_PACKET: libc::c_int = 10;

/// The filters of every box, ready to be handed to bubblewrap.
#[derive(Debug)]
pub(crate) struct Filters(Vec<Vec<u8>>);

impl Filters {
    /// Compiles them for this machine. The kernel asks all of them and takes the strictest answer; among refusals, the
    /// one of the last.
    pub(crate) fn compile() -> Result<Self, Error> {
        Ok(Self(vec![bytes(&allowances()?), bytes(&refusals()?), bytes(&absences()?)]))
    }

    /// Each filter in a file of its own in memory: bubblewrap reads a file to its end, so every start needs new ones.
    pub(crate) fn files(&self) -> io::Result<Vec<OwnedFd>> {
        self.0.iter().map(|filter| file(filter)).collect()
    }
}

/// What is let through. Everything else is answered as by a kernel that does not have it, so that programs try another
/// way; a program of another architecture is ended.
fn allowances() -> Result<BpfProgram, Error> {
    let rules = ALLOWED.concat().into_iter().map(|(_, call)| (call, Vec::new())).collect();
    program(rules, SeccompAction::Errno(libc::ENOSYS.unsigned_abs()), SeccompAction::Allow)
}

/// What is answered with "not permitted".
fn refusals() -> Result<BpfProgram, Error> {
    let mut rules: Rules = REFUSED.concat().into_iter().map(|(_, call)| (call, Vec::new())).collect();
    rules.insert(libc::SYS_clone, any_flag(&NAMESPACES)?);
    rules.insert(libc::SYS_ioctl, equal(1, TERMINAL_TRICKS)?);
    rules.insert(libc::SYS_socket, unusual_sockets()?);
    rules.insert(libc::SYS_socketpair, unusual_sockets()?);
    rules.insert(libc::SYS_personality, vec![unequal(0, PERSONALITIES)?]);
    rules.insert(libc::SYS_setrlimit, equal(0, [libc::RLIMIT_CORE.into()])?);
    rules.insert(libc::SYS_prlimit64, vec![core_limit()?]);
    program(rules, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM.unsigned_abs()))
}

/// What is answered as by an older kernel: `clone3` hides its flags from filters, and everybody falls back to `clone`.
fn absences() -> Result<BpfProgram, Error> {
    let rules = Rules::from([(libc::SYS_clone3, Vec::new())]);
    program(rules, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS.unsigned_abs()))
}

fn program(rules: Rules, otherwise: SeccompAction, matched: SeccompAction) -> Result<BpfProgram, Error> {
    let architecture = std::env::consts::ARCH.try_into()?;
    Ok(SeccompFilter::new(rules, otherwise, matched, architecture)?.try_into()?)
}

/// Sockets of unusual families and kinds reach parts of the kernel, and some the host itself, past the network namespace.
/// What stays: streams, datagrams and sequenced packets, local or over TCP and UDP.
fn unusual_sockets() -> Result<Vec<SeccompRule>, Error> {
    let families = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6].map(|family| family.unsigned_abs().into());
    let protocols = [0, libc::IPPROTO_TCP, libc::IPPROTO_UDP].map(|protocol| protocol.unsigned_abs().into());
    let kinds = [libc::SOCK_RAW, libc::SOCK_RDM, libc::SOCK_DCCP, SOCK_PACKET];
    let mut rules = vec![unequal(0, families)?, unequal(2, protocols)?];
    for kind in kinds {
        rules.push(rule(1, SeccompCmpOp::MaskedEq(SOCKET_TYPE), kind.unsigned_abs().into())?);
    }
    Ok(rules)
}

/// Changing the size of a core; reading it passes no new limit.
fn core_limit() -> Result<SeccompRule, Error> {
    let resource = condition(1, SeccompCmpOp::Eq, libc::RLIMIT_CORE.into())?;
    let new_limit = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0)?;
    Ok(SeccompRule::new(vec![resource, new_limit])?)
}

/// Matches any of these values.
fn equal<const N: usize>(argument: u8, values: [u64; N]) -> Result<Vec<SeccompRule>, Error> {
    values.into_iter().map(|value| rule(argument, SeccompCmpOp::Eq, value)).collect()
}

/// Matches all but these values.
fn unequal<const N: usize>(argument: u8, values: [u64; N]) -> Result<SeccompRule, Error> {
    let conditions: Result<_, _> =
        values.into_iter().map(|value| condition(argument, SeccompCmpOp::Ne, value)).collect();
    Ok(SeccompRule::new(conditions?)?)
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

    #[test]
    fn nothing_is_both_allowed_and_refused() {
        let refused = REFUSED.concat();
        let both: Vec<_> = ALLOWED.concat().into_iter().filter(|call| refused.contains(call)).collect();
        assert_eq!(both, []);
    }
}
