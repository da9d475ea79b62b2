// A run that trains members: what takes the place of fit() in the course of a run.
// Not here: training members (trainings/members.h), the rest of the course (train.cc).
#pragma once

#include "pellucid/run.h"
#include "run/run_log.h"

namespace pellucid {

/// Decides what members draw, so that config.toml says it: read again, no setting comes from a rule. Throws U34.
void prepare_members(Run& run);

/// Trains the members, tells `events` and the log of each, and fills in run.model, history, members and temperature.
/// After a time limit, run.recipe has the number of members that ended in time and no limit. Returns the best single
/// member. Throws N01 where all members diverged. `log` may be null.
Model train_members_of(Run& run, Events& events, RunLog* log, const RunOptions& options);

}  // namespace pellucid
