#include "engine/runtime/output-capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* One of the two pipes, and the line that has not ended yet. */
typedef struct {
  KelvinOutputCapture *capture;
  int fd;             /* -1 once it has ended */
  KelvinWatch *watch; /* NULL once it has ended */
  GString *line;
} Stream;

struct _KelvinOutputCapture {
  Stream streams[2];     /* standard output, standard error */
  KelvinAttemptLog *log; /* the owner's; NULL between attempts */
  GString *kept_back;    /* whole lines that wait for the next log */
  guint64 dropped_bytes; /* that found no room there */
};

#define LARGEST_KEPT_BACK_BYTES (64 * 1024)
#define LARGEST_DRAIN_BYTES (16 * 1024 * 1024)
#define READ_BYTES (64 * 1024)
#define READS_PER_TURN 4
/* The service's limit of a log event: what is longer becomes several lines. */
#define LONGEST_LINE_BYTES (256 * 1024)

static void
add_line (KelvinOutputCapture *self, const char *line, gsize length)
{
  if (self->log != NULL)
    {
      kelvin_attempt_log_add (self->log, line, (gssize) length);
      return;
    }
  if (self->kept_back->len + length + 1 > LARGEST_KEPT_BACK_BYTES)
    {
      self->dropped_bytes += length + 1;
      return;
    }
  g_string_append_len (self->kept_back, line, (gssize) length);
  g_string_append_c (self->kept_back, '\n');
}

static void
end_line (Stream *stream)
{
  add_line (stream->capture, stream->line->str, stream->line->len);
  /* A long line's memory isn't kept for the next one. */
  if (stream->line->allocated_len > READ_BYTES)
    {
      g_string_free (stream->line, TRUE);
      stream->line = g_string_new (NULL);
    }
  g_string_truncate (stream->line, 0);
}

static void
keep_unfinished (Stream *stream, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gsize part = MIN (length, LONGEST_LINE_BYTES - stream->line->len);

      g_string_append_len (stream->line, bytes, (gssize) part);
      if (stream->line->len == LONGEST_LINE_BYTES)
        end_line (stream);
      bytes += part;
      length -= part;
    }
}

static void
take_bytes (Stream *stream, const char *bytes, gsize length)
{
  const char *end = bytes + length;
  const char *newline;

  while ((newline = memchr (bytes, '\n', (gsize) (end - bytes))) != NULL)
    {
      if (stream->line->len == 0)
        {
          add_line (stream->capture, bytes, (gsize) (newline - bytes));
        }
      else
        {
          keep_unfinished (stream, bytes, (gsize) (newline - bytes));
          end_line (stream);
        }
      bytes = newline + 1;
    }
  keep_unfinished (stream, bytes, (gsize) (end - bytes));
}

static void
end_stream (Stream *stream)
{
  g_clear_pointer (&stream->watch, kelvin_watch_remove);
  stream->fd = -1;
  if (stream->line->len > 0)
    end_line (stream);
}

/* Returns how many bytes came; 0 when there are none for now, or the pipe has ended. */
static gsize
read_some (Stream *stream, gsize most)
{
  char buffer[READ_BYTES];
  gssize n;

  do
    n = read (stream->fd, buffer, MIN (most, sizeof buffer));
  while (n < 0 && errno == EINTR);

  if (n > 0)
    take_bytes (stream, buffer, (gsize) n);
  else if (n == 0 || errno != EAGAIN)
    end_stream (stream);

  return n > 0 ? (gsize) n : 0;
}

static void
readable_cb (int fd, guint32 events, gpointer user_data)
{
  Stream *stream = user_data;

  for (int i = 0; i < READS_PER_TURN; i++)
    if (read_some (stream, READ_BYTES) < READ_BYTES)
      return;
}

/* Reads what the pipe holds at this moment and no more, so that a writer that never stops can't
 * hold the engine. */
static void
drain_stream (Stream *stream)
{
  int held = 0;

  if (ioctl (stream->fd, FIONREAD, &held) < 0 || held == 0)
    return;

  gsize left = MIN ((gsize) held, LARGEST_DRAIN_BYTES);

  while (left > 0 && stream->fd >= 0)
    {
      gsize n = read_some (stream, left);

      if (n == 0)
        return;
      left -= n;
    }
}

static void
init_stream (KelvinOutputCapture *self, Stream *stream, int fd, KelvinPoller *poller)
{
  int flags = fcntl (fd, F_GETFL);

  if (flags < 0 || fcntl (fd, F_SETFL, flags | O_NONBLOCK) < 0)
    g_error ("Descriptor %d of a sandbox's output can't be made non-blocking: %s", fd,
             g_strerror (errno));
  stream->capture = self;
  stream->fd = fd;
  stream->line = g_string_new (NULL);
  stream->watch = kelvin_poller_add (poller, fd, EPOLLIN, readable_cb, stream);
}

KelvinOutputCapture *
kelvin_output_capture_new (KelvinPoller *poller, int stdout_fd, int stderr_fd)
{
  g_return_val_if_fail (poller != NULL, NULL);

  KelvinOutputCapture *self = g_new0 (KelvinOutputCapture, 1);

  self->kept_back = g_string_new (NULL);
  init_stream (self, &self->streams[0], stdout_fd, poller);
  init_stream (self, &self->streams[1], stderr_fd, poller);

  return self;
}

void
kelvin_output_capture_free (KelvinOutputCapture *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (self->streams); i++)
    {
      kelvin_watch_remove (self->streams[i].watch);
      g_string_free (self->streams[i].line, TRUE);
    }
  g_string_free (self->kept_back, TRUE);
  g_free (self);
}

void
kelvin_output_capture_drain (KelvinOutputCapture *self)
{
  g_return_if_fail (self != NULL);

  struct pollfd ready[G_N_ELEMENTS (self->streams)];

  /* One call finds out that both are empty, which is what nearly every invocation sees. */
  for (guint i = 0; i < G_N_ELEMENTS (ready); i++)
    ready[i] = (struct pollfd){ .fd = self->streams[i].fd, .events = POLLIN };
  if (poll (ready, G_N_ELEMENTS (ready), 0) <= 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (ready); i++)
    if (ready[i].revents & POLLIN)
      drain_stream (&self->streams[i]);
}

static void
end_unfinished_lines (KelvinOutputCapture *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->streams); i++)
    if (self->streams[i].line->len > 0)
      end_line (&self->streams[i]);
}

static void
give_kept_back (KelvinOutputCapture *self)
{
  if (self->kept_back->len > 0)
    /* The last newline is the log's to add. */
    kelvin_attempt_log_add (self->log, self->kept_back->str, (gssize) self->kept_back->len - 1);
  if (self->dropped_bytes > 0)
    kelvin_attempt_log_add_format (
        self->log, "[%" G_GUINT64_FORMAT " bytes written between invocations left out]",
        self->dropped_bytes);
  g_string_truncate (self->kept_back, 0);
  self->dropped_bytes = 0;
}

void
kelvin_output_capture_set_log (KelvinOutputCapture *self, KelvinAttemptLog *log)
{
  g_return_if_fail (self != NULL);

  kelvin_output_capture_drain (self);
  end_unfinished_lines (self);
  self->log = log;
  if (log != NULL)
    give_kept_back (self);
}
