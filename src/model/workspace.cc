// Binds views into one arena, and runs forward, loss and backward over the nodes of the plan.
// Not here: the loss itself (batch_loss.cc), which slices exist (plan.cc), batches computed in chunks (chunks.cc),
// reading values by name (values.cc).
#include "model/workspace.h"

#include <algorithm>
#include <utility>

#include "core/float_env.h"
#include "core/memory.h"
#include "layers/apply.h"
#include "pellucid/error.h"

namespace pellucid {

template <class T>
Workspace<T>::Workspace(const Plan<T>& plan, const BasicModel<T>& model, BasicModel<T>* learner, Team* team)
    : plan_(plan),
      model_(model),
      learner_(learner),
      team_(team ? *team : alone_),
      arena_(Shape{plan.arena_elements()}),
      passes_(plan.nodes().size()),
      sink_of_(model.parameters().size()),
      input_(at(plan.input)),
      labels_(static_cast<std::size_t>(plan.options().rows)),
      part_losses_(plan.options().loss && plan.options().loss->heads() ? plan.parts().size() : 0),
      loss_data_{at(plan.targets), at(plan.row_weights).data, at(plan.row_losses).data, labels_.data()} {
  if (!model.is_built()) throw Error("U21", "the model has no parameters yet: call build, fit or load first");
  if (passes_.size() != model.nodes().size() || static_cast<std::int64_t>(sink_of_.size()) != plan.parameter_count()) {
    throw Error("U20", "the model does not have the parameters that its layers need");
  }
  if (plan.options().loss || plan.options().rows > 1) require_stack();
  for (std::size_t i = 0; i < passes_.size(); ++i) bind_node(i);
  for (int i = 0; plan.chunk() && i < team_.size(); ++i) {
    walkers_.push_back(std::make_unique<Workspace>(*plan.chunk(), model));
  }
  name_values();
}

template <class T>
View<T> Workspace<T>::at(const Region& region) const {
  if (region.offset < 0) return {};
  // The arena is this object's own memory. Const methods return writable views of it, as Tensor::view does.
  T* data = const_cast<T*>(arena_.data()) + region.offset;
  return {data, region.rows, region.columns, region.stride};
}

template <class T>
View<T> Workspace<T>::rows_of(const Region& region) const {
  View<T> view = at(region);
  view.rows = rows_;
  return view;
}

template <class T>
void Workspace<T>::bind_node(std::size_t index) {
  const PlanNode& node = plan_.nodes()[index];
  PassData<T>& pass = passes_[index];
  pass.kernels = &kernels<T>();
  pass.team = &team_;
  pass.logits = node.logits;
  pass.row_block = plan_.options().row_block;
  pass.fold = at(plan_.fold).data;
  for (int source : model_.nodes()[index].inputs) {
    pass.x.push_back(at(source < 0 ? plan_.input : plan_.nodes()[static_cast<std::size_t>(source)].y));
  }
  pass.input_shapes = model_.input_shapes(static_cast<int>(index));
  for (const Region& state : node.new_states) pass.new_states.push_back(at(state));
  for (std::size_t j = 0; j < pass.x.size(); ++j) pass.dx.push_back(node.dx.empty() ? View<T>{} : at(node.dx[j]));
  pass.y = at(node.y);
  const auto part =
      std::ranges::find_if(plan_.parts(), [&](const PlanOutput& one) { return one.node == static_cast<int>(index); });
  if (part != plan_.parts().end()) {
    pass.dy = at(columns_of(plan_.output_gradient, part->first, node.y.columns));
  } else if (plan_.options().loss) {
    const auto [reader, input] = node.readers.back();
    pass.dy = at(plan_.nodes()[static_cast<std::size_t>(reader)].dx[static_cast<std::size_t>(input)]);
  }
  pass.sinks.resize(node.needs.size());
  for (std::size_t k = 0; k < node.needs.size(); ++k) bind_sink(index, k);
}

template <class T>
void Workspace<T>::bind_sink(std::size_t index, std::size_t need) {
  const PlanNode& node = plan_.nodes()[index];
  PassData<T>& pass = passes_[index];
  const Need& what = node.needs[need];
  const bool per_row = !what.whole && (what.role == Role::saved || what.role == Role::scratch);
  pass.per_row.push_back(per_row);
  if (node.parameters[need] < 0) {
    View<T> view = at(node.slices[need]);
    if (view && what.whole && what.shape.rank() == 2) view = {view.data, what.shape[0], what.shape[1], what.shape[1]};
    pass.slices.push_back(view);
    return;
  }
  const auto parameter = static_cast<std::size_t>(node.parameters[need]);
  const Tensor<T>& value = model_.parameters()[parameter].value;
  require_shape(model_.parameters()[parameter].name, value.shape(), value.size(), what.shape);
  // The view is writable only by type: layers read parameters, and updates go through the sink.
  const View<const T> view = value.view();
  pass.slices.push_back({const_cast<T*>(view.data), view.rows, view.columns, view.stride});
  pass.sinks[need].update.w = learner_ ? learner_->parameters()[parameter].value.data() : nullptr;
  if (node.shares < 0) sink_of_[parameter] = {index, need};
  if (plan_.options().loss && what.role == Role::parameter && node.stores_gradient[need]) {
    pass.sinks[need].mode = GradientSink<T>::Mode::store;
    pass.sinks[need].gradient = at(node.gradients[need]).data;
    pass.sinks[need].add = !node.last_use;
  }
}

template <class T>
bool Workspace<T>::is_bound() const noexcept {
  const std::vector<Parameter<T>>& parameters = model_.parameters();
  if (parameters.size() != sink_of_.size() || model_.nodes().size() != passes_.size()) return false;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const auto [node, need] = sink_of_[p];
    const View<T>& bound = passes_[node].slices[need];
    if (parameters[p].value.data() != bound.data || parameters[p].value.size() != bound.rows * bound.columns) {
      return false;
    }
  }
  return true;
}

