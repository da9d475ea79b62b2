// Squared errors and right classes, target by target. Not here: how outputs are read (output_reader.cc).
#include "judge/read_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pellucid {
namespace {

ScoreKind kind_of(const std::vector<ReadTarget>& targets) {
  const auto numbers = std::ranges::count_if(targets, [](const ReadTarget& target) { return target.classes == 0; });
  return score_kind(targets.size() - static_cast<std::size_t>(numbers), static_cast<std::size_t>(numbers));
}

}  // namespace

template <class T>
ReadScores::ReadScores(const BasicModel<T>& model, const Dataset& data, const Loss& loss)
    : data_(data), reader_(model, data, loss, true), kind_(kind_of(reader_.targets())) {
  const auto rows = static_cast<double>(data.rows());
  for (std::size_t t = 0; t < reader_.targets().size(); ++t) {
    double mean = 0, spread = 0;
    bool varies = false;
    for (std::int64_t r = 0; r < data.rows(); ++r) mean += reader_.truth(data, r, t) / rows;
    for (std::int64_t r = 0; r < data.rows(); ++r) {
      const double truth = reader_.truth(data, r, t);
      spread += (truth - mean) * (truth - mean);
      varies = varies || truth != reader_.truth(data, 0, t);
    }
    spreads_.push_back(varies ? spread : 0);
  }
  begin();
}

void ReadScores::begin() {
  sums_.assign(reader_.targets().size(), 0);
}

template <class T>
void ReadScores::add(View<const T> outputs, std::int64_t first) {
  for (std::int64_t r = 0; r < outputs.rows; ++r) {
    reader_.read<T>({outputs.row(r), static_cast<std::size_t>(outputs.columns)});
    for (std::size_t t = 0; t < sums_.size(); ++t) {
      const double truth = reader_.truth(data_, first + r, t);
      if (reader_.targets()[t].classes > 0) {
        sums_[t] += predicted_class(reader_.probabilities(t)) == static_cast<std::int32_t>(truth) ? 1 : 0;
      } else {
        sums_[t] += (reader_.value(t) - truth) * (reader_.value(t) - truth);
      }
    }
  }
}

double ReadScores::score() const {
  if (sums_.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto rows = static_cast<double>(data_.rows());
  if (kind_ == ScoreKind::rmse) return std::sqrt(sums_.front() / rows);
  double total = 0;
  for (std::size_t t = 0; t < sums_.size(); ++t) {
    if (reader_.targets()[t].classes > 0) {
      total += sums_[t] / rows;
    } else {
      total += spreads_[t] > 0 ? 1 - sums_[t] / spreads_[t] : 0;
    }
  }
  return total / static_cast<double>(sums_.size());
}

template ReadScores::ReadScores(const BasicModel<float>&, const Dataset&, const Loss&);
template ReadScores::ReadScores(const BasicModel<double>&, const Dataset&, const Loss&);
template void ReadScores::add(View<const float>, std::int64_t);
template void ReadScores::add(View<const double>, std::int64_t);

}  // namespace pellucid
