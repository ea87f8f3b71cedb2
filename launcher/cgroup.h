#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "launcher/cgroup-roots.h"
#include "launcher/protocol.h"

/* Control groups: one for the launcher in each hierarchy that it needs, and below it one for each
 * sandbox, named by its number. Which version of them is used is decided once. */

typedef struct {
  uint64_t memory_bytes;
  uint32_t n_processes;
} CgroupLimits;

/* How one version of the kernel's interface is used. Hierarchies have numbers, which the roots, the
 * groups and the controls share. */
typedef struct {
  KelvinCgroupVersion number;
  const char *join; /* the file that takes the processes */
  struct {
    int tree;
    const char *name; /* NULL: there is none */
    int flags;        /* of open(2) */
  } controls[KELVIN_N_CONTROLS];
  /* The launcher's own groups are made; 0, or -1 with errno. */
  int (*prepare) (const int *groups);
  int (*limit) (const int *groups, const CgroupLimits *limits);
} CgroupVersion;

extern const CgroupVersion cgroup_v1;
extern const CgroupVersion cgroup_v2;

typedef struct {
  const CgroupVersion *version; /* NULL: there are none that may be written to */
  int n_trees;
  int roots[CGROUP_MOST_TREES];
  int groups[CGROUP_MOST_TREES]; /* the launcher's own */
  char name[64];
} Cgroups;

/* The descriptors of a sandbox's groups; -1 where there is none. */
typedef struct {
  int n_join;
  int join[CGROUP_MOST_TREES];
  int controls[KELVIN_N_CONTROLS];
} Cgroup;

/* The strongest that is there and works. Groups that other launchers left behind are removed. */
void cgroups_open (Cgroups *self, const CgroupRoots *roots);
/* Removes the launcher's own groups; those of sandboxes are removed already. */
void cgroups_close (Cgroups *self);
KelvinCgroupVersion cgroups_get_version (const Cgroups *self);

/* Makes the groups of a sandbox and limits them. 0, or -1 with errno and nothing made. Without
 * groups it makes none and works. */
int cgroups_make (const Cgroups *self, uint64_t id, const CgroupLimits *limits, Cgroup *out_group);
/* Returns false while processes linger in one of them. */
bool cgroups_remove (const Cgroups *self, uint64_t id);
void cgroup_clear (Cgroup *group);

/* The text of a control file; 0, or -1 with errno. */
int cgroup_write (int group, const char *name, const char *text);
int cgroup_write_number (int group, const char *name, uint64_t number);
