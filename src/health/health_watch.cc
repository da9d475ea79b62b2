// Measures layers: computes a sample of rows in a workspace of its own, compares the weights before and after a step,
// and reads the losses of the rows of each batch. Not here: the best constant prediction (judge/constant_loss.cc).
#include "health/health_watch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "judge/constant_loss.h"
#include "kernels/scalar_math.h"
#include "model/heads.h"

namespace pellucid {
namespace {

constexpr std::int64_t most_rows = 512;
constexpr double budget = 0.03;             // rows of all measurements, as a share of the rows trained on
constexpr std::int64_t steps_measured = 4;  // steps per epoch that are measured
// Relative step sizes (see has_begun): above the first, a step is large; above the second, weights are probably near 0.
constexpr double usual_step = 0.03, long_step = 0.1;
constexpr std::int64_t most_weights = 1 << 15;    // weights per layer that are compared
constexpr std::int64_t most_histogrammed = 8192;  // numbers per histogram

Dataset evenly(const Dataset& data, std::int64_t most) {
  if (data.rows() <= most) return data;
  std::vector<std::int64_t> positions(static_cast<std::size_t>(most));
  for (std::int64_t i = 0; i < most; ++i) positions[static_cast<std::size_t>(i)] = i * data.rows() / most;
  return data.subset(positions);
}

template <class T>
std::int64_t weight_stride(const Tensor<T>& weight) {
  return std::max<std::int64_t>(1, weight.size() / most_weights);
}

template <class T>
Distribution sampled(View<const T> view) {
  const std::int64_t all = view.rows * view.columns;
  const std::int64_t taken = std::min(all, most_histogrammed);
  std::vector<T> values(static_cast<std::size_t>(taken));
  for (std::int64_t i = 0; i < taken; ++i) {
    const std::int64_t at = i * all / taken;
    values[static_cast<std::size_t>(i)] = view(at / view.columns, at % view.columns);
  }
  return distribution_of(values);
}

std::string_view name_of(const Activation* f) {
  return f == nullptr ? "" : f->kind().name;
}

bool is_cross_entropy(const Loss& loss) {
  const std::string_view name = loss.kind().name;
  return loss.kind().builtin >= 0 && (name == "cross_entropy" || name == "binary_cross_entropy");
}

}  // namespace

template <class T>
HealthWatch<T>::HealthWatch(const BasicModel<T>& model, const Dataset& train, const Loss& loss, Team* team)
    : model_(model),
      train_(train),
      sample_(evenly(train, most_rows)),
      loss_(loss),
      plan_(model, {.rows = sample_.rows(), .loss = loss, .keep = {}, .store_gradients = true}),
      workspace_(plan_, model, team),
      batches_(sample_, sample_.rows(), false, 0),
      feeder_(batches_, workspace_, true, nullptr) {
  feeder_.load(0, workspace_);
  health_.rows = sample_.rows();
  const std::vector<int> outputs = output_nodes(model);
  for (int n = 0; n < static_cast<int>(model.nodes().size()); ++n) {
    const Node& node = model.nodes()[static_cast<std::size_t>(n)];
    const Activation* activation = node.layer->output_activation();
    const bool is_output = std::ranges::count(outputs, n) > 0;
    Watched watched{.name = node.name, .node = n, .hidden = !is_output && activation != nullptr};
    watched.sigmoid = name_of(activation) == "sigmoid";
    watched.tanh = name_of(activation) == "tanh";
    // A batch uses few rows of an embedding, so its gradients and steps cannot be compared with those of other layers.
    const bool embeds = node.layer->kind() == Embedding::name;
    for (std::size_t p = 0; !embeds && p < model.parameters().size(); ++p) {
      const Parameter<T>& parameter = model.parameters()[p];
      if (parameter.node == n && watched.weight < 0 &&
          plan_.nodes()[static_cast<std::size_t>(n)].needs[static_cast<std::size_t>(parameter.need)].decays)
        watched.weight = static_cast<int>(p);
    }
    if (watched.weight >= 0 || activation != nullptr) watched_.push_back(std::move(watched));
  }
  health_.constant_loss = constant_loss(model, train_, loss);
  health_.constant_score = Scorer(model, train_, loss, OutputSource::loss_plan).constant_score();
  reads_labels_ = train_.has_labels() && !train_.has_soft_targets() && is_cross_entropy(loss);
  if (reads_labels_) {
    own_probability_.resize(static_cast<std::size_t>(train_.rows()), std::numeric_limits<double>::quiet_NaN());
    memory_.probability_sums.resize(own_probability_.size());
  }
}

template <class T>
void HealthWatch<T>::begin_epoch(std::int64_t steps) {
  if (memory_.last_is_extra) forget_last_look();
  const double allowed = budget * static_cast<double>(memory_.epochs + 1) * static_cast<double>(train_.rows());
  looking_ = memory_.looks.empty() || static_cast<double>(memory_.rows_looked_at + sample_.rows()) <= allowed;
  stride_ = std::max<std::int64_t>(1, steps / steps_measured);
  measured_steps_ = 0;
  met_labels_ = false;
  for (Watched& watched : watched_) watched.step_sum = 0;
}

template <class T>
void HealthWatch<T>::end_epoch() {
  ++memory_.epochs;
  if (!met_labels_) return;
  ++memory_.label_epochs;
  for (std::size_t r = 0; r < own_probability_.size(); ++r) memory_.probability_sums[r] += own_probability_[r];
}

template <class T>
void HealthWatch<T>::forget_last_look() {
  memory_.looks.pop_back();
  memory_.rows_looked_at -= sample_.rows();
  if (memory_.looks.empty()) memory_.first_values.clear();
  memory_.last_is_extra = false;
}

template <class T>
bool HealthWatch<T>::restore(HealthMemory memory) {
  const auto fits = [&](const std::vector<LayerValues>& values, bool any) {
    return (values.empty() && !any) || std::ranges::equal(values, watched_, {}, &LayerValues::layer, &Watched::name);
  };
  const bool labels = !memory.probability_sums.empty();
  if (labels ? memory.probability_sums.size() != own_probability_.size() : memory.label_epochs != 0) return false;
  if (!fits(memory.first_values, !memory.looks.empty()) || !fits(memory.last_values, !memory.looks.empty()))
    return false;
  for (const EpochHealth& look : memory.looks) {
    if (!std::ranges::equal(look.layers, watched_, {}, &LayerHealth::layer, &Watched::name)) return false;
  }
  if (memory.last_is_extra && memory.looks.empty()) return false;
  if (!labels) memory.probability_sums.resize(own_probability_.size());
  memory_ = std::move(memory);
  return true;
}

template <class T>
void HealthWatch<T>::remember_weights() {
  for (const Watched& watched : watched_) {
    if (watched.weight < 0) continue;
    const Tensor<T>& weight = model_.parameters()[static_cast<std::size_t>(watched.weight)].value;
    const std::int64_t stride = weight_stride(weight);
    for (std::int64_t i = 0; i < weight.size(); i += stride) before_.push_back(weight.data()[i]);
  }
}

template <class T>
void HealthWatch<T>::measure_step() {
  const T* before = before_.data();
  for (Watched& watched : watched_) {
    if (watched.weight < 0) continue;
    const Tensor<T>& weight = model_.parameters()[static_cast<std::size_t>(watched.weight)].value;
    const std::int64_t stride = weight_stride(weight);
    double moved = 0, size = 0;
    for (std::int64_t i = 0; i < weight.size(); i += stride, ++before) {
      const double was = *before, by = weight.data()[i] - was;
      moved += by * by;
      size += was * was;
    }
    watched.step_sum += size > 0 ? std::sqrt(moved / size) : 0;
  }
  ++measured_steps_;
  before_.clear();
}

// A row's loss is -log(probability of its label), times the row's weight. With label smoothing it is not, so the
// probability is then computed from the logits, and the effect of smoothing on it is removed.
template <class T>
void HealthWatch<T>::read_labels(const Workspace<T>& workspace, std::span<const std::int64_t> positions) {
  const bool smoothed = loss_.parameter() > 0;
  if (smoothed) find_probabilities(workspace);
  const T* losses = workspace.losses();
  met_labels_ = true;
  for (std::size_t r = 0; r < positions.size(); ++r) {
    const auto at = static_cast<std::size_t>(positions[r]);
    const double weight = train_.weights().empty() ? 1.0 : static_cast<double>(train_.weights()[at]);
    if (weight <= 0) continue;
    own_probability_[at] = smoothed ? own_probability(workspace.output().columns, r, train_.label(positions[r]))
                                    : math::exp(-static_cast<double>(losses[r]) / weight);
  }
}

// Computes the probabilities of all classes for the batch, from the logits before the step.
template <class T>
void HealthWatch<T>::find_probabilities(const Workspace<T>& workspace) {
  const View<T> z = workspace.output();
  probabilities_.resize(static_cast<std::size_t>(z.rows * z.columns));
  T* p = probabilities_.data();
  if (z.columns > 1) return kernels<T>().softmax(z.rows, z.columns, z.data, z.stride, p, z.columns);
  for (std::int64_t r = 0; r < z.rows; ++r) p[r] = static_cast<T>(1 / (1 + math::exp(-static_cast<double>(z(r, 0)))));
}

template <class T>
double HealthWatch<T>::own_probability(std::int64_t columns, std::size_t row, std::int32_t label) const {
  const T* p = probabilities_.data() + static_cast<std::int64_t>(row) * columns;
  const double said = static_cast<double>(columns > 1 ? p[label] : label == 1 ? p[0] : 1 - p[0]);
  const double smoothing = loss_.parameter(), classes = static_cast<double>(std::max<std::int64_t>(columns, 2));
  return std::clamp((said - smoothing / classes) / (1 - smoothing), 0.0, 1.0);
}

template <class T>
void HealthWatch<T>::run_sample() {
  workspace_.forward(sample_.rows(), false);
  workspace_.loss(true);
  workspace_.backward();
}

template <class T>
void HealthWatch<T>::fill_outputs(const Watched& watched, LayerHealth& layer) const {
  const View<const T> y = workspace_.node_output(static_cast<std::size_t>(watched.node));
  std::vector<bool> varies(static_cast<std::size_t>(y.columns));
  std::int64_t saturated = 0;
  for (std::int64_t r = 0; r < y.rows; ++r) {
    for (std::int64_t c = 0; c < y.columns; ++c) {
      const T value = y(r, c), end = watched.sigmoid ? 2 * value - 1 : value;
      if (value != y(0, c)) varies[static_cast<std::size_t>(c)] = true;
      saturated += std::abs(end) > T(0.96);
    }
  }
  const auto dead = std::ranges::count(varies, false);
  layer.dead = static_cast<double>(dead) / static_cast<double>(y.columns);
  if (watched.sigmoid || watched.tanh)
    layer.saturated = static_cast<double>(saturated) / static_cast<double>(y.rows * y.columns);
}

template <class T>
std::vector<LayerHealth> HealthWatch<T>::layers() const {
  std::vector<LayerHealth> layers;
  for (const Watched& watched : watched_) {
    LayerHealth layer{.layer = watched.name};
    if (watched.weight >= 0) {
      const View<T> g = workspace_.gradient(static_cast<std::size_t>(watched.weight));
      const auto n = static_cast<double>(g.rows * g.columns);
      layer.gradient_rms = std::sqrt(static_cast<double>(kernels<T>().sum_squares(g.rows * g.columns, g.data)) / n);
      if (measured_steps_ > 0) layer.step_ratio = watched.step_sum / static_cast<double>(measured_steps_);
    }
    if (watched.hidden && sample_.rows() > 1) fill_outputs(watched, layer);
    layers.push_back(std::move(layer));
  }
  return layers;
}

template <class T>
std::vector<LayerValues> HealthWatch<T>::values() const {
  std::vector<LayerValues> values;
  for (const Watched& watched : watched_) {
    LayerValues entry{watched.name, sampled<T>(workspace_.node_output(static_cast<std::size_t>(watched.node))), {}};
    if (watched.weight >= 0)
      entry.gradients = sampled<T>(workspace_.gradient(static_cast<std::size_t>(watched.weight)));
    values.push_back(std::move(entry));
  }
  return values;
}

// Whether the measurements are meaningful yet (EpochHealth::begun). They are not while the learning rate is still 0, or
// while the last layer's weights are near 0, because then hardly any gradient reaches the layers before it.
template <class T>
bool HealthWatch<T>::has_begun() const {
  if (measured_steps_ == 0) return true;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const Watched& watched : watched_) {
    if (watched.weight < 0) continue;
    const double step = watched.step_sum / static_cast<double>(measured_steps_);
    least = std::min(least, step);
    most = std::max(most, step);
  }
  return least > usual_step || (least > 0 && most < long_step);
}

