// Columns shuffled one by one. Not here: predictions (evaluate.cc).
#include "pellucid/importance.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <type_traits>

#include "core/convert.h"
#include "metrics/unit.h"
#include "model/match.h"
#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/random.h"

namespace pellucid {

namespace {

constexpr std::int64_t least_rows = 100;

// Sampled rows, as a dataset of its own whose features may be changed.
template <class T>
struct Sample {
  std::shared_ptr<Block> features = std::make_shared<Block>();
  std::shared_ptr<Targets> targets = std::make_shared<Targets>();
  std::int64_t rows, width;

  Sample(const Dataset& data, std::int64_t count) : rows(count), width(data.row_shape().elements()) {
    features->shape = data.row_shape();
    values().resize(static_cast<std::size_t>(rows * width));
    targets->classes = data.targets().classes;
    targets->columns = data.has_labels() ? 0 : data.targets().columns;
    targets->multi_label = data.is_multi_label();
    for (std::int64_t r = 0; r < rows; ++r) {
      const std::int64_t from = r * data.rows() / rows;
      data.read_row(from, values().data() + r * width);
      if (data.has_labels()) targets->labels.push_back(data.label(from));
      for (std::int64_t c = 0; c < targets->columns; ++c) targets->values.push_back(data.value(from, c));
    }
  }

  LargeVector<T>& values() {
    if constexpr (std::is_same_v<T, float>) {
      return features->floats;
    } else {
      return features->doubles;
    }
  }
  Dataset dataset() const { return Dataset(features, targets); }
};

template <class T>
double share_wrong(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  const Tensor<double> p = predict_proba(model, data, threads);
  const std::int64_t columns = p.view().columns;
  std::int64_t wrong = 0;
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    if (data.is_multi_label()) {
      for (std::int64_t c = 0; c < columns; ++c)
        wrong += (p.view()(r, c) > model.threshold) != (data.value(r, c) > 0.5);
      continue;
    }
    const std::span<const double> row(p.data() + r * columns, static_cast<std::size_t>(columns));
    wrong += predicted_class(row, model.threshold) == data.label(r) ? 0 : 1;
  }
  return static_cast<double>(wrong) / static_cast<double>(data.rows() * (data.is_multi_label() ? columns : 1));
}

// Of each target, numbers as they stand in the table, one target after the other.
struct Columns {
  std::vector<std::vector<double>> truth, predicted;

  std::vector<ValuePredictions> views() const {
    std::vector<ValuePredictions> all;
    for (std::size_t c = 0; c < truth.size(); ++c) all.push_back({truth[c], predicted[c]});
    return all;
  }
};

// Share of wrong answers, RMSE or 1 − mean R²: the smaller the better.
template <class T>
double badness(const BasicModel<T>& model, const Dataset& data, std::int64_t threads) {
  if (data.is_classification()) return share_wrong(model, data, threads);
  const Tensor<double> predicted = predict_values(model, data, threads);
  const std::int64_t n = data.targets().columns;
  Columns columns{std::vector<std::vector<double>>(static_cast<std::size_t>(n)), {}};
  columns.predicted = columns.truth;
  for (std::int64_t c = 0; c < n; ++c) {
    const auto at = static_cast<std::size_t>(c);
    const FittedTarget& by = model.preprocessor->targets.at(at);
    for (std::int64_t r = 0; r < data.rows(); ++r) {
      columns.truth[at].push_back(by.of_net(data.value(r, c)));
      columns.predicted[at].push_back(predicted.view()(r, c));
    }
  }
  double sum = 0;
  for (const double error : row_errors(columns.views())) sum += error;
  const double mean = sum / static_cast<double>(data.rows());
  return n == 1 ? std::sqrt(mean) * error_unit(columns.truth.front()) : mean;
}

// Writes the features first … first+count-1 of all rows in another order.
template <class T>
void shuffle_features(LargeVector<T>& values, const LargeVector<T>& original, std::int64_t width, std::int64_t first,
                      std::int64_t count, Random random) {
  std::vector<std::int64_t> order(original.size() / static_cast<std::size_t>(width));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  random.shuffle(order);
  for (std::size_t r = 0; r < order.size(); ++r) {
    std::copy_n(original.begin() + order[r] * width + first, count,
                values.begin() + static_cast<std::int64_t>(r) * width + first);
  }
}

template <class T>
void require_judgeable(const BasicModel<T>& model, const Dataset& data) {
  if (data.empty()) throw Error("D17", "there are no rows to shuffle columns of");
  if (!data.has_targets()) throw Error("U20", "the rows have no targets to compare with");
  require_match(model, data);
  if (!model.preprocessor) throw Error("U20", "the model has no preprocessor that says which features are a column");
  if (!data.has_labels() && model.preprocessor->targets.size() != static_cast<std::size_t>(data.targets().columns)) {
    throw Error("U20", "the model learned " + std::to_string(model.preprocessor->targets.size()) +
                           " targets, the data has " + std::to_string(data.targets().columns));
  }
  std::int64_t features = 0;
  for (const FittedColumn& column : model.preprocessor->columns) features += column.features;
  if (features != data.row_shape().elements()) {
    throw Error("U20", "the model's columns are " + std::to_string(features) + " features, the data's rows " +
                           std::to_string(data.row_shape().elements()));
  }
}

}  // namespace

