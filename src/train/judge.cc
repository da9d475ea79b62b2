// Loss and score over a data set in fixed chunks, so that the bits do not depend on the batch size of training.
// Not here: metrics per class (src/metrics).
#include "train/judge.h"

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
Judge<T>::Judge(BasicModel<T>& model, const Dataset& data, const Loss& loss, Team* team)
    : model_(model),
      data_(data),
      loss_(loss),
      plan_(model, {.rows = chunk_rows(data), .loss = loss, .keep = {}}),
      workspace_(plan_, model, team),
      batches_(data, chunk_rows(data), false, 0),
      feeder_(batches_, workspace_, false, team) {}

template <class T>
Verdict Judge<T>::operator()() {
  Verdict verdict;
  double rows_seen = 0, sum = 0;
  const bool mean = loss_.reduction() == Reduction::mean;
  for (std::int64_t b = 0; b < batches_.count(); ++b) {
    const std::int64_t rows = feeder_.load(b, workspace_);
    workspace_.forward(rows, false);
    verdict.loss += workspace_.loss(false) * (mean ? static_cast<double>(rows) : 1.0);
    sum += right_or_square(static_cast<std::int64_t>(rows_seen), rows);
    rows_seen += static_cast<double>(rows);
  }
  if (mean) verdict.loss /= rows_seen;
  if (data_.is_classification()) {
    verdict.score = sum / rows_seen;
  } else {
    const bool bent = model_.preprocessor && model_.preprocessor->target_shift;
    const double unit = model_.preprocessor && !bent ? model_.preprocessor->target_deviation : 1.0;
    verdict.score = std::sqrt(sum / (rows_seen * static_cast<double>(plan_.outputs()))) * unit;
  }
  return verdict;
}

// Rows said right, or the sum of squared errors.
template <class T>
double Judge<T>::right_or_square(std::int64_t first, std::int64_t rows) const {
  const View<T> y = workspace_.output();
  // On the scale of logarithms errors in the target's unit are no multiples of those of the net.
  const bool bent = model_.preprocessor && model_.preprocessor->target_shift;
  const T threshold = loss_.kind().from_logits ? T(0) : T(0.5);
  double sum = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    if (data_.is_classification()) {
      const std::int64_t said =
          y.columns == 1 ? y(r, 0) > threshold : std::max_element(y.row(r), y.row(r) + y.columns) - y.row(r);
      sum += said == data_.label(first + r);
    } else {
      for (std::int64_t c = 0; c < y.columns; ++c) {
        const double said = static_cast<double>(y(r, c)), truth = data_.value(first + r, c);
        const double error =
            bent ? model_.preprocessor->target_of_net(said) - model_.preprocessor->target_of_net(truth) : said - truth;
        sum += error * error;
      }
    }
  }
  return sum;
}

template class Judge<float>;
template class Judge<double>;

}  // namespace pellucid
