// Loss and score over a data set in fixed chunks, so that the bits do not depend on the batch size of training.
// Not here: metrics per class (src/metrics).
#include "train/judge.h"

#include <algorithm>
#include <cmath>

#include "core/float_env.h"

namespace pellucid {
namespace {

constexpr std::int64_t chunk = 256;
constexpr std::int64_t worth_gathering_ahead = 16384;  // numbers: some microseconds

std::int64_t chunk_rows(const Dataset& data) {
  return std::clamp<std::int64_t>(data.rows(), 1, chunk);
}

}  // namespace

template <class T>
Feeder<T>::Feeder(const Batches& batches, Workspace<T>& workspace, bool backward, Team* team)
    : batches_(batches), team_(team) {
  const bool spare = team && team->size() > 1 && batches.count() > 1;
  if (workspace.takes_sparse_rows()) sparse_ = SparseRows<T>::if_worth_it(batches.data());
  if (sparse_) {
    places_[0].sparse = std::make_unique<SparseBatch<T>>(*sparse_, batches.batch_size(), backward);
    // Whole columns are made quicker than they come over from another core.
    ahead_ = spare && !places_[0].sparse->by_columns();
    if (ahead_) places_[1].sparse = std::make_unique<SparseBatch<T>>(*sparse_, batches.batch_size(), backward);
    return;
  }
  places_[0].rows = workspace.input();
  ahead_ = spare && places_[0].rows.rows * places_[0].rows.columns >= worth_gathering_ahead;
  if (!ahead_) return;
  second_ = Tensor<T>(Shape{places_[0].rows.rows, places_[0].rows.columns});
  places_[1].rows = second_.view();
}

template <class T>
Feeder<T>::~Feeder() {
  if (ahead_) team_->finish();
}

template <class T>
std::int64_t Feeder<T>::load(std::int64_t batch, Workspace<T>& workspace) {
  const bool done = ahead_ && team_->finish();
  if (done && next_ == batch) {
    place_ = 1 - place_;
  } else {
    gather(batch, places_[place_]);
  }
  Place& place = places_[place_];
  if (place.sparse) {
    workspace.set_sparse_input(&place.sparse->input());
  } else {
    workspace.set_input(place.rows);
  }
  next_ = ahead_ && batch + 1 < batches_.count() ? batch + 1 : -1;
  if (next_ >= 0) team_->ahead(work_ahead_);
  const bool labelled = batches_.data().is_classification(), weighted = !batches_.data().weights().empty();
  workspace.set_batch_form(labelled, weighted);
  return batches_.gather<T>(batch, nullptr, 0, labelled ? workspace.labels().data() : nullptr,
                            labelled ? nullptr : workspace.targets().data,
                            weighted ? workspace.row_weights() : nullptr);
}

template <class T>
void Feeder<T>::gather(std::int64_t batch, Place& place) noexcept {
  const FloatEnvironment<T> environment;
  if (!place.sparse) {
    batches_.gather<T>(batch, place.rows.data, place.rows.stride, nullptr, nullptr, nullptr);
    return;
  }
  place.sparse->gather(batches_.positions(batch));
  if (batch + 1 < batches_.count()) place.sparse->prefetch(batches_.positions(batch + 1));
}

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
    const double unit = model_.preprocessor ? model_.preprocessor->target_deviation : 1.0;
    verdict.score = std::sqrt(sum / (rows_seen * static_cast<double>(plan_.outputs()))) * unit;
  }
  return verdict;
}

// Rows said right, or the sum of squared errors.
template <class T>
double Judge<T>::right_or_square(std::int64_t first, std::int64_t rows) const {
  const View<T> y = workspace_.output();
  const T threshold = loss_.kind().from_logits ? T(0) : T(0.5);
  double sum = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    if (data_.is_classification()) {
      const std::int64_t said =
          y.columns == 1 ? y(r, 0) > threshold : std::max_element(y.row(r), y.row(r) + y.columns) - y.row(r);
      sum += said == data_.label(first + r);
    } else {
      for (std::int64_t c = 0; c < y.columns; ++c) {
        const double error = static_cast<double>(y(r, c)) - data_.value(first + r, c);
        sum += error * error;
      }
    }
  }
  return sum;
}

template class Feeder<float>;
template class Feeder<double>;
template class Judge<float>;
template class Judge<double>;

}  // namespace pellucid
