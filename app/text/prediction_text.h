// PredictionText: writes predictions, and cells copied from the data, as rows of CSV or as JSON lines.
// Not here: making predictions (app/commands/predict.cc), a run's predictions.csv (run/csv_text.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "pellucid/evaluation.h"
#include "pellucid/model.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/table.h"

namespace pellucid::app {

struct PredictionFormat {
  std::vector<std::string> keep{};  // columns of the data to copy to the output
  bool probabilities = false;
  std::optional<double> interval{};  // level of the intervals or sets to write
  bool json = false;
  bool spreadsheet_safe = false;  // CSV: no cell can be read as a formula
};

/// The probabilities by class name; of very many classes only the likeliest ones.
Json json_probabilities(const std::vector<std::string>& classes, std::span<const double> p);
/// The names of the classes in a prediction set, in the order of the classes.
std::vector<std::string> set_of(const PredictionIntervals& intervals, std::size_t target,
                                const std::vector<std::string>& classes, std::span<const double> p);
/// Adds the fields low and high, or set. `name`: of one of several targets, whose fields are objects by name; empty for
/// a single target.
void add_interval(Json& json, const std::string& name, const Interval& interval);
void add_set(Json& json, const std::string& name, std::vector<std::string> classes);

class PredictionText {
 public:
  /// For a model that was trained on a table; it must outlive this object. Throws D43, U12 for an interval that the
  /// model does not have, U02 for sets that CSV cannot hold.
  PredictionText(const Model& model, PredictionFormat format);

  /// Copied columns whose name the predictions use themselves, each with its new name.
  const std::vector<std::pair<std::string, std::string>>& renamed() const noexcept { return renamed_; }
  /// The header line; empty for JSON.
  std::string header() const;
  /// Sets the table from which row() copies cells; the table must outlive the calls of row(). Throws D11, U02.
  void take_from(const Table& table);
  /// One line. `at`: index in the table; `number`: row number to write, from 1;
  /// `predictions`: what predict_targets() gave, of which row `r` is written.
  std::string row(std::int64_t at, std::int64_t number, std::span<const TargetPredictions> predictions,
                  std::int64_t r) const;

 private:
  using Predictions = std::span<const TargetPredictions>;
  const std::vector<FittedTarget>& targets() const { return model_.preprocessor->targets; }
  bool has_several() const { return targets().size() > 1; }
  std::vector<std::string> own_names() const;
  std::string cell(std::string text) const;
  std::vector<std::string> interval_names(const FittedTarget& target) const;
  std::string csv_interval(std::size_t t, const TargetPredictions& target, std::int64_t r) const;
  void add_json_interval(Json& json, std::size_t t, const TargetPredictions& target, std::int64_t r) const;
  std::string csv_probabilities(const TargetPredictions& target, std::int64_t r) const;
  std::string csv_row(std::int64_t at, std::int64_t number, Predictions predictions, std::int64_t r) const;
  std::string json_row(std::int64_t at, std::int64_t number, Predictions predictions, std::int64_t r) const;

  const Model& model_;
  PredictionFormat format_;
  std::optional<PredictionIntervals> intervals_;
  std::vector<std::string> kept_names_;
  std::vector<std::pair<std::string, std::string>> renamed_;
  std::vector<const Column*> kept_;
};

}  // namespace pellucid::app
