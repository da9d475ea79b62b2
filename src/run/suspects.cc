// Converts suspects from positions among the training rows to rows of the table. Not here: the ranking (src/health).
#include "run/suspects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/health_findings.h"
#include "run/page/examples.h"
#include "run/page/pictures.h"

namespace pellucid {
namespace {

constexpr double doubted = 0.5, doubted_unseen = 0.1, believed = 0.9;
constexpr std::int64_t most_cells = 2'000'000;

}  // namespace

const Dataset& labelled_rows(const Split& split) {
  return split.folds.empty() ? split.train : split.out_of_fold;
}

std::vector<SuspectRecord> suspect_records(const Health& health, const Split& split) {
  const Dataset& rows = labelled_rows(split);
  std::vector<SuspectRecord> records;
  for (const LabelSuspect& suspect : label_suspects(health)) {
    records.push_back({suspect.position, rows.indices()[static_cast<std::size_t>(suspect.position)],
                       rows.label(suspect.position), suspect.probability});
  }
  return records;
}

Table small_labelled_rows(const Table& table, const SplitPlan& plan) {
  LargeVector<std::int64_t> rows = plan.folds.empty() ? plan.train : LargeVector<std::int64_t>();
  for (const LargeVector<std::int64_t>& fold : plan.folds) rows.insert(rows.end(), fold.begin(), fold.end());
  std::int64_t cells = 0;
  for (const Column& column : table.columns) cells += column.cell();
  return cells * static_cast<std::int64_t>(rows.size()) <= most_cells ? take_rows(table, rows) : Table();
}

Json suspect_examples(const std::vector<SuspectRecord>& suspects, const Table& cells, const Table& shown,
                      const Split& split, const Preprocessor& preprocessor) {
  std::vector<std::int64_t> positions, tiles;
  for (const SuspectRecord& suspect : suspects) {
    tiles.push_back(static_cast<std::int64_t>(positions.size()));
    positions.push_back(suspect.position);
  }
  const Table rows = !cells.columns.empty()        ? take_rows(cells, positions)
                     : are_left_to_data_set(shown) ? shown_rows_at(shown, labelled_rows(split), positions)
                                                   : Table();
  const std::optional<RowPictures> pictures = RowPictures::find(rows, preprocessor);
  const std::vector<int> columns = pictures ? std::vector<int>() : shown_columns(rows, preprocessor);
  Json names = Json::array(), list = Json::array();
  for (const int column : columns) names.push_back(rows.columns[static_cast<std::size_t>(column)].name);
  for (std::size_t i = 0; i < suspects.size(); ++i) {
    Json entry = {{"row", suspects[i].row + 1}, {"truth", suspects[i].label}, {"p_truth", suspects[i].probability}};
    if (!columns.empty()) entry["cells"] = cells_json(rows, columns, tiles[i]);
    list.push_back(std::move(entry));
  }
  Json json = {{"columns", names}, {"rows", list}};
  if (pictures) json["sprite"] = pictures->sprite(tiles);
  return json;
}

std::optional<Finding> suspect_finding(const Health& health, const Split& split) {
  LargeVector<double> p = health.own_probability;
  std::erase_if(p, [](double x) { return std::isnan(x); });
  if (p.empty()) return std::nullopt;
  const auto middle = p.begin() + static_cast<std::ptrdiff_t>(p.size() / 2);
  std::nth_element(p.begin(), middle, p.end());
  const double limit = split.folds.empty() ? doubted : doubted_unseen;
  const auto count = std::count_if(p.begin(), p.end(), [&](double x) { return x < limit; });
  if (count == 0 || *middle < believed) return std::nullopt;
  const SuspectRecord first = suspect_records(health, split).front();
  const double share = static_cast<double>(count) / static_cast<double>(p.size());
  return Finding::note("D07",
                       fmt::format("{} ({:.2g}%) may be mislabelled; start with row {}", plural(count, "training row"),
                                   share * 100, count_text(first.row + 1)),
                       {}, {first.row});
}

}  // namespace pellucid
