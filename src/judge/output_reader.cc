// From output columns to predictions, part by part: softmax, sigmoid, decision threshold, the user's own loss.
// Not here: which loss a head has (model/heads.cc), how a number is scaled (prepare/target_scale.cc).
#include "judge/output_reader.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "kernels/scalar_math.h"
#include "model/heads.h"
#include "model/match.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"

namespace pellucid {
namespace {

Loss without_smoothing(const Loss& loss) {
  if (!loss.kind().from_logits || loss.parameter() == 0) return loss;
  return Loss(loss.kind(), {loss.reduction(), 0});
}

// A model with one output, seen as its only head. `classes`: of a label; 0 where every output is a target of its own.
template <class T>
HeadLoss whole_model(const BasicModel<T>& model, std::int64_t targets, std::int32_t classes, const Loss& loss) {
  HeadLoss only{.layer = model.nodes().back().name,
                .first_output = 0,
                .outputs = model.output_shape().elements(),
                .columns = {},
                .classes = classes,
                .loss = loss};
  for (std::int64_t c = 0; c < targets; ++c) only.columns.push_back(c);
  return only;
}

FittedTarget fitted_at(const std::optional<Preprocessor>& preprocessor, std::int64_t c, bool fits) {
  const auto at = static_cast<std::size_t>(c);
  if (preprocessor && fits && at < preprocessor->targets.size()) return preprocessor->targets[at];
  FittedTarget plain;
  plain.name = std::to_string(c);
  return plain;
}

// Whether the values of a head are predictions; the user's own loss may know none.
bool has_prediction(const HeadLoss& head) {
  if (head.classes > 0) return head.outputs == head.classes || (head.classes == 2 && head.outputs == 1);
  if (head.loss.function() == nullptr) return true;
  const std::vector<double> outputs(static_cast<std::size_t>(head.outputs));
  std::vector<double> numbers(head.columns.size());
  return head.loss.function()->predict(outputs, numbers);
}

// The loss of the training record. A user's own loss that this program does not know does not matter as long as each
// output is a target; otherwise its predict() is needed, and the error says so.
template <class T>
std::optional<Loss> known_loss(const BasicModel<T>& model, TargetForm form) {
  if (!model.training) return std::nullopt;
  try {
    return Loss::parse(model.training->loss);
  } catch (const Error&) {
    const auto outputs = static_cast<std::size_t>(model.output_shape().elements());
    const bool needed = form == TargetForm::numbers && model.preprocessor;
    if (needed && model.preprocessor->targets.size() != outputs) throw;
    return std::nullopt;
  }
}

// A row whose targets are of the kinds that the preprocessor knows: all that the losses of heads ask of a dataset.
template <class T>
Dataset one_row_of(const BasicModel<T>& model) {
  const Preprocessor& by = *model.preprocessor;
  const std::vector<T> row(static_cast<std::size_t>(model.row_shape().elements()));
  const auto classes_of = [](const FittedTarget& t) { return static_cast<std::int32_t>(t.classes.size()); };
  const std::span<const T> features(row);
  if (by.is_multi_label()) {
    const std::vector<std::int32_t> answers(by.targets.size());
    return Dataset::multi_label(features, model.row_shape(), answers, static_cast<std::int64_t>(answers.size()));
  }
  if (by.is_classification()) {
    return Dataset::classification(features, model.row_shape(), std::vector<std::int32_t>{0},
                                   classes_of(by.targets.front()));
  }
  std::vector<std::int32_t> classes;
  for (const FittedTarget& target : by.targets) classes.push_back(classes_of(target));
  const std::vector<T> targets(classes.size());
  return Dataset::mixed(features, model.row_shape(), std::span<const T>(targets), classes);
}

}  // namespace

template <class T>
Loss recorded_loss(const BasicModel<T>& model, const Dataset& data) {
  if (model.heads().empty()) {
    return without_smoothing(model.training ? Loss::parse(model.training->loss) : default_loss(model, data));
  }
  const Loss loss = chosen_loss(model, data, std::nullopt);
  auto heads = std::make_shared<HeadLosses>(*loss.heads());
  for (HeadLoss& head : heads->heads) head.loss = without_smoothing(head.loss);
  return Loss(std::shared_ptr<const HeadLosses>(std::move(heads)));
}

std::vector<std::string> ReadTarget::class_names() const {
  std::vector<std::string> names = fitted.classes;
  for (auto c = static_cast<std::int32_t>(names.size()); c < classes; ++c) names.push_back(std::to_string(c));
  return names;
}

template <class T>
OutputReader::OutputReader(const BasicModel<T>& model, const Dataset& data, const Loss& loss, OutputSource source)
    : OutputReader(model.threshold, static_cast<std::size_t>(model.output_shape().elements())) {
  const bool fits =
      model.preprocessor && static_cast<std::int64_t>(model.preprocessor->targets.size()) == data.target_count();
  const std::vector<int> nodes = output_nodes(model);
  const std::int32_t label_classes = data.has_labels() ? std::max(data.targets().classes, 2) : 0;
  const std::vector<HeadLoss> heads =
      loss.heads() != nullptr ? loss.heads()->heads
                              : std::vector<HeadLoss>{whole_model(model, data.target_count(), label_classes, loss)};
  for (std::size_t h = 0; h < heads.size(); ++h) {
    const LossKind& kind = heads[h].loss.kind();
    const std::string_view end = end_of(*model.nodes()[static_cast<std::size_t>(nodes[h])].layer);
    // Without a record nobody knows whether the outputs of a linear layer are logits: they are taken as they are.
    const bool known = source == OutputSource::loss_plan || loss.heads() != nullptr || model.training;
    const bool plain = end == "linear" || (source == OutputSource::loss_plan && end == kind.output);
    std::vector<std::int32_t> classes;
    std::vector<FittedTarget> fitted;
    for (const std::int64_t column : heads[h].columns) {
      const std::int32_t count = heads[h].classes > 0 ? heads[h].classes : data.classes_of(column);
      classes.push_back(count > 0 ? std::max(count, 2) : 0);  // one output is the probability of the second of two
      fitted.push_back(fitted_at(model.preprocessor, column, fits));
    }
    add_part(heads[h], kind.from_logits && known && plain, classes, fitted);
  }
}

template <class T>
OutputReader::OutputReader(const BasicModel<T>& model, TargetForm form)
    : OutputReader(model.threshold, static_cast<std::size_t>(model.output_shape().elements())) {
  const std::optional<Loss> known = known_loss(model, form);
  const Loss loss = known ? *known : Loss("mse");
  const auto outputs = static_cast<std::int32_t>(model.output_shape().elements());
  const bool own = loss.function() != nullptr && form != TargetForm::classes;
  const std::int64_t targets = form == TargetForm::classes ? 1
                               : own                       ? loss.target_columns(outputs)
                                                           : static_cast<std::int64_t>(outputs);
  const std::int32_t label_classes = form == TargetForm::classes ? std::max(outputs, 2) : 0;
  std::vector<FittedTarget> fitted;
  for (std::int64_t c = 0; c < targets; ++c) fitted.push_back(fitted_at(model.preprocessor, c, true));
  const std::int32_t each = form == TargetForm::yes_or_no ? 2 : label_classes;
  add_part(whole_model(model, targets, label_classes, loss),
           loss.kind().from_logits && end_of(*model.nodes().back().layer) == "linear",
           std::vector<std::int32_t>(fitted.size(), each), fitted);
}

template <class T>
OutputReader OutputReader::of_table_model(const BasicModel<T>& model) {
  if (!model.preprocessor) throw Error("U20", "the model was not trained on a table and knows no targets");
  if (!model.heads().empty()) {
    const Dataset row = one_row_of(model);
    return OutputReader(model, row, loss_of_heads(model, row), OutputSource::prediction);
  }
  const Preprocessor& by = *model.preprocessor;
  return OutputReader(model, by.is_multi_label()      ? TargetForm::yes_or_no
                             : by.is_classification() ? TargetForm::classes
                                                      : TargetForm::numbers);
}

void OutputReader::add_part(const HeadLoss& head, bool logits, std::span<const std::int32_t> classes,
                            std::span<const FittedTarget> fitted) {
  if (!has_prediction(head)) return;
  const bool uses_loss = head.classes == 0 && head.loss.function() != nullptr;
  const std::size_t values = uses_loss ? head.columns.size() : static_cast<std::size_t>(head.outputs);
  for (std::size_t t = 0; t < head.columns.size(); ++t) {
    const std::int64_t column = head.columns[t];
    ReadTarget target{.name = fitted[t].name, .column = column, .classes = classes[t], .fitted = fitted[t]};
    target.first = values_.size() + (head.classes > 0 ? 0 : t);
    target.count = head.classes > 0 ? values : 1;
    target.logits = logits;
    if (target.fitted.clamped) {
      target.least = target.fitted.for_net(target.fitted.low);
      target.most = target.fitted.for_net(target.fitted.high);
    }
    const bool twice = std::ranges::any_of(targets_, [&](const ReadTarget& other) { return other.column == column; });
    if (twice) target.name += " (" + head.layer + ")";
    probabilities_.resize(std::max(probabilities_.size(), static_cast<std::size_t>(target.classes)));
    targets_.push_back(std::move(target));
  }
  parts_.push_back({static_cast<std::size_t>(head.first_output), static_cast<std::size_t>(head.outputs), values_.size(),
                    values, head.loss, uses_loss});
  values_.resize(values_.size() + values);
}

template <class T>
void OutputReader::read(std::span<const T> outputs) {
  for (const Part& part : parts_) {
    const std::span<const T> own = outputs.subspan(part.first_output, part.outputs);
    double* const values = values_.data() + part.first_value;
    if (!part.uses_loss) {
      std::ranges::copy(own, values);
      continue;
    }
    std::ranges::copy(own, row_.begin());
    part.loss.function()->predict(std::span(row_).first(part.outputs), {values, part.values});
  }
}

void OutputReader::fill_probabilities(const ReadTarget& target, std::span<double> p) const {
  const std::span<const double> y = std::span(values_).subspan(target.first, target.count);
  if (y.size() == 1) {
    p[1] = target.logits ? 1 / (1 + math::exp(-y[0])) : std::clamp(y[0], 0.0, 1.0);
    p[0] = 1 - p[1];
    return;
  }
  const double top = target.logits ? *std::ranges::max_element(y) : 0;
  double sum = 0;
  for (std::size_t c = 0; c < y.size(); ++c) sum += p[c] = target.logits ? math::exp(y[c] - top) : std::max(y[c], 0.0);
  for (double& value : p) value = sum > 0 ? value / sum : 1.0 / static_cast<double>(y.size());
}

std::span<const double> OutputReader::probabilities(std::size_t target) {
  const std::span<double> p = std::span(probabilities_).first(static_cast<std::size_t>(targets_[target].classes));
  fill_probabilities(targets_[target], p);
  return p;
}

std::int32_t OutputReader::predicted_class(std::size_t target) const {
  const ReadTarget& which = targets_[target];
  const std::span<const double> y = std::span(values_).subspan(which.first, which.count);
  if (which.classes == 2 && threshold_ != 0.5) {
    double p[2];
    fill_probabilities(which, p);
    return pellucid::predicted_class(p, threshold_);
  }
  // The largest output is the most probable class, with or without a softmax.
  return y.size() == 1 ? static_cast<std::int32_t>(y[0] > (which.logits ? 0 : 0.5)) : argmax(y);
}

std::int32_t OutputReader::true_class(const Dataset& data, std::int64_t row, std::size_t target) const {
  return data.has_labels() ? data.label(row) : static_cast<std::int32_t>(data.value(row, targets_[target].column));
}

#define PELLUCID_OUTPUT_READER(T)                                                                       \
  template Loss recorded_loss(const BasicModel<T>&, const Dataset&);                                    \
  template OutputReader::OutputReader(const BasicModel<T>&, const Dataset&, const Loss&, OutputSource); \
  template OutputReader::OutputReader(const BasicModel<T>&, TargetForm);                                \
  template OutputReader OutputReader::of_table_model(const BasicModel<T>&);                             \
  template void OutputReader::read(std::span<const T>);
PELLUCID_OUTPUT_READER(float)
PELLUCID_OUTPUT_READER(double)
#undef PELLUCID_OUTPUT_READER

}  // namespace pellucid
