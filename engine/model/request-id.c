#include "engine/model/request-id.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* Random bytes are fetched for this many ids at once: a system call for each would show in the time
 * of a warm invocation. */
#define BATCH 64
#define RANDOM_BYTES 10 /* 8 of the id's tail, 2 for the counter's start */
#define COUNTER_BITS 12
#define COUNTER_MAX ((1u << COUNTER_BITS) - 1)

typedef struct {
  GMutex lock;
  guint64 last_ms;
  guint counter;
  guint8 random[BATCH][RANDOM_BYTES];
  guint random_left;
} Generator;

static Generator generator;

static void
fill_random (guint8 *bytes, gsize length)
{
  gsize got = 0;

  while (got < length)
    {
      gssize n = getrandom (bytes + got, length - got, 0);
      if (n > 0)
        got += n;
      else if (errno != EINTR)
        g_error ("getrandom: %s", g_strerror (errno));
    }
}

static const guint8 *
next_random (void)
{
  if (generator.random_left == 0)
    {
      fill_random (&generator.random[0][0], sizeof generator.random);
      generator.random_left = BATCH;
    }

  return generator.random[--generator.random_left];
}

/* The counter of RFC 9562, 6.2, method 1: it starts at a random place in its lower half each
 * millisecond, and borrows the next millisecond when it is used up. A clock that was set back
 * doesn't set the ids back. */
static void
advance (guint64 now_ms, guint16 start)
{
  if (now_ms > generator.last_ms)
    {
      generator.last_ms = now_ms;
      generator.counter = start & (COUNTER_MAX >> 1);
      return;
    }

  if (++generator.counter > COUNTER_MAX)
    {
      generator.last_ms++;
      generator.counter = 0;
    }
}

KelvinRequestId
kelvin_request_id_new (void)
{
  guint64 now_ms = g_get_real_time () / 1000;
  KelvinRequestId id;

  g_mutex_lock (&generator.lock);
  const guint8 *random = next_random ();
  advance (now_ms, (guint16) (random[8] << 8 | random[9]));
  guint64 ms = generator.last_ms;
  guint counter = generator.counter;
  memcpy (id.bytes + 8, random, 8);
  g_mutex_unlock (&generator.lock);

  for (guint i = 0; i < 6; i++)
    id.bytes[i] = (guint8) (ms >> (40 - 8 * i));
  id.bytes[6] = (guint8) (0x70 | (counter >> 8));
  id.bytes[7] = (guint8) counter;
  id.bytes[8] = (guint8) (0x80 | (id.bytes[8] & 0x3f));

  return id;
}

static gboolean
is_dash_position (guint position)
{
  return position == 8 || position == 13 || position == 18 || position == 23;
}

void
kelvin_request_id_to_text (const KelvinRequestId *self, char *out_text)
{
  static const char digits[] = "0123456789abcdef";
  char *at = out_text;

  for (guint i = 0; i < sizeof self->bytes; i++)
    {
      if (is_dash_position ((guint) (at - out_text)))
        *at++ = '-';
      *at++ = digits[self->bytes[i] >> 4];
      *at++ = digits[self->bytes[i] & 0xf];
    }
  *at = '\0';
}

char *
kelvin_request_id_to_string (const KelvinRequestId *self)
{
  char *text = g_malloc (KELVIN_REQUEST_ID_LENGTH + 1);

  kelvin_request_id_to_text (self, text);
  return text;
}

gboolean
kelvin_request_id_parse (const char *text, KelvinRequestId *out_id)
{
  KelvinRequestId id = { { 0 } };
  guint n = 0;

  for (guint i = 0; i < KELVIN_REQUEST_ID_LENGTH; i++)
    {
      if (is_dash_position (i))
        {
          if (text[i] != '-')
            return FALSE;
          continue;
        }
      /* a text that ends early has its NUL here, which isn't a digit */
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
      id.bytes[n / 2] = (guint8) (id.bytes[n / 2] << 4 | g_ascii_xdigit_value (text[i]));
      n++;
    }
  if (text[KELVIN_REQUEST_ID_LENGTH] != '\0')
    return FALSE;

  *out_id = id;
  return TRUE;
}
