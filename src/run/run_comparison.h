// Runs side by side: what they were told, what they reached, and whether a difference is more than chance.
// Not here: sentences and tables (app/text/comparison_text.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/settings.h"
#include "pellucid/metric.h"

namespace pellucid {

struct ComparedRun {
  std::string path;
  Json report;
  ScoreKind kind = ScoreKind::rmse;
  std::vector<std::string> targets{};                       ///< names
  double score = std::numeric_limits<double>::quiet_NaN();  ///< of that kind, on the test rows
  // Of each test row, in the order of predictions.csv; empty where that is missing.
  std::vector<std::int64_t> rows{};
  std::vector<std::string> truths{};  ///< as the file writes them, those of a row in one
  std::vector<double> errors{};       ///< as Evaluation::row_errors

  /// One target of classes: a row is right or wrong.
  bool has_one_answer() const noexcept { return kind == ScoreKind::accuracy && targets.size() == 1; }
};

/// Throws as read_report, and D16 for a damaged predictions.csv.
ComparedRun read_compared_run(const std::string& path);

/// Two runs judged on the same test rows.
struct PairComparison {
  std::size_t better, worse;  ///< of the runs given
  double difference;          ///< of the scores, ≥ 0: points of accuracy / 100, of RMSE or of R²
  /// One target of classes: rows that only the one or only the other has right.
  std::int64_t better_only = 0, worse_only = 0;
  /// That so large a difference comes about by chance where both are equally good. One target of classes: exact sign
  /// test of the rows on which they differ (McNemar 1947); else the normal test of the rows' mean difference of errors.
  double p;
  bool more_than_chance() const noexcept { return p < 0.05; }
};

struct Comparison {
  std::vector<ComparedRun> runs;
  /// Settings that differ: name, value of each run ("–" where a run does not know it).
  std::vector<std::pair<std::string, std::vector<std::string>>> settings{};
  std::string obstacle{};               ///< why the scores cannot be held against each other; empty: they can
  std::vector<PairComparison> pairs{};  ///< the best run against each other one, in the order given
};

/// Throws D41 where the runs learned different targets or tasks.
Comparison compare_runs(std::vector<ComparedRun> runs);

}  // namespace pellucid
