// Feeder: loads batches of a data set into a workspace.
// Not here: the order of the batches (batches/batches.h), computing with them.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "batches/batches.h"
#include "batches/sparse_block.h"
#include "batches/sparse_rows.h"
#include "core/team.h"
#include "model/workspace.h"

namespace pellucid {

/// Batches are dense rows, or sparse rows (without zeros) if the data are mostly zeros and the model's layers accept
/// them. The choice is made once and does not change results. With a team of at least two threads, another thread
/// gathers the next batches while the caller computes. Therefore the order of the batches may change only between
/// epochs.
template <class T>
class Feeder {
 public:
  /// `backward`: whether gradients will be computed. `team` may be null. All arguments must outlive the feeder.
  Feeder(const Batches& batches, Workspace<T>& workspace, bool backward, Team* team);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  /// Puts a batch into the workspace and tells it which targets and weights the loss reads. Returns the number of rows.
  std::int64_t load(std::int64_t batch, Workspace<T>& workspace);

 private:
  /// Memory for gathered batches. There are two if batches are gathered in advance.
  struct Place {
    View<T> rows{};
    std::unique_ptr<SparseBlock<T>> entries;
    std::int64_t first = 0, count = 0;  ///< the batches it holds; more than one only if sparse
    std::uint64_t order = 0;            ///< Batches::order() when they were gathered; 0: empty
  };
  bool holds(const Place& place, std::int64_t batch) const noexcept;
  void make(Place& place, bool backward);
  void advance(std::int64_t batch);
  void plan_ahead();
  void gather(Place& place) noexcept;
  void bind(const Place& place, std::int64_t batch, Workspace<T>& workspace);

  const Batches& batches_;
  Team* team_;
  std::optional<SparseRows<T>> sparse_;
  bool ahead_ = false;
  std::array<Place, 2> places_;
  std::size_t here_ = 0;  ///< index of the place being read; the other one is being filled
  SparseInput<T> input_{};
  Tensor<T> second_;  ///< dense rows of the second place
  struct {
    Feeder* feeder;
    void operator()() const noexcept { feeder->gather(feeder->places_[1 - feeder->here_]); }
  } work_ahead_{this};
};

extern template class Feeder<float>;
extern template class Feeder<double>;

}  // namespace pellucid
