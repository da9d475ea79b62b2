// Rows of CSV as pellucid writes them: predictions.csv, splits.csv, `pellucid predict`.
// Not here: reading CSV (src/tables/readers/csv).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "pellucid/preprocess.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// The cell, quoted where it holds a comma, a quote or a line break (RFC 4180).
std::string csv_cell(std::string_view text);

/// Of more classes than this, files name the likeliest ones only.
constexpr std::size_t most_classes_written = 100;
constexpr std::size_t likeliest_written = 5;
/// The classes of the highest probabilities, the highest first; of equal ones the earlier.
std::vector<std::size_t> likeliest_classes(std::span<const double> probabilities, std::size_t count);
/// ",p_CLASS…": header and cells of one target's probabilities; of more than most_classes_written classes
/// ",p,prediction_2,p_2,…,prediction_5,p_5".
std::string probability_header(const std::vector<std::string>& classes);
std::string probability_cells(const std::vector<std::string>& classes, std::span<const double> probabilities);

/// `row,truth,prediction` and probability_header(): the rows of the test part, numbered from 1 as in the data. Of
/// several targets each has its own: `row,truth_NAME,prediction_NAME[,p_NAME=CLASS],…`, the class being its second one.
/// Numbers are written in full: they read back as the same doubles.
void predictions_csv(const Evaluation& evaluation, const Dataset& test, const TextSink& out);
/// `row,split`: which part each row went to, in the order of the data.
void splits_csv(const Split& split, const TextSink& out);

}  // namespace pellucid
