#pragma once

/* What the filter of system calls says of each call: one table, to be read as a whole. A call is
 * known by its name, since numbers differ between architectures; one that this architecture hasn't
 * got is passed over. What stands nowhere here fails with ENOSYS, as on an older kernel. */

typedef struct {
  const char *reason;
  const char *calls; /* names, with a space between two */
} FilterGroup;

/* Both end with a group without calls. */
extern const FilterGroup filter_allowed[];
extern const FilterGroup filter_refused[]; /* with EPERM */
