// Permutation importance: the columns are shuffled one by one, and the scorer says how much worse the model gets.
// Not here: the score (scorer.cc), predictions (evaluate.cc).
#include "pellucid/importance.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <type_traits>

#include "core/convert.h"
#include "judge/judge.h"
#include "model/match.h"
#include "pellucid/error.h"
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
  require_match(model, data, recorded_loss(model, data));
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
  const Dataset rows = sample.dataset();
  Scorer scorer(model, rows, recorded_loss(model, rows), OutputSource::prediction);
  if (std::isnan(scorer.score()))
    throw Error("U33", "the model's own loss gives no predictions whose score could fall");
  const auto error = [&] {
    scorer.clear();
    scorer.add<T>(finite_outputs(model, sample.dataset(), options.threads).view(), 0);
    return scorer.error();
  };
  const double whole = error();
  std::int64_t first = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::vector<double> losses;
    for (std::int64_t n = 0; n < result.repeats; ++n) {
      shuffle_features(sample.values(), original, sample.width, first, columns[c].features,
                       Random({.seed = options.seed,
                               .purpose = Purpose::bootstrap,
                               .stream = static_cast<std::uint32_t>(c % 65535) + 1,
                               .step = static_cast<std::uint32_t>(n)}));
      losses.push_back(error() - whole);
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
