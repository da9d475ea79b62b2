// Chooses the form in which batches are gathered (dense or sparse rows), and gathers them, in advance if possible.
// Not here: the forms themselves (sparse_block.cc, batches/batches.cc), the threads (core/team.cc).
#include "model/feeder.h"

#include <algorithm>

#include "core/float_env.h"

namespace pellucid {
namespace {

// Largest share of nonzero numbers for sparse rows; the second limit applies if SparseBlock::pays. Above it, it is
// usually faster to gather dense rows and to find their zeros during the product.
constexpr double rare_entries = 0.1, rare_where_it_pays = 1.0 / 3;
constexpr std::int64_t worth_gathering_ahead = 16384;  // numbers per batch; gathering them takes some microseconds

}  // namespace

template <class T>
Feeder<T>::Feeder(const Batches& batches, Workspace<T>& workspace, bool backward, Team* team)
    : batches_(batches), team_(team) {
  if (workspace.takes_sparse_rows()) {
    const bool pays = SparseBlock<T>::pays(batches.batch_size(), workspace.widest_reader());
    sparse_ = SparseRows<T>::if_rare(batches.data(), pays ? rare_where_it_pays : rare_entries);
    if (sparse_ && !SparseBlock<T>::fits(*sparse_, batches.batch_size())) sparse_.reset();
  }
  const View<T> rows = workspace.input();
  ahead_ =
      team && team->size() > 1 && batches.count() > 1 && (sparse_ || rows.rows * rows.columns >= worth_gathering_ahead);
  make(places_[0], backward);
  if (ahead_) make(places_[1], backward);
  if (sparse_) return;
  places_[0].rows = rows;
  if (ahead_) second_ = Tensor<T>(Shape{rows.rows, rows.stride});
  places_[1].rows = {second_.data(), rows.rows, rows.columns, rows.stride};
}

template <class T>
Feeder<T>::~Feeder() {
  if (ahead_) team_->finish();
}

template <class T>
void Feeder<T>::make(Place& place, bool backward) {
  if (sparse_) place.entries = std::make_unique<SparseBlock<T>>(*sparse_, batches_.batch_size(), backward);
}

template <class T>
bool Feeder<T>::holds(const Place& place, std::int64_t batch) const noexcept {
  return place.order == batches_.order() && batch >= place.first && batch < place.first + place.count;
}

template <class T>
std::int64_t Feeder<T>::load(std::int64_t batch, Workspace<T>& workspace) {
  if (!holds(places_[here_], batch)) advance(batch);
  bind(places_[here_], batch, workspace);
  const Dataset& data = batches_.data();
  const bool labelled = data.has_labels() && !data.has_soft_targets(), weighted = !data.weights().empty();
  workspace.set_batch_form(labelled, weighted);
  return batches_.gather<T>(batch, nullptr, 0, labelled ? workspace.labels().data() : nullptr,
                            labelled ? nullptr : workspace.targets().data, weighted ? workspace.row_weights() : nullptr,
                            workspace.targets().columns);
}

// Switches to the batches gathered in advance. If they do not contain this batch, gathers it alone.
template <class T>
void Feeder<T>::advance(std::int64_t batch) {
  const bool done = ahead_ && team_->finish();
  if (done && holds(places_[1 - here_], batch)) {
    here_ = 1 - here_;
  } else {
    Place& place = places_[here_];
    place.first = batch;
    place.count = 1;
    gather(place);
  }
  if (ahead_) plan_ahead();
}

// Gathers twice as many batches as the last time: the first ones are needed soon, and larger groups later need fewer
// synchronisations.
template <class T>
void Feeder<T>::plan_ahead() {
  const Place& here = places_[here_];
  Place& next = places_[1 - here_];
  next.first = here.first + here.count;
  next.order = 0;
  const std::int64_t most = sparse_ ? std::min(2 * here.count, here.entries->most_batches()) : 1;
  next.count = std::min(most, batches_.count() - next.first);
  if (next.count > 0) team_->ahead(work_ahead_);
}

template <class T>
void Feeder<T>::gather(Place& place) noexcept {
  const FloatEnvironment<T> environment;
  for (std::int64_t b = 0; b < place.count && (!sparse_ || !sparse_->kept()); ++b) {
    batches_.read_ahead(place.first + place.count + b);
  }
  if (place.entries) {
    place.entries->gather(batches_, place.first, place.count);
  } else {
    batches_.gather<T>(place.first, place.rows.data, place.rows.stride, nullptr, nullptr, nullptr);
  }
  place.order = batches_.order();
}

template <class T>
void Feeder<T>::bind(const Place& place, std::int64_t batch, Workspace<T>& workspace) {
  if (!sparse_) return workspace.set_input(place.rows);
  input_ = place.entries->batch(batch - place.first);
  workspace.set_sparse_input(&input_);
}

template class Feeder<float>;
template class Feeder<double>;

}  // namespace pellucid
