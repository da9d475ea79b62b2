// Checks the heads of a model against its layers and against the targets of the data.
// Not here: the loss of a model without heads (match.cc).
#include "model/heads.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

[[noreturn]] void refuse(const std::string& layer, const std::string& reason, std::vector<std::string> ways_out = {}) {
  throw Error("U33", "head " + layer + ": " + reason, std::move(ways_out));
}

template <class T>
int node_of(const BasicModel<T>& model, const std::string& layer) {
  const auto& nodes = model.nodes();
  const auto found = std::ranges::find_if(nodes, [&](const Node& node) { return node.name == layer; });
  return found == nodes.end() ? -1 : static_cast<int>(found - nodes.begin());
}

// The target columns of the data, and which of them already belong to a head.
class TargetColumns {
 public:
  TargetColumns(const Dataset& data, const std::optional<Preprocessor>& preprocessor) : data_(data) {
    const auto count = static_cast<std::size_t>(data.target_count());
    if (preprocessor && preprocessor->targets.size() == count) names_ = preprocessor->target_names();
    for (std::size_t c = names_.size(); c < count; ++c) names_.push_back(std::to_string(c));
    taken_.resize(count);
  }

  std::vector<std::int64_t> named(const std::string& layer, const ColumnNames& wanted) const {
    std::vector<std::int64_t> columns;
    for (const std::string& name : wanted.list()) {
      const auto found = std::ranges::find(names_, name);
      if (found == names_.end()) {
        refuse(layer, "there is no target " + quote(name), {"there are: " + join(names_, ", ")});
      }
      columns.push_back(found - names_.begin());
    }
    return columns;
  }

  // Columns for a head that names no target: the next column of class labels, or the next columns of numbers.
  std::vector<std::int64_t> next(const Head& head, std::int64_t outputs, bool sigmoid) const {
    if (data_.has_labels()) return {0};
    const auto first = std::ranges::find(taken_, false) - taken_.begin();
    if (first == data_.target_count()) {
      refuse(head.layer, fmt::format("no target is left for it: the heads before it take all {}",
                                     plural(data_.target_count(), "target")));
    }
    std::int64_t count = head.loss ? head.loss->target_columns(outputs) : outputs;
    const std::int32_t classes = data_.classes_of(first);
    const bool answers = classes == 2 && sigmoid && outputs > 1;
    if (classes > 0 && !answers && !(head.loss && head.loss->function())) count = 1;
    std::vector<std::int64_t> columns(static_cast<std::size_t>(std::min(count, data_.target_count() - first)));
    std::iota(columns.begin(), columns.end(), first);
    return columns;
  }

  void take(const std::vector<std::int64_t>& columns) {
    for (const std::int64_t c : columns) taken_[static_cast<std::size_t>(c)] = true;
  }

  void require_all_taken() const {
    const auto left = std::ranges::find(taken_, false);
    if (left == taken_.end()) return;
    throw Error("U33",
                "target " + quote(names_[static_cast<std::size_t>(left - taken_.begin())]) +
                    " is learned by no head of the model",
                {"name it in Head::target, or leave the column out of the dataset"});
  }

 private:
  const Dataset& data_;
  std::vector<std::string> names_;
  std::vector<bool> taken_;
};

// What a head's target columns are: numbers, one column of class labels, or several columns of two classes each.
enum class Kind { numbers, label, answers };

Kind kind_of(const std::string& layer, const std::vector<std::int64_t>& columns, const Dataset& data) {
  const auto is_class = [&](std::int64_t c) { return data.classes_of(c) > 0; };
  if (std::ranges::none_of(columns, is_class)) return Kind::numbers;
  if (!std::ranges::all_of(columns, is_class)) {
    refuse(layer, "its targets are numbers and classes", {"give the classes a head of their own"});
  }
  if (columns.size() == 1) return Kind::label;
  const bool two = std::ranges::all_of(columns, [&](std::int64_t c) { return data.classes_of(c) == 2; });
  if (!two) refuse(layer, "several columns of class labels need a head each, unless all have two classes");
  return Kind::answers;
}

