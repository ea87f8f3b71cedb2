#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What would make a function's cold starts shorter, and what came of trying it. Pure data. */

typedef enum {
  KELVIN_ADVICE_DEFER_IMPORT,  /* into the functions that use it */
  KELVIN_ADVICE_DEFER_IMPORTS, /* all that can be */
  KELVIN_ADVICE_BYTE_CODE,     /* shipped with the code */
  KELVIN_ADVICE_LEAVE_OUT,     /* what is never opened */
  KELVIN_ADVICE_TOGETHER,      /* all of the above that help */
  KELVIN_ADVICE_BUNDLE,        /* of Node modules */
  KELVIN_ADVICE_PROVISIONED,   /* one environment kept ready */
  KELVIN_ADVICE_SNAPSHOT,      /* of the initialised environment */
} KelvinAdviceKind;

typedef enum {
  KELVIN_VERDICT_NOT_TRIED,
  KELVIN_VERDICT_HELPS,          /* the whole interval is a saving */
  KELVIN_VERDICT_NOT_WORTH_IT,   /* the whole interval is below what anybody would notice */
  KELVIN_VERDICT_UNCLEAR,        /* neither: more tries would tell */
  KELVIN_VERDICT_HARMS,          /* the whole interval is a loss */
  KELVIN_VERDICT_ANSWERS_DIFFER, /* the function did something else, so it is no advice */
} KelvinAdviceVerdict;

/* A file as it would be. */
typedef struct {
  char *file;      /* below the function's folder */
  char *of_digest; /* nullable: SHA-256, hex, of the text that it was made from */
  char *text;
} KelvinPatch;

typedef struct {
  KelvinAdviceKind kind;
  char *title;      /* "Import decimal where it is needed" */
  char *file;       /* nullable: the person's own, which it touches */
  guint line;       /* 0: none */
  char *remedy;     /* nullable: what to do, where there is no patch */
  char *remark;     /* nullable: why it wasn't tried, what else to know */
  char *offered;    /* nullable: why the service doesn't offer it for this runtime */
  GArray *patches;  /* of KelvinPatch */
  GArray *saved_ms; /* of double: of a cold start, one for each pair of tries */
  gboolean answers_differ;
  gint64 month_pico_usd; /* what it costs in a month; -1: nothing */
} KelvinAdvice;

KelvinAdvice *kelvin_advice_new (KelvinAdviceKind kind, const char *title);
void kelvin_advice_free (KelvinAdvice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinAdvice, kelvin_advice_free)
void kelvin_advice_add_patch (KelvinAdvice *self, const char *file, const char *of_digest,
                              const char *text);

/* Both were measured alternately, so each try has its neighbour in time: the median of the
 * differences, and its 95 % interval by order statistics (Conover 1999, §3.2). NAN where there are
 * too few. */
void kelvin_advice_get_saving (const KelvinAdvice *self, double *out_ms, double *out_low_ms,
                               double *out_high_ms);
KelvinAdviceVerdict kelvin_advice_get_verdict (const KelvinAdvice *self);

/* What a millisecond of cold start costs the function. */
typedef struct {
  double cold_share;               /* of its calls; NAN: nothing served it yet */
  gint64 pico_usd_per_thousand_ms; /* of init */
} KelvinColdWorth;

/* The list that `kelvin profile --advise --json` has as "advice". (transfer full) */
JsonArray *kelvin_advice_list_to_json (GPtrArray *list, const KelvinColdWorth *worth);

G_END_DECLS
