//! The kernel's mounts: making them, undoing them, and finding those below a folder.
//!
//! [`mount`] and [`unmount`] are system calls and nothing else, so that a process between `fork` and `exec` may make them.

use std::ffi::{CStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::ptr;

/// Mounts something.
pub(crate) fn mount(
    source: Option<&CStr>,
    target: &CStr,
    kind: Option<&CStr>,
    flags: libc::c_ulong,
    options: Option<&CStr>,
) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
    // SAFETY: every pointer is null or a text that ends with a zero and outlives the call.
    check(unsafe { libc::mount(pointer(source), target.as_ptr(), pointer(kind), flags, pointer(options).cast()) })
}

/// Takes a mount away from its place at once; the kernel forgets it when nobody uses it any more.
pub(crate) fn unmount(target: &CStr) -> io::Result<()> {
    // SAFETY: the pointer is a text that ends with a zero and outlives the call.
    check(unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH | libc::UMOUNT_NOFOLLOW) })
}

/// The answer of a system call that says -1 for an error.
pub(crate) fn check(outcome: libc::c_int) -> io::Result<()> {
    if outcome == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Where something is mounted at a folder or below it, the last mounted first.
pub(crate) fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mountinfo = fs::read_to_string("/proc/self/mountinfo")?;
    Ok(points(&mountinfo).filter(|point| point.starts_with(folder)).collect())
}

fn points(mountinfo: &str) -> impl Iterator<Item = PathBuf> {
    mountinfo.lines().rev().filter_map(|line| line.split(' ').nth(4)).map(unescaped)
}

/// The kernel writes what would end a field as a backslash and three octal digits.
fn unescaped(field: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..3).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        match (first, code) {
            (b'\\', Some(byte)) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_found_by_their_place_the_last_first() {
        let mountinfo = "\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
90 27 0:60 / /var/lib/boxes/7-ab/box-0 rw,nosuid - tmpfs interviewlm rw
91 27 0:61 / /var/lib/a\\040folder\\134 rw - tmpfs interviewlm rw";
        let expected = ["/var/lib/a folder\\", "/var/lib/boxes/7-ab/box-0", "/"].map(PathBuf::from);
        assert_eq!(points(mountinfo).collect::<Vec<_>>(), expected);
    }
}
