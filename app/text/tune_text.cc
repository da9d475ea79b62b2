// The texts and JSON objects of a search. Not here: printing them (app/commands/tune.cc).
#include "app/text/tune_text.h"

#include <fmt/format.h>

#include <cmath>

#include "app/text/score_text.h"
#include "core/shell.h"
#include "core/text.h"

namespace pellucid::app {
namespace {

Json number_or_null(double x) {
  return std::isnan(x) ? Json() : Json(x);
}

constexpr const char* diverged = "diverged";

std::string verdict(const TuneGain& gain, ScoreKind kind) {
  const std::string interval = fmt::format("95% interval {} to {}", difference_text(kind, gain.interval.low),
                                           difference_text(kind, gain.interval.high));
  const std::string unit = std::string(kind == ScoreKind::accuracy ? " points of " : " of ") + score_name(kind);
  if (gain.is_beyond_noise()) {
    return fmt::format("{}{}, {}: more than chance", difference_text(kind, gain.gain), unit, interval);
  }
  if (gain.interval.high < 0) {
    return fmt::format("none: the default is better by {}{} ({}); keep the default", difference_text(kind, -gain.gain),
                       unit, interval);
  }
  return fmt::format("{}{}, {}: could be chance, the default may be as good", difference_text(kind, gain.gain), unit,
                     interval);
}

void add_gain(std::vector<Line>& lines, const TuneOutcome& outcome) {
  const std::int64_t seed = outcome.result.standard_recipe.training.seed;
  if (outcome.result.winner.trial.number == 0) {
    lines.push_back({"gain", "none: no trial was better than the default on the validation rows"});
  } else if (outcome.result.gain) {
    lines.push_back({"test", fmt::format("winner {}, default {}: means of {} trainings each (seeds {} to {})",
                                         named_score(outcome.result.kind, outcome.result.gain->candidate),
                                         named_score(outcome.result.kind, outcome.result.gain->standard), gain_seeds,
                                         seed + 1, seed + gain_seeds)});
    lines.push_back({"gain", verdict(*outcome.result.gain, outcome.result.kind)});
  } else {
    lines.push_back({"gain", outcome.result.test_rows > 0 ? "not measured: a training diverged or was interrupted"
                                                          : "not measured: there are no test rows"});
  }
}

}  // namespace

Json trial_json(const TrialResult& result, std::int64_t seed, ScoreKind kind, const std::string& command) {
  return {{"v", 1},
          {"trial", result.trial.number},
          {"epochs", result.epochs},
          {"seed", seed},
          {"hidden", result.trial.hidden_text()},
          {"lr", result.trial.learning_rate},
          {"dropout", result.trial.dropout},
          {"decay", result.trial.decay},
          {"val_" + std::string(name_of(kind)), number_or_null(result.score.score)},
          {"val_loss", number_or_null(result.score.loss)},
          {"best_epoch", result.best_epoch},
          {"command", command}};
}

Json end_json(const TuneOutcome& outcome) {
  const std::string metric(name_of(outcome.result.kind));
  const TrialResult& winner = outcome.result.winner;
  Json json = {{"run", outcome.run},
               {"model", outcome.model.empty() ? Json() : Json(outcome.model)},
               {"trainings", static_cast<std::int64_t>(outcome.result.trainings.size())},
               {"winner", winner.trial.number},
               {"hidden", winner.trial.hidden_text()},
               {"lr", winner.trial.learning_rate},
               {"dropout", winner.trial.dropout},
               {"decay", winner.trial.decay},
               {"val_" + metric, number_or_null(winner.score.score)},
               {"default_val_" + metric, number_or_null(outcome.result.standard.score.score)}};
  const std::optional<TuneGain>& gain = outcome.result.gain;
  json["test_" + metric] = gain ? Json(gain->candidate) : Json();
  json["default_test_" + metric] = gain ? Json(gain->standard) : Json();
  json["gain"] = gain ? Json(gain->gain) : Json();
  json["gain_low"] = gain ? Json(gain->interval.low) : Json();
  json["gain_high"] = gain ? Json(gain->interval.high) : Json();
  json["beyond_noise"] = gain && gain->is_beyond_noise();
  json["seconds"] = outcome.result.seconds;
  return json;
}

std::vector<Line> end_lines(const TuneOutcome& outcome) {
  const TrialResult& winner = outcome.result.winner;
  std::vector<Line> lines = {
      {"winner", winner.trial.number == 0 ? "the default: " + winner.trial.text()
                                          : fmt::format("trial {}: {}", winner.trial.number, winner.trial.text())},
      {"val",
       fmt::format("{} (default {}), best of {} in {}", named_score(outcome.result.kind, winner.score.score, diverged),
                   named_score(outcome.result.kind, outcome.result.standard.score.score, diverged),
                   plural(static_cast<std::int64_t>(outcome.result.trainings.size()), "training"),
                   duration_text(outcome.result.seconds))}};
  add_gain(lines, outcome);
  if (!outcome.model.empty()) lines.push_back({"model", outcome.model});
  lines.push_back({"repeat", "pellucid train --config " + shell_word(outcome.run + "/config.toml")});
  return lines;
}

}  // namespace pellucid::app
