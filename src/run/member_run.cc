// Members in the course of a run. Not here: lines for people (app/text/member_text.cc).
#include "run/member_run.h"

#include <fmt/format.h>

#include "core/text.h"
#include "pellucid/prediction_intervals.h"
#include "recipe/data.h"
#include "run/description.h"
#include "run/folder.h"
#include "run/member_json.h"
#include "trainings/member_space.h"
#include "trainings/members.h"

namespace pellucid {
namespace {

// A run with a time limit becomes one with the number of members that ended in time, so that it can be repeated.
void write_down_number(Run& run) {
  TrainingSettings& s = run.recipe.training;
  if (s.time_limit <= 0) return;
  run.recipe.origins["members"] = "as many as ended in " + duration_setting_text(s.time_limit);
  run.recipe.origins["time_limit"] = "replaced by the number of members";
  s.members = std::ssize(run.members->members);
  s.time_limit = 0;
  describe_settings(run, run.recipe);
}

void note_diverged(Run& run) {
  std::vector<std::string> numbers;
  for (const MemberRecord& member : run.members->members) {
    if (member.diverged) numbers.push_back(std::to_string(member.number));
  }
  if (numbers.empty()) return;
  run.findings.push_back(Finding::warn("H01", fmt::format("{} of {} diverged and {} not used: {}", numbers.size(),
                                                          plural(std::ssize(run.members->members), "member"),
                                                          numbers.size() == 1 ? "is" : "are", join(numbers, ", "))));
}

}  // namespace

void prepare_members(Run& run) {
  Recipe& recipe = run.recipe;
  check_members(recipe, run.split);
  if (recipe.training.members == 1 || !recipe.training.vary.is_auto()) return;
  recipe.training.vary = MemberSpace(recipe, run.split.preprocessor).varied();
  recipe.origins["vary"] = "auto: settings that a rule chose";
}

Model train_members_of(Run& run, Events& events, RunLog* log, const RunOptions& options) {
  const auto found = [&](const MemberProgress& progress) {
    if (log != nullptr) log->member(member_json(progress.member, run.kind()));
    events.on_member(progress);
  };
  MemberOptions member_options{
      .cancel = options.cancel, .found = found, .note = run.fit_options.note, .first = &run.fit_options};
  if (log != nullptr) {
    member_options.keep = [&](auto member, auto net, const auto& bytes) { log->keep_net(member, net, bytes); };
    member_options.kept = [&](auto member, auto net) { return log->kept_net(member, net); };
  }
  TrainedMembers trained = train_members(run.recipe, run.split, member_options);
  if (trained.diverged) {
    run.model = std::move(trained.model);
    throw *trained.diverged;
  }
  run.temperature = calibrate_members(trained, run.recipe);
  run.members = std::move(trained.record);
  run.history = std::move(trained.history);
  if (run.history.health && !run.history.health->own_probability.empty() && !run.split.folds.empty() &&
      !trained.validation.members.empty()) {
    run.history.health->own_probability = own_probabilities(trained);
  }
  note_diverged(run);
  if (trained.model.nodes().empty()) return run.model;  // cancelled before anything was trained
  run.model = std::move(trained.model);
  run.parameters = run.model.parameter_count();
  const ValidationOutputs& seen = trained.validation;
  if (!seen.rows.empty()) fit_intervals<float>(run.model, seen.rows, seen.outputs.view());
  run.layers = layer_records(trained.best);
  run.weights.clear();
  if (!trained.cancelled) write_down_number(run);
  return std::move(trained.best);
}

}  // namespace pellucid
