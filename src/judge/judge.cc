// Loss and score over a data set in fixed chunks, so that the bits do not depend on the batch size of training.
// Not here: metrics per class (src/metrics).
#include "judge/judge.h"

#include <algorithm>
#include <cmath>

namespace pellucid {
namespace {

constexpr std::int64_t chunk = 256;

std::int64_t chunk_rows(const Dataset& data) {
  return std::clamp<std::int64_t>(data.rows(), 1, chunk);
}

}  // namespace

template <class T>
Judge<T>::Judge(const BasicModel<T>& model, const Dataset& data, const Loss& loss, Team* team)
    : model_(model),
      data_(data),
      loss_(loss),
      kind_(score_kind(data.is_classification(), static_cast<std::size_t>(data.targets().columns))),
      plan_(model, {.rows = chunk_rows(data), .loss = loss, .keep = {}}),
      workspace_(plan_, model, team),
      batches_(data, chunk_rows(data), false, 0),
      feeder_(batches_, workspace_, false, team) {
  const auto is_bent = [](const FittedTarget& target) { return target.shift.has_value(); };
  const std::vector<FittedTarget> none, &targets = model.preprocessor ? model.preprocessor->targets : none;
  const bool each = targets.size() == static_cast<std::size_t>(plan_.outputs());
  if (each && std::any_of(targets.begin(), targets.end(), is_bent)) bent_ = targets;
  if (kind_ == ScoreKind::r2) measure_spreads();
}

// What the net learns, or where that is a logarithm the target itself.
template <class T>
double Judge<T>::truth(std::int64_t row, std::int64_t c) const {
  const double value = data_.value(row, c);
  return bent_.empty() ? value : bent_[static_cast<std::size_t>(c)].of_net(value);
}

template <class T>
void Judge<T>::measure_spreads() {
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
Verdict Judge<T>::operator()() {
  Verdict verdict;
  double rows_seen = 0;
  std::int64_t hits = 0;
  std::vector<double> squares(static_cast<std::size_t>(plan_.outputs()));
  const bool mean = loss_.reduction() == Reduction::mean;
  for (std::int64_t b = 0; b < batches_.count(); ++b) {
    const std::int64_t rows = feeder_.load(b, workspace_);
    workspace_.forward(rows, false);
    verdict.loss += workspace_.loss(false) * (mean ? static_cast<double>(rows) : 1.0);
    const auto first = static_cast<std::int64_t>(rows_seen);
    if (kind_ == ScoreKind::accuracy) {
      hits += right(first, rows);
    } else {
      add_squares(first, rows, squares);
    }
    rows_seen += static_cast<double>(rows);
  }
  if (mean) verdict.loss /= rows_seen;
  const double answers = data_.is_multi_label() ? static_cast<double>(plan_.outputs()) : 1.0;
  verdict.score = kind_ == ScoreKind::accuracy ? static_cast<double>(hits) / (rows_seen * answers) : score_of(squares);
  return verdict;
}

// Rows said right; of several questions, answers.
template <class T>
std::int64_t Judge<T>::right(std::int64_t first, std::int64_t rows) const {
  const View<T> y = workspace_.output();
  const T threshold = loss_.kind().from_logits ? T(0) : T(0.5);
  std::int64_t hits = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    if (data_.is_multi_label()) {
      for (std::int64_t c = 0; c < y.columns; ++c) hits += (y(r, c) > threshold) == (data_.value(first + r, c) > 0.5);
      continue;
    }
    const std::int64_t said =
        y.columns == 1 ? y(r, 0) > threshold : std::max_element(y.row(r), y.row(r) + y.columns) - y.row(r);
    hits += said == data_.label(first + r);
  }
  return hits;
}

// To the sums of each target, those of these rows.
template <class T>
void Judge<T>::add_squares(std::int64_t first, std::int64_t rows, std::vector<double>& squares) const {
  const View<T> y = workspace_.output();
  for (std::int64_t c = 0; c < y.columns; ++c) {
    double sum = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const double said = static_cast<double>(y(r, c));
      const double value = bent_.empty() ? said : bent_[static_cast<std::size_t>(c)].of_net(said);
      const double error = value - truth(first + r, c);
      sum += error * error;
    }
    squares[static_cast<std::size_t>(c)] += sum;
  }
}

template <class T>
double Judge<T>::score_of(const std::vector<double>& squares) const {
  if (kind_ == ScoreKind::rmse) {
    const bool scaled = bent_.empty() && model_.preprocessor && !model_.preprocessor->targets.empty();
    const double unit = scaled ? model_.preprocessor->targets.front().deviation : 1.0;
    return std::sqrt(squares.front() / static_cast<double>(data_.rows())) * unit;
  }
  double r2 = 0;
  for (std::size_t c = 0; c < squares.size(); ++c) r2 += spreads_[c] > 0 ? 1 - squares[c] / spreads_[c] : 0;
  return r2 / static_cast<double>(squares.size());
}

template class Judge<float>;
template class Judge<double>;

}  // namespace pellucid
