#include "engine/environment/dns-message.h"

#include <string.h>

#define HEADER_SIZE 12
#define LONGEST_LABEL 63
#define CLASS_INTERNET 1
#define TYPE_OPT 41
/* Behind its empty name: type, size of datagrams, flags, length of what follows. */
#define OPT_HEAD_SIZE 11

/* Bits of the third byte of a header. */
#define IS_ANSWER 0x80
#define OPCODE 0x78
#define IS_AUTHORITATIVE 0x04
#define IS_CUT 0x02
#define WANTS_RECURSION 0x01
/* And of the fourth. */
#define HAS_RECURSION 0x80

static guint16
read_16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

static guint8 *
put_16 (guint8 *at, guint16 value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
  return at + 2;
}

static gboolean
take_label (const guint8 *label, gsize length, KelvinDnsQuery *query, gsize *used)
{
  if (*used + length + (*used > 0) > KELVIN_DNS_LONGEST_NAME)
    return FALSE;
  if (*used > 0)
    query->name[(*used)++] = '.';
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (label[i]) && label[i] != '-' && label[i] != '_')
        return FALSE;
      query->name[(*used)++] = g_ascii_tolower ((char) label[i]);
    }
  return TRUE;
}

/* Labels alone: a question has nothing before it that a pointer could point to. Returns where the
 * name ends, 0 where it isn't one. */
static gsize
take_name (const guint8 *data, gsize size, KelvinDnsQuery *query)
{
  gsize at = HEADER_SIZE;
  gsize used = 0;

  while (at < size && data[at] != 0)
    {
      gsize length = data[at];

      if (length > LONGEST_LABEL || size - at - 1 < length ||
          !take_label (data + at + 1, length, query, &used))
        return 0;
      at += 1 + length;
    }
  query->name[used] = '\0';
  return at < size ? at + 1 : 0;
}

/* Nothing, or one EDNS record up to the end. */
static gboolean
is_extension (const guint8 *data, gsize size, guint count)
{
  if (count == 0)
    return size == 0;
  return count == 1 && size >= OPT_HEAD_SIZE && data[0] == 0 && read_16 (data + 1) == TYPE_OPT &&
         size == (gsize) OPT_HEAD_SIZE + read_16 (data + 9);
}

KelvinDnsCode
kelvin_dns_parse (const guint8 *data, gsize size, KelvinDnsQuery *out_query)
{
  *out_query = (KelvinDnsQuery){ .size = HEADER_SIZE };

  if (size < HEADER_SIZE || (data[2] & IS_ANSWER) != 0)
    return KELVIN_DNS_MALFORMED;
  out_query->asked = TRUE;
  if ((data[2] & OPCODE) != 0)
    return KELVIN_DNS_NOT_IMPLEMENTED;
  if (size > KELVIN_DNS_LARGEST_QUERY || (data[2] & IS_CUT) != 0 || read_16 (data + 4) != 1 ||
      read_16 (data + 6) != 0 || read_16 (data + 8) != 0)
    return KELVIN_DNS_MALFORMED;

  gsize end = take_name (data, size, out_query);
  if (end == 0 || size - end < 4 || read_16 (data + end + 2) != CLASS_INTERNET ||
      !is_extension (data + end + 4, size - end - 4, read_16 (data + 10)))
    return KELVIN_DNS_MALFORMED;

  out_query->type = read_16 (data + end);
  out_query->size = end + 4;
  return KELVIN_DNS_OK;
}

static guint8 *
put_address (guint8 *at, const guint8 *address)
{
  at = put_16 (at, 0xc000 | HEADER_SIZE); /* the name of the question */
  at = put_16 (at, KELVIN_DNS_TYPE_A);
  at = put_16 (at, CLASS_INTERNET);
  at = put_16 (put_16 (at, 0), 0); /* good for 0 s: nothing is to be kept */
  at = put_16 (at, 4);
  memcpy (at, address, 4);
  return at + 4;
}

gsize
kelvin_dns_answer (const guint8 *data, const KelvinDnsQuery *query, KelvinDnsCode code,
                   const guint8 *address, guint8 *out)
{
  guint8 *at = out + query->size;

  memcpy (out, data, query->size);
  out[2] = (guint8) (IS_ANSWER | IS_AUTHORITATIVE | (data[2] & (OPCODE | WANTS_RECURSION)));
  out[3] = (guint8) (HAS_RECURSION | code);
  put_16 (out + 4, query->size > HEADER_SIZE);
  put_16 (out + 6, address != NULL);
  put_16 (out + 8, 0);
  put_16 (out + 10, 0);
  if (address != NULL)
    at = put_address (at, address);
  return (gsize) (at - out);
}
