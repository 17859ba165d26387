//! The same rules in the words of a container engine: its profile names what is allowed, call by call.
//!
//! Such a profile cannot say "all but these values of an argument", so that is spelled out in bits: for every bit in which a
//! value may first differ from the forbidden ones, a rule of its own. Bits above the lower half are not looked at, by the
//! kernel neither.

use serde_json::{Value, json};

use super::calls::{ALLOWED, Call, REFUSED};
use super::{NAMESPACES, PERSONALITIES, SOCKET_TYPE, TERMINAL_TRICKS};

/// All bits of an argument that the kernel looks at.
const ALL: u64 = 0xffff_ffff;
/// Calls whose arguments decide; the others are allowed as they are.
const DECIDED_BY_ARGUMENTS: [&str; 7] =
    ["clone", "ioctl", "socket", "socketpair", "personality", "setrlimit", "prlimit64"];
/// The call that hides its flags.
const HIDDEN_FLAGS: &str = "clone3";

/// One condition: these bits of the argument are exactly so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bits {
    argument: u8,
    mask: u64,
    value: u64,
}

/// The profile for this machine.
pub(crate) fn docker() -> String {
    let plain: Vec<&str> = names(ALLOWED)
        .into_iter()
        .filter(|name| *name != HIDDEN_FLAGS && !DECIDED_BY_ARGUMENTS.contains(name))
        .collect();
    let mut rules = vec![
        json!({ "names": plain, "action": "SCMP_ACT_ALLOW" }),
        json!({ "names": names(REFUSED), "action": "SCMP_ACT_ERRNO", "errnoRet": libc::EPERM }),
        json!({ "names": [HIDDEN_FLAGS], "action": "SCMP_ACT_ERRNO", "errnoRet": libc::ENOSYS }),
    ];
    let namespaces = NAMESPACES.iter().fold(0, |all, flag| all | u64::from(flag.unsigned_abs()));
    rules.push(allow("clone", &[Bits { argument: 0, mask: namespaces, value: 0 }]));
    rules.extend(all_but(1, &TERMINAL_TRICKS).map(|bits| allow("ioctl", &[bits])));
    for socket in usual_sockets() {
        rules.push(allow("socket", &socket));
        rules.push(allow("socketpair", &socket));
    }
    rules.extend(PERSONALITIES.iter().map(|&value| allow("personality", &[Bits { argument: 0, mask: ALL, value }])));
    let core = u64::from(libc::RLIMIT_CORE);
    rules.extend(all_but(0, &[core]).map(|bits| allow("setrlimit", &[bits])));
    rules.extend(all_but(1, &[core]).map(|bits| allow("prlimit64", &[bits])));
    let no_new_limit = Bits { argument: 2, mask: u64::MAX, value: 0 };
    rules.push(allow("prlimit64", &[Bits { argument: 1, mask: ALL, value: core }, no_new_limit]));
    json!({
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": libc::ENOSYS,
        "architectures": [architecture()],
        "syscalls": rules,
    })
    .to_string()
}

/// The kernel's names, as a profile writes them.
fn names(calls: &[&'static [Call]]) -> Vec<&'static str> {
    calls.concat().into_iter().map(|(name, _)| name.strip_prefix("SYS_").unwrap_or(name)).collect()
}

fn architecture() -> &'static str {
    if cfg!(target_arch = "x86_64") { "SCMP_ARCH_X86_64" } else { "SCMP_ARCH_AARCH64" }
}

fn allow(name: &str, conditions: &[Bits]) -> Value {
    let args: Vec<Value> = conditions
        .iter()
        .map(|bits| json!({ "index": bits.argument, "value": bits.mask, "valueTwo": bits.value, "op": "SCMP_CMP_MASKED_EQ" }))
        .collect();
    json!({ "names": [name], "action": "SCMP_ACT_ALLOW", "args": args })
}

/// Streams, datagrams and sequenced packets, local or over TCP and UDP.
fn usual_sockets() -> Vec<[Bits; 3]> {
    let families = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6];
    let kinds = [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET];
    let protocols = [0, libc::IPPROTO_TCP, libc::IPPROTO_UDP];
    let mut usual = Vec::new();
    for family in families {
        for kind in kinds {
            for protocol in protocols {
                usual.push([
                    Bits { argument: 0, mask: ALL, value: family.unsigned_abs().into() },
                    Bits { argument: 1, mask: SOCKET_TYPE, value: kind.unsigned_abs().into() },
                    Bits { argument: 2, mask: ALL, value: protocol.unsigned_abs().into() },
                ]);
            }
        }
    }
    usual
}

/// Every value but these: for each beginning that a forbidden value has, the next bit turned, unless another has it so.
fn all_but(argument: u8, forbidden: &[u64]) -> impl Iterator<Item = Bits> + use<> {
    let mut found: Vec<Bits> = Vec::new();
    for value in forbidden {
        for bit in 0..u32::BITS {
            let mask = (ALL >> bit) << bit;
            let turned = Bits { argument, mask, value: (value ^ (1 << bit)) & mask };
            let is_forbidden = forbidden.iter().any(|other| other & mask == turned.value);
            if !is_forbidden && !found.contains(&turned) {
                found.push(turned);
            }
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_allowed(rules: &[Bits], value: u64) -> bool {
        rules.iter().any(|bits| value & bits.mask == bits.value)
    }

    #[test]
    fn all_but_some_values_is_exactly_that() {
        let rules: Vec<Bits> = all_but(1, &TERMINAL_TRICKS).collect();
        for value in (0..0x1_0000).chain([0xffff_ffff, 0x8000_5412, 1 << 31]) {
            assert_eq!(is_allowed(&rules, value), !TERMINAL_TRICKS.contains(&value), "{value:#x}");
        }
        assert!(!is_allowed(&rules, TERMINAL_TRICKS[0] | 1 << 40), "the kernel does not look there, and neither do we");
    }

    #[test]
    fn every_call_with_conditions_is_one_that_boxes_may_make() {
        let allowed = names(ALLOWED);
        assert!(DECIDED_BY_ARGUMENTS.iter().all(|name| allowed.contains(name)));
    }

    #[test]
    fn a_profile_refuses_what_it_does_not_name() {
        let profile: Value = serde_json::from_str(&docker()).expect("it is JSON");
        assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
        let text = profile["syscalls"].to_string();
        for name in ["ptrace", "bpf", "io_uring_setup", "keyctl", "mount", "unshare"] {
            let rule = profile["syscalls"]
                .as_array()
                .expect("rules")
                .iter()
                .find(|rule| rule["names"].as_array().is_some_and(|names| names.iter().any(|found| found == name)));
            assert_eq!(rule.expect("it is named")["action"], "SCMP_ACT_ERRNO", "{name}");
        }
        assert!(!text.contains("SYS_"));
    }
}
