// Checks whether a model and a data set fit together, and chooses the loss that fits both.
// Not here: other training options (train/defaults.h).
#include "model/match.h"

#include <fmt/format.h>

#include "core/text.h"
#include "model/heads.h"
#include "pellucid/activation.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

template <class T>
void require_row_shape(const BasicModel<T>& model, const Dataset& data) {
  if (model.row_shape().elements() == data.row_shape().elements()) return;
  throw Error(
      "U20", "the model takes rows of shape " + model.row_shape().text() + ", the data has " + data.row_shape().text());
}

// A user's own loss says how many target columns it reads. Labels may be read as one-hot columns, or as one column of
// class numbers.
void require_target_columns(const Loss& loss, const Dataset& data, std::int64_t outputs) {
  const std::int64_t wanted = loss.target_columns(outputs), found = data.target_count();
  const bool one_hot = data.has_labels() && wanted == outputs && (outputs == data.targets().classes || outputs == 1);
  if (wanted == found || one_hot) return;
  throw Error(
      "U33", fmt::format("the loss {} reads {} for {}, the data has {}", loss.kind().name,
                         plural(wanted, "target column"), plural(outputs, "output"),
                         data.has_labels() ? plural(data.targets().classes, "class") : plural(found, "target column")));
}

// Probabilities are read as one column per output. Heads read class numbers, and so may a loss of the user's own.
void require_soft_targets(const Loss& loss, const Dataset& data, std::int64_t outputs) {
  const std::int64_t given = data.soft_target_columns(), wanted = loss.target_columns(outputs);
  const bool second_of_two = data.has_labels() && given == 2 && outputs == 1;
  if (loss.heads() == nullptr && (wanted == given || (wanted == 1 && second_of_two))) return;
  throw Error("U33", loss.heads() != nullptr
                         ? std::string("soft targets are for models with one output, and this one has heads")
                         : fmt::format("the loss {} reads {}, and there are {} per row", loss.kind().name,
                                       plural(wanted, "target column"), plural(given, "soft target")));
}

}  // namespace

template <class T>
Loss default_loss(const BasicModel<T>& model, const Dataset& data) {
  if (!model.heads().empty()) return loss_of_heads(model, data);
  const std::int64_t outputs = model.output_shape().elements();
  if (!data.is_classification()) return Loss("mse");
  if (outputs == 1 || data.is_multi_label()) return Loss("binary_cross_entropy");
  const std::string_view last = end_of(*model.nodes().back().layer);
  if (last == "sigmoid") return Loss("binary_cross_entropy");
  return Loss(last == "softmax" || last == "linear" ? "cross_entropy" : "mse");
}

template <class T>
void require_match(const BasicModel<T>& model, const Dataset& data, const Loss& loss) {
  require_row_shape(model, data);
  if (data.has_soft_targets()) require_soft_targets(loss, data, model.output_shape().elements());
  if (loss.heads() != nullptr) return;  // loss_of_heads made them for these targets
  const std::int64_t outputs = model.output_shape().elements();
  if (loss.function() != nullptr) return require_target_columns(loss, data, outputs);
  if (data.is_mixed()) {
    throw Error("U33", "the targets are numbers and classes side by side, and the model has no heads to learn them",
                {"name one layer per target: model.set_heads({{.layer = \"price\"}, {.layer = \"kind\"}})"});
  }
  const std::int64_t expected = data.has_labels() ? data.targets().classes : data.targets().columns;
  const bool one_for_two = data.has_labels() && outputs == 1 && expected == 2;
  if (outputs != expected && !one_for_two) {
    throw Error("U20", fmt::format("the model has {}, the data has {}", plural(outputs, "output"),
                                   plural(expected, data.has_labels() ? "class" : "target column")));
  }
}

template <class T>
Loss chosen_loss(const BasicModel<T>& model, const Dataset& data, const std::optional<Loss>& asked) {
  require_row_shape(model, data);
  if (!model.heads().empty() && asked && asked->heads() == nullptr) {
    throw Error("U33", "a loss was given for a model with heads, whose losses are their own",
                {"give each head its loss: Head{.layer = \"price\", .loss = Loss(\"huber\")}"});
  }
  const Loss loss = asked ? *asked : default_loss(model, data);
  require_match(model, data, loss);
  if (!data.is_multi_label() || loss.heads() != nullptr || loss.function() != nullptr) return loss;
  const std::string_view last = end_of(*model.nodes().back().layer);
  if (loss.kind().rowwise || last == softmax.kind().name) {
    throw Error("U20",
                fmt::format("{} predicts one class per row; here each output is a separate yes-or-no answer",
                            loss.kind().rowwise ? loss.kind().name : softmax.kind().name),
                {"use a sigmoid output and binary_cross_entropy"});
  }
  return loss;
}

template Loss default_loss(const BasicModel<float>&, const Dataset&);
template void require_match(const BasicModel<float>&, const Dataset&, const Loss&);
template Loss chosen_loss(const BasicModel<float>&, const Dataset&, const std::optional<Loss>&);
template Loss default_loss(const BasicModel<double>&, const Dataset&);
template void require_match(const BasicModel<double>&, const Dataset&, const Loss&);
template Loss chosen_loss(const BasicModel<double>&, const Dataset&, const std::optional<Loss>&);

}  // namespace pellucid
