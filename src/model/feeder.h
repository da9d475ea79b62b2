// Feeder: puts batches into a workspace.
// Not here: their order (batches/batches.h), what is computed from them.
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

/// Whole rows, or rows without their zeros where the data are mostly zeros and the net takes them so. Chosen once; the
/// bits are the same either way. Where a team has a thread to spare, it gathers the coming batches while the caller
/// computes: their order must not change meanwhile (but between the last batch of an epoch and the next epoch).
template <class T>
class Feeder {
 public:
  /// backward: whether there will be gradients. team: may be null. All must outlive the feeder.
  Feeder(const Batches& batches, Workspace<T>& workspace, bool backward, Team* team);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  /// Also tells the workspace what the loss shall read. Returns the rows.
  std::int64_t load(std::int64_t batch, Workspace<T>& workspace);

 private:
  /// Where batches are gathered. There are two where that can be done ahead.
  struct Place {
    View<T> rows{};
    std::unique_ptr<SparseBlock<T>> entries;
    std::int64_t first = 0, count = 0;  ///< of the order's batches; more than one only of entries
    std::uint64_t order = 0;            ///< in which they were gathered; 0: they are not
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
  std::size_t here_ = 0;  ///< the place that is read; the other one is being filled
  SparseInput<T> input_{};
  Tensor<T> second_;  ///< whole rows of the second place
  struct {
    Feeder* feeder;
    void operator()() const noexcept { feeder->gather(feeder->places_[1 - feeder->here_]); }
  } work_ahead_{this};
};

extern template class Feeder<float>;
extern template class Feeder<double>;

}  // namespace pellucid
