/* What is read of control groups and written to them, on plain files with the kernel's texts. */

#include "engine/environment/sandbox-limits.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MB G_GINT64_CONSTANT (1048576)

/* Its own numbers come first, the sums with the groups below it after them. */
#define STAT_V1                                                                                    \
  "cache 1\nrss 1\nrss_huge 0\nshmem 1\nhierarchical_memory_limit 671088640\n"                     \
  "total_cache 31457280\ntotal_rss 10485760\ntotal_rss_huge 0\ntotal_shmem 1048576\n"
#define STAT_V2                                                                                    \
  "anon 10485760\nfile 31457280\nkernel 2097152\nkernel_stack 16384\nshmem 1048576\n"              \
  "file_mapped 4096\n"

typedef struct {
  int files[KELVIN_N_CONTROLS]; /* the test's own ends */
  KelvinSandboxLimits *limits;
} Fixture;

static void
put (Fixture *f, KelvinControl control, const char *text)
{
  g_assert_no_errno (ftruncate (f->files[control], 0));
  g_assert_cmpint (pwrite (f->files[control], text, strlen (text), 0), ==, strlen (text));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  KelvinCgroupVersion version = GPOINTER_TO_INT (data);
  int fds[KELVIN_N_CONTROLS];

  for (guint i = 0; i < KELVIN_N_CONTROLS; i++)
    {
      f->files[i] = memfd_create ("control", MFD_CLOEXEC);
      g_assert_cmpint (f->files[i], >=, 0);
      fds[i] = fcntl (f->files[i], F_DUPFD_CLOEXEC, 3);
    }
  put (f, KELVIN_CONTROL_MEMORY_STAT, version == KELVIN_CGROUP_V1 ? STAT_V1 : STAT_V2);
  put (f, KELVIN_CONTROL_KERNEL_MEMORY, "2097152\n");
  put (f, KELVIN_CONTROL_MEMORY_PEAK, "47185920\n");
  put (f, KELVIN_CONTROL_CPU_USED,
       version == KELVIN_CGROUP_V1 ? "1234567\n" : "usage_usec 1234\nuser_usec 1000\n");
  f->limits =
      kelvin_sandbox_limits_new (version, (1u << KELVIN_N_CONTROLS) - 1, fds, KELVIN_N_CONTROLS);
  g_assert_nonnull (f->limits);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_sandbox_limits_free (f->limits);
  for (guint i = 0; i < KELVIN_N_CONTROLS; i++)
    close (f->files[i]);
}

static void
test_counts_all_but_files (Fixture *f, gconstpointer data)
{
  KelvinUsage usage;

  g_assert_true (kelvin_sandbox_limits_read (f->limits, -1, &usage));
  g_assert_cmpint (usage.memory_bytes, ==, 13 * MB);
  g_assert_cmpint (usage.memory_peak_bytes, ==, 13 * MB);
  g_assert_cmpint (usage.cgroup_peak_bytes, ==, -1);
  g_assert_cmpint (usage.cpu_us, ==, 1234);
}

/* 45 MB at most, of which 29 are files still: 16 were there between two readings. */
static void
test_sees_what_came_and_went (Fixture *f, gconstpointer data)
{
  KelvinUsage usage;

  g_assert_true (kelvin_sandbox_limits_read_boundary (f->limits, -1, &usage));
  g_assert_cmpint (usage.memory_bytes, ==, 13 * MB);
  g_assert_cmpint (usage.memory_peak_bytes, ==, 16 * MB);
  g_assert_cmpint (usage.cgroup_peak_bytes, ==, 45 * MB);
}

/* The kernel's peak was of files that are gone. */
static void
test_takes_no_removed_file_for_memory (Fixture *f, gconstpointer data)
{
  KelvinUsage usage;

  g_assert_true (kelvin_sandbox_limits_read (f->limits, -1, &usage));
  put (f, KELVIN_CONTROL_MEMORY_STAT, "total_cache 0\ntotal_rss 10485760\ntotal_shmem 0\n");
  g_assert_true (kelvin_sandbox_limits_read_boundary (f->limits, -1, &usage));
  g_assert_cmpint (usage.memory_bytes, ==, 12 * MB);
  g_assert_cmpint (usage.memory_peak_bytes, ==, 13 * MB);
}

/* After a boundary what was before it is over; only what is higher than ever is news in v2. */
static void
test_begins_anew_after_a_boundary (Fixture *f, gconstpointer data)
{
  gboolean is_v1 = GPOINTER_TO_INT (data) == KELVIN_CGROUP_V1;
  KelvinUsage usage;

  g_assert_true (kelvin_sandbox_limits_read_boundary (f->limits, -1, &usage));
  put (f, KELVIN_CONTROL_MEMORY_PEAK, is_v1 ? "45088768\n" : "47185920\n");
  g_assert_true (kelvin_sandbox_limits_read_boundary (f->limits, -1, &usage));
  g_assert_cmpint (usage.memory_peak_bytes, ==, is_v1 ? 14 * MB : 13 * MB);
  g_assert_cmpint (usage.cgroup_peak_bytes, ==, 45 * MB);
}

