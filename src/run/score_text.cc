// Formatting of scores. Not here: computing them.
#include "run/score_text.h"

#include <fmt/format.h>

#include <cmath>

#include "core/convert.h"
#include "core/text.h"

namespace pellucid {

std::string short_number(double x) {
  if (!std::isfinite(x)) return std::isnan(x) ? "NaN" : x > 0 ? "inf" : "-inf";
  const double size = std::abs(x);
  if (size >= 1000 && size < 1e15) return count_text(to_whole<std::int64_t>(std::round(x)));
  if (x == std::floor(x) && size < 1000) return fmt::format("{:.0f}", size == 0 ? 0.0 : x);
  if (size < 1e-4) return fmt::format("{:.1e}", x);
  if (size < 1) return fmt::format("{:.4f}", ties_away(x, 4));
  return fmt::format("{:#.4g}", size < 1000 ? ties_away(x, size < 10 ? 3 : size < 100 ? 2 : 1) : x);
}

std::string percent(double share) {
  return fmt::format("{:.1f}%", ties_away(share * 100, 1));
}

std::string score_text(ScoreKind kind, double score, const char* unknown) {
  if (std::isnan(score)) return unknown;
  return kind == ScoreKind::accuracy ? percent(score)
         : kind == ScoreKind::rmse   ? short_number(score)
                                     : fmt::format("{:.4f}", ties_away(score, 4));
}

std::string named_score(ScoreKind kind, double score, const char* unknown) {
  const bool bare = kind != ScoreKind::r2 || std::isnan(score);
  return (bare ? "" : "R² ") + score_text(kind, score, unknown);
}

const char* score_name(ScoreKind kind) {
  return kind == ScoreKind::accuracy ? "accuracy" : kind == ScoreKind::rmse ? "RMSE" : "R²";
}

std::string difference_text(ScoreKind kind, double difference) {
  return kind == ScoreKind::accuracy ? fmt::format("{:.1f}", ties_away(difference * 100, 1))
                                     : score_text(kind, difference);
}

}  // namespace pellucid
