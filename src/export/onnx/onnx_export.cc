// export_onnx: columns, net and answers as one graph. Not here: each of the three (the other files of this folder).
#include "pellucid/onnx_export.h"

#include <fmt/format.h>

#include "core/json.h"
#include "core/text.h"
#include "export/net.h"
#include "export/onnx/answers.h"
#include "export/onnx/columns.h"
#include "export/onnx/net.h"
#include "export/targets.h"

namespace pellucid {

namespace {

// For programs that read the file: the targets with their classes, and the columns with their kinds.
std::map<std::string, std::string> metadata_of(const Preprocessor& by, const std::vector<ReadTarget>& targets) {
  const auto text = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  Json named = Json::array(), columns = Json::array();
  for (const ReadTarget& target : targets) {
    named.push_back({{"name", target.name}, {"classes", target.classes > 0 ? Json(target.class_names()) : Json()}});
  }
  for (const FittedColumn& column : by.columns) {
    columns.push_back({{"name", column.name}, {"kind", std::string(text_of(column.kind()))}});
  }
  return {{"targets", text(named)}, {"columns", text(columns)}};
}

// A model that was not trained on a table: only the net.
void add_bare_net(onnx::Graph& graph, const Model& model, const Net& net) {
  const Shape row = model.row_shape();
  const std::int64_t outputs = model.output_shape().elements();
  onnx::Value features =
      graph.input("features", onnx::TensorProto::FLOAT, row.extents(), "a row as the model takes it");
  if (row.rank() != 1) features = graph.flat(features, {-1, row.elements()});
  graph.output("outputs", onnx::add_net(graph, model, net, features), onnx::TensorProto::FLOAT, {&outputs, 1},
               "the outputs of the net");
}

}  // namespace

OnnxFile export_onnx(const Model& model, const OnnxOptions& options) {
  const Net net = net_of(model);
  onnx::Graph graph(options.plain);
  std::map<std::string, std::string> metadata;
  if (!model.preprocessor) {
    add_bare_net(graph, model, net);
  } else {
    const std::vector<ReadTarget> targets = exported_targets(model);
    const onnx::Features features = onnx::add_columns(graph, *model.preprocessor);
    const onnx::Value outputs = onnx::add_net(graph, model, net, features.value);
    onnx::add_answers(graph, model, targets, outputs, features.refused);
    metadata = metadata_of(*model.preprocessor, targets);
  }
  return graph.finish(
      options.name,
      fmt::format("a neural network with {}, written by pellucid", plural(model.parameter_count(), "parameter")),
      metadata);
}

}  // namespace pellucid
