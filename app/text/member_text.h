// Lines about members: the plan, each member that has ended, and what they reach together.
// Not here: the same as JSON (run/member_json.h).
#pragma once

#include <string>
#include <vector>

#include "app/cli/reporter.h"
#include "pellucid/events.h"
#include "pellucid/recipe.h"
#include "pellucid/run_result.h"

namespace pellucid::app {

/// What will be trained; no lines where the recipe has no members.
std::vector<Line> member_plan_lines(const Recipe& recipe, int width);
/// "member 5 of 16   validation RMSE 0.4512 (epoch 96)   best 0.4470   ensemble 0.4321"
std::string member_line(const MemberProgress& progress, ScoreKind kind);
/// "2 min left"; "" where nothing is left.
std::string time_left_text(const MemberProgress& progress);
/// Which members were chosen; what they reach is in the leaderboard (score_text.h).
std::vector<Line> member_result_lines(const RunResult& result);

}  // namespace pellucid::app
