// What a trained model says of rows: probabilities, values in the targets' units, and the full evaluation.
// Not here: the metrics themselves (src/metrics), loss in fixed chunks (judge.cc), what follows from an evaluation
// (evaluation.cc).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "core/text.h"
#include "judge/judge.h"
#include "judge/outputs.h"
#include "model/match.h"
#include "pellucid/error.h"
#include "pellucid/evaluation.h"

namespace pellucid {
// Outputs that are no numbers would be taken for the first class, or written as such.
template <class T>
void require_finite(const Tensor<T>& outputs, std::int64_t columns) {
  const auto bad =
      std::find_if_not(outputs.data(), outputs.data() + outputs.size(), [](T x) { return std::isfinite(x); });
  if (bad == outputs.data() + outputs.size()) return;
  throw Error("D39",
              fmt::format("row {}: the model's output is no finite number; a cell is too far from the training data",
                          count_text((bad - outputs.data()) / columns + 1)));
}

template <class T>
Tensor<double> predict_proba(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  const Tensor<T> outputs = model.predict(data, threads);
  const std::int64_t n = outputs.view().columns;
  require_finite(outputs, n);
  const bool logits = gives_logits(model);
  const bool answers = data.is_multi_label() || (model.preprocessor && model.preprocessor->is_multi_label());
  Tensor<double> result(Shape{data.rows(), answers ? n : std::max<std::int64_t>(n, 2)});
  std::vector<double> row(static_cast<std::size_t>(n));
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    std::copy_n(outputs.data() + r * n, n, row.begin());
    const std::span<double> p(result.view().row(r), static_cast<std::size_t>(result.view().columns));
    answers ? answer_probabilities(row, logits, p) : class_probabilities(row, logits, p);
  }
  return result;
}

template <class T>
Tensor<double> predict_values(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  const Tensor<T> outputs = model.predict(data, threads);
  const std::int64_t n = outputs.view().columns;
  require_finite(outputs, n);
  Tensor<double> result(outputs.shape());
  for (std::int64_t c = 0; c < n; ++c) {
    const FittedTarget by = target_at(model, c);
    for (std::int64_t i = c; i < outputs.size(); i += n) {
      result.data()[i] = by.of_net(static_cast<double>(outputs.data()[i]));
    }
  }
  return result;
}

