// Fills the leaderboard; its JSON. Not here: its lines in the terminal (app/text/score_text.cc).
#include "run/leaderboard.h"

#include <algorithm>

#include "recipe/metric_rules.h"
#include "run/prediction_cost.h"
#include "trainings/side_by_side.h"

namespace pellucid {
namespace {

// As long as the nets of one member take on the threads of the run.
double seconds_alone(const MemberRecord& member, std::int64_t threads) {
  double seconds = 0;
  for (const MemberNet& net : member.nets) seconds += net.seconds;
  return seconds / static_cast<double>(std::clamp<std::int64_t>(threads, 1, std::ssize(member.nets)));
}

}  // namespace

void add_to_leaderboard(Run& run, const char* name, const Evaluation& evaluation, double seconds,
                        double microseconds_per_row) {
  LeaderboardEntry entry{.name = name,
                         .score = evaluation.score(),
                         .interval = evaluation.interval(run.seed),
                         .seconds = seconds,
                         .microseconds_per_row = microseconds_per_row};
  if (const std::string metric = metric_name(run.recipe); !metric.empty()) {
    entry.metric = metric_of(evaluation, metric);
    entry.metric_interval = metric_interval(evaluation, metric, run.seed);
  }
  run.leaderboard.push_back(std::move(entry));
}

void add_models(Run& run, const Model* best_member) {
  const Dataset& rows = run.split.test;
  if (best_member != nullptr && run.members->chosen() > 1) {
    const MemberRecord& best = run.members->members[run.members->best];
    add_to_leaderboard(run, "best_member", evaluate(*best_member, rows),
                       seconds_alone(best, usable_threads(run.recipe)), microseconds_per_row(*best_member, rows));
  }
  add_to_leaderboard(run, "model", *run.test, run.members ? run.members->seconds : run.history.seconds,
                     microseconds_per_row(run.model, rows));
}

Json leaderboard_json(const RunResult& result) {
  Json board = Json::array();
  for (const LeaderboardEntry& entry : result.leaderboard) {
    Json& json = board.emplace_back(Json{{"name", entry.name},
                                         {"test_" + std::string(name_of(result.kind())), entry.score},
                                         {"interval_low", entry.interval.low},
                                         {"interval_high", entry.interval.high}});
    if (entry.metric) json["test_" + result.metric->name] = *entry.metric;
    if (entry.metric_interval) {
      json["metric_low"] = entry.metric_interval->low;
      json["metric_high"] = entry.metric_interval->high;
    }
    json["seconds"] = entry.seconds;
    if (entry.microseconds_per_row > 0) json["microseconds_per_row"] = entry.microseconds_per_row;
  }
  return board;
}

}  // namespace pellucid
