// The findings H02 to H07 and the ranking of label suspects (D07). Not here: the measurement (health_watch.cc), how the
// thresholds were chosen (docs/findings.md).
#include "pellucid/health_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace pellucid {
namespace {

constexpr double some_dead = 0.1, most_dead = 0.5;
constexpr double vanishing = 1e-3;
constexpr double mostly_saturated = 0.5;
constexpr double least_step = 1e-5, most_step = 0.03;
constexpr double learned = 0.98;
constexpr std::int64_t enough_epochs = 3;
constexpr double risen = 1.1;
constexpr double wide_gap = 0.1;

std::string percent(double share) {
  return fmt::format("{:.{}f} %", share * 100, share < 0.1 ? 1 : 0);
}

std::string named(const EpochHealth& first) {
  return first.epoch == 1 ? "the first epoch" : fmt::format("epoch {}", first.epoch);
}

void add_dead(std::vector<Finding>& findings, const Health& health) {
  for (const LayerHealth& layer : health.kept.layers) {
    if (!(layer.dead > some_dead)) continue;
    findings.push_back(
        {.code = "H02",
         .text = fmt::format("{} of the units of {} are dead: they give the same output for each of {}; use a "
                             "smaller `learning_rate` or `activation = leaky_relu`",
                             percent(layer.dead), layer.layer, plural(health.rows, "training row")),
         .warning = layer.dead > most_dead});
  }
}

void add_vanishing(std::vector<Finding>& findings, const EpochHealth& first) {
  std::vector<const LayerHealth*> weighted;
  for (const LayerHealth& layer : first.layers) {
    if (!std::isnan(layer.gradient_rms)) weighted.push_back(&layer);
  }
  if (weighted.size() < 2) return;
  const LayerHealth &front = *weighted.front(), &back = *weighted.back();
  if (!(front.gradient_rms < vanishing * back.gradient_rms)) return;
  findings.push_back(Finding::warn(
      "H03", fmt::format("the gradient of {0} is only {1:.1e} times that of {2} in {3}, so {0} hardly learns; "
                         "use `activation = relu` or fewer layers",
                         front.layer, front.gradient_rms / back.gradient_rms, back.layer, named(first))));
}

void add_saturated(std::vector<Finding>& findings, const EpochHealth& first) {
  for (const LayerHealth& layer : first.layers) {
    if (!(layer.saturated > mostly_saturated)) continue;
    findings.push_back(Finding::note(
        "H04", fmt::format("{} of the outputs of {} are at an end of their range in {}, where the slope is nearly "
                           "0, so its weights hardly change; scale the columns (`scale = standard`)",
                           percent(layer.saturated), layer.layer, named(first))));
  }
}

// Judged over all layers: a single layer may begin with weights near 0, and its first steps are then relatively large.
void add_step_size(std::vector<Finding>& findings, const EpochHealth& first) {
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const LayerHealth& layer : first.layers) {
    if (std::isnan(layer.step_ratio)) continue;
    least = std::min(least, layer.step_ratio);
    most = std::max(most, layer.step_ratio);
  }
  if (std::isfinite(least) && least > most_step) {
    findings.push_back(Finding::warn(
        "H05", fmt::format("a step of {} changes the weights of every layer by {} of their size or more (usual: "
                           "under {}), which makes training erratic; try a smaller `learning_rate`",
                           named(first), percent(least), percent(most_step))));
  } else if (std::isfinite(least) && most < least_step) {
    findings.push_back(Finding::warn(
        "H05", fmt::format("a step of {} changes the weights of no layer by more than {:.1e} of their size (usual: "
                           "over {:.0e}), so training is slow; try a larger `learning_rate`",
                           named(first), most, least_step)));
  }
}

void add_not_learning(std::vector<Finding>& findings, const History& history) {
  if (static_cast<std::int64_t>(history.epochs.size()) < enough_epochs) return;
  const double constant = history.health->constant_loss, loss = history.epochs.back().train_loss;
  if (!(constant > 0) || !(loss >= learned * constant)) return;
  findings.push_back(Finding::warn(
      "H06",
      fmt::format(
          "after {} the training loss is {:.4g}, and the best constant prediction has {:.4g}: the model has learned "
          "nothing; try another `learning_rate`, and check whether the columns can predict the target",
          plural(history.epochs.back().epoch, "epoch"), loss, constant)));
}

