// Quantiles of conformal scores by the rule for finite samples, from some of the scores.
// Not here: what a score is (src/judge/prediction_intervals.cc).
#include "pellucid/conformal_scores.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr std::int64_t most_rows = std::int64_t{1} << 53;

// The rank, from 1, of the kept score with this index, from 0.
std::int64_t rank_of(std::int64_t index, std::int64_t rows) noexcept {
  constexpr std::int64_t most = ConformalScores::most_kept;
  if (rows <= most) return index + 1;
  return index + 1 == most ? rows : ((index + 1) * (rows + 1) + most - 1) / most;
}

// ⌈(rows + 1) · level⌉. A level such as 0.07 is rounded to a double, and the product must not exceed 7 for that.
double rank_for(double level, std::int64_t rows) noexcept {
  constexpr double rounding = 1e-12;
  return std::ceil(static_cast<double>(rows + 1) * level * (1 - rounding));
}

void require_scores(const std::vector<double>& scores) {
  const auto is_score = [](double x) { return x >= 0 && std::isfinite(x); };
  if (scores.empty()) throw Error("U20", "there are no conformal scores");
  if (!std::ranges::all_of(scores, is_score)) throw Error("U20", "a conformal score is not a finite number ≥ 0");
}

}  // namespace

ConformalScores::ConformalScores(std::vector<double> scores) : rows_(static_cast<std::int64_t>(scores.size())) {
  require_scores(scores);
  std::ranges::sort(scores);
  for (std::int64_t i = 0; i < std::min(rows_, most_kept); ++i) {
    kept_.push_back(scores[static_cast<std::size_t>(rank_of(i, rows_) - 1)]);
  }
}

ConformalScores::ConformalScores(std::int64_t rows, std::vector<double> kept) : rows_(rows), kept_(std::move(kept)) {
  require_scores(kept_);
  const auto count = static_cast<std::int64_t>(kept_.size());
  if (rows < 1 || rows > most_rows || count != std::min(rows, most_kept) || !std::ranges::is_sorted(kept_)) {
    throw Error("U20", plural(count, "conformal score") + " do not fit " + plural(rows, "row"));
  }
}

std::optional<double> ConformalScores::quantile(double level) const {
  const double rank = rank_for(level, rows_);
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(kept_.size()); ++i) {
    if (static_cast<double>(rank_of(i, rows_)) >= rank) return kept_[static_cast<std::size_t>(i)];
  }
  return std::nullopt;
}

std::int64_t ConformalScores::least_rows(double level) noexcept {
  auto rows = static_cast<std::int64_t>(std::min(level / (1 - level), 1e15));  // n ≥ (n + 1) · level, up to rounding
  while (rank_for(level, rows) > static_cast<double>(rows)) ++rows;
  return std::max<std::int64_t>(rows, 1);
}

}  // namespace pellucid