template <class T>
bool Workspace<T>::rebind() noexcept {
  const std::vector<Parameter<T>>& parameters = model_.parameters();
  if (parameters.size() != sink_of_.size() || model_.nodes().size() != passes_.size()) return false;
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    const PlanNode& node = plan_.nodes()[i];
    for (std::size_t k = 0; k < node.needs.size(); ++k) {
      if (node.parameters[k] < 0) continue;
      const Tensor<T>& value = parameters[static_cast<std::size_t>(node.parameters[k])].value;
      if (!(value.shape() == node.needs[k].shape) || !value.data()) return false;
      passes_[i].slices[k].data = const_cast<T*>(value.data());
    }
  }
  return is_bound();
}

template <class T>
bool Workspace<T>::takes_sparse_rows() const {
  const PlanOptions& options = plan_.options();
  if (options.input_gradient || plan_.keeps("input") || options.rows > options.row_block) return false;
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    const Node& node = model_.nodes()[i];
    if (std::ranges::count(node.inputs, -1) == 0) continue;
    if (node.inputs.size() > 1 || !node.layer->takes_sparse_rows() || plan_.nodes()[i].is_shared) return false;
  }
  return true;
}

template <class T>
std::int64_t Workspace<T>::widest_reader() const noexcept {
  std::int64_t widest = 0;
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    const bool reads = std::ranges::count(model_.nodes()[i].inputs, -1) > 0;
    if (reads) widest = std::max(widest, plan_.nodes()[i].y.columns);
  }
  return widest;
}

template <class T>
void Workspace<T>::set_input(View<T> input) {
  if (input.data == input_.data) return;
  input_ = input;
  if (const auto named = names_.find("input"); named != names_.end()) named->second.view = input;
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    const std::vector<int>& sources = model_.nodes()[i].inputs;
    for (std::size_t j = 0; j < sources.size(); ++j) {
      if (sources[j] < 0) passes_[i].x[j].data = input.data;
    }
  }
}