namespace {

constexpr std::int64_t most_rows_at_once = 1 << 16;
constexpr std::int64_t most_outputs_at_once = 1 << 22;

// Of many rows some at a time, so that what is made on the way stays small. A row's prediction is the same in any.
template <class Use>
void in_pieces(const Dataset& data, std::int64_t outputs, const Use& use) {
  const std::int64_t rows_at_once = std::clamp<std::int64_t>(most_outputs_at_once / outputs, 1, most_rows_at_once);
  if (data.rows() <= rows_at_once) return use(data);
  for (std::int64_t first = 0; first < data.rows(); first += rows_at_once) {
    std::vector<std::int64_t> positions(static_cast<std::size_t>(std::min(rows_at_once, data.rows() - first)));
    std::iota(positions.begin(), positions.end(), first);
    const Dataset piece = data.subset(positions);
    Batches(piece, piece.rows(), false, 0).read_ahead(0);
    use(piece);
  }
}

template <class T>
Loss loss_of(const BasicModel<T>& model, const Dataset& data) {
  const Loss loss = model.training ? Loss::parse(model.training->loss) : default_loss(model, data);
  // How targets are smoothed is a matter of learning, not of being right.
  if (!loss.kind().from_logits || loss.parameter() == 0) return loss;
  return Loss(loss.kind(), {loss.reduction(), 0});
}

// Names of all classes; those that nobody named go by their number.
std::vector<std::string> class_names_of(const FittedTarget& target, std::int64_t classes) {
  std::vector<std::string> names = target.classes;
  for (auto c = static_cast<std::int64_t>(names.size()); c < classes; ++c) names.push_back(std::to_string(c));
  return names;
}

template <class T>
TargetEvaluation unjudged(const BasicModel<T>& model, const Dataset& data, std::int64_t c) {
  TargetEvaluation target;
  const bool labels = data.has_labels(), answers = data.is_multi_label();
  target.name = target_at(model, c).name;
  const auto rows = static_cast<std::size_t>(data.rows());
  if (labels || answers) {
    target.threshold = model.threshold;
    const std::int64_t outputs = model.output_shape().elements();
    target.class_names = class_names_of(target_at(model, c), answers ? 2 : std::max<std::int64_t>(outputs, 2));
    target.truth_labels.reserve(rows);
    target.probabilities.reserve(rows * target.class_names.size());
  } else {
    target.truth_values.reserve(rows);
    target.predicted_values.reserve(rows);
  }
  return target;
}

// The number of the table that the net learned as this one. On the way back the last digit may be lost: where a number
// of 15 digits, as tables hold them, is learned as the same, it is that.
double truth_of(const FittedTarget& by, double learned) {
  constexpr int digits = 15;
  const double value = by.of_net(learned);
  char text[32];
  double written = value;
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr;
  std::from_chars(text, end, written);
  return by.for_net(written) == learned ? written : value;
}

// What the model says of some rows, and what is true of them, joins what is known of target c. Of an answer yes is
// class 1.
template <class T>
void add_rows(const BasicModel<T>& model, const Dataset& rows, View<const double> said, std::int64_t c,
              TargetEvaluation& target) {
  const FittedTarget by = target_at(model, c);
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    const double* const row = said.row(r);
    if (rows.has_labels()) {
      target.probabilities.insert(target.probabilities.end(), row, row + said.columns);
      target.truth_labels.push_back(rows.label(r));
    } else if (rows.is_multi_label()) {
      target.probabilities.insert(target.probabilities.end(), {1 - row[c], row[c]});
      target.truth_labels.push_back(static_cast<std::int32_t>(rows.value(r, c)));
    } else {
      target.predicted_values.push_back(row[c]);
      target.truth_values.push_back(truth_of(by, rows.value(r, c)));
    }
  }
}

}  // namespace

template <class T>
Evaluation evaluate(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  if (data.empty()) throw Error("D17", "there are no rows to evaluate on");
  if (!data.has_targets()) throw Error("U20", "the rows have no targets to compare with");
  require_match(model, data);
  Evaluation result;
  Team team(static_cast<int>(threads));
  // A judge only reads the model.
  result.loss = Judge<T>(model, data, loss_of(model, data), &team)().loss;
  const bool classes = data.has_labels() || data.is_multi_label();
  const std::int64_t targets = data.has_labels() ? 1 : data.targets().columns;
  for (std::int64_t c = 0; c < targets; ++c) result.targets.push_back(unjudged(model, data, c));
  in_pieces(data, model.output_shape().elements(), [&](const Dataset& piece) {
    const Tensor<double> said = classes ? predict_proba(model, piece, threads) : predict_values(model, piece, threads);
    for (std::int64_t c = 0; c < targets; ++c) add_rows(model, piece, said.view(), c, result.targets[c]);
  });
  for (TargetEvaluation& target : result.targets) {
    if (classes) target.classes = score(target.class_predictions());
    if (!classes) target.values = score(target.value_predictions());
  }
  return result;
}

template Tensor<double> predict_proba(const BasicModel<float>&, const Dataset&, std::int64_t);
template Tensor<double> predict_proba(const BasicModel<double>&, const Dataset&, std::int64_t);
template Tensor<double> predict_values(const BasicModel<float>&, const Dataset&, std::int64_t);
template Tensor<double> predict_values(const BasicModel<double>&, const Dataset&, std::int64_t);
template Evaluation evaluate(const BasicModel<float>&, const Dataset&, std::int64_t);
template Evaluation evaluate(const BasicModel<double>&, const Dataset&, std::int64_t);

}  // namespace pellucid
