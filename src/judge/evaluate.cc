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
#include "judge/output_reader.h"
#include "judge/outputs.h"
#include "model/heads.h"
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
              fmt::format("row {}: the model's output is not a finite number; a cell is too far from the training data",
                          count_text((bad - outputs.data()) / columns + 1)));
}

namespace {

// Outputs of several heads are no rows of one kind.
template <class T>
void require_one_output(const BasicModel<T>& model, const char* what) {
  if (model.heads().empty()) return;
  throw Error("U33", std::string(what) + " takes a model with one output, and this one has heads",
              {"predict() gives the outputs of all heads side by side", "evaluate() gives each target's predictions"});
}

}  // namespace

template <class T>
Tensor<double> predict_proba(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  require_one_output(model, "predict_proba");
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

namespace {

// The loss that the model was trained with, where that is one of the user's own. Not known to this program, it does not
// matter as long as there is one output per target.
template <class T>
std::optional<Loss> own_loss(const BasicModel<T>& model) {
  if (!model.training) return std::nullopt;
  try {
    const Loss loss = Loss::parse(model.training->loss);
    return loss.function() != nullptr ? std::optional(loss) : std::nullopt;
  } catch (const Error&) {
    const auto outputs = static_cast<std::size_t>(model.output_shape().elements());
    if (model.preprocessor && model.preprocessor->targets.size() != outputs) throw;
    return std::nullopt;
  }
}

template <class T>
Tensor<double> predicted_by(const LossFunction& loss, const BasicModel<T>& model, const Tensor<T>& outputs) {
  const View<const T> y = outputs.view();
  Tensor<double> result(Shape{y.rows, loss.target_columns(y.columns)});
  std::vector<double> row(static_cast<std::size_t>(y.columns));
  for (std::int64_t r = 0; r < y.rows; ++r) {
    std::copy_n(y.row(r), y.columns, row.begin());
    const std::span<double> numbers(result.view().row(r), static_cast<std::size_t>(result.view().columns));
    if (!loss.predict(row, numbers)) {
      throw Error("U33", std::string("the loss ") + loss.kind().name + " gives no prediction for its targets",
                  {"override LossFunction::predict in it, or use predict(), which gives the outputs"});
    }
    for (std::size_t c = 0; c < numbers.size(); ++c) {
      numbers[c] = target_at(model, static_cast<std::int64_t>(c)).of_net(numbers[c]);
    }
  }
  return result;
}

}  // namespace

template <class T>
Tensor<double> predict_values(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  require_one_output(model, "predict_values");
  const Tensor<T> outputs = model.predict(data, threads);
  const std::int64_t n = outputs.view().columns;
  require_finite(outputs, n);
  if (const std::optional<Loss> own = own_loss(model)) return predicted_by(*own->function(), model, outputs);
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

// How targets are smoothed is a matter of learning, not of being right.
Loss without_smoothing(const Loss& loss) {
  if (!loss.kind().from_logits || loss.parameter() == 0) return loss;
  return Loss(loss.kind(), {loss.reduction(), 0});
}

template <class T>
Loss loss_of(const BasicModel<T>& model, const Dataset& data) {
  if (model.heads().empty()) {
    return without_smoothing(model.training ? Loss::parse(model.training->loss) : default_loss(model, data));
  }
  const Loss loss = chosen_loss(model, data, std::nullopt);
  auto heads = std::make_shared<HeadLosses>(*loss.heads());
  for (HeadLoss& head : heads->heads) head.loss = without_smoothing(head.loss);
  return Loss(std::shared_ptr<const HeadLosses>(std::move(heads)));
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

namespace {

// One evaluation per target that is predicted, of a model whose outputs have to be read.
template <class T>
void evaluate_by_reader(const BasicModel<T>& model, const Dataset& data, const Loss& loss, std::int64_t threads,
                        Evaluation& result) {
  OutputReader reader(model, data, loss, false);
  for (const ReadTarget& read : reader.targets()) {
    TargetEvaluation& target = result.targets.emplace_back();
    target.name = read.name;
    if (read.classes == 0) continue;
    target.threshold = model.threshold;
    target.class_names = class_names_of(read.unit, read.classes);
  }
  in_pieces(data, model.output_shape().elements(), [&](const Dataset& piece) {
    const Tensor<T> outputs = model.predict(piece, threads);
    require_finite(outputs, outputs.view().columns);
    for (std::int64_t r = 0; r < piece.rows(); ++r) {
      reader.read<T>({outputs.view().row(r), static_cast<std::size_t>(outputs.view().columns)});
      for (std::size_t t = 0; t < result.targets.size(); ++t) {
        TargetEvaluation& target = result.targets[t];
        const ReadTarget& read = reader.targets()[t];
        if (read.classes > 0) {
          const std::span<const double> p = reader.probabilities(t);
          target.probabilities.insert(target.probabilities.end(), p.begin(), p.end());
          target.truth_labels.push_back(static_cast<std::int32_t>(reader.truth(piece, r, t)));
        } else {
          target.predicted_values.push_back(reader.value(t));
          target.truth_values.push_back(truth_of(read.unit, piece.value(r, read.column)));
        }
      }
    }
  });
}

template <class T>
void evaluate_outputs(const BasicModel<T>& model, const Dataset& data, std::int64_t threads, Evaluation& result) {
  const bool classes = data.has_labels() || data.is_multi_label();
  for (std::int64_t c = 0; c < data.target_count(); ++c) result.targets.push_back(unjudged(model, data, c));
  in_pieces(data, model.output_shape().elements(), [&](const Dataset& piece) {
    const Tensor<double> said = classes ? predict_proba(model, piece, threads) : predict_values(model, piece, threads);
    for (std::int64_t c = 0; c < data.target_count(); ++c) add_rows(model, piece, said.view(), c, result.targets[c]);
  });
}

}  // namespace

template <class T>
Evaluation evaluate(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  if (data.empty()) throw Error("D17", "there are no rows to evaluate on");
  if (!data.has_targets()) throw Error("U20", "the rows have no targets to compare with");
  const Loss loss = loss_of(model, data);
  require_match(model, data, loss);
  Evaluation result;
  Team team(static_cast<int>(threads));
  result.loss = Judge<T>(model, data, loss, &team)().loss;
  const bool read = needs_reader(loss, data, model.output_shape().elements());
  read ? evaluate_by_reader(model, data, loss, threads, result) : evaluate_outputs(model, data, threads, result);
  for (TargetEvaluation& target : result.targets) {
    if (target.class_names.empty()) {
      target.values = score(target.value_predictions());
    } else {
      target.classes = score(target.class_predictions());
    }
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
