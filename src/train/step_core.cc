// StepCore: loads batches and checks them, accumulates gradients.
// Not here: the user's calls (stepper.cc), the training step itself (updater.cc).
#include "train/step_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/settings.h"
#include "core/text.h"
#include "files/architecture_json.h"
#include "losses/head_losses.h"
#include "model/heads.h"
#include "model/match.h"
#include "optimizers/rule.h"

namespace pellucid {
namespace {

template <class T>
Loss loss_for(const BasicModel<T>& model, const StepOptions& options) {
  if (options.loss) return *options.loss;
  if (!model.heads().empty()) return loss_of_heads(model);
  const Activation* last = model.nodes().empty() ? nullptr : model.nodes().back().layer->output_activation();
  const std::string_view name = last ? last->kind().name : "";
  return Loss(name == "softmax" ? "cross_entropy" : name == "sigmoid" ? "binary_cross_entropy" : "mse");
}

const StepOptions& checked(const StepOptions& o) {
  o.optimizer.check();
  if (o.optimizer.settings().rule() < 0) {
    throw Error("U06", fmt::format("the optimizer {} needs all rows for each step", o.optimizer.name()),
                {"train with fit() or a Trainer, or choose another optimizer"});
  }
  require_setting(o.row_block >= 1, "row_block", "≥ 1", static_cast<double>(o.row_block));
  require_setting(o.threads >= 0 && o.threads <= 64, "threads", "0 to 64", static_cast<double>(o.threads));
  require_setting(o.l1 >= 0, "l1", "≥ 0", o.l1);
  require_setting(o.l2 >= 0, "l2", "≥ 0", o.l2);
  require_setting(o.clip_norm >= 0, "clip_norm", "≥ 0", o.clip_norm);
  require_setting(o.clip_value >= 0, "clip_value", "≥ 0", o.clip_value);
  return o;
}

}  // namespace

void refuse_order(const char* message, const char* way_out) {
  throw Error("U26", message, {way_out});
}

template <class T>
StepCore<T>::StepCore(BasicModel<T>& m, std::int64_t most, const StepOptions& o)
    : model(m),
      rows(most),
      options(checked(o)),
      loss(loss_for(m, o)),
      team(static_cast<int>(o.threads)),
      updater(m, {.optimizer = o.optimizer,
                  .l1 = o.l1,
                  .l2 = o.l2,
                  .clip_norm = o.clip_norm,
                  .clip_value = o.clip_value,
                  .seed = o.seed}),
      rate(o.optimizer.learning_rate()) {
  if (!m.is_built()) throw Error("U21", "the model has no parameters yet: call build, fit or load first");
  const Plan<T> refuses_what_does_not_fit(model, fused_plan());
  for (const Parameter<T>& parameter : std::as_const(model).parameters()) places.push_back(parameter.value.data());
}

template <class T>
void StepCore<T>::refuse_other_model() const {
  throw Error("U24", "the model's layers or parameters were replaced while a stepper trains it",
              {"numbers may be written into parameters, but other tensors may not be put in their place"});
}

template <class T>
std::unique_ptr<typename StepCore<T>::Engine> StepCore<T>::make_engine(const PlanOptions& plan) {
  const auto lies_at = [](const Parameter<T>& parameter, const T* place) { return parameter.value.data() == place; };
  if (!std::ranges::equal(std::as_const(model).parameters(), places, lies_at)) refuse_other_model();
  return std::make_unique<Engine>(model, plan, team);
}

template <class T>
Loss StepCore<T>::open_loss() const {
  if (loss.heads() == nullptr) return Loss("mse");
  auto heads = std::make_shared<HeadLosses>(*loss.heads());
  for (HeadLoss& head : heads->heads) head.loss = Loss("mse");
  return Loss(std::shared_ptr<const HeadLosses>(std::move(heads)));
}

template <class T>
void StepCore<T>::require_head_targets(const Dataset& data) const {
  const HeadLosses* heads = loss.heads();
  if (heads == nullptr) return;
  bool fits = data.target_count() == heads->target_columns;
  for (const HeadLoss& head : heads->heads) {
    for (const std::int64_t column : head.columns) {
      const std::int32_t classes = fits ? data.classes_of(column) : 0;
      fits = fits && (head.classes > 0 ? classes == head.classes : classes == 0 || classes == 2);
    }
  }
  if (fits) return;
  throw Error("U33", "the data do not have the targets that the heads of this stepper learn: " + loss.text(),
              {"give StepOptions the loss that fits both: .loss = default_loss(model, data)"});
}

template <class T>
void StepCore<T>::require_head_targets(View<const T> targets) const {
  if (loss.heads() == nullptr) return;
  for (const HeadLoss& head : loss.heads()->heads) {
    for (std::int64_t r = 0; r < targets.rows && head.classes > 0; ++r) {
      const T value = targets(r, head.columns.front());
      if (value >= 0 && value < static_cast<T>(head.classes) && value == std::floor(value)) continue;
      throw Error("D17", fmt::format("row {}: target column {} is {}, and head {} learns class labels from 0 to {}", r,
                                     head.columns.front(), value, head.layer, head.classes - 1));
    }
  }
}

template <class T>
std::int64_t StepCore<T>::label_classes(std::int64_t outputs) const {
  if (loss.heads() == nullptr) return outputs == 1 ? 2 : outputs;
  std::int64_t classes = std::numeric_limits<std::int32_t>::max();
  for (const HeadLoss& head : loss.heads()->heads) {
    if (head.classes < 1 || loss.heads()->target_columns != 1) {
      throw Error("U33", "the heads of this stepper do not all learn one class label per row: " + loss.text(),
                  {"give the targets as numbers, one column per target, with the class number as a number"});
    }
    classes = std::min<std::int64_t>(classes, head.classes);
  }
  return classes;
}

template <class T>
std::int64_t StepCore<T>::load_rows(Engine& engine, View<const T> x) const {
  const View<T> input = engine.workspace.input();
  if (x.columns != input.columns || x.rows < 1 || x.rows > rows || !x) {
    throw Error("U20", fmt::format("this stepper takes 1 to {} of {}, got {} of {}", plural(rows, "row"),
                                   plural(input.columns, "number"), plural(x.rows, "row"), x.columns));
  }
  for (std::int64_t r = 0; r < x.rows; ++r) std::copy_n(x.row(r), x.columns, input.row(r));
  return x.rows;
}

template <class T>
void StepCore<T>::load_weights(Engine& engine, std::int64_t count, std::span<const T> weights, bool labelled) const {
  const auto given = static_cast<std::int64_t>(weights.size());
  if (given != 0 && given != count)
    throw Error("U20", fmt::format("{} were given for {}", plural(given, "weight"), plural(count, "row")));
  std::ranges::copy(weights, engine.workspace.row_weights());
  engine.workspace.set_batch_form(labelled, given != 0);
}

template <class T>
std::int64_t StepCore<T>::load(Engine& engine, View<const T> x, View<const T> targets,
                               std::span<const T> weights) const {
  const std::int64_t count = load_rows(engine, x);
  const View<T> to = engine.workspace.targets();
  if (targets.columns != to.columns || targets.rows != count || !targets) {
    throw Error("U20", fmt::format("{} need targets of {} each, got {} of {}", plural(count, "row"),
                                   plural(to.columns, "number"), plural(targets.rows, "row"), targets.columns));
  }
  require_head_targets(targets);
  for (std::int64_t r = 0; r < count; ++r) std::copy_n(targets.row(r), to.columns, to.row(r));
  load_weights(engine, count, weights, false);
  return count;
}

template <class T>
std::int64_t StepCore<T>::load(Engine& engine, View<const T> x, std::span<const std::int32_t> labels,
                               std::span<const T> weights) const {
  const std::int64_t count = load_rows(engine, x);
  if (static_cast<std::int64_t>(labels.size()) != count) {
    throw Error("U20", fmt::format("{} were given for {}", plural(static_cast<std::int64_t>(labels.size()), "label"),
                                   plural(count, "row")));
  }
  const std::int64_t classes = label_classes(engine.plan.outputs());
  for (std::size_t r = 0; r < labels.size(); ++r) {
    if (labels[r] >= 0 && labels[r] < classes) continue;
    throw Error("D17", fmt::format("row {}: the label is {}, expected 0 to {}", r, labels[r], classes - 1));
  }
  std::ranges::copy(labels, engine.workspace.labels().begin());
  load_weights(engine, count, weights, true);
  return count;
}

template <class T>
std::int64_t StepCore<T>::load(Engine& engine, const Dataset& data, std::span<const std::int64_t> chosen) const {
  if (!data.has_targets()) throw Error("U20", "the data have no targets");
  require_match(model, data, loss);
  require_head_targets(data);
  const std::int64_t count = chosen.empty() ? data.rows() : static_cast<std::int64_t>(chosen.size());
  if (count < 1 || count > rows)
    throw Error("U20", fmt::format("this stepper takes 1 to {}, got {}", plural(rows, "row"), count));
  Workspace<T>& workspace = engine.workspace;
  const bool weighted = !data.weights().empty(), labelled = data.has_labels() && !data.has_soft_targets();
  for (std::int64_t r = 0; r < count; ++r) {
    const std::int64_t row = chosen.empty() ? r : chosen[static_cast<std::size_t>(r)];
    data.read_row<T>(row, workspace.input().row(r));
    if (labelled) {
      workspace.labels()[static_cast<std::size_t>(r)] = data.label(row);
    } else if (data.has_soft_targets()) {
      const View<T> to = workspace.targets();
      std::copy_n(data.soft_targets().data() + (row + 1) * data.soft_target_columns() - to.columns, to.columns,
                  to.row(r));
    } else {
      const View<T> to = workspace.targets();
      for (std::int64_t c = 0; c < to.columns; ++c) to(r, c) = static_cast<T>(data.value(row, c));
    }
    if (weighted) workspace.row_weights()[r] = static_cast<T>(data.weights()[static_cast<std::size_t>(row)]);
  }
  workspace.set_batch_form(labelled, weighted);
  return count;
}

template <class T>
void StepCore<T>::require_free(Waiting wanted) const {
  if (waiting == Waiting::nobody) return;
  if (wanted == Waiting::nobody)
    refuse_order("gradients wait for update(): a step would lose them", "call update() first");
  if (accumulates && waiting != wanted)
    refuse_order("gradients() and backward() cannot accumulate together", "call update() between them");
}

template <class T>
void StepCore<T>::require_finite(double value) const {
  if (std::isfinite(value)) return;
  throw Error(
      "N01", fmt::format("loss became {} in step {}", std::isnan(value) ? "NaN" : "infinite", updater.steps() + 1),
      {fmt::format("the model has not changed in this step; the learning rate is {}", number_text(learning_rate())),
       "look for values that are not finite in the rows and targets, or lower the learning rate"});
}

// Saves the gradients that wait for update() before new gradients overwrite them; add_sums() adds them again.
template <class T>
void StepCore<T>::keep_sums(Engine& engine) {
  if (gathered == 0) return;
  const auto parameters = model.parameters().size();
  if (sums.empty()) {
    for (const Parameter<T>& parameter : model.parameters()) sums.emplace_back(parameter.value.shape());
  }
  for (std::size_t p = 0; p < parameters; ++p) {
    if (const View<T> g = engine.workspace.gradient(p)) std::copy_n(g.data, sums[p].size(), sums[p].data());
  }
}

template <class T>
void StepCore<T>::add_sums(Engine& engine, double before, double now) {
  for (std::size_t p = 0; p < sums.size(); ++p) {
    const View<T> g = engine.workspace.gradient(p);
    if (!g) continue;
    const std::int64_t n = sums[p].size();
    if (now != 1) kernels<T>().scale(n, static_cast<T>(now), g.data);
    if (before != 1) kernels<T>().scale(n, static_cast<T>(before), sums[p].data());
    kernels<T>().add(n, sums[p].data(), g.data);
  }
}

template <class T>
Json StepCore<T>::fingerprint() const {
  Optimizer optimizer = options.optimizer;
  return {{"optimizer", optimizer.name()},
          {"settings", settings_to_json(optimizer)},
          {"loss", loss.text()},
          {"layers", architecture_to_json(model)},
          {"seed", options.seed},
          {"l1", options.l1},
          {"l2", options.l2},
          {"clip_norm", options.clip_norm},
          {"clip_value", options.clip_value},
          {"row_block", options.row_block},
          {"precision", sizeof(T) == 8 ? "float64" : "float32"}};
}

template struct StepCore<float>;
template struct StepCore<double>;

}  // namespace pellucid