// The library's own losses need one output per target column or class.
void require_outputs(const HeadLoss& head, Kind kind) {
  const auto columns = static_cast<std::int64_t>(head.columns.size());
  if (head.loss.function() != nullptr) {
    const std::int64_t wanted = head.loss.target_columns(head.outputs);
    const bool one_hot = kind == Kind::label && wanted == head.outputs && head.outputs == head.classes;
    if (wanted == columns || one_hot) return;
    refuse(head.layer, fmt::format("its loss {} reads {} for {}, and it has {}", head.loss.kind().name,
                                   plural(wanted, "target column"), plural(head.outputs, "output"), columns));
  }
  const std::int64_t wanted = kind == Kind::label ? head.classes : columns;
  const bool one_for_two = kind == Kind::label && wanted == 2 && head.outputs == 1;
  if (head.outputs != wanted && !one_for_two) {
    refuse(head.layer, fmt::format("it has {}, its target has {}", plural(head.outputs, "output"),
                                   plural(wanted, kind == Kind::label ? "class" : "column")));
  }
  if (kind == Kind::answers && head.loss.kind().rowwise) {
    refuse(head.layer,
           fmt::format("{} predicts one class per row; here each output is a separate yes-or-no answer",
                       head.loss.kind().name),
           {"use a sigmoid output and binary_cross_entropy"});
  }
}

Loss default_for(std::string_view end, Kind kind, std::int64_t outputs) {
  if (kind == Kind::numbers) return Loss("mse");
  if (kind == Kind::answers || outputs == 1 || end == "sigmoid") return Loss("binary_cross_entropy");
  return Loss(end == "softmax" || end == "linear" ? "cross_entropy" : "mse");
}

}  // namespace

std::string_view end_of(const Layer& layer) noexcept {
  const Activation* f = layer.output_activation();
  return f != nullptr ? f->kind().name : "linear";
}

template <class T>
std::vector<int> output_nodes(const BasicModel<T>& model) {
  const std::vector<Node>& nodes = model.nodes();
  if (model.heads().empty()) return {static_cast<int>(nodes.size()) - 1};
  std::vector<bool> read(nodes.size()), head(nodes.size());
  for (const Node& node : nodes) {
    for (const int input : node.inputs) {
      if (input >= 0) read[static_cast<std::size_t>(input)] = true;
    }
  }
  std::vector<int> outputs;
  for (const Head& one : model.heads()) {
    const int node = node_of(model, one.layer);
    if (node < 0) throw Error("U23", "no layer " + quote(one.layer) + " that could be a head");
    if (read[static_cast<std::size_t>(node)]) {
      refuse(one.layer, "another layer reads it, and a head must be read by none",
             {"add a layer for the head that reads " + one.layer + ", a Dense or a linear activation"});
    }
    head[static_cast<std::size_t>(node)] = true;
    outputs.push_back(node);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (read[i] || head[i]) continue;
    throw Error("U33", "layer " + nodes[i].name + " is read by no other layer and is no head of the model",
                {"name it in set_heads, or leave the layer out"});
  }
  return outputs;
}

template <class T>
BasicModel<T>& BasicModel<T>::set_heads(std::vector<Head> heads) {
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const Head& head = heads[i];
    if (node_of(*this, head.layer) < 0) {
      std::vector<std::string> names;
      for (const Node& node : nodes_) names.push_back(node.name);
      throw Error("U23", "no layer " + quote(head.layer) + " that could be a head",
                  {"there are: " + join(names, ", ")});
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (heads[j].layer == head.layer) throw Error("U10", "layer " + quote(head.layer) + " is a head already");
    }
    if (!(std::isfinite(head.weight) && head.weight >= 0)) {
      throw Error("U12",
                  "head " + head.layer + ": a weight is a finite number, 0 or above, got " + number_text(head.weight));
    }
  }
  const bool known = !shapes_.empty();
  std::swap(heads_, heads);
  try {
    if (known) output_nodes(*this);
  } catch (...) {
    heads_ = std::move(heads);
    throw;
  }
  identity_.renew();
  return *this;
}

