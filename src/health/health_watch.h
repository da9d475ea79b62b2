// HealthWatch: looks at a training from beside it. It computes with its own workspace and reads the training's only, so
// that no bit of it changes. Not here: what is wrong with what it saw (health_findings.cc).
#pragma once

#include "health/health_memory.h"
#include "judge/judge.h"
#include "model/feeder.h"

namespace pellucid {

template <class T>
class HealthWatch {
 public:
  /// All must outlive the watch; the model keeps its parameters' memory.
  HealthWatch(const BasicModel<T>& model, const Dataset& train, const Loss& loss, Team* team);

  void begin_epoch(std::int64_t steps);
  /// Around each step of the epoch.
  void before_step(std::int64_t step) {
    if (looking_ && step % stride_ == stride_ / 2) remember_weights();
  }
  void after_step(const Workspace<T>& workspace, std::span<const std::int64_t> positions) {
    if (!before_.empty()) measure_step();
    if (reads_labels_ && (loss_.parameter() == 0 || !workspace.walks_in_chunks())) read_labels(workspace, positions);
  }
  /// When the epoch was trained to its end. One that was not leaves no trace.
  void end_epoch();
  /// At an epoch's end. True where it was looked at: always if `last`, else as the budget allows.
  bool look(std::int64_t epoch, bool last);
  /// When the model holds the weights that it keeps.
  Health finish(std::int64_t epoch, std::int64_t validation_rows);

  const EpochHealth& latest() const { return memory_.looks.back(); }

  /// What was seen up to the end of the last whole epoch, and going on from there. restore() is false where the memory
  /// is that of another model or of other rows.
  const HealthMemory& memory() const noexcept { return memory_; }
  bool restore(HealthMemory memory);

 private:
  struct Watched {
    std::string name;
    int node;
    int weight = -1;  // index of the parameter, -1: none
    double step_sum = 0;
    bool hidden = false;  // and it has an activation
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
  std::vector<T> before_;  // weights before a measured step, one watched layer after the other
  bool looking_ = false;
  std::int64_t stride_ = 1, measured_steps_ = 0;
  bool reads_labels_ = false;
  std::vector<T> probabilities_;         // of a batch's classes, where labels are smoothed
  bool met_labels_ = false;              // in this epoch
  LargeVector<double> own_probability_;  // of each training row's label, in this epoch; NaN: of weight 0
  HealthMemory memory_;
  Health health_;  // what is the same in all epochs
};

extern template class HealthWatch<float>;
extern template class HealthWatch<double>;

}  // namespace pellucid
