// From outputs to predictions, head by head. Not here: which loss a head has (model/heads.cc).
#include "judge/output_reader.h"

#include <algorithm>

#include "judge/outputs.h"
#include "model/heads.h"

namespace pellucid {
namespace {

// A model with one output seen as one head.
template <class T>
std::vector<HeadLoss> heads_of(const BasicModel<T>& model, const Dataset& data, const Loss& loss) {
  if (loss.heads() != nullptr) return loss.heads()->heads;
  HeadLoss only{.layer = model.nodes().back().name,
                .first_output = 0,
                .outputs = model.output_shape().elements(),
                .columns = {},
                .classes = data.has_labels() ? data.targets().classes : 0,
                .loss = loss};
  for (std::int64_t c = 0; c < data.target_count(); ++c) only.columns.push_back(c);
  return {only};
}

FittedTarget target_at(const std::optional<Preprocessor>& preprocessor, const Dataset& data, std::int64_t c) {
  const auto at = static_cast<std::size_t>(c);
  if (preprocessor && static_cast<std::int64_t>(preprocessor->targets.size()) == data.target_count()) {
    return preprocessor->targets[at];
  }
  FittedTarget plain;
  plain.name = std::to_string(c);
  return plain;
}

// Whether the head's outputs are predictions of its targets; a loss of the user's own may know none.
bool has_prediction(const HeadLoss& head) {
  if (head.classes > 0) return head.outputs == head.classes || (head.classes == 2 && head.outputs == 1);
  if (head.loss.function() == nullptr) return true;
  const std::vector<double> outputs(static_cast<std::size_t>(head.outputs));
  std::vector<double> numbers(head.columns.size());
  return head.loss.function()->predict(outputs, numbers);
}

}  // namespace

bool needs_reader(const Loss& loss, const Dataset& data, std::int64_t outputs) {
  if (loss.heads() != nullptr) return true;
  if (loss.function() == nullptr || data.is_multi_label()) return false;
  return !data.has_labels() || (outputs != data.targets().classes && outputs != 1);
}

template <class T>
OutputReader::OutputReader(const BasicModel<T>& model, const Dataset& data, const Loss& loss, bool folded) {
  const std::vector<int> nodes = output_nodes(model);
  const std::vector<HeadLoss> heads = heads_of(model, data, loss);
  for (std::size_t h = 0; h < heads.size(); ++h) {
    const HeadLoss& head = heads[h];
    if (!has_prediction(head)) continue;
    const LossKind& kind = head.loss.kind();
    const std::string_view end = end_of(*model.nodes()[static_cast<std::size_t>(nodes[h])].layer);
    const bool logits = kind.from_logits && (end == "linear" || (folded && end == kind.output));
    parts_.push_back({head, logits, targets_.size(), head.columns.size()});
    for (const std::int64_t column : head.columns) {
      ReadTarget target{.name = "", .column = column, .unit = target_at(model.preprocessor, data, column)};
      target.classes = head.classes > 0 ? head.classes : data.classes_of(column);
      target.name = target.unit.name;
      const bool twice = std::ranges::any_of(targets_, [&](const ReadTarget& t) { return t.column == column; });
      if (twice) target.name += " (" + head.layer + ")";
      targets_.push_back(target);
      values_.emplace_back(static_cast<std::size_t>(std::max(target.classes, 1)));
    }
  }
}

template <class T>
void OutputReader::read(std::span<const T> outputs) {
  row_.assign(outputs.begin(), outputs.end());
  for (const Part& part : parts_) {
    read_part(part, std::span(row_).subspan(static_cast<std::size_t>(part.head.first_output),
                                            static_cast<std::size_t>(part.head.outputs)));
  }
}

void OutputReader::read_part(const Part& part, std::span<const double> outputs) {
  if (part.head.classes > 0) return class_probabilities(outputs, part.logits, values_[part.first_target]);
  numbers_.assign(part.targets, 0);
  const LossFunction* own = part.head.loss.function();
  own != nullptr ? static_cast<void>(own->predict(outputs, numbers_))
                 : static_cast<void>(std::ranges::copy(outputs, numbers_.begin()));
  for (std::size_t t = 0; t < part.targets; ++t) {
    const std::size_t target = part.first_target + t;
    if (targets_[target].classes > 0) {  // an answer: each output is one
      class_probabilities(std::span(numbers_).subspan(t, 1), part.logits, values_[target]);
    } else {
      values_[target].front() = targets_[target].unit.of_net(numbers_[t]);
    }
  }
}

double OutputReader::truth(const Dataset& data, std::int64_t row, std::size_t target) const {
  const ReadTarget& which = targets_[target];
  if (data.has_labels()) return data.label(row);
  const double value = data.value(row, which.column);
  return which.classes > 0 ? value : which.unit.of_net(value);
}

template OutputReader::OutputReader(const BasicModel<float>&, const Dataset&, const Loss&, bool);
template OutputReader::OutputReader(const BasicModel<double>&, const Dataset&, const Loss&, bool);
template void OutputReader::read(std::span<const float>);
template void OutputReader::read(std::span<const double>);

}  // namespace pellucid
