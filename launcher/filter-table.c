#include "launcher/filter-table.h"

#include <stddef.h>

/* clone, socket, socketpair, ioctl and personality are allowed by their arguments: filter.c. */
const FilterGroup filter_allowed[] = {
  { "reading and writing what is open",
    "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek _llseek "
    "sendfile sendfile64 splice tee copy_file_range readahead fadvise64 fadvise64_64 close "
    "close_range dup dup2 dup3 fcntl fcntl64 flock pipe pipe2" },
  { "files by name, which the mounts bound",
    "open openat openat2 creat stat stat64 fstat fstat64 lstat lstat64 fstatat64 newfstatat statx "
    "statfs statfs64 fstatfs fstatfs64 access faccessat faccessat2 readlink readlinkat getcwd "
    "chdir fchdir getdents getdents64" },
  { "changing files, which only /tmp takes",
    "mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat "
    "mknod mknodat truncate truncate64 ftruncate ftruncate64 fallocate fsync fdatasync syncfs "
    "sync_file_range sync_file_range2 chmod fchmod fchmodat chown chown32 fchown fchown32 fchownat "
    "lchown lchown32 umask utime utimes utimensat utimensat_time64 futimesat getxattr lgetxattr "
    "fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr removexattr "
    "lremovexattr fremovexattr" },
  { "being told of changes to files", "inotify_init inotify_init1 inotify_add_watch "
                                      "inotify_rm_watch" },
  { "memory of one's own; a file in memory counts as memory does",
    "brk mmap mmap2 munmap mremap mprotect madvise mincore msync mlock mlock2 munlock mlockall "
    "munlockall memfd_create pkey_alloc pkey_free pkey_mprotect membarrier" },
  { "shared memory and semaphores, in an ipc namespace of their own",
    "ipc shmget shmat shmdt shmctl semget semop semctl semtimedop semtimedop_time64 msgget msgsnd "
    "msgrcv msgctl" },
  { "processes and threads, which a limit counts",
    "fork vfork execve execveat exit exit_group wait4 waitid waitpid set_tid_address "
    "set_robust_list get_robust_list rseq arch_prctl set_thread_area get_thread_area prctl "
    "pidfd_open getpid getppid gettid getpgid getpgrp getsid setpgid setsid" },
  { "locks between threads", "futex futex_time64 futex_waitv" },
  { "signals, which reach only processes of the sandbox",
    "kill tkill tgkill pidfd_send_signal rt_sigaction rt_sigpending rt_sigprocmask "
    "rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 "
    "rt_tgsigqueueinfo sigaction sigaltstack signal signalfd signalfd4 sigpending sigprocmask "
    "sigreturn sigsuspend pause restart_syscall" },
  { "reading clocks, waiting, and timers",
    "time gettimeofday clock_gettime clock_gettime64 clock_getres clock_getres_time64 "
    "clock_nanosleep clock_nanosleep_time64 nanosleep alarm getitimer setitimer timer_create "
    "timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 "
    "timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times" },
  { "sockets, in a network namespace with a loopback interface alone",
    "bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt shutdown "
    "send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg recvmmsg_time64" },
  { "waiting for descriptors",
    "poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_create "
    "epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2" },
  { "random numbers", "getrandom" },
  { "who one is; nobody else is mapped, and every capability is gone",
    "getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getresuid getresuid32 "
    "getresgid getresgid32 getgroups getgroups32 setuid setuid32 setgid setgid32 setreuid "
    "setreuid32 setregid setregid32 setresuid setresuid32 setresgid setresgid32 setfsuid "
    "setfsuid32 setfsgid setfsgid32 setgroups setgroups32 capget capset" },
  { "the machine, limits and processors",
    "uname sysinfo getcpu getrusage getrlimit ugetrlimit setrlimit prlimit64 getpriority "
    "setpriority ioprio_get ioprio_set sched_yield sched_getaffinity sched_setaffinity "
    "sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_getattr "
    "sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
    "sched_rr_get_interval_time64" },
  { NULL, NULL },
};

/* They fail as they do for a process without the right to make them: a program that only asks
 * whether it may is answered as on the service. */
const FilterGroup filter_refused[] = {
  { "mounts",
    "mount umount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick "
    "mount_setattr quotactl quotactl_fd" },
  { "namespaces and the names in them", "unshare setns sethostname setdomainname" },
  { "files by handle, past the mounts", "open_by_handle_at name_to_handle_at" },
  { "the kernel's own state",
    "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct "
    "syslog bpf perf_event_open userfaultfd lookup_dcookie vhangup nfsservctl iopl ioperm "
    "fanotify_init" },
  { "time, which belongs to the machine",
    "settimeofday clock_settime clock_settime64 adjtimex clock_adjtime clock_adjtime64 stime" },
  { "keys, which aren't kept apart by namespaces", "add_key request_key keyctl" },
  { "other processes' memory and descriptors",
    "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise move_pages "
    "migrate_pages" },
  { NULL, NULL },
};
