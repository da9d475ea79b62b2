// Compiles a model: assigns every slice a region of the arena, and decides what is stored.
// Not here: the memory itself and running a step (workspace.cc).
#include "model/plan.h"

#include <algorithm>
#include <bit>

#include "core/text.h"
#include "model/heads.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// Whether the last layer's softmax or sigmoid is folded into the loss, which then reads the logits.
bool folds_into(const Loss& loss, const Layer& last) {
  const Activation* f = last.output_activation();
  return loss.kind().from_logits && f != nullptr && std::string_view(f->kind().name) == loss.kind().output;
}

void require_gradient(const Layer& layer, const std::string& name) {
  const Activation* f = layer.output_activation();
  if (f == nullptr || f->kind().has_gradient) return;
  throw Error("U22", "layer " + name + ": " + f->kind().name + " has no gradient, so the model cannot be trained");
}

// Limits for chunks: the parameters and their gradients must fit into a core's cache beside a chunk …
constexpr std::int64_t most_chunked_parameters = 1 << 16;
// … whose values and their gradients are about this many numbers.
constexpr std::int64_t chunk_elements = 1 << 16;
constexpr std::int64_t chunk_grain = 32;

}  // namespace

void require_shape(const std::string& parameter, const Shape& found, std::int64_t size, const Shape& needed) {
  if (found == needed && size == needed.elements()) return;
  throw Error("U20", "the parameter " + parameter + " has " + plural(size, "number") + " of shape " + found.text() +
                         ", its layer needs " + needed.text());
}

template <class T>
void require_trainable(const BasicModel<T>& model) {
  bool frozen = false;
  for (const Parameter<T>& parameter : model.parameters()) {
    const Need need = model.needs(parameter.node)[static_cast<std::size_t>(parameter.need)];
    if (is_learned(need)) return;
    frozen |= need.role == Role::parameter;
  }
  if (!frozen) return;
  throw Error("U28", "every parameter of the model is frozen, so there is nothing to train",
              {"train one again: model.freeze(name, false)"});
}

template void require_trainable(const BasicModel<float>&);
template void require_trainable(const BasicModel<double>&);

template <class T>
Region Plan<T>::reserve(std::int64_t rows, std::int64_t columns, std::int64_t stride) {
  constexpr std::int64_t line = 64 / sizeof(T);
  const Region region{arena_, rows, columns, stride};
  // One cache line of padding after each slice, because kernels may read a full vector past its end.
  const std::int64_t taken = (Shape{rows, stride}.elements() + line - 1) / line * line + line;
  if (__builtin_add_overflow(arena_, taken, &arena_)) {
    throw Error("M02", "a step of " + plural(options_.rows, "row") + " has more values than memory can hold");
  }
  return region;
}

// A slice with one row per row of the batch. If rows lay a multiple of 8 cache lines apart, walking down a column would
// use only a few sets of the cache; such rows get one more line.
template <class T>
Region Plan<T>::reserve_rows(std::int64_t columns) {
  constexpr std::int64_t line = 64 / sizeof(T);
  return reserve(options_.rows, columns, columns > 0 && columns % (8 * line) == 0 ? columns + line : columns);
}

// A slice of a node's values. If the batch is computed in chunks, only the chunk's plan has memory for it.
template <class T>
Region Plan<T>::reserve_batch(std::int64_t columns) {
  return chunk_ ? Region{-1, options_.rows, columns, columns} : reserve_rows(columns);
}

// Computes the batch in chunks if it has several row blocks, few parameters and only layers that compute each row
// independently, and if no values of the whole batch are kept.
template <class T>
void Plan<T>::cut_into_chunks(const BasicModel<T>& model) {
  const PlanOptions& o = options_;
  if (!o.loss || o.loss->kind().builtin < 0 || o.rows <= o.row_block || !o.keep.empty() || o.input_gradient) return;
  double columns = 0;
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    if (!model.nodes()[i].layer->rows_are_independent() || nodes_[i].is_shared || !nodes_[i].new_states.empty()) return;
    columns += 2 * model.output_shape(static_cast<int>(i)).extent_product();
  }
  if (columns < 1) return;
  // The sums of a row block must take less memory than its values would.
  if (parameter_elements() > std::min<double>(most_chunked_parameters, static_cast<double>(o.row_block) * columns)) {
    return;
  }
  const std::int64_t fitting = static_cast<std::int64_t>(chunk_elements / columns) / chunk_grain * chunk_grain;
  const std::int64_t rows = std::min(o.row_block, std::max(chunk_grain, fitting));
  const PlanOptions chunk{.rows = rows, .loss = o.loss, .keep = {}, .store_gradients = true, .row_block = rows};
  chunk_ = std::make_shared<const Plan>(model, chunk);
}

