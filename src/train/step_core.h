// StepCore: the implementation of Stepper. Copies batches from the caller's memory into a workspace, and keeps
// gradients until they are applied.
// Not here: the user's calls and their order (stepper.cc), the training step itself (updater.h).
#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include "core/float_env.h"
#include "core/json.h"
#include "pellucid/error.h"
#include "pellucid/stepper.h"
#include "train/defaults.h"
#include "train/updater.h"

namespace pellucid {

/// Throws U26 with a hint.
[[noreturn]] void refuse_order(const char* message, const char* way_out);

template <class T>
struct StepCore {
  /// A plan and its workspace. There are up to three, each made when first needed.
  struct Engine {
    Engine(BasicModel<T>& model, const PlanOptions& options, Team& team)
        : plan(model, options), workspace(plan, model, &team) {}
    Plan<T> plan;
    Workspace<T> workspace;
  };
  /// Which gradients wait for update(): none, those of gradients(), or those of backward().
  enum class Waiting { nobody, loss, output };

  /// Throws U06, U12, U20, U21, U22, U23.
  StepCore(BasicModel<T>& model, std::int64_t rows, const StepOptions& options);

  PlanOptions fused_plan() const {
    return {.rows = rows,
            .loss = loss,
            .keep = options.keep,
            .store_gradients = options.clip_norm > 0,
            .row_block = options.row_block};
  }

  // For step(): parameters are updated while gradients are computed, unless clipping by norm needs all gradients first.
  Engine& fused() {
    if (!fused_) fused_ = make_engine(fused_plan());
    return use(*fused_);
  }
  // For gradients().
  Engine& stored() {
    if (options.clip_norm > 0 && !options.input_gradient) return fused();
    if (!stored_) {
      PlanOptions plan = fused_plan();
      plan.store_gradients = true;
      plan.input_gradient = options.input_gradient;
      stored_ = make_engine(plan);
    }
    return use(*stored_);
  }
  // For forward() and backward(). With mse no softmax or sigmoid is folded into the loss, so outputs are those of
  // predict().
  Loss open_loss() const;
  Engine& open() {
    if (!open_) {
      PlanOptions plan = fused_plan();
      plan.loss = open_loss();
      plan.store_gradients = plan.input_gradient = true;
      open_ = make_engine(plan);
    }
    return use(*open_);
  }
  Engine& use(Engine& engine) {
    if (!engine.workspace.is_bound()) refuse_other_model();
    if (current != &engine) updater.attach(engine.workspace);
    current = &engine;
    return engine;
  }

  double learning_rate() const {
    return rate * (options.schedule ? checked_factor(options.schedule, {.step = updater.steps()}) : 1.0);
  }

  // With accumulation, dropout draws the same random numbers as if all accumulated rows were one batch.
  StepKey key() const {
    StepKey key = updater.key();
    if (accumulates) key.first_row = static_cast<std::uint32_t>(gathered);
    return key;
  }

  [[noreturn]] void refuse_other_model() const;
  /// Throws U24 if the model's parameters were replaced since the stepper was made.
  std::unique_ptr<Engine> make_engine(const PlanOptions& plan);
  /// Throws U33 if the loss was made for other targets, D17 if a class number is out of range.
  void require_head_targets(const Dataset& data) const;
  void require_head_targets(View<const T> targets) const;
  /// Number of classes that labels may have, for this many outputs. Throws U33 if not every head learns the labels.
  std::int64_t label_classes(std::int64_t outputs) const;
  std::int64_t load_rows(Engine& engine, View<const T> x) const;
  void load_weights(Engine& engine, std::int64_t count, std::span<const T> weights, bool labelled) const;
  std::int64_t load(Engine& engine, View<const T> x, View<const T> targets, std::span<const T> weights) const;
  std::int64_t load(Engine& engine, View<const T> x, std::span<const std::int32_t> labels,
                    std::span<const T> weights) const;
  std::int64_t load(Engine& engine, const Dataset& data, std::span<const std::int64_t> chosen) const;

  template <class... Batch>
  double step(const Batch&... batch);
  template <class... Batch>
  double gradients(const Batch&... batch);
  void require_free(Waiting wanted) const;
  void require_finite(double value) const;
  void keep_sums(Engine& engine);
  void add_sums(Engine& engine, double before, double now);
  Json fingerprint() const;

  BasicModel<T>& model;
  std::int64_t rows;
  StepOptions options;
  Loss loss;
  Team team;
  Updater<T> updater;
  double rate;
  std::vector<const T*> places;  // addresses of the parameters
  std::unique_ptr<Engine> fused_, stored_, open_;
  Engine* current = nullptr;  // the engine to which the updater is attached
  Waiting waiting = Waiting::nobody;
  bool accumulates = false;
  std::int64_t gathered = 0;    // number of rows whose gradients wait for update()
  std::int64_t forwarded = 0;   // number of rows of a forward() without its backward() yet
  std::vector<Tensor<T>> sums;  // with accumulation, per parameter: the gradients of earlier calls
};

template <class T>
template <class... Batch>
double StepCore<T>::step(const Batch&... batch) {
  const FloatEnvironment<T> environment;  // set once for the whole step
  require_free(Waiting::nobody);
  Engine& engine = fused();
  const std::int64_t count = load(engine, batch...);
  forwarded = 0;
  const double value = updater.step(engine.workspace, count, {learning_rate()});
  require_finite(value);
  return value;
}

template <class T>
template <class... Batch>
double StepCore<T>::gradients(const Batch&... batch) {
  const FloatEnvironment<T> environment;
  require_free(Waiting::loss);
  Engine& engine = stored();
  const std::int64_t count = load(engine, batch...);
  if (!accumulates) gathered = 0;
  forwarded = 0;
  keep_sums(engine);
  const double value = engine.workspace.forward_loss(count, key());
  if (!std::isfinite(value)) {  // batches computed in chunks have already changed the gradients
    waiting = Waiting::nobody;
    gathered = 0;
    require_finite(value);
  }
  engine.workspace.backward();
  if (gathered > 0) {
    const bool mean = loss.reduction() == Reduction::mean;
    const auto before = static_cast<double>(gathered), all = static_cast<double>(gathered + count);
    add_sums(engine, mean ? before / all : 1, mean ? static_cast<double>(count) / all : 1);
  }
  gathered += count;
  waiting = Waiting::loss;
  return value;
}

extern template struct StepCore<float>;
extern template struct StepCore<double>;

}  // namespace pellucid
