// The predictions of a model for rows: probabilities, values in the targets' units, and the full evaluation.
// Not here: what outputs mean (output_reader.cc), loss and score alone (judge.cc), the metrics (src/metrics), what
// follows from an evaluation (evaluation.cc).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "core/text.h"
#include "judge/judge.h"
#include "model/match.h"
#include "pellucid/error.h"
#include "pellucid/evaluation.h"

namespace pellucid {

template <class T>
Tensor<T> finite_outputs(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  Tensor<T> outputs = model.predict(data, threads);
  const T* const end = outputs.data() + outputs.size();
  const T* const bad =
      std::find_if_not(outputs.data(), outputs.data() + outputs.size(), [](T x) { return std::isfinite(x); });
  if (bad == end) return outputs;
  throw Error("D39",
              fmt::format("row {}: the model's output is not a finite number; a cell is too far from the training data",
                          count_text((bad - outputs.data()) / outputs.view().columns + 1)));
}

namespace {

// The outputs of several heads do not form one prediction.
template <class T>
void require_one_output(const BasicModel<T>& model, const char* what) {
  if (model.heads().empty()) return;
  throw Error("U33", std::string(what) + " takes a model with one output, and this one has heads",
              {"predict() gives the outputs of all heads side by side", "evaluate() gives each target's predictions"});
}

// One number per row and column: `number` gives that of the row that was just read.
template <class T, class Number>
Tensor<double> read_rows(const Tensor<T>& outputs, OutputReader& reader, std::size_t columns, const Number& number) {
  const View<const T> y = outputs.view();
  Tensor<double> result(Shape{y.rows, static_cast<std::int64_t>(columns)});
  for (std::int64_t r = 0; r < y.rows; ++r) {
    reader.read<T>({y.row(r), static_cast<std::size_t>(y.columns)});
    double* const row = result.view().row(r);
    for (std::size_t c = 0; c < columns; ++c) row[c] = number(c);
  }
  return result;
}

}  // namespace

template <class T>
Tensor<double> predict_proba(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  require_one_output(model, "predict_proba");
  const Tensor<T> outputs = finite_outputs(model, data, threads);
  if (data.is_multi_label() || (model.preprocessor && model.preprocessor->is_multi_label())) {
    OutputReader reader(model, TargetForm::yes_or_no);
    return read_rows(outputs, reader, reader.targets().size(),
                     [&](std::size_t t) { return reader.probabilities(t)[1]; });
  }
  OutputReader reader(model, TargetForm::classes);
  const auto classes = static_cast<std::size_t>(reader.targets().front().classes);
  std::span<const double> p;
  return read_rows(outputs, reader, classes,
                   [&](std::size_t c) { return (c == 0 ? p = reader.probabilities(0) : p)[c]; });
}

template <class T>
Tensor<double> predict_values(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  require_one_output(model, "predict_values");
  const Tensor<T> outputs = finite_outputs(model, data, threads);
  OutputReader reader(model, TargetForm::numbers);
  if (reader.targets().empty()) {
    throw Error("U33", "the loss " + model.training->loss + " gives no prediction for its targets",
                {"override LossFunction::predict in it, or use predict(), which gives the outputs"});
  }
  return read_rows(outputs, reader, reader.targets().size(), [&](std::size_t t) { return reader.value(t); });
}

std::vector<TargetPredictions> empty_predictions(const OutputReader& reader, std::int64_t rows) {
  const auto count = static_cast<std::size_t>(rows);
  std::vector<TargetPredictions> predictions;
  for (const ReadTarget& read : reader.targets()) {
    TargetPredictions& target = predictions.emplace_back();
    target.name = read.name;
    if (read.classes > 0) target.class_names = read.class_names();
    target.classes.reserve(read.classes > 0 ? count : 0);
    target.probabilities.reserve(count * static_cast<std::size_t>(read.classes));
    target.values.reserve(read.classes > 0 ? 0 : count);
  }
  return predictions;
}

void add_prediction(OutputReader& reader, std::vector<TargetPredictions>& predictions) {
  for (std::size_t t = 0; t < predictions.size(); ++t) {
    TargetPredictions& target = predictions[t];
    if (target.class_names.empty()) {
      target.values.push_back(reader.value(t));
      continue;
    }
    const std::span<const double> p = reader.probabilities(t);
    target.classes.push_back(reader.predicted_class(t));
    target.probabilities.insert(target.probabilities.end(), p.begin(), p.end());
  }
}

template <class T>
std::vector<TargetPredictions> predict_targets(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  OutputReader reader = OutputReader::of_table_model(model);
  const Tensor<T> outputs = finite_outputs(model, data, threads);
  std::vector<TargetPredictions> predictions = empty_predictions(reader, data.rows());
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    reader.read<T>({outputs.view().row(r), static_cast<std::size_t>(outputs.view().columns)});
    add_prediction(reader, predictions);
  }
  return predictions;
}