// Lists the nodes that give the outputs, and checks that the loss was made for them.
template <class T>
void Plan<T>::list_outputs(const BasicModel<T>& model) {
  std::int64_t columns = 0;
  for (const int node : output_nodes(model)) {
    parts_.push_back({.node = node, .first = columns, .targets = {}, .row_losses = {}});
    columns += model.output_shape(node).elements();
  }
  output = {-1, options_.rows, columns, columns};
  if (!options_.loss) return;
  const HeadLosses* heads = options_.loss->heads();
  if (model.heads().empty() ? heads == nullptr : heads != nullptr && heads->heads.size() == parts_.size()) return;
  throw Error("U33", "the loss was not made for the heads of this model",
              {"take the one that fits model and data: default_loss(model, data)"});
}

template <class T>
const Loss& Plan<T>::loss_of(std::size_t part) const noexcept {
  const HeadLosses* heads = options_.loss->heads();
  return heads != nullptr ? heads->heads[part].loss : *options_.loss;
}

// Lists what each layer needs, and numbers the model's parameters in the order in which the model has them.
template <class T>
void Plan<T>::list_needs(const BasicModel<T>& model) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    PlanNode& node = nodes_[i];
    node.needs = model.needs(static_cast<int>(i));
    node.shares = model.nodes()[i].shares;
    if (node.shares < 0) {
      for (const Need& need : node.needs) node.parameters.push_back(is_owned(need) ? parameters_++ : -1);
    } else {
      node.parameters = nodes_[static_cast<std::size_t>(node.shares)].parameters;
      node.is_shared = true;
      for (std::size_t j = 0; j < i; ++j) {
        const bool same_parameters = static_cast<int>(j) == node.shares || nodes_[j].shares == node.shares;
        if (same_parameters) nodes_[j].is_shared = true;
        if (same_parameters) nodes_[j].last_use = false;
      }
    }
    const bool updates = std::ranges::any_of(node.needs, [](const Need& n) { return is_owned(n) && n.updates; });
    if (updates && options_.loss) node.new_states.resize(node.needs.size());
  }
}

// A node needs a backward pass if it has trainable parameters, if its gradients are kept, or if a node or input below
// it needs a gradient.
template <class T>
void Plan<T>::find_backward(const BasicModel<T>& model) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = model.nodes()[i];
    const bool looked_at = std::ranges::any_of(options_.keep, [&](const std::string& name) {
      return name.starts_with(node.name + ".") && name.ends_with(".gradient");
    });
    nodes_[i].has_backward = looked_at || std::ranges::any_of(nodes_[i].needs, is_learned);
    for (const int source : node.inputs) {
      const bool wanted = source < 0 ? options_.input_gradient : nodes_[static_cast<std::size_t>(source)].has_backward;
      nodes_[i].has_backward |= wanted;
    }
  }
}

template <class T>
double Plan<T>::parameter_elements() const noexcept {
  double elements = 0;
  for (const PlanNode& node : nodes_) {
    for (const Need& need : node.needs) {
      elements += is_owned(need) && node.shares < 0 ? need.shape.extent_product() : 0;
    }
  }
  return elements;
}

template <class T>
bool Plan<T>::keeps(const std::string& name) const {
  return std::find(options_.keep.begin(), options_.keep.end(), name) != options_.keep.end();
}

template <class T>
Plan<T>::Plan(const BasicModel<T>& model, const PlanOptions& options) : options_(options) {
  const std::int64_t columns = model.row_shape().elements();
  if (options.rows < 1) throw Error("U12", "a batch takes at least one row, got " + std::to_string(options.rows));
  nodes_.resize(model.nodes().size());
  list_outputs(model);
  list_needs(model);
  cut_into_chunks(model);
  // The input and its gradient are returned without gaps between rows.
  input = options.input_gradient ? reserve(options.rows, columns) : reserve_rows(columns);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const std::vector<int>& inputs = model.nodes()[i].inputs;
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      if (inputs[j] >= 0)
        nodes_[static_cast<std::size_t>(inputs[j])].readers.emplace_back(static_cast<int>(i), static_cast<int>(j));
    }
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) lay_out_node(model, static_cast<int>(i));
  if (options.loss) find_backward(model);
  if (options.loss) lay_out_backward(model);
  check_keep(model);
}

template <class T>
void Plan<T>::lay_out_node(const BasicModel<T>& model, int index) {
  const Node& node = model.nodes()[static_cast<std::size_t>(index)];
  PlanNode& plan = nodes_[static_cast<std::size_t>(index)];
  const auto part = std::ranges::find_if(parts_, [&](const PlanOutput& one) { return one.node == index; });
  const bool last = part != parts_.end();
  if (!last && plan.readers.empty()) throw Error("U20", "layer " + node.name + " is read by no other layer");
  plan.logits = last && options_.loss && folds_into(loss_of(part - parts_.begin()), *node.layer);
  const bool looked_at = std::any_of(options_.keep.begin(), options_.keep.end(),
                                     [&](const std::string& name) { return name.starts_with(node.name + "."); });
  const std::int64_t columns = model.output_shape(index).elements();
  // Outputs have no gaps between rows, because predict() returns them as they are.
  if (last && !chunk_ && output.offset < 0) output = reserve(options_.rows, output.columns);
  plan.y = last && !chunk_ ? columns_of(output, part->first, columns) : reserve_batch(columns);
  for (const Need& need : plan.needs) {
    const bool memory = need.role == Role::saved || need.role == Role::scratch;
    const bool present = need.wanted && (!need.optional || looked_at);
    plan.slices.push_back(!memory || !present ? Region{}
                          : need.whole        ? reserve(1, need.shape.elements())
                                              : reserve_batch(need.shape.elements()));
    const std::size_t k = plan.slices.size() - 1;
    if (!plan.new_states.empty() && is_owned(need) && need.updates) {
      plan.new_states[k] = reserve(1, need.shape.elements());
    }
  }
}

