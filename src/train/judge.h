// Judge: the data loss and the plain score of a model on rows, without training.
// Not here: the full set of metrics (evaluate.cc).
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "data/batches.h"
#include "model/workspace.h"
#include "train/sparse_rows.h"

namespace pellucid {

struct Verdict {
  double loss = 0;   ///< mean over rows (sum for Reduction::sum)
  double score = 0;  ///< accuracy, or RMSE in the target's unit
};

/// Puts batches into a workspace: whole rows, or rows without their zeros where the data are mostly zeros and the net
/// takes them so. Chosen once; the bits are the same either way. Where a team has a thread to spare, it gathers the
/// next batch while this one is computed; the order of the batches must not change meanwhile.
template <class T>
class Feeder {
 public:
  Feeder(const Batches& batches, Workspace<T>& workspace, bool backward, Team* team);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  /// Also tells the workspace what the loss shall read. Returns the rows.
  std::int64_t load(std::int64_t batch, Workspace<T>& workspace);

 private:
  /// Where a batch is gathered. There are two where one can be gathered ahead.
  struct Place {
    View<T> rows{};
    std::unique_ptr<SparseBatch<T>> sparse;
  };
  void gather(std::int64_t batch, Place& place) noexcept;

  const Batches& batches_;
  Team* team_;
  std::optional<SparseRows<T>> sparse_;
  std::array<Place, 2> places_;
  Tensor<T> second_;
  std::size_t place_ = 0;
  bool ahead_ = false;
  std::int64_t next_ = -1;  ///< the batch that is or was gathered ahead, in the other place; -1: none
  struct {
    Feeder* feeder;
    void operator()() const noexcept { feeder->gather(feeder->next_, feeder->places_[1 - feeder->place_]); }
  } work_ahead_{this};
};

/// Reusable: owns a plan and a workspace of at most 256 rows. The model must outlive it.
template <class T>
class Judge {
 public:
  Judge(BasicModel<T>& model, const Dataset& data, const Loss& loss, Team* team = nullptr);
  Verdict operator()();

 private:
  double right_or_square(std::int64_t first, std::int64_t rows) const;

  BasicModel<T>& model_;
  const Dataset& data_;
  Loss loss_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Batches batches_;
  Feeder<T> feeder_;
};

extern template class Feeder<float>;
extern template class Feeder<double>;
extern template class Judge<float>;
extern template class Judge<double>;

}  // namespace pellucid
