#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Just so much of DNS (RFC 1035) as a sandbox's resolver needs: one question in, one answer out.
 * Pure functions; strict, since what comes in is written by whoever runs inside. */

#define KELVIN_DNS_LARGEST_QUERY 512
#define KELVIN_DNS_LARGEST_ANSWER (KELVIN_DNS_LARGEST_QUERY + 16)
#define KELVIN_DNS_LONGEST_NAME 253

/* Those that mean something here; any other is a number. */
typedef enum {
  KELVIN_DNS_TYPE_A = 1,
  KELVIN_DNS_TYPE_LAST = G_MAXUINT16,
} KelvinDnsType;

/* What an answer says (its RCODE). */
typedef enum {
  KELVIN_DNS_OK = 0,
  KELVIN_DNS_MALFORMED = 1,
  KELVIN_DNS_NO_SUCH_NAME = 3,
  KELVIN_DNS_NOT_IMPLEMENTED = 4,
} KelvinDnsCode;

typedef struct {
  char name[KELVIN_DNS_LONGEST_NAME + 1]; /* lower case, without the last dot; "" is the root */
  KelvinDnsType type;
  gsize size;     /* of header and question: what the answer repeats */
  gboolean asked; /* there is something to answer: header and opcode make sense */
} KelvinDnsQuery;

/* KELVIN_DNS_OK where @data is one whole question of the class of the internet, with at most an
 * EDNS record behind it; else what to answer. With out_query->asked FALSE nothing is to be answered
 * at all. */
KelvinDnsCode kelvin_dns_parse (const guint8 *data, gsize size, KelvinDnsQuery *out_query);

/* Writes the answer to @query, which @data holds: @code, and where @address isn't NULL that IPv4
 * address. @out has room for KELVIN_DNS_LARGEST_ANSWER. Returns the size. */
gsize kelvin_dns_answer (const guint8 *data, const KelvinDnsQuery *query, KelvinDnsCode code,
                         const guint8 *address, guint8 *out);

G_END_DECLS
