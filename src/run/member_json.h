// Members of a run as JSON: an event and a line of metrics.jsonl each, and `members` in report.json.
// Not here: the rest of a run (run_json.h).
#pragma once

#include "core/settings.h"
#include "pellucid/members.h"
#include "pellucid/metric.h"

namespace pellucid {

/// {member, settings, diverged, val_accuracy|val_rmse|val_r2, selection_loss, nets: [{seed, fold, epochs, best_epoch,
/// val_…, seconds}]}; fold only with cross-fitting.
Json member_json(const MemberRecord& member, ScoreKind kind);
/// The event: the member, and members (planned), best_val_…, ensemble_val_…, seconds_left.
Json member_event_json(const MemberProgress& progress, ScoreKind kind);
/// For report.json and the `end` event: numbers, scores, seconds; with `each`, also every member (`list`) and
/// error_correlations of the chosen ones.
Json members_json(const Members& members, ScoreKind kind, bool each);

}  // namespace pellucid