template <class T>
bool HealthWatch<T>::look(std::int64_t epoch, bool last) {
  if (!looking_ && !last) return false;
  const bool begun = !memory_.looks.empty() || epoch >= latest_first_look || has_begun();
  if (!begun && !last) return false;
  run_sample();
  memory_.rows_looked_at += sample_.rows();
  memory_.looks.push_back({epoch, begun, layers()});
  memory_.last_is_extra = !looking_ || !begun;
  memory_.last_values = values();
  if (memory_.first_values.empty()) memory_.first_values = memory_.last_values;
  return true;
}

template <class T>
Health HealthWatch<T>::finish(std::int64_t epoch, std::int64_t validation_rows) {
  measured_steps_ = 0;
  run_sample();
  health_.kept = {epoch, true, layers()};
  health_.kept_values = values();
  health_.kept_score = Judge<T>(model_, sample_, loss_)().score;
  health_.validation_rows = validation_rows;
  health_.epochs = std::move(memory_.looks);
  health_.first_values = std::move(memory_.first_values);
  health_.last_values = std::move(memory_.last_values);
  if (memory_.label_epochs > 0) {
    health_.own_probability = std::move(memory_.probability_sums);
    for (double& sum : health_.own_probability) sum /= static_cast<double>(memory_.label_epochs);
  }
  return std::move(health_);
}

template class HealthWatch<float>;
template class HealthWatch<double>;

}  // namespace pellucid
