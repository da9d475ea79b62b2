// Loss and score in chunks of 256 rows, so that the bits do not depend on the batch size of the training.
// Not here: the score itself (scorer.cc), metrics per class (src/metrics).
#include "judge/judge.h"

#include <algorithm>

namespace pellucid {
namespace {

constexpr std::int64_t chunk = 256;

std::int64_t chunk_rows(const Dataset& data) {
  return std::clamp<std::int64_t>(data.rows(), 1, chunk);
}

}  // namespace

template <class T>
Judge<T>::Judge(const BasicModel<T>& model, const Dataset& data, const Loss& loss, Team* team)
    : loss_(loss),
      plan_(model, {.rows = chunk_rows(data), .loss = loss, .keep = {}}),
      workspace_(plan_, model, team),
      batches_(data, chunk_rows(data), false, 0),
      feeder_(batches_, workspace_, false, team),
      scorer_(model, data, loss, OutputSource::loss_plan) {}

template <class T>
Verdict Judge<T>::operator()() {
  Verdict verdict;
  double rows_seen = 0;
  const bool mean = loss_.reduction() == Reduction::mean;
  scorer_.clear();
  for (std::int64_t b = 0; b < batches_.count(); ++b) {
    const std::int64_t rows = feeder_.load(b, workspace_);
    workspace_.forward(rows, false);
    verdict.loss += workspace_.loss(false) * (mean ? static_cast<double>(rows) : 1.0);
    scorer_.add<T>(workspace_.output(), static_cast<std::int64_t>(rows_seen));
    rows_seen += static_cast<double>(rows);
  }
  if (mean) verdict.loss /= rows_seen;
  verdict.score = scorer_.score();
  return verdict;
}

template class Judge<float>;
template class Judge<double>;

}  // namespace pellucid
