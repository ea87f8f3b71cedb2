#pragma once

#include <stdint.h>

/* The contract between the engine, kelvin-launcher and pid 1 of each sandbox. Plain C without GLib,
 * for both sides. All numbers are in the machine's own byte order: both sides run on one kernel.
 *
 *   engine ──socket──► kelvin-launcher        one SEQPACKET pair, KELVIN_LAUNCHER_FD on its side
 *     ▲                     │ clone3
 *     └─────control────── pid 1 of a sandbox  one SEQPACKET pair for each sandbox
 *
 * 1. The launcher greets with HELLO. At LOOK, while it has no sandbox, it looks for control groups
 *    anew, and greets again.
 * 2. The engine asks for a sandbox with CREATE, which carries the descriptors of KelvinCreateFd.
 * 3. The launcher answers CREATED, with the pidfd of pid 1 and the files of its control groups, or
 *    FAILED and GONE.
 * 4. Pid 1 says READY, with the descriptors that its LISTEN operations opened, in their order, then
 *    /tmp as a place alone (O_PATH), and executes the runtime. When either can't be done it says
 *    FAILED, and ends. RUNNING, with a pidfd of the runtime, when it was executed. EXITED when the
 *    runtime process has ended.
 * 5. Pid 1 takes FREEZE, which it answers with FROZEN, THAW, and ASK_USAGE and ASK_BOUNDARY, which
 * it answers with USAGE.
 * 6. CLEAR ends everything but pid 1, which says CLEARED when all is reaped; of the runtime's end
 *    it says nothing then. The mounts, /tmp with its files, and the sockets stay. START, with a new
 *    descriptor for marks where CREATE had one, executes the runtime anew: pid 1 says STARTED just
 *    before, or FAILED, and ends.
 * 7. When pid 1 has ended, and with it everything in its pid namespace, the launcher says GONE.
 *
 * Death: end of file on the launcher's socket kills every sandbox and ends the launcher. Pid 1 ends
 * at the end of its control socket, or when the launcher has ended. The engine kills by pidfd.
 *
 * A sandbox is named by the number that the engine gave it; process ids never cross. */

#define KELVIN_PROTOCOL_VERSION 5
/* The launcher's end of the engine's socket; beside 0, 1 and 2 its only descriptor. */
#define KELVIN_LAUNCHER_FD 3

/* What a receiver accepts. CREATE is far smaller unless layers are merged entry by entry. */
#define KELVIN_LARGEST_MESSAGE (192 * 1024)
#define KELVIN_MOST_OPERATIONS 1024
#define KELVIN_MOST_ARGUMENTS 64
#define KELVIN_MOST_VARIABLES 2048
#define KELVIN_MOST_LISTENERS 31
#define KELVIN_MOST_FDS 32 /* the listeners and /tmp */

typedef enum {
  KELVIN_MESSAGE_HELLO = 1,
  KELVIN_MESSAGE_CREATE,
  KELVIN_MESSAGE_CREATED,
  KELVIN_MESSAGE_FAILED,
  KELVIN_MESSAGE_GONE,
  KELVIN_MESSAGE_READY,
  KELVIN_MESSAGE_RUNNING,
  KELVIN_MESSAGE_EXITED,
  KELVIN_MESSAGE_ASK_USAGE,
  KELVIN_MESSAGE_ASK_BOUNDARY, /* likewise, and after the answer the peak begins anew */
  KELVIN_MESSAGE_USAGE,
  KELVIN_MESSAGE_FREEZE,
  KELVIN_MESSAGE_THAW,
  KELVIN_MESSAGE_FROZEN,
  KELVIN_MESSAGE_CLEAR,
  KELVIN_MESSAGE_CLEARED,
  KELVIN_MESSAGE_START,
  KELVIN_MESSAGE_STARTED,
  KELVIN_MESSAGE_LOOK,
} KelvinMessageType;

/* Begins every message; GONE, RUNNING, ASK_USAGE, ASK_BOUNDARY, FREEZE, THAW, CLEAR, CLEARED, START
 * and LOOK are nothing more. */
typedef struct {
  uint32_t type;
  uint32_t version; /* of HELLO; 0 elsewhere */
  uint64_t id;
} KelvinMessageHead;

