// HealthWatch: measures the layers of a model during training. It computes in a workspace of its own and only reads the
// training's workspace, so results of the training do not change.
// Not here: warnings (health_findings.cc).
#pragma once

#include "health/health_memory.h"
#include "judge/judge.h"
#include "model/feeder.h"

namespace pellucid {

template <class T>
class HealthWatch {
 public:
  /// The arguments must outlive the watch, and the parameters of the model must stay where they are in memory.
  HealthWatch(const BasicModel<T>& model, const Dataset& train, const Loss& loss, Team* team);

  void begin_epoch(std::int64_t steps);
  /// To be called before and after each training step of the epoch.
  void before_step(std::int64_t step) {
    if (looking_ && step % stride_ == stride_ / 2) remember_weights();
  }
  void after_step(const Workspace<T>& workspace, std::span<const std::int64_t> positions) {
    if (!before_.empty()) measure_step();
    if (reads_labels_ && (loss_.parameter() == 0 || !workspace.walks_in_chunks())) read_labels(workspace, positions);
  }
  /// To be called after a completed epoch. An epoch that was cancelled is not counted.
  void end_epoch();
  /// Measures the layers after an epoch: always if `last` is true, else as often as the time budget allows. Returns
  /// whether it measured.
  bool look(std::int64_t epoch, bool last);
  /// To be called when the model holds its final weights.
  Health finish(std::int64_t epoch, std::int64_t validation_rows);

  const EpochHealth& latest() const { return memory_.looks.back(); }

  /// The measurements up to the last completed epoch. restore() continues from them; it returns false if they belong to
  /// another model or to other rows.
  const HealthMemory& memory() const noexcept { return memory_; }
  bool restore(HealthMemory memory);

 private:
  struct Watched {
    std::string name;
    int node;
    int weight = -1;  // index of its weight among the parameters; -1: none
    double step_sum = 0;
    bool hidden = false;  // not an output, and has an activation
    bool sigmoid = false, tanh = false;
  };
  void forget_last_look();
  void remember_weights();
  void measure_step();
  void read_labels(const Workspace<T>& workspace, std::span<const std::int64_t> positions);
  void find_probabilities(const Workspace<T>& workspace);
  double own_probability(std::int64_t columns, std::size_t row, std::int32_t label) const;
  void run_sample();
  bool has_begun() const;
  std::vector<LayerHealth> layers() const;
  std::vector<LayerValues> values() const;
  void fill_outputs(const Watched& watched, LayerHealth& layer) const;

  const BasicModel<T>& model_;
  Dataset train_, sample_;
  Loss loss_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Batches batches_;
  Feeder<T> feeder_;
  std::vector<Watched> watched_;
  std::vector<T> before_;  // weights before a measured step, layer after layer
  bool looking_ = false;
  std::int64_t stride_ = 1, measured_steps_ = 0;
  bool reads_labels_ = false;
  std::vector<T> probabilities_;         // of the classes for one batch, with label smoothing only
  bool met_labels_ = false;              // labels were read in this epoch
  LargeVector<double> own_probability_;  // of the label of each training row in this epoch; NaN: weight 0
  HealthMemory memory_;
  Health health_;  // figures that do not change between epochs
};

extern template class HealthWatch<float>;
extern template class HealthWatch<double>;

}  // namespace pellucid
