// Predictions in the unit of the target, right answers and squared errors. The order of all sums is fixed.
// Not here: which rows are scored (judge.cc).
#include "judge/scorer.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace pellucid {

template <class T>
FittedTarget target_at(const BasicModel<T>& model, std::int64_t c) {
  const auto at = static_cast<std::size_t>(c);
  if (model.preprocessor && at < model.preprocessor->targets.size()) return model.preprocessor->targets[at];
  FittedTarget plain;
  plain.name = std::to_string(c);
  return plain;
}

template <class T>
Scorer<T>::Scorer(const BasicModel<T>& model, const Dataset& data, T threshold)
    : data_(data),
      kind_(score_kind(data.is_classification(), static_cast<std::size_t>(data.targets().columns))),
      threshold_(threshold) {
  const std::vector<FittedTarget> none, &targets = model.preprocessor ? model.preprocessor->targets : none;
  const auto is_log_scaled = [](const FittedTarget& target) { return target.shift.has_value(); };
  const std::int64_t outputs = model.output_shape().elements();
  const bool each = targets.size() == static_cast<std::size_t>(outputs);
  if (each && std::any_of(targets.begin(), targets.end(), is_log_scaled)) log_scaled_ = targets;
  if (log_scaled_.empty() && !targets.empty()) unit_ = targets.front().deviation;
  squares_.resize(static_cast<std::size_t>(outputs));
  if (kind_ == ScoreKind::r2) measure_spreads();
}

template <class T>
double Scorer<T>::prediction(double output, std::int64_t target) const {
  return log_scaled_.empty() ? output : log_scaled_[static_cast<std::size_t>(target)].of_net(output);
}

template <class T>
double Scorer<T>::truth(std::int64_t row, std::int64_t target) const {
  return prediction(data_.value(row, target), target);
}

template <class T>
void Scorer<T>::measure_spreads() {
  for (std::int64_t c = 0; c < data_.targets().columns; ++c) {
    double mean = 0, spread = 0;
    bool varies = false;
    for (std::int64_t r = 0; r < data_.rows(); ++r) mean += truth(r, c);
    mean /= static_cast<double>(data_.rows());
    for (std::int64_t r = 0; r < data_.rows(); ++r) {
      spread += (truth(r, c) - mean) * (truth(r, c) - mean);
      varies = varies || truth(r, c) != truth(0, c);
    }
    spreads_.push_back(varies ? spread : 0);
  }
}

template <class T>
void Scorer<T>::clear() {
  hits_ = 0;
  std::fill(squares_.begin(), squares_.end(), 0.0);
}

// Rows whose predicted class is right; of several binary targets, right answers.
template <class T>
std::int64_t Scorer<T>::right(std::int64_t first, std::int64_t rows, View<const T> y) const {
  std::int64_t hits = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    if (data_.is_multi_label()) {
      for (std::int64_t c = 0; c < y.columns; ++c) hits += (y(r, c) > threshold_) == (data_.value(first + r, c) > 0.5);
      continue;
    }
    const std::int64_t predicted =
        y.columns == 1 ? y(r, 0) > threshold_ : std::max_element(y.row(r), y.row(r) + y.columns) - y.row(r);
    hits += predicted == data_.label(first + r);
  }
  return hits;
}

template <class T>
void Scorer<T>::add(std::int64_t first, std::int64_t rows, View<const T> outputs) {
  if (kind_ == ScoreKind::accuracy) {
    hits_ += right(first, rows, outputs);
    return;
  }
  for (std::int64_t c = 0; c < outputs.columns; ++c) {
    double sum = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const double error = prediction(static_cast<double>(outputs(r, c)), c) - truth(first + r, c);
      sum += error * error;
    }
    squares_[static_cast<std::size_t>(c)] += sum;
  }
}

template <class T>
double Scorer<T>::score() const {
  const auto rows = static_cast<double>(data_.rows());
  if (kind_ == ScoreKind::accuracy) {
    const double answers = data_.is_multi_label() ? static_cast<double>(squares_.size()) : 1.0;
    return static_cast<double>(hits_) / (rows * answers);
  }
  if (kind_ == ScoreKind::rmse) return std::sqrt(squares_.front() / rows) * unit_;
  double r2 = 0;
  for (std::size_t c = 0; c < squares_.size(); ++c) r2 += spreads_[c] > 0 ? 1 - squares_[c] / spreads_[c] : 0;
  return r2 / static_cast<double>(squares_.size());
}

template FittedTarget target_at(const BasicModel<float>&, std::int64_t);
template FittedTarget target_at(const BasicModel<double>&, std::int64_t);
template class Scorer<float>;
template class Scorer<double>;

}  // namespace pellucid
