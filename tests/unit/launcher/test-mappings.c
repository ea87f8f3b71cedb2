/* What this process maps is counted in this process. */

#include "launcher/mappings.h"

#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIZE_BYTES (8 * 1024 * 1024)
#define SIZE_KB (SIZE_BYTES / 1024)
/* What else may come and go meanwhile. */
#define SLACK_KB 1024

static Mappings
read_own (void)
{
  Mappings mappings = { 0 };
  int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_cmpint (proc, >=, 0);
  g_assert_true (mappings_read (&mappings, proc, getpid ()));
  close (proc);
  return mappings;
}

static void *
map (int fd, int flags)
{
  char *memory = mmap (NULL, SIZE_BYTES, PROT_READ | PROT_WRITE, flags, fd, 0);

  g_assert_true (memory != MAP_FAILED);
  return memory;
}

static int
open_file_in_tmp (void)
{
  char name[] = "/tmp/kelvin-test-XXXXXX";
  int fd = g_mkstemp (name);

  g_assert_cmpint (fd, >=, 0);
  g_assert_no_errno (unlink (name));
  g_assert_no_errno (ftruncate (fd, SIZE_BYTES));
  return fd;
}

static void
assert_near (gint64 difference_kb, gint64 expected_kb)
{
  g_assert_cmpint (difference_kb, >, expected_kb - SLACK_KB);
  g_assert_cmpint (difference_kb, <, expected_kb + SLACK_KB);
}

static void
test_tells_files_in_tmp_apart (void)
{
  int fd = open_file_in_tmp ();
  Mappings before = read_own ();
  char *memory = map (fd, MAP_SHARED);

  memset (memory, 1, SIZE_BYTES);
  Mappings after = read_own ();
  assert_near (after.in_tmp_kb - before.in_tmp_kb, SIZE_KB);
  assert_near (after.shared_kb - before.shared_kb, 0);
  assert_near (after.anonymous_kb - before.anonymous_kb, 0);
  munmap (memory, SIZE_BYTES);
  close (fd);
}

static void
test_counts_written_private_pages_as_anonymous (void)
{
  int fd = open_file_in_tmp ();
  Mappings before = read_own ();
  char *memory = map (fd, MAP_PRIVATE);

  memset (memory, 1, SIZE_BYTES);
  Mappings after = read_own ();
  assert_near (after.anonymous_kb - before.anonymous_kb, SIZE_KB);
  assert_near (after.in_tmp_kb - before.in_tmp_kb, 0);
  munmap (memory, SIZE_BYTES);
  close (fd);
}

static void
test_counts_shared_memory (void)
{
  int fd = memfd_create ("test", MFD_CLOEXEC);
  Mappings before = read_own ();
  char *unnamed = map (-1, MAP_SHARED | MAP_ANONYMOUS);

  g_assert_no_errno (ftruncate (fd, SIZE_BYTES));
  char *named = map (fd, MAP_SHARED);
  memset (unnamed, 1, SIZE_BYTES);
  memset (named, 1, SIZE_BYTES);
  Mappings after = read_own ();
  assert_near (after.shared_kb - before.shared_kb, 2 * SIZE_KB);
  munmap (named, SIZE_BYTES);
  munmap (unnamed, SIZE_BYTES);
  close (fd);
}

static void
test_says_that_a_process_is_gone (void)
{
  Mappings mappings = { 0 };
  int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_false (mappings_read (&mappings, proc, G_MAXINT));
  close (proc);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/launcher/mappings/tells-files-in-tmp-apart", test_tells_files_in_tmp_apart);
  g_test_add_func ("/launcher/mappings/counts-written-private-pages-as-anonymous",
                   test_counts_written_private_pages_as_anonymous);
  g_test_add_func ("/launcher/mappings/counts-shared-memory", test_counts_shared_memory);
  g_test_add_func ("/launcher/mappings/says-that-a-process-is-gone",
                   test_says_that_a_process_is_gone);

  return g_test_run ();
}
