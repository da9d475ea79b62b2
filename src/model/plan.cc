// Compiling a model: shapes become regions of one arena, keep becomes stored slices and gradients.
// Not here: memory, running (workspace.cc).
#include "model/plan.h"

#include <algorithm>
#include <bit>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// A softmax or sigmoid whose logits the loss takes is folded into the loss.
bool folds_into(const Loss& loss, const Layer& last) {
  const Activation* f = last.output_activation();
  return loss.kind().from_logits && f != nullptr && std::string_view(f->kind().name) == loss.kind().output;
}

void require_gradient(const Layer& layer, const std::string& name) {
  const Activation* f = layer.output_activation();
  if (f == nullptr || f->kind().has_gradient) return;
  throw Error("U22", "layer " + name + ": " + f->kind().name + " has no gradient, so the model cannot be trained");
}

// Weights and their gradients that stay in a core's cache beside a chunk …
constexpr std::int64_t most_chunked_parameters = 1 << 16;
// … whose values and gradients of values are about so many.
constexpr std::int64_t chunk_elements = 1 << 16;
constexpr std::int64_t chunk_grain = 32;

}  // namespace

template <class T>
Region Plan<T>::reserve(std::int64_t rows, std::int64_t columns, std::int64_t stride) {
  constexpr std::int64_t line = 64 / sizeof(T);
  const Region region{arena_, rows, columns, stride};
  // One cache line of padding behind each slice: a full vector may be read past its end.
  arena_ += (Shape{rows, stride}.elements() + line - 1) / line * line + line;
  return region;
}

// Rows of a batch. Those that lie a multiple of 8 cache lines apart would fight for the same few sets of the cache when
// a gradient walks down a column: they get one line more.
template <class T>
Region Plan<T>::reserve_rows(std::int64_t columns) {
  constexpr std::int64_t line = 64 / sizeof(T);
  return reserve(options_.rows, columns, columns > 0 && columns % (8 * line) == 0 ? columns + line : columns);
}

// Values of a node; a long batch has them in its chunks only.
template <class T>
Region Plan<T>::reserve_batch(std::int64_t columns) {
  return chunk_ ? Region{-1, options_.rows, columns, columns} : reserve_rows(columns);
}

// Several row blocks of a net whose weights are few and whose layers compute each row by itself. Nobody looks at values
// of the whole batch.
template <class T>
void Plan<T>::cut_into_chunks(const BasicModel<T>& model) {
  const PlanOptions& o = options_;
  if (!o.loss || o.loss->kind().builtin < 0 || o.rows <= o.row_block || !o.keep.empty() || o.input_gradient) return;
  std::int64_t columns = 0, parameters = 0;
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    if (!model.nodes()[i].layer->takes_rows_apart()) return;
    columns += 2 * model.output_shape(static_cast<int>(i)).elements();
  }
  for (const Parameter<T>& parameter : model.parameters()) parameters += parameter.value.size();
  // A block's sums shall take less room than its values would.
  if (parameters > std::min(most_chunked_parameters, o.row_block * columns)) return;
  const std::int64_t fitting = chunk_elements / columns / chunk_grain * chunk_grain;
  const std::int64_t rows = std::min(o.row_block, std::max(chunk_grain, fitting));
  const PlanOptions chunk{.rows = rows, .loss = o.loss, .keep = {}, .store_gradients = true, .row_block = rows};
  chunk_ = std::make_shared<const Plan>(model, chunk);
}

template <class T>
bool Plan<T>::keeps(const std::string& name) const {
  return std::find(options_.keep.begin(), options_.keep.end(), name) != options_.keep.end();
}

template <class T>
Plan<T>::Plan(const BasicModel<T>& model, const PlanOptions& options) : options_(options) {
  if (!model.is_built()) throw Error("U21", "the model has no parameters yet: call build, fit or load first");
  if (options.rows < 1) throw Error("U12", "a batch takes at least one row, got " + std::to_string(options.rows));
  cut_into_chunks(model);
  // With an input gradient, the input and it are numbers side by side.
  const std::int64_t columns = model.row_shape().elements();
  input = options.input_gradient ? reserve(options.rows, columns) : reserve_rows(columns);
  nodes_.resize(model.nodes().size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const std::vector<int>& inputs = model.nodes()[i].inputs;
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      if (inputs[j] >= 0)
        nodes_[static_cast<std::size_t>(inputs[j])].readers.emplace_back(static_cast<int>(i), static_cast<int>(j));
    }
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) lay_out_node(model, static_cast<int>(i));
  if (options.loss) lay_out_backward(model);
  check_keep(model);
}

template <class T>
void Plan<T>::lay_out_node(const BasicModel<T>& model, int index) {
  const Node& node = model.nodes()[static_cast<std::size_t>(index)];
  PlanNode& plan = nodes_[static_cast<std::size_t>(index)];
  plan.needs = node.layer->needs(model.input_shapes(index));
  const bool last = static_cast<std::size_t>(index) + 1 == nodes_.size();
  if (!last && plan.readers.empty()) throw Error("U20", "layer " + node.name + " is read by no other layer");
  plan.logits = last && options_.loss && folds_into(*options_.loss, *node.layer);
  const bool looked_at = std::any_of(options_.keep.begin(), options_.keep.end(),
                                     [&](const std::string& name) { return name.starts_with(node.name + "."); });
  // The last output stays side by side: a user's own loss reads it so.
  const std::int64_t columns = model.output_shape(index).elements();
  plan.y = last && !chunk_ ? reserve(options_.rows, columns) : reserve_batch(columns);
  for (std::size_t i = 0; i < plan.needs.size(); ++i) {
    const Need& need = plan.needs[i];
    const bool memory = need.role == Role::saved || need.role == Role::scratch;
    const bool present = need.wanted && (!need.optional || looked_at);
    plan.slices.push_back(!memory || !present ? Region{}
                          : need.whole        ? reserve(1, need.shape.elements())
                                              : reserve_batch(need.shape.elements()));
    int parameter = -1;
    for (std::size_t p = 0; p < model.parameters().size(); ++p) {
      const auto& candidate = model.parameters()[p];
      if (candidate.node == index && candidate.need == static_cast<int>(i)) parameter = static_cast<int>(p);
    }
    plan.parameters.push_back(parameter);
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
      const bool wanted = source >= 0 || options_.input_gradient;
      const std::int64_t columns = source < 0 ? input.columns : nodes_[static_cast<std::size_t>(source)].y.columns;
      plan.dx.push_back(!wanted ? Region{} : source < 0 ? reserve(options_.rows, columns) : reserve_batch(columns));
    }
    for (std::size_t k = 0; k < plan.needs.size(); ++k) {
      const Need& need = plan.needs[k];
      const bool learned = plan.parameters[k] >= 0 && need.role == Role::parameter;
      const std::string name = node.name + "." + need.name + ".gradient";
      const bool store = learned && (options_.store_gradients || blocks || keeps(name));
      plan.stores_gradient.push_back(store);
      plan.gradients.push_back(store ? reserve(1, need.shape.elements()) : Region{});
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
  const Region& y = nodes_.back().y;
  targets = reserve(options_.rows, y.columns);
  row_weights = reserve(options_.rows, 1);
  row_losses = reserve(options_.rows, 1);
  if (!chunk_) output_gradient = reserve(options_.rows, y.columns);
  if (nodes_.back().logits && keeps(model.nodes().back().name + ".output"))
    probabilities = reserve(options_.rows, y.columns);
}

template <class T>
void Plan<T>::check_keep(const BasicModel<T>& model) const {
  std::vector<std::string> known = {"input", "loss", "loss.rows"};
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
