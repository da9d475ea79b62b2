// Right answers and squared errors, target by target. The order of all sums is fixed.
// Not here: which rows are scored (judge.cc, importance.cc).
#include "judge/scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/unit.h"

namespace pellucid {

ScoreKind headline_kind(std::span<const TargetScore> targets) {
  const auto classes = static_cast<std::size_t>(std::ranges::count_if(targets, &TargetScore::is_class));
  return score_kind(classes, targets.size() - classes);
}

double headline_score(std::span<const TargetScore> targets, std::int64_t rows) {
  if (targets.empty()) return std::numeric_limits<double>::quiet_NaN();
  const ScoreKind kind = headline_kind(targets);
  if (kind == ScoreKind::rmse) return targets.front().rmse;
  const auto count = static_cast<double>(targets.size());
  double sum = 0;
  for (const TargetScore& target : targets) {
    if (kind == ScoreKind::accuracy) {
      sum += static_cast<double>(target.right);  // divided once, so that it is exactly the share of all answers
    } else {
      sum += target.is_class ? static_cast<double>(target.right) / static_cast<double>(rows) : target.r2;
    }
  }
  return kind == ScoreKind::accuracy ? sum / (static_cast<double>(rows) * count) : sum / count;
}

template <class T>
Scorer::Scorer(const BasicModel<T>& model, const Dataset& data, const Loss& loss, OutputSource source)
    : data_(data), reader_(model, data, loss, source), tallies_(reader_.targets().size()) {
  kind_ = headline_kind(target_scores());
  for (std::size_t t = 0; t < tallies_.size(); ++t) prepare(t);
}

// The unit and the spread of a number.
void Scorer::prepare(std::size_t t) {
  const ReadTarget& target = reader_.targets()[t];
  if (target.classes > 0) return;
  Tally& tally = tallies_[t];
  const auto rows = static_cast<double>(data_.rows());
  if (target.fitted.shift) {
    double largest = 0;
    for (std::int64_t r = 0; r < data_.rows(); ++r) largest = std::max(largest, std::abs(truth(t, r)));
    tally.unit = unit_of(largest);
  }
  double mean = 0, spread = 0;
  bool varies = false;
  for (std::int64_t r = 0; r < data_.rows(); ++r) mean += truth(t, r);
  mean /= rows;
  for (std::int64_t r = 0; r < data_.rows(); ++r) {
    spread += (truth(t, r) - mean) * (truth(t, r) - mean);
    varies = varies || truth(t, r) != truth(t, 0);
  }
  tally.spread = varies ? spread : 0;
  if (!target.fitted.shift) tally.unit = target.fitted.deviation;
}

double Scorer::measured(std::size_t t, double net_value) const {
  const FittedTarget& fitted = reader_.targets()[t].fitted;
  return fitted.shift ? fitted.of_net(net_value) / tallies_[t].unit : net_value;
}

double Scorer::truth(std::size_t t, std::int64_t row) const {
  return measured(t, reader_.true_net_value(data_, row, t));
}

void Scorer::clear() {
  for (Tally& tally : tallies_) {
    tally.right = 0;
    tally.squares = 0;
  }
}

template <class T>
void Scorer::add(View<const T> outputs, std::int64_t first) {
  for (Tally& tally : tallies_) tally.recent = 0;
  for (std::int64_t r = 0; r < outputs.rows; ++r) {
    reader_.read<T>({outputs.row(r), static_cast<std::size_t>(outputs.columns)});
    for (std::size_t t = 0; t < tallies_.size(); ++t) {
      if (reader_.targets()[t].classes > 0) {
        tallies_[t].right += reader_.predicted_class(t) == reader_.true_class(data_, first + r, t);
      } else {
        const double error = measured(t, reader_.net_value(t)) - truth(t, first + r);
        tallies_[t].recent += error * error;
      }
    }
  }
  for (Tally& tally : tallies_) tally.squares += tally.recent;
}

std::vector<TargetScore> Scorer::target_scores() const {
  const auto rows = static_cast<double>(data_.rows());
  std::vector<TargetScore> scores;
  for (std::size_t t = 0; t < tallies_.size(); ++t) {
    const Tally& tally = tallies_[t];
    scores.push_back({.is_class = reader_.targets()[t].classes > 0,
                      .right = tally.right,
                      .rmse = std::sqrt(tally.squares / rows) * tally.unit,
                      .r2 = tally.spread > 0 ? 1 - tally.squares / tally.spread : 0});
  }
  return scores;
}

double Scorer::score() const {
  return headline_score(target_scores(), data_.rows());
}

double Scorer::error() const {
  if (kind_ == ScoreKind::rmse) return score();
  if (kind_ != ScoreKind::accuracy) return 1 - score();
  std::vector<TargetScore> wrong = target_scores();
  for (TargetScore& target : wrong) target.right = data_.rows() - target.right;
  return headline_score(wrong, data_.rows());
}

std::int64_t Scorer::most_frequent_class(std::size_t t) const {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(reader_.targets()[t].classes));
  for (std::int64_t r = 0; r < data_.rows(); ++r) ++counts[static_cast<std::size_t>(reader_.true_class(data_, r, t))];
  return *std::ranges::max_element(counts);
}

double Scorer::constant_score() const {
  const auto rows = static_cast<double>(data_.rows());
  std::vector<TargetScore> scores = target_scores();
  for (std::size_t t = 0; t < scores.size(); ++t) {
    if (scores[t].is_class) scores[t].right = most_frequent_class(t);
    scores[t].rmse = tallies_[t].unit * std::sqrt(tallies_[t].spread / rows);
    scores[t].r2 = 0;  // of the mean, by definition
  }
  return headline_score(scores, data_.rows());
}

template Scorer::Scorer(const BasicModel<float>&, const Dataset&, const Loss&, OutputSource);
template Scorer::Scorer(const BasicModel<double>&, const Dataset&, const Loss&, OutputSource);
template void Scorer::add(View<const float>, std::int64_t);
template void Scorer::add(View<const double>, std::int64_t);

}  // namespace pellucid
