// PredictionText: predictions as rows of CSV or as JSON lines, beside cells that are copied from the data.
// Not here: making predictions (app/commands/predict.cc), a run's predictions.csv (run/csv_text.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pellucid/model.h"
#include "pellucid/table.h"

namespace pellucid::app {

struct PredictionFormat {
  std::vector<std::string> keep{};  // columns of the data to copy
  bool probabilities = false;
  bool json = false;
  bool spreadsheet_safe = false;  // no cell of CSV is a formula
};

class PredictionText {
 public:
  /// The model must outlive this.
  PredictionText(const Model& model, PredictionFormat format);

  /// Kept columns that have the name of one of ours, and what they are called instead.
  const std::vector<std::pair<std::string, std::string>>& renamed() const noexcept { return renamed_; }
  /// The first line; none of JSON.
  std::string header() const;
  /// Of these rows next; copied cells are taken from the table, which must outlive the calls of row(). Throws D11, U02.
  void take_from(const Table& table);
  /// `at`: row of the table; `number`: of the row, from 1; `numbers`: what is predicted, or the probabilities of the
  /// classes (of several targets: of each one's second class).
  std::string row(std::int64_t at, std::int64_t number, std::span<const double> numbers) const;

 private:
  bool has_several() const;
  std::vector<std::string> own_names() const;
  std::string cell(std::string text) const;
  const std::string& class_of(std::size_t target, std::span<const double> numbers) const;
  std::string csv_row(std::int64_t at, std::int64_t number, std::span<const double> numbers) const;
  std::string json_row(std::int64_t at, std::int64_t number, std::span<const double> numbers) const;

  const Model& model_;
  PredictionFormat format_;
  std::vector<std::string> kept_names_;
  std::vector<std::pair<std::string, std::string>> renamed_;
  std::vector<const Column*> kept_;
};

}  // namespace pellucid::app