const EpochRecord* record_of(const History& history, std::int64_t epoch) {
  for (const EpochRecord& record : history.epochs) {
    if (record.epoch == epoch) return &record;
  }
  return nullptr;
}

// How much better the final weights score on the sample of training rows than on the validation rows, in accuracy or
// R², and two standard errors of this difference.
struct Gap {
  double size, chance;
};

Gap gap_of(const Health& health, double validation_score, ScoreKind kind) {
  const double a = health.kept_score, b = validation_score;
  const auto n = static_cast<double>(health.rows), m = static_cast<double>(health.validation_rows);
  if (kind == ScoreKind::accuracy) return {a - b, 2 * std::sqrt(a * (1 - a) / n + b * (1 - b) / m)};
  const double unit = health.constant_score * health.constant_score;
  const bool rmse = kind == ScoreKind::rmse;
  const double train = rmse ? a * a / unit : 1 - a, validation = rmse ? b * b / unit : 1 - b;  // 1 - R²
  return {validation - train, 2 * std::sqrt(2 * train * train / n + 2 * validation * validation / m)};
}

void add_overfitting(std::vector<Finding>& findings, const History& history, ScoreKind kind) {
  const EpochRecord* kept = record_of(history, history.best_epoch);
  if (kept == nullptr || std::isnan(kept->validation_loss)) return;
  const Gap gap = gap_of(*history.health, kept->validation_score, kind);
  if (gap.size > wide_gap && gap.size > gap.chance) {
    const std::string much = kind == ScoreKind::accuracy ? fmt::format("{:.1f} points of accuracy", gap.size * 100)
                                                         : fmt::format("{:.2f} of R²", gap.size);
    findings.push_back(Finding::warn(
        "H07", fmt::format("overfitting: the model is better on training rows than on validation rows by {}; more "
                           "rows, `l2`, `dropout` or fewer units help",
                           much)));
    return;
  }
  double least = std::numeric_limits<double>::infinity();
  for (const EpochRecord& record : history.epochs) least = std::min(least, record.validation_loss);
  const EpochRecord& last = history.epochs.back();
  if (last.validation_loss > risen * least) {
    findings.push_back(Finding::note(
        "H07",
        fmt::format("the validation loss rose from {:.4g} to {:.4g} (epoch {}); the weights of epoch {} were kept",
                    least, last.validation_loss, last.epoch, history.best_epoch)));
  }
}

}  // namespace

std::vector<Finding> find_early_faults(const EpochHealth& first) {
  std::vector<Finding> findings;
  if (!first.begun || first.epoch > latest_first_look) return findings;  // later: training was resumed
  add_vanishing(findings, first);
  add_step_size(findings, first);
  return findings;
}

std::vector<Finding> find_training_faults(const History& history, ScoreKind kind) {
  std::vector<Finding> findings;
  if (!history.health || history.epochs.empty()) return findings;
  const Health& health = *history.health;
  add_dead(findings, health);
  if (!health.epochs.empty()) {
    const EpochHealth& first = health.epochs.front();
    const std::vector<Finding> early = find_early_faults(first);
    findings.insert(findings.end(), early.begin(), early.end());
    if (first.epoch <= latest_first_look) add_saturated(findings, first);
  }
  add_not_learning(findings, history);
  add_overfitting(findings, history, kind);
  return findings;
}

std::vector<LabelSuspect> label_suspects(const Health& health, std::int64_t most) {
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(0, most));
  const auto comes_first = [](const LabelSuspect& a, const LabelSuspect& b) {
    return a.probability != b.probability ? a.probability < b.probability : a.position < b.position;
  };
  std::vector<LabelSuspect> suspects;  // a heap with the row of the largest probability in front
  for (std::size_t r = 0; r < health.own_probability.size() && wanted > 0; ++r) {
    const LabelSuspect row{static_cast<std::int64_t>(r), health.own_probability[r]};
    if (std::isnan(row.probability)) continue;
    if (suspects.size() == wanted) {
      if (!comes_first(row, suspects.front())) continue;
      std::pop_heap(suspects.begin(), suspects.end(), comes_first);
      suspects.pop_back();
    }
    suspects.push_back(row);
    std::push_heap(suspects.begin(), suspects.end(), comes_first);
  }
  std::sort_heap(suspects.begin(), suspects.end(), comes_first);
  return suspects;
}

}  // namespace pellucid
