#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What else the machine did while something was measured: counters of /proc, read at both ends. A
 * reading blocks on no disk. Where the kernel doesn't tell, NAN. */
typedef struct {
  double total_ticks; /* of all processors, idle ones included */
  double steal_ticks; /* that a hypervisor gave to others */
  double load;        /* runnable processes, the mean of a minute */
  double stalled_us;  /* in which something runnable waited for a processor: PSI */
  gint64 at_us;       /* monotonic */
  double throttled;   /* by heat, over all processors */
} KelvinMachineNoise;

KelvinMachineNoise kelvin_machine_noise_read (gint64 now_us);

/* {"quiet": true, "stealPercent": 0.1, "load": 0.4, "stalledPercent": 1.2, "throttled": 0}: of the
 * time between two readings. It isn't quiet where steal is over 1 %, where more was ready to run
 * than there are processors, or where heat throttled. (transfer full) */
JsonNode *kelvin_machine_noise_to_json (const KelvinMachineNoise *before,
                                        const KelvinMachineNoise *after);

G_END_DECLS
