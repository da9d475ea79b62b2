// What a trained model says of rows: probabilities, values in the target's unit, and the full evaluation.
// Not here: the metrics themselves (src/metrics), loss in fixed chunks (judge.cc).
#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>

#include <fmt/format.h>

#include "kernels/scalar_math.h"
#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "train/judge.h"

namespace pellucid {
namespace {

std::string_view last_activation(const auto& model) {
  const Activation* f = model.nodes().back().layer->output_activation();
  return f ? f->kind().name : "linear";
}

// One row of outputs as probabilities. Logits (a linear end that was trained with a cross-entropy) pass through softmax
// or sigmoid; several sigmoids are brought to the sum 1.
void to_probabilities(std::span<const double> y, bool logits, std::span<double> p) {
  if (y.size() == 1) {
    p[1] = logits ? 1 / (1 + math::exp(-y[0])) : std::clamp(y[0], 0.0, 1.0);
    p[0] = 1 - p[1];
    return;
  }
  const double top = logits ? *std::ranges::max_element(y) : 0;
  double sum = 0;
  for (std::size_t c = 0; c < y.size(); ++c) sum += p[c] = logits ? math::exp(y[c] - top) : std::max(y[c], 0.0);
  for (double& value : p) value = sum > 0 ? value / sum : 1.0 / static_cast<double>(y.size());
}

}  // namespace

template <class T>
Tensor<double> predict_proba(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  const Tensor<T> outputs = model.predict(data, threads);
  const std::int64_t n = outputs.view().columns;
  const std::string_view last = last_activation(model);
  const bool logits =
      last == "linear" && model.training && model.training->loss.find("cross_entropy") != std::string::npos;
  Tensor<double> result(Shape{data.rows(), std::max<std::int64_t>(n, 2)});
  std::vector<double> row(static_cast<std::size_t>(n));
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    std::copy_n(outputs.data() + r * n, n, row.begin());
    to_probabilities(row, logits, {result.view().row(r), static_cast<std::size_t>(result.view().columns)});
  }
  return result;
}

template <class T>
Tensor<double> predict_values(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  const Tensor<T> outputs = model.predict(data, threads);
  Tensor<double> result(outputs.shape());
  const Preprocessor plain, &by = model.preprocessor ? *model.preprocessor : plain;
  for (std::int64_t i = 0; i < outputs.size(); ++i) {
    result.data()[i] = by.target_of_net(static_cast<double>(outputs.data()[i]));
  }
  return result;
}

namespace {

constexpr std::int64_t rows_at_once = 1 << 16;

// Of many rows some at a time, so that what is made on the way stays small. A row's prediction is the same in any.
template <class Use>
void in_pieces(const Dataset& data, const Use& use) {
  if (data.rows() <= rows_at_once) return use(data);
  for (std::int64_t first = 0; first < data.rows(); first += rows_at_once) {
    std::vector<std::int64_t> positions(static_cast<std::size_t>(std::min(rows_at_once, data.rows() - first)));
    std::iota(positions.begin(), positions.end(), first);
    const Dataset piece = data.subset(positions);
    Batches(piece, piece.rows(), false, 0).read_ahead(0);
    use(piece);
  }
}

void append(const Tensor<double>& from, LargeVector<double>& to) {
  to.insert(to.end(), from.values().begin(), from.values().end());
}

template <class T>
Loss loss_of(const BasicModel<T>& model, const Dataset& data) {
  return model.training ? Loss::parse(model.training->loss) : default_loss(model, data);
}

template <class T>
void evaluate_classes(const BasicModel<T>& model, const Dataset& data, std::int64_t threads, Evaluation& result) {
  std::int32_t classes = 0;
  result.truth_labels.reserve(static_cast<std::size_t>(data.rows()));
  in_pieces(data, [&](const Dataset& piece) {
    const Tensor<double> probabilities = predict_proba(model, piece, threads);
    classes = static_cast<std::int32_t>(probabilities.view().columns);
    result.probabilities.reserve(static_cast<std::size_t>(data.rows()) * static_cast<std::size_t>(classes));
    append(probabilities, result.probabilities);
    for (std::int64_t r = 0; r < piece.rows(); ++r) result.truth_labels.push_back(piece.label(r));
  });
  result.threshold = model.threshold;
  result.classes = score(ClassPredictions{result.truth_labels, result.probabilities, classes, model.threshold});
  if (model.preprocessor) result.class_names = model.preprocessor->classes;
  for (auto c = static_cast<std::int32_t>(result.class_names.size()); c < classes; ++c)
    result.class_names.push_back(std::to_string(c));
}

template <class T>
void evaluate_values(const BasicModel<T>& model, const Dataset& data, std::int64_t threads, Evaluation& result) {
  const auto numbers = static_cast<std::size_t>(data.rows() * data.targets().columns);
  result.predicted_values.reserve(numbers);
  result.truth_values.reserve(numbers);
  in_pieces(data,
            [&](const Dataset& piece) { append(predict_values(model, piece, threads), result.predicted_values); });
  const Preprocessor plain, &by = model.preprocessor ? *model.preprocessor : plain;
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    for (std::int64_t c = 0; c < data.targets().columns; ++c)
      result.truth_values.push_back(by.target_of_net(data.value(r, c)));
  }
  result.values = score(ValuePredictions{result.truth_values, result.predicted_values});
}

}  // namespace

template <class T>
Evaluation evaluate(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  if (data.empty()) throw Error("D17", "there are no rows to evaluate on");
  if (!data.has_targets()) throw Error("U20", "the rows have no targets to compare with");
  Evaluation result;
  Team team(static_cast<int>(threads));
  // A judge only reads the model.
  result.loss = Judge<T>(const_cast<BasicModel<T>&>(model), data, loss_of(model, data), &team)().loss;
  if (data.is_classification()) {
    evaluate_classes(model, data, threads, result);
  } else {
    evaluate_values(model, data, threads, result);
  }
  return result;
}

std::ostream& operator<<(std::ostream& out, const Evaluation& e) {
  if (e.classes) {
    const Interval interval = wilson_interval(e.classes->correct, e.classes->rows);
    out << fmt::format("{:.1f}% correct ({} of {}) · 95% interval {:.1f}-{:.1f}% · loss {:.3g}\n",
                       100 * e.classes->accuracy, e.classes->correct, e.classes->rows, 100 * interval.low,
                       100 * interval.high, e.loss);
  }
  if (e.values) {
    out << fmt::format("RMSE {:.4g} · MAE {:.4g} · R² {:.4f} · {} rows\n", e.values->rmse, e.values->mae, e.values->r2,
                       e.values->rows);
  }
  return out;
}

template Tensor<double> predict_proba(const BasicModel<float>&, const Dataset&, std::int64_t);
template Tensor<double> predict_proba(const BasicModel<double>&, const Dataset&, std::int64_t);
template Tensor<double> predict_values(const BasicModel<float>&, const Dataset&, std::int64_t);
template Tensor<double> predict_values(const BasicModel<double>&, const Dataset&, std::int64_t);
template Evaluation evaluate(const BasicModel<float>&, const Dataset&, std::int64_t);
template Evaluation evaluate(const BasicModel<double>&, const Dataset&, std::int64_t);

}  // namespace pellucid
