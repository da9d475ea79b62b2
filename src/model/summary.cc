// summary(): the table of a model's layers.
// Not here: the layers in a run's report (run/run_result.cc).
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/model.h"

namespace pellucid {
namespace {

struct Row {
  std::string name, reads, shape, activation, parameters;
};

template <class T>
bool is_chain(const BasicModel<T>& model) {
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    if (model.nodes()[i].inputs != std::vector<int>{static_cast<int>(i) - 1}) return false;
  }
  return true;
}

template <class T>
Row row_of(const BasicModel<T>& model, int index) {
  const Node& node = model.nodes()[static_cast<std::size_t>(index)];
  std::vector<std::string> reads, shapes;
  for (const int input : node.inputs) {
    reads.push_back(input < 0 ? "input" : model.nodes()[static_cast<std::size_t>(input)].name);
  }
  for (const Shape& shape : model.input_shapes(index)) shapes.push_back(shape.text());
  std::int64_t count = 0;
  for (const Parameter<T>& p : model.parameters()) {
    if (p.node == index && p.role == Role::parameter) count += p.value.size();
  }
  const Activation* f = node.layer->output_activation();
  Row row{node.name, join(reads, ", "), join(shapes, " + ") + " -> " + model.output_shape(index).text(),
          f ? f->text() : "-", count_text(count)};
  if (node.shares >= 0) row.parameters += "   those of " + model.nodes()[static_cast<std::size_t>(node.shares)].name;
  if (node.frozen) row.parameters += "   frozen";
  if (!node.frozen_parameters.empty()) row.parameters += "   frozen: " + join(node.frozen_parameters, ", ");
  return row;
}

}  // namespace

template <class T>
std::string BasicModel<T>::summary() const {
  if (!is_built()) throw Error("U21", "the model has no parameters yet: call build, fit or load first");
  const bool chain = is_chain(*this);
  std::size_t name_width = 8, reads_width = 5, shape_width = 10;
  std::vector<Row> rows;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Row& row = rows.emplace_back(row_of(*this, static_cast<int>(i)));
    name_width = std::max(name_width, row.name.size());
    reads_width = std::max(reads_width, row.reads.size());
    shape_width = std::max(shape_width, row.shape.size());
  }
  const auto line = [&](const Row& row) {
    const std::string reads = chain ? "" : fmt::format("{:<{}}  ", row.reads, reads_width);
    const std::size_t space = row.parameters.find(' ');
    const std::string note = space == std::string::npos ? "" : row.parameters.substr(space);
    return fmt::format("{:<{}}  {}{:<{}}  {:<16}  {:>10}{}\n", row.name, name_width, reads, row.shape, shape_width,
                       row.activation, row.parameters.substr(0, space), note);
  };
  std::string text = line({"layer", "reads", "shape", "activation", "params"});
  for (const Row& row : rows) text += line(row);
  const std::int64_t total = parameter_count();
  return text +
         line({"", "", "", "total", count_text(total) + "   " + bytes_text(static_cast<double>(total) * sizeof(T))});
}

template std::string BasicModel<float>::summary() const;
template std::string BasicModel<double>::summary() const;

}  // namespace pellucid
