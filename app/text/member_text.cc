// Sentences about members. Not here: training them (the library).
#include "app/text/member_text.h"

#include <fmt/format.h>

#include "app/text/score_text.h"
#include "core/text.h"

namespace pellucid::app {
namespace {

// The epochs that the member's nets kept: one number, or the smallest and the largest of the folds.
std::string epochs_text(const MemberRecord& member) {
  std::int64_t low = member.nets.front().best_epoch, high = low;
  for (const MemberNet& net : member.nets) {
    low = std::min(low, net.best_epoch);
    high = std::max(high, net.best_epoch);
  }
  return low == high ? fmt::format("epoch {}", low) : fmt::format("epochs {} to {}", low, high);
}

std::string numbers_text(const Members& members) {
  std::vector<std::string> numbers;
  for (const MemberRecord& member : members.members) {
    if (member.chosen) numbers.push_back(std::to_string(member.number));
  }
  return join(numbers, ", ");
}

std::string drawn_text(const Recipe& recipe) {
  const Auto<std::vector<std::string>>& vary = recipe.training.vary;
  if (vary.is_auto() || vary.value().empty()) return "they differ in their seeds";
  return "they may differ in " + join(vary.value(), ", ");
}

}  // namespace

std::vector<Line> member_plan_lines(const Recipe& recipe, int width) {
  const TrainingSettings& s = recipe.training;
  const std::int64_t count = s.members.value_or(1), folds = s.cross_fit.value_or(0);
  if (count <= 1 && folds == 0) return {};
  std::string text = s.time_limit > 0 ? "as many nets as end in " + duration_text(s.time_limit) : plural(count, "net");
  if (folds > 0) text = fmt::format("{}, each trained {} times, once without each fold", text, folds);
  text += "; the best of them are averaged into one model";
  if (count > 1) text += "; " + drawn_text(recipe);
  text += ". The epochs are those of the first net";
  return {{"members", wrapped(text, width, 10)}};
}

std::string member_line(const MemberProgress& progress, ScoreKind kind) {
  const MemberRecord& member = progress.member;
  const std::string name = fmt::format("member {} of {}", member.number, progress.planned);
  if (member.diverged) return name + "   diverged and is not used";
  return fmt::format("{}   validation {} {} ({})   best {}   ensemble {}", name, score_name(kind),
                     score_text(kind, member.score), epochs_text(member), score_text(kind, progress.best_score),
                     score_text(kind, progress.ensemble_score));
}

std::string time_left_text(const MemberProgress& progress) {
  return progress.seconds_left > 0 ? "about " + duration_text(progress.seconds_left) + " left" : "";
}

std::vector<Line> member_result_lines(const RunResult& result) {
  if (!result.members || result.members->members.empty()) return {};
  const Members& members = *result.members;
  return {{"members", fmt::format("{} of {} are averaged: {}", members.chosen(),
                                  plural(std::ssize(members.members), "member"), numbers_text(members))}};
}

}  // namespace pellucid::app
