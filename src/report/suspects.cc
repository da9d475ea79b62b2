// From positions among the training rows to rows of the table. Not here: the ranking.
#include "report/suspects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/health_findings.h"
#include "report/examples.h"
#include "report/pictures.h"

namespace pellucid {
namespace {

constexpr double doubted = 0.5, believed = 0.9;
constexpr std::int64_t most_cells = 2'000'000;

// From the bytes that the data set was made of, where the columns are one picture.
Table pictures_of(const Dataset& train, const Table& like, const std::vector<std::int64_t>& positions) {
  Table table;
  table.rows = static_cast<std::int64_t>(positions.size());
  const Block& block = train.features();
  for (const Column& column : like.columns) {
    const std::int64_t cell = column.cell();
    if (column.type != Column::Type::bytes || block.bytes.empty() || cell != block.shape.elements()) continue;
    Column& to = table.columns.emplace_back();
    to.name = column.name;
    to.type = column.type;
    to.shape = column.shape;
    for (const std::int64_t position : positions) {
      const auto from = block.bytes.begin() + train.indices()[static_cast<std::size_t>(position)] * cell;
      to.bytes.insert(to.bytes.end(), from, from + cell);
    }
  }
  return table;
}

}  // namespace

std::vector<SuspectRecord> suspect_records(const Health& health, const Dataset& train) {
  std::vector<SuspectRecord> records;
  for (const LabelSuspect& suspect : label_suspects(health)) {
    records.push_back({suspect.position, train.indices()[static_cast<std::size_t>(suspect.position)],
                       train.label(suspect.position), suspect.probability});
  }
  return records;
}

Table small_train_rows(const Table& table, const Dataset& train) {
  std::int64_t cells = 0;
  for (const Column& column : table.columns) cells += column.cell();
  return cells * train.rows() <= most_cells ? take_rows(table, train.indices()) : Table();
}

Json suspect_examples(const std::vector<SuspectRecord>& suspects, const Table& train_rows, const Table& like,
                      const Dataset& train, const Preprocessor& preprocessor) {
  std::vector<std::int64_t> positions, tiles;
  for (const SuspectRecord& suspect : suspects) {
    tiles.push_back(static_cast<std::int64_t>(positions.size()));
    positions.push_back(suspect.position);
  }
  const Table rows =
      train_rows.columns.empty() ? pictures_of(train, like, positions) : take_rows(train_rows, positions);
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

std::optional<Finding> suspect_finding(const Health& health, const Dataset& train) {
  std::vector<double> p = health.own_probability;
  std::erase_if(p, [](double x) { return std::isnan(x); });
  if (p.empty()) return std::nullopt;
  const auto middle = p.begin() + static_cast<std::ptrdiff_t>(p.size() / 2);
  std::nth_element(p.begin(), middle, p.end());
  const auto count = std::count_if(p.begin(), p.end(), [](double x) { return x < doubted; });
  if (count == 0 || *middle < believed) return std::nullopt;
  const SuspectRecord first = suspect_records(health, train).front();
  return Finding{
      false, "D07",
      fmt::format("{} {} mislabelled or hard: over the epochs {} own label had a probability under {:.0f} %, "
                  "the least row {} with {:.1f} %",
                  plural(count, "training row"), count == 1 ? "is" : "are", count == 1 ? "its" : "their", doubted * 100,
                  count_text(first.row + 1), first.probability * 100)};
}

}  // namespace pellucid