/* Which control groups hold the limits of all sandboxes of a launcher. */
typedef enum {
  KELVIN_CGROUP_NONE, /* there are none that it may write to */
  KELVIN_CGROUP_V1,   /* a hierarchy for each controller */
  KELVIN_CGROUP_V2,   /* one for all */
} KelvinCgroupVersion;

typedef struct {
  KelvinMessageHead head;
  uint32_t cgroup; /* KelvinCgroupVersion */
  uint32_t reserved;
} KelvinHello;

/* The files of a sandbox's groups, which the engine reads and writes itself. In each version of
 * control groups they have names and texts of their own. */
typedef enum {
  KELVIN_CONTROL_MEMORY_STAT,   /* of the whole group, by kind */
  KELVIN_CONTROL_KERNEL_MEMORY, /* v1 alone; in v2 it stands in the former */
  KELVIN_CONTROL_MEMORY_PEAK,   /* with file cache and /tmp; written, it begins anew in v1 */
  KELVIN_CONTROL_MEMORY_EVENTS, /* how often the kernel killed for memory */
  KELVIN_CONTROL_CPU_QUOTA,     /* written */
  KELVIN_CONTROL_CPU_USED,
  KELVIN_CONTROL_CPU_STAT, /* v1 alone: how long the quota held back; in v2 in the former */
  KELVIN_N_CONTROLS,
} KelvinControl;

/* In each period of this length the processes get their quota of processor time. */
#define KELVIN_CPU_PERIOD_US 20000

typedef struct {
  KelvinMessageHead head;
  uint32_t controls;   /* 1 << KelvinControl for each that follows the pidfd, in their order */
  uint32_t namespaces; /* 2: the user namespace, then the network's follow them; else 0 */
  uint32_t was_parked; /* 1: its namespaces had been made ahead */
  uint32_t reserved;
} KelvinCreated;

/* The descriptors that come with CREATE, in this order. */
typedef enum {
  KELVIN_CREATE_CONTROL, /* pid 1's end of its control socket */
  KELVIN_CREATE_STDOUT,
  KELVIN_CREATE_STDERR,
  KELVIN_CREATE_MARKS, /* only with KELVIN_CREATE_HAS_MARKS */
  KELVIN_CREATE_N_FDS,
} KelvinCreateFd;

typedef enum {
  KELVIN_CREATE_HAS_MARKS = 1 << 0,
  /* No namespaces: pid 1 is an ordinary process, the runtime is of the launcher's own user, the
   * operations act on the host's files, and of them there are FOLDER, LINK, COPY and LIMIT alone.
   * No descriptor comes with READY. All descendants of such a pid 1 end with it. */
  KELVIN_CREATE_PROCESS = 1 << 1,
  /* Its user and network namespace come with CREATED, so that the engine can lead a network in. */
  KELVIN_CREATE_SHOWS_NETWORK = 1 << 2,
} KelvinCreateFlags;

/* The descriptor on which Kelvin's own bootstraps write a KELVIN_MARK: once, just before they load
 * the function's own code, the time by CLOCK_MONOTONIC in nanoseconds, as a little-endian int64.
 * Then they close it. Closing without writing says that there is nothing to tell. Where the
 * environment variable KELVIN_RECORD_IMPORTS asks for it, they keep it, and write reports of the
 * imports after the mark (engine/analysis/import-report.h); nobody can tell them from what the
 * function's own code wrote there. */
#define KELVIN_MARKS_FD 3
#define KELVIN_MARK_BYTES 8

/* What there is to do to make a sandbox, one after another. Paths are absolute; a target that is
 * missing is made, with the folders above it. Until PIVOT the host's files are in sight, afterwards
 * the sandbox's alone; sources of the host are opened before the first operation. */