template <class T>
Loss loss_of_heads(const BasicModel<T>& model, const Dataset& data) {
  const std::vector<int> nodes = output_nodes(model);
  auto losses = std::make_shared<HeadLosses>();
  losses->target_columns = std::max<std::int64_t>(data.target_count(), 1);
  TargetColumns columns(data, model.preprocessor);
  std::int64_t first = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Head& head = model.heads()[i];
    const std::string_view end = end_of(*model.nodes()[static_cast<std::size_t>(nodes[i])].layer);
    const std::int64_t outputs = model.output_shape(nodes[i]).elements();
    const std::vector<std::int64_t> own =
        head.target.empty() ? columns.next(head, outputs, end == "sigmoid") : columns.named(head.layer, head.target);
    columns.take(own);
    const Kind kind = kind_of(head.layer, own, data);
    HeadLoss one{.layer = head.layer,
                 .first_output = first,
                 .outputs = outputs,
                 .columns = own,
                 .classes = kind == Kind::label ? data.classes_of(own.front()) : 0,
                 .loss = head.loss ? *head.loss : default_for(end, kind, outputs),
                 .weight = head.weight};
    require_outputs(one, kind);
    first += outputs;
    losses->heads.push_back(std::move(one));
  }
  columns.require_all_taken();
  for (const HeadLoss& head : losses->heads) {
    if (head.loss.reduction() != losses->reduction()) {
      refuse(head.layer, "its loss is a sum where another head's is a mean, or the reverse",
             {"give all heads the same reduction, and weigh them by Head::weight"});
    }
  }
  return Loss(std::shared_ptr<const HeadLosses>(std::move(losses)));
}

template <class T>
Loss loss_of_heads(const BasicModel<T>& model) {
  const std::vector<int> nodes = output_nodes(model);
  std::vector<std::int32_t> classes;  // per target column: number of classes; 0: numbers
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Head& head = model.heads()[i];
    if (!head.target.empty()) {
      refuse(head.layer, "the columns of the targets that it names are known only with the data",
             {"give the loss that fits both: .loss = default_loss(model, data)"});
    }
    const std::string_view end = end_of(*model.nodes()[static_cast<std::size_t>(nodes[i])].layer);
    const std::int64_t outputs = model.output_shape(nodes[i]).elements();
    const bool by_end = !head.loss && (end == "softmax" || end == "sigmoid");
    const Loss loss = head.loss ? *head.loss : default_for(end, by_end ? Kind::label : Kind::numbers, outputs);
    const bool one_class = loss.kind().rowwise && loss.function() == nullptr;
    const bool answers = std::string_view(loss.kind().name) == "binary_cross_entropy";
    const auto columns = static_cast<std::size_t>(one_class ? 1 : loss.target_columns(outputs));
    classes.insert(classes.end(), columns, one_class ? static_cast<std::int32_t>(outputs) : answers ? 2 : 0);
  }
  const std::vector<T> row(static_cast<std::size_t>(model.row_shape().elements())), targets(classes.size());
  return loss_of_heads(model, Dataset::mixed(std::span<const T>(row), model.row_shape(), targets, classes));
}

#define PELLUCID_HEADS(T)                                              \
  template std::vector<int> output_nodes(const BasicModel<T>&);        \
  template BasicModel<T>& BasicModel<T>::set_heads(std::vector<Head>); \
  template Loss loss_of_heads(const BasicModel<T>&, const Dataset&);   \
  template Loss loss_of_heads(const BasicModel<T>&);
PELLUCID_HEADS(float)
PELLUCID_HEADS(double)
#undef PELLUCID_HEADS

}  // namespace pellucid
