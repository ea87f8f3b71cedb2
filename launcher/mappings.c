#include "launcher/mappings.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launcher/descriptor.h"

/* A file that is read line by line; longer lines come in pieces. */
typedef struct {
  int fd;
  bool read_any;
  size_t from;
  size_t to;
  char text[8192];
} Lines;

static bool
read_more (Lines *lines)
{
  memmove (lines->text, lines->text + lines->from, lines->to - lines->from);
  lines->to -= lines->from;
  lines->from = 0;

  ssize_t size = read (lines->fd, lines->text + lines->to, sizeof lines->text - lines->to - 1);
  if (size <= 0)
    return false;
  lines->to += (size_t) size;
  lines->read_any = true;
  return true;
}

/* NULL at the end. */
static const char *
next_line (Lines *lines)
{
  char *start = lines->text + lines->from;
  char *end = memchr (start, '\n', lines->to - lines->from);

  if (end == NULL && !read_more (lines))
    return NULL;
  if (end == NULL)
    {
      start = lines->text;
      end = memchr (start, '\n', lines->to);
    }
  if (end == NULL)
    end = lines->text + lines->to;
  *end = '\0';
  lines->from = (size_t) (end - lines->text) + (end < lines->text + lines->to);
  return start;
}

static int64_t
kilobytes_of (const char *line, const char *key)
{
  size_t length = strlen (key);

  return strncmp (line, key, length) == 0 ? strtoll (line + length, NULL, 10) : 0;
}

typedef enum {
  KIND_OTHER, /* a file's, or the program's own */
  KIND_SHARED,
  KIND_IN_TMP,
} Kind;

/* By what stands in the place of a file's name. */
static Kind
find_kind (const char *line)
{
  static const char *const shared[] = { " /dev/zero", " /memfd:", " /SYSV", " /dev/shm/" };

  if (strstr (line, " /tmp/") != NULL)
    return KIND_IN_TMP;
  for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
    if (strstr (line, shared[i]) != NULL)
      return KIND_SHARED;
  return KIND_OTHER;
}

/* Private pages of a file that were written to are anonymous. */
static void
add_line (Mappings *mappings, Kind kind, const char *line)
{
  int64_t anonymous = kilobytes_of (line, "Anonymous:");
  int64_t others = kilobytes_of (line, "Rss:") - anonymous;

  mappings->anonymous_kb += anonymous;
  if (kind == KIND_SHARED)
    mappings->shared_kb += others;
  else if (kind == KIND_IN_TMP)
    mappings->in_tmp_kb += others;
}

bool
mappings_read (Mappings *mappings, int proc, pid_t pid)
{
  char path[48];
  Lines lines = { 0 };
  Kind kind = KIND_OTHER;

  snprintf (path, sizeof path, "%d/smaps", (int) pid);
  AUTO_CLOSE int fd = openat (proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;

  *mappings = (Mappings){ 0 };
  lines.fd = fd;
  /* A mapping begins with its addresses, in digits and small letters; what is told of it begins
   * with a capital. */
  for (const char *line = next_line (&lines); line != NULL; line = next_line (&lines))
    if (isupper ((unsigned char) line[0]))
      add_line (mappings, kind, line);
    else
      kind = find_kind (line);
  return lines.read_any;
}