typedef enum {
  KELVIN_OPERATION_ROOT = 1, /* a new, empty root in memory */
  KELVIN_OPERATION_PROC,     /* /proc of this pid namespace; before PIVOT, as the kernel demands */
  KELVIN_OPERATION_PIVOT,    /* the new root becomes the root, the host's goes out of sight */
  KELVIN_OPERATION_FOLDER,   /* target; mode */
  KELVIN_OPERATION_LINK,     /* target: a symbolic link that reads source */
  KELVIN_OPERATION_FILE,     /* target: a new file that holds the text source; mode */
  KELVIN_OPERATION_BIND,     /* source shown at target, read-only, with what is mounted below it */
  KELVIN_OPERATION_MASK,     /* target shown as an empty folder */
  KELVIN_OPERATION_MEMORY,   /* target: a file system in memory; number: MB; value: inodes; mode */
  KELVIN_OPERATION_SEAL,     /* target, a mount, becomes read-only */
  KELVIN_OPERATION_WRITE,    /* the text source to the existing file target */
  KELVIN_OPERATION_HOSTNAME, /* source */
  KELVIN_OPERATION_LOOPBACK, /* the network device lo is switched on */
  KELVIN_OPERATION_LISTEN,   /* address source, port number; handed back with READY */
  KELVIN_OPERATION_LIMIT,    /* resource limit number (RLIMIT_…), hard and soft: value */
  KELVIN_OPERATION_NETWORK,  /* waits until device source leads out, at most number milliseconds */
  KELVIN_OPERATION_COPY,     /* the folder source, with all in it, as the new folder target */
  KELVIN_N_OPERATIONS,
} KelvinOperationKind;

typedef enum {
  KELVIN_BIND_DEVICE = 1 << 0, /* source is a device node, and may be used as one */
} KelvinBindFlags;

typedef enum {
  KELVIN_LISTEN_DATAGRAM = 1 << 0, /* UDP instead of TCP */
} KelvinListenFlags;

typedef enum {
  /* Of RLIMIT_NPROC: value comes on top of the tasks that the user has already. */
  KELVIN_LIMIT_ON_TOP = 1 << 0,
} KelvinLimitFlags;

/* An operation in CREATE; source and target follow, each ended by a NUL. */
typedef struct {
  uint8_t kind;
  uint8_t flags;
  uint16_t mode;
  uint32_t number;
  uint64_t value;
} KelvinOperationHead;

/* Followed by the operations, then by strings ended by a NUL each: working folder, arguments (the
 * first one is the path of the program), environment variables. */
typedef struct {
  KelvinMessageHead head;
  uint32_t flags; /* KelvinCreateFlags */
  uint32_t uid;   /* inside the sandbox; never 0 */
  uint32_t gid;
  uint32_t n_operations;
  uint32_t n_arguments;
  uint32_t n_variables;
  uint64_t memory_bytes; /* the most that the kernel lets the groups have, with /tmp and cache */
  uint32_t n_processes;  /* the most processes and threads */
  uint32_t reserved;
} KelvinCreate;

/* The step at which making a sandbox ended. */
typedef enum {
  KELVIN_STEP_MESSAGE = 1, /* CREATE was malformed */
  KELVIN_STEP_DESCRIPTORS, /* one that belongs to a message didn't arrive: too many are open */
  KELVIN_STEP_SOURCE,      /* opening the source of an operation */
  KELVIN_STEP_CLONE,       /* making pid 1 and its namespaces */
  KELVIN_STEP_MAP,         /* writing the maps of user and group ids */
  KELVIN_STEP_IDENTITY,    /* becoming the user of the sandbox */
  KELVIN_STEP_OPERATION,
  KELVIN_STEP_PRIVILEGES, /* giving up capabilities */
  KELVIN_STEP_FILTER,     /* installing the filter of system calls */
  KELVIN_STEP_EXECUTE,    /* executing the runtime */
  KELVIN_STEP_GROUP,      /* making its control groups, or joining them */
} KelvinStep;

typedef struct {
  KelvinMessageHead head;
  uint32_t step;
  int32_t error;      /* errno */
  uint32_t operation; /* its index, for SOURCE and OPERATION */
  uint32_t reserved;
} KelvinFailed;

typedef struct {
  KelvinMessageHead head;
  int64_t ready_ns; /* CLOCK_MONOTONIC */
} KelvinReady;

/* Of FROZEN: when all had got the signal that stops them. Of STARTED: just before the runtime is
 * executed. */
typedef struct {
  KelvinMessageHead head;
  int64_t at_ns; /* CLOCK_MONOTONIC */
} KelvinInstant;

typedef struct {
  KelvinMessageHead head;
  int64_t at_ns; /* CLOCK_MONOTONIC */
  int32_t signalled;
  int32_t code; /* exit status, or number of the signal */
} KelvinExited;

typedef struct {
  KelvinMessageHead head;
  int64_t cpu_us;
  int64_t memory_bytes;
  int64_t memory_peak_bytes; /* the most since the last ASK_BOUNDARY */
} KelvinUsageReport;
