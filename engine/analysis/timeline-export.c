/* Timelines in the formats of other programs. */

#include "engine/analysis/timeline.h"

#include <string.h>

#include "engine/model/json-member.h"
#include "engine/model/json-text.h"

#define NS_PER_US 1000.0
#define NS_PER_MS 1e6

static const struct {
  const char *name;
  KelvinTimelineFormat format;
} formats[] = {
  { "speedscope", KELVIN_TIMELINE_SPEEDSCOPE },
  { "chrome", KELVIN_TIMELINE_CHROME },
  { "collapsed", KELVIN_TIMELINE_COLLAPSED },
};

gboolean
kelvin_timeline_format_from_string (const char *name, KelvinTimelineFormat *out_format)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (formats[i].name, name) == 0)
      {
        *out_format = formats[i].format;
        return TRUE;
      }
  return FALSE;
}

static const KelvinTimeSpan *
get_span (const KelvinTimeline *self, guint index)
{
  return &g_array_index (self->spans, KelvinTimeSpan, index);
}

/* --- speedscope: https://www.speedscope.app/file-format-schema.json --- */

static void
add_event (JsonArray *events, const char *type, guint frame, gint64 at_ns)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "type", type);
  json_object_set_int_member (event, "frame", frame);
  json_object_set_double_member (event, "at", (double) at_ns / NS_PER_MS);
  json_array_add_object_element (events, event);
}

/* Spans come each after its parent: those that @next isn't part of end before it begins. */
static void
close_spans (const KelvinTimeline *self, JsonArray *events, GArray *open, int parent)
{
  while (open->len > 0 && g_array_index (open, int, open->len - 1) != parent)
    {
      int last = g_array_index (open, int, open->len - 1);

      add_event (events, "C", (guint) last, get_span (self, (guint) last)->end_ns);
      g_array_set_size (open, open->len - 1);
    }
}

static JsonArray *
make_events (const KelvinTimeline *self)
{
  JsonArray *events = json_array_new ();
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < (int) self->spans->len; i++)
    {
      close_spans (self, events, open, get_span (self, (guint) i)->parent);
      add_event (events, "O", (guint) i, get_span (self, (guint) i)->start_ns);
      g_array_append_val (open, i);
    }
  close_spans (self, events, open, -1);
  return events;
}

static JsonArray *
make_frames (const KelvinTimeline *self)
{
  JsonArray *frames = json_array_new ();

  for (guint i = 0; i < self->spans->len; i++)
    {
      const KelvinTimeSpan *span = get_span (self, i);
      JsonObject *frame = json_object_new ();

      json_object_set_string_member (frame, "name", span->name);
      if (span->file != NULL)
        json_object_set_string_member (frame, "file", span->file);
      json_array_add_object_element (frames, frame);
    }
  return frames;
}

static JsonNode *
make_speedscope (const KelvinTimeline *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *shared = json_object_new ();
  JsonObject *profile = json_object_new ();
  JsonArray *profiles = json_array_new ();

  json_object_set_array_member (shared, "frames", make_frames (self));
  json_object_set_string_member (profile, "type", "evented");
  json_object_set_string_member (profile, "name", self->title);
  json_object_set_string_member (profile, "unit", "milliseconds");
  json_object_set_double_member (profile, "startValue", 0);
  json_object_set_double_member (profile, "endValue",
                                 (double) get_span (self, 0)->end_ns / NS_PER_MS);
  json_object_set_array_member (profile, "events", make_events (self));
  json_array_add_object_element (profiles, profile);

  json_object_set_string_member (object, "$schema",
                                 "https://www.speedscope.app/file-format-schema.json");
  json_object_set_object_member (object, "shared", shared);
  json_object_set_array_member (object, "profiles", profiles);
  json_object_set_string_member (object, "name", self->title);
  json_object_set_int_member (object, "activeProfileIndex", 0);
  json_object_set_string_member (object, "exporter", "Kelvin");
  return kelvin_json_take_object (object);
}

/* --- Chrome: the Trace Event Format --- */

static JsonObject *
new_trace_event (const char *name, const char *phase)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "name", name);
  json_object_set_string_member (event, "ph", phase);
  json_object_set_int_member (event, "pid", 1);
  json_object_set_int_member (event, "tid", 1);
  return event;
}

static void
add_process_name (JsonArray *events, const char *title)
{
  JsonObject *event = new_trace_event ("process_name", "M");
  JsonObject *args = json_object_new ();

  json_object_set_string_member (args, "name", title);
  json_object_set_object_member (event, "args", args);
  json_array_add_object_element (events, event);
}

static JsonNode *
make_chrome (const KelvinTimeline *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *events = json_array_new ();

  add_process_name (events, self->title);
  for (guint i = 0; i < self->spans->len; i++)
    {
      const KelvinTimeSpan *span = get_span (self, i);
      JsonObject *event = new_trace_event (span->name, "X");
      JsonObject *args = json_object_new ();

      json_object_set_string_member (event, "cat", span->category);
      json_object_set_double_member (event, "ts", (double) span->start_ns / NS_PER_US);
      json_object_set_double_member (event, "dur",
                                     (double) (span->end_ns - span->start_ns) / NS_PER_US);
      if (span->file != NULL)
        json_object_set_string_member (args, "file", span->file);
      json_object_set_object_member (event, "args", args);
      json_array_add_object_element (events, event);
    }
  json_object_set_array_member (object, "traceEvents", events);
  json_object_set_string_member (object, "displayTimeUnit", "ms");
  return kelvin_json_take_object (object);
}

/* --- collapsed stacks --- */

/* What separates frames, and lines, may be in no name. */
static void
append_name (GString *text, const char *name)
{
  for (const char *at = name; *at != '\0'; at++)
    g_string_append_c (text, *at == ';' || *at == '\n' || *at == '\r' ? '_' : *at);
}

static void
append_stack (GString *text, const KelvinTimeline *self, int index)
{
  const KelvinTimeSpan *span = get_span (self, (guint) index);

  if (span->parent >= 0)
    {
      append_stack (text, self, span->parent);
      g_string_append_c (text, ';');
    }
  append_name (text, span->name);
}

static char *
make_collapsed (const KelvinTimeline *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gint64 *own_ns = g_new0 (gint64, self->spans->len);

  for (guint i = 0; i < self->spans->len; i++)
    {
      const KelvinTimeSpan *span = get_span (self, i);

      own_ns[i] += span->end_ns - span->start_ns;
      if (span->parent >= 0)
        own_ns[span->parent] -= span->end_ns - span->start_ns;
    }
  for (guint i = 0; i < self->spans->len; i++)
    {
      if (own_ns[i] < NS_PER_US)
        continue;
      append_stack (text, self, (int) i);
      g_string_append_printf (text, " %" G_GINT64_FORMAT "\n", own_ns[i] / 1000);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
kelvin_timeline_export (const KelvinTimeline *self, KelvinTimelineFormat format)
{
  if (format == KELVIN_TIMELINE_COLLAPSED)
    return make_collapsed (self);

  g_autoptr (JsonNode) node =
      format == KELVIN_TIMELINE_CHROME ? make_chrome (self) : make_speedscope (self);
  return kelvin_json_to_text (node, KELVIN_JSON_COMPACT);
}
