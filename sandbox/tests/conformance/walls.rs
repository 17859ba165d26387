//! The walls that every engine must have.

use crate::Bench;
use crate::support::output;

pub(crate) async fn there_is_no_network(bench: &Bench) {
    let jail = bench.start().await;
    let tries = "ls /sys/class/net 2>/dev/null | grep -v '^lo$'
        for place in 127.0.0.1/22 169.254.169.254/80 10.0.0.1/80; do
            timeout 2 bash -c \"exec 9<>/dev/tcp/$place\" 2>/dev/null && echo reached $place
        done; echo over";
    assert_eq!(output(&jail, tries).await, "over\n");
}

pub(crate) async fn only_its_own_folders_can_be_written(bench: &Bench) {
    let jail = bench.start().await;
    let tries = "for place in / /etc /usr /usr/bin /opt /var /proc/sys/kernel /sys/fs/cgroup /dev /bin; do
            touch $place/x 2>/dev/null && echo wrote $place
        done
        for place in /workspace /tmp ~ /dev/shm; do touch $place/x || echo cannot write $place; done; echo over";
    assert_eq!(output(&jail, tries).await, "over\n");
}

pub(crate) async fn there_are_no_rights_and_no_way_to_get_any(bench: &Bench) {
    let jail = bench.start().await;
    let state = "id -u; grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status | tr '\\t' ' '
        cp /usr/bin/id mine; chmod u+s mine; ulimit -c
        unshare -U true 2>/dev/null && echo a user namespace; ls -d /root/.[a-z]* /home/[!c]* 2>/dev/null; echo over";
    let none = "0000000000000000";
    let expected = format!(
        "1000\nCapInh: {none}\nCapPrm: {none}\nCapEff: {none}\nCapBnd: {none}\nCapAmb: {none}\nNoNewPrivs: 1\nSeccomp: 2\n"
    );
    let found = output(&jail, state).await;
    let rest = found.strip_prefix(&expected).unwrap_or_else(|| panic!("{found}"));
    assert!(
        ["0\nover\n", "1\nover\n"].contains(&rest) || rest.ends_with("over\n") && rest.lines().count() == 2,
        "{rest}"
    );
}

pub(crate) async fn the_kernel_refuses_what_no_interview_needs(bench: &Bench) {
    let jail = bench.start().await;
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    // Numbers of x86_64; with arguments that would be wrong but for the filter, "not permitted" comes first.
    let tries = "exec python3 -c \"
import ctypes, errno, fcntl, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def refused(number, *arguments):
    libc.syscall(number, *arguments)
    return errno.errorcode[ctypes.get_errno()]
print(refused(101, 0, 0, 0, 0), refused(321, 99, 0, 0), refused(425, 0, 0), refused(323, 0), refused(298, 0, 0, 0, 0, 0))
print(refused(248, 0, 0, 0, 0, 0), refused(250, 99, 0, 0, 0, 0), refused(165, 0, 0, 0, 0, 0), refused(272, 0x10000000))
print(refused(56, 0x10000000, 0, 0, 0, 0), refused(435, 0, 0), refused(9999))
for family, kind, protocol in [(16, 3, 0), (17, 3, 0), (40, 1, 0), (2, 3, 1), (2, 1, 132)]:
    try:
        socket.socket(family, kind, protocol).close(); print('made')
    except PermissionError: print('EPERM')
    except OSError as error: print(errno.errorcode[error.errno])
for family in (1, 2, 10): socket.socket(family, 1).close()
a, b = os.openpty()
for request in (0x5412, 0x541C, 0x100005412):
    libc.ioctl(b, ctypes.c_ulong(request), b'x'); print(errno.errorcode[ctypes.get_errno()])
print(fcntl.ioctl(b, 0x5413, bytes(8)) is not None)
\"";
    let found = output(&jail, tries).await;
    let words: Vec<&str> = found.split_whitespace().collect();
    let (refusals, rest) = words.split_at(words.len().saturating_sub(1));
    assert_eq!(rest, ["True"], "{found}");
    assert!(refusals.iter().all(|word| ["EPERM", "ENOSYS"].contains(word)), "{found}");
    assert_eq!(refusals.len(), 12 + 5 + 3, "{found}");
}
