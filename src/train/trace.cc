// Records the values of one real training step with an observer, so they are bit for bit those of training.
// Not here: the text that shows them (app/text/trace_text.cc).
#include "pellucid/trace.h"

#include "judge/judge.h"
#include "model/match.h"

namespace pellucid {
namespace {

TracedValue copy_of(View<const float> view) {
  TracedValue value{view.rows, view.columns, {}};
  for (std::int64_t r = 0; r < view.rows; ++r) {
    value.numbers.insert(value.numbers.end(), view.row(r), view.row(r) + view.columns);
  }
  return value;
}

TracedValue copy_of(const Tensor<float>& tensor) {
  const Shape& shape = tensor.shape();
  const std::int64_t columns = shape.rank() == 0 ? 1 : shape[shape.rank() - 1];
  return {tensor.size() / columns, columns, {tensor.values().begin(), tensor.values().end()}};
}

class Collector : public Observer {
 public:
  explicit Collector(Trace& trace) : trace_(trace) {}
  void on_step(std::int64_t, const Values<float>& values) override {
    for (const std::string& name : values.names()) {
      if (!trace_.has(name))
        trace_.values[name] = copy_of(values.read(name));  // parameters were already copied before the step
    }
  }

 private:
  Trace& trace_;
};

TracedValue targets_of(const Dataset& rows) {
  TracedValue value{rows.rows(), rows.targets().columns, {}};
  for (std::int64_t r = 0; r < value.rows; ++r) {
    for (std::int64_t c = 0; c < value.columns; ++c) value.numbers.push_back(static_cast<float>(rows.value(r, c)));
  }
  return value;
}

/// The values to keep: each layer's output and its gradient, z of dense layers and its gradient, the gradients of all
/// parameters, and the loss of each head. A layer's inputs are the outputs of the layers that it reads.
std::vector<std::string> names_to_keep(const Model& model) {
  std::vector<std::string> names = {"input"};
  for (const Node& node : model.nodes()) {
    const bool dense = node.layer->kind() == Dense::name;
    for (const char* what : {".output", ".output.gradient"}) names.push_back(node.name + what);
    for (const char* what : {".z", ".z.gradient"}) {
      if (dense) names.push_back(node.name + what);
    }
  }
  for (const Parameter<float>& parameter : model.parameters()) {
    if (parameter.role == Role::parameter) names.push_back(parameter.name + ".gradient");
  }
  for (const Head& head : model.heads()) names.push_back(head.layer + ".loss");
  return names;
}

}  // namespace

Trace trace_step(const Model& model, const Dataset& rows, FitOptions options) {
  Trace trace;
  Model copy = model;
  const Loss loss = chosen_loss(copy, rows, options.loss);
  for (const Parameter<float>& parameter : copy.parameters()) trace.values[parameter.name] = copy_of(parameter.value);
  Collector collector(trace);
  options.loss = loss;
  options.epochs = 1;
  options.batch_size = rows.rows();
  options.shuffle = options.keep_best = false;
  options.patience = 0;
  options.observers = {&collector};
  options.keep = names_to_keep(copy);
  trace.loss = fit(copy, rows, Dataset{}, options).epochs.front().train_loss;
  for (const Parameter<float>& parameter : copy.parameters()) trace.updated[parameter.name] = copy_of(parameter.value);
  trace.loss_after = Judge<float>(copy, rows, loss)().loss;
  trace.loss_name = loss.text();
  trace.loss_formula = loss.kind().formula;
  trace.sums_outputs = !loss.kind().rowwise && copy.output_shape().elements() > 1;
  if (!rows.has_labels() && rows.targets().columns > 1) trace.values["target"] = targets_of(rows);
  if (copy.preprocessor) trace.target_names = copy.preprocessor->target_names();
  trace.optimizer = options.optimizer.name();
  trace.learning_rate = options.optimizer.learning_rate();
  return trace;
}

}  // namespace pellucid