template <class T>
void Plan<T>::lay_out_backward(const BasicModel<T>& model) {
  const bool blocks = options_.rows > options_.row_block;
  const std::int64_t parts = (options_.rows + options_.row_block - 1) / options_.row_block;
  std::int64_t largest = 0, widest = 0;
  const std::int64_t gradients = arena_;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    PlanNode& plan = nodes_[i];
    const Node& node = model.nodes()[i];
    require_gradient(*node.layer, node.name);
    for (int source : node.inputs) {
      const bool wanted = source < 0 ? options_.input_gradient : nodes_[static_cast<std::size_t>(source)].has_backward;
      const std::int64_t columns = source < 0 ? input.columns : nodes_[static_cast<std::size_t>(source)].y.columns;
      plan.dx.push_back(!wanted ? Region{} : source < 0 ? reserve(options_.rows, columns) : reserve_batch(columns));
    }
    for (std::size_t k = 0; k < plan.needs.size(); ++k) {
      const Need& need = plan.needs[k];
      const bool learned = plan.parameters[k] >= 0 && need.role == Role::parameter;
      const bool store = learned && stores_gradient(plan, need, node.name + "." + need.name + ".gradient");
      plan.stores_gradient.push_back(store);
      plan.gradients.push_back(!store            ? Region{}
                               : plan.shares < 0 ? reserve(1, need.shape.elements())
                                                 : nodes_[static_cast<std::size_t>(plan.shares)].gradients[k]);
      if (!learned) continue;
      largest = std::max(largest, need.shape.elements());
      widest = std::max(widest, need.shape.rank() > 0 ? need.shape[need.shape.rank() - 1] : 1);
    }
  }
  if (chunk_) {
    const std::int64_t elements = arena_ - gradients;
    block_sums = {gradients, parts, elements, elements};
    arena_ = gradients + parts * elements;
  }
  const std::int64_t levels = std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(parts - 1, 0)));
  if (!chunk_) fold = reserve(levels + 1, blocks ? largest : widest);
  lay_out_loss(model);
}

// Reserves what the loss reads and writes.
template <class T>
void Plan<T>::lay_out_loss(const BasicModel<T>& model) {
  targets = reserve(options_.rows, options_.loss->target_columns(output.columns));
  row_weights = reserve(options_.rows, 1);
  row_losses = reserve(options_.rows, 1);
  if (!chunk_) output_gradient = reserve(options_.rows, output.columns);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    PlanNode& node = nodes_[static_cast<std::size_t>(parts_[i].node)];
    if (node.logits && keeps(model.nodes()[static_cast<std::size_t>(parts_[i].node)].name + ".output")) {
      node.probabilities = reserve(options_.rows, node.y.columns);
    }
    if (options_.loss->heads() == nullptr) continue;
    parts_[i].targets = reserve(options_.rows, loss_of(i).target_columns(node.y.columns));
    parts_[i].row_losses = reserve(options_.rows, 1);
  }
}

// A parameter with several uses is updated after all of them, so its gradient must be stored.
template <class T>
bool Plan<T>::stores_gradient(const PlanNode& node, const Need& need, const std::string& name) const {
  if (node.shares >= 0) return is_learned(need);
  const bool blocks = options_.rows > options_.row_block;
  return keeps(name) || (is_learned(need) && (options_.store_gradients || blocks || node.is_shared));
}

template <class T>
void Plan<T>::check_keep(const BasicModel<T>& model) const {
  std::vector<std::string> known = {"input", "loss", "loss.rows"};
  for (const Head& head : model.heads()) known.push_back(head.layer + ".loss");
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const std::string& node = model.nodes()[i].name;
    known.push_back(node + ".output");
    known.push_back(node + ".output.gradient");
    for (const Need& need : nodes_[i].needs) {
      known.push_back(node + "." + need.name);
      if (need.role == Role::parameter) known.push_back(node + "." + need.name + ".gradient");
    }
  }
  for (const std::string& name : options_.keep) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = closest(name, known);
    throw Error("U23", "no value " + quote(name) + " in this model",
                {near.empty() ? "there are: " + join(known, ", ") : "did you mean " + near + "?"});
  }
}

template class Plan<float>;
template class Plan<double>;

}  // namespace pellucid
