//! The system calls that a program in a box may make, and those that are refused by name.
//!
//! What is allowed is less than a container engine's usual profile allows to a container without capabilities: whatever
//! that refuses is not in here, and neither is what nobody needs for an interview. A call in no list does not exist.

/// Names of the `libc` crate as pairs of the kernel's name and number.
macro_rules! calls {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name)),*] };
}

/// A system call's name as `SYS_read`, and its number.
pub(crate) type Call = (&'static str, i64);

/// Allowed on every architecture.
pub(super) const ALLOWED: &[&[Call]] =
    &[FILES, NAMES, WAITING, MEMORY, PROCESSES, SIGNALS, TIME, SOCKETS, SHARING, OLD];

/// Open files.
const FILES: &[Call] = calls! {
    SYS_close SYS_close_range SYS_copy_file_range SYS_dup SYS_dup3 SYS_fadvise64 SYS_fallocate SYS_fchmod SYS_fchown
    SYS_fcntl SYS_fdatasync SYS_fgetxattr SYS_flistxattr SYS_flock SYS_fremovexattr SYS_fsetxattr SYS_fstat SYS_fstatfs
    SYS_fsync SYS_ftruncate SYS_getdents64 SYS_ioctl SYS_lseek SYS_openat SYS_openat2 SYS_pipe2 SYS_pread64 SYS_preadv
    SYS_preadv2 SYS_pwrite64 SYS_pwritev SYS_pwritev2 SYS_read SYS_readahead SYS_readv SYS_sendfile SYS_splice
    SYS_sync_file_range SYS_tee SYS_write SYS_writev
};

/// Files by their names.
const NAMES: &[Call] = calls! {
    SYS_chdir SYS_faccessat SYS_faccessat2 SYS_fchdir SYS_fchmodat SYS_fchmodat2 SYS_fchownat SYS_getcwd SYS_getxattr
    SYS_lgetxattr SYS_linkat SYS_listxattr SYS_llistxattr SYS_lremovexattr SYS_lsetxattr SYS_mkdirat SYS_mknodat
    SYS_newfstatat SYS_readlinkat SYS_removexattr SYS_renameat2 SYS_setxattr SYS_statfs SYS_statx SYS_symlinkat
    SYS_truncate SYS_umask SYS_unlinkat SYS_utimensat
};

/// Waiting for something to happen.
const WAITING: &[Call] = calls! {
    SYS_epoll_create1 SYS_epoll_ctl SYS_epoll_pwait SYS_epoll_pwait2 SYS_eventfd2 SYS_inotify_add_watch
    SYS_inotify_init1 SYS_inotify_rm_watch SYS_ppoll SYS_pselect6 SYS_signalfd4 SYS_timerfd_create SYS_timerfd_gettime
    SYS_timerfd_settime
};

const MEMORY: &[Call] = calls! {
    SYS_brk SYS_madvise SYS_membarrier SYS_memfd_create SYS_mincore SYS_mlock SYS_mlock2 SYS_mlockall SYS_mmap
    SYS_mprotect SYS_mremap SYS_msync SYS_munlock SYS_munlockall SYS_munmap SYS_pkey_alloc SYS_pkey_free
    SYS_pkey_mprotect
};

/// Making processes and threads, and what they know of themselves.
const PROCESSES: &[Call] = calls! {
    SYS_capget SYS_capset SYS_clone SYS_clone3 SYS_execve SYS_execveat SYS_exit SYS_exit_group SYS_get_robust_list
    SYS_getcpu SYS_getegid SYS_geteuid SYS_getgid SYS_getgroups SYS_getpgid SYS_getpid SYS_getppid SYS_getpriority
    SYS_getresgid SYS_getresuid SYS_getrlimit SYS_getrusage SYS_getsid SYS_gettid SYS_getuid SYS_ioprio_get
    SYS_ioprio_set SYS_personality SYS_pidfd_open SYS_pidfd_send_signal SYS_prctl SYS_prlimit64 SYS_rseq
    SYS_sched_get_priority_max SYS_sched_get_priority_min SYS_sched_getaffinity SYS_sched_getattr SYS_sched_getparam
    SYS_sched_getscheduler SYS_sched_rr_get_interval SYS_sched_setaffinity SYS_sched_setparam
    SYS_sched_setscheduler SYS_sched_yield SYS_seccomp SYS_set_robust_list SYS_set_tid_address SYS_setfsgid SYS_setfsuid
    SYS_setgid SYS_setgroups SYS_setpgid SYS_setpriority SYS_setregid SYS_setresgid SYS_setresuid SYS_setreuid
    SYS_setrlimit SYS_setsid SYS_setuid SYS_sysinfo SYS_uname SYS_wait4 SYS_waitid
    SYS_landlock_add_rule SYS_landlock_create_ruleset SYS_landlock_restrict_self
};

const SIGNALS: &[Call] = calls! {
    SYS_kill SYS_restart_syscall SYS_rt_sigaction SYS_rt_sigpending SYS_rt_sigprocmask SYS_rt_sigqueueinfo
    SYS_rt_sigreturn SYS_rt_sigsuspend SYS_rt_sigtimedwait SYS_rt_tgsigqueueinfo SYS_sigaltstack SYS_tgkill SYS_tkill
};

const TIME: &[Call] = calls! {
    SYS_clock_getres SYS_clock_gettime SYS_clock_nanosleep SYS_getitimer SYS_getrandom SYS_gettimeofday SYS_nanosleep
    SYS_setitimer SYS_timer_create SYS_timer_delete SYS_timer_getoverrun SYS_timer_gettime SYS_timer_settime SYS_times
};

/// Sockets; which kinds, see the arguments.
const SOCKETS: &[Call] = calls! {
    SYS_accept SYS_accept4 SYS_bind SYS_connect SYS_getpeername SYS_getsockname SYS_getsockopt SYS_listen SYS_recvfrom
    SYS_recvmmsg SYS_recvmsg SYS_sendmmsg SYS_sendmsg SYS_sendto SYS_setsockopt SYS_shutdown SYS_socket SYS_socketpair
};

/// What processes share besides files.
const SHARING: &[Call] = calls! {
    SYS_futex SYS_futex_waitv SYS_mq_getsetattr SYS_mq_notify
    SYS_mq_open SYS_mq_timedreceive SYS_mq_timedsend SYS_mq_unlink SYS_msgctl SYS_msgget SYS_msgrcv SYS_msgsnd
    SYS_semctl SYS_semget SYS_semop SYS_semtimedop SYS_shmat SYS_shmctl SYS_shmdt SYS_shmget
};

/// Older ways, which newer architectures never had.
#[cfg(target_arch = "x86_64")]
const OLD: &[Call] = calls! {
    SYS_access SYS_alarm SYS_arch_prctl SYS_chmod SYS_chown SYS_creat SYS_dup2 SYS_epoll_create SYS_epoll_wait SYS_eventfd
    SYS_fork SYS_futimesat SYS_getdents SYS_getpgrp SYS_inotify_init SYS_lchown SYS_link SYS_lstat SYS_mkdir SYS_mknod
    SYS_open SYS_pause SYS_pipe SYS_poll SYS_readlink SYS_rename SYS_renameat SYS_rmdir SYS_select SYS_signalfd SYS_stat
    SYS_symlink SYS_time SYS_unlink SYS_utime SYS_utimes SYS_vfork
};
#[cfg(not(target_arch = "x86_64"))]
const OLD: &[Call] = calls! { SYS_renameat };

/// Refused with "not permitted", as by a kernel that has them: who tries one may want to know.
pub(super) const REFUSED: &[&[Call]] = &[OTHERS, KEYS, MACHINERY, MOUNTS, MACHINE, OLD_MACHINE];

/// Other processes' insides.
const OTHERS: &[Call] = calls! {
    SYS_kcmp SYS_pidfd_getfd SYS_process_madvise SYS_process_vm_readv SYS_process_vm_writev SYS_ptrace
};

const KEYS: &[Call] = calls! { SYS_add_key SYS_keyctl SYS_request_key };

/// Programs inside the kernel, and machinery often used to break it.
const MACHINERY: &[Call] = calls! {
    SYS_bpf SYS_fanotify_init SYS_io_uring_enter SYS_io_uring_register SYS_io_uring_setup SYS_perf_event_open
    SYS_userfaultfd SYS_vmsplice
};

/// Mounts, namespaces and files without names.
const MOUNTS: &[Call] = calls! {
    SYS_chroot SYS_fsconfig SYS_fsmount SYS_fsopen SYS_fspick SYS_mount SYS_mount_setattr SYS_move_mount
    SYS_name_to_handle_at SYS_open_by_handle_at SYS_open_tree SYS_pivot_root SYS_setns SYS_umount2 SYS_unshare
};

const MACHINE: &[Call] = calls! {
    SYS_acct SYS_adjtimex SYS_clock_adjtime SYS_clock_settime SYS_delete_module SYS_finit_module SYS_get_mempolicy
    SYS_init_module SYS_kexec_load SYS_mbind SYS_migrate_pages SYS_move_pages SYS_nfsservctl SYS_lookup_dcookie
    SYS_quotactl SYS_reboot SYS_sched_setattr SYS_set_mempolicy SYS_setdomainname SYS_sethostname SYS_settimeofday SYS_swapoff SYS_swapon
    SYS_sync SYS_syncfs SYS_syslog SYS_vhangup
};

#[cfg(target_arch = "x86_64")]
const OLD_MACHINE: &[Call] =
    calls! { SYS__sysctl SYS_ioperm SYS_iopl SYS_kexec_file_load SYS_modify_ldt SYS_sysfs SYS_uselib SYS_ustat };
#[cfg(not(target_arch = "x86_64"))]
const OLD_MACHINE: &[Call] = &[];
