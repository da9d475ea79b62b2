// Whether a model and labelled rows belong together, and the loss that fits both.
// Not here: other options of training (train/defaults.h).
#include "model/match.h"

#include <fmt/format.h>

#include "core/text.h"
#include "pellucid/activation.h"
#include "pellucid/error.h"

namespace pellucid {

template <class T>
Loss default_loss(const BasicModel<T>& model, const Dataset& data) {
  const std::int64_t outputs = model.output_shape().elements();
  if (!data.is_classification()) return Loss("mse");
  if (outputs == 1 || data.is_multi_label()) return Loss("binary_cross_entropy");
  const Activation* f = model.nodes().back().layer->output_activation();
  const std::string_view last = f ? f->kind().name : "linear";
  if (last == "sigmoid") return Loss("binary_cross_entropy");
  return Loss(last == "softmax" || last == "linear" ? "cross_entropy" : "mse");
}

template <class T>
void require_match(const BasicModel<T>& model, const Dataset& data) {
  if (model.row_shape().elements() != data.row_shape().elements()) {
    throw Error("U20", "the model takes rows of shape " + model.row_shape().text() + ", the data has " +
                           data.row_shape().text());
  }
  const std::int64_t outputs = model.output_shape().elements();
  const std::int64_t expected = data.has_labels() ? data.targets().classes : data.targets().columns;
  const bool one_for_two = data.has_labels() && outputs == 1 && expected == 2;
  if (outputs != expected && !one_for_two) {
    throw Error("U20", fmt::format("the model has {}, the data has {}", plural(outputs, "output"),
                                   plural(expected, data.has_labels() ? "class" : "target column")));
  }
}

template <class T>
Loss chosen_loss(const BasicModel<T>& model, const Dataset& data, const std::optional<Loss>& asked) {
  require_match(model, data);
  const Loss loss = asked ? *asked : default_loss(model, data);
  const Activation* last = model.nodes().back().layer->output_activation();
  if (data.is_multi_label() && (loss.kind().rowwise || (last != nullptr && last->kind().name == softmax.kind().name))) {
    throw Error("U20",
                fmt::format("{} shares one answer out among the outputs; here each answers a question of its own",
                            loss.kind().rowwise ? loss.kind().name : softmax.kind().name),
                {"take a sigmoid output and binary_cross_entropy"});
  }
  return loss;
}

template Loss default_loss(const BasicModel<float>&, const Dataset&);
template void require_match(const BasicModel<float>&, const Dataset&);
template Loss chosen_loss(const BasicModel<float>&, const Dataset&, const std::optional<Loss>&);
template Loss default_loss(const BasicModel<double>&, const Dataset&);
template void require_match(const BasicModel<double>&, const Dataset&);
template Loss chosen_loss(const BasicModel<double>&, const Dataset&, const std::optional<Loss>&);

}  // namespace pellucid
