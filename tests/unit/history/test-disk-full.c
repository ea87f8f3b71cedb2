#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/fd.h"
#include "tests/unit/history/history-fixture.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)
#define DISK_OPTIONS "size=1m"
#define SKIP 77

/* A disk of 1 MB at @path, in a mount namespace of this process's own. */
static gboolean
make_small_disk (const char *path)
{
  int flags = CLONE_NEWNS | (geteuid () == 0 ? 0 : CLONE_NEWUSER);

  return unshare (flags) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("tmpfs", path, "tmpfs", 0, DISK_OPTIONS) == 0;
}

/* Each byte that is left. */
static void
fill_disk (const char *path)
{
  g_autofree char *name = g_build_filename (path, "filler", NULL);
  g_auto (KelvinFd) fd = open (name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  static const char bytes[4096];

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, bytes, sizeof bytes) > 0)
    ;
}

static void
put_large_invocation (KelvinStore *store, const KelvinRun *run, guint64 number)
{
  g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, number);

  g_free (invocation->log);
  invocation->log = g_strnfill (200 * 1024, 'x');
  kelvin_store_put_invocation (store, invocation);
}

static void
says_that_the_disk_is_full (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinStore) store = kelvin_store_open (path, KELVIN_STORE_KEEP_PAYLOADS, &error);
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_LOAD, T0);
  g_autoptr (GPtrArray) runs = NULL;
  g_autofree char *filler = g_build_filename (path, "filler", NULL);

  g_assert_no_error (error);
  kelvin_store_put_run (store, run);
  g_assert_true (history_flush (store, NULL));
  fill_disk (path);
  for (guint i = 1; i <= 10; i++)
    put_large_invocation (store, run, i);
  g_assert_false (history_flush (store, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FULL);

  /* What was there can be read, and what comes is stored once there is room. */
  runs = history_list_runs (store, &(KelvinRunFilter){ 0 }, NULL, NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpint (unlink (filler), ==, 0);
  put_large_invocation (store, run, 1);
  g_assert_true (history_flush (store, NULL));
  kelvin_store_close (store);
}

static void
says_on_opening_that_the_disk_is_full (const char *path)
{
  g_autoptr (GError) error = NULL;

  fill_disk (path);
  g_assert_null (kelvin_store_open (path, KELVIN_STORE_KEEP_PAYLOADS, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FULL);
}

static void
test_on_a_small_disk (HistoryFixture *f, gconstpointer test)
{
  void (*func) (const char *path) = test;
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      if (!make_small_disk (f->data_dir))
        _exit (SKIP);
      func (f->data_dir);
      _exit (0);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == SKIP)
    g_test_skip ("This machine lets nobody mount a small disk in a namespace");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/history/disk-full/is-said", HistoryFixture, says_that_the_disk_is_full,
              history_fixture_set_up_folder, test_on_a_small_disk, history_fixture_tear_down);
  g_test_add ("/history/disk-full/is-said-on-opening", HistoryFixture,
              says_on_opening_that_the_disk_is_full, history_fixture_set_up_folder,
              test_on_a_small_disk, history_fixture_tear_down);

  return g_test_run ();
}
