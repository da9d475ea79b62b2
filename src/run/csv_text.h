// CSV text for predictions.csv, splits.csv and `pellucid predict`.
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

/// The cell, in quotes if it contains a comma, a quote or a line break (RFC 4180).
std::string csv_cell(std::string_view text);

/// With more classes than this, files contain only the likeliest_written most probable ones.
constexpr std::size_t most_classes_written = 100;
constexpr std::size_t likeliest_written = 5;
/// The classes with the highest probabilities, highest first; classes with equal probability in their order.
std::vector<std::size_t> likeliest_classes(std::span<const double> probabilities, std::size_t count);
/// Header and cells of one target's probabilities: ",p_CLASS" for each class; with more than most_classes_written
/// classes ",p,prediction_2,p_2,…,prediction_5,p_5".
std::string probability_header(const std::vector<std::string>& classes);
std::string probability_cells(const std::vector<std::string>& classes, std::span<const double> probabilities);

/// `row,truth,prediction` and probability_header(): the test rows, numbered from 1 as in the data. With several
/// targets: `row,truth_NAME,prediction_NAME[,p_NAME=CLASS],…`, where CLASS is the second class. Numbers read back as
/// the same doubles.
void predictions_csv(const Evaluation& evaluation, const Dataset& test, const TextSink& out);
/// `row,split`: the split of each row, in the order of the data.
void splits_csv(const Split& split, const TextSink& out);

}  // namespace pellucid
