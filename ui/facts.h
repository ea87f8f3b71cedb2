#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lines of a name and a figure, the figure at the right: "memory peak    12.4 of 128 MB". */
#define KELVIN_TYPE_FACTS (kelvin_facts_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFacts, kelvin_facts, KELVIN, FACTS, GtkWidget)

typedef enum {
  KELVIN_FACT_PLAIN,
  KELVIN_FACT_PART, /* of the line above: indented and dim */
  KELVIN_FACT_SUM,  /* below a line, bold */
} KelvinFactKind;

GtkWidget *kelvin_facts_new (void);
void kelvin_facts_clear (KelvinFacts *self);
/* @rule is nullable: how the figure came about, small and dim below the name. */
void kelvin_facts_add (KelvinFacts *self, KelvinFactKind kind, const char *name, const char *figure,
                       const char *rule);

G_END_DECLS