static void
test_says_how_long_the_quota_held_back (Fixture *f, gconstpointer data)
{
  gboolean is_v1 = GPOINTER_TO_INT (data) == KELVIN_CGROUP_V1;
  KelvinUsage usage;

  g_assert_true (kelvin_sandbox_limits_read_boundary (f->limits, -1, &usage));
  g_assert_cmpint (usage.throttled_us, ==, -1);
  put (f, is_v1 ? KELVIN_CONTROL_CPU_STAT : KELVIN_CONTROL_CPU_USED,
       is_v1 ? "nr_periods 9\nnr_throttled 3\nthrottled_time 51000000\n"
             : "usage_usec 1234\nnr_periods 9\nnr_throttled 3\nthrottled_usec 51000\n");
  g_assert_true (kelvin_sandbox_limits_read_boundary (f->limits, -1, &usage));
  g_assert_cmpint (usage.throttled_us, ==, 51000);
}

static void
test_says_when_groups_are_gone (Fixture *f, gconstpointer data)
{
  KelvinUsage usage;

  put (f, KELVIN_CONTROL_MEMORY_STAT, "");
  g_assert_false (kelvin_sandbox_limits_read (f->limits, -1, &usage));
  g_assert_false (kelvin_sandbox_limits_has_killed (f->limits));
}

static void
test_knows_a_kill_for_memory (Fixture *f, gconstpointer data)
{
  put (f, KELVIN_CONTROL_MEMORY_EVENTS, "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
  g_assert_false (kelvin_sandbox_limits_has_killed (f->limits));
  put (f, KELVIN_CONTROL_MEMORY_EVENTS, "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
  g_assert_true (kelvin_sandbox_limits_has_killed (f->limits));
}

static void
assert_quota (Fixture *f, gint64 quota_us, const char *text)
{
  char found[64] = "";

  put (f, KELVIN_CONTROL_CPU_QUOTA, "");
  g_assert_true (kelvin_sandbox_limits_set_cpu_quota (f->limits, quota_us));
  g_assert_cmpint (pread (f->files[KELVIN_CONTROL_CPU_QUOTA], found, sizeof found - 1, 0), >, 0);
  g_assert_cmpstr (found, ==, text);
}

static void
test_writes_quotas (Fixture *f, gconstpointer data)
{
  gboolean is_v1 = GPOINTER_TO_INT (data) == KELVIN_CGROUP_V1;

  assert_quota (f, 1447, is_v1 ? "1447" : "1447 20000");
  assert_quota (f, 0, is_v1 ? "-1" : "max");
}

static void
test_shares_follow_memory (void)
{
  g_assert_cmpint (kelvin_sandbox_limits_cpu_quota (128, 2), ==, 1447);
  g_assert_cmpint (kelvin_sandbox_limits_cpu_quota (1769, 2), ==, 20000);
  g_assert_cmpint (kelvin_sandbox_limits_cpu_quota (3537, 2), ==, 39988);
  g_assert_cmpint (kelvin_sandbox_limits_cpu_quota (3538, 2), ==, 0);
  g_assert_cmpint (kelvin_sandbox_limits_cpu_quota (10240, 2), ==, 0);
  g_assert_cmpint (kelvin_sandbox_limits_cpu_quota (10240, 8), ==, 115771);
}

static void
test_takes_only_what_can_be_read (void)
{
  int fds[] = { memfd_create ("control", MFD_CLOEXEC) };

  g_assert_null (kelvin_sandbox_limits_new (KELVIN_CGROUP_V2, 1 << KELVIN_CONTROL_MEMORY_STAT, fds,
                                            G_N_ELEMENTS (fds)));
  g_assert_cmpint (fcntl (fds[0], F_GETFD), ==, -1);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *v1 = g_strdup_printf ("/environment/sandbox-limits/v1/%s", name);
  g_autofree char *v2 = g_strdup_printf ("/environment/sandbox-limits/v2/%s", name);

  g_test_add (v1, Fixture, GINT_TO_POINTER (KELVIN_CGROUP_V1), set_up, test, tear_down);
  g_test_add (v2, Fixture, GINT_TO_POINTER (KELVIN_CGROUP_V2), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  add ("counts-all-but-files", test_counts_all_but_files);
  add ("sees-what-came-and-went", test_sees_what_came_and_went);
  add ("begins-anew-after-a-boundary", test_begins_anew_after_a_boundary);
  add ("says-how-long-the-quota-held-back", test_says_how_long_the_quota_held_back);
  add ("says-when-groups-are-gone", test_says_when_groups_are_gone);
  add ("knows-a-kill-for-memory", test_knows_a_kill_for_memory);
  add ("writes-quotas", test_writes_quotas);
  g_test_add ("/environment/sandbox-limits/v1/takes-no-removed-file-for-memory", Fixture,
              GINT_TO_POINTER (KELVIN_CGROUP_V1), set_up, test_takes_no_removed_file_for_memory,
              tear_down);
  g_test_add_func ("/environment/sandbox-limits/shares-follow-memory", test_shares_follow_memory);
  g_test_add_func ("/environment/sandbox-limits/takes-only-what-can-be-read",
                   test_takes_only_what_can_be_read);

  return g_test_run ();
}