namespace {

constexpr std::int64_t most_rows_at_once = 1 << 16;
constexpr std::int64_t most_outputs_at_once = 1 << 22;

// Many rows are predicted some at a time, so that the memory in between stays small. The predictions are the same.
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

// One evaluation per target, still without rows.
TargetEvaluation without_rows(const ReadTarget& read, double threshold, std::int64_t rows) {
  TargetEvaluation target;
  target.name = read.name;
  const auto count = static_cast<std::size_t>(rows);
  if (read.classes > 0) {
    target.threshold = threshold;
    target.class_names = read.class_names();
    target.truth_labels.reserve(count);
    target.probabilities.reserve(count * target.class_names.size());
  } else {
    target.truth_values.reserve(count);
    target.predicted_values.reserve(count);
  }
  return target;
}

// The prediction and the truth of the row that was just read.
void add_row(OutputReader& reader, std::size_t t, const Dataset& data, std::int64_t row, TargetEvaluation& target) {
  if (reader.targets()[t].classes > 0) {
    const std::span<const double> p = reader.probabilities(t);
    target.probabilities.insert(target.probabilities.end(), p.begin(), p.end());
    target.truth_labels.push_back(reader.true_class(data, row, t));
  } else {
    target.predicted_values.push_back(reader.value(t));
    target.truth_values.push_back(truth_of(reader.targets()[t].fitted, reader.true_net_value(data, row, t)));
  }
}

}  // namespace

template <class T>
Evaluation evaluate(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  if (data.empty()) throw Error("D17", "there are no rows to evaluate on");
  if (!data.has_targets()) throw Error("U20", "the rows have no targets to compare with");
  const Loss loss = recorded_loss(model, data);
  require_match(model, data, loss);
  Evaluation result;
  Team team(static_cast<int>(threads));
  result.loss = Judge<T>(model, data, loss, &team)().loss;
  OutputReader reader(model, data, loss, OutputSource::prediction);
  for (const ReadTarget& read : reader.targets())
    result.targets.push_back(without_rows(read, model.threshold, data.rows()));
  in_pieces(data, model.output_shape().elements(), [&](const Dataset& piece) {
    const Tensor<T> outputs = finite_outputs(model, piece, threads);
    for (std::int64_t r = 0; r < piece.rows(); ++r) {
      reader.read<T>({outputs.view().row(r), static_cast<std::size_t>(outputs.view().columns)});
      for (std::size_t t = 0; t < result.targets.size(); ++t) add_row(reader, t, piece, r, result.targets[t]);
    }
  });
  for (TargetEvaluation& target : result.targets) {
    if (target.class_names.empty()) {
      target.values = score(target.value_predictions());
    } else {
      target.classes = score(target.class_predictions());
    }
  }
  return result;
}

template Tensor<float> finite_outputs(const BasicModel<float>&, const Dataset&, std::int64_t);
template Tensor<double> finite_outputs(const BasicModel<double>&, const Dataset&, std::int64_t);
template Tensor<double> predict_proba(const BasicModel<float>&, const Dataset&, std::int64_t);
template Tensor<double> predict_proba(const BasicModel<double>&, const Dataset&, std::int64_t);
template Tensor<double> predict_values(const BasicModel<float>&, const Dataset&, std::int64_t);
template Tensor<double> predict_values(const BasicModel<double>&, const Dataset&, std::int64_t);
template std::vector<TargetPredictions> predict_targets(const BasicModel<float>&, const Dataset&, std::int64_t);
template std::vector<TargetPredictions> predict_targets(const BasicModel<double>&, const Dataset&, std::int64_t);
template Evaluation evaluate(const BasicModel<float>&, const Dataset&, std::int64_t);
template Evaluation evaluate(const BasicModel<double>&, const Dataset&, std::int64_t);

}  // namespace pellucid
