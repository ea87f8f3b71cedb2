#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KELVIN_PAGE_DEFAULT 50
#define KELVIN_PAGE_MOST 1000

/* What a reading of a list answers: its items and where the next page begins. */
typedef struct {
  GPtrArray *items;
  char *next; /* nullable */
} KelvinPage;

KelvinPage *kelvin_page_new (GDestroyNotify free_item);
void kelvin_page_free (KelvinPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinPage, kelvin_page_free)

/* The items, taken out; frees the rest. */
GPtrArray *kelvin_page_finish (KelvinPage *self, char **out_next);

guint kelvin_page_clamp_limit (guint limit);

/* A place in a list that is ordered by two numbers, as text that callers hand back unread. */
char *kelvin_page_format_cursor (gint64 first, gint64 second);
gboolean kelvin_page_parse_cursor (const char *cursor, gint64 *out_first, gint64 *out_second,
                                   GError **error);

G_END_DECLS
