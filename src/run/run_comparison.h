// Comparing runs: their settings, their scores, and whether a difference is more than chance.
// Not here: the comparison as text (app/text/comparison_text.h).
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
  std::vector<std::string> targets{};                       ///< names of the target columns
  double score = std::numeric_limits<double>::quiet_NaN();  ///< score on the test rows, of that kind
  // One entry per test row, in the order of predictions.csv; empty if that file is missing.
  std::vector<std::int64_t> rows{};
  std::vector<std::string> truths{};  ///< true values as in the file; with several targets joined into one text per row
  std::vector<double> errors{};       ///< errors as in Evaluation::row_errors

  /// There is one target, and it has classes: each row is either right or wrong.
  bool has_one_answer() const noexcept { return kind == ScoreKind::accuracy && targets.size() == 1; }
};

/// Reads the run in the folder `path`. Throws as read_report, and D16 for a damaged predictions.csv.
ComparedRun read_compared_run(const std::string& path);

/// Two runs that were evaluated on the same test rows.
struct PairComparison {
  std::size_t better, worse;  ///< indices into Comparison::runs
  double difference;  ///< difference of the scores, ≥ 0; for accuracy as a share (0.01 is one percentage point)
  /// For one target with classes: numbers of rows that only one of the two runs predicts correctly.
  std::int64_t better_only = 0, worse_only = 0;
  /// Probability of a difference at least this large if both models are equally good. For one target with classes:
  /// exact sign test of the rows on which the runs differ (McNemar 1947); otherwise the normal test of the mean
  /// difference of the row errors.
  double p;
  bool more_than_chance() const noexcept { return p < 0.05; }
};

struct Comparison {
  std::vector<ComparedRun> runs;
  /// Settings that differ: name, and the value in each run ("–" if the run does not have the setting).
  std::vector<std::pair<std::string, std::vector<std::string>>> settings{};
  std::string obstacle{};               ///< why the scores cannot be compared; empty: they can
  std::vector<PairComparison> pairs{};  ///< the best run compared with each other run, in the order of `runs`
};

/// Compares runs. Throws D41 if the targets or tasks differ.
Comparison compare_runs(std::vector<ComparedRun> runs);

}  // namespace pellucid