template <class T>
Importance permutation_importance(const BasicModel<T>& model, const Dataset& data, const ImportanceOptions& options) {
  require_judgeable(model, data);
  if (options.rows < 1 || options.repeats < 1 || !(options.most_work > 0)) {
    throw Error("U12", "importance takes at least one row, one repeat and some work");
  }
  const std::vector<FittedColumn>& columns = model.preprocessor->columns;
  const double passes =
      options.most_work / (static_cast<double>(model.parameter_count()) * static_cast<double>(columns.size()));
  Importance result;
  const std::int64_t wanted = std::min(options.rows, data.rows());
  result.rows = std::min(wanted, to_whole<std::int64_t>(passes));
  if (columns.size() < 2 || result.rows < std::min(wanted, least_rows)) return {};
  result.repeats = std::clamp<std::int64_t>(to_whole<std::int64_t>(passes) / result.rows, 1, options.repeats);
  Sample<T> sample(data, result.rows);
  const LargeVector<T> original = sample.values();
  const double whole = badness(model, sample.dataset(), options.threads);
  std::int64_t first = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::vector<double> losses;
    for (std::int64_t n = 0; n < result.repeats; ++n) {
      shuffle_features(sample.values(), original, sample.width, first, columns[c].features,
                       Random({.seed = options.seed,
                               .purpose = Purpose::bootstrap,
                               .stream = static_cast<std::uint32_t>(c % 65535) + 1,
                               .step = static_cast<std::uint32_t>(n)}));
      losses.push_back(badness(model, sample.dataset(), options.threads) - whole);
    }
    sample.values() = original;
    first += columns[c].features;
    ColumnImportance& entry = result.columns.emplace_back();
    entry.column = columns[c].name;
    const auto repeats = static_cast<double>(result.repeats);
    for (const double loss : losses) entry.loss += loss / repeats;
    for (const double loss : losses) entry.deviation += (loss - entry.loss) * (loss - entry.loss);
    entry.deviation = result.repeats > 1 ? std::sqrt(entry.deviation / (repeats - 1)) : 0;
  }
  std::stable_sort(result.columns.begin(), result.columns.end(), [](auto& a, auto& b) { return a.loss > b.loss; });
  return result;
}

template Importance permutation_importance(const BasicModel<float>&, const Dataset&, const ImportanceOptions&);
template Importance permutation_importance(const BasicModel<double>&, const Dataset&, const ImportanceOptions&);

}  // namespace pellucid