template <class T>
void Workspace<T>::set_sparse_input(const SparseInput<T>* batch) {
  if (std::exchange(sparse_input_, batch) == batch) return;
  // input() is not filled from now on, so it can no longer be read by name.
  if (const auto input = names_.find("input"); input != names_.end()) names_.erase(input);
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    if (model_.nodes()[i].inputs.front() < 0) passes_[i].sparse_x = batch;
  }
}

template <class T>
void Workspace<T>::forward(std::int64_t rows, bool training, const StepKey& key) {
  const FloatEnvironment<T> environment;
  require_whole();
  rows_ = rows;
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    PassData<T>& data = passes_[i];
    if (data.rows != rows) data.set_rows(rows);
    data.training = training;
    data.key = {
        .seed = key.seed, .purpose = Purpose::dropout, .stream = static_cast<std::uint32_t>(i), .step = key.step};
    data.first_row = key.first_row;
    data.dropout_factor = key.dropout_factor;
    Pass<T> pass(data);
    model_.nodes()[i].layer->forward(pass);
  }
  keep_probabilities();
}

template <class T>
void Workspace<T>::require_whole() const {
  if (walks_in_chunks()) throw Error("P01", "a batch that is computed in chunks was asked for the values of all rows");
}

template <class T>
double Workspace<T>::forward_loss(std::int64_t rows, const StepKey& key) {
  const FloatEnvironment<T> environment;
  if (!walks_in_chunks()) {
    forward(rows, true, key);
    return loss(true);
  }
  rows_ = rows;
  key_ = key;
  const T scale = loss_scale(rows);
  walk_chunks(scale);
  return mean_loss(scale);
}

template <class T>
double Workspace<T>::loss(bool with_gradient) {
  const FloatEnvironment<T> environment;
  require_whole();
  if (plan_.options().loss->heads() != nullptr) return head_losses(with_gradient);
  const T scale = loss_scale(rows_);
  row_losses(with_gradient, scale);
  return mean_loss(scale);
}

template <class T>
void Workspace<T>::backward() {
  const FloatEnvironment<T> environment;
  if (walks_in_chunks()) return fold_blocks();
  for (std::size_t i = passes_.size(); i-- > 0;) {
    if (!plan_.nodes()[i].has_backward) continue;
    sum_readers(i);
    Pass<T> pass(passes_[i]);
    model_.nodes()[i].layer->backward(pass);
  }
  if (plan_.options().input_gradient) sum_input_readers();
}

// If several nodes read a node, adds their input gradients to that of the last reader.
template <class T>
void Workspace<T>::sum_readers(std::size_t index) {
  const auto& readers = plan_.nodes()[index].readers;
  for (std::size_t k = readers.size(); k-- > 1;) {
    const auto [reader, input] = readers[k - 1];
    const View<T> part = rows_of(plan_.nodes()[static_cast<std::size_t>(reader)].dx[static_cast<std::size_t>(input)]);
    kernels<T>().add(part.rows * part.stride, part.data, passes_[index].dy.data);
  }
}

// Sums the input gradients of all nodes that read the data, into that of the first one.
template <class T>
void Workspace<T>::sum_input_readers() {
  input_gradient_ = {};
  for (std::size_t i = 0; i < passes_.size(); ++i) {
    const std::vector<int>& inputs = model_.nodes()[i].inputs;
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      if (inputs[j] >= 0) continue;
      const Region& part = plan_.nodes()[i].dx[j];
      if (input_gradient_.offset < 0) {
        input_gradient_ = part;
      } else {
        kernels<T>().add(rows_ * part.columns, at(part).data, at(input_gradient_).data);
      }
    }
  }
}

template class Workspace<float>;
template class Workspace<double>;

}  // namespace pellucid
