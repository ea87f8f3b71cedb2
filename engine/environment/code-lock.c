#include "engine/environment/code-lock.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "engine/environment/code-copy.h"
#include "engine/environment/code-entry.h"
#include "engine/fd.h"

#define MOST_COPIES 50
#define LONGEST_UNUSED_NS (7 * 24 * 3600 * G_GINT64_CONSTANT (1000000000))
#define HASH_LENGTH 64

typedef struct {
  char *path;
  gint64 used_ns;
} Copy;

/* It may have been pruned between the opening and the lock. */
static gboolean
is_still_there (int fd, const char *copy)
{
  struct stat opened, named;

  return fstat (fd, &opened) == 0 && stat (copy, &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

int
kelvin_code_lock (const char *copy)
{
  g_auto (KelvinFd) fd = open (copy, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0 || flock (fd, LOCK_SH | LOCK_NB) != 0 || !is_still_there (fd, copy))
    return -1;

  /* its own time is when it was used last */
  (void) futimens (fd, NULL);
  return kelvin_fd_steal (&fd);
}

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->path);
  g_free (copy);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const Copy *left = *(const Copy *const *) a;
  const Copy *right = *(const Copy *const *) b;

  return (left->used_ns < right->used_ns) - (left->used_ns > right->used_ns);
}

static gboolean
is_copy (const char *name)
{
  return strlen (name) == HASH_LENGTH || g_str_has_prefix (name, ".new-") ||
         g_str_has_prefix (name, ".old-");
}

static GPtrArray *
list_copies (const char *code_dir)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func (copy_free);
  g_autoptr (GDir) folder = g_dir_open (code_dir, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (code_dir, name, NULL);
      struct stat info;

      if (!is_copy (name) || lstat (path, &info) != 0 || !S_ISDIR (info.st_mode))
        continue;

      Copy *copy = g_new0 (Copy, 1);
      copy->path = g_steal_pointer (&path);
      copy->used_ns = kelvin_code_stamp_of (&info).mtime_ns;
      g_ptr_array_add (copies, copy);
    }

  g_ptr_array_sort (copies, compare_newest_first);
  return copies;
}

/* Renamed first: no other process finds a copy that is half gone. */
static void
prune_copy (const char *code_dir, const char *path)
{
  g_auto (KelvinFd) fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_autofree char *old = g_build_filename (code_dir, ".old-XXXXXX", NULL);

  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) != 0 || g_mkdtemp (old) == NULL)
    return;
  (void) rename (path, old);
  kelvin_code_remove_folder (old);
}

void
kelvin_code_prune (const char *code_dir)
{
  g_autoptr (GPtrArray) copies = list_copies (code_dir);
  gint64 oldest_ns = kelvin_code_stamp_now_ns () - LONGEST_UNUSED_NS;

  for (guint i = 0; i < copies->len; i++)
    {
      const Copy *copy = g_ptr_array_index (copies, i);

      if (i >= MOST_COPIES || copy->used_ns < oldest_ns)
        prune_copy (code_dir, copy->path);
    }
}
